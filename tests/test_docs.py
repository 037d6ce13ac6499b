"""README.md and docs tell the truth: their commands run, their output is real, their files are read."""

import functools
import os
import re
import runpy
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from audiogen import import_routine, load_routine, parse_routine, plan
from audiogen.storage.cache import Cache
from audiogen.views.picture.vector import svg
from tests import command
from tests.terminal import Terminal

ROOT = Path(__file__).parent.parent
PAGES = {
    path.name: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}

# Stands in for the routine that the examples name, so that they run letter for letter in seconds. Those that give it
# a length of ten minutes and more find a hold in it that is as long.
STAND_IN = """\
title: Upper-back release
length: none
countdown: 0
exercises:
  - {{name: Double V, hold: 3s}}
  - {{name: Cat stretch, hold: {hold}}}
"""


def blocks(page: str, language: str) -> list[str]:
    found: list[tuple[str, str]] = re.findall(r"^```(\w*)\n(.*?)^```$", PAGES[page], re.DOTALL | re.MULTILINE)
    return [text for one, text in found if one == language]


def stand_in(folder: Path, arguments: Sequence[str] = ()) -> None:
    """Write the routine that the arguments are about."""
    hold = "10m30s" if {"--length", "batch"} & set(arguments) else "4s"
    (folder / "routines" / "upper-back.yaml").write_text(STAND_IN.format(hold=hold))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    (folder / "routines").mkdir()
    stand_in(folder)
    extending = next(text for text in blocks("routine-files.md", "yaml") if "extends:" in text)
    (folder / "routines" / "short-back.yaml").write_text(extending)
    (folder / "clients.csv").write_text(blocks("clients.md", "csv")[0])
    (folder / "knee.txt").write_text(blocks("import.md", "text")[0])
    return folder


def environment(folder: Path) -> dict[str, str]:
    """A cache in the folder and no network."""
    return {**os.environ, "AUDIOGEN_CACHE_DIR": str(folder / "cache"), "HTTPS_PROXY": "http://127.0.0.1:9"}


def run(folder: Path, *arguments: str) -> str:
    """What the command prints."""
    done = command.run(*arguments, cwd=folder, env=environment(folder))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_two_commands_are_the_first_two_sh_blocks() -> None:
    assert blocks("README.md", "sh") == [
        "pip install . && audiogen render upper-back\n",
        "pip install '.[test]' && pytest\n",
    ]


@pytest.mark.parametrize(("page", "arguments"), [("README.md", ["-v"]), ("tonight.md", [])])
def test_the_plan_shown_is_the_one_printed(page: str, arguments: list[str], tmp_path: Path) -> None:
    shown = blocks(page, "")[0].rstrip("\n").removesuffix("\n  …")
    assert len(shown.splitlines()) > 8
    assert run(tmp_path, "plan", "upper-back", *arguments).startswith(f"{shown}\n")


def test_the_picture_shown_is_the_session(tmp_path: Path) -> None:
    timeline = plan(load_routine("upper-back"), voice="builtin", cache=Cache(tmp_path)).timeline
    drawn = (ROOT / "docs" / "session.svg").read_text(encoding="utf-8")
    assert drawn == svg(timeline), "draw it again: python docs/pictures.py"


def test_the_routine_file_shown_fits_its_length_without_a_notice(tmp_path: Path) -> None:
    routine = parse_routine(blocks("routine-files.md", "yaml")[0])
    timeline = plan(routine, voice="builtin", cache=Cache(tmp_path))
    assert timeline.length_ms == routine.length_ms
    assert timeline.notices == ()


def test_the_phrases_shown_are_phrases() -> None:
    shown = next(text for text in blocks("routine-files.md", "yaml") if text.startswith("phrases:"))
    assert parse_routine(f"{blocks('routine-files.md', 'yaml')[0]}{shown}").phrases.keys() == {
        "switch",
        "complete",
        "more",
        "halfway",
    }


def test_the_ready_exercises_shown_are_shipped(tmp_path: Path) -> None:
    using = next(text for text in blocks("routine-files.md", "yaml") if "use:" in text)
    assert plan(parse_routine(using), voice="builtin", cache=Cache(tmp_path)).notices == ()


def test_the_extending_file_shown_extends_the_shipped_routine(tmp_path: Path) -> None:
    path = tmp_path / "short-back.yaml"
    path.write_text(next(text for text in blocks("routine-files.md", "yaml") if "extends:" in text))
    routine, parent = load_routine(path), load_routine("upper-back")
    changed = {one.slug for one, other in zip(routine.flat, parent.flat, strict=True) if one != other}
    assert changed == {"double-v", "cat-stretch"}
    assert routine.length_ms is None
    assert plan(routine, voice="builtin", cache=Cache(tmp_path)).notices == ()


def test_the_text_shown_is_imported_as_the_page_says() -> None:
    found = import_routine(blocks("import.md", "text")[0])
    assert [one.name for one in found.routine.flat] == ["Bridge", "Calf stretch"]
    assert found.routine.equipment == ("a mat",)
    guesses = re.findall(r"# guess: [^`]*", PAGES["import.md"])
    assert guesses
    assert all(guess in found.text for guess in guesses)


CONSOLE = {page: [line for block in blocks(page, "console") for line in block.splitlines()] for page in PAGES}


@pytest.mark.parametrize("page", [page for page, lines in CONSOLE.items() if lines])
def test_every_command_of_the_console_blocks_runs(page: str, folder: Path) -> None:
    commands = [line.removeprefix("$ ") for line in CONSOLE[page]]
    others = [line for line in commands if not line.startswith("audiogen ")]
    made = {"python3 -m venv .venv", ". .venv/bin/activate", "pip install ."}
    assert set(others) <= {*made, "uv tool install .", "pipx install ."}
    for _, *arguments in map(shlex.split, filter(lambda line: line not in others, commands)):
        stand_in(folder, arguments)
        run(folder, *arguments)


def test_the_session_that_is_saved_is_the_one_rendered_with_the_flags(folder: Path) -> None:
    arguments = ["upper-back", "--hold", "double-v=45s", "--length", "12m", "--save", "kept"]
    stand_in(folder, arguments)
    flags, saved = (run(folder, "plan", *one, "--json", "--voice", "builtin") for one in (arguments, ["kept"]))
    assert saved == flags


@pytest.mark.linux(reason="pseudo-terminals")
def test_the_walk_shown_is_what_happens_on_a_terminal(tmp_path: Path) -> None:
    shown = next(text for text in blocks("tonight.md", "") if "audiogen customise" in text).splitlines()
    command, lines = shown[0].removeprefix("$ audiogen "), shown[1:]
    terminal = Terminal(tmp_path, *shlex.split(command), "--voice", "builtin")
    for line in lines:
        prompt, ends, answer = line.partition(" >")
        if ends:
            terminal.answers(prompt, f"{answer.strip()}\n")
    terminal.answers("Save it under a name", "\n")
    terminal.answers("Render it now?", "\n")
    assert terminal.ends() == 0
    terminal.close()
    assert [line.rstrip() for line in terminal.lines[: len(lines)]] == lines


def test_the_python_shown_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = blocks("programs.md", "python")
    (folder / "shown.py").write_text(block)
    stand_in(folder)
    monkeypatch.chdir(folder)
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    runpy.run_path("shown.py")
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert (folder / "upper-back.mp3").exists()


def test_every_command_and_option_named_in_the_text_exists(folder: Path) -> None:
    named = [(page, line) for page, text in PAGES.items() for line in re.findall(r"`(audiogen [^`]+)`", text)]
    assert len(named) > 30
    help_of = functools.cache(lambda *verb: run(folder, *verb, "--help"))
    for page, line in named:
        _, *arguments = shlex.split(line)
        known = help_of(*(one for one in arguments[:1] if not one.startswith("-")))
        for option in (one for one in arguments if one.startswith("-")):
            assert re.search(rf"(^|[ ,]){option}\b", known, re.MULTILINE), f"{page}: {line}: no {option}"


def test_the_table_of_routines_names_the_shipped_ones() -> None:
    shipped = {path.stem for path in (ROOT / "routines").glob("*.yaml")}
    assert {name for name in shipped if f"`{name}`" not in PAGES["tonight.md"]} == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    folder = ROOT if page == "README.md" else ROOT / "docs"
    links = re.findall(r"(?:\]\(|src=\")([^)\"]+)", PAGES[page])
    assert [
        link for link in links if not link.startswith("http") and not (folder / link.partition("#")[0]).exists()
    ] == []


def test_every_page_is_in_the_table_of_contents() -> None:
    contents = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert {page for page in PAGES if page != "README.md" and f": {page}\n" not in contents} == set()


def test_the_site_has_every_file_that_the_start_page_links_to() -> None:
    linked = {link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", PAGES["README.md"]) if "://" not in link}
    added = (ROOT / "docs" / "pages.py").read_text(encoding="utf-8")
    assert {link for link in linked if not link.startswith("docs/") and f'"{link}"' not in added} == set()
