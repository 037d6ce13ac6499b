"""The shipped routines as finished tracks by the built-in voice, each rendered once, when it is first asked for."""

from functools import cache
from pathlib import Path

from audiogen import load_routine, plan, render
from audiogen.session import Rendered
from audiogen.storage.cache import Cache
from audiogen.timeline.model import Timeline

ALL = sorted((Path(__file__).parents[1] / "routines").glob("*.yaml"))
TEXTS_AND_GROUPS = ("body-scan", "strength-circuit")  # what is measured by the doses of its exercises is not in these
EXERCISES = {path.stem: path for path in ALL if "." not in path.stem and path.stem not in TEXTS_AND_GROUPS}
WITHOUT_A_LENGTH = ("four-seven-eight", "knee-strength")  # as long as their doses; these have lists and times of them
ROUTINES = {name: path for name, path in EXERCISES.items() if name not in WITHOUT_A_LENGTH}
# One of holds, repetitions and sides, and one of breaths, five minutes each; the others differ in words, which
# tests/script/test_shipped_words.py reads, and are rendered where everything thorough is.
RENDERED = ("desk-reset", "box-breathing")
TRANSLATIONS = {path.stem: path for path in ALL if "." in path.stem}  # "upper-back.es"


@cache
def planned(path: Path) -> Timeline:
    """The timeline of a shipped routine, as estimated."""
    return plan(load_routine(path), voice="espeak").timeline


class ShippedTracks:
    """Tracks by the name of their routine: `tracks["desk-reset"]`; `cache` holds every cue of them."""

    def __init__(self, folder: Path, cache: Cache) -> None:
        self.cache = cache
        self._folder = folder
        self._rendered: dict[str, Rendered] = {}

    def __getitem__(self, name: str) -> Rendered:
        if name not in self._rendered:
            out = self._folder / f"{name}.mp3"
            self._rendered[name] = render(load_routine(EXERCISES[name]), out, voice="builtin", cache=self.cache)
        return self._rendered[name]
