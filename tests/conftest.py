"""Fixtures for all tests: nothing is read from or written to the folders of whoever runs them."""

import asyncio
import contextlib
import gc
import importlib
import itertools
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from audiogen import parse_routine, render
from audiogen.session import Rendered
from audiogen.storage.cache import Cache

from . import command, once
from .fakes.google import FakeGoogle
from .shipped import ShippedTracks
from .short import SHORT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# As in .ci/run: some hundred processes are started, and each would compile all that it loads.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Some tests load onnxruntime by themselves; what audiogen does about it, tests/test_privacy.py finds without this.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# The same few examples at every run, on machines of any speed; with --hypothesis-profile=thorough many new ones.
settings.register_profile("audiogen", max_examples=10, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=300, deadline=None)
settings.load_profile("audiogen")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One or two files in this process; more on every core and two more, since many tests wait for something."""
    named = [Path(one.partition("::")[0]) for one in config.option.file_or_dir]
    if len(named) in (1, 2) and all(path.is_file() for path in named):
        return 0
    return 2 + (len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)


def pytest_collection(session: pytest.Session) -> None:
    """Let each of several processes begin to load the tests at another file, so that each file is compiled once."""
    gc.disable()  # nearly all that comes now stays until the end
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.option.file_or_dir:
        return
    here = Path(__file__).parent
    files = sorted(here.rglob("test_*.py"))
    first = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for path in (*files[first:], *files[:first]):
        with contextlib.suppress(Exception, pytest.skip.Exception):  # whatever it is, pytest reports it
            importlib.import_module(".".join(path.relative_to(here.parent).with_suffix("").parts))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Let the closing line say how many tests were left out, in several processes too."""
    if items and hasattr(items[0].config, "workeroutput"):
        items[0].config.workeroutput["deselected"] = len(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    left_out = getattr(node, "workeroutput", {}).get("deselected", 0)
    node.config.pluginmanager.get_plugin("terminalreporter").stats["deselected"] = [SimpleNamespace()] * left_out


# Those that take ten seconds or more: begun late, each would be waited for by processes that have nothing left to do.
LONGEST = (
    "studio/test_writing_page.py",
    "verification/test_verify.py",
    "studio/test_browser.py",
    "track/test_music.py",
    "session/test_tracks.py",
    "runs/test_batch.py",
    "runs/test_batch_dask.py",
    "cli/test_cli.py",
    "verification/test_formats.py",
    "studio/test_states.py",
    "export/test_formats.py",
    "tests/test_docs.py",
    "routine/test_variants.py",
)
PLACES = {name: place for place, name in enumerate(LONGEST)}


@pytest.hookimpl(tryfirst=True)  # before pytest itself looks at the markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; skip what needs Linux elsewhere; let properties be thorough in that profile."""
    items.sort(key=lambda item: PLACES.get(f"{item.path.parent.name}/{item.path.name}", len(PLACES)))
    if settings.get_current_profile_name() == "thorough":
        for item in items:
            if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
                item.add_marker("thorough")
    if sys.platform == "linux":
        return
    for item in items:
        for mark in item.iter_markers("linux"):
            item.add_marker(pytest.mark.skip(reason=f"needs Linux: {mark.kwargs['reason']}"))


FOLDERS = {
    "AUDIOGEN_CACHE_DIR": "cache",
    "XDG_CACHE_HOME": "xdg-cache",
    "XDG_CONFIG_HOME": "xdg-config",
    "XDG_DATA_HOME": "xdg-data",
    "HIBARI_HOME": "hibari",
}
FORGOTTEN = {"SOURCE_DATE_EPOCH", "NO_COLOR", "FORCE_COLOR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Take back what a command that ran in this process made of the two signals: it expects its process to end."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


@pytest.fixture(scope="session")
def _folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for each test, which is there as soon as something is written."""
    base = tmp_path_factory.mktemp("isolated")
    return (base / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _isolated(_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache and configuration of this test's own, and no setting from outside."""
    base = next(_folders)
    for name in os.environ:
        if name.startswith("AUDIOGEN_") or name in FORGOTTEN or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name, folder in FOLDERS.items():
        monkeypatch.setenv(name, str(base / folder))


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
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, for all processes that share the tests."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session", autouse=True)
def _once(shared: Path) -> None:
    os.environ[once.FOLDER] = str(shared / "once")
    once.share_as_told(os.environ)


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    with command.all_ended():
        yield


@pytest.fixture(scope="session")
def _one_browser() -> Iterator[tuple["Browser", asyncio.AbstractEventLoop]]:
    """A browser for all tests in this process, and the loop that Playwright leaves running in it."""
    from .studio.browsing import browser_running  # which most processes never need

    with browser_running() as browser:
        loop = asyncio.get_running_loop()
        yield browser, loop
        asyncio._set_running_loop(loop)


@pytest.fixture
def browser(_one_browser: tuple["Browser", asyncio.AbstractEventLoop]) -> Iterator["Browser"]:
    """Debian's Chromium; tests without it run loops of their own, in whatever order they come."""
    browser, loop = _one_browser
    asyncio._set_running_loop(loop)
    yield browser
    asyncio._set_running_loop(None)


@pytest.fixture(scope="module")
def not_shared() -> Iterator[None]:
    """All tests of the file that uses this speak and encode by themselves."""
    with once.not_shared():
        yield


@pytest.fixture(scope="session")
def tracks(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> ShippedTracks:
    """The shipped routines, rendered. Processes that share the tests share the cues, too."""
    return ShippedTracks(tmp_path_factory.mktemp("tracks"), Cache(shared / "cues-of-tracks"))


@pytest.fixture(scope="session")
def short_track(tracks: ShippedTracks, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """A short session, spoken by the built-in voice; the file is nobody's to change."""
    out = tmp_path_factory.mktemp("short") / "neck.mp3"
    return render(parse_routine(SHORT), out, voice="builtin", cache=tracks.cache)
