"""`audiogen cues`: which lines there are to record, under which names, and that these are all that a render needs."""

import csv
import functools
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audiogen import load_routine, parse_routine
from audiogen.cli.app import app
from audiogen.clips import record
from audiogen.errors import AudiogenError, TimelineError, VoiceError
from audiogen.routine.model import Routine
from audiogen.session.lines_to_record import lines_to_record
from audiogen.storage.cache import Cache
from audiogen.timeline.compose import Spoken, compose, draft
from audiogen.voices import open_voice
from audiogen.voices.recordings import file_stem, pieces_of
from tests.voices.test_recordings import save, tone

ROUTINE = """\
title: Lean
{}
exercises:
  - name: Lean
    sides: [right, left]
    hold: 10s
  - name: Sway
    hold: 20s
"""


def cues(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["cues", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_each_line_is_listed_once_with_its_file_in_order() -> None:
    listed = json.loads(cues("upper-back", "--json"))
    assert listed[0] == {"file": "upper-back-release.wav", "text": "Upper-back release."}
    assert len({line["file"] for line in listed}) == len(listed)
    texts = [line["text"] for line in listed]
    assert texts.index("Double V.") < texts.index("Thread the needle.") < texts.index("Session complete.")
    assert {"Three", "Two", "One"} <= {text.rstrip(".") for text in texts}


def test_the_same_line_of_several_routines_has_the_same_file() -> None:
    both = json.loads(cues("box-breathing", "desk-reset", "--json"))
    apart = [json.loads(cues(name, "--json")) for name in ("box-breathing", "desk-reset")]
    assert {line["file"] for line in both} == {line["file"] for listed in apart for line in listed}
    assert len(both) < len(apart[0]) + len(apart[1])


def test_holds_of_ones_own_add_only_what_they_announce() -> None:
    routine = parse_routine(ROUTINE.format("length: 2m"))
    usual = {line.text for line in lines_to_record([routine])}
    more = {line.text for line in lines_to_record([routine], [30_000, 50_000])} - usual
    assert {"Thirty seconds.", "Thirty seconds each side.", "Fifty seconds.", "Fifty seconds each side."} <= more
    assert "Halfway." in more  # the longer one is long enough for it
    rest = {text for text in more if "seconds" not in text and text != "Halfway."}
    assert all(text.startswith("Two exercises, ") and "minutes" in text for text in rest)


@pytest.mark.parametrize("length", ["length: 2m", ""], ids=["fixed", "free"])
def test_what_is_listed_is_all_that_a_session_with_such_holds_needs(length: str, tmp_path: Path) -> None:
    routine = parse_routine(ROUTINE.format(length))
    for number, line in enumerate(lines_to_record([routine], [30_000, 50_000])):
        save(tmp_path / "mine", line.file, tone(300 + number, rate=8000, seconds=0.2 + len(line.text) / 25))
    cache, voice = Cache(tmp_path / "cache"), open_voice(f"recordings:{tmp_path / 'mine'}", "en")

    def speak(texts: Sequence[str]) -> Spoken:
        return Spoken(record(cache, voice, texts).lengths_ms, True)

    for hold in (["30s"], ["1=30s"], ["1=50s", "2=30s"]):
        assert compose(draft(routine, {"hold": hold}), voice.name, speak).timeline.exact
    with pytest.raises(VoiceError):
        compose(draft(routine, {"hold": ["40s"]}), voice.name, speak)


@functools.cache
def listed_for(name: str) -> tuple[Routine, set[str]]:
    """A shipped routine, and the names of its recordings without their ending."""
    routine = load_routine(name)
    return routine, {line.file.removesuffix(".wav") for line in lines_to_record([routine])}


@pytest.mark.parametrize("words_a_minute", [80, 110, 170, 260])
@pytest.mark.parametrize("name", ["upper-back", "desk-reset", "hip-release"])
def test_what_is_listed_is_enough_for_a_coach_of_any_pace(name: str, words_a_minute: int) -> None:
    routine, listed = listed_for(name)

    def speak(texts: Sequence[str]) -> Spoken:
        return Spoken({text: round(len(text.split()) * 60_000 / words_a_minute) + 150 for text in texts}, True)

    try:
        script = compose(draft(routine), "recordings", speak).script
    except TimelineError:  # cues that such a coach cannot say in time are an error, in whatever words
        return
    for text in script.texts():
        assert file_stem(text) in listed or {*map(file_stem, pieces_of(text))} <= listed


def test_the_table_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    out = tmp_path / "lines.csv"
    assert cues("upper-back", "--out", str(out)).strip() == str(out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["file", "text"]
    assert ["double-v.wav", "Double V."] in rows


def test_other_scripts_have_names_in_their_letters() -> None:
    routine = parse_routine("title: पीठ\nlanguage: hi\nexercises: [{name: ऊपर देखें, hold: 20s}]")
    files = [line.file for line in lines_to_record([routine])]
    assert "ऊपर-देखें.wav" in files


def test_where_nobody_speaks_there_is_nothing_to_record(tmp_path: Path) -> None:
    file = tmp_path / "tones.yaml"
    file.write_text(ROUTINE.format("guidance: tones"), "utf-8")
    assert cues(str(file)) == ""
    assert json.loads(cues(str(file), "--json")) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("upper-back", "--holds", "soon"), "duration"),
        (("upper-back", "-o", "lines.xls"), "must end in .csv"),
        (("nothing-like-it",), "nothing-like-it"),
    ],
)
def test_what_cannot_be_listed_is_an_error(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(AudiogenError, match=message):
        cues(*arguments)
