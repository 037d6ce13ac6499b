"""Workouts for indoor cycling and running (.zwo): XML -> a draft.

Read by expat, which knows lines; a document with a type or entities is refused before any is expanded.
"""

from xml.parsers import expat  # its entities are refused below

from audiogen.durations import format_duration
from audiogen.errors import Problem, RoutineError
from audiogen.importing.dose import Amount, Dose
from audiogen.importing.draft import Circuit, Draft, Guess, Move, Said
from audiogen.importing.line import Spot
from audiogen.importing.sentences import as_sentence, clean
from audiogen.importing.vocabulary import Vocabulary

_NAMES = {
    "Warmup": "Warm-up",
    "Cooldown": "Cool-down",
    "SteadyState": "Steady",
    "Ramp": "Ramp",
    "FreeRide": "Free ride",
    "FreeRun": "Free run",
    "MaxEffort": "Maximum effort",
    "SolidState": "Steady",
}
MOST_MOVES = 500


class _Refused(Exception):
    """A document with a type or entities."""


class _Reading:
    """Follows the elements of a document."""

    def __init__(self, draft: Draft, words: Vocabulary) -> None:
        self.draft, self.words = draft, words
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self._inside = ""
        self._move: Move | None = None
        self._title = ""

    def _refuse(self, *_declared: object) -> None:
        raise _Refused

    def _start(self, name: str, given: dict[str, str]) -> None:
        self._inside = name
        spot = Spot(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        if name.lower() == "textevent" and self._move is not None:
            text = clean(given.get("message", ""), self.words)
            if text:
                self._move.said.append(Said(as_sentence(text), spot))
        elif name == "IntervalsT":
            self._intervals(given, spot)
        elif (seconds := _seconds(given.get("Duration"))) and len(self.draft.items) < MOST_MOVES:
            effort = given.get("Power") or given.get("PowerHigh") or ""
            self._move = Move(_NAMES.get(name, name), spot, Dose(hold=Amount(seconds, seconds)))
            self.draft.guesses.append(
                Guess(
                    f"'{self._move.name}' is the kind of block{_percent(effort)}, as it has no name",
                    spot,
                    self._move.name,
                )
            )
            self.draft.items.append(self._move)

    def _intervals(self, given: dict[str, str], spot: Spot) -> None:
        on, off = _seconds(given.get("OnDuration")), _seconds(given.get("OffDuration"))
        rounds = given.get("Repeat", "1")
        if not on:
            return
        self._move = Move("Interval", spot, Dose())
        times = min(int(rounds), 100) if rounds.isdigit() and int(rounds) else 1
        rest = Amount(off, off) if off else None
        circuit = Circuit([self._move], spot, rounds=times, work=Amount(on, on), rest=rest, round_rest=rest)
        powers = _percent(given.get("OnPower", ""))
        reason = f"{format_duration(on)} hard, {format_duration(off)} easy, by the powers{powers}"
        self.draft.guesses.append(Guess(reason, spot, "Interval"))
        self.draft.items.append(circuit)

    def _end(self, name: str) -> None:
        if name == "name" and not self.draft.title:
            self.draft.title = clean(self._title, self.words)
        self._inside = ""

    def _text(self, text: str) -> None:
        if self._inside == "name":
            self._title = (self._title + text)[:300]


def _percent(power: str) -> str:
    try:
        return f" at {float(power):.0%}" if power else ""
    except ValueError:
        return ""


def _seconds(written: str | None) -> int:
    """A number of seconds in ms; 0 where it is none."""
    try:
        seconds = float(written or "0")
    except ValueError:
        return 0
    return round(seconds * 1000) if 0 < seconds <= 3600 else 0


def read(text: str, draft: Draft, words: Vocabulary) -> Draft:
    """Read a workout.

    Raises:
        RoutineError: it is not XML, or has entities.
    """
    reading = _Reading(draft, words)
    start = text.find("?>") + 2 if text.lstrip().startswith("<?xml") else 0
    above = text.count("\n", 0, start)
    try:
        reading.parser.Parse("\n" * above + text[start:].lstrip("\ufeff"), True)
    except _Refused as error:
        raise RoutineError(Problem("importing.xml-entities")) from error
    except expat.ExpatError as error:
        raise RoutineError(Problem("importing.not-xml", found=str(error))) from error
    return draft
