"""What a drawing is made of: rectangles and text on a sheet, and the scale that leads from time to place.

marks -> SVG elements
"""

from dataclasses import dataclass, field
from html import escape  # xml.sax.saxutils would load urllib and ssl


@dataclass(slots=True)
class Sheet:
    """The elements drawn so far, and how far down the next one goes."""

    y: float = 0.0
    elements: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, css: str, radius: float = 0.0) -> None:
        rounded = f' rx="{number(min(radius, width / 2))}"' if radius else ""
        self.elements.append(
            f'<rect class="{css}" x="{number(x)}" y="{number(y)}" '
            f'width="{number(width)}" height="{number(height)}"{rounded}/>'
        )

    def text(self, x: float, y: float, text: str, css: str, *, anchor: str = "", language: str = "") -> None:
        """Text on the base line `y`. `language` marks the user's own words, which may run from right to left."""
        if not text:
            return
        anchored = f' text-anchor="{anchor}"' if anchor else ""
        marked = f' xml:lang="{escape(language)}"' if language else ""
        self.elements.append(
            f'<text class="{css}" x="{number(x)}" y="{number(y)}"{anchored}{marked}>{escape(text, quote=False)}</text>'
        )


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a time lies: `x` units from the left, `unit_ms` to a unit, counted from `start_ms`."""

    x: float
    start_ms: int
    unit_ms: float

    def at(self, ms: int) -> float:
        return self.x + (ms - self.start_ms) / self.unit_ms


def number(value: float) -> str:
    """A length in units, to the hundredth, as short as it can be written."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
