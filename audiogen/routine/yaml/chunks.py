"""A list or map of a text in its pieces: every item with the comments that belong to it, and what lies between them.

    text + node -> Chunks -> the text with other pieces

To an item belong the comment lines right above it, those below it that are indented deeper, and the one behind it.
Blank lines, and comments that stand alone between them, belong to the place between two items.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from audiogen.routine.yaml.nodes import Node


@dataclass(slots=True)
class Chunks:
    """The pieces of a list or map at [start, end) of a text; `gaps` has one more: what is before each, and behind all.

    Pieces on lines of their own begin without their indentation, which is `column` wide, and gaps are whole lines.
    The first piece is `inline` if it begins in the middle of a line. Gaps in brackets have no commas.
    """

    start: int
    end: int
    pieces: list[str]
    gaps: list[str]
    column: int = 0
    inline: bool = False
    brackets: str = ""  # "[]" or "{}"; empty for lines of their own

    def insert(self, index: int, piece: str) -> None:
        """Put a piece at this place, as far from its neighbours as most are."""
        inner = Counter(one for one in self.gaps[1:-1] if "#" not in one)
        gap = inner.most_common(1)[0][0] if inner else " " if self.brackets else ""
        self.gaps.insert(min(max(index, 1), len(self.pieces)) if self.pieces else 1, gap)
        self.pieces.insert(index, piece)

    def remove(self, index: int) -> str:
        """Take out a piece; a comment that stands alone next to it stays."""
        before, behind = self.gaps[index : index + 2]
        is_last = index == len(self.pieces) - 1
        kept = before + behind if "#" in before + behind else behind if is_last else before
        self.gaps[index : index + 2] = [kept]
        return self.pieces.pop(index)

    def move(self, index: int, to: int) -> None:
        """Change the place of a piece; what lies between the places stays."""
        self.pieces.insert(to, self.pieces.pop(index))

    def written(self) -> str:
        """Write the pieces in their order."""
        first, *inner, last = self.gaps
        if self.brackets:
            joined = "".join(f",{gap}{piece}" for gap, piece in zip(inner, self.pieces[1:], strict=True))
            return f"{self.brackets[0]}{first}{self.pieces[0]}{joined}{last}{self.brackets[1]}"
        lead = " " * self.column
        joined = "".join(f"\n{gap}{lead}{piece}" for gap, piece in zip(inner, self.pieces[1:], strict=True))
        begins = first.lstrip(" ") if self.inline else first
        text = f"{begins}{'' if self.inline and not first else lead}{self.pieces[0]}{joined}"
        return f"{text}\n{last.removesuffix(chr(10))}" if last else text


def chunks_of(text: str, node: Node) -> Chunks:
    """Take a list or map that has items to pieces. A comment above the first key of a file belongs to the file."""
    spans = [(one.key.start, one.value.end) for one in node.entries] or [(one.start, one.end) for one in node.items]
    return _in_brackets(text, node, spans) if node.flow else _on_lines(text, node, spans)


def _in_brackets(text: str, node: Node, spans: list[tuple[int, int]]) -> Chunks:
    bare = text[node.start] not in "[{"  # `[a: 1]` has a map without braces
    edges = [node.start + (not bare), *(edge for span in spans for edge in span), node.end - (not bare)]
    gaps = [_without_comma(text[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    pieces = [text[start:end] for start, end in spans]
    pieces = [f"{piece} " if node.entries and piece.endswith(":") else piece for piece in pieces]
    return Chunks(node.start, node.end, pieces, gaps, brackets="[]" if node.items else "{}")


def _without_comma(gap: str) -> str:
    lines = gap.split("\n")
    for number, line in enumerate(lines):
        code, sign, comment = line.partition("#")
        if "," in code:
            lines[number] = code.replace(",", "", 1) + sign + comment
            break
    return "\n".join(lines)


def _on_lines(text: str, node: Node, spans: list[tuple[int, int]]) -> Chunks:
    marks = list(marks_of(text, node))
    ends = [max(end, mark + 1) for mark, (_, end) in zip(marks, spans, strict=True)]
    begins = line_start(text, marks[0])
    column, inline = marks[0] - begins, bool(text[begins : marks[0]].strip())
    closes = [
        _close(text, line_end(text, end), column, until)
        for end, until in zip(ends, [*marks[1:], len(text)], strict=True)
    ]
    at_top = column == 0 and bool(node.entries)
    opens = [
        mark if inline and not number else _open(text, mark, closes[number - 1] + 1 if number else begins * at_top)
        for number, mark in enumerate(marks)
    ]
    inner = [text[close + 1 : start] for close, start in zip(closes, opens[1:], strict=False)]
    pieces = [text[start:end].lstrip(" ") for start, end in zip(opens, closes, strict=True)]
    return Chunks(opens[0], closes[-1], pieces, ["", *inner, ""], column, inline)


def marks_of(text: str, node: Node) -> Iterator[int]:
    """Find where the items of a list or map on lines of its own begin: at their dashes or keys."""
    at = node.start
    for item in node.items:
        mark = _next_content(text, at)
        at = max(item.end, mark + 1)
        yield mark
    yield from (entry.key.start for entry in node.entries)


def _next_content(text: str, index: int) -> int:
    """Find what follows that is neither blank nor a comment."""
    while text[index] in " \t\n#":
        index = line_end(text, index) if text[index] == "#" else index + 1
    return index


def _open(text: str, mark: int, floor: int) -> int:
    """Find the line with which an item begins, those of its comments above it included."""
    begins = line_start(text, mark)
    while begins > floor and text[line_start(text, begins - 1) : begins].lstrip().startswith("#"):
        begins = line_start(text, begins - 1)
    return begins


def _close(text: str, end: int, column: int, until: int) -> int:
    """Find the end of the last line of an item, those of the comments below it included."""
    close = index = end
    while index < until - 1:
        line = text[index + 1 : line_end(text, index + 1)]
        index += 1 + len(line)
        if line.lstrip(" ").startswith("#") and len(line) - len(line.lstrip(" ")) > column:
            close = index
        elif line.strip():
            break
    return close


def has_comment_below(text: str, end: int, column: int) -> bool:
    """Whether the lines below this end of a line begin with comments that are indented deeper."""
    return _close(text, end, column, len(text)) > end


def line_start(text: str, index: int) -> int:
    """Find where the line begins in which this place is."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Find where the line ends in which this place is, before its break."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end
