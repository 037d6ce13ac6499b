"""Who speaks a session, and for how long.

Draft + voice -> Plan                  from recorded and estimated lengths, without the network
Draft + voice -> Plan, Clips, Choice     from speech itself
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from audiogen.clips import Clips, record, recorded_lengths
from audiogen.clips.choose_voice import (
    Choice,
    choose_builtin,
    choose_offline,
    choose_online,
    not_recorded,
    refuse_missing,
)
from audiogen.errors import Notice, Remedy, Unreachable
from audiogen.routine.voice_spec import AUTO, VoiceSpec
from audiogen.storage.cache import Cache
from audiogen.text import counted
from audiogen.timeline.compose import Draft, Plan, Spoken, compose
from audiogen.voices import Remarked, Voice, estimate_ms
from audiogen.voices.pronouncing import spoken_by, unmarked, unused_phonemes


class SpokenPlan(NamedTuple):
    """A plan whose lengths are those of its clips, which `cast` spoke."""

    plan: Plan
    clips: Clips
    cast: Choice

    @property
    def filled(self) -> tuple[str, ...]:
        """The texts that another voice spoke because they were not recorded."""
        return not_recorded(self.cast.voice, self.plan.timeline)


def foreseen(begun: Draft, asked: VoiceSpec | Voice, store: Cache) -> Plan:
    """Plan a draft as it would sound now: recorded lengths where there are some, else estimates."""
    voice = choose_offline(asked, begun.routine, begun.script.texts(), store)

    def speak(texts: Sequence[str]) -> Spoken:
        language, speed = begun.routine.language, begun.routine.speed
        recorded, worded = recorded_lengths(store, voice, texts), spoken_by(voice, texts)
        said = {text: unmarked(worded.get(text, text)) for text in texts}
        lengths_ms = {text: recorded.get(text) or estimate_ms(said[text], language, speed) for text in texts}
        return Spoken(lengths_ms, len(recorded) == len(texts))

    plan = _worded(compose(begun, voice.name, speak), voice)
    missing = () if begun.routine.fill else not_recorded(voice, plan.timeline)
    if not missing:
        return plan
    remedy = Remedy("list-lines", command="audiogen cues")
    return plan.with_notice(Notice("session.not-recorded", found=counted(len(missing), "line"), remedies=(remedy,)))


def _worded(plan: Plan, voice: Voice) -> Plan:
    """The plan with what the voice is given for texts that it does not speak as they are written, and its remarks."""
    texts = plan.script.texts()
    plan = replace(plan, spoken=spoken_by(voice, texts))
    for remark in voice.remarks() if isinstance(voice, Remarked) else ():
        plan = plan.with_notice(remark)
    unused = unused_phonemes(voice, texts)
    return plan.with_notice(_without_phonemes(unused, voice)) if unused else plan


def _without_phonemes(words: Sequence[str], voice: Voice) -> Notice:
    able = Remedy("builtin-voice", "voice", "builtin")
    return Notice("session.phonemes-unused", subject=", ".join(words), found=voice.name, remedies=(able,))


def spoken(
    begun: Draft,
    asked: VoiceSpec | Voice,
    store: Cache,
    progress: Callable[[int, int], None],
    cancel: threading.Event | None,
) -> SpokenPlan:
    """Speak a draft and plan it by what was spoken; `auto` takes the built-in voice where the service is unreachable.

    Raises:
        VoiceError: the voice does not exist, fails or lacks words.
        TimelineError: a length that cannot be met, cues that do not fit.
        Cancelled: `cancel` was set.
    """

    def speak_by(cast: Choice) -> SpokenPlan:
        clips = Clips(store, cast.voice, {}, begun.routine.loudness)

        def speak(texts: Sequence[str]) -> Spoken:
            refuse_missing(cast.voice, texts)
            record(store, cast.voice, texts, progress, cancel, clips)
            return Spoken(clips.lengths_ms, True)

        return SpokenPlan(_worded(compose(begun, cast.voice.name, speak), cast.voice), clips, cast)

    cast = choose_online(asked, begun.routine, begun.script.texts(), store)
    try:
        return speak_by(cast)
    except Unreachable as error:
        if asked != AUTO:
            raise
        return speak_by(choose_builtin(error, begun.routine, store))
