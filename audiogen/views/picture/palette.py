"""The colours of a picture, on a terminal and in an SVG file.

Exercises take turns in six colours that lie on the terminal's 256-colour cube. Each keeps a contrast of 3:1 on white
and on black, for a picture cannot ask a terminal for its background, and black text on it one of 4.5:1. Cool and warm
ones alternate, so that neighbours differ in every kind of colour vision.
"""

from typing import NamedTuple


class Colour(NamedTuple):
    """A colour's number on a 256-colour terminal, and the same colour for CSS."""

    code: int
    css: str


class Scheme(NamedTuple):
    """What lies around the coloured parts: background, text, lesser text, silence."""

    paper: str
    ink: str
    lesser: str
    quiet: str


COLOURS = (
    Colour(32, "#0087d7"),  # blue
    Colour(136, "#af8700"),  # gold
    Colour(30, "#008787"),  # teal
    Colour(166, "#d75f00"),  # orange
    Colour(99, "#875fff"),  # violet
    Colour(167, "#d75f5f"),  # rose
)
INK_ON_COLOUR = "#000000"

LIGHT = Scheme(paper="#ffffff", ink="#1b1b20", lesser="#52525c", quiet="#85858f")
DARK = Scheme(paper="#17171b", ink="#f2f2f5", lesser="#b6b6c0", quiet="#85858f")


def colour_of(number: int) -> Colour:
    """The colour of the exercise with this number, which counts from 1."""
    return COLOURS[(number - 1) % len(COLOURS)]
