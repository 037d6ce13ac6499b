"""What all tests share is done once for the same arguments, and again where a test asks for that."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import once


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """An owner of one shared function; `calls` lists what it was asked for."""
    owner = SimpleNamespace(calls=[])

    def doubled(text: str) -> bytes:
        owner.calls.append(text)
        return f"{text}{text}".encode()

    owner.doubled = doubled
    monkeypatch.setattr(once, "SHARED", (once.Shared(owner, "doubled", doubled),))
    once.share(tmp_path)
    return owner


def test_each_request_is_answered_once(asked: SimpleNamespace) -> None:
    assert [asked.doubled(text) for text in ("a", "b", "a")] == [b"aa", b"bb", b"aa"]
    assert asked.calls == ["a", "b"]


def test_a_test_may_ask_itself(asked: SimpleNamespace) -> None:
    asked.doubled("a")
    with once.not_shared():
        assert asked.doubled("a") == b"aa"
    assert asked.doubled("a") == b"aa"
    assert asked.calls == ["a", "a"]
