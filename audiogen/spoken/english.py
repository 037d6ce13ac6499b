"""What only English has: sides as letters, Roman numerals, inches, ordinals, lengths in front of what they measure."""

import re

from audiogen.spoken.amounts import amount
from audiogen.spoken.numbers import ordinal
from audiogen.spoken.pack import Pack
from audiogen.spoken.rules import DIGITS, Rule, alternatives, rule

_SIDES = {"R": "right", "L": "left", "Rt": "right", "Lt": "left"}

# Before these and a letter, a side's letter is a letter: "an L", "L sit", "5 L".
_NO_SIDE_AFTER = r"(?<!\ban )(?<!\bAn )(?<!\ba )(?<!letter )(?<!\d )(?<![\w.'’&/+-])"
_NO_SIDE_BEFORE = r"(?![\w'’&/-]|\.\w| (?:sit|shape|position|one|two|three|four|five)\b)"

# Words that "I", "V" and "X" number, too; after any other word with a capital only longer numerals are numbers.
_NUMBERED = """
Warrior Virabhadrasana Crow Headstand Pigeon Boat Dancer Pose Variation Version Position Exercise Set Round Part Phase
Level Stage Grade Class Type Day Week Month Chapter Volume Series Block Circuit Session Marichyasana
"""
_ROMAN = {"I": 1, "V": 5, "X": 10}

_EACH = "side leg arm hand foot hip knee shoulder direction way"
_DETERMINERS = "a an the A An The one One this that This That each every Each Every another Another your Your"
_NOT_MEASURED = """
a an and as at away back before between by each for from if in into like no of off on onto or over per so than the then
to until while with without wide long high deep apart tall
"""  # after an amount: not what it measures, so it stays in the plural

_MEASURED = """
ball barbell break carry cool-down dumbbell dumbbells interval intervals kettlebell kettlebells plank plate plates run
session sprint swim timer walk warm-up weight weights workout
"""  # after an amount: what it measures, without an article too


def early(pack: Pack) -> tuple[Rule, ...]:
    """What has to be said before the rules of all languages."""
    return (*_hours(), *_decades(), *_inches(pack), *_attributes(pack), *_each(), *_sides(), *_roman(), *_named())


def _hours() -> tuple[Rule, ...]:
    """The time of day, which has "am" or "pm" behind it."""

    def hour(match: re.Match[str]) -> str:
        minutes = "" if match[2] in (None, "00") else f" {'oh ' if match[2][0] == '0' else ''}{int(match[2])}"
        return f"{int(match[1])}{minutes} {match[3].lower()}.m."

    return (rule(r"(?<![\w:.])(\d{1,2})(?::([0-5]\d))? ?([apAP])\.?[mM]\b\.?", hour, needs=DIGITS),)


def _decades() -> tuple[Rule, ...]:
    tens = ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"]
    before = r"(?<=\b[Ii]n your )|(?<=\b[Ii]n their )|(?<=\b[Ii]n the )|(?<=\bmid-)|(?<=\bearly )|(?<=\blate )"
    return (rule(rf"(?:{before})([2-9])0s\b", lambda match: tens[int(match[1]) - 2], needs="0"),)


def _inches(pack: Pack) -> tuple[Rule, ...]:
    """ "in" is a unit where it touches its number or where no preposition can stand; so are the signs ″ and ′."""
    some = amount(pack)
    after = "off|above|below|from|apart|wide|high|tall|deep|behind|forward|forwards|back|away|long|thick|up|down"
    end = rf"(?=\s*\Z|[.,;:!?)](?:\s|\Z)| (?:{after})\b)"

    def inches(match: re.Match[str]) -> str:
        return f"{match[1]} {'inch' if match[1] == '1' else 'inches'}"

    return (
        rule(r"(?<![\w.])(\d)['’′] ?(\d{1,2})[\"”″]", r"\1 foot \2", needs="'’′"),
        rule(rf"(?<![\w.,/])({some})(?:[\"”″]|in\b)", inches, needs=DIGITS),
        rule(rf"(?<![\w.,/])({some}) in(?:\.(?=\s+[a-z]))?{end}", inches, needs=DIGITS),
        rule(r"(?<![\w.,/$])\$(\d+(?:\.\d\d)?)(?![\w.]\d)", _dollars, needs="$"),
    )


def _dollars(match: re.Match[str]) -> str:
    return f"{match[1]} dollar{'' if match[1] == '1' else 's'}"


def _attributes(pack: Pack) -> tuple[Rule, ...]:
    """An amount in front of what it measures is in the singular: "a 30s hold", "5-min warm-up"."""
    signs = alternatives(pack.units)

    def measuring(match: re.Match[str]) -> str:
        return f"{match[1]}-{pack.units[match[2]].one}"

    determiners = "|".join(rf"(?<=\b{word} )" for word in _DETERMINERS.split())
    others, measured = ("|".join(words.split()) for words in (_NOT_MEASURED, _MEASURED))
    some = amount(pack)
    return (
        rule(rf"(?<![\w.,/])({some})-({signs})(?![\w°])\.?(?= [a-z])", measuring, needs="-"),
        rule(rf"(?:{determiners})({some}) ?({signs})(?![\w°])\.?(?= (?!(?:{others})\b)[a-z])", measuring, needs=DIGITS),
        rule(rf"(?<![\w.,/])({some}) ?({signs})(?![\w°])\.?(?= (?:{measured})\b)", measuring, needs=DIGITS),
    )


def _each() -> tuple[Rule, ...]:
    """ "/side" and "a side", which is heard as "aside"."""
    nouns = "|".join(_EACH.split())
    return (
        rule(rf"\s?/\s?({nouns})\b", r" each \1", needs="/"),
        rule(r"(?<=\d)( ?[a-z]+) a side\b|\b((?:seconds|minutes|breaths|reps|repetitions|times)) a side\b", _a_side),
        rule(r"\s?[xX×]\s?/\s?(day|week|month)\b", r" times a \1", needs="/"),
        rule(r"(?<=[a-z\d])\s?/\s?min\b", " per minute", needs="/"),
        rule(rf"\b((?:{'|'.join(_NUMBERED.split())}) \d+)/(?=\d+\b)", r"\1 of ", re.IGNORECASE, needs="/"),
    )


def _a_side(match: re.Match[str]) -> str:
    return f"{match[1] or match[2]} each side"


def _sides() -> tuple[Rule, ...]:
    return (
        rule(r"\b([Rr]ight|[Ll]eft) \([RL]\)", r"\1", needs="("),
        rule(r"\s*\(([RL])\)", lambda match: f", {_SIDES[match[1]]}", needs="("),
        rule(r"(?<!\w)([RL])\s?/\s?([RL])(?!\w)", lambda match: f"{_SIDES[match[1]]} {_SIDES[match[2]]}", needs="/"),
        rule(rf"{_NO_SIDE_AFTER}([RL])(?:\.(?= [a-z])|{_NO_SIDE_BEFORE})", lambda match: _SIDES[match[1]], needs="RL"),
        rule(r"(?<![\w-])([RL]t)\.? (?=[a-z])", lambda match: f"{_SIDES[match[1]]} ", needs="RL"),
    )


def _roman() -> tuple[Rule, ...]:
    """Roman numerals up to 39, after the name of what they count."""
    numeral = r"X{0,3}(?:IX|IV|V?I{0,3})"
    nouns = "|".join(_NUMBERED.split())
    verbs = "(?!(?:and|at|for|in|left|on|or|right|then|to|with)\\b)[a-z]"  # "the Pose I like"
    return (
        rule(
            rf"\b((?:{nouns})) (?=[IVX])(?!I {verbs})({numeral})(?![\w'’-])",
            lambda m: f"{m[1]} {_value(m[2])}",
            needs="IVX",
        ),
        rule(
            rf"\b([A-Z][a-z’'-]+) (?=[IVX]{{2}})({numeral})(?![\w'’-])", lambda m: f"{m[1]} {_value(m[2])}", needs="IVX"
        ),
    )


def _value(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _named() -> tuple[Rule, ...]:
    """Ordinals, one's best, and vertebrae that belong together."""
    return (
        rule(r"(?<![\w.,])(\d{1,4})(?:st|nd|rd|th)\b", lambda match: ordinal("en", int(match[1])), needs=DIGITS),
        rule(r"(?<![\w.,])(\d{1,2})RM\b", r"\1 rep max", needs="R"),
        rule(r"\b([CTLS])(\d{1,2})([-–/])(?=([CTLS])(\d{1,2})\b)", _vertebra, needs=DIGITS),
    )


def _vertebra(match: re.Match[str]) -> str:
    """A vertebra before another one: neighbours are a pair, such as L4-L5, others a range."""
    is_range = match[3] != "/" and match[1] == match[4] and int(match[5]) - int(match[2]) > 1
    return f"{match[1]}{match[2]} {'to ' if is_range else ''}"
