"""The texts of a routine as a coach reads them: what each is for, and under which keys it stands.

Routine -> Lines -> their sentences
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from audiogen.routine.model import Exercise, Passage, Routine
from audiogen.routine.values import Sided, Text
from audiogen.spoken.sentences import sentences

Role = Literal["heading", "remark", "setup", "cue", "switch", "release", "phase", "passage"]
Keys: TypeAlias = tuple[
    str | int, ...
]  # as `Located` takes them: a slug if it is inside an item, then keys and indices


@dataclass(frozen=True, slots=True)
class Line:
    """A text as it is written, with its placeholders; `exercise` is the one that it belongs to, if any."""

    text: str
    role: Role
    keys: Keys
    exercise: Exercise | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(filter(None, sentences(self.text)))

    @property
    def instructs(self) -> bool:
        """Whether it tells what to do in an exercise, in whole sentences."""
        return self.role in ("setup", "cue", "switch", "release")

    @property
    def slug(self) -> str:
        return self.exercise.slug if self.exercise else ""


def lines_of(routine: Routine) -> tuple[Line, ...]:
    """All texts of a routine but notes, in the file's order; what is skipped is left out."""
    return (*_of_session(routine), *_of_items(routine))


def _of_session(routine: Routine) -> Iterator[Line]:
    yield Line(routine.title, "heading", ("title",))
    if routine.description:
        yield Line(routine.description, "heading", ("description",))
    for key in ("before", "caution", "after"):
        for index, text in enumerate(getattr(routine, key)):
            yield Line(text, "remark", (key, index))


def _of_items(routine: Routine) -> Iterator[Line]:
    for one in routine.inside:
        if one.skip:
            continue
        yield Line(one.name, "heading", (one.slug, "passage" if isinstance(one, Passage) else "name"))
        if isinstance(one, Passage):
            yield from (Line(part, "passage", (one.slug, "say")) for part in one.say if isinstance(part, str))
        else:
            yield from _of_exercise(one)


def _of_exercise(exercise: Exercise) -> Iterator[Line]:
    slug = exercise.slug
    for role in ("setup", "switch", "release"):
        for index, text in enumerate(getattr(exercise, role)):
            yield from _sided(text, role, (slug, role, index), exercise)
    for index, cue in enumerate(exercise.cues):
        if cue.say is not None:
            yield from _sided(cue.say, "cue", (slug, "cues", index, "say"), exercise)
    for index, phase in enumerate(exercise.tempo):
        if phase.say is not None:
            yield from _sided(phase.say, "phase", (slug, "tempo", index, "say"), exercise)


def _sided(text: Text, role: Role, keys: Keys, exercise: Exercise) -> Iterator[Line]:
    """A line, or one for each side where they differ."""
    if not isinstance(text, Sided):
        yield Line(text, role, keys, exercise)
        return
    yield Line(text.right, role, (*keys, "right"), exercise)
    yield Line(text.left, role, (*keys, "left"), exercise)
