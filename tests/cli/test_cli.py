"""The command as a user drives it: what goes where, how it ends, and what it says."""

import json
import os
import pkgutil
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import audiogen.cli.commands
from tests.command import Begun, begin, run

from ..terminal import all_shown

TINY = """\
title: Tiny
settle: 1s
exercises:
  - name: Rest
    hold: 3s
    countdown: 0
"""
COMMANDS = (
    "render",
    "plan",
    "list",
    "new",
    "customise",
    "verify",
    "extract",
    "voices",
    "cache",
    "series",
    "watch",
    "batch",
    "check",
    "schema",
)
GROUPS = ["Options", "Everyday", "Phone", "Voices", "Many", "Editors"]
NO_NETWORK = "http://127.0.0.1:9"  # a port where nobody answers


class Shell:
    """Runs the command in a folder of its own, with nothing of the user's environment."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AUDIOGEN_", "XDG_", "COV_"))},
            "HOME": str(folder / "home"),
            "AUDIOGEN_CACHE_DIR": str(cache),
            "HTTPS_PROXY": NO_NETWORK,
            "PYTHONIOENCODING": "utf-8",
            "TERM": "xterm-256color",
            "COLUMNS": "100",
        }
        self.environment.pop("NO_COLOR", None)

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run(*arguments, cwd=self.folder, env={**self.environment, **environment})

    def start(self, *command: str, **pipes: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environment,
            **pipes,
        )

    def begin(self, *arguments: str, stdout: int = subprocess.PIPE, stderr: int = subprocess.PIPE) -> Begun:
        return begin(*arguments, cwd=self.folder, env=self.environment, stdout=stdout, stderr=stderr)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def json(self, *arguments: str, **environment: str) -> Any:
        done = self(*arguments, "--json", **environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def shell(tmp_path: Path, cache: Path) -> Shell:
    return Shell(tmp_path, cache)


@pytest.fixture
def tiny(shell: Shell) -> Shell:
    shell.write("tiny.yaml", TINY)
    return shell


# -- help


def test_the_command_alone_shows_help_with_grouped_commands(shell: Shell) -> None:
    done = shell()
    assert done.returncode == 0
    assert done.stderr == ""
    groups = re.findall(r"^(\w+):$", done.stdout, re.MULTILINE)
    assert [group for group in groups if group in GROUPS] == GROUPS
    assert set(re.findall(r"^  (\w+)  ", done.stdout, re.MULTILINE)) >= set(COMMANDS)
    assert done.stdout == shell("--help").stdout == shell("-h").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(shell: Shell, command: str) -> None:
    done = shell(command, "--help")
    assert done.returncode == 0
    assert f"audiogen {command}" in done.stdout.partition("Examples:")[2]


def test_the_help_is_there_without_docstrings(shell: Shell) -> None:
    for words in (["--help"], ["render", "--help"]):
        bare = subprocess.run(
            [sys.executable, "-OO", "-m", "audiogen", *words], capture_output=True, text=True, check=True
        ).stdout.replace("python -m audiogen", "audiogen")
        assert bare == shell(*words).stdout


@pytest.mark.parametrize("flag", ["--length", "--title", "--sounds", "--voice"])
def test_an_empty_value_is_refused_not_ignored(shell: Shell, flag: str) -> None:
    done = shell("plan", "upper-back", flag, "")
    assert (done.returncode, done.stdout) == (1, "")
    assert flag in done.stderr or flag == "--voice"


def test_the_version_is_that_of_the_package(shell: Shell) -> None:
    from importlib.metadata import version

    assert shell("--version").stdout == f"audiogen {version('audiogen')}\n"


@pytest.mark.parametrize("arguments", [["rendr"], ["plan"], ["plan", "a", "b"], ["list", "--nonsense"], ["check"]])
def test_wrong_usage_exits_2_and_talks_on_stderr(shell: Shell, arguments: list[str]) -> None:
    done = shell(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: " in done.stderr


def test_a_misspelt_command_is_told_which_one_was_meant(shell: Shell) -> None:
    assert "Did you mean 'render'" in shell("rendr").stderr
    assert shell("help", "rendr").stderr == shell("rendr").stderr


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (["plan", "tiny", "\N{EM DASH}hold", "3s"], "write --hold in place of"),
        (["plan", "tiny", "\N{EN DASH}v"], "write -v in place of"),
        (["plan", "tiny", "-hold", "3s"], "write --hold in place of -hold"),
        (["box-breathing"], "audiogen render box-breathing"),
        (["plan", "tiny", "--hold", "shrug", "45s"], "did you mean --hold shrug=45s?"),
        (["plan", "tiny", "--hold", "shrug=", "45s"], "did you mean --hold shrug=45s?"),
        (["plan", "tiny", "--hold", "shrug:", "45s"], "did you mean --hold shrug=45s?"),
        (["plan", "tiny", "--hold", "long shrug", "45s"], "did you mean --hold 'long shrug=45s'?"),
        (["plan", "tiny", "--hold", "shrug", "=45s"], "did you mean --hold shrug=45s?"),
        (["plan", "tiny", "--hold", "shrug", "=", "45s"], "did you mean --hold shrug=45s?"),
        (["plan", "--reps", "shrug", "8", "tiny"], "did you mean --reps shrug=8?"),
        (["plan", "tiny", "--hold", "45s", "90s"], "unexpected extra argument"),
        (["plan", "tiny", "--hold", "shrug", "slowly"], "unexpected extra argument"),
        (["plan", "tiny", "--hold"], "Option '--hold' requires an argument"),
        (["plan", "box", "breathing"], "did you mean box-breathing?"),
        (["plan", "--hold", "3s", "Box", "Breathing", "-v"], "did you mean box-breathing?"),
        (["plan", "box", "tiny"], "unexpected extra argument"),
        (["RENDER", "tiny"], "did you mean audiogen render tiny?"),
        (["help", "Rendr"], "did you mean audiogen help render?"),
        (["QQQ"], "No such command 'QQQ'"),
        (["render"], "audiogen list"),
    ],
)
def test_a_mistyped_command_line_is_answered_with_what_was_meant(typed: list[str], written: str, shell: Shell) -> None:
    done = shell(*typed)
    assert (done.returncode, done.stdout) == (2, "")
    assert written in done.stderr


def test_help_explains_audiogen_or_a_command(shell: Shell) -> None:
    assert shell("help").stdout == shell("--help").stdout
    assert shell("help", "import").stdout == shell("import", "--help").stdout


def test_many_options_are_shown_in_panels_with_the_most_used_first(shell: Shell) -> None:
    panels = re.findall(r"^([A-Z][a-z ]+):$", shell("render", "--help").stdout, re.MULTILINE)
    sections = ["Dose", "Pauses", "What is said", "Sound", "File", "Options"]
    assert panels[panels.index("Most used") :] == ["Most used", "Exercises", *sections]
    first = shell("render", "--help").stdout.split("Most used:")[1].split("Exercises:")[0]
    assert set(re.findall(r"--\w+", first)) == {"--out", "--voice", "--skip", "--hold", "--length", "--music"}
    assert "Options" in shell("list", "--help").stdout
    assert "Most used" not in shell("list", "--help").stdout


def test_where_shows_what_is_kept_where(shell: Shell) -> None:
    shell.write("routines/tiny.yaml", TINY)
    found = {one["what"]: one for one in shell.json("where")}
    assert found["routines here"] == {
        "what": "routines here",
        "path": str(shell.folder / "routines"),
        "exists": True,
    }
    assert not found["tracks"]["exists"]
    assert {"your routines", "your phrases", "settings", "cache"} < found.keys()
    assert f"{shell.folder / 'output'}  (not created yet)" in shell("where").stdout


# -- errors


@pytest.mark.parametrize("command", ["render", "plan"])
def test_an_unknown_routine_is_one_message_and_exit_1(shell: Shell, command: str) -> None:
    done = shell(command, "uper-back")
    assert (done.returncode, done.stdout) == (1, "")
    assert "upper-back" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (shell.folder / "output").exists()


def test_debug_shows_where_an_error_arose(shell: Shell) -> None:
    done = shell("plan", "uper-back", AUDIOGEN_DEBUG="1")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_voice_that_does_not_exist_is_an_error(tiny: Shell) -> None:
    done = tiny("plan", "tiny.yaml", "--voice", "nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nobody" in done.stderr


BUG = """
import sys
from audiogen import session
from audiogen.cli import main
def plan(*_, **__): raise ZeroDivisionError("one by none")
session.plan = plan
sys.argv[1:] = ["plan", "tiny.yaml"]
main()
"""


def test_a_bug_is_called_one_in_two_lines(tiny: Shell) -> None:
    process = tiny.start("-c", BUG, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate()
    assert (process.returncode, out) == (1, "")
    assert "bug in audiogen: ZeroDivisionError: one by none" in err
    assert "AUDIOGEN_DEBUG=1" in err
    assert len(err.splitlines()) == 2


def test_a_reader_that_has_gone_is_no_error(shell: Shell) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = shell.begin("plan", "upper-back", stdout=writing)
    os.close(writing)
    assert process.communicate()[1] == ""
    assert process.returncode == 0


@pytest.mark.linux(reason="/dev/full")
def test_a_full_disk_behind_stdout_is_a_clear_error(shell: Shell) -> None:
    with Path("/dev/full").open("w") as full:
        process = shell.begin("plan", "upper-back", stdout=full.fileno())
        message = process.communicate()[1]
    assert process.returncode == 1
    assert message == "Standard output cannot be written: No space left on device.\n"


def test_a_console_without_a_character_prints_a_question_mark(shell: Shell) -> None:
    shell.write("tiny.yaml", TINY.replace("Tiny", "Übung"))
    done = shell("plan", "tiny.yaml", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.startswith("?bung\n")
    assert shell.json("plan", "tiny.yaml", PYTHONIOENCODING="ascii")["title"] == "Übung"


# -- render


def test_render_prints_the_path_alone_on_stdout(tiny: Shell) -> None:
    done = tiny("render", "tiny.yaml", "--voice", "builtin")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{Path('output', 'tiny.mp3')}\n"
    assert (tiny.folder / "output" / "tiny.mp3").stat().st_size > 10_000


def test_render_tells_length_size_voice_and_how_to_play_it(tiny: Shell) -> None:
    done = tiny("render", "tiny.yaml", "--voice", "builtin")
    assert re.search(
        r"^0:\d\d\.?\d*, 0\.\d MB; \d+ cues by builtin:heart, (\d+|all|none) newly spoken\.$", done.stderr, re.M
    )
    assert "Nothing was sent to the internet." in done.stderr
    assert "An earlier file" not in done.stderr
    assert '"trim silence" off' in done.stderr


def test_a_second_render_speaks_nothing_and_says_that_it_replaced_the_file(tiny: Shell) -> None:
    first = tiny("render", "tiny.yaml", "--voice", "builtin")
    assert first.returncode == 0
    before = (tiny.folder / "output" / "tiny.mp3").read_bytes()
    second = tiny("render", "tiny.yaml", "--voice", "builtin")
    assert "none newly spoken" in second.stderr
    assert "An earlier file was replaced." in second.stderr
    assert (tiny.folder / "output" / "tiny.mp3").read_bytes() == before


def test_render_json_is_one_object(tiny: Shell) -> None:
    document = tiny.json("render", "tiny.yaml", "--voice", "builtin", "-o", "a.mp3")
    assert document["path"] == "a.mp3"
    assert document["size_bytes"] == (tiny.folder / "a.mp3").stat().st_size
    assert document["voice"] == "builtin:heart"
    assert document["sent_to"] is None
    assert document["notices"] == []
    plan = tiny.json("plan", "tiny.yaml", "--voice", "builtin")
    assert (plan["exact"], plan["length_ms"]) == (True, document["length_ms"])


def test_quiet_says_nothing(tiny: Shell) -> None:
    done = tiny("render", "tiny.yaml", "--voice", "builtin", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout != ""


def test_verbose_tells_when_each_exercise_begins(tiny: Shell) -> None:
    assert re.search(
        r"^ +0:\d\d  1\. Rest$", tiny("render", "tiny.yaml", "--voice", "builtin", "-v").stderr, re.MULTILINE
    )


def test_without_google_the_built_in_voice_speaks_and_says_why(tiny: Shell, tmp_path: Path) -> None:
    done = tiny("render", "tiny.yaml", AUDIOGEN_CACHE_DIR=str(tmp_path / "empty"))
    assert done.returncode == 0, done.stderr
    why = [line for line in done.stderr.splitlines() if line.endswith(" builtin:heart spoke instead.")]
    assert len(why) == 1
    assert "Google" in why[0]


def test_a_folder_can_be_given_for_the_file(tiny: Shell) -> None:
    (tiny.folder / "music").mkdir()
    done = tiny("render", "tiny.yaml", "--voice", "builtin", "-o", "music")
    assert done.stdout == f"{Path('music', 'tiny.mp3')}\n"


@pytest.mark.parametrize(("out", "words"), [("a.txt", "must end in .mp3, .m4a"), ("nowhere", "End the name in .mp3")])
def test_another_kind_of_file_is_refused_before_anything_is_spoken(tiny: Shell, out: str, words: str) -> None:
    done = tiny("render", "tiny.yaml", "-o", out)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert not (tiny.folder / out).exists()


def test_progress_is_lines_where_stderr_is_no_terminal(tiny: Shell) -> None:
    done = tiny("render", "tiny.yaml", "--voice", "builtin")
    assert re.search(r"^Encoding \d+ blocks?\.$", done.stderr, re.MULTILINE)
    assert "\x1b" not in done.stderr
    assert "\r" not in done.stderr


def on_terminal(shell: Shell, *arguments: str, stdout: bool = False) -> tuple[str, str]:
    """What a command shows on a terminal that holds its stderr (or stdout), and what went to the other stream."""
    import pty

    terminal, inside = pty.openpty()
    pipes = {"stdout": inside, "stderr": subprocess.PIPE} if stdout else {"stdout": subprocess.PIPE, "stderr": inside}
    process = shell.begin(*arguments, **pipes)
    os.close(inside)
    shown = all_shown(terminal)
    out, err = process.communicate()
    assert process.returncode == 0
    return shown.decode(), (err if stdout else out)


@pytest.mark.linux(reason="pseudo-terminals")
def test_progress_is_a_bar_on_a_terminal(tiny: Shell) -> None:
    shown, out = on_terminal(tiny, "render", "tiny.yaml", "--voice", "builtin")
    assert "\x1b" in shown
    assert "Encoding" in shown
    assert out == f"{Path('output', 'tiny.mp3')}\n"


@pytest.mark.linux(reason="pseudo-terminals")
@pytest.mark.parametrize("how", [{"AUDIOGEN_PLAIN": "1"}, {"TERM": "dumb"}, {}], ids=["variable", "dumb", "flag"])
def test_plain_redraws_nothing_on_a_terminal(tiny: Shell, how: dict[str, str]) -> None:
    tiny.environment |= how
    flag = [] if how else ["--plain"]
    shown, _ = on_terminal(tiny, "render", "tiny.yaml", "--voice", "builtin", *flag)
    assert "\x1b" not in shown
    assert "Encoding " in shown


def test_a_closed_stderr_does_not_stop_a_render(tiny: Shell) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = tiny.begin("render", "tiny.yaml", "--voice", "builtin", stderr=writing)
    os.close(writing)
    assert process.communicate()[0] == f"{Path('output', 'tiny.mp3')}\n"
    assert process.returncode == 0


# -- interruption


@pytest.fixture
def silent_proxy() -> Iterator[str]:
    """A proxy that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


STOPS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


@pytest.mark.parametrize(("stop", "code"), STOPS)
def test_one_signal_stops_a_waiting_render_within_a_second(
    stop: signal.Signals, code: int, tiny: Shell, silent_proxy: str
) -> None:
    earlier = tiny.write("output/tiny.mp3", "earlier")
    tiny.environment["HTTPS_PROXY"] = silent_proxy
    process = tiny.begin("render", "tiny.yaml", "--voice", "gtts")
    assert process.stderr is not None
    assert "Recording" in process.stderr.readline()
    process.send_signal(stop)
    asked_s = time.monotonic()
    out, err = process.communicate(timeout=120)
    assert time.monotonic() - asked_s < 5  # a second, and what a busy machine adds
    assert (process.returncode, out) == (code, "")
    assert err.splitlines()[-1] == "Stopped; nothing was written."
    assert "Traceback" not in err
    assert earlier.read_text() == "earlier"
    assert list(earlier.parent.iterdir()) == [earlier]


STUBBORN = """
import sys, time
from audiogen import session
from audiogen.cli import main
def render(*_, **__):
    print("ready", file=sys.stderr, flush=True)
    time.sleep(60)
session.render = render
sys.argv[1:] = ["render", "tiny.yaml"]
main()
"""


@pytest.mark.parametrize(("stop", "code"), STOPS)
def test_a_second_signal_leaves_at_once(stop: signal.Signals, code: int, tiny: Shell) -> None:
    process = tiny.start("-c", STUBBORN, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    assert process.stderr.readline() == "ready\n"
    process.send_signal(stop)
    assert process.stderr.readline() == "\n"
    assert "again" in process.stderr.readline()
    process.send_signal(stop)
    assert process.wait(timeout=120) == code
    process.communicate()


WHILE_LOADING = """
import importlib.abc, os, signal, sys
class Stopping(importlib.abc.MetaPathFinder):
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.{stop})
sys.meta_path.insert(0, Stopping())
from audiogen.cli import main
sys.argv[1:] = ["list"]
main()
"""


@pytest.mark.parametrize(("stop", "code"), STOPS)
def test_a_signal_while_the_program_is_loaded_ends_it_without_a_word(
    stop: signal.Signals, code: int, tiny: Shell
) -> None:
    process = tiny.start("-c", WHILE_LOADING.format(stop=stop.name), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.communicate(timeout=120) == ("", "")
    assert process.returncode == code


SPEAKING = """
import os, threading, time
from audiogen.cli.interrupt import leave
from audiogen.voices import open_voice
voice = open_voice("builtin", "en")
voice.speak("Ready.")
def speak():
    while True:
        voice.speak("Roll slowly.")
codes = []
for _ in range(6):
    child = os.fork()
    if not child:
        threading.Thread(target=speak, daemon=True).start()
        time.sleep(0.05)
        leave(130)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(codes)
"""


@pytest.mark.linux(reason="it forks")
def test_leaving_while_the_built_in_voice_speaks_does_not_abort(tiny: Shell) -> None:
    process = tiny.start("-c", SPEAKING, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.communicate(timeout=120) == (f"{[130] * 6}\n", "")


# -- plan


def test_plan_ends_with_the_total_and_how_sure_it_is(shell: Shell) -> None:
    done = shell("plan", "upper-back", AUDIOGEN_CACHE_DIR=str(shell.folder / "empty"))
    assert done.returncode == 0
    assert done.stderr == ""
    assert re.fullmatch(
        r"about 10:00 with \S+; speech lengths are estimated until the first render", done.stdout.splitlines()[-1]
    )


def test_a_plan_fits_two_screens(shell: Shell) -> None:
    lines = shell("plan", "upper-back").stdout.splitlines()
    assert len(lines) < 60
    assert max(map(len, lines)) < 100
    assert [line for line in lines if "hold, right side" in line]


def test_a_recorded_session_is_planned_exactly(tiny: Shell) -> None:
    assert tiny("render", "tiny.yaml", "--voice", "builtin").returncode == 0
    assert tiny("plan", "tiny.yaml", "--voice", "builtin").stdout.splitlines()[-1].endswith(" exact with builtin:heart")


def test_verbose_shows_every_word(tiny: Shell) -> None:
    assert '"Tiny."' not in tiny("plan", "tiny.yaml").stdout
    assert '"Tiny."' in tiny("plan", "tiny.yaml", "-v").stdout


def test_a_length_that_is_estimated_has_whole_seconds(tiny: Shell) -> None:
    last = tiny("plan", "tiny.yaml", AUDIOGEN_CACHE_DIR=str(tiny.folder / "empty")).stdout.splitlines()[-1]
    assert re.match(r"about \d+:\d\d with ", last)


def test_plain_plans_in_sentences(shell: Shell) -> None:
    by_flag = shell("plan", "upper-back", "--plain").stdout
    assert all(line.endswith(".") for line in by_flag.splitlines())
    assert "exercise 3. Double V" in by_flag
    assert by_flag == shell("plan", "upper-back", AUDIOGEN_PLAIN="1").stdout
    assert by_flag == shell("plan", "upper-back", TERM="dumb").stdout


@pytest.mark.linux(reason="pseudo-terminals")
def test_colours_are_for_terminals_alone(tiny: Shell) -> None:
    assert "\x1b" not in tiny("plan", "tiny.yaml").stdout
    assert "\x1b[1m" in on_terminal(tiny, "plan", "tiny.yaml", stdout=True)[0]


@pytest.mark.linux(reason="pseudo-terminals")
def test_no_color_is_respected(tiny: Shell) -> None:
    tiny.environment["NO_COLOR"] = "1"
    assert "\x1b" not in on_terminal(tiny, "plan", "tiny.yaml", stdout=True)[0]


def test_plan_json_is_the_timeline(shell: Shell) -> None:
    document = shell.json("plan", "upper-back")
    assert document["version"] == 1
    assert document["length_ms"] == 600_000
    holds = [event["end_ms"] - event["start_ms"] for event in document["events"] if event["kind"] == "hold"]
    assert holds == [60_000, 30_000, 30_000, 30_000, 30_000, 20_000, 60_000]
    assert document["mix"]["lufs"] == -18
    assert shell.json("plan", "upper-back", "--loudness", "-16")["mix"]["lufs"] == -16


def test_a_loudness_that_is_not_offered_is_refused(shell: Shell) -> None:
    done = shell("plan", "upper-back", "--loudness", "-23")
    assert done.returncode == 1
    assert "--loudness must be -16, -18 or -19 (LUFS), found '-23'" in done.stderr


# -- list, check, new


def test_list_shows_what_can_be_rendered_by_name(shell: Shell) -> None:
    done = shell("list")
    assert done.returncode == 0
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert {"upper-back", "hip-release", "desk-reset", "box-breathing"} <= set(names)
    assert [one["name"] for one in shell.json("list")] == names
    assert all(line.endswith(".") for line in shell("list", "--plain").stdout.splitlines())
    assert {one["name"]: one["length"] for one in shell.json("list")}["knee-strength"] == "about 10 min"


def test_list_shows_the_ready_exercises_with_their_doses(shell: Shell) -> None:
    shell.write("routines/exercises/sit.en.yaml", "name: Sit\nhold: 20s\n")
    shell.write("routines/exercises/bad.en.yaml", "name: Bad\n")
    listed = {one["use"]: one for one in shell.json("list", "--exercises")}
    assert len(listed) == 26
    assert (listed["squat"]["dose"], listed["squat"]["languages"]) == ("10 repetitions of 5s", "de, en, es")
    assert (listed["sit"]["dose"], listed["sit"]["where"]) == ("20s", "here")
    assert listed["bad"]["dose"] == "?"
    assert "Squat (de, en, es)" in shell("list", "--exercises").stdout


def test_a_routine_here_hides_the_shipped_one_of_its_name(shell: Shell) -> None:
    shell.write("routines/upper-back.yaml", TINY)
    listed = [one for one in shell.json("list") if one["name"] == "upper-back"]
    assert [(one["title"], one["where"]) for one in listed] == [("Tiny", "here")]
    assert shell.json("plan", "upper-back")["title"] == "Tiny"


def test_list_points_at_a_file_that_cannot_be_read(shell: Shell) -> None:
    shell.write("routines/broken.yaml", "titel: x\n")
    shell.write("routines/newer.yaml", "%YAML 1.3\n---\ntitle: x\n")
    done = shell("list")
    assert done.returncode == 0
    assert "audiogen check broken" in done.stdout
    assert "audiogen check newer" in done.stdout


def test_check_calls_a_good_routine_fine(shell: Shell) -> None:
    done = shell("check", "upper-back", "box-breathing")
    assert done.returncode == 0
    first, second = (line for line in done.stdout.splitlines() if not line.startswith(" "))
    assert re.fullmatch(r"upper-back: fine\. .+, 7 exercises, (about )?10:00\.", first)
    assert second.startswith("box-breathing: fine. ")


def test_check_reports_every_mistake_of_every_file(shell: Shell) -> None:
    shell.write("one.yaml", "titel: x\nexercises:\n  - name: A\n    hold: long\n")
    shell.write("two.yaml", TINY)
    shell.write("three.yaml", "title: 3\n")
    done = shell("check", "one.yaml", "two.yaml", "three.yaml")
    assert done.returncode == 1
    assert "one.yaml:1:1: " in done.stdout
    assert "one.yaml:4:11: " in done.stdout
    assert "two.yaml: fine." in done.stdout
    assert "three.yaml" in done.stdout
    assert "Traceback" not in done.stderr


def test_check_finds_cues_that_run_over_the_end(shell: Shell) -> None:
    cue = "    cues:\n      - at: -1s\n        say: This line is much too long for the one second that is left of it.\n"
    shell.write("over.yaml", TINY + cue)
    done = shell("check", "over.yaml")
    assert "Rest" in done.stdout
    assert "fine." not in done.stdout or "notice: " in done.stdout


def test_check_json_is_for_editors(shell: Shell) -> None:
    shell.write("bad.yaml", "titel: x\n")
    done = shell("check", "upper-back", "bad.yaml", "--json")
    assert done.returncode == 1
    fine, bad = json.loads(done.stdout)
    assert (fine["fine"], fine["exercises"]) == (True, 7)
    assert bad["fine"] is False
    assert any(mistake.startswith("bad.yaml:1:1: ") for mistake in bad["mistakes"])


def test_new_writes_a_routine_that_is_found_by_its_name(shell: Shell) -> None:
    done = shell("new", "evening")
    assert done.returncode == 0
    assert done.stdout == f"{Path('routines', 'evening.yaml')}\n"
    assert "audiogen render evening" in done.stderr
    assert "evening: fine." in shell("check", "evening").stdout


def test_new_writes_the_path_that_is_given(shell: Shell) -> None:
    assert shell("new", "my/evening.yaml").stdout == "my/evening.yaml\n"
    assert shell("new", "evening.yaml").stdout == "evening.yaml\n"
    assert (shell.folder / "my" / "evening.yaml").read_bytes() == (shell.folder / "evening.yaml").read_bytes()


def test_new_does_not_replace_a_file_unless_it_is_told_to(shell: Shell) -> None:
    path = shell.write("routines/evening.yaml", TINY)
    done = shell("new", "evening")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--force" in done.stderr
    assert path.read_text() == TINY
    assert shell("new", "evening", "--force").returncode == 0
    assert path.read_text() != TINY


def test_new_refuses_another_kind_of_file(shell: Shell) -> None:
    done = shell("new", "my/evening.txt")
    assert done.returncode == 1
    assert ".yaml" in done.stderr


def test_schema_is_a_json_schema(shell: Shell) -> None:
    from jsonschema.validators import validator_for

    schema = json.loads(shell("schema").stdout)
    validator_for(schema).check_schema(schema)
    assert "exercises" in json.dumps(schema)


# -- voices, cache


def test_voices_tell_where_the_words_go(shell: Shell) -> None:
    lines = shell("voices").stdout
    assert "sends your text to Google Translate" in lines
    assert "sends nothing anywhere" in lines
    assert {"gtts", "builtin"} <= {voice["name"] for voice in shell.json("voices")}


def test_cache_shows_what_is_kept_and_clears_it(tiny: Shell, tmp_path: Path) -> None:
    tiny.environment["AUDIOGEN_CACHE_DIR"] = str(tmp_path / "own")
    assert tiny("render", "tiny.yaml", "--voice", "builtin").returncode == 0
    assert str(tmp_path / "own") in tiny("cache").stdout
    assert tiny.json("cache")["layers"]["clips"]["entries"] > 0
    assert "Freed" in tiny("cache", "--clear").stderr
    assert all(layer["entries"] == 0 for layer in tiny.json("cache")["layers"].values())


# -- completion


def completed(shell: Shell, line: str) -> list[str]:
    words = line.split(" ")
    done = shell(_AUDIOGEN_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1))
    return done.stdout.split()


def test_commands_routines_and_voices_are_completed(shell: Shell) -> None:
    assert completed(shell, "audiogen re") == ["render"]
    for command in ("plan", "check", "cues"):
        assert "upper-back" in completed(shell, f"audiogen {command} upp")
    assert "desk-reset" not in completed(shell, "audiogen plan upp")
    assert completed(shell, "audiogen render upper-back --voice bu") == ["builtin"]
    assert "--json" in completed(shell, "audiogen plan --")


def test_the_completion_script_can_be_shown(shell: Shell) -> None:
    done = shell("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0
    assert "_AUDIOGEN_COMPLETE" in done.stdout


def test_render_verify_measures_the_file_that_it_made(tiny: Shell) -> None:
    done = tiny("render", "tiny.yaml", "--voice", "builtin", "--verify")
    assert (done.returncode, done.stdout) == (0, f"{Path('output', 'tiny.mp3')}\n")
    assert "Verified: 1 of 1" in done.stderr


def test_the_help_shows_every_command_and_completion_knows_it(tiny: Shell) -> None:
    commands = {module.name.rstrip("_") for module in pkgutil.iter_modules(audiogen.cli.commands.__path__)}
    shown = {line.split()[0] for line in tiny("--help").stdout.splitlines() if re.match(r"  \w+ {2,}\S", line)}
    completing = {"_AUDIOGEN_COMPLETE": "complete_bash", "COMP_WORDS": "audiogen ", "COMP_CWORD": "1"}
    completed = tiny(**completing).stdout.split()
    assert shown == set(completed) == commands


def test_a_command_that_is_misspelt_is_suggested(tiny: Shell) -> None:
    done = tiny("rendr")
    assert done.returncode == 2
    assert "Did you mean 'render'" in done.stderr


def test_a_command_without_its_argument_says_that_it_is_missing(tiny: Shell) -> None:
    done = tiny("render")
    assert done.returncode == 2
    assert "Missing argument 'ROUTINE'" in done.stderr
