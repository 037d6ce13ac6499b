"""How heavy the studio's pages are: the bytes that are sent of each, with all that it loads.

studio -> a row per page
"""

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from audiogen.routine.yaml.emit import block
from benchmarks.sessions import long_session
from tests.studio.serving import ROUTINE, Answer, Studio, serving

Ask = Callable[[str], tuple[Answer, int]]
PAGES = (
    "/",
    "/shape/upper-back",
    "/shape/sixty",
    "/write",
    "/write/two",
    "/write/sixty",
    "/booth/two",
    "/tracks",
    "/sounds",
    "/podcast",
    "/phone",
)
LINKED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"')
IMPORTED = re.compile(r'^(?:import|export)\b[^;]*?"(\.\.?/[^"]+)"', re.MULTILINE)
LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')


class Weight(NamedTuple):
    """Bytes as sent: of the page, of all that it loads with it (the page, too), and of what its scripts load later."""

    page: int
    whole: int
    later: int


def weigh(path: str, ask: Ask) -> Weight:
    """Add up what a browser with an empty cache gets; `ask` returns an answer with its bytes as sent."""
    page, size = ask(path)
    sent = {path: size}
    later: dict[str, int] = {}
    for at in LINKED.findall(page.text):
        _load(urljoin(path, at), ask, sent, later)
    return Weight(size, sum(sent.values()), sum(later.values()))


def _load(path: str, ask: Ask, sent: dict[str, int], later: dict[str, int]) -> None:
    if path in sent or path in later or path.startswith("data:"):
        return
    answer, sent[path] = ask(path)
    if answer.status != 200:
        raise ValueError(path)
    if path.endswith(".js") and not path.endswith("/editor.js"):
        for at in IMPORTED.findall(answer.text):
            _load(urljoin(path, at), ask, sent, later)
        for at in LATER.findall(answer.text):
            _load(urljoin(path, at), ask, later, sent)


def rows(ask: Ask) -> Iterator[str]:
    yield f"{'page':<20}{'itself':>9}{'in all':>9}{'later':>9}  kB as sent"
    for path in PAGES:
        weight = weigh(path, ask)
        yield f"{path:<20}" + "".join(f"{size / 1000:>9.1f}" for size in weight)


@contextlib.contextmanager
def studio() -> Iterator[Studio]:
    """A studio in a folder of its own, with a short routine, one of seven exercises, one of sixty, also in one hour."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "routines").mkdir()
        hour = json.loads(long_session(60))
        sixty = {key: value for key, value in hour.items() if key != "length"}
        seven = {**sixty, "exercises": sixty["exercises"][:7]}
        routines = {
            "two": ROUTINE,
            "seven": block(seven),
            "hour": block(hour),
            "sixty": block(sixty),
        }  # as people write it
        for routine, text in routines.items():
            (folder / "routines" / f"{routine}.yaml").write_text(text, "utf-8")
        os.chdir(folder)
        try:
            with serving(folder) as running:
                yield running
        finally:
            os.chdir(here)


def main(_arguments: list[str]) -> None:
    with studio() as running:
        print("\n".join(rows(running.sent)))
