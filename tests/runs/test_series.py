"""A series: holds that grow within their caps, one voice, whole files, and no cue spoken twice."""

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3

from audiogen import load_routine
from audiogen.errors import Cancelled, CustomiseError, OutputError, Problem, Remedy, TimelineError, VoiceError
from audiogen.routine.amounts import amounts_of
from audiogen.routine.load import parse_routine
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.overrides.doses import total_work_ms
from audiogen.routine.values import Sided
from audiogen.routine.variant import save_variant
from audiogen.runs.growth import Growth, read_growth
from audiogen.runs.series import grown_weeks, plan_series, series
from audiogen.session import Rendered
from audiogen.storage.cache import Cache
from audiogen.timeline.compose import draft
from audiogen.timeline.model import Timeline
from tests.cli.test_cli import Shell
from tests.each import each
from tests.fakes.tone_voice import ToneVoice
from tests.strategies import documents, read

SMALL = """\
title: Small
closing: none
settle: 1s
switching: 3s
transition: 1s
exercises:
  - {name: Lean, sides: [right, left], hold: 10s}
  - {name: Roll, hold: 20s, fixed: true}
  - {name: Angels, reps: 2, tempo: [{for: 3s}, {for: 3s}]}
"""


def holds(routine: Routine) -> dict[str, Any]:
    return {one.slug: one.hold_ms for one in routine.flat if one.hold_ms is not None}


def held_ms(timeline: Timeline) -> list[int]:
    return [event.length_ms for event in timeline.events if event.kind == "hold"]


def grown(text: str, weeks: int = 3, grow: float = 0.1, **wanted: Any) -> list[dict[str, Any]]:
    return [holds(week) for week in grown_weeks(parse_routine(text), weeks=weeks, grow=grow, **wanted)]


def one_exercise(keys: str, top: str = "") -> str:
    return f"title: One\n{top}\nexercises:\n  - {{name: Lean, {keys}}}\n"


# -- what grows


def test_upper_back_grows_by_ten_percent_up_to_ninety_seconds() -> None:
    weeks = [holds(week) for week in grown_weeks(load_routine("upper-back"), weeks=6, grow=0.1, cap_ms=90_000)]
    assert [week["double-v"] for week in weeks] == [30_000, 33_000, 36_000, 40_000, 44_000, 48_000]
    assert [week["embryo-s-pose"] for week in weeks] == [60_000, 66_000, 73_000, 80_000, 88_000, 90_000]


@given(documents(), st.integers(1, 8), st.sampled_from([0.05, 0.1, 0.15, 1.0]), st.sampled_from([90_000, 120_000]))
def test_holds_alone_grow_each_week_in_whole_seconds_within_the_cap(
    document: dict[str, Any], weeks: int, grow: float, cap_ms: int
) -> None:
    routine = read(document)
    if not any(one.hold_ms is not None and not one.fixed for one in routine.flat):
        return
    found = grown_weeks(routine, weeks=weeks, grow=grow, cap_ms=cap_ms)
    assert holds(found[0]) == holds(routine)
    for number, week in enumerate(found):
        for old, new in zip(routine.flat, week.flat, strict=True):
            assert new.model_copy(update={"hold_ms": old.hold_ms, "max_ms": old.max_ms}) == old
            for before_ms, after_ms in zip(lengths(old), lengths(new), strict=True):
                exact_ms = before_ms if old.fixed else min(before_ms * (1 + grow) ** number, cap_ms)
                assert abs(after_ms - exact_ms) <= 500.001  # half a second, and what a product of floats is off
                assert after_ms % 1000 == 0


def lengths(exercise: Exercise) -> list[int]:
    return [*amounts_of(exercise.hold_ms or 0)]


def test_half_seconds_are_rounded_up_whatever_a_float_makes_of_them() -> None:
    assert [week["lean"] for week in grown(one_exercise("hold: 50s"), weeks=2, grow=0.15)] == [50_000, 58_000]


def test_a_fixed_hold_stays_and_repetitions_too() -> None:
    weeks = grown_weeks(parse_routine(SMALL), weeks=3, grow=0.5)
    assert [holds(week)["roll"] for week in weeks] == [20_000] * 3
    assert [holds(week)["lean"] for week in weeks] == [10_000, 15_000, 23_000]
    assert {week.flat[2].reps for week in weeks} == {2}


def test_an_exercise_grows_no_further_than_its_own_max() -> None:
    assert [week["lean"] for week in grown(one_exercise("hold: 30s, max: 35s"))] == [30_000, 33_000, 35_000]


def test_a_hold_beyond_its_own_max_is_not_made_shorter() -> None:
    assert [week["lean"] for week in grown(one_exercise("hold: 40s, max: 35s"))] == [40_000] * 3


def test_both_sides_grow_each_from_its_own_length() -> None:
    (_, week) = grown(one_exercise("sides: [right, left], hold: {right: 20s, left: 30s}"), weeks=2)
    assert week["lean"] == Sided(22_000, 33_000)


@pytest.mark.parametrize("more", [{}, {"stretch": "holds"}, {"pauses": "1.2x"}, {"length": "none"}], ids=str)
def test_a_saved_variant_grows_as_with_the_same_flags(tmp_path: Path, more: dict[str, str]) -> None:
    routine, overrides = load_routine("upper-back"), {"hold": ["double-v=45s"], **more}
    save_variant(routine, draft(routine, overrides).routine, tmp_path / "mine.yaml")
    saved = grown_weeks(load_routine(tmp_path / "mine.yaml"), weeks=3, grow=0.2)
    assert saved == grown_weeks(routine, weeks=3, grow=0.2, overrides=overrides)


def test_overrides_come_before_growth() -> None:
    weeks = grown(SMALL, overrides={"hold": ["lean=30s", "2x"], "skip": "3"})
    assert [week["lean"] for week in weeks] == [60_000, 66_000, 73_000]
    assert [week["roll"] for week in weeks] == [40_000] * 3


def test_holds_end_on_a_breath_that_is_within_the_cap() -> None:
    weeks = grown(one_exercise("hold: 30s"), weeks=5, grow=0.3, cap_ms=65_000, overrides={"breath": "4s/6s"})
    assert [week["lean"] for week in weeks] == [30_000, 40_000, 50_000, 60_000, 60_000]


def test_the_length_moves_by_what_the_holds_add() -> None:
    routine = load_routine("upper-back")
    for week in grown_weeks(routine, weeks=4, grow=0.1):
        assert week.length_ms == 600_000 + total_work_ms(week) - total_work_ms(routine)


def test_a_length_that_is_given_stands() -> None:
    weeks = grown_weeks(load_routine("upper-back"), weeks=2, grow=0.1, overrides={"length": "11m"})
    assert [week.length_ms for week in weeks] == [660_000, 660_000]


def test_titles_count_the_weeks_and_the_album_is_what_they_share() -> None:
    weeks = grown_weeks(parse_routine(SMALL), weeks=2, grow=0.1)
    assert [(week.title, week.album) for week in weeks] == [("Small, week 1", "Small"), ("Small, week 2", "Small")]
    (named,) = grown_weeks(parse_routine(f"album: Mine\n{SMALL}"), weeks=1, grow=0.1, overrides={"title": "Big"})
    assert (named.title, named.album) == ("Big, week 1", "Mine")


def test_stretched_holds_stay_within_the_cap_too(tmp_path: Path) -> None:
    text = one_exercise("hold: 20s", "length: 1m\nstretch: holds")
    plans = plan_series(parse_routine(text), weeks=3, grow=0.5, cap_ms=30_000, voice=ToneVoice(), cache=Cache(tmp_path))
    assert max(length_ms for plan in plans for length_ms in held_ms(plan.timeline)) <= 30_000


# -- what is refused


@each("text", ["ten", "10", "ten%", "%", "0%", "-5%", "101%", "nan%", "1/2%", "", "1e1%", "٣%"])
def test_growth_must_be_a_percentage_or_a_length(text: str) -> None:
    with pytest.raises(CustomiseError) as refused:
        read_growth([text])
    assert refused.value.problems == (Problem("runs.growth", found=f"'{text}'"),)


@pytest.mark.parametrize(("text", "growth"), [("10%", 0.1), (" 2.5 % ", 0.025), ("100%", 1.0), ("12.3%", 0.123)])
def test_a_percentage_is_read(text: str, growth: float) -> None:
    assert read_growth([text]).share == growth


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"weeks": 0}, Problem("runs.weeks", expected="52", found="0")),
        ({"weeks": 53}, Problem("runs.weeks", expected="52", found="53")),
        ({"grow": 1.5}, Problem("runs.growth", found="150%")),
        (
            {"cap_ms": 9_000},
            Problem(
                "runs.cap-too-short",
                subject="1 lean",
                expected="9s",
                found="10s",
                remedies=(Remedy("shorter-hold", "hold", "lean=9s"),),
            ),
        ),
        ({"overrides": {"only": "2,3"}}, Problem("runs.no-growing-hold", subject="Small")),
        (
            {"overrides": {"stretch": "holds", "length": "2m"}},
            Problem(
                "runs.nothing-grows",
                remedies=(Remedy("stretch-silences", "stretch", "silences"), Remedy("no-length", "length", "none")),
            ),
        ),
    ],
)
def test_what_cannot_be_a_series_is_refused(wanted: dict[str, Any], problem: Problem) -> None:
    with pytest.raises(CustomiseError) as refused:
        grown_weeks(parse_routine(SMALL), **{"weeks": 3, "grow": 0.1, **wanted})
    assert refused.value.problems == (problem,)


def test_overrides_that_do_not_fit_are_refused() -> None:
    with pytest.raises(CustomiseError):
        grown_weeks(parse_routine(SMALL), weeks=3, grow=0.1, overrides={"hold": "laen=3s"})


def test_a_fixed_hold_may_be_longer_than_the_cap() -> None:
    assert grown(SMALL, weeks=1, cap_ms=15_000) == [{"lean": 10_000, "roll": 20_000}]


def test_a_file_where_the_folder_should_be_is_refused_before_anything_is_spoken(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    voice = ToneVoice()
    with pytest.raises(OutputError, match="out"):
        series(parse_routine(SMALL), tmp_path / "out", weeks=2, grow=0.1, voice=voice, cache=Cache(tmp_path / "c"))
    assert voice.spoken == []


# -- tracks


def rendered(folder: Path, text: str = SMALL, /, **wanted: Any) -> tuple[Rendered, ...]:
    settings: dict[str, Any] = {"weeks": 3, "grow": 0.5, "voice": ToneVoice(), "cache": Cache(folder / "cache")}
    return series(parse_routine(text), folder / "out", **{**settings, **wanted})


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out").iterdir())


def test_a_folder_of_tracks_and_a_playlist_is_written(tmp_path: Path) -> None:
    tracks = rendered(tmp_path)
    assert written(tmp_path) == ["small-week-01.mp3", "small-week-02.mp3", "small-week-03.mp3", "small.m3u8"]
    assert [held_ms(track.timeline) for track in tracks] == [
        [10_000, 10_000, 20_000],
        [15_000, 15_000, 20_000],
        [23_000, 23_000, 20_000],
    ]
    seconds = [round(track.timeline.length_ms / 1000) for track in tracks]
    assert (tmp_path / "out/small.m3u8").read_text("utf-8").splitlines() == [
        "#EXTM3U",
        f"#EXTINF:{seconds[0]},Small, week 1",
        "small-week-01.mp3",
        f"#EXTINF:{seconds[1]},Small, week 2",
        "small-week-02.mp3",
        f"#EXTINF:{seconds[2]},Small, week 3",
        "small-week-03.mp3",
    ]


def test_tags_number_the_tracks_of_one_album(tmp_path: Path) -> None:
    tags = [ID3(track.path, translate=False) for track in rendered(tmp_path, weeks=2)]  # type: ignore[no-untyped-call]
    assert [(str(tag["TIT2"]), str(tag["TALB"]), str(tag["TRCK"])) for tag in tags] == [
        ("Small, week 1", "Small", "1/2"),
        ("Small, week 2", "Small", "2/2"),
    ]


def test_no_cue_is_spoken_twice_for_all_weeks_together(tmp_path: Path) -> None:
    voice = ToneVoice()
    tracks = rendered(tmp_path, weeks=2, voice=voice)
    assert len(voice.spoken) == len(set(voice.spoken))
    assert sum(track.spoken for track in tracks) == len(voice.spoken)
    assert [track.spoken < track.cues / 2 for track in tracks] == [False, True]
    said = {event.text for track in tracks for event in track.timeline.events if event.text}
    assert said <= set(voice.spoken)
    assert sum(track.spoken for track in rendered(tmp_path, weeks=2, voice=voice)) == 0


def test_a_plan_after_the_render_is_exact_and_the_same(tmp_path: Path) -> None:
    voice, cache = ToneVoice(), Cache(tmp_path / "cache")
    tracks = rendered(tmp_path, weeks=2, voice=voice)
    plans = plan_series(parse_routine(SMALL), weeks=2, grow=0.5, voice=voice, cache=cache)
    assert [plan.timeline.events for plan in plans] == [track.timeline.events for track in tracks]


def test_a_week_that_cannot_be_rendered_is_named_and_those_before_it_stay(tmp_path: Path) -> None:
    voice = ToneVoice(failing=frozenset({"Small, week 3."}))
    finished: list[Rendered] = []
    with pytest.raises(VoiceError, match=r"^Week 3: .*'Small, week 3\.'"):
        rendered(tmp_path, voice=voice, finished=finished.append)
    assert written(tmp_path) == ["small-week-01.mp3", "small-week-02.mp3"]
    assert [track.path.name for track in finished] == written(tmp_path)


def test_a_week_whose_length_cannot_be_met_is_named(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match=r"^Week 2: Small, week 2 cannot last 2:20"):
        rendered(tmp_path, weeks=3, grow=1.0, overrides={"length": "2m20s", "hold": "lean=30s"})
    assert written(tmp_path) == ["small-week-01.mp3"]


def test_a_track_whose_name_begins_with_a_number_sign_is_no_comment_of_the_playlist(tmp_path: Path) -> None:
    (tmp_path / "#small.yaml").write_text(SMALL, "utf-8")
    series(load_routine(tmp_path / "#small.yaml"), tmp_path / "out", weeks=2, grow=0.5, voice=ToneVoice())
    assert (tmp_path / "out/#small.m3u8").read_text("utf-8").splitlines()[2] == "./#small-week-01.mp3"


def test_a_series_that_is_stopped_keeps_whole_weeks_and_an_earlier_playlist(tmp_path: Path) -> None:
    rendered(tmp_path, weeks=1)
    before = (tmp_path / "out/small.m3u8").read_bytes()
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        rendered(tmp_path, cancel=cancel, finished=lambda _: cancel.set())
    assert written(tmp_path) == ["small-week-01.mp3", "small.m3u8"]
    assert (tmp_path / "out/small.m3u8").read_bytes() == before


def test_auto_keeps_to_the_voice_of_week_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google answers from week 2 on; the built-in voice goes on all the same."""
    from audiogen.clips.choose_voice import _remember_unreachable

    cache = Cache(tmp_path / "cache")
    _remember_unreachable(cache)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    def forget(_: Rendered) -> None:
        (cache.root / "google-unreachable").unlink(missing_ok=True)

    text = one_exercise("hold: 10s", "settle: 1s")
    tracks = rendered(tmp_path, text, weeks=2, voice=None, cache=cache, finished=forget)
    assert [track.voice for track in tracks] == ["builtin:heart", "builtin:heart"]
    assert tracks[1].fallback is None
    assert not (cache.root / "google-unreachable").exists()


# -- the command


@pytest.fixture
def shell(tmp_path: Path, cache: Path) -> Shell:
    shell = Shell(tmp_path, cache)
    shell.write("small.yaml", SMALL.replace("reps: 2", "reps: 1"))
    return shell


def test_the_command_makes_the_series_and_prints_its_files(shell: Shell) -> None:
    done = shell("series", "small.yaml", "--weeks", "2", "--grow", "50%", "--voice", "builtin")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["output/small/small-week-01.mp3", "output/small/small-week-02.mp3", "output/small/small.m3u8"],
    ), done.stderr
    assert all((shell.folder / path).is_file() for path in done.stdout.splitlines())
    assert re.search(
        r"^Week 1: 1:\d\d\.\d+, 1\.\d MB; \d+ cues by builtin:heart, (all|\d+) newly spoken\.$",
        done.stderr,
        re.MULTILINE,
    )
    assert "Nothing was sent to the internet." in done.stderr


def test_the_plan_shows_the_weeks_and_makes_nothing(shell: Shell) -> None:
    done = shell("series", "small.yaml", "--weeks", "3", "--grow", "50%", "--plan", "--only", "1-2", "--plain")
    assert done.returncode == 0, done.stderr
    assert re.sub(r"\d:\d\d", "M:SS", done.stdout).splitlines() == [
        "Small, 3 weeks, about M:SS in all.",
        "Week 1, about M:SS: Lean 10s, Roll 20s.",
        "Week 2, about M:SS: Lean 15s, Roll 20s.",
        "Week 3, about M:SS: Lean 23s, Roll 20s.",
    ]
    table = shell("series", "small.yaml", "--weeks", "2", "--max", "10.5s", "--plan", "--only", "1").stdout
    assert re.sub(r"\d:\d\d", "M:SS", table).splitlines() == [
        "Small, 2 weeks, about M:SS in all",
        "",
        "  week  length      1",
        "     1   ~M:SS    10s",
        "     2   ~M:SS  10.5s",
        "",
        "Holds: 1 Lean.",
    ]
    assert not (shell.folder / "output").exists()


def test_json_is_one_document(shell: Shell) -> None:
    arguments = ("series", "small.yaml", "--weeks", "2", "--grow", "50%", "--voice", "builtin")
    planned = shell.json(*arguments, "--plan", "--hold", "lean.left=20s", "--only", "1")
    assert [week["holds_ms"] for week in planned["weeks"]] == [{"lean": [10_000, 20_000]}, {"lean": [15_000, 30_000]}]
    made = shell.json(*arguments, "-o", "here")
    assert made["playlist"] == "here/small.m3u8"
    assert [Path(track["path"]).name for track in made["tracks"]] == ["small-week-01.mp3", "small-week-02.mp3"]


def test_a_wrong_series_is_one_message_and_exit_1(shell: Shell) -> None:
    done = shell("series", "small.yaml", "--grow", "ten", "--voice", "builtin")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "The growth must be above 0% and at most 100% such as 10%, a length such as 5s, reps=1 or sets=1, "
        "found 'ten'.\n"
    )


def test_a_cap_that_is_no_length_is_told_by_its_flag() -> None:
    from audiogen.cli.commands.series import _read_cap

    with pytest.raises(CustomiseError, match="--max must be a duration such as 45s or 1m30s, found 'soon'"):
        _read_cap("soon")


def test_a_series_that_ends_early_says_what_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from audiogen.cli.commands.series import _made
    from audiogen.cli.output import Talk

    wanted = {"weeks": 3, "grow": 0.1, "voice": ToneVoice(failing=frozenset({"Small, week 2."}))}
    with pytest.raises(VoiceError, match=r"^Week 2: "):
        _made(parse_routine(SMALL), tmp_path, wanted, Talk())
    assert "Finished and kept: small-week-01.mp3." in capsys.readouterr().err


def test_holds_grow_by_seconds_and_repetitions_and_sets_next_to_them() -> None:
    routine = parse_routine(
        "title: A\nexercises:\n"
        "- {name: Lean, hold: [10s, 20s], rest: 5s}\n"
        "- {name: Squat, reps: 8 to 12, for: 40s, sets: 2, rest: 30s}\n"
        "- {name: Press, reps: 5, tempo: [{for: 4s}], fixed: true}\n"
    )
    weeks = grown_weeks(routine, weeks=3, grow=read_growth(["5s", "reps=1", "sets=1"]))
    assert [(week.flat[0].hold_ms, week.flat[0].sets) for week in weeks] == [
        ((10_000, 20_000), 2),
        ((15_000, 25_000), 2),
        ((20_000, 30_000), 2),
    ]
    assert [(str(week.flat[1].reps), week.flat[1].sets, week.flat[1].for_ms) for week in weeks] == [
        ("8 to 12", 2, 40_000),
        ("9 to 13", 3, 40_000),
        ("10 to 14", 4, 40_000),
    ]
    assert {week.flat[2].reps for week in weeks} == {5}


@pytest.mark.parametrize("texts", [["10%", "5s"], ["reps=0"], ["sets=x"], ["holds=5"], ["0s"]])
def test_what_is_no_growth_is_refused(texts: list[str]) -> None:
    with pytest.raises(CustomiseError) as caught:
        read_growth(texts)
    assert [problem.code for problem in caught.value.problems] == ["runs.growth"]


def test_without_a_growth_nothing_can_grow() -> None:
    assert not Growth().is_possible
