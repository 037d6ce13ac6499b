"""`auto`: Google where it answers, whatever is cached of the voice that stood in for it."""

import importlib.metadata
from pathlib import Path

import pytest

from audiogen.clips import clip_key
from audiogen.clips.choose_voice import choose_offline, choose_online
from audiogen.routine.load import parse_routine
from audiogen.routine.voice_spec import AUTO, VoiceSpec
from audiogen.storage.cache import Cache
from audiogen.voices.gtts import GttsVoice
from tests.fakes.google import FakeGoogle

ROUTINE = parse_routine("title: Lean\nexercises: [{name: Lean, hold: 10s}]\n")
TEXTS = ("Lean.", "Halfway.")


@pytest.fixture
def store(tmp_path: Path) -> Cache:
    """A cache as a session leaves it that the built-in voice spoke without a network."""
    store = Cache(tmp_path / "cache")
    stood_in = choose_offline(VoiceSpec("builtin"), ROUTINE, TEXTS, store)
    for text in TEXTS:
        store.put("clips", clip_key(stood_in, text), bytes(96_000), 1000)
    return store


def test_google_is_asked_again_though_the_built_in_voice_has_every_line(google: FakeGoogle, store: Cache) -> None:
    choice = choose_online(AUTO, ROUTINE, TEXTS, store)
    assert choice.voice.name.startswith("gtts:")
    assert choice.fallback is None
    assert google.connections


def test_where_google_is_still_not_reached_it_is_said_each_time(store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for _ in range(2):  # the second believes the first
        choice = choose_online(AUTO, ROUTINE, TEXTS, store)
        assert choice.voice.name.startswith("builtin")
        assert choice.fallback is not None
        assert choice.fallback.code == "clips.fallback"


def test_lines_of_google_are_not_asked_for_again(store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    spoken = choose_offline(VoiceSpec("gtts"), ROUTINE, TEXTS, store)
    for text in TEXTS:
        store.put("clips", clip_key(spoken, text), bytes(96_000), 1000)
    assert choose_online(AUTO, ROUTINE, TEXTS, store).voice.name.startswith("gtts:")


def test_another_version_of_gtts_changes_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    before = GttsVoice("en", "com").key_of("Halfway.")
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "99")
    assert GttsVoice("en", "com").key_of("Halfway.") == before
    assert "version" not in before
