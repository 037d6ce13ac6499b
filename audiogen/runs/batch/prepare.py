"""Prepare rows: what is rendered and by which voice; and record all their words, each once.

Row -> Ready (voice, key, words);   all Ready -> clips on disk
"""

import contextlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from audiogen import session
from audiogen.clips import record, recorded_lengths
from audiogen.clips.choose_voice import choose_builtin, choose_online, refuse_missing, requested_voice, words_of
from audiogen.errors import AudiogenError, Cancelled, Problem, TableError, Unreachable, VoiceError
from audiogen.export.formats import require_room
from audiogen.routine.model import Routine
from audiogen.routine.voice_spec import AUTO, VoiceSpec
from audiogen.runs.batch.job import Job
from audiogen.runs.batch.table import Row
from audiogen.session import Progress
from audiogen.storage.cache import Cache, key_of, version_of
from audiogen.storage.config import source_date
from audiogen.timeline.compose import Draft, draft, least_length_ms
from audiogen.track.music import find_music
from audiogen.track.tones.own import own_sounds
from audiogen.voices import Voice

SAME_FAILURES = 3  # rows in succession that cannot be recorded: no further request is made


@dataclass(slots=True)
class Ready:
    """A row whose overrides fit, and the voice that speaks it; `auto` may still choose another voice."""

    row: Row
    draft: Draft
    voice: Voice
    spec: VoiceSpec | Voice

    @property
    def auto(self) -> bool:
        return self.spec == AUTO

    @property
    def key(self) -> str:
        """Everything that determines the track: the same key means the same track."""
        said = [_said(self.voice, text) for text in self.draft.script.texts()]
        return key_of(
            audiogen=version_of("audiogen"),
            encoder=version_of("lameenc"),
            routine=repr(self.draft.routine),  # every field except the place of its file
            voice=self.voice.name,
            said="\n".join(said),
            files=" ".join(_states(self.draft.routine)),
            date=source_date() or "",
        )

    @property
    def named(self) -> str:
        """The spec with which any process opens the voice."""
        return self.voice.name if self.auto and self.draft.script.texts() else str(self.spec)

    def job(self, folder: Path, *, elsewhere: bool) -> Job:
        """Return the job of this row; `elsewhere` means without the user's config file and environment."""
        row, routine = self.row, self.row.routine
        if elsewhere:
            included = {"pronounce": words_of(routine), "date": routine.date or source_date()}
            routine = routine.model_copy(update=included)
        return Job(row.number, routine, row.overrides, self.named, folder / row.out)

    def plan(self, store: Cache) -> tuple[str, ...]:
        """Return the words that are spoken in the end, as far as they are known now.

        Raises: AudiogenError if the session does not fit its time.
        """
        planned = session.plan(self.row.routine, overrides=self.row.overrides, voice=self.named, cache=store)
        return tuple(
            dict.fromkeys(event.text for event in planned.timeline.events if event.kind == "say" and event.text)
        )


def prepare(rows: Sequence[Row], store: Cache) -> tuple[Ready, ...]:
    """Choose who speaks each row; `auto` takes one voice for all rows of a language, and asks the network once.

    Raises:
        TableError: overrides that do not fit together, voices that do not exist or lack words; all of them at once.
    """
    drafts: dict[int, Draft] = {}
    mistakes: dict[tuple[Problem, ...], list[Row]] = {}
    for row in rows:
        try:
            one = draft(row.routine, row.overrides, partial(own_sounds, store))
            if one.routine.music is not None:
                find_music(one.routine.music, row.out, store)
            require_room(row.out, 1 if one.routine.music is None else 2, least_length_ms(one))
            drafts[row.number] = one
        except AudiogenError as error:
            mistakes.setdefault(error.problems, []).append(row)
    drafted = [row for row in rows if row.number in drafts]
    automatic = _automatic(drafted, drafts, store)
    found: list[Ready] = []
    for row in drafted:
        one, spec = drafts[row.number], requested_voice(row.routine, row.voice)
        texts = one.script.texts()
        try:
            named = automatic[one.routine.language] if spec == AUTO else spec
            voice = choose_online(named, one.routine, texts, store).voice
            refuse_missing(voice, texts)
        except AudiogenError as error:
            mistakes.setdefault(error.problems, []).append(row)
        else:
            found.append(Ready(row, one, voice, spec))
    if mistakes:
        placed = (TableError(*problems).within(_places(where)).args for problems, where in mistakes.items())
        raise TableError(*chain.from_iterable(placed))
    return tuple(found)


def _automatic(rows: Sequence[Row], drafts: dict[int, Draft], store: Cache) -> dict[str, VoiceSpec]:
    """Return the voice that `auto` chooses for each language; "auto" if it finds none, which is reported later."""
    texts: dict[str, dict[str, None]] = {}
    routines: dict[str, Routine] = {}
    for row in rows:
        one = drafts[row.number]
        if requested_voice(row.routine, row.voice) == AUTO:
            texts.setdefault(one.routine.language, {}).update(dict.fromkeys(one.script.texts()))
            routines.setdefault(one.routine.language, one.routine)
    found: dict[str, VoiceSpec] = {}
    for language, routine in routines.items():
        found[language] = AUTO
        with contextlib.suppress(VoiceError):
            if texts[language]:
                voice = choose_online(AUTO, routine, tuple(texts[language]), store).voice
                found[language] = VoiceSpec.parse(voice.name)
    return found


def _places(rows: Sequence[Row]) -> str:
    """ "clients.csv, row 7", "clients.csv, rows 2, 3 and 12 more"."""
    numbers = [str(row.number) for row in rows]
    if len(numbers) > 5:
        numbers = [", ".join(numbers[:4]), f"{len(numbers) - 4} more"]
    listed = f"{', '.join(numbers[:-1])} and {numbers[-1]}" if len(numbers) > 1 else numbers[0]
    return f"{rows[0].table}, row{'s' if len(rows) > 1 else ''} {listed}"


def _said(voice: Voice, text: str) -> str:
    """All that a voice makes of a text depends on."""
    return json.dumps([dict(voice.key_of(text)), voice.delivery(text).key], sort_keys=True)


def _states(routine: Routine) -> Iterator[str]:
    """Yield the user's own music and tones, each with its size and the time of its last change."""
    for path in routine.sound_files:
        with contextlib.suppress(OSError):  # reported when it is needed
            found = path.stat()
            yield f"{path.name}:{found.st_size}:{found.st_mtime_ns}"


# -- words


class Speaking:
    """Record the words of many rows, those of one voice together; `spoken` of them were not cached."""

    def __init__(self, store: Cache, report: Callable[[Progress], None], cancel: threading.Event) -> None:
        self.spoken = 0
        self.sent_to: str | None = None
        self._store = store
        self._report = report
        self._cancel = cancel

    def record_all(self, wanted: Sequence[Ready]) -> dict[int, AudiogenError]:
        """Record every word of all rows once; returns the errors of rows that cannot be recorded, by their numbers.

        The words known from the routines come first; their lengths then determine the others.

        Raises: Cancelled.
        """
        failed = self._record((ready, ready.draft.script.texts()) for ready in wanted)
        settled: list[tuple[Ready, tuple[str, ...]]] = []
        for ready in wanted:
            if self._cancel.is_set():
                raise Cancelled
            if ready.row.number not in failed:
                try:
                    settled.append((ready, ready.plan(self._store)))
                except AudiogenError as error:
                    failed[ready.row.number] = error
        return failed | self._record(settled)

    def _record(self, wanted: Iterable[tuple[Ready, tuple[str, ...]]]) -> dict[int, AudiogenError]:
        """Record these texts; returns the errors of rows that cannot be recorded, by their numbers."""
        voices: dict[str, list[tuple[Ready, tuple[str, ...]]]] = {}
        for ready, texts in wanted:
            if texts:
                kind = _said(ready.voice, "Ready.")
                voices.setdefault(kind, []).append((ready, texts))
        failed: dict[int, AudiogenError] = {}
        for rows in voices.values():
            failed |= self._record_together(rows)
        return failed

    def _record_together(self, rows: list[tuple[Ready, tuple[str, ...]]]) -> dict[int, AudiogenError]:
        """Record the rows of one voice together, or else each by itself, so that a bad line fails only its own rows."""
        try:
            self._record_texts(rows[0][0].voice, tuple(text for _, texts in rows for text in texts))
        except Unreachable as error:
            automatic = [one for one in rows if one[0].auto]
            failed: dict[int, AudiogenError] = {
                ready.row.number: error for ready, texts in rows if not ready.auto and self._lacks(ready, texts)
            }
            for ready, _ in automatic:
                try:
                    ready.voice = choose_builtin(error, ready.draft.routine, self._store).voice
                except VoiceError as refusal:
                    failed[ready.row.number] = refusal
            return failed | self._record(one for one in automatic if one[0].row.number not in failed)
        except VoiceError:
            return self._record_each(rows)
        return {}

    def _record_each(self, rows: list[tuple[Ready, tuple[str, ...]]]) -> dict[int, AudiogenError]:
        failed: dict[int, AudiogenError] = {}
        in_a_row: list[AudiogenError] = []
        for ready, texts in rows:
            if len(in_a_row) >= SAME_FAILURES and self._lacks(ready, texts):
                failed[ready.row.number] = in_a_row[-1]
                continue
            try:
                self._record_texts(ready.voice, texts)
            except VoiceError as error:
                failed[ready.row.number] = error
                in_a_row.append(error)
            else:
                in_a_row.clear()
        return failed

    def _record_texts(self, voice: Voice, texts: Sequence[str]) -> None:
        def report(done: int, total: int) -> None:
            self.spoken += bool(done)
            self.sent_to = voice.sends_to or self.sent_to
            self._report(Progress("speak", done, total))

        record(self._store, voice, texts, report, self._cancel)

    def _lacks(self, ready: Ready, texts: Sequence[str]) -> bool:
        return len(recorded_lengths(self._store, ready.voice, texts)) < len(set(texts))
