"""Generated routines, as a user could have written them."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from audiogen.routine.load import parse_routine
from audiogen.routine.model import Routine

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


@st.composite
def wishes(draw: st.DrawFn, routine: Routine) -> dict[str, Sequence[str]]:
    """Overrides of every kind that a routine of `documents` can take."""
    slugs = [exercise.slug for exercise in routine.flat]
    seconds, factors = st.integers(12, 90).map(lambda n: f"{n}s"), st.sampled_from(["1x", "1.25x", "2x"])
    named = {exercise.slug: exercise for exercise in routine.flat}

    def each(values: st.SearchStrategy[str], fitting: list[str]) -> st.SearchStrategy[list[str]]:
        one = st.tuples(st.sampled_from(fitting), values).map("=".join) if fitting else st.nothing()
        return st.lists(one | values, min_size=1, max_size=3)

    holds = [slug for slug in slugs if named[slug].hold_ms is not None]
    reps = [slug for slug in slugs if named[slug].reps is not None]
    on_sides = [f"{slug}.{side}" for slug in holds for side in named[slug].sides]
    pauses = ("settle", "switching", "transition", "gap")
    offered: dict[str, st.SearchStrategy[list[str]] | st.SearchStrategy[str]] = {
        "skip": st.sampled_from(slugs).map(lambda slug: [slug]) if len(slugs) > 1 else st.nothing(),
        "hold": each(seconds | factors, [*holds, *on_sides]),
        "reps": each(st.integers(1, 12).map(str), reps),
        "tempo": each(factors, reps),
        "sets": st.sampled_from(["1", "2", "4"]),
        "rest": each(seconds | factors, [slug for slug in slugs if named[slug].sets > 1]),
        **{name: each(st.sampled_from(["0s", "1.5s", "6s"]) | factors, slugs) for name in pauses},
        "tail": st.sampled_from(["0s", "2s", "1.5x"]),
        "pauses": factors,
        "breath": st.sampled_from(["4s/6s", "5s/5.5s"]),
        "rounds": st.sampled_from(["1", "2"]),
        "length": st.sampled_from(["none", "12m", "1:00:00.5"]),
        "stretch": st.sampled_from(["silences", "holds"]),
        "guidance": st.sampled_from(["full", "brief", "tones"]),
        "loudness": st.sampled_from(["-16", "-18", "-19 LUFS"]),
        "countdown": each(st.sampled_from(["0", "3", "5", "10"]), slugs),
        "halfway": each(st.sampled_from(["on", "off"]), slugs),
        "halfway_from": each(seconds, slugs),
        "remaining": each(seconds | st.just("off"), slugs),
        "silence": st.sampled_from(["bed", "digital"]),
        "sounds": st.sampled_from(["bells", "wood", "beeps", "none", "wood,end=/a/bell.wav,wake=off"]),
        "title": texts() | st.sampled_from(["a: b", "#2 of", "null", "{side", 'it\'s 12, or "13"', "- é 猫"]),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(offered)), max_size=6, unique=True))
    return {name: draw(offered[name]) for name in chosen if not offered[name].is_empty}
