"""How long a session without a fixed length lasts."""

from pathlib import Path

import pytest

from audiogen import AudiogenError, parse_routine, plan
from audiogen.runs.about import length_about_ms
from audiogen.storage.cache import Cache

TEXT = "title: Short\nexercises:\n  - {name: Plank, hold: 30s}\n"


def test_it_is_the_length_of_the_plan_and_cached_by_what_the_routine_says(tmp_path: Path) -> None:
    store = Cache(tmp_path)
    first, longer = (parse_routine(text) for text in (TEXT, TEXT.replace("30s", "60s")))
    assert length_about_ms(first, store) == plan(first, cache=store).length_ms
    assert store.usage()["lengths"].entries == 1
    assert length_about_ms(longer, store) == plan(longer, cache=store).length_ms > 60_000
    assert store.usage()["lengths"].entries == 2


def test_a_session_that_cannot_be_planned_has_none(tmp_path: Path) -> None:
    routine = parse_routine(f"{TEXT}music: missing.mp3\n")
    with pytest.raises(AudiogenError):
        length_about_ms(routine, Cache(tmp_path))
