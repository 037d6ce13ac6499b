"""The private podcast: what it says is true of the files, and podcast clients read all of it."""

import io
import json
import os
import re
import subprocess
import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import podcastparser
import pytest

from audiogen.share.feed import ATOM, ITUNES, PODCAST

from .serving import Answer, Studio

NAMES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM}


@pytest.fixture
def tracks(studio: Studio, track: str) -> list[str]:
    """Two tracks, in two formats; the second has a name and a title to be quoted."""
    if not (studio.output / "Rücken 2.ogg").exists():
        job = studio.render("two", "title=Push+%26+pull+%3Cslowly%3E&hold=11s", "Rücken 2.ogg")
        assert job["state"] == "done", job
    for path in studio.output.iterdir():
        if path.name not in (track, "Rücken 2.ogg"):
            path.unlink()
    return [track, "Rücken 2.ogg"]


def asked(studio: Studio, url: str | None, method: str = "GET") -> Answer:
    """Ask for a URL of the feed as a podcast app does."""
    assert url
    assert url.startswith(studio.url)
    return studio.ask(urlsplit(url).path, method=method)


def items(studio: Studio) -> list[ElementTree.Element]:
    answer = studio.ask("/feed.xml")
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    return ElementTree.fromstring(answer.body).findall("channel/item")  # noqa: S314 - our own document


def guids(studio: Studio) -> dict[str, str]:
    return {(one.findtext("title") or ""): (one.findtext("guid") or "") for one in items(studio)}


def test_every_enclosure_has_its_files_exact_length_and_type(studio: Studio, tracks: list[str]) -> None:
    found = items(studio)
    assert len(found) == len(tracks)
    kinds = set()
    for item in found:
        enclosure = item.find("enclosure")
        assert enclosure is not None
        head = asked(studio, enclosure.get("url"), method="HEAD")
        assert head.headers["content-length"] == enclosure.get("length")
        assert head.headers["content-type"] == enclosure.get("type")
        kinds.add(enclosure.get("type"))
    assert kinds == {"audio/mpeg", "audio/ogg"}


def test_chapters_words_and_covers_are_there_and_fit_the_duration(studio: Studio, tracks: list[str]) -> None:
    assert tracks
    for item in items(studio):
        duration_s = int(item.findtext("itunes:duration", "", NAMES))
        chapters = item.find("podcast:chapters", NAMES)
        assert chapters is not None
        answer = asked(studio, chapters.get("url"))
        assert answer.headers["content-type"] == chapters.get("type") == "application/json+chapters"
        document = json.loads(answer.body)
        assert re.fullmatch(r"1\.\d+\.\d+", document["version"])
        starts = [one["startTime"] for one in document["chapters"]]
        assert starts == sorted(starts)
        assert starts[0] == 0
        assert starts[-1] < duration_s
        assert any("Double V" in one["title"] for one in document["chapters"])
        transcripts = item.findall("podcast:transcript", NAMES)
        assert {one.get("type") for one in transcripts} == {"application/srt", "text/vtt"}
        for transcript in transcripts:
            answer = asked(studio, transcript.get("url"))
            assert answer.headers["content-type"].partition(";")[0] == transcript.get("type")
            assert "Lie on your belly." in answer.text
            assert transcript.get("language") == "en"
        image = item.find("itunes:image", NAMES)
        assert image is not None
        assert asked(studio, image.get("href")).body.startswith(b"\xff\xd8")


def test_guids_stay_and_a_session_with_other_settings_is_a_new_episode(studio: Studio, tracks: list[str]) -> None:
    before = guids(studio)
    path = studio.output / tracks[0]
    os.utime(path, (time.time(), time.time() + 60))
    assert guids(studio) == before
    kept = path.read_bytes()
    assert studio.render("two", "hold=12s", tracks[0])["state"] == "done"
    after = guids(studio)
    assert after["Two short ones"] != before["Two short ones"]
    assert after["Push & pull <slowly>"] == before["Push & pull <slowly>"]
    path.write_bytes(kept)
    assert guids(studio) == before


def test_the_newest_comes_first_and_dates_are_those_of_the_files(studio: Studio, tracks: list[str]) -> None:
    for age, name in enumerate(tracks):
        os.utime(studio.output / name, (1_700_000_000 - age * 1000,) * 2)
    dates = [parsedate_to_datetime(one.findtext("pubDate") or "").timestamp() for one in items(studio)]
    assert dates == [1_700_000_000, 1_700_000_000 - 1000]


def test_feedparser_reads_every_episode(studio: Studio, tracks: list[str]) -> None:
    found = feedparser.parse(studio.ask("/feed.xml").body)
    assert not found.bozo
    assert found.version == "rss20"
    assert found.feed.title == "audiogen sessions"
    assert {one.title for one in found.entries} == {"Two short ones", "Push & pull <slowly>"}
    assert all(one.enclosures[0].href and int(one.enclosures[0].length) and one.id for one in found.entries)
    assert len(found.entries) == len(tracks)


def test_podcastparser_reads_every_episode(studio: Studio, tracks: list[str]) -> None:
    found = podcastparser.parse(f"{studio.url}feed.xml", io.BytesIO(studio.ask("/feed.xml").body))
    assert found["title"] == "audiogen sessions"
    assert len(found["episodes"]) == len(tracks)
    for episode in found["episodes"]:
        (enclosure,) = episode["enclosures"]
        assert enclosure["file_size"] > 1000
        assert enclosure["mime_type"] in ("audio/mpeg", "audio/ogg")
        assert 60 < episode["total_time"] < 120
        assert episode["guid"].startswith("audiogen:")
        assert episode["chapters"][0]["title"] == "Opening"
        assert episode["chapters"][1]["start"] > 0
        assert episode["episode_art_url"].endswith("/cover.jpg")


READ_BY_PARTYTIME = """
const { parseFeed } = require("podcast-partytime");
const found = parseFeed(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(found.items.map((one) => [
  one.title, one.enclosure.length, one.duration, one.podcastChapters.type, one.podcastTranscripts.length, one.guid,
])));
"""


def test_partytime_reads_every_episode(studio: Studio, tracks: list[str]) -> None:
    modules = os.environ.get("PODCAST_PARTYTIME")
    if not modules:
        pytest.skip("needs npm's podcast-partytime: install it, and let PODCAST_PARTYTIME be its folder node_modules")
    done = subprocess.run(
        ["node", "-e", READ_BY_PARTYTIME],
        input=studio.ask("/feed.xml").body,
        env={**os.environ, "NODE_PATH": modules},
        capture_output=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])  # behind lines of its log
    assert sorted(one[0] for one in found) == ["Push & pull <slowly>", "Two short ones"]
    sizes = {name: (studio.output / name).stat().st_size for name in tracks}
    assert {one[1] for one in found} == set(sizes.values())
    assert all(60 < one[2] < 120 and one[3] == "application/json+chapters" and one[4] == 2 for one in found)
    assert {one[5] for one in found} == set(guids(studio).values())


def test_the_feed_is_what_the_specifications_ask_for(studio: Studio, tracks: list[str]) -> None:
    assert tracks
    root = ElementTree.fromstring(studio.ask("/feed.xml").body)  # noqa: S314 - our own document
    assert problems_of(root) == []


def test_the_check_of_the_specifications_finds_what_is_missing(studio: Studio, tracks: list[str]) -> None:
    assert tracks
    root = ElementTree.fromstring(studio.ask("/feed.xml").body)  # noqa: S314 - our own document
    channel, item = root.find("channel"), root.find("channel/item")
    assert channel is not None
    assert item is not None
    for parent, name in (
        (channel, "description"),
        (channel, f"{{{ITUNES}}}image"),
        (item, "guid"),
        (item, "enclosure"),
    ):
        child = parent.find(name)
        assert child is not None
        parent.remove(child)
    assert len(problems_of(root)) == 4


def test_an_empty_feed_is_a_feed(studio: Studio) -> None:
    for path in studio.output.glob("*"):
        path.unlink()
    answer = studio.ask("/feed.xml")
    assert answer.status == 200
    assert problems_of(ElementTree.fromstring(answer.body)) == []  # noqa: S314 - our own document


def test_the_page_tells_the_address_and_to_turn_trim_silence_off(studio: Studio) -> None:
    text = studio.ask("/podcast").text
    assert f"{studio.url}feed.xml" in text
    assert "trim silence" in text


# -- the specifications: RSS 2.0 (required elements, enclosures, dates), Apple's for podcasts, the podcast namespace

URL = r"https?://[^\s]+"
DATE = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})"
ONCE = "once"
CHANNEL = {
    "title": r".+",
    "link": URL,
    "description": r"(?s).{1,4000}",
    "language": r"[a-z]{2,3}(-[A-Z]{2})?",
    "itunes:author": r".+",
    "itunes:explicit": r"true|false",
    "itunes:block": r"Yes",
    "itunes:type": r"episodic|serial",
    "podcast:guid": r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "podcast:locked": r"yes|no",
}
ITEM = {
    "title": r".+",
    "description": r"(?s).{1,4000}",
    "guid": r".+",
    "pubDate": DATE,
    "itunes:duration": r"\d+",
    "itunes:explicit": r"true|false",
    "itunes:episodeType": r"full|trailer|bonus",
}
CHANNEL_ATTRIBUTES = {
    "atom:link": {"href": URL, "rel": "self", "type": r"application/rss\+xml"},
    "itunes:image": {"href": URL + r"\.(png|jpg)"},
    "itunes:category": {"text": r"Health & Fitness"},
}
ITEM_ATTRIBUTES = {
    "enclosure": {"url": URL, "length": r"[1-9]\d*", "type": r"audio/[a-z0-9]+"},
    "itunes:image": {"href": URL + r"\.(png|jpg)"},
    "podcast:chapters": {"url": URL, "type": r"application/json\+chapters"},
}
TRANSCRIPT = {"url": URL, "type": r"application/srt|text/vtt|text/html|application/json", "language": r"[a-z]{2,3}.*"}


def problems_of(root: ElementTree.Element) -> list[str]:
    found = [] if root.tag == "rss" and root.get("version") == "2.0" else ["no RSS 2.0"]
    channels = root.findall("channel")
    if len(channels) != 1:
        return [*found, "not one channel"]
    found += _problems(channels[0], CHANNEL, CHANNEL_ATTRIBUTES)
    items = channels[0].findall("item")
    for item in items:
        found += _problems(item, ITEM, ITEM_ATTRIBUTES)
        for transcript in item.findall("podcast:transcript", NAMES):
            found += _attributes(transcript, "podcast:transcript", TRANSCRIPT)
    ids = [item.findtext("guid") for item in items if item.findtext("guid")]
    return [*found, *(["guids are not unique"] if len(set(ids)) < len(ids) else [])]


def _problems(parent: ElementTree.Element, texts: dict[str, str], attributes: dict[str, dict[str, str]]) -> list[str]:
    found = []
    for name in (*texts, *attributes):
        children = parent.findall(name, NAMES)
        if len(children) != 1:
            found.append(f"{name}: {len(children)} times in {parent.tag}")
        elif name in texts and not re.fullmatch(texts[name], children[0].text or ""):
            found.append(f"{name}: {children[0].text!r}")
        elif name in attributes:
            found += _attributes(children[0], name, attributes[name])
    return found


def _attributes(child: ElementTree.Element, name: str, wanted: dict[str, str]) -> list[str]:
    return [
        f"{name}: {key} is {child.get(key)!r}"
        for key, pattern in wanted.items()
        if not re.fullmatch(pattern, child.get(key) or "")
    ]
