"""Prepare everything that the shaping page shows of a requested session.

Nothing is computed again: the times are those of `session.plan`, the values those of the customised routine.
"""

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from audiogen import session
from audiogen.clips.choose_voice import requested_voice
from audiogen.durations import format_clock, format_duration, format_nearest_clock
from audiogen.errors import AudiogenError, Problem
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.overrides import Change, customise
from audiogen.routine.settings import SETTINGS
from audiogen.session import Plan
from audiogen.storage.cache import Cache
from audiogen.studio.asides import Aside, Lines, asides_of, spoken_lines
from audiogen.studio.controls import Control, Dial, controls_of, dials_of
from audiogen.studio.lanes import lane_of_exercises, lane_of_session
from audiogen.studio.problems import described, refusal, with_names
from audiogen.studio.request import LONGEST_VALUE, MOST_PARAMETERS, SessionRequest, read_request
from audiogen.studio.voices import voice_in_words
from audiogen.timeline.model import Timeline
from audiogen.views.picture.words import label, sentences
from audiogen.views.rows import Row, change_lines, rows


@dataclass(frozen=True, slots=True)
class Card:
    """An exercise as it now is; `own` is how its file has it, `dose` "30 s per side", empty where left out."""

    number: int | None  # in the session; None where left out
    exercise: Exercise
    own: Exercise
    dose: str
    dials: tuple[Dial, ...]
    lines: Lines

    @property
    def alike(self) -> bool:
        """Whether both sides have one dose."""
        values = {dial.value for dial in self.dials if "." in dial.target}
        return len(values) < 2

    @property
    def has_two(self) -> bool:
        return len(self.own.sides) == 2 and not self.own.alternate


@dataclass(frozen=True, slots=True)
class Shape:
    """A requested session: the routine in its file, the customised one, and its plan."""

    requested: SessionRequest
    written: Routine
    routine: Routine
    plan: Plan

    @property
    def timeline(self) -> Timeline:
        return self.plan.timeline

    @property
    def total(self) -> str:
        """The length as a clock; "about" while it depends on speech that is only estimated."""
        sure = self.timeline.exact or self.routine.length_ms == self.timeline.length_ms
        return f"{'' if sure else 'about '}{format_nearest_clock(self.timeline.length_ms)}"

    @property
    def reach(self) -> tuple[str, str]:
        """The shortest and the longest length that could be met, in whole seconds."""
        least_ms, most_ms = self.plan.reach_ms
        return format_clock(least_ms + 999), format_clock(most_ms)

    @property
    def length(self) -> str:
        """The length that is met exactly; empty where none is set."""
        return format_duration(self.routine.length_ms) if self.routine.length_ms else ""

    @property
    def speaks(self) -> str:
        """Who would speak it, and where the words would go."""
        if not self.plan.script.texts():
            return "Nobody: nothing is spoken."
        return voice_in_words(requested_voice(self.routine, self.requested.voice))

    @property
    def unmet(self) -> Problem | None:
        """Why the requested length cannot be met, as far as estimates show; None if it can."""
        return next((one for one in self.plan.notices if one.code == "timeline.length-unmet"), None)

    @property
    def notices(self) -> list[dict[str, Any]]:
        """The plan's notices with their remedies, without why its length cannot be met."""
        unmet = self.unmet
        return [described(with_names(one, self.written.items)) for one in self.plan.notices if one is not unmet]

    @property
    def lane(self) -> str:
        return lane_of_session(self.timeline)

    @property
    def lanes(self) -> dict[str, str]:
        """The lanes of the exercises, by slug."""
        return lane_of_exercises(self.timeline)

    @property
    def sentences(self) -> list[str]:
        return sentences(self.timeline).splitlines()

    @property
    def rows(self) -> tuple[Row, ...]:
        return rows(self.plan)

    @property
    def changed(self) -> tuple[str, ...]:
        return change_lines(self.plan)

    @property
    def controls(self) -> list[Control]:
        return controls_of(self.routine)

    @property
    def each(self) -> list[str]:
        """The settings that an exercise may have for itself: "NAME=VALUE" in a link."""
        return [setting.name for setting in SETTINGS.values() if setting.each]

    @property
    def cards(self) -> list[Card]:
        numbers = {one.slug: one.number for one in self.timeline.exercises}
        doses = {turn.exercise.slug: label(turn) for turn in reversed(self.timeline.visits)}
        events = defaultdict(list)
        for event in self.timeline.events:
            events[event.place.exercise].append(event)
        found = []
        for one, own in zip(self.routine.flat, self.written.flat, strict=True):
            number = numbers.get(one.slug)
            found.append(
                Card(
                    number,
                    one,
                    own,
                    doses.get(one.slug, ""),
                    tuple(dials_of(one, own, self.routine)),
                    spoken_lines(events[number]) if number else (),
                )
            )
        return found

    @property
    def asides(self) -> list[Aside]:
        """The passages and groups between the cards."""
        return asides_of(self.routine, self.timeline)

    def changes_of(self, slug: str) -> list[str]:
        """What differs in an exercise from its file: "hold 45s, was 30s"."""
        return [_worded(change) for change in self.plan.changes if change.slug == slug]


def shape(requested: SessionRequest, written: Routine, store: Cache) -> Shape:
    """Plan a requested session.

    Raises:
        AudiogenError: settings that cannot be read or do not fit the routine.
    """
    try:
        planned = session.plan(written, overrides=requested.overrides, voice=requested.voice, cache=store)
        return Shape(requested, written, customise(written, requested.overrides).routine, planned)
    except AudiogenError as error:
        error.problems = tuple(with_names(one, written.items) for one in error.problems)
        raise


def opened(
    name: str, pairs: Sequence[tuple[str, str]], written: Routine, store: Cache
) -> tuple[Shape, list[tuple[str, str]]]:
    """Plan the session of a link without those of its values that cannot hold: each "hold=abc" of them, and why.

    Raises:
        AudiogenError: the session cannot be planned even as it is written.
    """
    try:
        return shape(read_request(name, pairs), written, store), []
    except AudiogenError as error:
        if len(pairs) > MOST_PARAMETERS:
            raise
        whole = (urlencode(pairs)[:LONGEST_VALUE], refusal(error)["error"])
    good, dropped = _told_apart(name, pairs, written)
    if dropped:
        with contextlib.suppress(AudiogenError):
            return shape(read_request(name, good), written, store), dropped
    return shape(SessionRequest(name), written, store), [whole]


def _told_apart(
    name: str, pairs: Sequence[tuple[str, str]], written: Routine
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the values of a link that can be read, and the others, each with why not."""
    good: list[tuple[str, str]] = []
    bad: list[tuple[str, str]] = []
    for pair in pairs:
        try:
            customise(written, read_request(name, [*good, pair]).overrides)
        except AudiogenError as error:
            bad.append(("=".join(pair)[:LONGEST_VALUE], refusal(error)["error"]))
        else:
            good.append(pair)
    return good, bad


def _worded(change: Change) -> str:
    side = f"{change.side} " if change.side else ""
    return f"{change.key.replace('_', ' ')} {side}{change.after}, was {change.before}"
