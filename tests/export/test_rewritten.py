"""Tracks whose tags other programs have written since: everything is still found, and `verify` still passes."""

import importlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen.apev2
import mutagen.id3
import mutagen.wave
import pytest

from audiogen import parse_routine, render
from audiogen.export.extract import What, carried
from audiogen.verification import verify
from tests.fakes.tone_voice import ToneVoice

id3: Any = mutagen.id3  # mutagen has no types
apev2: Any = mutagen.apev2
wave: Any = mutagen.wave
eyed3: Any = importlib.import_module("eyed3")
SHORT = """\
title: Lean
opening: title
announce: none
closing: none
settle: 2s
tail: 1s
exercises:
  - {name: Lean, hold: 6s, countdown: 0, cues: [{at: 1s, say: Lean back.}]}
  - {name: Let go, hold: 4s, countdown: 0}
"""
WHAT: tuple[What, ...] = ("routine", "timeline", "cover", "lyrics", "chapters")


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rewritten") / "track.mp3"
    return render(parse_routine(SHORT), out, voice=ToneVoice()).path


def by_mutagen(path: Path, **options: object) -> None:
    tag = id3.ID3(path, translate=False) if options.get("v2_version") == 3 else id3.ID3(path)
    tag.setall("TPE1", [id3.TPE1(encoding=3, text=["Somebody else"])])
    tag.save(path, **options)


def re_encoded(path: Path) -> None:
    """Each text as UTF-8, as Picard saves it."""
    tag = id3.ID3(path)
    for frame in (inner for outer in tag.values() for inner in (outer, *getattr(outer, "sub_frames", {}).values())):
        if hasattr(frame, "encoding"):
            frame.encoding = id3.Encoding.UTF8
    tag.save(path)


def unsynchronised(path: Path, version: int) -> None:
    """As TagLib and older editors save it: no byte looks like the beginning of a frame."""
    by_mutagen(path, v2_version=version)
    whole = path.read_bytes()
    size = id3.ID3(path).size
    body = whole[10:size]
    if version == 3:
        body = body.replace(b"\xff\x00", b"\xff\x00\x00").replace(b"\xff\xe0", b"\xff\x00\xe0")
        body = b"".join(
            bytes([one]) + (b"\0" if one == 0xFF and following >= 0xE0 else b"")
            for one, following in zip(body, [*body[1:], 0], strict=True)
        )
    safe = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3" + bytes([version, 0, 0x80]) + safe + body + whole[size:])


def safe_bytes(count: int) -> bytes:
    return bytes(count >> shift & 0x7F for shift in (21, 14, 7, 0))


def each_frame_unsynchronised(path: Path) -> None:
    """Version 2.4 marks each frame, and says how long it was."""
    tag = id3.ID3(path)
    tag.save(path, padding=lambda _: 0)
    whole, size = path.read_bytes(), id3.ID3(path).size
    at, frames = 10, b""
    while at < size:
        length = sum(byte << shift for byte, shift in zip(whole[at + 4 : at + 8], (21, 14, 7, 0), strict=True))
        content = whole[at + 10 : at + 10 + length].replace(b"\xff", b"\xff\x00")
        frames += whole[at : at + 4] + safe_bytes(len(content) + 4) + b"\x00\x03" + safe_bytes(length) + content
        at += 10 + length
    path.write_bytes(b"ID3\x04\x00\x80" + safe_bytes(len(frames)) + frames + whole[size:])


def by_eyed3(path: Path) -> None:
    audio = eyed3.load(path)
    audio.tag.artist = "Somebody else"
    audio.tag.save(version=eyed3.id3.ID3_V2_4)


def with_ape(path: Path) -> None:
    tag = apev2.APEv2()
    tag["Artist"] = "Somebody else"
    tag.save(path)


def with_ape_and_v1(path: Path) -> None:
    with_ape(path)
    by_mutagen(path, v1=2)


def with_another_in_front(path: Path) -> None:
    other = path.with_name("other")
    tag = id3.ID3()
    tag.add(id3.TIT2(encoding=3, text=["Another title"]))
    tag.save(other, v2_version=4)
    path.write_bytes(other.read_bytes() + path.read_bytes())


def with_lyrics3(path: Path) -> None:
    body = b"LYRICSBEGININD0000200EAR00004Else"
    path.write_bytes(path.read_bytes() + body + f"{len(body):06}LYRICS200".encode() + b"TAG" + bytes(125))


def as_version_2(path: Path) -> None:
    """As the oldest editors save it: three letters a frame, and none for chapters."""
    tag, whole = id3.ID3(path, translate=False), path.read_bytes()
    frames = b""
    for old, new in ((b"GEO", "GEOB"), (b"PIC", "APIC"), (b"ULT", "USLT"), (b"SLT", "SYLT"), (b"TT2", "TIT2")):
        for frame in tag.getall(new):
            content = frame._writeData(id3._tags.ID3SaveConfig(3, None))
            if new == "APIC":
                content = content.replace(b"image/jpeg\0", b"JPG", 1)
            frames += old + len(content).to_bytes(3, "big") + content
    frames += bytes(1000)
    path.write_bytes(b"ID3\x02\0\0" + safe_bytes(len(frames)) + frames + whole[tag.size :])


REWRITTEN: dict[str, Callable[[Path], None]] = {
    "2.4 by mutagen": by_mutagen,
    "2.3 by mutagen": lambda path: by_mutagen(path, v2_version=3),
    "2.4 in UTF-8": re_encoded,
    "2.4 by eyeD3": by_eyed3,
    "padded": lambda path: by_mutagen(path, padding=lambda _: 5000),
    "2.3 unsynchronised": lambda path: unsynchronised(path, 3),
    "2.4 unsynchronised frame by frame": each_frame_unsynchronised,
    "ID3v1 behind": lambda path: by_mutagen(path, v1=2),
    "APEv2 behind": with_ape,
    "APEv2 and ID3v1 behind": with_ape_and_v1,
    "Lyrics3 and ID3v1 behind": with_lyrics3,
    "a second tag in front": with_another_in_front,
}


@pytest.mark.parametrize("rewrite", REWRITTEN.values(), ids=REWRITTEN)
def test_a_track_whose_tags_were_rewritten_still_contains_everything_and_passes(
    rewrite: Callable[[Path], None], track: Path, tmp_path: Path
) -> None:
    path = tmp_path / "track.mp3"
    shutil.copy(track, path)
    rewrite(path)
    assert path.read_bytes() != track.read_bytes()
    for what in WHAT:
        assert carried(path, what) == carried(track, what), what
    report = verify(path)
    assert [(check.name, check.off) for check in report.checks if check.off] == []


def test_of_the_oldest_version_everything_is_read_but_chapters_which_it_cannot_have(
    track: Path, tmp_path: Path
) -> None:
    path = tmp_path / "track.mp3"
    shutil.copy(track, path)
    as_version_2(path)
    for what in WHAT[:4]:
        assert carried(path, what) == carried(track, what), what
    off = [check.name for check in verify(path).checks if check.off]
    assert off == ["chapters"]


def test_a_wav_whose_tag_was_rewritten_still_contains_everything(tmp_path: Path) -> None:
    path = render(parse_routine(SHORT), tmp_path / "track.wav", voice=ToneVoice()).path
    before = {what: carried(path, what) for what in WHAT}
    sound = wave.WAVE(path)
    sound.tags.setall("TPE1", [id3.TPE1(encoding=3, text=["Somebody else"])])
    sound.save()
    assert {what: carried(path, what) for what in WHAT} == before
    assert json.loads(before["timeline"])


def test_what_stands_behind_the_sound_and_is_no_tag_is_still_found(track: Path, tmp_path: Path) -> None:
    path = tmp_path / "track.mp3"
    path.write_bytes(track.read_bytes() + b"TA" + bytes(126))
    assert not verify(path).ok
