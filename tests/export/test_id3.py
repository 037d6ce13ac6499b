import json
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3

from audiogen.export.id3 import Attachment, Chapter, Tag, id3, read_attachment, read_cover, read_lyrics
from audiogen.track import mp3
from tests.decode import needs
from tests.each import each

TITLES = [
    "Upper-back release",
    "Rücken – „ganz oben“",
    "שחרור הגב העליון",
    "تمارين أعلى الظهر",
    "背中をほぐす",
    "Ease 😀 🧘🏽‍♀️",
]


def chapters(*titles: str, each_ms: int = 2000) -> list[Chapter]:
    return [Chapter(n * each_ms, (n + 1) * each_ms, title) for n, title in enumerate(titles)]


def read(tag: bytes) -> Any:
    """The frames as mutagen finds them, not translated to version 2.4."""
    return ID3(BytesIO(tag), translate=False)  # type: ignore[no-untyped-call]  # mutagen is typed in part


def probed(tag: bytes, length_ms: int, tmp_path: Path) -> Any:
    path = tmp_path / "track.mp3"
    with path.open("wb") as target:
        mp3.write_mp3(target, tag, [], length_ms)
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_chapters", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


JPEG = b"\xff\xd8\xff\xe0 a picture with a zero \0 in it \xff\xd9"
FULL = Tag(
    title="Upper-back release",
    language="en",
    length_ms=12_000,
    artist="Ann Other",
    album="Mat work",
    track=(2, 6),
    date="2026-03-01",
    comment="Turn trim silence off.\nLasts 0:12.",
    lyrics="Opening\nשב.\n\n1 背中\nBreathe.",
    lines=[(0, "שב."), (2_000, "Breathe."), (11_999, "背中")],
    chapters=chapters(*TITLES),
    cover=JPEG,
    attachments=[Attachment("application/json", "timeline.json", "audiogen timeline", b'{"version":1}')],
)


def test_an_independent_reader_finds_every_frame() -> None:
    found = read(id3(FULL))
    assert found.version == (2, 3, 0)
    texts = {kind: str(found[kind]) for kind in ("TIT2", "TPE1", "TALB", "TRCK", "TYER", "TDAT", "TLAN", "TLEN")}
    assert texts == {
        "TIT2": "Upper-back release",
        "TPE1": "Ann Other",
        "TALB": "Mat work",
        "TRCK": "2/6",
        "TYER": "2026",
        "TDAT": "0103",
        "TLAN": "eng",
        "TLEN": "12000",
    }
    [comment] = found.getall("COMM")
    assert (comment.lang, comment.desc, comment.text) == ("eng", "", ["Turn trim silence off.\nLasts 0:12."])
    [words] = found.getall("USLT")
    assert (words.lang, words.desc, words.text) == ("eng", "", "Opening\nשב.\n\n1 背中\nBreathe.")
    [timed] = found.getall("SYLT")
    assert (timed.lang, timed.format, timed.type, timed.desc) == ("eng", 2, 1, "")
    assert timed.text == [("שב.", 0), ("Breathe.", 2000), ("背中", 11_999)]
    [cover] = found.getall("APIC")
    assert (cover.encoding, cover.mime, cover.type, cover.desc, cover.data) == (0, "image/jpeg", 3, "", JPEG)
    [attached] = found.getall("GEOB")
    assert (attached.mime, attached.filename, attached.desc) == (
        "application/json",
        "timeline.json",
        "audiogen timeline",
    )
    assert attached.data == b'{"version":1}'
    [contents] = found.getall("CTOC")
    ids = [f"chp{number}" for number in range(1, 7)]
    assert (contents.element_id, contents.flags, contents.child_element_ids) == ("toc", 3, ids)
    for number, element_id in enumerate(ids):
        chapter = found[f"CHAP:{element_id}"]
        assert (chapter.start_time, chapter.end_time) == (2000 * number, 2000 * number + 2000)
        assert (chapter.start_offset, chapter.end_offset) == (0xFFFFFFFF, 0xFFFFFFFF)
        assert str(chapter.sub_frames["TIT2"]) == TITLES[number]


def test_nothing_is_left_unread() -> None:
    """Sizes add up to the last byte: a reader that walks frames ends exactly at the tag's end."""
    tag = id3(FULL)
    kinds, at = [], 10
    while at < len(tag):
        kinds.append(tag[at : at + 4].decode())
        at += 10 + int.from_bytes(tag[at + 4 : at + 8], "big")
    assert at == len(tag)
    named = ["TIT2", "TPE1", "TALB", "TRCK", "TYER", "TDAT", "TLAN", "TLEN", "COMM", "USLT", "SYLT"]
    assert kinds == [*named, "CTOC", *["CHAP"] * 6, "APIC", "GEOB"]
    assert all(byte < 0x80 for byte in tag[6:10])


def test_what_is_not_known_has_no_frame() -> None:
    assert set(read(id3(Tag(title="Plain", language="de", length_ms=7)))) == {"TIT2", "TLAN", "TLEN"}


def test_a_year_alone_is_a_date() -> None:
    found = read(id3(Tag(title="Plain", language="de", length_ms=7, date="2026")))
    assert str(found["TYER"]) == "2026"
    assert "TDAT" not in found


@needs("ffprobe")
def test_ffprobe_finds_title_and_chapters_in_any_script(tmp_path: Path) -> None:
    found = probed(id3(replace(FULL, cover=None)), FULL.length_ms, tmp_path)  # it would decode a cover
    assert found["format"]["tags"] == {
        "title": "Upper-back release",
        "artist": "Ann Other",
        "album": "Mat work",
        "track": "2/6",
        "date": "2026-03-01",
        "comment": "Turn trim silence off.\nLasts 0:12.",
        "language": "eng",
        "TLEN": "12000",
        "lyrics-eng": "Opening\nשב.\n\n1 背中\nBreathe.",
    }
    assert [(c["start"], c["end"], c["time_base"], c["tags"]["title"]) for c in found["chapters"]] == [
        (2000 * number, 2000 * number + 2000, "1/1000", title) for number, title in enumerate(TITLES)
    ]


@needs("ffprobe")
@pytest.mark.parametrize("title", TITLES)
def test_a_title_in_any_script_is_read_by_both(title: str, tmp_path: Path) -> None:
    tag = id3(Tag(title=title, language="en", length_ms=1000))
    assert str(read(tag)["TIT2"]) == title
    assert probed(tag, 1000, tmp_path)["format"]["tags"]["title"] == title


@needs("ffprobe")
def test_three_hundred_chapters_stand_in_nested_lists(tmp_path: Path) -> None:
    titles = [f"Round {number}" for number in range(1, 301)]
    tag = id3(Tag(title="Long", language="en", length_ms=600_000, chapters=chapters(*titles)))
    contents = {entry.element_id: entry for entry in read(tag).getall("CTOC")}
    assert {element_id: entry.flags for element_id, entry in contents.items()} == {"toc": 3, "toc1": 1, "toc2": 1}
    assert contents["toc"].child_element_ids == ["toc1", "toc2"]
    listed = contents["toc1"].child_element_ids + contents["toc2"].child_element_ids
    assert listed == [f"chp{number}" for number in range(1, 301)]
    found = probed(tag, 600_000, tmp_path)
    assert [chapter["tags"]["title"] for chapter in found["chapters"]] == titles


def test_chapters_stand_in_time_order_whatever_their_size() -> None:
    """mutagen would sort them by size; some players take them as they come."""
    titles = ["a much longer title than all the others", "b", "a middling title"]
    tag = id3(Tag(title="Order", language="en", length_ms=6000, chapters=chapters(*titles)))
    places = [tag.index(title.encode("utf-16-le")) for title in titles]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "wrong",
    [
        [Chapter(1, 1000, "late")],
        [Chapter(0, 999, "early")],
        [Chapter(0, 400, "gap"), Chapter(500, 1000, "gap")],
        [Chapter(0, 600, "overlap"), Chapter(500, 1000, "overlap")],
        [Chapter(500, 1000, "backwards"), Chapter(0, 500, "backwards")],
        [Chapter(0, 0, "empty"), Chapter(0, 1000, "empty")],
    ],
    ids=lambda wrong: wrong[0].title,
)
def test_chapters_that_do_not_cover_the_track_are_refused(wrong: list[Chapter]) -> None:
    with pytest.raises(ValueError, match="without gap or overlap"):
        id3(Tag(title="Wrong", language="en", length_ms=1000, chapters=wrong))


@each(
    ("language", "written"),
    [
        ("en", "eng"), ("de", "deu"), ("fr", "fra"), ("zh-CN", "zho"), ("pt-BR", "por"), ("pt_PT", "por"),
        ("he", "heb"), ("iw", "heb"), ("jw", "jav"), ("EN-gb", "eng"), ("yue", "yue"), ("fil", "fil"), ("xx", "und"),
    ],
)  # fmt: skip
def test_a_language_is_written_in_three_letters(language: str, written: str) -> None:
    found = read(id3(Tag(title="T", language=language, length_ms=1, comment="c")))
    assert str(found["TLAN"]) == written
    assert found.getall("COMM")[0].lang == written


# -- attachments

names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
attachments = st.builds(
    Attachment,
    mime=st.sampled_from(["application/json", "text/yaml", ""]),
    filename=names,
    description=names,
    body=st.binary(max_size=200),
)


@given(st.lists(attachments, max_size=4, unique_by=lambda one: one.description), st.binary(max_size=50))
def test_attachments_come_back_as_they_were(attached: list[Attachment], audio: bytes) -> None:
    file = id3(Tag(title="ā", language="en", length_ms=1, attachments=attached)) + audio
    assert [read_attachment(file, one.description) for one in attached] == [one.body for one in attached]
    assert read_attachment(file, "no such thing\n\t") is None
    for one, geob in zip(attached, read(file).getall("GEOB"), strict=True):
        assert (geob.desc, geob.filename) == (one.description, one.filename)
        assert geob.data == (one.body if one.body.strip(b"\0") else b"")  # mutagen reads zeros alone as nothing


def test_cover_and_words_come_back_as_they_were() -> None:
    assert read_cover(id3(FULL)) == JPEG
    assert read_lyrics(id3(FULL)) == FULL.lyrics
    plain = id3(Tag(title="Plain", language="de", length_ms=7))
    assert read_cover(plain) is None
    assert read_lyrics(plain) is None


@given(st.binary(max_size=100), st.integers(0, 1400))
def test_no_file_whatever_is_in_it_stops_the_reader(junk: bytes, cut: int) -> None:
    whole = id3(FULL)
    for file in (junk, b"ID3\x03\x00\x00" + junk, whole[:cut] + junk):  # what is in it may be read as it was changed
        read_attachment(file, "audiogen timeline")
        read_cover(file)
        read_lyrics(file)
    assert read_attachment(whole[:cut], "audiogen timeline") in (None, b'{"version":1}')
    assert read_cover(whole[:cut]) in (None, JPEG)
    assert read_lyrics(whole[:cut]) in (None, FULL.lyrics)


def test_a_tag_of_another_version_has_no_attachment_of_ours() -> None:
    tag = bytearray(id3(FULL))
    tag[3] = 2
    assert read_attachment(bytes(tag), "audiogen timeline") is None


def test_an_attachment_of_a_megabyte_is_found_again() -> None:
    body = bytes(range(256)) * 4096
    file = id3(Tag("T", "en", 1, attachments=[Attachment("", "a", "small", b"1"), Attachment("", "b", "big", body)]))
    assert read_attachment(file, "big") == body
    assert next(iter(read(file).getall("GEOB:big"))).data == body
