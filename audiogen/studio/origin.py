"""Which routine a track was made from, and with which settings, so that its session can be opened and changed.

    the routine inside the track + the routines that there are -> Origin

A track names no routine: it contains a whole one, with every setting applied. So its origin is the routine that gives
the same session with the fewest settings, and what is found is proved by applying them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from audiogen.clips.choose_voice import requested_voice
from audiogen.errors import AudiogenError
from audiogen.routine.amounts import sets_listed
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.overrides import Change, customise
from audiogen.routine.overrides.changes import changes_between
from audiogen.routine.portable import with_portable_sounds
from audiogen.routine.settings import AMBIENCES, SETTINGS
from audiogen.routine.sounds import read_sounds
from audiogen.routine.written import in_words
from audiogen.studio.request import SessionRequest, read_request
from audiogen.studio.uploads import MUSIC, RECORDINGS

ALIKE = 0.5  # of the exercises, if a routine is to be the one that a track was made from, but changed since
_MANY = 8  # changes that are listed


@dataclass(frozen=True, slots=True)
class Origin:
    """The routine that a track was made from.

    `changes` say what its settings were: "Double V: hold 45s, was 30s". Where the routine `has_changed` since, no
    settings give the same session any more, and `requested` has those that still fit.
    """

    requested: SessionRequest
    changes: tuple[str, ...]
    has_changed: bool

    @property
    def link(self) -> str:
        """The page that opens it, below the studio's address."""
        query = self.requested.query
        return f"shape/{quote(self.requested.routine)}{'?' if query else ''}{query}"


def origin_of(made: Routine, stem: str, routines: Mapping[str, Routine]) -> Origin | None:
    """Find the routine of a track by what is in it; the name of its file decides between equals: "two 2" is of "two".

    None where there is none like it any more.
    """
    alike = {name: _alike(made, one) for name, one in routines.items()}
    found = [_compared(made, name, one) for name, one in routines.items() if alike[name] >= ALIKE]

    def distance(one: Origin) -> tuple[bool, int, float, int]:
        name = one.requested.routine
        return one.has_changed, -len(name) if stem.startswith(name) else 0, -alike[name], len(one.changes)

    best = min(found, key=distance, default=None)
    return best and replace(best, changes=_shortened(best.changes))


def _alike(made: Routine, written: Routine) -> float:
    """The share of the exercises that two routines have in common."""
    one, other = ({item.slug for item in routine.items} for routine in (made, written))
    return len(one & other) / max(1, len(one | other))


def _compared(made: Routine, name: str, written: Routine) -> Origin:
    asked = SessionRequest(name, voice=_voice(made, written))
    if [one.slug for one in made.items] != [one.slug for one in written.items]:
        return Origin(asked, (), has_changed=True)
    changes = changes_between(_neutral(written), _neutral(made))
    pairs = dict.fromkeys(pair for change in changes for pair in _settings(change, made, written))
    try:
        asked = read_request(name, [*pairs, *([("voice", asked.voice)] if asked.voice else [])])
        again = customise(written, asked.overrides).routine
    except AudiogenError:  # a setting that the routine has no place for any more
        return Origin(SessionRequest(name, voice=asked.voice), (), has_changed=True)
    return Origin(asked, tuple(_words(changes, made)), has_changed=_neutral(again) != _neutral(made))


def _neutral(routine: Routine) -> Routine:
    """A routine without what a track has in another way: who spoke, when, and where files are."""
    values: dict[str, Any] = {
        "voice": None,
        "fill": None,
        "date": None,
        "pronounce": {},
        "source": None,
        "music": routine.music and replace(routine.music, written=routine.music.name),
        "sounds": routine.sounds.portable(),
    }
    return with_portable_sounds(routine).model_copy(update=values)


def _voice(made: Routine, written: Routine) -> str | None:
    """The voice to ask for; None where the routine has it by itself, or a link cannot name it."""
    spoken = made.voice
    if spoken is None or spoken == requested_voice(written, None):
        return None
    if spoken.engine == "recordings":
        return f"recordings:{RECORDINGS}/{spoken.settings}"
    return None if spoken.file else str(spoken)


def _settings(change: Change, made: Routine, written: Routine) -> Iterator[tuple[str, str]]:
    """The settings that make a change, as a link has them."""
    setting = SETTINGS[change.key]
    target = f"{change.slug}{f'.{change.side}' if change.side else ''}"
    if change.key == "skip":
        yield ("skip", target) if change.after == "on" else ("only", ",".join(_done(made)))
    elif change.key == "tempo":
        yield "tempo", f"{target}={_slower(made, written, change.slug):.6g}x"
    elif change.slug is not None:
        if change.after != "default" and not (change.key == "sets" and _lists_sets(made, change.slug)):
            yield change.key, f"{target}={_value(change)}"
    else:
        yield change.key, _value(change)
        if setting.each:  # which takes away what exercises have for themselves
            own = ((item.slug, one) for item in made.items for one in _own(item, change.key))
            yield from ((change.key, f"{slug}={value}") for slug, value in own)


def _done(routine: Routine) -> list[str]:
    return [one.slug for one in routine.flat if not one.skip]


def _own(item: object, key: str) -> Iterator[str]:
    values = ((field, getattr(item, field, None)) for field in (key, f"{key}_ms"))
    return (in_words(field, value) for field, value in values if value is not None)


def _lists_sets(routine: Routine, slug: str) -> bool:
    one = _exercise(routine, slug)
    return one is not None and sets_listed(one.hold_ms or one.reps) is not None


def _slower(made: Routine, written: Routine, slug: str | None) -> float:
    one, other = _exercise(made, slug), _exercise(written, slug)
    return one.rep_ms / other.rep_ms if one and other and other.rep_ms else 1


def _exercise(routine: Routine, slug: str | None) -> Exercise | None:
    return next((one for one in routine.flat if one.slug == slug), None)


def _value(change: Change) -> str:
    if change.key == "music" and change.after not in (*AMBIENCES, "none"):
        return f"{MUSIC}/{change.after}"
    if change.key == "sounds":
        sounds = read_sounds(change.after)
        return str(replace(sounds, files={role: f"{MUSIC}/{file}" for role, file in sounds.files.items()}))
    return change.after.replace(", ", ",")


def _words(changes: Iterable[Change], made: Routine) -> Iterator[str]:
    names = {one.slug: one.name for one in made.items if isinstance(one, Exercise)}
    for change in changes:
        where = f"{names.get(change.slug, change.slug)}: " if change.slug else ""
        if change.key == "skip":
            yield f"{where}left out" if change.after == "on" else f"{where}not left out"
        else:
            side = f" {change.side}" if change.side else ""
            yield f"{where}{change.key.replace('_', ' ')}{side} {change.after}, was {change.before}"


def _shortened(changes: tuple[str, ...]) -> tuple[str, ...]:
    more = len(changes) - _MANY
    return (*changes[:_MANY], f"and {more} more") if more > 1 else changes
