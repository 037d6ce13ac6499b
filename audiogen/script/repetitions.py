"""What belongs inside repetitions: a tone for every phase, and words for some.

    Exercise + place -> Work

While a phase is being learnt, nothing replaces its words: a count comes before them or gives way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from audiogen.routine.amounts import amount_on
from audiogen.routine.model import Exercise
from audiogen.routine.parts import Phase
from audiogen.routine.values import Text
from audiogen.script.cues import written_cues
from audiogen.script.lines import Lines
from audiogen.script.phase_tones import phase_tones
from audiogen.script.steps import Ask, Cued, Option, Place, Rep, Say, Tone, Work

PHASE_WORDS_MS = 50  # from the end of a phase's tone, whose notes have died down by then, to its words
HEARD_MS = 500  # of a user's own sound, before the words are spoken over it
SPOKEN_IN_FULL = 2  # repetitions that speak `say`; the one after them speaks `short`
HALFWAY_REPS_FROM = 8
TWO_MORE_FROM = 6
LAST_ONE_FROM = 3


@dataclass(frozen=True, slots=True)
class _Beat:
    """One phase of one repetition, `at_ms` after the start of the work; `tone` marks it, if any."""

    rep: Rep
    index: int
    phase: Phase
    at_ms: int
    tone: Tone | None

    @property
    def is_marked(self) -> bool:
        """Whether a tone is heard where it begins."""
        return self.tone is not None and not self.tone.silent

    @property
    def words_at_ms(self) -> int:
        """When its words may begin."""
        return self.at_ms + (self.tone.length_ms if self.tone else 0) + PHASE_WORDS_MS


def reps(lines: Lines, exercise: Exercise, place: Place) -> Work:
    """Repetitions with a tone for every phase and words for some."""
    total: int = amount_on(exercise.reps, place.side, place.set or 1)
    cycle_ms = exercise.rep_ms
    repetitions = tuple(
        Rep(number * cycle_ms, (number + 1) * cycle_ms, _rep_place(exercise, place, number + 1))
        for number in range(total)
    )
    roles = phase_tones(exercise.tempo, lines.phrases)
    beats = [beat for rep in repetitions for beat in _beats(lines, rep, exercise.tempo, roles)]
    return Work(
        kind="rep",
        length_ms=total * cycle_ms,
        tone=lines.tone("start", repetitions[0].place),
        place=place,
        phases=tuple(Cued(beat.at_ms, beat.tone) for beat in beats[1:] if beat.tone),
        cues=written_cues(lines, exercise, total * cycle_ms, place),
        asks=tuple(
            Ask(beat.words_at_ms, options, PHASE_WORDS_MS, topic=f"phase {beat.index}")
            for beat in beats
            if (options := _options(lines, exercise, beat, total))
        ),
        reps=repetitions,
        waits=lines.routine.speed < 1,
    )


def _rep_place(exercise: Exercise, place: Place, number: int) -> Place:
    if not exercise.alternate:
        return replace(place, rep=number)
    return replace(place, rep=number, side="right" if number % 2 else "left")


def _beats(lines: Lines, rep: Rep, tempo: Sequence[Phase], roles: Sequence[str | None]) -> Iterator[_Beat]:
    at_ms = rep.start_ms
    for index, (phase, role) in enumerate(zip(tempo, roles, strict=True)):
        sounds = role if at_ms else "start"  # the very first phase begins with the start tone itself
        tone = lines.tone(sounds, rep.place) if sounds else None
        yield _Beat(rep, index, phase, at_ms, _ringing(tone, phase.for_ms) if tone and at_ms else tone)
        at_ms += phase.for_ms


def _ringing(tone: Tone, phase_ms: int) -> Tone:
    """A tone of a phase that goes on below its words where it is a long sound of the user's own."""
    if tone.length_ms <= HEARD_MS:
        return tone
    return replace(tone, own_ms=min(HEARD_MS, phase_ms), rings_ms=min(tone.length_ms, phase_ms))


def _options(lines: Lines, exercise: Exercise, beat: _Beat, total: int) -> tuple[Option, ...]:
    """What may be said in one phase, the best first."""
    if not lines.speaks:
        return ()
    number, place = beat.rep.place.rep or 0, beat.rep.place
    texts = _counts(lines, exercise, number, total) if beat.index == 0 else ()
    counts = [
        Say(text, "count", place) for text in texts if texts[0]
    ]  # a phrase that is to stay unsaid has no short form
    phases = [Say(text, "phase", place) for text in _phase_words(lines, exercise, beat)]
    together: list[Option] = []
    for phase in phases:
        together += [(count, phase) for count in counts]
        if _is_kept(lines, exercise, beat):
            together.append(phase)
    return tuple(dict.fromkeys([*together, *(phases if _is_kept(lines, exercise, beat) else counts or phases)]))


def _is_kept(lines: Lines, exercise: Exercise, beat: _Beat) -> bool:
    """Whether a phase's words stay where a count does not fit next to them."""
    always = lines.words_of(exercise) == "always"
    return always or not beat.is_marked or (beat.rep.place.rep or 0) <= SPOKEN_IN_FULL


def _phase_words(lines: Lines, exercise: Exercise, beat: _Beat) -> tuple[str, ...]:
    """The words of a phase in its repetition, the longest first; where no tone marks it, they never stop."""
    wanted, number = lines.words_of(exercise), beat.rep.place.rep or 0
    if wanted == "none":
        return ()
    full, short = beat.phase.say, beat.phase.short_words
    texts: tuple[Text | None, ...] = ()
    if number <= SPOKEN_IN_FULL:
        texts = (full, short)
    elif number == SPOKEN_IN_FULL + 1 or wanted == "always" or not beat.is_marked:
        texts = (short,)
    return tuple(dict.fromkeys(lines.line_at(text, exercise, beat.rep.place) for text in texts if text is not None))


def _counts(lines: Lines, exercise: Exercise, number: int, total: int) -> tuple[str, ...]:
    """What is said at the start of repetition `number` about how many are done or left, the longest first."""
    phrases = lines.phrases
    if total >= LAST_ONE_FROM and number == total:
        return (phrases.say("work", "last"),)
    if total >= TWO_MORE_FROM and number == total - 1:
        return (phrases.say("work", "more", n=2),)
    if total >= HALFWAY_REPS_FROM and number == total // 2 + 1 and lines.wants_halfway(exercise):
        left = total - total // 2
        return (phrases.say("work", "halfway_more", n=left), phrases.say("work", "halfway"))
    return (phrases.counted(number),) if exercise.count else ()
