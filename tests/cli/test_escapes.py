"""Whatever a user's or a stranger's file contains, a terminal shows it and obeys none of it."""

import json
import unicodedata
from pathlib import Path

import pytest

from audiogen import parse_routine, render
from audiogen.errors import Problem
from audiogen.studio.pages import _TEMPLATES
from audiogen.text import legible, visible
from tests import command
from tests.terminal import Terminal

HOSTILE = "A\x1b]0;owned\x07\x9b31m\u202eb\u2066\x7f"
TINY = "title: Tiny\nguidance: tones\nexercises: [{name: Stretch, hold: 3s, countdown: 0}]\n"


def is_shown(text: str) -> bool:
    """Whether a terminal shows each character, one after the other."""
    directed = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return not any(
        character in directed or (unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t")
        for character in text
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files with hostile names, texts, keys and tags."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "routines").mkdir()
    document = {"title": HOSTILE, "exercises": [{"name": HOSTILE, "hold": "30s", HOSTILE: 1}]}
    (folder / "routines" / "titled.yaml").write_text(json.dumps(document))
    (folder / "routines" / f"{HOSTILE}.yaml").write_text(TINY)
    (folder / "routines" / "broken.yaml").write_text(f'title: "{HOSTILE}"\n', "utf-8")
    (folder / "table.csv").write_text(f'routine,output,{HOSTILE}\n"{HOSTILE}","{HOSTILE}",1\n', "utf-8")
    routine = parse_routine(TINY)
    exercise = routine.flat[0].model_copy(update={"name": HOSTILE})
    stranger = routine.model_copy(update={"title": HOSTILE, "exercises": (exercise,)})
    render(stranger, folder / "stranger.mp3", voice="builtin")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["list", "--json"],
        ["check", "titled"],
        ["check", "titled", "broken", HOSTILE, "--json"],
        ["plan", HOSTILE],
        ["plan", "titled"],
        ["plan", f"{HOSTILE}-not-there"],
        ["plan", "upper-back", "--title", HOSTILE],
        ["plan", "upper-back", "--hold", f"{HOSTILE}=3s"],
        ["plan", "upper-back", f"--{HOSTILE}"],
        ["plan", "upper-back", "--voice", HOSTILE],
        [HOSTILE],
        ["render", HOSTILE, "--voice", "builtin", "-v"],
        ["render", "upper-back", "-o", f"nowhere/{HOSTILE}.mp4"],
        ["batch", "table.csv"],
        ["verify", "stranger.mp3"],
        ["extract", "stranger.mp3", "--what", "chapters"],
    ],
    ids=lambda arguments: ascii(" ".join(arguments)),
)
def test_nothing_that_a_terminal_obeys_is_printed(arguments: list[str], folder: Path) -> None:
    done = command.run(*arguments, cwd=folder)
    assert "bug in audiogen" not in done.stderr
    assert is_shown(done.stdout)
    assert is_shown(done.stderr)
    assert done.stdout + done.stderr


def test_a_file_that_is_printed_to_a_terminal_is_shown_too(folder: Path) -> None:
    terminal = Terminal(folder, "extract", "stranger.mp3")
    assert terminal.ends() == 0
    assert "owned" in terminal.shown
    assert is_shown(terminal.shown.replace("\r\n", "\n"))


def test_what_is_written_out_reads_back_as_it_was() -> None:
    assert json.loads(visible(json.dumps(HOSTILE, ensure_ascii=False))) == HOSTILE
    assert visible("Übung\n\t1 \u200f\u200d") == "Übung\n\t1 \u200f\u200d"


def test_only_colours_pass_in_a_styled_text() -> None:
    assert visible("\x1b[1;38;5;16mA\x1b[0m\x1b[2J\x1b]0;t\x07", styled=True) == (
        "\x1b[1;38;5;16mA\x1b[0m\\u001b[2J\\u001b]0;t\\u0007"
    )


def test_sentences_pictures_and_pages_show_it() -> None:
    assert is_shown(str(Problem("storage.not-a-file", place=HOSTILE, subject=HOSTILE)))
    assert is_shown(legible(HOSTILE))
    assert is_shown(_TEMPLATES.from_string("{{ title }}").render(title=HOSTILE))
