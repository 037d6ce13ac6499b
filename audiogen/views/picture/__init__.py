"""The session as a picture: a lane for the terminal, an SVG file, and the same in sentences.

    Timeline -> text

One lane, to scale: holds solid, repetitions in stripes, speech and silence thinner, exercises in colours. A picture
adds no time of its own: each of its edges is the start or the end of an event.

Each function is loaded when it is first used: the cover of a track needs nothing of the package but its parts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audiogen.views.picture.terminal import lane
    from audiogen.views.picture.vector import strip, svg
    from audiogen.views.picture.words import sentences

__all__ = ["lane", "sentences", "strip", "svg"]

_HOME = {"lane": "terminal", "sentences": "words", "strip": "vector", "svg": "vector"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'audiogen.views.picture' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"audiogen.views.picture.{_HOME[name]}"), name)
    return found
