"""What a track says about itself, whatever its format.

    Routine, as it was rendered, + Timeline -> Tag

The routine goes along as a file that makes the same track again: overrides are part of it, and so are the voice that
spoke and the words that the user's configuration has said in another way. Of files outside only names are stored, never
where they lie on this machine.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from audiogen.clips.choose_voice import words_of
from audiogen.durations import format_clock
from audiogen.export.extract import ROUTINE_ATTACHMENT
from audiogen.export.id3 import Attachment, Tag
from audiogen.phrases import load_phrases
from audiogen.routine.dump import routine_text
from audiogen.routine.model import Routine
from audiogen.routine.portable import with_portable_sounds
from audiogen.routine.voice_spec import VoiceSpec
from audiogen.storage.config import source_date
from audiogen.timeline.model import ATTACHMENT, Timeline
from audiogen.views.chapters import chapters_of
from audiogen.views.lyrics import lines_of, whole_text

ARTIST = "audiogen"  # where the routine names none: without one, players write "unknown artist"
_TIMELINE_MIME = "application/vnd.audiogen.timeline+json"
_ROUTINE_MIME = "application/yaml"


def label_of(
    routine: Routine,
    timeline: Timeline,
    *,
    voice: VoiceSpec | None,
    track: tuple[int, int] | None = None,
    cover: bytes | None = None,
) -> Tag:
    """The tag of a track.

    `routine` has its overrides; `voice` is the spec by which the voice was asked for, None for a caller's own.

    Raises:
        AudiogenError: a date in the environment, or a config file, that cannot be read.
    """
    date = routine.date or source_date()
    document = json.dumps(timeline.to_json(), ensure_ascii=False, separators=(",", ":")).encode()
    carried = _Carried(routine, timeline, voice, date)
    return Tag(
        title=timeline.title,
        language=timeline.language,
        length_ms=timeline.length_ms,
        artist=routine.artist or ARTIST,
        album=routine.album,
        track=track,
        date=date,
        comment=load_phrases(timeline.language).written("comment", length=format_clock(timeline.length_ms)),
        lyrics=whole_text(timeline),
        lines=tuple((line.start_ms, line.text) for line in lines_of(timeline)),
        chapters=chapters_of(timeline),
        cover=cover,
        attachments=(
            Attachment(_TIMELINE_MIME, "timeline.json", ATTACHMENT, document),
            Attachment(_ROUTINE_MIME, "routine.yaml", ROUTINE_ATTACHMENT, carried.text().encode()),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Carried:
    """The routine inside the track."""

    routine: Routine
    timeline: Timeline
    voice: VoiceSpec | None
    date: str | None

    def text(self) -> str:
        length = format_clock(self.timeline.length_ms)
        head = [f"The session of this track, {length}. Render it to make the track again."]
        if files := list(self._files()):
            head.append(f"It needs beside it, since the track does not hold it: {', '.join(files)}")
        spoken_by, fill = self._spoken_by(), self.routine.fill
        values = {
            "voice": spoken_by and spoken_by.portable(),
            "fill": fill and fill.portable(),
            "music": self.routine.music and self.routine.music.name,
            "sounds": self.routine.sounds.portable(),
            "date": self.date,
            "pronounce": self._words(),
        }
        return routine_text(with_portable_sounds(self.routine).model_copy(update=values), head)

    def _spoken_by(self) -> VoiceSpec | None:
        """The voice that spoke, as a routine names it."""
        if self.voice is None or self.timeline.voice is None:
            return self.routine.voice
        return self.voice if self.voice.file else VoiceSpec.parse(self.timeline.voice)

    def _words(self) -> dict[str, str]:
        """How words are said: the routine's own list, and of the config file's what occurs."""
        said = "\n".join(event.text or "" for event in self.timeline.events).casefold()
        words = words_of(self.routine).items()
        return {word: sound for word, sound in words if word in self.routine.pronounce or word.casefold() in said}

    def _files(self) -> Iterator[str]:
        for spec in (self._spoken_by(), self.routine.fill):
            if spec and spec.file:
                yield spec.file.name
        yield from dict.fromkeys(path.name for path in self.routine.sound_files)
