"""No decoder makes a peak of a block louder than a track's may be, whatever is encoded."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audiogen.audio.meter import true_peaks
from audiogen.audio.pcm import ratio
from audiogen.storage.cache import Cache
from audiogen.track import mp3
from audiogen.track.blocks import Block, Sound
from audiogen.track.encode import BlockEncoder
from audiogen.track.peaks import PEAK_DBTP, encoded_below
from tests.decode import Decoder, Samples, every_decoder, libsndfile, snr_db
from tests.track.test_mp3 import block_of, speechlike, written

pytestmark = pytest.mark.usefixtures("not_shared")


PEAKS_DBFS = (-1.2, -0.6, 0.0)


def bursts(seed: int, peak: float) -> Samples:
    """Speech with a burst of hiss in it four times a second, at whose peaks it is limited."""
    random = np.random.default_rng(seed)
    sound = speechlike(seed, 2000) / 32768
    for at in range(6_000, len(sound) - 1_000, 12_000):
        burst = np.convolve(random.standard_normal(400), np.hanning(9) * (-1.0) ** (np.arange(9) // 3), "same")
        sound[at : at + 400] += burst / np.abs(burst).max() * peak * np.hanning(400)
    return np.rint(np.clip(sound, -peak, peak) * 32767).astype("<i2")


def peak_dbtp(samples: Samples) -> float:
    return float(20 * np.log10(true_peaks(samples.astype(np.float32) / np.float32(32768)).max()))


@pytest.fixture(scope="module", params=mp3.BITRATES_KBPS)
def coded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file of blocks as the encoder makes them, and one of the same ones below the limit."""
    folder, kbps = tmp_path_factory.mktemp("coded"), request.param
    blocks = [block_of(bursts(seed, ratio(peak_dbfs))).tobytes() for seed, peak_dbfs in enumerate(PEAKS_DBFS)]
    length_ms = len(b"".join(blocks)) // 96 - 24

    def file_of(name: str, encode: Callable[[bytes, int], bytes]) -> Path:
        frames = b"".join(encode(block, kbps) for block in blocks)
        return written(folder / f"{name}.mp3", [(0, frames)], length_ms, kbps)

    return file_of("plain", mp3.encode_block), file_of("below", encoded_below)


@every_decoder
def test_no_peak_is_above_the_limit_when_it_is_decoded(coded: tuple[Path, Path], decode: Decoder) -> None:
    pieces = (np.array_split(decode(path).samples, len(PEAKS_DBFS)) for path in coded)
    for plain, below in zip(*pieces, strict=True):
        assert peak_dbtp(plain) > PEAK_DBTP >= peak_dbtp(below)


def test_only_what_is_around_a_peak_is_turned_down(coded: tuple[Path, Path]) -> None:
    plain, below = (np.array_split(libsndfile(path).samples, len(PEAKS_DBFS))[0] for path in coded)
    assert snr_db(plain, below) > 20


def test_what_is_below_the_limit_by_itself_is_encoded_as_it_is() -> None:
    for peak_dbfs in (-3.0, -9.0):
        pcm = block_of(np.rint(speechlike(1, 2000) / 16_000 * ratio(peak_dbfs) * 32767).astype("<i2")).tobytes()
        assert encoded_below(pcm) == mp3.encode_block(pcm)


@pytest.mark.parametrize("kbps", mp3.BITRATES_KBPS)
def test_clipped_noise_that_grows_by_eight_decibels_is_below_the_limit(kbps: int, tmp_path: Path) -> None:
    clipped = np.clip(np.random.default_rng(1).standard_normal(48_000), -0.5, 0.5) * 2 * ratio(-7.7)
    pcm = block_of(np.rint(clipped * 32767).astype("<i2")).tobytes()
    length_ms = len(pcm) // 96 - 24
    plain, below = (
        peak_dbtp(libsndfile(written(tmp_path / "block.mp3", [(0, frames)], length_ms, kbps)).samples)
        for frames in (mp3.encode_block(pcm, kbps), encoded_below(pcm, kbps))
    )
    assert plain > PEAK_DBTP >= below


def test_the_blocks_of_a_track_are_below_the_limit(tmp_path: Path) -> None:
    class Loud:
        def pcm(self, _text: str) -> bytes:
            return bursts(2, ratio(-1.2)).tobytes()

        def digest(self, _text: str) -> str:
            return "loud"

    block = Block(0, 100, (Sound(200, 2000, "say", "Two."),))
    (encoded,) = BlockEncoder([block], Loud(), Cache(tmp_path / "cache")).frames()
    assert peak_dbtp(libsndfile(written(tmp_path / "track.mp3", [encoded], 2376)).samples) <= PEAK_DBTP
