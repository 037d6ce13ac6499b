"""The productions of the grammar of doses that are about sides."""

from audiogen.importing.dose import Sides
from audiogen.importing.reading import Reading


def sides(read: Reading, at: int) -> int | None:
    """Which sides: "each leg", "both sides", "L only", "alternating", "then switch sides"."""
    if read.is_(at, "swap"):
        read.found["swaps"] = True
        return read.note("sides", "both", at, at + 1)
    if read.is_(at, "alternating"):
        read.found.setdefault("sides", "alternate")  # its words stay: a hold has no use for them
        return at + 1 + read.is_(at + 1, "sided")
    if read.is_(at, "each"):
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
