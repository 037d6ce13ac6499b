"""The command `import`: what it writes, prints and refuses."""

import json
import subprocess
from pathlib import Path

import pyperclip
import pytest

from audiogen.cli.commands.import_ import clipboard
from audiogen.errors import OutputError
from tests.command import PROGRAM, run

SHEET = """\
Knee plan

1) Bridge 3x10, rest 30s
   Lift your hips.
2) Calf stretch 30-45s each side

Call me on Monday.
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "knee-plan.txt"
    path.write_text(SHEET, "utf-8")
    return path


def test_a_file_becomes_a_routine_that_passes_check(sheet: Path, tmp_path: Path) -> None:
    done = run("import", sheet.name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(Path("routines", "knee-plan.yaml"))
    assert 'knee-plan.yaml: 2 exercises, 3 guesses (marked "# guess"), 1 line left out.' in done.stderr
    assert "line 5    Calf stretch: the low end of 30s to 45s" in done.stderr
    assert "Call me on Monday." in done.stderr
    checked = run("check", "routines/knee-plan.yaml", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout
    again = run("import", sheet.name, cwd=tmp_path)
    assert again.returncode == 1
    assert "Add --force to save it anyway." in again.stderr
    assert run("import", sheet.name, "--force", cwd=tmp_path).returncode == 0


def test_a_pipe_goes_in_and_comes_out() -> None:
    command = [*PROGRAM, "import", "-", "-o", "-", "-q", "--name", "Mine"]
    done = subprocess.run(command, input=SHEET, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.startswith("title: Mine\n")
    assert done.stderr == ""


def test_json_has_the_guesses_and_what_was_left_out_and_v_explains_each_line(sheet: Path, tmp_path: Path) -> None:
    done = run("import", sheet.name, "--json", "-v", cwd=tmp_path)
    document = json.loads(done.stdout)
    assert document["title"] == "Knee plan"
    assert {"line": 7, "column": 1, "kind": "text", "text": "Call me on Monday."} in document["left_out"]
    assert [guess["key"] for guess in document["guesses"]] == ["tempo", "sides", "hold"]
    assert any(line.split()[:3] == ["3", "head", "Bridge"] and "head 6" in line for line in done.stderr.splitlines())
    assert not (tmp_path / "routines").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nothing.txt"], 1, "no exercise was found; a line such as"),
        (["nowhere.txt"], 1, "nowhere.txt cannot be read"),
        (["https://example.org/knee"], 1, "audiogen opens no web pages"),
        ([], 2, "name a file, - for stdin, or --paste"),
        (["-", "--paste"], 2, "name a file, - for stdin, or --paste"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments: list[str], code: int, words: str, tmp_path: Path) -> None:
    (tmp_path / "nothing.txt").write_text("Nothing to do here.\n", "utf-8")
    done = run("import", *arguments, cwd=tmp_path)
    assert done.returncode == code
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_clipboard_that_cannot_be_read_says_how_to_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyperclip.paste", _no_clipboard)
    with pytest.raises(OutputError) as caught:
        clipboard()
    assert [problem.code for problem in caught.value.problems] == ["cli.no-clipboard"]


def _no_clipboard() -> str:
    raise pyperclip.PyperclipException("no mechanism")
