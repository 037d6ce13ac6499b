"""Text -> a file of the coach's own, from a folder: WAV, FLAC, OGG, MP3 or, where ffmpeg is installed, M4A.

A line's file bears the line's words as its name: "Switch sides." is `switch-sides.wav`. What is not recorded is an
error, or is spoken by another voice where the user says which.
"""

import functools
import hashlib
import io
import re
import shutil
import subprocess
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from audiogen.audio.pcm import RATE
from audiogen.errors import Cancelled, VoiceError
from audiogen.voices import Engine, Manner, Voice, open_voice
from audiogen.voices.speaking import wav

__all__ = ["Recordings", "describe", "file_stem", "open_recordings"]

READABLE = (".wav", ".flac", ".ogg", ".mp3")  # by libsndfile
CONVERTED = (".m4a", ".mp4", ".aac")  # by ffmpeg
LONGEST_STEM = 48  # characters; in any script a name of these and the hash fits into 255 bytes
HASH_LETTERS = 6
INSTALL = (
    "install ffmpeg (Debian and Ubuntu: apt install ffmpeg, macOS: brew install ffmpeg), or save it as WAV or FLAC"
)


class Recordings:
    """The files of a folder; `fill` speaks what is missing, at its usual pace, since all is stretched alike."""

    def __init__(self, folder: Path, fill: Voice | None = None, speed: float = 1.0) -> None:
        self.name = f"recordings:{folder.resolve().name}" + (f"+{fill.name}" if fill else "")
        self.workers = fill.workers if fill else 4
        self.sends_to = fill.sends_to if fill else None
        self.stretch = speed
        self.filler = fill.name if fill else None
        self._folder = folder
        self._fill = fill
        self._files = _files_in(folder)

    def key_of(self, text: str) -> Mapping[str, str]:
        """The file's content: a line that is recorded again is another clip."""
        path = self._files.get(file_stem(text))
        if path is None:
            return self._fill.key_of(text) if self._fill else {"engine": "recordings", "missing": text}
        return {"engine": "recordings", "sha256": _digest(path)}

    def lacking(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The texts that have no file, each once."""
        return tuple(text for text in dict.fromkeys(texts) if file_stem(text) not in self._files)

    def require(self, texts: Sequence[str]) -> None:
        """Raises: VoiceError that lists all texts without a file, where no other voice fills in."""
        missing = {file_stem(text): text for text in self.lacking(texts)}
        if missing and not self._fill:
            count = "1 line is" if len(missing) == 1 else f"{len(missing)} lines are"
            raise VoiceError(
                f"{count} not recorded in {self._folder}:\n"
                + "\n".join(f"  {stem}.wav  {text}" for stem, text in missing.items())
                + "\nRecord them under these names, or let another voice speak them: --fill builtin"
            )
        for path in (self._files[stem] for stem in map(file_stem, texts) if stem in self._files):
            if path.suffix.lower() in CONVERTED:
                _ffmpeg(path)

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        """The file as it is, or as WAV where libsndfile does not know its format."""
        if cancel is not None and cancel.is_set():
            raise Cancelled
        path = self._files.get(file_stem(text))
        if path is None:
            if self._fill is None:
                self.require([text])
                raise VoiceError(f"'{text}' is not recorded.")  # cannot be: `require` has said so
            return self._fill.speak(text, cancel)
        audio = _converted(path) if path.suffix.lower() in CONVERTED else _read(path)
        _check(audio, path)
        return audio


def file_stem(text: str) -> str:
    """The name of a text's file without its ending: the words in lower case, joined by hyphens.

    Texts that differ in capitals and punctuation alone share a file. A long text is cut and gets a short hash.

    >>> file_stem("Three of seven.")
    'three-of-seven'
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    words = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in folded).split()
    stem = "-".join(words)
    if 0 < len(stem) <= LONGEST_STEM:
        return stem
    kept = stem[:LONGEST_STEM]
    if " ".join(words) and "-" in kept[1:]:
        kept = kept.rpartition("-")[0]
    return f"{kept}-{hashlib.sha256(stem.encode()).hexdigest()[:HASH_LETTERS]}".lstrip("-")


def open_recordings(path: Path | None, language: str, manner: Manner) -> Recordings:
    """The voice for a folder of recordings, in whatever language they are.

    Raises: VoiceError where there is no such folder, a line has two files, or no voice fills in as `manner` wishes.
    """
    if path is None:
        raise VoiceError("Write the folder of your recordings: recordings:my-voice")
    if not path.is_dir():
        raise VoiceError(f"There is no folder {path} with recordings. audiogen cues lists the lines to record.")
    if manner.fill is None:
        return Recordings(path, None, manner.speed)
    if manner.fill.engine in ("recordings", "auto"):
        raise VoiceError(f"'{manner.fill}' cannot fill in for recordings; name a voice such as builtin or gtts.")
    return Recordings(path, open_voice(manner.fill, language, Manner(pronounce=manner.pronounce)), manner.speed)


def describe() -> Engine:
    """The engine as `audiogen voices` shows it."""
    return Engine("recordings", "recordings:my-voice", ("any",), (), None, None)


def _files_in(folder: Path) -> dict[str, Path]:
    """The recordings by stem, written as `file_stem` writes it whatever the file system made of it."""
    files: dict[str, Path] = {}
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise VoiceError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    for path in paths:
        if path.suffix.lower() not in (*READABLE, *CONVERTED) or path.name.startswith("."):
            continue
        stem = unicodedata.normalize("NFC", path.stem.casefold())
        if stem in files:
            raise VoiceError(f"{files[stem]} and {path.name} are the same line; keep one of them.")
        files[stem] = path
    return files


def _digest(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        raise VoiceError(f"The recording {path} cannot be read: {error.strerror}.") from error
    return _digest_of(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=4096)
def _digest_of(path: Path, _changed_ns: int, _size: int) -> str:
    return hashlib.sha256(_read(path)).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise VoiceError(f"The recording {path} cannot be read: {error.strerror}.") from error


def _check(audio: bytes, path: Path) -> None:
    import soundfile

    try:
        soundfile.info(io.BytesIO(audio))
    except soundfile.SoundFileError as error:
        kinds = re.sub(r"\.", "", ", ".join(READABLE)).upper()
        raise VoiceError(f"The recording {path} cannot be read as sound ({error}); save it as {kinds}.") from error


def _ffmpeg(path: Path) -> str:
    program = shutil.which("ffmpeg")
    if program is None:
        raise VoiceError(f"Reading {path} takes ffmpeg, which is not installed: {INSTALL}.")
    return program


def _converted(path: Path) -> bytes:
    """The file as 16-bit mono WAV, by ffmpeg."""
    command = [_ffmpeg(path), "-nostdin", "-v", "error", "-i", f"file:{path}", "-f", "s16le", "-ac", "1"]
    try:
        done = subprocess.run(  # noqa: S603 - a program found on PATH, and a path that is never taken for an option
            [*command, "-ar", str(RATE), "-"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceError(f"ffmpeg cannot be run on {path}: {error}") from error
    if done.returncode or not done.stdout:
        why = " ".join(done.stderr.decode("utf-8", "replace").split()) or "no sound in it"
        raise VoiceError(f"The recording {path} cannot be read: {why}")
    return wav(done.stdout, RATE)
