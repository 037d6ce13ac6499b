"""What `check` finds in a file before anything is spoken: each mistake and notice at its line and column."""

from pathlib import Path

import pytest

from audiogen.errors import Problem, RoutineError
from audiogen.session.check import check

LONG = "A line of a great many words that nobody could ever say in the two seconds that are left of this short hold"


def placed(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Problem, ...]:
    """The mistakes of a file, or the notices of one without mistakes."""
    monkeypatch.chdir(folder)
    Path("x.yaml").write_text(text, encoding="utf-8")
    try:
        return check("x.yaml").notices
    except RoutineError as error:
        return error.problems


def exercise(name: str, *lines: str) -> str:
    return f"  - name: {name}\n" + "".join(f"    {line}\n" for line in ("hold: 10s", "countdown: 0", *lines))


@pytest.mark.parametrize(
    ("head", "code", "where"),
    [
        ("voice: nobody", "voices.unknown", "x.yaml:2:8"),
        ("language: es\nvoice: builtin", "voices.builtin-english", "x.yaml:3:8"),
        ("voice: recordings:nowhere", "voices.recordings-missing", "x.yaml:2:8"),
        ("length: 5h", "timeline.length-unmet", "x.yaml:2:9"),
        ("length: 5s", "timeline.length-unmet", "x.yaml:2:9"),
    ],
)
def test_what_a_render_would_refuse_is_a_mistake_at_its_key(
    head: str, code: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = placed(f"title: T\n{head}\nexercises:\n{exercise('Frog')}", tmp_path, monkeypatch)
    assert [(one.code, str(one.place)) for one in found] == [(code, where)]


def test_a_cue_that_cannot_fit_however_quickly_it_is_said_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cue = f"cues: [{{at: 8s, say: {LONG}}}]"
    (problem,) = placed("title: T\nexercises:\n" + exercise("Frog", cue), tmp_path, monkeypatch)
    assert (problem.code, str(problem.place)) == ("timeline.cue-too-late", "x.yaml:6:12: 1 Frog")


def test_a_cue_that_may_fit_is_a_notice_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cue = "cues: [{at: 8s, say: Breathe out and let the head go}]"
    (notice,) = placed("title: T\nexercises:\n" + exercise("Frog", cue), tmp_path, monkeypatch)
    assert (notice.code, str(notice.place)) == ("session.estimated", "x.yaml:6:12: 1 Frog")


def test_two_exercises_of_one_name_are_noticed_with_their_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = exercise("Frog") + exercise("Plank") + exercise("frog")
    (notice,) = placed(f"title: T\nexercises:\n{three}", tmp_path, monkeypatch)
    assert (notice.code, notice.subject, notice.found) == ("session.same-name", "'Frog'", "1 frog, 3 frog-2")
    assert str(notice.place) == "x.yaml:9:11"


def test_lines_that_were_meant_as_a_list_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = exercise("Frog", "setup:", "  -Lie down.", "  -Turn.")
    (notice,) = placed(f"title: T\nexercises:\n{setup}", tmp_path, monkeypatch)
    assert (notice.code, str(notice.place), notice.subject) == (
        "session.dash-in-text",
        "x.yaml:7:7",
        "'-Lie down. -Turn.'",
    )


def test_what_a_voice_may_read_otherwise_is_noticed_where_it_is_said_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("setup: [Tap the QUAD., Tap the QUAD and the PETE.]", "cues: [{at: 3s, say: Row 10m}]", "release: Up ^")
    head = "title: 90/90 R side, AMRAP\nvoice: builtin\npronounce: {pete: peat}\nexercises:\n"
    found = placed(head + exercise("Frog", *lines), tmp_path, monkeypatch)
    assert [(one.code, one.subject, str(one.place)) for one in found] == [
        ("session.misread-capitals", "'QUAD'", "x.yaml:8:13"),
        ("session.misread-sign", "'^'", "x.yaml:10:14"),
        ("session.misread-meters", "'10m'", "x.yaml:9:26"),
    ]


def test_phonemes_that_a_voice_cannot_take_or_say_are_noticed_at_their_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "title: T\nvoice: {}\npronounce: {{frog: /fɹ{}ɡ/}}\nexercises:\n"
    for voice, sound, code in (
        ("gtts", "ˈɔ", "session.phonemes-unused"),
        ("builtin", "ʙ", "voices.phonemes"),
    ):
        (problem,) = placed(head.format(voice, sound) + exercise("Frog"), tmp_path, monkeypatch)
        assert (problem.code, str(problem.place)) == (code, "x.yaml:3:12")
