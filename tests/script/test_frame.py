"""What the program itself says can be shortened, silenced and counted."""

import json

import pytest

from audiogen import parse_routine, plan
from audiogen.errors import Notice
from audiogen.export.sidecars.page import page
from audiogen.routine.overrides import Overrides, customise
from audiogen.script import Say, Silence, Tone, Work
from audiogen.timeline.compose import draft
from audiogen.timeline.document import read_timeline
from audiogen.views.chapters import chapters_of

FOUR = """
title: Frame
equipment: [a mat]
before: Walk about.
after: Sleep well.
countdown: 0
halfway: off
{more}
exercises:
  - {{name: Xa, hold: 20s, setup: Lie down.}}
  - {{name: Xb, hold: 20s, announce: {xb}}}
  - rounds: 2
    announce: {group}
    exercises:
      - {{name: Xc, hold: 20s}}
      - {{name: Xd, hold: 20s, announce: full}}
"""


def steps(more: str = "", overrides: Overrides | None = None, xb: str = "full", group: str = "full") -> list[str]:
    """What happens in order: words, and tones as [start]; silences are left out, work shows its tone."""
    script = draft(parse_routine(FOUR.format(more=more, xb=xb, group=group)), overrides).script
    found = []
    for step in script.steps:
        match step:
            case Say(text):
                found.append(text)
            case Tone(sound):
                found.append(f"[{sound}]")
            case Work(tone=tone):
                found.append(f"[{tone.sound}]")
            case Silence():
                pass
    return found


def words(more: str = "", overrides: Overrides | None = None, xb: str = "full", group: str = "full") -> list[str]:
    return [one for one in steps(more, overrides, xb, group) if not one.startswith("[")]


def test_without_these_keys_all_is_said() -> None:
    assert words()[:6] == [
        "Frame.",
        "Four exercises, about four minutes.",
        "You need a mat.",
        "Walk about.",
        "A rising tone starts the work, a low bell ends it.",
        "One of four: Xa.",
    ]
    assert steps()[-3:] == ["Session complete.", "[finish]", "Sleep well."]


def test_an_opening_may_be_the_title_alone_or_nothing() -> None:
    assert words("opening: title")[:2] == ["Frame.", "One of four: Xa."]
    assert words("opening: none")[0] == "One of four: Xa."
    kinds = [
        type(step)
        for step in draft(parse_routine(FOUR.format(more="opening: none", xb="full", group="full"))).script.steps
    ]
    assert kinds[:2] == [Silence, Say]  # the lead-in and nothing else


def test_no_closing_leaves_out_its_words_and_its_tone() -> None:
    assert steps("closing: none")[-1] == "[end]"
    assert steps("closing: none\nsounds: {finish: gong.wav}")[-1] == "[finish]"


def test_what_an_opening_or_closing_leaves_out_of_the_file_is_a_notice() -> None:
    routine = parse_routine(FOUR.format(more="opening: title\nclosing: none", xb="full", group="full"))
    assert draft(routine).notices == (
        Notice("script.left-unsaid", subject="equipment and before", expected="opening", found="title"),
        Notice("script.left-unsaid", subject="after", expected="closing", found="none"),
    )
    assert draft(routine, {"opening": "full", "closing": "full"}).notices == ()


def test_the_nearest_of_exercise_group_and_routine_says_how_an_exercise_is_announced() -> None:
    said = words("announce: none", xb="name", group="name")
    assert said[said.index("Lie down.") :] == [
        "Lie down.",  # the routine's: not announced at all
        "Xb.",  # its own
        "Round one of two.",
        "Xc.",  # the group's
        "Xd.",  # its own
        "Twenty seconds.",
        "Round two of two.",
        "Xc.",
        "Xd.",
        "Twenty seconds.",
        "Session complete.",
        "Sleep well.",
    ]


def test_only_what_is_announced_in_full_is_counted() -> None:
    said = words(xb="name", group="none")
    assert said[1].startswith("Two exercises, ")
    assert [line for line in said if " of " in line] == ["One of two: Xa.", "Two of two: Xd."]


def test_where_nothing_is_counted_the_opening_names_the_length_alone() -> None:
    assert words(overrides={"announce": ["name"]})[1] == "About three minutes."


def test_a_group_without_announcement_has_no_rounds_to_hear() -> None:
    assert not [line for line in words(group="none") if line.startswith("Round")]


@pytest.mark.parametrize(
    ("guidance", "announce", "said"),
    [
        ("full", "full", ["One of four: Xa.", "Lie down.", "Twenty seconds."]),
        ("brief", "full", ["Xa.", "Twenty seconds."]),
        ("brief", "name", ["Xa."]),
        ("brief", "none", []),
        ("tones", "full", []),
    ],
)
def test_the_quieter_of_guidance_and_announce_wins(guidance: str, announce: str, said: list[str]) -> None:
    found = words(f"guidance: {guidance}\nopening: none\nannounce: {announce}")
    assert found[: len(said)] == said
    if not said:
        assert "Xa." not in found


def test_a_flag_for_all_replaces_what_exercises_and_groups_have() -> None:
    routine = parse_routine(FOUR.format(more="", xb="none", group="none"))
    announced = customise(routine, {"announce": ["name"]}).routine.announced
    assert set(announced.values()) == {"name"}
    one = customise(routine, {"announce": ["xb=full"]}).routine.announced
    assert one == {"xa": "full", "xb": "full", "xc": "none", "xd": "full"}


def test_nothing_is_heard_that_the_author_did_not_write() -> None:
    quiet = "opening: none\nclosing: none\nannounce: none\nsounds: none"
    assert words(quiet, overrides={"announce": ["none"]}) == ["Lie down."]
    timeline = plan(
        parse_routine(FOUR.format(more=quiet, xb="none", group="none")),
        overrides={"announce": ["none"]},
        voice="builtin",
    ).timeline
    assert [event.text for event in timeline.events if event.kind in ("say", "tone")] == ["Lie down."]


def test_an_opening_and_a_closing_without_sounds_have_no_chapter() -> None:
    quiet = FOUR.format(more="opening: none\nclosing: none", xb="full", group="none")
    chapters = chapters_of(plan(parse_routine(quiet), voice="builtin").timeline)
    assert chapters[0].title == "1 Xa, 20 s"
    assert chapters[0].start_ms == 0
    assert chapters[-1].exercise == 4


def test_an_optional_exercise_is_said_to_be_one_after_its_name() -> None:
    text = "title: T\nopening: none\nexercises: [{name: X, hold: 20s}, {name: Y, hold: 20s, optional: on}]"
    planned = plan(parse_routine(text), voice="builtin")
    said = [event.text for event in planned.timeline.events if event.role == "announcement"]
    assert said == ["One of two: X.", "Twenty seconds.", "Two of two: Y.", "If you like.", "Twenty seconds."]
    assert "<span>optional</span>" in page(planned.timeline)
    assert [one.get("optional") for one in planned.timeline.to_json()["exercises"]] == [None, True]
    assert read_timeline(json.dumps(planned.timeline.to_json()).encode()) == planned.timeline


SCAN = """
title: Scan
opening: none
closing: none
announce: none
exercises:
  - passage: Arriving
    say: |
      Lie down.

      [20s]

      Feel your heels. [bell]
  - rounds: 2
    exercises:
      - passage: Breath
        say: [Breathe out., pause: 20s to 40s]
"""


def test_of_a_text_nothing_is_heard_that_its_author_did_not_write_but_wake_sounds() -> None:
    timeline = plan(parse_routine(SCAN), voice="builtin").timeline
    heard = [event.text or event.role for event in timeline.events if event.kind in ("say", "tone")]
    assert [one for one in heard if one != "wake"] == ["Lie down.", "Feel your heels.", "bell", *2 * ["Breathe out."]]
    assert heard.count("wake") == 2
    still = plan(parse_routine(SCAN), overrides={"sounds": "wake=off"}, voice="builtin").timeline
    assert "wake" not in {event.role for event in still.events}


def test_a_group_is_addressed_by_its_name() -> None:
    routine = parse_routine(FOUR.format(more="", xb="full", group="full"))
    assert customise(routine, {"announce": ["group-1=name"]}).routine.announced["xc"] == "name"
