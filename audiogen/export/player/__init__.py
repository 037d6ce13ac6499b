"""The player of a session: the mat view with its chapters and captions, in the studio and without it.

    Timeline + where its sound is -> the document that the player's script works from
    folders of templates -> templates, among them the player's

`static` are its scripts and styles, which the studio serves as they are.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiogen.durations import format_duration, format_nearest_clock
from audiogen.script import Place
from audiogen.text import visible
from audiogen.timeline.model import Timeline
from audiogen.views.chapters import chapters_of
from audiogen.views.lyrics import lines_of

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


def document(timeline: Timeline, *, name: str, sound: str, cover: str) -> dict[str, Any]:
    """Return what the player needs, as JSON.

    `name` is what the place in it is remembered under, `sound` and `cover` are addresses.
    """
    return {
        "name": name,
        "sound": sound,
        "cover": cover,
        "title": timeline.title,
        "language": timeline.language,
        "length_ms": timeline.length_ms,
        "chapters": [
            {"start_ms": one.start_ms, "end_ms": one.end_ms, "title": one.title, "exercise": one.exercise}
            for one in chapters_of(timeline)
        ],
        "exercises": [one.name for one in timeline.exercises],
        "events": [
            [one.start_ms, one.end_ms, one.kind, one.role, one.text, *_place(one.place)] for one in timeline.events
        ],
        "captions": [[one.start_ms, one.end_ms, one.text] for one in lines_of(timeline)],
    }


@cache  # what is opened once, Jinja compiles once
def templates(*folders: Path) -> "Environment":
    """Open the templates in these folders and the player's own, which name no value that is not given."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader([*folders, _HERE / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,  # a subclass is markup of ours
    )
    found.filters["clock"] = format_nearest_clock
    found.filters["seconds"] = lambda ms: format_duration(round(ms, -2))
    return found


def _place(place: Place) -> tuple[int | str | None, ...]:
    return place.exercise, place.side, place.rep, place.set
