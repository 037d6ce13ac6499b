"""What differs between two sessions: minutes, exercises, and words to be spoken.

    Timeline before, Timeline after -> Differences

Each exercise has all its time here: announcement to transition, in every round. Together with the opening and the
closing these add up to the whole session.
"""

from dataclasses import dataclass
from typing import Any

from audiogen.timeline.model import Timeline
from audiogen.views.doses import dose_of_visit

NOTICED_MS = 500  # silences fitted to a length move by less in any exercise that nobody changed


@dataclass(frozen=True, slots=True)
class PartDifference:
    """The opening, an exercise, a passage or the closing, before and after; the first and last have no `slug`.

    A length of None says that the part is not in that session. A dose is the work: "12 repetitions of 6s".
    """

    slug: str | None
    name: str
    before_ms: int | None
    after_ms: int | None
    before_dose: str | None = None
    after_dose: str | None = None

    @property
    def added_ms(self) -> int:
        return (self.after_ms or 0) - (self.before_ms or 0)

    @property
    def is_one(self) -> bool:
        """Whether there is a difference worth reporting."""
        return self.before_dose != self.after_dose or abs(self.added_ms) >= NOTICED_MS


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs from `before` to `after`; `parts` in the order of `after`, then those that are gone.

    `words_added` would be newly spoken, `words_removed` are no longer needed.
    """

    before: Timeline
    after: Timeline
    parts: tuple[PartDifference, ...]
    reordered: bool
    words_added: tuple[str, ...]
    words_removed: tuple[str, ...]

    @property
    def added_ms(self) -> int:
        return self.after.length_ms - self.before.length_ms

    @property
    def exact(self) -> bool:
        return self.before.exact and self.after.exact

    def __bool__(self) -> bool:
        return bool(self.added_ms or self.parts or self.reordered or self.words_added or self.words_removed)

    def to_json(self) -> dict[str, Any]:
        """The document of `plan --against … --json`."""
        return {
            "exact": self.exact,
            "before": {"title": self.before.title, "length_ms": self.before.length_ms},
            "after": {"title": self.after.title, "length_ms": self.after.length_ms},
            "added_ms": self.added_ms,
            "parts": [
                {name: getattr(part, name) for name in PartDifference.__dataclass_fields__} for part in self.parts
            ],
            "reordered": self.reordered,
            "words_added": list(self.words_added),
            "words_removed": list(self.words_removed),
        }


def compare(before: Timeline, after: Timeline) -> Differences:
    """What is different in `after`. Exercises are the same where their slugs are."""
    old, new = _parts(before), _parts(after)
    found = (_difference(old.get(key), new.get(key)) for key in dict.fromkeys((*new, *old)))
    old_words, new_words = _words(before), _words(after)
    return Differences(
        before=before,
        after=after,
        parts=tuple(one for one in found if one.is_one),
        reordered=[key for key in old if key in new] != [key for key in new if key in old],
        words_added=tuple(text for text in new_words if text not in old_words),
        words_removed=tuple(text for text in old_words if text not in new_words),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    slug: str | None
    name: str
    length_ms: int
    dose: str | None = None


def _parts(timeline: Timeline) -> dict[str, _Part]:
    """The opening, the exercises and passages by their slugs, and the closing; no slug has brackets."""
    lengths_ms: dict[tuple[int | None, int | None], int] = {}
    for tile in timeline.tiles():
        key = tile.place.exercise, tile.place.passage
        lengths_ms[key] = lengths_ms.get(key, 0) + tile.length_ms
    exercises = {
        one.slug: _Part(one.slug, one.name, lengths_ms.get((one.number, None), 0), _dose(timeline, one.number))
        for one in timeline.exercises
    }
    passages = {one.slug: _Part(one.slug, one.name, lengths_ms.get((0, one.number), 0)) for one in timeline.passages}
    return {
        "(opening)": _Part(None, "opening", lengths_ms.get((0, None), 0)),
        **exercises,
        **passages,
        "(closing)": _Part(None, "closing", lengths_ms.get((None, None), 0)),
    }


def _difference(old: _Part | None, new: _Part | None) -> PartDifference:
    named = new or old
    assert named is not None  # noqa: S101 - a part is that of one session at least
    return PartDifference(
        slug=named.slug,
        name=named.name,
        before_ms=old.length_ms if old else None,
        after_ms=new.length_ms if new else None,
        before_dose=old.dose if old else None,
        after_dose=new.dose if new else None,
    )


def _words(timeline: Timeline) -> dict[str, None]:
    """Every distinct text, in the order in which it is first said."""
    return {event.text: None for event in timeline.events if event.text}


def _dose(timeline: Timeline, exercise: int) -> str:
    """The work of an exercise: "45s per side", "2 rounds of 1m"."""
    visits = [visit for visit in timeline.visits if visit.exercise.number == exercise]
    dose = dose_of_visit(visits[0]).words()
    return f"{len(visits)} rounds of {dose}" if len(visits) > 1 else dose
