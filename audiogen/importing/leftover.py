"""What a text says besides its dose, and whether that is more than a link between the two."""

from collections.abc import Iterator

from audiogen.importing.dose import Dose
from audiogen.importing.tokens import tokens
from audiogen.importing.vocabulary import Vocabulary


def leftovers(text: str, dose: Dose) -> Iterator[str]:
    """What a text says besides its dose, in pieces."""
    at = 0
    for start, end in sorted((*dose.spans, *dose.ignored)):
        if start >= at:
            yield text[at:start]
        at = max(at, end)
    yield text[at:]


def is_repeat(text: str, words: Vocabulary) -> bool:
    """Whether a text, or a clause of it, begins with a word for doing it all again: "rest 1 min, repeat 3 times"."""
    found = tokens(text, words)
    return any(one.of("repeat") and (at == 0 or found[at - 1].text in ",;.") for at, one in enumerate(found))


def only_alternates(text: str, words: Vocabulary) -> bool:
    """Whether a text says that sides alternate, and nothing else."""
    found = tokens(text, words)
    about_sides = all(one.of("alternating", "sided", "filler", "sign") for one in found)
    return about_sides and any(one.of("alternating") for one in found)


def means_something(text: str, words: Vocabulary) -> bool:
    """Whether a piece has a word that is more than a link between a dose and its exercise."""
    linking = "filler repeat either hold rest between each reps sets on off sided range sign".split()  # noqa: SIM905
    found = tokens(text, words)
    named = [one for one in found if not one.of("sign", "range", "number")]
    if len(named) > 1 and named[0].of("sided") and not named[0].of("each", "both"):
        return True  # "Calf stretch"
    return any(not one.of(*linking, "number", "second", "minute", "breaths", "swap", "cross") for one in found)
