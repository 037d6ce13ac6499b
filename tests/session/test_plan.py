"""A plan is what a session is before it sounds, and can be rendered as it is."""

from pathlib import Path

import pytest

from audiogen import parse_routine, plan, render
from audiogen.storage.cache import Cache
from tests.fakes.tone_voice import ToneVoice
from tests.short import SHORT


def test_a_rendered_plan_is_the_track_of_its_routine_and_overrides(tmp_path: Path) -> None:
    routine, cache, voice = parse_routine(SHORT), Cache(tmp_path / "cache"), ToneVoice()
    overrides = {"guidance": "brief"}
    planned = plan(routine, overrides=overrides, voice=voice, cache=cache)
    assert not planned.exact
    of_plan = render(planned, tmp_path / "plan.mp3", cache=cache)
    of_routine = render(routine, tmp_path / "routine.mp3", overrides=overrides, voice=voice, cache=cache)
    assert of_plan.path.read_bytes() == of_routine.path.read_bytes()
    assert of_plan.plan.exact
    assert of_plan.plan.changes == planned.changes != ()


def test_a_plan_is_rendered_with_the_overrides_that_it_has(tmp_path: Path) -> None:
    planned = plan(parse_routine(SHORT), voice=ToneVoice(), cache=Cache(tmp_path / "cache"))
    with pytest.raises(TypeError, match="overrides"):
        render(planned, tmp_path / "plan.mp3", overrides={"guidance": "brief"})
