"""The document of a timeline, changed in whatever way: it is refused, or all that is made of it can be made."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen import parse_routine, plan
from audiogen.errors import AudiogenError, TimelineError
from audiogen.export import player
from audiogen.export.sidecars import KINDS
from audiogen.routine.values import Side
from audiogen.script import Place
from audiogen.share.tracks import Track
from audiogen.studio.feed import feed
from audiogen.timeline.document import read_timeline
from audiogen.timeline.events import Event, Exercised, Kind
from audiogen.timeline.visits import visits_of
from audiogen.views.chapters import chapters_of

from ..fakes.tone_voice import ToneVoice

ODD: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1,
    3,
    1 << 40,
    10**400,
    1.5,
    "",
    "left",
    "hold",
    "\0",
    [],
    {},
    [[]],
    {"a": 1},
)
ROUTINE = """\
title: Two
exercises:
  - {name: Neck, sides: [right, left], hold: 10s, cues: [{at: 3s, say: Breathe.}]}
  - {name: Cat, reps: 2, tempo: [{say: In, for: 3s}, {say: Out, for: 3s}]}
"""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return plan(parse_routine(ROUTINE), voice=ToneVoice()).timeline.to_json()


def changed(document: Any, where: list[int], put: object) -> Any:
    """The document with something else at a place, to which remainders lead: the how manieth part of each part."""
    if not where or not isinstance(document, dict | list) or not document:
        return put
    first, *rest = where
    if isinstance(document, list):
        at = first % len(document)
        return [*document[:at], changed(document[at], rest, put), *document[at + 1 :]]
    key = list(document)[first % len(document)]
    return {**document, key: changed(document[key], rest, put)}


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=4), st.sampled_from(ODD))
def test_a_changed_document_is_refused_or_can_be_used(document: dict[str, Any], where: list[int], put: object) -> None:
    body = json.dumps(changed(document, where, put)).encode()
    try:
        timeline = read_timeline(body)
        track = Track(Path("one.mp3"), timeline, chapters_of(timeline), None, 1, 0.0)
    except AudiogenError:
        return
    assert feed([track], "http://127.0.0.1/")
    json.dumps(player.document(timeline, name="one", sound="", cover=""), allow_nan=False).encode()
    for kind in KINDS.values():
        kind.text(timeline, "one.mp3").encode()


@pytest.mark.parametrize("deep", ["[", '{"a":', "[{}, "])
def test_a_deep_document_is_refused(deep: str) -> None:
    with pytest.raises(TimelineError):
        read_timeline(('{"version": 1, "more": ' + deep * 100_000).encode())


def test_what_a_later_version_adds_is_left_out(document: dict[str, Any]) -> None:
    assert read_timeline(json.dumps({**document, "later": [1]}).encode()).to_json() == document


def test_reading_sides_takes_time_in_proportion_to_the_events() -> None:
    """Each second event is work on the other side, as only a stranger would write it."""
    looked_at = 0

    class Counted(Event):
        @property
        def is_tile(self) -> bool:
            nonlocal looked_at
            looked_at += 1
            return self.kind == "wait"

    sides: tuple[Side, ...] = ("left", "right")
    kinds: tuple[Kind, ...] = ("wait", "hold")
    events = [Counted(at, at + 1, kind, "", None, Place(1, sides[at % 2])) for at in range(1000) for kind in kinds]
    (visit,) = visits_of(events, [Exercised(1, "plank", "Plank")])
    assert len(visit.sides) == 1000
    assert looked_at < 10 * len(events)
