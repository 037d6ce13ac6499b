"""Which position a line leads to, in every language with standard cues."""

from audiogen.phrases import languages
from audiogen.phrases.expressions import either
from audiogen.phrases.positions import Position, is_long_way, position_of
from tests.each import each

LINES: list[tuple[str, str, Position | None]] = [
    ("en", "Lie on your back, knees bent, feet flat.", "back"),
    ("en", "On your belly and forearms, roller across in front.", "belly"),
    ("en", "Lie on your {other_side} side, knees bent.", "side"),
    ("en", "Roll over onto your left side.", "side"),
    ("en", "Lie along the roller, head and hips supported.", "lying"),
    ("en", "Sit with the roller behind you, across the mat.", "sitting"),
    ("en", "Sit in front of the roller, it lies crosswise.", "sitting"),
    ("en", "Sit back onto your heels, forehead down.", "kneeling"),
    ("en", "Change legs, down onto your {side} knee.", "kneeling"),
    ("en", "Come onto your hands and knees.", "all-fours"),
    ("en", "Stand facing a wall, hands on it.", "standing"),
    ("en", "Stand tall, then sit down slowly.", "sitting"),
    ("en", "Come down, and roll onto your back.", "back"),
    ("en", "Sit or lie, shoulders low.", "sitting"),
    ("en", "Or lie on your back.", "back"),
    ("en", "From lying on your back, sit up.", "sitting"),
    ("en", "Sit up from lying.", "sitting"),
    ("en", "On your back, lying long.", "back"),
    ("en", "Rest your hands on your knees.", None),
    ("en", "One hand on your belly.", None),
    ("en", "Feel the stretch on your right side.", None),
    ("en", "Press your sit bones down.", None),
    ("en", "Put your {side} ankle over your {other_side} knee.", None),
    ("en", "Come up slowly.", None),
    ("en", "Let your tongue lie at ease.", None),
    ("en-GB", "Kneel.", "kneeling"),
    ("sv", "Lie on your back.", None),
    ("de", "Leg dich auf den Rücken, Beine angestellt.", "back"),
    ("de", "Auf den Bauch, auf die Unterarme, Rolle quer davor.", "belly"),
    ("de", "Komm in den Vierfüßlerstand.", "all-fours"),
    ("de", "Setz dich zurück auf die Fersen.", "kneeling"),
    ("de", "Setz dich vor die Rolle, sie liegt quer.", "sitting"),
    ("de", "Stell dich vor eine Wand.", "standing"),
    ("de", "Roll dich auf die linke Seite.", "side"),
    ("de", "Eine Hand auf den Bauch.", None),
    ("de", "Knie gebeugt, Füße flach.", None),
    ("es", "Túmbate boca arriba.", "back"),
    ("es", "Boca abajo, sobre los antebrazos.", "belly"),
    ("es", "A gatas, hombros sobre las muñecas.", "all-fours"),
    ("es", "De pie, de espaldas a la pared.", "standing"),
    ("es", "Siéntate sobre los talones o un bloque.", "kneeling"),
    ("es", "Palmas boca arriba.", None),
    ("fr", "Allonge-toi sur le dos.", "back"),
    ("fr", "Mets-toi à quatre pattes.", "all-fours"),
    ("fr", "Assieds-toi sur tes talons.", "kneeling"),
    ("fr", "Allongé sur le côté, genoux pliés.", "side"),
    ("fr", "Debout, pieds écartés.", "standing"),
    ("fr", "Les mains sur le ventre.", None),
    ("it", "Sdraiati sulla schiena.", "back"),
    ("it", "Mettiti a quattro zampe.", "all-fours"),
    ("it", "Siediti sui talloni.", "kneeling"),
    ("it", "In piedi, braccia lungo i fianchi.", "standing"),
    ("pt", "Deite-se de costas.", "back"),
    ("pt", "De bruços, braços à frente.", "belly"),
    ("pt", "Fique em pé, de costas para a parede.", "standing"),
    ("pt", "Sente-se numa cadeira.", "sitting"),
    ("nl", "Ga op je rug liggen.", "back"),
    ("nl", "Ga op handen en knieën.", "all-fours"),
    ("nl", "Ga rechtop staan.", "standing"),
    ("nl", "Leg een hand op je buik.", None),
    ("pl", "Połóż się na plecach.", "back"),
    ("pl", "Uklęknij na prawym kolanie.", "kneeling"),
    ("pl", "Stań prosto.", "standing"),
    ("pl", "Dłonie na brzuchu.", None),
    ("ja", "仰向けに寝てください。", "back"),
    ("ja", "四つん這いになります。", "all-fours"),
    ("ja", "椅子に座って、背筋を伸ばします。", "sitting"),
    ("ja", "まっすぐ立って、足を腰幅に開きます。", "standing"),
    ("ja", "手のひらを下にして置きます。", None),
    ("hi", "पीठ के बल लेट जाएँ।", "back"),
    ("hi", "सीधे खड़े हो जाएँ।", "standing"),
    ("hi", "आराम से बैठें।", "sitting"),
    ("hi", "घुटनों के बल आएँ।", "kneeling"),
]


@each(("language", "line", "position"), LINES)
def test_a_line_leads_to_its_position(language: str, line: str, position: Position | None) -> None:
    assert position_of(line, language) == position


def test_every_language_with_standard_cues_has_words_for_positions() -> None:
    assert {language for language, _, position in LINES if position} >= set(languages())


@each(
    ("before", "after", "far"),
    [
        ("back", "standing", True),
        ("kneeling", "belly", True),
        ("all-fours", "standing", True),
        ("back", "belly", False),
        ("all-fours", "kneeling", False),
        ("sitting", "standing", False),
        (None, "standing", False),
    ],
)
def test_only_between_lying_kneeling_and_standing_is_a_long_way(
    before: Position | None, after: Position | None, far: bool
) -> None:
    assert is_long_way(before, after) is far


def test_an_expression_may_be_open_at_either_end_and_have_any_word_inside() -> None:
    assert either(["over-"]).search("Overhead")
    assert not either(["over"]).search("Overhead")
    assert either(["-lying"]).search("Side-lying, underlying")
    assert either(["on your * side"]).search("Stay on your {other_side} side.")
    assert either(["^on your knees"]).search("Slowly. On your knees now.")
    assert not either(["^on your knees"]).search("Hands on your knees.")
    assert not either([]).search("Anything")
