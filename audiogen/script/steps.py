"""The steps that a script is made of.

Most follow one another: words, tones, silences. A `Work` is an exact stretch of time with sounds inside it: some are
fixed to its clock, others are requests that give way (`Ask`).
"""

from dataclasses import dataclass
from typing import Literal

from audiogen.routine.pauses import Limits, Pause
from audiogen.routine.values import Side

# The length of each tone. Its sound is made in `sounds`; a hold's clock counts from onset to onset.
TONE_MS = {
    "start": 600,
    "end": 900,
    "finish": 2400,
    "tick": 60,
    "rising": 240,
    "falling": 240,
    "level": 240,
    "cue": 120,
    "wake": 400,
    "bell": 6000,
}

APART_MS = 200  # between any two sounds inside work

# The place of a number in a countdown. Its vowel, which is where a word is heard, begins at the full second.
COUNTED_MS = 900
VOWEL_MS = 250  # after the place begins: longer than any first consonants


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the session a step belongs.

    `exercise` counts from 1 in the session's order; 0 before the first and in passages, None after the last. The others
    count from 1 and are None where they do not apply.
    """

    exercise: int | None = 0
    side: Side | None = None
    rep: int | None = None
    set: int | None = None
    round: int | None = None
    passage: int | None = None

    @property
    def is_opening(self) -> bool:
        """Whether it is before everything that the routine lists."""
        return self.exercise == 0 and not self.passage


@dataclass(frozen=True, slots=True)
class Say:
    """Spoken words. `role` says what they are for: opening, announcement, setup, cue, halfway …"""

    text: str
    role: str
    place: Place


@dataclass(frozen=True, slots=True)
class Tone:
    """One of the tones of `TONE_MS`; `own_ms` is its length where a user's file stands in its place.

    A `silent` one takes its time, in which nothing sounds. One that goes on below what follows it, and fades there,
    sounds for `rings_ms` in all.
    """

    sound: str
    place: Place
    own_ms: int | None = None
    silent: bool = False
    rings_ms: int | None = None

    @property
    def length_ms(self) -> int:
        return TONE_MS[self.sound] if self.own_ms is None else self.own_ms


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence between steps; its length is chosen within its limits when the session is fitted."""

    kind: Pause
    limits: Limits
    place: Place


@dataclass(frozen=True, slots=True)
class Cued:
    """A sound at a fixed moment of the work, `at_ms` after its start; `from_end` if it was given from the end, with its
    `share` if it was given as a part of the whole.

    One that comes `after` has `at_ms` from the end of the one before it, or of the start tone. A written cue is cue
    `number` of its exercise, from 0.
    """

    at_ms: int
    sound: Say | Tone
    from_end: bool = False
    after: bool = False
    share: float = 0.0
    number: int = 0


Option = Say | Tone | tuple[Say, Say]  # two are said one after the other, or neither


@dataclass(frozen=True, slots=True)
class Ask:
    """A standard cue that would like to sound at `at_ms`: the first option that fits does, or none.

    It keeps `after_ms` from the sound before it and 200 ms from the one behind it. Of asks with one `topic`, only the
    first that gives way is noticed.
    """

    at_ms: int
    options: tuple[Option, ...]
    after_ms: int = APART_MS
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition, [start_ms, end_ms) on the clock of its work."""

    start_ms: int
    end_ms: int
    place: Place


@dataclass(frozen=True, slots=True)
class Line:
    """Words in a rest: the first of `options` that has room. `gives_way` ranks what is left out where there is no room,
    the lowest first; None: it must fit."""

    options: tuple[Say, ...]
    gives_way: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Words about how far the session is, `left_ms` before its end, or halfway; a timeline finds a silence for them."""

    text: str
    left_ms: int | None


@dataclass(frozen=True, slots=True)
class Work:
    """An exact stretch of `length_ms`: a hold, repetitions or a rest, from its tone's onset to the next step's.

    `countdown` holds what sounds at each full second before the end, the highest number first, and `tick` what sounds
    at each where these do not fit, if anything. `asks` stand in falling priority. [least_ms, most_ms] is how far a
    length may stretch it. In a rest, the lines of `before` follow its tone, those of `after` lead to the next work,
    `leads_to`, and end `quiet_ms` before it. Where the cues `wait`, each comes after the one before it.
    """

    kind: Literal["hold", "pace", "rep", "rest"]
    length_ms: int
    tone: Tone
    place: Place
    phases: tuple[Cued, ...] = ()
    cues: tuple[Cued, ...] = ()
    countdown: tuple[Say | Tone, ...] = ()
    tick: Tone | None = None
    asks: tuple[Ask, ...] = ()
    reps: tuple[Rep, ...] = ()
    amount: str | None = None  # how many repetitions are done at one's own pace
    least_ms: int | None = None
    most_ms: int | None = None
    before: tuple[Line, ...] = ()
    after: tuple[Line, ...] = ()
    quiet_ms: int = APART_MS
    leads_to: str | None = None
    waits: bool = False
    settling_ms: int = 3000  # that a long rest leaves after its words


Step = Say | Tone | Silence | Work
