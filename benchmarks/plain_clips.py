"""The clips that the plain script would have on disk: as gTTS gives them, 24 kHz mono MP3.

    python -m benchmarks.plain_clips STEPS.json CLIPS

They are recorded by the built-in voice, so that no network is needed and both tracks last the same.
"""

import hashlib
import json
import sys
from pathlib import Path

import lameenc

from audiogen.audio.pcm import RATE
from audiogen.clips import record
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir
from audiogen.voices import open_voice

if __name__ == "__main__":
    steps, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    texts = [step["say"] for step in steps if "say" in step]
    clips = record(Cache(cache_dir()), open_voice("builtin", "en"), texts)
    folder.mkdir()
    for text in dict.fromkeys(texts):
        encoder = lameenc.Encoder()
        encoder.set_channels(1)
        encoder.set_in_sample_rate(RATE)
        encoder.set_out_sample_rate(24_000)
        encoder.set_bit_rate(64)
        name = f"{hashlib.sha256(text.encode()).hexdigest()}.mp3"
        (folder / name).write_bytes(bytes(encoder.encode(clips.pcm(text)) + encoder.flush()))
