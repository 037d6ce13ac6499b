"""audiogen: a routine file becomes one voice-guided MP3 whose every hold is exact.

    from audiogen import load_routine, plan, render

    routine = load_routine("upper-back")
    print(plan(routine).length_ms)
    render(routine, Path("upper-back.mp3"))

Each name is loaded when it is first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audiogen.errors import AudiogenError
    from audiogen.routine import Routine, load_routine, parse_routine
    from audiogen.session import Plan, Progress, Rendered, plan, render
    from audiogen.timeline.model import Timeline

__all__ = [
    "AudiogenError",
    "Plan",
    "Progress",
    "Rendered",
    "Routine",
    "Timeline",
    "load_routine",
    "parse_routine",
    "plan",
    "render",
]

_HOME = {
    "AudiogenError": "errors",
    "Plan": "session",
    "Progress": "session",
    "Rendered": "session",
    "Routine": "routine",
    "Timeline": "timeline.model",
    "load_routine": "routine",
    "parse_routine": "routine",
    "plan": "session",
    "render": "session",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'audiogen' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"audiogen.{_HOME[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
