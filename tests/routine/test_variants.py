"""Variants that the program writes: they say what was customised, and leave what stands there alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audiogen.errors import AudiogenError, CustomiseError, OutputError, Problem, RoutineError
from audiogen.routine.find import routine_file
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.model import Routine
from audiogen.routine.overrides import Overrides, customise
from audiogen.routine.saving import effects
from audiogen.routine.variant import own_title, save_variant, variant_text
from audiogen.session import render
from audiogen.timeline.compose import draft
from tests.command import run as audiogen
from tests.fakes.tone_voice import ToneVoice
from tests.strategies import documents, wishes
from tests.terminal import Terminal

ROUTINES = Path(__file__).parents[2] / "routines"

HIPS = """\
title: Hips
length: 9m
breath: 4s/6s
exercises:
  - name: Pigeon
    sides: [right, left]
    hold: {right: 30s, left: 45s}
    settle: 8s
  - name: Circles
    reps: 6
    tempo:
      - {say: {right: In, left: "On, and"}, for: 3s}
      - {say: Out, short: O, tone: falling, for: 3s}
    sides: [right, left]
    sets: 2
    rest: 20s
  - rounds: 2
    exercises:
      - {name: Bridge, hold: 20s, skip: true}
      - {name: "Null", hold: 20s}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a routine in it."""
    monkeypatch.chdir(tmp_path)
    Path("hips.yaml").write_text(HIPS)
    return tmp_path


def codes(error: AudiogenError) -> list[str]:
    return [problem.code for problem in error.problems]


def saved(name: str, target: str, **overrides: Any) -> str:
    """Customise a routine and save it; what the file then says, once it is seen to say the right thing."""
    routine, path = load_routine(name), Path(target)
    customised = draft(routine, overrides).routine
    save_variant(routine, customised, path)
    assert load_routine(path) == customised
    return path.read_text()


# -- a new file


@pytest.mark.parametrize(
    "overrides", [{}, {"length": "12m", "stretch": "holds"}], ids=["as written", "holds stretched to a length"]
)
def test_a_hold_given_by_name_is_fixed_where_a_length_stretches_holds_and_nowhere_else(overrides: Overrides) -> None:
    text = saved("upper-back", "mine.yaml", hold="double-v=45s", **overrides)
    assert ("fixed: true" in text) == bool(overrides)


def test_a_variant_holds_what_differs_as_a_user_would_write_it() -> None:
    assert saved("upper-back", "mine.yaml", hold=["double-v=45s", "cat=1m30s"], skip="2", halfway="off") == (
        "extends: upper-back\n"
        "length: none\n"
        "halfway: off\n"
        "exercises:\n"
        "  foam-roller-snow-angels:\n"
        "    skip: true\n"
        "  double-v:\n"
        "    hold: 45s\n"
        "  cat-stretch:\n"
        "    hold: 1m30s\n"
    )


def test_a_routine_with_files_of_sound_is_extended_from_another_folder() -> None:
    Path("hips.yaml").write_text(Path("hips.yaml").read_text() + 'music: calm.mp3\nsounds: "end=bell.wav"\n')
    Path("other").mkdir()
    assert saved("./hips.yaml", "other/mine.yaml", hold="pigeon=1m").startswith("extends: ../hips.yaml\n")


def test_sides_are_a_map_and_a_tempo_a_list() -> None:
    text = saved("./hips.yaml", "mine.yaml", hold="pigeon.left=1m", tempo="circles=1.5x", breath="5s/5s")
    assert text == (
        "extends: hips.yaml\n"
        "length: 10m27s\n"
        "breath: 5s/5s\n"
        "exercises:\n"
        "  pigeon:\n"
        "    hold:\n"
        "      right: 30s\n"
        "      left: 1m\n"
        "  circles:\n"
        "    tempo:\n"
        "      - for: 4.5s\n"
        "        say:\n"
        "          right: In\n"
        "          left: On, and\n"
        "      - for: 4.5s\n"
        "        say: Out\n"
        "        short: O\n"
        "        tone: falling\n"
    )


def test_a_key_of_the_parent_that_goes_is_null() -> None:
    text = saved("./hips.yaml", "mine.yaml", settle="5s")
    assert "settle: 5s\nexercises:\n  pigeon:\n" in text
    assert "    settle: null\n" in text


def test_a_slug_that_yaml_would_misread_is_quoted() -> None:
    assert "  'null':\n    hold: 30s\n" in saved("./hips.yaml", "mine.yaml", hold="null=30s")


def test_what_is_skipped_can_be_done_again() -> None:
    assert "  bridge:\n    skip: false\n" in saved("./hips.yaml", "mine.yaml", only="1-4")


def test_one_set_has_no_rest() -> None:
    assert "    sets: 1\n    rest: null\n" in saved("./hips.yaml", "mine.yaml", sets="circles=1")


@pytest.mark.parametrize(
    "overrides",
    [
        {"title": "a: b"},
        {"length": "none"},
        {"length": "12m"},
        {"pauses": "1.3x"},
        {"breath": "3s/7.25s"},
        {"rounds": "1"},
        {"stretch": "holds"},
        {"guidance": "tones"},
        {"gap": "1s"},
        {"settle": ["6s", "pigeon=4s"]},
        {"switching": "2x"},
        {"transition": "null=0s"},
        {"tail": "2.5s"},
        {"countdown": ["0", "pigeon=10"]},
        {"halfway": ["off", "pigeon=on"]},
        {"halfway_from": "pigeon=1m"},
        {"remaining": ["30s", "pigeon=off"]},
        {"remaining": "off"},
        {"reps": ["circles.left=4"]},
        {"sides": "pigeon=left,right"},
        {"sides": "pigeon=left"},
        {"sets": "circles=3", "rest": "circles=1.5x"},
        {},
    ],
    ids=str,
)
def test_everything_that_can_be_overridden_can_be_saved(overrides: Overrides) -> None:
    text = saved("./hips.yaml", "mine.yaml", **overrides)
    assert text.startswith("extends: hips.yaml\n")


def test_a_hold_that_no_longer_is_the_work_of_its_group_stays_fixed() -> None:
    Path("round.yaml").write_text("title: Round\nexercises: [{rounds: 2, work: 20s, exercises: [Heel, Toe]}]\n")
    text = saved("./round.yaml", "mine.yaml", hold="heel=30s")
    assert text == "extends: round.yaml\nexercises:\n  heel:\n    hold: 30s\n    fixed: true\n"
    saved("./round.yaml", "longer.yaml", work="2x", hold="heel=2x")


@given(documents(), st.data())
def test_a_saved_variant_is_the_customised_routine(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("generated")
    (folder / "parent.yaml").write_text(json.dumps(document))
    before = load_routine(folder / "parent.yaml")
    for name in ("one", "two"):  # a variant, and a variant of it
        after = customised(before, data)
        save_variant(before, after, folder / f"{name}.yaml")
        before = load_routine(folder / f"{name}.yaml")
        assert before == after
    after = customised(before, data)
    save_variant(before, after, folder / "two.yaml")  # over itself
    assert load_routine(folder / "two.yaml") == after


def customised(routine: Routine, data: st.DataObject) -> Routine:
    try:
        return draft(routine, data.draw(wishes(routine))).routine
    except CustomiseError:
        assume(False)
        raise


# -- whom it extends


def test_a_shipped_routine_is_extended_by_name_even_by_its_namesake() -> None:
    text = saved("upper-back", "routines/upper-back.yaml", hold="cat=30s")
    assert text.startswith("extends: upper-back\n")
    saved("upper-back", "routines/upper-back.yaml", hold="cat=40s")  # now it is the one in this folder


def test_a_shipped_routine_that_another_hides_is_extended_by_path() -> None:
    saved("upper-back", "routines/upper-back.yaml", hold="cat=30s")
    text = saved(str(ROUTINES / "upper-back.yaml"), "routines/other.yaml", hold="cat=25s")
    assert text.splitlines()[0].endswith("routines/upper-back.yaml")
    assert saved("upper-back", "routines/third.yaml").splitlines() == ["extends: upper-back.yaml"]


def test_a_shipped_routine_whose_namesake_is_in_the_variants_folder_is_extended_by_path() -> None:
    Path("other/routines").mkdir(parents=True)
    Path("other/routines/upper-back.yaml").write_text(HIPS)
    text = saved("upper-back", "other/routines/mine.yaml", hold="cat=30s")
    assert text.splitlines()[0].endswith("/routines/upper-back.yaml")


@pytest.mark.parametrize(
    ("target", "way"),
    [
        ("mine.yaml", "hips.yaml"),
        ("my/own/mine.yaml", "../../hips.yaml"),
    ],
)
def test_another_routine_is_extended_by_the_way_from_the_variants_folder(
    target: str, way: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert saved("./hips.yaml", target, hold="null=30s").startswith(f"extends: {way}\n")
    here = load_routine(target)
    monkeypatch.chdir(folder.parent)
    assert load_routine(folder / target) == here


def test_a_way_through_a_linked_folder_is_the_real_one() -> None:
    Path("far/away").mkdir(parents=True)
    Path("linked").symlink_to("far/away")
    assert saved("./hips.yaml", "linked/mine.yaml").startswith("extends: ../../hips.yaml\n")


def test_a_parent_without_an_ending_is_still_a_path() -> None:
    Path("hips").write_text(HIPS)
    assert saved("./hips", "mine.yaml").startswith("extends: ./hips\n")


def test_a_variant_of_a_variant_extends_the_variant() -> None:
    saved("upper-back", "routines/one.yaml", hold="cat=30s")
    text = saved("one", "routines/two.yaml", hold="double-v=45s", length="none")
    assert text.startswith("extends: one.yaml\nlength: none\n")
    assert "cat-stretch" not in text


def test_a_routine_without_a_file_cannot_be_extended() -> None:
    routine = parse_routine(HIPS)
    with pytest.raises(RoutineError) as caught:
        variant_text(routine, routine, Path("mine.yaml"))
    assert codes(caught.value) == ["routine.variant-without-file"]


# -- over a file that exists

MINE = """\
# My knees do not like to kneel.

extends: upper-back   # the long one
title: Mine
length: 12m # a slow evening
# From here on my own.
exercises: # by name
  cat-stretch: {hold: 25s, "skip": no}   # flat back
  # Longer, slowly.
  double-v:
    # both sides
    hold: 40s # since May
    cues: []

  embryo-s-pose:
    hold: 0:50
    # the end
# That is all.
"""


def test_comments_and_order_survive_in_a_file_that_exists() -> None:
    Path("mine.yaml").write_text(MINE)
    overrides = {"hold": ["double-v=45s", "cat=30s"], "reps": "2=8", "title": "Yours", "countdown": "5"}
    assert saved("upper-back", "mine.yaml", **overrides, length="none") == (
        "# My knees do not like to kneel.\n"
        "\n"
        "extends: upper-back   # the long one\n"
        "title: Yours\n"
        "length: none # a slow evening\n"
        "countdown: 5\n"
        "# From here on my own.\n"
        "exercises: # by name\n"
        "  cat-stretch: {hold: 30s}   # flat back\n"
        "  # Longer, slowly.\n"
        "  double-v:\n"
        "    # both sides\n"
        "    hold: 45s # since May\n"
        "\n"
        "    # the end\n"
        "  foam-roller-snow-angels:\n"
        "    reps: 8\n"
        "# That is all.\n"
    )


@given(documents(), st.data())
def test_every_comment_on_a_line_of_its_own_survives(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("generated")
    (folder / "parent.yaml").write_text(json.dumps(document))
    parent, target = load_routine(folder / "parent.yaml"), folder / "mine.yaml"
    save_variant(parent, customised(parent, data), target)
    comments: list[str] = []
    commented = ""
    for line in target.read_text().splitlines():
        if data.draw(st.booleans()):
            comments.append(f"# {len(comments)}")
            commented += f"{' ' * data.draw(st.integers(0, 6))}{comments[-1]}\n"
        commented += line + data.draw(st.sampled_from(["\n", "   # behind\n", "\n\n"]))
    target.write_text(f"{commented}# last\n")
    here = load_routine(target)
    before, after = (here, customised(here, data)) if data.draw(st.booleans()) else (parent, customised(parent, data))
    save_variant(before, after, target)
    assert load_routine(target) == after
    left = [line.strip() for line in target.read_text().splitlines() if line.strip().startswith("#")]
    assert left == [*comments, "# last"]


def test_a_variant_is_changed_in_its_own_file_and_keeps_what_is_its_own() -> None:
    Path("mine.yaml").write_text(MINE)
    assert saved("./mine.yaml", "mine.yaml", hold="double-v.left=1m") == MINE.replace(
        "    hold: 40s # since May\n    cues: []\n",
        "    hold: # since May\n      right: 40s\n      left: 1m\n    cues: []\n",
    ).replace("length: 12m", "length: 12m20s")


def test_a_key_without_a_value_gets_one_and_keeps_its_comment() -> None:
    text = (
        "extends: upper-back\nlength:\ncountdown: # quietly\nexercises:\n  cat-stretch:\n    settle:\n    hold: 25s\n"
    )
    Path("mine.yaml").write_text(text)
    assert saved("./mine.yaml", "mine.yaml", length="12m", countdown="5", settle="cat=9s") == (
        "extends: upper-back\nlength: 12m\ncountdown: 5 # quietly\n"
        "exercises:\n  cat-stretch:\n    settle: 9s\n    hold: 25s\n"
    )


def test_saving_a_variant_over_itself_without_a_change_changes_nothing() -> None:
    Path("mine.yaml").write_text(MINE)
    assert saved("./mine.yaml", "mine.yaml") == MINE


def test_a_variant_that_gives_an_exercise_another_id_is_changed_under_its_key() -> None:
    text = "extends: ./hips.yaml\nexercises:\n  pigeon: {id: dove, name: Dove}\n"
    Path("mine.yaml").write_text(text)
    changed = text.replace("Dove}", "Dove, hold: 50s}").replace("exercises", "length: 9m25s\nexercises")
    assert saved("./mine.yaml", "mine.yaml", hold="dove=50s", breath="5s/5s").replace("breath: 5s/5s\n", "") == changed


def test_the_routine_itself_is_not_replaced_by_a_variant_of_it() -> None:
    Path("linked.yaml").symlink_to("hips.yaml")
    for target in ("hips.yaml", "./hips.yaml", "linked.yaml"):
        with pytest.raises(OutputError) as caught:
            saved("./hips.yaml", target, title="Mine")
        assert caught.value.problems == (Problem("routine.variant-over-routine", subject=str(Path(target))),)
    assert Path("hips.yaml").read_text() == HIPS


def test_the_parent_of_a_variant_is_not_replaced_by_the_variants_variant() -> None:
    saved("./hips.yaml", "mine.yaml", title="Mine")
    with pytest.raises(RoutineError) as caught:
        saved("./mine.yaml", "hips.yaml", title="Yours")
    assert codes(caught.value) == ["routine.variant-with-mistakes", "routine.extends-circle"]
    assert Path("hips.yaml").read_text() == HIPS


def test_a_variant_that_lists_its_exercises_keeps_them_and_takes_the_rest() -> None:
    listing = HIPS.replace("title: Hips", "extends: upper-back\ntitle: Hips").replace("breath: 4s/6s\n", "")
    Path("mine.yaml").write_text(listing)
    listing = listing.replace("title: Hips", "title: Mine")
    assert saved("./mine.yaml", "mine.yaml", title="Mine") == listing
    with pytest.raises(OutputError) as caught:
        saved("./mine.yaml", "mine.yaml", hold="null=40s")
    assert codes(caught.value) == ["routine.variant-lists-exercises"]
    assert Path("mine.yaml").read_text() == listing


def test_a_routine_that_is_replaced_leaves_its_comments() -> None:
    Path("mine.yaml").write_text(f"# Hips, gently.\n{HIPS}")
    text = saved("./hips.yaml", "mine.yaml", hold="null=30s")
    assert text == (
        "# Hips, gently.\n"
        "extends: hips.yaml\n"
        "length: 9m25s\n"
        "exercises:\n"
        "  pigeon:\n"
        "    hold:\n"
        "      right: 30s\n"
        "      left: 50s\n"
        "  'null':\n"
        "    hold: 30s\n"
    )


@pytest.mark.parametrize("there", ["", "# mine\n", "\n# mine", "# mine\n---\nextends: upper-back\n...\n"])
def test_a_file_of_comments_alone_is_filled(there: str) -> None:
    Path("mine.yaml").write_text(there)
    text = saved("upper-back", "mine.yaml", countdown="5")
    assert text.endswith(("extends: upper-back\ncountdown: 5\n", "countdown: 5\n...\n"))
    assert text.count("# mine") == there.count("# mine")


def test_json_stays_json() -> None:
    Path("mine.yaml").write_text(
        '{"extends": "./hips.yaml", "exercises": {"null": {"hold": "25s"}}, "title": "Mine"}\n'
    )
    assert saved("./hips.yaml", "mine.yaml", hold="null=30s", settle="5s").startswith(
        '{"extends": hips.yaml, "exercises": '
    )
    assert len(Path("mine.yaml").read_text().splitlines()) == 1


def test_lines_end_as_they_did() -> None:
    Path("mine.yaml").write_bytes(b"# mine\r\nextends: upper-back\r\n")
    saved("upper-back", "mine.yaml", countdown="5")
    assert Path("mine.yaml").read_bytes() == b"# mine\r\nextends: upper-back\r\ncountdown: 5\r\n"


@pytest.mark.parametrize("broken", ["title: a: b\n", "a\0b", "&a [*a]\n", "- a\n", "just text\n"])
def test_a_file_whose_comments_cannot_be_kept_is_left_alone(broken: str) -> None:
    Path("mine.yaml").write_text(broken)
    with pytest.raises(RoutineError, match=r"mine\.yaml"):
        saved("upper-back", "mine.yaml", countdown="5")
    assert Path("mine.yaml").read_text() == broken


def test_aliases_that_would_carry_a_change_elsewhere_are_refused() -> None:
    text = "extends: ./hips.yaml\nexercises:\n  'null': &x {hold: 30s}\n  bridge: *x\n"
    Path("mine.yaml").write_text(text)
    with pytest.raises(RoutineError, match=r"mine\.yaml"):
        saved("./mine.yaml", "mine.yaml", hold="null=40s")
    assert Path("mine.yaml").read_text() == text


@pytest.mark.parametrize(
    ("overrides", "code"),
    [({"hold": "12h"}, "durations.too-long"), ({"hold": "double-v=6s"}, "routine.cue-outside-work")],
)
def test_what_no_file_can_say_is_refused_before_anything_is_written(overrides: Overrides, code: str) -> None:
    routine = load_routine("upper-back")
    with pytest.raises(RoutineError) as caught:
        save_variant(routine, customise(routine, overrides).routine, Path("mine.yaml"))
    first, *rest = codes(caught.value)
    assert first == "routine.variant-with-mistakes"
    assert code in rest
    assert not Path("mine.yaml").exists()


# -- the same session, and the command

SHORT = """\
title: Short
opening: none
closing: none
length: 62s
exercises:
  - {name: Rest, hold: 10s}
  - name: Reach
    sides: [right, left]
    hold: 12s
    release: Let go.
"""


@pytest.mark.parametrize(
    "overrides",
    [
        {"hold": ["rest=15s", "reach.left=20s"], "title": "Mine"},
        {"hold": "1.3x", "length": "66s", "stretch": "holds"},
        {"breath": "4s/3s", "rounds": "2"},
        {"pauses": "1.25x", "guidance": "brief", "countdown": "5"},
        {"skip": "1", "remaining": "5s", "settle": "reach=6s", "tail": "2s"},
        {"guidance": "tones", "sets": "reach=2", "rest": "reach=5s"},
    ],
    ids=str,
)
def test_the_saved_session_is_rendered_to_the_same_bytes(overrides: Overrides) -> None:
    Path("short.yaml").write_text(SHORT)
    routine = load_routine("short.yaml")
    save_variant(routine, draft(routine, overrides).routine, Path("my/own.yaml"))
    render(routine, Path("flags.mp3"), overrides=overrides, voice=ToneVoice())
    render(load_routine("my/own.yaml"), Path("saved.mp3"), voice=ToneVoice())
    assert Path("flags.mp3").read_bytes() == Path("saved.mp3").read_bytes()


@pytest.fixture
def short(folder: Path) -> Path:
    """A routine found by the name "short"."""
    (folder / "routines").mkdir()
    (folder / "routines" / "short.yaml").write_text(SHORT)
    return folder


@pytest.mark.usefixtures("short")
def test_render_saves_what_its_flags_say_and_a_render_of_that_is_the_same() -> None:
    flags = ("--hold", "rest=15s", "--pauses", "1.2x", "--length", "1m10s", "--voice", "builtin")
    done = audiogen("render", "short", *flags, "--save", "mine")
    assert (done.returncode, done.stdout) == (0, "output/mine.mp3\n"), done.stderr
    assert "Saved as routines/mine.yaml. To render it: audiogen render mine\n" in done.stderr
    assert "\nvoice: builtin\n" in Path("routines/mine.yaml").read_text()
    assert audiogen("render", "mine", "-o", "again.mp3").stdout == "again.mp3\n"
    assert Path("output/mine.mp3").read_bytes() == Path("again.mp3").read_bytes()
    assert [path.name for path in Path("output").iterdir()] == ["mine.mp3"]  # that of the routine itself stays


@pytest.mark.usefixtures("short")
def test_a_saved_voice_is_found_from_the_folder_of_the_file_too() -> None:
    Path("mine").mkdir()
    flags = ("--voice", "recordings:mine", "--fill", "builtin")
    done = audiogen("plan", "short", *flags, "--save", "kept", "-q")
    assert done.returncode == 0, done.stderr
    kept = load_routine("kept")
    assert (str(kept.voice), str(kept.fill)) == (f"recordings:{Path.cwd() / 'mine'}", "builtin")
    titled = audiogen("plan", "short", *flags, "--title", "Kept", "--json")
    assert audiogen("plan", "kept", "--json").stdout == titled.stdout


@pytest.mark.usefixtures("short")
def test_plan_saves_without_rendering_and_tells_a_path_where_there_is_no_name() -> None:
    done = audiogen("plan", "short", "--only", "reach", "--json", "--save", "my own/reach.yaml")
    assert json.loads(done.stdout)["exercises"][0]["slug"] == "reach"
    assert done.stderr.splitlines()[-1] == (
        "Saved as my own/reach.yaml. To render it: audiogen render 'my own/reach.yaml'"
    )
    assert audiogen("plan", "my own/reach.yaml", "--json").stdout == done.stdout
    assert not Path("output").exists()


@pytest.mark.usefixtures("short")
def test_a_file_that_exists_needs_force_where_nobody_can_be_asked() -> None:
    mine = Path("routines/mine.yaml")
    mine.write_text("# Mine.\nextends: short.yaml\ntitle: Mine\n")
    done = audiogen("render", "short", "--countdown", "5", "--save", "mine")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "routines/mine.yaml already exists. Add --force to save it anyway.\n"
    assert not Path("output").exists()
    assert audiogen("plan", "short", "--countdown", "5", "--save", "mine", "--force", "-q").returncode == 0
    assert mine.read_text() == "# Mine.\nextends: short.yaml\ntitle: Mine\ncountdown: 5\n"


@pytest.mark.linux(reason="pseudo-terminals")
@pytest.mark.parametrize(
    ("keys", "code", "text"),
    [
        ("n\n", 1, "# Mine.\n"),
        ("\x03", 130, "# Mine.\n"),
        ("\x04", 130, "# Mine.\n"),
        ("y\n", 0, "# Mine.\nextends: short.yaml\ntitle: Mine\ncountdown: 5\n"),
    ],
    ids=["no", "Ctrl-C", "Ctrl-D", "yes"],
)
def test_a_terminal_is_asked_before_a_file_changes(short: Path, keys: str, code: int, text: str) -> None:
    mine = short / "routines" / "mine.yaml"
    mine.write_text("# Mine.\n")
    terminal = Terminal(short, "plan", "short", "--countdown", "5", "--save", "mine")
    terminal.answers("routines/mine.yaml already exists. Change it? (y/n) > ", keys)
    assert terminal.ends(pressing=keys if keys == "\x03" else "") == code
    terminal.close()
    assert mine.read_text() == text
    assert "Traceback" not in terminal.shown


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["short", "--save", "mine.txt/"], 1, "A routine file must end in .yaml, such as mine.txt.yaml."),
        (["short", "--save", ""], 1, "A routine file must end in .yaml"),
        (["short", "--save", "short"], 1, "is the routine itself"),
        (["short", "--save", "mine", "--hold", "9=3s"], 1, "no exercise is called '9'"),
        (["short", "--save", "mine", "--voice", "nobody"], 1, "nobody"),
        (["short", "--force"], 2, "needs --save"),
    ],
    ids=str,
)
def test_what_cannot_be_saved_is_not_rendered_either(arguments: list[str], code: int, message: str) -> None:
    done = audiogen("render", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert sorted(str(path) for path in Path("routines").iterdir()) == ["routines/short.yaml"]
    assert not Path("output").exists()


# -- names and titles


@pytest.mark.parametrize(
    ("name", "there", "title"),
    [
        ("morning-short", None, "Morning short"),
        ("Más_corto", None, "Más corto"),
        ("mine", "extends: short.yaml\ntitle: My own\n", "My own"),
        ("mine", "extends: short.yaml\n", "Mine"),
        ("short", None, None),
        ("{--}", None, None),
    ],
)
@pytest.mark.usefixtures("short")
def test_a_variant_has_a_title_of_its_own(name: str, there: str | None, title: str | None) -> None:
    routine = load_routine("short")
    target = Path("routines" if name != "short" else "other", f"{name}.yaml")
    if there:
        target.write_text(there)
    assert own_title(routine, {}, target) == ({"title": title} if title else {})
    assert own_title(routine, {"title": "Given"}, target) == {}


def words(target: str) -> list[str]:
    return [str(one) for one in effects(Path(target))]


@pytest.mark.usefixtures("short")
def test_what_a_name_in_use_would_hide_or_change_is_said() -> None:
    for name, parent in (("week-1", "upper-back"), ("week-2", "week-1"), ("hip", "short"), ("far", "../short.yaml")):
        Path("routines", f"{name}.yaml").write_text(f"extends: {parent}\ntitle: Title\n")
    Path("short.yaml").write_text(SHORT)
    shipped = "This name would hide the routine upper-back, which comes with audiogen."
    changed = "week-1 and week-2 extend it and would change."
    assert words("routines/upper-back.yaml") == words("routines/Upper-Back.yaml") == [shipped, changed]
    assert words("routines/week-1.yaml") == [
        "routines/week-1.yaml already exists.",
        "week-2 extends it and would change.",
    ]
    assert words("routines/short.yaml") == ["routines/short.yaml already exists.", "hip extends it and would change."]
    assert words("short.yaml") == ["short.yaml already exists.", "far extends it and would change."]
    assert words("routines/new.yaml") == words("elsewhere/upper-back.yaml") == []
    assert routine_file("WEEK-1") == Path("routines/week-1.yaml")
    assert words("routines/WEEK-1.yaml")[0].startswith("Many systems do not distinguish")


@pytest.mark.usefixtures("short")
def test_a_shipped_routine_is_not_hidden_without_a_word() -> None:
    for arguments in (("plan", "short", "--tail", "3s", "--save", "Upper-Back"), ("new", "upper-back")):
        done = audiogen(*arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == (
            "This name would hide the routine upper-back, which comes with audiogen. Add --force to save it anyway.\n"
        )
    assert [path.name for path in Path("routines").iterdir()] == ["short.yaml"]
