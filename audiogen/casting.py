"""Which voice speaks a session.

    Routine + wish + what is recorded -> Voice

A named voice is taken or is an error. `auto` takes a voice that has every cue recorded (gTTS before the built-in one)
without touching the network; else gTTS where Google answers a probe of three seconds, else the built-in voice for the
whole track. "Unreachable" is believed for ten minutes.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from audiogen.cache import Cache
from audiogen.clips import recorded_lengths
from audiogen.config import default_voice
from audiogen.errors import Unreachable, VoiceError
from audiogen.routine import Routine
from audiogen.voices import Voice, open_voice

__all__ = ["Cast", "asked_voice", "cast_with_network", "cast_without", "cast_without_network"]

VERDICT_S = 600


class Cast(NamedTuple):
    """A voice; `instead` says why it is not the one that `auto` would rather have."""

    voice: Voice
    instead: str | None = None


class _Nobody:
    """The voice of a session in which nothing is spoken."""

    name = "none"
    key: Mapping[str, str] = MappingProxyType({"engine": "none"})
    workers = 1
    sends_to = None

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:  # noqa: ARG002 - the protocol's
        raise VoiceError(f"Nobody is there to speak '{text}'.")


NOBODY: Voice = _Nobody()


def asked_voice(routine: Routine, voice: str | Voice | None) -> str | Voice:
    """The voice that is wished for: the caller's, the environment's, the routine's, the user's, or `auto`."""
    return voice or default_voice(routine.voice) or "auto"


def cast_without_network(spec: str | Voice, routine: Routine, texts: tuple[str, ...], store: Cache) -> Voice:
    """The voice that a render would most likely take; nothing is asked of the network, and of nobody without texts.

    Raises:
        VoiceError: no such voice, or none that speaks the routine's language.
    """
    if not texts:
        return NOBODY
    if spec != "auto":
        return _open(spec, routine)
    recorded = _recorded(routine, texts, store)
    if recorded:
        return recorded
    offered = list(_candidates(routine))
    if not offered:
        return open_voice("gtts", routine.language)  # its error names the languages that it speaks
    return offered[-1] if _known_unreachable(store) else offered[0]


def cast_with_network(spec: str | Voice, routine: Routine, texts: tuple[str, ...], store: Cache) -> Cast:
    """The voice of a render.

    Raises:
        VoiceError: no such voice, or none that speaks the routine's language here and now.
    """
    if not texts:
        return Cast(NOBODY)
    if spec != "auto":
        return Cast(_open(spec, routine))
    recorded = _recorded(routine, texts, store)
    if recorded:
        return Cast(recorded)
    try:
        gtts = open_voice("gtts", routine.language)
    except VoiceError:
        return Cast(open_voice("builtin", routine.language))
    if _known_unreachable(store):
        return cast_without(Unreachable("Google could not be reached a few minutes ago."), routine, store)
    try:
        from audiogen.voices.gtts import reachable

        reachable()
    except Unreachable as error:
        return cast_without(error, routine, store)
    return Cast(gtts)


def cast_without(error: Unreachable, routine: Routine, store: Cache) -> Cast:
    """The built-in voice in place of the one that could not be reached, which is remembered.

    Raises:
        VoiceError: the built-in voice does not speak the routine's language.
    """
    _remember_unreachable(store)
    try:
        return Cast(open_voice("builtin", routine.language), error.cause)
    except VoiceError as refusal:
        raise VoiceError(f"{error.cause} {refusal}") from error


def _open(spec: str | Voice, routine: Routine) -> Voice:
    return open_voice(spec, routine.language) if isinstance(spec, str) else spec


def _candidates(routine: Routine) -> Iterator[Voice]:
    """The voices that `auto` chooses from, the preferred one first."""
    for spec in ("gtts", "builtin"):
        try:
            yield open_voice(spec, routine.language)
        except VoiceError:
            continue


def _recorded(routine: Routine, texts: tuple[str, ...], store: Cache) -> Voice | None:
    """The first candidate that has every text recorded."""
    return next(
        (voice for voice in _candidates(routine) if len(recorded_lengths(store, voice, texts)) == len(texts)),
        None,
    )


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
