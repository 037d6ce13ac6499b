"""A set of tones -> a WAV file in which each of them is heard, to choose one by ear."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audiogen.audio.pcm import RATE
from audiogen.errors import InvalidValue, Problem
from audiogen.script.steps import TONE_MS, Place
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir
from audiogen.storage.files import replacing
from audiogen.text import shown
from audiogen.timeline.events import Event
from audiogen.timeline.model import Mix, Timeline
from audiogen.track.blocks import cut
from audiogen.track.stream import stream
from audiogen.track.tones import COMPUTED, Tones, decay_in
from audiogen.voices.speaking import wav

# As they come in a session: work that begins, a countdown of ticks, two breaths with a hold between them, the end.
ROLES = ("start", "tick", "tick", "tick", "end", "rising", "level", "falling", "cue", "bell", "finish")
PAUSE_MS, BETWEEN_TICKS_MS = 1000, 940


@dataclass(frozen=True, slots=True)
class Heard:
    """A set in a file; `at_ms` has when each role is heard first."""

    name: str
    path: Path
    at_ms: Mapping[str, int]


def write_sets(folder: Path, names: tuple[str, ...] = COMPUTED, cache: Cache | None = None) -> Iterator[Heard]:
    """Write each set to a file of its own name in a folder.

    Raises:
        OutputError: a file cannot be written.
    """
    store = cache or Cache(cache_dir())
    for name in names:
        session = _session(Mix(sounds=name))
        tones = Tones(session.mix, store).segment
        pieces = stream(cut(session), _Nothing(), session.length_ms, tones=tones)
        with replacing(folder / f"{name}.wav") as file:
            file.write(wav(b"".join(piece.tobytes() for piece in pieces), RATE))
        first = {event.role: event.start_ms for event in reversed(session.events)}
        yield Heard(name, folder / f"{name}.wav", {role: first[role] for role in dict.fromkeys(ROLES)})


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """Return the sets of these names, all where there are none.

    Raises:
        InvalidValue: there is no such set.
    """
    for name in names:
        if name not in COMPUTED:
            raise InvalidValue(Problem("session.no-such-set", expected=", ".join(COMPUTED), found=shown(name)))
    return tuple(dict.fromkeys(names)) or COMPUTED


class _Nothing:
    def pcm(self, text: str, /) -> bytes:
        raise ValueError(f"nothing is said here, least of all '{text}'")


def _session(mix: Mix) -> Timeline:
    events, at_ms = [], PAUSE_MS
    for role in ROLES:
        event = Event(at_ms, at_ms + TONE_MS[role], "tone", role, place=Place())
        events.append(event)
        at_ms = event.end_ms + decay_in(mix, role) + (BETWEEN_TICKS_MS if role == "tick" else PAUSE_MS)
    return Timeline(mix.sounds, "en", None, at_ms, True, (), tuple(events), mix)
