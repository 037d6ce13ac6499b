"""Keys of a routine file that do not go together, each noted at a line that caused it."""

from collections.abc import Iterable
from dataclasses import dataclass

from audiogen.errors import Place, Problem
from audiogen.routine.validation import Steps, key_place, value_place
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Map


@dataclass(frozen=True, slots=True)
class Clash:
    """Keys that do not go together, as paths from their map; the problem is reported at one of them."""

    paths: tuple[Steps, ...]
    problem: Problem
    at_key: bool = False  # not at its value


def note(clashes: Iterable[Clash], node: Map, mistakes: Mistakes) -> None:
    """Note each clash at a line of the file that caused it.

    That is the first of its keys that the map's own file has. Where all the keys are those of a parent that is in
    order by itself, the clash is noted at the exercise in the variant that changed it.
    """
    for clash in clashes:
        if isinstance(clash.problem.place, Place):  # in another file that the routine needs
            mistakes.add(clash.problem.place, clash.problem)
            continue
        place_of = key_place if clash.at_key else value_place
        places = [place_of(node, path) for path in clash.paths if not path or path[0] in node.entries]
        own = [place for place in places if place.file == node.place.file]
        if own or not (places and mistakes.has(places[0], clash.problem)):
            mistakes.add((own or [node.place])[0], clash.problem)
