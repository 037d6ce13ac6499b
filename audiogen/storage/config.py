"""The folders, the default voice and the pronunciations: environment -> routine -> config file -> default.

The folders are the platform's own (platformdirs); none of them need exist.
"""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar

from audiogen.errors import AudiogenError, Place, Problem
from audiogen.storage.files import from_home
from audiogen.storage.toml import line_of, read_toml

DEFAULT_CACHE_BYTES = 1_000_000_000
DEFAULT_CONNECTIONS, MOST_CONNECTIONS = 4, 8
T = TypeVar("T")
_KEYS = ("voice", "pronounce", "cache_limit", "connections", "phrases", "allow_network")
_ALLOWED = ("", "0", "no", "off", "false")  # values of AUDIOGEN_OFFLINE that change nothing


def cache_dir() -> Path:
    """The folder of the cache: AUDIOGEN_CACHE_DIR, else the platform's."""
    if written := os.environ.get("AUDIOGEN_CACHE_DIR", "").strip():
        return from_home(written)
    from platformdirs import user_cache_path  # 40 ms that not every command needs

    try:
        return user_cache_path("audiogen", appauthor=False)
    except RuntimeError as error:
        raise AudiogenError(Problem("storage.no-home", subject="AUDIOGEN_CACHE_DIR")) from error


def cache_limit_bytes() -> int:
    """How large the cache may grow: AUDIOGEN_CACHE_LIMIT such as "500 MB", else `cache_limit` in the config file, 1 GB.

    Raises:
        AudiogenError: the value is not a size, or the config file cannot be read.
    """
    if written := os.environ.get("AUDIOGEN_CACHE_LIMIT", "").strip():
        return _size_bytes(written, "AUDIOGEN_CACHE_LIMIT")
    text, document = _written()
    if "cache_limit" not in document:
        return DEFAULT_CACHE_BYTES
    return _size_bytes(document["cache_limit"], "cache_limit", _place("cache_limit", text))


def timeout_s() -> float | None:
    """The timeout in seconds of a request over the network: AUDIOGEN_TIMEOUT; None where it is unset.

    Raises:
        AudiogenError: the value is not a number from 1 to 600.
    """
    written = os.environ.get("AUDIOGEN_TIMEOUT", "").strip()
    if not written:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", written, re.ASCII) or not 1 <= float(written) <= 600:
        raise AudiogenError(Problem("storage.timeout", subject="AUDIOGEN_TIMEOUT", found=written))
    return float(written)


def connections() -> int:
    """How many requests to Google may be under way: AUDIOGEN_CONNECTIONS, else `connections` in the config file, or 4.

    Raises:
        AudiogenError: the value is not a number from 1 to 8, or the config file cannot be read.
    """
    place, subject, written = None, "AUDIOGEN_CONNECTIONS", os.environ.get("AUDIOGEN_CONNECTIONS", "").strip()
    if not written:
        text, document = _written()
        if "connections" not in document:
            return DEFAULT_CONNECTIONS
        place, subject, written = _place("connections", text), "connections", str(document["connections"])
    if not re.fullmatch("[1-9]", written) or int(written) > MOST_CONNECTIONS:
        most = str(MOST_CONNECTIONS)
        raise AudiogenError(Problem("storage.connections", place, subject, expected=most, found=written))
    return int(written)


def network_forbidden_by() -> str | None:
    """What forbids to send anything over the network: AUDIOGEN_OFFLINE or the config file; None where nothing does.

    No routine, table or flag can allow what one of them forbids.

    Raises:
        AudiogenError: `allow_network` is neither true nor false, or the config file cannot be read.
    """
    if os.environ.get("AUDIOGEN_OFFLINE", "").strip().lower() not in _ALLOWED:
        return "AUDIOGEN_OFFLINE"
    text, document = _written()
    allowed = document.get("allow_network", True)
    if not isinstance(allowed, bool):
        raise AudiogenError(Problem("storage.allow-network", _place("allow_network", text), found=repr(allowed)))
    return None if allowed else f"allow_network in {config_file()}"


def source_date() -> str | None:
    """The date that SOURCE_DATE_EPOCH names, in seconds since 1970 (UTC), for tracks whose routine has none.

    Raises:
        AudiogenError: the value is not a number of seconds.
    """
    written = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not written:
        return None
    try:
        return datetime.fromtimestamp(int(written), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise AudiogenError(Problem("storage.source-date", subject="SOURCE_DATE_EPOCH", found=written)) from error


def _size_bytes(written: object, subject: str, place: Place | None = None) -> int:
    size = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([MG])B", str(written).strip(), re.IGNORECASE | re.ASCII)
    if size is None:
        raise AudiogenError(Problem("storage.cache-limit", place, subject, found=str(written)))
    return round(float(size[1]) * {"M": 1e6, "G": 1e9}[size[2].upper()])


def user_routines_dir() -> Path:
    """The folder of the user's own routines, which are found by name from anywhere."""
    from platformdirs import user_data_path

    return _own(user_data_path) / "routines"


def user_phrases_dir() -> Path:
    """The folder of the user's own languages, a file each."""
    from platformdirs import user_data_path

    return user_data_path("audiogen", appauthor=False) / "phrases"


def config_file() -> Path:
    """The config file, in TOML: voice = "builtin", tables [pronounce] with lines such as Marichi = "mah-ree-chee" and
    [phrases] with lines such as switch = "Other side."."""
    from platformdirs import user_config_path

    return _own(user_config_path) / "config.toml"


def _own(folder: Callable[[str, Literal[False]], Path]) -> Path:
    """One of the user's folders; for a user without a home, as services are, that of the cache stands in for all."""
    try:
        return folder("audiogen", False)
    except RuntimeError:
        return cache_dir()


def default_voice(own: T | None = None) -> T | str | None:
    """The voice where no flag names one: AUDIOGEN_VOICE, else the routine's `own`, else `voice` in the config file.

    Raises:
        AudiogenError: the config file is needed and cannot be read, is not TOML, or has no text as its `voice`.
    """
    if written := os.environ.get("AUDIOGEN_VOICE", "").strip():
        return written
    if own:
        return own
    text, document = _written()
    voice = document.get("voice")
    if voice is not None and not (isinstance(voice, str) and voice.strip()):
        raise AudiogenError(Problem("storage.default-voice", _place("voice", text), "voice", found=repr(voice)))
    return voice.strip() if voice else None


def pronunciations() -> dict[str, str]:
    """How words are said, whatever the routine: the table [pronounce] of the config file.

    Raises:
        AudiogenError: the config file cannot be read, is not TOML, or has something else in that table.
    """
    text, document = _written()
    words = document.get("pronounce", {})
    if not isinstance(words, dict):
        raise AudiogenError(Problem("storage.pronounce-table", _place("pronounce", text), "pronounce"))
    for word, sound in words.items():
        if not (isinstance(sound, str) and any(letter.isalnum() for letter in sound)):
            raise AudiogenError(Problem("storage.pronunciation", _place(word, text), word, found=repr(sound)))
    return words


def phrases_table() -> tuple[str, object]:
    """The config file's text and its table [phrases]: what is said in place of standard phrases.

    Raises:
        AudiogenError: the config file cannot be read, or is not TOML.
    """
    text, document = _written()
    return text, document.get("phrases", {})


def _written() -> tuple[str, dict[str, Any]]:
    """The config file's text and what it says; nothing where there is none."""
    text, document = read_toml(config_file())
    for key in document:
        if key not in _KEYS:
            if near := get_close_matches(key, _KEYS, n=1):
                raise AudiogenError(Problem("storage.misspelt-key", _place(key, text), key, expected=near[0]))
            raise AudiogenError(Problem("storage.unknown-key", _place(key, text), key, expected=", ".join(_KEYS)))
    return text, document


def _place(key: str, text: str) -> Place:
    return Place(str(config_file()), line_of(key, text))
