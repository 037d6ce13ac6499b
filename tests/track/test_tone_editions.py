"""A tone that changes is of another edition: a finished track is measured by its tones, so it has to say which it has.

`tones.json` holds by edition what each tone is like: its samples, its energy, and how it lies to a fixed row of signs.
`python -m tests.track.test_tone_editions` adds a new edition; one that was there stays as it was.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from audiogen.script import TONE_MS
from audiogen.storage.cache import Cache
from audiogen.timeline.model import EDITION, Mix
from audiogen.track.tones import COMPUTED, Tones

KNOWN = Path(__file__).with_name("tones.json")


def likeness(role: str, sound_set: str, cache: Path) -> list[float]:
    sound = np.frombuffer(Tones(Mix(sounds=sound_set), Cache(cache)).segment(role).raw_data, "<i2").astype(float)
    norm = float(np.linalg.norm(sound))
    signs = np.random.RandomState(0).choice((-1.0, 1.0), len(sound))
    return [len(sound), round(norm, 1), round(float(sound @ signs) / norm, 4)]


def all_tones(cache: Path) -> dict[str, list[float]]:
    return {f"{name} {role}": likeness(role, name, cache) for name in COMPUTED for role in sorted(TONE_MS)}


def test_a_tone_that_changed_has_another_edition(tmp_path: Path) -> None:
    known = json.loads(KNOWN.read_text("utf-8"))
    assert str(EDITION) in known, f"add the tones of the new edition: python -m {__spec__.name}"
    changed = {
        name: one
        for name, one in all_tones(tmp_path).items()
        if one != pytest.approx(known[str(EDITION)].get(name, []), rel=1e-3, abs=2e-3)
    }
    assert not changed, "raise EDITION in audiogen/timeline/model.py, and add the new tones to tones.json"


if __name__ == "__main__":
    import tempfile

    editions = json.loads(KNOWN.read_text("utf-8")) if KNOWN.exists() else {}
    if str(EDITION) in editions:
        raise SystemExit(f"edition {EDITION} is there already: raise EDITION first")
    with tempfile.TemporaryDirectory() as folder:
        editions[str(EDITION)] = all_tones(Path(folder))
    rows = ",\n".join(
        f'"{edition}": {{\n' + ",\n".join(f'  "{name}": {json.dumps(one)}' for name, one in tones.items()) + "\n}"
        for edition, tones in editions.items()
    )
    KNOWN.write_text(f"{{\n{rows}\n}}\n", "utf-8")
