"""Generated routines, as a user could have written them."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

from audiogen.errors import Place
from audiogen.routine.model import Group, Routine
from audiogen.routine.reader import read_routine
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Entry, Leaf, Map, Seq, Tree

HERE = Place("<text>")

WORDS = ("lift", "your", "arm", "breathe", "slowly", "down", "press", "roll", "heel", "palm")


# All that a file may hold, as `st.text` itself has it; but to know that, it encodes and decodes every character there
# is, for seconds in each process.
CHARACTERS = st.characters(exclude_categories=["Cs"])

# A strategy is checked whenever it is new, which takes about as long as drawing from it: so each is made once.
integers, lists, sampled_from = cache(st.integers), cache(st.lists), cache(st.sampled_from)
TRUE_OR_FALSE = st.booleans()
SIDES = st.sampled_from([None, ["right", "left"], ["left"], ["left", "right"]])


def any_text(min_size: int = 0, max_size: int | None = None) -> st.SearchStrategy[str]:
    """Characters of every kind."""
    return st.text(CHARACTERS, min_size=min_size, max_size=max_size)


@cache
def texts() -> st.SearchStrategy[str]:
    """Lines of one to eight words; each is a number written in ten "digits", so that drawing one is cheap."""
    return integers(1, 10**8 - 1).map(lambda number: " ".join(WORDS[int(digit)] for digit in str(number)))


@cache
def seconds() -> st.SearchStrategy[str]:
    """Lengths of holds that have room for cues."""
    return integers(12, 90).map(lambda n: f"{n}s")


@cache
def sided(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One value, or one for each side."""
    return values | st.fixed_dictionaries({"right": values, "left": values})


@cache
@st.composite
def exercises(draw: st.DrawFn) -> dict[str, Any]:
    """An exercise as its map in a routine file; its written cues always fit."""
    sides = draw(SIDES)
    text = sided(texts()) if sides else texts()
    one: dict[str, Any] = {
        "name": draw(texts()),
        "setup": draw(lists(text, max_size=3)),
        "release": draw(lists(text, max_size=2)),
    }
    if sides:
        one |= {"sides": sides, "switch": draw(lists(text, max_size=2))}
    if draw(TRUE_OR_FALSE):
        one["hold"] = draw(sided(seconds()) if sides else seconds())
        if draw(TRUE_OR_FALSE):
            one["cues"] = draw(cues())
    elif draw(integers(0, 2)) == 0:
        return one | draw(other_doses(bool(sides)))
    else:
        reps = integers(1, 12)
        one["reps"] = draw(sided(reps) if sides and sides != ["left"] else reps)
        one["tempo"] = draw(lists(phases(), min_size=1, max_size=3))
    if draw(integers(0, 3)) == 0:
        one |= {"sets": draw(integers(2, 3)), "rest": draw(sampled_from(("10s", "20s", "45s")))}
        one |= {"order": "sets", "rest": "40s"} if sides and len(sides) == 2 and draw(TRUE_OR_FALSE) else {}
    return one


@cache
def phases() -> st.SearchStrategy[dict[str, str]]:
    """Phases of a repetition, with words or without."""
    return st.fixed_dictionaries(
        {"for": sampled_from(("3s", "3.5s", "4s"))}, optional={"say": texts(), "short": sampled_from(WORDS)}
    )


@cache
def cues() -> st.SearchStrategy[list[dict[str, str]]]:
    """Cues that fit into any hold of 12 seconds or more."""
    words = sampled_from(WORDS)
    ats = sampled_from(("0s", "2s", "20%", "-9s"))
    one = st.builds(lambda at, say: [{"at": at, "say": say}], ats, words)
    chain = st.builds(lambda say: [{"at": "1s", "say": say}, {"after": "500ms", "sound": "tick"}], words)
    ticks = sampled_from(("5s", "9s")).map(lambda every: [{"every": every, "sound": "cue", "sets": "first"}])
    return one | chain | ticks


@cache
@st.composite
def other_doses(draw: st.DrawFn, has_sides: bool) -> dict[str, Any]:
    """Doses that are a list, at one's own pace, or that change the side one by one; with all that they need."""
    rest = draw(sampled_from(("10s", "45s")))
    match draw(sampled_from(("holds", "pace", "range", "list", "each"))):
        case "holds" if not has_sides:
            return {"sides": "alternate", "hold": "9s", "reps": draw(integers(1, 6)), "rest": rest}
        case "list":
            return {"hold": draw(lists(sampled_from(("15s", "20s", "31s")), min_size=2, max_size=3)), "rest": rest}
        case "each" if not has_sides:
            tempo = [
                {"for": "3s", "say": draw(texts())},
                {"for": "3s", "tone": draw(sampled_from(("none", "level")))},
            ]
            return {"sides": "alternate", "reps": draw(integers(1, 6)), "tempo": tempo, "words": "always"}
        case "range":
            return {"reps": "8 to 12", "for": "40s"}
        case _:
            return {"reps": draw(lists(integers(2, 9), min_size=2, max_size=3)), "for": "25s", "rest": rest}


@cache
def parts() -> st.SearchStrategy[Any]:
    """What a passage may say: words, exact and flexible pauses, a bell, a text with paragraphs."""
    pauses = sampled_from(("0.5s", "7s", "20s", "5s to 15s", "20-40s"))
    prose = sampled_from(("Lie down.\n\nBreathe. [10s] Rest [5-9s]", "[bell]\n\nSit up.", "One \\[two]. [3s] [4s]"))
    bells = st.just({"sound": "bell"})
    return texts() | pauses.map(lambda length: {"pause": length}) | bells | prose


@cache
@st.composite
def passages(draw: st.DrawFn) -> dict[str, Any]:
    """A passage as its map in a routine file."""
    return {"passage": draw(texts()), "say": draw(lists(parts(), min_size=1, max_size=5))}


@cache
def in_groups() -> st.SearchStrategy[Any]:
    """An exercise of a group, which may have but a name."""
    return exercises() | texts()


@cache
@st.composite
def groups(draw: st.DrawFn) -> dict[str, Any]:
    """A group with exact rests, or with an interval, as its map in a routine file."""
    inside: list[Any] = draw(lists(in_groups(), min_size=1, max_size=3))
    group: dict[str, Any] = {"rounds": draw(integers(1, 3)), "work": draw(sampled_from(("20s", "45s")))}
    match draw(sampled_from(("rest", "no rest", "every", "none"))):
        case "rest":
            group["rest"] = draw(sampled_from(("30s", "1m")))
            if draw(TRUE_OR_FALSE):
                inside.insert(draw(integers(0, len(inside))), draw(passages()))
            if group["rounds"] > 1 and draw(TRUE_OR_FALSE):
                group["round_rest"] = "1m30s"
        case "no rest":
            group["rest"] = "0s"
            inside = [{**one, "setup": [], "release": []} if isinstance(one, dict) else one for one in inside]
        case "every":
            group["every"] = "5m"
    return {**group, "exercises": inside}


@cache
@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A routine as the map in its file; without a length."""
    items: list[dict[str, Any]] = draw(lists(exercises(), min_size=1, max_size=4))
    if draw(TRUE_OR_FALSE):
        items.append({"rounds": draw(integers(1, 3)), "exercises": [draw(exercises())]})
    if draw(TRUE_OR_FALSE):
        items.insert(draw(integers(0, len(items))), draw(passages()))
    if draw(TRUE_OR_FALSE):
        items.insert(draw(integers(0, len(items))), draw(groups()))
    return {
        "title": draw(texts()),
        "equipment": draw(lists(texts(), max_size=3)),
        "before": draw(lists(texts(), max_size=2)),
        "after": draw(lists(texts(), max_size=1)),
        "countdown": draw(sampled_from((0, 3, 5, 10))),
        "remaining": draw(sampled_from(("off", "30s", "10s"))),
        "exercises": items,
    }


def read(document: dict[str, Any]) -> Routine:
    """The routine of a document, without its text, since to parse that takes as long as most tests of the routine.

    tests/routine/test_dump.py compares it with what the text is read as.
    """
    mistakes = Mistakes()
    routine = read_routine(_tree(document), mistakes)
    mistakes.raise_any()
    assert routine
    return routine


def _tree(value: Any) -> Tree:
    match value:
        case dict():
            return Map(HERE, {key: Entry(HERE, _tree(one)) for key, one in value.items()}, flow=True)
        case list():
            return Seq(HERE, tuple(map(_tree, value)))
    return Leaf(HERE, value if isinstance(value, str) else json.dumps(value))


@st.composite
def wishes(draw: st.DrawFn, routine: Routine) -> dict[str, Sequence[str]]:
    """Overrides of every kind that a routine of `documents` can take."""
    slugs = [exercise.slug for exercise in routine.flat]
    inside = [one.slug for one in routine.inside]
    grouped = [item for item in routine.exercises if isinstance(item, Group)]
    factors = sampled_from(("1x", "1.25x", "2x"))
    named = {exercise.slug: exercise for exercise in routine.flat}

    def each(values: st.SearchStrategy[str], fitting: list[str]) -> st.SearchStrategy[list[str]]:
        one = st.tuples(st.sampled_from(fitting), values).map("=".join) if fitting else st.nothing()
        return st.lists(one | values, min_size=1, max_size=3)

    holds = [slug for slug in slugs if named[slug].hold_ms is not None]
    reps = [slug for slug in slugs if named[slug].reps is not None]
    on_sides = [f"{slug}.{side}" for slug in holds for side in named[slug].sides]
    pauses = ("settle", "switching", "transition", "gap")
    rested = {one.slug for group in grouped if group.rest_ms is not None or group.every_ms for one in group.exercises}
    unrested = [slug for slug in slugs if named[slug].rest_ms is None and slug not in rested]
    offered: dict[str, st.SearchStrategy[list[str]] | st.SearchStrategy[str]] = {
        "skip": st.sampled_from(inside).map(lambda slug: [slug]) if len(inside) > 1 else st.nothing(),
        "hold": each(seconds() | factors, [*holds, *on_sides]),
        "reps": each(integers(1, 12).map(str), reps),
        "tempo": each(factors, reps),
        "sets": sampled_from(("1", "2", "4")),
        "rest": each(
            seconds() | factors,
            [
                *(one.slug for one in grouped if one.rest_ms),
                *(slug for slug in slugs if named[slug].rest_ms),
            ],
        ),
        "work": each(seconds() | factors, [one.slug for one in grouped if one.work_ms]),
        "paragraph": sampled_from(("1s", "2.5s", "2x")),
        **{
            name: each(sampled_from(("0s", "1.5s", "6s")) | factors, unrested if name == "transition" else slugs)
            for name in pauses
        },
        "tail": sampled_from(("0s", "2s", "1.5x")),
        "pauses": factors,
        "breath": sampled_from(("4s/6s", "5s/5.5s")),
        "rounds": sampled_from(("1", "2")),
        "length": sampled_from(("none", "12m", "1:00:00.5")),
        "stretch": sampled_from(("silences", "holds")),
        "guidance": sampled_from(("full", "brief", "tones")),
        "loudness": sampled_from(("-16", "-18", "-19 LUFS")),
        "countdown": each(sampled_from(("0", "3", "5", "10")), slugs),
        "halfway": each(sampled_from(("on", "off")), slugs),
        "halfway_from": each(seconds(), slugs),
        "remaining": each(seconds() | st.just("off"), slugs),
        "silence": sampled_from(("bed", "digital")),
        "sounds": sampled_from(("bells", "wood", "beeps", "none", "wood,end=/a/bell.wav,wake=off")),
        "title": texts() | sampled_from(("a: b", "#2 of", "null", "{side", 'it\'s 12, or "13"', "- é 猫")),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(offered)), max_size=6, unique=True))
    return {name: draw(offered[name]) for name in chosen if not offered[name].is_empty}
