"""The whole program in two functions; read this first.

    plan:   routine -> script -> timeline
    render: routine -> script -> clips -> timeline -> blocks -> track -> MP3

`plan` touches no network and loads nothing that makes sound; `render` loads each stage when it gets there.
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from audiogen.blocks import Block, cut
from audiogen.cache import Cache
from audiogen.casting import asked_voice, cast_with_network, cast_without, cast_without_network
from audiogen.clips import recorded_lengths
from audiogen.config import cache_dir
from audiogen.errors import Cancelled, Unreachable
from audiogen.routine import Routine
from audiogen.script import Script, Wording, write_script
from audiogen.timeline import Timeline, build_timeline, settle_wording
from audiogen.voices import Voice, estimate_ms

if TYPE_CHECKING:
    from audiogen.clips import Clips

__all__ = ["Progress", "Rendered", "plan", "render"]

TIMELINE_MIME = "application/vnd.audiogen.timeline+json"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a render is: `done` of `total` cues (speak) or blocks (stitch, encode)."""

    phase: Literal["speak", "stitch", "encode"]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished track. `fallback` says why `auto` took the built-in voice; `sent_to` where the words went."""

    path: Path
    timeline: Timeline
    voice: str
    sent_to: str | None
    cues: int
    spoken: int
    size_bytes: int
    replaced: bool
    fallback: str | None


class Spoken(NamedTuple):
    """How long each text takes, and whether all of these lengths are measured ones."""

    lengths_ms: dict[str, int]
    exact: bool


Speak = Callable[[Sequence[str]], Spoken]


def plan(routine: Routine, *, voice: str | Voice | None = None, cache: Cache | None = None) -> Timeline:
    """When everything in a session happens, as far as it can be known without speaking.

    `voice` is a spec such as "builtin", or a `Voice` of the caller's own. Lengths of texts that are not recorded yet are
    estimated; the timeline's `exact` is then false.

    Raises:
        AudiogenError: a voice that does not exist, or a script that cannot happen in its time.
    """
    store = cache or Cache(cache_dir())
    script = write_script(routine, _guess(routine))
    chosen = cast_without_network(asked_voice(routine, voice), routine, script.texts(), store)

    def speak(texts: Sequence[str]) -> Spoken:
        recorded = recorded_lengths(store, chosen, texts)
        lengths = {text: recorded.get(text) or estimate_ms(text, routine.language) for text in texts}
        return Spoken(lengths, len(recorded) == len(set(texts)))

    return _compose(routine, script, chosen, speak)[1]


def render(
    routine: Routine,
    out: Path,
    *,
    voice: str | Voice | None = None,
    cache: Cache | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> Rendered:
    """Make the track of a routine and write it to `out`, which is replaced only when all is done.

    `progress` is called from the calling thread; `cancel` is looked at for every cue and block.

    Raises:
        Cancelled: `cancel` was set.
        AudiogenError: anything else that kept the track from being made; an earlier file is left as it was.
    """
    store = cache or Cache(cache_dir())
    guess = write_script(routine, _guess(routine))
    spec = asked_voice(routine, voice)
    cast = cast_with_network(spec, routine, guess.texts(), store)
    try:
        made = _speak_and_compose(routine, guess, cast.voice, store, progress, cancel)
    except Unreachable as error:
        if spec != "auto":
            raise
        cast = cast_without(error, routine, store)
        made = _speak_and_compose(routine, guess, cast.voice, store, progress, cancel)
    clips, script, timeline = made
    replaced = out.exists()
    size_bytes = _write(routine, out, timeline, clips, progress, cancel)
    return Rendered(
        path=out,
        timeline=timeline,
        voice=cast.voice.name,
        sent_to=cast.voice.sends_to if clips.spoken else None,
        cues=len(script.texts()),
        spoken=clips.spoken,
        size_bytes=size_bytes,
        replaced=replaced,
        fallback=cast.instead,
    )


# -- words and times settle each other


def _compose(routine: Routine, script: Script, voice: Voice, speak: Speak) -> tuple[Script, Timeline]:
    """The final script and timeline of a session, from a script whose wording is a guess: two passes at most.

    The first pass settles what the words say about the session's lengths; the second freezes these words, and the
    silences absorb the difference.
    """
    for last in (False, True):
        lengths_ms, exact = speak(script.texts())
        timeline = build_timeline(script, lengths_ms, voice=voice.name, exact=exact)
        settled = write_script(routine, settle_wording(timeline))
        if last or settled == script:
            break
        script = settled
    return script, timeline


def _guess(routine: Routine) -> Wording:
    """The wording that estimated lengths lead to; it depends on nothing but the routine."""
    script = write_script(routine, Wording(total_ms=routine.length_ms or 600_000))
    lengths_ms = {text: estimate_ms(text, routine.language) for text in script.texts()}
    return settle_wording(build_timeline(script, lengths_ms, voice=None, exact=False))


def _speak_and_compose(
    routine: Routine,
    guess: Script,
    voice: Voice,
    store: Cache,
    progress: Callable[[Progress], None] | None,
    cancel: threading.Event | None,
) -> tuple["Clips", Script, Timeline]:
    from audiogen import clips as recording

    clips: Clips | None = None

    def report(done: int, total: int) -> None:
        if progress:
            progress(Progress("speak", done, total))

    def speak(texts: Sequence[str]) -> Spoken:
        nonlocal clips
        before = clips.spoken if clips else 0
        clips = recording.record(store, voice, texts, progress=report, cancel=cancel)
        clips.spoken += before
        return Spoken(dict(clips.lengths_ms), True)

    script, timeline = _compose(routine, guess, voice, speak)
    assert clips is not None  # noqa: S101 - _compose speaks at least once
    return clips, script, timeline


# -- the file


def _write(
    routine: Routine,
    out: Path,
    timeline: Timeline,
    clips: "Clips",
    progress: Callable[[Progress], None] | None,
    cancel: threading.Event | None,
) -> int:
    """Encode the session and write it; the file's size in bytes."""
    from audiogen import files, mp3

    encoded = _encoded(cut(timeline), clips, progress, cancel)
    with files.replacing(out) as target:
        mp3.write_mp3(target, _tag(routine, timeline), encoded, timeline.length_ms)
        return target.tell()


def _encoded(
    blocks: Sequence[Block],
    clips: "Clips",
    progress: Callable[[Progress], None] | None,
    cancel: threading.Event | None,
) -> Iterator[tuple[int, bytes]]:
    """The first frame and the frames of each block; equal blocks are made once."""
    from audiogen import mp3, track

    made: dict[tuple[object, ...], bytes] = {}
    for done, block in enumerate(blocks, start=1):
        if cancel and cancel.is_set():
            raise Cancelled
        what = (block.frames, block.sounds)
        if what not in made:
            made[what] = mp3.encode_block(track.stitch(block, clips))
        yield block.first_frame, made[what]
        if progress:
            progress(Progress("encode", done, len(blocks)))


def _chapters(timeline: Timeline) -> Iterator[tuple[int, int, str]]:
    """Start, end and title of each chapter, contiguous: one for the opening, one for each visit to an exercise."""
    starts: list[tuple[int, str]] = [(0, timeline.title)]
    visit: tuple[int | None, int | None] = (0, None)
    for event in timeline.tiles():
        if event.exercise and (event.exercise, event.round) != visit:
            visit = (event.exercise, event.round)
            starts.append((event.start_ms, f"{event.exercise} {timeline.exercises[event.exercise - 1].name}"))
    ends = [start_ms for start_ms, _ in starts[1:]] + [timeline.length_ms]
    for (start_ms, title), end_ms in zip(starts, ends, strict=True):
        yield start_ms, end_ms, title


def _tag(routine: Routine, timeline: Timeline) -> bytes:
    from audiogen import tags

    document = json.dumps(timeline.to_json(), ensure_ascii=False, separators=(",", ":")).encode()
    return tags.id3(
        tags.Tag(
            title=timeline.title,
            language=timeline.language,
            length_ms=timeline.length_ms,
            artist=routine.artist,
            album=routine.album,
            date=routine.date,
            chapters=tuple(tags.Chapter(*chapter) for chapter in _chapters(timeline)),
            attachments=(tags.Attachment(TIMELINE_MIME, "timeline.json", "audiogen timeline", document),),
        )
    )
