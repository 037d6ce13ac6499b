"""The sound in a page: each of its different frames is there once, and what is read back is the MP3."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen import render
from audiogen.errors import TrackError
from audiogen.export import formats
from audiogen.export.formats import html
from audiogen.export.player.page import INSIDE, ORDER, SOUND
from audiogen.routine.load import parse_routine
from audiogen.storage.cache import Cache
from tests.fakes.tone_voice import ToneVoice

FRAME = 288
ROUNDS = "title: Wall\nopening: title\nexercises:\n  - {name: Wall sit, hold: 20s, sets: 6, rest: 20s}\n"


def written(writes: list[bytes], frame_bytes: int) -> bytes:
    page = io.BytesIO()
    inside = html._Encoding(page, frame_bytes)
    for data in writes:
        inside.write(data)
    inside.close()
    return page.getvalue()


def read(page: bytes) -> bytes:
    return io.BufferedReader(html._Decoding(io.BytesIO(page))).read()


@given(
    st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=8),
    st.integers(1, 8),
    st.integers(1, 8),
    st.booleans(),
)
def test_what_is_written_is_read_wherever_blocks_end_and_repetitions_are_no_longer_looked_for(
    stretches: list[list[int]], block: int, repeated: int, are_frames: bool
) -> None:
    frames = [number.to_bytes(1) * FRAME for number in range(10)]
    writes = [b"tag", *(b"".join(frames[number] for number in stretch) for stretch in stretches)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "_BLOCK", block * FRAME)
        patch.setattr(html, "_REPEATED", repeated * FRAME)
        page = written(writes, FRAME if are_frames else 0)
        assert b">\n</script>" not in page
        assert read(page) == read(page.replace(b"\n", b"\r\n")) == b"".join(writes)


def test_a_page_is_much_smaller_than_its_mp3_where_the_session_repeats_itself(tmp_path: Path) -> None:
    routine, cache = parse_routine(ROUNDS), Cache(tmp_path / "cache")
    page = render(routine, tmp_path / "rounds.html", voice=ToneVoice(), cache=cache)
    track = render(routine, tmp_path / "rounds.mp3", voice=ToneVoice(), cache=cache)
    with formats.sound_of(page.path) as inside:
        assert inside.read_bytes() == track.path.read_bytes()
    assert page.size_bytes < 0.6 * track.size_bytes


@pytest.mark.parametrize(
    "order",
    ["0 100000", "100 200", "5 2", "-1 2", "0", "all of it", "0 ²", "0 3\n" * 1000],
    ids=["too long", "behind", "backwards", "before", "half", "words", "raised", "without end"],
)
def test_an_order_that_the_sound_cannot_have_is_damaged(
    order: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "_MOST", 2000)
    path = tmp_path / "hostile.html"
    lines = (INSIDE, SOUND, "SUQz", "</script>", ORDER, order, "</script>")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(TrackError) as caught, formats.sound_of(path):
        pass
    assert caught.value.problems[0].code == "export.damaged"
