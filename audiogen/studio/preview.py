"""Something to hear before all is rendered: one line, or one exercise.

    wishes + line -> MP3;   wishes + exercise -> MP3, and the stretch of it to play

Files lie in a temporary folder that goes with the studio; the clips they are made of are kept in the cache, so that
the render needs them no second time.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from audiogen import session
from audiogen.clips import record
from audiogen.clips.choose_voice import asked_voice, cast_with_network, cast_without, refuse_missing
from audiogen.errors import RoutineError, Unreachable
from audiogen.routine import AUTO, Rounds, Routine
from audiogen.session.say import write_sound
from audiogen.storage.cache import Cache
from audiogen.storage.files import replacing
from audiogen.studio.request import Wishes
from audiogen.timeline.compose import draft

__all__ = ["Heard", "hear_exercise", "hear_line"]

_SILENT = {"before": (), "caution": (), "after": (), "equipment": ()}


@dataclass(frozen=True, slots=True)
class Heard:
    """A file to play from `start_ms` to `end_ms`; `told` says who speaks, and who got the words."""

    path: Path
    start_ms: int
    end_ms: int
    told: str


def hear_line(wishes: Wishes, routine: Routine, text: str, folder: Path, store: Cache) -> Heard:
    """One line of the session in its voice.

    Raises:
        RoutineError: the session has no such line: only what it says is spoken, whoever asks.
        AudiogenError: the voice cannot speak it.
    """
    timeline = session.plan(routine, overrides=wishes.overrides, voice=wishes.voice, cache=store).timeline
    if text not in {event.text for event in timeline.events if event.kind == "say"}:
        raise RoutineError("This line is no longer said in the session; choose another one.")
    begun = draft(routine, wishes.overrides)
    wished = asked_voice(routine, wishes.voice)
    cast = cast_with_network(wished, begun.routine, (*begun.script.texts(), text), store)
    refuse_missing(cast.voice, [text])
    try:
        clips = record(store, cast.voice, [text])
    except Unreachable as error:
        if wished != AUTO:
            raise
        cast = cast_without(error, begun.routine, store)
        clips = record(store, cast.voice, [text])
    path = folder / f"{_key(wishes, text, cast.voice.name)}.mp3"
    with replacing(path) as file:
        write_sound(file, clips.pcm(text), clips.lengths_ms[text], ".mp3")
    sent = f"; the words went to {cast.voice.sends_to}" if clips.spoken and cast.voice.sends_to else ""
    return Heard(path, 0, clips.lengths_ms[text], f"{cast.voice.name}{sent}")


def hear_exercise(wishes: Wishes, routine: Routine, slug: str, folder: Path, store: Cache) -> Heard:
    """One exercise as it is in the session, once and without its number and round, rendered by itself.

    Raises:
        RoutineError: the session has no such exercise.
        AudiogenError: it cannot be rendered.
    """
    if slug not in {exercise.slug for exercise in routine.flat}:
        raise RoutineError("There is no such exercise in this routine.")
    alone = {name: values for name, values in wishes.overrides.items() if name not in ("only", "skip", "from")}
    overrides = {**alone, "only": [slug], "length": ["none"], "rounds": ["1"]}
    path = folder / f"{_key(wishes, slug)}.mp3"
    rendered = session.render(_alone(routine), path, overrides=overrides, voice=wishes.voice, cache=store)
    within = [event for event in rendered.timeline.tiles() if event.place.exercise and event.role != "transition"]
    sent = f"; the words went to {rendered.sent_to}" if rendered.sent_to else ""
    return Heard(path, within[0].start_ms, within[-1].end_ms, f"{rendered.voice}{sent}")


def _alone(routine: Routine) -> Routine:
    """A routine of which one exercise is to be heard: no words but those of exercises, each of which comes up once."""
    once = tuple(one.model_copy(update={"rounds": 1}) if isinstance(one, Rounds) else one for one in routine.exercises)
    return routine.model_copy(update={**_SILENT, "exercises": once})


def _key(wishes: Wishes, *parts: str) -> str:
    """A name for the file: the same for the same wishes."""
    said = json.dumps([wishes.routine, wishes.query, *parts])
    return hashlib.sha256(said.encode()).hexdigest()[:24]
