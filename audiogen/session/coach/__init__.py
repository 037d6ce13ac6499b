"""The rules of docs/writing-cues.md as hints: what a listener with closed eyes stumbles on, and a better way.

    Routine + Plan -> Hints

A hint stops nothing. `# coach: off` on a line of the file silences those that are found there. The rules about words
know English; those about lengths and positions know every language that audiogen speaks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from audiogen.errors import Notice
from audiogen.routine.load import Located
from audiogen.routine.model import Routine
from audiogen.session.coach import timing, wording
from audiogen.session.coach.coached import Coached, Finding
from audiogen.session.coach.lines import Keys
from audiogen.session.coach.places import Sources
from audiogen.timeline.compose import Plan

RULES: tuple[Callable[[Coached], Iterator[Finding]], ...] = (
    wording.position_before_movement,
    wording.one_short_movement,
    wording.no_this,
    wording.limbs_have_sides,
    wording.no_eyes,
    timing.ways_out,
    timing.rest_is_quiet,
    timing.holds_end_quietly,
    timing.phases_fit,
    timing.changes_have_time,
    wording.no_promises,
)


@dataclass(frozen=True, slots=True)
class Hint:
    """What one of the `RULES`, counted from 1, found under some keys of the file."""

    rule: int
    keys: Keys
    notice: Notice

    def __str__(self) -> str:
        return str(self.notice)

    def to_json(self) -> dict[str, Any]:
        """Return the rule, the keys, and the fields of the notice with its sentence."""
        return {"rule": self.rule, "keys": list(self.keys), **self.notice.to_json()}


def hints(routine: Routine, plan: Plan, located: Located | None = None) -> tuple[Hint, ...]:
    """Find what a coach would say otherwise, in the file's order.

    With `located`, each has its place in the file, and lines may silence theirs; without, its exercise is its place.
    """
    coached = Coached(routine, plan)
    found = {(number, one.keys, one.at): one for number, rule in enumerate(RULES, 1) for one in rule(coached)}
    if located is None:
        names = {one.slug: one.name for one in routine.inside}
        return tuple(
            Hint(number, keys, replace(one.notice, place=names.get(str(keys[0]))))
            for (number, keys, _), one in found.items()
        )
    sources = Sources(located)
    placed = [(sources.place(keys, at), number, keys, one.notice) for (number, keys, at), one in found.items()]
    return tuple(
        Hint(number, keys, replace(notice, place=place))
        for place, number, keys, notice in sorted(placed, key=lambda one: one[:2])
        if not sources.silences(place, keys)
    )
