"""The productions of the grammar of doses that are about sides."""

from audiogen.importing.dose import Amount, Sides
from audiogen.importing.reading import UNITS, Reading, counted


def sides(read: Reading, at: int) -> int | None:
    """Which sides: "each leg", "both sides", "L only", "alternating", "then switch sides"."""
    if read.is_(at, "swap"):
        read.found["swaps"] = True
        return read.note("sides", "both", at, at + 1)
    if read.is_(at, "alternating"):
        read.found.setdefault("sides", "alternate")  # its words stay, since a hold has no use for them
        return at + 1 + read.is_(at + 1, "sided")
    if read.is_(at, "each") and not read.is_(at - 1, "place"):  # "a pillow under each knee"
        end = at + 1
        while read.is_(end, "each", "filler") and not read.is_(end, "sided") and end < at + 3:
            end += 1
        if read.is_(end, "sided") and (read.tokens[at].text.lower() not in ("the", "on the")):
            return read.note("sides", "both", at, end + 1)
    if read.is_(at, "either") and read.is_(at + 1, "sided") and (read.is_(at + 1, "flank") or _follows(read, at)):
        return read.note("sides", "both", at, at + 2)
    if read.is_(at, "both") and (not read.is_(at, "each", "either") or _is_alone(read, at)):
        return read.note("sides", "both", at, at + 1)
    return _one_side(read, at)


def _follows(read: Reading, at: int) -> bool:
    """Whether a quantity stands right before: "30 sec both legs", but not "raise both arms"."""
    return bool(read.spans) and read.tokens[at].start - read.spans[-1][1] <= 3


def _is_alone(read: Reading, at: int) -> bool:
    """Whether "each" or "both" ends what is said: "10 reps each", "beide"."""
    return bool(read.spans) and (at + 1 >= len(read.tokens) or read.sign(at + 1, ".,;)|–-"))


def _one_side(read: Reading, at: int) -> int | None:
    sides: dict[str, Sides] = {"right": "right", "left": "left"}
    if read.sign(at, "([") and read.sign(at + 2, ")]"):
        side = next((side for kind, side in sides.items() if read.is_(at + 1, kind)), None)
        return read.note("sides", side, at, at + 3) if side else None
    led = read.is_(at, "only")
    for kind, side in sides.items():
        if read.is_(at + led, kind):
            end = at + led + 1
            end += read.is_(end, "sided")
            if led or read.is_(end, "only"):
                return read.note("sides", side, at, end + (not led))
    return None


def named_sides(read: Reading, at: int) -> int | None:
    """The same amount for one side and the other: "1 min L / 1 min R", "10 right, 10 left"."""
    first = _of_side(read, at)
    if first is None:
        return None
    start = first[2] + (read.sign(first[2], "/,;+&|–-") or read.is_(first[2], "filler"))
    second = _of_side(read, start)
    if second is None or second[:1] != first[:1] or second[1] == first[1]:
        return None
    read.note("sides", "both", at, second[2])
    return read.note(*first[0], at, second[2])


def _of_side(read: Reading, at: int) -> tuple[tuple[str, Amount], str, int] | None:
    """A length or a number, and the side behind it."""
    length, number = read.length(at), read.number(at)
    if length is not None:
        found, end = ("hold", length[0]), length[1]
    elif number is not None and read.is_(at, "number") and number[0] >= 1:
        found, end = ("reps", counted(number)), number[2]
    else:
        return None
    end += read.is_(end, "filler") and not read.is_(end, "right", "left")
    side = next((side for side in ("right", "left") if read.is_(end, side)), None)
    return (found, side, end + 1) if side else None


def _is_bare_count(read: Reading, at: int, end: int) -> bool:
    """Whether a number counts by where it stands: "- 12" at the end, "10 each side", "8/leg"."""
    if read.is_(end, "each") and read.is_(end + 1, "sided"):
        return True
    led = read.sign(at - 1, "-–—:=") and at > 1 and not read.is_(at - 2, "number")
    return led and (end == len(read.tokens) or read.sign(end, ".")) and not read.spans


def per_side(read: Reading, at: int) -> int | None:
    """A number of something on each side: "10 front kicks per side"."""
    number = read.number(at)
    if number is None or not 1 <= number[0] <= 100 or not read.is_(at, "number"):
        return None
    end = number[2]
    if _is_bare_count(read, at, end):
        return read.note("reps", counted(number), at, end)
    while end < number[2] + 5 and read.is_(end, "word", "filler") and not read.is_(end, "each", *UNITS):
        end += 1
    if end == number[2] or not read.is_(end, "each") or not read.is_(end + 1, "sided"):
        return None
    return read.note("reps", counted(number), at, number[2])
