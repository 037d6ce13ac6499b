"""Which tone marks each phase of a repetition, by what the phase is.

    tempo -> roles of tones

In-breaths rise, out-breaths fall, holds are level. Phases that are none of these take turns. The first phase of a
repetition does not sound like the last of the one before it, unless both tones are written.
"""

from collections.abc import Sequence

from audiogen.phrases import Phrases
from audiogen.routine.parts import Phase, words

TURNS = ("rising", "falling", "level", "falling")
_OF_KIND = {"inhale": "rising", "exhale": "falling", "hold": "level"}


def phase_tones(tempo: Sequence[Phase], phrases: Phrases) -> tuple[str | None, ...]:
    """The role of the tone of each phase, None for none; the very first one of all is the start tone instead."""
    known = [phase.tone or _by_kind(phase, phrases) for phase in tempo]
    roles = [role or TURNS[index % len(TURNS)] for index, role in enumerate(known)]
    if len(roles) > 1 and roles[0] == roles[-1] != "none":
        changed = _changeable(tempo, known)
        if changed is not None:
            neighbours = {roles[changed - 1], roles[(changed + 1) % len(roles)]}
            # The first that is left; where a breath is known, it is level that stands in, never its opposite.
            choices = TURNS if known[changed] is None else ("level", "falling")
            roles[changed] = next(role for role in (*choices, *TURNS) if role not in neighbours)
    return tuple(None if role == "none" else role for role in roles)


def _changeable(tempo: Sequence[Phase], known: Sequence[str | None]) -> int | None:
    """Which of the last and the first phase gives way: an unknown one, else one whose tone is not written."""
    ends = (len(tempo) - 1, 0)
    unknown = (index for index in ends if known[index] is None)
    unwritten = (index for index in ends if tempo[index].tone is None)
    return next(unknown, next(unwritten, None))


def _by_kind(phase: Phase, phrases: Phrases) -> str | None:
    kind = phrases.kind_of_phase(words(phase.say, "right")) if phase.say is not None else None
    return _OF_KIND[kind] if kind else None
