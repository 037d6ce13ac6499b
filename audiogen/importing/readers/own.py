"""What audiogen itself prints: the sentences of `plan --plain` and the sheet of `render --sidecars sheet` -> a draft.

Doses come back as they were. Words stand on the sheet only, and those of passages not at all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape

from audiogen.durations import format_duration, parse_duration
from audiogen.importing.dose import Amount, Dose
from audiogen.importing.draft import Circuit, Draft, Item, LeftOut, Move, Said
from audiogen.importing.line import Spot
from audiogen.importing.sentences import as_sentence, split
from audiogen.routine.written import Bare, Value

_ROW = re.compile(r"At (\d+:\d\d(?::\d\d)?): (.*)\.$")
_HEADING = re.compile(r"exercise \d+\. (.*?)(?:, round (\d+))?(?: \[[^\[\]]+\])?, [\dhms.]+(?:, .*)?$")
_WORK = re.compile(
    r"(?:hold( \d+)?|(\d+(?: to \d+)?) repetitions?)"
    r"(?:, (right|left) side|, (alternating) sides)?(?:, set (\d+))?, ([\dhms.]+)"
)
_REST = re.compile(r"rest, ([\dhms.]+)")
_LABEL = re.compile(r'aria-label="([^"]*)"')
_SHEET_ROW = re.compile(
    r'<tr><th scope="row"[^>]*><b class="badge"[^>]*>(\d+)</b> (.*?)(?:<br>.*?)?</th><td[^>]*>(.*?)</td></tr>'
)
_TOLD = re.compile(
    r"(\d+), (.*?)(?:, round (\d+))?: begins at [\d:]+, "
    r"(.*?), at [\d:]+(?:, [\d:]+)*(?: and [\d:]+)?\.(?= \d|$)"
)
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>")
_EXERCISES = re.compile(r"^exercises:[ \t]*(#.*)?\r?$", re.MULTILINE)
_ITEM = re.compile(r"^ *- (name|use|passage|rounds):", re.MULTILINE)
_LANGUAGE = re.compile(r'<html lang="([\w-]+)"')


@dataclass(frozen=True, slots=True)
class _Work:
    """A set on a side: a hold, or repetitions; `in_turn` says that the side changes with each."""

    length_ms: int
    reps: str = ""
    side: str = ""
    in_turn: bool = False
    paced: bool = False


@dataclass(slots=True)
class _Visit:
    """An exercise in one round: its sets in order, the rest between them, and the rest behind it."""

    name: str
    spot: Spot
    round: int
    works: list[_Work] = field(default_factory=list)
    rest_ms: int | None = None
    after_ms: int | None = None


def is_plan(text: str) -> bool:
    """Whether a text is what `plan --plain` prints."""
    return sum(bool(_ROW.match(line)) for line in text.split("\n", 6)[:6]) >= 3


def is_routine(text: str) -> bool:
    """Whether a text is a routine file already."""
    return bool(_EXERCISES.search(text) and _ITEM.search(text))


def is_sheet(text: str) -> bool:
    """Whether a page is a sheet."""
    return 'class="audiogen"' in text and bool(_LABEL.search(text))


def read_plan(text: str, draft: Draft) -> Draft:
    """Read what `plan --plain` prints."""
    lines = text.split("\n")
    draft.title = lines[0].strip().removesuffix(".")
    draft.items.extend(_items(list(_visits(lines, draft))))
    return draft


def _visits(lines: Sequence[str], draft: Draft) -> Iterator[_Visit]:
    visit: _Visit | None = None
    for number, line in enumerate(lines, 1):
        row = _ROW.match(line.strip())
        if row is None:
            continue
        if heading := _HEADING.match(row[2]):
            if visit:
                yield visit
            visit = _Visit(heading[1], Spot(number), int(heading[2] or 0))
        elif row[2].startswith("passage "):
            draft.left_out.append(LeftOut(line.strip(), Spot(number), "passage: its words are not in the plan"))
        elif visit and (work := _WORK.match(row[2])):
            if visit.after_ms is not None:
                visit.rest_ms, visit.after_ms = visit.after_ms, None
            sided = bool(work[1] or work[4])
            visit.works.append(_Work(parse_duration(work[6]), work[2] or "", work[3] or "", sided))
        elif visit and (rest := _REST.match(row[2])):
            visit.after_ms = parse_duration(rest[1])
    if visit:
        yield visit


def read_sheet(text: str, draft: Draft) -> Draft:
    """Read a sheet: names and words from its rows, doses from the words that its picture has for screen readers."""
    if title := _TITLE.search(text):
        draft.title = unescape(title[1])
    if language := _LANGUAGE.search(text):
        draft.language = language[1]
    label = _LABEL.search(text)
    rows = {row[1]: row for row in _SHEET_ROW.finditer(text)}
    visits = list(_told(unescape(label[1]) if label else "", rows, text))
    draft.items.extend(_items(visits))
    for move in draft.moves:
        row = next((row for row in rows.values() if unescape(row[2]) == move.name), None)
        words = unescape(row[3]).partition("<br>")[0] if row else ""
        move.said.extend(Said(as_sentence(one), move.spot) for one in split(words))
    return draft


def _told(label: str, rows: "dict[str, re.Match[str]]", text: str) -> Iterator[_Visit]:
    for told in _TOLD.finditer(label):
        row = rows.get(told[1])
        spot = Spot(text.count("\n", 0, row.start()) + 1) if row else Spot(1)
        visit = _Visit(told[2], spot, int(told[3] or 0))
        dose, rested, rest = told[4].removesuffix(" rest in between").rpartition(", ")
        if not told[4].endswith(" rest in between"):
            dose, rested, rest = told[4], "", ""
        if rested:
            visit.rest_ms = _ms(rest)
        visit.works.extend(_works(dose))
        yield visit


def _works(dose: str) -> Iterator[_Work]:
    """The sets that a dose in words has."""
    dose, in_turn, _ = dose.partition(", alternating sides")
    each = dose.removesuffix(" per side")
    parts = re.split(r" and (?=[^,]* on the left)", each)
    for part in parts:
        side = next((one for one in ("right", "left") if part.endswith(f" on the {one}")), "")
        amounts = list(_amounts(part.removesuffix(f" on the {side}")))
        sides = ("right", "left") if each != dose else (side,)
        yield from (replace(one, side=here, in_turn=bool(in_turn)) for here in sides for one in amounts)


def _amounts(text: str) -> Iterator[_Work]:
    sets = re.match(r"(\d+) sets of ", text)
    rest = text[sets.end() :] if sets else text
    counted = re.fullmatch(r"(.*?) repetitions? (of|in) (.*)", rest)
    if counted:
        for count in re.split(r", | and ", counted[1]) * (int(sets[1]) if sets else 1):
            reps = count.replace("–", " to ")
            each, paced = _ms(counted[3]), counted[2] == "in"
            yield _Work(each if paced or " " in reps else each * int(reps), reps, paced=paced)
    else:
        for length in re.split(r", | and (?=\d)", rest) * (int(sets[1]) if sets else 1):
            yield _Work(_ms(length))


def _ms(words: str) -> int:
    found = re.findall(r"([\d.]+) (hour|minute|second)", words)
    units = {"hour": 3_600_000, "minute": 60_000, "second": 1000}
    return round(sum(float(number) * units[unit] for number, unit in found))


# -- visits to items


def _items(visits: Sequence[_Visit]) -> Iterator[Item]:
    """Moves, and those that come in rounds as circuits."""
    at = 0
    while at < len(visits):
        if not visits[at].round:
            yield _move(visits[at], rests_after=True)
            at += 1
            continue
        end = at + 1
        while end < len(visits) and visits[end].round and not (visits[end].round == 1 and visits[end - 1].round > 1):
            end += 1
        yield _circuit(visits[at:end])
        at = end


def _circuit(visits: Sequence[_Visit]) -> Circuit:
    first = [one for one in visits if one.round == 1]
    rests = {one.after_ms for one in first[:-1]}
    rest_ms = next(iter(rests)) if len(rests) == 1 else None
    moves = [_move(one, rests_after=rest_ms is None and one is not first[-1]) for one in first]
    amount = Amount(rest_ms, rest_ms) if rest_ms is not None else None
    last_ms = first[-1].after_ms
    between = Amount(last_ms, last_ms) if last_ms is not None else None
    return Circuit(list(moves), first[0].spot, rounds=max(one.round for one in visits), rest=amount, round_rest=between)


def _move(visit: _Visit, *, rests_after: bool) -> Move:
    move = Move(visit.name, visit.spot, Dose())
    sides = list(dict.fromkeys(work.side for work in visit.works if work.side))
    in_turn = any(work.in_turn for work in visit.works)
    if in_turn:
        move.preset["sides"] = Bare("alternate")
    elif sides:
        move.preset["sides"] = [Bare(side) for side in sides]
    by_side = [
        [work for work in visit.works if work.side == side] for side in (sides if not in_turn and sides else [""])
    ]
    if in_turn:
        by_side = [visit.works]
    move.preset |= _amount(by_side, sides, in_turn)
    rest_ms = visit.rest_ms if visit.rest_ms is not None else visit.after_ms if rests_after else None
    if rest_ms is not None:
        move.preset["rest"] = Bare(format_duration(rest_ms))
    return move


def _amount(by_side: Sequence[Sequence[_Work]], sides: Sequence[str], in_turn: bool) -> dict[str, Value]:
    first = by_side[0] if by_side else []
    if not first:
        return {}
    counted = bool(first[0].reps)
    if in_turn and not counted:
        return {"hold": Bare(format_duration(first[0].length_ms)), "reps": len(first)}
    values = [[_value(work) for work in works] for works in by_side]
    listed: list[Value] = [one[0] if len(set(map(str, one))) == 1 else one for one in values]
    alike = len(set(map(str, listed))) == 1
    dose: Value = listed[0] if alike else dict(zip(sides, listed, strict=False))
    found: dict[str, Value] = {"reps" if counted else "hold": dose}
    if counted:
        found |= _pace(first[0])
    if len(first) > 1 and len(set(map(str, values[0]))) == 1:
        found["sets"] = len(first)
    return found


def _value(work: _Work) -> Value:
    if not work.reps:
        return Bare(format_duration(work.length_ms))
    return int(work.reps) if work.reps.isdigit() else work.reps


def _pace(work: _Work) -> dict[str, Value]:
    """How long a repetition lasts; a range of them has a window instead."""
    if work.reps.isdigit() and not work.paced and work.length_ms % (500 * int(work.reps)) == 0:
        return {"tempo": [{"for": Bare(format_duration(work.length_ms // int(work.reps)))}]}
    return {"for": Bare(format_duration(work.length_ms))}
