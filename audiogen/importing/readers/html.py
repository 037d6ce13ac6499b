"""The main text of a web page: HTML -> lines.

Navigation, forms, advertisements, captions and scripts are left out, by their element or by the names of their classes.
The parser is that of the standard library: it knows lines and columns, reads broken pages, and fetches nothing.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from audiogen.importing.line import Line, Spot

_SKIPPED = frozenset(
    [
        "nav",
        "header",
        "footer",
        "aside",
        "form",
        "button",
        "script",
        "style",
        "noscript",
        "figure",
        "figcaption",
        "template",
        "svg",
        "iframe",
        "select",
        "label",
        "menu",
        "dialog",
        "object",
        "audio",
        "video",
        "canvas",
        "head",
    ]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "dl",
        "dt",
        "dd",
        "pre",
        "details",
        "summary",
        "address",
        "body",
        "html",
        "hr",
        "center",
    ]
)
_JUNK = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|banner|breadcrumbs?|byline|caption|comments?|cookie\w*|footer|menu|modal|nav\w*|newsletter|"
    r"pagination|popup|promo\w*|related|recommend\w*|share|sharing|sidebar|social|sponsor\w*|subscribe|toc|author)(?:$|[\s_-])"
)
_BOLD = ("b", "strong")  # as in Markdown, where they begin a line
_NUMBER = re.compile(r"\(?\d{1,2}[.)]\s+(?=\S)")
_DEEPEST = 200  # elements in one another; deeper ones are read as if they stood side by side
MOST_TAGS = 50_000
LONGEST_TAG = 5000


class _Enough(Exception):
    """Read so far, and no further."""


@dataclass(slots=True)
class _Open:
    """An element that is open."""

    tag: str
    skipped: bool
    marks: str = ""


@dataclass
class Page(HTMLParser):
    """A page while it is read; `lines` are those of its main text, `data` its JSON-LD."""

    lines: list[Line] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    title: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Open] = []
        self._text: list[str] = []
        self._strong = self._plain = self._soft = 0
        self._spot = Spot(1)
        self._gap = True
        self._row: list[str] | None = None
        self._header = False
        self._reading = ""
        self._skipping = 0
        self._lists: list[list[int]] = []
        self._first_of_item = False
        self._tags = 0

    # -- what the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags += 1
        if self._tags > MOST_TAGS:
            raise _Enough
        if tag in _BLOCKS:
            self._end_line()
        if tag == "br":
            self._end_line(gap=False)
        if tag in _VOID:
            return
        given = {name: value or "" for name, value in attrs}
        names = f"{given.get('class', '')} {given.get('id', '')}".lower()
        skipped = tag in _SKIPPED or "hidden" in given or (tag not in ("body", "html") and bool(_JUNK.search(names)))
        if tag == "header" and not self.lines:
            skipped = False  # an article's own, with its title
        if len(self._open) < _DEEPEST:
            self._open.append(_Open(tag, skipped))
            self._skipping += skipped
        self._begin(tag, given)
        if tag in _BOLD and not self._text and not self._skipping and self._row is None:
            line, column = self.getpos()
            self._spot = Spot(line, column + 1)
            self._text.append("**")

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "script" and given.get("type") == "application/ld+json":
            self._reading = "data"
            self.data.append("")
        elif tag == "title" and not self.title:
            self._reading = "title"
        elif tag in ("ul", "ol"):
            self._lists.append([1 if tag == "ol" else 0])
        elif tag == "li":
            self._first_of_item = True
        elif tag == "table":
            self._header = True
        elif tag == "tr":
            self._row = []

    def handle_endtag(self, tag: str) -> None:
        self._reading = ""
        if tag in _BOLD and self._text[:1] == ["**"] and "**" not in self._text[1:]:
            self._text.append("**")
        if tag in ("td", "th") and self._row is not None:
            self._row.append(self._taken())
        elif tag == "tr" and self._row is not None:
            self._end_row()
        elif tag in _BLOCKS:
            self._end_line()
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at].tag == tag:
                self._skipping -= sum(one.skipped for one in self._open[at:])
                del self._open[at:]
                break

    def handle_data(self, data: str) -> None:
        if self._reading == "data":
            self.data[-1] += data
        elif self._reading == "title":
            self.title = (self.title + data).strip()[:300]
        elif not self._skipping and (data.strip() or self._text):
            if not self._text:
                line, column = self.getpos()
                above = data[: len(data) - len(data.lstrip())].count("\n")
                self._spot = Spot(line + above, 1 if above else column + 1)
            self._text.append(data)
            bold = any(one.tag in ("b", "strong") for one in self._open[-4:])
            soft = any(one.tag in ("i", "em") for one in self._open[-4:])
            self._strong += len(data.strip()) if bold else 0
            self._soft += len(data.strip()) if soft else 0
            self._plain += len(data.strip())

    # -- lines

    def _taken(self) -> str:
        text = " ".join("".join(self._text).split())
        self._text = []
        return "" if text == "**" else text.replace("****", "")

    def _end_line(self, *, gap: bool = True) -> None:
        if self._row is not None:
            return
        strong = self._strong > 0 and self._strong >= self._plain - 1
        soft = self._soft > 0 and self._soft == self._plain
        text = self._taken()
        text = text.replace("**", "") if strong else text
        self._strong = self._soft = self._plain = 0
        if text:
            level = next((int(one.tag[1]) for one in reversed(self._open) if re.fullmatch("h[1-6]", one.tag)), 0)
            mark = ("1" if self._lists and self._lists[-1][0] else "-") if self._first_of_item and self._lists else ""
            depth = len(self._lists)
            if numbered := _NUMBER.match(text):
                mark, text = "1", text[numbered.end() :]
            line = Line(text, self._spot, level, depth, mark, self._gap, strong and not level, soft and not level)
            self.lines.append(line)
            self._first_of_item = False
            self._gap = gap
        else:
            self._gap = self._gap or gap

    def _end_row(self) -> None:
        cells, self._row = tuple(self._row or ()), None
        if any(cells) and not self._skipping:
            text = " ".join(filter(None, cells))
            self.lines.append(Line(text, self._spot, cells=cells[:40], header=self._header, gap=self._header))
            self._header = False
        self._gap = True


def read(text: str) -> Page:
    """Read a page."""
    page = Page()
    with suppress(_Enough):
        page.feed(_closed(text))
        page.close()
    page._end_line()
    if not any(line.level == 1 for line in page.lines) and page.title:
        title = re.split(r"\s+[|–—-]\s+", page.title)[0]
        page.lines.insert(0, Line(title, Spot(1), level=1, gap=True))
    page.lines[:] = [replace(line, gap=True) if line.level else line for line in page.lines]
    return page


def _closed(text: str) -> str:
    """A page without comments, and without tags and declarations that never end, which the parser would look for again
    and again; each letter and line stays at its place."""
    parts, at = list[str](), 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        end = len(text) if end < 0 else end + 3
        parts += [text[at:start], _blank(text[start:end])]
        at = end
    text = "".join([*parts, text[at:]])
    parts, at = [], 0
    while (start := text.find("<", at)) >= 0:
        end = text.find(">", start, start + LONGEST_TAG)
        parts += [text[at:start], " " if end < 0 or text.startswith(("<!", "<?"), start) else "<"]
        at = start + 1
    return "".join([*parts, text[at:]])


def _blank(text: str) -> str:
    return "".join("\n" if letter == "\n" else " " for letter in text)
