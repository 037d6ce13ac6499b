"""The title of a source, and the length that it names for all of it."""

import re
from collections.abc import Sequence

from audiogen.importing.classify import Judged, is_capitals
from audiogen.importing.dose import Dose
from audiogen.importing.draft import Draft, Guess, LeftOut
from audiogen.importing.frame import Frame
from audiogen.importing.line import unmarked
from audiogen.importing.sentences import clean, split
from audiogen.importing.vocabulary import Vocabulary

SHORTEST_MS = 180_000  # of a whole session
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


def take_title(one: Judged, frame: Frame) -> Dose:
    """Take the title from its line, and give back what the line says about the dose of all exercises."""
    draft, words, spot = frame.draft, frame.words, one.line.spot
    text, *aside = re.split(r"\s{3,}|\t", one.line.text.strip())
    draft.left_out.extend(LeftOut(part, spot, "next to the title") for part in aside)
    text, *more = split(unmarked(text)) or [""]
    for sentence in more:
        if not frame.needs(one.line.with_text(sentence)):
            frame.cautions(one.line.with_text(sentence), section="next to the title")
    dose = one.dose
    total = dose.hold if dose.hold and not dose.on else None
    if total:
        draft.length_ms, draft.length_spot = total.least, spot
    if dose.on or (total and re.search(r"\(\s*$", text[: dose.spans[0][0]])):
        text = text[: dose.spans[0][0]]
    if is_capitals(text):
        text = text.replace("_", " ")
    draft.left_out.extend(LeftOut(part, spot, "title") for part in re.findall(r"\([^()]*\)", text))
    draft.title = clean(re.sub(r"\([^()]*\)?", "", text), words).rstrip(".:,;!")
    draft.title_spot = spot
    return Dose() if total else dose


def take_title_in_bold(judged: Sequence[Judged], draft: Draft, words: Vocabulary) -> None:
    """Take the words in bold of a sentence above the exercises for the title."""
    for one in judged:
        if one.kind == "head":
            return
        named = None if one.line.strong or one.line.mark or one.section else _BOLD.search(one.line.text)
        if named and len(named[1].split()) > 1:
            draft.title, draft.title_spot = clean(named[1], words).strip(" .:,;!"), one.line.spot
            draft.guesses.append(Guess("the title, from the words in bold", one.line.spot, "", "title"))
            length_in(one, draft)
            return


def length_in(one: Judged, draft: Draft) -> None:
    """Take the length of the whole session from a line above the exercises, where it names one."""
    total = None if one.line.soft else one.dose.hold
    if total and draft.length_ms is None and total.least >= SHORTEST_MS:
        draft.length_ms, draft.length_spot = total.least, one.line.spot
