"""The grammar of doses: a text -> Dose, by a few productions that are tried at each token, the longest first."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from audiogen.importing.dose import Amount, Beat, Dose, Where
from audiogen.importing.reading import UNITS, Reading, counted
from audiogen.importing.side_rules import named_sides, per_side, sides
from audiogen.importing.tokens import LONGEST, tokens
from audiogen.importing.vocabulary import Vocabulary, vocabulary

LONGEST_HOLD_MS = 3_600_000
LONGEST_LED, MOST_LED = 5, 200  # tokens of a line that a number leads, and the largest such number
_LED = ("word", "moves", "sided")


# The kinds of tokens with which a production begins.
_FIRST = frozenset(
    "either number numeral length on tempo cross alternating swap each both only right left per_day sign "  # noqa: SIM905
    "sets reps rounds breaths".split()
)


def read_dose(text: str, words: Vocabulary) -> Dose:
    """Read all that a text says about how much."""
    return _read_dose(text[:LONGEST], words.language)


@lru_cache(maxsize=2048)
def _read_dose(text: str, language: str) -> Dose:
    """The same by language: several stages look at each line."""
    read = Reading(tokens(text, vocabulary(language)))
    at = 0
    while at < len(read.tokens):
        begins = not read.tokens[at].kinds.isdisjoint(_FIRST)
        found = (rule(read, at) for rule in _RULES) if begins else ()
        at = next((end for end in found if end), at + 1)
    return read.dose()


def with_lead(text: str, dose: Dose, words: Vocabulary) -> Dose:
    """The dose of a short line that begins with a bare number: "20 jumping jacks"."""
    found = tokens(text, words)
    if dose.has_work or not 2 <= len(found) <= LONGEST_LED or not found[0].of("number") or not found[1].of(*_LED):
        return dose
    number = found[0].number or 0.0
    if not number.is_integer() or not 2 <= number <= MOST_LED or found[1].of(*UNITS, "day", "rounds", "sets"):
        return dose
    count = Amount(int(number), int(number))
    return replace(dose, reps=count, spans=((found[0].start, found[0].end), *dose.spans))


Rule = Callable[[Reading, int], int | None]


def _frequency(read: Reading, at: int) -> int | None:
    """How often a day or week, which is no dose: "2x/day", "3 times a week", "10-15 min daily"."""
    if read.is_(at, "per_day") and (times := read.number(at + 1)):
        end = times[2] + read.is_(times[2], "reps", "sets", "cross")
        read.ignored.append((read.tokens[at].start, read.tokens[end - 1].end))
        return end
    number = read.number(at)
    if number is None and not read.is_(at, "length"):
        return None
    end = number[2] if number else at + 1
    while end < len(read.tokens) and end < at + 6 and not read.is_(end, "day"):
        if not read.is_(end, "cross", "reps", "filler", "each", *UNITS) and not read.sign(end, "/"):
            return None
        end += 1
    if not read.is_(end, "day"):
        return None
    read.ignored.append((read.tokens[at].start, read.tokens[end].end))
    return end + 1


def _interval(read: Reading, at: int) -> int | None:
    """Work and rest in turn: "40s on / 20s off", "work 40s, rest 20s"."""
    led = at + 1 if read.is_(at, "on") and not read.is_(at, "number") else at
    led += led > at and read.sign(led, ":")
    first = read.length(led)
    if first is None:
        return None
    behind = first[1] + (read.is_(first[1], "filler") and not read.is_(first[1], "on"))
    end = behind + 1 if led == at and read.is_(behind, "on") else first[1]
    if led == at and end == first[1]:
        return None
    while read.sign(end, "/,;+–-|&") or read.is_(end, "filler"):
        end += 1
    led_off = read.is_(end, "off", "rest")
    end += led_off
    end += led_off and read.sign(end, ":")
    second = read.length(end)
    if second is None:
        return None
    behind = second[1] + (read.is_(second[1], "filler") and not read.is_(second[1], "off", "rest"))
    if not (led_off or read.is_(behind, "off", "rest")):
        return None
    read.note("on", first[0], at, first[1])
    end = second[1] if led_off else behind + 1
    return read.note("off", second[0], first[1], end)


def _tempo(read: Reading, at: int) -> int | None:
    """A tempo by its numbers, "tempo 3-1-3", with 0 for a phase that is left out."""
    if not read.is_(at, "tempo"):
        return None
    end, seconds = at + 1 + read.sign(at + 1, ":"), list[float]()
    while read.is_(end, "number"):
        seconds.append(read.tokens[end].number or 0.0)
        end += 1
        if not (read.sign(end, "-/:–") and read.is_(end + 1, "number")):
            break
        end += 1
    if len(seconds) < 2:
        return None
    beats = tuple(Beat(round(one * 1000)) for one in seconds if one)
    return read.note("tempo", beats, at, end)


def _beats(read: Reading, at: int) -> int | None:
    """A tempo by its phases: "3 secs out / 3 secs in", "2 up, 2 down"."""
    beats, end = list[Beat](), at
    while (beat := _beat(read, end)) and len(beats) < 4:
        beats.append(beat[0])
        end = beat[1]
        after = end + (read.sign(end, "/,–-;&+") or read.is_(end, "filler"))
        if _beat(read, after) is None:
            break
        end = after
    if len(beats) < 2:
        return None
    return read.note("tempo", tuple(beats), at, end)


def _beat(read: Reading, at: int) -> tuple[Beat, int] | None:
    """A phase: a length or a bare number, and the word behind it."""
    if (found := read.length(at)) is not None:
        amount, end = found
    elif (number := read.number(at)) is not None and read.is_(at, "number"):
        amount, end = Amount(round(number[0] * 1000), round(number[1] * 1000)), number[2]
        end += read.is_(end, "counts")
    else:
        return None
    end += read.is_(end, "filler") and not read.is_(end, "phase") and read.is_(end + 1, "word", "phase")
    is_other = read.is_(end, "numeral", "sided", "both", "reps", "on") and not read.is_(end, "phase")
    if not read.is_(end, "word", "hold", "phase") or is_other or amount.is_range:
        return None
    return (Beat(amount.least, read.tokens[end].text), end + 1) if 0 < amount.least <= 15_000 else None


def _sets(read: Reading, at: int) -> int | None:
    """Sets of something: "3x10", "3 sets of 8-10 reps", "2 × 30s"; also "x15" and "10x"."""
    if read.is_(at, "cross") and (number := read.number(at + 1)) and read.is_(at + 1, "number"):
        if read.is_(number[2], "rounds"):
            return read.note("rounds", counted(number), at, number[2] + 1)
        if read.is_(number[2], "sets") or read.is_length(at - 1):
            return read.note("sets", counted(number), at, number[2] + read.is_(number[2], "sets"))
        if read.unit(number[2]) is None:
            return read.note("reps", counted(number), at, number[2] + read.is_(number[2], "reps"))
        return None
    if (first := read.number(at)) is None:
        return None
    end = first[2]
    if not read.is_(end, "cross", "sets") or (read.is_(end, "reps") and not read.number(end + 1)):
        return None
    is_named = read.is_(end, "sets") or read.is_(end + 1, "sets")
    end += 1 + read.is_(end + 1, "sets")
    mark = end
    while read.is_(end, "filler", "cross") or read.sign(end, ",:("):
        end += 1
    if (length := read.length(end)) is not None and not _is_rest(read, end, length[1]):
        read.note("sets", counted(first), at, end)
        return read.note("hold", length[0], end, length[1] + read.is_(length[1], "hold"))
    second = read.number(end)
    if second and (read.is_(second[2], "breaths")):
        read.note("sets", counted(first), at, end)
        return read.note("breaths", counted(second), end, second[2] + 1)
    if second and (not is_named or read.is_(second[2], "reps") or end == mark or read.is_(mark, "filler", "cross")):
        read.note("sets", counted(first), at, end)
        return read.note("reps", counted(second), end, second[2] + read.is_(second[2], "reps"))
    if is_named:
        return read.note("sets", counted(first), at, mark)
    return read.note("reps", counted(first), at, first[2] + 1) if first[0] > 1 else None


def _is_rest(read: Reading, start: int, end: int) -> bool:
    return read.near(start - 1, -1, "rest") is not None or (read.is_(end, "rest") and not read.length(end + 1))


def _counted(read: Reading, at: int) -> int | None:
    """A number and what is counted: repetitions, breaths, rounds."""
    number = read.number(at)
    if number is None or number[0] < 1:
        return None
    for kind, name in (
        ("breaths", "breaths"),
        ("reps", "reps"),
        ("moves", "reps"),
        ("rounds", "rounds"),
        ("sets", "sets"),
    ):
        end = number[2]
        if read.is_(end, "filler") and read.is_(end + 1, kind):
            end += 1
        if read.is_(end, kind) and not (kind == "reps" and read.is_(end, "cross") and read.is_(end + 1, "number")):
            return read.note(name, counted(number), at, end + 1)
    return None


def _labelled(read: Reading, at: int) -> int | None:
    """A number behind its label: "Sets: 3", "Wdh.: 10"."""
    number = read.number(at + 2) if read.sign(at + 1, ":=") else None
    kind = next((one for one in ("rounds", "sets", "reps", "breaths") if read.is_(at, one)), None)
    if kind is None or number is None or number[0] < 1 or read.is_(number[2], "cross", "sets", "reps", *UNITS):
        return None
    return read.note(kind, counted(number), at, number[2])


def _timed(read: Reading, at: int) -> int | None:
    """A length of time, and what it is by the words next to it: a rest, a hold, or time to work."""
    length = read.length(at)
    if length is None or not 0 < length[0].least <= LONGEST_HOLD_MS:
        return None
    amount, end = length
    before = read.near(at - 1, -1, "rest", "hold", "on", "off", "between")
    is_rest = (before is not None and read.is_(before, "rest") and not read.is_(before, "hold")) or (
        read.near(end, 1, "rest") is not None and (before is None or not read.is_(before, "hold"))
    )
    if is_rest or _where(read, end)[0]:
        return _rest(read, at, before, amount, end)
    is_led = before is not None and read.is_(before, "hold") and not any(read.sign(n, "(") for n in range(before, at))
    start = before if before is not None and is_led else at
    end += read.is_(end, "hold")
    return read.note("hold", amount, start, end)


def _rest(read: Reading, at: int, before: int | None, amount: Amount, end: int) -> int:
    behind = read.near(end, 1, "rest")
    start = before if before is not None and read.is_(before, "rest") else at
    end = behind + 1 if behind is not None and start == at else end
    where, end = _where(read, end)
    return read.note("round_rest" if where == "rounds" else "rest", amount, start, end)


def _where(read: Reading, at: int) -> tuple[Where | None, int]:
    """Between what a rest lies, and where that ends."""
    between = read.near(at, 1, "between")
    is_named = (
        read.is_(at, "word")
        and read.is_(at + 1, "between")
        and (read.is_(at + 2, "sets", "rounds") or not read.is_(at + 2, "filler", "word"))
    )
    if between is None and is_named:
        between = at + 1  # "40s walk between"
    if between is None:
        return None, at
    end = between + 1
    while read.is_(end, "filler") and not read.is_(end, "rounds", "sets"):
        end += 1
    if read.is_(end, "rounds"):
        return "rounds", end + 1
    return "sets", end + 1 if read.is_(end, "sets") else between + 1


_RULES: tuple[Rule, ...] = (
    _frequency,
    _labelled,
    named_sides,
    _interval,
    _tempo,
    _beats,
    _sets,
    _counted,
    per_side,
    _timed,
    sides,
)
