"""A walk over tokens: looks for numbers, lengths and words near them, and notes what a text says about a dose."""

from dataclasses import dataclass, field

from audiogen.importing.dose import Amount, Dose
from audiogen.importing.tokens import Token

UNITS = {"second": 1000, "minute": 60_000, "hour": 3_600_000}
MOST_REPS = 500
_NEAR = 3  # tokens between a length and the word that says what it is


@dataclass(slots=True)
class Reading:
    """Goes over the tokens once; what it has found so far."""

    tokens: tuple[Token, ...]
    found: dict[str, object] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)
    ignored: list[tuple[int, int]] = field(default_factory=list)

    def dose(self) -> Dose:
        """What was found."""
        return Dose(**self.found, spans=tuple(self.spans), ignored=tuple(self.ignored))  # type: ignore[arg-type]

    # -- looking

    def is_(self, at: int, *kinds: str) -> bool:
        """Whether a token is of one of these kinds."""
        return 0 <= at < len(self.tokens) and self.tokens[at].of(*kinds)

    def sign(self, at: int, signs: str) -> bool:
        """Whether a token is one of these signs."""
        return 0 <= at < len(self.tokens) and self.tokens[at].text in tuple(signs)

    def number(self, at: int) -> tuple[float, float, int] | None:
        """A number or a range of numbers: the least, the most, and where it ends."""
        if not self.is_(at, "number", "numeral"):
            return None
        least = self.tokens[at].number or 0.0
        if self.is_(at, "number") and self.is_(at + 1, "range") and self.is_(at + 2, "number"):
            most = self.tokens[at + 2].number or 0.0
            if most > least:
                return least, most, at + 3
        return least, least, at + 1

    def length(self, at: int) -> tuple[Amount, int] | None:
        """A length of time, or a range: "1 min 30 s", "0:45", "30-60s"."""
        if self.is_(at, "length"):
            first_ms = self.tokens[at].length_ms or 0
            if self.is_(at + 1, "range") and self.is_(at + 2, "length"):
                return Amount(first_ms, self.tokens[at + 2].length_ms or 0), at + 3
            return (Amount(first_ms, first_ms), self.past_unit(at + 1)) if first_ms else None
        if (found := self.number(at)) is None:
            return None
        least, most, end = found
        end += self.sign(end, "-‑") and self.is_(end + 1, *UNITS)
        unit = self.unit(end)
        if unit is None:
            return self.length_range(at)
        first = Amount(round(least * unit), round(most * unit))
        second = self.length(end + 2) if self.is_(end + 1, "range") and not first.is_range else None
        if second and second[0].least > first.least:
            return Amount(first.least, second[0].most), second[1]
        return self.with_seconds(first, end + 1, unit)

    def length_range(self, at: int) -> tuple[Amount, int] | None:
        """A range of which only the end has its unit, in words: "thirty to sixty seconds"."""
        if self.is_(at + 1, "range") and (second := self.length(at + 2)) and (unit := self.unit(second[1] - 1)):
            least_ms = round((self.tokens[at].number or 0) * unit)
            if 0 < least_ms < second[0].most:
                return Amount(least_ms, second[0].most), second[1]
        return None

    def with_seconds(self, minutes: Amount, at: int, unit: int) -> tuple[Amount, int]:
        """The seconds behind minutes, if there are any."""
        if unit != UNITS["minute"] or minutes.is_range:
            return minutes, at
        at_number = at + self.is_(at, "filler") if self.is_(at + 1, "number") else at
        number = self.number(at_number)
        if number and number[0] == number[1] and self.unit(number[2]) == UNITS["second"]:
            total_ms = minutes.least + round(number[0] * 1000)
            return Amount(total_ms, total_ms), number[2] + 1
        return minutes, at

    def unit(self, at: int) -> int | None:
        """How many ms a unit has."""
        return next((ms for kind, ms in UNITS.items() if self.is_(at, kind)), None)

    def is_length(self, at: int) -> bool:
        """Whether a token ends a length of time that is held."""
        return (self.is_(at, "length") or self.unit(at) is not None) and self.is_(at - 1, "number", "length")

    def past_unit(self, at: int) -> int:
        """Behind the unit that some write after a clock: "0:45 min"."""
        return at + 1 if self.unit(at) and not self.is_(at, "sided") else at

    def near(self, at: int, step: int, *kinds: str) -> int | None:
        """The place of a kind within a few tokens, past words that mean nothing here."""
        for _ in range(_NEAR):
            if self.is_(at, *kinds):
                return at
            if not (self.is_(at, "filler") or self.sign(at, ":(=~≈")):
                return None
            at += step
        return None

    # -- noting

    def note(self, name: str, value: object, start: int, end: int) -> int:
        """Keep what was found first; its tokens are no words of an instruction."""
        if name == "sides" and name not in self.found:
            self.found["side_words"] = " ".join(token.text for token in self.tokens[start:end])
        self.found.setdefault(name, value)
        self.spans.append((self.tokens[start].start, self.tokens[end - 1].end))
        return end


def counted(number: tuple[float, float, int]) -> Amount:
    """A number of repetitions, sets or the like, as `Reading.number` finds it."""
    least, most = round(number[0]), round(number[1])
    return Amount(min(max(least, 1), MOST_REPS), min(max(most, 1), MOST_REPS))
