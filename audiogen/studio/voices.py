"""The voices that the page offers.

engines -> choices
"""

from dataclasses import dataclass
from pathlib import Path

from audiogen.clips.choose_voice import requested_voice
from audiogen.routine.model import Routine
from audiogen.routine.voice_spec import FILE_ENGINES, VoiceSpec
from audiogen.session.lines_to_record import lines_to_record
from audiogen.storage.config import network_forbidden_by
from audiogen.studio.problems import sentence
from audiogen.studio.uploads import sounds_in
from audiogen.voices import Voice, engines

_NAMES = {
    "auto": "automatic",
    "gtts": "Google",
    "builtin": "Built-in voice",
    "espeak": "eSpeak NG",
    "pico": "SVOX Pico",
    "piper": "Piper",
    "kokoro": "Kokoro",
    "recordings": "Your recordings",
}
_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "zh": "Chinese",
}
_PLACES = {
    "com": "US",
    "us": "US",
    "co.uk": "UK",
    "com.au": "Australia",
    "ca": "Canada",
    "co.in": "India",
    "ie": "Ireland",
    "co.za": "South Africa",
    "com.ng": "Nigeria",
    "fr": "France",
    "com.br": "Brazil",
    "pt": "Portugal",
    "com.mx": "Mexico",
    "es": "Spain",
}


@dataclass(frozen=True, slots=True)
class LineToRecord:
    """A line of a routine, the name of its recording without its end, and whether that is there."""

    text: str
    stem: str
    there: bool


def lines_of(routine: Routine, folder: Path) -> list[LineToRecord]:
    """The lines that somebody records to speak a routine, in its order."""
    there = {Path(name).stem for name in sounds_in(folder)}
    return [
        LineToRecord(one.text, Path(one.file).stem, Path(one.file).stem in there) for one in lines_to_record([routine])
    ]


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice in the list; `missing` says why it cannot be chosen here."""

    spec: str
    label: str
    missing: str | None = None


def voice_choices(chosen: str | None, routine: Routine) -> list[VoiceChoice]:
    """Return every engine's default voice, and the one that is chosen; each says where words go."""
    own = requested_voice(routine, None)
    found = [VoiceChoice("", f"Default: {voice_in_words(own)}")]
    for engine in engines():
        if engine.name in FILE_ENGINES:
            continue  # they need a file or a folder of the user's, which only its spec can name
        spec = VoiceSpec(engine.name)
        found.append(
            VoiceChoice(engine.name, voice_in_words(spec), sentence(engine.missing) if engine.missing else None)
        )
    if chosen and chosen not in {one.spec for one in found}:
        found.append(VoiceChoice(chosen, voice_in_words(VoiceSpec.parse(chosen))))
    return found


def voice_in_words(voice: VoiceSpec | Voice) -> str:
    """Name a voice, and where words go with it: "Google, English (UK). Your words are sent to Google."."""
    if not isinstance(voice, VoiceSpec):
        return str(voice)
    return f"{voice_name(voice)}. {_destination(voice.engine)}"


def voice_name(voice: VoiceSpec) -> str:
    """Name a voice: "Google, English (UK)", "Piper, joe.onnx"."""
    first, _, accent = voice.settings.rpartition("/")[2].partition(":")
    settings = _LANGUAGES.get(first, first) + (f" ({_PLACES.get(accent, accent)})" if accent else "")
    return f"{_NAMES.get(voice.engine, voice.engine)}{', ' if settings else ''}{settings}"


def speaker(name: str) -> str:
    """Name who speaks in a track: "Your recordings, mine and eSpeak NG, English"."""
    return " and ".join(voice_name(VoiceSpec.parse(one)) for one in name.split("+"))


def _destination(engine: str) -> str:
    if engine in ("auto", "gtts") and network_forbidden_by() is None:
        return "Your words are sent to Google." if engine == "gtts" else "Your words are sent to Google if it answers."
    return "Nothing is sent to the internet."
