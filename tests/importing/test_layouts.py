"""Layouts that people paste, each by a few lines: what is found in them, and what is not."""

from collections.abc import Sequence

import pytest

from audiogen.importing import Imported, import_bytes, import_routine
from audiogen.importing.readers import chapters, chat
from audiogen.routine.model import Exercise, Group

CHAT = """[12/03/24, 19:42:10] Bea: Hey! your homework
[12/03/24, 19:42:31] Bea: pendulum swings 1 min each arm - let the arm hang
[12/03/24, 19:43:02] Bea: wall slides 2x10 (slide up slowly)
[12/03/24, 19:45:20] Bea: if it pinches stop and call me ok?
[12/03/24, 19:45:33] Tom: thanks, how often do I do them?
"""
ANDROID = """03.12.24, 19:42 - Bea: Plank 30 sec
03.12.24, 19:43 - Bea: Side plank 20 sec each side
"""
VIDEO = """10 MIN STRETCH

0:00 Intro
0:30 Forward fold
1:30 Low lunge
3:00 Savasana
4:30 Outro

Music by Some Band
"""
SHEET = """Home programme
Patient: J. Alder\tDate: 14.02.2024\tTherapist: P. Day

Exercise\tHow to do it\tSets\tReps\tHold
Quad set\tSit with your leg straight.\t3\t10\t5 sec
Calf stretch\tStand facing a wall.\t2\t1 each side\t30 sec

Next appointment: 28.02.2024 at 9:30
"""
LETTERS = """Upper body

A1. Row 3 x 10, rest 60s
A2. Press 3 x 8/side, rest 60s

B. Farmer carry 40 sec
"""
MINUTES = """Every minute

Minute 1: 10 burpees
Minute 2: 30 sec plank
"""
BARS = """Neck release

What to do | How long
Chin tucks | 10 x 5s hold
Ear to shoulder | 30s each side
Wrist circles | 20s
"""
PROGRAM = """HOME EXERCISE PROGRAM
Created by Sam Day

PRESS UPS
Lie on your stomach.
Repeat 10 Times
Hold 2 Seconds
Complete 1 Set
Perform 3 Times a Day

HIP STRETCH
Lie on your back.
Repeat 3 Times
Hold 30 Seconds
Complete 1 Set
Perform 2 Times a Day
"""
LABELS = """Exercise: Cat-cow
Reps: 10

Exercise: Bird dog
Reps: 8 per side
Sets: 2
Rest: 30s
Notes: keep your hips level
"""
LOADS = """Day 1 - Legs
Goblet squat 4x8 @ 16kg
RDL 3x10 @ RPE 8
"""
NUMBERED = """Übungen für die Schulter
Patient: Herr M.

Übung 1: Schulterkreisen
Kreisen Sie beide Schultern nach hinten.
10 Wiederholungen

Übung 2: Nackendehnung
Neigen Sie den Kopf zur Seite.
30 Sek. halten, je Seite 2x
"""


def doses(found: Imported) -> list[Sequence[object]]:
    return [_dose(one) for one in found.routine.flat]


def _dose(one: Exercise) -> Sequence[object]:
    hold_ms = one.hold_ms if isinstance(one.hold_ms, int) else None
    return one.name, hold_ms and hold_ms // 1000, one.reps, one.sets, len(one.sides)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (CHAT, [("pendulum swings", 60, None, 1, 2), ("wall slides", None, 10, 2, 0)]),
        (ANDROID, [("Plank", 30, None, 1, 0), ("Side plank", 20, None, 1, 2)]),
        (VIDEO, [("Forward fold", 60, None, 1, 0), ("Low lunge", 90, None, 1, 0), ("Savasana", 90, None, 1, 0)]),
        (SHEET, [("Quad set", None, 10, 3, 0), ("Calf stretch", 30, None, 2, 2)]),
        (LETTERS, [("Row", None, 10, 3, 0), ("Press", None, 8, 3, 2), ("Farmer carry", 40, None, 1, 0)]),
        (MINUTES, [("burpees", None, 10, 1, 0), ("plank", 30, None, 1, 0)]),
        (
            BARS,
            [("Chin tucks", None, 10, 1, 0), ("Ear to shoulder", 30, None, 1, 2), ("Wrist circles", 20, None, 1, 0)],
        ),
        (PROGRAM, [("Press Ups", None, 10, 1, 0), ("Hip Stretch", 30, None, 3, 0)]),
        (LABELS, [("Cat-cow", None, 10, 1, 0), ("Bird dog", None, 8, 2, 2)]),
        (LOADS, [("Goblet squat", None, 8, 4, 0), ("RDL", None, 10, 3, 0)]),
        (NUMBERED, [("Schulterkreisen", None, 10, 1, 0), ("Nackendehnung", 30, None, 2, 2)]),
        (
            "Hips\n\n1. Deep squat hold (45 sec)\n2. Lunge, 8 per side\n",
            [("Deep squat hold", 45, None, 1, 0), ("Lunge", None, 8, 1, 2)],
        ),
    ],
    ids=[
        "chat",
        "android",
        "video",
        "sheet",
        "letters",
        "minutes",
        "bars",
        "program",
        "labels",
        "loads",
        "numbered",
        "hold in a name",
    ],
)
def test_a_layout_is_read_as_it_is_meant(source: str, expected: list[Sequence[object]]) -> None:
    assert doses(import_routine(source)) == expected


def test_who_wrote_a_message_and_when_is_not_spoken_and_a_warning_is() -> None:
    found = import_routine(CHAT)
    assert found.routine.caution == ("If it pinches stop and call me ok?",)
    assert not any(word in found.text for word in ("Bea", "Tom", "19:4", "homework"))
    assert next(one for one in found.guesses if one.about == "pendulum swings").spot.line == 2


def test_one_time_in_brackets_makes_no_chat() -> None:
    assert chat.starts(["[12/03/24, 19:42:10] Bea: Plank 30 sec", "Lunge 20 sec"]) == [0, 0]


@pytest.mark.parametrize(
    ("rows", "lengths"),
    [
        (["0:00 Intro", "0:45 Plank", "1:45 Bridge"], [45_000, 60_000, 0]),
        (["(00:00) - Intro", "(59:30) - Plank", "(1:00:30) - Bridge"], [3_570_000, 60_000, 0]),
        (["00:00 – 00:30 Rolls", "00:30 – 01:30 Opener", "01:40-02:00 Twist"], [30_000, 60_000, 20_000]),
        (["0:45 Plank", "1:00 Bridge", "1:30 Dead bug"], []),  # doses
        (["0:00 Start", "1:00 Plank", "0:30 Bridge"], []),  # they do not grow
        (["0:00 Start", "1:00 Plank"], []),
    ],
)
def test_chapters_begin_at_zero_and_grow(rows: list[str], lengths: list[int]) -> None:
    assert [one.length_ms for one in chapters.chapters(rows).values()] == lengths


def test_a_length_between_time_stamps_is_a_guess_at_its_line() -> None:
    guess = next(one for one in import_routine(VIDEO).guesses if one.about == "Low lunge")
    assert (guess.reason, guess.spot.line) == ("up to the next time stamp", 5)


def test_a_title_above_the_head_of_a_table_is_no_head() -> None:
    sheet = b"Upper body,,,\nExercise,Sets,Reps,Rest\nPush-up,4,8,90s\nPlank,3,40s,30s\n"
    found = import_bytes(sheet, suffix=".csv")
    assert found.routine.title == "Upper body"
    assert [(one.sets, one.rest_ms) for one in found.routine.flat] == [(4, 90_000), (3, 30_000)]


@pytest.mark.parametrize(
    ("line", "lengths"),
    [
        ("Inhale for 4, hold for 4, exhale for 4, hold for 4. Repeat 6 times.", [4, 4, 4, 4]),
        ("Inhale through the nose for 4 seconds, hold for 7, then exhale for 8. Do 6 rounds.", [4, 7, 8]),
        ("In for 4 counts, out for 8 counts. 6 breaths.", [4, 8]),
        ("Inhale for 4 counts. Exhale for 6 counts. 6 times.", [4, 6]),
    ],
)
def test_breaths_counted_in_one_sentence_are_a_tempo(line: str, lengths: list[int]) -> None:
    (one,) = import_routine(f"Breathing\n\n1. Calm breath\n{line}\n").routine.flat
    assert (one.reps, [phase.for_ms // 1000 for phase in one.tempo]) == (6, lengths)


def test_words_in_bold_above_the_exercises_are_the_title_and_their_length_that_of_all() -> None:
    answer = "Here's a **10-minute hip stretch** for you:\n\n**1. Pigeon** – 2 min per side\n- Fold over.\n"
    found = import_routine(answer + "\n**2. Frog** – 3 min\n- Sink back.\n\n**Total time:** about 10 minutes\n")
    assert found.routine.title == "10-minute hip stretch"
    assert "Total" not in found.text


def test_a_second_length_is_told() -> None:
    found = import_routine("Yin\n\n**Swan** – 3 min\nFold over.\nThen wipers, 30 sec.\n\n**Frog** – 2 min\nSink.\n")
    assert any("second length" in one.reason and one.spot.line == 5 for one in found.guesses)


def test_exercises_in_one_sentence_are_one_each() -> None:
    found = import_routine("Hotel: 20 squats, 30 sec plank, 10 lunges each leg. Rest 1 min, repeat 3 times. Breathe.\n")
    (group,) = found.routine.exercises
    assert isinstance(group, Group)
    assert doses(found) == [("squats", None, 20, 1, 0), ("plank", 30, None, 1, 0), ("lunges", None, 10, 1, 2)]
    assert (found.routine.title, group.rounds) == ("Hotel", 3)


def test_a_sentence_with_doses_and_no_names_stays_one() -> None:
    (one,) = import_routine(
        "Hips\n\n1. Bridge\nLift up for 2 seconds, hold 3 seconds, lower for 2 seconds. 10 reps\n"
    ).routine.flat
    assert one.name == "Bridge"


def test_a_column_of_sides_may_name_one() -> None:
    sheet = "Übung\tSeite\tDauer\nWade\trechts\t30 s\nSeitstütz\tli/re\t20 s\nPlank\t\t40 s\n"
    assert [one.sides for one in import_routine(sheet).routine.flat] == [("right",), ("right", "left"), ()]


def test_parts_in_a_nested_list_are_no_exercises_and_are_not_spoken() -> None:
    source = (
        "# Evening\n\n- Warm-up\n  - Rolls: 30 seconds\n- Main\n  - Fold: 1 minute\n- Cool-down\n  - Rest pose: 2 min\n"
    )
    found = import_routine(source)
    assert [one.name for one in found.routine.flat] == ["Rolls", "Fold", "Rest pose"]
    assert "Main" not in found.text


def test_a_title_may_begin_with_the_word_for_a_session() -> None:
    assert (
        "hanches"
        in import_routine("Séance du soir : dos et hanches\n\n1. Planche (30 s)\n2. Pont (1 min)\n").routine.title
    )


def test_what_follows_a_dose_begins_with_its_first_word() -> None:
    source = "Plan\n\n1) Bridge 3x10, rest 30s. Lie on your back.\n2) Plank (20s). Lie on your elbows.\n"
    setups = [str(one.setup[0]) for one in import_routine(source).routine.flat]
    assert setups == ["Lie on your back.", "Lie on your elbows."]


def test_words_that_only_say_alternating_are_left_to_the_session_but_stay_in_a_hold() -> None:
    source = "Legs\n\n1. Dead bug, 8 reps\nAlternating legs. Lie down.\n2. Wall sit, 40 sec\nAlternating legs.\n"
    bug, sit = import_routine(source).routine.flat
    assert (bug.alternate, list(map(str, bug.setup))) == (True, ["Lie down."])
    assert (sit.alternate, list(map(str, sit.setup))) == (False, ["Alternating legs."])
