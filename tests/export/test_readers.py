"""Five readers that did not write it agree on the tags and chapters of a track, and on its cover."""

import io
import json
import os
import subprocess
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import eyed3
import pytest
from mutagen.id3 import ID3
from PIL import Image

from audiogen import parse_routine, render
from audiogen.export.id3 import read_cover
from audiogen.session import Rendered
from audiogen.views.chapters import chapters_of
from audiogen.views.lyrics import lines_of, whole_text

from ..decode import needs
from ..fakes.tone_voice import ToneVoice

ROUTINE = """\
title: "Rücken 背中 שחרור 😀"
language: de
artist: Ann Öther
album: Auf der Matte
settle: 1s
switching: 3s
date: 2026-03-01
exercises:
  - {name: "تمارين <i> & „Bogen“", sides: [right, left], hold: 5s}
  - {name: Rolle, reps: 2, tempo: [{say: "Ein, und auf", for: 2s}]}
"""
COMMENT = "Mit Tempo 1× abspielen und „Stille kürzen“ ausschalten. Es dauert {}."

needs_music_metadata = pytest.mark.skipif(
    "MUSIC_METADATA" not in os.environ,
    reason="needs npm's music-metadata (npm install it anywhere; MUSIC_METADATA=…/node_modules/music-metadata)",
)


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    out = tmp_path_factory.mktemp("readers") / "track.mp3"
    return render(parse_routine(ROUTINE), out, voice=ToneVoice(), track=(2, 6))


def comment(track: Rendered) -> str:
    seconds = track.timeline.length_ms // 1000
    return COMMENT.format(f"{seconds // 60}:{seconds % 60:02}")


def chapters(track: Rendered) -> list[tuple[int, int, str]]:
    return [(one.start_ms, one.end_ms, one.title) for one in chapters_of(track.timeline)]


def run(*command: str | Path) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, encoding="utf-8", check=True, timeout=60)
    return done.stdout


def ms(seconds: float) -> int:
    return round(seconds * 1000)


def test_there_is_a_chapter_for_each_side_and_what_frames_it(track: Rendered) -> None:
    assert [title for _, _, title in chapters(track)] == [
        "Einleitung",
        "1 تمارين <i> & „Bogen“, rechts, 5 s",
        "1 تمارين <i> & „Bogen“, links, 5 s",
        "2 Rolle, 2 Wiederholungen",
        "Abschluss",
    ]


@needs("ffprobe")
def test_ffprobe(track: Rendered) -> None:
    shown = run("ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_chapters", "-show_streams", track.path)
    found = json.loads(shown)
    wanted = {
        "title": track.timeline.title,
        "artist": "Ann Öther",
        "album": "Auf der Matte",
        "date": "2026-03-01",
        "track": "2/6",
        "language": "deu",
        "comment": comment(track),
        "lyrics-deu": whole_text(track.timeline),
        "TLEN": str(track.timeline.length_ms),
    }
    assert {key: found["format"]["tags"].get(key) for key in wanted} == wanted
    assert [(one["start"], one["end"], one["tags"]["title"]) for one in found["chapters"]] == chapters(track)
    (cover,) = (one for one in found["streams"] if one["disposition"]["attached_pic"])
    assert (cover["codec_name"], cover["width"], cover["height"], cover["profile"]) == ("mjpeg", 1400, 1400, "Baseline")


def test_mutagen(track: Rendered) -> None:
    found: Any = ID3(track.path, translate=False)  # type: ignore[no-untyped-call]  # mutagen is typed in part
    texts = {kind: str(found[kind]) for kind in ("TIT2", "TPE1", "TALB", "TYER", "TDAT", "TRCK", "TLAN", "TLEN")}
    assert texts == {
        "TIT2": track.timeline.title,
        "TPE1": "Ann Öther",
        "TALB": "Auf der Matte",
        "TYER": "2026",
        "TDAT": "0103",
        "TRCK": "2/6",
        "TLAN": "deu",
        "TLEN": str(track.timeline.length_ms),
    }
    assert found["COMM::deu"].text == [comment(track)]
    assert found["USLT::deu"].text == whole_text(track.timeline)
    assert found["SYLT::deu"].text == [(line.text, line.start_ms) for line in lines_of(track.timeline)]
    ids = found["CTOC:toc"].child_element_ids
    listed = [found[f"CHAP:{one}"] for one in ids]
    assert [(one.start_time, one.end_time, str(one.sub_frames["TIT2"])) for one in listed] == chapters(track)
    cover = found["APIC:"]
    assert (cover.type, cover.mime, cover.encoding) == (3, "image/jpeg", 0)
    assert Image.open(io.BytesIO(cover.data)).size == (1400, 1400)
    assert {one.desc for one in found.getall("GEOB")} == {"audiogen timeline", "audiogen routine"}


def test_eyed3(track: Rendered) -> None:
    found = eyed3.load(track.path).tag
    assert found.version == (2, 3, 0)
    assert (found.title, found.artist, found.album) == (track.timeline.title, "Ann Öther", "Auf der Matte")
    assert (str(found.recording_date), tuple(found.track_num)) == ("2026", (2, 6))  # day and month are beyond it
    assert [(one.lang, one.text) for one in found.comments] == [(b"deu", comment(track))]
    assert [(one.lang, one.text) for one in found.lyrics] == [(b"deu", whole_text(track.timeline))]
    (contents,) = found.table_of_contents
    assert (contents.toplevel, contents.ordered) == (True, True)
    listed = [found.chapters[one] for one in contents.child_ids]
    assert [(*one.times, one.title) for one in listed] == chapters(track)
    (cover,) = found.images
    assert (cover.picture_type, cover.mime_type) == (3, "image/jpeg")
    assert cover.image_data == read_cover(track.path.read_bytes())


READ = """\
const { pathToFileURL } = await import("node:url");
const { parseFile } = await import(pathToFileURL(process.env.MUSIC_METADATA + "/lib/index.js"));
const { format, common } = await parseFile(process.argv[1], { duration: true, includeChapters: true });
const covers = common.picture.map(({ format, type, data }) => [format, type, data.length]);
console.log(JSON.stringify({ format, common: { ...common, picture: covers } }));
"""


@needs("node")
@needs_music_metadata
def test_music_metadata(track: Rendered) -> None:
    found = json.loads(run("node", "--input-type=module", "-e", READ, track.path))
    shown, sound = found["common"], found["format"]
    assert (shown["title"], shown["artist"], shown["album"]) == (track.timeline.title, "Ann Öther", "Auf der Matte")
    assert (shown["track"], shown["language"], shown["year"]) == ({"no": 2, "of": 6}, "deu", 2026)
    assert [one["text"] for one in shown["comment"]] == [comment(track)]
    assert whole_text(track.timeline) in [one.get("text") for one in shown["lyrics"]]
    (timed,) = (one["syncText"] for one in shown["lyrics"] if one.get("syncText"))
    assert timed_lines(timed) == [(line.start_ms, line.text) for line in lines_of(track.timeline)]
    assert [(ms(one["start"]), ms(one["end"]), one["title"]) for one in sound["chapters"]] == chapters(track)
    assert (sound["codecProfile"], sound["sampleRate"], sound["numberOfChannels"]) == ("CBR", 48_000, 1)
    ((kind, place, size),) = shown["picture"]
    assert (kind, place, size) == ("image/jpeg", "Cover (front)", len(read_cover(track.path.read_bytes()) or b""))


def timed_lines(found: list[Mapping[str, Any]]) -> list[tuple[int, str]]:
    return [(one["timestamp"], one["text"]) for one in found]


@needs("mpv")
def test_mpv(track: Rendered) -> None:
    count = len(chapters(track))
    asked = ["media-title", "metadata/by-key/Artist", "metadata/by-key/Comment", "=duration", "=chapter-list/count"]
    asked += [part for n in range(count) for part in (f"=chapter-list/{n}/time", f"chapter-list/{n}/title")]
    asked += ["video-codec"]
    message = "\x01" + "\x01".join(f"${{{one}}}" for one in asked) + "\x01"
    options = ["--no-config", "--vo=null", "--ao=null", "--length=0.01", "--term-status-msg=", "--sub-auto=no"]
    shown = run("mpv", *options, f"--term-playing-msg={message}", track.path).split("\x01")
    title, artist, shown_comment, length_s, listed, *rest = shown[1:-1]
    assert (title, artist, shown_comment) == (track.timeline.title, "Ann Öther", comment(track))
    assert 0 <= ms(float(length_s)) - track.timeline.length_ms <= 48  # it counts whole frames, and the Info frame
    assert int(listed) == count
    assert rest[1 : 2 * count : 2] == [title for _, _, title in chapters(track)]
    starts = [ms(float(one)) for one in rest[: 2 * count : 2]]
    early = [start - found for (start, _, _), found in zip(chapters(track), starts, strict=True)]
    assert all(0 <= one <= 24 for one in early)  # by the decoder's delay, which it takes off the chapters, too
    assert rest[2 * count].startswith("mjpeg")


def test_chapters_lie_side_by_side(track: Rendered) -> None:
    found = chapters(track)
    assert (found[0][0], found[-1][1]) == (0, track.timeline.length_ms)
    assert all(before[1] == after[0] for before, after in pairwise(found))
