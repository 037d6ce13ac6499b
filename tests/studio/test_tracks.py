"""The page of tracks: where each comes from, and renaming, deleting and bringing back with all next to it."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from audiogen.errors import OutputError
from audiogen.export.sidecars import sidecar_paths
from audiogen.routine.dump import routine_text
from audiogen.routine.load import parse_routine
from audiogen.routine.overrides import customise
from audiogen.share.tracks import titles_of
from audiogen.studio.origin import Origin, origin_of
from audiogen.studio.request import read_request
from audiogen.studio.shelf import ASIDE, Shelf
from audiogen.studio.state import State
from audiogen.studio.tracks import Tracks

from .browsing import PHONE, visiting
from .serving import ROUTINE, Studio

TWO = parse_routine(ROUTINE)
GROUPED = parse_routine(
    "title: Grouped\nexercises:\n- {name: Plank, hold: 30s, settle: 7s}\n"
    "- {rounds: 2, work: 40s, rest: 20s, exercises: [Squats, Lunges]}\n"
)


@pytest.fixture
def walk(studio: Studio, track: str) -> Iterator[Path]:
    """A track with three files next to it, and nothing else in the folder but the track that all tests share."""
    path = studio.output / "walk.mp3"
    shutil.copy(studio.output / track, path)
    beside = sidecar_paths(path, ["srt", "labels", "html"])
    for one in beside:
        one.write_text(one.name)
    yield path
    shutil.rmtree(studio.output / ASIDE, ignore_errors=True)
    for one in studio.output.iterdir():
        if one.name != track:
            one.unlink()


def names(studio: Studio) -> list[str]:
    return sorted(path.name for path in studio.output.iterdir() if path.is_file())


def refusal(studio: Studio, path: str, document: Any) -> str:
    code: str = studio.post(path, document).json()["problems"][0]["code"]
    return code


# -- where a track comes from


def found(name: str, made_with: dict[str, Any], **more: str) -> Origin | None:
    """The origin of a track of a routine, among others; the track is read from its text as from a file."""
    routines = {"two": TWO, "grouped": GROUPED, **{key: parse_routine(text) for key, text in more.items()}}
    made = parse_routine(routine_text(customise(routines[name], made_with).routine))
    return origin_of(made, name, routines)


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("two", {}),
        ("two", {"hold": ["double-v.left=12s", "double-v.right=11s"], "length": "3m"}),
        ("two", {"hold": ["20s,15s"], "rest": ["10s"], "sides": ["double-v=left,right"]}),
        ("two", {"settle": ["3s", "cat=7s"], "pauses": "0.8x", "breath": "3s/4s"}),
        ("two", {"tempo": ["cat=1.5x"], "sets": ["cat=2"], "rest": ["cat=20s"], "reps": ["cat=3"]}),
        ("two", {"only": ["cat"], "title": "Hello & you", "stretch": "holds"}),
        ("two", {"music": "rain", "sounds": "wood", "levels": "start=-3", "countdown": ["3"], "halfway": ["off"]}),
        ("grouped", {"work": ["50s"], "rest": ["group-1=15s"], "round_rest": ["1m"], "skip": ["squats"]}),
        ("grouped", {"settle": ["2s", "plank=7s"]}),
        ("grouped", {"hold": ["1.2x"], "settle": ["2s"], "guidance": "brief"}),
    ],
)
def test_the_settings_of_a_track_are_found_and_give_it_again(name: str, overrides: dict[str, Any]) -> None:
    origin = found(name, overrides)
    assert origin
    assert not origin.has_changed
    assert bool(origin.changes) == bool(overrides)
    again = read_request(name, parse_qsl(urlsplit(origin.link).query))
    routine = {"two": TWO, "grouped": GROUPED}[name]
    made, remade = (customise(routine, one).routine for one in (overrides, again.overrides))
    assert origin.link.startswith(f"shape/{name}")
    assert remade == made


def test_a_routine_that_has_changed_since_is_told_apart_from_one_that_is_gone() -> None:
    made = parse_routine(routine_text(TWO))
    other = ROUTINE.replace("Lie on your belly.", "Lie down.")
    more = ROUTINE + "  - name: Plank\n    hold: 30s\n"
    for text in (other, more):
        origin = origin_of(made, "two", {"two": parse_routine(text), "grouped": GROUPED})
        assert origin
        assert origin.has_changed
        assert origin.link == "shape/two"
    assert origin_of(made, "two", {"grouped": GROUPED}) is None


def test_of_a_routine_and_its_variant_the_one_with_the_tracks_name_is_its_origin() -> None:
    longer = replace_hold("12s")
    made = parse_routine(longer)
    routines = {"two": TWO, "longer": parse_routine(longer)}
    by_name = {stem: origin_of(made, stem, routines) for stem in ("longer", "two 2", "other")}
    assert {stem: one and (one.requested.routine, len(one.changes)) for stem, one in by_name.items()} == {
        "longer": ("longer", 0),
        "two 2": ("two", 1),
        "other": ("longer", 0),
    }


def replace_hold(hold: str) -> str:
    return ROUTINE.replace("hold: 10s", f"hold: {hold}")


def test_two_tracks_of_one_title_are_told_apart_by_the_names_of_their_files(studio: Studio, walk: Path) -> None:
    one = Tracks(studio.output).named(walk.name)
    tracks = [one, replace(one, path=Path("two.mp3")), replace(one, path=Path("two.opus"))]
    titles = ["Two short ones – walk", "Two short ones – two.mp3", "Two short ones – two.opus"]
    assert list(titles_of(tracks).values()) == titles
    assert titles_of([one]) == {"walk.mp3": "Two short ones"}
    assert "<title>Two short ones – walk</title>" in studio.ask("/feed.xml").text


def test_at_its_end_a_track_offers_what_comes_next(studio: Studio, walk: Path) -> None:
    listed = studio.ask("/tracks").text
    first, second = sorted(["two.mp3", walk.name], key=lambda name: listed.index(f'data-file="{name}"'))
    for here, following in ((first, second), (second, first)):
        page = studio.ask(f"/play/{here}").text
        assert f'href="/play/{following}">Next: ' in page
        assert f'href="/track/{here}/change">Change it' in page
    opened = studio.ask(f"/track/{walk.name}/change")
    assert (opened.status, opened.headers["location"]) == (303, "/shape/two?voice=espeak%3Aen")
    walk.unlink()
    assert "Next: " not in studio.ask("/play/two.mp3").text


# -- names


def test_a_track_is_renamed_with_the_files_next_to_it(studio: Studio, walk: Path) -> None:
    kept = walk.read_bytes()
    assert studio.post("/tracks/rename", {"file": "walk.mp3", "name": " Evening (1) "}).json() == {
        "name": "Evening (1).mp3"
    }
    assert names(studio) == [
        "Evening (1).html",
        "Evening (1).labels.txt",
        "Evening (1).mp3",
        "Evening (1).srt",
        "two.mp3",
    ]
    assert (studio.output / "Evening (1).mp3").read_bytes() == kept
    assert studio.post("/tracks/rename", {"file": "Evening (1).mp3", "name": "evening (1).mp3"}).status == 200
    assert "evening (1).mp3" in names(studio)


@pytest.mark.parametrize("name", ["two", "TWO", "two.mp3", "Evening"])
def test_a_name_in_use_is_refused_as_file_systems_compare(studio: Studio, walk: Path, name: str) -> None:
    (studio.output / "EVENING.SRT").write_text("somebody else's")
    before = {one: (studio.output / one).read_bytes() for one in names(studio)}
    assert refusal(studio, "/tracks/rename", {"file": walk.name, "name": name}) == "studio.name-in-use"
    assert {one: (studio.output / one).read_bytes() for one in names(studio)} == before


def test_a_track_whose_name_ends_in_capitals_is_listed_deleted_and_brought_back(studio: Studio, walk: Path) -> None:
    walk.rename(walk.with_name("LOUD.MP3"))
    assert "LOUD.MP3" in studio.ask("/tracks").text
    before = names(studio)
    gone = studio.post("/tracks/delete", {"file": "LOUD.MP3"}).json()
    assert "LOUD.MP3" not in names(studio)
    assert "<code>LOUD.MP3</code> is deleted." in studio.ask("/tracks").text
    assert studio.post("/tracks/undo", {"deleted": gone["deleted"]}).json() == {"name": "LOUD.MP3"}
    assert names(studio) == before


def test_files_next_to_two_tracks_stay_with_the_other_one(studio: Studio, walk: Path) -> None:
    shutil.copy(walk, walk.with_suffix(".opus"))
    assert studio.post("/tracks/rename", {"file": walk.name, "name": "run"}).status == 200
    assert names(studio) == ["run.mp3", "two.mp3", "walk.html", "walk.labels.txt", "walk.opus", "walk.srt"]


def test_a_name_that_a_render_is_writing_is_not_taken(studio: Studio, walk: Path) -> None:
    shelf = Shelf(studio.output, lambda path: path.name == "soon.mp3")
    with pytest.raises(OutputError) as caught:
        shelf.rename(Tracks(studio.output).named(walk.name), "soon")
    assert [problem.code for problem in caught.value.problems] == ["studio.rendering"]
    assert walk.exists()


# -- deleted, and back


def test_what_is_deleted_comes_back_whole(studio: Studio, walk: Path) -> None:
    before = {one: (studio.output / one).read_bytes() for one in names(studio)}
    gone = studio.post("/tracks/delete", {"file": walk.name}).json()
    assert names(studio) == ["two.mp3"]
    assert "<title>Two short ones</title>" in studio.ask("/feed.xml").text
    assert studio.ask("/track/walk.mp3").status == 404
    assert "<code>walk.mp3</code> is deleted." in studio.ask("/tracks").text
    assert studio.post("/tracks/undo", {"deleted": gone["deleted"]}).json() == {"name": "walk.mp3"}
    assert {one: (studio.output / one).read_bytes() for one in names(studio)} == before
    assert refusal(studio, "/tracks/undo", {"deleted": gone["deleted"]}) == "studio.gone-for-good"


def test_nothing_that_has_the_name_by_now_is_replaced(studio: Studio, walk: Path) -> None:
    gone = studio.post("/tracks/delete", {"file": walk.name}).json()
    (studio.output / "Walk.SRT").write_text("newer")
    assert refusal(studio, "/tracks/undo", {"deleted": gone["deleted"]}) == "studio.undo-in-use"
    assert names(studio) == ["Walk.SRT", "two.mp3"]
    (studio.output / "Walk.SRT").unlink()
    assert studio.post("/tracks/undo", {"deleted": gone["deleted"]}).status == 200


def test_a_studio_that_is_killed_loses_nothing_and_one_that_ends_deletes_for_good(
    studio: Studio, walk: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    shutil.copytree(studio.output, output)
    killed = State(output, lambda _: None)
    for name in (walk.name, "two.mp3"):
        killed.shelf.delete(killed.tracks.named(name))
    following = State(output, lambda _: None)
    first, second = following.shelf.deleted
    assert (first.name, second.name) == (walk.name, "two.mp3")
    assert following.shelf.restore(first.number) == walk.name
    assert (output / "walk.srt").exists()
    following.close()
    assert not (output / ASIDE).exists()
    assert State(output, lambda _: None).shelf.deleted == []


def test_a_move_that_fails_halfway_is_undone(studio: Studio, walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name == "walk.labels.txt":
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    before = names(studio)
    for path, more in (("/tracks/rename", {"name": "run"}), ("/tracks/delete", {})):
        assert refusal(studio, path, {"file": walk.name, **more}) == "storage.unwritable"
        assert names(studio) == before


def test_the_routine_of_a_track_is_saved_under_a_name_that_is_free(studio: Studio, walk: Path) -> None:
    (studio.folder / "routines" / "Walk.yaml").write_text(ROUTINE)
    assert studio.post("/tracks/routine", {"file": walk.name}).json() == {"url": "shape/walk-2"}
    assert parse_routine((studio.folder / "routines" / "walk-2.yaml").read_text()).exercises == TWO.exercises
    assert "</code>, as it is written." in studio.ask(f"/track/{walk.name}/origin").text


def test_where_the_routine_has_changed_or_is_gone_its_page_says_so_and_gets_it_back(
    studio: Studio, walk: Path, browser: Browser
) -> None:
    (studio.folder / "routines" / "two.yaml").write_text(ROUTINE.replace("Lie on", "Kneel on"))
    assert "has changed since" in studio.ask(f"/track/{walk.name}/origin").text
    changed = studio.ask(f"/track/{walk.name}/change")
    assert 'href="/shape/two?voice=espeak%3Aen">Open <code>two</code> as it is now' in changed.text
    (studio.folder / "routines" / "two.yaml").unlink()
    assert "Its routine does not exist any more" in studio.ask(f"/track/{walk.name}/origin").text
    assert studio.ask(f"/track/{walk.name}/change").status == 404
    with visiting(browser, studio, PHONE) as visit:
        page = visit.open(f"/track/{walk.name}/change")
        page.get_by_role("button", name="Save the routine of this track").click()
        page.wait_for_url("**/shape/walk*")
        expect(page.get_by_label("Hold, Double V, typed")).to_have_value("10s")
        visit.problems.clear()  # the browser itself notes the answer 404
    assert "</code>, as it is written." in studio.ask(f"/track/{walk.name}/origin").text


def test_the_page_renames_deletes_brings_back_and_opens_the_settings(
    browser: Browser, studio: Studio, track: str
) -> None:
    assert track == "two.mp3"
    assert studio.render("two", "hold=12s&title=Longer", "walk.mp3")["state"] == "done"
    with visiting(browser, studio, PHONE, has_touch=True, is_mobile=True) as visit:
        page = visit.open("/tracks")
        longer = page.locator(".track", has_text="Longer")
        expect(longer.locator(".differs")).to_contain_text("Double V: hold 12s, was 10s")
        longer.locator("summary").tap()
        field = longer.get_by_label("Name of the file")
        field.fill("two")
        field.press("Enter")
        expect(longer.get_by_role("alert")).to_have_text("two.mp3 exists already. Choose another name.")
        visit.problems.clear()  # the browser itself notes the answer 422
        field.fill("run")
        field.press("Enter")
        expect(page.locator(".track[data-file='run.mp3']")).to_be_visible()
        longer.locator("summary").tap()
        tracks = page.locator(".track").count()
        longer.get_by_role("button", name="Delete").tap()
        undo = page.get_by_role("button", name=re.compile("bring back run.mp3"))
        expect(undo).to_be_focused()
        expect(page.locator(".track")).to_have_count(tracks - 1)
        undo.press("Enter")
        expect(longer.locator("h2 a")).to_be_focused()
        longer.get_by_role("link", name="Change it").tap()
        expect(page.get_by_label("Hold, Double V, typed")).to_have_value("12s")
    (studio.output / "run.mp3").unlink()
