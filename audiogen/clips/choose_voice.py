"""Which voice speaks a session.

    Routine + request + what is recorded -> Voice

A named voice is taken or is an error. `auto` takes gTTS where every cue is recorded, without touching the network, or
where Google answers a probe of three seconds; else the built-in voice for the whole track. "Unreachable" is believed
for ten minutes, so a session that was once spoken by the built-in voice does not stay with it.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from audiogen.clips import is_recorded
from audiogen.errors import Barred, Notice, Problem, Unreachable, VoiceError
from audiogen.routine.model import Routine
from audiogen.routine.voice_spec import AUTO, VoiceSpec
from audiogen.storage.cache import Cache
from audiogen.storage.config import default_voice, pronunciations
from audiogen.timeline.model import Timeline
from audiogen.voices import Manner, Selective, Voice, open_voice
from audiogen.voices.delivery import Delivery
from audiogen.voices.pronouncing import Pronouncing

VERDICT_S = 600
_GTTS, _BUILTIN = VoiceSpec("gtts"), VoiceSpec("builtin")


class Choice(NamedTuple):
    """A voice; `fallback` says why it is not the one that `auto` prefers."""

    voice: Voice
    fallback: Notice | None = None


class _Nobody:
    """The voice of a session in which nothing is spoken."""

    name = "none"
    workers = 1
    sends_to = None

    def key_of(self, text: str) -> Mapping[str, str]:
        return {"engine": "none", "text": text}

    def delivery(self, text: str) -> Delivery:
        return Delivery((text,))

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:  # noqa: ARG002 - the protocol's
        raise VoiceError(Problem("clips.no-voice", subject=text))


NOBODY: Voice = _Nobody()


def requested_voice(routine: Routine, voice: str | Voice | None) -> VoiceSpec | Voice:
    """Return the requested voice: the caller's, the environment's, the routine's, the user's, or `auto`."""
    asked: str | VoiceSpec | Voice = default_voice(routine.voice) or AUTO if voice is None else voice
    return VoiceSpec.parse(asked) if isinstance(asked, str) else asked


def choose_offline(spec: VoiceSpec | Voice, routine: Routine, texts: tuple[str, ...], store: Cache) -> Voice:
    """The voice that a render would most likely take; nothing is asked of the network, and of nobody without texts.

    Raises:
        VoiceError: no such voice, or none that speaks the routine's language.
    """
    if not texts:
        return NOBODY
    if spec != AUTO:
        return _open(spec, routine)
    recorded = _recorded(routine, texts, store)
    if recorded:
        return recorded
    offered = list(_candidates(routine))
    if not offered:
        return _open(_GTTS, routine)  # its error names the languages that it speaks
    return offered[-1] if _known_unreachable(store) else offered[0]


def choose_online(spec: VoiceSpec | Voice, routine: Routine, texts: tuple[str, ...], store: Cache) -> Choice:
    """The voice of a render.

    Raises:
        VoiceError: no such voice, or none that speaks the routine's language here and now.
    """
    if not texts:
        return Choice(NOBODY)
    if spec != AUTO:
        return Choice(_open(spec, routine))
    recorded = _recorded(routine, texts, store)
    if recorded:
        return Choice(recorded)
    try:
        gtts = _open(_GTTS, routine)
    except VoiceError as refusal:
        try:
            return Choice(_open(_BUILTIN, routine))
        except VoiceError as other:
            raise VoiceError(*refusal.problems, *other.problems) from other
    if _known_unreachable(store):
        return choose_builtin(Unreachable(Problem("clips.recently-unreachable")), routine, store)
    try:
        from audiogen.voices.gtts import reachable

        reachable()
    except Unreachable as error:
        return choose_builtin(error, routine, store)
    return Choice(gtts)


def choose_builtin(error: Unreachable, routine: Routine, store: Cache) -> Choice:
    """The built-in voice in place of the one that could not be reached.

    That is remembered, but where a setting of this machine is the cause: it is seen at once, and as soon as it is
    mended.

    Raises:
        VoiceError: the built-in voice does not speak the routine's language.
    """
    if not isinstance(error, Barred):
        _remember_unreachable(store)
    try:
        voice = _open(_BUILTIN, routine)
    except VoiceError as refusal:
        raise VoiceError(error.cause, *refusal.args) from error
    return Choice(voice, Notice("clips.fallback", subject=voice.name, found=str(error.cause)))


def refuse_missing(voice: Voice, texts: Sequence[str]) -> None:
    """Before anything is spoken, see whether a voice of recordings has it all.

    Raises:
        VoiceError: it lacks texts, which are all listed, and no other voice may speak them.
    """
    if isinstance(voice, Selective):
        voice.require(texts)


def not_recorded(voice: Voice, timeline: Timeline) -> tuple[str, ...]:
    """The texts of a session that a voice of recordings lacks, in order."""
    texts = [event.text for event in timeline.events if event.kind == "say" and event.text]
    return voice.missing(texts) if isinstance(voice, Selective) else ()


def _open(spec: VoiceSpec | Voice, routine: Routine) -> Voice:
    """The voice, set to speak as the routine asks."""
    words = words_of(routine)
    if isinstance(spec, VoiceSpec):
        return open_voice(spec, routine.language, Manner(routine.speed, words, routine.fill))
    return spec if isinstance(spec, Selective) else Pronouncing(spec, words, routine.language, routine.speed)


def words_of(routine: Routine) -> dict[str, str]:
    """How words are said: as the config file has it, but for those that the routine says otherwise."""
    own = {word.casefold() for word in routine.pronounce}
    default = {word: sound for word, sound in pronunciations().items() if word.casefold() not in own}
    return {**default, **routine.pronounce}


def _candidates(routine: Routine) -> Iterator[Voice]:
    """The voices that `auto` chooses from, the preferred one first."""
    for spec in (_GTTS, _BUILTIN):
        try:
            yield _open(spec, routine)
        except VoiceError:
            continue


def _recorded(routine: Routine, texts: tuple[str, ...], store: Cache) -> Voice | None:
    """The preferred candidate, if it has every text recorded."""
    preferred = next(_candidates(routine), None)
    return preferred if preferred is not None and is_recorded(store, preferred, texts) else None


def _verdict_path(store: Cache) -> Path:
    return store.root / "google-unreachable"


def _known_unreachable(store: Cache) -> bool:
    try:
        age_s = time.time() - _verdict_path(store).stat().st_mtime
    except OSError:
        return False
    return 0 <= age_s < VERDICT_S


def _remember_unreachable(store: Cache) -> None:
    if _known_unreachable(store):
        return  # a verdict is not prolonged by being used
    try:
        store.root.mkdir(parents=True, exist_ok=True)
        _verdict_path(store).touch()
    except OSError:
        return  # the next render probes again, which costs three seconds and nothing else
