"""What one would write without audiogen: gTTS clips on disk, laid end to end by pydub, exported by ffmpeg.

    python benchmarks/plain_script.py STEPS.json CLIPS OUT.mp3

STEPS.json is the session as a list of {"say": text}, {"tone": role, "ms": length} and {"wait": ms}.
"""

import functools
import hashlib
import json
import sys
from pathlib import Path

from gtts import gTTS
from pydub import AudioSegment
from pydub.generators import Sine

steps, clips, out = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]


def clip_path(text: str) -> Path:
    return clips / f"{hashlib.sha256(text.encode()).hexdigest()}.mp3"


@functools.cache
def spoken(text: str) -> AudioSegment:
    path = clip_path(text)
    if not path.exists():
        gTTS(text, lang="en").save(str(path))
    return AudioSegment.from_mp3(str(path))


track = AudioSegment.silent(duration=0, frame_rate=24_000)
for step in json.loads(steps.read_text()):
    if "say" in step:
        track += spoken(step["say"])
    elif "tone" in step:
        track += Sine(880).to_audio_segment(duration=step["ms"], volume=-12)
    else:
        track += AudioSegment.silent(duration=step["wait"], frame_rate=24_000)
track.export(out, format="mp3", bitrate="96k")
