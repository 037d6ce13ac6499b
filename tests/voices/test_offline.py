"""A user who forbids the network: nothing that anybody wrote into a routine, a table or a flag sends a word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from audiogen import AudiogenError, parse_routine, plan, render
from audiogen.errors import ClusterError, VoiceError
from audiogen.runs.batch.dask import _knock
from audiogen.storage.config import config_file, network_forbidden_by
from audiogen.voices import engines, open_voice
from audiogen.voices.gtts import GttsVoice, reachable
from tests import command

from ..fakes.google import FakeGoogle

TINY = """\
title: Tiny
guidance: brief
opening: none
closing: none
countdown: 0
exercises: [{name: Lean, hold: 3s}]
"""


def by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_OFFLINE", "1")


def by_config(monkeypatch: pytest.MonkeyPatch) -> None:
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text('voice = "builtin"\nallow_network = false\n')
    monkeypatch.setenv("AUDIOGEN_OFFLINE", "0")  # lifts nothing


@pytest.fixture(params=[by_environment, by_config])
def offline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, google: FakeGoogle) -> FakeGoogle:
    """A service that would answer, and must not be asked."""
    forbid: Callable[[pytest.MonkeyPatch], None] = request.param
    forbid(monkeypatch)
    return google


def refused(caught: "pytest.ExceptionInfo[VoiceError]", google: FakeGoogle) -> bool:
    return caught.value.problems[0].code == "voices.offline" and google.asked == [] and google.connections == 0


@pytest.mark.parametrize("keys", ["voice: gtts", "voice: gtts:en:co.uk", "{voice: recordings:my-voice, fill: gtts}"])
def test_no_routine_can_send_its_words(offline: FakeGoogle, keys: str, tmp_path: Path) -> None:
    (tmp_path / "my-voice").mkdir()
    (tmp_path / "tiny.yaml").write_text(TINY + keys.strip("{}").replace(", ", "\n") + "\n")
    done = command.run("render", "tiny.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "Google Translate needs the network, which " in done.stderr
    assert (offline.asked, offline.connections) == ([], 0)


@pytest.mark.parametrize("voice", ["gtts", "gtts:en"])
def test_no_flag_can(offline: FakeGoogle, voice: str, tmp_path: Path) -> None:
    routine = parse_routine(TINY)
    with pytest.raises(VoiceError) as caught:
        render(routine, tmp_path / "tiny.mp3", voice=voice)
    assert refused(caught, offline)
    with pytest.raises(VoiceError) as caught:
        plan(routine, voice=voice)
    assert refused(caught, offline)


def test_no_table_can(offline: FakeGoogle, tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(TINY)
    (tmp_path / "table.csv").write_text("routine,output,voice\ntiny.yaml,one,gtts\n")
    done = command.run("batch", "table.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert "needs the network" in done.stdout + done.stderr
    assert offline.asked == []


def test_auto_speaks_by_the_builtin_voice_and_does_not_ask_first(offline: FakeGoogle, tmp_path: Path) -> None:
    rendered = render(parse_routine(TINY), tmp_path / "tiny.mp3", voice="auto")
    assert (rendered.voice, rendered.sent_to, rendered.fallback) == ("builtin:heart", None, None)
    assert (offline.asked, offline.connections) == ([], 0)


def test_auto_says_why_where_there_is_no_other_voice(offline: FakeGoogle, tmp_path: Path) -> None:
    routine = parse_routine(f"language: de\n{TINY}")
    with pytest.raises(VoiceError) as caught:
        render(routine, tmp_path / "tiny.mp3", voice="auto")
    assert refused(caught, offline)


def test_a_voice_that_was_opened_before_sends_nothing_either(
    google: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = GttsVoice("en", "com")
    by_environment(monkeypatch)
    for attempt in (lambda: opened.speak("Rest."), reachable):
        with pytest.raises(VoiceError) as caught:
            attempt()
        assert refused(caught, google)


def test_the_list_of_voices_says_so(offline: FakeGoogle) -> None:
    (gtts,) = (engine for engine in engines() if engine.name == "gtts")
    assert gtts.missing is not None
    assert gtts.missing.code == "voices.offline"
    assert offline.connections == 0


def test_no_cluster_is_asked(offline: FakeGoogle) -> None:
    assert offline
    with pytest.raises(ClusterError) as caught:
        _knock("tcp://192.0.2.1:8786")
    assert caught.value.problems[0].code == "runs.offline"


@pytest.mark.parametrize("value", ["", "0", "no", "off", "False"])
def test_some_values_forbid_nothing(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_OFFLINE", value)
    assert network_forbidden_by() is None
    assert open_voice("gtts", "en").name == "gtts:en:com"


@pytest.mark.parametrize("value", ["1", "yes", "true", "anything"])
def test_all_others_forbid(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_OFFLINE", value)
    assert network_forbidden_by() == "AUDIOGEN_OFFLINE"


@pytest.mark.parametrize(
    "content", ['allow_network = "no"', "allow_network = 0", "allow_networks = false", "allow_network = no"]
)
def test_a_setting_that_cannot_be_read_allows_nothing(content: str, google: FakeGoogle, tmp_path: Path) -> None:
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(content + "\n")
    with pytest.raises(AudiogenError) as caught:
        render(parse_routine(TINY), tmp_path / "tiny.mp3", voice="gtts")
    assert caught.value.problems[0].code.startswith("storage.")
    assert google.asked == []
