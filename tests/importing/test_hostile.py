"""Sources that are large, broken, or made to do harm: a routine or one clear error, soon and in little memory."""

import contextlib
import io
import socket
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import NoReturn

import pytest

from audiogen.errors import RoutineError
from audiogen.importing import import_bytes
from audiogen.importing.read import read_bytes
from tests.each import each

ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


LARGE: dict[str, tuple[Callable[[], bytes], str]] = {
    "5 MB of exercises": (lambda: b"Plank 30 seconds\nKeep your back straight.\n\n" * 113_000, ".txt"),
    "5 MB of prose": (lambda: b"The fox walked over the hill. It was late (pause). " * 98_000, ".txt"),
    "a line of 1 MB": (lambda: b"Squats 3x10 keep the chest up; " * 33_000, ".txt"),
    "10 000 headings": (lambda: b"".join(b"## Move %d (30 sec)\n\nLift.\n" % n for n in range(10_000)), ".md"),
    "brackets": (lambda: b"(" * 500_000 + b"\n" + b"[" * 500_000 + b"\n" + b"*" * 500_000, ".md"),
    "dots before a word": (lambda: b"a" + b"." * 1_000_000 + b"b", ".txt"),
    "dots": (lambda: b"." * 1_000_000 + b"\n" + "… ".encode() * 300_000, ".txt"),
    "tags that never end": (lambda: b"<html>" + b"<div " * 400_000, ".html"),
    "quotes that never end": (lambda: b"<html>" + b"<a href='" * 300_000, ".html"),
    "comments that never end": (lambda: b"<html><!--" * 200_000, ".html"),
    "deep elements": (lambda: b"<html>" + b"<div>" * 400_000 + b"x", ".html"),
    "a quote that never ends": (lambda: b'a,b,c\n"' + b"x,y,z\n" * 300_000, ".csv"),
    "150 000 rows": (lambda: b"exercise,duration\n" + b"Plank,30\n" * 150_000, ".csv"),
    "deep brackets": (lambda: b"[" * 500_000, ".json"),
}
REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str, str]] = {
    "nothing": (b"", ".txt", "importing.no-exercise"),
    "blank lines": (b"\n \n\n", ".txt", "importing.no-exercise"),
    "random bytes": (bytes(range(256)) * 50, ".txt", "importing.not-text"),
    "more than 5 MB": (b"a" * 5_000_001, ".txt", "importing.too-large"),
    "an address": (b"https://example.org/knee\n", ".txt", "importing.web-page"),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n", ".pdf", "importing.no-text"),
    "a picture": (b"\x89PNG\r\n\x1a\n", ".png", "importing.no-text"),
    "a Word document": (zipped("word/document.xml", b"<w:t>Plank 30 seconds</w:t>"), ".docx", "importing.no-text"),
    "a page to sign in": (
        b"<html><title>Sign in</title><form><label>E-mail</label></form><p>Forgot your password?</p>",
        ".html",
        "importing.no-exercise",
    ),
    "a recipe": (
        b"Pancakes\n\nIngredients\n- 200 g flour\n- 2 eggs\n\n1. Whisk.\n2. Add the milk and rest for 30 minutes.\n"
        b"3. Heat a pan. Fry each side for 2 minutes.\n",
        ".txt",
        "importing.no-exercise",
    ),
    "entities": (
        f"<?xml version='1.0'?>{ENTITIES}<workout_file>&b;</workout_file>".encode(),
        ".zwo",
        "importing.xml-entities",
    ),
    "entities in UTF-16": (f"{ENTITIES}<workout_file/>".encode("utf-16"), ".zwo", "importing.xml-entities"),
    "broken XML": (b"<workout_file><name>", ".zwo", "importing.not-xml"),
    "a zip bomb": (lambda: zipped("xl/worksheets/sheet1.xml", b"0" * 70_000_000), ".xlsx", "importing.too-large"),
    "entities in a spreadsheet": (zipped("[Content_Types].xml", ENTITIES.encode()), ".xlsx", "importing.xml-entities"),
    "no spreadsheet": (b"PK\x03\x04 nothing", ".xlsx", "importing.not-xlsx"),
    "another app's JSON": (b'{"a": 1}', ".json", "importing.unknown-json"),
}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reader opens a socket."""

    def refused(*_: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)


SOME = ["5 MB of exercises", "tags that never end", "deep brackets"]  # of each kind of reader; the others now and then


@pytest.mark.parametrize(
    "name", [*SOME, *(pytest.param(one, marks=pytest.mark.thorough) for one in LARGE if one not in SOME)]
)
def test_what_is_large_is_read_or_refused_in_five_seconds_of_computing(name: str) -> None:
    make, suffix = LARGE[name]
    content = make()
    began = time.process_time()
    with contextlib.suppress(RoutineError):
        read_bytes(content, "the file", suffix)
    assert time.process_time() - began < 5


@pytest.mark.thorough
@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_needs_less_than_300_mb(name: str) -> None:
    make, suffix = LARGE[name]
    content = make()
    tracemalloc.start()
    with contextlib.suppress(RoutineError):
        import_bytes(content, suffix=suffix)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 300_000_000


@each("name", REFUSED)
def test_what_is_no_routine_is_refused_in_one_sentence(name: str) -> None:
    content, suffix, code = REFUSED[name]
    content = content() if callable(content) else content
    with pytest.raises(RoutineError) as caught:
        import_bytes(content, subject=f"the file{suffix}", suffix=suffix)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_gives_the_same_routine(encoding: str) -> None:
    text = "Übung Kniebeuge\n\nKniebeuge: 3 x 10\nRücken gerade, die Füße hüftbreit.\n\nBrücke: 30 Sekunden halten\n"
    found = import_bytes(text.encode(encoding))
    assert found.routine == import_bytes(text.encode()).routine
    assert "Füße" in found.text


def test_scripts_and_entities_of_a_page_are_no_words() -> None:
    page = (
        b"<html><body><script>alert('Plank 30 s')</script><style>p{}</style><h2>Plank &amp; hold &ndash; 30 sec</h2>"
        b"<p>Keep your&nbsp;back long.</p><h2>Squats &times; 3x10</h2><p>Sit &lt;down&gt;.</p><!-- hidden -- >"
        b"</body></html>"
    )
    found = import_bytes(page, suffix=".html")
    assert [one.name for one in found.routine.flat] == ["Plank & hold", "Squats"]
    assert "alert" not in found.text
    assert "hidden" not in found.text
