"""Names -> slugs, the short names by which exercises are addressed; and an address -> its exercise."""

import unicodedata
from collections.abc import Sequence

from audiogen.errors import Problem, RoutineError
from audiogen.routine.model import Exercise, Routine
from audiogen.text import shown


def slug_of(name: str) -> str:
    """Make a short name of a name: "Embryo's Pose" -> "embryo-s-pose", "Élan" -> "elan", "猫のポーズ" stays.

    NFKC, case-folded, Latin letters without their accents, letters of other scripts with all their marks; other runs
    become "-". A name of digits alone becomes "exercise-90", because a number is an address of its own.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    slug = ""
    latin = False
    for letter in folded:
        base = unicodedata.normalize("NFD", letter)[0]
        if base.isalnum():
            latin = "LATIN" in unicodedata.name(base, "")
            slug += base if latin else letter
        elif unicodedata.category(letter).startswith("M") and slug and not slug.endswith("-"):
            slug += "" if latin else letter
        elif slug and not slug.endswith("-"):
            slug += "-"
    slug = slug.removesuffix("-")
    return f"exercise-{slug}" if slug.isdigit() else slug


def unique_slugs(chosen: Sequence[str | None], names: Sequence[str]) -> tuple[str, ...]:
    """Give each exercise a slug: the one chosen for it, else its name's, with -2, -3 … where that is already taken."""
    taken = {slug for slug in chosen if slug}
    slugs = []
    for slug, name in zip(chosen, names, strict=True):
        if slug is None:
            stem, slug, copy = slug_of(name), slug_of(name), 1
            while slug in taken:
                copy += 1
                slug = f"{stem}-{copy}"
            taken.add(slug)
        slugs.append(slug)
    return tuple(slugs)


def find_exercise(routine: Routine, text: str) -> Exercise:
    """Find the exercise that `text` names: by its slug, its number, or a part of its name that fits no other.

    Raises:
        RoutineError: none or several fit; the problem lists the candidates with their numbers.
    """
    exercises = routine.flat
    written = text.strip()
    for exercise in exercises:
        if written == exercise.slug or written == str(exercise.number):
            return exercise
    part = slug_of(written)
    fitting = [exercise for exercise in exercises if part and part in slug_of(exercise.name)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise RoutineError(Problem("routine.ambiguous-exercise", subject=shown(text), found=_listed(fitting)))
    raise RoutineError(Problem("routine.unknown-exercise", subject=shown(text), found=_listed(exercises)))


def _listed(exercises: Sequence[Exercise]) -> str:
    return ", ".join(f"{exercise.number} {exercise.slug}" for exercise in exercises)
