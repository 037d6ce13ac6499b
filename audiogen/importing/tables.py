"""Tables of exercises: rows -> moves, by what the heads of the columns say, or by what their cells hold."""

from collections.abc import Sequence
from dataclasses import replace

from audiogen.importing.dose import Amount, Dose, Sides
from audiogen.importing.draft import Move, Said
from audiogen.importing.grammar import read_dose
from audiogen.importing.leftover import leftovers, means_something
from audiogen.importing.line import Line, Spot
from audiogen.importing.sentences import as_sentence, clean, shorter, split
from audiogen.importing.tokens import tokens
from audiogen.importing.vocabulary import Vocabulary, column_heads, has_any, plain

# The kinds of words in the head of a column, and what the column holds.
_KINDS = (
    ("rest", "rest"),
    ("off", "rest"),
    ("sets", "sets"),
    ("rounds", "sets"),
    ("reps", "reps"),
    ("hold", "hold"),
    ("on", "hold"),
    ("second", "hold"),
    ("minute", "hold"),
)


def moves_of(rows: Sequence[Line], words: Vocabulary) -> tuple[list[Move], list[tuple[str, Spot]]]:
    """Read the rows of a table; those without a dose are given back."""
    columns = columns_of(rows, words)
    if "name" not in columns:
        return [], [(row.text, row.spot) for row in rows]
    moves, left = list[Move](), list[tuple[str, Spot]]()
    for row in rows[1 if is_header(rows[0], words) else 0 :]:
        move = _move(row, columns, words)
        if move is None or not move.dose.has_work:
            if move is not None and move.dose.rest and moves:
                moves[-1].rest_after = move.dose.rest
            left.append((row.text, row.spot))
        else:
            moves.append(move)
    return moves, left


def is_header(row: Line, words: Vocabulary) -> bool:
    """Whether a row names its columns."""
    named = sum(_kind_of_head(cell, words) is not None for cell in row.cells)
    return named >= 2 and not any(read_dose(cell, words).has_work for cell in row.cells)


def columns_of(rows: Sequence[Line], words: Vocabulary) -> dict[str, int]:
    """Which column holds what."""
    found = dict[str, int]()
    if is_header(rows[0], words):
        for at, cell in enumerate(rows[0].cells):
            kind = _kind_of_head(cell, words)
            if kind and kind not in found:
                found[kind] = at
    width = max(len(row.cells) for row in rows)
    free = [at for at in range(width) if at not in found.values()]
    texts = [at for at in free if _is_text(rows, at, words)]
    if "name" not in found and texts:
        found["name"] = texts[0]
        texts = texts[1:]
    if "text" not in found and texts:
        found["text"] = max(texts, key=lambda at: sum(len(_cell(row, at)) for row in rows))
    doses = [
        at for at in free if at not in found.values() and any(read_dose(_cell(row, at), words).says for row in rows)
    ]
    if doses:
        found.setdefault("dose", doses[0])
    return found


def _is_text(rows: Sequence[Line], at: int, words: Vocabulary) -> bool:
    cells = [_cell(row, at) for row in rows[1:] or rows]
    return sum(means_something(cell, words) and not read_dose(cell, words).has_work for cell in cells) * 2 > len(cells)


def _kind_of_head(cell: str, words: Vocabulary) -> str | None:
    """What a column holds, by its head."""
    small = plain(cell)
    heads = column_heads()
    for kind in ("name", "number", "sides", "text", "tempo"):
        if small in heads[kind]:
            return kind
    for kind, column in _KINDS:
        if has_any(small, [one for one, kinds in words.doses.kinds.items() if kind in kinds and len(one) > 1]):
            return column
    return next((kind for kind, named in heads.items() if has_any(small, named)), None)


def _cell(row: Line, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""


def _move(row: Line, columns: dict[str, int], words: Vocabulary) -> Move | None:
    name = clean(_cell(row, columns["name"]), words)
    if not name or (words.heads("skip_items", name) and len(name.split()) <= 2):
        return Move(name, row.spot, Dose(rest=_amount(row, columns, "hold", words))) if name else None
    dose = read_dose(name, words) if "dose" not in columns and len(columns) == 1 else Dose()
    if "dose" in columns:
        cell = _cell(row, columns["dose"])
        dose = read_dose(cell, words)
        if not dose.has_work:
            dose = replace(dose, reps=_bare(" ".join(leftovers(cell, dose))))
    for key in ("reps", "hold", "sets", "rest", "sides"):
        if key in columns and _cell(row, columns[key]):
            dose = _with(dose, key, row, columns, words)
    move = Move(name.strip(" .:"), row.spot, dose)
    if "text" in columns:
        for sentence in split(clean(_cell(row, columns["text"]), words)):
            move.said.extend(Said(one, row.spot) for one in shorter(as_sentence(sentence)))
    return move


def _with(dose: Dose, key: str, row: Line, columns: dict[str, int], words: Vocabulary) -> Dose:
    """The dose with what a cell says; a bare number is of the kind of its column."""
    cell = _cell(row, columns[key])
    read = read_dose(cell, words)
    sides = dose.sides or read.sides
    if key in ("sets", "reps", "hold") and read.sets and (read.reps or read.hold or read.breaths):
        return dose.or_else(read)  # "3 x 8" in one column
    match key:
        case "sides":
            return replace(dose, sides=read.sides or _named_side(cell, words) or dose.sides)
        case "rest":
            return replace(dose, rest=_amount(row, columns, key, words) or dose.rest)
        case "hold" if read.reps and not read.hold:
            return dose.or_else(read)
        case "hold":
            return replace(dose, hold=_amount(row, columns, key, words) or dose.hold, sides=sides)
    found = read.reps or read.sets or read.rounds or _bare(" ".join(leftovers(cell, read)))
    if key == "sets":
        return replace(dose, sets=found or dose.sets)
    if read.breaths or (read.hold and not read.reps):
        return dose.or_else(read)
    sets = dose.sets or (read.sets if read.reps else None)
    return replace(dose, reps=found or dose.reps, sides=sides, sets=sets)


def _amount(row: Line, columns: dict[str, int], key: str, words: Vocabulary) -> Amount | None:
    if key not in columns:
        return None
    cell = _cell(row, columns[key])
    read = read_dose(cell, words)
    found = read.rest or read.hold
    if found:
        return found
    bare = _bare(cell)
    return Amount(bare.least * 1000, bare.most * 1000) if bare else None


def _named_side(cell: str, words: Vocabulary) -> Sides | None:
    """The side that a cell under "Side" names."""
    found = tokens(cell, words)
    if len(found) == 1:
        named: dict[str, Sides] = {"right": "right", "left": "left"}
        return next((side for kind, side in named.items() if found[0].of(kind)), None) or _both(cell, words)
    return _both(cell, words)


def _both(cell: str, words: Vocabulary) -> Sides | None:
    return "both" if _says_both(cell, words) else None


def _says_both(cell: str, words: Vocabulary) -> bool:
    """Whether a cell under "Side" means both."""
    found = tokens(cell, words)
    return any(one.of("both", "each", "either", "sided") for one in found) or cell.strip().lower() in (
        "yes",
        "x",
        "ja",
        "2",
        "sí",
        "oui",
    )


def _bare(cell: str) -> Amount | None:
    parts = [part for part in cell.replace("–", "-").split("-") if part.strip().isdigit()]
    if not parts or len(parts) != len(cell.replace("–", "-").split("-")):
        return None
    least, most = int(parts[0]), int(parts[-1])
    return Amount(least, max(least, most)) if 0 < least <= 3600 else None
