"""Ten thousand texts of every kind, through splitting and the making of request bodies; by default each fifth."""

import json
import random
import urllib.parse
from collections.abc import Callable

import pytest

from audiogen.errors import VoiceError
from audiogen.voices.gtts import LONGEST_PART, GttsVoice, request_bodies
from audiogen.voices.parts import packed

TEXTS = 10_000
BY_DEFAULT = 5  # one of so many

WORDS = "hold the right arm lift, lower; breathe. Now! Again? st. Dr. e.g. 3.5 10:30 -20° 50 % it's “so” (two)"
RIGHT_TO_LEFT = "ישרו את הגב, ונשמו. ارفع ذراعك اليمنى؟ ثم توقف، الآن. \u200f\u202b"
OTHERS = "息を吸って、腕を上げます。止まって！ गहरी साँस लें। ठहरिए। หายใจเข้าลึกๆ ค้างไว้ 深呼吸，然后放松。 Ťažké ﬁnish İki"
EMOJI = "🙂 👩\u200d🦽\u200d➡️ 🏳️\u200d🌈 👍🏽 🇩🇪 1️⃣ ❤️ 🧘"
MARKUP = """<speak> </speak> <break  time="3s"/> <p> &amp; ]]> <!-- " ' \\ %s {0} [[x]]"""
SYMBOLS = "... … — *** !!! ¡ ¿ §§ ∑ € ++ → ♪ ''"
CONTROLS = [*map(chr, range(32)), *"\x7f\x85\xa0\xad\u200b\u2028\ufeff\ufffe\ud800\U0010ffff"]


def mixed(chance: random.Random) -> str:
    pieces = [*" ".join((WORDS, RIGHT_TO_LEFT, OTHERS, EMOJI, MARKUP, SYMBOLS)).split(), *CONTROLS]
    return " ".join(chance.choices(pieces, k=chance.randint(1, 60)))


def unspaced(chance: random.Random) -> str:
    return "".join(chance.choices([*f"{OTHERS} {EMOJI} {SYMBOLS} {WORDS}".split(), *CONTROLS], k=chance.randint(1, 80)))


def any_characters(chance: random.Random) -> str:
    return "".join(chr(chance.choice((chance.randrange(0x300), chance.randrange(0x11_0000)))) for _ in range(80))


def of(pieces: list[str]) -> Callable[[random.Random], str]:
    return lambda chance: chance.choice((" ", "")).join(chance.choices(pieces, k=chance.randint(1, 60)))


def five_thousand(chance: random.Random) -> str:
    words = " ".join(chance.choices(f"{WORDS} {OTHERS} {EMOJI}".split(), k=2000))
    return f"{words}{'x' * 5000}"[:5000]


KINDS = {
    "mixed": (mixed, 2600),
    "without spaces": (unspaced, 1500),
    "any characters": (any_characters, 1500),
    "emoji": (of(EMOJI.split()), 500),
    "symbols": (of(SYMBOLS.split()), 500),
    "right to left": (of(RIGHT_TO_LEFT.split()), 1000),
    "control characters": (of([*CONTROLS, "ab"]), 1000),
    "like SSML": (of([*MARKUP.split(), "lift", "hold."]), 1000),
    "one long word": (lambda chance: "ab" * chance.randint(40, 2500), 300),
    "5 000 characters": (five_thousand, 100),
}


def test_there_are_ten_thousand() -> None:
    assert sum(count for _, count in KINDS.values()) == TEXTS


@pytest.mark.parametrize("one_of", [BY_DEFAULT, pytest.param(1, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_nothing_is_too_long_or_it_is_clearly_refused(kind: str, one_of: int) -> None:
    make, count = KINDS[kind]
    chance = random.Random(kind)  # noqa: S311 - no secret
    voice = GttsVoice("en", "com")
    for _ in range(count // one_of):
        text = make(chance)
        if any(character.isalnum() for character in text):
            check(text, [spoken_in(body) for body in request_bodies(text, "en")])
        else:
            with pytest.raises(VoiceError) as caught:
                voice.speak(text)
            assert caught.value.problems[0].code == "voices.wordless"


@pytest.mark.parametrize(
    "shortened",
    ["use a soft ball, e.g. Tennis", "hold for approx. 20", "zum Beispiel z. B. Knie", "as Dr. A. B. Smith", "p.m. in"],
)
def test_no_part_ends_in_an_abbreviation(shortened: str) -> None:
    """The service ends each part as a sentence; whole texts are shifted by a letter, so that each place is met."""
    for before in range(40, 100):
        parts = packed(
            f"{'x' * before}. Lie down and {shortened} balls under the shoulder, then lie still. Rest now.",
            LONGEST_PART,
        )
        endings = [part.rsplit(maxsplit=1)[-1] for part in parts[:-1]]
        assert not {"e.g.", "approx.", "z.", "B.", "Dr.", "A.", "p.m."} & set(endings), parts


def test_a_sentence_ends_where_another_begins() -> None:
    first, second = f"{'Lean in ' * 7}and breathe in.", f"{'Lean out ' * 6}and rest."
    assert packed(f"{first} {second}", LONGEST_PART) == [first, second]


def check(text: str, parts: list[str]) -> None:
    """The parts, in order, must be the whole text except white space and stretches without letter and digit."""
    assert parts
    assert max(map(len, parts)) <= 100
    rest = "".join(text.split())
    for part in parts:
        before, found, rest = rest.partition("".join(part.split()))
        assert found, f"{part!r} is not what comes next in {text!r}"
        assert not any(character.isalnum() for character in before), f"{before!r} is lost from {text!r}"
    assert not any(character.isalnum() for character in rest), f"{rest!r} is lost from {text!r}"


def spoken_in(body: str) -> str:
    """The text in a request body."""
    ((_, parameters, _, _),) = json.loads(urllib.parse.parse_qs(body)["f.req"][0])[0]
    text = json.loads(parameters)[0]
    assert isinstance(text, str)
    return text
