import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.script import TONE_MS
from audiogen.storage.cache import Cache
from audiogen.timeline.model import Mix
from audiogen.track import mp3
from audiogen.track.blocks import DECODER_DELAY, FRAME_SAMPLES, FRAMES_BEFORE, Block, Sound
from audiogen.track.stitch import stitch
from audiogen.track.tones import Tones, tone
from tests.decode import Decoder, every_decoder, onset
from tests.each import each

pytestmark = pytest.mark.usefixtures("not_shared")


class Recorded:
    """Clips whose text is their length; every sample shows which clip it belongs to."""

    def pcm(self, text: str) -> bytes:
        length_ms = int(text)
        return np.full(length_ms * 48, length_ms % 1000 + 1, "<i2").tobytes()


def said(offset_ms: int, length_ms: int) -> Sound:
    return Sound(offset_ms, length_ms, "say", str(length_ms))


def sounded(offset_ms: int, role: str) -> Sound:
    return Sound(offset_ms, TONE_MS[role], "tone", role)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    sounds: list[Sound] = []
    at_ms = 0
    for gap_ms in draw(st.lists(st.integers(0, 300), max_size=8)):
        at_ms += gap_ms
        role = draw(st.sampled_from([None, *TONE_MS]))
        sounds.append(sounded(at_ms, role) if role else said(at_ms, draw(st.integers(1, 400))))
        at_ms += sounds[-1].length_ms
    frames = -(-at_ms // 24) + draw(st.integers(0, 3))
    return Block(draw(st.integers(0, 1000)), max(1, frames), tuple(sounds))


@given(blocks())
def test_every_sound_lies_at_its_millisecond_and_all_else_is_silent(block: Block) -> None:
    wanted = np.zeros(block.frames * FRAME_SAMPLES, "<i2")
    for sound in block.sounds:
        pcm = tone(sound.name).raw_data if sound.kind == "tone" else Recorded().pcm(sound.name)
        wanted[sound.offset_ms * 48 : (sound.offset_ms + sound.length_ms) * 48] = np.frombuffer(pcm, "<i2")
    stitched = stitch(block, Recorded())
    assert isinstance(stitched, bytes)
    assert stitched == wanted.tobytes()


def test_a_tone_rings_on_until_it_is_damped_and_a_softer_one_is_softer(tmp_path: Path) -> None:
    tones = Tones(Mix(), Cache(tmp_path)).segment
    sounds = (Sound(0, 900, "tone", "end", decay_ms=700), Sound(2000, 240, "tone", "rising", "soft"))
    stitched = np.frombuffer(stitch(Block(0, 120, sounds), Recorded(), tones), "<i2").astype(float)
    whole, rising = (np.frombuffer(tones(role).raw_data, "<i2").astype(float) for role in ("end", "rising"))
    until = 1350 * 48  # from there on it is damped
    assert np.array_equal(stitched[:until], whole[:until])
    assert np.abs(stitched[1590 * 48 : 1600 * 48]).max() < 0.05 * np.abs(whole[1590 * 48 : 1600 * 48]).max()
    assert not stitched[1600 * 48 : 2000 * 48].any()
    soft = stitched[2000 * 48 : 2240 * 48]
    assert 20 * np.log10(np.abs(soft).max() / np.abs(rising).max()) == pytest.approx(-4, abs=0.01)


@each("length_ms", range(1, 100, 7))
def test_silence_has_exactly_the_samples_it_should(length_ms: int) -> None:
    """Where pydub's own silence comes out a sample short for some lengths."""
    stitched = np.frombuffer(stitch(Block(0, 10, (said(length_ms, 10),)), Recorded()), "<i2")
    assert (int(stitched.argmax()), len(stitched)) == (length_ms * 48, 10 * FRAME_SAMPLES)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (Block(0, 2, (said(20, 29),)), "1 ms too few at the end of a block of 2 frames"),
        (Block(0, 2, (said(48, 1),)), "1 ms too few at the end"),
        (Block(0, 9, (said(20, 29), said(48, 5))), "1 ms too few before say '5' at 48 ms"),
        (Block(0, 9, (said(20, 29), said(0, 5))), "49 ms too few before say '5' at 0 ms"),
        (Block(0, 9, (Sound(20, 29, "say", "30"),)), "say '30' is planned as 29 ms, found 30 ms"),
        (Block(0, 99, (Sound(20, 599, "tone", "start"),)), "tone 'start' is planned as 599 ms, found 600 ms"),
    ],
    ids=["hangs over", "begins at the end", "overlaps", "backwards", "another length", "a tone of another length"],
)
def test_sounds_that_do_not_fit_are_refused(block: Block, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        stitch(block, Recorded())


@every_decoder
def test_tones_of_a_stitched_block_sound_where_they_were_planned(decode: Decoder, tmp_path: Path) -> None:
    """From a block's milliseconds to the decoded file, to the sample."""
    lead_ms = FRAMES_BEFORE * 24
    planned = [(lead_ms, "start"), (lead_ms + 1007, "rising"), (lead_ms + 2011, "tick"), (lead_ms + 3001, "finish")]
    end_ms = planned[-1][0] + TONE_MS["finish"]
    frames = -(-(end_ms * 48 + DECODER_DELAY) // FRAME_SAMPLES)
    block = Block(32, frames, tuple(sounded(at_ms, role) for at_ms, role in planned))
    path = tmp_path / "track.mp3"
    with path.open("wb") as target:
        mp3.write_mp3(target, b"", [(block.first_frame, mp3.encode_block(stitch(block, Recorded())))], 12_345)
    decoded, _ = decode(path)
    for at_ms, role in planned:
        at = block.first_frame * FRAME_SAMPLES + at_ms * 48
        assert onset(decoded, np.frombuffer(tone(role).raw_data, "<i2"), around=at) == at


def test_stitching_loads_no_engine_and_no_encoder() -> None:
    program = """
import sys
from audiogen import track
print(*sorted({"lameenc", "soundfile", "soxr", "hibari", "requests", "gtts", "onnxruntime"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
