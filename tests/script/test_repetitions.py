"""Which tone and which words each phase of a repetition has."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

from audiogen.export.sidecars.page import page
from audiogen.phrases import load_phrases
from audiogen.routine.load import parse_routine
from audiogen.routine.parts import Phase
from audiogen.script.phase_tones import phase_tones
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from tests.each import each

BOX = [("Inhale", 4), ("Hold", 4), ("Exhale", 4), ("Hold", 4)]
FOUR_SEVEN_EIGHT = [("Inhale", 4), ("Hold", 7), ("Exhale", 8)]
NOSTRILS = [("Inhale left", 4), ("Hold", 4), ("Exhale right", 4), ("Inhale right", 4), ("Hold", 4), ("Exhale left", 4)]


def planned(tempo: Iterable[tuple[str, float]], reps: int = 8, more: str = "", spoken_ms: int = 700) -> Plan:
    phases = ", ".join(f'{{say: "{say}", for: {seconds}s}}' for say, seconds in tempo)
    text = f"title: Breathing\nexercises: [{{name: Breath, reps: {reps}, tempo: [{phases}]{more}}}]\n"
    return compose(draft(parse_routine(text)), "test", lambda texts: Spoken(dict.fromkeys(texts, spoken_ms), True))


def phases_of(plan: Plan) -> list[list[tuple[str, list[str]]]]:
    """The tone of each phase in each repetition, with what is said in it, by role."""
    found: list[list[tuple[str, list[str]]]] = []
    reps = [event for event in plan.timeline.events if event.kind == "rep"]
    for rep in reps:
        inside = [tile for tile in plan.timeline.tiles() if rep.start_ms <= tile.start_ms < rep.end_ms]
        found.append([])
        for tile in inside:
            if tile.kind == "tone":
                found[-1].append((tile.role, []))
            elif tile.kind == "say":
                found[-1][-1][1].append(tile.text or "")
    return found


def tones(*phases: str, **written: str) -> list[str | None]:
    """The tones of phases by their words; `written` are those that the file has, such as p0="rising"."""
    tempo = [
        Phase.model_validate({"for": "4s", "say": say, **({"tone": tone} if (tone := written.get(f"p{n}")) else {})})
        for n, say in enumerate(phases)
    ]
    return [*phase_tones(tempo, load_phrases("en"))]


@pytest.mark.parametrize("tempo", [BOX, FOUR_SEVEN_EIGHT, NOSTRILS])
def test_out_breaths_never_begin_on_a_rising_tone_and_no_two_repetitions_meet_alike(
    tempo: list[tuple[str, float]],
) -> None:
    found = phases_of(planned(tempo))
    wanted = {"In": "rising", "Ho": "level", "Ex": "falling"}
    for number, rep in enumerate(found):
        roles = [role for role, _ in rep]
        assert roles[1:] == [wanted[say[:2]] for say, _ in tempo[1:]]
        assert roles[0] == ("rising" if number else "start")
    assert all(before[-1][0] != after[0][0] for before, after in pairwise(found))


@each(
    ("phases", "wanted"),
    [
        (["Up", "Down"], ["rising", "falling"]),
        (["Up", "Over", "Down"], ["rising", "falling", "level"]),
        (["A", "B", "C", "D"], ["rising", "falling", "level", "falling"]),
        (["A", "B", "C", "D", "E"], ["rising", "falling", "level", "falling", "level"]),  # the last is not the first
        (["Press"], ["rising"]),
        (["Exhale, push up", "Lower"], ["falling", "rising"]),
        (["Lower", "Inhale"], ["falling", "rising"]),
        (["Out through the mouth", "In through the nose"], ["falling", "rising"]),
        (["Outside leg up", "Inside leg up"], ["rising", "falling"]),
        (["Hold", "Exhale", "Inhale", "Hold"], ["level", "falling", "rising", "falling"]),
        (["Inhale", "Breathe in more"], ["rising", "level"]),
    ],
)
def test_a_phase_has_the_tone_of_what_it_is(phases: list[str], wanted: list[str]) -> None:
    assert tones(*phases) == wanted


def test_written_tones_stay_and_none_is_no_tone() -> None:
    assert tones("Up", "Down", p0="rising", p1="rising") == ["rising", "rising"]
    assert tones("Up", "Down", p0="none", p1="none") == [None, None]
    assert tones("Exhale", "Press", p0="rising") == ["rising", "falling"]


@each(
    ("language", "phases"),
    [
        ("es", ["Inhala por la nariz", "Exhala", "Mantén"]),
        ("fr", ["Inspirez", "Expirez", "Retenez"]),
        ("de", ["Einatmen, Arme hoch", "Ausatmen", "Halten"]),
        ("it", ["Inspira", "Espira", "Trattieni"]),
        ("pt", ["Inspire", "Expire", "Segure"]),
        ("nl", ["Adem in", "Adem uit", "Houd vast"]),
        ("pl", ["Wdech", "Wydech", "Zatrzymaj"]),
        ("ja", ["鼻から吸って", "吐いて", "止めて"]),
        ("hi", ["साँस लें", "साँस छोड़ें", "रोकें"]),
        ("en", ["Breathe in", "Breathe out", "Hold"]),
    ],
)
def test_each_language_knows_its_breaths(language: str, phases: list[str]) -> None:
    assert [load_phrases(language).kind_of_phase(words) for words in phases] == ["inhale", "exhale", "hold"]


# -- words


def test_words_are_learnt_in_three_repetitions() -> None:
    found = phases_of(planned([("Inhale, arms up", 4), ("Exhale, arms down", 4)], reps=5))
    said = [[texts for _, texts in rep] for rep in found]
    assert said[0] == said[1] == [["Inhale, arms up"], ["Exhale, arms down"]]
    assert said[2] == [["Inhale"], ["Exhale"]]
    assert said[3] == [[], []]
    assert said[4] == [["Last one."], []]


@pytest.mark.parametrize("tempo", [BOX, FOUR_SEVEN_EIGHT, NOSTRILS])
def test_always_speaks_each_phase_in_each_repetition(tempo: list[tuple[str, float]]) -> None:
    found = phases_of(planned(tempo, more=", words: always"))
    for rep in found:
        assert [texts[-1] for _, texts in rep] == [say for say, _ in tempo]
    counts = [rep[0][1][:-1] for rep in found]
    assert counts == [[], [], [], [], ["Halfway, four to go."], [], ["Two more."], ["Last one."]]


def test_none_speaks_no_phase_but_still_counts() -> None:
    found = phases_of(planned(BOX, more=", words: none"))
    assert [texts for rep in found for _, texts in rep if texts] == [
        ["Halfway, four to go."],
        ["Two more."],
        ["Last one."],
    ]


def test_words_of_an_exercise_go_before_those_of_the_routine() -> None:
    text = (
        "title: Breathing\nwords: none\nexercises:\n"
        "  - {name: One, reps: 4, tempo: [{say: Inhale, for: 4s}, {say: Exhale, for: 4s}], words: always}\n"
        "  - {name: Two, reps: 4, tempo: [{say: Inhale, for: 4s}, {say: Exhale, for: 4s}]}\n"
    )
    plan = compose(draft(parse_routine(text)), "test", lambda texts: Spoken(dict.fromkeys(texts, 700), True))
    said = [(event.place.exercise, event.text) for event in plan.timeline.events if event.role == "phase"]
    assert said.count((1, "Inhale")) == said.count((1, "Exhale")) == 4
    assert not [one for one in said if one[0] == 2]


# -- counts


def test_a_count_comes_before_the_instruction_and_never_in_its_place() -> None:
    plan = planned([("Inhale, arms up", 5), ("Exhale, arms down", 5)], reps=5, more=", count: true")
    said = [rep[0][1] for rep in phases_of(plan)]
    assert said[:3] == [["One.", "Inhale, arms up"], ["Two.", "Inhale, arms up"], ["Three.", "Inhale"]]
    assert said[3:] == [["Four."], ["Last one."]]


def test_where_both_do_not_fit_the_count_gives_way_while_a_phase_is_learnt_and_one_notice_says_so() -> None:
    plan = planned([("Inhale, arms up", 2.4), ("Exhale, arms down", 2.4)], 21, ", count: true", spoken_ms=900)
    said = [rep[0][1] for rep in phases_of(plan)]
    assert said[:4] == [["Inhale, arms up"], ["Inhale, arms up"], ["Three."], ["Four."]]
    assert [notice.code for notice in plan.notices] == ["timeline.cue-replaced"]


def test_where_both_do_not_fit_a_phase_that_no_tone_marks_keeps_its_words() -> None:
    text = "[{say: Up, for: 2.5s, tone: none}, {say: Down, for: 2.5s}]"
    routine = parse_routine(f"title: A\nexercises: [{{name: Press, reps: 6, count: true, tempo: {text}}}]\n")
    plan = compose(draft(routine), "test", lambda texts: Spoken(dict.fromkeys(texts, 1200), True))
    said = [event.text for event in plan.timeline.events if event.kind == "say" and event.place.rep]
    assert said.count("Up") == 6
    assert not {"One.", "Six.", "Last one."} & {*said}


def test_the_short_form_of_a_count_is_taken_before_none() -> None:
    def lengths(texts: Iterable[str]) -> Spoken:
        return Spoken({text: 2600 if text == "Halfway, four to go." else 600 for text in texts}, True)

    routine = parse_routine(
        "title: A\nwords: always\n"
        "exercises: [{name: Press, reps: 8, tempo: [{say: Up, for: 3s}, {say: Down, for: 3s}]}]\n"
    )
    plan = compose(draft(routine), "test", lengths)
    assert phases_of(plan)[4][0] == ("rising", ["Halfway.", "Up"])
    assert plan.notices == ()


def test_halfway_off_silences_it_in_repetitions_too() -> None:
    said = [event.text for event in planned(BOX, more=", halfway: off").timeline.events]
    assert "Halfway, four to go." not in said
    assert "Last one." in said


def test_the_sheet_has_every_phase_of_counted_repetitions() -> None:
    timeline = planned([("Inhale, arms up", 5), ("Exhale, arms down", 5)], reps=5, more=", count: true").timeline
    assert "Inhale, arms up. Exhale, arms down." in page(timeline)
