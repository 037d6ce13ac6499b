"""The stretches of a session in which something sounds; all between them is one silent frame, repeated.

    Timeline -> Blocks

A block is stitched, encoded and cached as one piece. It begins eight frames before the frame of its first sound,
so that the encoder has bits in reserve, and ends at the first frame boundary that leaves it 1105 samples of silence,
so that nothing of it is cut off where the next piece is spliced on. Two blocks with the same sounds at the same
offsets are equal, wherever they stand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from audiogen.audio.pcm import SAMPLES_PER_MS
from audiogen.timeline.events import FRAME_MS, Event
from audiogen.timeline.model import Timeline

FRAMES_BEFORE = 8
SHARED_MS = 288  # sounds nearer than this share a block
FRAME_SAMPLES = FRAME_MS * SAMPLES_PER_MS
DECODER_DELAY = 1105  # samples from the encoder's input to a decoder's output: 576 + 529


@dataclass(frozen=True, slots=True)
class Sound:
    """A clip or a tone, `offset_ms` after the start of its block. `name` is the spoken text or the tone's role."""

    offset_ms: int
    length_ms: int
    kind: Literal["say", "tone"]
    name: str
    rings_ms: int = 0  # in all, where it goes on below what follows it


@dataclass(frozen=True, slots=True)
class Block:
    """Frames [first_frame, first_frame + frames) of the track and what sounds in them."""

    first_frame: int
    frames: int
    sounds: tuple[Sound, ...]


def cut(timeline: Timeline) -> tuple[Block, ...]:
    """The blocks of a session in time order; they never overlap."""
    sounding = [event for event in timeline.events if event.kind in ("say", "tone")]
    return tuple(_block(group) for group in _groups(sounding))


def _groups(sounding: Sequence[Event]) -> Iterator[list[Event]]:
    group: list[Event] = []
    over_ms = 0
    for event in sounding:
        if group and event.start_ms - over_ms >= SHARED_MS:
            yield group
            group = []
        group.append(event)
        over_ms = max(over_ms, event.over_ms)
    if group:
        yield group


def _block(group: Sequence[Event]) -> Block:
    first_frame = group[0].start_ms // FRAME_MS - FRAMES_BEFORE
    start_ms = first_frame * FRAME_MS
    needed = (max(event.over_ms for event in group) - start_ms) * SAMPLES_PER_MS + DECODER_DELAY
    return Block(
        first_frame=first_frame,
        frames=-(-needed // FRAME_SAMPLES),
        sounds=tuple(
            Sound(
                event.start_ms - start_ms,
                event.length_ms,
                _kind(event),
                event.text or event.role,
                event.rings_ms or 0,
            )
            for event in group
        ),
    )


def _kind(event: Event) -> Literal["say", "tone"]:
    return "say" if event.kind == "say" else "tone"
