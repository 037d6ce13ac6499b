"""Moves with what is said once for all of them -> a circuit, or the moves with their doses."""

from collections.abc import Iterator, Sequence

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
        common = Dose(hold=dose.hold, reps=dose.reps, sides=dose.sides, breaths=dose.breaths)
        for one in moves:
            one.dose = one.dose if one.dose.has_work else one.dose.or_else(common)
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
