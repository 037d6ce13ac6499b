"""A dose as it was found -> the keys of a routine file, with a guess for each number that the source does not give."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from audiogen.durations import format_duration
from audiogen.importing.breathing import Phase
from audiogen.importing.dose import Amount, Beat, Dose
from audiogen.importing.vocabulary import Vocabulary
from audiogen.importing.words_in_time import Breathing
from audiogen.routine.written import Bare, Value

HALF_MS = 3000  # half a repetition, and half a breath, where no tempo is given
HOLD_MS = 30_000  # where an exercise of a list has no dose
REST_MS = 30_000  # between sets, where no rest is given
MOST_SETS = 20
MANY_SETS = 5  # of short holds, which are repetitions to everybody but their writer
LONG_MS = 20_000  # a hold that is an exercise, rather than a part of a repetition
MOST_PHASES = 8
BREATHS = 6  # where breaths are described and not counted


@dataclass(slots=True)
class Settled:
    """Keys and their values, and for some of the keys why they were guessed."""

    entries: dict[str, Value] = field(default_factory=dict)
    guesses: list[tuple[str, str]] = field(default_factory=list)  # key, reason
    hold_ms: int = 0  # how long words may be said inside it; 0 for repetitions


def lasting(ms: int) -> Bare:
    """A length as a file has it."""
    return Bare(format_duration(ms))


def settled(
    dose: Dose, words: Vocabulary, breathing: Breathing | None, *, work_ms: int = 0, rests: bool = False
) -> Settled:
    """Settle a dose.

    `breathing` are the words of the source for in and out; `work_ms` is what its circuit gives it, and `rests` says
    that the circuit has a rest for all.
    """
    found = Settled()
    if dose.rounds and not dose.has_work:
        dose = replace(dose, reps=dose.rounds)
    if dose.reps and dose.hold and dose.hold.least >= LONG_MS and dose.reps.most < MANY_SETS and not dose.tempo:
        is_once = dose.sets is None or dose.sets.most == 1
        sets = dose.reps if is_once and dose.reps.most > 1 else dose.sets  # "30 sec, twice"
        dose = replace(dose, sets=sets, reps=None if dose.reps.most == 1 or sets == dose.reps else dose.reps)
    if dose.sets and dose.hold and dose.sets.least >= MANY_SETS and dose.hold.most <= 15_000 and not dose.rest:
        dose = replace(dose, reps=dose.reps or dose.sets, sets=None)  # "10 x 5 sec"
    _work(found, dose, words, breathing, work_ms)
    if dose.sets and dose.sets.most > 1:
        found.entries["sets"] = min(_least(found, "sets", dose.sets), MOST_SETS)
        if dose.rest and not _rest_is_phase(dose):
            found.entries["rest"] = lasting(_least(found, "rest", dose.rest))
        elif not rests:
            found.entries["rest"] = lasting(REST_MS)
            found.guesses.append(("rest", f"{format_duration(REST_MS)}, as no rest between the sets is given"))
    elif dose.rest and not _rest_is_phase(dose):
        found.entries["rest"] = lasting(max(_least(found, "rest", dose.rest), 1100))
    return found


def _work(found: Settled, dose: Dose, words: Vocabulary, breathing: Breathing | None, work_ms: int) -> None:
    if dose.reps:
        found.entries["reps"] = _least(found, "reps", dose.reps)
        found.entries["tempo"] = _tempo(found, dose, words, breathing)
    elif dose.on or dose.hold:
        amount = dose.on or dose.hold
        assert amount is not None  # noqa: S101 - for the type checker: one of them is there
        found.hold_ms = _least(found, "hold", amount)
        found.entries["hold"] = lasting(found.hold_ms)
    elif dose.breaths:
        found.entries["reps"] = _least(found, "reps", dose.breaths)
        breathing = breathing or Breathing(words.program["in"], words.program["out"], HALF_MS)
        half = format_duration(breathing.each_ms)
        found.guesses.append(("tempo", f"{half} in, {half} out, as the length of a breath is not given"))
        found.entries["tempo"] = _phases(breathing)
    elif work_ms:
        found.hold_ms = work_ms
    else:
        found.hold_ms = HOLD_MS
        found.entries["hold"] = lasting(HOLD_MS)
        found.guesses.append(("hold", f"{format_duration(HOLD_MS)}, as no dose is given"))


def paced(found: Settled, dose: Dose, phases: Sequence[Phase]) -> None:
    """Put the phases that a source counts in place of what else it says."""
    tempo: list[Value] = [_phase(Beat(one.length_ms, one.words)) for one in phases[:MOST_PHASES]]
    rep_ms = sum(one.length_ms for one in phases[:MOST_PHASES])
    if dose.rounds or dose.reps or dose.breaths:
        amount = dose.rounds or dose.reps or dose.breaths
        reps = amount.least if amount else 1
    elif dose.hold:
        reps = max(1, dose.hold.least // rep_ms)
        if reps * rep_ms != dose.hold.least:
            found.guesses.append(("reps", f"as many as {format_duration(dose.hold.least)} have room for"))
    else:
        reps = BREATHS
        found.guesses.append(("reps", f"{BREATHS}, as no number is given"))
    for key in ("hold", "reps", "tempo"):
        found.entries.pop(key, None)
    found.guesses[:] = [guess for guess in found.guesses if guess[0] not in ("hold", "tempo")]
    if any(one.is_counted for one in phases):
        found.guesses.append(("tempo", "a count is taken as a second"))
    found.entries = {"reps": reps, "tempo": tempo, **found.entries}


def _rest_is_phase(dose: Dose) -> bool:
    """Whether a rest belongs to each repetition: "hold 5 sec, relax 5 sec"."""
    return bool(
        dose.rest
        and dose.reps
        and dose.hold
        and not dose.tempo
        and not (dose.sets and dose.sets.most > 1)
        and dose.rest.least <= 15_000
    )


def _tempo(found: Settled, dose: Dose, words: Vocabulary, breathing: Breathing | None) -> list[Value]:
    if dose.tempo:
        return [_phase(beat) for beat in dose.tempo]
    half = format_duration(HALF_MS)
    if dose.hold:
        relax = dose.rest if _rest_is_phase(dose) else None
        if relax is None:
            found.guesses.append(("tempo", f"{half} between the holds, as nothing is given"))
        hold_ms = _least(found, "tempo", dose.hold)
        rest_ms = relax.least if relax else HALF_MS
        return [_phase(Beat(hold_ms, words.program["hold"])), _phase(Beat(rest_ms, words.program["rest"]))]
    breathing = breathing or Breathing("", "", HALF_MS)
    half = format_duration(breathing.each_ms)
    found.guesses.append(("tempo", f"{half} up, {half} down, as no tempo is given"))
    return _phases(breathing)


def _phases(said: Breathing) -> list[Value]:
    return [_phase(Beat(said.each_ms, word)) for word in (said.first, said.second)]


def _phase(beat: Beat) -> dict[str, Value]:
    word = beat.word[:1].upper() + beat.word[1:]
    return {**({"say": word} if word else {}), "for": lasting(beat.length_ms)}


def _least(found: Settled, key: str, amount: Amount) -> int:
    """The low end of a range, which is a guess."""
    if amount.is_range:
        both = [
            format_duration(ms) if key in ("hold", "rest", "tempo") else str(ms) for ms in (amount.least, amount.most)
        ]
        found.guesses.append((key, f"the low end of {both[0]} to {both[1]}"))
    return amount.least
