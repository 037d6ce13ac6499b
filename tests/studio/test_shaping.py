"""Shaping by HTTP: the plan follows wishes, links carry them, variants keep them, lines can be heard."""

import json
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from audiogen import load_routine, parse_routine, plan
from audiogen.errors import CustomiseError, Problem, Remedy
from audiogen.export import formats
from audiogen.routine.keys import FIELD_OF
from audiogen.routine.model import Routine
from audiogen.routine.settings import SETTINGS
from audiogen.storage.cache import Cache
from audiogen.studio.controls import controls_of
from audiogen.studio.problems import described, refusal, sentence
from audiogen.studio.request import read_request
from audiogen.studio.voices import voice_choices
from audiogen.timeline.model import ATTACHMENT
from tests.command import run

from .serving import ROUTINE, Studio

LONGER = [("hold", "double-v=12s"), ("reps", "cat-and-cow=3")]
IN_ROUNDS = """\
title: In rounds
voice: espeak
exercises:
  - rounds: 2
    exercises:
      - {name: Lunge, hold: 5s}
      - {name: Plank, hold: 5s}
"""


def test_the_first_page_lists_the_routines_of_the_folder_and_the_shipped_ones(studio: Studio) -> None:
    text = studio.ask("/").text
    for name in ("two", "upper-back", "hip-release", "upper-back.de"):
        assert f'href="/shape/{name}"' in text


def test_a_routine_with_mistakes_is_listed_with_them(studio: Studio) -> None:
    (studio.folder / "routines" / "bad.yaml").write_text("title: x\nexercises:\n  - name: A\n    hold: <b>\n")
    text = studio.ask("/").text
    assert "bad.yaml, line 4: hold must be a duration such as 45s or 1m30s, found &#39;&lt;b&gt;&#39;" in text
    assert "<b>" not in text
    assert studio.ask("/shape/bad").status == 422


def test_a_plan_is_that_of_the_library_with_the_same_overrides(studio: Studio) -> None:
    found = studio.plan("two", *LONGER)
    expected = plan(
        load_routine("two"),
        overrides={"hold": "double-v=12s", "reps": "cat-and-cow=3"},
        cache=Cache(studio.folder / "cache"),
    )
    assert found["length_ms"] == expected.length_ms
    double_v, cat_and_cow = (one["values"] for one in found["exercises"])
    assert double_v["hold|double-v"] == {"number": 12, "text": "12s"}
    assert cat_and_cow["reps|cat-and-cow"] == {"number": 3, "text": "3"}
    assert [one["dose"] for one in found["exercises"]] == ["12 s per side", "3 repetitions of 6 s"]


def test_a_plan_sends_only_what_the_page_does_not_hold(studio: Studio) -> None:
    def planned(held: list[str], *pairs: tuple[str, str]) -> Any:
        return studio.ask(f"/plan/two?{urlencode(pairs)}", headers={"X-Held": ",".join(held)}).json()

    whole = planned([])
    held = [*whole["exercises"], *whole["visits"]]
    assert set(whole["parts"]) == set(held)
    assert len(whole["rows"]) > 5
    again = planned([*held, "table"])
    assert again == {**whole, "parts": {}, "rows": []}

    longer = planned(held, ("hold", "double-v=10.12s"))  # by whole frames, within the same minute
    assert longer["length_ms"] > whole["length_ms"]
    assert longer["exercises"][1:] == whole["exercises"][1:]
    assert longer["visits"][1:] == whole["visits"][1:]
    assert set(longer["parts"]) == {longer["exercises"][0], longer["visits"][0]}
    assert longer["spans"][1][1] > whole["spans"][1][1]


def test_the_command_that_is_shown_plans_the_same(studio: Studio) -> None:
    shown = studio.plan("two", *LONGER, ("length", "1m20s"), ("skip", "2"))["command"]
    read = read_request("two", parse_qsl("hold=double-v%3D12s&reps=cat-and-cow%3D3&length=1m20s&skip=2"))
    assert shown == read.command_line()
    words = shlex.split(shown)
    assert words[:3] == ["audiogen", "render", "two"]
    done = run("plan", *words[2:], "--json")
    assert '"length_ms": 80000' in done.stdout


def test_a_link_carries_the_settings_into_the_page(studio: Studio) -> None:
    found = studio.plan("two", *LONGER, ("voice", "builtin"))
    assert parse_qsl(found["query"]) == [*LONGER, ("voice", "builtin")]
    text = studio.ask(f"/shape/two?{found['query']}").text
    assert 'value="12s"' in text
    assert '<option value="builtin" selected>' in text


def test_the_range_that_can_be_met_can_be_met(studio: Studio) -> None:
    for length in studio.plan("two")["reach"]:
        found = studio.plan("two", ("length", length))
        assert found["total"] == length
        assert found["notices"] == []


def test_a_length_that_cannot_be_met_names_the_range(studio: Studio) -> None:
    unspoken = ROUTINE.replace("Lie on your belly.", "Lie on a meadow.")
    (studio.folder / "routines" / "unspoken.yaml").write_text(unspoken, encoding="utf-8")
    found = studio.plan("unspoken", ("length", "10s"))
    assert (found["unmet"]["code"], found["unmet"]["found"]) == ("timeline.length-unmet", "0:10")
    assert "--" not in found["unmet"]["sentence"]
    ways = [(one["setting"], one["value"]) for one in found["unmet"]["remedies"]]
    assert ways[-1] == ("length", "none")
    assert studio.plan("unspoken", ("length", "10s"), *ways[-1:])["unmet"] is None
    assert studio.plan("unspoken", ("length", found["reach"][0]))["unmet"] is None


def test_a_length_that_cannot_be_met_is_refused_once_all_is_spoken(studio: Studio) -> None:
    assert studio.render("two", file="spoken.mp3")["state"] == "done"
    answer = studio.ask("/plan/two?length=10s")
    assert answer.status == 422
    (found,) = answer.json()["problems"]
    assert (found["code"], found["found"]) == ("timeline.length-unmet", "0:10")
    assert [(one["setting"], one["value"]) for one in found["remedies"]][-1] == ("length", "none")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("hold=nobody%3D12s", ""),
        ("hold=12parsecs", "durations.unreadable"),
        ("colour=red", "studio.unknown-parameter"),
        ("hold=" + "1" * 400, "studio.long-link"),
        ("&".join(["skip=1"] * 600), "studio.long-link"),
        ("voice=nobody", ""),
    ],
)
def test_what_cannot_be_planned_is_answered_with_problems(studio: Studio, query: str, code: str) -> None:
    answer = studio.ask(f"/plan/two?{query}")
    assert answer.status == 422
    document = answer.json()
    assert document["error"]
    assert "--" not in document["error"]
    assert not code or [one["code"] for one in document["problems"]] == [code]


@pytest.mark.parametrize(
    ("link", "kept", "dropped"),
    [
        ("hold=12parsecs&length=2m", "length=2m", "hold=12parsecs"),
        ("colour=red&hold=double-v%3D12s", "hold=double-v%3D12s", "colour=red"),
        ("voice=piper:/etc/passwd&length=2m", "length=2m", "voice=piper:/etc/passwd"),
        ("voice=nobody&length=2m", "", "voice=nobody&amp;length=2m"),
    ],
)
def test_a_link_with_one_bad_value_opens_without_it_and_says_so(
    studio: Studio, link: str, kept: str, dropped: str
) -> None:
    answer = studio.ask(f"/shape/two?{link}")
    assert answer.status == 200
    assert f'data-link="{kept}"' in answer.text
    assert f"<code>{dropped}</code>" in answer.text


def test_every_choice_of_a_voice_says_where_words_go(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = [one.label for one in voice_choices("gtts:en:co.uk", parse_routine(ROUTINE))]
    assert labels == [
        "Default: eSpeak NG. Nothing is sent to the internet.",
        "Google. Your words are sent to Google.",
        "Built-in voice. Nothing is sent to the internet.",
        "eSpeak NG. Nothing is sent to the internet.",
        "SVOX Pico. Nothing is sent to the internet.",
        "Google, English (UK). Your words are sent to Google.",
    ]
    automatic = parse_routine(ROUTINE.replace("voice: espeak\n", ""))
    assert voice_choices(None, automatic)[0].label == "Default: automatic. Your words are sent to Google if it answers."
    monkeypatch.setenv("AUDIOGEN_OFFLINE", "1")
    assert voice_choices(None, automatic)[0].label == "Default: automatic. Nothing is sent to the internet."


def test_a_link_with_more_parameters_than_any_session_has_is_refused(studio: Studio) -> None:
    assert studio.ask("/shape/two?" + "&".join(["skip=1"] * 600)).status == 422


def test_the_revision_of_a_plan_changes_with_its_file_and_with_its_parents(studio: Studio) -> None:
    parent, child = studio.folder / "parent.yaml", studio.folder / "routines" / "child.yaml"
    parent.write_text(ROUTINE, "utf-8")
    child.write_text("extends: ../parent.yaml\ntitle: Child\n", "utf-8")
    first = studio.plan("child")["revision"]
    assert studio.plan("child", ("hold", "12s"))["revision"] == first
    parent.write_text(ROUTINE.replace("hold: 10s", "hold: 17s"), "utf-8")
    second = studio.plan("child")["revision"]
    assert second != first
    assert f'data-revision="{second}"' in studio.ask("/shape/child").text
    parent.write_text(ROUTINE, "utf-8")
    assert studio.plan("child")["revision"] == first


def test_a_remedy_is_a_button_and_leaves_the_sentence() -> None:
    ways = (Remedy("no-length", "length", "none"), Remedy("later"))
    document = refusal(CustomiseError(Problem("runs.nothing-grows", remedies=ways)))
    assert document["error"].endswith("no hold would grow: try again later.")
    button = {"code": "no-length", "setting": "length", "value": "none", "words": "No fixed length"}
    assert document["problems"][0]["remedies"] == [button]
    assert sentence(Problem("durations.unreadable", subject="--halfway-from", expected="45s", found="'x'")) == (
        "Halfway from must be a duration such as 45s, found 'x'."
    )
    dropped = Problem(
        "overrides.length-dropped", subject="--only", found="10m", remedies=(Remedy("keep-length", "length", "9m24s"),)
    )
    assert sentence(dropped) == "The session no longer has the length of 10:00."
    assert described(dropped)["remedies"][0]["words"] == "Fit to 9:24"


def test_a_change_of_the_file_shows_at_the_next_plan(studio: Studio) -> None:
    before = studio.plan("two")["length_ms"]
    path = studio.folder / "routines" / "two.yaml"
    path.write_text(path.read_text().replace("hold: 10s", "hold: 20s"))
    assert studio.plan("two")["length_ms"] == pytest.approx(before + 20_000, abs=1000)


def test_every_setting_of_the_session_has_a_widget(studio: Studio) -> None:
    text = studio.ask("/shape/two").text
    for name in SETTINGS.keys() - {
        "only",
        "skip",
        "from",
        "hold",
        "reps",
        "sets",
        "rest",
        "tempo",
        "sides",
        "length",
        "title",
        *(name for name in SETTINGS if FIELD_OF.get(name) not in Routine.model_fields),  # of exercises or groups only
    }:
        assert f'id="set-{name}"' in text or f'data-set="{name}" data-target=""' in text
    widgets = {one.setting: one for one in controls_of(load_routine("two"))}
    assert widgets["guidance"].choices == ("full", "brief", "tones")
    assert widgets["guidance"].widget == widgets["countdown"].widget == widgets["halfway"].widget == "choice"
    assert widgets["loudness"].choices == ("-18", "-16", "-19")
    assert "rain" in widgets["music"].choices
    assert widgets["remaining"].widget == "suggestions"
    assert [one.unit for name in ("speed", "pauses") if (one := widgets[name].dial)] == ["x", "x"]


def test_words_of_a_routine_are_text_and_never_markup(studio: Studio) -> None:
    path = studio.folder / "routines" / "two.yaml"
    path.write_text(path.read_text().replace("name: Double V", "name: <img src=x onerror=alert(1)> V"))
    text = studio.ask("/shape/two").text
    assert "&lt;img src=x onerror=alert(1)&gt; V" in text
    assert "<img src=x" not in text
    plan = studio.plan("two")
    assert not any("<img" in drawn for drawn in (plan["frame"], *plan["visits"]))


# -- saving


def save(studio: Studio, name: str, **more: object) -> dict[str, Any]:
    document = {"routine": "two", "query": urlencode([*LONGER, ("voice", "builtin")]), "name": name, **more}
    answer: dict[str, str] = studio.post("/save", document).json()
    return answer


def test_save_writes_the_very_file_that_the_command_line_writes(studio: Studio) -> None:
    assert save(studio, "mine") == {"saved": "routines/mine.yaml", "name": "mine", "url": "shape/mine"}
    flags = [word for name, value in LONGER for word in (f"--{name}", value)]
    assert run("plan", "two", *flags, "--voice", "builtin", "--title", "Mine", "--save", "theirs").returncode == 0
    mine, theirs = (studio.folder / "routines" / f"{name}.yaml" for name in ("mine", "theirs"))
    assert mine.read_bytes() == theirs.read_bytes()
    assert "voice: builtin\n" in mine.read_text()
    spoken = studio.plan("two", *LONGER, ("voice", "builtin"), ("title", "Mine"))
    assert studio.plan("mine")["length_ms"] == spoken["length_ms"]


def test_a_file_that_exists_is_changed_only_when_somebody_says_so(studio: Studio) -> None:
    path = studio.folder / "routines" / "mine.yaml"
    path.write_text("# kept\nextends: two\n")
    assert save(studio, "mine") == {"exists": "routines/mine.yaml already exists.", "yes": "Replace it"}
    assert path.read_text() == "# kept\nextends: two\n"
    save(studio, "mine", replace=True)
    assert path.read_text().startswith("# kept\nextends: two.yaml\n")
    assert "hold: 12s" in path.read_text()


def test_what_is_no_name_becomes_the_title_of_a_variant_and_its_file_a_name(studio: Studio) -> None:
    assert save(studio, "Morning, short")["saved"] == "routines/morning-short.yaml"
    assert "title: Morning, short\n" in (studio.folder / "routines" / "morning-short.yaml").read_text()
    assert save(studio, "morning-SHORT")["exists"] == "routines/morning-short.yaml already exists."


def test_a_shipped_routine_is_hidden_only_when_somebody_says_so(studio: Studio) -> None:
    (studio.folder / "routines" / "week-1.yaml").write_text("extends: upper-back\ntitle: Week 1\n")
    hidden = (
        "This name would hide the routine upper-back, which comes with audiogen. week-1 extends it and would change."
    )
    assert save(studio, "Upper-Back") == {"exists": hidden, "yes": "Save it"}
    assert save(studio, "Upper-Back", replace=True)["name"] == "upper-back"


@pytest.mark.parametrize("name", ["../mine", "/mine", "a/b", "", ".", "..", ".hidden", "a\\b", "a\0b", "x" * 200])
def test_a_variant_has_a_plain_name(studio: Studio, name: str) -> None:
    assert save(studio, name)["problems"][0]["code"] == "studio.file-name"
    assert [path.name for path in (studio.folder / "routines").iterdir()] == ["two.yaml"]


def test_the_routine_itself_is_not_overwritten_by_its_variant(studio: Studio) -> None:
    assert "save under another name" in save(studio, "two", replace=True)["error"]


# -- hearing


def test_a_line_of_the_session_can_be_heard(studio: Studio) -> None:
    found = studio.post("/preview", {"routine": "two", "query": "", "line": "Lie on your belly."}).json()
    assert found["speaker"] == "eSpeak NG, English. Nothing was sent to the internet."
    answer = studio.ask(f"/{found['url']}")
    assert answer.headers["content-type"] == "audio/mpeg"
    assert len(answer.body) > 1000


def test_what_the_session_does_not_say_is_not_spoken(studio: Studio) -> None:
    answer = studio.post("/preview", {"routine": "two", "query": "", "line": "Anything else."})
    assert answer.status == 422
    assert answer.json()["problems"][0]["code"] == "studio.unspoken-line"


def test_an_exercise_can_be_heard_alone_as_long_as_it_was_shaped(studio: Studio) -> None:
    found = studio.post("/preview", {"routine": "two", "query": urlencode(LONGER), "exercise": "cat-and-cow"}).json()
    assert found["end_ms"] - found["start_ms"] >= 18_000
    assert studio.ask(f"/{found['url']}").status == 200
    assert not list(studio.output.glob("*cat*"))


def test_an_exercise_that_is_heard_alone_tells_no_number_and_no_round_of_its_own(
    studio: Studio, tmp_path: Path
) -> None:
    (studio.folder / "routines" / "rounds.yaml").write_text(IN_ROUNDS)
    found = studio.post("/preview", {"routine": "rounds", "query": "", "exercise": "plank"}).json()
    (tmp_path / "heard.mp3").write_bytes(studio.ask(f"/{found['url']}").body)
    tiles = json.loads(formats.read_attachment(tmp_path / "heard.mp3", ATTACHMENT) or b"")["events"]
    said = [
        tile["text"]
        for tile in tiles
        if tile["kind"] == "say" and found["start_ms"] <= tile["start_ms"] and tile["end_ms"] <= found["end_ms"]
    ]
    assert said[:2] == ["Plank.", "Five seconds."]
    assert said.count("Plank.") == 1


def test_passages_and_groups_stand_between_the_exercises_and_their_lines_can_be_heard(studio: Studio) -> None:
    (studio.folder / "routines" / "mixed.yaml").write_text("""\
title: Mixed
voice: espeak
exercises:
  - {passage: Arriving, say: "Lie down. [5s] Breathe.", note: Dim the light.}
  - rounds: 2
    work: 20s
    rest: 10s
    exercises: [Lunge]
  - {name: Raises, sides: alternate, hold: 5s, reps: 4, rest: 3s}
  - {passage: Leaving, say: Sit up.}
""")
    page = studio.ask("/shape/mixed").text
    order = ("Arriving", "Dim the light.", "2 rounds, work 20s, rest 10s", "Raises", "Leaving")
    places = [page.index(f">{text}<") for text in order]
    assert places == sorted(places)
    assert 'data-set="reps" data-target="raises"' in page
    assert 'data-set="sets" data-target="raises"' not in page
    for line in ("Lie down.", "Sit up."):
        assert f'data-line="{line}"' in page
        assert studio.post("/preview", {"routine": "mixed", "query": "", "line": line}).status == 200
