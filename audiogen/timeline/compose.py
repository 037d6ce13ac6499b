"""Words and times settle each other.

    Routine + overrides -> Draft;   Draft + spoken lengths -> Plan

What is said depends on lengths that only a timeline knows: the session's total, stretched holds, settling times so long
that the voice announces the tone. So there are two passes: the first, worded by a guess, settles these; the second
freezes the words, and the silences absorb the difference.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from audiogen.errors import Problem
from audiogen.phrases.configured import configured_phrases
from audiogen.routine.model import Routine
from audiogen.routine.overrides import Change, Overrides, customise
from audiogen.routine.overrides.changes import changes_between
from audiogen.routine.sounds import Sounds
from audiogen.script import Script, Wording, write_script
from audiogen.script.frame import unsaid
from audiogen.timeline.build import build_timeline, default_length_ms, reach_ms, settle_wording
from audiogen.timeline.fit_holds import stretched
from audiogen.timeline.model import Mix, OwnSound, Timeline
from audiogen.timeline.wake import woken
from audiogen.voices import Voice, estimate_ms


class Spoken(NamedTuple):
    """How long each text takes, in ms, and whether all of these lengths are measured ones."""

    lengths_ms: Mapping[str, int]
    exact: bool


Listen = Callable[[Sounds], tuple[OwnSound, ...]]
Speak = Callable[[Sequence[str]], Spoken]


@dataclass(frozen=True, slots=True)
class Draft:
    """A routine with its overrides applied, and a script whose wording is a guess.

    The guess depends on the routine and its own sounds alone, so that a plan and a render of it settle the same words.
    """

    written: Routine
    routine: Routine
    notices: tuple[Problem, ...]
    wording: Wording
    script: Script
    own: tuple[OwnSound, ...] = ()

    @property
    def own_ms(self) -> dict[str, int]:
        """The lengths of a user's own tones by role."""
        return {sound.role: sound.length_ms for sound in self.own}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a session is before it sounds.

    `routine` has its overrides and its holds as they were stretched; `script` and `timeline` are what became of it.
    `changes` are the values that overrides and stretching gave it, `reach_ms` are the shortest and the longest length
    that it could be fitted to, and `voice` is the one that was asked for. `spoken` has the words of those texts
    that are not spoken as they are written.
    """

    draft: Draft
    routine: Routine
    script: Script
    timeline: Timeline
    changes: tuple[Change, ...]
    notices: tuple[Problem, ...]
    reach_ms: tuple[int, int]
    voice: str | Voice | None = None
    spoken: Mapping[str, str] = field(default_factory=dict)

    @property
    def length_ms(self) -> int:
        return self.timeline.length_ms

    @property
    def exact(self) -> bool:
        """Whether the length of every spoken text is known, not estimated."""
        return self.timeline.exact

    def with_notice(self, notice: Problem) -> "Plan":
        return replace(self, notices=(*self.notices, notice))


def draft(routine: Routine, overrides: Overrides | None = None, listen: Listen | None = None) -> Draft:
    """Apply overrides and write a first script.

    `listen` finds out about a user's own tones; without it, they are taken to be as long as those they stand for.

    Raises:
        CustomiseError: overrides that do not fit the routine.
        SoundError: files for tones that cannot be used.
    """
    customised = customise(routine, overrides)
    phrases = {**configured_phrases(routine.language), **routine.phrases}
    customised = replace(customised, routine=customised.routine.model_copy(update={"phrases": phrases}))
    own = listen(customised.routine.all_sounds) if listen else ()
    own_ms = {sound.role: sound.length_ms for sound in own}
    first = Wording(total_ms=customised.routine.length_ms or 600_000)
    script = write_script(customised.routine, first, own_ms)
    lengths_ms = {text: estimate_ms(text, routine.language, customised.routine.speed) for text in script.texts()}
    wording = _wording(customised.routine, script, lengths_ms)
    if wording.words != first.words:
        script = write_script(customised.routine, wording, own_ms)
    notices = (*customised.notices, *unsaid(customised.routine))
    return Draft(routine, customised.routine, notices, wording, script, own)


def least_length_ms(draft: Draft) -> int:
    """How long a session lasts at least, as far as it is known before anything is spoken.

    That is its own length, if it has one; else words are taken to last half of what is estimated, so that nothing is
    refused which turns out to fit.
    """
    routine = draft.routine
    if routine.length_ms is not None:
        return routine.length_ms
    texts = draft.script.texts()
    return default_length_ms(
        draft.script, {text: estimate_ms(text, routine.language, routine.speed) // 2 for text in texts}
    )


def compose(draft: Draft, voice: str, speak: Speak) -> Plan:
    """Settle the words and times of a session that `voice` speaks, if anybody does.

    Raises:
        TimelineError: a length that cannot be met, cues that do not fit; only where all lengths are measured.
    """
    script, spoken = draft.script, speak(draft.script.texts())
    routine = stretched(draft.routine, script, spoken.lengths_ms)
    wording = _wording(routine, script, spoken.lengths_ms)
    if routine is not draft.routine or wording.words != draft.wording.words:
        script = write_script(routine, wording, draft.own_ms)
        spoken = speak(script.texts())
    speaker = voice if script.texts() else None
    timeline, notices = build_timeline(script, spoken.lengths_ms, voice=speaker, exact=spoken.exact)
    sounds = routine.sounds
    mix = replace(_mix(routine), sounds=sounds.set, own=draft.own, levels=routine.levels)
    # Where music sounds, earbuds stay awake; a sound of the user's own plays all the same.
    if sounds.plays("wake") and (routine.music is None or "wake" in sounds.files):
        timeline = woken(timeline, draft.own_ms.get("wake"))
    return Plan(
        draft=draft,
        routine=routine,
        script=script,
        timeline=replace(timeline, mix=mix),
        changes=changes_between(draft.written, routine),
        notices=(*draft.notices, *notices),
        reach_ms=reach_ms(script, spoken.lengths_ms),
    )


def _mix(routine: Routine) -> Mix:
    """How the session sounds; below music there is no bed."""
    if routine.music is None:
        return Mix(silence=routine.silence, lufs=routine.loudness)
    return Mix(silence="digital", music=routine.music.name, music_level=routine.music_level, lufs=routine.loudness)


def _holds_meet(routine: Routine, script: Script, lengths_ms: Mapping[str, int]) -> bool:
    """Whether the holds are stretched to the session's length, so that its silences need not be."""
    if routine.stretch != "holds" or routine.length_ms is None:
        return routine.stretch == "holds"
    least_ms, most_ms = reach_ms(script, lengths_ms, silences=False)
    return least_ms <= routine.length_ms <= most_ms


def _wording(routine: Routine, script: Script, lengths_ms: Mapping[str, int]) -> Wording:
    """What these lengths settle; where holds will meet the session's length, its silences keep their default ones."""
    if not _holds_meet(routine, script, lengths_ms):
        return settle_wording(script, lengths_ms)  # of a length that cannot be met, the nearest that can
    wording = settle_wording(replace(script, length_ms=None), lengths_ms)
    return replace(wording, total_ms=routine.length_ms or wording.total_ms)
