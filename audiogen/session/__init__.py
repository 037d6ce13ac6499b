"""The whole program in two functions; read this first.

    plan:   routine -> script -> timeline
    render: routine -> script -> clips -> timeline -> blocks -> track -> MP3

`plan` touches no network and loads nothing that makes sound; `render` loads each stage when it gets there.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Literal

from audiogen.clips.choose_voice import requested_voice
from audiogen.errors import Notice, Problem
from audiogen.routine.model import Routine
from audiogen.routine.overrides import Overrides
from audiogen.routine.voice_spec import VoiceSpec
from audiogen.session.report import RenderReport, not_cached
from audiogen.session.speech import foreseen, spoken
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir, cache_limit_bytes
from audiogen.timeline.compose import Plan, draft, least_length_ms
from audiogen.timeline.model import Timeline
from audiogen.track.tones.own import own_sounds
from audiogen.voices import Selective, Voice

__all__ = ["Plan", "Progress", "Rendered", "plan", "render"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a render is: `done` of `total` cues (speak), blocks (encode) or, of many, sessions (render)."""

    phase: Literal["speak", "encode", "render"]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished track.

    `sent_to` says where the words went, `fallback` why `auto` took the built-in voice, `filled` which cues another
    voice spoke because they were not recorded. `made` of `blocks` had to be encoded: the others were cached, or sound
    like one of these. `notices` are those of the plan and of the format.
    """

    path: Path
    plan: Plan
    sent_to: str | None
    spoken: int
    size_bytes: int
    replaced: bool
    notices: tuple[Problem, ...]
    warning: Notice | None  # what went wrong next to the track: nothing could be cached
    fallback: Notice | None
    filled: tuple[str, ...] = ()
    blocks: int = 0
    made: int = 0

    @property
    def timeline(self) -> Timeline:
        return self.plan.timeline

    @property
    def voice(self) -> str | None:
        """Who speaks; None where nobody does."""
        return self.timeline.voice

    @property
    def cues(self) -> int:
        return len(self.plan.script.texts())

    def report(self) -> RenderReport:
        """What became of it, for people and for programs."""
        return RenderReport(
            path=self.path,
            length_ms=self.plan.length_ms,
            size_bytes=self.size_bytes,
            voice=self.voice,
            sent_to=self.sent_to,
            fallback=str(self.fallback) if self.fallback else None,
            warning=str(self.warning) if self.warning else None,
            filled=self.filled,
            cues=self.cues,
            spoken=self.spoken,
            blocks=self.blocks,
            made=self.made,
            replaced=self.replaced,
            notices=tuple(map(str, self.notices)),
        )


def plan(
    routine: Routine,
    *,
    overrides: Overrides | None = None,
    voice: str | Voice | None = None,
    cache: Cache | None = None,
) -> Plan:
    """When everything in a session happens, as far as it can be known without speaking.

    `overrides` are those of `customise`, by setting: {"hold": ["double-v=45s"], "length": "12m"}.
    `voice` is a spec such as "builtin", or a `Voice` of the caller's own, which sees to its speed itself. Lengths of
    texts that are not recorded yet are estimated; the plan's `exact` is then false.

    Raises:
        AudiogenError: a voice or a file of sound that does not exist, or a script that cannot happen in its time.
    """
    store = cache or Cache(cache_dir())
    begun = draft(routine, overrides, partial(own_sounds, store))
    if begun.routine.music is not None:
        begun.routine.music.require()
    return replace(foreseen(begun, requested_voice(routine, voice), store), voice=voice)


def render(
    session: Routine | Plan,
    out: str | PathLike[str],
    *,
    overrides: Overrides | None = None,
    voice: str | Voice | None = None,
    cache: Cache | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    track: tuple[int, int] | None = None,
    cores: int | None = None,
) -> Rendered:
    """Render a routine, or what was planned of one, to `out`, which is replaced only when all is done.

    Its suffix decides the format (`formats.FORMATS`); what is missing for it is reported before anything is
    spoken. A plan has its overrides already, and its voice unless another one is given.
    `progress` is called from the calling thread; `cancel` is looked at for every cue and block. `track` is its number
    among how many, for the tags. Blocks are encoded on so many `cores`, or on all.

    Raises:
        Cancelled: `cancel` was set.
        AudiogenError: anything else that kept the track from being rendered; an earlier file is left as it was.
    """
    from audiogen.export import formats, write
    from audiogen.export.cover import cover
    from audiogen.export.metadata import label_of
    from audiogen.storage import files
    from audiogen.track.music import find_music
    from audiogen.track.noise_floor import bed_pcm

    out = Path(out)
    formats.require(out)
    files.refuse_what_must_stay(out)
    store = cache or Cache(cache_dir(), cache_limit_bytes())
    if isinstance(session, Plan):
        if overrides:
            raise TypeError("A plan has its overrides already; give them to plan().")
        begun, voice = session.draft, session.voice if voice is None else voice
    else:
        begun = draft(session, overrides, partial(own_sounds, store))
    if begun.routine.music is not None:
        find_music(begun.routine.music, out, store)
    formats.require_room(out, 1 if begun.routine.music is None else 2, least_length_ms(begun))
    if begun.routine.silence == "bed" and begun.routine.music is None:
        bed_pcm(store)  # computed before the engine of a voice takes up memory

    asked = requested_voice(begun.written, voice)
    said = spoken(begun, asked, store, _reporting("speak", progress), cancel)
    speaker, timeline = said.cast.voice, said.plan.timeline
    spec = asked if isinstance(asked, VoiceSpec) else None
    tag = label_of(begun.routine, timeline, voice=spec, track=track, cover=cover(timeline, store))
    job = write.Job(out, timeline, tag, begun.routine.bitrate, begun.routine.music, cores)
    replaced = files.exists(out)
    written = write.write(job, said.clips, store, _reporting("encode", progress), cancel)
    store.trim()
    heard_outside = said.clips.spoken and (said.filled or not isinstance(speaker, Selective))
    return Rendered(
        path=out,
        plan=said.plan,
        sent_to=speaker.sends_to if heard_outside else None,
        spoken=said.clips.spoken,
        size_bytes=written.size_bytes,
        replaced=replaced,
        notices=(*said.plan.notices, *job.notices),
        warning=not_cached(store),
        fallback=said.cast.fallback,
        filled=said.filled,
        blocks=written.blocks,
        made=written.made,
    )


def _reporting(
    phase: Literal["speak", "encode"], progress: Callable[[Progress], None] | None
) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        if progress:
            progress(Progress(phase, done, total))

    return report
