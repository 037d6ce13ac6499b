"""Names -> slugs, the short names by which exercises are addressed; and an address -> its exercise."""

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TypeVar

from audiogen.errors import Problem, RoutineError
from audiogen.routine.model import Exercise, Item, Routine
from audiogen.text import shown

One = TypeVar("One", bound=Item)


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
    """Give each item a slug: the one chosen for it, else its name's, with -2, -3 … where that is already taken."""
    taken = {slug for slug in chosen if slug}
    copies: dict[str, int] = {}
    slugs = []
    for slug, name in zip(chosen, names, strict=True):
        if slug is None:
            stem = slug = slug_of(name)
            while slug in taken:
                copies[stem] = copies.get(stem, 1) + 1
                slug = f"{stem}-{copies[stem]}"
            taken.add(slug)
        slugs.append(slug)
    return tuple(slugs)


def find_item(routine: Routine, text: str) -> Item:
    """Find the exercise, passage or group that `text` names; raises as `find_in`."""
    return find_in(routine.items, text)


def find_in(items: Sequence[One], text: str) -> One:
    """Find the item that `text` names: by its slug, its number, or a part of its name that fits no other.

    Passages and groups have no number.

    Raises:
        RoutineError: none or several fit; the problem lists the candidates with their numbers.
    """
    written = text.strip()
    part = slug_of(written)
    exact = (
        *(item for item in items if written and item.slug == written),
        *(item for item in items if written and _number(item) == written),
        *(item for item in items if part and item.slug == part),
    )
    if exact:
        return exact[0]
    fitting = [item for item in items if part and part in slug_of(item.name or item.slug)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise RoutineError(Problem("routine.ambiguous-exercise", subject=shown(text), found=_listed(fitting)))
    near = get_close_matches(part, [one.slug for one in items], n=1)
    raise RoutineError(
        Problem(
            "routine.misspelt-exercise" if near else "routine.unknown-exercise",
            subject=shown(text),
            expected="".join(near),
            found=_listed(items),
        )
    )


def _number(item: Item) -> str:
    return str(item.number) if isinstance(item, Exercise) else ""


def _listed(items: Sequence[Item]) -> str:
    return ", ".join(f"{_number(item)} {item.slug}".strip() for item in items)
