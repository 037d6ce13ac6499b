"""The cues and phases of an exercise as immutable models, and what all maps of a routine file have in common."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from audiogen.errors import InvalidValue, Problem
from audiogen.routine import key_types as key
from audiogen.routine.prose import anchored_sound
from audiogen.routine.values import Side, Sided, Text
from audiogen.text import listed


def words(text: Text, side: Side | None) -> str:
    """Choose the line for a side; placeholders stay. Without a side, a sided text gives its right one."""
    return text.on(side or "right") if isinstance(text, Sided) else text


class Written(BaseModel):
    """A map of the file: immutable, without unknown keys, and without keys that have no value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_empty(cls, value: object) -> object:
        if value is None:
            raise InvalidValue(Problem("routine.empty"))
        return value


class Cue(Written):
    """Words or a sound at a moment of the work, or at several."""

    at: key.Moment | None = Field(
        None, description="When it comes: 20s after the start, -10s before the end, or 50% of the work."
    )
    after_ms: key.Pause | None = Field(
        None, alias="after", description="How long after the end of the cue before it, or of the start tone."
    )
    every_ms: key.Length | None = Field(None, alias="every", description="Every how long it comes inside the work.")
    say: key.TextKey | None = Field(None, description="The words to say.")
    sound: key.SoundKey | None = Field(
        None, description="The sound, in place of words: a role such as bell, or a sound file."
    )
    sets: key.WhichKey | None = Field(None, description="Only in these sets: first, last, 2, or 2 to 3.")
    rounds: key.WhichKey | None = Field(None, description="Only in these rounds: first, last, 2, or 2 to 3.")

    @model_validator(mode="after")
    def _one_of_each(self) -> "Cue":
        for keys, values in (
            (("at", "after", "every"), (self.at, self.after_ms, self.every_ms)),
            (("say", "sound"), (self.say, self.sound)),
        ):
            given = [name for name, value in zip(keys, values, strict=True) if value is not None]
            if len(given) != 1:
                both = Problem("routine.cue-both", expected=listed(keys, "or"), found=" and ".join(given))
                raise InvalidValue(both if given else Problem("routine.cue-without", expected=listed(keys, "or")))
        return self

    def anchored(self, folder: Path) -> "Cue":
        """The same with its sound file named from `folder`."""
        return self if self.sound is None else self.model_copy(update={"sound": anchored_sound(self.sound, folder)})

    def with_sound(self, names: Mapping[str, str]) -> "Cue":
        """The same with its sound file under another name."""
        return self.model_copy(update={"sound": names.get(self.sound or "", self.sound)})

    def moments_ms(self, length_ms: int) -> tuple[int, ...]:
        """When it comes in work of `length_ms`, from its start; nothing is known of one that comes after another."""
        if self.every_ms is not None:
            return tuple(range(self.every_ms, length_ms, self.every_ms))
        return (self.at.within(length_ms),) if self.at is not None else ()


class Phase(Written):
    """A part of a repetition, which begins with a tone exactly on time."""

    for_ms: key.Length = Field(alias="for", description="How long this phase lasts, such as 3s.")
    say: key.TextKey | None = Field(None, description="The words in repetitions 1 and 2.")
    short: key.TextKey | None = Field(
        None, description="The words in repetition 3; by default, `say` up to its first comma."
    )
    tone: Literal["rising", "falling", "level", "none"] | None = Field(
        None,
        description="The tone at its start; by default an in-breath rises, an out-breath falls and a hold is level, "
        "by how its words begin, and other phases alternate.",
    )

    @property
    def short_words(self) -> Text | None:
        """`short`, or `say` up to its first comma; None where the phase has no words."""
        if self.short is not None or self.say is None:
            return self.short
        return self.say.map(_before_comma) if isinstance(self.say, Sided) else _before_comma(self.say)


def _before_comma(line: str) -> str:
    return line.split(",", 1)[0].rstrip(" .!?;:")
