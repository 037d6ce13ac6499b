"""Several processes that need the same cues at once, and one that is killed again and again."""

import random
import time
from pathlib import Path

import pytest

from audiogen import clips
from audiogen.storage.cache import LAYERS, Cache
from audiogen.voices import open_voice
from audiogen.voices.gtts import GttsVoice

from ..fakes import at_once
from ..fakes.google import FakeGoogle

SESSION = """\
title: Short one
exercises:
  - name: Lean
    sides: [right, left]
    hold: 10s
    setup: Stand by a wall.
    switch: Turn round.
"""
TEXTS = [f"Line {number} of sixty." for number in range(60)]
IN_FLIGHT = 4
VOICE = GttsVoice("en", "com")


def damaged(cache: Path) -> list[Path]:
    """Entries that are not whole."""
    found = [path for layer in LAYERS for path in (cache / layer).glob("??/*") if path.suffix != ".part"]
    return [path for path in found if Cache(cache).get(path.parts[-3], path.name) is None]


@pytest.mark.linux(reason="processes are forked with everything loaded")
@pytest.mark.parametrize("processes", [3, pytest.param(8, marks=pytest.mark.thorough)])
def test_processes_that_render_one_routine_at_once_make_the_same_file_and_fetch_each_cue_once(
    processes: int, google: FakeGoogle, tmp_path: Path
) -> None:
    (tmp_path / "short.yaml").write_text(SESSION, "utf-8")
    cache = tmp_path / "cache"
    google.latency_s = 0.05
    files = [tmp_path / f"{number}.mp3" for number in range(processes)]
    started = [
        at_once.others().Process(target=at_once.render, args=(google.environment, cache, tmp_path / "short.yaml", file))
        for file in files
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(120)
    assert [process.exitcode for process in started] == [0] * processes
    assert len({file.read_bytes() for file in files}) == 1
    assert sorted(google.asked) == sorted(set(google.asked))
    assert damaged(cache) == []


@pytest.mark.linux(reason="processes are forked with everything loaded")
@pytest.mark.parametrize(
    ("most", "texts"), [(3, TEXTS[:20]), pytest.param(50, TEXTS, marks=pytest.mark.thorough)], ids=["some", "many"]
)
def test_killed_again_and_again_a_recording_goes_on_and_fetches_nothing_twice(
    google: FakeGoogle, tmp_path: Path, most: int, texts: list[str]
) -> None:
    """Kills at any moment between the start and the end of recordings of twenty cues, or of sixty."""
    chance = random.Random(4)  # noqa: S311 - no secret
    kills = recordings = 0
    while kills < most:
        google.reset()
        google.latency_s = 0.01
        cache = tmp_path / f"cache-{recordings}"
        killed, recordings = record_with_kills(google, cache, chance, texts), recordings + 1
        kills += killed
        assert set(google.asked) == set(texts)
        assert len(google.asked) <= len(texts) + IN_FLIGHT * killed
        assert damaged(cache) == []
    google.latency_s = 0.0
    interrupted = clips.record(Cache(cache), VOICE, texts)
    assert interrupted.spoken == 0
    in_one_go = clips.record(Cache(tmp_path / "in-one-go"), VOICE, texts)
    assert [interrupted.pcm(text) for text in texts] == [in_one_go.pcm(text) for text in texts]


@pytest.mark.parametrize("most", [None, 1, 3])
def test_no_more_connections_are_open_than_the_user_allows(
    google: FakeGoogle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int | None
) -> None:
    """Four unless told otherwise; each serves many cues."""
    if most is not None:
        monkeypatch.setenv("AUDIOGEN_CONNECTIONS", str(most))
    google.latency_s = 0.01
    recorded = clips.record(Cache(tmp_path / "cache"), open_voice("gtts", "en"), TEXTS[:24])
    assert recorded.spoken == 24
    assert google.most_connections == google.connections == (most or 4)


def record_with_kills(google: FakeGoogle, cache: Path, chance: random.Random, texts: list[str]) -> int:
    """Record until it is done, killed every now and then; the number of kills."""
    kills = 0
    while True:
        recorded = clips.recorded_lengths(Cache(cache), VOICE, texts).keys()
        before = len(google.asked)
        process = at_once.others().Process(target=at_once.record, args=(google.environment, cache, texts))
        process.start()
        last = before + chance.randint(0, 8)
        while process.is_alive() and len(google.asked) < last:
            time.sleep(0.001)
        process.join(chance.uniform(0.0, 0.05))
        process.kill()
        process.join()
        assert not set(google.asked[before:]) & recorded
        if process.exitcode == 0:
            return kills
        kills += 1
