"""Text -> the user's own recording of it, from a folder: in any format of libsndfile's or, where installed, ffmpeg's.

The words of a line are the name of its file: "Switch sides." is `switch-sides.wav`. A line without a file is an error,
unless the user names another voice that fills in.
"""

import functools
import hashlib
import io
import os
import re
import subprocess
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from audiogen.audio.ffmpeg import find_ffmpeg
from audiogen.audio.libsndfile import reason_of
from audiogen.audio.pcm import RATE
from audiogen.errors import Cancelled, Problem, Remedy, VoiceError
from audiogen.storage.files import is_folder
from audiogen.text import counted
from audiogen.voices import Engine, Manner, Voice, Worded, open_voice
from audiogen.voices.delivery import Delivery

READABLE = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".caf", ".au")  # by libsndfile
CONVERTED = (".m4a", ".m4b", ".mp4", ".mov", ".aac", ".3gp", ".amr", ".webm", ".mka", ".wma")  # by ffmpeg
LONGEST_STEM = 48  # characters; in any script a name of these and the hash fits into 255 bytes
HASH_LETTERS = 6


class Recordings:
    """Speak by the files of a folder; `fill` speaks the missing lines at its own pace; all have the same `speed`."""

    def __init__(self, folder: Path, fill: Voice | None = None, speed: float = 1.0) -> None:
        self.name = f"recordings:{Path(os.path.realpath(folder)).name}" + (f"+{fill.name}" if fill else "")
        self.workers = fill.workers if fill else 4
        self.sends_to = fill.sends_to if fill else None
        self.filler = fill.name if fill else None
        self._folder = folder
        self._fill = fill
        self._files = _files_in(folder)
        self._speed = speed

    def _path(self, text: str) -> Path | None:
        return self._files.get(file_stem(text))

    def _parts(self, text: str) -> tuple[str, ...]:
        """The recorded lines that a text is made of: itself, or an announcement's number and name; or none."""
        if self._path(text):
            return (text,)
        pieces = pieces_of(text)
        return pieces if len(pieces) > 1 and all(map(self._path, pieces)) else ()

    def key_of(self, text: str) -> Mapping[str, str]:
        """Return the hash of the file: a line that is recorded again is another clip."""
        path = self._path(text)
        if path is None:
            return self._fill.key_of(text) if self._fill else {"engine": "recordings", "missing": text}
        return {"engine": "recordings", "sha256": _digest(path)}

    def spoken(self, text: str) -> str:
        """Return what the voice that fills in is given for a text; a recording is what it is."""
        recorded = file_stem(text) in self._files
        return self._fill.spoken(text) if not recorded and isinstance(self._fill, Worded) else text

    def unused(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return the words whose phonemes the voice that fills in cannot take, in the texts that it speaks."""
        return self._fill.unused(self.missing(texts)) if isinstance(self._fill, Worded) else ()

    def missing(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return the texts that have no file, each once."""
        return tuple(text for text in dict.fromkeys(texts) if not self._parts(text))

    def require(self, texts: Sequence[str]) -> None:
        """Check that every text has a file, or a voice that fills in.

        Raises: VoiceError that lists all missing texts.
        """
        missing = self.missing(texts)
        if missing and not self._fill:
            raise VoiceError(self._not_recorded(missing))
        for path in (self._path(part) for text in texts for part in self._parts(text)):
            if path and path.suffix.lower() in CONVERTED:
                _ffmpeg(path)

    def delivery(self, text: str) -> Delivery:
        parts = self._parts(text)
        own = Delivery(parts or (text,)) if parts or self._fill is None else self._fill.delivery(text)
        return replace(own, speed=self._speed)

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        """Return the file unchanged, or as WAV where libsndfile does not read its format."""
        if cancel is not None and cancel.is_set():
            raise Cancelled
        path = self._path(text)
        if path is None:
            if self._fill is None:
                raise VoiceError(self._not_recorded([text]))
            return self._fill.speak(text, cancel)
        audio = _converted(path) if path.suffix.lower() in CONVERTED else _read(path)
        if reason := _unreadable_since(audio):
            # Some suffixes stand for containers: a CAF file may hold AAC, which libsndfile does not know.
            if find_ffmpeg() is None:
                raise VoiceError(Problem("voices.recording", subject=str(path), found=reason))
            audio = _converted(path)
        return audio

    def _not_recorded(self, texts: Sequence[str]) -> Problem:
        names = {file_stem(text): text for text in texts}
        listed = "\n".join(f"  {stem}.wav  {text}" for stem, text in names.items())
        return Problem(
            "voices.not-recorded",
            subject=str(self._folder),
            expected=listed,
            found=counted(len(names), "line"),
            remedies=(Remedy("fill-builtin", "fill", "builtin"),),
        )


def pieces_of(text: str) -> tuple[str, ...]:
    """What may be recorded of an announcement once for all: its number, and the name behind the colon.

    >>> pieces_of("Two of seven: Double V.")
    ('Two of seven', 'Double V.')
    """
    number, colon, name = re.sub(r"\s*：\s*|\s*:\s+", "\n", text, count=1).partition("\n")
    return (number, name) if colon and number and name else (text,)


def file_stem(text: str) -> str:
    """Name the file of a text, without its ending: the words in lower case, joined by hyphens.

    Texts that differ only in capitals and punctuation share a file. A long text is cut and gets a short hash.

    >>> file_stem("Three of seven.")
    'three-of-seven'
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    words = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in folded).split()
    stem = "-".join(words)
    if 0 < len(stem) <= LONGEST_STEM:
        return stem
    start = stem[:LONGEST_STEM]
    if "-" in start[1:]:
        start = start.rpartition("-")[0]
    return f"{start}-{hashlib.sha256(stem.encode()).hexdigest()[:HASH_LETTERS]}".lstrip("-")


def open_recordings(path: Path | None, language: str, manner: Manner) -> Recordings:
    """Open the voice for a folder of recordings, in any language.

    Raises: VoiceError where there is no such folder, a line has two files, or `manner.fill` cannot fill in.
    """
    if path is None:
        raise VoiceError(Problem("voices.recordings-unnamed"))
    if not is_folder(path):
        remedies = (Remedy("list-lines", command="audiogen cues"),)
        raise VoiceError(Problem("voices.recordings-missing", subject=str(path), remedies=remedies))
    if manner.fill is None:
        return Recordings(path, None, manner.speed)
    if manner.fill.engine in ("recordings", "auto"):
        raise VoiceError(Problem("voices.recordings-fill", subject=str(manner.fill)))
    return Recordings(path, open_voice(manner.fill, language, Manner(pronounce=manner.pronounce)), manner.speed)


def describe() -> Engine:
    """Describe the engine for `audiogen voices`."""
    return Engine("recordings", "recordings:my-voice", ("any",), (), None, None)


def _files_in(folder: Path) -> dict[str, Path]:
    """Find the recordings by stem, written as `file_stem` does, however the file system writes accents."""
    files: dict[str, Path] = {}
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise VoiceError(_unreadable(folder, error)) from error
    for path in paths:
        if path.suffix.lower() not in (*READABLE, *CONVERTED) or path.name.startswith("."):
            continue
        stem = unicodedata.normalize("NFC", path.stem.casefold())
        if stem in files:
            raise VoiceError(Problem("voices.recorded-twice", subject=str(files[stem]), found=path.name))
        files[stem] = path
    return files


def _digest(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        raise VoiceError(_unreadable(path, error)) from error
    return _digest_of(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=4096)
def _digest_of(path: Path, _changed_ns: int, _size: int) -> str:
    return hashlib.sha256(_read(path)).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise VoiceError(_unreadable(path, error)) from error


def _unreadable(path: Path, error: OSError) -> Problem:
    return Problem("voices.unreadable", subject=str(path), found=error.strerror or str(error))


def _unreadable_since(audio: bytes) -> str | None:
    """Why libsndfile cannot read a file; None where it can."""
    import soundfile

    try:
        soundfile.info(io.BytesIO(audio))
    except soundfile.SoundFileError as error:
        return reason_of(error)
    return None


def _ffmpeg(path: Path) -> str:
    program = find_ffmpeg()
    if program is None:
        remedies = (Remedy("install-ffmpeg"),)
        raise VoiceError(Problem("audio.no-ffmpeg", subject=f"Reading {path}", remedies=remedies))
    return program


def _converted(path: Path) -> bytes:
    """Convert the file by ffmpeg to AU, whose length may stay open in a pipe, with all its channels."""
    command = [_ffmpeg(path), "-nostdin", "-v", "error", "-i", f"file:{path}", "-map", "0:a:0", "-f", "au"]
    try:
        done = subprocess.run(  # noqa: S603 - a program found on PATH, and a path that is never read as an option
            [*command, "-c:a", "pcm_s16be", "-ar", str(RATE), "-"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceError(Problem("audio.ffmpeg-not-started", subject=command[0], found=str(error))) from error
    if done.returncode or not done.stdout:
        why = " ".join(done.stderr.decode("utf-8", "replace").split()) or "no sound in it"
        raise VoiceError(Problem("voices.recording", subject=str(path), found=why))
    return done.stdout
