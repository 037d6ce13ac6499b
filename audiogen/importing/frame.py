"""What stands around the exercises: what is needed, what to do before, when to stop."""

import re
from dataclasses import dataclass

from audiogen.importing.classify import noise_of
from audiogen.importing.draft import Draft, LeftOut, Said
from audiogen.importing.line import Line, unmarked
from audiogen.importing.sentences import as_sentence, clean, split
from audiogen.importing.vocabulary import Vocabulary, all_in, begins_with

_LIST = re.compile(r"\s*(?:[,;，、·|]|\band\b|\bund\b|\by\b|\bet\b|\be\b|\ben\b|\bi\b|(?<!\w)&(?!\w))\s*")


_NOTHING = ("none", "no", "nothing", "no equipment", "keine", "keins", "nichts", "ninguno", "nada", "aucun", "niente")


@dataclass(frozen=True, slots=True)
class Frame:
    """Fills these keys of a draft."""

    words: Vocabulary
    draft: Draft

    def equipment(self, line: Line) -> None:
        """Take what is needed from a line, one thing each."""
        text = clean(unmarked(line.text), self.words)
        for lead in sorted(self.words.sections["equipment"], key=len, reverse=True):
            if text.lower().startswith(lead):
                text = text[len(lead) :].lstrip(" :")
                break
        for item in _LIST.split(text.rstrip(".")):
            item = re.sub(r"^(?:just |only |nur |also )", "", item.strip(" .-"))
            if item.lower() in _NOTHING:
                self.draft.left_out.append(LeftOut(unmarked(line.text), line.spot, "nothing is needed"))
            elif item:
                self.draft.equipment.append(Said(item, line.spot))

    def cautions(
        self, line: Line, *, section: str = "", all_of_it: bool = False, rest_to: list[Said] | None = None
    ) -> None:
        """Take when to stop from a line; `rest_to` takes its other sentences, which are else left out."""
        for sentence in split(clean(line.text, self.words)):
            is_noise = noise_of(sentence, self.words) >= (1.5 if sentence.rstrip().endswith("?") else 3)
            stops = len(all_in(sentence, self.words.sections["stop"]))
            if is_noise and stops < (2 if sentence.endswith("?") else 1):
                self.draft.left_out.append(LeftOut(sentence, line.spot, "noise"))
            elif all_of_it or stops:
                self.draft.caution.append(Said(as_sentence(sentence), line.spot))
            elif rest_to is not None:
                rest_to.append(Said(as_sentence(sentence), line.spot))
            else:
                self.draft.left_out.append(LeftOut(sentence, line.spot, section or "text"))

    def needs(self, line: Line) -> bool:
        """Take the sentence of a paragraph that says what is needed, and those that say when to stop."""
        sentences = list(split(clean(line.text, self.words)))
        needs = [one for one in sentences if self._is_need(one)]
        for sentence in needs:
            self.equipment(line.with_text(sentence))
        rest = " ".join(one for one in sentences if one not in needs)
        if needs and rest:
            self.cautions(line.with_text(rest))
        return bool(needs)

    def _is_need(self, sentence: str) -> bool:
        return begins_with(sentence, self.words.sections["equipment"]) and len(sentence.split()) > 2
