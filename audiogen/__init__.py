"""audiogen: a routine file becomes one voice-guided MP3 whose every hold is exact.

    from audiogen import load_routine, plan, render

    routine = load_routine("upper-back")
    print(plan(routine).length_ms)
    render(routine, "upper-back.mp3")

| name | does |
|---|---|
| `load_routine`, `parse_routine` | read a routine, by name or path or from a text, as a `Routine` |
| `plan` | time a session without making sound: a `Plan` with its `Timeline` |
| `render` | make the track of a routine or a plan: `Rendered` |
| `verify` | measure a finished track: `Report` |
| `import_routine` | find the routine in an article, a sheet or a timer's export: `Imported` |
| `batch`, `series` | render a table of sessions; a routine once a week, its holds growing |
| `Voice`, `Cache`, `Progress` | what a caller may bring: a voice, a cache, a function that receives the progress |
| `AudiogenError`, `Problem` | everything that can go wrong: `error.problems` with fields, `str(error)` in words |

Every path is a `str` or an `os.PathLike`. Importing the package costs nothing, since each name is loaded when it is
first used, and changes nothing in the program that imports it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audiogen.errors import AudiogenError, Problem
    from audiogen.importing import Imported, import_routine
    from audiogen.routine.load import load_routine, parse_routine
    from audiogen.routine.model import Routine
    from audiogen.runs.batch import batch
    from audiogen.runs.series import series
    from audiogen.session import Plan, Progress, Rendered, plan, render
    from audiogen.storage.cache import Cache
    from audiogen.timeline.model import Timeline
    from audiogen.verification import Report, verify
    from audiogen.voices import Voice

    __version__: str

__all__ = [
    "AudiogenError",
    "Cache",
    "Imported",
    "Plan",
    "Problem",
    "Progress",
    "Rendered",
    "Report",
    "Routine",
    "Timeline",
    "Voice",
    "__version__",
    "batch",
    "import_routine",
    "load_routine",
    "parse_routine",
    "plan",
    "render",
    "series",
    "verify",
]

_MODULES = {
    "errors": ("AudiogenError", "Problem"),
    "importing": ("Imported", "import_routine"),
    "routine.load": ("load_routine", "parse_routine"),
    "routine.model": ("Routine",),
    "runs.batch": ("batch",),
    "runs.series": ("series",),
    "session": ("Plan", "Progress", "Rendered", "plan", "render"),
    "storage.cache": ("Cache",),
    "timeline.model": ("Timeline",),
    "verification": ("Report", "verify"),
    "voices": ("Voice",),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("audiogen")
    for module, names in _MODULES.items():
        if name in names:
            found = globals()[name] = getattr(import_module(f"audiogen.{module}"), name)
            return found
    raise AttributeError(f"module 'audiogen' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
