"""The part of the studio's address that nobody guesses.

It is kept from start to start, since podcast apps and home screens hold on to an address, in a file that only its
owner may read.
"""

import os
import re
from pathlib import Path

from audiogen.errors import OutputError
from audiogen.share import new_token
from audiogen.storage.config import user_routines_dir
from audiogen.storage.files import replacing

__all__ = ["address_file", "kept_token"]


def address_file() -> Path:
    """Where the token is kept."""
    return user_routines_dir().parent / "studio-address"


def kept_token(*, renew: bool = False) -> str:
    """The token of earlier starts, or a new one: at the first start, where `renew` asks for it, or where it is damaged.

    Raises:
        OutputError: a new one cannot be kept.
    """
    path = address_file()
    if not renew and (kept := _read(path)):
        return kept
    token = new_token()
    with replacing(path) as file:
        if hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), 0o600)
        file.write(f"{token}\n".encode())
    return token


def _read(path: Path) -> str | None:
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read: {error}. Remove it, and a new address is made.") from error
    return text if re.fullmatch(r"[A-Za-z0-9_-]{22,}", text) else None
