"""Encoding alone, words and tones being there: blocks on all cores, blocks on one, one LAME pass, ffmpeg.

    python -m benchmarks.encoding ROUTINE TIMES SILENCE

Prints as JSON the seconds and processor seconds that each took each time. Everything is loaded before the clock starts.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path

import lameenc

from audiogen import load_routine, plan
from audiogen.audio.pcm import RATE
from audiogen.clips import record
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir
from audiogen.track import mp3
from audiogen.track.blocks import cut
from audiogen.track.encode import BlockEncoder
from audiogen.track.noise_floor import bed_pcm
from audiogen.track.stream import stream
from audiogen.track.tones import Tones
from audiogen.voices import open_voice


def main(routine: str, times: int, silence: str) -> None:
    timeline = plan(load_routine(routine), voice="builtin", overrides={"silence": silence}).timeline
    texts = [event.text for event in timeline.events if event.text]
    clips = record(Cache(cache_dir()), open_voice("builtin", "en"), texts)
    blocks = cut(timeline)
    bed = bed_pcm(Cache(cache_dir())) if timeline.mix.silence == "bed" else b""
    tones = Tones(timeline.mix, Cache(cache_dir())).segment
    whole = b"".join(piece.tobytes() for piece in stream(blocks, clips, timeline.length_ms, tones=tones, bed=bed))

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with wave.open(str(folder / "whole.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(whole)

        def in_blocks(workers: int | None) -> None:
            with (folder / "blocks.mp3").open("wb") as target:
                encoder = BlockEncoder(blocks, clips, Cache(folder / "cache"), mix=timeline.mix, workers=workers)
                mp3.write_mp3(target, b"", encoder.frames(), timeline.length_ms, silence=encoder.silence())

        def in_one_pass() -> None:
            encoder = lameenc.Encoder()
            encoder.silence()
            encoder.set_channels(1)
            encoder.set_in_sample_rate(RATE)
            encoder.set_bit_rate(96)
            encoder.set_quality(mp3.QUALITY)
            (folder / "pass.mp3").write_bytes(bytes(encoder.encode(whole) + encoder.flush()))

        def by_ffmpeg() -> None:
            files = [str(folder / "whole.wav"), "-b:a", "96k", str(folder / "ffmpeg.mp3")]
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", *files], check=True, stdin=subprocess.DEVNULL)

        contenders: dict[str, Callable[[], None]] = {
            "blocks, all cores": lambda: in_blocks(None),
            "blocks, one core": lambda: in_blocks(1),
            "one LAME pass": in_one_pass,
            "ffmpeg": by_ffmpeg,
        }
        seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
        in_blocks(None)  # so that the tones and the counted numbers are there, as the words are
        for _ in range(times):
            for name, contender in contenders.items():
                shutil.rmtree(folder / "cache" / "blocks", ignore_errors=True)
                begin_s, begin_cpu_s = time.perf_counter(), sum(os.times()[:4])
                contender()
                seconds[name].append((time.perf_counter() - begin_s, sum(os.times()[:4]) - begin_cpu_s))
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
