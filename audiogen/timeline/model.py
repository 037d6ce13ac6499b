"""A whole session in time, as a document.

    Timeline <-> JSON

All positions are whole milliseconds from the start of the track.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from audiogen.errors import TimelineError
from audiogen.routine import Exercise
from audiogen.script import Place

__all__ = [
    "ATTACHMENT",
    "FRAME_MS",
    "Event",
    "Exercised",
    "Kind",
    "Mix",
    "OwnSound",
    "Timeline",
    "parse_timeline",
    "place_name",
]

FRAME_MS = 24  # 1152 samples at 48 kHz
ATTACHMENT = "audiogen timeline"  # how the document is described in the tag of a track

Kind = Literal["say", "tone", "wait", "hold", "rep"]


@dataclass(frozen=True, slots=True)
class Event:
    """A stretch [start_ms, end_ms) of the session.

    Events of kind say, tone and wait tile the whole track; hold and rep lie over them, from tone onset to tone
    onset. The role of a tone is its sound; `text` is what is said. The rest is the place (`script.Place`).
    """

    start_ms: int
    end_ms: int
    kind: Kind
    role: str
    text: str | None = None
    exercise: int | None = 0
    side: str | None = None
    rep: int | None = None
    set: int | None = None
    round: int | None = None

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Exercised:
    """An exercise as the timeline lists it; `number` counts from 1 in the session's order."""

    number: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class OwnSound:
    """A user's file that stands in the place of a tone; its length is that of what sounds of it.

    `path` is where it was found, and no part of the document: another machine has it elsewhere, or not at all.
    """

    role: str
    file: str
    sha256: str  # of the file's bytes
    length_ms: int
    path: Path | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Mix:
    """How a session sounds beside its words and their times; whoever measures a track reads here what to expect."""

    sounds: str = "bells"  # the set of the tones; `own` stand in the place of some
    own: tuple[OwnSound, ...] = ()
    silence: Literal["bed", "digital"] = "digital"
    music: str | None = None  # an ambience, or the name of a file
    music_level: int = 0  # in dB; 0 is the usual one
    lufs: int = -18


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole session in time. `exact` is false while the length of some spoken text is only estimated."""

    title: str
    language: str
    voice: str | None
    length_ms: int
    exact: bool
    exercises: tuple[Exercised, ...]
    events: tuple[Event, ...]
    mix: Mix = Mix()

    def tiles(self) -> Iterator[Event]:
        """The events that tile the track: everything but holds and repetitions."""
        return (event for event in self.events if event.kind in ("say", "tone", "wait"))

    def runs(self) -> Iterator[tuple[Event, ...]]:
        """The work: holds singly, repetitions that follow one another without a break together."""
        run: list[Event] = []
        for event in self.events:
            if event.kind not in ("hold", "rep"):
                continue
            last = run[-1] if run else None
            if last and event.kind == last.kind == "rep" and event.start_ms == last.end_ms and event.set == last.set:
                run.append(event)
                continue
            if run:
                yield tuple(run)
            run = [event]
        if run:
            yield tuple(run)

    def to_json(self) -> dict[str, Any]:
        """The document that `plan --json` prints and every track carries."""
        return {
            "version": 1,
            "title": self.title,
            "language": self.language,
            "voice": self.voice,
            "length_ms": self.length_ms,
            "exact": self.exact,
            "mix": {**asdict(self.mix), "own": [_own_json(sound) for sound in self.mix.own]},
            "exercises": [asdict(one) for one in self.exercises],
            "events": [{name: getattr(event, name) for name in Event.__dataclass_fields__} for event in self.events],
        }


def parse_timeline(document: Mapping[str, Any]) -> Timeline:
    """Read the document of `Timeline.to_json` back.

    Raises:
        TimelineError: another version, or not such a document.
    """
    try:
        if document["version"] != 1:
            raise TimelineError(f"This timeline has version {document['version']}; only version 1 can be read.")
        return Timeline(
            title=document["title"],
            language=document["language"],
            voice=document["voice"],
            length_ms=document["length_ms"],
            exact=document["exact"],
            exercises=tuple(Exercised(**one) for one in document["exercises"]),
            events=tuple(Event(**event) for event in document["events"]),
            mix=_parse_mix(document.get("mix", {})),
        )
    except (KeyError, TypeError) as error:
        raise TimelineError(f"This is no audiogen timeline: {error}.") from error


def _parse_mix(document: Mapping[str, Any]) -> Mix:
    """What earlier versions did where a document says nothing; what later ones may add is nothing to this one."""
    known = {name: value for name, value in document.items() if name in Mix.__dataclass_fields__}
    return Mix(**{**known, "own": tuple(OwnSound(**sound) for sound in known.get("own", ()))})


def _own_json(sound: OwnSound) -> dict[str, Any]:
    return {name: value for name, value in asdict(sound).items() if name != "path"}


def place_name(place: Place | Event, exercises: Sequence[Exercise | Exercised]) -> str:
    """Where something belongs, as messages name it: "3 Double V, right side, set 2"."""
    if not place.exercise:
        return "opening" if place.exercise == 0 else "closing"
    parts = [f"{place.exercise} {exercises[place.exercise - 1].name}"]
    if place.side:
        parts.append(f"{place.side} side")
    for what, number in (("set", place.set), ("round", place.round), ("repetition", place.rep)):
        if number:
            parts.append(f"{what} {number}")
    return ", ".join(parts)
