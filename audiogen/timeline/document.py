"""The document of a timeline, read back from a track that anybody may have written.

    JSON -> Timeline

Its types, its bounds and its order are checked once, here, so that nothing behind it meets a surprise.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audiogen.errors import Problem, TimelineError
from audiogen.errors.foreign import first_mistake
from audiogen.routine.values import Side
from audiogen.script import Place
from audiogen.timeline.events import Event, Exercised, Kind
from audiogen.timeline.model import FIRST_EDITION, Mix, OwnSound, Timeline

_LONGEST_MS = (1 << 32) - 1  # 49 days: what an ID3 tag can say

_Ms = Annotated[int, Field(ge=0, le=_LONGEST_MS)]
_Count = Annotated[int, Field(ge=0, le=1_000_000)]
_Decibels = Annotated[int, Field(ge=-200, le=200)]


class _Part(BaseModel):
    """What later versions may add is nothing to this one."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class _Version(_Part):
    version: int


class _Event(_Part):
    start_ms: _Ms
    end_ms: _Ms
    kind: Kind
    role: str
    text: str | None = None
    exercise: _Count | None = 0
    side: Side | None = None
    rep: _Count | None = None
    set: _Count | None = None
    round: _Count | None = None
    passage: _Count | None = None
    amount: Annotated[str, Field(pattern=r"^[0-9]{1,3}( to [0-9]{1,3})?$")] | None = None

    rings_ms: _Ms | None = None

    def read(self) -> Event:
        place = Place(self.exercise, self.side, self.rep, self.set, self.round, self.passage)
        return Event(self.start_ms, self.end_ms, self.kind, self.role, self.text, place, self.amount, self.rings_ms)


class _Exercised(_Part):
    number: _Count
    slug: str
    name: str
    note: str | None = None
    optional: bool = False

    def read(self) -> Exercised:
        return Exercised(self.number, self.slug, self.name, self.note, self.optional)


class _OwnSound(_Part):
    role: str
    file: str
    sha256: str
    length_ms: _Ms


class _Mix(_Part):
    """Where a document says nothing, it is what earlier versions did."""

    sounds: str = "bells"
    own: tuple[_OwnSound, ...] = ()
    silence: Literal["bed", "digital"] = "digital"
    music: str | None = None
    music_level: _Decibels = 0
    lufs: _Decibels = -18
    levels: dict[str, _Decibels] = Field(default_factory=dict)
    edition: Annotated[int, Field(ge=FIRST_EDITION, le=1_000_000)] = FIRST_EDITION

    def read(self) -> Mix:
        own = tuple(OwnSound(one.role, one.file, one.sha256, one.length_ms) for one in self.own)
        return Mix(self.sounds, own, self.silence, self.music, self.music_level, self.lufs, self.levels, self.edition)


class _Document(_Part):
    title: str
    language: str
    voice: str | None
    length_ms: Annotated[_Ms, Field(gt=0)]
    exact: bool
    exercises: tuple[_Exercised, ...]
    passages: tuple[_Exercised, ...] = ()
    events: tuple[_Event, ...]
    mix: _Mix = _Mix()

    def read(self) -> Timeline:
        return Timeline(
            title=self.title,
            language=self.language,
            voice=self.voice,
            length_ms=self.length_ms,
            exact=self.exact,
            exercises=tuple(one.read() for one in self.exercises),
            passages=tuple(one.read() for one in self.passages),
            events=tuple(one.read() for one in self.events),
            mix=self.mix.read(),
        )


def read_timeline(body: bytes) -> Timeline:
    """Read the document of `Timeline.to_json` back.

    Raises:
        TimelineError: another version, not such a document, or events that cannot be those of one session.
    """
    try:
        version = _Version.model_validate_json(body).version
        if version != 1:
            raise TimelineError(Problem("timeline.other-version", expected="1", found=str(version)))
        timeline = _Document.model_validate_json(body).read()
    except ValidationError as error:
        raise TimelineError(Problem("timeline.not-a-timeline", found=first_mistake(error))) from error
    if not (_is_tiled(timeline) and _is_placed(timeline)):
        raise TimelineError(Problem("timeline.damaged"))
    return timeline


def _is_tiled(timeline: Timeline) -> bool:
    """Whether say, tone and wait follow one another from 0 to the end, so that everything is measured."""
    at_ms = 0
    for tile in timeline.tiles():
        if tile.start_ms != at_ms or tile.end_ms <= at_ms:
            return False
        at_ms = tile.end_ms
    return at_ms == timeline.length_ms


def _is_placed(timeline: Timeline) -> bool:
    """Whether every event lies in the track, says something if it speaks, and belongs to what is listed."""
    counted = all(
        [one.number for one in listed] == list(range(1, len(listed) + 1))
        for listed in (timeline.exercises, timeline.passages)
    )
    return counted and all(
        event.start_ms < event.end_ms <= event.over_ms <= timeline.length_ms
        and (event.kind != "say" or event.text is not None)
        and (event.place.exercise or 0) <= len(timeline.exercises)
        and (event.place.passage or 0) <= len(timeline.passages)
        for event in timeline.events
    )
