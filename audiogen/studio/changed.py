"""What the shaping page asks for after a change: the plan, in parts of which only those are sent that it does not hold.

Shape + the digests of the parts that the page holds -> JSON
"""

from collections.abc import Set
from typing import Any

from audiogen.durations import format_duration, format_nearest_clock
from audiogen.routine.settings import SETTINGS
from audiogen.studio.controls import attribute_of_session, value_of_session
from audiogen.studio.lanes import frame, visits_drawn
from audiogen.studio.parts import Parts
from audiogen.studio.problems import described
from audiogen.studio.shape import Card, Shape

TABLE = "table"  # held by a page that does not show it


def document(now: Shape, held: Set[str]) -> dict[str, Any]:
    """Return the plan; `exercises` and `visits` are digests of parts, and `parts` those that are not held."""
    parts = Parts(held)
    cards = now.cards
    return {
        "unmet": described(now.unmet) if now.unmet else None,
        "total": now.total,
        "length_ms": now.timeline.length_ms,
        "exact": now.timeline.exact,
        "length": now.length,
        "reach": now.reach,
        "voice": now.speaks,
        "notices": now.notices,
        "changed": list(now.changed),
        "query": now.requested.query,
        "values": _values(now),
        **picture(now, parts),
        "exercises": [parts.digest(_exercise(card, now)) for card in cards],
        "times": [[at_ms // 1000 for at_ms, _ in card.lines] for card in cards],
        "asides": [
            {"what": one.what, "lines": [text for _, text in one.lines], "times": [at // 1000 for at, _ in one.lines]}
            for one in now.asides
        ],
        "rows": [] if TABLE in held else _rows(now),
        "parts": parts.sent,
    }


def picture(now: Shape, parts: Parts) -> dict[str, Any]:
    """Return what the page draws the session of: a frame, and where in it each visit's drawing stands."""
    return {
        "frame": frame(now.timeline),
        "spans": [[one.exercise.number, one.start_ms, one.length_ms] for one in now.timeline.visits],
        "visits": [parts.digest(drawn) for drawn in visits_drawn(now.timeline)],
    }


def _exercise(card: Card, now: Shape) -> dict[str, Any]:
    values: dict[str, Any] = {
        f"{dial.setting}|{dial.target}": {"number": dial.value, "text": dial.text} for dial in card.dials
    }
    return {
        "slug": card.own.slug,
        "number": card.number,
        "skip": card.exercise.skip,
        "dose": card.dose,
        "changes": now.changes_of(card.own.slug),
        "lines": [text for _, text in card.lines],
        "values": {**values, f"sides|{card.own.slug}": {"text": ",".join(card.exercise.sides)}},
    }


def _values(now: Shape) -> dict[str, dict[str, Any]]:
    """What the widgets of the session show now, by "setting|"."""
    found: dict[str, dict[str, Any]] = {
        f"{one.name}|": {"text": value_of_session(one, now.routine)}
        for one in SETTINGS.values()
        if attribute_of_session(one)
    }
    for control in now.controls:
        if control.dial:
            found[f"{control.setting}|"]["number"] = control.dial.value
    return found


def _rows(now: Shape) -> list[list[Any]]:
    """Return the rows of the table: clock, length, what, whether it is a heading."""
    return [
        [
            format_nearest_clock(row.start_ms),
            format_duration(round(row.length_ms, -2)),
            row.what + (f" ({'; '.join(row.changes)})" if row.changes else ""),
            row.part == "exercise",
        ]
        for row in now.rows
    ]
