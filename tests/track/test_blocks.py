"""Where blocks begin and end, and what makes two of them the same."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from audiogen.routine.load import parse_routine
from audiogen.script import write_script
from audiogen.timeline.model import Timeline
from audiogen.track.blocks import Block, cut
from tests.strategies import documents, read
from tests.timeline.test_timeline import TWO_HOLDS, WORDING, fitted, timed

SAMPLES_A_FRAME = 1152


def sounds_of(timeline: Timeline) -> list[tuple[int, int, str]]:
    return [
        (event.start_ms, event.length_ms, event.text or event.role)
        for event in timeline.tiles()
        if event.kind != "wait"
    ]


@given(documents(), st.floats(0, 1))
def test_every_sound_is_in_exactly_one_block_at_its_own_millisecond(document: dict[str, Any], share: float) -> None:
    timeline = fitted(write_script(read(document), WORDING), share)[1]
    found = [
        (block.first_frame * 24 + sound.offset_ms, sound.length_ms, sound.name)
        for block in cut(timeline)
        for sound in block.sounds
    ]
    assert found == sounds_of(timeline)


@given(documents(), st.floats(0, 1))
def test_blocks_open_with_eight_silent_frames_and_close_with_1105_silent_samples(
    document: dict[str, Any], share: float
) -> None:
    blocks = cut(fitted(write_script(read(document), WORDING), share)[1])
    for block in blocks:
        first, last = block.sounds[0], block.sounds[-1]
        assert first.offset_ms // 24 == 8
        after = block.frames * SAMPLES_A_FRAME - (last.offset_ms + last.alone_ms) * 48
        assert 1105 <= after < 1105 + SAMPLES_A_FRAME
    for before, following in pairwise(blocks):
        assert before.first_frame + before.frames <= following.first_frame


def test_an_edited_hold_changes_only_its_announcement_and_its_end() -> None:
    """With silences at their default lengths, all other blocks are the same sounds at the same offsets."""

    def content(hold: str) -> list[tuple[Any, ...]]:
        timeline = timed(write_script(parse_routine(TWO_HOLDS.replace("30s", hold)), WORDING))
        return [(block.frames, block.sounds) for block in cut(timeline)]

    before, after = content("30s"), content("38.004s")
    changed = [names(one) for one in after if one not in before]
    assert changed == [["Thirty-eight seconds."], ["Three.", "Two.", "One."], ["end"]]


def names(block: tuple[int, tuple[Any, ...]]) -> list[str]:
    return [sound.name for sound in block[1]]


def test_blocks_with_the_same_sounds_at_the_same_offsets_are_equal_but_for_their_place() -> None:
    block = Block(40, 20, ())
    assert Block(80, 20, ()) != block
    assert (block.frames, block.sounds) == (Block(80, 20, ()).frames, Block(80, 20, ()).sounds)
