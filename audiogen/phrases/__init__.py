"""The standard cues of a session, in the routine's language.

    language -> Phrases -> "Three of seven: Double V.", "Thirty seconds each side.", "Halfway, six to go."

The words are data, one TOML file per language next to this module. Plural forms are chosen by CLDR's rules (Babel) and
numbers written out by num2words, so that nothing here knows English.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from audiogen.errors import Problem, Remedy, RoutineError
from audiogen.phrases import grammar
from audiogen.phrases.files import own_file, own_pack, shipped, shipped_languages
from audiogen.phrases.own import SPOKEN, Cues, Own

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]$")  # Japanese: words are not parted by spaces
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The standard cues of one language; `language` is its code, `cues` the content of its file by section.

    `own` are those of a user that stand in the place of some, by name. Variants take turns from one call to the next:
    `turns` counts how often each phrase was said, so a session needs phrases of its own (`with_own`).
    """

    language: str
    cues: Cues
    own: Mapping[str, Own] = field(default_factory=dict)
    turns: Counter[str] = field(default_factory=Counter, compare=False)

    def with_own(self, own: Mapping[str, Own]) -> "Phrases":
        """The same with these in place of the standard ones, each to be said for the first time."""
        return Phrases(self.language, self.cues, own)

    def say(self, section: str, key: str, **fields: str | int) -> str:
        """The cue `key`, its fields filled (numbers as the language has them) and its first letter in upper case.

        Empty where it is to stay unsaid.
        """
        template = self._template(section, key)
        return _sentence(self._filled(template, fields))

    def silences(self, name: str) -> bool:
        """Whether a phrase is never said."""
        return self.own.get(name) == ("",)

    def counted(self, n: int) -> str:
        """A number as it is counted aloud, in words: "Three."; empty where it is to stay unsaid."""
        return self.say("work", "number", n=self.number(n))

    def _template(self, section: str, key: str) -> Any:
        """The text of a phrase, or its forms; of a user's variants the next one."""
        name = key if section in SPOKEN else f"{section}.{key}"
        own = self.own.get(name, ())
        if isinstance(own, Mapping):
            return own
        if not own:
            return self.cues[section][key]
        self.turns[name] += 1
        return own[(self.turns[name] - 1) % len(own)]

    def ended(self, text: str) -> str:
        """A title or a name as a sentence."""
        return text if unicodedata.category(text[-1:] or ".") == "Po" else f"{text}{self.cues['stop']}"

    def title_of_week(self, title: str, week: int) -> str:
        """The title of one week of a series: "Upper-back release, week 2"; to be read, so in digits."""
        return self._filled(self.cues["series"]["title"], {"title": title, "n": str(week)})

    def written(self, key: str, **fields: str | int) -> str:
        """What is read, not heard, its numbers in digits; a plural is chosen by the field `n`."""
        template = self.cues["written"][key]
        if isinstance(template, Mapping):
            template = template.get(grammar.category(self.language, int(fields["n"])), template["other"])
        return self._filled(template, {name: str(value) for name, value in fields.items()})

    def written_count(self, key: str, amount: str) -> str:
        """A count or a range of counts to be read: "12 repetitions", "8-12 repetitions"."""
        least, _, most = amount.partition(" to ")
        forms = self.cues["written"][key]
        template = forms.get(grammar.category(self.language, int(most or least)), forms["other"])
        return self._filled(template, {"n": amount.replace(" to ", "–")})

    def written_length(self, ms: int) -> str:
        """A length to be read, to the millisecond: 30_000 -> "30 s", 90_000 -> "1 min 30 s", 3_250 -> "3.25 s"."""
        hours, rest = divmod(ms, 3_600_000)
        minutes, rest = divmod(rest, 60_000)
        seconds = f"{rest / 1000:.3f}".rstrip("0").rstrip(".").replace(".", self.written("decimal"))
        units = [("hour", str(hours), hours), ("minute", str(minutes), minutes), ("second", seconds, rest)]
        words = [self.written(unit, n=number) for unit, number, there in units if there]
        return " ".join(words) or self.written("second", n=0)

    def side(self, side: str) -> str:
        """What a side is called: "right"."""
        return str(self._template("sides", side))

    def kind_of_phase(self, text: str) -> str | None:
        """Tell by how its words begin whether a phase is inhale, exhale or hold; None if it is none of these."""
        begins = text.casefold()
        found = [
            (len(expression), kind)
            for kind, expressions in self.cues["phases"].items()
            for expression in expressions
            if begins.startswith(expression) and not _goes_on(expression, begins)
        ]
        return max(found)[1] if found else None

    def names_side(self, line: str, side: str) -> bool:
        """Whether a line has a word for a side: the routine's, or one of the language, in any of its forms."""
        words = (self.side(side), *self.cues["naming"][side])
        return any(_word(word).search(line) for word in words)

    def count(self, what: str, n: int) -> str:
        """A counted noun in the right plural: ("exercises", 7) -> "seven exercises"."""
        return self._plural(self._template("counts", what), n)

    def count_of(self, what: str, amounts: Sequence[int | tuple[int, int]]) -> str:
        """Several counts or ranges of one noun: "twelve, ten, and eight repetitions", "eight to twelve repetitions"."""
        *_, last = amounts
        n = last[1] if isinstance(last, tuple) else last
        forms = self._template("counts", what)
        template = forms.get(grammar.category(self.language, n), forms["other"])
        if amounts != [n]:
            template = forms["other"] if "{n}" not in template else template
            return self._filled(template, {"n": self.listing([self._amount(one) for one in amounts])})
        return self._filled(template, {"n": n})

    def _amount(self, amount: int | tuple[int, int]) -> str:
        if isinstance(amount, int):
            return self.in_sentence(amount)
        return self._filled(self._template("units", "range"), {"least": amount[0], "most": amount[1]})

    def number(self, n: int) -> str:
        """A number in words: 21 -> "twenty-one"; in digits where num2words does not know the language."""
        return grammar.number(self.language, n)

    def in_sentence(self, n: int) -> str:
        """A number as it stands inside sentences of the language: in words, or in digits."""
        return self.number(n) if self.cues["numbers"] == "words" else str(n)

    def duration(self, ms: int) -> str:
        """A length in words, to the nearest second: 30_000 -> "thirty seconds", 60_000 -> "one minute".

        Under two minutes that are not whole it stays in seconds ("ninety seconds"), as people say it.
        """
        seconds = (ms + 500) // 1000
        minutes, rest = divmod(seconds, 60)
        in_seconds, in_minutes = self._template("units", "second"), self._template("units", "minute")
        if not minutes or (rest and minutes < 2):
            return self._plural(in_seconds, seconds)
        if not rest:
            return self._plural(in_minutes, minutes)
        both = {"minutes": self._plural(in_minutes, minutes), "seconds": self._plural(in_seconds, rest)}
        return self._filled(self._template("units", "both"), both)

    def listing(self, items: Sequence[str]) -> str:
        """Several things as one phrase: "a mat, a towel, and a foam roller"."""
        return grammar.listing(self.language, items)

    def _plural(self, forms: Mapping[str, str], n: int) -> str:
        return self._filled(forms.get(grammar.category(self.language, n), forms["other"]), {"n": n})

    def _filled(self, template: str, fields: Mapping[str, str | int]) -> str:
        def word(match: re.Match[str]) -> str:
            value = fields[match[1]]
            if isinstance(value, str):
                return value
            return self.in_sentence(value)

        return _FIELD.sub(word, template)


def load_phrases(language: str) -> Phrases:
    """The standard cues of a language such as "en" or "en-GB"; a region falls back to its language.

    Raises:
        RoutineError: no standard cues in that language, or a user's own file for it that is not complete.
        AudiogenError: a user's own file for it cannot be read, or is not TOML.
    """
    code = language.replace("_", "-").lower()
    base = code.partition("-")[0]
    for name in (code, base):
        if name in languages():
            return Phrases(name, shipped(name))
        if own_file(name).is_file():
            return Phrases(name, own_pack(name))
    write = Remedy("write-phrases", command=f"audiogen phrases --language {base} --new")
    known = ", ".join(languages())
    raise RoutineError(Problem("phrases.no-language", expected=known, found=f"'{language}'", remedies=(write,)))


def languages() -> tuple[str, ...]:
    """The codes of all languages that have standard cues, sorted."""
    return shipped_languages()


def _goes_on(expression: str, text: str) -> bool:
    """Whether a text's first word is longer than an expression; scripts without spaces have no such words."""
    after = text[len(expression) : len(expression) + 1]
    return after.isalpha() and not _UNSPACED.search(expression)


@cache
def _word(word: str) -> re.Pattern[str]:
    """A word in a line; a - at its beginning or end stands for more letters."""
    before, after = ("" if word.startswith("-") else r"(?<!\w)", "" if word.endswith("-") else r"(?!\w)")
    return re.compile(f"{before}{re.escape(word.strip('-'))}{after}", re.IGNORECASE)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
