"""Where things are kept and which voice is usual: environment -> config file -> default, in this order."""

import os
import tomllib
from pathlib import Path

from audiogen.errors import AudiogenError

__all__ = ["cache_dir", "config_file", "default_voice", "user_routines_dir"]


def cache_dir() -> Path:
    """The folder of the cache: AUDIOGEN_CACHE_DIR, else the platform's. It need not exist yet."""
    if written := os.environ.get("AUDIOGEN_CACHE_DIR", "").strip():
        return Path(written).expanduser()
    from platformdirs import user_cache_path  # 40 ms that most commands can do without

    return user_cache_path("audiogen", appauthor=False)


def user_routines_dir() -> Path:
    """The folder of one's own routines, found by name from anywhere. It need not exist yet."""
    from platformdirs import user_data_path

    return user_data_path("audiogen", appauthor=False) / "routines"


def config_file() -> Path:
    """Where the config file would be."""
    from platformdirs import user_config_path

    return user_config_path("audiogen", appauthor=False) / "config.toml"


def default_voice() -> str | None:
    """The voice for routines that name none: AUDIOGEN_VOICE, else `voice` in the config file, else None.

    Raises:
        AudiogenError: the config file cannot be read, is no TOML, or has no text as its `voice`.
    """
    if written := os.environ.get("AUDIOGEN_VOICE", "").strip():
        return written
    path = config_file()
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise AudiogenError(f"{path}:{line}: the config file must be UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise AudiogenError(f"{path}: the config file cannot be read: {error.strerror or error}") from error
    return _voice_in(text, path)


def _voice_in(text: str, path: Path) -> str | None:
    try:
        voice = tomllib.loads(text).get("voice")
    except tomllib.TOMLDecodeError as error:
        raise AudiogenError(f"{path}: the config file is no TOML: {error}; expected lines such as voice = \"builtin\"") from error
    if voice is None:
        return None
    if not isinstance(voice, str) or not voice.strip():
        line = next((n for n, row in enumerate(text.splitlines(), 1) if row.lstrip().startswith("voice")), 1)
        raise AudiogenError(f"{path}:{line}: voice must be a text such as \"builtin\" or \"gtts:en:co.uk\", found {voice!r}")
    return voice.strip()
