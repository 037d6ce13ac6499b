"""The walk through a session: the dialogue by itself, and the whole command in a pseudo-terminal."""

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.cli.questions import Answered, ask_all
from audiogen.errors import Problem, TimelineError
from audiogen.routine.load import parse_routine
from audiogen.routine.model import Routine
from audiogen.routine.overrides import Overrides
from audiogen.session import plan
from audiogen.storage.cache import Cache
from tests.command import run
from tests.strategies import documents, read
from tests.terminal import Terminal

FIVE = """\
title: Five
length: 5m
exercises:
  - name: Rest
    hold: 20s
  - name: Lean
    sides: [right, left]
    hold: 30s
    cues: [{at: 20s, say: Breathe.}]
  - name: Curl
    reps: 6
    sides: [right, left]
    tempo: [{say: Up, for: 2s}, {say: Down, for: 2s}]
  - name: Tap
    reps: 4
    sides: alternate
    tempo: [{for: 2s}]
  - name: Reach
    hold: 20s
    sides: [left]
    sets: 2
    rest: 10s
"""


class Dialogue:
    """Answers given one after the other, and all that was asked and told."""

    def __init__(self, answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []
        self.lines: list[str] = []

    def ask(self, prompt: str) -> str:
        self.asked.append(prompt)
        self.lines.append(prompt)
        return self._answers.pop(0)

    def tell(self, line: str) -> None:
        assert "\n" not in line
        self.lines.append(line)


@pytest.fixture(scope="module")
def five() -> Routine:
    return parse_routine(FIVE)


def walked(routine: Routine, *answers: str, length: str | None = None) -> tuple[Answered, Dialogue]:
    """A walk with these answers; none is asked for more, and none is left."""
    dialogue = Dialogue(answers)
    planned = partial(_planned, routine)
    result = ask_all(routine, planned, dialogue.ask, dialogue.tell, length=length)
    assert len(dialogue.asked) == len(answers)
    return result, dialogue


def _planned(routine: Routine, overrides: Overrides) -> Any:
    return plan(routine, overrides=overrides, voice="builtin", cache=Cache(Path("nowhere")))


def told(dialogue: Dialogue) -> list[str]:
    return [line for line in dialogue.lines[1:] if line not in dialogue.asked]


KEEP = ("",)


def test_enter_keeps_everything(five: Routine) -> None:
    result, dialogue = walked(five, *KEEP * 6)
    assert result.overrides == {}
    assert dialogue.lines == [
        "Five, 5 exercises, 5:00. Enter keeps a value, ? explains.",
        "1 Rest, 20s [5:00] > ",
        "2 Lean, 30s per side [5:00] > ",
        "3 Curl, 6 repetitions of 4s per side [5:00] > ",
        "4 Tap, 4 repetitions of 2s, alternating sides [5:00] > ",
        "5 Reach, 2 sets of 20s on the left, 10s rest in between [5:00] > ",
        "Length of the track [5:00] > ",
    ]


def test_a_new_length_changes_and_the_total_goes_along(five: Routine) -> None:
    result, dialogue = walked(five, "", "45s", *KEEP * 4)
    assert result.overrides == {"hold": ["lean=45s"]}
    assert result.plan.length_ms == 330_000
    assert dialogue.asked[2].endswith("[5:30] > ")
    assert told(dialogue) == [
        "Lean: 45s per side, was 30s per side.",
        "The routine's length is 5m; enter 5m to keep it.",
    ]


@pytest.mark.parametrize(
    ("answers", "overrides"),
    [
        (["1:30", "", "", "", "", ""], {"hold": ["rest=1m30s"]}),
        (["25", "", "", "", "", ""], {"hold": ["rest=25s"]}),
        ([" 1.5X ", "", "", "", "", ""], {"hold": ["rest=30s"]}),
        (["", "40s / 45s", "", "", "", ""], {"hold": ["lean.right=40s", "lean.left=45s"]}),
        (["", "2x/45s", "", "", "", ""], {"hold": ["lean.right=1m", "lean.left=45s"]}),
        (["", "40s/45s", "b", "50s", "", "", "", ""], {"hold": ["lean=50s"]}),
        (["", "40s", "b", "1.5x", "b", "2x", "", "", "", ""], {"hold": ["lean=2m"]}),
        (["30s", "45s", "", "", "", ""], {"hold": ["rest=30s", "lean=45s"]}),
        (["", "", "7", "", "", ""], {"reps": ["curl=7"]}),
        (["", "", "7/5", "", "", ""], {"reps": ["curl.right=7", "curl.left=5"]}),
        (["", "", "7", "b", "1.5x", "b", "2x", "", "", ""], {"reps": ["curl=7"], "tempo": ["curl=3x"]}),
        (["", "", "", "", "1m", ""], {"hold": ["reach=1m"]}),
        (["20s", "", "", "", "", ""], {}),
        (["s", "", "", "", "", ""], {"only": "2,3,4,5"}),
        (["s", "b", "s", "", "", "", "", ""], {}),
        (["s", "b", "30s", "", "", "", "", ""], {"hold": ["rest=30s"]}),
        (["s", "s", "s", "s", "s", "", ""], {"only": "5"}),
        (["45s", "q", ""], {"hold": ["rest=45s"]}),
        (["q", "5m10s"], {"length": "5m10s"}),
        (["q", "none"], {"length": "none"}),
        (["q", "b", "30s", ""], {"hold": ["reach=30s"]}),
    ],
    ids=str,
)
def test_answers_become_overrides(five: Routine, answers: list[str], overrides: Overrides) -> None:
    result, _ = walked(five, *answers)
    assert result.overrides == overrides


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        (["long"], "It must be a duration such as 45s or 1m30s, found 'long'; ? explains."),
        (["0"], "It must be longer than 0s, found '0'; ? explains."),
        (["-5s"], "It must not be negative, found '-5s'; ? explains."),
        (["0x"], "It must be a factor above 0 and at most 100, found '0x'; ? explains."),
        (["30s/40s"], "Enter one value; ? explains."),
        (["", "30s/40s/50s"], "Enter one value, or right/left; ? explains."),
        (["", "30s/"], "It must be a duration such as 45s or 1m30s, found ''; ? explains."),
        (["", "15s"], "A cue would not fit: at must be within the 15s of hold, found 20s."),
        (["", "", "8s"], "It cannot be read, found '8s'; ? explains."),
        (["", "", "", "2/3"], "Enter one value; ? explains."),
        (["rest=4s"], "Enter one value; ? explains."),
        (["b"], "This is the first exercise."),
        (["q", "long"], "It must be a duration such as 10m, or none, found 'long'; ? explains."),
    ],
)
def test_wrong_input_is_answered_in_one_line_and_asked_again(five: Routine, answers: list[str], line: str) -> None:
    result, dialogue = walked(five, *answers, "q", *KEEP * (answers[0] != "q"))
    assert result.overrides == {}
    assert told(dialogue) == [line]
    assert dialogue.asked[len(answers)] == dialogue.asked[len(answers) - 1]


def test_the_last_exercise_that_is_left_stays(five: Routine) -> None:
    result, dialogue = walked(five, "s", "s", "s", "s", "s", "", "")
    assert result.overrides == {"only": "5"}
    assert "This is the last exercise left; it cannot be skipped." in told(dialogue)


def test_what_the_file_skips_can_be_taken_in() -> None:
    routine = parse_routine(FIVE.replace("name: Curl", "name: Curl\n    skip: true"))
    result, dialogue = walked(routine, "", "", "s", "", "", "")
    assert result.overrides == {"only": "1,2,3,4,5"}
    assert "Curl: 6 repetitions of 4s per side, was skipped." in told(dialogue)


def test_a_selection_releases_the_length_and_the_question_for_it_says_so(five: Routine) -> None:
    result, dialogue = walked(five, "s", *KEEP * 5)
    assert result.plan.length_ms != 300_000
    assert re.fullmatch(r"2 Lean, 30s per side \[about 4:\d\d\] > ", dialogue.asked[1])
    assert dialogue.lines[-2] == "The routine's length is 5m; enter 5m to keep it."


def test_a_length_that_cannot_be_met_is_refused_with_the_range(five: Routine) -> None:
    result, dialogue = walked(five, "q", "1m", "")
    assert result.plan.length_ms == 300_000
    assert re.match(r"Five cannot last 1:00; it can last 4:\d\d to \d:\d\d\. ", told(dialogue)[0])


def test_a_length_that_was_wished_for_stays(five: Routine) -> None:
    result, dialogue = walked(five, "40s", *KEEP * 5, length="6m")
    assert result.overrides == {"hold": ["rest=40s"], "length": "6m"}
    assert all("[6:00]" in prompt for prompt in dialogue.asked)


def test_a_notice_is_told_and_the_question_asked_again() -> None:
    routine = parse_routine(FIVE.replace("say: Breathe.", "say: Breathe in slowly and let it all go again"))
    result, dialogue = walked(routine, "", "21s", "", *KEEP * 4)
    assert result.overrides == {"hold": ["lean=21s"]}
    assert any(line.startswith("Notice: 2 Lean, right side: The cue") for line in told(dialogue))
    assert dialogue.asked[2].startswith("2 Lean, 21s per side")


def test_what_the_plan_refuses_is_told_and_taken_back(five: Routine) -> None:
    def strict(overrides: Overrides) -> Any:
        if "hold" in overrides:
            raise TimelineError(Problem("timeline.cue-too-late", "1 Rest"), Problem("timeline.cue-too-late", "2 Lean"))
        return _planned(five, overrides)

    dialogue = Dialogue(["30s", "q", ""])
    assert ask_all(five, strict, dialogue.ask, dialogue.tell).overrides == {}
    assert told(dialogue) == [str(Problem("timeline.cue-too-late", "1 Rest"))]


def test_question_marks_explain(five: Routine) -> None:
    _, dialogue = walked(five, "?", "", "?", "", "?", "q", "?", "")
    lines = told(dialogue)
    assert lines[0].startswith("Enter keeps the length. 45s")
    assert lines[3].startswith("30s/45s sets the right")
    assert lines[4].startswith("Enter keeps the repetitions. 8")
    assert lines[-1].startswith("Enter keeps the length. 12m")


ANSWERS = st.sampled_from(["", "", "s", "b", "?", "45s", "1.5x", "30s/40s", "7", "7/8", "x", "q", "none", "9m"])


@given(documents(), st.lists(ANSWERS, max_size=12))
def test_whatever_is_answered_the_session_is_that_of_its_overrides(document: dict[str, Any], some: list[str]) -> None:
    routine = read(document)
    dialogue = Dialogue([*some, *["q", ""] * 2, *[""] * 40])
    result = ask_all(routine, partial(_planned, routine), dialogue.ask, dialogue.tell)
    assert result.plan == _planned(routine, result.overrides)


# -- the command, in a pseudo-terminal

SHORT = """\
# Two minutes.
title: Short
countdown: 0
exercises:
  - {name: Rest, hold: 3s}
  - {name: Reach, hold: 4s, sides: [right, left]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "routines").mkdir()
    (tmp_path / "routines" / "short.yaml").write_text(SHORT)
    return tmp_path


@pytest.fixture
def customising(folder: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*arguments: str, **environment: str) -> Terminal:
        opened.append(Terminal(folder, "customise", "short", "--voice", "builtin", *arguments, **environment))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, cwd=folder)


def files_in(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in found)


@pytest.mark.linux(reason="pseudo-terminals")
def test_a_walk_from_the_first_question_to_the_track(customising: Callable[..., Terminal], folder: Path) -> None:
    terminal = customising("--sidecars", "srt,sheet")
    terminal.answers("1 Rest, 3s [about ", "\n")
    terminal.answers("2 Reach, 4s per side [about ", "long\n")
    terminal.answers("2 Reach, 4s per side [about ", "b\n")
    terminal.answers("1 Rest, 3s [about ", "s\n")
    terminal.answers("2 Reach, 4s per side [about ", "5s/6s\n")
    terminal.answers("Length of the track [about ", "\n")
    terminal.answers("Save it under a name", "mine\n")
    terminal.answers("Render it now? (y/n)", "maybe\n")
    terminal.answers("Render it now? (y/n)", "y\n")
    assert terminal.ends() == 0
    assert "It must be a duration such as 45s or 1m30s, found 'long'; ? explains." in terminal.lines
    assert "Rest: skipped, was 3s." in terminal.lines
    assert [line for line in terminal.lines if "hold, left side" in line and "6s" in line]  # the plan
    assert "Saved as routines/mine.yaml. To render it: audiogen render mine" in terminal.lines
    assert terminal.lines[-2:] == ["Next to it: mine.srt, mine.sheet.html", "output/mine.mp3"]
    assert {path.name for path in (folder / "output").glob("mine.*")} == {"mine.srt", "mine.sheet.html", "mine.mp3"}
    assert (folder / "routines" / "mine.yaml").read_text() == (
        "extends: short.yaml\n"
        "voice: builtin\n"
        "title: Mine\n"
        "exercises:\n"
        "  rest:\n"
        "    skip: true\n"
        "  reach:\n"
        "    hold:\n"
        "      right: 5s\n"
        "      left: 6s\n"
    )
    track = (folder / "output" / "mine.mp3").read_bytes()
    assert command(folder, "render", "mine", "-o", "again.mp3").returncode == 0
    assert (folder / "again.mp3").read_bytes() == track


@pytest.mark.linux(reason="pseudo-terminals")
def test_prompts_are_never_redrawn(customising: Callable[..., Terminal]) -> None:
    terminal = customising(NO_COLOR="1")
    for prompt in ("1 Rest", "2 Reach", "Length", "Render it now?"):
        terminal.answers(prompt, "\n")
    assert terminal.ends() == 0
    assert "\x1b" not in terminal.shown
    assert "\r" not in terminal.shown.replace("\r\n", "\n")


@pytest.mark.linux(reason="pseudo-terminals")
def test_plain_shows_the_plan_in_sentences(customising: Callable[..., Terminal]) -> None:
    terminal = customising("--plain")
    for prompt in ("1 Rest", "2 Reach", "Length", "Render it now?"):
        terminal.answers(prompt, "\n")
    assert terminal.ends() == 0
    assert [line for line in terminal.lines if re.match(r"At 0:\d\d: hold, 3s\.", line)]
    assert "\x1b" not in terminal.shown


@pytest.mark.linux(reason="pseudo-terminals")
def test_flags_are_where_the_walk_begins(customising: Callable[..., Terminal], folder: Path) -> None:
    terminal = customising("--hold", "1.5x", "--skip", "1", "--length", "1m")
    terminal.answers("1 Rest, skipped [1:00]", "\n")
    terminal.answers("2 Reach, 6s per side [1:00]", "\n")
    terminal.answers("Length of the track [1:00]", "none\n")
    terminal.answers("Save it under a name", "short\n")
    terminal.answers("Save it under a name", "mine\n")
    terminal.answers("Render it now?", "n\n")
    assert terminal.ends() == 0
    assert any(line.startswith("routines/short.yaml is the routine itself") for line in terminal.lines)
    assert "length" not in (folder / "routines" / "mine.yaml").read_text()


@pytest.mark.linux(reason="pseudo-terminals")
def test_a_file_that_exists_is_changed_only_after_a_yes(customising: Callable[..., Terminal], folder: Path) -> None:
    mine = folder / "routines" / "mine.yaml"
    mine.write_text("# Mine.\nextends: short.yaml\n")
    terminal = customising()
    terminal.answers("1 Rest", "5s\n")
    terminal.answers("2 Reach", "\n")
    terminal.answers("Length", "\n")
    terminal.answers("Save it under a name", "mine\n")
    terminal.answers("routines/mine.yaml already exists. Change it?", "n\n")
    terminal.answers("Save it under a name", "mine\n")
    terminal.answers("routines/mine.yaml already exists. Change it?", "y\n")
    assert mine.read_text() == "# Mine.\nextends: short.yaml\n"
    terminal.answers("Render it now?", "\n")
    assert terminal.ends() == 0
    assert mine.read_text().startswith(
        "# Mine.\nextends: short.yaml\nvoice: builtin\ntitle: Mine\nexercises:\n  rest:\n    hold: 5s\n"
    )


@pytest.mark.linux(reason="pseudo-terminals")
@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
@pytest.mark.parametrize("answered", [0, 1, 2, 3, 4])
def test_ctrl_c_and_ctrl_d_leave_nothing_behind(
    customising: Callable[..., Terminal], folder: Path, key: str, answered: int
) -> None:
    before = files_in(folder)
    terminal = customising()
    prompts = [("1 Rest", "5s\n"), ("2 Reach", "\n"), ("Length", "\n"), ("Save it", "mine\n"), ("Render it", "y\n")]
    for prompt, keys in prompts[:answered]:
        terminal.answers(prompt, keys)
    terminal.answers(prompts[answered][0], key)
    assert terminal.ends(pressing=key) == 130
    assert terminal.lines[-1] == "Stopped; nothing was written."
    assert "Traceback" not in terminal.shown
    assert files_in(folder) == before


def test_without_a_terminal_the_flags_are_named(folder: Path) -> None:
    done = command(folder, "customise", "short")
    assert (done.returncode, done.stdout) == (1, "")
    assert "audiogen render short --hold NAME=45s" in done.stderr
    assert "--save" in done.stderr
