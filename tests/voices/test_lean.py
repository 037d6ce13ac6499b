"""hibari in little memory speaks exactly as hibari itself."""

import hashlib
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from audiogen import load_routine, plan
from audiogen.voices import lean as module
from audiogen.voices import open_voice
from audiogen.voices.lean import Entries, Indexed, Sorted, load

from ..shipped import ROUTINES

if TYPE_CHECKING:
    from hibari import Hibari

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


@pytest.fixture(scope="module")
def ours() -> "Hibari":
    from hibari.voices import voice_path

    return load("heart", voice_path("heart"))


@pytest.fixture(scope="module")
def theirs() -> "Hibari":
    """What is loaded where hibari has changed."""
    from hibari.voices import voice_path

    def changed(**_: bool) -> None:
        raise AttributeError("no such thing in this version")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_rules", changed)
        return load("heart", voice_path("heart"))


def test_another_hibari_loads_all_itself(theirs: "Hibari") -> None:
    from hibari import Hibari
    from hibari.g2p import G2P

    assert type(theirs) is Hibari
    assert not isinstance(theirs.g2p.lexicon.golds, Entries)
    assert isinstance(theirs.g2p, G2P)


def test_every_line_is_read_as_hibari_reads_it(lines: list[str], ours: "Hibari", theirs: "Hibari") -> None:
    assert len(lines) > 100
    assert [ours.g2p(line) for line in lines] == [theirs.g2p(line) for line in lines]


def test_british_lines_too(lines: list[str]) -> None:
    from hibari.g2p import G2P

    theirs, ours = G2P(british=True), module._rules(british=True)
    assert [ours(line) for line in lines[:40]] == [theirs(line) for line in lines[:40]]


def test_it_sounds_as_hibari_does(ours: "Hibari", theirs: "Hibari") -> None:
    assert type(ours) is not type(theirs)
    for text in HARD[:2]:
        assert np.abs(ours(text, seed=0) - theirs(text, seed=0)).max() < 1e-4  # scipy and numpy differ in the last bits


both_kinds = pytest.mark.parametrize("kind", [Sorted, Indexed])


@both_kinds
def test_an_entry_is_what_json_says(kind: type[Sorted] | type[Indexed]) -> None:
    escaped = {'qu"ote': "x", "b\\": "{}"} if kind is Indexed else {}
    some = {
        "a": "b",
        "": "empty",
        "é": {"DEFAULT": "ə", "NOUN": None},
        "n": {"JJ": -1.8},
        "t": 'sa"y {}',
        **escaped,
        **{f"{number:04}": "n" for number in range(1000)},
    }
    document = dict(sorted(some.items()))
    entries = kind(_json(document))
    assert {key: entries.get(key) for key in document} == document
    assert entries.get("missing") is None
    assert entries.get("missing", 3) == 3
    assert entries.get("\ud800") is None


@pytest.mark.parametrize(
    "text", ['{"a":1}', '{"a":["b"]}', '{"a":{"b":{}}}', '{"a":"b"', '["a"]', '{"a": "b"}', '{"a":"b"}x', "{}"]
)
@both_kinds
def test_a_file_of_another_kind_is_refused(kind: type[Sorted] | type[Indexed], text: str) -> None:
    with pytest.raises(ValueError, match="something else at byte"):
        kind(text.encode())


@pytest.mark.parametrize("key", ['qu"ote', "b\\", "tab\t"])
def test_a_key_whose_place_an_escape_would_change_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="something else at byte 8"):
        Sorted(_json({"a": "b", key: "c"}))


@pytest.mark.parametrize("accent", ["us", "gb"])
@pytest.mark.parametrize("kind", ["gold", "silver"])
def test_every_word_of_hibari_is_in_its_place(accent: str, kind: str) -> None:
    from hibari import g2p

    text = module._unpacked(Path(g2p.ASSETS, f"lexicon_{accent}_{kind}.json.gz"))
    Sorted(text)
    assert len(words := list(json.loads(text))) > 80_000
    assert words == sorted(words)


def test_keys_in_another_order_get_an_index() -> None:
    document = {str(number): "n" for number in range(1000, 0, -1)}
    with pytest.raises(ValueError, match="not in the order of its keys"):
        Sorted(_json(document))
    assert Indexed(_json(document)).get("500") == "n"


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def test_one_line_at_a_time_is_in_the_model(ours: "Hibari", monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after a line that failed there."""
    model, inside, most = ours.sess, 0, 0

    class Counting:
        def run(self, names: None, inputs: dict[str, Any]) -> Any:
            nonlocal inside, most
            inside += 1
            most = max(most, inside)
            time.sleep(0.05)
            inside -= 1
            if inputs["ids"].shape[1] < 8:
                raise RuntimeError("too short")
            return model.run(names, inputs)

    monkeypatch.setattr(ours, "sess", Counting())
    with pytest.raises(RuntimeError, match="too short"):
        ours("Go.")
    with ThreadPoolExecutor(4) as pool:
        spoken = list(pool.map(ours, [f"Breathe {way} now." for way in ("in", "out", "on", "deeply")]))
    assert most == 1
    assert all(len(sound) > 10_000 for sound in spoken)


LINE = "Lean back, and let go."
IN_A_PROGRAM = """
import hashlib, os, signal, sys, threading, warnings
import hibari.dsp
def found():
    transforms = hibari.dsp.rfft, hibari.dsp.irfft
    return transforms, dict(os.environ), signal.getsignal(signal.SIGINT), warnings.filters[:]
before = found()
from audiogen.voices.builtin import BuiltinVoice
print(hashlib.sha256(BuiltinVoice().speak(sys.argv[1])).hexdigest())
print(hibari.dsp.FFT_BACKEND, found() == before, None in sys.modules.values())
def speak_once_the_program_is_over():
    threading.main_thread().join()
    voice = BuiltinVoice()
    voice.speak(sys.argv[1])
    print(type(voice._loaded).__name__)
threading.Thread(target=speak_once_the_program_is_over).start()
"""
IN_THE_COMMAND = """
import hashlib, sys, tempfile
from pathlib import Path
from audiogen import clips
from audiogen.cli.memory import use_little_memory
from audiogen.storage.cache import Cache
from audiogen.voices import open_voice
use_little_memory()
long = "Breathe out slowly, let your shoulders sink far away from your ears, and let go of {} hands."
voice = open_voice("builtin", "en")
with tempfile.TemporaryDirectory() as folder:
    clips.record(Cache(Path(folder)), voice, [long.format(whose) for whose in ("both", "your")])  # at once
status = Path("/proc/self/status")  # of Linux
peak_kib = [line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line] if status.exists() else [0]
import hibari.dsp
print(hashlib.sha256(voice.speak(sys.argv[1])).hexdigest())
print(hibari.dsp.FFT_BACKEND, sys.modules["scipy"], *peak_kib)
"""


def said(program: str) -> list[str]:
    command = [sys.executable, "-c", program, LINE]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@pytest.fixture(scope="module")
def in_the_command() -> list[str]:
    return said(IN_THE_COMMAND)


def test_what_is_spoken_does_not_depend_on_another_package_nor_change_its_host(in_the_command: list[str]) -> None:
    """hibari itself transforms by scipy where it is installed, as it is here, and its samples differ."""
    assert version("scipy"), "this test shows nothing without it"
    digest, *found = said(IN_A_PROGRAM)
    assert found == ["scipy", "True", "False", "Lean"]
    assert in_the_command[:3] == [digest, "numpy", "None"]
    assert digest == hashlib.sha256(open_voice("builtin", "en").speak(LINE)).hexdigest()


@pytest.mark.linux(reason="reads /proc")
def test_speaking_takes_little_memory(in_the_command: list[str]) -> None:
    """hibari alone would need more than 230 MiB for this, and with the memory that onnxruntime keeps 168; now 150."""
    assert 100 < int(in_the_command[-1]) // 1024 < 162
