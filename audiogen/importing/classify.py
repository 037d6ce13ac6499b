"""What each line is, by a score for each kind: lines -> Judged lines.

No pattern decides alone. Marks, length, position, words and the lines around add to the scores, and the highest wins;
`-v` shows them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from audiogen.importing.dose import Amount, Dose
from audiogen.importing.draft import Kind
from audiogen.importing.grammar import read_dose, with_lead
from audiogen.importing.leftover import leftovers, means_something
from audiogen.importing.line import Line, unmarked
from audiogen.importing.pauses import pause_alone
from audiogen.importing.steps import without_step
from audiogen.importing.vocabulary import Vocabulary, all_in, begins_with, has_any

SECTIONS = ("equipment", "caution", "before", "warm", "cool", "main", "recap", "related", "closing")
_NARROW = ("before", "warm", "cool", "main", "closing")  # whose words stand in titles and names, too
_PARTS = ("main", "warm", "cool")
MOST_WORDS_OF_A_HEAD, MOST_WORDS_OF_A_LEAD = 9, 6
_ORDER: Mapping[str, int] = {"heading": 0, "capitals": 1, "bold": 1, "1": 2, "short": 4, "text": 5} | dict.fromkeys(
    ("led", "-", "@"), 3
)
_UNMARKED = ("led", "short", "text", "@")  # styles that headings and lists have not
MOST_LINES_OF_A_MOVE = 40  # between its head and its dose
Style = tuple[str, int]

_ADDRESS = re.compile(r"https?:|www\.|\S@\S+\.\w|(?<!\w)[@#][A-Za-z]\w+|\+?\d[\d\s/-]{7,}\d|\d{1,3}\s?%")
_SENTENCE_END = re.compile(r"[.!?。！？।][\"'”’)]*$")
_BOLD_LEAD = re.compile(r"\s*(?:\*\*|__)([^*_]+)(?:\*\*|__)\s*[^\s.:*_]")


@dataclass(slots=True)
class Judged:
    """A line, its dose, and the score of each kind it may be."""

    line: Line
    dose: Dose
    scores: dict[Kind, float] = field(default_factory=dict)
    section: str = ""  # the section that it begins
    name: str = ""  # what it names besides its dose
    is_step: bool = False  # it begins with "Step 1:", "Exercise 1:"
    is_breath: bool = False  # it begins with "inhale" or "exhale"

    @property
    def kind(self) -> Kind:
        """The kind with the highest score."""
        return max(self.scores, key=lambda kind: self.scores[kind]) if self.scores else "instruction"

    @property
    def score(self) -> float:
        """The highest score."""
        return max(self.scores.values(), default=0)

    @property
    def lead(self) -> str:
        """What stands in bold or before a colon, where that may be a name: "The hundred: lie on your back …"."""
        if bold := _BOLD_LEAD.match(self.line.text):
            name = bold[1].strip(" .:")
            return name if name and len(name.split()) <= MOST_WORDS_OF_A_HEAD and self._is_name(name) else ""
        lead, colon, rest = self.line.text.partition(":")
        is_name = colon and rest[:1] in " *_" and rest.strip(" *_") and 1 <= len(lead.split()) <= 5
        return lead if is_name and self._is_name(lead) else ""

    def _is_name(self, lead: str) -> bool:
        """Whether the line names what stands in front of it, and not something behind."""
        return bool(self.name) and unmarked(self.name).startswith(unmarked(lead).strip()[:3])

    @property
    def style(self) -> Style:
        """How it stands there: lines that head exercises stand alike."""
        line = self.line
        if line.level:
            return "heading", line.level
        if line.mark:
            return line.mark, line.depth
        if self.is_step:
            return "1", line.depth
        if line.strong or line.text.lstrip().startswith(("**", "__")):
            return "bold", 0
        if self.lead and (len(line.words) > MOST_WORDS_OF_A_HEAD or _SENTENCE_END.search(unmarked(line.text))):
            return "led", 0
        if is_capitals(self.name or line.text):
            return "capitals", 0
        is_short = len(line.words) <= MOST_WORDS_OF_A_HEAD and not _SENTENCE_END.search(unmarked(line.text))
        return ("short" if is_short else "text"), line.depth


def is_capitals(text: str) -> bool:
    """Whether a text is written in capitals, apart from its dose."""
    letters = [letter for letter in text if letter.isalpha() and letter.upper() != letter.lower()]
    return len(letters) > 3 and sum(map(str.isupper, letters)) > 0.8 * len(letters)


def judge(lines: Sequence[Line], words: Vocabulary) -> list[Judged]:
    """Score every line; which lines head exercises is found out by their style."""
    judged = [_judged(line, words) for line in lines]
    title = _title(judged, words)
    interval = any(one.dose.on for one in judged)
    style = head_style([one for at, one in enumerate(judged) if at != title], by_interval=interval)
    for at, one in enumerate(judged):
        one.scores.update(_scores(one, words))
        if at == title:
            one.scores["title"] = 9
        if (
            style is not None
            and one.style == style
            and not one.section
            and not one.is_breath
            and (one.name or not one.dose.says)
        ):
            is_told = style[0] in ("short", "text") and not is_named(one)
            is_told = is_told or (style[0] == "@" and not one.dose.has_work)
            is_told = is_told or (style[0] in _UNMARKED and noise_of(unmarked(one.line.text), words) >= 3)
            one.scores["head"] = 4 + 2 * one.dose.has_work - 5 * is_told
    return judged


def _judged(line: Line, words: Vocabulary) -> Judged:
    text = without_step(line.text, words)
    dose = read_dose(text, words)
    if line.lasts_ms and not dose.has_work:
        dose = replace(dose, hold=Amount(line.lasts_ms, line.lasts_ms))
    if (line.mark or text != line.text) and not line.level:
        dose = with_lead(text, dose, words)
    one = Judged(line, dose, section=_section(line, dose, words), is_step=text != line.text)
    one.is_breath = begins_with(text, (*words.ear["inhale"], *words.ear["exhale"]))
    pieces = [unmarked(piece).strip(" -–—:,.;|([)]") for piece in leftovers(text, dose)]
    one.name = next((piece for piece in pieces if means_something(piece, words)), "")
    return one


def _section(line: Line, dose: Dose, words: Vocabulary) -> str:
    """The section that a heading, a bold line or a line with a colon begins."""
    text = unmarked(line.text)
    lead = text.partition(":")[0].partition("：")[0].partition(" (")[0]
    is_led = bool(line.level or line.strong or text.rstrip(":：") != text or lead != text.partition(" (")[0])
    if len(lead.split()) > 7:
        return ""
    if line.mark and not is_led:
        return next((one for one in _PARTS if words.is_head(one, text) and not dose.says), "")
    for section in SECTIONS:
        if words.heads(section, lead) if is_led and line.level != 1 else words.is_head(section, lead):
            if section in _NARROW and len(lead.split()) > len(words.named(section, lead).split()) + 2:
                continue
            if section == "closing" and words.is_head("total", lead):
                return section
            if section == "main" and not line.level and not dose.says and len(text) > len(lead) + 2:
                return ""  # "Workout: hips and back" is a title
            is_move = section in ("main", "closing", "before") and dose.has_work and not line.level
            return "" if is_move else section
    if line.level and len(line.words) <= 6:
        return next((one for one in ("caution", "related", "recap") if words.mentions(one, lead)), "")
    return ""


def _title(judged: Sequence[Judged], words: Vocabulary) -> int | None:
    """Find the line with the title: the highest heading, or else an early short line that is neither noise nor work."""
    top = min((one.line.level for one in judged if one.line.level), default=0)
    for at, one in enumerate(judged[:40]):
        dose, line = one.dose, one.line
        bare = re.sub(r"\([^()]*\)", "", unmarked(line.text)).strip()
        if line.cells or one.section or not one.name or noise_of(bare, words) >= 3:
            continue
        if top == 1 or (top and sum(other.line.level == top for other in judged) == 1):
            if line.level == top:
                return at
            continue
        is_long = dose.hold is not None and dose.hold.least >= 180_000
        bare = re.sub(r"\([^()]*\)", "", unmarked(line.text)).strip()
        if (dose.has_work and not dose.on and not is_long) or line.mark or at > 6:
            return None
        below = judged[at + 1] if at + 1 < len(judged) else None
        is_head = below is not None and not below.line.gap and below.dose.has_work and not below.name and not dose.says
        if (
            len(bare.split()) <= 12
            and not _SENTENCE_END.search(bare.rstrip("!"))
            and not is_head
            and not _leads_on(bare)
        ):
            return at
        if not line.level and len(bare.split()) > 12:
            continue
    return None


def _leads_on(text: str) -> bool:
    """Whether a line goes on in the next: "as promised, here are the exercises for your ankle:"."""
    return text[-1:] == "," or (text[-1:] in ":：" and len(text.split()) > MOST_WORDS_OF_A_LEAD)


def _scores(one: Judged, words: Vocabulary) -> Iterator[tuple[Kind, float]]:
    line, text = one.line, unmarked(one.line.text)
    if pause_alone(text, words) is not None:
        yield "pause", 8
    yield "instruction", 1 + has_any(text, words.ear["position"][:60]) + (1 if line.depth or line.mark else 0)
    if one.dose.says and not means_something(" ".join(leftovers(text, one.dose)), words):
        yield "dose", 6
    yield "noise", _noise(line, text, words)
    if one.section:
        yield "section", 7
    yield "caution", 2.5 * min(len(all_in(text, words.sections["stop"])), 2) + (1 if line.strong else 0)
    yield "before", 2.6 * words.mentions("prepare", text)
    if one.section == "equipment":
        yield "equipment", 8


def noise_of(text: str, words: Vocabulary) -> float:
    """How much a text speaks for no part of a session."""
    score = 3.0 * has_any(text, words.noise)
    score += 3 * bool(_ADDRESS.search(text))
    score += 2.5 * begins_with(text, words.greetings)
    score += 4 * any(one in text.lower() for one in ("wrote:", "schrieb:", " on oct", "©", "(c)"))
    return score + 1.5 * text.rstrip().endswith("?")


def _noise(line: Line, text: str, words: Vocabulary) -> float:
    return noise_of(text, words) + 0.5 * (line.quoted or line.soft)


# -- which lines head exercises


def head_style(judged: Sequence[Judged], *, by_interval: bool) -> Style | None:
    """Find the style that heads exercises: the one whose lines most often name something and have a dose.

    `by_interval` says that work and rest are given once for all, so that lines have no dose of their own.

    A dose in the line itself counts more than one in the lines below it; of two styles that are as good, the outer
    one wins, since lists inside exercises have doses too.
    """
    styles = Counter(one.style for one in judged if one.name and not one.line.cells)
    totals: dict[Style, float] = {}
    dosed: dict[Style, int] = {}
    for style in styles:
        marks = [
            _worth(judged, at, style, by_interval=by_interval)
            for at, one in enumerate(judged)
            if one.style == style and one.name
        ]
        totals[style] = sum(marks)
        dosed[style] = sum(mark > 0 for mark in marks)
    found = [style for style in totals if dosed[style] and totals[style] > 0]
    if not found:
        return _listed(judged, styles, by_interval=by_interval)
    return max(found, key=lambda style: (totals[style] * (1 if style[0] != "text" else 0.4), -_inner(style)))


def _inner(style: Style) -> int:
    return _ORDER[style[0]] * 10 + style[1]


def _worth(judged: Sequence[Judged], at: int, style: Style, *, by_interval: bool) -> float:
    one = judged[at]
    if one.section or one.line.cells or pause_like(one) or one.is_breath:
        return 0
    if one.dose.has_work and is_named(one):
        return 3
    for other in judged[at + 1 : at + 1 + MOST_LINES_OF_A_MOVE]:
        if (other.style == style and other.name) or (other.line.level and style[0] != "heading") or style[0] == "text":
            break
        if other.dose.has_work and other.section in ("", "closing"):
            return 2
    return 1.5 if by_interval and style[0] in ("1", "-", "short") and is_named(one) else -1


def pause_like(one: Judged) -> bool:
    """Whether it is a line in brackets."""
    return one.line.text[:1] in "[(" and one.line.text.rstrip("*_ .")[-1:] in "])"


def is_named(one: Judged) -> bool:
    """Whether a line names something next to its dose, rather than telling how to do it."""
    first = re.split(r"(?<=[.!?])\s", one.name)[0]
    is_told = (
        not one.lead
        and not one.line.mark
        and not one.line.level
        and bool(_SENTENCE_END.search(unmarked(one.line.text)))
    )
    return bool(one.name) and len(first.split()) <= MOST_WORDS_OF_A_HEAD and not is_told


def _listed(judged: Sequence[Judged], styles: Counter[Style], *, by_interval: bool) -> Style | None:
    """The style of a bare list, where the doses are given once for all of it."""
    if sum(one.is_breath for one in judged) > 1:
        return None  # steps of one exercise, which breathes
    if not by_interval and not any(one.dose.rounds or one.dose.has_work for one in judged):
        return None
    lists = [style for style in styles if style[0] in ("1", "-", "short") and styles[style] >= 3]
    return max(lists, key=lambda style: (style[0] != "short", styles[style]), default=None)
