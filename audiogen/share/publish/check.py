"""A published site, asked for as browsers and podcast apps ask for it.

    folder with the site + the address where it was put -> Checks

Every file must be there as it is here, and say of what kind it is; of the sound a part is asked for, since players
seek that way. Nothing else is asked for, and nothing is sent but the addresses.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from audiogen.errors import Problem, SharingError
from audiogen.export.formats import is_sound
from audiogen.share.media_types import MEDIA_TYPES
from audiogen.share.publish.place import Place
from audiogen.storage.config import network_forbidden_by

if TYPE_CHECKING:
    import requests

_AT_ONCE = 6
_WAIT_S = 20
_PART = slice(1, 3)  # the bytes of a sound that are asked for
# Other names of the same kind, as hosts have them.
_ALSO = {
    ".mp3": ("audio/mp3",),
    ".m4a": ("audio/x-m4a", "audio/m4a"),
    ".m4b": ("audio/x-m4b", "audio/x-m4a", "audio/m4a"),
    ".opus": ("audio/opus", "application/ogg"),
    ".ogg": ("application/ogg",),
    ".flac": ("audio/x-flac",),
    ".wav": ("audio/x-wav", "audio/wave", "audio/vnd.wave"),
}
# What an answer must be called, where a browser or a podcast app goes by that.
_KINDS = {
    ".xml": ("application/rss+xml", "application/xml", "text/xml"),
    ".jpg": ("image/jpeg",),
    ".png": ("image/png",),
    ".json": ("application/json", "application/json+chapters"),
    **{suffix: (kind.partition(";")[0], *_ALSO.get(suffix, ())) for suffix, kind in MEDIA_TYPES.items()},
}
_WHOLE = (".html", ".xml", ".json", ".srt", ".vtt")  # compared byte by byte: an upload may be an earlier one


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one part of the site: its index and feed, or a track with all that belongs to it."""

    name: str
    files: int
    problems: tuple[str, ...]


def check(folder: Path, url: str) -> Iterator[Checked]:
    """Ask for all files of the site in a folder; `url` is where the folder was put, with a slash at its end.

    Raises: SharingError where there is no site in the folder, or the host cannot be reached.
    """
    import requests

    files = [path for path, written in Place(folder).files.items() if written.key]
    if not files:
        raise SharingError(Problem("share.not-published", subject=str(folder)))
    with requests.Session() as session, ThreadPoolExecutor(_AT_ONCE) as pool:
        _reach(session, url + quote(files[0]))
        asking = {path: pool.submit(_problem, session, folder / path, f"{url}{quote(path)}") for path in files}
        for name, paths in _parts(files).items():
            found = [(path, asking[path].result()) for path in paths]
            yield Checked(
                name, len(paths), tuple(f"{PurePosixPath(path).name}: {said}" for path, said in found if said)
            )


def _parts(files: Sequence[str]) -> dict[str, list[str]]:
    """The files by the folders that they lie in: those of the site as a whole first."""
    parts: dict[str, list[str]] = {}
    for path in sorted(files, key=lambda path: (path.count("/"), path)):
        parts.setdefault(str(PurePosixPath(path).parent), []).append(path)
    return {"the site" if folder == "." else folder: paths for folder, paths in parts.items()}


def _reach(session: "requests.Session", url: str) -> None:
    """Make sure that the host can be reached at all.

    Raises: SharingError.
    """
    import requests

    if forbidden := network_forbidden_by():
        raise SharingError(Problem("share.offline", found=forbidden))
    try:
        session.head(url, timeout=_WAIT_S)
    except requests.RequestException as error:
        raise SharingError(Problem("share.unreachable", subject=url, found=_reason(error))) from error


def _problem(session: "requests.Session", path: Path, url: str) -> str:
    """Say what is wrong with the answer for a file; nothing where it is as it should be."""
    import requests

    is_track = is_sound(path)
    headers = {
        "Accept-Encoding": "identity",
        **({"Range": f"bytes={_PART.start}-{_PART.stop - 1}"} if is_track else {}),
    }
    try:
        with session.get(url, headers=headers, timeout=_WAIT_S, stream=True) as answer:
            if answer.status_code >= 300:
                return f"the host answers {answer.status_code}; upload it"
            return _part(path, answer) if is_track else _file(path, answer)
    except requests.RequestException as error:
        return f"the answer cannot be read ({_reason(error)})"


def _part(path: Path, answer: "requests.Response") -> str:
    """Check the answer to the request for a few bytes of a sound."""
    size = path.stat().st_size
    if answer.status_code == 200:
        return "the host ignores Range and answers 200 in place of 206, so players cannot seek; choose another host"
    _, _, total = answer.headers.get("Content-Range", "").partition("/")
    if total != str(size):
        return f"the host has {total or 'an unknown number of'} bytes in place of {size}; upload it again"
    with path.open("rb") as file:
        file.seek(_PART.start)
        if answer.content != file.read(_PART.stop - _PART.start):
            return "the host answers with other bytes; upload it again"
    return _kind(path, answer)


def _file(path: Path, answer: "requests.Response") -> str:
    size = path.stat().st_size
    if path.suffix in _WHOLE:
        if answer.content != path.read_bytes():
            return "the host has it in another form; upload it again, or choose a host that does not change pages"
    elif (length := answer.headers.get("Content-Length", str(size))) != str(size):
        return f"the host has {length} bytes in place of {size}; upload it again"
    return _kind(path, answer)


def _kind(path: Path, answer: "requests.Response") -> str:
    kinds = _KINDS.get(path.suffix.lower(), ())
    found = answer.headers.get("Content-Type", "nothing").partition(";")[0].strip().lower()
    if kinds and found not in kinds:
        return f"the host calls it {found} in place of {kinds[0]}; set the type of {path.suffix}"
    return ""


def _reason(error: Exception) -> str:
    """The innermost reason, in a few words."""
    cause: BaseException = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    return getattr(cause, "strerror", None) or str(cause)[:120]
