"""A walk through a session, a question an exercise: what somebody answers becomes overrides.

    Routine + answers -> Walked (overrides, plan)

The walk knows no terminal: it asks through `ask(prompt)` and tells through `tell(line)`, a line at a time. Every
answer is tried on the whole session at once, so the total in each prompt is that of a plan.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from audiogen.durations import format_clock, format_duration, parse_factor
from audiogen.errors import AudiogenError, CustomiseError, DurationError, TimelineError
from audiogen.routine import Exercise, Routine, Sided
from audiogen.routine.checks import of_exercise
from audiogen.routine.overrides import Customised, customise
from audiogen.timeline.compose import Plan
from audiogen.views.doses import dose_of_exercise

__all__ = ["Ask", "Tell", "Walked", "walk"]

Overrides = dict[str, str | list[str]]
Ask = Callable[[str], str]
Tell = Callable[[str], None]
Planning = Callable[[Overrides], Plan]

_HOLD = "Enter keeps it. 45s, 1m30s or 1:30 is a new length, 1.5x makes it so many times as long."
_REPS = "Enter keeps it. 8 is a new number of repetitions, 1.25x makes each of them slower."
_SIDES = "30s/45s is one for the right side and one for the left."
_KEYS = "s leaves it out or takes it in again, b goes back, q keeps all that follows, Ctrl-C forgets everything."
_LENGTH = "Enter keeps it. 12m makes the track last exactly so long, none lets it take what it takes, b goes back."


@dataclass(frozen=True, slots=True)
class Walked:
    """What the answers amount to: overrides of the routine that was walked through, and the session they make."""

    overrides: Overrides
    plan: Plan


def walk(routine: Routine, plan: Planning, ask: Ask, tell: Tell, *, length: str | None = None) -> Walked:
    """Ask for each exercise, then for the length; `length` is one that is wished for already.

    `plan` gives the session of the routine with overrides. What cannot be done is told, and asked again.

    Raises:
        AudiogenError: there is no session to begin with.
    """
    walking = _Walk(routine, plan, ask, tell, length)
    count = len(routine.flat)
    index: int | None = 0
    while index is not None:
        index = index + walking.exercise(index) if index < count else walking.length(index)
    return Walked(walking.now.overrides, walking.now.plan)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What was answered so far: values by setting and exercise (or side of it), who is left out, the length."""

    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    skipped: frozenset[int] = frozenset()
    length: str | None = None

    def overrides(self, routine: Routine) -> Overrides:
        found: Overrides = {}
        for setting in ("hold", "reps", "tempo"):
            if values := [f"{target}={value}" for (kind, target), value in self.values.items() if kind == setting]:
                found[setting] = values
        if self.skipped != _skipped(routine):
            found["only"] = ",".join(str(one.number) for one in routine.flat if one.number not in self.skipped)
        if self.length:
            found["length"] = self.length
        return found

    def with_dose(self, setting: str, slug: str, dose: "int | Sided[int] | str") -> "_Wishes":
        """These wishes with a value for an exercise in place of those it had."""
        kept = {
            key: value for key, value in self.values.items() if key[0] != setting or key[1].partition(".")[0] != slug
        }
        sides = {f"{slug}.right": dose.right, f"{slug}.left": dose.left} if isinstance(dose, Sided) else {slug: dose}
        written = {(setting, target): _written(setting, value) for target, value in sides.items()}
        return replace(self, values={**kept, **written})


@dataclass(frozen=True, slots=True)
class _Now:
    """Wishes, and what they make of the routine and its session."""

    wishes: _Wishes
    overrides: Overrides
    customised: Customised
    plan: Plan

    @property
    def notices(self) -> tuple[str, ...]:
        """What is to be known of the session, but for its length, which is asked for at the end."""
        return tuple(notice for notice in self.plan.notices if notice not in self.customised.notices)

    @property
    def length_ms(self) -> int | None:
        return self.customised.routine.length_ms

    @property
    def total(self) -> str:
        """The session's length for a prompt: "10:00", "about 8:41"."""
        sure = self.plan.exact or self.length_ms is not None
        return f"{'' if sure else 'about '}{format_clock(round(self.plan.length_ms, -3))}"


class _Walk:
    """The questions, and where the answers have led so far: `now`."""

    def __init__(self, routine: Routine, plan: Planning, ask: Ask, tell: Tell, length: str | None) -> None:
        self._routine, self._plan, self._ask, self._tell = routine, plan, ask, tell
        self.now = self._tried(_Wishes(skipped=_skipped(routine), length=length))
        count = len(routine.flat)
        tell(f"{routine.title}, {count} exercise{'s' if count > 1 else ''}, {self.now.total}. Enter keeps, ? explains.")
        for notice in self.now.notices:
            tell(f"Notice: {notice}")

    def exercise(self, index: int) -> int:
        """Ask about an exercise; how many further to go on."""
        one = self.now.customised.routine.flat[index]
        answer = self._ask(f"{one.number} {one.name}, {_dose(one)} [{self.now.total}] > ").strip().lower()
        match answer:
            case "":
                return 1
            case "q":
                return len(self._routine.flat) - index
            case "b" if index:
                return -1
            case "b":
                self._tell("This is the first one.")
            case "?":
                self._tell(_REPS if one.hold_ms is None else _HOLD)
                self._tell(f"{_SIDES} {_KEYS}" if _has_two(one) else _KEYS)
            case "s" if one.skip or len(self.now.wishes.skipped) < len(self._routine.flat) - 1:
                return self._take(replace(self.now.wishes, skipped=self.now.wishes.skipped ^ {one.number}), one)
            case "s":
                self._tell("It is the last one that is left; leave it in.")
            case _:
                return self._change(one, answer)
        return 0

    def length(self, index: int) -> int | None:
        """Ask for the length; the exercise to go on with, None when all is said."""
        own_ms, now_ms = self._routine.length_ms, self.now.length_ms
        if own_ms and own_ms != now_ms:
            self._tell(f"Its own length was {format_duration(own_ms)}; {format_duration(own_ms)} fits it again.")
        answer = self._ask(f"Length of the track [{self.now.total}] > ").strip().lower()
        if answer in ("", "q"):
            return None
        if answer == "b":
            return index - 1
        if answer == "?":
            self._tell(_LENGTH)
            return index
        try:
            tried = self._tried(replace(self.now.wishes, length=answer))
        except (CustomiseError, TimelineError) as error:
            self._refuse(error)
            return index
        if tried.length_ms not in (None, tried.plan.length_ms):  # as far as estimates tell
            self._tell(next(iter(tried.notices)))
            return index
        self.now = tried
        return None

    def _change(self, one: Exercise, answer: str) -> int:
        """Take an answer for a dose."""
        parts = [part.strip() for part in answer.split("/")]
        if len(parts) > (2 if _has_two(one) else 1) or "=" in answer:
            self._tell(f"It takes one value{', or right/left' if _has_two(one) else ''}; ? explains.")
            return 0
        targets = [one.slug] if len(parts) == 1 else [f"{one.slug}.right", f"{one.slug}.left"]
        setting = "reps" if one.hold_ms is None else "hold"
        try:
            factor = parse_factor(answer)
            if factor and setting == "reps":
                before = parse_factor(self.now.wishes.values.get(("tempo", one.slug), "1x")) or 1
                wishes = self.now.wishes.with_dose("tempo", one.slug, f"{before * factor:.6g}x")
            else:
                tried = dict(self.now.overrides)
                wished = [f"{target}={part}" for target, part in zip(targets, parts, strict=True)]
                tried[setting] = [*tried.get(setting, []), *wished]
                new = customise(self._routine, tried).routine.flat[one.number - 1]
                dose = new.reps if new.hold_ms is None else new.hold_ms
                if dose == (one.reps if one.hold_ms is None else one.hold_ms) and not one.skip:
                    return 1
                wishes = self.now.wishes.with_dose(setting, one.slug, dose or 0)
        except (CustomiseError, DurationError) as error:
            self._refuse(error)
            return 0
        return self._take(replace(wishes, skipped=wishes.skipped - {one.number}), one)

    def _take(self, wishes: _Wishes, one: Exercise) -> int:
        """Go on with other wishes, unless they cannot be met or something is to be known about them."""
        before = self.now
        try:
            self.now = self._tried(wishes)
        except (CustomiseError, TimelineError) as error:
            self._refuse(error)
            return 0
        new = self.now.customised.routine.flat[one.number - 1]
        if clash := next(of_exercise(new), None):  # no file could say it
            self.now = before
            self._tell(f"There would be no room for a cue: {clash.problem}.")
            return 0
        if new != one:
            self._tell(f"{one.name}: {_dose(new)}, was {_dose(one)}.")
        notices = [notice for notice in self.now.notices if notice not in before.notices]
        for notice in notices:
            self._tell(f"Notice: {notice}")
        return 0 if notices else 1

    def _tried(self, wishes: _Wishes) -> _Now:
        overrides = wishes.overrides(self._routine)
        return _Now(wishes, overrides, customise(self._routine, overrides), self._plan(overrides))

    def _refuse(self, error: AudiogenError) -> None:
        """Tell in a line why an answer is not taken, without the flag that it would be elsewhere."""
        if isinstance(error, DurationError):
            error = CustomiseError(error.about("--tempo"))
        line = re.sub(r"^--\S+ ", "", str(error).splitlines()[0])
        self._tell(f"It {line}; ? explains." if line.startswith("must") else line)


def _skipped(routine: Routine) -> frozenset[int]:
    return frozenset(one.number for one in routine.flat if one.skip)


def _has_two(exercise: Exercise) -> bool:
    """Whether its sides may have different doses."""
    return len(exercise.sides) == 2 and not exercise.alternate


def _written(setting: str, value: int | str) -> str:
    return format_duration(value) if setting == "hold" and isinstance(value, int) else str(value)


def _dose(exercise: Exercise) -> str:
    return "left out" if exercise.skip else dose_of_exercise(exercise).words()
