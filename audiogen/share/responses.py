"""Answers that carry a file: Range and conditional requests are Starlette's affair.

path -> response
"""

from pathlib import Path
from urllib.parse import quote

from starlette.responses import FileResponse

__all__ = ["MEDIA_TYPES", "PRIVATE", "download", "playback"]

# Python's own table differs from system to system; phones go by these.
MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".opus": "audio/ogg",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
}
# Nothing of what is shared outlives its sharing, and no other site learns of it.
PRIVATE = {
    "cache-control": "private, no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


def download(path: Path, name: str | None = None) -> FileResponse:
    """A file to be kept, under `name` or its own."""
    name = name or path.name
    # Both spellings: the first for what does not know the second, which every phone of today does.
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_" for letter in name
    )
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return _answer(path, {"content-disposition": disposition})


def playback(path: Path) -> FileResponse:
    """A file to be heard in place."""
    return _answer(path, {"content-disposition": "inline"})


def _answer(path: Path, headers: dict[str, str]) -> FileResponse:
    kind = MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
    return FileResponse(path, media_type=kind, headers={**PRIVATE, **headers})
