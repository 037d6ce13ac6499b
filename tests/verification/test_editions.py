"""Tones that this version cannot compute, since they are of another edition: they are measured where they are heard."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiogen.session import Rendered
from audiogen.timeline.events import Event
from audiogen.timeline.model import EDITION, FIRST_EDITION
from audiogen.track.blocks import decays
from audiogen.verification import Report, verify
from audiogen.verification.onset import fading_ms, onset_of
from tests.decode import Samples

from .test_verify import HOLDS, SAMPLES_PER_MS, Pieces, check, findings, off

WITHIN = f"{HOLDS} of {HOLDS} holds and repetitions within 5 ms"


def other_tone(length_ms: int) -> Samples:
    """A sound of no set: it begins at once and fades."""
    at = np.arange(length_ms * SAMPLES_PER_MS) / 48_000
    wave = 8000 * np.sin(2 * np.pi * 1234 * at) * np.exp(-at * 12)
    return np.asarray(np.rint(wave * np.minimum(1.0, at / 0.003)), dtype=np.int16)


def of_edition(pieces: Pieces, edition: int, folder: Path, removed: str = "", ring_ms: int = 0) -> Path:
    """The track with other sounds in the place of its tones, and its document with that edition."""
    samples, ringing = np.array(pieces.samples), decays(pieces.timeline)
    for tone in (tile for tile in pieces.timeline.tiles() if tile.kind == "tone"):
        first, last_ms = tone.start_ms * SAMPLES_PER_MS, tone.end_ms + ringing.get(tone.start_ms, 0)
        samples[first : last_ms * SAMPLES_PER_MS] = 0
        if tone.role != removed:
            heard = other_tone(tone.length_ms + (ring_ms if tone.role == "end" else 0))
            samples[first : first + len(heard)] = heard
    pieces.encode(samples)
    timeline = replace(pieces.timeline, mix=replace(pieces.timeline.mix, edition=edition))
    assert ("edition" in timeline.to_json()["mix"]) is (edition != FIRST_EDITION)
    pieces.retag(timeline)
    return pieces.write(folder)


@pytest.fixture
def pieces(short_track: Rendered) -> Pieces:
    return Pieces(short_track.path)


def told(report: Report) -> list[str]:
    return [one.code for one in report.notices]


def test_other_sounds_pass_with_a_notice_where_the_document_has_no_edition(pieces: Pieces, tmp_path: Path) -> None:
    report = verify(of_edition(pieces, FIRST_EDITION, tmp_path))
    assert (off(report), report.verdict) == ([], WITHIN)
    assert told(report) == ["verification.earlier-tones"]
    assert report.to_json()["notices"][0]["message"].startswith("The tones of this track are those of an earlier ")


def test_a_removed_tone_is_found_in_any_edition(pieces: Pieces, tmp_path: Path) -> None:
    report = verify(of_edition(pieces, FIRST_EDITION, tmp_path, removed="end"))
    assert {what for _, _, what in findings(report, "tones")} == {"the end tone is missing"}
    assert "the hold has no tone at its end" in {what for _, _, what in findings(report, "holds and repetitions")}
    assert not report.ok


def test_the_tones_of_a_later_edition_may_ring_on(pieces: Pieces, tmp_path: Path) -> None:
    report = verify(of_edition(pieces, EDITION + 1, tmp_path, ring_ms=300))
    assert (off(report), told(report)) == ([], ["verification.later-tones"])


def test_a_current_track_is_measured_by_its_own_tones(pieces: Pieces, tmp_path: Path) -> None:
    assert pieces.timeline.to_json()["mix"]["edition"] == EDITION
    as_made = verify(pieces.write(tmp_path))
    assert (as_made.verdict, as_made.notices) == (WITHIN.replace("5 ms", "1 ms"), ())
    assert check(verify(of_edition(pieces, EDITION, tmp_path)), "tones").passed == 0


def test_a_missing_frame_is_found_behind_tones_of_another_edition(pieces: Pieces, tmp_path: Path) -> None:
    path = of_edition(pieces, FIRST_EDITION, tmp_path)
    hold: Event = pieces.event(kind="hold", exercise=1, side="left")
    del pieces.frames[pieces.quiet_frame(hold)]
    report = verify(pieces.write(path.parent))
    assert [at_ms for at_ms, _, _ in findings(report, "holds and repetitions")] == [hold.start_ms]
    assert findings(report, "tones")[0][2] == "the end tone comes 24 ms early"


def test_a_beginning_needs_quiet_before_it() -> None:
    sound = other_tone(300) / 32768
    before = np.full(4800, 0.0005)
    found = onset_of(np.concatenate([before, sound]), 4800, 0.001)
    assert found is not None
    assert (0 < found.at - 4800 < 48, found.swells) == (True, False)
    swelling = onset_of(np.concatenate([before, sound[::-1]]), 4800, 0.001)
    assert swelling is not None
    assert swelling.swells
    assert onset_of(np.concatenate([before, before]), 4800, 0.001) is None
    assert onset_of(np.concatenate([sound[480:5280], sound]), 4800, 0.001) is None  # the one before goes on


@pytest.mark.parametrize(
    ("levels", "rings_ms"),
    [
        ([0.0] * 500, 0),
        ([0.5] * 100 + [0.3] * 100 + [0.0] * 300, 200),
        ([0.5] * 100 + [0.1] * 100 + [0.15] * 100 + [0.0] * 50, 300),
        ([0.5] * 100 + [0.1] * 100 + [0.5] * 100, 200),  # a second sound
        ([0.0] * 100 + [0.5] * 100, 0),
        ([0.5] * 130, 130),
    ],
)
def test_a_ring_only_fades(levels: list[float], rings_ms: int) -> None:
    assert fading_ms(np.array(levels)[:, None], 0.001) == rings_ms
