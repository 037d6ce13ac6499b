"""What is read along: every word as it is spoken, and in brackets what a tone says that no words follow."""

from collections.abc import Iterable

from audiogen.routine.load import parse_routine
from audiogen.timeline.compose import Spoken, compose, draft
from audiogen.timeline.model import Timeline
from audiogen.verification.labels import check_lyrics
from audiogen.views.lyrics import lines_of, spoken_of, whole_text

BOX = """
title: Box
opening: none
closing: none
exercises:
  - name: Box breathing
    announce: none
    reps: 5
    tempo:
      - {say: "Breathe in, slowly", for: 4s}
      - {say: Hold., for: 4s}
      - {say: "Breathe out, slowly", for: 4s}
      - {for: 4s}
"""


def composed(text: str) -> Timeline:
    def speak(texts: Iterable[str]) -> Spoken:
        return Spoken(dict.fromkeys(texts, 900), True)

    return compose(draft(parse_routine(text)), "test", speak).timeline


def texts(timeline: Timeline) -> list[str]:
    return [line.text for line in lines_of(timeline)]


def test_phases_have_their_words_in_brackets_once_they_are_no_longer_spoken() -> None:
    timeline = composed(BOX)
    learnt = ["Breathe in, slowly", "Hold.", "Breathe out, slowly", "[falling tone]"]
    third = ["Breathe in", "Hold", "Breathe out", "[falling tone]"]
    bracketed = ["[Breathe in]", "[Hold]", "[Breathe out]", "[falling tone]"]
    last = ["Last one.", "[Hold]", "[Breathe out]", "[falling tone]", "[end bell]"]
    assert texts(timeline) == ["[start tone]", *learnt, *learnt, *third, *bracketed, *last]
    starts = [line.start_ms for line in lines_of(timeline)]
    assert starts == sorted(starts)


def test_without_words_each_phase_has_the_name_of_its_tone() -> None:
    found = texts(composed("words: none\n" + BOX))
    assert found[1:4] == ["[level tone]", "[falling tone]", "[falling tone]"]


def test_bells_and_files_have_names_and_what_wakes_earbuds_has_none() -> None:
    passage = "title: Calm\nopening: none\nclosing: none\nsay:\n- pause: 20s\n- sound: bell\n- Sit up.\n"
    assert texts(composed(passage)) == ["[bell]", "Sit up."]
    wood = "title: A\nsounds: wood\nopening: none\nexercises: [{name: Plank, hold: 10s, announce: none}]\n"
    assert "[end tone]" in texts(composed(wood))


def test_the_language_of_the_session_names_its_tones() -> None:
    found = texts(
        composed("title: A\nlanguage: de\nopening: none\nexercises: [{name: Brett, hold: 10s, announce: none}]\n")
    )
    assert found[0] == "[Startton]"
    assert "[Endglocke]" in found


def test_a_track_of_an_earlier_version_that_lists_no_tones_still_passes() -> None:
    timeline = composed(BOX)
    for listed in (spoken_of(timeline), lines_of(timeline)):
        lines = tuple((line.start_ms, line.text) for line in listed)
        check = check_lyrics(timeline, whole_text(timeline), lines)
        assert not check.off
        assert check.passed == len(spoken_of(timeline))
    wrong = ((0, "[bell]"), *((line.start_ms, line.text) for line in spoken_of(timeline)))
    assert check_lyrics(timeline, whole_text(timeline), wrong).off
