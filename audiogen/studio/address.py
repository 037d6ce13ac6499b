"""Keep the part of the studio's address that cannot be guessed.

It stays the same between starts, since podcast apps and home screens remember an address, in a file that only its owner
may read.
"""

import re
from pathlib import Path

from audiogen.errors import OutputError, Problem
from audiogen.share import new_token
from audiogen.storage.config import user_routines_dir
from audiogen.storage.files import replacing


def address_file() -> Path:
    """Return the file of the token."""
    return user_routines_dir().parent / "studio-address"


def saved_token(*, renew: bool = False) -> str:
    """Return the token of earlier starts, or a new one: at the first start, with `renew`, or if it is damaged.

    Raises:
        OutputError: a new one cannot be saved.
    """
    path = address_file()
    if not renew and (saved := _read(path)):
        return saved
    token = new_token()
    with replacing(path, private=True) as file:
        file.write(f"{token}\n".encode())
    return token


def _read(path: Path) -> str | None:
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        problem = Problem("studio.unreadable-address", subject=str(path), found=str(error))
        raise OutputError(problem) from error
    return text if re.fullmatch(r"[A-Za-z0-9_-]{22,}", text) else None
