"""Numbers in digits -> in words, in the form that the next word needs.

"21 s" -> "21 seconds" (`amounts`) -> "twenty-one seconds"
"""

import re

from audiogen.phrases import grammar
from audiogen.spoken.pack import Pack
from audiogen.spoken.rules import Rule, rule

LONGEST = 15  # digits; longer ones are no amounts, and are said digit by digit


def rules(pack: Pack) -> tuple[Rule, ...]:
    """Say all numbers that are left, apart from letters that they touch: "C7" as "C seven"."""
    return (
        rule(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " "),
        rule(rf"(?<![\w.,])-(?=(?:{pack.number}))", f"{pack.minus} "),
        rule(rf"({pack.number})(?= ([^\W\d_]+))?", lambda match: _in_words(pack, match[1], match[2] or "")),
    )


_PLAIN = re.compile(r"(?<![\w.,/:'’-])\d{1,3}(?![\w/'’-]|[.,:]\d)(?= ([^\W\d_]+))?")


def are_plain(pack: Pack, text: str) -> bool:
    """Whether every voice reads all numbers of a text right in digits: whole ones, alike before any noun."""
    plain = list(_PLAIN.finditer(text))
    if sum(len(number[0]) for number in plain) < sum(map(str.isdigit, text)):
        return False
    return all(
        not number[0].startswith("0")
        and _in_words(pack, number[0], number[1] or "") == cardinal(pack.language, number[0])
        for number in plain
    )


def _in_words(pack: Pack, digits: str, following: str) -> str:
    """A number before a word, or before none."""
    separator = "," if pack.language == "en" else r"[^\d,]"
    grouped = re.fullmatch(rf"\d{{1,3}}(?:{separator}\d{{3}})+", digits)
    decimal = None if grouped else re.search(r"[.,](\d+)\Z", digits)
    part = decimal[1] if decimal else ""
    whole = re.sub(r"\D", "", digits.removesuffix(part))
    if part:
        spoken = [cardinal(pack.language, whole)] if whole else []
        return " ".join([*spoken, pack.point, *(_part(pack, part))])
    if pack.language == "en" and re.fullmatch("(?:19|20)[0-9]{2}", digits) and not following.islower():
        return _year(int(digits))
    return _agreeing(pack, cardinal(pack.language, whole), following)


def _part(pack: Pack, digits: str) -> list[str]:
    """What follows the decimal sign: digit by digit in English, elsewhere as a number where it may be one."""
    if pack.language == "en" or digits.startswith("0") or len(digits) > 2:
        return [cardinal(pack.language, digit) for digit in digits]
    return [cardinal(pack.language, digits)]


def cardinal(language: str, digits: str) -> str:
    """A whole number in words; one that begins with 0, or is endless, digit by digit.

    >>> cardinal("en", "12"), cardinal("en", "007")
    ('twelve', 'zero zero seven')
    """
    if (digits.startswith("0") and len(digits) > 1) or len(digits) > LONGEST:
        return " ".join(grammar.number(language, int(digit)) for digit in digits)
    return grammar.number(language, int(digits)).replace(",", "")


def ordinal(language: str, n: int) -> str:
    """A place in an order in words: 3 -> "third"."""
    from num2words import num2words

    return str(num2words(n, lang=language, to="ordinal")).replace(",", "")


def _year(n: int) -> str:
    from num2words import num2words

    return str(num2words(n, lang="en", to="year"))


def _agreeing(pack: Pack, words: str, following: str) -> str:
    """A number that ends in "one" in the form before a noun: "un segundo", "veintiuna horas", "eine Minute"."""
    if not _is_noun(pack, following):
        return words
    feminine = re.search(pack.feminine, following)
    for one in pack.ones:
        if re.search(one.ending, words):
            return re.sub(one.ending, one.feminine if feminine else one.masculine, words)
    return words


def _is_noun(pack: Pack, word: str) -> bool:
    others = {pack.range, pack.ratio, pack.times, pack.by, pack.point, *pack.between.values()}
    is_other = word in others and not re.search(pack.feminine, word)
    return len(word) > 2 and not is_other and (pack.language != "de" or word[0].isupper())
