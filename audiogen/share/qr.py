"""Draw an address as a QR code: lines for a terminal, or SVG for a page.

url -> text
"""

import io

BORDER = 2  # modules; the standard says four, but two are enough for cameras, and terminals are small

_BLACK_ON_WHITE = "\x1b[38;5;16;48;5;231m"
_RESET = "\x1b[0m"


def drawn(url: str, *, colours: bool) -> list[str]:
    """Draw the code in half-blocks, two modules per character.

    With `colours` it is black on white; without, in the terminal's own colours, which must be light on dark.
    """
    import segno

    rows = [list(row) for row in segno.make_qr(url, error="l").matrix_iter(border=BORDER)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    # A block is drawn in the terminal's text colour: what is dark in colours, what is light without.
    blocks = " ▄▀█" if colours else "█▀▄ "
    lines = [
        "".join(blocks[2 * upper + lower] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    ]
    return [f"{_BLACK_ON_WHITE}{line}{_RESET}" for line in lines] if colours else lines


def svg(url: str) -> str:
    """Return the code as an SVG element of any size, black on white in dark mode too."""
    import segno

    out = io.BytesIO()
    code = segno.make_qr(url, error="m")
    code.save(out, kind="svg", border=4, light="#fff", xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()
