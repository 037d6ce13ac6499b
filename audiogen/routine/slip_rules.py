"""What people write under a key in place of a value: a table of rules for `slips`.

A rule takes away or replaces one thing that does not belong in the value.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from audiogen.errors import Problem
from audiogen.routine.yaml.slips import LOOK_ALIKES, Rule

_DOSES = frozenset({"hold", "reps"})
_WORK = _DOSES | {"for", "work"}
_LENGTHS = _WORK - {"reps"} | {
    *("rest", "round_rest", "every", "length", "min", "max", "gap", "settle", "switching", "transition", "tail"),
    *("halfway_from", "remaining", "at", "after", "pause", "paragraph"),
}
_COUNTS = frozenset({"reps", "sets", "rounds"})
_NUMBERS = _LENGTHS | _COUNTS | {"countdown"}


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
    *(Rule(re.escape(letter), right, replace(ALIKE, found=name)) for letter, (name, right) in LOOK_ALIKES.items()),
    Rule(r"^[“”„«»‘’](.*)[“”„«»‘’]$", r"\1", replace(ALIKE, found="typographic quotes")),
    Rule(r"(\d) *(?:″|\"|”|''|’’)", r"\1s", OTHERWISE, _LENGTHS),
    Rule(r"(\d) *(?:′|'|’)", r"\1m", OTHERWISE, _LENGTHS),
    Rule(r"[,;.]+$", "", _ALONE),
    Rule(r"^(?:~|≈|about|approx(?:imately)?\.?|around|circa|ca\.?|etwa|unos|environ) *", "", _INEXACT, _NUMBERS),
    Rule(r"(\d) *½", r"\1.5", OTHERWISE, _NUMBERS),
    Rule(r"^½", "0.5", OTHERWISE, _NUMBERS),
    Rule(r"^half a minute$", "30s", OTHERWISE, _NUMBERS),
    Rule(
        rf"\b(?:{'|'.join(_SPELLED)})\b(?! *(?:side|leg|arm))",
        lambda match: _SPELLED[match[0].lower()],
        OTHERWISE,
        _NUMBERS,
    ),
    Rule(r"^(\S+) *(?:on|work)[ ,/]+(\S+) *(?:off|rest)$", r"\1", _ALONE, _WORK, adds=r"rest: \2"),
    Rule(r"^(\d+) *(?:sets?(?: of)?|rounds?(?: of)?|[x×*]) *(?=\d)", "", _SETS, _DOSES, adds=r"sets: \1"),
    Rule(r"(?<=[\w)])[ ,;]*[x×*] *(\d+)(?: *sets?| *times)?$", "", _SETS, _DOSES, adds=r"sets: \1"),
    Rule(r"[ ,;]+(?:for )?(\d+) *(?:sets?|rounds?)$", "", _SETS, _DOSES, adds=r"sets: \1"),
    Rule(rf"[ ,/(]*\b(?:{_EACH}) *(?:{_PART})?\)?$", "", _SIDE, _WORK, adds="sides: [right, left]"),
    Rule(rf"[ ,(]*/ *(?:{_PART})\)?$", "", _SIDE, _WORK, adds="sides: [right, left]"),
    Rule(r"[ ,(]*\b(?:l/r|r/l|l\+r|left and right|right and left)\)?$", "", _SIDE, _WORK, adds="sides: [right, left]"),
    Rule(r"^(\d+) */ *\1$", r"\1", _SIDE, {"reps"}, adds="sides: [right, left]"),
    Rule(r"^\d[\d.]* *[a-z]+(?: *[,;] *\d[\d.]* *[a-z]+)+$", r"[\g<0>]", OTHERWISE, {"hold"}),
    Rule(r"^\d+(?: *[,;] *\d+)+$", r"[\g<0>]", OTHERWISE, {"reps"}),
    Rule(r"^[x×] *(?=\d)", "", _ALONE, {"reps"}),
    Rule(
        r"(\d) *(?:reps?|repetitions?|times|x|×|wdh|wiederholungen|repeticiones|répétitions|ripetizioni)$",
        r"\1",
        _ALONE,
        _DOSES,
        instead="reps",
    ),
    Rule(r"(\d) *(?:sets?|rounds?|times|x|×|sätze|series|runden)$", r"\1", _ALONE, _COUNTS),
    Rule(r"^(\d+)$", r"\1", Problem("routine.count-is-a-switch"), {"count"}, instead="reps"),
    Rule(r"^(?:hold|wait|rest|stay|for|every|after|of)(?: for)? +", "", _ALONE, _LENGTHS),
    Rule(r" +(?:hold|holds|rest|pause|break|long|total|exactly|each|between.*)$", "", _ALONE, _LENGTHS),
    Rule(r"(\d),(\d)", r"\1.\2", _COMMA, _NUMBERS | {"speed", "pauses"}),
    Rule(r"(\d *m[a-z]*) *(?:and|und|y|et|,)? *(\d+) *(s[a-z]*)?$", r"\1 \2s", OTHERWISE, _LENGTHS),
    Rule(r"^([\d:]+:\d\d) *(?:m|min|minutes|h|hours|s)$", r"\1", _ALONE, _LENGTHS),
    Rule(
        r"^(\d+) *(?:-+|to|bis|up to|\.\.+) *(\d+)$",
        lambda match: " to ".join(sorted(match.groups(), key=int)),
        OTHERWISE,
        {"reps"},
    ),
    Rule(
        r"^([\d.]+) *([a-z]*) *(?:-+|to|bis|up to|\.\.+) *([\d.]+) *([a-z]*)$",
        r"\1\4",
        _RANGE,
        {"hold"},
        choice=r"[\1\4, \3\4]",
        when="for two sets",
    ),
    Rule(
        r"^([\d.]+) *([a-z]*) *(?:-+|to|bis|\.\.+) *([\d.]+) *([a-z]*)$", r"\1\4", _RANGE, _NUMBERS - {"pause", "reps"}
    ),
    Rule(
        r"^(?:no|none|off|nothing|zero)$", "0s", OTHERWISE, {"rest", "gap", "settle", "switching", "transition", "tail"}
    ),
    Rule(r"^(?:none|never|zero|disabled)$", "off", OTHERWISE, {"remaining", "countdown"}),
    Rule(r"^(?:auto|free|any|open|natural)$", "none", OTHERWISE, {"length"}),
    Rule(r"^(\d+) *(?:s|secs?|seconds?)$", r"\1", _ALONE, {"countdown"}),
    Rule(r"^(?:half ?way|half|middle|midpoint|mid)$", "50%", OTHERWISE, {"at"}),
    Rule(r"^(?:the )?(?:start|begin|beginning|top)$", "0s", OTHERWISE, {"at"}),
    Rule(r"^(\d+) *percent$", r"\1%", OTHERWISE, {"at"}),
    Rule(r"^(?:at|@|\+|t\+) *", "", _ALONE, {"at"}),
    Rule(r"^(?:the )?(?:last|final) +", "-", OTHERWISE, {"at"}),
    Rule(r"^(.+?) *(?:before|from|to) (?:the )?end$", r"-\1", OTHERWISE, {"at"}),
    Rule(r"^(.+?) +(?:in|into.*|after.*|left|remaining)$", r"\1", OTHERWISE, {"at"}),
    Rule(r"^- +", "-", _ALONE, {"at"}),
    Rule(
        r"^(?:both|each|either|every|yes|on|true|two|2|bilateral|all)(?: sides?)?$", "right, left", OTHERWISE, {"sides"}
    ),
    Rule(
        r"\b(?:r|rt|right(?:[ -](?:side|hand|leg|arm))?|rechts|derech[ao]|droite?|destr[ao])\b",
        "right",
        OTHERWISE,
        {"sides"},
    ),
    Rule(
        r"\b(?:l|lt|left(?:[ -](?:side|hand|leg|arm))?|links|izquierd[ao]|gauche|sinistr[ao])\b",
        "left",
        OTHERWISE,
        {"sides"},
    ),
    Rule(r" *(?:\b(?:and|then|or|und|y|e|et|before)\b|[/&+;>|-]+|→) *", ", ", OTHERWISE, {"sides"}),
    Rule(r"^([\d.]+) *s? *(?:in|-|:|,|to|and|in,) *,? *([\d.]+) *s?(?: *out)?$", r"\1s/\2s", OTHERWISE, {"breath"}),
    Rule(r"^(\d+) *%$", lambda match: f"{int(match[1]) / 100:g}x", OTHERWISE, {"speed", "pauses"}),
    Rule(r"^\d+(?:\.\d+)?$", r"\g<0>x", OTHERWISE, {"pauses"}),
    Rule(r"^(?:normal|standard|default)$", "1x", OTHERWISE, {"speed"}),
    Rule(r"^(?:1|enabled?|always|ja|sí|si|oui)$", "on", OTHERWISE, {"halfway", "skip", "fixed", "count"}),
    Rule(r"^(?:0|disabled?|never|none|nein|non)$", "off", OTHERWISE, {"halfway", "skip", "fixed", "count"}),
    Rule("|".join(_LANGUAGES), lambda match: _LANGUAGES[match[0].lower()], OTHERWISE, {"language"}),
    Rule(r"^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})$", lambda m: f"{m[3]}-{m[2]:0>2}-{m[1]:0>2}", OTHERWISE, {"date"}),
    Rule(r"^(1[3-9]|2\d|3[01])/(\d{1,2})/(\d{4})$", lambda m: f"{m[3]}-{m[2]:0>2}-{m[1]}", OTHERWISE, {"date"}),
    Rule(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$", lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}", OTHERWISE, {"date"}),
    Rule(
        r"^(\d+)(?: *(?:db|lufs))?$|^(-\d+) *db$",
        lambda match: f"-{match[1]}" if match[1] else match[2],
        OTHERWISE,
        {"loudness"},
    ),
    Rule(r"^(\d+) *(?:kbps|kb/s|kbit/s|kbits?)$", r"\1", _ALONE, {"bitrate"}),
    Rule(r"^(?:up|high|higher|ascending|rise|inhale|in)$", "rising", OTHERWISE, {"tone"}),
    Rule(r"^(?:down|low|lower|descending|fall|exhale|out)$", "falling", OTHERWISE, {"tone"}),
    Rule(r"^(?:steady|flat|same|constant|hold)$", "level", OTHERWISE, {"tone"}),
    Rule(r"^(?:off|no|silent|silence)$", "none", OTHERWISE, {"tone"}),
    Rule(r"^(?:yes|on|true|all|long|everything)$", "full", OTHERWISE, {"opening", "closing", "announce"}),
    Rule(r"^(?:no|off|false|nothing|silent)$", "none", OTHERWISE, {"opening", "closing", "announce"}),
    Rule(r"^(?:short|brief|name)$", "title", OTHERWISE, {"opening"}),
    Rule(r"^(?:short|brief|title|names)$", "name", OTHERWISE, {"announce"}),
    Rule(r"^(?:half|half[- ]way|middle|50%)$", "halfway", OTHERWISE, {"progress"}),
    Rule(r"^(?:short|minimal|less|reduced)$", "brief", OTHERWISE, {"guidance"}),
    Rule(r"^(?:none|no|off|silent|bells)$", "tones", OTHERWISE, {"guidance"}),
    Rule(r"^(?:all|normal|on|long)$", "full", OTHERWISE, {"guidance"}),
    Rule(r"^(?:lie|lying down|prone|supine|back|belly|side)$", "lying", OTHERWISE, {"position"}),
    Rule(r"^(?:sit|sitting|seat|chair)$", "seated", OTHERWISE, {"position"}),
    Rule(r"^(?:kneel|all[- ]fours|hands and knees|quadruped|tabletop)$", "kneeling", OTHERWISE, {"position"}),
    Rule(r"^(?:stand|upright|up)$", "standing", OTHERWISE, {"position"}),
    Rule(r"^(?:set|by sets?|sets? first|both|alternat\w*|interleaved)$", "sets", OTHERWISE, {"order"}),
    Rule(r"^(?:side|by sides?|sides? first|one side first)$", "sides", OTHERWISE, {"order"}),
    Rule(r"^(?:pauses?|silence|gaps)$", "silences", OTHERWISE, {"stretch"}),
    Rule(r"^(?:hold|exercises?|work)$", "holds", OTHERWISE, {"stretch"}),
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
