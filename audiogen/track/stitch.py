"""A block + its clips and tones -> PCM, each sound at its millisecond over silence or over a bed.

16 bit, little-endian, mono, 48 kHz. Sounds and the silence between them are laid end to end as pydub segments and
joined once: `+` and `overlay` would copy all there is for every sound, and `AudioSegment.silent` comes out a sample
short for some lengths.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from audiogen.audio.pcm import SAMPLE_BYTES, SAMPLES_PER_MS
from audiogen.timeline.events import FRAME_MS
from audiogen.track.blocks import Block, Sound
from audiogen.track.tones import segment, tone

if TYPE_CHECKING:
    from pydub import AudioSegment

FADE_MS = 400  # at the end of a tone that is longer than its phase
BELOW_WORDS_DB = -14.0
SOFTENING_MS = 140  # before the first word

Tones = Callable[[str], "AudioSegment"]


class Spoken(Protocol):
    """Where clips come from."""

    def pcm(self, text: str, /) -> bytes:
        """The clip of a text: 16-bit little-endian mono PCM at 48 kHz."""


def stitch(block: Block, clips: Spoken, tones: Tones = tone, bed: bytes = b"") -> bytes:
    """Exactly `block.frames` * 1152 samples; `tones` may have the tones from elsewhere than computing them.

    `bed` is PCM that sounds below all, from the block's first sample on, as a loop.

    Raises:
        ValueError: a sound that begins before the last one is over, hangs over the block's end, or is not as long
            as the timeline has it. Blocks cut from a timeline have none.
    """
    stitched = b"".join(piece.raw_data for piece in _pieces(block, clips, tones))
    for sound in block.sounds:
        if sound.rings_ms > sound.length_ms:
            tail, at_ms = _rung(sound, block, tones)[sound.length_ms :], sound.offset_ms + sound.length_ms
            stitched = bytes(segment(stitched).overlay(tail, position=at_ms).raw_data)
    if not bed:
        return stitched
    below = (bed * -(-len(stitched) // len(bed)))[: len(stitched)]
    return bytes(segment(stitched).overlay(segment(below)).raw_data)


def _pieces(block: Block, clips: Spoken, tones: Tones) -> "Iterator[AudioSegment]":
    at_ms = 0
    for sound in block.sounds:
        yield _silence(sound.offset_ms - at_ms, f"before {sound.kind} '{sound.name}' at {sound.offset_ms} ms")
        yield _sounding(sound, clips, tones)
        at_ms = sound.offset_ms + sound.length_ms
    yield _silence(block.frames * FRAME_MS - at_ms, f"at the end of a block of {block.frames} frames")


def _rung(sound: Sound, block: Block | None, tones: Tones) -> "AudioSegment":
    """A tone that goes on below what follows it: softer where words are spoken over it, and faded at its end.

    Without a block, nothing is spoken over it.
    """
    piece = tones(sound.name)
    if len(piece) > sound.rings_ms:
        piece = piece[: sound.rings_ms].fade_out(min(FADE_MS, sound.rings_ms // 2))
    end_ms = sound.offset_ms + sound.rings_ms
    if block and any(one.kind == "say" and sound.offset_ms < one.offset_ms < end_ms for one in block.sounds):
        piece = piece.fade(to_gain=BELOW_WORDS_DB, start=sound.length_ms, end=sound.length_ms + SOFTENING_MS)
    return piece


def _silence(length_ms: int, where: str) -> "AudioSegment":
    if length_ms < 0:
        raise ValueError(f"{-length_ms} ms too few {where}")
    return segment(bytes(length_ms * SAMPLES_PER_MS * SAMPLE_BYTES))


def _sounding(sound: Sound, clips: Spoken, tones: Tones) -> "AudioSegment":
    if sound.rings_ms:
        return _rung(sound, None, tones)[: sound.length_ms]
    piece = tones(sound.name) if sound.kind == "tone" else segment(clips.pcm(sound.name))
    if len(piece.raw_data) != sound.length_ms * SAMPLES_PER_MS * SAMPLE_BYTES:
        raise ValueError(f"{sound.kind} '{sound.name}' is planned as {sound.length_ms} ms, found {len(piece)} ms")
    return piece
