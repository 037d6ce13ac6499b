"""The command while somebody edits: what it renders again, what it says of it, and how it ends."""

import json
import os
import re
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mutagen.id3 import ID3

from audiogen.routine.load import load_routine
from audiogen.runs.watch import Failed, Finished, Outcome, _dependencies, watch
from audiogen.session import Progress
from audiogen.storage.cache import Cache
from tests.cli.test_cli import Shell

from ..command import begin
from ..fakes.tone_voice import ToneVoice, tone_wav

SHORT = """\
title: Short
voice: builtin
exercises:
  - name: Lean
    hold: 10s
  - name: Roll
    hold: 5s
"""
PATIENCE_S = 120.0  # for a machine with much else to do


class Watching:
    """The installed command, watching; `until` reads on in what it says."""

    def __init__(self, shell: Shell, *arguments: str, **environment: str) -> None:
        self.folder = shell.folder
        self.said = ""
        self._process = begin("watch", *arguments, cwd=shell.folder, env={**shell.environment, **environment})

    def until(self, pattern: str) -> re.Match[str]:
        """Wait until it has said something; what comes before that is not looked at again."""
        deadline = time.monotonic() + PATIENCE_S
        assert self._process.stderr is not None
        while not (found := re.search(pattern, self.said, re.MULTILINE)):
            assert select.select([self._process.stderr], [], [], max(0, deadline - time.monotonic()))[0], self.said
            piece = os.read(self._process.stderr.fileno(), 4096)
            assert piece, f"it ended, and never said {pattern!r}:\n{self.said}"
            self.said += piece.decode()
        self.said = self.said[found.end() :]
        return found

    def interrupt(self) -> tuple[int, str, str]:
        """Ctrl-C; exit code, everything on stdout, and the rest of stderr."""
        self._process.send_signal(signal.SIGINT)
        out, err = self._process.communicate(timeout=PATIENCE_S)
        return self._process.returncode, out, self.said + err

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def shell(tmp_path: Path, cache: Path) -> Shell:
    return Shell(tmp_path, cache)


@pytest.fixture
def started(shell: Shell) -> Iterator[Callable[..., Watching]]:
    begun: list[Watching] = []

    def start(*arguments: str, **environment: str) -> Watching:
        begun.append(Watching(shell, *arguments, **environment))
        return begun[-1]

    yield start
    for one in begun:
        one.kill()


def holds(track: Path) -> list[int]:
    found = ID3(track).getall("GEOB")  # type: ignore[no-untyped-call]
    (attached,) = (one for one in found if one.mime.endswith("+json"))
    events: list[dict[str, Any]] = json.loads(attached.data)["events"]
    return [event["end_ms"] - event["start_ms"] for event in events if event["kind"] == "hold"]


def renamed_over(path: Path, text: str) -> None:
    """As many editors save: another file takes its place."""
    beside = path.with_name(".saving")
    beside.write_text(text)
    beside.replace(path)


# -- edits


def test_an_edit_is_rendered_and_told(shell: Shell, started: Callable[..., Watching]) -> None:
    path = shell.write("short.yaml", SHORT)
    watching = started("short.yaml")
    watching.until(r"^Watching for changes; press Ctrl-C to stop\.$")
    track = shell.folder / "output/short.mp3"
    assert holds(track) == [10_000, 5_000]
    path.write_text(SHORT.replace("10s", "12s"))
    watching.until(r"^short\.yaml changed\.$")
    told = watching.until(r"^Recorded (\d+) cues? and encoded (\d+) of (\d+) blocks again, in \d+\.\d\d s\.$")
    assert 0 < int(told[2]) < int(told[3])
    watching.until(r"^It now lasts 0:\d\d\.\d+, before 0:\d\d\.\d+\.$")
    watching.until(r"^Lean: 12s, was 10s, 2\.?\d?s longer\.$")
    assert holds(track) == [12_000, 5_000]
    code, out, err = watching.interrupt()
    assert (code, out.splitlines()) == (0, ["output/short.mp3"] * 2)
    assert err.splitlines()[-1] == "Stopped."


def test_a_file_saved_unchanged_makes_no_block_again(shell: Shell, started: Callable[..., Watching]) -> None:
    path = shell.write("short.yaml", SHORT)
    watching = started("short.yaml")
    watching.until(r"^Watching for changes")
    renamed_over(path, f"# only a remark\n{SHORT}")
    assert watching.until(r"^Encoded 0 of \d+ blocks again, in .*$").group()
    assert watching.interrupt()[2].split() == ["Stopped."]


def test_a_mistake_is_told_and_mending_it_goes_on(shell: Shell, started: Callable[..., Watching]) -> None:
    path = shell.write("short.yaml", SHORT)
    watching = started("short.yaml")
    watching.until(r"^Watching for changes")
    track = shell.folder / "output/short.mp3"
    before = track.read_bytes()
    path.write_text(SHORT.replace("10s", "long"))
    watching.until(r"^short\.yaml:5:11: hold must be a duration such as 45s or 1m30s, found 'long'$")
    assert track.read_bytes() == before
    path.unlink()
    watching.until(r"^There is no file short\.yaml\.$")
    renamed_over(path, SHORT.replace("10s", "11s"))
    watching.until(r"^Lean: 11s, was 10s, ")
    assert holds(track) == [11_000, 5_000]


def test_a_mistake_at_the_start_is_told_and_mended(shell: Shell, started: Callable[..., Watching]) -> None:
    path = shell.write("short.yaml", SHORT.replace("title", "titel"))
    watching = started("short.yaml")
    watching.until(r"did you mean 'title'\?|title")
    watching.until(r"^Watching for changes")
    path.write_text(SHORT)
    watching.until(r"^0:\d\d.*cues by builtin:heart")
    assert holds(shell.folder / "output/short.mp3") == [10_000, 5_000]


def test_a_file_that_is_extended_is_watched_too(shell: Shell, started: Callable[..., Watching]) -> None:
    parent = shell.write("short.yaml", SHORT)
    shell.write("shorter.yaml", "extends: short.yaml\nexercises:\n  roll: {hold: 4s}\n")
    watching = started("shorter.yaml", "--hold", "lean=6s")
    watching.until(r"^Watching for changes")
    renamed_over(parent, SHORT.replace("Short", "Seldom"))
    watching.until(r"^short\.yaml changed\.$")
    watching.until(r'^1 cue newly spoken: "Seldom\.')
    assert holds(shell.folder / "output/shorter.mp3") == [6_000, 4_000]


def test_a_change_during_a_render_breaks_it_off_and_starts_anew(shell: Shell, started: Callable[..., Watching]) -> None:
    """Google never answers; the file then asks for another voice."""
    path = shell.write("short.yaml", SHORT.replace("builtin", "gtts"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        watching = started("short.yaml", HTTPS_PROXY=f"http://127.0.0.1:{server.getsockname()[1]}")
        watching.until(r"^Recording \d+ cues\.$")
        path.write_text(SHORT)
        watching.until(r"^short\.yaml changed\.$")
        watching.until(r"^0:\d\d.*cues by builtin:heart")
    assert watching.interrupt()[:2] == (0, "output/short.mp3\n")


def test_an_interrupt_during_a_render_is_130_and_leaves_nothing_behind(
    shell: Shell, started: Callable[..., Watching]
) -> None:
    shell.write("short.yaml", SHORT.replace("builtin", "gtts"))
    earlier = shell.write("output/short.mp3", "earlier")
    with socket.create_server(("127.0.0.1", 0)) as server:
        watching = started("short.yaml", HTTPS_PROXY=f"http://127.0.0.1:{server.getsockname()[1]}")
        watching.until(r"^Recording \d+ cues\.$")
        code, out, err = watching.interrupt()
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "Stopped; the running render was interrupted."
    assert "Traceback" not in err
    assert earlier.read_text() == "earlier"
    assert list(earlier.parent.iterdir()) == [earlier]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "No routine is called 'nowhere'"),
        (["short.yaml", "--hold", "lean=long"], "--hold must be a duration"),
        (["short.yaml", "-o", "short.doc"], "short.doc"),
    ],
)
def test_what_no_edit_can_mend_ends_it(shell: Shell, arguments: list[str], told: str) -> None:
    shell.write("short.yaml", SHORT)
    done = shell("watch", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr


def test_json_is_a_line_a_render(shell: Shell, started: Callable[..., Watching]) -> None:
    path = shell.write("short.yaml", SHORT)
    watching = started("short.yaml", "--json", "--sidecars", "srt,json")
    watching.until(r"^Watching for changes")
    before = (shell.folder / "output" / "short.json").read_text()
    path.write_text(SHORT.replace("5s", "7s"))
    watching.until(r"^Roll: 7s, was 5s")
    lines = [json.loads(line) for line in watching.interrupt()[1].splitlines()]
    assert [line["path"] for line in lines] == ["output/short.mp3"] * 2
    assert lines[1]["blocks"] > lines[1]["made"] > 0
    assert lines[1]["length_ms"] > lines[0]["length_ms"]
    assert [line["sidecars"] for line in lines] == [["output/short.srt", "output/short.json"]] * 2
    beside = json.loads((shell.folder / "output" / "short.json").read_text())
    assert (beside["length_ms"], json.loads(before)["length_ms"]) == (lines[1]["length_ms"], lines[0]["length_ms"])


def test_a_sidecar_that_cannot_be_written_is_told_and_watching_goes_on(
    shell: Shell, started: Callable[..., Watching]
) -> None:
    path = shell.write("short.yaml", SHORT)
    (shell.folder / "output" / "short.srt").mkdir(parents=True)
    watching = started("short.yaml", "--sidecars", "srt")
    watching.until(r"short\.srt")
    watching.until(r"^Watching for changes")
    path.write_text(SHORT.replace("5s", "7s"))
    watching.until(r"^Roll: 7s, was 5s")
    assert watching.interrupt()[0] == 0


# -- the loop itself


def edited(
    folder: Path, edits: list[Callable[[], object]], text: str = SHORT, **wanted: Any
) -> tuple[list[Outcome], bool]:
    """Watch while edits are made, each once the one before is rendered; what came of them."""
    path = folder / "short.yaml"
    path.write_text(text)
    outcomes: list[Outcome] = []
    stop = threading.Event()

    def finished(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if edits:
            edits.pop(0)()
        else:
            stop.set()

    settings: dict[str, Any] = {"voice": ToneVoice(), "cache": Cache(folder / "cache"), **wanted}
    broken_off = watch(path, folder / "short.mp3", finished=finished, stop=stop, **settings)
    return outcomes, broken_off


def test_an_edit_needs_few_blocks_and_knows_the_track_of_before(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    (first, second), broken_off = edited(tmp_path, [lambda: path.write_text(SHORT.replace("10s", "12s"))])
    assert isinstance(first, Finished)
    assert isinstance(second, Finished)
    assert (first.before, first.changed, second.before, second.changed) == (None, (), first.rendered, (path,))
    assert first.rendered.blocks >= first.rendered.made > second.rendered.made > 0
    assert not broken_off


def test_a_failed_render_is_an_outcome_and_does_not_change_what_was_before(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    edits: list[Callable[[], object]] = [
        lambda: path.write_text("title: only\n"),
        lambda: path.write_text(SHORT.replace("10s", "12s")),
    ]
    (first, second, third), _ = edited(tmp_path, edits)
    assert isinstance(first, Finished)
    assert isinstance(second, Failed)
    assert "exercises" in str(second.error)
    assert isinstance(third, Finished)
    assert third.before is first.rendered


def test_a_line_recorded_anew_or_in_addition_is_rendered(tmp_path: Path) -> None:
    """A recording appears in the folder; and one is replaced."""
    from audiogen.routine.load import parse_routine
    from audiogen.session import plan
    from audiogen.voices.recordings import file_stem

    text = SHORT.replace("10s", "15s")  # the opening says "about one minute", whoever speaks
    folder = tmp_path / "mine"
    folder.mkdir()
    timeline = plan(parse_routine(text), voice=ToneVoice(), cache=Cache(tmp_path / "cache")).timeline
    files = [folder / f"{file_stem(event.text)}.wav" for event in timeline.events if event.text]
    for file in files[1:]:
        file.write_bytes(tone_wav(500))
    edits: list[Callable[[], object]] = [
        lambda: files[0].write_bytes(tone_wav(700)),
        lambda: files[0].write_bytes(tone_wav(900)),
    ]
    outcomes, _ = edited(tmp_path, edits, text, voice=f"recordings:{folder}")
    assert [type(outcome) for outcome in outcomes] == [Failed, Finished, Finished]
    lengths_ms = [one.rendered.timeline.length_ms for one in outcomes if isinstance(one, Finished)]
    assert lengths_ms[1] - lengths_ms[0] == pytest.approx(200, abs=30)


def test_a_tone_of_the_users_own_that_changes_is_rendered(tmp_path: Path) -> None:
    gong = tmp_path / "gong.wav"
    gong.write_bytes(tone_wav(400))
    edits: list[Callable[[], object]] = [lambda: gong.write_bytes(tone_wav(600))]
    outcomes, _ = edited(tmp_path, edits, text=f"sounds: {{start: gong.wav}}\n{SHORT}")
    assert [outcome.changed for outcome in outcomes] == [(), (gong,)]
    tones = [
        [e.length_ms for e in one.rendered.timeline.events if e.kind == "tone" and e.role == "start"]
        for one in outcomes
        if isinstance(one, Finished)
    ]
    assert tones[1][0] - tones[0][0] == pytest.approx(200, abs=30)


def test_many_writes_in_a_row_are_one_change(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"

    def write_often() -> None:
        def run() -> None:
            for number in range(20):
                written = path.with_suffix(".new")  # whole: an empty file would be a change of its own
                written.write_text(SHORT.replace("10s", f"{number + 11}s"))
                written.replace(path)
                time.sleep(0.02)

        threading.Thread(target=run).start()

    outcomes, _ = edited(tmp_path, [write_often])
    assert isinstance(outcomes[-1], Finished)
    assert len(outcomes) == 2
    assert max(e.length_ms for e in outcomes[-1].rendered.timeline.events if e.kind == "hold") == 30_000


def test_stopping_in_the_midst_is_told(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(SHORT)
    stop = threading.Event()

    def progress(_: Progress) -> None:
        stop.set()

    broken_off = watch(
        tmp_path / "short.yaml",
        tmp_path / "short.mp3",
        voice=ToneVoice(delay_s=0.2),
        cache=Cache(tmp_path / "cache"),
        progress=progress,
        stop=stop,
    )
    assert broken_off
    assert not (tmp_path / "short.mp3").exists()


@pytest.mark.parametrize("keys", ["voice: piper:amy.onnx", "voice: recordings:mine\nfill: piper:amy.onnx"])
def test_a_piper_model_and_its_description_are_watched(keys: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"title: A\n{keys}\nexercises: [{{name: Lean, hold: 10s}}]\n")
    files = set(_dependencies(load_routine(tmp_path / "a.yaml"), None, None))
    assert {tmp_path / "amy.onnx", tmp_path / "amy.onnx.json"} <= files
