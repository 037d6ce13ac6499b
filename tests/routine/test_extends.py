"""A routine that varies another."""

from pathlib import Path

import pytest

from audiogen.errors import Place, Problem, RoutineError
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.model import Routine

PARENT = """
title: Hips
length: 9m
caution: Stop if it hurts.
exercises:
  - name: Pigeon
    sides: [right, left]
    hold: {right: 30s, left: 45s}
    min: 20s
    setup: [Sit., Bring one leg back.]
    cues: [{at: 20s, say: Breathe.}]
  - name: Circles
    reps: 6
    count: yes
    tempo: [{say: In, for: 3s}, {say: Out, for: 3s}]
  - rounds: 2
    exercises:
      - {name: Bridge, hold: 20s}
      - {name: Plank, hold: 20s}
  - {name: Circles, hold: 15s}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the parent in it."""
    (tmp_path / "hips.yaml").write_text(PARENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def variant(text: str) -> Routine:
    return parse_routine(f"extends: ./hips.yaml\n{text}")


def slugs(routine: Routine) -> list[str]:
    return [exercise.slug for exercise in routine.flat]


def mistakes(text: str) -> list[Problem]:
    with pytest.raises(RoutineError) as caught:
        variant(text)
    return list(caught.value.problems)


def test_a_variant_that_changes_nothing_is_its_parent() -> None:
    assert variant("") == load_routine("./hips.yaml")


def test_a_key_replaces_the_parents_and_null_removes_it() -> None:
    routine = variant("title: Mine\ncaution: null\nlength: ~\nvoice: builtin")
    assert (routine.title, routine.caution, routine.length_ms, str(routine.voice)) == ("Mine", (), None, "builtin")
    assert routine.exercises == load_routine("./hips.yaml").exercises


def test_a_list_of_exercises_replaces_all_of_them() -> None:
    assert slugs(variant("exercises: [{name: Frog, hold: 20s}]")) == ["frog"]


def test_a_map_of_exercises_changes_keys_of_single_ones() -> None:
    routine = variant("exercises: {bridge: {hold: 45s}, plank: {skip: true}, circles-2: {release: Rest.}}")
    pigeon, _, bridge, plank, circles = routine.flat
    assert pigeon == load_routine("./hips.yaml").flat[0]
    assert (bridge.hold_ms, plank.skip, circles.release) == (45_000, True, ("Rest.",))
    assert [exercise.number for exercise in routine.flat] == [1, 2, 3, 4, 5]


def test_lists_are_replaced_whole_and_null_removes_a_key() -> None:
    pigeon = variant("exercises: {pigeon: {setup: Kneel., cues: null}}").flat[0]
    assert (pigeon.setup, pigeon.cues) == (("Kneel.",), ())


def test_hold_replaces_reps_and_all_that_hangs_on_them() -> None:
    circles = variant("exercises: {circles: {hold: 30s}}").flat[1]
    assert (circles.hold_ms, circles.reps, circles.tempo, circles.count) == (30_000, None, (), False)


def test_reps_replace_a_hold_and_its_bounds() -> None:
    pigeon = variant("exercises: {pigeon: {reps: 5, tempo: [{for: 6s}]}}").flat[0]
    assert (pigeon.hold_ms, pigeon.reps, pigeon.min_ms) == (None, 5, None)


def test_an_exercise_keeps_its_slug_under_a_new_name() -> None:
    routine = variant("exercises: {circles: {name: Kreise}, circles-2: {name: Noch einmal}, bridge: {id: arch}}")
    assert slugs(routine) == ["pigeon", "circles", "arch", "plank", "circles-2"]


def test_order_puts_the_listed_first_and_the_others_follow() -> None:
    routine = variant("order: [circles-2, pigeon]")
    assert slugs(routine) == ["circles-2", "pigeon", "circles", "bridge", "plank"]
    assert [exercise.number for exercise in routine.flat] == [1, 2, 3, 4, 5]


def test_order_and_changes_go_by_the_parents_slugs() -> None:
    routine = variant("order: [circles-2]\nexercises: {circles-2: {hold: 40s}}")
    assert (slugs(routine)[0], routine.flat[0].hold_ms) == ("circles-2", 40_000)


def test_a_variant_of_a_variant_builds_on_both(folder: Path) -> None:
    (folder / "mine.yaml").write_text(
        "extends: ./hips.yaml\ntitle: Mine\norder: [circles]\nexercises: {plank: {hold: 9}}"
    )
    routine = parse_routine(
        "extends: ./mine.yaml\nlength: 5m\norder: [circles-2]\nexercises: {plank: {sets: 2, rest: 9}}"
    )
    assert (routine.title, routine.length_ms) == ("Mine", 300_000)
    assert slugs(routine) == ["circles-2", "circles", "pigeon", "bridge", "plank"]
    assert (routine.flat[4].hold_ms, routine.flat[4].sets) == (9_000, 2)


def test_a_path_is_taken_from_the_folder_of_the_file(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "short.yaml").write_text("extends: ../hips.yaml\ntitle: Short")
    assert load_routine("mine/short.yaml").title == "Short"


def test_a_variant_may_bear_its_parents_name(folder: Path) -> None:
    (folder / "routines").mkdir()
    (folder / "routines" / "upper-back.yaml").write_text("extends: upper-back\ntitle: My upper back")
    routine = load_routine("upper-back")
    assert routine.title == "My upper back"
    assert len(routine.flat) == 7


def test_what_a_change_makes_impossible_is_reported_at_the_change() -> None:
    assert mistakes("exercises:\n  pigeon:\n    hold: 15s\n  bridge:\n    sets: 3") == [
        Problem("routine.cue-outside-work", Place("<text>", 4, 11), "hold", "15s", "20s"),
        Problem("routine.sets-without-rest", Place("<text>", 6, 11)),
    ]


def test_what_a_removal_makes_impossible_is_reported_at_the_exercise() -> None:
    assert mistakes("exercises:\n  pigeon: {sides: null}") == [
        Problem("routine.without-sides", Place("<text>", 3, 3), "hold")
    ]


def test_mistakes_of_both_files_are_reported_at_once_each_in_its_own(folder: Path) -> None:
    (folder / "hips.yaml").write_text(PARENT.replace("caution", "cautoin").replace("skip", "skip"))
    assert mistakes("lenght: 9m") == [
        Problem("routine.misspelt-key", Place("<text>", 2, 1), "'lenght'", "'length'"),
        Problem("routine.misspelt-key", Place("hips.yaml", 4, 1), "'cautoin'", "'caution'"),
    ]


def test_a_circle_of_names_is_shown(folder: Path) -> None:
    (folder / "routines").mkdir()
    for name, parent in (("one", "two"), ("two", "three"), ("three", "two")):
        (folder / "routines" / f"{name}.yaml").write_text(f"extends: {parent}")
    with pytest.raises(RoutineError) as caught:
        load_routine("one")
    circle = "routines/two.yaml → routines/three.yaml → routines/two.yaml"
    place = Place("routines/three.yaml", 1, 10)
    assert caught.value.problems == (Problem("routine.extends-circle", place, found=circle),)


def test_every_file_is_reported_before_it_is_read_even_where_there_are_mistakes(folder: Path) -> None:
    (folder / "one.yaml").write_text("extends: two.yaml\nlength: soon\n")
    (folder / "two.yaml").write_text("extends: hips.yaml\n")
    read: list[Path] = []
    with pytest.raises(RoutineError, match="length"):
        load_routine("one.yaml", reading=read.append)
    assert [path.name for path in read] == ["one.yaml", "two.yaml", "hips.yaml"]
