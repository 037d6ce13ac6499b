"""Judged lines -> a draft: which lines are exercises, what belongs to each, and what is said once for all."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from audiogen.importing.circuits import grouped
from audiogen.importing.classify import Judged
from audiogen.importing.dose import Amount, Dose
from audiogen.importing.draft import Draft, Guess, LeftOut, Move
from audiogen.importing.frame import Frame
from audiogen.importing.leftover import is_repeat
from audiogen.importing.line import Line, Spot, unmarked
from audiogen.importing.names import name_of
from audiogen.importing.prose_moves import moves_in_prose
from audiogen.importing.speech import Speech
from audiogen.importing.tables import moves_of
from audiogen.importing.titles import length_in, take_title, take_title_in_bold
from audiogen.importing.vocabulary import Vocabulary, begins_with

_DROPPED = ("related", "recap")
_PARTS = ("main", "warm", "cool")


@dataclass(slots=True)
class _Part:
    """A stretch of moves with what is said for all of them."""

    spot: Spot
    dose: Dose = field(default_factory=Dose)
    moves: list[Move] = field(default_factory=list)


@dataclass(slots=True)
class Outliner:
    """Goes through the judged lines once."""

    words: Vocabulary
    draft: Draft
    parts: list[_Part] = field(default_factory=lambda: [_Part(Spot(1))])
    section: str = ""
    frame: Frame = field(init=False)
    speech: Speech = field(init=False)
    open_move: Judged | None = None
    is_last: bool = False  # behind the head of the last exercise
    repeats: int = 0  # lines such as "repeat 3 times"; a single one is about all exercises

    def __post_init__(self) -> None:
        self.frame = Frame(self.words, self.draft)
        self.speech = Speech(self.words, self.draft)

    def run(self, judged: Sequence[Judged]) -> Draft:
        """Read all lines."""
        rows = list[Line]()
        self.repeats = sum(bool(one.dose.reps) and is_repeat(one.line.text, self.words) for one in judged)
        inner = _has_paragraphs(judged)
        last = max((at for at, one in enumerate(judged) if one.kind == "head"), default=-1)
        for at, one in enumerate(judged):
            if one.line.cells:
                rows.append(one.line)
                continue
            self._rows(rows)
            self.is_last = at > last
            self._line(one, is_last=self.is_last, inner=inner)
        self._rows(rows)
        if not any(part.moves for part in self.parts) and (move := self._whole(judged)):
            self.parts[0].dose, self.parts[0].moves[:] = Dose(), [move]
        if not any(part.moves for part in self.parts):
            self.parts[0].moves.extend(moves := moves_in_prose(judged, self.words))
            told = {said.spot for move in moves for said in move.said}
            self.draft.left_out[:] = [one for one in self.draft.left_out if one.spot not in told]
        if not self.draft.title:
            take_title_in_bold(judged, self.draft, self.words)
        self.draft.items.extend(item for part in self.parts for item in grouped(part.spot, part.dose, part.moves))
        return self.draft

    def _whole(self, judged: Sequence[Judged]) -> Move | None:
        """Read a text without exercises as one, by its title, where it has a dose of its own or counts breaths."""
        draft = self.draft
        dose = self.parts[0].dose
        move = Move(draft.title, draft.title_spot, Dose(hold=dose.hold, rounds=dose.rounds))
        left = draft.left_out[:]
        for one in judged:
            if not one.line.level and not one.section and one.scores.get("title", 0) < 9 and not one.line.cells:
                self.speech.say(move, one.line.text, one.line.spot)
        is_dosed = move.dose.has_work and any(one.kind == "dose" and one.dose.has_work for one in judged[:8])
        if not draft.title or not (is_dosed or sum(phase.is_breath for phase in move.phases) >= 2):
            return None
        if draft.length_ms and not move.dose.rounds:
            move.dose = replace(move.dose, hold=Amount(draft.length_ms, draft.length_ms))
        draft.length_ms = None
        draft.left_out[:] = [one for one in left if one.kind in ("title", "next to the title")]
        return move

    def _rows(self, rows: list[Line]) -> None:
        if rows and self.section not in _DROPPED:
            moves, left = moves_of(rows, self.words)
            if not self.draft.title or not self.parts[-1].moves:
                self.parts[-1].moves.extend(moves)
            else:
                left = [(row.text, row.spot) for row in rows]
            self.draft.left_out.extend(LeftOut(text, spot, "table") for text, spot in left)
        elif rows:
            self.draft.left_out.extend(LeftOut(row.text, row.spot, self.section) for row in rows)
        rows.clear()

    # -- a line

    def _line(self, one: Judged, *, is_last: bool, inner: bool) -> None:
        kind = one.kind
        if kind in ("section", "equipment"):
            self._section(one)
        elif kind == "head" and not self._in_dropped(one):
            self._head(one)
        elif kind == "title" and not self.draft.title and not self.parts[-1].moves:
            self.parts[-1].dose = self.parts[-1].dose.or_else(take_title(one, self.frame))
        elif one.line.level and self._ends_move(one):
            self._heading(one)
        elif self.open_move and not self._is_outside(one, is_last=is_last, inner=inner):
            self._inside(one)
        else:
            self.open_move = None
            self._outside(one)

    def _in_dropped(self, one: Judged) -> bool:
        if self.section in _DROPPED:
            return not (one.line.level and one.dose.has_work)
        if self.section in ("equipment", "caution", "before", "closing"):
            return not (one.dose.has_work or one.line.level or (one.line.gap and not one.line.mark))
        return False

    def _ends_move(self, one: Judged) -> bool:
        head = self.open_move
        return head is None or not head.line.level or one.line.level <= head.line.level

    def _is_outside(self, one: Judged, *, is_last: bool, inner: bool) -> bool:
        line, head = one.line, self.open_move
        if head is None or (one.kind == "noise" and is_last and line.gap and not line.depth):
            return True
        if line.depth > head.line.depth or head.line.level or not line.gap:
            return False
        return is_last and not (inner and head.style[0] in ("bold", "capitals"))

    def _heading(self, one: Judged) -> None:
        self.open_move, self.section = None, ""
        if one.dose.rounds or one.dose.sets or one.dose.on:
            self.parts.append(_Part(one.line.spot, one.dose))
            return
        self.parts.append(_Part(one.line.spot))
        self._drop(one, "heading")

    # -- sections

    def _section(self, one: Judged) -> None:
        self.open_move = None if one.line.level or one.section not in ("closing", "caution") else self.open_move
        text = unmarked(one.line.text)
        _, colon, rest = text.partition(":") if ":" in text else text.partition("：")
        is_whole = bool(colon and rest.strip()) and not one.line.level
        if one.section in _PARTS:
            for_all = one.dose if one.dose.rounds or one.dose.on or one.line.level else Dose()
            self.parts.append(_Part(one.line.spot, replace(for_all, hold=None) if one.section != "main" else for_all))
            self.section = ""
            self._drop(one, "heading")
            return
        before, self.section = self.section, one.section
        if is_whole:
            if one.section == "closing" and self.open_move and not one.line.gap:
                self._inside(replace(one, line=one.line.with_text(rest.strip())))
            else:
                self._content(one.line.with_text(rest.strip()), one)
            self.section = before
        elif one.section == "equipment" and not colon and not one.line.level and len(one.line.words) > 4:
            self.frame.equipment(one.line)
            self.section = before
        else:
            self.open_move = None
            self._note_total(one)
            self._drop(one, "heading")

    def _note_total(self, one: Judged) -> None:
        if one.dose.hold and one.section == "closing":
            self.draft.length_ms, self.draft.length_spot = one.dose.hold.least, one.line.spot

    def _content(self, line: Line, one: Judged) -> None:
        """A line of a section that is no exercise."""
        match self.section:
            case "equipment":
                self.frame.equipment(line)
            case "caution":
                self.frame.cautions(line, all_of_it=True)
            case "before":
                self.frame.cautions(line, rest_to=self.draft.before)
            case _:
                if self.section == "closing":
                    self._note_total(one)
                self.frame.cautions(line, section=self.section)

    # -- outside of exercises

    def _outside(self, one: Judged) -> None:
        line, again = one.line, is_repeat(one.line.text, self.words)
        if self.section in _DROPPED or one.scores.get("noise", 0) > max(2.9, one.scores.get("caution", 0)):
            self._drop(one, self.section or "noise")
        elif self.section:
            self._content(line, one)
        elif one.kind == "dose" or (one.dose.on and not one.dose.hold):
            dose = replace(one.dose, rounds=one.dose.rounds or one.dose.reps) if again else one.dose
            if again and dose.rounds and not dose.round_rest:
                dose = replace(dose, round_rest=dose.rest, rest=None)
            self.parts[-1].dose = self.parts[-1].dose.or_else(dose)
            self.parts[-1].spot = line.spot
        elif self.frame.needs(line):
            return
        elif one.kind == "before" or self.words.mentions("prepare", line.text):
            self.frame.cautions(line, rest_to=self.draft.before)
        else:
            if not self.parts[-1].moves:
                length_in(one, self.draft)
            self.frame.cautions(line, section=self.section)

    def _drop(self, one: Judged, kind: str) -> None:
        self.draft.left_out.append(LeftOut(unmarked(one.line.text), one.line.spot, kind))

    # -- exercises

    def _head(self, one: Judged) -> None:
        self.section, self.open_move = "", one
        name, rest = name_of(one, self.words)
        if begins_with(name, self.words.sections["skip_items"]) and len(name.split()) <= 2 and self.parts[-1].moves:
            self.parts[-1].moves[-1].rest_after = one.dose.rest or one.dose.hold
            self.draft.guesses.append(Guess(f"'{name}' is a rest, not an exercise", one.line.spot))
            return
        if not any(map(str.isalnum, name)):
            self._drop(one, "without a name")
            return
        if one.line.level == 0 and self.words.is_head("bounds", name):
            self._drop(one, "next to the exercises")
            return
        move = Move(name, one.line.spot, one.dose)
        if one.line.lasts_ms and one.dose.hold == Amount(one.line.lasts_ms, one.line.lasts_ms):
            move.guesses.append(Guess("up to the next time stamp", one.line.spot, name, "hold"))
        self.parts[-1].moves.append(move)
        for piece in rest:
            self.speech.say(move, piece, one.line.spot)

    def _inside(self, one: Judged) -> None:
        move = self.parts[-1].moves[-1] if self.parts[-1].moves else None
        scores = one.scores
        if move is None or scores.get("noise", 0) > scores.get("instruction", 0) + (1 if scores.get("dose") else 0):
            self._drop(one, "noise")
            return
        if one.kind == "dose" and self._for_all(one, move):
            return
        self.speech.say(move, one.line.text, one.line.spot)

    def _for_all(self, one: Judged, move: Move) -> bool:
        """Take what a line says about all exercises above it: "rest 60 sec between rounds", "repeat 3 times"."""
        dose = one.dose
        rounds = dose.rounds
        if (
            dose.reps
            and not rounds
            and move.dose.has_work
            and self.repeats == 1
            and is_repeat(one.line.text, self.words)
        ):
            rounds = dose.reps
        if not (dose.round_rest or (self.is_last and not move.phases and (rounds or dose.on))):
            return False
        part = self.parts[-1]
        part.dose = part.dose.or_else(Dose(rounds=rounds, round_rest=dose.round_rest, on=dose.on, off=dose.off))
        return True


def _has_paragraphs(judged: Sequence[Judged]) -> bool:
    """Whether paragraphs stand inside exercises."""
    heads = [at for at, one in enumerate(judged) if one.kind == "head"]
    return any(
        judged[at].line.gap and not judged[at].line.mark
        for first, last in pairwise(heads)
        for at in range(first + 1, last)
    )
