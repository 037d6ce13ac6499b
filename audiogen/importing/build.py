"""A draft -> the text of a routine file, in which every guess has its comment.

reps: 12
tempo: # guess: 3s up, 3s down, as no tempo is given, line 31
"""

from collections.abc import Iterator, Sequence

from audiogen.importing.doses import Settled, lasting, paced, settled
from audiogen.importing.draft import Circuit, Draft, Guess, Item, Move, Said, Script
from audiogen.importing.leftover import only_alternates
from audiogen.importing.line import Spot
from audiogen.importing.passages import prose_of
from audiogen.importing.sides import first_side, names_side, sided
from audiogen.importing.vocabulary import Vocabulary
from audiogen.importing.words_in_time import Placed, breathing_of, placed
from audiogen.routine.dump import map_lines
from audiogen.routine.written import Bare, Block, Value

LONGEST_LINE = 110
LONGEST_NAME = 120


def routine_lines(draft: Draft, words: Vocabulary, *, roomy: frozenset[str] = frozenset()) -> tuple[str, list[Guess]]:
    """Write a draft as a routine file; return all guesses, too.

    `roomy` are the names of moves whose words did not fit inside their work: they are said before it.
    """
    top, guesses = _top(draft)
    lines = _commented(list(map_lines(top, 0)), 0, guesses)
    only = draft.items[0] if len(draft.items) == 1 else None
    if isinstance(only, Script) and not only.name:
        text, found = prose_of(only, words)
        lines += _commented(list(map_lines({"say": Block(text)}, 0)), 0, found)
        return "".join(lines), [*guesses, *found]
    lines.append("exercises:\n")
    for item in draft.items:
        written, found = _item(item, words, 2, roomy)
        lines += ["\n", *written] if len(lines) > 1 and not isinstance(item, str) else written
        guesses += found
    return "".join(lines), guesses


def _top(draft: Draft) -> tuple[dict[str, Value], list[Guess]]:
    top: dict[str, Value] = {"title": _line(draft.title)}
    if draft.language != "en":
        top["language"] = draft.language
    if draft.length_ms is not None:
        top["length"] = lasting(draft.length_ms)
    for key, said in (
        ("equipment", draft.equipment),
        ("before", draft.before),
        ("caution", draft.caution),
        ("after", draft.after),
    ):
        if said:
            top[key] = [_line(one.text) for one in said]
    guesses = list(draft.guesses)
    if draft.length_ms is not None:
        guesses.append(Guess("the length that the text gives for the whole session", draft.length_spot, "", "length"))
    if draft.before:
        guesses.append(Guess("said before the session, not an exercise", draft.before[0].spot, "", "before"))
    return top, guesses


def _item(item: Item, words: Vocabulary, indent: int, roomy: frozenset[str]) -> tuple[list[str], list[Guess]]:
    match item:
        case Move():
            return _move(item, words, indent, roomy, None)
        case Script():
            text, guesses = prose_of(item, words)
            entries: dict[str, Value] = {"passage": _line(item.name or "Passage"), "say": Block(text)}
            return _commented(_as_item(entries, indent), indent, guesses), guesses
        case Circuit():
            return _circuit(item, words, indent, roomy)


def _circuit(item: Circuit, words: Vocabulary, indent: int, roomy: frozenset[str]) -> tuple[list[str], list[Guess]]:
    entries: dict[str, Value] = {"rounds": item.rounds}
    if item.every_ms:
        entries["every"] = lasting(item.every_ms)
    if item.work:
        entries["work"] = lasting(item.work.least)
    if item.rest:
        entries["rest"] = lasting(item.rest.least)
    if item.round_rest and item.rounds > 1:
        entries["round_rest"] = lasting(item.round_rest.least)
    guesses = list(item.guesses)
    if item.rest and item.round_rest and item.rounds > 1:
        guesses.append(
            Guess("between the rounds this alone, not the other rest as well", item.spot, item.name, "round_rest")
        )
    for key, amount in (("work", item.work), ("rest", item.rest), ("round_rest", item.round_rest)):
        if amount and amount.is_range:
            guesses.append(Guess("the low end of a range", item.spot, item.name, key))
    lines = _commented(_as_item(entries, indent), indent, guesses)
    lines.append(f"{' ' * (indent + 2)}exercises:\n")
    for one in item.moves:
        written, found = (
            _move(one, words, indent + 4, roomy, item)
            if isinstance(one, Move)
            else _item(one, words, indent + 4, roomy)
        )
        lines += written
        guesses += found
    return lines, guesses


def _move(
    move: Move, words: Vocabulary, indent: int, roomy: frozenset[str], circuit: Circuit | None
) -> tuple[list[str], list[Guess]]:
    phases = move.phases if sum(one.is_breath for one in move.phases) >= 2 else []
    said = [*move.said, *(one.said for one in move.phases if not phases)]
    breathing = breathing_of(said, words) if move.dose.reps or move.dose.breaths else None
    if breathing and not move.dose.tempo:
        del said[breathing[1]]
    work_ms = circuit.work.least if circuit and circuit.work else 0
    dose = settled(
        move.dose, words, breathing[0] if breathing else None, work_ms=work_ms, rests=bool(circuit and circuit.rest)
    )
    if phases:
        dose.hold_ms = 0
    if move.preset:
        dose = Settled(dict(move.preset))
    if move.dose.sides == "alternate" and "reps" in dose.entries:
        said = [one for one in said if not (isinstance(one, Said) and only_alternates(one.text, words))]
    cramped = bool(circuit and (circuit.rest or circuit.work)) or bool(move.rest_after)
    hold_ms = 0 if move.name in roomy else dose.hold_ms
    where = placed(said, hold_ms, words, cramped=cramped)
    if phases:
        paced(dose, move.dose, phases)
    entries, guesses = _entries(move, dose, where, words)
    noted = [*move.guesses, *guesses]
    return _commented(_as_item(entries, indent), indent, noted), noted


def _entries(move: Move, dose: Settled, where: Placed, words: Vocabulary) -> tuple[dict[str, Value], list[Guess]]:
    entries: dict[str, Value] = {"name": _line(move.name)[:LONGEST_NAME]}
    guesses = list[Guess]()
    spoken = [one.text for one in (*where.setup, *(cue for _, cue in where.cues), *where.release, *move.switch)]
    first = first_side(spoken, words)
    spot = move.dose_spot or move.spot

    def line(one: Said) -> Value:
        text = _line(one.text)
        return sided(text, first, words) if move.dose.sides == "both" else text

    match move.dose.sides:
        case "both":
            entries["sides"] = [Bare(first), Bare("left" if first == "right" else "right")]
            source = f", from '{move.dose.side_words}'" if move.dose.side_words else ""
            if any(names_side(text, words) for text in spoken):
                guesses.append(
                    Guess(f"both sides{source}; right and left change places for the second", spot, move.name, "sides")
                )
            else:
                guesses.append(Guess(f"both sides{source}, the right one first", spot, move.name, "sides"))
        case "right" | "left":
            entries["sides"] = [Bare(move.dose.sides)]
        case "alternate" if "reps" in dose.entries:
            entries["sides"] = Bare("alternate")
    entries |= dose.entries
    if move.rest_after and "rest" not in entries:
        entries["rest"] = lasting(move.rest_after.least)
    if where.setup:
        entries["setup"] = [line(one) for one in where.setup]
    if where.cues:
        entries["cues"] = [_cue(n, before_ms, line(one)) for n, (before_ms, one) in enumerate(where.cues)]
    if move.switch and move.dose.sides == "both":
        entries["switch"] = [line(one) for one in move.switch]
    if where.release:
        entries["release"] = [line(one) for one in where.release]
    if where.notes:
        entries["note"] = " ".join(_line(one.text) for one in where.notes)
        guesses.append(Guess("not spoken, as there is no room for it", where.notes[0].spot, move.name, "note"))
    guesses += [Guess(reason, spot, move.name, key) for key, reason in (*dose.guesses, *where.guesses)]
    return entries, guesses


def _cue(n: int, before_ms: int, text: Value) -> Value:
    return {"at": Bare("0s"), "say": text} if n == 0 else {"after": lasting(before_ms), "say": text}


def _line(text: str) -> str:
    """A text without what has a meaning of its own in a routine file."""
    text = text.replace("\u00ad", "").translate({0x2010: "-", 0x2011: "-"})
    bare = text.replace("{", "(").replace("}", ")").replace("[", "(").replace("]", ")")
    return (
        " ".join("".join(letter if letter.isprintable() else " " for letter in bare).split()).lstrip("-#").strip()
        or "–"
    )


# -- comments


def _as_item(entries: dict[str, Value], indent: int) -> list[str]:
    """A map as an item of a list."""
    first, *rest = map_lines(entries, indent + 2)
    return [f"{' ' * indent}- {first.lstrip()}", *rest]


def _commented(lines: list[str], indent: int, guesses: Sequence[Guess]) -> list[str]:
    """The same lines, with a comment at the key of each guess, or at the first."""
    for guess in guesses:
        at = next((n for n, line in enumerate(lines) if _is_key(line, indent, guess.key)), 0)
        comment = f"# guess: {guess.reason}, line {guess.spot.line}"
        bare = lines[at].rstrip("\n")
        if len(bare) + len(comment) < LONGEST_LINE and "#" not in bare and not bare.endswith("|"):
            lines[at] = f"{bare} {comment}\n"
        else:
            lines.insert(at, f"{' ' * (len(bare) - len(bare.lstrip()))}{comment}\n")
    return lines


def _is_key(line: str, indent: int, key: str) -> bool:
    bare = line[indent + 2 :] if indent or line.startswith("- ") else line
    return bool(key) and bare.startswith(f"{key}:") and (not indent or line[:indent].isspace())


def spots_in_order(guesses: Sequence[Guess]) -> Iterator[Guess]:
    """Guesses by their lines."""
    yield from sorted(guesses, key=lambda one: one.spot)


__all__ = ["Spot", "routine_lines", "spots_in_order"]
