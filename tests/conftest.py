"""Fixtures for all tests: nothing is read from or written to the folders of whoever runs them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from audiogen import parse_routine, render
from audiogen.session import Rendered
from audiogen.storage.cache import Cache

from .fakes.google import FakeGoogle
from .shipped import ShippedTracks
from .short import SHORT

# The same examples at every run, on machines of any speed.
settings.register_profile("audiogen", max_examples=40, deadline=None, derandomize=True)
settings.load_profile("audiogen")

FOLDERS = {
    "AUDIOGEN_CACHE_DIR": "cache",
    "XDG_CACHE_HOME": "xdg-cache",
    "XDG_CONFIG_HOME": "xdg-config",
    "XDG_DATA_HOME": "xdg-data",
    "HIBARI_HOME": "hibari",
}
FORGOTTEN = {"SOURCE_DATE_EPOCH", "NO_COLOR", "FORCE_COLOR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}


@pytest.fixture(autouse=True)
def _isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache and configuration of this test's own, and no setting from outside."""
    for name in os.environ:
        if name.startswith("AUDIOGEN_") or name in FORGOTTEN or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name, folder in FOLDERS.items():
        monkeypatch.setenv(name, str(tmp_path / ".isolated" / folder))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all tests of a file, so that each word is spoken once for them."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def _one_google() -> Iterator[FakeGoogle]:
    with FakeGoogle() as google:
        yield google


@pytest.fixture
def google(_one_google: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    """Google Translate on loopback; this process and those it starts are led there."""
    _one_google.reset()
    for name, value in _one_google.environment.items():
        monkeypatch.setenv(name, value)
    yield _one_google
    _one_google.released.set()


@pytest.fixture(scope="session")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> ShippedTracks:
    """The shipped routines, rendered. Processes that share the tests share the cues, too."""
    folder = tmp_path_factory.mktemp("tracks")
    shared = folder.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else folder.parent
    return ShippedTracks(folder, Cache(shared / "cues-of-tracks"))


@pytest.fixture(scope="session")
def short_track(tracks: ShippedTracks, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """A short session, spoken by the built-in voice; the file is nobody's to change."""
    out = tmp_path_factory.mktemp("short") / "neck.mp3"
    return render(parse_routine(SHORT), out, voice="builtin", cache=tracks.cache)
