"""Text -> MP3 by Google Translate, through gTTS: it makes headers and bodies, which `google` sends.

The text of every cue goes to Google.

gTTS and requests need a fifth of a second to load, so the first `speak` loads them; the languages are listed here, and
a test compares them with gTTS's.
"""

import functools
import queue
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from audiogen.errors import AudiogenError, Cancelled, Problem, Remedy, Unreachable, VoiceError
from audiogen.storage.config import DEFAULT_CONNECTIONS, connections, timeout_s
from audiogen.voices import Engine, kept_up
from audiogen.voices.delivery import Delivery
from audiogen.voices.parts import PACKING, packed
from audiogen.voices.speaking import network_forbidden, require_words, similar

if TYPE_CHECKING:
    from audiogen.voices.google import Patience, Translate

LONGEST_PART = 100  # characters that the service accepts at once

_LANGUAGES = """
af am ar bg bn bs ca cs cy da de el en es et eu fi fr fr-CA gl gu ha hi hr hu id is it iw ja jw km kn ko la lt lv ml mr
ms my ne nl no pa pl pt pt-PT ro ru si sk sq sr su sv sw ta te th tl tr uk ur vi yue zh zh-CN zh-TW
"""
LANGUAGES = tuple(_LANGUAGES.split())
_OTHER_NAMES = {"he": "iw", "jv": "jw", "nb": "no", "nn": "no", "fil": "tl"}

# The domains under which a language is known to sound different (gTTS's documentation, "Localized accents").
ACCENTS: Mapping[str, tuple[str, ...]] = {
    "com": ("en-US", "es-US"),
    "us": ("en-US", "es-US"),
    "co.uk": ("en-GB",),
    "com.au": ("en-AU",),
    "ca": ("en-CA", "fr-CA"),
    "co.in": ("en-IN",),
    "ie": ("en-IE",),
    "co.za": ("en-ZA",),
    "com.ng": ("en-NG",),
    "fr": ("fr-FR",),
    "com.br": ("pt-BR",),
    "pt": ("pt-PT",),
    "com.mx": ("es-MX",),
    "es": ("es-ES",),
}


class GttsVoice:
    """Speak by Google Translate in one language and accent."""

    def __init__(
        self,
        language: str,
        accent: str,
        patience: "Patience | None" = None,
        *,
        workers: int = DEFAULT_CONNECTIONS,
    ) -> None:
        self.name = f"gtts:{language}:{accent}"
        self.sends_to = f"Google Translate (translate.google.{accent})"
        self.workers = workers
        self._key: Mapping[str, str] = {
            "engine": "gtts",
            "language": language,
            "accent": accent,
        }
        self._language = language
        self._accent = accent
        self._patience = patience
        self._opening = threading.Lock()
        self._opened: Translate | None = None

    def key_of(self, text: str) -> Mapping[str, str]:
        packing = PACKING if len(text) > LONGEST_PART else 1  # what is sent as a whole is the same in all of them
        return {**self._key, "packing": str(packing), "text": text}

    def delivery(self, text: str) -> Delivery:
        return kept_up(Delivery((text,)), text, self._language)  # as few requests as there are texts

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        """Return MP3; a text of more than 100 characters is spoken in several requests and joined."""
        from gtts import gTTS

        bodies = request_bodies(text, self._language)
        service = self._service()
        return b"".join(
            service.spoken(text, body, gTTS.GOOGLE_TTS_HEADERS, cancel or threading.Event()) for body in bodies
        )

    def _service(self) -> "Translate":
        from audiogen.voices.google import Patience, Translate

        with self._opening:
            if self._opened is None:
                requested_s = timeout_s()
                patience = self._patience or (Patience.within(requested_s) if requested_s else Patience())
                self._opened = Translate(self._accent, self.workers, patience)
            return self._opened


def request_bodies(text: str, language: str) -> list[str]:
    """Make the bodies of the requests for a text, at most 100 characters each.

    Raises: VoiceError where there is nothing to speak.
    """
    from gtts import gTTS

    require_words(text)
    speech = gTTS(
        text,
        lang=language,
        lang_check=False,
        pre_processor_funcs=[_one_line],
        tokenizer_func=functools.partial(packed, longest=LONGEST_PART),
    )
    return list(speech.get_bodies())


def reachable(timeout_s: float = 3.0, tld: str = "com", cancel: threading.Event | None = None) -> None:
    """Send one small request, to see whether Google Translate can be reached at all.

    Raises: Unreachable where no answer came in time, VoiceError where its certificate is not trusted, Cancelled.
    """
    from audiogen.voices.google import Patience, Translate

    outcome: queue.SimpleQueue[AudiogenError | None] = queue.SimpleQueue()

    def probe() -> None:  # in a thread, since a name look-up has no timeout
        try:
            Translate(tld, 1, Patience()).probe(timeout_s)
            outcome.put(None)
        except AudiogenError as error:
            outcome.put(error)

    threading.Thread(target=probe, daemon=True).start()
    for _ in range(max(1, round(timeout_s * 10))):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        try:
            error = outcome.get(timeout=0.1)
        except queue.Empty:
            continue
        if error is not None:
            raise error
        return
    raise Unreachable(Problem("voices.google-silent", subject=f"translate.google.{tld}", expected=f"{timeout_s:g} s"))


def open_gtts(settings: Sequence[str], language: str) -> GttsVoice:
    """Open the voice for the settings of a spec: none, a language, or a language and an accent.

    Raises: VoiceError on an unknown language or accent, one that is not the routine's, or where the user forbids the
    network.
    """
    if forbidden := network_forbidden():
        raise VoiceError(forbidden)
    if len(settings) > 2:
        raise VoiceError(Problem("voices.gtts-parts", subject=f"gtts:{':'.join(settings)}"))
    requested, accent = ([*settings, "", ""])[:2]
    if requested and _base(requested) != _base(language):
        automatic = (Remedy("default-voice", "voice", "gtts"),)
        raise VoiceError(
            Problem("voices.other-language", subject=f"gtts:{requested}", expected=language, remedies=automatic)
        )
    spoken = requested or language
    if accent and accent not in ACCENTS:
        remedies = similar(accent, tuple(ACCENTS), f"gtts:{requested}:")
        raise VoiceError(Problem("voices.gtts-accent", subject=accent, expected=", ".join(ACCENTS), remedies=remedies))
    return GttsVoice(_language(spoken), accent or _accent(spoken), workers=connections())


def _language(spoken: str) -> str:
    """Return gTTS's name for a language: the whole tag if it has that, else its first part."""
    known = {name.lower(): name for name in LANGUAGES}
    for name in (spoken.lower(), _base(spoken)):
        if name in known:
            return known[name]
    raise VoiceError(Problem("voices.gtts-language", subject=spoken, expected=", ".join(LANGUAGES)))


def _accent(spoken: str) -> str:
    locale = spoken.lower()
    return next((tld for tld, locales in ACCENTS.items() if locale in map(str.lower, locales)), "com")


def _base(language: str) -> str:
    base = language.lower().partition("-")[0]
    return _OTHER_NAMES.get(base, base)


def describe() -> Engine:
    """Describe the engine for `audiogen voices`, without checking whether it can be reached."""
    return Engine("gtts", "gtts:en:co.uk", LANGUAGES, tuple(ACCENTS), "Google Translate", network_forbidden())


def _one_line(text: str) -> str:
    return " ".join(text.split())
