"""Ask about a session, one question per exercise: the answers become overrides.

    Routine + answers -> Answered (overrides, plan)

It asks through `ask(prompt)` and prints through `show(line)`, one line at a time. Every answer is tried on the whole
session at once, so the total in each prompt is that of a plan.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from audiogen.durations import format_duration, format_nearest_clock, parse_duration, parse_factor
from audiogen.errors import AudiogenError, CustomiseError, DurationError, Problem, TimelineError
from audiogen.routine.checks import of_exercise
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.overrides import Customised, customise
from audiogen.routine.slips import slip_elsewhere
from audiogen.routine.values import Sided
from audiogen.text import counted
from audiogen.timeline.compose import Plan
from audiogen.views.doses import dose_of_exercise

Overrides = dict[str, str | list[str]]
Ask = Callable[[str], str]
Show = Callable[[str], None]
Planning = Callable[[Overrides], Plan]

_HOLD = "Enter keeps the length. 45s, 1m30s or 1:30 sets a new one, 1.5x makes it 1.5 times as long."
_REPS = "Enter keeps the repetitions. 8 sets a new number, 1.25x makes each of them slower."
_PACED = "Enter keeps the repetitions. 8 sets a new number, 45s a new time for them, 1.25x a quarter more time."
_SIDES = "30s/45s sets the right side and the left side."
_KEYS = "s skips it or includes it again, b goes back, q keeps all that follow, Ctrl-C discards all answers."
_LENGTH = "Enter keeps the length. 12m makes the track exactly that long, none as long as it needs; b goes back."


@dataclass(frozen=True, slots=True)
class Answered:
    """What the answers amount to: overrides of the routine, and the plan with them."""

    overrides: Overrides
    plan: Plan


def ask_all(routine: Routine, plan: Planning, ask: Ask, show: Show, *, length: str | None = None) -> Answered:
    """Ask for each exercise, then for the length; `length` is the one requested so far.

    `plan` plans the routine with overrides. An answer that cannot be met is explained, and asked for again.

    Raises:
        AudiogenError: there is no session to begin with.
    """
    dialogue = _Dialogue(routine, plan, ask, show, length)
    count = len(routine.flat)
    index: int | None = 0
    while index is not None:
        index = index + dialogue.exercise(index) if index < count else dialogue.length(index)
    return Answered(dialogue.now.overrides, dialogue.now.plan)


@dataclass(frozen=True, slots=True)
class _Answers:
    """The answers so far: values by setting and exercise (or side of it), skipped exercises, the length."""

    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    skipped: frozenset[int] = frozenset()
    length: str | None = None

    def overrides(self, routine: Routine) -> Overrides:
        found: Overrides = {}
        for setting in ("hold", "reps", "tempo", "for"):
            if values := [f"{target}={value}" for (kind, target), value in self.values.items() if kind == setting]:
                found[setting] = values
        if self.skipped != _skipped(routine):
            found["only"] = ",".join(str(one.number) for one in routine.flat if one.number not in self.skipped)
        if self.length:
            found["length"] = self.length
        return found

    def with_dose(self, setting: str, slug: str, dose: Any) -> "_Answers":
        """These answers with a value for an exercise in place of those it had."""
        kept = {
            key: value for key, value in self.values.items() if key[0] != setting or key[1].partition(".")[0] != slug
        }
        sides = {f"{slug}.right": dose.right, f"{slug}.left": dose.left} if isinstance(dose, Sided) else {slug: dose}
        written = {(setting, target): _written(setting, value) for target, value in sides.items()}
        return replace(self, values={**kept, **written})


@dataclass(frozen=True, slots=True)
class _Now:
    """Answers, and the routine and plan with them."""

    answers: _Answers
    overrides: Overrides
    customised: Customised
    plan: Plan

    @property
    def notices(self) -> tuple[Problem, ...]:
        """The notices of the plan, except for those on its length, which is asked for at the end."""
        return tuple(notice for notice in self.plan.notices if notice not in self.customised.notices)

    @property
    def length_ms(self) -> int | None:
        return self.customised.routine.length_ms

    @property
    def total(self) -> str:
        """The session's length for a prompt: "10:00", "about 8:41"."""
        sure = self.plan.exact or self.length_ms is not None
        return f"{'' if sure else 'about '}{format_nearest_clock(self.plan.length_ms)}"


class _Dialogue:
    """The questions, and where the answers have led so far: `now`."""

    def __init__(self, routine: Routine, plan: Planning, ask: Ask, show: Show, length: str | None) -> None:
        self._routine, self._plan, self._ask, self._show = routine, plan, ask, show
        self.now = self._tried(_Answers(skipped=_skipped(routine), length=length))
        exercises = counted(len(routine.flat), "exercise")
        show(f"{routine.title}, {exercises}, {self.now.total}. Enter keeps a value, ? explains.")
        for notice in self.now.notices:
            show(f"Notice: {notice}")

    def exercise(self, index: int) -> int:
        """Ask about an exercise; returns how many exercises to move on."""
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
                self._show("This is the first exercise.")
            case "?":
                self._show(_HOLD if one.hold_ms is not None else _REPS if one.for_ms is None else _PACED)
                self._show(f"{_SIDES} {_KEYS}" if _has_two(one) else _KEYS)
            case "s" if one.skip or len(self.now.answers.skipped) < len(self._routine.flat) - 1:
                return self._take(replace(self.now.answers, skipped=self.now.answers.skipped ^ {one.number}), one)
            case "s":
                self._show("This is the last exercise left; it cannot be skipped.")
            case _:
                return self._change(one, answer)
        return 0

    def length(self, index: int) -> int | None:
        """Ask for the length; returns the exercise to go on with, None when done."""
        own_ms, now_ms = self._routine.length_ms, self.now.length_ms
        if own_ms and own_ms != now_ms:
            self._show(
                f"The routine's length is {format_duration(own_ms)}; enter {format_duration(own_ms)} to keep it."
            )
        answer = self._ask(f"Length of the track [{self.now.total}] > ").strip().lower()
        if answer in ("", "q"):
            return None
        if answer == "b":
            return index - 1
        if answer == "?":
            self._show(_LENGTH)
            return index
        try:
            tried = self._tried(replace(self.now.answers, length=answer))
        except (CustomiseError, TimelineError) as error:
            self._refuse(error)
            return index
        if tried.length_ms not in (None, tried.plan.length_ms):  # as far as estimates tell
            self._show(str(next(iter(tried.notices))))
            return index
        self.now = tried
        return None

    def _change(self, one: Exercise, answer: str) -> int:
        """Apply an answer that changes a dose."""
        parts = [part.strip() for part in answer.split("/")]
        if len(parts) > (2 if _has_two(one) else 1) or "=" in answer:
            self._show(f"Enter one value{', or right/left' if _has_two(one) else ''}; ? explains.")
            return 0
        targets = [one.slug] if len(parts) == 1 else [f"{one.slug}.right", f"{one.slug}.left"]
        setting = "reps" if one.hold_ms is None else "hold"
        try:
            factor = parse_factor(answer)
            if factor and setting == "reps":
                scaled = "tempo" if one.for_ms is None else "for"
                before = parse_factor(self.now.answers.values.get((scaled, one.slug), "1x")) or 1
                answers = self.now.answers.with_dose(scaled, one.slug, f"{before * factor:.6g}x")
            elif one.for_ms is not None and re.search("[a-z:]", answer) and len(parts) == 1:
                answers = self.now.answers.with_dose("for", one.slug, format_duration(parse_duration(answer)))
            else:
                tried = dict(self.now.overrides)
                requested = [f"{target}={part}" for target, part in zip(targets, parts, strict=True)]
                tried[setting] = [*tried.get(setting, []), *requested]
                new = customise(self._routine, tried).routine.flat[one.number - 1]
                dose = new.reps if new.hold_ms is None else new.hold_ms
                if dose == (one.reps if one.hold_ms is None else one.hold_ms) and not one.skip:
                    return 1
                answers = self.now.answers.with_dose(setting, one.slug, dose or 0)
        except (CustomiseError, DurationError) as error:
            slip = slip_elsewhere(setting, answer, lambda key, value: value if key == setting else "")
            if slip and slip.code == error.problems[0].code:
                written = f"{replace(slip, subject='It')}" if slip.expected else f"It cannot be read, found '{answer}'"
                self._show(f"{written}; ? explains.")
            else:
                self._refuse(error)
            return 0
        return self._take(replace(answers, skipped=answers.skipped - {one.number}), one)

    def _take(self, answers: _Answers, one: Exercise) -> int:
        """Go on with new answers, unless they cannot be met or there are notices about them."""
        before = self.now
        try:
            self.now = self._tried(answers)
        except (CustomiseError, TimelineError) as error:
            self._refuse(error)
            return 0
        new = self.now.customised.routine.flat[one.number - 1]
        if clash := next(of_exercise(new), None):  # no file could say it
            self.now = before
            self._show(f"A cue would not fit: {clash.problem}.")
            return 0
        if new != one:
            self._show(f"{one.name}: {_dose(new)}, was {_dose(one)}.")
        notices = [notice for notice in self.now.notices if notice not in before.notices]
        for notice in notices:
            self._show(f"Notice: {notice}")
        return 0 if notices else 1

    def _tried(self, answers: _Answers) -> _Now:
        overrides = answers.overrides(self._routine)
        return _Now(answers, overrides, customise(self._routine, overrides), self._plan(overrides))

    def _refuse(self, error: AudiogenError) -> None:
        """Explain in one line why an answer is refused, without the flag that it would be elsewhere."""
        problem = error.problems[0]
        if isinstance(error, DurationError) or problem.subject.startswith("--"):
            self._show(f"{replace(problem, subject='It')}; ? explains.")
        else:
            self._show(str(problem))


def _skipped(routine: Routine) -> frozenset[int]:
    return frozenset(one.number for one in routine.flat if one.skip)


def _has_two(exercise: Exercise) -> bool:
    """Whether its sides may have different doses."""
    return len(exercise.sides) == 2 and not exercise.alternate


def _written(setting: str, value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(_written(setting, one) for one in value)
    return format_duration(value) if setting == "hold" and isinstance(value, int) else str(value)


def _dose(exercise: Exercise) -> str:
    return "skipped" if exercise.skip else dose_of_exercise(exercise).words()
