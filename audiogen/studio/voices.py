"""The voices that the page offers.

engines -> choices
"""

from dataclasses import dataclass
from pathlib import Path

from audiogen.routine.model import Routine
from audiogen.routine.voice_spec import FILE_ENGINES
from audiogen.session.lines_to_record import lines_to_record
from audiogen.studio.uploads import sounds_in
from audiogen.voices import engines


@dataclass(frozen=True, slots=True)
class LineToRecord:
    """A line of a routine, the name of its recording without its end, and whether that is there."""

    text: str
    stem: str
    there: bool


def lines_of(routine: Routine, folder: Path) -> list[LineToRecord]:
    """The lines that somebody records to speak a routine, in its order."""
    there = {Path(name).stem for name in sounds_in(folder)}
    return [
        LineToRecord(one.text, Path(one.file).stem, Path(one.file).stem in there) for one in lines_to_record([routine])
    ]


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice in the list; `missing` says why it cannot be chosen here."""

    spec: str
    label: str
    missing: str | None = None


def voice_choices(chosen: str | None) -> list[VoiceChoice]:
    """Return every engine's default voice, and the one that is chosen."""
    found = [VoiceChoice("", "As the routine has it, or automatic")]
    for engine in engines():
        if engine.name in FILE_ENGINES:
            continue  # they need a file or a folder of the user's, which only its spec can name
        where = f"your words go to {engine.sends_to}" if engine.sends_to else "nothing leaves this machine"
        found.append(
            VoiceChoice(engine.name, f"{engine.name}: {where}", str(engine.missing) if engine.missing else None)
        )
    if chosen and chosen not in {one.spec for one in found}:
        found.append(VoiceChoice(chosen, chosen))
    return found
