"""Preview one line, one exercise or one passage of a session.

    request + line -> MP3;   request + exercise or passage -> MP3, and the part of it to play

The files are in a temporary folder that is deleted with the studio; their clips are cached, so that the render reuses
them.
"""

import hashlib
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiogen import session
from audiogen.clips import record
from audiogen.clips.choose_voice import choose_builtin, choose_online, refuse_missing, requested_voice
from audiogen.errors import Problem, RoutineError, Unreachable
from audiogen.routine.model import Group, Routine
from audiogen.routine.voice_spec import AUTO
from audiogen.session.report import where_sent
from audiogen.session.say import write_sound
from audiogen.storage.cache import Cache
from audiogen.storage.files import replacing
from audiogen.studio.request import SessionRequest
from audiogen.studio.voices import speaker
from audiogen.timeline.compose import draft

_SILENT = {"before": (), "caution": (), "after": (), "equipment": ()}


@dataclass(frozen=True, slots=True)
class Preview:
    """A file to play from `start_ms` to `end_ms`; `speaker` says who speaks, and where the words were sent."""

    path: Path
    start_ms: int
    end_ms: int
    speaker: str

    def document(self) -> dict[str, Any]:
        """Return what the page plays."""
        return {
            "url": f"previews/{self.path.name}",
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "speaker": self.speaker,
        }


def preview_line(
    requested: SessionRequest, routine: Routine, text: str, folder: Path, store: Cache, cancel: threading.Event
) -> Preview:
    """Speak one line of the session in its voice.

    Raises:
        RoutineError: the session has no such line; nothing else is spoken.
        AudiogenError: the voice cannot speak it.
    """
    timeline = session.plan(routine, overrides=requested.overrides, voice=requested.voice, cache=store).timeline
    if text not in {event.text for event in timeline.events if event.kind == "say"}:
        raise RoutineError(Problem("studio.unspoken-line"))
    return speak_line(requested, routine, text, folder, store, cancel)


def speak_line(
    requested: SessionRequest, routine: Routine, text: str, folder: Path, store: Cache, cancel: threading.Event
) -> Preview:
    """Speak a line in the voice of the session, whether it is one of its lines or not.

    Raises:
        AudiogenError: the voice cannot speak it.
    """
    begun = draft(routine, requested.overrides)
    asked = requested_voice(routine, requested.voice)
    cast = choose_online(asked, begun.routine, (*begun.script.texts(), text), store)
    refuse_missing(cast.voice, [text])
    try:
        clips = record(store, cast.voice, [text], cancel=cancel)
    except Unreachable as error:
        if asked != AUTO:
            raise
        cast = choose_builtin(error, begun.routine, store)
        clips = record(store, cast.voice, [text], cancel=cancel)
    path = folder / f"{_key(requested, text, cast.voice.name)}.mp3"
    with replacing(path) as file:
        write_sound(file, clips.pcm(text), clips.lengths_ms[text], ".mp3")
    sent_to = cast.voice.sends_to if clips.spoken else None
    return Preview(path, 0, clips.lengths_ms[text], _speaker(cast.voice.name, sent_to))


def preview_item(
    requested: SessionRequest, routine: Routine, slug: str, folder: Path, store: Cache, cancel: threading.Event
) -> Preview:
    """Render one exercise or passage as in the session, once, without its number and round.

    Raises:
        RoutineError: the session has none with this slug.
        AudiogenError: it cannot be rendered.
    """
    if slug not in {one.slug for one in routine.inside}:
        raise RoutineError(Problem("studio.unknown-exercise"))
    alone = {name: values for name, values in requested.overrides.items() if name not in ("only", "skip", "from")}
    overrides = {**alone, "only": [slug], "length": ["none"], "rounds": ["1"]}
    path = folder / f"{_key(requested, slug)}.mp3"
    rendered = session.render(
        _alone(routine), path, overrides=overrides, voice=requested.voice, cache=store, cancel=cancel
    )
    own = [event for event in rendered.timeline.tiles() if event.place.exercise or event.place.passage]
    within = [event for event in own if event.role != "transition"]
    return Preview(path, within[0].start_ms, within[-1].end_ms, _speaker(rendered.voice, rendered.sent_to))


def _speaker(voice: str | None, sent_to: str | None) -> str:
    return f"{speaker(voice) if voice else 'No voice'}. {where_sent(sent_to)}"


def _alone(routine: Routine) -> Routine:
    """Return the routine with only the words of its exercises, each of which comes up once."""
    once = tuple(one.model_copy(update={"rounds": 1}) if isinstance(one, Group) else one for one in routine.exercises)
    return routine.model_copy(update={**_SILENT, "exercises": once})


def _key(requested: SessionRequest, *parts: str) -> str:
    """Return the name of the file, the same for the same request."""
    said = json.dumps([requested.routine, requested.query, *parts])
    return hashlib.sha256(said.encode()).hexdigest()[:24]
