"""Damaged tracks and odd names in the output folder: each is left out, and every page shows the others."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiogen.export import id3
from audiogen.script import Place
from audiogen.timeline.events import Event, Exercised
from audiogen.timeline.model import ATTACHMENT, Timeline

from .serving import Studio, serving

LENGTH_MS = 4000
GOOD = Timeline(
    "Good one",
    "en",
    None,
    LENGTH_MS,
    True,
    (Exercised(1, "plank", "Plank"),),
    (
        Event(0, 1000, "say", "announcement", "Plank.", Place(1)),
        Event(1000, LENGTH_MS, "wait", "hold", place=Place(1)),
        Event(1000, LENGTH_MS, "hold", "hold", place=Place(1)),
    ),
).to_json()
DEEP = 50_000

BODIES = {
    "text for a number": json.dumps({**GOOD, "length_ms": "abc"}),
    "no mix": json.dumps({**GOOD, "mix": None}),
    "a mix of something else": json.dumps({**GOOD, "mix": {"levels": [1], "own": 3}}),
    "not a number": json.dumps({**GOOD, "length_ms": float("nan")}),
    "beyond all numbers": json.dumps(GOOD).replace(f'"length_ms": {LENGTH_MS}', f'"length_ms": {"9" * 5000}'),
    "a huge number": json.dumps({**GOOD, "length_ms": 10**30}),
    "half a character": json.dumps({**GOOD, "title": "\ud83d"}),
    "deep": f'{{"version": 1, "title": {"[" * DEEP}{"]" * DEEP}}}',
    "deep where nobody looks": json.dumps(GOOD)[:-1] + f', "more": {"[" * DEEP}{"]" * DEEP}}}',
    "a number for text": json.dumps({**GOOD, "title": 7}),
    "a list for an object": "[]",
    "numbered from 7": json.dumps({**GOOD, "exercises": [{"number": 7, "slug": "plank", "name": "Plank"}]}),
    "a foreign language": json.dumps({**GOOD, "language": "../../etc"}),
    "words without words": json.dumps({**GOOD, "events": [{**GOOD["events"][0], "text": None}, *GOOD["events"][1:]]}),
    "work that ends before it begins": json.dumps(
        {**GOOD, "events": [*GOOD["events"][:2], {**GOOD["events"][2], "end_ms": 0}]}
    ),
}
PAGES = ("/", "/tracks", "/sounds", "/feed.xml", "/podcast", "/jobs")


def tagged(body: str) -> bytes:
    attachment = id3.Attachment("application/json", "timeline.json", ATTACHMENT, body.encode())
    return id3.id3(id3.Tag("x", "en", LENGTH_MS, attachments=[attachment])) + b"\xff\xfb\x54\xc4" + bytes(284)


def box(size: int, name: bytes, content: bytes = b"") -> bytes:
    return size.to_bytes(4, "big") + name + content


FTYP = box(16, b"ftyp", b"M4A \0\0\0\0")
FILES = {
    "huge-box.m4a": FTYP + box(1, b"moov", (1 << 62).to_bytes(8, "big")),
    "huger-box.m4a": FTYP + box(1, b"free", (1 << 63).to_bytes(8, "big")),
    "no-index.m4a": FTYP,
    "huge-comments.flac": b"fLaC" + b"\x84\xff\xff\xff" + b"\xff" * 40,
    "many-comments.flac": b"fLaC" + b"\x84\0\0\x10" + bytes(4) + b"\xff" * 4 + bytes(8),
    "huge-chunk.wav": b"RIFF\xff\xff\xff\xffWAVEid3 \xff\xff\xff\xff" + b"ID3",
    "cut.ogg": b"OggS\0\x02" + bytes(20) + b"\x01\x1e\x01vorbis" + bytes(23),
    "empty.mp3": b"",
    "nonsense.opus": os.urandom(3000),
}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("damaged")
    output = folder / "output"
    output.mkdir()
    (output / "good.mp3").write_bytes(tagged(json.dumps(GOOD)))
    for name, body in BODIES.items():
        (output / f"{name}.mp3").write_bytes(tagged(body))
    for name, content in FILES.items():
        (output / name).write_bytes(content)
    with serving(folder) as studio:
        yield studio


@pytest.mark.parametrize("page", PAGES)
def test_a_damaged_track_takes_no_page_down(damaged: Studio, page: str) -> None:
    assert damaged.ask(page).status == 200
    assert damaged.log == []


def test_only_the_track_that_can_be_read_is_listed(damaged: Studio) -> None:
    assert [track.name for track in damaged.state.tracks.all()] == ["good.mp3"]


@pytest.mark.parametrize("what", ["", "/cover.jpg", "/chapters.json", "/transcript.srt"])
def test_a_damaged_track_is_not_found(damaged: Studio, what: str) -> None:
    assert damaged.ask(f"/track/good.mp3{what}").status == 200
    assert damaged.ask(f"/track/deep.mp3{what}").status == 404


@pytest.mark.linux("only there can a file have a name that is not text")
@pytest.mark.parametrize("page", PAGES)
def test_a_name_that_is_not_text_takes_no_page_down(
    damaged: Studio, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(damaged.folder)
    for folder, suffix in ((damaged.output, ".mp3"), (damaged.folder / "music", ".wav"), (Path("routines"), ".yaml")):
        folder.mkdir(exist_ok=True)
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff" + suffix.encode())).write_bytes(tagged(json.dumps(GOOD)))
    assert damaged.ask(page).status == 200
