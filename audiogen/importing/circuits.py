"""Moves with what is said once for all of them -> a circuit, or the moves with their doses."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from audiogen.importing.dose import Dose
from audiogen.importing.draft import Circuit, Move
from audiogen.importing.line import Spot


def grouped(spot: Spot, dose: Dose, moves: Sequence[Move]) -> Iterator[Move | Circuit]:
    """A part as a circuit where its dose makes it one, else its moves with what is said for all of them."""
    if not moves:
        return
    rounds = dose.rounds or dose.sets or (dose.reps if dose.on else None)
    work = dose.on or (dose.hold if not any(one.dose.has_work for one in moves) else None)
    if not (rounds or dose.on):
        for one in moves:
            one.dose = replace(
                one.dose.or_else(Dose(hold=dose.hold, reps=dose.reps, sides=dose.sides, breaths=dose.breaths))
            )
        yield from moves
        return
    yield Circuit(
        list(moves),
        spot,
        rounds=rounds.least if rounds else 1,
        work=work,
        rest=dose.off or dose.rest,
        round_rest=dose.round_rest,
    )
