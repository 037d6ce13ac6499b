"""What takes long and is always the same is done once for all tests of a run and the commands that they begin.

    once.share(folder)          what SHARED lists
    with once.not_shared(): …   where that very thing is tested

The same arguments give the same bytes each time, to which the tests of each hold it; other tests ask for the same few
hundred thousands of times. All else stays as it is: with an empty cache, a test sees each text requested, spoken,
trimmed and cached, and each block encoded.
"""

import contextlib
import functools
import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiogen import clips
from audiogen.clips.make import Take, clip_of
from audiogen.export.cover import drawing
from audiogen.track import mp3, noise_floor
from audiogen.voices.builtin import BuiltinVoice

FOLDER = "TESTS_ONCE"  # the variable that tells a command, begun by a test, of the folder


def _all(*arguments: object, **named: object) -> object:
    return arguments, sorted(named.items())


def _text(voice: BuiltinVoice, text: str, cancel: threading.Event | None = None) -> object:
    return sorted(voice.key_of(text).items()), cancel is not None and cancel.is_set()


def _block(pcm: bytes, *others: object, **named: object) -> object:
    return hashlib.sha256(pcm).hexdigest(), others, sorted(named.items())


def _takes(takes: Sequence[Take], *others: object) -> object:
    return [(hashlib.sha256(take.samples.tobytes()).hexdigest(), take.rate) for take in takes], others


@dataclass(frozen=True)
class Shared:
    """A function that returns bytes, by its place; `key` tells of its arguments what the bytes depend on."""

    owner: Any
    name: str
    itself: Callable[..., bytes]
    key: Callable[..., object] = _all

    def put_in_place(self, folder: Path) -> None:
        @functools.wraps(self.itself)
        def once(*arguments: Any, **named: Any) -> bytes:
            key = repr((self.name, self.key(*arguments, **named)))
            path = folder / hashlib.sha256(key.encode()).hexdigest()
            with contextlib.suppress(FileNotFoundError):
                return path.read_bytes()
            done = self.itself(*arguments, **named)
            unfinished = folder / f"{path.name}-{os.getpid()}-{threading.get_ident()}"
            unfinished.write_bytes(done)
            unfinished.replace(path)
            return done

        setattr(self.owner, self.name, once)


SHARED = (
    Shared(BuiltinVoice, "speak", BuiltinVoice.speak, _text),
    Shared(clips, "clip_of", clip_of, _takes),
    Shared(mp3, "encode_block", mp3.encode_block, _block),
    Shared(noise_floor, "noise", noise_floor.noise),
    Shared(drawing, "drawn", drawing.drawn),
)


def share(folder: Path) -> None:
    """From now on, do in this process only what is not in the folder yet, and put it there."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in SHARED:
        one.put_in_place(folder)


def share_as_told(environment: Mapping[str, str]) -> None:
    """Share as the tests that began this command do, if they do."""
    if folder := environment.get(FOLDER):
        share(Path(folder))


@contextlib.contextmanager
def not_shared(*names: str) -> Iterator[None]:
    """In this block, everything is done here and now, or that alone which is named."""
    chosen = [one for one in SHARED if not names or one.name in names]
    before = [getattr(one.owner, one.name) for one in chosen]
    for one in chosen:
        setattr(one.owner, one.name, one.itself)
    try:
        yield
    finally:
        for one, earlier in zip(chosen, before, strict=True):
            setattr(one.owner, one.name, earlier)
