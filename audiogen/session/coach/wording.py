"""Rules about the words of a sentence alone.

Coached -> Findings
"""

from collections.abc import Iterator
from itertools import groupby

from audiogen.errors import Notice
from audiogen.routine.model import Exercise
from audiogen.session.coach.coached import Coached, Finding
from audiogen.session.coach.lines import Line
from audiogen.session.coach.vocabulary import names_a_side
from audiogen.text import shown

MOST_WORDS = 10


def position_before_movement(coached: Coached) -> Iterator[Finding]:
    """Rule 1: a set-up says the position first."""
    setups = [line for line in coached.lines if line.role == "setup"]
    for _, lines in groupby(setups, key=lambda line: line.slug):
        sentences = [(line, sentence) for line in lines for sentence in line.sentences]
        for index, (line, sentence) in enumerate(sentences):
            later = any(coached.position_of(other) for _, other in sentences[index + 1 :])
            if _moves_first(coached, sentence, later):
                notice = Notice("coach.position-first", subject=shown(sentence), slug=line.slug)
                yield Finding(line.keys, sentence, notice)
            if coached.position_of(sentence):
                break


def _moves_first(coached: Coached, sentence: str, later: bool) -> bool:
    """Whether a sentence begins with a movement, and the position comes behind that, or in a `later` sentence."""
    words = coached.words
    kept = words.find("staying", sentence)
    if kept and any(match.start() == 0 for match in words.movements(sentence, "efforts", "travels")):
        return True
    begins = any(match.start() == 0 for match in words.movements(sentence, "efforts"))
    return begins and later and coached.position_of(sentence) is None


def one_short_movement(coached: Coached) -> Iterator[Finding]:
    """Rule 2: a sentence has at most ten words and one movement."""
    for line in coached.lines:
        if not line.instructs and line.role != "remark":
            continue
        for sentence in line.sentences:
            if notice := _too_much(coached, line, sentence):
                yield Finding(line.keys, sentence, notice)


def _too_much(coached: Coached, line: Line, sentence: str) -> Notice | None:
    count = sum(any(map(str.isalnum, word)) for word in sentence.split())
    subject = shown(sentence)
    if count > MOST_WORDS:
        return Notice("coach.long-sentence", None, subject, str(MOST_WORDS), str(count), slug=line.slug)
    moves = coached.words.movements(sentence, "efforts", "travels") if line.instructs else ()
    if len(moves) > 1:
        found = " and ".join(f"'{match[1].lower()}'" for match in moves[:2])
        return Notice("coach.two-movements", None, subject, found=found, slug=line.slug)
    return None


def no_this(coached: Coached) -> Iterator[Finding]:
    """Rule 3: "your right arm", never "this arm"."""
    for line in coached.lines:
        for sentence in line.sentences if line.role != "heading" else ():
            if match := coached.words.part("pointing", ("limbs", "pointed-at"), sentence):
                better = f"your {_placeholder(line.exercise)} {match[1].lower()}"
                notice = Notice("coach.this-limb", None, expected=better, found=shown(match[0]), slug=line.slug)
                yield Finding(line.keys, match[0], notice)


def limbs_have_sides(coached: Coached) -> Iterator[Finding]:
    """Rule 4: in an exercise with sides, a limb has one, and it is the side of the moment."""
    for line in coached.lines:
        if line.exercise is None or not line.exercise.sides or not (line.instructs or line.role == "phase"):
            continue
        yield from _fixed_sides(coached, line)
        if any(names_a_side(coached.words, coached.phrases, sentence) for sentence in line.sentences):
            continue
        if match := coached.words.part("owners", ("limbs",), line.text):
            better = f"{match[0].split()[0].lower()} {_placeholder(line.exercise)} {match[1].lower()}"
            notice = Notice("coach.no-side", None, expected=better, found=shown(match[0]), slug=line.slug)
            yield Finding(line.keys, match[0], notice)


def _fixed_sides(coached: Coached, line: Line) -> Iterator[Finding]:
    """What names one side though it is said on both."""
    sides = line.exercise.sides if line.exercise and not line.exercise.alternate else ()
    both = len(sides) == 2 and line.keys[-1] not in ("right", "left")
    for sentence in line.sentences if both else ():
        named = coached.words.find_all_but("fixed", "unfixed", sentence)
        if len({match[0].casefold() for match in named}) == 1:
            notice = Notice("coach.fixed-side", None, expected="{side}", found=shown(named[0][0]), slug=line.slug)
            yield Finding(line.keys, named[0][0], notice)


def _placeholder(exercise: Exercise | None) -> str:
    return "{side}" if exercise and exercise.sides else "right"


def no_eyes(coached: Coached) -> Iterator[Finding]:
    """Rule 5: nothing needs eyes."""
    for line in coached.lines:
        for sentence in line.sentences if line.role != "heading" else ():
            if match := coached.words.find_but("eyes", "eyeless", sentence):
                notice = Notice("coach.needs-eyes", None, found=shown(match[0]), slug=line.slug)
                yield Finding(line.keys, match[0], notice)


def no_promises(coached: Coached) -> Iterator[Finding]:
    """Rule 11: no healing is promised, in what is shown neither."""
    for line in coached.lines:
        for sentence in line.sentences:
            if match := coached.words.find_but("promises", "promised-not", sentence):
                notice = Notice("coach.promise", None, found=shown(match[0]), slug=line.slug)
                yield Finding(line.keys, match[0], notice)
