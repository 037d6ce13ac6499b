"""Finished tracks as a podcast.

    Channel + Episodes, with all addresses -> RSS 2.0 with the itunes and podcast namespaces

An episode's guid is made of its file's name and its timeline, so it stays the same wherever it is published, and a
session that was rendered anew with other settings is a new episode: an app would keep the old sound otherwise.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import Protocol
from uuid import UUID, uuid5
from xml.etree import ElementTree

from audiogen.durations import format_clock
from audiogen.share.media_types import MEDIA_TYPES
from audiogen.share.tracks import Track
from audiogen.text import legible
from audiogen.views.picture.words import label, name

HOW_TO_PLAY = "Turn trim silence off and leave the speed at 1x for this podcast: both destroy timed holds."
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
CHAPTERS = "http://podlove.org/simple-chapters"  # inside the feed, for apps that have downloaded it and gone
_FEEDS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # the namespace's own, for podcast:guid


@dataclass(frozen=True, slots=True)
class Channel:
    """The podcast as a whole, with the addresses of its page, its feed and its picture.

    Where it is `hidden`, no directory is to list it. Without an `email`, it names no owner.
    """

    title: str
    about: str
    home: str
    address: str
    image: str
    author: str = "audiogen"
    email: str = ""
    hidden: bool = True


@dataclass(frozen=True, slots=True)
class Episode:
    """A track under its title, with the addresses of its page, its file, and the files that belong to it."""

    track: Track
    title: str
    page: str
    sound: str
    cover: str
    chapters: str
    srt: str
    vtt: str


def feed(channel: Channel, episodes: Sequence[Episode]) -> bytes:
    """The feed as XML."""
    for prefix, uri in (("itunes", ITUNES), ("podcast", PODCAST), ("atom", ATOM), ("psc", CHAPTERS)):
        ElementTree.register_namespace(prefix, uri)
    rss = ElementTree.Element("rss", version="2.0")
    within = ElementTree.SubElement(rss, "channel")
    _describe(within, channel, [one.track for one in episodes])
    for one in episodes:
        _episode(ElementTree.SubElement(within, "item"), one)
    ElementTree.indent(rss)
    xml: bytes = ElementTree.tostring(rss, encoding="utf-8", xml_declaration=True)
    return xml


def guid_of(track: Track) -> str:
    """A name for the episode that depends on nothing but its file's name and what happens in it."""
    document = json.dumps([track.name, track.timeline.to_json()], sort_keys=True)
    return f"audiogen:{hashlib.sha256(document.encode()).hexdigest()[:32]}"


def _describe(within: ElementTree.Element, channel: Channel, tracks: Sequence[Track]) -> None:
    add = _adder(within)
    add("title", channel.title)
    add("link", channel.home)
    add("description", channel.about)
    add("language", tracks[0].timeline.language if tracks else "en")
    add("generator", "audiogen")
    if tracks:
        add("lastBuildDate", formatdate(max(track.made_s for track in tracks)))
    image = ElementTree.SubElement(within, "image")
    for key, text in (("url", channel.image), ("title", channel.title), ("link", channel.home)):
        ElementTree.SubElement(image, key).text = legible(text)
    add(f"{{{ATOM}}}link", href=channel.address, rel="self", type="application/rss+xml")
    add(f"{{{ITUNES}}}author", channel.author)
    if channel.email:
        owner = ElementTree.SubElement(within, f"{{{ITUNES}}}owner")
        for key, text in (("name", channel.author), ("email", channel.email)):
            ElementTree.SubElement(owner, f"{{{ITUNES}}}{key}").text = legible(text)
    add(f"{{{ITUNES}}}image", href=channel.image)
    add(f"{{{ITUNES}}}category", text="Health & Fitness")
    add(f"{{{ITUNES}}}explicit", "false")
    if channel.hidden:
        add(f"{{{ITUNES}}}block", "Yes")
    add(f"{{{ITUNES}}}type", "episodic")
    add(f"{{{PODCAST}}}guid", str(uuid5(_FEEDS, channel.address.partition("://")[2])))
    add(f"{{{PODCAST}}}locked", "yes")


def _episode(item: ElementTree.Element, episode: Episode) -> None:
    add = _adder(item)
    track = episode.track
    timeline = track.timeline
    add("title", episode.title)
    add("link", episode.page)
    add("description", _description(track))
    add("guid", guid_of(track), isPermaLink="false")
    add("pubDate", formatdate(track.made_s))
    add("enclosure", url=episode.sound, length=str(track.size_bytes), type=MEDIA_TYPES[track.path.suffix.lower()])
    add(f"{{{ITUNES}}}duration", str(round(timeline.length_ms / 1000)))
    add(f"{{{ITUNES}}}image", href=episode.cover)
    add(f"{{{ITUNES}}}explicit", "false")
    add(f"{{{ITUNES}}}episodeType", "full")
    add(f"{{{PODCAST}}}chapters", url=episode.chapters, type="application/json+chapters")
    chapters = ElementTree.SubElement(item, f"{{{CHAPTERS}}}chapters", version="1.2")
    for one in track.chapters:
        start = f"{format_clock(one.start_ms)}.{one.start_ms % 1000:03}"
        ElementTree.SubElement(chapters, f"{{{CHAPTERS}}}chapter", start=start, title=legible(one.title))
    for url, kind in ((episode.srt, "application/srt"), (episode.vtt, "text/vtt")):
        add(f"{{{PODCAST}}}transcript", url=url, type=kind, language=timeline.language)


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
