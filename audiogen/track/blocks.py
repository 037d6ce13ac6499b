"""The stretches of a session in which something sounds; all between them is one silent frame, repeated.

    Timeline -> Blocks

A block is stitched, encoded and cached as one piece. It begins eight frames before the frame of its first sound,
so that the encoder has bits in reserve, and ends at the first frame boundary that leaves it 1105 samples of silence,
so that nothing of it is cut off where the next piece is spliced on. Two blocks with the same sounds at the same
offsets are equal, wherever they stand.

A tone that rings on does so until the next sound, for which it is damped, without reaching into its block. The tones
of phases are softer from the third repetition on, and the numbers of a countdown fall: that is a sound's `manner`.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from audiogen.audio.pcm import SAMPLES_PER_MS
from audiogen.script.phase_tones import TURNS
from audiogen.timeline.events import FRAME_MS
from audiogen.timeline.model import Timeline
from audiogen.track.tones import decay_in

FRAMES_BEFORE = 8
SHARED_MS = 288  # sounds nearer than this share a block
FRAME_SAMPLES = FRAME_MS * SAMPLES_PER_MS
DECODER_DELAY = 1105  # samples from the encoder's input to a decoder's output: 576 + 529
DAMPED_MS = 60  # before the next sound nothing rings any more, so that its own beginning is heard
RING_STEP_MS = 200
SOFT_FROM = 3  # the repetition from which on the tones of phases are softer
FALLING = 3  # the last numbers of a countdown fall

Manner = Literal["", "soft", "counted", "counted 3", "counted 2", "counted 1"]


@dataclass(frozen=True, slots=True)
class Sound:
    """A clip or a tone, `offset_ms` after the start of its block. `name` is the spoken text or the tone's role.

    One that rings does so for `decay_ms` behind its length, unless it rings out before.
    """

    offset_ms: int
    length_ms: int
    kind: Literal["say", "tone"]
    name: str
    manner: Manner = ""
    decay_ms: int | None = None
    rings_ms: int = 0  # in all, where it goes on below what follows it

    @property
    def alone_ms(self) -> int:
        """How long it is heard before anything follows: its length, and what rings on."""
        return self.length_ms + (self.decay_ms or 0)

    @property
    def over_ms(self) -> int:
        """When nothing of it is heard any more."""
        return self.offset_ms + max(self.alone_ms, self.rings_ms)


@dataclass(frozen=True, slots=True)
class Block:
    """Frames [first_frame, first_frame + frames) of the track and what sounds in them."""

    first_frame: int
    frames: int
    sounds: tuple[Sound, ...]


def cut(timeline: Timeline) -> tuple[Block, ...]:
    """The blocks of a session in time order; they never overlap."""
    sounding = [event for event in timeline.events if event.kind in ("say", "tone")]
    ringing, how = decays(timeline), manners(timeline)
    sounds = [
        Sound(
            event.start_ms,
            event.length_ms,
            "say" if event.kind == "say" else "tone",
            event.text or event.role,
            how.get(event.start_ms, ""),
            ringing.get(event.start_ms),
            event.rings_ms or 0,
        )
        for event in sounding
    ]
    return tuple(_block(group) for group in _groups(sounds))


def decays(timeline: Timeline) -> Mapping[int, int]:
    """For how long each tone that rings on does so: start of the tone -> ms behind its end."""
    sounding = [event for event in timeline.tiles() if event.kind in ("say", "tone")]
    rooms_ms = [after.start_ms - before.end_ms for before, after in itertools.pairwise(sounding)]
    rooms_ms += [timeline.length_ms - event.end_ms for event in sounding[-1:]]
    return {
        event.start_ms: min(decay_ms, _ring_within(room_ms))
        for event, room_ms in zip(sounding, rooms_ms, strict=True)
        if event.kind == "tone" and (decay_ms := decay_in(timeline.mix, event.role))
    }


def _ring_within(room_ms: int) -> int:
    """For how long a tone may ring before the next sound; in steps where that is in a block of its own, so that a frame
    more or less of silence makes no other block."""
    if room_ms < SHARED_MS:
        return max(0, room_ms - DAMPED_MS)
    return (room_ms - SHARED_MS) // RING_STEP_MS * RING_STEP_MS


def manners(timeline: Timeline) -> Mapping[int, Manner]:
    """How sounds are heard that are not heard as they are, by their start."""
    sounding = [event for event in timeline.events if event.kind in ("say", "tone")]
    found: dict[int, Manner] = {}
    for event in sounding:
        if event.kind == "tone" and event.role in TURNS and (event.place.rep or 0) >= SOFT_FROM:
            found[event.start_ms] = "soft"
    recorded = (timeline.voice or "").startswith("recordings")  # a coach's own voice has a melody of its own
    number, following_ms = 0, 0
    for event in reversed([event for event in sounding if event.role == "countdown" and event.kind == "say"]):
        number = number + 1 if event.start_ms == following_ms - 1000 else 1
        following_ms = event.start_ms
        found[event.start_ms] = _COUNTED[number] if number <= FALLING and not recorded else "counted"
    return found


_COUNTED: Mapping[int, Manner] = {1: "counted 1", 2: "counted 2", 3: "counted 3"}


def _groups(sounds: Sequence[Sound]) -> Iterator[list[Sound]]:
    """Sounds that share a block; their offsets are still those of the track."""
    group: list[Sound] = []
    over_ms = 0
    for sound in sounds:
        if group and sound.offset_ms - over_ms >= SHARED_MS:
            yield group
            group = []
        group.append(sound)
        over_ms = max(over_ms, sound.over_ms)
    if group:
        yield group


def _block(group: Sequence[Sound]) -> Block:
    first_frame = group[0].offset_ms // FRAME_MS - FRAMES_BEFORE
    start_ms = first_frame * FRAME_MS
    needed = (max(sound.over_ms for sound in group) - start_ms) * SAMPLES_PER_MS + DECODER_DELAY
    return Block(
        first_frame=first_frame,
        frames=-(-needed // FRAME_SAMPLES),
        sounds=tuple(replace(sound, offset_ms=sound.offset_ms - start_ms) for sound in group),
    )
