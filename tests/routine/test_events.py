"""Reading a text by its pieces gives what reading it whole gives."""

import random

from hypothesis import given
from hypothesis import strategies as st

from audiogen.routine.yaml import events
from audiogen.routine.yaml.events import YAMLError

from .untidy import KEYS, Writer, random_value


@given(st.randoms(use_true_random=True))
def test_pieces_are_read_as_the_whole_is(chance: random.Random) -> None:
    root = {key: random_value(chance) for key in KEYS[:3]}
    root["exercises"] = [random_value(chance) for _ in range(6)]
    root["after"] = random_value(chance)
    text = Writer(chance).document(root)
    at = chance.randrange(len(text))
    damaged = text[:at] + chance.choice("\"'[{#:-| \n>&*") + text[at:]
    for one in (text, text.replace("\n", "\r\n"), damaged):
        by_pieces = events._by_pieces(one)
        assert by_pieces is None or by_pieces[:-2] == whole(one, by_pieces)[:-2]


def test_anchors_and_tags_are_read_in_pieces_too() -> None:
    text = "a: &a 30s\nexercises:\n" + "  - {hold: *a}\n  - &b !!str x\n  - *b\n" * 3 + "last: *b\n"
    by_pieces = events._by_pieces(text)
    assert by_pieces
    assert by_pieces[:-2] == whole(text, by_pieces)[:-2]


def whole(text: str, by_pieces: list[events.Event]) -> list[events.Event]:
    """The events of a text; of those that end something, only that is asked."""
    try:
        found = list(events._parsed(text))
    except YAMLError:
        return []
    return [
        mine if (mine.kind, one.kind) == ("end", "end") else one for mine, one in zip(by_pieces, found, strict=True)
    ]


def test_items_that_did_not_change_are_not_read_again() -> None:
    items = [f"  - name: Pose {number}\n    hold: {number}s\n" for number in range(10, 30)]
    text = f"title: Long\nexercises:\n{''.join(items)}"
    list(events.read_events(text))
    before = events._piece.cache_info().misses
    list(events.read_events(text.replace("hold: 12s", "hold: 20s").replace("Long", "Longer")))
    assert events._piece.cache_info().misses == before + 1
