"""Sixty cues from a service 80 ms away, 160 ms for a new connection: `python -m benchmarks.fetching`.

Prints how long recording them takes as a multiple of the least that four connections allow: 15 answers one after the
other on each, and opening it. Loading the packages is not in it; decoding, trimming and levelling the clips are.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from audiogen import clips
from audiogen.storage.cache import Cache
from audiogen.voices.gtts import GttsVoice

CUES, CONNECTIONS = 60, 4
LATENCY_S, CONNECTING_S = 0.08, 0.16
BOUND_S = CUES / CONNECTIONS * LATENCY_S + CONNECTING_S
TIMES = 7


@contextlib.contextmanager
def led_to_google() -> Iterator[None]:
    """The service in a process of its own, so that it shares nothing but the cores with what is measured."""
    command = [sys.executable, "-m", "benchmarks.google", str(CONNECTING_S)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout  # noqa: S101 - the pipe that was asked for
        os.environ.update(json.loads(process.stdout.readline()))
        try:
            yield
        finally:
            process.communicate()  # ends its input


def recorded_s(texts: list[str]) -> float:
    """How long it takes to record the texts from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        clips.record(Cache(Path(folder)), GttsVoice("en", "com"), texts)
        return time.perf_counter() - start


def main() -> None:
    texts = [f"Line {number} of sixty, of the usual length of a cue." for number in range(CUES)]
    with led_to_google():
        recorded_s(texts)  # loads the packages, and lets the service prepare its answers
        found = sorted(recorded_s(texts) for _ in range(TIMES))
    print(f"{CUES} cues on {CONNECTIONS} connections: at least {BOUND_S:.2f} s")
    print(f"recorded in {statistics.median(found):.2f} s, {found[0]:.2f} to {found[-1]:.2f} s in {TIMES} runs")
    print(f"{statistics.median(found) / BOUND_S:.2f} times the bound, best {found[0] / BOUND_S:.2f}")


if __name__ == "__main__":
    main()
