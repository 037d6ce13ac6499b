"""One session in every format: as long as planned, every tone in its place, the same tags and chapters in each."""

import base64
import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mutagen
import numpy as np
import pytest
import soundfile
from mutagen.flac import Picture
from numpy.typing import NDArray

from audiogen import plan, render
from audiogen.audio.pcm import SAMPLES_PER_MS
from audiogen.errors import AudiogenError, Notice, OutputError, Problem, TrackError
from audiogen.export import formats
from audiogen.export.formats import FORMATS, Recording, ogg
from audiogen.export.id3 import Attachment, Chapter, Tag
from audiogen.routine.load import parse_routine
from audiogen.session import Rendered
from audiogen.storage.cache import Cache
from audiogen.timeline.document import read_timeline
from audiogen.timeline.model import ATTACHMENT
from audiogen.track.tones import tone
from tests.decode import needs, onset
from tests.fakes.tone_voice import ToneVoice

SESSION = """
title: "Rücken = gut; 😀 #1"
artist: Ann Other
album: Mat work
date: 2026-03-01
opening: none
announce: name
closing: none
settle: 1s
switching: 3s
transition: 1s
countdown: 0
tail: 1s
exercises:
  - name: Doorway stretch
    sides: [right, left]
    hold: 3s
  - name: Shrugs
    reps: 3
    tempo: [{say: Up, for: 2s}, {say: Down, for: 2s}]
"""

Samples = NDArray[np.int16]

needs_ffmpeg = needs("ffmpeg")
every_format = pytest.mark.parametrize(
    "suffix", [pytest.param(one.suffix, marks=needs_ffmpeg if one.needs_ffmpeg else ()) for one in FORMATS.values()]
)
# .m4b is .m4a under another name: what it costs to write it again is spent on the thorough run alone.
every_encoder = pytest.mark.parametrize(
    "suffix",
    [
        pytest.param(
            one.suffix,
            marks=[
                *([needs_ffmpeg] if one.needs_ffmpeg else []),
                *([pytest.mark.thorough] if one.suffix == ".m4b" else []),
            ],
        )
        for one in FORMATS.values()
    ],
)


class Files:
    """The session in each format, made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache = Cache(folder / "cache")
        self._made: dict[str, Rendered] = {}

    def __getitem__(self, suffix: str) -> Rendered:
        if suffix not in self._made:
            self._made[suffix] = self.made(self._folder / f"track{suffix}")
        return self._made[suffix]

    def made(self, out: Path, more: str = "") -> Rendered:
        return render(parse_routine(SESSION + more), out, voice=ToneVoice(), cache=self._cache)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("formats"))


def sound_of(path: Path) -> Path:
    """The file for readers that know nothing of pages: the MP3 inside of one, by its definition."""
    if path.suffix != ".html":
        return path
    inside = path.with_name(f"{path.stem} in the page.mp3")
    different = b"".join(map(base64.b64decode, blocks_of("sound", path)))
    stretches = [line.split() for block in blocks_of("order", path) for line in block.splitlines()]
    inside.write_bytes(b"".join(different[int(begin) : int(end)] for begin, end in stretches))
    return inside


def blocks_of(kind: str, page: Path) -> list[str]:
    blocks = re.findall(
        rf'<script type="text/plain" class="{kind}">\n(.*?)</script>', page.read_text("utf-8"), re.DOTALL
    )
    assert blocks
    return blocks


def by_ffmpeg(path: Path, channels: int = 1) -> Samples:
    command = ["ffmpeg", "-v", "error", "-xerror", "-i", str(sound_of(path)), "-f", "s16le", "-ac", str(channels), "-"]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, "<i2").reshape(-1, channels)[:, 0]


def probed(path: Path) -> Any:
    command = [
        "ffprobe",
        "-v",
        "error",
        "-of",
        "json",
        "-show_format",
        "-show_chapters",
        "-show_streams",
        str(sound_of(path)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


def worst_onset(rendered: Rendered, samples: Samples) -> int:
    """How many samples the tone that is furthest from its place is off."""
    tones = [event for event in rendered.timeline.events if event.kind == "tone"]
    assert len(tones) > 10
    return max(
        abs(onset(samples, np.frombuffer(tone(one.role).raw_data, "<i2"), at) - at)
        for one in tones
        for at in [one.start_ms * SAMPLES_PER_MS]
    )


# -- sound


@pytest.mark.parametrize("suffix", [one.suffix for one in FORMATS.values() if one.name != "AAC"])
def test_libsndfile_decodes_exactly_the_planned_samples_with_every_tone_in_its_place(files: Files, suffix: str) -> None:
    rendered = files[suffix]
    samples, rate = soundfile.read(sound_of(rendered.path), dtype="int16")
    assert (len(samples), rate) == (rendered.timeline.length_ms * SAMPLES_PER_MS, 48_000)
    assert worst_onset(rendered, samples) <= 1


@every_encoder
@needs_ffmpeg
def test_ffmpeg_decodes_the_planned_samples_with_every_tone_in_its_place(files: Files, suffix: str) -> None:
    rendered = files[suffix]
    samples = by_ffmpeg(rendered.path)
    over = len(samples) - rendered.timeline.length_ms * SAMPLES_PER_MS
    # Up to version 5, ffmpeg plays the last frame of AAC to its end, although the edit list ends inside it.
    assert 0 <= over < 1024 if FORMATS[suffix].name == "AAC" else over == 0
    assert worst_onset(rendered, samples) <= 1


def test_flac_and_wav_have_the_very_same_samples(files: Files) -> None:
    flac, _ = soundfile.read(files[".flac"].path, dtype="int16")
    wav, _ = soundfile.read(files[".wav"].path, dtype="int16")
    assert np.array_equal(flac, wav)
    assert np.abs(flac).max() > 1000


@needs_ffmpeg
def test_the_edit_list_of_an_m4a_tells_the_exact_length(files: Files) -> None:
    rendered = files[".m4a"]
    (stream,) = (one for one in probed(rendered.path)["streams"] if one["codec_type"] == "audio")
    assert float(stream["start_time"]) == 0
    assert round(float(stream["duration"]) * 48_000) == rendered.timeline.length_ms * SAMPLES_PER_MS


@every_encoder
def test_the_same_session_is_the_same_file(files: Files, suffix: str, tmp_path: Path) -> None:
    again = files.made(tmp_path / f"again{suffix}")
    assert again.path.read_bytes() == files[suffix].path.read_bytes()


@pytest.mark.parametrize("suffix", [".mp3", pytest.param(".m4a", marks=needs_ffmpeg), ".opus"])
def test_a_lower_bit_rate_makes_a_smaller_file(files: Files, suffix: str, tmp_path: Path) -> None:
    default, chosen = files[suffix], "128" if suffix == ".opus" else "64k"  # Opus has 64 by default
    other = files.made(tmp_path / f"other{suffix}", f"bitrate: {chosen}")
    small, large = (default, other) if chosen == "128" else (other, default)
    assert small.size_bytes < large.size_bytes
    assert other.size_bytes == other.path.stat().st_size
    assert small.notices == large.notices == ()


def test_a_format_without_bit_rates_says_that_one_did_nothing(files: Files, tmp_path: Path) -> None:
    rendered = files.made(tmp_path / "track.flac", "bitrate: 64")
    assert rendered.notices == (Notice("export.no-bitrate", subject=".flac", found="64 kbit/s"),)


# -- tags


@every_format
def test_every_format_carries_the_timeline(files: Files, suffix: str) -> None:
    rendered = files[suffix]
    document = formats.read_attachment(rendered.path, ATTACHMENT)
    assert document is not None
    assert read_timeline(document).events == rendered.timeline.events
    assert formats.read_attachment(rendered.path, "something else") is None


@every_format
def test_every_format_is_known_by_its_content(files: Files, suffix: str, tmp_path: Path) -> None:
    found = formats.format_of(files[suffix].path)
    assert found.name == FORMATS[suffix].name
    (tmp_path / "renamed").write_bytes(files[suffix].path.read_bytes()[:2000])
    assert formats.format_of(tmp_path / "renamed") == found


@every_format
@needs_ffmpeg
def test_an_independent_reader_finds_the_same_chapters(files: Files, suffix: str) -> None:
    rendered = files[suffix]
    chapters = formats.read_chapters(rendered.path)
    assert (chapters[0].start_ms, chapters[-1].end_ms) == (0, rendered.timeline.length_ms)
    found = [
        (round(float(one["start_time"]) * 1000), one["tags"]["title"]) for one in probed(rendered.path)["chapters"]
    ]
    assert found == [(chapter.start_ms, chapter.title) for chapter in chapters]
    assert len(found) >= 3


@needs_ffmpeg
def test_an_m4b_is_an_audiobook_with_a_chapter_track(files: Files) -> None:
    found = probed(files[".m4b"].path)
    assert found["format"]["tags"]["major_brand"] == "M4B "
    assert found["format"]["tags"]["media_type"] == "2"
    assert [one["codec_tag_string"] for one in found["streams"]][:2] == ["mp4a", "text"]
    assert [one["codec_name"] for one in found["streams"]][2:] == ["mjpeg"]  # the cover
    assert files[".m4b"].path.read_bytes().count(b"chpl") == 1


TAGS = {
    ".m4a": ("\xa9nam", "\xa9ART", "\xa9alb", "\xa9day"),
    ".m4b": ("\xa9nam", "\xa9ART", "\xa9alb", "\xa9day"),
    ".mp3": ("TIT2", "TPE1", "TALB", "TDRC"),
    ".wav": ("TIT2", "TPE1", "TALB", "TDRC"),
}


@every_format
def test_mutagen_reads_title_artist_album_and_date(files: Files, suffix: str) -> None:
    found: Any = mutagen.File(sound_of(files[suffix].path))
    keys = TAGS.get(".mp3" if suffix == ".html" else suffix, ("title", "artist", "album", "date"))
    read = [str(found[key][0] if isinstance(found[key], list) else found[key]) for key in keys]
    assert read == ["Rücken = gut; 😀 #1", "Ann Other", "Mat work", "2026-03-01"]
    assert found.info.length == pytest.approx(files[suffix].timeline.length_ms / 1000, abs=0.05)


def planned() -> Attachment:
    """The timeline of the session, which a page shows."""
    document = plan(parse_routine(SESSION)).timeline.to_json()
    return Attachment("application/json", "timeline.json", ATTACHMENT, json.dumps(document).encode())


def silent(length_ms: int) -> Iterator[Samples]:
    yield np.zeros((length_ms * SAMPLES_PER_MS, 1), np.int16)


@every_format
def test_a_large_attachment_and_many_chapters_are_read_back(suffix: str, tmp_path: Path) -> None:
    """More than one page of Ogg, more than one box of M4A, and lengths of every parity."""
    body = b'{"a": "' + bytes(range(32, 127)) * 3000 + b'"}'
    chapters = tuple(Chapter(n * 10, n * 10 + 10, f"{n} = ünï;#\\x") for n in range(250))
    attached = (planned(), Attachment("application/json", "a.json", "audiogen routine", body))
    tag = Tag(title="T", language="en", length_ms=2500, comment="Two\nlines", chapters=chapters, attachments=attached)
    path = tmp_path / f"a{suffix}"
    with path.open("wb") as target:
        formats.write(target, silent(2500), Recording(suffix, 1, 2500, tag, 64))
    assert formats.read_attachment(path, "audiogen routine") == body
    assert formats.read_chapters(path) == chapters


COVER = b"\xff\xd8\xff\xe0 a picture of some size" * 100


@every_format
def test_cover_and_words_are_found_by_an_independent_reader(suffix: str, tmp_path: Path) -> None:
    tag = Tag("T", "en", 1000, lyrics="Inhale.\nExhale.", cover=COVER, attachments=(planned(),))
    path = tmp_path / f"a{suffix}"
    with path.open("wb") as target:
        formats.write(target, silent(1000), Recording(suffix, 1, 1000, tag, 64))
    found: Any = mutagen.File(sound_of(path))
    match suffix:
        case ".flac":
            cover, words = found.pictures[0].data, found["lyrics"][0]
        case ".ogg" | ".opus":
            picture = base64.b64decode(found["metadata_block_picture"][0])
            cover, words = Picture(picture).data, found["lyrics"][0]  # type: ignore[no-untyped-call]  # typed in part
        case ".m4a" | ".m4b":
            cover, words = bytes(found["covr"][0]), found["\xa9lyr"][0]
        case _:
            cover, words = found["APIC:"].data, found["USLT::eng"].text
    assert (cover, words) == (COVER, "Inhale.\nExhale.")


def test_a_page_of_ogg_has_the_checksum_of_the_standard(tmp_path: Path) -> None:
    """The checksum by its definition, a bit at a time, over a page of libsndfile's own."""
    soundfile.write(tmp_path / "a.ogg", np.zeros(4800), 48_000, format="OGG", subtype="VORBIS")
    page = (tmp_path / "a.ogg").read_bytes()
    page = page[: 27 + page[26] + sum(page[27 : 27 + page[26]])]
    assert ogg._crc(page[:22] + bytes(4) + page[26:]) == int.from_bytes(page[22:26], "little")


# -- what goes wrong


def test_another_ending_is_an_error_that_lists_what_is_possible(tmp_path: Path) -> None:
    voice = ToneVoice()
    with pytest.raises(OutputError) as raised:
        render(parse_routine(SESSION), tmp_path / "a.txt", voice=voice, cache=Cache(tmp_path / "cache"))
    problem = Problem("export.unknown-format", None, str(tmp_path / "a.txt"), formats.suffixes(), ".txt")
    assert raised.value.problems == (problem,)
    assert voice.spoken == []


HOURS = """
title: Sleep
rounds: 20

exercises:
  - name: Lie down
    hold: 1h
"""


@pytest.mark.parametrize(
    ("routine", "expected", "found"),
    [
        (HOURS, "12:25:39 in mono", "20:0"),
        (HOURS.replace("rounds: 20", "rounds: 8\nlength: 8h4m\nmusic: rain"), "6:12:49 in stereo", "8:04:00"),
    ],
)
def test_a_wav_over_its_4_gb_is_refused_before_anything_is_spoken(
    routine: str, expected: str, found: str, tmp_path: Path
) -> None:
    voice = ToneVoice()
    with pytest.raises(OutputError) as raised:
        render(parse_routine(routine), tmp_path / "a.wav", voice=voice, cache=Cache(tmp_path / "cache"))
    (problem,) = raised.value.problems
    assert (problem.code, problem.expected) == ("export.wav-too-long", expected)
    assert problem.found.startswith(found)
    assert (voice.spoken, list(tmp_path.glob("*.wav*"))) == ([], [])


def test_only_a_wav_is_limited_and_only_beyond_what_its_head_can_tell() -> None:
    day_ms = 24 * 3_600_000
    for one in FORMATS:
        if one != ".wav":
            formats.require_room(Path(f"a{one}"), 2, day_ms)
    most_ms = ((1 << 32) - 1) // 96
    formats.require_room(Path("a.WAV"), 1, most_ms)
    with pytest.raises(OutputError) as raised:
        formats.require_room(Path("a.WAV"), 1, most_ms + 1)
    assert raised.value.problems[0].code == "export.wav-too-long"


def test_what_could_not_be_known_before_is_refused_at_the_end(tmp_path: Path) -> None:
    recording = formats.Recording(".wav", 1, ((1 << 32) - 1) // 96, Tag("Sleep", "en", 0))
    with (tmp_path / "a.wav").open("wb") as target, pytest.raises(OutputError) as raised:
        formats.write(target, (), recording)
    assert raised.value.problems[0].code == "export.wav-too-long"
    assert (tmp_path / "a.wav").stat().st_size == 0


def test_a_file_of_another_kind_is_no_track(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"\xff\xd8\xff\xe0 JFIF")
    (tmp_path / "b.mp3").write_bytes(b"plain text")
    for name, code in {"b.mp3": "export.not-a-track", "none": "storage.missing"}.items():
        with pytest.raises(TrackError) as raised:
            formats.read_attachment(tmp_path / name, ATTACHMENT)
        assert [(one.code, one.subject) for one in raised.value.problems] == [(code, str(tmp_path / name))]
    assert formats.read_attachment(tmp_path / "a.mp3", ATTACHMENT) is None


@every_format
def test_a_file_that_is_cut_short_in_its_head_is_an_error_or_carries_nothing(
    files: Files, suffix: str, tmp_path: Path
) -> None:
    whole = files[suffix].path.read_bytes()
    cut = tmp_path / f"cut{suffix}"
    for size in (64, 100, 300, 1000):
        cut.write_bytes(whole[:size])
        with contextlib.suppress(TrackError):
            assert formats.read_attachment(cut, ATTACHMENT) is None


# -- ffmpeg


def test_without_ffmpeg_an_m4a_is_refused_before_anything_is_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    voice = ToneVoice()
    with pytest.raises(AudiogenError) as raised:
        render(parse_routine(SESSION), tmp_path / "a.m4a", voice=voice, cache=Cache(tmp_path / "cache"))
    assert [(one.code, one.subject) for one in raised.value.problems] == [("audio.no-ffmpeg", "Writing .m4a")]
    assert voice.spoken == []
    assert not (tmp_path / "a.m4a").exists()


@needs_ffmpeg
def test_the_ffmpeg_of_the_extra_does_where_there_is_none_on_the_path(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = subprocess.run(["which", "ffmpeg"], capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / "imageio_ffmpeg.py").write_text(f"def get_ffmpeg_exe():\n    return {program!r}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "imageio_ffmpeg", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert files.made(tmp_path / "a.m4a").size_bytes > 1000


BROKEN = {
    "cannot encode AAC": "#!/bin/sh\necho ' A..... mp2'\n",
    "fails (a library is missing)": "#!/bin/sh\necho 'a library is missing' >&2; exit 127",
    "cannot be run": "\x7fELF nonsense",
}


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for ffmpeg")
@pytest.mark.parametrize("problem", BROKEN)
def test_an_ffmpeg_that_is_of_no_use_is_reported_before_anything_is_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: str
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text(BROKEN[problem])
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    voice = ToneVoice()
    with pytest.raises(AudiogenError) as raised:
        render(parse_routine(SESSION), tmp_path / "a.m4a", voice=voice, cache=Cache(tmp_path / "cache"))
    assert raised.value.problems[0].code == "audio.unusable-ffmpeg"
    assert problem in raised.value.problems[0].found
    assert "\n" not in str(raised.value)
    assert voice.spoken == []


FAILING = """#!/bin/sh
case "$*" in *-encoders*) echo ' A..... aac  AAC'; exit 0;; esac
head -c 1000 >/dev/null
for last; do :; done
echo half > "${last#file:}"
echo 'something first' >&2
echo 'No space left on device' >&2
exit 1
"""


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for ffmpeg")
def test_an_ffmpeg_that_fails_on_the_way_is_one_line_and_leaves_the_earlier_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(FAILING)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    out = tmp_path / "a.m4a"
    out.write_bytes(b"earlier")
    with pytest.raises(OutputError) as raised:
        render(parse_routine(SESSION), out, voice=ToneVoice(), cache=Cache(tmp_path / "cache"))
    assert raised.value.problems == (Problem("storage.disk-full", subject=str(out)),)
    assert out.read_bytes() == b"earlier"
    assert list(tmp_path.glob(".*.part")) == []
