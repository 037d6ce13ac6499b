"""Choose a widget for each setting from the table of settings, so that a new setting appears by itself.

Setting + Routine -> Control;   Exercise -> Dials (its sliders)
"""

import re
from dataclasses import dataclass
from typing import Literal

from audiogen.durations import format_duration
from audiogen.routine.amounts import Range, amount_on, amounts_of, sets_listed
from audiogen.routine.keys import FIELD_OF
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.pauses import PAUSE_OF_SETTING
from audiogen.routine.settings import AMBIENCES, LOUDNESSES, SETTINGS, Setting
from audiogen.routine.values import FASTEST, SLOWEST
from audiogen.routine.written import in_words

# Settings whose metavar does not list the choices, or the common ones.
_CHOICES: dict[str, tuple[str, ...]] = {
    "countdown": ("0", "3", "5", "10"),
    "bitrate": ("64", "96", "128"),
    "loudness": tuple(map(str, LOUDNESSES)),
}
_SUGGESTIONS: dict[str, tuple[str, ...]] = {
    "music": ("none", *AMBIENCES),
    "sounds": ("bells", "wood", "beeps", "breath", "none"),
}
_ELSEWHERE = {"only", "skip", "from", "hold", "reps", "for", "sets", "rest", "tempo", "sides", "length", "title"}
# The sheet that a setting is on: by its name, else by its kind, else it is for experts.
_SHEETS = {
    "Voice": ("speed", "guidance", "opening", "closing", "announce", "progress"),
    "Sound": ("sounds", "levels", "music", "music-level"),
    "Timing": ("pauses", "stretch", "breath", "rounds"),
}
_SHEET_OF = {name: sheet for sheet, names in _SHEETS.items() for name in names}
_KINDS = {"cue": "Voice", "pause": "Timing"}
_EXPERTS = "Advanced"
Widget = Literal["choice", "suggestions", "text"]


@dataclass(frozen=True, slots=True)
class Control:
    """A widget for a setting of the whole session; `value` is what holds now."""

    setting: str
    label: str
    help: str
    group: str
    widget: Widget
    value: str
    choices: tuple[str, ...] = ()
    dial: "Dial | None" = None  # in place of a field


@dataclass(frozen=True, slots=True)
class Dial:
    """A slider with buttons and a field for one value, in seconds, times or a factor.

    `target` is the exercise's slug, with ".right" or ".left" for one side of it; empty for the whole session.
    """

    setting: str
    target: str
    label: str
    unit: Literal["s", "count", "x"]
    value: float
    text: str
    least: float
    most: float
    step: float
    by: float  # what a button adds or takes
    per: float = 0  # seconds of a repetition at the factor 1: the page shows seconds in place of factors


def controls_of(routine: Routine) -> list[Control]:
    """Return the widgets of all settings of the whole session, group by group."""
    found = [
        _control(setting, routine)
        for name, setting in SETTINGS.items()
        if name not in _ELSEWHERE and attribute_of_session(setting) is not None
    ]
    return sorted(found, key=lambda one: (*_SHEETS, _EXPERTS).index(one.group))


def attribute_of_session(setting: Setting) -> str | None:
    """Return the field of `Routine` that has a setting for all exercises."""
    field = FIELD_OF.get(setting.name)
    return field if field in Routine.model_fields else None


def value_of_session(setting: Setting, routine: Routine) -> str:
    """What holds for the session, as it would be written."""
    field = attribute_of_session(setting) or ""
    value = routine.pause_ms(setting.name) if setting.name in PAUSE_OF_SETTING else getattr(routine, field)
    if value is None:
        return "off" if setting.name == "remaining" else ""
    return in_words(field, value)


def _control(setting: Setting, routine: Routine) -> Control:
    words = setting.metavar.rpartition("=")[2].strip("[]").split("|")
    named = _CHOICES.get(setting.name) or _SUGGESTIONS.get(setting.name)
    choices = named or tuple(word for word in words if re.fullmatch(r"-?[a-z0-9]+", word))
    widget: Widget = "text"
    if choices:
        all_of_them = setting.name in _CHOICES or (not named and len(choices) == len(words))
        widget = "choice" if all_of_them else "suggestions"
    label = setting.name.replace("_", " ").capitalize()
    value = value_of_session(setting, routine)
    return Control(
        setting.name,
        label,
        setting.help,
        _SHEET_OF.get(setting.name) or _KINDS.get(setting.kind, _EXPERTS),
        widget,
        value,
        choices,
        _factor(setting, label, value) if words == ["FACTOR"] else None,
    )


def _factor(setting: Setting, label: str, value: str) -> Dial:
    least, most = (SLOWEST, FASTEST) if setting.name == "speed" else (0.5, 2.0)
    return Dial(setting.name, "", label, "x", float(value.rstrip("x")), value, least, most, 0.05, 0.05)


def dials_of(exercise: Exercise, own: Exercise, routine: Routine) -> list[Dial]:
    """Return the sliders of an exercise: its dose for both sides and for each, then its pauses.

    `own` is the exercise in its file, which sets a slider's range: the range must not move while it is dragged.
    """
    dials = list(_dose_dials(exercise, own))
    if exercise.holds_alternate:
        dials.append(_count("reps", own.slug, "Holds", exercise.pieces, 1, max(20, 3 * own.pieces)))
    if exercise.tempo:
        dials.append(_tempo(exercise, own))
    if not exercise.holds_alternate and sets_listed(exercise.hold_ms or exercise.reps) is None:
        dials.append(_count("sets", own.slug, "Sets", exercise.sets, 1, 10))
    if exercise.pieces > 1:
        dials.append(_seconds("rest", own.slug, "Rest between sets", exercise.rest_ms or 45_000, 0, 300, by=5))
    for name, label in (("settle", "Get ready"), ("switching", "Switch sides"), ("transition", "Pause after")):
        if name == "switching" and len(exercise.sides) < 2:
            continue
        dials.append(_seconds(name, own.slug, label, routine.pause_ms(name, exercise), 0, 60, by=1))
    return dials


def _dose_dials(exercise: Exercise, own: Exercise) -> list[Dial]:
    hold = exercise.hold_ms is not None
    dose = exercise.hold_ms if hold else exercise.reps
    amounts = amounts_of(own.reps if own.hold_ms is None else own.hold_ms)
    if any(sets_listed(one) or isinstance(amounts_of(one)[0], Range) for one in (dose, own.hold_ms or own.reps)):
        return []  # a list or a range has no slider
    most = max(amounts)
    right, left = amount_on(dose, "right"), amount_on(dose, "left")
    wanted = [("", "Hold" if hold else "Repetitions", right)]
    if len(exercise.sides) == 2 and not exercise.alternate:
        wanted += [(f".{side}", f"{side.capitalize()} side", right if side == "right" else left) for side in own.sides]
    if hold:
        reach = max(120, 3 * most // 1000)
        return [_seconds("hold", own.slug + side, label, value, 5, reach, by=5) for side, label, value in wanted]
    return [_count("reps", own.slug + side, label, value, 1, max(20, 3 * most)) for side, label, value in wanted]


def _tempo(exercise: Exercise, own: Exercise) -> Dial:
    written_ms = max(1, own.rep_ms)
    text = format_duration(round(exercise.rep_ms, -2))
    factor = round(exercise.rep_ms / written_ms, 3)
    return Dial("tempo", own.slug, "Time per repetition", "x", factor, text, 0.5, 2, 0.05, 0.05, per=written_ms / 1000)


def _seconds(setting: str, target: str, label: str, ms: int, least: float, most: float, *, by: float) -> Dial:
    value = ms / 1000
    return Dial(setting, target, label, "s", value, format_duration(ms), min(least, value), max(most, value), 1, by)


def _count(setting: str, target: str, label: str, count: int, least: int, most: int) -> Dial:
    return Dial(setting, target, label, "count", count, str(count), least, max(most, count), 1, 1)
