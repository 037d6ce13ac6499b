"""A whole session in time, as a document.

    Timeline -> JSON; `document` reads it back

All positions are whole milliseconds from the start of the track.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from audiogen.script import Place
from audiogen.timeline.events import Event, Exercised, place_name
from audiogen.timeline.visits import Reading, Set, Visit, outside_work, readings_of, visits_of

ATTACHMENT = "audiogen timeline"  # how the document is described in the tag of a track
EDITION = 4  # of the computed tones, and part of the keys of what is made with them: one more whenever a tone changes
FIRST_EDITION = 1  # that of a document which has none


@dataclass(frozen=True, slots=True)
class OwnSound:
    """A user's file that stands in the place of a tone; its length is that of what sounds of it.

    `path` is where it was found, and is not part of the document: another machine has it elsewhere, or not at all.
    """

    role: str
    file: str
    sha256: str  # of the file's bytes
    length_ms: int
    path: Path | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Mix:
    """How a session sounds apart from its words and their times: what to expect when a track is measured."""

    sounds: str = "bells"  # the set of the tones; `own` stand in the place of some
    own: tuple[OwnSound, ...] = ()
    silence: Literal["bed", "digital"] = "digital"
    music: str | None = None  # an ambience, or the name of a file
    music_level: int = 0  # in dB; 0 is the default
    lufs: int = -18
    levels: Mapping[str, int] = field(default_factory=dict)  # in dB, by role; the document has it where there is one
    edition: int = EDITION  # of the computed tones: only the current one can be computed again


@dataclass(frozen=True)  # without slots, since its tree is built when it is first asked for
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
    passages: tuple[Exercised, ...] = ()

    def tiles(self) -> Iterator[Event]:
        """The events that tile the track: everything but holds and repetitions."""
        return (event for event in self.events if event.is_tile)

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """The turns of all exercises in time order: exercise -> side -> set -> holds or repetitions."""
        return tuple(visits_of(self.events, self.exercises))

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The turns of all passages in time order."""
        return tuple(readings_of(self.events, self.passages))

    @property
    def sets(self) -> tuple[Set, ...]:
        """All work in time order."""
        return tuple(one for visit in self.visits for one in visit.sets)

    def name_of(self, place: Place) -> str:
        """Name a place as messages do: "3 Double V, right side, set 2"."""
        return place_name(place, self.exercises, self.passages)

    def sounds(self) -> Iterator[Event]:
        """The words and tones outside work."""
        return outside_work(self.events, self.sets)

    def to_json(self) -> dict[str, Any]:
        """The document that `plan --json` prints and every track carries."""
        return {
            "version": 1,
            "title": self.title,
            "language": self.language,
            "voice": self.voice,
            "length_ms": self.length_ms,
            "exact": self.exact,
            "mix": _mix_json(self.mix),
            "exercises": [_exercised_json(one) for one in self.exercises],
            **({"passages": [_exercised_json(one) for one in self.passages]} if self.passages else {}),
            "events": [_event_json(event) for event in self.events],
        }


def _event_json(event: Event) -> dict[str, Any]:
    """An event and its place as one flat object."""
    return {
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
        "kind": event.kind,
        "role": event.role,
        "text": event.text,
        **{name: getattr(event.place, name) for name in Place.__dataclass_fields__ if name != "passage"},
        **({"passage": event.place.passage} if event.place.passage else {}),
        **({"amount": event.amount} if event.amount else {}),
        **({"rings_ms": event.rings_ms} if event.rings_ms else {}),
    }


def _exercised_json(exercised: Exercised) -> dict[str, Any]:
    return {name: value for name, value in asdict(exercised).items() if value or name not in ("note", "optional")}


def _mix_json(mix: Mix) -> dict[str, Any]:
    """What earlier versions did not write is left out where it says what they did: a track keeps its document."""
    document = {**asdict(mix), "own": [_own_json(sound) for sound in mix.own]}
    if not mix.levels:
        del document["levels"]
    if mix.edition == FIRST_EDITION:
        del document["edition"]
    return document


def _own_json(sound: OwnSound) -> dict[str, Any]:
    return {name: value for name, value in asdict(sound).items() if name != "path"}
