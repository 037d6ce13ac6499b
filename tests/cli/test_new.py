"""`audiogen new`: what it asks on a terminal, and the templates that it writes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audiogen.cli.commands.new import _chosen
from audiogen.phrases.expressions import either
from audiogen.routine.templates import DEFAULT, TEMPLATES, template
from audiogen.session.check import check
from tests.command import run
from tests.each import each
from tests.terminal import Terminal

Opened = Callable[..., Terminal]
ARTICLE = (
    "Hips in five minutes\n\n1. Figure four\nLie on your back.\nHold 45 sec each side.\n\n2. Cat and cow\n10 reps\n"
)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens `audiogen new` on a terminal, and closes it at the end."""
    pytest.importorskip("pty", reason="needs terminals as Unix has them")
    terminals: list[Terminal] = []

    def opened(*arguments: str) -> Terminal:
        terminals.append(Terminal(tmp_path, "new", *arguments))
        return terminals[-1]

    yield opened
    for terminal in terminals:
        terminal.close()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_a_session_that_a_coach_has_nothing_to_say_about(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_text(template(name), encoding="utf-8")
    checked = check(path)
    assert [str(one) for one in (*checked.notices, *checked.hints())] == []
    assert 180_000 <= checked.plan.length_ms <= 900_000


def test_each_template_is_of_its_kind() -> None:
    signs = {
        "stretch": ["sides: [right, left]", "hold: "],
        "breathing": ["Inhale", "Exhale", "words: "],
        "intervals": ["rounds: ", "work: ", "rest: "],
        "meditation": ["say: |", "[bell]", "[20-60s]"],
        "strength": ["sets: ", "reps: ", "rest: "],
    }
    assert signs.keys() == TEMPLATES.keys()
    assert {name: [sign for sign in some if sign not in template(name)] for name, some in signs.items()} == {
        name: [] for name in TEMPLATES
    }


@each(
    ("answer", "kind"),
    [
        ("", DEFAULT),
        ("1", "stretch"),
        ("6", "paste"),
        ("breathing", "breathing"),
        ("med", "meditation"),
        ("str", None),
        ("0", None),
        ("7", None),
        ("²", None),
        ("yoga", None),
    ],
)
def test_an_answer_is_a_number_a_name_or_the_beginning_of_one(answer: str, kind: str | None) -> None:
    assert _chosen(answer, [*TEMPLATES, "paste"]) == kind


def test_on_a_terminal_it_asks_until_it_has_a_kind(opened: Opened, tmp_path: Path) -> None:
    terminal = opened("evening")
    terminal.answers("Enter for stretch", "yoga\n")
    terminal.answers("Enter for stretch", "Intervals\n")
    assert terminal.ends() == 0
    assert "Answer with a number from 1 to 6, or with a name." in terminal.lines
    assert (tmp_path / "routines" / "evening.yaml").read_text("utf-8") == template("intervals")


def test_a_pasted_text_becomes_the_routine(opened: Opened, tmp_path: Path) -> None:
    terminal = opened("hips")
    terminal.answers("Enter for stretch", f"paste\n{ARTICLE}\x04")
    assert terminal.ends() == 0
    assert [exercise.name for exercise in check(tmp_path / "routines" / "hips.yaml").routine.flat] == [
        "Figure four",
        "Cat and cow",
    ]


def test_ctrl_c_writes_nothing(opened: Opened, tmp_path: Path) -> None:
    terminal = opened("evening")
    terminal.answers("Enter for stretch", "\x03")
    assert terminal.ends("\x03") == 130
    assert not (tmp_path / "routines").exists()


def test_a_file_that_exists_is_refused_before_a_question(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "evening.yaml"
    path.write_text("mine")
    terminal = opened("evening.yaml")
    assert terminal.ends() == 1
    assert "--force" in terminal.shown
    assert path.read_text() == "mine"


def test_a_template_is_named_by_a_flag(tmp_path: Path) -> None:
    done = run("new", "calm", "--template", "breathing", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{Path('routines', 'calm.yaml')}\n")
    assert (tmp_path / "routines" / "calm.yaml").read_text("utf-8") == template("breathing")


def test_an_unknown_template_names_those_that_there_are(tmp_path: Path) -> None:
    done = run("new", "calm", "--template", "yoga", cwd=tmp_path)
    assert done.returncode == 1
    assert either(TEMPLATES).findall(done.stderr) == [*TEMPLATES]
    assert [*tmp_path.iterdir()] == []
