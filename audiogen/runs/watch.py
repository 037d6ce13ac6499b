"""Render a routine again whenever one of its files changes.

    Routine file + overrides -> a track, again and again -> the outcome of each change

The files are checked twenty times a second: a routine consists of a handful of files, so a check takes a tenth of a
millisecond. This needs no library, and sees what the system's own events miss: changes on network shares and in
containers, and by editors that write a new file and rename it.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audiogen import session
from audiogen.clips.choose_voice import requested_voice
from audiogen.errors import AudiogenError, Cancelled
from audiogen.routine.load import load_routine
from audiogen.routine.model import Routine
from audiogen.routine.overrides import Overrides, customise
from audiogen.routine.voice_spec import VoiceSpec
from audiogen.session import Progress, Rendered
from audiogen.storage.cache import Cache
from audiogen.storage.config import config_file
from audiogen.voices import Voice

LOOK_S = 0.05  # between two checks; a change counts once two checks in a row agree on it
GONE_S = 1.0  # how long a file may be away while an editor puts another in its place

State = tuple[int, int, int]  # time of the last change, size, and which file it is


@dataclass(frozen=True, slots=True)
class Finished:
    """A track that was rendered again; `before` is the previous one, if any."""

    rendered: Rendered
    before: Rendered | None
    changed: tuple[Path, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """The error that prevented a track; the previous one stays as it was."""

    error: AudiogenError
    changed: tuple[Path, ...]


Outcome = Finished | Failed


def watch(
    path: Path,
    out: Path,
    *,
    overrides: Overrides | None = None,
    voice: str | Voice | None = None,
    cache: Cache | None = None,
    progress: Callable[[Progress], None] | None = None,
    begun: Callable[[tuple[Path, ...]], None] | None = None,
    finished: Callable[[Outcome], None] | None = None,
    stop: threading.Event,
) -> bool:
    """Render a routine now, and again whenever a file that it depends on changes, until `stop` is set.

    `begun` is called with the files that changed, none at first, and `finished` with the outcome, both from this
    thread. A change during a render cancels and restarts it. Returns whether it was stopped during a render, which
    then left nothing behind.
    """
    files = _Files()
    files.note(path)
    before: Rendered | None = None
    changed: tuple[Path, ...] = ()
    with _Look(files, stop) as look:
        while True:
            cancel = look.begin()
            if begun:
                begun(changed)
            start_s = time.perf_counter()
            outcome: Outcome
            try:
                routine = load_routine(path, reading=files.note)
                files.note_all(_dependencies(routine, overrides, voice))
                rendered = session.render(
                    routine,
                    out,
                    overrides=overrides,
                    voice=voice,
                    cache=cache,
                    progress=progress,
                    cancel=cancel,
                )
            except Cancelled:
                if stop.is_set():
                    return True
                changed = look.wait()
                continue
            except AudiogenError as error:
                outcome = Failed(error, changed)
            else:
                outcome = Finished(rendered, before, changed, time.perf_counter() - start_s)
                before = rendered
            if finished:
                finished(outcome)
            changed = look.wait()
            if stop.is_set():
                return False


def _dependencies(routine: Routine, overrides: Overrides | None, voice: str | Voice | None) -> Iterator[Path]:
    """Yield what a track depends on other than routine files: config, music, own tones and voices."""
    yield config_file()
    with contextlib.suppress(AudiogenError):  # reported by the render
        routine = customise(routine, overrides).routine
        yield from routine.sound_files
        for spec in (requested_voice(routine, voice), routine.fill):
            if isinstance(spec, VoiceSpec) and spec.file:
                yield from _files_of(spec.engine, spec.file)


def _files_of(engine: str, path: Path) -> Iterator[Path]:
    """Yield the files of a voice: a Piper model with its description, or a folder with all recordings in it."""
    yield path
    if engine == "piper":
        yield path.with_name(f"{path.name}.json")
    with contextlib.suppress(OSError):
        yield from path.iterdir()


@dataclass(slots=True)
class _Files:
    """Files with their state when they were last read; None if there was no file."""

    states: dict[Path, State | None] = field(default_factory=dict)

    def note(self, path: Path) -> None:
        """Note the state of a file that is about to be read."""
        self.states[path] = _state(path)

    def note_all(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self.note(path)

    def now(self) -> Mapping[Path, State | None]:
        return {path: _state(path) for path in list(self.states)}

    def changed(self, now: Mapping[Path, State | None]) -> tuple[Path, ...]:
        return tuple(path for path, state in now.items() if self.states.get(path) != state)


class _Look:
    """Check the files in a thread of its own, so that a change cancels a render."""

    def __init__(self, files: _Files, stop: threading.Event) -> None:
        self._files = files
        self._stop = stop
        self._ended = threading.Event()
        self._settled = threading.Event()
        self._changed: dict[Path, None] = {}  # since the last start, in the order of discovery
        self._cancel = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="audiogen-watch", daemon=True)

    def __enter__(self) -> "_Look":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def begin(self) -> threading.Event:
        """Return an event that is set as soon as a file differs from now or from its last reading, or at the end."""
        with self._lock:
            self._files.states.update(self._files.now())
            self._changed = {}
            self._settled.clear()
            self._cancel = threading.Event()
            return self._cancel

    def wait(self) -> tuple[Path, ...]:
        """Wait for a change that has settled, or for the end; returns the files that changed."""
        while not self._settled.wait(LOOK_S) and not self._stop.is_set():
            continue
        with self._lock:
            return tuple(self._changed)

    def _run(self) -> None:
        last: Mapping[Path, State | None] = {}
        whole_s = time.monotonic()
        while not self._ended.wait(LOOK_S):
            with self._lock:
                now = self._files.now()
                self._changed.update(dict.fromkeys(self._files.changed(now)))
                if self._changed or self._stop.is_set():
                    self._cancel.set()
                missing = any(now[path] is None for path in self._changed)
                if not missing:
                    whole_s = time.monotonic()
                if self._changed and now == last and (not missing or time.monotonic() - whole_s > GONE_S):
                    self._settled.set()
                last = now


def _state(path: Path) -> State | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
