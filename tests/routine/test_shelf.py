"""Ready exercises: all that are shipped, and where a routine's `use` finds which."""

import re
from pathlib import Path

import pytest

from audiogen import plan, render
from audiogen.errors import RoutineError
from audiogen.routine.dump import routine_text
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.model import Exercise, Group
from audiogen.routine.parts import words
from audiogen.routine.shelf import Ready, find_ready, read_ready
from audiogen.storage.cache import Cache
from tests.each import each
from tests.fakes.tone_voice import ToneVoice

LANGUAGES = ("de", "en", "es")
SHIPPED = [ready for ready in find_ready() if ready.path.parents[1].name == "routines"]
NAMES = sorted({ready.name for ready in SHIPPED})
STRETCH = "name: Stretch\nhold: 40s\nsetup: Sit.\ncues: [{at: 50%, say: Breathe.}]\n"


def using(*items: str, language: str = "en") -> str:
    return f"title: T\nlanguage: {language}\nexercises:\n" + "".join(f"  - {item}\n" for item in items)


def used(*items: str, language: str = "en") -> tuple[Exercise, ...]:
    return parse_routine(using(*items, language=language)).flat


def shelve(folder: Path, name: str, text: str = STRETCH) -> Path:
    path = folder / "exercises" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def lines(exercise: Exercise) -> list[str]:
    texts = [*exercise.setup, *exercise.switch, *exercise.release, *(cue.say for cue in exercise.cues if cue.say)]
    texts += [phase.say for phase in exercise.tempo if phase.say]
    return [words(text, side) for text in texts for side in ("right", "left")]


def test_two_dozen_exercises_are_shipped_in_three_languages() -> None:
    assert len(NAMES) == 24
    assert [(ready.name, ready.language) for ready in SHIPPED] == [(name, code) for name in NAMES for code in LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_exercise_plans_without_a_notice(language: str) -> None:
    routine = parse_routine(using(*(f"use: {name}" for name in NAMES), language=language))
    assert plan(routine, voice=ToneVoice()).notices == ()
    short = parse_routine(using(*(f"{{use: {name}, hold: 20s}}" for name in NAMES), language=language))
    assert plan(short, voice=ToneVoice()).notices == ()


@each("ready", SHIPPED)
def test_a_shipped_exercise_speaks_as_the_readme_asks(ready: Ready) -> None:
    exercise = read_ready(ready)
    assert exercise.setup
    assert exercise.release
    for line in lines(exercise):
        for sentence in re.split(r"[.?!] ", line):
            assert len(sentence.split()) <= 10, sentence


@each("name", NAMES)
def test_a_shipped_exercise_has_the_same_dose_in_every_language(name: str) -> None:
    exercises = [read_ready(ready) for ready in SHIPPED if ready.name == name]
    assert len({(one.hold_ms, one.reps, one.rep_ms, one.sides, one.alternate) for one in exercises}) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_exercise_renders(language: str, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    for name in NAMES:
        routine = parse_routine(using(f"use: {name}", language=language))
        rendered = render(routine, tmp_path / f"{name}.mp3", voice=ToneVoice(), cache=cache)
        assert rendered.notices == ()


def test_a_ready_exercise_renders_with_a_dose_of_the_routines_own(tmp_path: Path) -> None:
    routine = parse_routine(using("{use: cat-and-cow, reps: 1}", "{use: calf-stretch, hold: 6s, cues: []}"))
    rendered = render(routine, tmp_path / "a.mp3", voice=ToneVoice(), cache=Cache(tmp_path / "cache"))
    work = [event.length_ms for event in rendered.timeline.events if event.kind in ("hold", "rep")]
    assert work == [8_000, 6_000, 6_000]


def test_keys_next_to_use_replace_those_of_the_exercise() -> None:
    plain, own = used("use: squat", "{use: squat, name: Slow squat, hold: 30s, setup: Stand., release: null}")
    assert (plain.name, plain.reps, len(plain.tempo), plain.slug) == ("Squat", 10, 2, "squat")
    assert (own.name, own.hold_ms, own.reps, own.tempo, own.slug) == ("Slow squat", 30_000, None, (), "slow-squat")
    assert (own.setup, own.release) == (("Stand.",), ())


def test_the_work_of_a_group_goes_before_the_default_dose_and_not_before_a_written_one() -> None:
    group = "{work: 30s, rest: 15s, exercises: [{use: squat}, {use: squat, reps: 4}, {use: bird-dog}, {use: plank}]}"
    (item,) = parse_routine(using(group)).exercises
    assert isinstance(item, Group)
    doses = [(one.hold_ms, one.reps, one.alternate) for one in item.exercises if isinstance(one, Exercise)]
    assert doses == [(30_000, None, False), (None, 4, False), (30_000, None, False), (30_000, None, False)]


def test_a_ready_exercise_is_found_next_to_the_routine_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shelve(tmp_path / "elsewhere", "plank.en", STRETCH.replace("Stretch", "Next to it"))
    shelve(tmp_path / "routines", "plank.en", STRETCH.replace("Stretch", "Here"))
    routine = tmp_path / "elsewhere" / "a.yaml"
    routine.write_text(using("use: plank", "use: squat"))
    assert [one.name for one in load_routine(routine).flat] == ["Next to it", "Squat"]
    assert [one.name for one in used("use: plank")] == ["Here"]


def test_a_region_falls_back_to_its_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shelve(tmp_path / "routines", "plank.es-MX", STRETCH)
    assert [one.name for one in used("use: plank", "use: squat", language="es-MX")] == ["Stretch", "Sentadilla"]


def test_a_variant_in_another_language_has_the_exercises_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(using("use: plank", "use: squat"))
    (tmp_path / "b.yaml").write_text(
        "extends: ./a.yaml\nlanguage: de\nexercises:\n  kniebeuge: {reps: 4}\n  unterarmstutz: {use: calf-stretch}\n"
    )
    plank, squat = load_routine(tmp_path / "b.yaml").flat
    assert (squat.name, squat.reps, len(squat.tempo)) == ("Kniebeuge", 4, 2)
    assert (plank.name, plank.hold_ms, plank.sides) == ("Wadendehnung", 30_000, ("right", "left"))


def test_the_text_of_a_routine_has_its_ready_exercises_written_out() -> None:
    routine = parse_routine(using("use: plank", "{use: clamshell, reps: 4}"))
    assert "use:" not in routine_text(routine)
    assert parse_routine(routine_text(routine)) == routine


def test_a_mistake_in_a_ready_exercise_is_reported_in_its_file(tmp_path: Path) -> None:
    shelve(tmp_path, "bad.en", "name: Bad\nhold: soon\n")
    shelve(tmp_path, "again.en", "use: plank\n")
    shelve(tmp_path, "list.en", "- name: Bad\n")
    (tmp_path / "a.yaml").write_text(using("use: bad", "use: again", "use: list"))
    with pytest.raises(RoutineError) as caught:
        load_routine(tmp_path / "a.yaml")
    found = [(problem.code, str(problem.place).rpartition("/")[2]) for problem in caught.value.problems]
    assert found == [
        ("routine.use-in-ready", "again.en.yaml:1:1"),
        ("durations.unreadable", "bad.en.yaml:2:7"),
        ("routine.not-an-exercise-file", "list.en.yaml:1:1"),
    ]
