"""What the user wrote: a routine file -> a `Routine`, or every mistake in it with its place."""

from pathlib import Path

from audiogen.routine.mistakes import Mistakes
from audiogen.routine.model import At, Cue, Exercise, Phase, Rounds, Routine, Side, Sided, Text, words
from audiogen.routine.reader import read_routine
from audiogen.routine.slugs import find_exercise, slug_of
from audiogen.routine.tree import read_tree

def parse_routine(text: str, file: str = "<text>") -> Routine:
    mistakes = Mistakes()
    tree = read_tree(text, file, mistakes)
    routine = read_routine(tree, mistakes) if tree else None
    mistakes.raise_any()
    return routine

def load_routine(name_or_path) -> Routine:
    p = Path(name_or_path)
    if not p.exists(): p = Path(__file__).parents[2] / "routines" / f"{name_or_path}.yaml"
    return parse_routine(p.read_text("utf-8"), str(p))
