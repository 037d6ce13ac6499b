"""The keys of a routine file as a page: the JSON Schema -> docs/routine.md.

`python -m audiogen.routine.reference` writes it; a test holds it up to date.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from audiogen.routine.json_schema import schema

PAGE = Path(__file__).parents[2] / "docs" / "routine.md"

_PARTS = {
    "Exercise": "An exercise",
    "Passage": "A passage",
    "Group": "A group",
    "Cue": "A cue, in `cues:` of an exercise",
    "Phase": "A phase, in `tempo:` of an exercise",
}
_ON_OR_OFF = {True: "on", False: "off"}
_SAME_AS_ON_OR_OFF = (True, False, "yes", "no")
_EXAMPLES = {
    "gap": "1s", "settle": "6s", "switching": "8s", "transition": "5s", "tail": "2s", "paragraph": "2s", "rest": "20s",
    "title": "Hip release", "name": "Low lunge", "passage": "Arriving", "id": "low-lunge", "language": "en",
    "setup": "Kneel on your {side} knee.", "switch": "Turn over.", "release": "Come up slowly.", "artist": "Ann",
    "say": "Breathe.", "short": "In", "equipment": "[a mat, a towel]", "before": "Warm up first.", "album": "Evenings",
    "caution": "Stop at sharp pain.", "after": "Sleep well.", "description": "A quiet quarter of an hour.",
    "pronounce": "{asana: ah-sana}", "date": "2026-03-01", "extends": "upper-back", "order": "[double-v, cat-stretch]",
    "exercises": "[{name: Plank, hold: 30s}]", "tempo": "[{say: In, for: 4s}, {say: Out, for: 6s}]",
    "use": "cat-and-cow",
    "cues": "[{at: 20s, say: Breathe.}]", "note": "Use the blue band.", "phrases": "{complete: Well done.}",
    "voice": "gtts:en:co.uk", "fill": "builtin", "pauses": "1.2x", "speed": "0.9", "music_level": "-6", "sound": "bell",
}  # fmt: skip
# Where a key means another thing in one part than elsewhere, or has a better example there.
_EXAMPLES_OF: Mapping[str, Mapping[str, str]] = {
    "An exercise": {
        "order": "sets", "sides": "[right, left]", "reps": "12", "for": "40s", "sets": "3", "words": "always",
        "count": "on", "halfway": "off", "optional": "on", "fixed": "on", "skip": "on", "min": "20s", "max": "2m",
    },
    "A group": {"name": "Main block", "rounds": "3", "work": "40s", "round_rest": "1m", "every": "1m"},
    "A cue, in `cues:` of an exercise": {"after": "5s", "every": "30s", "sets": "2 to 3", "rounds": "last"},
    "A phase, in `tempo:` of an exercise": {"for": "4s", "say": "Breathe in, slowly", "tone": "level"},
}  # fmt: skip


def page() -> str:
    """The whole page."""
    whole: Any = schema()
    parts = {"The routine": whole, **{title: whole["$defs"][name] for name, title in _PARTS.items()}}
    lines = [
        "# The keys of a routine file",
        "",
        "Written by `python -m audiogen.routine.reference`. A length is `45s`, `1m30s`, `1:30` or plain seconds.",
    ]
    for title, part in parts.items():
        lines += ["", f"## {title}", "", "| key | meaning | values | default | example |", "|---|---|---|---|---|"]
        own = _EXAMPLES_OF.get(title, {})
        lines += (_row(key, about, whole["$defs"], own.get(key)) for key, about in part["properties"].items())
    return "\n".join(lines) + "\n"


def _row(key: str, about: Mapping[str, Any], kinds: Mapping[str, Any], own: str | None) -> str:
    values = list(dict.fromkeys(_values(about, kinds)))
    default = about.get("default", {})
    default = _ON_OR_OFF[default] if isinstance(default, bool) else default
    example = f"`{key}: {own or _EXAMPLES.get(key) or _example(about)}`"
    cells = (f"`{key}`", _what(about), ", ".join(values), "" if default == {} else f"`{default}`", example)
    return f"| {' | '.join(map(_cell, cells))} |"


def _what(about: Mapping[str, Any]) -> str:
    return str(about["description"]) if "description" in about else _what(about["anyOf"][0])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _values(about: Mapping[str, Any], kinds: Mapping[str, Any]) -> Iterator[str]:
    """Tell in a few words what a key may hold."""
    match about:
        case {"anyOf": [*choices]}:
            for choice in choices:
                yield from _values(choice, kinds)
        case {"const": value}:
            yield f"`{value}`"
        case {"enum": [*values]}:
            yield from (f"`{value}`" for value in values if value not in _SAME_AS_ON_OR_OFF)
        case {"pattern": str(), "type": "string"}:
            is_range = "(to|-)" in about["pattern"]
            yield "a factor" if "xX" in about["pattern"] else "a range" if is_range else "a length"
        case {"type": "array"}:
            yield "a list"
        case {"type": "object"} | {"$ref": str()}:
            yield "a map"
        case {"type": "number"}:
            yield f"{about.get('minimum', 0)} to {about['maximum']}" if "maximum" in about else "a length"
        case {"type": "integer" | ["integer", "string"]}:
            yield f"{about['minimum']} to {about['maximum']}"
        case {"type": "null"}:
            return
        case _:
            yield "a text"


def _example(about: Mapping[str, Any]) -> object:
    """An example from a schema: its own, a word that it lists, or the smallest number."""
    match about:
        case {"examples": [first, *_]}:
            return first
        case {"enum": [*values]}:
            return next(value for value in reversed(values) if value not in _SAME_AS_ON_OR_OFF)
        case {"anyOf": [first, *_]}:
            return _example(first)
        case {"minimum": lowest}:
            return max(lowest, 2)
        case {"type": "array", "items": item}:
            return f"[{_example(item)}]"
        case _:
            return "…"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
