"""Blocks cached, encoded again and made side by side: the frames are always the same ones."""

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogen import render
from audiogen.errors import Cancelled
from audiogen.routine.load import parse_routine
from audiogen.script import write_script
from audiogen.storage.cache import Cache
from audiogen.timeline.model import Mix, Timeline
from audiogen.track import encode, mp3
from audiogen.track.blocks import Block, Sound, cut
from audiogen.track.encode import DIGITAL, BlockEncoder
from audiogen.track.tones import COMPUTED
from tests.fakes.tone_voice import ToneVoice
from tests.once import not_shared
from tests.strategies import documents, read
from tests.test_imports import SLOW
from tests.timeline.test_timeline import WORDING, timed
from tests.track.test_mp3 import speechlike

Frames = list[tuple[int, bytes]]

SESSION = """
title: Shoulders
length: 3m
exercises:
  - name: Doorway stretch
    setup: [Stand in a doorway., Rest your arm on its frame.]
    sides: [right, left]
    hold: 30s
    cues: [{at: 4s, say: Breathe}]
  - name: Shrugs
    reps: 4
    tempo: [{say: Up, for: 3s}, {say: And down, for: 3s}]
  - name: Arm across
    hold: 30s
    release: Shake your arms out.
"""


class Speechlike:
    """Clips of the lengths that a timeline has for its texts, another stretch of a voice for each."""

    def __init__(self, timeline: Timeline) -> None:
        self._lengths_ms = {event.text: event.length_ms for event in timeline.events if event.kind == "say"}

    def pcm(self, text: str) -> bytes:
        return _said(text, self._lengths_ms[text] * 48)

    def digest(self, text: str) -> str:
        return hashlib.sha256(self.pcm(text)).hexdigest()


@lru_cache(maxsize=64)
def _said(text: str, samples: int) -> bytes:
    voice = speechlike(0, 20_000)
    begin = zlib.crc32(text.encode()) % len(voice)
    sound = voice.take(np.arange(begin, begin + samples), mode="wrap")
    fade = np.clip(np.minimum(np.arange(samples), np.arange(samples)[::-1]) / 384, 0, 1)
    return np.rint(sound * fade).astype("<i2").tobytes()


def timeline_of(text: str = SESSION) -> Timeline:
    return timed(write_script(parse_routine(text), WORDING))


def pressed(
    blocks: Sequence[Block], clips: Any, store: Cache, workers: int = 2, mix: Mix = DIGITAL
) -> tuple[Frames, int]:
    """The frames of all blocks, and how many blocks had to be encoded."""
    one = BlockEncoder(blocks, clips, store, mix=mix, workers=workers)
    return list(one.frames()), one.made


def distinct(blocks: Sequence[Block]) -> set[tuple[int, tuple[Sound, ...]]]:
    return {(block.frames, block.sounds) for block in blocks}


# -- the same bytes


@settings(max_examples=settings().max_examples // 3)
@given(documents(), st.integers(0, 30), st.sampled_from(["bed", "digital"]), st.sampled_from(COMPUTED))
def test_kept_and_fresh_blocks_are_the_same_bytes_on_one_core_and_on_many(
    document: dict[str, Any], skip: int, silence: Literal["bed", "digital"], sounds: str
) -> None:
    mix = Mix(sounds, silence=silence)
    timeline = replace(timed(write_script(read(document), WORDING)), mix=mix)  # which tones ring depends on their set
    blocks = cut(timeline)[skip : skip + 8]
    clips = Speechlike(timeline)
    with not_shared(), tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
        fresh, made = pressed(blocks, clips, Cache(Path(one)), 1, mix)
        assert made == len(distinct(blocks))
        assert pressed(blocks, clips, Cache(Path(one)), 3, mix) == (fresh, 0)
        assert pressed(blocks, clips, Cache(Path(many)), 3, mix) == (fresh, made)
    assert [first for first, _ in fresh] == [block.first_frame for block in blocks]
    assert [len(frames) for _, frames in fresh] == [block.frames * mp3.frame_bytes() for block in blocks]


def test_without_a_cache_to_write_to_equal_blocks_are_still_encoded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encode, "AHEAD_FRAMES", 300)
    timeline = timeline_of()
    blocks = cut(timeline)
    (tmp_path / "file").touch()
    nowhere = Cache(tmp_path / "file" / "cache")
    frames, made = pressed(blocks, Speechlike(timeline), nowhere)
    assert nowhere.warning
    assert made == len(distinct(blocks)) < len(blocks)
    assert frames == pressed(blocks, Speechlike(timeline), Cache(tmp_path / "cache"))[0]


def test_a_clip_that_sounds_otherwise_makes_another_block(tmp_path: Path) -> None:
    timeline = timeline_of()
    block = next(block for block in cut(timeline) if any(sound.kind == "say" for sound in block.sounds))

    class Another(Speechlike):
        def pcm(self, text: str) -> bytes:
            return bytes(reversed(super().pcm(text)))

    store = Cache(tmp_path)
    first, _ = pressed([block], Speechlike(timeline), store)
    second, made = pressed([block], Another(timeline), store)
    assert made == 1
    assert first != second


# -- what went wrong on disk


def truncated(entry: bytes) -> bytes:
    return entry[:-100]


def flipped(entry: bytes) -> bytes:
    return entry[:-100] + bytes([entry[-100] ^ 1]) + entry[-99:]


def emptied(_entry: bytes) -> bytes:
    return b""


def headless(entry: bytes) -> bytes:
    return entry.partition(b"\n")[2]


@pytest.mark.parametrize("damage", [truncated, flipped, emptied, headless], ids=lambda damage: damage.__name__)
def test_a_damaged_block_is_noticed_and_made_again(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    timeline, store = timeline_of(), Cache(tmp_path)
    blocks = cut(timeline)
    wanted, made = pressed(blocks, Speechlike(timeline), store)
    entries = sorted((tmp_path / "blocks").glob("*/*"))
    assert len(entries) == made
    for entry in entries[::3]:
        entry.write_bytes(damage(entry.read_bytes()))
    assert pressed(blocks, Speechlike(timeline), store) == (wanted, len(entries[::3]))
    assert pressed(blocks, Speechlike(timeline), store) == (wanted, 0)


def half(frames: bytes) -> bytes:
    return frames[: len(frames) // mp3.frame_bytes() // 2 * mp3.frame_bytes()]


def of_another_bit_rate(frames: bytes) -> bytes:
    return mp3.silent_frame(64) * (len(frames) // mp3.frame_bytes(64)) + bytes(len(frames) % mp3.frame_bytes(64))


def borrowing_many_bytes(frames: bytes) -> bytes:
    return frames[:4] + b"\x10" + frames[5:]


def borrowing_one_byte(frames: bytes) -> bytes:
    return frames[:5] + bytes([frames[5] | 0x80]) + frames[6:]


@pytest.mark.parametrize(
    "other", [half, of_another_bit_rate, borrowing_many_bytes, borrowing_one_byte], ids=lambda other: other.__name__
)
def test_foreign_frames_under_a_blocks_key_are_not_spliced_in(other: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """A checksum that is right says only that the entry is as it was written."""
    timeline, store = timeline_of(), Cache(tmp_path)
    block = cut(timeline)[0]
    wanted, _ = pressed([block], Speechlike(timeline), store)
    (entry,) = (tmp_path / "blocks").glob("*/*")
    store.put("blocks", entry.name, other(wanted[0][1]), block.frames * 24)
    assert pressed([block], Speechlike(timeline), store) == (wanted, 1)


def test_a_damaged_tone_is_computed_again(tmp_path: Path) -> None:
    timeline, store = timeline_of(), Cache(tmp_path)
    blocks = cut(timeline)
    wanted, _ = pressed(blocks, Speechlike(timeline), store)
    tones = list((tmp_path / "clips").glob("*/*"))
    assert tones
    for entry in tones:
        store.put("clips", entry.name, b"no tone", 1)
    store.clear("blocks")
    assert pressed(blocks, Speechlike(timeline), store)[0] == wanted


# -- no more work than needed


def test_an_edited_hold_encodes_only_the_blocks_that_changed(tmp_path: Path) -> None:
    store = Cache(tmp_path)
    before, after = timeline_of(), timeline_of(SESSION.replace("hold: 30s\n    release", "hold: 31s\n    release"))
    pressed(cut(before), Speechlike(before), store)
    _, made = pressed(cut(after), Speechlike(after), store)
    assert made == len(distinct(cut(after)) - distinct(cut(before)))
    assert 1 <= made <= 6 < len(distinct(cut(after))) / 4  # the length as announced, the countdown, what ends the hold


@pytest.mark.parametrize("length", ["length: 3m\n", ""], ids=["of a length", "as long as it gets"])
def test_a_hold_that_grows_by_whole_frames_changes_only_what_is_said_about_it(length: str, tmp_path: Path) -> None:
    """3 s are 125 frames: countdown, end tone and release are the same blocks, only later.

    In a session of a length, pauses shrink for it, and a bowl has a step less time to ring in some of them.
    """
    store, text = Cache(tmp_path), SESSION.replace("length: 3m\n", length)
    before, after = timeline_of(text), timeline_of(text.replace("hold: 30s\n    release", "hold: 33s\n    release"))
    pressed(cut(before), Speechlike(before), store)
    new = [sounds for _, sounds in distinct(cut(after)) - distinct(cut(before))]
    said = [sounds for sounds in new if [sound.name for sound in sounds] not in (["end"], ["finish"])]
    assert [sound.name for sounds in said for sound in sounds] == ["Thirty-three seconds."]
    assert len(new) == (3 if length else 1)
    assert pressed(cut(after), Speechlike(after), store)[1] == len(new)


def test_only_so_much_is_started_before_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched(list[Block]):
        taken = 0

        def __iter__(self) -> Iterator[Block]:
            for block in super().__iter__():
                self.taken += block.frames
                yield block

    monkeypatch.setattr(encode, "AHEAD_FRAMES", 300)
    timeline = timeline_of()
    blocks = Watched(cut(timeline))
    longest, handed_out = max(block.frames for block in cut(timeline)), 0
    for _, frames in BlockEncoder(blocks, Speechlike(timeline), Cache(tmp_path)).frames():
        assert blocks.taken <= handed_out + 300 + longest
        handed_out += len(frames) // mp3.frame_bytes()
    assert blocks.taken == handed_out


RENDER = """
import sys
from pathlib import Path
from audiogen import load_routine, render
from audiogen.voices.delivery import Delivery

class Recorded:
    name, workers, sends_to = "tones:1", 1, None
    def delivery(self, text):
        return Delivery((text,))
    def key_of(self, text):
        return {"engine": "tones", "factor": "1.0", "text": text}
    def speak(self, text, cancel=None):
        raise AssertionError(text)

render(load_routine(Path("session.yaml")), Path("out.mp3"), voice=Recorded())
print(*sys.modules)
"""


def loaded_by_render(text: str, folder: Path) -> set[str]:
    (folder / "session.yaml").write_text(text)
    environment = {**os.environ, "AUDIOGEN_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", RENDER], capture_output=True, text=True, cwd=folder, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return {module.partition(".")[0] for module in done.stdout.split()}


def test_a_render_whose_blocks_are_kept_loads_nothing_slow_and_an_edit_only_what_encodes(tmp_path: Path) -> None:
    render(parse_routine(SESSION), tmp_path / "first.mp3", voice=ToneVoice(), cache=Cache(tmp_path / "cache"))
    loaded = loaded_by_render(SESSION, tmp_path)
    assert not loaded & (SLOW | {"concurrent"})
    assert (tmp_path / "out.mp3").read_bytes() == (tmp_path / "first.mp3").read_bytes()

    later = SESSION.replace("at: 4s", "at: 4.001s")
    assert loaded_by_render(later, tmp_path) & SLOW == {"pydub", "lameenc"}


# -- progress and cancel


def test_progress_counts_all_blocks_from_the_calling_thread(tmp_path: Path) -> None:
    timeline = timeline_of()
    blocks = cut(timeline)
    said: list[tuple[int, int]] = []
    threads: set[int] = set()

    def report(done: int, total: int) -> None:
        said.append((done, total))
        threads.add(threading.get_ident())

    list(BlockEncoder(blocks, Speechlike(timeline), Cache(tmp_path)).frames(report))
    assert said == [(done, len(blocks)) for done in range(len(blocks) + 1)]
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("after", [0, 1, 5])
def test_a_cancelled_encoding_stops_at_the_next_block_and_leaves_no_thread(after: int, tmp_path: Path) -> None:
    timeline, cancel = timeline_of(), threading.Event()

    def report(done: int, _total: int) -> None:
        if done == after:
            cancel.set()

    frames = BlockEncoder(cut(timeline), Speechlike(timeline), Cache(tmp_path)).frames(report, cancel)
    got: list[int] = []
    with pytest.raises(Cancelled):
        got.extend(first for first, _ in frames)
    assert len(got) == after
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("audiogen-encoder")]


def test_what_goes_wrong_in_a_thread_is_raised_where_the_frames_are_asked_for(tmp_path: Path) -> None:
    timeline = timeline_of()

    class Broken(Speechlike):
        def pcm(self, text: str) -> bytes:
            return super().pcm(text)[:-2] if text == "Breathe" else super().pcm(text)

    with pytest.raises(ValueError, match="say 'Breathe' is planned as"):
        pressed(cut(timeline), Broken(timeline), Cache(tmp_path))
