"""The contents of a routine file as immutable models: a field's alias is its key, its description what editors show.

The kinds of values are in `values`; what needs more than one key is in `checks`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from audiogen.routine import key_types as key
from audiogen.routine.amounts import MOST_SETS, amount_on, sets_listed
from audiogen.routine.parts import Cue, Phase, Written
from audiogen.routine.pauses import LIMITS, PAUSE_OF_SETTING
from audiogen.routine.prose import Sounded
from audiogen.routine.settings import described
from audiogen.routine.sounds import Sounds, names_of_files
from audiogen.routine.values import Side, Sided, Words
from audiogen.routine.voice_spec import VoiceSpec

Announce = Literal["full", "name", "none"]  # how much of an exercise is announced


def _setting(name: str, default: Any = None, **more: Any) -> Any:
    """Declare a key that is also a setting; its description is the setting's help."""
    return Field(default, alias=name, description=described(name), **more)


class Exercise(Written):
    """One exercise: a timed hold or counted repetitions, with the words around and during it."""

    name: key.Line = Field(description="The name of the exercise: announced, and the title of its chapter.")
    id: key.Id | None = Field(None, description="A short name for it, in place of the one made from `name`.")
    slug: str  # unique in the routine; set by the reader, as are `number` and `alternate`
    number: int  # from 1, in the file's order, before anything is skipped; counts those inside rounds too
    setup: key.TextsKey = Field((), description="How to get into position, one spoken line per item.")
    position: key.Position = Field(None, description="The position of its work, if `setup` does not name it.")
    sides: key.Sides = Field((), description="[right, left], [right], [left], or alternate (each repetition or hold).")
    alternate: bool = False  # the side changes with each repetition or hold; `sides` is then ("right", "left")
    hold_ms: key.HoldKey | None = Field(
        None,
        alias="hold",
        description="How long to hold, exactly; [10s, 20s, 30s] for each set, {right: 30s, left: 45s} for each side.",
    )
    reps: key.RepsKey | None = Field(
        None,
        description="How many repetitions, on each side; [12, 10, 8] is one for each set. With `tempo`, or with `for` "
        "at one's own pace, where it may be a range such as 8 to 12. With `hold` and `sides: alternate`, the holds of "
        "both sides together.",
    )
    for_ms: key.Length | None = _setting("for")
    tempo: tuple[Phase, ...] = Field((), description="The phases of a repetition, each with its length.")
    count: key.Flag = Field(False, description="Speak the number of every repetition.")
    words: Words | None = _setting("words")
    sets: key.Few = _setting("sets", 1)
    rest_ms: key.Rest | None = _setting("rest")
    order: Literal["sides", "sets"] = Field(
        "sides", description="With sides and sets: all sets of one side first (sides), or each set on both (sets)."
    )
    cues: tuple[Cue, ...] = Field((), description="The words during the work, each with its time.")
    switch: key.TextsKey = Field((), description='The words between the sides, after "Switch sides".')
    release: key.TextsKey = Field((), description="How to leave the position.")
    note: key.Line | None = Field(None, description="A note, shown on the sheet and in the studio, never spoken.")
    skip: key.Flag = Field(False, description="Leave this exercise out.")
    gap_ms: key.Pause | None = _setting("gap")
    settle_ms: key.Pause | None = _setting("settle")
    switching_ms: key.Pause | None = _setting("switching")
    transition_ms: key.Pause | None = _setting("transition")
    countdown: key.Countdown | None = _setting("countdown")
    halfway: key.Flag | None = _setting("halfway")
    halfway_from_ms: key.Length | None = _setting("halfway_from")
    remaining_ms: key.Remaining | None = _setting("remaining")  # 0: off here, whatever the routine has
    announce: Announce | None = _setting("announce")
    optional: key.Flag = Field(False, description='Say "If you like." after its name; the sheet says so too.')
    fixed: key.Flag = Field(False, description="Never stretch this exercise to fit a length.")
    min_ms: key.Length | None = Field(None, alias="min", description="The shortest that its hold may become.")
    max_ms: key.Length | None = Field(None, alias="max", description="The longest that its hold may become.")

    @property
    def rep_ms(self) -> int:
        """How long a repetition lasts."""
        return sum(phase.for_ms for phase in self.tempo)

    @property
    def holds_alternate(self) -> bool:
        """Whether it is holds that change the side, one by one."""
        return self.alternate and self.hold_ms is not None and isinstance(self.reps, int)

    @property
    def pieces(self) -> int:
        """How many pieces of work one side has, with a rest between them: sets, or holds that change the side."""
        return self.reps if self.holds_alternate and isinstance(self.reps, int) else self.sets

    def work_ms(self, side: Side | None, number: int = 1) -> int:
        """How long set `number` lasts on a side; without one, where both are alike."""
        if self.hold_ms is not None:
            return int(amount_on(self.hold_ms, side, number))
        if self.for_ms is not None:
            return self.for_ms
        count = amount_on(self.reps, side, number)
        return count * self.rep_ms if isinstance(count, int) else 0

    @model_validator(mode="before")
    @classmethod
    def _read_together(cls, written: Any) -> Any:
        """Tell alternating sides from others, and take the number of sets from a list of doses."""
        if not isinstance(written, Mapping):
            return written
        dose = written.get("hold") or written.get("reps")
        listed = sets_listed(Sided(**dose) if isinstance(dose, Mapping) and {*dose} == {"right", "left"} else dose)
        if written.get("sides") == "alternate":
            written = {**written, "sides": ("right", "left"), "alternate": True}
        return written if listed is None or "sets" in written else {**written, "sets": max(1, min(listed, MOST_SETS))}


class Passage(Written):
    """Words, pauses and sounds, with nothing to do: neither announced nor counted."""

    name: key.Line = Field(alias="passage", description="The name of the passage: the title of its chapter.")
    id: key.Id | None = Field(None, description="A short name for it, in place of the one made from its name.")
    slug: str  # unique in the routine; set by the reader
    say: key.SayKey = Field(
        description="What is said: a text after |, in which a blank line is a pause and [20s], [20-40s] and [bell] "
        "stand where they happen; or a list of lines, pauses and sounds."
    )
    note: key.Line | None = Field(None, description="A note, shown on the sheet and in the studio, never spoken.")
    skip: key.Flag = Field(False, description="Leave this passage out.")


class Group(Written):
    """Exercises and passages done one after another, and then again."""

    name: key.Line | None = Field(None, description="The name by which the group is addressed; by default group-1, …")
    slug: str  # unique in the routine; set by the reader
    rounds: key.Rounds = Field(1, description="How many times the exercises inside are done.")
    work_ms: key.Length | None = _setting("work")
    rest_ms: key.Rest | None = _setting("rest")
    round_rest_ms: key.Rest | None = _setting("round_rest")
    every_ms: key.Length | None = _setting("every")
    announce: Announce | None = Field(
        None, description="How much of its rounds and exercises is announced: full, name (the name alone) or none."
    )
    exercises: tuple[Exercise | Passage, ...] = Field(description="The exercises and passages of a round.")


Item = Exercise | Passage | Group
_ALONE = Group.model_construct(slug="", exercises=())


class Routine(Written):
    """A whole routine file."""

    title: key.Line = Field(description=described("title"))
    language: key.Language = Field("en", description="The language of its texts, such as en, es or pt-BR.")
    length_ms: key.Total = _setting("length")
    description: key.Line | None = Field(None, description="The purpose of the routine; shown, not spoken.")
    equipment: key.Lines = Field((), description="What is needed, named in the opening.")
    before: key.Lines = Field((), description="What to do before the session, said in the opening.")
    caution: key.Lines = Field((), description="When to stop, said in the opening.")
    after: key.Lines = Field((), description="What to do next, said in the closing.")
    voice: key.VoiceKey | None = Field(
        None, description="The voice, such as gtts, gtts:en:co.uk, builtin or recordings:my-voice."
    )
    speed: key.Speed = _setting("speed", 1.0)
    fill: key.VoiceKey | None = _setting("fill")
    pronounce: key.Pronounced = Field(
        {}, description="How words sound, in letters or as /phonemes/; captions have the word."
    )
    phrases: key.Phrases = Field(
        {}, description="Texts in place of standard phrases, by name (`audiogen phrases` lists them); none: silence."
    )
    date: key.Date | None = Field(None, description="The date in the track's tags.")
    artist: key.Line | None = Field(None, description="The artist in the track's tags.")
    album: key.Line | None = Field(None, description="The album in the track's tags.")
    music: key.MusicKey = _setting("music")
    music_level: key.Level = _setting("music_level", 0)
    bitrate: key.Bitrate | None = _setting("bitrate")
    gap_ms: key.Pause | None = _setting("gap")
    settle_ms: key.Pause | None = _setting("settle")
    switching_ms: key.Pause | None = _setting("switching")
    transition_ms: key.Pause | None = _setting("transition")
    tail_ms: key.Pause | None = _setting("tail")
    paragraph_ms: key.Pause | None = _setting("paragraph")
    pauses: key.Times = _setting("pauses", 1.0, json_schema_extra={"default": "1x"})
    breath: key.Breath | None = _setting("breath")
    rounds: key.Rounds = _setting("rounds", 1)
    stretch: Literal["silences", "holds"] = _setting("stretch", "silences")
    loudness: key.Loudness = _setting("loudness", -18)
    sounds: key.SoundsKey = _setting("sounds", Sounds(), json_schema_extra={"default": "bells"})
    levels: key.LevelsKey = _setting("levels", {})
    silence: Literal["bed", "digital"] = _setting("silence", "bed")
    guidance: Literal["full", "brief", "tones"] = _setting("guidance", "full")
    words: Words = _setting("words", "learn")
    countdown: key.Countdown = _setting("countdown", 3)
    halfway: key.Flag = _setting("halfway", True)
    halfway_from_ms: key.Length = _setting("halfway_from", 45_000, json_schema_extra={"default": "45s"})
    remaining_ms: key.Remaining | None = _setting("remaining")  # None or 0: off
    opening: Literal["full", "title", "none"] = _setting("opening", "full")
    closing: Literal["full", "none"] = _setting("closing", "full")
    announce: Announce = _setting("announce", "full")
    progress: key.Progress = _setting("progress", ())
    exercises: tuple[Item, ...] = Field(description="The exercises, passages and groups, in order.")
    source: Path | None = Field(None, exclude=True, repr=False)  # the file it came from

    @property
    def groups(self) -> tuple[Group, ...]:
        """What is done together; an exercise or passage outside groups is one of its own."""
        return tuple(
            item if isinstance(item, Group) else _ALONE.model_copy(update={"exercises": (item,)})
            for item in self.exercises
        )

    @property
    def flat(self) -> tuple[Exercise, ...]:
        """All exercises in the file's order, including those inside groups and those that are skipped."""
        return tuple(one for one in self.inside if isinstance(one, Exercise))

    @property
    def inside(self) -> tuple[Exercise | Passage, ...]:
        """All exercises and passages in the file's order, including those inside groups and those that are skipped."""
        return tuple(one for item in self.exercises for one in (item.exercises if isinstance(item, Group) else (item,)))

    @property
    def items(self) -> tuple[Item, ...]:
        """All that has a slug: exercises and passages in the file's order, and each group behind what is inside it."""
        return tuple(
            one for item in self.exercises for one in ((*item.exercises, item) if isinstance(item, Group) else (item,))
        )

    def announcing(self, group: Group) -> Announce:
        """How much of a group is announced: what it says, or the routine."""
        return group.announce or self.announce

    @property
    def announced(self) -> dict[str, Announce]:
        """How much of each exercise is announced, by its slug: what it says, or its group, or the routine."""
        return {
            one.slug: one.announce or self.announcing(group)
            for group in self.groups
            for one in group.exercises
            if isinstance(one, Exercise)
        }

    def with_each(self, change: Callable[[Exercise], Exercise]) -> "Routine":
        """Change every exercise, those inside groups too."""
        return self.with_items(lambda item: change(item) if isinstance(item, Exercise) else item)

    def with_items(self, change: "Callable[[Item], Item]") -> "Routine":
        """Change everything in `items`, each to one of its own kind."""

        def changed(item: Item) -> Item:
            if isinstance(item, Group):
                item = item.model_copy(update={"exercises": tuple(map(change, item.exercises))})
            return change(item)

        return self.model_copy(update={"exercises": tuple(map(changed, self.exercises))})

    def pause_ms(self, setting: str, exercise: Exercise | None = None) -> int:
        """How long a kind of pause lasts in an exercise, before anything is stretched: its own, the routine's or the
        default."""
        field = f"{setting}_ms"
        own_ms = getattr(exercise, field, None)
        if own_ms is None:
            own_ms = getattr(self, field)
        return LIMITS[PAUSE_OF_SETTING[setting]].default_ms if own_ms is None else int(own_ms)

    @property
    def sound_names(self) -> dict[str, str]:
        """What the timeline calls the sound files of cues and passages: by path, a name that no other has."""
        cued = (cue.sound for one in self.flat for cue in one.cues if cue.sound is not None)
        said = (part for one in self.inside if isinstance(one, Passage) for part in one.say)
        return names_of_files([*cued, *(part.sound for part in said if isinstance(part, Sounded))])

    @property
    def all_sounds(self) -> Sounds:
        """Its tones, and the sound files of its cues and passages by their names."""
        named = {name: file for file, name in self.sound_names.items()}
        return replace(self.sounds, files={**self.sounds.files, **named}) if named else self.sounds

    @property
    def sound_files(self) -> tuple[Path, ...]:
        """The files of its music and of its own tones, whether they are there or not."""
        music = self.music.file if self.music else None
        return (*([music] if music else []), *map(Path, self.all_sounds.files.values()))

    def with_voice(self, written: str | None) -> "Routine":
        """The same, spoken by the voice that was asked for, if any; its files are found from anywhere."""
        voice = VoiceSpec.parse(written).anchored(Path.cwd()) if written is not None else self.voice
        return self.model_copy(update={"voice": voice})

    def __eq__(self, other: object) -> bool:
        # Two files with the same contents are the same routine.
        if not isinstance(other, Routine):
            return NotImplemented
        return {**self.__dict__, "source": None} == {**other.__dict__, "source": None}

    def __hash__(self) -> int:
        return hash((self.title, self.exercises))
