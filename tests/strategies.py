"""Generated routines, as a user could have written them."""

import json
from typing import Any

from hypothesis import strategies as st

from audiogen.routine import Routine, parse_routine

WORDS = ("lift", "your", "arm", "breathe", "slowly", "down", "press", "roll", "heel", "palm")


def texts() -> st.SearchStrategy[str]:
    """Lines of one to eight words; each is a number written in ten "digits", so that drawing one is cheap."""
    return st.integers(1, 10**8 - 1).map(lambda number: " ".join(WORDS[int(digit)] for digit in str(number)))


def sided(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One value, or one for each side."""
    return values | st.fixed_dictionaries({"right": values, "left": values})


@st.composite
def exercises(draw: st.DrawFn) -> dict[str, Any]:
    """An exercise as its map in a routine file; its written cues always fit."""
    sides = draw(st.sampled_from([None, ["right", "left"], ["left"], ["left", "right"]]))
    text = sided(texts()) if sides else texts()
    one: dict[str, Any] = {
        "name": draw(texts()),
        "setup": draw(st.lists(text, max_size=3)),
        "release": draw(st.lists(text, max_size=2)),
    }
    if sides:
        one |= {"sides": sides, "switch": draw(st.lists(text, max_size=2))}
    if draw(st.booleans()):
        seconds = st.integers(12, 90).map(lambda n: f"{n}s")
        one["hold"] = draw(sided(seconds) if sides else seconds)
        if draw(st.booleans()):
            one["cues"] = [
                {"at": draw(st.sampled_from(["0s", "2s", "20%", "-9s"])), "say": draw(st.sampled_from(WORDS))}
            ]
    else:
        reps = st.integers(1, 12)
        one["reps"] = draw(sided(reps) if sides and sides != ["left"] else reps)
        phase = st.fixed_dictionaries(
            {"for": st.sampled_from(["3s", "3.5s", "4s"])}, optional={"say": texts(), "short": st.sampled_from(WORDS)}
        )
        one["tempo"] = draw(st.lists(phase, min_size=1, max_size=3))
    if draw(st.integers(0, 3)) == 0:
        one |= {"sets": draw(st.integers(2, 3)), "rest": draw(st.sampled_from(["10s", "20s", "45s"]))}
    return one


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A routine as the map in its file; without a length."""
    items: list[dict[str, Any]] = draw(st.lists(exercises(), min_size=1, max_size=4))
    if draw(st.booleans()):
        items.append({"rounds": draw(st.integers(1, 3)), "exercises": [draw(exercises())]})
    return {
        "title": draw(texts()),
        "equipment": draw(st.lists(texts(), max_size=3)),
        "before": draw(st.lists(texts(), max_size=2)),
        "after": draw(st.lists(texts(), max_size=1)),
        "countdown": draw(st.sampled_from([0, 3, 5, 10])),
        "remaining": draw(st.sampled_from(["off", "30s", "10s"])),
        "exercises": items,
    }


def read(document: dict[str, Any]) -> Routine:
    """The routine of a document: JSON is YAML too."""
    return parse_routine(json.dumps(document))
