"""Where routines are found, and what is reported where they are not."""

import os
import socket
from pathlib import Path

import pytest

from audiogen.errors import OutputError, Place, Problem, RoutineError, UnknownRoutine
from audiogen.routine.find import find_routines, name_in_use, named_folders, routine_file
from audiogen.routine.load import load_routine, parse_routine
from audiogen.storage.config import user_routines_dir

SHIPPED = sorted(path.stem for path in (Path(__file__).parents[2] / "routines").glob("*.yaml"))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def put(path: Path, title: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"title: {title}\nexercises: [{{name: Plank, hold: 20s}}]\n")
    return path


def problem(name_or_path: str | Path) -> Problem:
    with pytest.raises(RoutineError) as caught:
        load_routine(name_or_path)
    return caught.value.problems[0]


def test_shipped_routines_are_found_by_name_from_anywhere() -> None:
    assert [found.name for found in find_routines()] == SHIPPED
    assert all(found.where == "shipped" and not found.shadowed for found in find_routines())
    assert load_routine("upper-back").title == "Upper-back release"


def test_a_name_is_looked_up_here_then_with_the_user_then_among_the_shipped(here: Path) -> None:
    put(user_routines_dir() / "upper-back.yaml", "Yours")
    assert load_routine("upper-back").title == "Yours"
    put(here / "routines" / "upper-back.yaml", "Here")
    assert load_routine("upper-back").title == "Here"


def test_the_list_tells_what_is_shadowed(here: Path) -> None:
    put(here / "routines" / "upper-back.yaml", "Here")
    put(user_routines_dir() / "mine.yaml", "Mine")
    found = {(one.name, one.where, one.shadowed) for one in find_routines()}
    assert {("upper-back", "here", False), ("mine", "yours", False), ("upper-back", "shipped", True)} <= found


def test_a_name_in_use_is_found_as_file_systems_compare(here: Path) -> None:
    mine = put(Path() / "routines" / "Ca\u0301t.yaml", "Mine")
    assert [one and one.path for one in map(name_in_use, ("c\u00e1t", "CA\u0301T", "cat"))] == [mine] * 2 + [None]
    shipped = name_in_use("UPPER-Back")
    assert shipped
    assert (shipped.name, shipped.where) == ("upper-back", "shipped")
    put(here / "routines" / "Upper-Back.yaml", "Mine")
    found = name_in_use("upper-back")
    assert found
    assert (found.name, found.where) == ("Upper-Back", "here"), "in the order of the folders"


def test_only_yaml_files_are_routines(here: Path) -> None:
    put(here / "routines" / "notes.txt", "Notes")
    (here / "routines" / "folder.yaml").mkdir()
    assert [found.name for found in find_routines() if found.where == "here"] == []


def test_a_routine_file_may_end_in_yml(here: Path) -> None:
    put(here / "routines" / "mine.yml", "Mine")
    assert load_routine("mine").title == load_routine("routines/mine.yml").title == "Mine"
    assert routine_file("other.yml") == Path("other.yml")


@pytest.mark.parametrize(
    "name", ["CON", "nul", "aux.yaml", "my/COM1.yaml", "a:b", "what?", "x|y.yml", "-x", ".hidden", "a\nb"]
)
def test_a_name_that_some_system_takes_for_no_file_is_refused(here: Path, name: str) -> None:
    with pytest.raises(OutputError) as caught:
        routine_file(name)
    assert [problem.code for problem in caught.value.problems] == ["routine.not-a-file-name"]
    put(here / "what?.yaml", "What?")
    assert routine_file("what?.yaml") == Path("what?.yaml")  # it is there already


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
@pytest.mark.parametrize("name", ["pipe.yaml", "pipe", "child.yaml"])
def test_a_pipe_is_not_waited_for(here: Path, name: str) -> None:
    os.mkfifo(here / "pipe.yaml")
    os.mkfifo(here / "pipe")
    (here / "child.yaml").write_text("extends: pipe.yaml\n")
    with pytest.raises(RoutineError) as caught:
        load_routine(name)
    assert [problem.code for problem in caught.value.problems] == ["routine.unreadable"]


def test_what_systems_and_editors_write_next_to_a_routine_is_not_listed(here: Path) -> None:
    for name in ("._mine.yaml", ".#mine.yaml", ".mine.yaml"):
        put(here / "routines" / name, "Hidden")
    assert [found.name for found in find_routines() if found.where == "here"] == []


def test_in_a_checkout_the_shipped_routines_are_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    assert [found.name for found in find_routines()] == SHIPPED


def test_a_name_may_have_a_dot_for_its_language(here: Path) -> None:
    put(here / "routines" / "plank.es.yaml", "Plancha")
    assert load_routine("plank.es").title == "Plancha"


@pytest.mark.parametrize("written", ["mine.yaml", "./mine.yaml", "sub/../mine.yaml"])
def test_what_ends_in_yaml_or_has_a_slash_is_a_path(here: Path, written: str) -> None:
    put(here / "mine.yaml", "Mine")
    (here / "sub").mkdir()
    routine = load_routine(written)
    assert (routine.title, routine.source) == ("Mine", Path(written))


def test_an_existing_file_is_a_path_whatever_it_is_called(here: Path) -> None:
    put(here / "upper-back", "A file")
    assert load_routine("upper-back").title == "A file"


def test_a_folder_does_not_hide_the_routine_of_its_name(here: Path) -> None:
    (here / "upper-back").mkdir()
    assert load_routine("upper-back").title == "Upper-back release"


def test_a_path_object_is_always_a_path(here: Path) -> None:
    assert problem(Path("upper-back")) == Problem("routine.missing-file", subject="upper-back")
    assert load_routine(put(here / "mine", "Mine")).title == "Mine"


def test_an_unknown_name_brings_near_names_and_all_that_exist() -> None:
    with pytest.raises(UnknownRoutine):
        load_routine("uper-bak")
    found = ", ".join(SHIPPED)
    near = "'upper-back' or 'upper-back.es'"
    assert problem("uper-bak") == Problem("routine.misspelt-name", None, "'uper-bak'", near, found)
    looked_in = ", ".join(str(folder) for _, folder in named_folders())
    assert problem("xyzzy") == Problem("routine.unknown-name", None, "'xyzzy'", looked_in, found)


def test_a_missing_file_brings_near_files(here: Path) -> None:
    put(here / "sub" / "hips.yaml", "Hips")
    with pytest.raises(UnknownRoutine):
        load_routine("sub/hip.yaml")
    assert problem("sub/hip.yaml") == Problem("routine.misspelt-file", None, "sub/hip.yaml", "sub/hips.yaml")
    assert problem("upper-back.yaml") == Problem("routine.misspelt-file", None, "upper-back.yaml", "upper-back")
    assert problem("nowhere/hips.yaml") == Problem("routine.missing-file", subject="nowhere/hips.yaml")


def test_a_folder_is_not_a_routine(here: Path) -> None:
    (here / "sub").mkdir()
    assert problem("./sub") == Problem("routine.folder", subject="sub", expected="sub/NAME.yaml")
    assert (problem("sub").code, problem("sub").expected) == ("routine.folder-not-a-name", "sub/NAME.yaml")


@pytest.mark.linux(reason="sockets as files")
def test_what_cannot_be_read_is_an_error() -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("mine.yaml")
        reason = "No such device or address"
        assert problem("mine.yaml") == Problem("routine.unreadable", subject="'mine.yaml'", found=reason)


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b", "x" * 5000 + ".yaml", "a\0b.yaml", "\ud800"])
def test_a_name_that_cannot_be_a_file_is_unknown(name: str) -> None:
    assert "\n" not in str(problem(name))
    assert len(str(problem(name))) < 500


def test_an_unknown_parent_is_reported_at_the_extends_key() -> None:
    with pytest.raises(RoutineError) as caught:
        parse_routine("extends: uper-back\ntitel: Mine")
    near = "'upper-back' or 'upper-back.es'"
    assert caught.value.problems == (
        Problem("routine.misspelt-name", Place("<text>", 1, 10), "'uper-back'", near, ", ".join(SHIPPED)),
        Problem("routine.misspelt-key", Place("<text>", 2, 1), "'titel'", "'title'"),
    )
