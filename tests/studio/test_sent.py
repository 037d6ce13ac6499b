"""What goes over the wire: texts by gzip, sound as it is, files anew only when they changed, light pages."""

import gzip

import pytest

from benchmarks.sessions import long_session
from benchmarks.weights import PAGES as PAGES_OF_ALL
from benchmarks.weights import weigh

from .serving import Studio

GZIP = {"Accept-Encoding": "gzip"}
PAGES = (*PAGES_OF_ALL, "/play/two.mp3", "/sounds?routine=two")


@pytest.mark.usefixtures("track")
def test_no_page_is_heavy(studio: Studio) -> None:
    (studio.folder / "routines" / "sixty.yaml").write_text(long_session(60), "utf-8")
    _, editor = studio.sent("/static/editor.js")
    _, schema = studio.sent("/schema.json")
    assert editor < 150_000
    for page in PAGES:
        weight = weigh(page, studio.sent)
        assert weight.whole < 120_000, page
        assert weight.whole + weight.later + schema < 300_000, page
        assert (weight.later == editor) is page.startswith("/write/"), page


@pytest.mark.usefixtures("track")
@pytest.mark.parametrize(
    "path", ["/", "/plan/two", "/static/studio.css", "/static/shape.js", "/schema.json", "/feed.xml"]
)
def test_a_text_is_compressed_for_whoever_accepts_it(studio: Studio, path: str) -> None:
    plain = studio.ask(path)
    sent = studio.ask(path, headers=GZIP)
    assert gzip.decompress(sent.body) == plain.body
    assert len(sent.body) < len(plain.body)
    assert (sent.headers["content-encoding"], sent.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "content-encoding" not in plain.headers
    head = studio.ask(path, method="HEAD", headers=GZIP)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-encoding"] == "gzip"
    assert "content-length" not in head.headers


def test_sound_and_pictures_and_ranges_are_sent_as_they_are(studio: Studio, track: str) -> None:
    whole = (studio.output / track).read_bytes()
    for path in (f"/track/{track}", f"/track/{track}?download"):
        sent = studio.ask(path, headers=GZIP)
        assert sent.body == whole
        assert sent.headers["content-length"] == str(len(whole))
        part = studio.ask(path, headers={**GZIP, "Range": "bytes=1000-1999"})
        assert (part.status, part.body) == (206, whole[1000:2000])
        assert part.headers["content-range"] == f"bytes 1000-1999/{len(whole)}"
        head = studio.ask(path, method="HEAD", headers=GZIP)
        assert (head.headers["content-length"], head.headers["accept-ranges"]) == (str(len(whole)), "bytes")
    for path in ("/static/player/cover.png", f"/track/{track}/cover.jpg"):
        assert "content-encoding" not in studio.ask(path, headers=GZIP).headers
    script = studio.ask("/static/shape.js").body
    part = studio.ask("/static/shape.js", headers={**GZIP, "Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, script[10:20])


def test_a_file_of_the_pages_is_sent_again_only_when_it_changed(studio: Studio) -> None:
    for headers in ({}, GZIP):
        first = studio.ask("/static/shape.js", headers=headers)
        assert first.headers["cache-control"] == "no-cache"
        again = studio.ask("/static/shape.js", headers={**headers, "If-None-Match": first.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["cache-control"] == "no-cache"
        other = studio.ask("/static/shape.js", headers={**headers, "If-None-Match": '"another"'})
        assert other.status == 200
