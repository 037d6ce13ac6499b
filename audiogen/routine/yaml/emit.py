"""A value -> its YAML."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import TypeAlias

from ruamel.yaml import YAML

_WORD = re.compile(r"[a-z0-9.%-]+")  # a list of such words is written in brackets

Value: TypeAlias = "str | int | Sequence[Value] | Mapping[str, Value] | None"


def said(value: Value) -> object:
    """Convert a value to the form of `Node.says`."""
    match value:
        case Mapping():
            return {key: said(inner) for key, inner in value.items()}
        case None | str():
            return value
        case int():
            return str(value).lower()  # "true" for a bool
        case _:
            return [said(inner) for inner in value]


def block(value: Mapping[str, Value], indent: int = 0) -> str:
    """Write a map on lines of its own."""
    return "".join(f"{' ' * indent}{scalar(key)}:{valued(inner, indent)}\n" for key, inner in value.items())


def valued(value: Value, column: int, *, dashed: bool = False) -> str:
    """Write a value as it follows its key, or its dash, at this column: with the space or line break before it."""
    match value:
        case Mapping() if value:
            lines = block(value, column + 2).removesuffix("\n")
            return f" {lines.lstrip(' ')}" if dashed else f"\n{lines}"
        case Mapping():
            return " {}"
        case str():
            return f" {_lined(value, column + 2)}"
        case int() | None:
            return f" {scalar(value)}"
        case _ if dashed or not value or all(isinstance(one, str) and _WORD.fullmatch(one) for one in value):
            return f" {flow(value)}"
        case _:
            return "".join(f"\n{' ' * column}  -{valued(one, column + 2, dashed=True)}" for one in value)


def _lined(text: str, indent: int) -> str:
    """Write a text of several lines after |, with this indentation; any other in one line."""
    lines = text.split("\n")
    ended = lines[-1] == ""
    body = lines[:-1] if ended else lines
    if len(lines) < 2 or body[0][:1] in ("", " ") or not body[-1].strip() or not all(map(str.isprintable, body)):
        return scalar(text)
    return f"|{'' if ended else '-'}\n" + "\n".join(f"{' ' * indent}{line}" if line else "" for line in body)


def flow(value: Value) -> str:
    """Write a value in braces and brackets."""
    match value:
        case Mapping():
            return f"{{{', '.join(f'{flow(key)}: {flow(inner)}' for key, inner in value.items())}}}"
        case str() | int() | None:
            return scalar(value, in_braces=True)
        case _:
            return f"[{', '.join(map(flow, value))}]"


def scalar(value: str | int | None, *, in_braces: bool = False) -> str:
    """Write a value in one line, in quotes where YAML needs them, which is more often in braces."""
    if value is None:
        return "null"
    if isinstance(value, str) and "\n" in value:
        return json.dumps(value)
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = in_braces
    yaml.width = sys.maxsize
    out = StringIO()
    yaml.dump([str(value) if isinstance(value, str) else value], out)
    return out.getvalue().rstrip("\n")[1:-1] if in_braces else out.getvalue()[2:].rstrip("\n")
