"""Judge cues, in an environment that has the predictors: [[path, text], …] on stdin -> figures as JSON.

Distill-MOS, where there is a torch for it, and else DNSMOS (speechmos) predict how natural and clean speech is, 1 to 5;
pocketsphinx writes down what it hears. All have their weights in their packages, whose versions are said.
"""

import json
import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np
import soundfile
import soxr
from pocketsphinx import Decoder

RATE = 16_000
SEGMENT = 122_880  # samples that Distill-MOS judges at once; it puts silence behind what is shorter
SENTENCE = 4  # words, from which on a cue is much like the sentences that predictors learned from
UNCLEAR = 3.2


def main() -> None:
    name, score = distillmos() if find_spec("distillmos") and find_spec("torch") else dnsmos()
    scores, heard, planned = [], 0, 0
    decoder = Decoder(samprate=float(RATE), loglevel="FATAL")
    cues = json.load(sys.stdin)
    for number, (path, text) in enumerate(cues, start=1):
        print(f"\r{name}: {number} of {len(cues)} cues", end="", file=sys.stderr, flush=True)
        samples, rate = soundfile.read(path)
        speech = np.clip(soxr.resample(samples, rate, RATE), -1, 1)
        scores.append((score(speech), text))
        words = re.findall(r"[a-z']+", text.lower())
        found = re.findall(r"[a-z']+", _recognised(decoder, speech))
        planned += len(words)
        heard += sum(min(words.count(word), found.count(word)) for word in set(words))
    print(file=sys.stderr)
    figures = {
        **summary(name, "cues", scores),
        **summary(name, "of four words and more", [one for one in scores if len(one[1].split()) >= SENTENCE]),
        f"pocketsphinx {version('pocketsphinx')}: words heard": f"{heard / planned:.1%} of {planned}",
    }
    print(json.dumps(figures))


def summary(name: str, which: str, scores: list[tuple[float, str]]) -> dict[str, str]:
    if not scores:
        return {}
    mean, unclear = np.mean([one for one, _ in scores]), sum(one < UNCLEAR for one, _ in scores)
    lowest = ", ".join(f"{one:.2f} “{text[:30]}”" for one, text in sorted(scores)[:3])
    return {f"{name}, {len(scores)} {which}: mean": f"{mean:.2f}, {unclear} under {UNCLEAR}; lowest {lowest}"}


Score = Callable[[np.ndarray], float]


def distillmos() -> tuple[str, Score]:
    import torch
    from distillmos import ConvTransformerSQAModel

    model = ConvTransformerSQAModel().eval()

    def score(speech: np.ndarray) -> float:
        short = max(0, SEGMENT - len(speech))
        amid = np.pad(speech, (short // 2, short - short // 2))
        with torch.no_grad():
            return float(model(torch.tensor([amid.tolist()]))[0])  # a list: its numpy may be another one

    return f"Distill-MOS {version('distillmos')}", score


def dnsmos() -> tuple[str, Score]:
    from speechmos import dnsmos

    return f"DNSMOS (speechmos {version('speechmos')})", lambda speech: float(dnsmos.run(speech, RATE)["ovrl_mos"])


def _recognised(decoder: Decoder, speech: np.ndarray) -> str:
    decoder.start_utt()
    decoder.process_raw((speech * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return hypothesis.hypstr.lower() if hypothesis else ""


if __name__ == "__main__":
    main()
