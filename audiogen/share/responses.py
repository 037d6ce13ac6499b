"""Responses that carry a file. Starlette answers Range and conditional requests.

path -> response
"""

from pathlib import Path
from urllib.parse import quote

from starlette.responses import FileResponse

from audiogen.share.media_types import MEDIA_TYPES

# Nothing is cached longer than it is shared, and other sites learn nothing of it.
PRIVATE = {
    "cache-control": "private, no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


def download(path: Path, name: str | None = None) -> FileResponse:
    """Return a file to be saved, under `name` or its own name."""
    name = name or path.name
    # Both spellings: the first is for old browsers that do not know the second.
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_" for letter in name
    )
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return _answer(path, {"content-disposition": disposition})


def playback(path: Path) -> FileResponse:
    """Return a file to be played in the browser."""
    return _answer(path, {"content-disposition": "inline"})


def _answer(path: Path, headers: dict[str, str]) -> FileResponse:
    kind = MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
    return FileResponse(path, media_type=kind, headers={**PRIVATE, **headers})
