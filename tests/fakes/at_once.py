"""What other processes do in tests of several at once; `others` starts them quickly, with everything loaded."""

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from audiogen import clips, session
from audiogen.routine.load import load_routine
from audiogen.storage.cache import Cache
from audiogen.voices.gtts import GttsVoice

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext

LOADED = ["gtts", "numpy", "soundfile", "soxr", "audiogen.track.encode", "audiogen.voices.google", __name__]


def others() -> "ForkServerContext":
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


def record(environment: Mapping[str, str], cache: Path, texts: Sequence[str]) -> None:
    os.environ.update(environment)
    clips.record(Cache(cache), GttsVoice("en", "com"), texts)


def render(environment: Mapping[str, str], cache: Path, routine: Path, out: Path) -> None:
    os.environ.update(environment)
    session.render(load_routine(routine), out, voice="gtts", cache=Cache(cache))
