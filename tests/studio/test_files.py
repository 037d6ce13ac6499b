"""Tracks as files: ranges, conditional requests, downloads, without reading a long track into memory."""

import re

import pytest

from .serving import Studio

SIZE = 60_000


@pytest.fixture
def body(studio: Studio, track: str) -> bytes:
    return (studio.output / track).read_bytes()


@pytest.mark.parametrize(
    ("wished", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=5000-5999", 5000, 5999),
        ("bytes=1000-", 1000, None),
        ("bytes=-500", -500, None),
        ("bytes=0-999999999", 0, None),
    ],
    ids=["first", "middle", "open-ended", "suffix", "longer than it is"],
)
def test_a_range_is_answered_with_that_range(
    studio: Studio, body: bytes, wished: str, first: int, last: int | None
) -> None:
    answer = studio.ask("/track/two.mp3", headers={"Range": wished})
    begin = first % len(body)
    end = len(body) - 1 if last is None else last
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {begin}-{end}/{len(body)}"
    assert answer.headers["content-length"] == str(end + 1 - begin)
    assert answer.body == body[begin : end + 1]


def test_the_last_bytes_are_answered(studio: Studio, body: bytes) -> None:
    last = len(body) - 1
    answer = studio.ask("/track/two.mp3", headers={"Range": f"bytes={last}-{last}"})
    assert (answer.status, answer.body) == (206, body[-1:])


def test_several_ranges_come_in_parts(studio: Studio, body: bytes) -> None:
    answer = studio.ask("/track/two.mp3", headers={"Range": "bytes=0-9,100-109"})
    assert answer.status == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges; boundary=")
    assert len(answer.body) == int(answer.headers["content-length"])
    parts = re.findall(
        rb"Content-Range: bytes (\d+)-(\d+)/\d+\r?\n\r?\n(.{10})", answer.body, re.DOTALL | re.IGNORECASE
    )
    assert parts == [(b"0", b"9", body[:10]), (b"100", b"109", body[100:110])]


@pytest.mark.parametrize("wished", ["bytes=99999999-", "bytes=99999999-100000000"])
def test_a_range_beyond_the_end_is_unsatisfiable(studio: Studio, body: bytes, wished: str) -> None:
    answer = studio.ask("/track/two.mp3", headers={"Range": wished})
    assert answer.status == 416
    assert answer.headers["content-range"].removeprefix("bytes ") == f"*/{len(body)}"


def test_head_tells_what_get_would_send(studio: Studio, body: bytes) -> None:
    answer = studio.ask("/track/two.mp3", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(body))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "audio/mpeg"


def test_if_range_gives_the_range_of_the_same_file_and_the_whole_of_another(studio: Studio, body: bytes) -> None:
    etag = studio.ask("/track/two.mp3", method="HEAD").headers["etag"]
    same = studio.ask("/track/two.mp3", headers={"Range": "bytes=0-9", "If-Range": etag})
    assert (same.status, same.body) == (206, body[:10])
    other = studio.ask("/track/two.mp3", headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (other.status, other.body) == (200, body)


def test_a_download_is_an_attachment_with_a_good_name(studio: Studio, body: bytes) -> None:
    (studio.output / "Rücken 1.mp3").write_bytes(body)
    answer = studio.ask("/track/R%C3%BCcken%201.mp3?download")
    assert answer.body == body
    assert "attachment;" in answer.headers["content-disposition"]
    assert "filename*=UTF-8''R%C3%BCcken%201.mp3" in answer.headers["content-disposition"]
    assert "inline" in studio.ask("/track/R%C3%BCcken%201.mp3").headers["content-disposition"]
    (studio.output / "Rücken 1.mp3").unlink()


def test_files_that_are_not_audiogens_are_not_served(studio: Studio, track: str) -> None:
    (studio.output / "song.mp3").write_bytes(b"\xff\xfb\x90\x00" * 1000)
    (studio.output / "notes.txt").write_text("private")
    (studio.output / ".hidden.mp3").write_bytes((studio.output / track).read_bytes())
    for name in ("song.mp3", "notes.txt", ".hidden.mp3"):
        assert studio.ask(f"/track/{name}").status == 404
        assert name not in studio.ask("/tracks").text
        (studio.output / name).unlink()


@pytest.mark.linux(reason="memory is measured in its unit")
def test_a_track_of_three_hours_streams_without_being_read_into_memory(studio: Studio, body: bytes) -> None:
    long = studio.output / "long.mp3"
    long.write_bytes(body)
    with long.open("r+b") as file:
        file.truncate(3 * 3600 * 12_000)  # 130 MB, as three hours at 96 kbit/s are; a hole that takes no room
    studio.ask("/track/long.mp3", headers={"Range": "bytes=0-9"})
    import resource

    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    got = 0
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", studio.port, timeout=60)
    connection.request("GET", "/track/long.mp3")
    answer = connection.getresponse()
    while piece := answer.read(1 << 20):
        got += len(piece)
    connection.close()
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    long.unlink()
    assert got == 3 * 3600 * 12_000
    assert grown_kb < 40_000
