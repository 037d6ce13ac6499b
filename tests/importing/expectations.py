"""What a careful reader finds in an input, as `NAME.expect.json` beside it says, held against what was imported.

`null` is not checked. Texts compare without case, names and titles by letters and digits alone; a side in a line may
have become `{side}`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audiogen.durations import parse_duration
from audiogen.importing import Imported, import_routine
from audiogen.routine.amounts import amount_on
from audiogen.routine.model import Exercise, Group, Passage
from audiogen.routine.prose import Pause
from audiogen.routine.values import Sided

Expected = dict[str, Any]


def failures(source: Path) -> tuple[int, list[str]]:
    """Import a file; count its expectations, and list those that are not met."""
    expected = json.loads(source.with_name(f"{source.stem}.expect.json").read_text(encoding="utf-8"))
    checks = list(_checks(import_routine(source), expected))
    return len(checks), [name for name, holds in checks if not holds]


def _checks(found: Imported, expected: Expected) -> Iterator[tuple[str, bool]]:
    routine = found.routine
    if expected["title"] is not None:
        yield f"title: {routine.title}", _bare(expected["title"]) in _bare(routine.title)
    if expected["length"] is not None:
        ms = parse_duration(expected["length"]) if isinstance(expected["length"], str) else expected["length"] * 1000
        yield f"length: {routine.length_ms}", routine.length_ms == ms
    for one in expected["equipment"]:
        yield f"equipment {one}: {routine.equipment}", any(_plain(one) in _plain(item) for item in routine.equipment)
    cautions = _plain(" ".join((*routine.caution, *routine.before)))
    for one in expected["cautions_contain"]:
        yield f"caution {one}", _plain(one) in cautions
    spoken = _plain(" | ".join(_spoken(found)))
    for one in filter(_plain, expected["dropped_contains"]):
        yield f"dropped {one}", _plain(one) not in spoken
    if expected.get("passages"):
        yield from _passages(found, expected)
        return
    wanted = expected["exercises"] or []
    names = [one.name for one in routine.flat]
    yield f"as many exercises: {names}", len(wanted) == len(names)
    for number, (one, exercise) in enumerate(zip(wanted, routine.flat, strict=False), 1):
        for what, holds in _exercise(one, exercise, found):
            yield f"{number} {exercise.name}: {what}", holds
    yield from _also(found, expected["also"])


def _exercise(wanted: Expected, one: Exercise, found: Imported) -> Iterator[tuple[str, bool]]:
    if wanted["name"] is not None:
        yield f"name {wanted['name']}", _bare(wanted["name"]) == _bare(one.name)
    group = next((g for g in found.routine.groups if one in g.exercises), None)
    phases = [phase.for_ms / 1000 for phase in one.tempo]
    reps = amount_on(one.reps, None, 1) if one.reps is not None else None
    hold, work = _hold(one, group), wanted["hold_s"]
    if work is not None and wanted["reps"] is None:
        total = sum(phases) * reps if isinstance(reps, int) and phases else None
        yield f"hold {work}: {hold}", work in (hold, total)
    elif work is not None:
        yield f"{wanted['reps']} of {work}", (reps == wanted["reps"] and work in phases) or one.sets == wanted["reps"]
    elif wanted["reps"] is not None:
        yield f"reps {wanted['reps']}: {reps}", reps == wanted["reps"]
    if wanted["tempo_s"] is not None:
        yield f"tempo {wanted['tempo_s']}: {phases}", phases == wanted["tempo_s"]
    if wanted["sets"] is not None:
        yield f"sets {wanted['sets']}: {one.sets}", one.sets == wanted["sets"]
    if wanted["rest_s"] is not None:
        rest = one.rest_ms if one.rest_ms is not None else group.rest_ms if group else None
        yield f"rest {wanted['rest_s']}: {rest}", rest == wanted["rest_s"] * 1000
    if wanted["sides"] is not None:
        sides = "alternate" if one.alternate else {0: "none", 1: "one", 2: "both"}[len(one.sides)]
        yield f"sides {wanted['sides']}: {sides}", sides == wanted["sides"]
    lines = list(_lines(one))
    if wanted["setup_min_lines"]:
        yield f"{wanted['setup_min_lines']} lines: {lines}", len(lines) >= wanted["setup_min_lines"]
    for text in wanted["setup_contains"]:
        yield f"says {text}: {lines}", any(_plain(text) in _plain(line) for line in lines)


def _hold(one: Exercise, group: Group | None) -> float | None:
    if one.hold_ms is not None:
        return float(amount_on(one.hold_ms, None, 1)) / 1000
    return group.work_ms / 1000 if group and group.work_ms else None


def _also(found: Imported, also: Expected) -> Iterator[tuple[str, bool]]:
    flat = found.routine.flat
    if not also.get("rounds"):
        yield "no rounds", not any(isinstance(one, Group) and one.rounds > 1 for one in found.routine.exercises)
    for number in also.get("no_sides", ()):
        yield f"{number} has no sides", number <= len(flat) and not flat[number - 1].sides
    for number, side in also.get("one_side", {}).items():
        yield f"{number} {side}", int(number) <= len(flat) and flat[int(number) - 1].sides == (side,)
    for rounds in also.get("rounds", ()):
        first, last = rounds["exercises"]
        inside = [
            one
            for g in found.routine.exercises
            if isinstance(g, Group) and g.rounds == rounds["times"]
            for one in g.exercises
        ]
        yield f"rounds {rounds}", inside == list(flat[first - 1 : last])
        if rounds.get("rest_between_s"):
            rests = [g.round_rest_ms for g in found.routine.exercises if isinstance(g, Group)]
            yield f"rest between rounds: {rests}", rounds["rest_between_s"] * 1000 in rests
    for number, ranges in also.get("ranges", {}).items():
        if str(number).isdigit() and int(number) <= len(flat):
            one = flat[int(number) - 1]
            for key, (least, most) in ranges.items():
                value = amount_on(one.reps, None, 1) if key == "reps" else (_hold(one, None) or 0)
                yield f"range {key}: {value}", isinstance(value, int | float) and least <= value <= most
    for pause in also.get("pauses", ()):
        yield f"pause {pause}", _has_pause(flat[pause["exercise"] - 1], pause)


def _has_pause(one: Exercise, pause: Expected) -> bool:
    """Whether the cue behind these words comes after the silence that is asked for, or nothing comes at all."""
    least, most = pause["pause_s"] if isinstance(pause["pause_s"], list) else (pause["pause_s"],) * 2
    for at, cue in enumerate(one.cues):
        if cue.say is not None and _plain(pause["after"]) in _plain(_text(cue.say)):
            following = one.cues[at + 1] if at + 1 < len(one.cues) else None
            if following is None:
                return True
            return following.after_ms is not None and least <= following.after_ms / 1000 <= most
    return False


def _passages(found: Imported, expected: Expected) -> Iterator[tuple[str, bool]]:
    parts = [part for one in found.routine.inside if isinstance(one, Passage) for part in one.say]
    at = 0
    for passage in expected["passages"]:
        place = next(
            (
                n
                for n in range(at, len(parts))
                if isinstance(said := parts[n], str) and _plain(passage["text_contains"]) in _plain(said)
            ),
            None,
        )
        yield f"says {passage['text_contains']}", place is not None
        if place is None:
            continue
        at = place
        if passage.get("pause_after_s") is not None:
            following = [part for part in parts[place + 1 : place + 2] if isinstance(part, Pause)]
            seconds = sum(part.limits.default_ms for part in following) / 1000
            yield f"pause after {passage['text_contains']}: {seconds}", seconds == passage["pause_after_s"]


def _spoken(found: Imported) -> Iterator[str]:
    routine = found.routine
    yield from (routine.title, *routine.equipment, *routine.before, *routine.caution, *routine.after)
    for one in routine.inside:
        yield one.name
        if isinstance(one, Passage):
            yield from (part for part in one.say if isinstance(part, str))
        else:
            yield from _lines(one)


def _lines(one: Exercise) -> Iterator[str]:
    for text in (*one.setup, *one.switch, *one.release):
        yield _text(text)
    for cue in one.cues:
        if cue.say is not None:
            yield _text(cue.say)
    for phase in one.tempo:
        if phase.say is not None:
            yield _text(phase.say)


def _text(text: object) -> str:
    return str(text.right if isinstance(text, Sided) else text)


def _plain(text: str) -> str:
    small = text.lower().replace("’", "'").replace("“", '"').replace("”", '"').replace("*", "")
    return " ".join(re.sub("[‐‑–—−]", "-", small).split())


def _bare(text: str) -> str:
    return "".join(letter for letter in _plain(text) if letter.isalnum())
