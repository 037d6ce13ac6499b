"""YAML as people write it: random values, in one of the many forms that mean them."""

import random
import re
from typing import Any

TEXTS = (
    "30s",
    "Lie down.",
    "a: b # c",
    "it's",
    '"',
    "{side} arm",
    "- x",
    "on",
    "12",
    "ä",
    "Two\nlines\n",
    "One\n\nmore",
    "",
    "null",
)
KEYS = ("name", "hold", "setup", "cues", "at", "say", "note #", "exercises")


class Writer:
    """Writes values as YAML in one of the many ways in which people do; every comment has a number of its own."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._comments = 0

    def document(self, root: dict[str, Any]) -> str:
        head = self._own_line(0)
        return f"{head}{self._map(root, 0)}{self._own_line(0)}"

    def _often(self, share: float) -> bool:
        return self._chance.random() < share

    def _comment(self) -> str:
        self._comments += 1
        return f"# c{self._comments}"

    def _behind(self) -> str:
        return f" {self._comment()}" if self._often(0.2) else ""

    def _own_line(self, indent: int) -> str:
        lines = ""
        while self._often(0.3):
            lines += self._chance.choice(["\n", f"{' ' * indent}{self._comment()}\n"])
        return lines

    def _map(self, value: dict[str, Any], indent: int, inline: bool = False) -> str:
        lines = ""
        for key, inner in value.items():
            skip = inline and not lines
            lead = "" if skip else self._own_line(indent) + " " * indent
            lines += f"{lead}{self._scalar(key)}:{self._value(inner, indent, False)}"
        return lines

    def _list(self, value: list[Any], indent: int, inline: bool = False) -> str:
        lines = ""
        for inner in value:
            lead = "" if inline and not lines else self._own_line(indent) + " " * indent
            lines += f"{lead}-{self._value(inner, indent, True)}"
        return lines

    def _value(self, value: Any, indent: int, dashed: bool) -> str:
        """What follows a colon or dash, to the end of its last line."""
        if value in ({}, []) or (isinstance(value, dict | list) and self._often(0.2)):
            return f" {self._flow(value)}{self._behind()}\n"
        deeper = indent + self._chance.choice([2, 4])
        if isinstance(value, dict):
            if dashed and self._often(0.7):
                return f" {self._map(value, indent + 2, True)}"
            return f"{self._behind()}\n{self._map(value, deeper)}"
        if isinstance(value, list):
            if dashed and self._often(0.7):
                return f" {self._list(value, indent + 2, True)}"
            return f"{self._behind()}\n{self._list(value, deeper if dashed or self._often(0.7) else indent)}"
        if value is None:
            return f"{self._chance.choice(['', ' null', ' ~'])}{self._behind()}\n"
        if "\n" in value and value[:1] != "\n" and self._often(0.8):
            sign = "|" if value.endswith("\n") else "|-"
            body = "".join(
                f"{' ' * (indent + 2)}{line}\n" if line else "\n" for line in value.removesuffix("\n").split("\n")
            )
            return f" {sign}{self._behind()}\n{body}"
        return f" {self._scalar(value)}{self._behind()}\n"

    def _flow(self, value: Any) -> str:
        gap = self._chance.choice(["", " ", "\n      ", " # {}\n      "])
        gap = gap.format(self._comment()[2:]) if "#" in gap else gap
        match value:
            case dict():
                inner = [f"{self._scalar(key)}: {self._flow(one)}" for key, one in value.items()]
                return f"{{{gap}{f',{gap or chr(32)}'.join(inner)}{gap}}}"
            case list():
                comma = "," if value and self._often(0.2) else ""
                return f"[{gap}{f',{gap or chr(32)}'.join(map(self._flow, value))}{comma}{gap}]"
            case None:
                return "null"
        return self._scalar(value)

    def _scalar(self, text: str) -> str:
        if re.fullmatch(r"[\w.]+( [\w.]+)*", text) and text not in ("null",) and self._often(0.8):
            return text
        if "\n" not in text and self._often(0.5):
            return "'" + text.replace("'", "''") + "'"
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def random_value(chance: random.Random, depth: int = 3) -> Any:
    kind = chance.random()
    if depth and kind < 0.35:
        return [random_value(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    if depth and kind < 0.6:
        return {key: random_value(chance, depth - 1) for key in chance.sample(KEYS, chance.randint(0, 3))}
    return None if kind > 0.97 else chance.choice(TEXTS)
