"""The session's own clock is heard in silences near its moments, and moves nothing."""

from itertools import pairwise
from pathlib import Path

import pytest

from audiogen import parse_routine, plan, render, verify
from audiogen.routine.overrides import customise
from audiogen.session import Plan
from audiogen.storage.cache import Cache
from audiogen.timeline.events import FRAME_MS, Event
from tests.fakes.tone_voice import ToneVoice

SILENCES = {"transition", "switch", "rest"}
FIVE = """
title: Five
{more}
exercises:
  - {{name: Xa, hold: 50s}}
  - {{name: Xb, hold: 30s, sides: [right, left]}}
  - {{name: Xc, hold: 40s, sets: 2, rest: 30s}}
  - {{name: Xd, hold: 50s}}
"""


def planned(more: str = "") -> Plan:
    return plan(parse_routine(FIVE.format(more=more)), voice=ToneVoice())


def said(of: Plan) -> list[Event]:
    return [event for event in of.timeline.events if event.role == "progress"]


def test_progress_is_said_in_the_silence_nearest_to_its_moment() -> None:
    after = planned("progress: halfway, 1m30s")
    half, left = said(after)
    assert (half.text, left.text) == ("Half the session done.", "Ninety seconds left.")
    total_ms = after.length_ms
    assert abs(half.start_ms - total_ms // 2) <= 30_000
    assert abs(left.start_ms - (total_ms - 90_000)) <= 30_000
    assert half.start_ms % FRAME_MS == left.start_ms % FRAME_MS == 0


def test_nothing_else_moves() -> None:
    before, after = planned(), planned("progress: halfway, 1m30s")
    assert after.length_ms == before.length_ms
    others = [
        event for event in after.timeline.events if event.kind in ("say", "tone", "hold") and event.role != "progress"
    ]
    assert others == [event for event in before.timeline.events if event.kind in ("say", "tone", "hold")]
    tiles = [*after.timeline.tiles()]
    assert all(one.end_ms == other.start_ms for one, other in pairwise(tiles))


def test_words_keep_their_distance_and_stay_out_of_work() -> None:
    timeline = planned("progress: [halfway, 1m30s, 2m, 3m]").timeline
    tiles = [*timeline.tiles()]
    assert {tiles[index + 1].role for index, tile in enumerate(tiles) if tile.role == "progress"} <= SILENCES
    sounds = [tile for tile in tiles if tile.kind != "wait" and tile.role != "wake"]
    near = [pair for pair in pairwise(sounds) if "progress" in (pair[0].role, pair[1].role)]
    assert len(near) >= 6
    assert all(other.start_ms - one.end_ms >= 500 for one, other in near)


def test_what_no_silence_is_near_to_is_a_notice() -> None:
    far = plan(parse_routine("title: T\nprogress: halfway\nexercises: [{name: X, hold: 20s}, {name: Y, hold: 5m}]"))
    (notice,) = far.notices
    assert (notice.code, notice.expected) == ("timeline.progress-too-far", "30s")
    nowhere = plan(parse_routine("title: T\nprogress: 5m\nexercises: [{name: X, hold: 20s}]"))
    assert [notice.code for notice in nowhere.notices] == ["timeline.progress-no-room"]


def test_no_voice_says_no_progress() -> None:
    assert said(planned("progress: halfway\nguidance: tones")) == []
    assert said(planned("progress: halfway\nphrases: {session_half: none}")) == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("halfway, 5m", ("halfway", 300_000)),
        ("5m", (300_000,)),
        ("off", ()),
        ("HALFWAY", ("halfway",)),
        ("90", (90_000,)),
    ],
)
def test_a_flag_sets_it(written: str, read: tuple[object, ...]) -> None:
    changed = customise(parse_routine(FIVE.format(more="progress: 1m")), {"progress": written})
    assert changed.routine.progress == read
    assert [(one.key, one.before) for one in changed.changes] == [("progress", "1m")]


def test_a_track_with_progress_proves_itself(tmp_path: Path) -> None:
    text = "title: T\nprogress: halfway\nsilence: digital\nexercises: [{name: X, hold: 6s}, {name: Y, hold: 6s}]"
    rendered = render(parse_routine(text), tmp_path / "t.mp3", voice=ToneVoice(), cache=Cache(tmp_path / "cache"))
    assert [event.text for event in rendered.timeline.events if event.role == "progress"]
    assert verify(rendered.path).ok
