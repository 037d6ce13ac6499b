import functools
import itertools
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mutagen.mp3 import MP3, BitrateMode

from audiogen.export import id3
from audiogen.track import mp3
from audiogen.track.blocks import DECODER_DELAY, FRAME_SAMPLES, FRAMES_BEFORE
from tests.decode import (
    Decoder,
    Samples,
    every_decoder,
    libsndfile,
    mp3val_complaints,
    needs,
    onset,
    snr_db,
)

pytestmark = pytest.mark.usefixtures("not_shared")

FRAME_MS = 24
TOTALS_MS = (1, 7, 24, 1000, 61_003)


@functools.lru_cache(maxsize=32)
def speechlike(seed: int, length_ms: int) -> Samples:
    """Syllables of a gliding voice with hissed consonants between, faded at the edges."""
    random = np.random.default_rng(seed)
    t = np.arange(length_ms * 48) / 48_000
    pitch = np.cumsum(140 + 40 * np.sin(2 * np.pi * (0.7 * t + random.random()))) / 48_000
    voiced = sum(np.sin(2 * np.pi * (n * pitch + random.random())) / n**1.2 for n in range(1, 25))
    syllables = np.clip(np.sin(2 * np.pi * (4 * t + random.random())), 0, 1) ** 0.5
    hiss = np.convolve(random.standard_normal(len(t)), np.hanning(9) * (-1.0) ** (np.arange(9) // 3), "same") * 0.02
    sound = voiced * syllables + hiss * (1 - syllables)
    fade = np.clip(np.minimum(np.arange(len(t)), np.arange(len(t))[::-1]) / 384, 0, 1)
    sound *= fade
    pcm: Samples = np.rint(sound / np.abs(sound).max() * 16_000).astype("<i2")
    pcm.setflags(write=False)
    return pcm


def block_of(sound: Samples) -> Samples:
    """The sound as a block has it: eight frames of silence before, the decoder's delay after, whole frames."""
    before = FRAMES_BEFORE * FRAME_SAMPLES + 300
    frames = -(-(before + len(sound) + DECODER_DELAY) // FRAME_SAMPLES)
    pcm = np.zeros(frames * FRAME_SAMPLES, "<i2")
    pcm[before : before + len(sound)] = sound
    return pcm


def encoded(pcm: Samples, bitrate_kbps: int = 96) -> bytes:
    return mp3.encode_block(pcm.tobytes(), bitrate_kbps)


def written(
    path: Path, blocks: list[tuple[int, bytes]], length_ms: int, bitrate_kbps: int = 96, id3: bytes = b""
) -> Path:
    with path.open("wb") as target:
        mp3.write_mp3(target, id3, blocks, length_ms, bitrate_kbps)
    return path


@pytest.fixture(scope="module")
def block() -> bytes:
    return encoded(block_of(speechlike(0, 700)))


# -- length


def at_any_rate(lengths_ms: Sequence[int]) -> pytest.MarkDecorator:
    """Each length at the default bit rate, and one at each other; any other pair, since they are apart, if thorough."""
    pairs = [*itertools.product(lengths_ms, mp3.BITRATES_KBPS)]
    rare = {(length_ms, kbps) for length_ms, kbps in pairs if kbps != 96 and length_ms != lengths_ms[1]}
    chosen = [pytest.param(*pair, marks=[pytest.mark.thorough] * (pair in rare)) for pair in pairs]
    return pytest.mark.parametrize(("length_ms", "bitrate_kbps"), chosen)


@every_decoder
@at_any_rate(TOTALS_MS)
def test_a_silent_track_decodes_to_exactly_its_length_in_digital_silence(
    decode: Decoder, length_ms: int, bitrate_kbps: int, tmp_path: Path
) -> None:
    samples, rate = decode(written(tmp_path / "track.mp3", [], length_ms, bitrate_kbps))
    assert (len(samples), rate) == (length_ms * 48, 48_000)
    assert not samples.any()


@every_decoder
def test_ten_minutes_decode_to_exactly_28_800_000_samples(decode: Decoder, block: bytes, tmp_path: Path) -> None:
    path = written(tmp_path / "track.mp3", [(40, block), (24_900, block)], 600_000)
    assert len(decode(path).samples) == 28_800_000


@every_decoder
@at_any_rate([7000, 7001, 7013, 7023])
def test_every_decoder_puts_each_sound_where_it_was_planned(
    decode: Decoder, bitrate_kbps: int, length_ms: int, tmp_path: Path
) -> None:
    sound = speechlike(1, 300)
    pcm = block_of(sound)
    first_frames = [0, len(pcm) // FRAME_SAMPLES, 100, length_ms // FRAME_MS - len(pcm) // FRAME_SAMPLES]
    frames = encoded(pcm, bitrate_kbps)
    samples, _ = decode(
        written(tmp_path / "track.mp3", [(first, frames) for first in first_frames], length_ms, bitrate_kbps)
    )
    planned = [(first + FRAMES_BEFORE) * FRAME_SAMPLES + 300 for first in first_frames]
    assert [onset(samples, sound, around=at) for at in planned] == planned
    assert len(samples) == length_ms * 48


@every_decoder
def test_sound_up_to_the_last_sample_is_handed_out(decode: Decoder, tmp_path: Path) -> None:
    """The last block may reach as far as its silence, and the track be cut just before that."""
    sound = speechlike(2, 960)
    pcm = np.concatenate([sound, np.zeros(FRAME_SAMPLES, "<i2")])
    samples, _ = decode(written(tmp_path / "track.mp3", [(0, encoded(pcm))], 960))
    assert len(samples) == len(sound)
    assert snr_db(sound[-4800:], samples[-4800:]) > 20


# -- splices


@pytest.mark.parametrize("bitrate_kbps", mp3.BITRATES_KBPS)
def test_spliced_blocks_sound_as_one_encode_of_the_whole(bitrate_kbps: int, tmp_path: Path) -> None:
    """Same lag, same noise, and no step at any splice, whether blocks touch or lie far apart."""
    gaps = [40, 0, 1, 2, 11, 50, 0, 3]
    pieces = [block_of(speechlike(seed, 350 + 190 * seed)) for seed in range(len(gaps))]
    whole, blocks, splices = [], [], []
    at = 0
    for gap, pcm in zip(gaps, pieces, strict=True):
        whole += [np.zeros(gap * FRAME_SAMPLES, "<i2"), pcm]
        blocks.append((at + gap, encoded(pcm, bitrate_kbps)))
        at += gap + len(pcm) // FRAME_SAMPLES
        splices += [(at - len(pcm) // FRAME_SAMPLES) * FRAME_SAMPLES, at * FRAME_SAMPLES]
    original = np.concatenate(whole)
    one = written(tmp_path / "one.mp3", [(0, encoded(original, bitrate_kbps))], at * FRAME_MS, bitrate_kbps)
    many = written(tmp_path / "many.mp3", blocks, at * FRAME_MS, bitrate_kbps)
    from_one, from_many = libsndfile(one).samples, libsndfile(many).samples

    assert len(from_one) == len(from_many) == len(original)
    for start in range(0, len(original) - 96_000, 96_000):
        stretch = original[start : start + 96_000]
        assert onset(from_one, stretch, around=start) == onset(from_many, stretch, around=start) == start
    assert snr_db(original, from_many) == pytest.approx(snr_db(original, from_one), abs=0.1)
    for pcm, (first, _) in zip(pieces, blocks, strict=True):
        own = slice(first * FRAME_SAMPLES, first * FRAME_SAMPLES + len(pcm))
        alone, within = snr_db(original[own], from_many[own]), snr_db(original[own], from_one[own])
        assert alone > within - 0.4  # chance either way; an empty reservoir would cost 0.6
    around_splices = [from_many[max(0, at - 600) : at + 600].astype(int) for at in splices[:-1]]
    assert max(np.abs(np.diff(around)).max() for around in around_splices) <= 1


@every_decoder
def test_what_lies_between_blocks_is_digital_silence(decode: Decoder, block: bytes, tmp_path: Path) -> None:
    """Of the frames between two blocks, the first may still carry the end of the block's last window."""
    frames = len(block) // mp3.frame_bytes()
    samples, _ = decode(written(tmp_path / "track.mp3", [(100, block), (300, block)], 10_000))
    for first, end in [(0, 100), (100 + frames + 1, 300), (300 + frames + 1, 416)]:
        assert not samples[first * FRAME_SAMPLES : end * FRAME_SAMPLES].any()


def test_a_block_encodes_to_the_same_bytes_in_every_thread() -> None:
    pcm = [block_of(speechlike(seed, 400)).tobytes() for seed in range(4)] * 3
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(mp3.encode_block, pcm)) == list(map(mp3.encode_block, pcm))


@pytest.mark.parametrize("bitrate_kbps", mp3.BITRATES_KBPS)
@pytest.mark.parametrize("frames", [1, 2, 3, 40])
def test_a_block_becomes_as_many_frames_as_it_has_and_its_first_borrows_nothing(bitrate_kbps: int, frames: int) -> None:
    made = encoded(np.zeros(frames * FRAME_SAMPLES, "<i2"), bitrate_kbps)
    assert len(made) == frames * mp3.frame_bytes(bitrate_kbps)
    assert next(mp3.walk(made, bitrate_kbps)).borrowed == 0


@pytest.mark.parametrize(
    ("pcm", "message"),
    [
        (b"", "whole frames"),
        (bytes(FRAME_SAMPLES * 2 + 2), "whole frames"),
        (bytes(FRAME_SAMPLES * 4 - DECODER_DELAY * 2) + b"\1\0" + bytes(DECODER_DELAY * 2 - 2), "silent samples"),
        (bytes(FRAME_SAMPLES * 4 - 1) + b"\1", "silent samples"),
    ],
    ids=["empty", "a sample too many", "a sound at the first sample of the silence", "a sound at the last"],
)
def test_a_block_that_could_not_be_spliced_is_refused(pcm: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mp3.encode_block(pcm)


def test_a_sound_just_before_the_silence_is_accepted() -> None:
    pcm = bytes(FRAME_SAMPLES * 4 - DECODER_DELAY * 2 - 2) + b"\1\0" + bytes(DECODER_DELAY * 2)
    assert len(mp3.encode_block(pcm)) == 2 * mp3.frame_bytes()


# -- the file


@needs("mp3val")
@pytest.mark.parametrize("bitrate_kbps", mp3.BITRATES_KBPS)
def test_mp3val_finds_nothing(bitrate_kbps: int, tmp_path: Path) -> None:
    frames = encoded(block_of(speechlike(3, 800)), bitrate_kbps)
    tag = id3.id3(id3.Tag(title="Rücken", language="de", length_ms=30_001))
    path = written(tmp_path / "track.mp3", [(40, frames), (400, frames)], 30_001, bitrate_kbps, tag)
    assert mp3val_complaints(path) == []


@needs("mp3val")
def test_mp3val_does_find_a_frame_cut_short(block: bytes, tmp_path: Path) -> None:
    tag = id3.id3(id3.Tag(title="Rücken", language="de", length_ms=30_000))
    path = written(tmp_path / "track.mp3", [(40, block)], 30_000, id3=tag)
    whole = path.read_bytes()
    path.write_bytes(whole[:20_000] + whole[20_100:])
    assert mp3val_complaints(path)


@pytest.mark.parametrize("length_ms", [*TOTALS_MS, 600_000])
def test_an_independent_reader_finds_length_and_bit_rate_in_the_info_frame(length_ms: int, tmp_path: Path) -> None:
    path = written(tmp_path / "track.mp3", [], length_ms)
    info: Any = MP3(path).info  # type: ignore[no-untyped-call]  # mutagen is typed in part
    assert info.length == pytest.approx(length_ms / 1000, abs=1e-6)
    assert (info.bitrate, info.bitrate_mode, info.channels) == (96_000, BitrateMode.CBR, 1)
    assert info.encoder_info.startswith("LAME 3.100")
    assert not info.sketchy


@pytest.mark.parametrize("bitrate_kbps", mp3.BITRATES_KBPS)
def test_the_info_frame_is_laid_out_as_LAME_does(bitrate_kbps: int) -> None:
    frame = mp3.info_frame(61_003, bitrate_kbps)
    frames = mp3.frames_needed(61_003)
    assert len(frame) == mp3.frame_bytes(bitrate_kbps)
    assert frame[21:33] == b"Info" + bytes([0, 0, 0, 15]) + frames.to_bytes(4, "big")
    assert int.from_bytes(frame[33:37], "big") == (frames + 1) * mp3.frame_bytes(bitrate_kbps)
    assert list(frame[37:137]) == [256 * percent // 100 for percent in range(100)]
    delay_and_padding = int.from_bytes(frame[162:165], "big")
    delay, padding = divmod(delay_and_padding, 1 << 12)
    assert (delay, delay + padding + 61_003 * 48) == (576, frames * FRAME_SAMPLES)
    assert int.from_bytes(frame[175:177], "big") == mp3._crc16(frame[:175])
    assert not any(frame[177:])


def test_the_checksum_is_crc_16_arc() -> None:
    assert mp3._crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize("length_ms", [1, 23, 24, 1000, 61_003, 600_000, 28_800_000])
def test_the_padding_fits_its_twelve_bits_and_leaves_the_decoder_its_delay(length_ms: int) -> None:
    padding = mp3.frames_needed(length_ms) * FRAME_SAMPLES - 576 - length_ms * 48
    assert DECODER_DELAY - 576 <= padding < 1 << 12


def test_blocks_come_out_in_the_file_where_they_were_put(block: bytes, tmp_path: Path) -> None:
    size = mp3.frame_bytes()
    path = written(tmp_path / "track.mp3", [(3, block), (3 + len(block) // size, block), (2000, block)], 60_000)
    stream = path.read_bytes()
    silence = mp3.silent_frame()
    assert stream[: 4 * size] == mp3.info_frame(60_000) + 3 * silence
    assert stream[4 * size : 4 * size + 2 * len(block)] == 2 * block
    assert stream[2001 * size : 2001 * size + len(block)] == block
    assert len(stream) == (1 + mp3.frames_needed(60_000)) * size
    assert sum(1 for _ in mp3.walk(stream)) == 1 + mp3.frames_needed(60_000)


@pytest.mark.parametrize(
    "blocks",
    [
        [(10, 20), (29, 1)],
        [(10, 20), (9, 1)],
        [(-1, 1)],
        [(mp3.frames_needed(1000), 1)],
        [(0, mp3.frames_needed(1000) + 1)],
    ],
    ids=["overlap", "backwards", "before the start", "after the end", "over the end"],
)
def test_blocks_that_do_not_fit_are_refused(blocks: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="do not fit at frame"):
        mp3.write_mp3(BytesIO(), b"", [(at, mp3.silent_frame() * n) for at, n in blocks], 1000)


def test_a_block_of_another_bit_rate_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError, match="do not fit at frame"):
        mp3.write_mp3(BytesIO(), b"", [(0, block[:288])], 1000, 128)


@pytest.mark.parametrize("bitrate_kbps", [0, 32, 97, 320])
def test_an_unknown_bit_rate_is_refused(bitrate_kbps: int) -> None:
    with pytest.raises(ValueError, match="bit rate must be one of"):
        mp3.silent_frame(bitrate_kbps)


def test_eight_hours_are_written_in_little_memory(block: bytes) -> None:
    class Sink(BytesIO):
        total = 0

        def write(self, chunk: object, /) -> int:
            self.total += len(chunk)  # type: ignore[arg-type]
            return 0

    def blocks() -> Iterator[tuple[int, bytes]]:
        for first_frame in range(40, 1_190_000, 400):
            yield first_frame, bytes(block)

    sink = Sink()
    tracemalloc.start()
    mp3.write_mp3(sink, b"", blocks(), 8 * 3600 * 1000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sink.total == 288 * (1_200_000 + 1 + 1)
    assert peak < 1_000_000


def test_writing_blocks_that_are_kept_loads_no_encoder() -> None:
    program = """
import io, sys
from audiogen.export import id3
from audiogen.track import mp3
mp3.write_mp3(io.BytesIO(), id3.id3(id3.Tag("a", "en", 1000)), [(3, mp3.silent_frame())], 1000)
list(mp3.walk(mp3.silent_frame()))
print(*sorted({"lameenc", "numpy", "pydub", "soundfile", "mutagen"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


# -- walk


def test_walking_tells_where_each_frame_is_and_what_it_borrows(block: bytes) -> None:
    frames = list(mp3.walk(b"tag" + block, start=3))
    assert [frame.offset for frame in frames] == list(range(3, 3 + len(block), 288))
    assert max(frame.borrowed for frame in frames) > 0
    payload = 288 - 21
    for number, frame in enumerate(frames):
        assert frame.main_start == number * payload - frame.borrowed
        assert frame.main_end <= (number + 1) * payload


@pytest.mark.parametrize("bitrate_kbps", mp3.BITRATES_KBPS)
def test_walking_refuses_a_stream_cut_short(bitrate_kbps: int) -> None:
    with pytest.raises(mp3.BrokenFrames, match=r"frame 1, byte \d+: no whole frame"):
        list(mp3.walk(2 * mp3.silent_frame(bitrate_kbps)[:-1], bitrate_kbps))


@pytest.mark.parametrize("byte", [0, 1, 2, 3])
def test_walking_refuses_a_foreign_header(byte: int, block: bytes) -> None:
    foreign = bytearray(block)
    foreign[5 * 288 + byte] ^= 0x80
    with pytest.raises(mp3.BrokenFrames, match="frame 5, byte 1440: no whole frame"):
        list(mp3.walk(bytes(foreign)))


def test_walking_refuses_a_stream_entered_where_bits_are_borrowed(block: bytes) -> None:
    borrower = next(frame for frame in mp3.walk(block) if frame.borrowed)
    with pytest.raises(mp3.BrokenFrames, match="frame 0, byte 0: its sound"):
        list(mp3.walk(block[borrower.offset :]))


def test_walking_refuses_a_frame_whose_sound_runs_into_the_next() -> None:
    overfull = bytearray(mp3.silent_frame())
    overfull[4:21] = (0xFFF << 106).to_bytes(17, "big")
    with pytest.raises(mp3.BrokenFrames, match="frame 1, byte 288: its sound"):
        list(mp3.walk(mp3.silent_frame() + bytes(overfull)))
