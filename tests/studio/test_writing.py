"""What the page asks for on which a routine is written: plans, edits, drafts, saving, importing, hearing."""

import json
from pathlib import Path
from typing import Any

import pytest

from audiogen.errors import RoutineError
from audiogen.importing import import_bytes
from audiogen.phrases import languages, load_phrases
from audiogen.routine.load import load_routine
from audiogen.routine.yaml.emit import block
from audiogen.studio.writing.differing import differing
from audiogen.studio.writing.drafts import Draft, discard_draft, drafts, read_draft, revision_of, write_draft
from audiogen.studio.writing.files import copied
from audiogen.studio.writing.opening import opened, opened_copy
from audiogen.studio.writing.routes import words

from .serving import ROUTINE, Studio

TEXT = """\
title: Evening hips
voice: espeak
before: Warm up first.
exercises:
  - name: Pigeon # gentle
    hold: 20s
    sides: [right, left]
    setup:
      - right: Right shin in front.
        left: Left shin in front.
      - Lean forward.
    cues:
      - at: 50%
        say: Breathe into your {side} hip.
      - every: 8s
        sound: tick
  # a rest
  - passage: A quiet moment
    say: |
      Breathe in.

      Breathe out. [10s]
  - rounds: 2
    work: 20s
    exercises:
      - Squats
      - use: bird-dog
"""


def plan(studio: Studio, text: str = TEXT, *edits: dict[str, Any], held: dict[str, Any] | None = None) -> Any:
    """The plan as a page shows it that holds these parts: with its text whole, and its items in their places."""
    asked = {"name": "hips", "text": text, "edits": edits, "held": list(held or {})}
    found = studio.post("/write/plan", asked).json()
    found["held"] = {**(held or {}), **found["parts"]}
    found["root"] = found["held"][found["root"]]
    found["items"] = [shown(one, ["exercises"], found["held"]) for one in found["items"]]
    start, end, written = found["text"]
    units = text.encode("utf-16-le")
    found["text"] = (units[: 2 * start] + written.encode("utf-16-le") + units[2 * end :]).decode("utf-16-le")
    return found


def shown(listed: list[Any], path: list[Any], parts: dict[str, Any]) -> dict[str, Any]:
    digest, step, line, number, items = listed
    inner = [shown(one, [*path, step, "exercises"], parts) for one in items]
    return {**parts[digest], "path": [*path, step], "line": line, "number": number, "items": inner}


def post(studio: Studio, what: str, text: str = TEXT, name: str = "hips", base: str = "", **more: Any) -> Any:
    return studio.post(f"/write/{what}", {"name": name, "text": text, "base": base, **more}).json()


def on_disk(name: str = "hips") -> str:
    return Path("routines", f"{name}.yaml").read_text("utf-8")


# -- plans


def test_a_plan_tells_of_every_item_where_it_stands_and_when_it_comes(studio: Studio) -> None:
    found = plan(studio)
    assert found["ok"]
    assert found["text"] == TEXT
    assert found["total"].startswith("about ")
    assert found["root"]["title"] == "Evening hips"
    assert found["root"]["before"] == [{"path": ["before"], "says": "Warm up first.", "line": 3}]
    pigeon, passage, group = found["items"]
    assert [one["kind"] for one in found["items"]] == ["exercise", "passage", "group"]
    assert (pigeon["name"], pigeon["slug"], pigeon["number"]) == ("Pigeon", "pigeon", 1)
    assert (pigeon["line"], pigeon["last"]) == (5, 11)
    assert pigeon["fields"]["sides"] == "right, left"
    assert pigeon["before"] == [
        {
            "path": ["setup", 0],
            "says": {"right": "Right shin in front.", "left": "Left shin in front."},
            "line": 4,
        },
        {"path": ["setup", 1], "says": "Lean forward.", "line": 6},
    ]
    first, second = pigeon["cues"]
    assert (first["key"], first["at"], first["at_ms"], first["fits"]) == ("at", "50%", 10_000, True)
    assert (second["key"], second["at"], second["sound"]) == ("every", "8s", "tick")
    assert pigeon["work_ms"] == 20_000
    assert pigeon["dose"] == "20 s per side"
    assert found["spans"][0][0] == 1
    assert found["held"][found["visits"][0]].startswith("<rect")
    assert passage["prose"] == "Breathe in.\n\nBreathe out. [10s]\n"
    squats, bird_dog = group["items"]
    assert (squats["name"], squats["path"]) == ("Squats", ["exercises", 2, "exercises", 0])
    assert (bird_dog["name"], bird_dog["uses"], bird_dog["line"] + bird_dog["last"]) == ("Bird dog", "bird-dog", 27)


def test_edits_change_the_text_and_nothing_else_in_it(studio: Studio) -> None:
    found = plan(
        studio,
        TEXT,
        {"set": ["exercises", 0, "hold"], "value": "30s"},
        {"set": ["exercises", 2, "exercises", 0, "setup"], "value": ["Stand tall."]},
        {"move": ["exercises", 1], "to": ["exercises", 0]},
        {"set": ["length"], "value": "10m"},
    )
    assert found["ok"], found["problems"]
    passage = TEXT[TEXT.index("  # a rest") : TEXT.index("  - rounds")]
    wanted = (
        TEXT.replace(passage, "").replace("exercises:\n", f"exercises:\n{passage}", 1).replace("hold: 20s", "hold: 30s")
    )
    wanted = wanted.replace("      - Squats\n", "      - name: Squats\n        setup:\n          - Stand tall.\n")
    assert found["text"] == wanted.replace("voice: espeak\n", "length: 10m\nvoice: espeak\n")


def test_a_copy_of_an_item_has_an_address_of_its_own(studio: Studio) -> None:
    text = TEXT.replace("name: Pigeon # gentle", "name: Pigeon\n    id: dove")
    found = plan(studio, text, {"duplicate": ["exercises", 0]})
    assert found["ok"]
    assert [one["slug"] for one in found["items"][:2]] == ["dove", "pigeon"]


def test_mistakes_are_told_at_their_places_and_the_items_are_there_all_the_same(studio: Studio) -> None:
    found = plan(studio, TEXT.replace("hold: 20s", "hold: long"))
    assert not found["ok"]
    (problem,) = found["problems"]
    assert (problem["code"], problem["line"], problem["column"]) == ("durations.unreadable", 6, 11)
    assert "yaml" not in problem["sentence"]
    assert [one["name"] for one in found["items"]] == ["Pigeon", "A quiet moment", "Group"]
    assert (found["total"], found["visits"]) == (None, [])
    broken = plan(studio, TEXT.replace("hold: 20s", "hold: [20s"))
    assert not broken["ok"]
    assert broken["problems"][0]["line"] == 6


@pytest.mark.parametrize(
    ("edit", "sent"),
    [
        ({"set": ["exercises", 0, "hold"], "value": "30s"}, ["Pigeon"]),
        ({"set": ["exercises", 0, "setup", 1], "value": "Lean forward 𝄞.\nMore"}, ["Pigeon"]),
        ({"move": ["exercises", 0], "to": ["exercises", 1]}, []),
        ({"set": ["description"], "value": "For 𝄞 evenings."}, []),
        ({"remove": ["exercises", 0]}, []),
        ({"insert": ["exercises"], "at": 0, "value": {"name": "Plank", "hold": "5s"}}, ["Plank"]),
    ],
)
def test_only_the_items_that_an_edit_changes_are_sent(studio: Studio, edit: dict[str, Any], sent: list[str]) -> None:
    before = plan(studio, TEXT.replace("Warm", "🧘 Warm"))
    found = plan(studio, before["text"], edit, held=before["held"])
    assert [one["name"] for one in found["parts"].values() if "kind" in one] == sent
    anew = plan(studio, found["text"])
    assert (found["text"], found["root"], found["items"]) == (anew["text"], anew["root"], anew["items"])
    assert [found["held"][one] for one in found["visits"]] == [anew["held"][one] for one in anew["visits"]]


def test_what_is_sent_of_an_edit_does_not_grow_with_the_routine(studio: Studio) -> None:
    bytes_of = []
    for count in (7, 60):
        exercises = [
            {"name": f"Stretch {number}", "hold": "30s", "setup": ["Sit down.", "Let your arms hang."]}
            for number in range(count)
        ]
        text = block({"title": "Long", "exercises": exercises})
        held = plan(studio, text)["held"]
        asked = {"name": "hips", "text": text, "held": list(held)}
        edits = [{"set": ["exercises", 3, "hold"], "value": "30.24s"}]  # ten frames longer: the others only move
        bytes_of.append(len(studio.post("/write/plan", {**asked, "edits": edits}).body))
    assert bytes_of[0] < 4000
    assert bytes_of[1] - bytes_of[0] < 53 * 120  # a few numbers of each exercise


@pytest.mark.parametrize("held", ["a", [1], {"a": 1}])
def test_what_a_page_holds_is_a_list_of_digests(studio: Studio, held: Any) -> None:
    answer = studio.post("/write/plan", {"name": "hips", "text": TEXT, "held": held})
    assert (answer.status, answer.json()["problems"][0]["code"]) == (422, "studio.misunderstood")


def test_a_text_that_cannot_be_read_is_not_edited(studio: Studio) -> None:
    answer = studio.post(
        "/write/plan",
        {"name": "hips", "text": "a: [", "edits": [{"set": ["title"], "value": "x"}]},
    )
    assert answer.status == 422
    assert answer.json()["problems"][0]["code"] == "routine.edit-unread"


def test_a_cue_that_will_not_fit_is_known_before_it_is_spoken(studio: Studio) -> None:
    late = plan(studio, TEXT, {"set": ["exercises", 0, "cues", 0, "at"], "value": "19s"})
    assert [one["fits"] for one in late["items"][0]["cues"]] == [False, True]
    assert late["items"][0]["cues"][0]["at_ms"] == 19_000


def test_hints_are_told_at_their_lines(studio: Studio) -> None:
    found = plan(
        studio, TEXT.replace("Lean forward.", "Lean forward until this arm rests on the floor before you all the way.")
    )
    assert {(one["line"], one["rule"]) for one in found["hints"]} >= {(11, 2), (11, 3)}


def test_a_cue_that_follows_another_is_where_the_plan_has_it(studio: Studio) -> None:
    text = TEXT.replace("- every: 8s\n        sound: tick", "- after: 2s\n        say: Sink.")
    first, second = plan(studio, text)["items"][0]["cues"]
    assert (first["at_ms"], first["after_ms"], second["after_ms"]) == (10_000, None, 2000)
    assert 12_500 < second["at_ms"] < 15_000
    alone = plan(studio, text.replace("- at: 50%", "- after: 1s"))["items"][0]["cues"]
    assert alone[0]["at_ms"] == 1600, "after the start tone, of 0.6 s"
    at_once = plan(studio, text.replace("- at: 50%", "- at: 0s"))["items"][0]["cues"]
    assert at_once[0]["at_ms"] == 0
    assert 2800 < at_once[1]["at_ms"] < 6000, "the first one is said after the start tone"
    unknown = plan(studio, text, {"set": ["exercises", 0, "hold"], "value": "1s"})["items"][0]["cues"]
    assert unknown[1]["at_ms"] is None


# -- remedies


def chosen(studio: Studio, text: str, setting: str, value: str) -> str:
    """The text in which a remedy is carried out."""
    answer = plan(studio, text, {"choose": setting, "value": value})
    assert answer["ok"], answer
    return str(answer["text"])


TEMPO = "tempo: [{say: Down, for: 2s}, {say: Up, for: 2s}]"
SHORT = f"""\
title: Short
length: 20s # for the break
exercises:
  - name: Squats
    reps: 8 # deep ones
    {TEMPO}
  - use: bird-dog
  - rounds: 2
    rest: 10s
    exercises:
      - {{name: Sit-ups, reps: 4, {TEMPO}}}
      - {{name: Twists, reps: 6, {TEMPO}}}
"""


def test_a_length_that_cannot_be_met_comes_with_remedies_and_the_text_has_them_carried_out(studio: Studio) -> None:
    (problem,) = [one for one in plan(studio, SHORT)["notices"] if one["code"] == "timeline.length-unmet"]
    assert problem["line"] == 2
    ways = {one["setting"]: one["value"] for one in problem["remedies"]}
    assert ways == {"reps": "1", "only": "1-2", "length": "none"}
    assert chosen(studio, SHORT, "length", "none") == SHORT.replace("length: 20s # for the break\n", "")
    fewer = chosen(studio, SHORT, "reps", "1")
    wanted = SHORT.replace("reps: 8", "reps: 1").replace("reps: 4", "reps: 1").replace("reps: 6", "reps: 1")
    assert fewer == wanted.replace("use: bird-dog\n", "use: bird-dog\n    reps: 1\n")
    only = chosen(studio, SHORT, "only", "1-2")
    assert "length: 20s # for the break" in only
    assert [one["number"] for one in plan(studio, only)["items"]] == [1, 2, None]
    assert only.count("skip: ") == 2


PLANK = "exercises:\n  plank:\n    hold: 9s\n"


@pytest.mark.parametrize(
    ("own", "setting", "value", "wanted"),
    [
        ("", "reps", "1", "exercises:\n  squats:\n    reps: 1\n"),
        (PLANK, "reps", "1", f"{PLANK}  squats:\n    reps: 1\n"),
        ("exercises:\n  squats:\n    id: deep\n", "reps", "1", "exercises:\n  squats:\n    id: deep\n    reps: 1\n"),
        ("", "length", "none", "length: none\n"),
        ("", "stretch", "holds", "stretch: holds\n"),
        ("", "voice", "builtin", "voice: builtin\n"),
    ],
)
def test_a_remedy_is_carried_out_in_a_text_that_extends_another(
    studio: Studio, own: str, setting: str, value: str, wanted: str
) -> None:
    listed = f"  - {{name: Squats, reps: 8, {TEMPO}}}\n  - {{name: Plank, hold: 20s}}\n"
    base = f"title: Base\nlength: 9s\nexercises:\n{listed}"
    Path("routines", "base.yaml").write_text(base, "utf-8")
    text = "extends: base\ntitle: Mine\n"
    assert chosen(studio, text + own, setting, value) == text + wanted


def test_a_remedy_that_does_not_fit_the_text_is_refused(studio: Studio) -> None:
    for setting, value in (("colour", "red"), ("reps", "many"), ("stretch", "x")):
        answer = studio.post("/write/plan", {"name": "a", "text": TEXT, "edits": [{"choose": setting, "value": value}]})
        assert answer.status == 422, answer.text
        assert answer.json()["problems"], answer.text


# -- beginning


def test_new_items_have_words_in_every_language_and_their_phases_are_known() -> None:
    assert words().keys() == set(languages())
    for language, own in words().items():
        assert own.keys() == words()["en"].keys(), language
        assert all(own.values()), language
        assert load_phrases(language).kind_of_phase(own["hold"]) == "hold", language


def test_a_plan_tells_the_language_wherever_it_is_written(studio: Studio) -> None:
    Path("routines", "german.yaml").write_text(f"language: de\n{ROUTINE}", "utf-8")
    assert plan(studio)["language"] == "en"
    assert plan(studio, "extends: german\ntitle: Mehr\n")["language"] == "de"
    assert plan(studio, "language: fr\ntitle: Mistakes\n")["language"] == "fr"


def test_a_new_routine_begins_with_a_name_that_nothing_else_has(studio: Studio) -> None:
    assert studio.post("/write/text", {"from": "routine:two"}).json() == {"name": "two-2", "text": ROUTINE, "base": ""}
    empty = studio.post("/write/text", {"from": "empty", "title": "TWO"}).json()
    assert empty["name"] == "two-2"
    assert plan(studio, empty["text"])["ok"]
    write_draft("two-2", Draft("title: Mine", ""))
    assert studio.post("/write/text", {"from": "template:stretch", "name": "two"}).json()["name"] == "two-3"
    assert studio.post("/write/text", {"from": "template:../two"}).status == 404


def test_a_copy_means_what_its_original_means(studio: Studio) -> None:
    library = studio.state.library
    Path("routines", "more.yaml").write_text("extends: ./two.yaml\ntitle: More\n")
    assert copied("more", library) == "extends: ./two.yaml\ntitle: More\n"
    found = opened_copy("upper-back", library)
    assert (found["copy_of"], found["name"], found["base"]) == ("upper-back", "upper-back-2", "")
    assert found["text"] == load_routine("upper-back").source.read_text("utf-8")  # type: ignore[union-attr]
    assert opened("upper-back") is None, "of a shipped routine one opens a copy"


# -- drafts


def test_a_draft_is_discarded_by_who_has_seen_it(studio: Studio) -> None:
    other = TEXT.replace("20s", "25s")
    first = post(studio, "draft")["draft"]
    second = post(studio, "draft", other, draft=first)["draft"]
    answer = post(studio, "discard", draft=first)
    assert (answer["text"], answer["draft"]) == (other, second)
    assert answer["conflict"].startswith("Another tab")
    assert read_draft("hips") == Draft(other, "")
    assert post(studio, "discard", draft=second) == {"discarded": True}
    assert post(studio, "discard", draft=second) == {"discarded": True}, "it is gone already"


def test_a_draft_is_kept_whole_and_is_no_routine(studio: Studio) -> None:
    assert post(studio, "draft") == {"draft": revision_of(TEXT)}
    found = opened("HIPS")
    assert found
    assert (found["text"], found["draft"], found["conflict"]) == (TEXT, True, None)
    assert [one.name for one in studio.state.library.listed() if one.where == "in this folder"] == ["two"]
    assert post(studio, "discard") == {"discarded": True}
    assert drafts() == []
    assert post(studio, "discard") == {"discarded": True}


def test_a_draft_says_that_its_file_changed(studio: Studio) -> None:
    base = revision_of(ROUTINE)
    post(studio, "draft", TEXT, "two", base)
    Path("routines", "two.yaml").write_text(ROUTINE.replace("10s", "11s"))
    found = opened("two")
    assert found
    assert (found["text"], found["base"]) == (TEXT, base)
    assert found["conflict"]["text"] == ROUTINE.replace("10s", "11s")
    assert found["conflict"]["sentence"] == "The file changed on disk since you opened it."
    answer = post(studio, "draft", TEXT + "# more\n", "two", base)
    assert answer["conflict"] == found["conflict"]["sentence"]
    assert read_draft("two") == Draft(TEXT, base), "what is kept stays"
    assert post(studio, "draft", TEXT + "# more\n", "two", answer["revision"]) == {
        "draft": revision_of(TEXT + "# more\n")
    }


def test_a_conflict_says_which_lines_differ(studio: Studio) -> None:
    theirs = ROUTINE.replace("hold: 10s", "hold: 25s")
    Path("routines", "two.yaml").write_text(theirs, "utf-8")
    mine = ROUTINE.replace("hold: 10s", "hold: 17s")
    lines = [["other", 7, "    hold: 25s"], ["mine", 7, "    hold: 17s"]]
    base = revision_of(ROUTINE)
    for what in ("draft", "save"):
        assert post(studio, what, mine, "two", base)["differing"] == {"lines": lines, "more": 0}, what
    write_draft("two", Draft(mine, base))
    assert opened("two")["conflict"]["differing"] == {"lines": [(*one,) for one in lines], "more": 0}  # type: ignore[index]
    write_draft("two", Draft(theirs, revision_of(theirs)))
    for what in ("draft", "discard"):
        found = post(studio, what, mine, "two", revision_of(theirs), draft="")["differing"]
        assert found == {"lines": lines, "more": 0}, what


def test_of_two_texts_a_few_lines_that_differ_are_told_in_order_and_the_others_counted() -> None:
    found = differing("a\nb\nc\n", "a\nB\nc\nd\n")
    assert found["lines"] == [("other", 2, "B"), ("mine", 2, "b"), ("other", 4, "d")]
    long = differing(TEXT, "".join(f"line {number}\n" for number in range(30)))
    assert (len(long["lines"]), long["more"]) == (12, 30 + len(TEXT.splitlines()) - 12)
    assert differing(TEXT, TEXT.replace("\n", "\r\n")) == {"lines": [], "more": 0}
    assert len(differing("x" * 5000, "")["lines"][0][2]) == 300


def test_an_older_tab_does_not_replace_the_draft_of_a_newer_one(studio: Studio) -> None:
    first = post(studio, "draft", TEXT)["draft"]
    second = post(studio, "draft", TEXT + "# second\n", draft=first)["draft"]
    answer = post(studio, "draft", TEXT + "# first\n", draft=first)
    assert (answer["conflict"], answer["text"]) == (
        "Another tab is writing this routine, and its draft is newer.",
        TEXT + "# second\n",
    )
    assert "saved" in post(studio, "save", TEXT + "# first\n", draft=first)
    assert read_draft("hips") == Draft(TEXT + "# second\n", ""), "saving in one tab leaves the draft of the other"
    assert post(studio, "draft", TEXT + "# third\n", draft=second, base="")["conflict"]


def test_a_damaged_draft_is_told(studio: Studio) -> None:
    post(studio, "draft")
    for content in ("{", "[]", '{"text": "x"}'):
        Path("routines", ".drafts", "hips.json").write_text(content)
        answer = studio.ask("/write/hips", headers={"Sec-Fetch-Site": "none"})
        assert answer.status == 422
        assert "cannot be read. Mend or delete that file." in answer.text
    discard_draft("hips")


# -- saving


def test_a_routine_is_saved_whole_and_its_draft_goes(studio: Studio) -> None:
    post(studio, "draft")
    answer = post(studio, "save")
    assert answer == {
        "saved": "routines/hips.yaml",
        "name": "hips",
        "revision": revision_of(TEXT),
        "url": "shape/hips",
    }
    assert on_disk() == TEXT
    assert drafts() == []
    assert load_routine("hips").title == "Evening hips"
    assert "saved" in post(studio, "save", TEXT + "# more\n", base=answer["revision"])
    assert on_disk() == TEXT + "# more\n"


def test_a_text_with_mistakes_is_not_saved(studio: Studio) -> None:
    post(studio, "save")
    answer = studio.post(
        "/write/save",
        {"name": "hips", "text": TEXT.replace("20s", "long"), "base": revision_of(TEXT)},
    )
    assert answer.status == 422
    assert answer.json()["error"].startswith("Line 6: hold must be a duration")
    assert on_disk() == TEXT


def test_a_name_in_use_is_asked_about_with_what_it_hides(studio: Studio) -> None:
    assert post(studio, "save", name="TWO")["exists"] == "routines/two.yaml already exists."
    assert on_disk("two") == ROUTINE
    assert post(studio, "save", name="Two", replace=True)["name"] == "two"
    assert on_disk("two") == TEXT
    shipped = post(studio, "save", name="Upper-Back")
    assert shipped["exists"].startswith("This name would hide the routine upper-back, which comes with audiogen.")
    assert not Path("routines", "Upper-Back.yaml").exists()


def test_an_editor_outside_and_a_second_tab_lose_nothing(studio: Studio) -> None:
    base = post(studio, "save")["revision"]
    Path("routines", "hips.yaml").write_text(TEXT + "# outside\n")
    answer = post(studio, "save", TEXT + "# inside\n", base=base)
    assert answer == {
        "conflict": "The file changed on disk since you opened it.",
        "text": TEXT + "# outside\n",
        "revision": revision_of(TEXT + "# outside\n"),
        "differing": {"lines": [["other", 28, "# outside"], ["mine", 28, "# inside"]], "more": 0},
        "name": "hips",
    }
    assert on_disk() == TEXT + "# outside\n"
    assert "conflict" in post(studio, "save", TEXT, base=base, replace=True), "a yes to another question"
    assert "saved" in post(studio, "save", TEXT + "# both\n", base=answer["revision"])


def test_line_ends_and_what_was_deleted_outside_come_back(studio: Studio) -> None:
    path = Path("routines", "two.yaml")
    path.write_bytes(ROUTINE.replace("\n", "\r\n").encode())
    found = opened("two")
    assert found
    assert "\r\n" in found["text"]
    base = post(studio, "save", ROUTINE.replace("10s", "20s"), "two", found["base"])["revision"]
    assert path.read_bytes() == ROUTINE.replace("10s", "20s").replace("\n", "\r\n").encode()
    path.unlink()
    assert "draft" in post(studio, "draft", ROUTINE, "two", base)
    assert opened("two")["conflict"] is None  # type: ignore[index]
    assert "saved" in post(studio, "save", ROUTINE, "two", base)


def test_a_draft_under_the_name_of_a_routine_is_asked_about(studio: Studio) -> None:
    answer = post(studio, "draft", name="Two")
    assert (answer["conflict"], answer["text"]) == ("There is a routine of this name already.", ROUTINE)
    assert drafts() == []
    assert "draft" in post(studio, "draft", name="Two", base=answer["revision"])


# -- importing and hearing

ARTICLE = "Evening hips\n\n1. Plank: 30 seconds\n2. Bird dog, 10 reps each side\n\nSubscribe to our newsletter!\n"


def test_a_pasted_text_is_a_routine_with_its_guesses_on_both_sides(studio: Studio) -> None:
    found = studio.post("/write/import", {"text": ARTICLE}).json()
    assert plan(studio, found["text"])["ok"]
    lines, source = found["text"].split("\n"), found["source"].split("\n")
    assert found["guesses"]
    for guess in found["guesses"]:
        assert guess["words"] in lines[guess["line"] - 1]
    (sides,) = [one for one in found["guesses"] if "both sides" in one["words"]]
    assert source[sides["source_line"] - 1][sides["source_from"] : sides["source_to"]] == "each side"
    assert [source[one["source_line"] - 1] for one in found["left_out"]] == ["Subscribe to our newsletter!"]
    own = {"Origin": f"http://127.0.0.1:{studio.port}"}
    opened_file = studio.ask("/write/import-file?name=Hips.txt", method="POST", body=ARTICLE.encode(), headers=own)
    assert (opened_file.json()["text"], opened_file.json()["name"]) == (found["text"], "hips")
    assert studio.post("/write/import", {"text": "nothing to do"}).status == 422


@pytest.mark.parametrize("title", ["योग", "Con", "บริหารคอและไหล่หลังเลิกงาน " * 3, "Утренняя растяжка " * 5])
def test_a_name_that_is_made_can_be_saved(studio: Studio, title: str) -> None:
    name = studio.post("/write/text", {"from": "empty", "title": title}).json()["name"]
    saved = studio.post("/write/save", {"name": name, "text": ROUTINE, "base": ""})
    (studio.folder / saved.json()["saved"]).unlink()
    assert saved.json()["name"] == name


def test_a_routine_that_is_pasted_or_opened_stays_as_it_is(studio: Studio) -> None:
    found = studio.post("/write/import", {"text": ROUTINE.replace("\n", "\r\n")}).json()
    assert (found["name"], found["text"], found["guesses"]) == ("two-short-ones", ROUTINE, [])
    with pytest.raises(RoutineError) as caught:
        import_bytes(ROUTINE.encode())
    assert [one.code for one in caught.value.problems] == ["importing.routine"]
    noted = "title: Mine\nexercises:\n- Plank 30s\n- Squats 3x10\n"  # no routine, but notes that look like one
    assert len(import_bytes(noted.encode()).routine.flat) == 2


def test_a_shared_part_is_named_by_its_line_alone(studio: Studio) -> None:
    text = "title: A\nexercises:\n  - &a\n    name: Plank\n    hold: 5s\n"
    edits = [{"set": ["exercises", 0, "hold"], "value": "9s"}]
    answer = studio.post("/write/plan", {"name": "a", "text": text, "edits": edits}).json()
    assert answer["error"].startswith("Line 3: '&a'")


def test_a_line_is_heard_before_it_is_saved_and_again_once_it_has_changed(studio: Studio) -> None:
    line = studio.post("/write/preview", {"name": "hips", "text": TEXT, "line": "Breathe into your {side} hip."}).json()
    said = studio.post("/write/preview", {"name": "hips", "text": TEXT, "line": "Breathe into your right hip."}).json()
    assert (line["end_ms"], line["speaker"]) == (said["end_ms"], said["speaker"])
    one = "title: One\nvoice: espeak\nexercises:\n  - {name: Plank, hold: 5s}\n"
    heard = [
        studio.post("/write/preview", {"name": "one", "text": text, "exercise": "plank"}).json()
        for text in (one, one.replace("5s", "7s"))
    ]
    assert heard[0]["url"] != heard[1]["url"]
    short, long = (one["end_ms"] - one["start_ms"] for one in heard)
    assert long - short == pytest.approx(2000, abs=100)
    assert studio.ask(f"/{heard[0]['url']}").status == 200


def test_a_passage_is_heard_with_its_pauses_and_nothing_else(studio: Studio) -> None:
    found = studio.post("/write/preview", {"name": "hips", "text": TEXT, "exercise": "a-quiet-moment"}).json()
    assert 11_000 < found["end_ms"] - found["start_ms"] < 15_000
    assert studio.ask(f"/{found['url']}").status == 200
    refused = studio.post("/write/preview", {"name": "hips", "text": TEXT, "exercise": "nobody"}).json()
    assert refused["problems"][0]["code"] == "studio.unknown-exercise"


def test_editors_get_the_schema(studio: Studio) -> None:
    assert "exercises" in json.dumps(studio.ask("/schema.json").json()["properties"])


@pytest.mark.parametrize("extends", [False, True])
def test_a_variant_is_shown_as_what_its_own_text_has(studio: Studio, extends: bool) -> None:
    text = "extends: two\ntitle: Longer\nexercises:\n  double-v:\n    hold: 20s\n"
    found = plan(studio, text if extends else text.replace("extends: two\n", ""))
    assert found["ok"] is extends
    (item,) = found["items"]
    assert (item["path"], item["fields"]["hold"]) == (["exercises", "double-v"], "20s")
    assert item["name"] == ("Double V" if extends else "double-v")
    inherited = {"slug": "cat-and-cow", "name": "Cat and cow", "number": 2, "dose": "2 repetitions of 6 s"}
    others = {"from": "two", "url": "shape/two", "items": [{**inherited, "key": "reps", "value": "2"}]}
    assert found["inherited"] == (others if extends else None)


def test_what_is_inherited_begins_to_change_with_what_it_has(studio: Studio) -> None:
    Path("routines", "base.yaml").write_text(TEXT, "utf-8")
    found = plan(studio, "extends: ./base.yaml\ntitle: More\n")["inherited"]
    assert found["url"] is None
    assert [(one["slug"], one["key"], one["value"]) for one in found["items"]] == [
        ("pigeon", "hold", "20s"),
        ("a-quiet-moment", "say", "Breathe in.\n\nBreathe out. [10s]\n"),
        ("squats", "name", "Squats"),
        ("bird-dog", "name", "Bird dog"),
    ]
    assert plan(studio, TEXT)["inherited"] is None
