"""hibari in little memory speaks exactly as hibari itself."""

import json
import subprocess
import sys
from importlib.metadata import version

import numpy as np
import pytest

from audiogen import load_routine, plan
from audiogen.voices import lean as module
from audiogen.voices.lean import Entries, load

from ..shipped import ROUTINES

pytestmark = pytest.mark.usefixtures("not_shared")

HARD = [
    "I read it yesterday; they will read it live, and record the record.",
    "Qwfpgj and the Ndrangheta met at 10:30 on the 3rd of May, for $4.50 & 12%.",
    'Say "slowly", then NASA\'s e-mail: a.b@c.org \\ {x}.',
]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Every line of the shipped English routines."""
    planned = [plan(load_routine(path), voice="builtin").timeline for path in ROUTINES.values()]
    return [*HARD, *dict.fromkeys(event.text for timeline in planned for event in timeline.events if event.text)]


def test_every_line_is_read_as_hibari_reads_it(lines: list[str]) -> None:
    from hibari.g2p import G2P

    theirs, ours = G2P(), module._rules(british=False)
    assert len(lines) > 100
    assert [ours(line) for line in lines] == [theirs(line) for line in lines]


def test_british_lines_too(lines: list[str]) -> None:
    from hibari.g2p import G2P

    theirs, ours = G2P(british=True), module._rules(british=True)
    assert [ours(line) for line in lines[:40]] == [theirs(line) for line in lines[:40]]


def test_it_sounds_as_hibari_does() -> None:
    from hibari import Hibari
    from hibari.voices import voice_path

    theirs, ours = Hibari(threads=1), load("heart", voice_path("heart"))
    for text in HARD[:2]:
        assert np.abs(ours(text, seed=0) - theirs(text, seed=0)).max() < 1e-4  # scipy and numpy differ in the last bits


def test_an_entry_is_what_json_says() -> None:
    document = {
        "a": "b",
        'qu"ote': "x",
        "": "empty",
        "é": {"DEFAULT": "ə", "NOUN": None},
        "n": {"JJ": -1.8},
        "b\\": "{}",
    }
    entries = Entries(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    assert {key: entries.get(key) for key in document} == document
    assert entries.get("missing") is None
    assert entries.get("missing", 3) == 3
    assert entries.get("\ud800") is None


@pytest.mark.parametrize(
    "text", ['{"a":1}', '{"a":["b"]}', '{"a":{"b":{}}}', '{"a":"b"', '["a"]', '{"a": "b"}', '{"a":"b"}x']
)
def test_a_file_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="something else at byte"):
        Entries(text.encode())


def test_another_hibari_loads_all_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from hibari.g2p import G2P
    from hibari.voices import voice_path

    def changed(**_: bool) -> None:
        raise AttributeError("no such thing in this version")

    monkeypatch.setattr(module, "_rules", changed)
    assert isinstance(load("heart", voice_path("heart")).g2p, G2P)


SAID = """
import hashlib, os, signal, sys, warnings
if sys.argv[1:] == ["without"]:
    sys.modules["scipy"] = None
import hibari.dsp
def found():
    transforms = hibari.dsp.rfft, hibari.dsp.irfft
    return transforms, dict(os.environ), signal.getsignal(signal.SIGINT), warnings.filters[:]
before = found()
from audiogen.voices.builtin import BuiltinVoice
print(hashlib.sha256(BuiltinVoice().speak("Lean back, and let go.")).hexdigest())
print(hibari.dsp.FFT_BACKEND, found() == before, None in sys.modules.values() and not sys.argv[1:])
"""


def test_what_is_spoken_does_not_depend_on_another_package_nor_change_its_host() -> None:
    """hibari itself transforms by scipy where it is installed, as it is here, and its samples differ."""
    assert version("scipy"), "this test shows nothing without it"
    said = [
        subprocess.run([sys.executable, "-c", SAID, *how], capture_output=True, text=True, check=True).stdout.split()
        for how in ([], ["without"])
    ]
    assert len({digest for digest, *_ in said}) == 1
    assert [rest for _, *rest in said] == [["scipy", "True", "False"], ["numpy", "True", "False"]]


SPEAKING = """
import sys, tempfile
from pathlib import Path
from audiogen import clips
from audiogen.cli.memory import use_little_memory
from audiogen.storage.cache import Cache
from audiogen.voices import open_voice
use_little_memory()
texts = [f"Breathe out slowly, and let go, number {number}." for number in range(16)]
with tempfile.TemporaryDirectory() as folder:
    clips.record(Cache(Path(folder)), open_voice("builtin", "en"), texts)
(line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(line.split()[1]) // 1024, sys.modules["scipy"])
"""


@pytest.mark.linux(reason="reads /proc")
def test_speaking_takes_little_memory() -> None:
    """hibari alone would need more than 240 MiB for this; measured: 144."""
    done = subprocess.run([sys.executable, "-c", SPEAKING], capture_output=True, text=True, check=True)
    peak_mib, scipy = done.stdout.split()
    assert int(peak_mib) < 155
    assert scipy == "None"  # though it is installed for the tests
