"""What a track says about itself; the routine that it carries makes the same track again."""

import json
import shutil
from pathlib import Path

import pytest

from audiogen import load_routine, parse_routine, plan, render
from audiogen.errors import AudiogenError
from audiogen.export import id3
from audiogen.export.extract import ROUTINE_ATTACHMENT
from audiogen.export.metadata import label_of
from audiogen.routine.dump import routine_text
from audiogen.routine.overrides import customise
from audiogen.routine.voice_spec import VoiceSpec
from audiogen.storage.cache import Cache
from audiogen.views.lyrics import lines_of, whole_text

from ..decode import needs
from ..fakes.tone_voice import ToneVoice, tone_wav
from ..shipped import ROUTINES, TRANSLATIONS, planned

SHORT = """\
title: Short one
exercises:
  - name: Neck stretch
    sides: [right, left]
    hold: 6s
    setup: "Mind the psoas, on the {side}."
  - name: Shrugs
    reps: 3
    tempo: [{say: Up, for: 1.5s}, {say: Down, for: 1.5s}]
"""
BRIEF = f"opening: none\nclosing: none\nsettle: 1s\nswitching: 3s\n{SHORT}"  # where it is rendered


def carried(path: Path) -> str:
    body = id3.read_attachment(path.read_bytes(), ROUTINE_ATTACHMENT)
    assert body is not None
    return body.decode()


@needs("espeak-ng")
def test_the_routine_inside_a_track_makes_the_same_track_again(tmp_path: Path) -> None:
    overrides = {"hold": ["neck=7.25s"], "reps": "2", "length": "50s", "stretch": "holds", "title": "Süß: #1"}
    file = tmp_path / "short.yaml"
    file.write_text(f"voice: espeak\ndate: 2026-03-01\n{BRIEF}", "utf-8")
    cache = Cache(tmp_path / "cache")
    first = render(load_routine(file), tmp_path / "first.mp3", overrides=overrides, cache=cache, voice="espeak").path
    again = parse_routine(carried(first))
    second = render(again, tmp_path / "second.mp3", cache=cache).path
    assert second.read_bytes() == first.read_bytes()


@needs("espeak-ng")
def test_the_words_that_the_config_file_says_otherwise_go_along_where_they_occur(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiogen.clips.choose_voice.pronunciations", lambda: {"Psoas": "so-ass", "quads": "kwods"})
    made = render(parse_routine(BRIEF), tmp_path / "a.mp3", voice="espeak").path
    assert parse_routine(carried(made)).pronounce == {"Psoas": "so-ass"}
    monkeypatch.undo()
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(tmp_path / "cache"))
    assert render(parse_routine(carried(made)), tmp_path / "b.mp3").path.read_bytes() == made.read_bytes()


def test_a_folder_of_recordings_is_named_without_the_way_to_it(tmp_path: Path) -> None:
    mine = tmp_path / "home" / "ann" / "my-voice"
    shutil.copytree(recordings(tmp_path / "made"), mine)
    made = render(parse_routine(BRIEF), tmp_path / "a.mp3", voice=f"recordings:{mine}").path
    text = carried(made)
    assert "voice: recordings:my-voice\n" in text
    assert text.splitlines()[1] == "# It needs beside it, since the track does not hold it: my-voice"
    assert "home" not in text
    beside = tmp_path / "routine.yaml"
    beside.write_text(text, "utf-8")
    shutil.copytree(mine, tmp_path / "my-voice")
    again = render(load_routine(beside), tmp_path / "b.mp3").path
    assert again.read_bytes() == made.read_bytes()


def test_music_and_sounds_are_named_without_the_way_to_them(tmp_path: Path) -> None:
    tune, gong = (tmp_path / "home" / "ann" / name for name in ("tune.wav", "gong.wav"))
    tune.parent.mkdir(parents=True)
    tune.write_bytes(tone_wav(3000))
    gong.write_bytes(tone_wav(700))
    overrides = {"music": str(tune), "sounds": f"wood,start={gong}"}
    routine = parse_routine("title: Short\nguidance: tones\nexercises: [{name: Lean, hold: 10s}]\n")
    made = render(routine, tmp_path / "a.mp3", overrides=overrides).path
    text = carried(made)
    assert "music: tune.wav\n" in text
    assert 'sounds: "wood,start=gong.wav"\n' in text
    assert text.splitlines()[1] == "# It needs beside it, since the track does not hold it: tune.wav, gong.wav"
    assert b"home" not in made.read_bytes()
    shutil.copy(tune, tmp_path)
    shutil.copy(gong, tmp_path)
    (tmp_path / "routine.yaml").write_text(text, "utf-8")
    again = render(load_routine(tmp_path / "routine.yaml"), tmp_path / "b.mp3").path
    assert again.read_bytes() == made.read_bytes()


def test_an_ambience_goes_by_its_name() -> None:
    routine = customise(parse_routine(SHORT), {"music": "rain"}).routine
    label = label_of(routine, plan(routine).timeline, voice=VoiceSpec("builtin"))
    text = label.attachments[1].body.decode()
    assert "music: rain\n" in text
    assert "It needs" not in text


def recordings(folder: Path) -> Path:
    """Every line of the short session as a tone in a file of its name."""
    from audiogen.voices.recordings import file_stem

    folder.mkdir()
    voice = ToneVoice()
    render(parse_routine(BRIEF), folder.parent / "tones.mp3", voice=voice)
    for text in voice.spoken:
        (folder / f"{file_stem(text)}.wav").write_bytes(tone_wav(400))
    return folder


def test_a_voice_of_the_callers_own_has_no_name_that_a_file_could_hold(tmp_path: Path) -> None:
    made = render(parse_routine(BRIEF), tmp_path / "a.mp3", voice=ToneVoice()).path
    assert parse_routine(carried(made)).voice is None


def test_what_nobody_speaks_keeps_the_voice_of_its_file() -> None:
    routine = customise(parse_routine(f"voice: espeak\n{SHORT}"), {"guidance": "tones"}).routine
    label = label_of(routine, plan(routine).timeline, voice=VoiceSpec("builtin"))
    assert parse_routine(label.attachments[1].body.decode()).voice == VoiceSpec("espeak")
    assert (label.lyrics or "").splitlines()[0] == "Opening"
    assert {text for _, text in label.lines} >= {"[start tone]", "[end bell]", "[tick]"}


@pytest.mark.parametrize("path", [*ROUTINES.values(), *TRANSLATIONS.values()], ids=lambda path: path.stem)
def test_a_shipped_routine_has_a_whole_label(path: Path) -> None:
    routine = load_routine(path)
    timeline = planned(path)
    label = label_of(routine, timeline, voice=VoiceSpec("espeak"))
    assert (label.title, label.language, label.length_ms) == (routine.title, routine.language, timeline.length_ms)
    assert (label.artist, label.album, label.date, label.cover) == ("audiogen", None, None, None)
    assert label.comment
    assert "1×" in label.comment or "1倍" in label.comment
    assert json.loads(label.attachments[0].body) == timeline.to_json()
    assert routine_text(parse_routine(label.attachments[1].body.decode())) in label.attachments[1].body.decode()
    said = [event.text for event in timeline.events if event.kind == "say"]
    assert [text for _, text in label.lines if not text.startswith("[")] == said
    assert all(text in (label.lyrics or "") for text in said if text)


def test_the_comment_tells_the_length_and_what_to_switch_off() -> None:
    routine = parse_routine(SHORT)
    comment = label_of(
        routine, plan(routine, overrides={"length": "1m30s"}).timeline, voice=VoiceSpec("builtin")
    ).comment
    assert comment == "Play it at speed 1×, with “trim silence” off. It should last 1:30."


def test_the_whole_text_stands_under_the_titles_of_the_chapters() -> None:
    timeline = plan(parse_routine(SHORT), voice="builtin").timeline
    text = whole_text(timeline)
    assert (
        "\n\n1 Neck stretch, left side, 6 s\nSwitch sides.\nMind the psoas, on the left.\nThree. Two. One.\n\n" in text
    )
    assert [line.text for line in lines_of(timeline)][:2] == ["Short one.", "Two exercises, about one minute."]


def test_artist_album_and_date_are_the_routines() -> None:
    routine = parse_routine(f"artist: Ann\nalbum: Mat work\ndate: 2026-03-01\n{SHORT}")
    label = label_of(routine, plan(routine).timeline, voice=None, track=(2, 6))
    assert (label.artist, label.album, label.date, label.track) == ("Ann", "Mat work", "2026-03-01", (2, 6))


def test_a_date_may_come_from_the_environment_and_is_no_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    routine = parse_routine(SHORT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    label = label_of(routine, plan(routine).timeline, voice=None)
    assert label.date == "2023-11-14"
    assert parse_routine(label.attachments[1].body.decode()).date == "2023-11-14"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(
        AudiogenError, match="SOURCE_DATE_EPOCH must be a number of seconds since 1970, found 'yesterday'"
    ):
        label_of(routine, plan(routine).timeline, voice=None)
