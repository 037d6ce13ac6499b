"""Everything rendered as a private podcast.

    tracks + the address at which they are asked for -> RSS 2.0 with the itunes and podcast namespaces

An episode's guid is made of its file's name and its timeline, so it stays the same wherever the studio runs, and a
session that was rendered anew with other settings is a new episode: an app would keep the old sound otherwise.
"""

import hashlib
import json
from collections.abc import Sequence
from email.utils import formatdate
from typing import Protocol
from urllib.parse import quote
from uuid import UUID, uuid5
from xml.etree import ElementTree

from audiogen.durations import format_clock
from audiogen.share.responses import MEDIA_TYPES
from audiogen.studio.tracks import Track, titles_of
from audiogen.text import legible
from audiogen.views.picture.words import label, name

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
CHAPTERS = "http://podlove.org/simple-chapters"  # inside the feed, for apps that have downloaded it and gone
_FEEDS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # the namespace's own, for podcast:guid
_TITLE = "audiogen sessions"
_ABOUT = (
    "Guided sessions from your own studio. Turn trim silence off and leave the speed at 1x for this podcast: "
    "both destroy timed holds."
)


def feed(tracks: Sequence[Track], base: str) -> bytes:
    """The feed as XML; `base` is the studio's address with a slash at its end."""
    for prefix, uri in (("itunes", ITUNES), ("podcast", PODCAST), ("atom", ATOM), ("psc", CHAPTERS)):
        ElementTree.register_namespace(prefix, uri)
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    _describe(channel, tracks, base)
    titles = titles_of(tracks)
    for track in tracks:
        _episode(ElementTree.SubElement(channel, "item"), track, titles[track.name], base)
    ElementTree.indent(rss)
    xml: bytes = ElementTree.tostring(rss, encoding="utf-8", xml_declaration=True)
    return xml


def guid_of(track: Track) -> str:
    """A name for the episode that depends on nothing but its file's name and what happens in it."""
    document = json.dumps([track.name, track.timeline.to_json()], sort_keys=True)
    return f"audiogen:{hashlib.sha256(document.encode()).hexdigest()[:32]}"


def _describe(channel: ElementTree.Element, tracks: Sequence[Track], base: str) -> None:
    add = _adder(channel)
    add("title", _TITLE)
    add("link", base)
    add("description", _ABOUT)
    add("language", tracks[0].timeline.language if tracks else "en")
    add("generator", "audiogen")
    if tracks:
        add("lastBuildDate", formatdate(max(track.made_s for track in tracks)))
    image = ElementTree.SubElement(channel, "image")
    for key, text in (("url", f"{base}static/cover.png"), ("title", _TITLE), ("link", base)):
        ElementTree.SubElement(image, key).text = text
    add(f"{{{ATOM}}}link", href=f"{base}feed.xml", rel="self", type="application/rss+xml")
    add(f"{{{ITUNES}}}author", "audiogen")
    add(f"{{{ITUNES}}}image", href=f"{base}static/cover.png")
    add(f"{{{ITUNES}}}category", text="Health & Fitness")
    add(f"{{{ITUNES}}}explicit", "false")
    add(f"{{{ITUNES}}}block", "Yes")  # it is private: no directory is to list it
    add(f"{{{ITUNES}}}type", "episodic")
    add(f"{{{PODCAST}}}guid", str(uuid5(_FEEDS, f"{base.partition('://')[2]}feed.xml")))
    add(f"{{{PODCAST}}}locked", "yes")


def _episode(item: ElementTree.Element, track: Track, title: str, base: str) -> None:
    add = _adder(item)
    timeline = track.timeline
    here = f"{base}track/{quote(track.name)}"
    add("title", title)
    add("link", f"{base}play/{quote(track.name)}")
    add("description", _description(track))
    add("guid", guid_of(track), isPermaLink="false")
    add("pubDate", formatdate(track.made_s))
    add("enclosure", url=here, length=str(track.size_bytes), type=MEDIA_TYPES[track.path.suffix])
    add(f"{{{ITUNES}}}duration", str(round(timeline.length_ms / 1000)))
    add(f"{{{ITUNES}}}image", href=f"{here}/cover.jpg")
    add(f"{{{ITUNES}}}explicit", "false")
    add(f"{{{ITUNES}}}episodeType", "full")
    add(f"{{{PODCAST}}}chapters", url=f"{here}/chapters.json", type="application/json+chapters")
    chapters = ElementTree.SubElement(item, f"{{{CHAPTERS}}}chapters", version="1.2")
    for one in track.chapters:
        start = f"{format_clock(one.start_ms)}.{one.start_ms % 1000:03}"
        ElementTree.SubElement(chapters, f"{{{CHAPTERS}}}chapter", start=start, title=legible(one.title))
    for suffix, kind in (("srt", "application/srt"), ("vtt", "text/vtt")):
        add(f"{{{PODCAST}}}transcript", url=f"{here}/transcript.{suffix}", type=kind, language=timeline.language)


class _Add(Protocol):
    def __call__(self, name: str, content: str = "", /, **attributes: str) -> None: ...


def _adder(parent: ElementTree.Element) -> _Add:
    def add(name: str, content: str = "", /, **attributes: str) -> None:
        ElementTree.SubElement(parent, name, attributes).text = legible(content) or None

    return add


def _description(track: Track) -> str:
    """The exercises with their doses."""
    done = [f"{turn.exercise.number} {name(turn)}: {label(turn)}" for turn in track.timeline.visits]
    return "; ".join([*done, f"{track.length} in all"]) + "."
