"""A folder of tracks as a site: what is written and what goes, on hosts as people have them, read by podcast apps."""

import io
import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import podcastparser
import pytest
from playwright.sync_api import Browser

from audiogen import render
from audiogen.errors import OutputError, SharingError
from audiogen.routine.load import parse_routine
from audiogen.share.publish import Published, address, mail_address, publish
from audiogen.share.publish.check import check
from audiogen.share.publish.place import LIST
from audiogen.share.publish.site import Choices
from audiogen.storage.cache import Cache
from tests import command
from tests.fakes.tone_voice import ToneVoice
from tests.share.hosting import nginx, plain
from tests.studio.browsing import DESKTOP, PHONE, axe
from tests.studio.test_feed import READ_BY_PARTYTIME, problems_of

SESSION = "title: Push & pull\nsettle: 1s\nexercises: [{name: Doorway stretch, hold: 8s}, {name: Shrugs, hold: 6s}]\n"
URL = "https://example.org/class/"
NAMES = ["anna.mp3", "Rücken & Co.ogg", "anna.ogg", "index.html.mp3"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, cache: Cache) -> Path:
    """The tracks, one session in two formats under several names, and a file of another program."""
    folder = tmp_path_factory.mktemp("tracks")
    for suffix in (".mp3", ".ogg"):
        render(parse_routine(SESSION), folder / f"first{suffix}", voice=ToneVoice(), cache=cache)
    for age, name in enumerate(NAMES):
        shutil.copy(folder / f"first{name[-4:]}", folder / name)
        os.utime(folder / name, (1_700_000_000 - age * 1000,) * 2)
    for path in folder.glob("first.*"):
        path.unlink()
    (folder / "foreign.mp3").write_bytes(b"ID3 of another program")
    return folder


@pytest.fixture
def tracks(rendered: Path, tmp_path: Path) -> Path:
    """A copy of the tracks."""
    return shutil.copytree(rendered, tmp_path / "tracks")


Publishing = Callable[..., Published]


@pytest.fixture
def published(tracks: Path, tmp_path: Path, cache: Cache) -> Publishing:
    """Publish the tracks into `site`, by default for `URL`."""

    def now(url: str = URL, *, secret: bool | None = None, **choices: str | bool) -> Published:
        return publish(tracks, tmp_path / "site", Choices(url, **choices), cache, secret=secret)  # type: ignore[arg-type]

    return now


def files_in(site: Path) -> dict[str, int]:
    return {str(path.relative_to(site)): path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}


# -- the folder


def test_each_track_has_a_folder_and_what_is_not_a_whole_track_is_named(
    published: Publishing, tracks: Path, tmp_path: Path
) -> None:
    whole = (tracks / "anna.mp3").read_bytes()
    (tracks / "cut.mp3").write_bytes(whole[: len(whole) * 3 // 4])
    done = published()
    assert (done.url, done.tracks) == (URL, 4)
    assert left_out(done) == [("share.left-out", "cut.mp3"), ("share.left-out", "foreign.mp3")]
    folders = {"anna-mp3": "anna.mp3", "anna-ogg": "anna.ogg", "Rücken & Co": "Rücken & Co.ogg"}
    folders["index-html-mp3"] = "index.html.mp3"
    own = ("chapters.json", "cover.jpg", "cover-small.jpg", "index.html", "transcript.srt", "transcript.vtt")
    expected = {f"{folder}/{name}" for folder, sound in folders.items() for name in (*own, sound)}
    expected |= {"cover.png", "feed.xml", "index.html", "robots.txt", LIST}
    assert set(files_in(tmp_path / "site")) == expected


def left_out(done: Published) -> list[tuple[str, str]]:
    return [(one.code, one.subject) for one in done.notices]


def test_pages_that_play_and_folders_with_tracks_are_named_with_what_to_do(
    published: Publishing, tracks: Path, cache: Cache
) -> None:
    (tracks / "foreign.mp3").unlink()
    render(parse_routine(SESSION), tracks / "alone.html", voice=ToneVoice(), cache=cache)
    shutil.copy(tracks / "alone.html", tracks / "anna.html")  # next to anna.mp3, which is published
    (tracks / "other.html").write_text("<!doctype html>")
    for folder in ("ben", ".hidden", "empty"):
        (tracks / folder).mkdir()
        (tracks / folder / "notes.txt").touch()
    for folder in ("ben", ".hidden"):
        shutil.copy(tracks / "anna.mp3", tracks / folder)
    publish(tracks / "ben", tracks / "site", Choices(URL), cache, secret=None)
    done = published()
    assert left_out(done) == [("share.page-left-out", "alone.html"), ("share.folder-left-out", str(tracks / "ben"))]
    assert "Render its routine as alone.mp3" in str(done.notices[0])
    assert "1 track of its own" in str(done.notices[1])
    for path in tracks.iterdir():
        if path.suffix in (".mp3", ".ogg"):
            path.unlink()
    with pytest.raises(SharingError) as raised:
        published()
    assert [one.code for one in raised.value.problems] == [
        *("share.no-tracks", "share.page-left-out", "share.page-left-out", "share.folder-left-out")
    ]


def test_the_index_has_small_covers(published: Publishing, tmp_path: Path) -> None:
    published()
    for page in ("anna-mp3", "Rücken & Co"):
        sizes = [(tmp_path / "site" / page / name).stat().st_size for name in ("cover-small.jpg", "cover.jpg")]
        assert 1000 < sizes[0] < sizes[1] / 2
    index = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert index.count('/cover-small.jpg"') == len(NAMES)
    assert "cover.jpg" not in index


def test_names_that_end_in_capitals_are_names_of_tracks_and_pages(
    published: Publishing, tracks: Path, tmp_path: Path, cache: Cache
) -> None:
    (tracks / "anna.mp3").rename(tracks / "BEN.MP3")
    render(parse_routine(SESSION), tracks / "ALONE.HTML", voice=ToneVoice(), cache=cache)
    done = published()
    assert done.tracks == 4
    assert left_out(done) == [("share.left-out", "foreign.mp3"), ("share.page-left-out", "ALONE.HTML")]
    assert "audio/mpeg" in (tmp_path / "site" / "feed.xml").read_text("utf-8").partition("BEN.MP3")[2].partition(">")[0]


def test_no_two_tracks_share_a_folder(published: Publishing, tracks: Path, tmp_path: Path) -> None:
    for name in ("anna-mp3.mp3", "feed.xml.mp3", "ANNA-OGG.mp3"):
        shutil.copy(tracks / "anna.mp3", tracks / name)
    published()
    sounds = [path.name for path in (tmp_path / "site").glob("*/*.[mo][pg][3g]")]
    assert sorted(sounds) == sorted([*NAMES, "anna-mp3.mp3", "feed.xml.mp3", "ANNA-OGG.mp3"])
    assert all(len(list(path.parent.iterdir())) == 7 for path in (tmp_path / "site").glob("*/index.html"))


def test_what_did_not_change_is_not_written_again(published: Publishing, tracks: Path, tmp_path: Path) -> None:
    published()
    site = tmp_path / "site"
    before = files_in(site)
    assert published().update.written == ()
    assert files_in(site) == before
    os.utime(tracks / "anna.mp3", (1_700_000_500,) * 2)
    again = published().update
    assert {path.partition("/")[0] for path in again.written} == {"anna-mp3", "feed.xml"}
    (tracks / "anna.ogg").unlink()
    gone = published().update
    assert all(path.startswith(("anna-ogg/", "anna-mp3/")) for path in gone.removed)
    assert not (site / "anna-ogg").exists()
    assert not (site / "anna-mp3").exists(), "the name is free for `anna` now"
    assert (site / "anna" / "anna.mp3").is_file()
    assert files_in(site).keys() - {LIST} == set(json.loads((site / LIST).read_text())["files"])


def test_files_of_others_are_neither_replaced_nor_removed(published: Publishing, tracks: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("my own")
    with pytest.raises(OutputError) as raised:
        published()
    assert [(one.code, one.subject) for one in raised.value.problems] == [
        ("share.foreign-file", str(site / "index.html"))
    ]
    assert [path.name for path in site.iterdir()] == ["index.html"]
    (site / "index.html").unlink()
    (site / "mine.txt").write_text("mine")
    published()
    (site / "anna-ogg" / "cover.jpg").write_bytes(b"a better picture")
    (tracks / "anna.ogg").unlink()
    assert published().update.kept == ("anna-ogg/cover.jpg",)
    assert (site / "anna-ogg" / "cover.jpg").read_bytes() == b"a better picture"
    assert (site / "mine.txt").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_link_and_no_list_leads_out_of_the_folder(published: Publishing, tmp_path: Path) -> None:
    site, outside = tmp_path / "site", tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("precious")
    site.mkdir()
    (site / "Rücken & Co").symlink_to(outside)
    with pytest.raises(OutputError) as raised:
        published()
    assert {one.code for one in raised.value.problems} == {"share.link-in-site"}
    assert [path.name for path in outside.iterdir()] == ["precious"]
    (site / "Rücken & Co").unlink()
    stat = (outside / "precious").stat()
    lines = {name: ["x", stat.st_size, stat.st_mtime_ns] for name in ("../outside/precious", str(outside / "precious"))}
    (site / LIST).write_text(json.dumps({"version": 1, "files": lines}))
    assert published().update.removed == ()
    assert (outside / "precious").exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"files": [1]}', '{"files": {"a": 1}}', "[" * 100_000])
def test_a_damaged_list_is_as_none(published: Publishing, tmp_path: Path, text: str) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / LIST).write_text(text)
    assert published().update.unchanged == 0


def test_a_run_that_was_interrupted_is_continued(
    published: Publishing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_arguments: object, **_more: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("audiogen.share.publish.site.page", failing)
        with pytest.raises(KeyboardInterrupt):
            published()
    assert (tmp_path / "site" / "anna-mp3" / "anna.mp3").exists()
    assert published().update.kept == ()
    assert published().update.written == ()


# -- who finds it


def test_search_engines_are_asked_to_stay_away_unless_they_are_asked_in(published: Publishing, tmp_path: Path) -> None:
    published(email="ann@example.org", author="Ann")
    site = tmp_path / "site"
    pages = [site / "index.html", site / "anna-mp3" / "index.html"]
    assert all('<meta name="robots" content="noindex">' in page.read_text("utf-8") for page in pages)
    assert (site / "robots.txt").read_text() == "User-agent: *\nDisallow: /\n"
    feed = (site / "feed.xml").read_text("utf-8")
    assert "<itunes:block>Yes</itunes:block>" in feed
    assert "<itunes:email>ann@example.org</itunes:email>" in feed
    published(searchable=True)
    assert not any("noindex" in page.read_text("utf-8") for page in pages)
    assert not (site / "robots.txt").exists()
    feed = (site / "feed.xml").read_text("utf-8")
    assert "itunes:block" not in feed
    assert "itunes:owner" not in feed


def test_a_secret_folder_stays_and_nothing_outside_tells_its_name(published: Publishing, tmp_path: Path) -> None:
    site = tmp_path / "site"
    published()
    url = published(secret=True).url
    token = url.removeprefix(URL).rstrip("/")
    assert re.fullmatch(r"[\w-]{22}", token)
    assert published().url == url
    assert sorted(path.name for path in site.iterdir()) == sorted([token, "index.html", "robots.txt"])
    assert not any(token.encode() in (site / name).read_bytes() for name in ("index.html", "robots.txt"))
    assert f"{url}anna-mp3/anna.mp3" in (site / token / "feed.xml").read_text("utf-8")
    assert published(secret=False).url == URL
    assert not (site / token).exists()


def test_an_address_is_one_of_a_folder_on_the_web() -> None:
    assert address("https://example.org/class") == address(" https://example.org/class// ") == URL
    assert address("http://127.0.0.1:8000") == "http://127.0.0.1:8000/"
    assert address("https://example.org/~ann/v1..2/.well/...") == "https://example.org/~ann/v1..2/.well/.../"


@pytest.mark.parametrize(
    "written",
    [
        *("example.org", "ftp://example.org/", "https://", "https://a b/", "https://[x/", "https://ann:pw@a.example/"),
        *("https://a.example/?x", "https://a.example/#x", "https://a.example/a b", "https://a.example:x/"),
        *("https://a.example/../x/", "https://a.example/x/..", "https://a.example/./", "https://a.example/%2E%2e/x/"),
        *("https://a.example/x?", "https://a.example/#", "https://ann@a.example/", r"https://a.example/..\x/"),
    ],
)
def test_anything_else_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(OutputError) as raised:
        address(written)
    assert [one.code for one in raised.value.problems] == ["share.bad-address"]


@pytest.mark.parametrize("written", ["ann", "ann@", "ann@example", "a b@example.org", "<ann@example.org>"])
def test_an_email_address_looks_like_one(written: str) -> None:
    with pytest.raises(OutputError):
        mail_address(written)
    assert mail_address("ann@example.org") == "ann@example.org"


def test_a_folder_without_tracks_is_refused(tmp_path: Path, cache: Cache) -> None:
    for folder, code in ((tmp_path, "share.no-tracks"), (tmp_path / "none", "share.no-folder")):
        with pytest.raises(SharingError) as raised:
            publish(folder, tmp_path / "site", Choices(URL), cache, secret=None)
        assert raised.value.problems[0].code == code
    assert list(tmp_path.iterdir()) == []


# -- on a host


@pytest.fixture(scope="module")
def host(rendered: Path, tmp_path_factory: pytest.TempPathFactory, cache: Cache) -> Iterator[tuple[str, Path]]:
    """The site on nginx: its address and its folder."""
    folder = tmp_path_factory.mktemp("host")
    (folder / "site").mkdir()
    with nginx(folder / "site", folder / "nginx") as url:
        publish(rendered, folder / "site", Choices(url), cache, secret=None)
        yield url, folder / "site"


def test_on_nginx_all_is_fine_and_every_enclosure_answers_a_range(host: tuple[str, Path]) -> None:
    url, site = host
    assert [(one.name, one.problems) for one in check(site, url)] == [
        ("the site", ()),
        *((name, ()) for name in sorted(["Rücken & Co", "anna-mp3", "anna-ogg", "index-html-mp3"])),
    ]
    root = ElementTree.parse(site / "feed.xml").getroot()  # noqa: S314 - our own document
    enclosures = root.findall("channel/item/enclosure")
    assert len(enclosures) == len(NAMES)
    for one in enclosures:
        request = urllib.request.Request(one.attrib["url"], headers={"Range": "bytes=100-199"})  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            assert (answer.status, len(answer.read())) == (206, 100)
            assert answer.headers["Content-Range"] == f"bytes 100-199/{one.attrib['length']}"
            assert answer.headers["Content-Type"] == one.attrib["type"]


def test_podcast_clients_read_every_item(host: tuple[str, Path]) -> None:
    url, site = host
    body = (site / "feed.xml").read_bytes()
    assert problems_of(ElementTree.fromstring(body)) == []  # noqa: S314 - our own document
    found = feedparser.parse(body)
    assert not found.bozo
    assert found.entries[0].enclosures[0].href == f"{url}anna-mp3/anna.mp3"
    episodes = podcastparser.parse(f"{url}feed.xml", io.BytesIO(body))["episodes"]
    assert len(found.entries) == len(episodes) == len(NAMES)
    assert {episode["chapters"][0]["title"] for episode in episodes} == {"Opening"}
    modules = os.environ.get("PODCAST_PARTYTIME")
    if not modules:
        pytest.skip("needs npm's podcast-partytime: install it, and let PODCAST_PARTYTIME be its folder node_modules")
    environment = {**os.environ, "NODE_PATH": modules}
    done = subprocess.run(
        ["node", "-e", READ_BY_PARTYTIME], input=body, env=environment, capture_output=True, check=True
    )
    read = json.loads(done.stdout.splitlines()[-1])
    assert [(one[3], one[4]) for one in read] == [("application/json+chapters", 2)] * len(NAMES)


def test_what_is_wrong_on_a_host_is_named(host: tuple[str, Path], tmp_path: Path) -> None:
    """The address answers with what another folder has, which lacks and differs in some."""
    url, site = host
    here = shutil.copytree(site, tmp_path / "here", symlinks=True)
    with (here / "anna-mp3" / "anna.mp3").open("ab") as file:
        file.write(b"longer")
    (here / "feed.xml").write_text("an earlier one")
    (here / LIST).write_text((here / LIST).read_text().replace("anna-ogg/cover.jpg", "anna-ogg/lost.jpg"))
    (here / "anna-ogg" / "lost.jpg").write_bytes(b"not there")
    problems = {(one.name, said.partition(":")[0]): said for one in check(here, url) for said in one.problems}
    assert problems.keys() == {("the site", "feed.xml"), ("anna-mp3", "anna.mp3"), ("anna-ogg", "lost.jpg")}
    assert "404" in problems["anna-ogg", "lost.jpg"]
    size = (site / "anna-mp3" / "anna.mp3").stat().st_size
    assert f"{size} bytes in place of {size + 6}" in problems["anna-mp3", "anna.mp3"]


def test_a_sound_must_be_of_its_own_kind(rendered: Path, tmp_path: Path, cache: Cache) -> None:
    (tmp_path / "site").mkdir()
    with nginx(tmp_path / "site", tmp_path / "nginx", types={"mp3": "audio/ogg", "ogg": "application/ogg"}) as url:
        publish(rendered, tmp_path / "site", Choices(url), cache, secret=None)
        said = {one.name: one.problems for one in check(tmp_path / "site", url)}
    assert said["anna-mp3"] == ("anna.mp3: the host calls it audio/ogg in place of audio/mpeg; set the type of .mp3",)
    assert said["anna-ogg"] == ()


def test_the_command_says_what_to_upload_and_is_red_where_a_host_ignores_range(tracks: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    with plain(site) as url:
        done = command.run("publish", tracks.name, "--url", url, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, f"{url}\n"), done.stderr
        assert "4 tracks; files: 32 written, 0 unchanged, 0 removed." in done.stderr
        assert f"Upload everything in site to {url}" in done.stderr
        checked = command.run("publish", tracks.name, "--url", url, "--check", cwd=tmp_path)
    assert checked.returncode == 1
    lines = checked.stdout.splitlines()
    assert lines[0] == "the site: fine, 4 files"
    assert sum("ignores Range" in line for line in lines) == len(NAMES)
    assert len(lines) == 1 + len(NAMES)
    gone = command.run("publish", tracks.name, "--url", url, "--check", cwd=tmp_path)
    assert gone.returncode == 1
    assert "cannot be reached" in gone.stderr


def test_the_site_plays_in_a_browser_and_axe_finds_nothing(browser: Browser, host: tuple[str, Path]) -> None:
    url, _ = host
    script = axe()
    plays_from_the_index(browser, url)
    for viewport in (PHONE, DESKTOP):
        with browser.new_context(viewport=viewport, bypass_csp=True, reduced_motion="reduce") as context:
            page = context.new_page()
            page.goto(url)
            page.evaluate(script)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def plays_from_the_index(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    problems: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    page.locator(f"a[href='{quote('Rücken & Co')}/index.html']").click()
    page.wait_for_function("() => document.body.dataset.ready")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.2")
    page.get_by_role("link", name="All sessions").click()
    page.wait_for_url(f"{url}index.html")
    page.close()
    assert problems == []
    assert all(one.startswith((url, "blob:", "data:")) for one in asked)


@pytest.mark.thorough
def test_two_hundred_tracks_that_did_not_change_take_a_core_less_than_ten_seconds(
    rendered: Path, tmp_path: Path, cache: Cache
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(200):
        shutil.copy2(rendered / "anna.mp3", folder / f"track {number}.mp3")
    assert publish(folder, tmp_path / "site", Choices(URL), cache, secret=None).tracks == 200
    began_s = time.process_time()  # whatever else the machine does
    again = publish(folder, tmp_path / "site", Choices(URL), cache, secret=None).update
    assert again.written == ()
    assert time.process_time() - began_s < 10
