"""One studio for all tests in this process; routines are short, and what was spoken once is kept."""

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from audiogen import session
from audiogen.session import Progress
from audiogen.studio import phones

from .serving import PATIENCE_S, ROUTINE, Studio, serving


@pytest.fixture(scope="session")
def _one_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    (folder / "routines").mkdir()
    with serving(folder) as studio:
        yield studio


@pytest.fixture
def studio(_one_studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """The running studio, with nothing but the routine "two" in its folder, which is where the test stands.

    It comes to rest while the test still stands there: a draft that was on its way goes nowhere else.
    """
    shutil.rmtree(_one_studio.folder / "routines")
    (_one_studio.folder / "routines").mkdir()
    (_one_studio.folder / "routines" / "two.yaml").write_text(ROUTINE, encoding="utf-8")
    monkeypatch.chdir(_one_studio.folder)
    for name in ("music", "recordings"):
        shutil.rmtree(_one_studio.folder / name, ignore_errors=True)
    _one_studio.log.clear()
    yield _one_studio
    _one_studio.come_to_rest()


@pytest.fixture
def track(studio: Studio) -> str:
    """The name of a finished track of the routine as it is written, whatever another test has rendered under it."""
    path = studio.output / "two.mp3"
    if not studio.track:
        assert studio.render("two")["state"] == "done"
        studio.track = path.read_bytes()
    if not path.exists() or path.read_bytes() != studio.track:
        path.write_bytes(studio.track)
    return path.name


@pytest.fixture
def halting(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A routine "long", whose renders stop halfway through encoding until they are cancelled."""
    (studio.folder / "routines" / "long.yaml").write_text(ROUTINE.replace("Two short ones", "Long"), encoding="utf-8")
    render = session.render

    def halted(
        routine: Any, *args: Any, progress: Callable[[Progress], None], cancel: threading.Event, **more: Any
    ) -> Any:
        def report(now: Progress) -> None:
            progress(now)
            if routine.title == "Long" and now.phase == "encode" and now.done:
                assert cancel.wait(PATIENCE_S)

        return render(routine, *args, progress=report, cancel=cancel, **more)

    monkeypatch.setattr(session, "render", halted)


@pytest.fixture
def network(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A studio whose network is this machine: phones get another port of it."""
    monkeypatch.setattr(phones, "lan_addresses", lambda: ("127.0.0.1",))
    yield studio
    studio.post("/phone/close", {})
