"""The sessions that are measured: the shipped ten minutes, edits of it, and sessions of any length.

minutes -> routine file
"""

import json
from pathlib import Path

__all__ = ["UPPER_BACK", "edited_hold", "edited_words", "long_session", "variants_table"]

UPPER_BACK = Path(__file__).parents[1] / "routines" / "upper-back.yaml"

NAMES = (
    "Doorway stretch",
    "Shoulder rolls",
    "Chin tuck",
    "Side bend",
    "Hip circles",
    "Calf raise",
    "Wall slide",
    "Wrist stretch",
    "Seated twist",
    "Ankle circles",
    "Open the chest",
)


def edited_hold(text: str) -> str:
    """Double V held for five seconds more on each side."""
    return _replaced(text, "    sides: [right, left]\n    hold: 30s", "    sides: [right, left]\n    hold: 35s")


def edited_words(text: str) -> str:
    """One line of the first exercise in other words."""
    return _replaced(text, "Fingers interlaced behind your head.", "Lace your fingers behind your head.")


def long_session(minutes: int) -> str:
    """A routine of that many minutes, one exercise in each.

    Its holds differ by some milliseconds, so that the same words meet the frame grid elsewhere and are encoded again.
    """
    exercises = [
        {
            "name": NAMES[number % len(NAMES)],
            "setup": ["Stand up tall.", "Let your arms hang."],
            "hold": f"{35 + number * 37 % 1000 / 1000:.3f}s",
            "cues": [{"at": f"{4 + number * 7 % 24 / 1000:.3f}s", "say": "Breathe out slowly, and let go."}],
            "release": "Shake it out.",
        }
        for number in range(minutes)
    ]
    return json.dumps({"title": "Long session", "length": f"{minutes}m", "exercises": exercises})


def variants_table(count: int) -> str:
    """A table of variants of session.yaml, no two with the same holds."""
    holds = [(20 + number // 2, 15 + number % 2 * 10) for number in range(count)]
    rows = [f"session.yaml,{number:03},{double_v}s,{cat}s" for number, (double_v, cat) in enumerate(holds)]
    return "\n".join(["routine,output,hold:double-v,hold:cat-stretch", *rows, ""])


def _replaced(text: str, old: str, new: str) -> str:
    if text.count(old) < 1:
        raise ValueError(f"upper-back has no {old!r} any more; change the benchmark with it")
    return text.replace(old, new, 1)
