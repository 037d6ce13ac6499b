"""Where things are kept, which voice is usual, how words are said: environment -> routine -> config file -> default.

The folders are the platform's own (platformdirs); none of them need exist.
"""

import os
import re
import tomllib
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from audiogen.errors import AudiogenError

__all__ = [
    "cache_dir",
    "cache_limit_bytes",
    "config_file",
    "connections",
    "default_voice",
    "pronunciations",
    "source_date",
    "timeout_s",
    "user_routines_dir",
]

USUAL_CACHE_BYTES = 1_000_000_000
USUAL_CONNECTIONS, MOST_CONNECTIONS = 4, 8
T = TypeVar("T")
_KEYS = ("voice", "pronounce", "cache_limit", "connections")


def cache_dir() -> Path:
    """The folder of the cache: AUDIOGEN_CACHE_DIR, else the platform's."""
    if written := os.environ.get("AUDIOGEN_CACHE_DIR", "").strip():
        return Path(written).expanduser()
    from platformdirs import user_cache_path  # 40 ms that not every command needs

    return user_cache_path("audiogen", appauthor=False)


def cache_limit_bytes() -> int:
    """How large the cache may grow: AUDIOGEN_CACHE_LIMIT such as "500 MB", else `cache_limit` in the config file, 1 GB.

    Raises:
        AudiogenError: that is no size, or the config file cannot be read.
    """
    if written := os.environ.get("AUDIOGEN_CACHE_LIMIT", "").strip():
        return _size_bytes(written, "AUDIOGEN_CACHE_LIMIT")
    text, document = _written()
    if "cache_limit" not in document:
        return USUAL_CACHE_BYTES
    return _size_bytes(document["cache_limit"], f"{config_file()}:{_line_of('cache_limit', text)}: cache_limit")


def timeout_s() -> float | None:
    """How many seconds a request over the network may take, for slow lines: AUDIOGEN_TIMEOUT; None where it is unset.

    Raises:
        AudiogenError: that is no number from 1 to 600.
    """
    written = os.environ.get("AUDIOGEN_TIMEOUT", "").strip()
    if not written:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", written, re.ASCII) or not 1 <= float(written) <= 600:
        raise AudiogenError(f"AUDIOGEN_TIMEOUT must be seconds from 1 to 600, such as 60, found '{written}'")
    return float(written)


def connections() -> int:
    """How many requests to Google may be under way: AUDIOGEN_CONNECTIONS, else `connections` in the config file, or 4.

    Raises:
        AudiogenError: that is no number from 1 to 8, or the config file cannot be read.
    """
    where, written = "AUDIOGEN_CONNECTIONS", os.environ.get("AUDIOGEN_CONNECTIONS", "").strip()
    if not written:
        text, document = _written()
        if "connections" not in document:
            return USUAL_CONNECTIONS
        where = f"{config_file()}:{_line_of('connections', text)}: connections"
        written = str(document["connections"])
    if not re.fullmatch("[1-9]", written) or int(written) > MOST_CONNECTIONS:
        raise AudiogenError(f"{where} must be a number from 1 to {MOST_CONNECTIONS}, found '{written}'")
    return int(written)


def source_date() -> str | None:
    """The date that SOURCE_DATE_EPOCH names, in seconds since 1970 (UTC), for tracks whose routine has none.

    Raises:
        AudiogenError: that is no number of seconds.
    """
    written = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not written:
        return None
    try:
        return datetime.fromtimestamp(int(written), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise AudiogenError(f"SOURCE_DATE_EPOCH must be seconds since 1970, found '{written}'") from error


def _size_bytes(written: object, where: str) -> int:
    size = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([MG])B", str(written).strip(), re.IGNORECASE | re.ASCII)
    if size is None:
        raise AudiogenError(f"{where} must be a size such as 500 MB or 2 GB, found '{written}'")
    return round(float(size[1]) * {"M": 1e6, "G": 1e9}[size[2].upper()])


def user_routines_dir() -> Path:
    """The folder of the user's own routines, which are found by name from anywhere."""
    from platformdirs import user_data_path

    return user_data_path("audiogen", appauthor=False) / "routines"


def config_file() -> Path:
    """The config file, in TOML: voice = "builtin", and a table [pronounce] with lines such as psoas = "so-ass"."""
    from platformdirs import user_config_path

    return user_config_path("audiogen", appauthor=False) / "config.toml"


def default_voice(own: T | None = None) -> T | str | None:
    """The voice where no flag names one: AUDIOGEN_VOICE, else the routine's `own`, else `voice` in the config file.

    Raises:
        AudiogenError: the config file is needed and cannot be read, is no TOML, or has no text as its `voice`.
    """
    if written := os.environ.get("AUDIOGEN_VOICE", "").strip():
        return written
    if own:
        return own
    text, document = _written()
    voice = document.get("voice")
    if voice is not None and not (isinstance(voice, str) and voice.strip()):
        raise AudiogenError(
            f"{config_file()}:{_line_of('voice', text)}: "
            f'voice must be a text such as "builtin" or "gtts:en:co.uk", found {voice!r}'
        )
    return voice.strip() if voice else None


def pronunciations() -> dict[str, str]:
    """How words are said, whatever the routine: the table [pronounce] of the config file.

    Raises:
        AudiogenError: the config file cannot be read, is no TOML, or has something else in that table.
    """
    text, document = _written()
    words = document.get("pronounce", {})
    if not isinstance(words, dict):
        where = f"{config_file()}:{_line_of('pronounce', text)}"
        raise AudiogenError(f'{where}: pronounce must be a table [pronounce] with lines such as psoas = "so-ass"')
    for word, sound in words.items():
        if not (isinstance(sound, str) and any(letter.isalnum() for letter in sound)):
            where = f"{config_file()}:{_line_of(word, text)}"
            raise AudiogenError(f"{where}: {word} must be a text, how the word is said, found {sound!r}")
    return words


def _written() -> tuple[str, dict[str, Any]]:
    """The config file's text and what it says; nothing where there is none."""
    path = config_file()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "", {}
    except OSError as error:
        raise AudiogenError(f"{path}: cannot be read: {error.strerror or error}") from error
    text, document = _toml(content, path)
    for key in document:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"the keys here are {', '.join(_KEYS)}"
            raise AudiogenError(f"{path}:{_line_of(key, text)}: '{key}' is no key here; {hint}")
    return text, document


def _toml(content: bytes, path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise AudiogenError(f"{path}:{line}: must be UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        where = f"{path}:{place[1]}:{place[2]}" if place else f"{path}"
        what = str(error).split(" (at ", 1)[0]
        raise AudiogenError(f'{where}: is not TOML: {what}; write lines such as voice = "builtin"') from error


def _line_of(key: str, text: str) -> int:
    starts = re.compile(rf"\s*[\[\"']*{re.escape(key)}\b")
    return next((number for number, line in enumerate(text.splitlines(), 1) if starts.match(line)), 1)
