"""What gives way inside work, case by case."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from audiogen import parse_routine, plan
from audiogen.errors import Notice, Problem, TimelineError
from audiogen.script import Ask, Cued, Place, Say, Tone, Work
from audiogen.timeline.conflicts import Content, fill

HERE = Place(exercise=1)
TICK = Tone("tick", HERE)
COUNTDOWN = tuple(Say(number, "countdown", HERE) for number in ("Three.", "Two.", "One."))
HALFWAY = Ask(15_000, (Say("Halfway.", "halfway", HERE), Tone("cue", HERE)))
LENGTHS = {"Three.": 450, "Two.": 400, "One.": 420, "Halfway.": 650, "Breathe.": 600, "A long line.": 4000}


def hold(*cues: tuple[int, str], asks: tuple[Ask, ...] = (), countdown: tuple[Say, ...] = COUNTDOWN) -> Work:
    """A hold of 30 s with written cues."""
    written = tuple(Cued(at_ms, Say(text, "cue", HERE)) for at_ms, text in cues)
    return Work("hold", 30_000, Tone("start", HERE), HERE, cues=written, countdown=countdown, tick=TICK, asks=asks)


def filled(work: Work, lengths_ms: Mapping[str, int] = LENGTHS) -> Content:
    return fill(work, lengths_ms)


LEFT_OUT = Notice("timeline.cue-left-out", subject="“Halfway.”", found="15s")


def sounding(content: Content) -> list[tuple[int, str]]:
    return [(one.start_ms, one.what.text if isinstance(one.what, Say) else one.what.sound) for one in content.placed]


def test_the_countdown_lies_on_the_seconds_before_the_end() -> None:
    """What begins there is the vowel of each number, by which it is heard."""
    content = filled(hold())
    assert sounding(content) == [(0, "start"), (26_750, "Three."), (27_750, "Two."), (28_750, "One.")]
    assert {one.length_ms for one in content.placed[1:]} == {900}
    assert not content.notices


def test_a_number_too_long_for_its_second_makes_the_whole_countdown_ticks() -> None:
    content = filled(hold(), LENGTHS | {"Two.": 801})
    assert sounding(content)[1:] == [(27_000, "tick"), (28_000, "tick"), (29_000, "tick")]
    assert content.notices == (Notice("timeline.countdown-ticks"),)


def test_a_number_that_just_fits_its_second_is_spoken() -> None:
    assert sounding(filled(hold(), LENGTHS | {"Two.": 800}))[2] == (27_750, "Two.")


def test_a_written_cue_in_the_countdown_makes_it_ticks_without_the_one_that_meets_it() -> None:
    content = filled(hold((26_700, "Breathe.")))
    assert sounding(content)[1:] == [(26_700, "Breathe."), (28_000, "tick"), (29_000, "tick")]
    assert content.notices == (Notice("timeline.countdown-some-ticks", found="2 ticks"),)


def test_a_countdown_longer_than_the_hold_keeps_the_ticks_that_fit() -> None:
    numbers = tuple(Say("One.", "countdown", HERE) for _ in range(10))
    content = fill(Work("hold", 4000, Tone("start", HERE), HERE, countdown=numbers, tick=TICK), LENGTHS)
    assert sounding(content) == [(0, "start"), (1000, "tick"), (2000, "tick"), (3000, "tick")]


def test_halfway_is_spoken_where_it_fits() -> None:
    content = filled(hold(asks=(HALFWAY,)))
    assert (15_000, "Halfway.") in sounding(content)
    assert not content.notices


def test_halfway_becomes_a_tone_beside_a_written_cue_that_begins_soon_after_it() -> None:
    content = filled(hold((15_500, "Breathe."), asks=(HALFWAY,)))
    assert (15_000, "cue") in sounding(content)
    assert content.notices == (Notice("timeline.cue-replaced", subject="“Halfway.”", expected="a tone", found="15s"),)


def test_halfway_is_left_out_silently_where_a_written_cue_stands_in_its_place() -> None:
    content = filled(hold((14_700, "Breathe."), asks=(HALFWAY,)))
    assert "Halfway." not in dict(sounding(content)).values()
    assert "cue" not in dict(sounding(content)).values()
    assert not content.notices


def test_halfway_is_left_out_with_a_notice_under_a_cue_that_began_long_before() -> None:
    content = filled(hold((11_900, "A long line."), asks=(HALFWAY,)))
    assert content.notices == (LEFT_OUT,)


def test_the_ask_that_comes_first_wins() -> None:
    other = Ask(15_100, (Say("Breathe.", "remaining", HERE),))
    content = filled(hold(asks=(other, HALFWAY)))
    assert (15_100, "Breathe.") in sounding(content)
    assert content.notices == (LEFT_OUT,)


def test_two_written_cues_that_meet_are_a_mistake_that_names_both() -> None:
    content = filled(hold((5000, "A long line."), (9100, "Breathe.")))
    cue, other = "The cue “Breathe.” at 9.1s", "the cue “A long line.” (5s to 9s)"
    assert content.problems == (Problem("timeline.cue-overlaps", subject=cue, found=other, path=("cues", 0)),)


def test_at_a_slower_speed_a_cue_waits_until_the_one_before_it_is_over() -> None:
    content = filled(replace(hold((2000, "Breathe."), (2500, "Breathe."), (9000, "Breathe.")), waits=True))
    first, second, third = [one for one in content.placed if isinstance(one.what, Say) and one.what.role == "cue"]
    assert (first.start_ms, second.start_ms, third.start_ms) == (2000, first.end_ms + 200, 9000)
    assert not content.problems
    assert [notice.code for notice in content.notices] == ["timeline.cue-later"]


def test_written_cues_200_ms_apart_are_fine() -> None:
    assert not filled(hold((5000, "A long line."), (9200, "Breathe."))).problems


def test_a_written_cue_that_runs_over_the_end_is_a_mistake_that_names_the_overflow() -> None:
    content = filled(hold((29_500, "Breathe."), countdown=()))
    cue = "The cue “Breathe.” at 29.5s"
    assert content.problems == (
        Problem("timeline.cue-too-late", subject=cue, expected="the hold of 30s", found="0.3s", path=("cues", 0)),
    )


def test_a_written_cue_during_the_start_tone_is_a_mistake() -> None:
    content = filled(hold((300, "Breathe.")))
    assert (content.problems[0].code, content.problems[0].found) == (
        "timeline.cue-overlaps",
        "the start tone (0s to 0.6s)",
    )


def test_the_words_of_a_phase_follow_its_tone_closer_than_other_sounds() -> None:
    phase = Cued(3000, Tone("falling", HERE))
    words = Ask(3290, (Say("Breathe.", "phase", HERE),), after_ms=50)
    work = Work("rep", 6000, Tone("start", HERE), HERE, phases=(phase,), asks=(words,))
    assert sounding(filled(work)) == [(0, "start"), (3000, "falling"), (3290, "Breathe.")]


def test_without_ticks_a_countdown_that_does_not_fit_is_left_out() -> None:
    content = filled(replace(hold(), tick=None), LENGTHS | {"Two.": 801})
    assert sounding(content) == [(0, "start")]
    assert content.notices == (Notice("timeline.countdown-left-out"),)


def test_a_tone_that_outlasts_its_work_is_a_mistake() -> None:
    content = filled(Work("hold", 3000, Tone("start", HERE, own_ms=4000), HERE))
    assert content.problems == (Problem("timeline.tone-too-long", subject="the start tone", expected="3s", found="4s"),)


def test_a_cue_keeps_its_distance_from_a_long_tone() -> None:
    content = filled(replace(hold((3000, "Breathe.")), tone=Tone("start", HERE, own_ms=2900)))
    assert content.problems[0].found == "the start tone (0s to 2.9s)"


def test_what_fits_nowhere_is_reported_some_times_and_then_counted() -> None:
    routine = parse_routine(
        "title: T\nguidance: tones\nexercises: [{name: A, hold: 10m, cues: [{every: 5s, sound: bell}]}]\n"
    )
    with pytest.raises(TimelineError) as caught:
        plan(routine)
    *first, last = caught.value.problems
    assert len(first) == 20
    assert (last.code, int(last.found) > 80) == ("timeline.more-problems", True)
