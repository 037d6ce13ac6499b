"""One line + a voice -> a sound file, to try the voice: trimmed and levelled as it will be in a track."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from audiogen.audio.pcm import RATE, SAMPLE_BYTES
from audiogen.clips.choose_voice import choose_offline, choose_online, refuse_missing, requested_voice
from audiogen.errors import Notice, OutputError, Problem
from audiogen.routine.model import Routine
from audiogen.routine.overrides import customise
from audiogen.routine.voice_spec import VoiceSpec
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir
from audiogen.storage.files import replacing
from audiogen.track.blocks import FRAME_SAMPLES
from audiogen.voices import Voice
from audiogen.voices.pronouncing import spoken_by
from audiogen.voices.speaking import wav


@dataclass(frozen=True, slots=True)
class Said:
    """A line in a file; `sent_to` says where the words went, `fallback` why `auto` took the built-in voice."""

    path: Path
    voice: str
    length_ms: int
    sent_to: str | None
    fallback: Notice | None


def say(
    text: str,
    out: Path,
    *,
    voice: str | None = None,
    language: str | None = None,
    speed: str = "1",
    cache: Cache | None = None,
) -> Said:
    """Speak a line to a WAV or MP3 file; without a `language`, in that of the voice's spec, or in English.

    Raises:
        AudiogenError: the voice does not exist or cannot speak this, or the file cannot be written.
    """
    from audiogen.clips import record

    if out.suffix.lower() not in (".wav", ".mp3"):
        raise OutputError(Problem("session.sound-format", subject=str(out), expected=".wav or .mp3", found=out.suffix))
    store = cache or Cache(cache_dir())
    line = " ".join(text.split())
    requested, alone = _asked(voice, language, speed)
    cast = choose_online(requested, alone, (line,), store)
    refuse_missing(cast.voice, [line])
    clips = record(store, cast.voice, [line])
    with replacing(out) as file:
        write_sound(file, clips.pcm(line), clips.lengths_ms[line], out.suffix.lower())
    sent_to = cast.voice.sends_to if clips.spoken else None
    return Said(out, cast.voice.name, clips.lengths_ms[line], sent_to, cast.fallback)


def words_of(text: str, *, voice: str | None = None, language: str | None = None) -> str:
    """The words that a voice is given for a line; nothing is spoken, and nothing asked of the network.

    Raises:
        AudiogenError: the voice does not exist.
    """
    line = " ".join(text.split())
    requested, alone = _asked(voice, language, "1")
    speaker = choose_offline(requested, alone, (line,), Cache(cache_dir()))
    return spoken_by(speaker, [line]).get(line, line)


def _asked(voice: str | None, language: str | None, speed: str) -> tuple[VoiceSpec | Voice, Routine]:
    """The requested voice, and a routine of nothing that has the speed and the language of the line."""
    requested = requested_voice(_nothing(language or "en"), voice)
    own = requested.language if isinstance(requested, VoiceSpec) else None
    return requested, customise(_nothing(language or own or "en"), {"speed": speed}).routine


def write_sound(file: BinaryIO, pcm: bytes, length_ms: int, suffix: str) -> None:
    """Write a clip as ".wav" or ".mp3"."""
    (_write_wav if suffix == ".wav" else _write_mp3)(file, pcm, length_ms)


def _nothing(language: str) -> Routine:
    """A routine of nothing, which carries the language and the speed."""
    return Routine(title="One line", language=language, exercises=())


def _write_wav(file: BinaryIO, pcm: bytes, _length_ms: int) -> None:
    file.write(wav(pcm, RATE))


def _write_mp3(file: BinaryIO, pcm: bytes, length_ms: int) -> None:
    from audiogen.track import mp3
    from audiogen.track.peaks import encoded_below

    padded = pcm.ljust(mp3.frames_needed(length_ms) * FRAME_SAMPLES * SAMPLE_BYTES, b"\0")
    mp3.write_mp3(file, b"", [(0, encoded_below(padded))], length_ms)
