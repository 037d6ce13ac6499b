"""The whole program in two functions; read this first.

    plan:   routine -> script -> timeline
    render: routine -> script -> clips -> timeline -> blocks -> track -> MP3

`plan` touches no network and loads nothing that makes sound; `render` loads each stage when it gets there.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from audiogen.clips import recorded_lengths
from audiogen.clips.choose_voice import (
    asked_voice,
    cast_with_network,
    cast_without,
    cast_without_network,
    not_recorded,
    refuse_missing,
)
from audiogen.errors import Unreachable
from audiogen.routine import Routine, require_music
from audiogen.routine.overrides import Overrides
from audiogen.script import Script
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir, cache_limit_bytes
from audiogen.timeline.compose import Draft, Spoken, compose, draft, least_length_ms
from audiogen.timeline.model import Timeline
from audiogen.track.tones.own import own_sounds
from audiogen.voices import Loading, Selective, Voice, estimate_ms

if TYPE_CHECKING:
    from audiogen.clips import Clips

__all__ = ["Progress", "Rendered", "plan", "render"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a render is: `done` of `total` cues (speak) or blocks (stitch, encode); of many, sessions (render)."""

    phase: Literal["speak", "stitch", "encode", "render"]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished track.

    `voice` is None where nobody speaks, `sent_to` says where the words went, `fallback` why `auto` took the built-in
    voice, `filled` which cues another voice spoke because they were not recorded. `made` of `blocks` had to be encoded:
    the others were kept, or sound like one of these. The timeline's notices are what the user should know.
    """

    path: Path
    timeline: Timeline
    voice: str | None
    sent_to: str | None
    cues: int
    spoken: int
    size_bytes: int
    replaced: bool
    warning: str | None  # what went wrong beside the track: nothing could be kept
    fallback: str | None
    filled: tuple[str, ...] = ()
    blocks: int = 0
    made: int = 0


def plan(
    routine: Routine,
    *,
    overrides: Overrides | None = None,
    voice: str | Voice | None = None,
    cache: Cache | None = None,
) -> Timeline:
    """When everything in a session happens, as far as it can be known without speaking.

    `overrides` are those of `customise`, by setting: {"hold": ["double-v=45s"], "length": "12m"}.
    `voice` is a spec such as "builtin", or a `Voice` of the caller's own, which sees to its speed itself. Lengths of
    texts that are not recorded yet are estimated; the timeline's `exact` is then false.

    Raises:
        AudiogenError: a voice or a file of sound that does not exist, or a script that cannot happen in its time.
    """
    store = cache or Cache(cache_dir())
    begun = draft(routine, overrides, partial(own_sounds, store))
    require_music(begun.routine.music)
    chosen = cast_without_network(asked_voice(routine, voice), begun.routine, begun.script.texts(), store)

    def speak(texts: Sequence[str]) -> Spoken:
        recorded = recorded_lengths(store, chosen, texts)
        speed = begun.routine.speed
        lengths_ms = {text: recorded.get(text) or estimate_ms(text, routine.language, speed) for text in texts}
        return Spoken(lengths_ms, len(recorded) == len(texts))

    timeline = compose(begun, chosen.name, speak)[1]
    missing = not_recorded(chosen, timeline)
    if missing and not begun.routine.fill:
        told = f"Lines that are not recorded yet: {len(missing)}. audiogen cues lists all lines to record."
        return replace(timeline, notices=(*timeline.notices, told))
    return timeline


def render(
    routine: Routine,
    out: Path,
    *,
    overrides: Overrides | None = None,
    voice: str | Voice | None = None,
    cache: Cache | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    track: tuple[int, int] | None = None,
    cores: int | None = None,
    once: bool = False,
) -> Rendered:
    """Make the track of a routine and write it to `out`, which is replaced only when all is done.

    The end of its name tells the format (`formats.FORMATS`); what is lacking for it is said before anything is spoken.
    `progress` is called from the calling thread; `cancel` is looked at for every cue and block. `track` is its number
    among how many, for the tags. Blocks are made on so many `cores`, or on all. `once` says that nothing else will be
    rendered: the voice then gives its memory back as soon as it has spoken.

    Raises:
        Cancelled: `cancel` was set.
        AudiogenError: anything else that kept the track from being made; an earlier file is left as it was.
    """
    from audiogen.export import formats, write
    from audiogen.export.cover import cover
    from audiogen.export.metadata import label_of
    from audiogen.storage import files
    from audiogen.track.music import find_music

    formats.require(out)
    store = cache or Cache(cache_dir(), cache_limit_bytes())
    begun = draft(routine, overrides, partial(own_sounds, store))
    if begun.routine.music is not None:
        find_music(begun.routine.music, out, store)
    formats.require_room(out, 1 if begun.routine.music is None else 2, least_length_ms(begun))
    wished = asked_voice(routine, voice)
    cast = cast_with_network(wished, begun.routine, begun.script.texts(), store)
    try:
        clips, script, timeline = _spoken(begun, cast.voice, store, progress, cancel)
    except Unreachable as error:
        if wished != "auto":
            raise
        cast = cast_without(error, begun.routine, store)
        clips, script, timeline = _spoken(begun, cast.voice, store, progress, cancel)
    if once and isinstance(cast.voice, Loading):
        cast.voice.rest()
    filled = not_recorded(cast.voice, timeline)
    replaced = files.exists(out)
    spec = wished if isinstance(wished, str) else None
    tag = label_of(begun.routine, timeline, voice=spec, track=track, cover=cover(timeline, store))
    job = write.Job(out, timeline, tag, begun.routine.bitrate, begun.routine.music, cores)
    written = write.write(job, clips, store, _reporting("encode", progress), cancel)
    store.trim()
    return Rendered(
        path=out,
        timeline=replace(timeline, notices=(*timeline.notices, *job.notices)),
        voice=timeline.voice,
        sent_to=cast.voice.sends_to if clips.spoken and (filled or not isinstance(cast.voice, Selective)) else None,
        cues=len(script.texts()),
        spoken=clips.spoken,
        size_bytes=written.size_bytes,
        replaced=replaced,
        warning=store.warning,
        fallback=cast.instead,
        filled=filled,
        blocks=written.blocks,
        made=written.made,
    )


def _spoken(
    begun: Draft,
    voice: Voice,
    store: Cache,
    progress: Callable[[Progress], None] | None,
    cancel: threading.Event | None,
) -> tuple["Clips", Script, Timeline]:
    """Speak a draft and compose it."""
    from audiogen.clips import Clips, record

    clips = Clips(store, voice, {}, begun.routine.loudness)
    report = _reporting("speak", progress)

    def speak(texts: Sequence[str]) -> Spoken:
        refuse_missing(voice, texts)
        record(store, voice, texts, report, cancel, clips)
        return Spoken(clips.lengths_ms, True)

    return clips, *compose(begun, voice.name, speak)


def _reporting(
    phase: Literal["speak", "encode"], progress: Callable[[Progress], None] | None
) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        if progress:
            progress(Progress(phase, done, total))

    return report
