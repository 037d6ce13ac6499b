"""Word problems for the page: a remedy becomes a button, and settings have no dashes.

AudiogenError or Problem -> sentences and JSON
"""

import re
from typing import Any

from audiogen.errors import AudiogenError, Problem, Remedy
from audiogen.errors.sentences import catalogue


def as_button(remedy: Remedy) -> str:
    """Word a remedy for its button: "drop the length"."""
    return catalogue("remedies")[remedy.code]


def sentence(problem: Problem) -> str:
    """Word a problem without flags: "hold double-v must be a duration"."""
    return re.sub(r"--([a-z]+(?:-[a-z]+)*)", lambda flag: flag[1].replace("-", " "), problem.sentence(as_button))


def described(problem: Problem) -> dict[str, Any]:
    """The fields of a problem as JSON, with its sentence; `words` of a remedy are those of its button."""
    return {
        "code": problem.code,
        "place": None if problem.place is None else str(problem.place),
        "subject": problem.subject,
        "expected": problem.expected,
        "found": problem.found,
        "sentence": sentence(problem),
        "remedies": [
            {"code": one.code, "setting": one.setting, "value": one.value, "words": as_button(one)}
            for one in problem.remedies
        ],
    }


def refusal(error: AudiogenError) -> dict[str, Any]:
    """The answer to a request that failed: all sentences, and the fields of each problem."""
    return {"error": "\n".join(map(sentence, error.problems)), "problems": list(map(described, error.problems))}
