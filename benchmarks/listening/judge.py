"""Judge cues, in an environment that has the predictors: [[path, text], …] on stdin -> figures as JSON.

DNSMOS (speechmos) predicts how natural and clean speech is, 1 to 5; pocketsphinx writes down what it hears. Both have
their weights in their packages, whose versions are said.
"""

import json
import re
import sys
from importlib.metadata import version

import numpy as np
import soundfile
import soxr
from pocketsphinx import Decoder
from speechmos import dnsmos

RATE = 16_000


def main() -> None:
    scores, heard, planned = [], 0, 0
    decoder = Decoder(samprate=float(RATE), loglevel="FATAL")
    for path, text in json.load(sys.stdin):
        samples, rate = soundfile.read(path)
        speech = np.clip(soxr.resample(samples, rate, RATE), -1, 1)
        scores.append((float(dnsmos.run(speech, RATE)["ovrl_mos"]), text))
        words = re.findall(r"[a-z']+", text.lower())
        found = re.findall(r"[a-z']+", _recognised(decoder, speech))
        planned += len(words)
        heard += sum(min(words.count(word), found.count(word)) for word in set(words))
    worst = min(scores)
    name = f"DNSMOS (speechmos {version('speechmos')})"
    figures = {
        f"{name}: mean over {len(scores)} cues": f"{np.mean([score for score, _ in scores]):.2f}",
        f"{name}: lowest": f"{worst[0]:.2f} “{worst[1][:30]}”",
        f"pocketsphinx {version('pocketsphinx')}: words heard": f"{heard / planned:.1%} of {planned}",
    }
    print(json.dumps(figures))


def _recognised(decoder: Decoder, speech: np.ndarray) -> str:
    decoder.start_utt()
    decoder.process_raw((speech * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return hypothesis.hypstr.lower() if hypothesis else ""


if __name__ == "__main__":
    main()
