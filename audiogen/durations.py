"""Lengths of time as users write them, and back.

    "90" | "90s" | "1m30s" | "1:30" | "3.25s" | "45 seconds" | "45 Sekunden" -> whole milliseconds
    "1.5x" -> a factor

Everything behind `routine` counts in whole milliseconds; seconds exist only in what users read and write.
"""

import re
from decimal import Decimal

from audiogen.errors import DurationError, Problem
from audiogen.text import shown

LONGEST_MS = 24 * 3600 * 1000  # a day: far beyond any session

# The words of every language that the program speaks.
_WORDS = {
    "h": "h hr hrs hour hours std stunde stunden hora horas heure heures ora ore uur uren godz godzina godziny godzin "
    "घंटा घंटे 時間",
    "m": "m min mins minute minutes minuten minuto minutos minuti minuut minuta minuty minut मिनट मि 分",
    "s": "s sec secs second seconds sek sekunde sekunden seg segs segundo segundos seconde secondes secondi secondo "
    "seconden sekunda sekundy sekund सेकंड से 秒",
    "ms": "ms millisecond milliseconds",
}
_NUMBERS = {"h": r"\d+(?:\.\d+)?", "m": r"\d+(?:\.\d+)?", "s": r"\d+(?:\.\d+)?", "ms": r"\d+"}
_UNITS = re.compile(
    r"\s*".join(
        rf"(?:(?P<{unit}>{number})\s*(?:{'|'.join(_WORDS[unit].split())}))?" for unit, number in _NUMBERS.items()
    ),
    re.ASCII,
)
_CLOCK = re.compile(r"(?:(?P<h>\d+):)?(?P<m>\d+):(?P<s>[0-5]\d(?:\.\d+)?)", re.ASCII)
_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_FACTOR = re.compile(r"(\d+(?:\.\d+)?)\s*[x×]", re.ASCII)


def parse_duration(text: object, *, such_as: str = "45s or 1m30s") -> int:
    """Read a duration such as 90, "90s", "1m30s", "1:30" or "3.25s" as whole milliseconds.

    A bare number counts seconds. `such_as` is what an error recommends.

    Raises:
        DurationError: not a duration, negative, longer than a day, or finer than a millisecond.
    """
    readable = isinstance(text, str | int | float) and not isinstance(text, bool)
    written = str(text).strip().lower() if readable else ""
    if written.startswith("-"):
        raise DurationError(Problem("durations.negative", found=shown(text)))
    if _PLAIN.fullmatch(written):
        seconds = Decimal(written)
    elif match := _CLOCK.fullmatch(written):
        seconds = _seconds(match["h"], match["m"], match["s"], None)
    elif written and (match := _UNITS.fullmatch(written)):
        seconds = _seconds(match["h"], match["m"], match["s"], match["ms"])
    else:
        raise DurationError(Problem("durations.unreadable", expected=such_as, found=shown(text)))
    thousandths = seconds * 1000
    if thousandths != thousandths.to_integral_value():
        raise DurationError(Problem("durations.too-fine", found=shown(text)))
    if thousandths > LONGEST_MS:
        raise DurationError(Problem("durations.too-long", found=shown(text)))
    return int(thousandths)


def parse_factor(text: str) -> float | None:
    """Read "1.5x" as 1.5; None where `text` is not a factor.

    Raises:
        DurationError: a factor of zero, or one above 100.
    """
    match = _FACTOR.fullmatch(text.strip().lower())
    if match is None:
        return None
    factor = float(match[1])
    if not 0 < factor <= 100:
        raise DurationError(Problem("durations.factor-out-of-range", found=shown(text)))
    return factor


def format_duration(ms: int) -> str:
    """Write milliseconds as a user would: 45000 -> "45s", 90000 -> "1m30s", 3250 -> "3.25s".

    `parse_duration` reads every result back to the same number.
    """
    minutes, rest = divmod(ms, 60_000)
    seconds = f"{Decimal(rest) / 1000:f}"
    if "." in seconds:
        seconds = seconds.rstrip("0").rstrip(".")
    if not minutes:
        return f"{seconds}s"
    return f"{minutes}m" if not rest else f"{minutes}m{seconds}s"


def format_clock(ms: int) -> str:
    """Write a position or total as a clock, to the second it lies in: 83_400 -> "1:23", 3_600_000 -> "1:00:00"."""
    seconds = ms // 1000
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def format_nearest_clock(ms: int) -> str:
    """Write a length as a clock, to the nearest second: 83_600 -> "1:24"."""
    return format_clock(round(ms, -3))


def format_exact_clock(ms: int) -> str:
    """Write a total as a clock, with its milliseconds where it has any: 600_000 -> "10:00", 552_480 -> "9:12.480"."""
    return f"{format_clock(ms)}.{ms % 1000:03}" if ms % 1000 else format_clock(ms)


def _seconds(hours: str | None, minutes: str | None, seconds: str | None, ms: str | None) -> Decimal:
    return Decimal(hours or 0) * 3600 + Decimal(minutes or 0) * 60 + Decimal(seconds or 0) + Decimal(ms or 0) / 1000
