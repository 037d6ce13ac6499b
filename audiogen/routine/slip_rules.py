"""What people write under a key in place of a value: a table of rules for `slips`.

A rule takes away or replaces one thing that does not belong in the value.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from audiogen.errors import Problem
from audiogen.routine.yaml.slips import LOOK_ALIKES

_EVERY = frozenset[str]()
_DOSES = frozenset({"hold", "reps"})
_WORK = _DOSES | {"for", "work"}
_LENGTHS = _WORK - {"reps"} | {
    *("rest", "round_rest", "every", "length", "min", "max", "gap", "settle", "switching", "transition", "tail"),
    *("halfway_from", "remaining", "at", "after", "pause", "paragraph"),
}
_COUNTS = frozenset({"reps", "sets", "rounds"})
_NUMBERS = _LENGTHS | _COUNTS | {"countdown"}


@dataclass(frozen=True, slots=True)
class Rule:
    """In these keys, or in all: what fits is replaced by `meant`; the problem says why, unless a later rule does.

    `adds` is a key that is needed next to it, `instead` the key that has the value, `choice` another value, and `when`
    that is meant.
    """

    keys: frozenset[str]
    written: str
    meant: str | Callable[[re.Match[str]], str]
    problem: Problem
    adds: str = ""
    instead: str = ""
    choice: str = ""
    when: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a value cannot be read, and not at every start."""
        return re.compile(self.written, re.IGNORECASE)


def _rule(
    keys: frozenset[str] | set[str],
    pattern: str,
    meant: str | Callable[[re.Match[str]], str],
    problem: Problem,
    *,
    adds: str = "",
    instead: str = "",
    choice: str = "",
    when: str = "",
) -> Rule:
    return Rule(frozenset(keys), pattern, meant, problem, adds, instead, choice, when)


_SPELLED = {
    "a": "1",
    "an": "1",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "fifteen": "15",
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "ninety": "90",
    "once": "1",
    "twice": "2",
    "thrice": "3",
}
_LANGUAGES = {
    **dict.fromkeys(("english", "englisch", "inglés", "anglais"), "en"),
    **dict.fromkeys(("spanish", "español", "castellano", "spanisch"), "es"),
    **dict.fromkeys(("german", "deutsch", "alemán", "allemand"), "de"),
    **dict.fromkeys(("french", "français", "französisch"), "fr"),
    **dict.fromkeys(("italian", "italiano"), "it"),
    **dict.fromkeys(("portuguese", "português"), "pt"),
    **dict.fromkeys(("dutch", "nederlands"), "nl"),
    **dict.fromkeys(("polish", "polski"), "pl"),
    **dict.fromkeys(("japanese", "日本語"), "ja"),
    **dict.fromkeys(("hindi", "हिन्दी"), "hi"),
}
_EACH = r"per|each|every|on|both|a|pro|je|jede|por|cada|par|chaque|e/?s"
_PART = (
    r"sides?|legs?|arms?|hips?|feet|foot|hands?|ways?|directions?|seiten?|beine?|arme?|lados?|piernas?|côtés?|jambes?"
)

ALIKE = Problem("routine.odd-letter")
_SIDE = Problem("routine.each-side")
_SETS = Problem("routine.several-sets")
_RANGE = Problem("routine.range")
_INEXACT = Problem("routine.inexact")
_COMMA = Problem("routine.decimal-comma")
OTHERWISE = Problem("routine.written-otherwise")
_ALONE = Problem("routine.more-than-a-value")

RULES = (
    *(
        _rule(_EVERY, re.escape(letter), right, replace(ALIKE, found=name))
        for letter, (name, right) in LOOK_ALIKES.items()
    ),
    _rule(_EVERY, r"^[“”„«»‘’](.*)[“”„«»‘’]$", r"\1", replace(ALIKE, found="typographic quotes")),
    _rule(_LENGTHS, r"(\d) *(?:″|\"|”|''|’’)", r"\1s", OTHERWISE),
    _rule(_LENGTHS, r"(\d) *(?:′|'|’)", r"\1m", OTHERWISE),
    _rule(_EVERY, r"[,;.]+$", "", _ALONE),
    _rule(_NUMBERS, r"^(?:~|≈|about|approx(?:imately)?\.?|around|circa|ca\.?|etwa|unos|environ) *", "", _INEXACT),
    _rule(_NUMBERS, r"(\d) *½", r"\1.5", OTHERWISE),
    _rule(_NUMBERS, r"^½", "0.5", OTHERWISE),
    _rule(_NUMBERS, r"^half a minute$", "30s", OTHERWISE),
    _rule(
        _NUMBERS,
        rf"\b(?:{'|'.join(_SPELLED)})\b(?! *(?:side|leg|arm))",
        lambda match: _SPELLED[match[0].lower()],
        OTHERWISE,
    ),
    _rule(_WORK, r"^(\S+) *(?:on|work)[ ,/]+(\S+) *(?:off|rest)$", r"\1", _ALONE, adds=r"rest: \2"),
    _rule(_DOSES, r"^(\d+) *(?:sets?(?: of)?|rounds?(?: of)?|[x×*]) *(?=\d)", "", _SETS, adds=r"sets: \1"),
    _rule(_DOSES, r"(?<=[\w)])[ ,;]*[x×*] *(\d+)(?: *sets?| *times)?$", "", _SETS, adds=r"sets: \1"),
    _rule(_DOSES, r"[ ,;]+(?:for )?(\d+) *(?:sets?|rounds?)$", "", _SETS, adds=r"sets: \1"),
    _rule(_WORK, rf"[ ,/(]*\b(?:{_EACH}) *(?:{_PART})?\)?$", "", _SIDE, adds="sides: [right, left]"),
    _rule(_WORK, rf"[ ,(]*/ *(?:{_PART})\)?$", "", _SIDE, adds="sides: [right, left]"),
    _rule(_WORK, r"[ ,(]*\b(?:l/r|r/l|l\+r|left and right|right and left)\)?$", "", _SIDE, adds="sides: [right, left]"),
    _rule({"reps"}, r"^(\d+) */ *\1$", r"\1", _SIDE, adds="sides: [right, left]"),
    _rule({"hold"}, r"^\d[\d.]* *[a-z]+(?: *[,;] *\d[\d.]* *[a-z]+)+$", r"[\g<0>]", OTHERWISE),
    _rule({"reps"}, r"^\d+(?: *[,;] *\d+)+$", r"[\g<0>]", OTHERWISE),
    _rule({"reps"}, r"^[x×] *(?=\d)", "", _ALONE),
    _rule(
        _DOSES,
        r"(\d) *(?:reps?|repetitions?|times|x|×|wdh|wiederholungen|repeticiones|répétitions|ripetizioni)$",
        r"\1",
        _ALONE,
        instead="reps",
    ),
    _rule(_COUNTS, r"(\d) *(?:sets?|rounds?|times|x|×|sätze|series|runden)$", r"\1", _ALONE),
    _rule({"count"}, r"^(\d+)$", r"\1", Problem("routine.count-is-a-switch"), instead="reps"),
    _rule(_LENGTHS, r"^(?:hold|wait|rest|stay|for|every|after|of)(?: for)? +", "", _ALONE),
    _rule(_LENGTHS, r" +(?:hold|holds|rest|pause|break|long|total|exactly|each|between.*)$", "", _ALONE),
    _rule(_NUMBERS | {"speed", "pauses"}, r"(\d),(\d)", r"\1.\2", _COMMA),
    _rule(_LENGTHS, r"(\d *m[a-z]*) *(?:and|und|y|et|,)? *(\d+) *(s[a-z]*)?$", r"\1 \2s", OTHERWISE),
    _rule(_LENGTHS, r"^([\d:]+:\d\d) *(?:m|min|minutes|h|hours|s)$", r"\1", _ALONE),
    _rule(
        {"reps"},
        r"^(\d+) *(?:-+|to|bis|up to|\.\.+) *(\d+)$",
        lambda match: " to ".join(sorted(match.groups(), key=int)),
        OTHERWISE,
    ),
    _rule(
        {"hold"},
        r"^([\d.]+) *([a-z]*) *(?:-+|to|bis|up to|\.\.+) *([\d.]+) *([a-z]*)$",
        r"\1\4",
        _RANGE,
        choice=r"[\1\4, \3\4]",
        when="for two sets",
    ),
    _rule(
        _NUMBERS - {"pause", "reps"}, r"^([\d.]+) *([a-z]*) *(?:-+|to|bis|\.\.+) *([\d.]+) *([a-z]*)$", r"\1\4", _RANGE
    ),
    _rule(
        {"rest", "gap", "settle", "switching", "transition", "tail"},
        r"^(?:no|none|off|nothing|zero)$",
        "0s",
        OTHERWISE,
    ),
    _rule({"remaining", "countdown"}, r"^(?:none|never|zero|disabled)$", "off", OTHERWISE),
    _rule({"length"}, r"^(?:auto|free|any|open|natural)$", "none", OTHERWISE),
    _rule({"countdown"}, r"^(\d+) *(?:s|secs?|seconds?)$", r"\1", _ALONE),
    _rule({"at"}, r"^(?:half ?way|half|middle|midpoint|mid)$", "50%", OTHERWISE),
    _rule({"at"}, r"^(?:the )?(?:start|begin|beginning|top)$", "0s", OTHERWISE),
    _rule({"at"}, r"^(\d+) *percent$", r"\1%", OTHERWISE),
    _rule({"at"}, r"^(?:at|@|\+|t\+) *", "", _ALONE),
    _rule({"at"}, r"^(?:the )?(?:last|final) +", "-", OTHERWISE),
    _rule({"at"}, r"^(.+?) *(?:before|from|to) (?:the )?end$", r"-\1", OTHERWISE),
    _rule({"at"}, r"^(.+?) +(?:in|into.*|after.*|left|remaining)$", r"\1", OTHERWISE),
    _rule({"at"}, r"^- +", "-", _ALONE),
    _rule(
        {"sides"},
        r"^(?:both|each|either|every|yes|on|true|two|2|bilateral|all)(?: sides?)?$",
        "right, left",
        OTHERWISE,
    ),
    _rule(
        {"sides"},
        r"\b(?:r|rt|right(?:[ -](?:side|hand|leg|arm))?|rechts|derech[ao]|droite?|destr[ao])\b",
        "right",
        OTHERWISE,
    ),
    _rule(
        {"sides"},
        r"\b(?:l|lt|left(?:[ -](?:side|hand|leg|arm))?|links|izquierd[ao]|gauche|sinistr[ao])\b",
        "left",
        OTHERWISE,
    ),
    _rule({"sides"}, r" *(?:\b(?:and|then|or|und|y|e|et|before)\b|[/&+;>|-]+|→) *", ", ", OTHERWISE),
    _rule({"breath"}, r"^([\d.]+) *s? *(?:in|-|:|,|to|and|in,) *,? *([\d.]+) *s?(?: *out)?$", r"\1s/\2s", OTHERWISE),
    _rule({"speed", "pauses"}, r"^(\d+) *%$", lambda match: f"{int(match[1]) / 100:g}x", OTHERWISE),
    _rule({"pauses"}, r"^\d+(?:\.\d+)?$", r"\g<0>x", OTHERWISE),
    _rule({"speed"}, r"^(?:normal|standard|default)$", "1x", OTHERWISE),
    _rule({"halfway", "skip", "fixed", "count"}, r"^(?:1|enabled?|always|ja|sí|si|oui)$", "on", OTHERWISE),
    _rule({"halfway", "skip", "fixed", "count"}, r"^(?:0|disabled?|never|none|nein|non)$", "off", OTHERWISE),
    _rule({"language"}, "|".join(_LANGUAGES), lambda match: _LANGUAGES[match[0].lower()], OTHERWISE),
    _rule({"date"}, r"^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})$", lambda m: f"{m[3]}-{m[2]:0>2}-{m[1]:0>2}", OTHERWISE),
    _rule({"date"}, r"^(1[3-9]|2\d|3[01])/(\d{1,2})/(\d{4})$", lambda m: f"{m[3]}-{m[2]:0>2}-{m[1]}", OTHERWISE),
    _rule({"date"}, r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$", lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}", OTHERWISE),
    _rule(
        {"loudness"},
        r"^(\d+)(?: *(?:db|lufs))?$|^(-\d+) *db$",
        lambda match: f"-{match[1]}" if match[1] else match[2],
        OTHERWISE,
    ),
    _rule({"bitrate"}, r"^(\d+) *(?:kbps|kb/s|kbit/s|kbits?)$", r"\1", _ALONE),
    _rule({"tone"}, r"^(?:up|high|higher|ascending|rise|inhale|in)$", "rising", OTHERWISE),
    _rule({"tone"}, r"^(?:down|low|lower|descending|fall|exhale|out)$", "falling", OTHERWISE),
    _rule({"tone"}, r"^(?:steady|flat|same|constant|hold)$", "level", OTHERWISE),
    _rule({"tone"}, r"^(?:off|no|silent|silence)$", "none", OTHERWISE),
    _rule({"opening", "closing", "announce"}, r"^(?:yes|on|true|all|long|everything)$", "full", OTHERWISE),
    _rule({"opening", "closing", "announce"}, r"^(?:no|off|false|nothing|silent)$", "none", OTHERWISE),
    _rule({"opening"}, r"^(?:short|brief|name)$", "title", OTHERWISE),
    _rule({"announce"}, r"^(?:short|brief|title|names)$", "name", OTHERWISE),
    _rule({"progress"}, r"^(?:half|half[- ]way|middle|50%)$", "halfway", OTHERWISE),
    _rule({"guidance"}, r"^(?:short|minimal|less|reduced)$", "brief", OTHERWISE),
    _rule({"guidance"}, r"^(?:none|no|off|silent|bells)$", "tones", OTHERWISE),
    _rule({"guidance"}, r"^(?:all|normal|on|long)$", "full", OTHERWISE),
    _rule({"position"}, r"^(?:lie|lying down|prone|supine|back|belly|side)$", "lying", OTHERWISE),
    _rule({"position"}, r"^(?:sit|sitting|seat|chair)$", "seated", OTHERWISE),
    _rule({"position"}, r"^(?:kneel|all[- ]fours|hands and knees|quadruped|tabletop)$", "kneeling", OTHERWISE),
    _rule({"position"}, r"^(?:stand|upright|up)$", "standing", OTHERWISE),
    _rule({"order"}, r"^(?:set|by sets?|sets? first|both|alternat\w*|interleaved)$", "sets", OTHERWISE),
    _rule({"order"}, r"^(?:side|by sides?|sides? first|one side first)$", "sides", OTHERWISE),
    _rule({"stretch"}, r"^(?:pauses?|silence|gaps)$", "silences", OTHERWISE),
    _rule({"stretch"}, r"^(?:hold|exercises?|work)$", "holds", OTHERWISE),
)

_EACH_SIDE = r"(?i)^(?!(\S+) */ *\1$)\d[\d.:]* *[a-z]* */ *\d[\d.:]* *[a-z]*$"

# Values that a text cannot be read as, and how they are written.
REWRITTEN: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("tempo", r"^\d+(?:[-/:]\d+)+$", lambda text: _phases(re.split("[-/:]", text))),
    ("sides", r"(?i)^(?:alternat\w*|in turn|changing)\b", lambda _: "alternate"),
    ("hold", _EACH_SIDE, lambda text: _of_sides(text)),
    ("reps", _EACH_SIDE, lambda text: _of_sides(text)),
    ("cues", r"^-?\d[\d:]*(?:s|m|%)?[:,]? +\D", lambda text: _cue(*text.split(None, 1))),
)


def _phases(seconds: list[str]) -> str:
    return f"[{', '.join(f'{{for: {one}s}}' for one in seconds)}]"


def _of_sides(text: str) -> str:
    right, _, left = text.partition("/")
    return f"{{right: {right.strip()}, left: {left.strip()}}}"


def _cue(at: str, say: str) -> str:
    return f"{{at: {at.rstrip(':,')}, say: {say}}}"


# What no value can stand for: keys, words, and what to write instead.
UNANSWERED = (
    (_WORK, r"(?i)\b(?:breaths?|atemzüge?|respiraciones?)\b", Problem("routine.breaths")),
    (
        _WORK,
        r"(?i)\b(?:max|amrap|failure|fail|until|till|possible|needed|forever)\b",
        Problem("routine.open-ended"),
    ),
)
