"""Every cue of tracks -> what predictors of naturalness and a recogniser make of it, in an environment of their own.

Their weights lie inside their packages; nothing else is fetched.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.listening.excerpts import write_cues
from benchmarks.listening.figures import Figures, Track

PACKAGES = ("speechmos", "pocketsphinx", "soxr", "soundfile")
JUDGE = Path(__file__).with_name("judge.py")


def predicted(paths: Sequence[Path], folder: Path, environment: Path) -> Figures:
    cues = [cue for path in paths for cue in write_cues(Track(path), folder / "cues")]
    python = _python(environment)
    written = json.dumps([[str(path.resolve()), text] for path, text in cues])
    done = subprocess.run([python, str(JUDGE)], input=written, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _python(environment: Path) -> str:
    python = environment.resolve() / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return str(python)
