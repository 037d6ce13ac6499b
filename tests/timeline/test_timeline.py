"""The timeline's invariants, over generated routines and voices of any pace."""

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.errors import Problem, Remedy, TimelineError
from audiogen.routine.load import parse_routine
from audiogen.routine.pauses import LIMITS, SHORTEST_MS
from audiogen.script import Say, Script, Silence, Wording, Work, write_script
from audiogen.script.spoken import says
from audiogen.timeline.build import Built, build_timeline, reach_ms, settle_wording
from audiogen.timeline.document import read_timeline
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from tests.strategies import documents, read

FRAME_MS = 24
WORDING = Wording(total_ms=600_000)


def paced(script: Script, factor: float = 1.0) -> dict[str, int]:
    """Spoken lengths by a voice of a given pace: 60 ms a letter."""
    return {text: round((200 + 60 * len(text)) * factor) for text in script.texts()}


def built(script: Script, factor: float = 1.0) -> Built:
    """The script's timeline; what does not fit becomes a notice, so that any generated routine has one."""
    return build_timeline(script, paced(script, factor), voice="test", exact=False)


def timed(script: Script, factor: float = 1.0) -> Timeline:
    return built(script, factor).timeline


def fitted(script: Script, share: float, factor: float = 1.0) -> tuple[Script, Timeline]:
    """The script fitted to a length that lies `share` (0 to 1) of the way between its shortest and its longest."""
    default_ms = timed(script, factor).length_ms
    silences = [step.limits for step in script.steps if isinstance(step, Silence)]
    shortest_ms = default_ms - sum(limits.default_ms - limits.floor_ms for limits in silences)
    longest_ms = default_ms + sum(limits.ceiling_ms - limits.default_ms for limits in silences)
    wished = replace(script, length_ms=round(shortest_ms + 2 + share * (longest_ms - shortest_ms - 4)))
    return wished, timed(wished, factor)


def is_unmet(script: Script) -> bool:
    return "timeline.length-unmet" in {notice.code for notice in built(script).notices}


def works(timeline: Timeline) -> list[Event]:
    return [event for event in timeline.events if event.kind in ("hold", "rep")]


@given(documents(), st.floats(0, 1), st.floats(0.7, 1.4))
def test_tiles_cover_the_track_without_gap_or_overlap(document: dict[str, Any], share: float, factor: float) -> None:
    wished, timeline = fitted(write_script(read(document), WORDING), share, factor)
    tiles = list(timeline.tiles())
    assert tiles[0].start_ms == 0
    assert tiles[-1].end_ms == timeline.length_ms == wished.length_ms
    for before, after in pairwise(tiles):
        assert before.start_ms < before.end_ms == after.start_ms


@given(documents(), st.floats(0, 1))
def test_fitting_leaves_every_hold_rep_and_rest_as_it_is(document: dict[str, Any], share: float) -> None:
    script = write_script(read(document), WORDING)
    usual, stretched = timed(script), fitted(script, share)[1]
    assert [work.length_ms for work in works(usual)] == [work.length_ms for work in works(stretched)]
    written = [step.length_ms for step in script.steps if isinstance(step, Work) and step.kind == "hold"]
    assert [work.length_ms for work in works(stretched) if work.kind == "hold"] == written


@given(documents(), st.floats(0, 1), st.floats(0.7, 1.4))
def test_flexible_silences_end_on_the_frame_grid_and_within_their_limits(
    document: dict[str, Any], share: float, factor: float
) -> None:
    _, timeline = fitted(write_script(read(document), WORDING), share, factor)
    for event in timeline.tiles():
        limits = LIMITS.get(event.role) if event.kind == "wait" else None  # type: ignore[call-overload]
        if limits is None or event.role == "pause":  # each written pause has limits of its own
            continue
        floor_ms = SHORTEST_MS if event.role == "settle" else limits.floor_ms  # the dose may be said meanwhile
        assert floor_ms - FRAME_MS <= event.length_ms <= limits.ceiling_ms + FRAME_MS
        if event.role != "tail":
            assert event.end_ms % FRAME_MS == 0


@given(documents())
def test_no_line_and_no_written_cue_is_lost_cut_or_moved(document: dict[str, Any]) -> None:
    script = write_script(read(document), WORDING)
    lengths, timeline = paced(script), timed(script)
    said = [event for event in timeline.events if event.kind == "say"]
    own = [event for event in said if event.role != "countdown"]  # whose numbers all last the same
    assert all(event.length_ms == lengths[event.text or ""] for event in own)
    outside = [step.text for step in script.steps if isinstance(step, Say)]
    in_work = {(say.text, say.role, say.place) for step in script.steps if isinstance(step, Work) for say in says(step)}
    assert [one.text for one in said if (one.text, one.role, one.place) not in in_work] == outside
    inside = [cued.sound for step in script.steps if isinstance(step, Work) for cued in step.cues]
    assert [event.text for event in said if event.role == "cue"] == [one.text for one in inside if isinstance(one, Say)]
    starts = {tile.start_ms: tile for tile in timeline.tiles()}
    exerted = [step for step in script.steps if isinstance(step, Work) and step.kind != "rest"]
    for work, start_ms in zip(exerted, [one.start_ms for one in timeline.sets], strict=True):
        for cued in work.cues:
            tile = starts[start_ms + cued.at_ms] if not cued.after else None
            name = cued.sound.text if isinstance(cued.sound, Say) else cued.sound.sound
            assert tile is None or name in (tile.text, tile.role)


@given(documents(), st.floats(0, 1))
def test_exact_rests_and_pauses_are_as_written_whatever_the_length(document: dict[str, Any], share: float) -> None:
    script = write_script(read(document), WORDING)
    wished, timeline = fitted(script, share)
    cramped = {notice.subject for notice in built(wished).notices if notice.code == "timeline.rest-too-short"}
    rests = [step for step in script.steps if isinstance(step, Work) and step.leads_to]
    planned = [event for event in timeline.events if event.kind == "rest"]
    assert [event.length_ms for event in planned] == [rest.length_ms for rest in rests]
    for event, rest in zip(planned, rests, strict=True):
        starting = next(tile for tile in timeline.tiles() if tile.start_ms == event.end_ms)
        assert (starting.kind, starting.role) == ("tone", "start")
        if rest.leads_to in cramped:
            continue
        inside = [tile for tile in timeline.tiles() if event.start_ms <= tile.start_ms < event.end_ms]
        said = [tile.text for tile in inside if tile.kind == "say"]
        must = [line.options for line in (*rest.before, *rest.after) if line.gives_way is None]
        assert said[-1:] == [] or event.end_ms - max(tile.end_ms for tile in inside if tile.kind == "say") >= 1000
        assert all(any(form.text in said for form in forms) for forms in must)
    pauses = [step.limits for step in script.steps if isinstance(step, Silence) and step.kind == "pause"]
    found = [event for event in timeline.tiles() if event.role == "pause"]
    assert len(found) == len(pauses)
    for event, limits in zip(found, pauses, strict=True):
        slack_ms = 0 if limits.is_exact else FRAME_MS
        assert limits.floor_ms - slack_ms <= event.length_ms <= limits.ceiling_ms + slack_ms


@given(documents(), st.floats(0.7, 1.4))
def test_sounds_in_work_keep_their_distance(document: dict[str, Any], factor: float) -> None:
    timeline, notices = built(write_script(read(document), WORDING), factor)
    if notices:
        return
    for hold in (work for work in works(timeline) if work.kind == "hold"):
        inside = [tile for tile in timeline.tiles() if hold.start_ms <= tile.start_ms <= hold.end_ms]
        sounds = [tile for tile in inside if tile.kind != "wait"]
        assert (sounds[0].start_ms, sounds[0].role) == (hold.start_ms, "start")
        assert sounds[-1].start_ms == hold.end_ms
        assert sounds[-1].role in ("end", "start")  # a start tone where a rest of 0s follows
        apart = [pair for pair in pairwise(sounds) if {one.role for one in pair} != {"countdown"}]
        assert all(after.start_ms - before.end_ms >= 200 for before, after in apart)


@given(documents())
def test_the_document_reads_back_as_the_same_timeline(document: dict[str, Any]) -> None:
    timeline = timed(write_script(read(document), WORDING))
    assert read_timeline(json.dumps(timeline.to_json()).encode()) == timeline


TWO_HOLDS = """
title: Two holds
exercises:
  - name: First
    hold: 30s
    setup: Lie down.
  - name: Second
    sides: [right, left]
    hold: {right: 40s, left: 50s}
    switch: Turn over.
"""


def script_of(text: str) -> Script:
    return write_script(parse_routine(text), WORDING)


def test_what_follows_an_edited_hold_meets_the_frame_grid_in_the_same_place() -> None:
    """Offsets within a frame of the second exercise's tones do not depend on the first one's hold."""
    offsets = []
    for hold in ("30s", "31.007s", "44s"):
        timeline = timed(script_of(TWO_HOLDS.replace("30s", hold)))
        tones = [event for event in timeline.events if event.kind == "tone" and event.place.exercise == 2]
        offsets.append([tone.start_ms % FRAME_MS for tone in tones])
    assert offsets[0] == offsets[1] == offsets[2]


def test_rounding_to_the_grid_never_adds_up() -> None:
    """A hundred gaps later, a step lies within half a frame of where plain addition puts it."""
    lines = "\n".join(f"      - Line {number} of the way." for number in range(100))
    script = script_of(TWO_HOLDS.replace("    setup: Lie down.", f"    setup:\n{lines}"))
    lengths = paced(script)
    timeline = timed(script)
    at_ms = 0
    for step in script.steps:
        if isinstance(step, Work):
            break
        at_ms += step.limits.default_ms if isinstance(step, Silence) else lengths[step.text]  # type: ignore[union-attr]
    assert abs(works(timeline)[0].start_ms - at_ms) <= FRAME_MS // 2


def test_a_length_that_cannot_be_met_names_the_range_and_the_ways_out() -> None:
    script = replace(script_of(TWO_HOLDS), length_ms=60_000)
    with pytest.raises(TimelineError) as caught:
        build_timeline(script, paced(script), voice="test", exact=True)
    remedies = (
        Remedy("shorten-holds", "stretch", "holds"),
        Remedy("leave-some-out", "only", "1"),
        Remedy("no-length", "length", "none"),
    )
    unmet = Problem("timeline.length-unmet", None, "Two holds", "2:44 to 3:48", "1:00", remedies)
    assert caught.value.problems == (unmet,)
    assert str(unmet) == (
        "Two holds cannot last 1:00; it can last 2:44 to 3:48. "
        "Shorten the holds (--stretch holds), leave exercises out (--only 1) or drop the length (--length none)."
    )
    estimated = built(script)
    assert estimated.notices == (unmet,)


@given(documents())
def test_a_timeline_tells_which_lengths_it_could_be_fitted_to(document: dict[str, Any]) -> None:
    script = write_script(read(document), WORDING)
    reach = reach_ms(script, paced(script))
    for length_ms in reach:
        assert not is_unmet(replace(script, length_ms=length_ms))
    for length_ms in (reach[0] - 1000, reach[1] + 1000):
        assert is_unmet(replace(script, length_ms=length_ms))


def test_the_range_that_an_error_names_can_be_met_at_both_ends() -> None:
    script = script_of(TWO_HOLDS)
    for wished in ("2:44", "3:48"):
        minutes, seconds = wished.split(":")
        length_ms = (int(minutes) * 60 + int(seconds)) * 1000
        script = replace(script, length_ms=length_ms)
        timeline = build_timeline(script, paced(script), voice="test", exact=True).timeline
        assert timeline.length_ms == length_ms


def test_a_long_settling_time_is_settled_by_the_first_pass_and_announced_in_the_second() -> None:
    text = TWO_HOLDS.replace("    setup: Lie down.", "    setup: Lie down.\n    settle: 12s")
    first = script_of(text)
    second = timed(write_script(parse_routine(text), settle_wording(first, paced(first))))
    settling = [event.text for event in second.events if event.role == "settle" and event.kind == "say"]
    assert settling == ["The tone will start you."]


def test_the_opening_announces_the_length_of_the_whole_session() -> None:
    first = script_of(TWO_HOLDS)
    second = timed(write_script(parse_routine(TWO_HOLDS), settle_wording(first, paced(first))))
    opening = [event.text for event in second.events if event.role == "opening"]
    assert opening[1] == "Two exercises, about three minutes."


def test_another_version_of_the_document_is_refused() -> None:
    document = timed(script_of(TWO_HOLDS)).to_json() | {"version": 2}
    with pytest.raises(TimelineError, match="version 2"):
        read_timeline(json.dumps(document).encode())


def test_something_else_is_not_a_timeline() -> None:
    with pytest.raises(TimelineError, match="not a timeline of audiogen"):
        read_timeline(json.dumps({"version": 1, "title": "x"}).encode())
