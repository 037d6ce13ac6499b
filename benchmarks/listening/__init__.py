"""Measure what is heard, and write WAV files to lay side by side: `python -m benchmarks listening`.

    routine -> track by each checkout -> figures, before and after, from the decoded MP3

`--before CHECKOUT` renders the same routines by another checkout too, whose figures stand in a column of their own.
`--predict` makes an environment of its own for predictors of naturalness and a recogniser, whose weights lie in their
packages, and judges some cues of each routine by them, all with `--cues 999`. Nothing of it is part of the tests.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.listening.excerpts import write_excerpts
from benchmarks.listening.figures import Figures, figures_of
from benchmarks.listening.predictors import CUES, predicted

ROOT = Path(__file__).parents[2]
ROUTINES = ("upper-back",)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks listening", description="Measure what is heard.")
    parser.add_argument("routines", nargs="*", default=ROUTINES, help="routines to render (default: upper-back)")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT", help="another checkout to compare with")
    parser.add_argument("--out", type=Path, default=Path("listening"), metavar="FOLDER", help="where sound is written")
    parser.add_argument("--predict", action="store_true", help="judge cues by predictors and a recogniser")
    parser.add_argument("--voice", default="builtin", help="such as kokoro:FOLDER, for a routine in its language")
    parser.add_argument("--torch", type=Path, metavar="PYTHON", help="a Python that has torch, for Distill-MOS")
    parser.add_argument(
        "--cues", type=int, default=CUES, help=f"cues of each routine that are judged (default: {CUES})"
    )
    given = parser.parse_args(arguments)
    checkouts = {"before": given.before, "after": ROOT} if given.before else {"after": ROOT}
    columns: dict[str, Figures] = {}
    for name, checkout in checkouts.items():
        folder = given.out / name
        tracks = [rendered(checkout.resolve(), routine, folder, given.voice) for routine in given.routines]
        music = [rendered(checkout.resolve(), routine, folder, given.voice, "rain") for routine in given.routines[:1]]
        plain = [rendered(checkout.resolve(), routine, folder, given.voice, "none") for routine in given.routines[:1]]
        columns[name] = figures_of(tracks, list(zip(plain, music, strict=True)))
        write_excerpts(tracks, folder)
        if given.predict:
            environment = given.out / ("environment-torch" if given.torch else "environment")
            columns[name] |= predicted(tracks, folder, environment, checkout.resolve(), given.torch, given.cues)
    print(table(columns))


def rendered(checkout: Path, routine: str, folder: Path, voice: str, music: str | None = None) -> Path:
    """A track by a checkout: an MP3, or a WAV where music is to be told from what sounds over it."""
    out = folder.resolve() / (f"{Path(routine).stem}.mp3" if music is None else f"{Path(routine).stem}-{music}.wav")
    out.parent.mkdir(parents=True, exist_ok=True)
    cache = {"AUDIOGEN_CACHE_DIR": str(folder.resolve() / "cache"), "PYTHONPATH": str(checkout)}
    more = ["--silence", "digital", *(["--music", music] if music != "none" else [])] if music else []
    command = [sys.executable, "-m", "audiogen", "render", routine, "--voice", voice, "-o", str(out), "-q", *more]
    subprocess.run(command, check=True, cwd=checkout, env={**os.environ, **cache}, stdout=subprocess.DEVNULL)
    return out


def table(columns: dict[str, Figures]) -> str:
    names = list(dict.fromkeys(name for figures in columns.values() for name in figures))
    rows = [["", *columns], *([name, *(figures.get(name, "") for figures in columns.values())] for name in names)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
