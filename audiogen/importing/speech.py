"""The text of an exercise -> its doses, phases, pauses, and the sentences that are spoken."""

from dataclasses import dataclass

from audiogen.importing.breathing import phases_of
from audiogen.importing.draft import Draft, Guess, LeftOut, Move, Said
from audiogen.importing.grammar import read_dose
from audiogen.importing.leftover import means_something
from audiogen.importing.line import Spot, unmarked
from audiogen.importing.names import clean_keeping_doses
from audiogen.importing.pauses import parts_of
from audiogen.importing.sentences import as_sentence, clean, shorter, split, without_dose
from audiogen.importing.vocabulary import Vocabulary

MOST_SAID = 40  # lines of one exercise


@dataclass(frozen=True, slots=True)
class Speech:
    """Fills moves with what a source says about them."""

    words: Vocabulary
    draft: Draft

    def say(self, move: Move, text: str, spot: Spot) -> None:
        """Give a move a text: its doses go to the dose, pauses are kept, the rest is spoken."""
        if len(move.said) >= MOST_SAID:
            self.draft.left_out.append(LeftOut(unmarked(text), spot, "too many words for one exercise"))
            return
        for part in parts_of(text, spot, self.words, bare=False):
            if not isinstance(part, Said):
                move.said.append(part)  # type: ignore[arg-type]
                continue
            for sentence in split(clean_keeping_doses(part.text, self.words)):
                phases = phases_of(Said(as_sentence(sentence), spot), self.words, may_hold=bool(move.phases))
                if phases:
                    move.phases.extend(phases)
                    continue
                dose = read_dose(sentence, self.words)
                if dose.hold and move.dose.hold and dose.hold != move.dose.hold and not move.dose.reps:
                    reason = f"'{sentence[slice(*dose.spans[0])]}' is a second length, and is not used"
                    move.guesses.append(Guess(reason, spot, move.name))
                move.dose = move.dose.or_else(dose)
                if dose.has_work or dose.sides:
                    move.dose_spot = move.dose_spot or spot
                kept = clean(without_dose(sentence, dose, self.words), self.words)
                if kept and means_something(kept, self.words):
                    said = move.switch if dose.swaps else move.said
                    said.extend(Said(as_sentence(one), spot) for one in shorter(as_sentence(kept)))
                if dose.ignored:
                    move.guesses.append(Guess(f"'{sentence[slice(*dose.ignored[0])]}' is how often, no dose", spot))
