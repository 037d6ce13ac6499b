"""A block + its clips and tones -> PCM, each sound at its millisecond over silence or over a bed.

16 bit, little-endian, mono, 48 kHz. A tone that rings is damped where something follows. Sounds and the silence between
them are laid end to end as pydub segments and joined once: `+` and `overlay` would copy all there is for every sound,
and `AudioSegment.silent` comes out a sample short for some lengths.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from audiogen.audio.pcm import SAMPLE_BYTES, SAMPLES_PER_MS
from audiogen.timeline.events import FRAME_MS
from audiogen.track.blocks import Block, Sound
from audiogen.track.countdown import counted
from audiogen.track.tones import segment, tone

if TYPE_CHECKING:
    from pydub import AudioSegment

FADE_MS = 400  # at the end of a tone that is longer than its phase
BELOW_WORDS_DB = -14.0
SOFTENING_MS = 140  # before the first word

Tones = Callable[[str], "AudioSegment"]
Count = Callable[[bytes, str], bytes]

SOFTER_DB = -4.0  # the tones of phases, once they are known
DAMPING_MS, DAMPED_DB = 250, -40.0  # of a tone that is damped for what follows it
LAST_MS = 10  # in which it comes to nothing


class Spoken(Protocol):
    """Where clips come from."""

    def pcm(self, text: str, /) -> bytes:
        """The clip of a text: 16-bit little-endian mono PCM at 48 kHz."""


def stitch(block: Block, clips: Spoken, tones: Tones = tone, bed: bytes = b"", count: Count = counted) -> bytes:
    """Exactly `block.frames` * 1152 samples; `tones` may have the tones from elsewhere than computing them, `count` the
    numbers of countdowns.

    `bed` is PCM that sounds below all, from the block's first sample on, as a loop.

    Raises:
        ValueError: a sound that begins before the last one is over, hangs over the block's end, or is not as long
            as the timeline has it. Blocks cut from a timeline have none.
    """
    stitched = b"".join(piece.raw_data for piece in _pieces(block, clips, tones, count))
    for sound in block.sounds:
        if sound.rings_ms > sound.length_ms:
            tail, at_ms = _rung(sound, block, tones)[sound.length_ms :], sound.offset_ms + sound.length_ms
            stitched = bytes(segment(stitched).overlay(tail, position=at_ms).raw_data)
    if not bed:
        return stitched
    below = (bed * -(-len(stitched) // len(bed)))[: len(stitched)]
    return bytes(segment(stitched).overlay(segment(below)).raw_data)


def _pieces(block: Block, clips: Spoken, tones: Tones, count: Count) -> "Iterator[AudioSegment]":
    at_ms = 0
    for sound in block.sounds:
        yield _silence(sound.offset_ms - at_ms, f"before {sound.kind} '{sound.name}' at {sound.offset_ms} ms")
        if sound.rings_ms:
            yield _rung(sound, None, tones)[: sound.length_ms]
        else:
            yield rung(tones(sound.name), sound) if sound.kind == "tone" else _said(sound, clips, count)
        at_ms = sound.offset_ms + sound.alone_ms
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
    return _as_soft(piece, sound)


def _silence(length_ms: int, where: str) -> "AudioSegment":
    if length_ms < 0:
        raise ValueError(f"{-length_ms} ms too few {where}")
    return segment(bytes(length_ms * SAMPLES_PER_MS * SAMPLE_BYTES))


def _said(sound: Sound, clips: Spoken, count: Count) -> "AudioSegment":
    pcm = clips.pcm(sound.name)
    piece = segment(count(pcm, sound.manner) if sound.manner else pcm)
    if len(piece.raw_data) != sound.length_ms * SAMPLES_PER_MS * SAMPLE_BYTES:
        raise ValueError(f"say '{sound.name}' is planned as {sound.length_ms} ms, found {len(piece)} ms")
    return piece


def rung(whole: "AudioSegment", sound: Sound) -> "AudioSegment":
    """A tone as it is heard in its place: damped where it stops before it has rung out, and softer where it is to be.

    Raises:
        ValueError: it is not as long as planned.
    """
    size = sound.alone_ms * SAMPLES_PER_MS * SAMPLE_BYTES
    if len(whole.raw_data) < size or (len(whole.raw_data) > size and sound.decay_ms is None):
        raise ValueError(f"tone '{sound.name}' is planned as {sound.alone_ms} ms, found {len(whole)} ms")
    piece = whole if len(whole.raw_data) == size else _damped(segment(whole.raw_data[:size]))
    return _as_soft(piece, sound)


def _as_soft(piece: "AudioSegment", sound: Sound) -> "AudioSegment":
    return piece.apply_gain(SOFTER_DB) if sound.manner == "soft" else piece


def _damped(piece: "AudioSegment") -> "AudioSegment":
    """As a hand damps a bowl: faster and faster, and to nothing in the end."""
    damped: AudioSegment = piece.fade(to_gain=DAMPED_DB, end=len(piece), duration=min(DAMPING_MS, len(piece)))
    return damped.fade_out(min(LAST_MS, len(piece)))
