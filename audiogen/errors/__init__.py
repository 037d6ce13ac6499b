"""Everything that can go wrong for a user, as one tree.

    AudiogenError
    ├── InvalidValue        a value that is not what its key or flag needs
    │   └── DurationError   … because it is not a length, factor or time
    ├── RoutineError        a routine file: one line for each mistake, each with its place
    │   └── UnknownRoutine  no routine of that name, no file at that path
    ├── CustomiseError      an override that cannot be read or applied, one line each
    ├── TimelineError       cues that meet or run over a hold, a length that cannot be met
    ├── VoiceError          an engine that refuses, fails or cannot speak the language
    │   └── Unreachable     … because the network or the service cannot be reached
    │       └── Barred      … because of a setting of this machine, such as its proxy
    ├── MusicError          music that is missing, cannot be read, is silent or too short
    ├── SoundError          a user's own file for a tone that cannot be used
    ├── CacheError          a cache folder that cannot be used at all
    ├── OutputError         a track that cannot be written
    ├── TrackError          a file that cannot be read as a track of audiogen's
    ├── SharingError        a file that cannot be offered to the network
    ├── TableError          a table of sessions: one line for each mistake, each with its row and column
    ├── ClusterError        a cluster that cannot be reached, or goes away
    └── Cancelled           the caller's cancel event was set

An error carries its problems with fields (`problem`); the sentences that users read are made from them and from the
catalogue (`sentences`). No code reads a sentence to decide something. An error that stems from a foreign one is raised
``from`` it at the seam where the foreign library is called.
"""

from dataclasses import replace

from audiogen.errors.problem import Notice, Place, Problem, Remedy

__all__ = [
    "AudiogenError",
    "Barred",
    "CacheError",
    "Cancelled",
    "ClusterError",
    "CustomiseError",
    "DurationError",
    "InvalidValue",
    "MusicError",
    "Notice",
    "OutputError",
    "Place",
    "Problem",
    "Remedy",
    "RoutineError",
    "SharingError",
    "SoundError",
    "TableError",
    "TimelineError",
    "TrackError",
    "UnknownRoutine",
    "Unreachable",
    "VoiceError",
]


class AudiogenError(Exception):
    """Base of all errors that a user can cause or meet: `problems` has the fields, ``str(error)`` a line for each."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    def within(self, place: str) -> "AudiogenError":
        """The same error, with the place of each problem inside another, such as a row of a table."""
        return type(self)(*(one.within(place) for one in self.problems))


class InvalidValue(AudiogenError, ValueError):
    """A value that cannot be read, wherever it is written.

    A `ValueError` too, so that pydantic reports it at the key that holds it.
    """

    def about(self, subject: str, place: Place | None = None) -> Problem:
        """The problem, with the key or flag that has the value, and its place."""
        return replace(self.problems[0], subject=subject, place=place)


class DurationError(InvalidValue):
    """A duration, factor or clock time that cannot be read."""


class RoutineError(AudiogenError):
    """One or more mistakes in a routine file, one line each: ``file:line:column: message``."""


class UnknownRoutine(RoutineError):
    """No routine of that name and no file at that path."""


class CustomiseError(AudiogenError):
    """Overrides that cannot be read, or that do not fit the routine; one line each."""


class TimelineError(AudiogenError):
    """A script that cannot happen in the time it is given."""


class VoiceError(AudiogenError):
    """A voice that cannot speak: bad name, missing language, failed or refused synthesis."""


class Unreachable(VoiceError):
    """A voice's service that could not be reached at all; `auto` may use another voice instead."""

    @property
    def cause(self) -> Problem:
        """The problem without its remedies, for where another voice is the remedy."""
        return self.problems[0].without_remedies()


class Barred(Unreachable):
    """A service that cannot be reached because of a setting of this machine, such as its proxy; nothing was sent."""


class MusicError(AudiogenError):
    """Music that is missing, cannot be read, is silent or too short."""


class SoundError(AudiogenError):
    """A file that cannot stand for a tone: missing, no sound, too long, or not at hand any more."""


class CacheError(AudiogenError):
    """The cache folder cannot be used."""


class OutputError(AudiogenError):
    """The track cannot be written where it was asked for."""


class TrackError(AudiogenError):
    """A file that cannot be read as a track: no MP3, cut short, or without a timeline."""


class SharingError(AudiogenError):
    """A file that cannot be offered to the network: no network, a port that is taken, nothing to offer."""


class TableError(AudiogenError):
    """One or more mistakes in a table of sessions, one line each: ``file, row, column: message``."""


class ClusterError(AudiogenError):
    """A cluster that does not answer, has nobody to work, or went away."""


class Cancelled(AudiogenError):
    """The caller asked to stop; nothing was written."""

    def __init__(self) -> None:
        super().__init__(Problem("session.cancelled"))

    def __reduce__(self) -> tuple[type["Cancelled"], tuple[()]]:
        return Cancelled, ()  # batches send it from one process to another
