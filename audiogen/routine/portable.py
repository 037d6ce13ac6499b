"""A routine whose sound files are named without their folders, to be looked for next to it.

Routine -> Routine
"""

from collections.abc import Mapping

from audiogen.routine.model import Exercise, Item, Passage, Routine
from audiogen.routine.prose import Part, Sounded


def with_portable_sounds(routine: Routine) -> Routine:
    """The same, the sound files of its cues and passages named without their folders."""
    names = routine.sound_names

    def portable(item: Item) -> Item:
        if isinstance(item, Exercise):
            return item.model_copy(update={"cues": tuple(cue.with_sound(names) for cue in item.cues)})
        if isinstance(item, Passage):
            return item.model_copy(update={"say": tuple(_named(part, names) for part in item.say)})
        return item

    return routine.with_items(portable) if names else routine


def _named(part: Part, names: Mapping[str, str]) -> Part:
    return Sounded(names.get(part.sound, part.sound)) if isinstance(part, Sounded) else part
