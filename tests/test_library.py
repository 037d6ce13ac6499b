"""The public names, by use; and what importing and using them leaves alone."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import audiogen
from audiogen import (
    AudiogenError,
    Cache,
    Plan,
    Problem,
    Progress,
    Rendered,
    Report,
    Routine,
    Timeline,
    Voice,
    batch,
    load_routine,
    parse_routine,
    plan,
    render,
    series,
    verify,
)

from .fakes.tone_voice import ToneVoice

TINY = """\
title: Tiny
opening: none
closing: none
exercises:
  - name: Stretch
    hold: 3s
"""


class Where:
    """A path that is neither a string nor a `Path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.mark.parametrize("as_path", [str, Path, Where])
def test_a_session_is_planned_rendered_and_verified(as_path: Callable[[Path], Any], tmp_path: Path) -> None:
    file = tmp_path / "tiny.yaml"
    file.write_text(TINY)
    routine, voice, cache = load_routine(as_path(file)), ToneVoice(), Cache(as_path(tmp_path / "cache"))
    assert isinstance(routine, Routine)
    planned = plan(routine, voice=voice, cache=cache)
    assert isinstance(planned, Plan)
    assert isinstance(planned.timeline, Timeline)
    phases: list[Progress] = []
    rendered = render(planned, as_path(tmp_path / "tiny.mp3"), voice=voice, cache=cache, progress=phases.append)
    assert isinstance(rendered, Rendered)
    assert {one.phase for one in phases} == {"speak", "encode"}
    report = verify(as_path(rendered.path))
    assert isinstance(report, Report)
    assert report.ok
    assert report.timeline == rendered.timeline


def test_a_series_is_rendered_into_a_folder(tmp_path: Path) -> None:
    voice: Voice = ToneVoice()
    tracks = series(parse_routine(TINY), Where(tmp_path / "weeks"), weeks=2, grow=0.5, voice=voice)
    assert [track.path.parent for track in tracks] == [tmp_path / "weeks"] * 2
    assert all(track.path.exists() for track in tracks)


def test_a_batch_is_rendered_from_a_table(tmp_path: Path) -> None:
    tmp_path.joinpath("tiny.yaml").write_text(f"{TINY}    countdown: 0\nguidance: tones\n")
    table = tmp_path / "clients.csv"
    table.write_text("routine,output,hold\ntiny.yaml,anna,2s\n")
    (anna,) = batch(Where(table), str(tmp_path / "out"), processes=1).outcomes
    assert anna.path == tmp_path / "out" / "anna.mp3"
    assert verify(anna.path).ok


def test_an_error_has_its_problems_and_their_sentences() -> None:
    with pytest.raises(AudiogenError) as caught:
        parse_routine("title: Tiny\nexercise: []\n", "tiny.yaml")
    assert all(isinstance(problem, Problem) for problem in caught.value.problems)
    assert str(caught.value).startswith("tiny.yaml:")


# -- what is left alone

CHANGES_NOTHING = """
import os, signal, subprocess, sys, threading, warnings
import numpy, ruamel.yaml  # they add filters of their own, and so does scipy where it is installed
try:
    import scipy.special
except ModuleNotFoundError:
    pass

def state():
    handlers = {one: signal.getsignal(one) for one in signal.valid_signals()}
    absent = {name for name, module in sys.modules.items() if module is None}
    return {"signals": handlers, "modules": absent, "warnings": [*warnings.filters], "environment": {**os.environ}}

def changes():
    return {name: value for name, value in state().items() if value != before[name]}

over = threading.Event()
halted = []
def import_scipy():  # as another thread of the program may do at any moment
    while not over.wait(0.001):
        try:
            import scipy
        except ImportError as error:
            halted.append(error)

before = state()
from audiogen import parse_routine, plan, render
routine = parse_routine(sys.argv[1])
plan(routine)
assert not changes(), changes()
seen = []
def progress(_):
    seen.append(changes())
importing = threading.Thread(target=import_scipy)
importing.start()
render(routine, "tiny.mp3", voice="builtin", progress=progress)
over.set()
importing.join()
assert not halted, halted
assert seen and not any(seen), next(filter(None, seen))
assert not changes(), changes()
# `os.environ` may differ from the environment itself, which a program that is started inherits.
inherits = "import os, sys; sys.exit('ORT_DISABLE_TELEMETRY' in os.environ)"
assert subprocess.run([sys.executable, "-c", inherits]).returncode == 0
"""


def test_importing_and_rendering_change_nothing_in_the_host(tmp_path: Path) -> None:
    (tmp_path / "scipy.py").touch()  # stands in where it is not installed
    environment = {**os.environ, "AUDIOGEN_CACHE_DIR": str(tmp_path / "cache")}
    del environment["ORT_DISABLE_TELEMETRY"]
    subprocess.run([sys.executable, "-c", CHANGES_NOTHING, TINY], check=True, cwd=tmp_path, env=environment)


def test_importing_the_package_loads_none_of_its_modules(tmp_path: Path) -> None:
    program = "import sys, audiogen; print(*[name for name in sys.modules if name.startswith('audiogen.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == ""


def test_every_public_name_can_be_imported_from_the_package() -> None:
    assert all(getattr(audiogen, name) for name in audiogen.__all__)
    assert set(audiogen.__all__) <= set(dir(audiogen))


def test_no_public_name_is_that_of_a_module() -> None:
    """`from audiogen import plan` would otherwise be the module once anybody has imported it."""
    modules = {path.stem for path in Path(audiogen.__file__).parent.iterdir()}
    assert not set(audiogen.__all__) & modules - {"__init__"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = audiogen.nonsense
