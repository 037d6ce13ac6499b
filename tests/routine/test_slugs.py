"""Names and the short names made of them."""

from hypothesis import assume, given
from hypothesis import strategies as st

from audiogen.routine.slugs import slug_of, unique_slugs
from tests.each import each
from tests.strategies import any_text

names = any_text(min_size=1).filter(lambda name: any(letter.isalnum() for letter in name))


@each(
    ("name", "slug"),
    [
        ("Double V", "double-v"),
        ("Embryo's pose", "embryo-s-pose"),
        ("  90/90 -- switch! ", "90-90-switch"),
        ("Élan vital", "elan-vital"),
        ("E\u0301lan", "elan"),
        ("Überkreuz, Straße", "uberkreuz-strasse"),
        ("ﬁne", "fine"),
        ("İstanbul", "istanbul"),
        ("猫のポーズ", "猫のポーズ"),
        ("か\u3099", "が"),
        ("हिन्दी व्यायाम", "हिन्दी-व्यायाम"),
        ("ёлка", "ёлка"),
        ("100", "exercise-100"),
        ("1 2", "1-2"),
    ],
)
def test_a_slug_keeps_what_can_be_typed(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(names)
def test_a_slug_has_only_letters_digits_marks_and_single_dashes(name: str) -> None:
    slug = slug_of(name)
    assert slug
    assert slug.strip("-") == slug
    assert "--" not in slug
    assert not any(letter.isspace() for letter in slug)
    assert not slug.isdigit()


@given(names)
def test_the_slug_of_a_slug_is_itself(name: str) -> None:
    assert slug_of(slug_of(name)) == slug_of(name)


@given(names)
def test_case_and_outer_space_do_not_matter(name: str) -> None:
    assume(name.upper().casefold() == name.casefold())
    assert slug_of(f"  {name.upper()} ") == slug_of(name)


@given(st.lists(st.sampled_from(["Cat", "cat!", "Cat 2", "Dog"])))
def test_slugs_are_unique_and_the_first_of_a_name_keeps_it(names: list[str]) -> None:
    slugs = unique_slugs([None] * len(names), names)
    assert len(set(slugs)) == len(slugs)
    assert all(slugs[names.index(name)] == slug_of(name) for name in ("Dog",) if name in names)


def test_the_same_name_again_gets_a_number() -> None:
    assert unique_slugs([None] * 4, ["Cat", "Cat", "cat", "Cat 2"]) == ("cat", "cat-2", "cat-3", "cat-2-2")


def test_a_chosen_slug_goes_before_one_made_of_a_name() -> None:
    assert unique_slugs([None, "cat"], ["Cat", "Stretch"]) == ("cat-2", "cat")
