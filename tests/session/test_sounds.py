"""Sets of tones as files, to choose one by ear."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiogen.errors import InvalidValue
from audiogen.session.sounds import ROLES, chosen, write_sets
from audiogen.storage.cache import Cache
from audiogen.track.tones import COMPUTED, tone
from tests import command
from tests.decode import onset


def test_each_tone_is_heard_where_it_is_said_to_be(tmp_path: Path) -> None:
    heard = list(write_sets(tmp_path / "tones", ("bells", "breath"), Cache(tmp_path / "cache")))
    assert [one.path.name for one in heard] == ["bells.wav", "breath.wav"]
    for one in heard:
        samples, rate = soundfile.read(one.path, dtype="int16")
        assert (rate, samples.ndim, list(one.at_ms)) == (48_000, 1, list(dict.fromkeys(ROLES)))
        for role, at_ms in one.at_ms.items():
            wanted = np.frombuffer(tone(role, one.name).raw_data, "<i2")
            assert onset(samples, wanted, at_ms * 48, within=480) == at_ms * 48


def test_all_sets_are_written_unless_some_are_named() -> None:
    assert chosen(()) == COMPUTED
    assert chosen(("wood", "wood")) == ("wood",)
    with pytest.raises(InvalidValue, match="must be one of bells, wood, beeps, breath, found 'harps'"):
        chosen(("bells", "harps"))


def test_the_command_prints_the_files_and_says_what_is_heard_when(tmp_path: Path) -> None:
    done = command.run("sounds", "wood", "-o", "tones", cwd=tmp_path)
    assert done.stdout.strip() == str(Path("tones", "wood.wav"))
    assert done.stderr.startswith("wood: start 0:01, tick 0:02, end 0:05")
    assert (tmp_path / "tones" / "wood.wav").exists()
