"""Lengths, clocks, N x M, units, ranges and pairs -> the same in words around digits, which `numbers` says.

"3x30s" -> "3 times 30 seconds";   "1:30" -> "1 minute 30 seconds";   "90/90" -> "90 90"
"""

import re

from audiogen.spoken.pack import Pack, Unit
from audiogen.spoken.rules import DIGITS, Rule, alternatives, rule

_VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅛": "1/8"}
_DASH = "[-–]"


def tidied(text: str) -> str:
    """A text with plain spaces between numbers and units, `x` for times and fractions of plain digits."""
    text = re.sub("(?<=\\d)[\u00a0\u2009\u202f]|[\u00a0\u2009\u202f](?=\\d)", " ", text)
    text = re.sub(r"(?<=\d)\s?×\s?(?=\d)|×(?=\d)|(?<=\d)×", "x", text).replace("\u2212", "-")
    for sign, fraction in _VULGAR.items():
        text = re.sub(rf"(?<=\d)\s?{sign}", f" {fraction}", text).replace(sign, fraction)
    return text


def amount(pack: Pack) -> str:
    """The pattern of an amount: a number, a range, a fraction, or a number and a fraction."""
    number = f"(?:{pack.number})"
    return rf"(?:(?:\d+ )?\d+/\d+|{number}(?:\s?{_DASH}\s?{number})?)"


def rules(pack: Pack) -> tuple[Rule, ...]:
    """Say everything that numbers are combined to, in the order in which it has to be looked for."""
    return (
        *_listed(pack),
        *_clocks(pack),
        *_lengths(pack),
        *_times(pack),
        *_units(pack),
        *_ranges(pack),
        *_pairs(pack),
    )


def _listed(pack: Pack) -> tuple[Rule, ...]:
    """An amount after another one with its own unit: "20s/10s" is a list, "20s-30s" a range of one unit."""
    number, unit = f"(?:{pack.number})", alternatives(pack.units)
    return (
        rule(r"(?<=[^\W\d_])\s?/\s?(?=\d)", ", ", needs="/"),
        rule(rf"(?<![\w.,/])({number})\s?({unit})\s?{_DASH}\s?(?={number}\s?\2(?!\w))", r"\1-", needs="-–"),
    )


def _counted(unit: Unit, n: int) -> str:
    return unit.single if n == 1 and unit.single else f"{n} {unit.of(str(n))}"


def _clocks(pack: Pack) -> tuple[Rule, ...]:
    """A length as on a clock: minutes and seconds, or hours before them; and the ratio of two small numbers."""
    units = [pack.named[name] for name in ("hour", "minute", "second")]

    def length(match: re.Match[str]) -> str:
        three = match[3] is not None
        numbers = [int(match[1]), int(match[2]), int(match[3])] if three else [int(match[1]), int(match[2])]
        parts = zip(numbers, units if three else units[1:], strict=True)
        return " ".join(_counted(unit, n) for n, unit in parts if n) or _counted(units[-1], 0)

    return (
        rule(r"(?<![\w:.])(\d{1,3}):([0-5]\d)(?::([0-5]\d))?(?![\w:]|\.\d)", length, needs=":"),
        rule(r"(?<![\w:.])(\d{1,2}):(\d)(?![\w:]|\.\d)", rf"\1 {pack.ratio} \2", needs=":"),
    )


def _lengths(pack: Pack) -> tuple[Rule, ...]:
    """The "m" of "1m30s" and "1h15m" is minutes."""
    minutes = alternatives(sign for sign, unit in pack.units.items() if unit == pack.named["minute"])
    shortest = min(minutes.split("|"), key=len)
    return (
        rule(r"(?<![\w.,])(\d+)m ?(?=\d+ ?s\b)", rf"\1 {shortest} ", needs="m"),
        rule(r"(?<=\dh)( ?)(\d+)m\b", rf" \2 {shortest}", needs="h"),
        rule(rf"(?<=\d)(h|{minutes}) ?(?=\d)", r"\1 ", needs=DIGITS),
    )


def _times(pack: Pack) -> tuple[Rule, ...]:
    """N x M: sets of so many, so many times a length, or a width by a length; and "3x", "x10"."""
    some, unit = amount(pack), alternatives(pack.units)

    def product(match: re.Match[str]) -> str:
        measured = pack.units.get(match[3] or "")
        joined = pack.sets if measured is None else pack.by if measured.size else pack.times
        return f"{match[1]} {joined} {match[2]}"

    return (
        rule(rf"(?<![\w.,/])({some})\s?[xX]\s?({some})(?:(?= ?({unit})(?!\w)))?", product, needs="xX"),
        rule(rf"(?<![\w.,/])({some})\s?[xX](?!\w)", rf"\1 {pack.times}", needs="xX"),
        rule(r"(?<!\w)[xX]\s?(?=\d)", f"{pack.times} ", needs="xX"),
    )


def _units(pack: Pack) -> tuple[Rule, ...]:
    """An amount and its unit; the full stop of a unit is kept where it may end a sentence."""

    def measured(match: re.Match[str]) -> str:
        unit = pack.units[match[2]]
        return unit.single if match[1] == "1" and unit.single else f"{match[1]} {unit.of(match[1])}"

    stop = r"(?:\.(?=\s+[^\W\d_A-ZÀ-ÖØ-Þ]))?"
    units = alternatives(pack.units)
    return (rule(rf"(?<![\w.,/])({amount(pack)})(?:\s?)({units})(?![\w°]|\.\w){stop}", measured, needs=DIGITS),)


def _ranges(pack: Pack) -> tuple[Rule, ...]:
    """Three numbers and more are a pattern, such as 4-7-8; two are a range."""
    number = f"(?:{pack.number})"

    def pattern(match: re.Match[str]) -> str:
        return " ".join([*re.findall(r"\d+", match[1]), ""]) if match[2] else " ".join(re.findall(r"\d+", match[1]))

    three = rf"(?<![\w/-])(\d+(?:\s?{_DASH}\s?\d+){{2,}}|\d+(?:/\d+){{2,}})(?:(-)(?=[^\W\d_]))?(?![\d/])"
    return (
        rule(three, pattern, needs="-–/"),
        rule(rf"(?<![\w.,-])({number})\s?{_DASH}\s?({number})(?![\d/]|{_DASH}\d)", rf"\1 {pack.range} \2", needs="-–"),
    )


def _pairs(pack: Pack) -> tuple[Rule, ...]:
    """Two numbers with a slash: the same twice, a fraction, or one after the other."""

    def pair(match: re.Match[str]) -> str:
        above, below = int(match[2]), int(match[3])
        whole, fraction = match[1], f"{above}/{below}"
        if whole and fraction in pack.mixed:
            return f"{whole.strip()} {pack.mixed[fraction]}"
        if not whole and fraction in pack.fractions:
            return pack.fractions[fraction]
        if pack.out_of and below == 10 and above < 10:
            return f"{whole or ''}{above} {pack.out_of} {below}"
        return f"{whole or ''}{match[2]} {match[3]}"

    return (rule(r"(?<![\w./])(\d+ )?(\d{1,3})/(\d{1,3})(?![\w/]|\.\d)", pair, needs="/"),)
