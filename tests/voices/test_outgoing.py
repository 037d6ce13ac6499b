"""What bars the way to Google: proxies and authorities of the environment that cannot be used."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from urllib3.connection import HTTPSConnection

from audiogen.clips.choose_voice import choose_online
from audiogen.errors import Barred
from audiogen.routine.load import parse_routine
from audiogen.routine.voice_spec import AUTO
from audiogen.storage.cache import Cache
from audiogen.voices.deadline import _watched
from audiogen.voices.google_faults import without_logins
from audiogen.voices.gtts import GttsVoice, reachable
from audiogen.voices.outgoing import open_session

ROUTINE = parse_routine("title: Lean\nexercises: [{name: Lean, hold: 10s}]\n")
HERE = Path(__file__)

BARRED = [
    ("HTTPS_PROXY", "socks5://127.0.0.1:1080", "socks-proxy", "socks5://127.0.0.1:1080"),
    ("https_proxy", "socks5h://me:secret@127.0.0.1:1080", "socks-proxy", "socks5h://127.0.0.1:1080"),
    ("ALL_PROXY", "SOCKS4://127.0.0.1", "socks-proxy", "SOCKS4://127.0.0.1"),
    ("HTTPS_PROXY", "http://", "bad-proxy", "http://"),
    ("HTTPS_PROXY", "http://:8080", "bad-proxy", "http://:8080"),
    ("HTTPS_PROXY", "http://[::1", "bad-proxy", "http://[::1"),
    ("HTTPS_PROXY", "http://me:se/cret@proxy.example:8080", "bad-proxy", "http://proxy.example:8080"),
    ("HTTPS_PROXY", "http://me:secret@proxy.example:port", "bad-proxy", "http://proxy.example:port"),
    ("HTTPS_PROXY", "http://proxy.example:99999", "bad-proxy", "http://proxy.example:99999"),
    ("HTTPS_PROXY", "http://a..b:1", "bad-proxy", "http://a..b:1"),
    ("HTTPS_PROXY", f"http://{'x' * 70}:1", "bad-proxy", f"http://{'x' * 70}:1"),
    ("all_proxy", "ftp://proxy.example:21", "bad-proxy", "ftp://proxy.example:21"),
    ("SSL_CERT_FILE", "/no/such.pem", "bad-authorities", "/no/such.pem (No such file or directory)"),
    ("REQUESTS_CA_BUNDLE", str(HERE), "bad-authorities", f"{HERE} (no certificates in it)"),
    ("CURL_CA_BUNDLE", str(HERE / "x.pem"), "bad-authorities", f"{HERE / 'x.pem'} (Not a directory)"),
]


@pytest.fixture(autouse=True)
def _without_socks(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "socks" else found(name))


@pytest.mark.parametrize(("variable", "value", "code", "found"), BARRED, ids=[f"{one[0]}={one[1]}" for one in BARRED])
def test_a_named_voice_says_what_to_mend_and_auto_speaks_by_the_builtin_one(
    variable: str, value: str, code: str, found: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, value)
    for attempt in (lambda: GttsVoice("en", "com").speak("Lean."), reachable):
        with pytest.raises(Barred) as caught:
            attempt()
        (problem,) = caught.value.problems
        assert (problem.code, problem.subject, problem.found) == (f"voices.{code}", variable, found)
    store = Cache(tmp_path / "cache")
    choice = choose_online(AUTO, ROUTINE, ("Lean.",), store)
    assert choice.voice.name.startswith("builtin")
    assert choice.fallback is not None
    assert found in choice.fallback.found
    assert not list(store.root.glob("google-unreachable"))  # as soon as it is mended, Google is asked


@pytest.mark.parametrize(
    ("proxy", "taken"),
    [
        ("", None),
        ("proxy.example:8080", "http://proxy.example:8080"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://me:secret@proxy.example:8080", "http://me:secret@proxy.example:8080"),
        ("https://proxy.example", "https://proxy.example"),
        ("http://[::1]:3128", "http://[::1]:3128"),
    ],
)
def test_other_proxies_are_taken(proxy: str, taken: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert open_session("translate.google.com", 1).proxies.get("https") == taken


def test_a_proxy_for_other_hosts_bars_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://")
    monkeypatch.setenv("NO_PROXY", "google.com")
    assert not open_session("translate.google.com", 1).proxies


def test_a_watched_connection_goes_the_way_of_its_pool() -> None:
    """That of a SOCKS proxy would otherwise go straight to Google."""

    by_proxy: Any = type("ByProxy", (HTTPSConnection,), {})
    watched: Any = _watched(by_proxy)
    assert issubclass(watched, by_proxy)
    assert _watched(watched) is watched


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Failed to parse: http://me:secret@proxy.example", "Failed to parse: http://proxy.example"),
        ("me:p@ss@proxy.example is down", "proxy.example is down"),
        ("no login: http://proxy.example", "no login: http://proxy.example"),
    ],
)
def test_no_login_is_shown(words: str, shown: str) -> None:
    assert without_logins(words) == shown
