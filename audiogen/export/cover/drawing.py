"""Pillow draws the cover: the title on top, below it the ring, in its middle the length.

    title, length, Segments, Faces -> JPEG

All places are in pixels. What is round is drawn at twice the size and made smaller, for smooth edges.
"""

import contextlib
import io
import math
import unicodedata
from collections.abc import Iterator, Sequence

from PIL import Image, ImageColor, ImageDraw, ImageFont, features

from audiogen.export.cover.fonts import OWN, Face, is_covered
from audiogen.export.cover.ring import SIZE, STEPS, Segment
from audiogen.text import pieces
from audiogen.views.picture.palette import DARK

Font = ImageFont.FreeTypeFont

_FINE = 2  # the ring is drawn so many times larger …
_BAND = 160  # … in bands of so many rows
_EDGE = 84
_TITLE_TOP, _TITLE_BOTTOM = 70, 470
_RING_MIDDLE = 925
_RING, _WORK, _SPEECH, _SILENCE = 365, 124, 52, 6  # the radius of its middle, and how thick it is
_ALONE = 1.4  # how much larger the ring is where there is no title
_OPEN = 0.022  # of the circle stays open at the top: there it begins and ends
_TITLE_SIZES = tuple(range(190, 76, -4))
_LENGTH_SIZE, _LENGTH_WIDTH = 216, 500
_EMBOLDEN = 0.018  # of the size: how much wider each side of a stroke becomes in a font that is not bold
_LINES = 4
_LINE = 1.16  # from base line to base line, in sizes
_QUALITIES = (88, 80, 70, 55, 40, 20)

# Scripts that are drawn wrong without a library that knows how letters join and which way they run.
_SHAPED = (
    *("ARABIC", "HEBREW", "SYRIAC", "THAANA", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL"),
    *("TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "THAI", "LAO", "TIBETAN", "MYANMAR", "KHMER", "MONGOLIAN"),
)


def drawn(title: str, length: str, parts: Sequence[Segment], faces: Sequence[Face], most_bytes: int) -> bytes:
    """The cover as a JPEG of at most so many bytes. A title that no face can show is left out."""
    image = Image.new("RGB", (SIZE, SIZE), DARK.paper)
    readable = _without_pictures(unicodedata.normalize("NFC", title))
    face = _face_for(readable, faces) if readable else None
    if face:
        _draw_title(image, readable, face)
    middle, scale = (_RING_MIDDLE, 1.0) if face else (SIZE // 2, _ALONE)
    _draw_ring(image, parts, middle, scale)
    _draw_length(image, length, middle, scale)
    return _jpeg(image, most_bytes)


def reduced(picture: bytes, size: int) -> bytes:
    """A picture as a JPEG of at most so many pixels in each direction; one that cannot be read stays as it is."""
    try:
        with Image.open(io.BytesIO(picture)) as image:
            image.draft("RGB", (size, size))
            image.thumbnail((size, size))
            return _jpeg(image.convert("RGB"), len(picture))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return picture


def _jpeg(image: Image.Image, most_bytes: int) -> bytes:
    encoded = b""
    for quality in _QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        encoded = out.getvalue()
        if len(encoded) <= most_bytes:
            break
    return encoded


# -- the ring


def _draw_ring(image: Image.Image, parts: Sequence[Segment], middle: int, scale: float) -> None:
    """In its fine size a pixel is the number of its colour: in full, that would need most memory of all in a render."""
    outer = round((_RING + _WORK / 2 + 2) * scale)
    size = 2 * outer * _FINE
    colours = list(dict.fromkeys([DARK.paper, DARK.quiet, *(part.colour for part in parts)]))
    shapes = [(_arc(0, STEPS, _SILENCE, scale, outer), DARK.quiet)]
    for part in sorted(parts, key=lambda one: one.kind == "work"):  # work lies over the ends of speech
        thick = _WORK if part.kind == "work" else _SPEECH
        shapes.append((_arc(part.start, part.end, thick, scale, outer), part.colour))
    for top in range(0, size, _BAND * _FINE):
        band = Image.new("P", (size, min(_BAND * _FINE, size - top)), colours.index(DARK.paper))
        band.putpalette([level for colour in colours for level in ImageColor.getrgb(colour)])
        draw = ImageDraw.Draw(band)
        for points, colour in shapes:
            draw.polygon([(x, y - top) for x, y in points], fill=colours.index(colour))
        image.paste(band.convert("RGB").reduce(_FINE), (image.width // 2 - outer, middle - outer + top // _FINE))


def _arc(start: int, end: int, thick: int, scale: float, outer: int) -> list[tuple[float, float]]:
    """The outline of a piece of the ring, so thick, in its fine size."""
    centre, (wide, narrow) = outer * _FINE, [(_RING + sign * thick / 2) * scale * _FINE for sign in (1, -1)]
    steps = max(1, (end - start) // 12)
    shares = [(start + (end - start) * n / steps) / STEPS for n in range(steps + 1)]
    angles = [2 * math.pi * (_OPEN / 2 + (1 - _OPEN) * share) for share in shares]
    return [
        (centre + radius * math.sin(angle), centre - radius * math.cos(angle))
        for radius, row in ((wide, angles), (narrow, angles[::-1]))
        for angle in row
    ]


# -- words


def _draw_length(image: Image.Image, length: str, middle: int, scale: float) -> None:
    draw = ImageDraw.Draw(image)
    wide = draw.textlength(length, font=_opened(OWN, _LENGTH_SIZE))
    size = int(_LENGTH_SIZE * scale * min(1, _LENGTH_WIDTH / wide))
    draw.text((image.width / 2, middle + 0.357 * size), length, font=_opened(OWN, size), fill=DARK.ink, anchor="ms")


def _draw_title(image: Image.Image, title: str, face: Face) -> None:
    draw = ImageDraw.Draw(image)
    font, lines = _fitted(draw, title, face, image.width - 2 * _EDGE)
    step = font.size * _LINE
    # Centred in its field by the height of a capital letter, so that accents and tails do not move it.
    first = (_TITLE_TOP + _TITLE_BOTTOM + 0.714 * font.size - step * (len(lines) - 1)) / 2
    bold = any(weight in str(font.getname()[1]).lower() for weight in ("bold", "heavy", "black", "w6"))
    stroke = 0 if bold else round(font.size * _EMBOLDEN)
    for number, line in enumerate(lines):
        place = image.width / 2, first + number * step
        draw.text(place, line, font=font, fill=DARK.ink, anchor="ms", stroke_width=stroke)


def _fitted(draw: ImageDraw.ImageDraw, title: str, face: Face, width: int) -> tuple[Font, list[str]]:
    """The largest size in which the title fits with all words whole; else the smallest, in as many lines as there are.

    What does not fit into these ends in an ellipsis.
    """
    for whole in (True, False):
        for size in _TITLE_SIZES:
            font = _opened(face.path, size)
            lines = _folded(draw, list((pieces if whole else _letters)(title)), font, width)
            if lines and len(lines) <= _LINES and _LINE * size * (len(lines) - 0.3) <= _TITLE_BOTTOM - _TITLE_TOP:
                return font, lines
    kept = lines[: _LINES - 1]
    last = title[len("".join(kept)) :].lstrip()
    while last and draw.textlength(f"{last}…", font=font) > width:
        last = last.rpartition(" ")[0] or last[:-1]
    return font, [*kept, f"{last.rstrip(' ,.;:')}…"]


def _folded(draw: ImageDraw.ImageDraw, parts: Sequence[str], font: Font, width: int) -> list[str]:
    """Lines of nearly the same width; nothing where a piece alone is too wide."""
    total = draw.textlength("".join(parts), font=font)
    aim = total / math.ceil(total / width)
    lines, line, wide = [], "", 0.0
    for piece in parts:
        longer = draw.textlength((line + piece).rstrip(), font=font)
        if draw.textlength(piece.rstrip(), font=font) > width:
            return []
        if line and (longer > width or longer - aim > aim - wide):  # nearer to the aim without this piece
            lines.append(line)
            line, longer = "", draw.textlength(piece.rstrip(), font=font)
        line, wide = line + piece, longer
    return [one.rstrip() for one in (*lines, line)]


def _letters(title: str) -> Iterator[str]:
    """Single letters, with the marks and spaces behind them."""
    piece = ""
    for letter in title:
        if piece and letter.isalnum():
            yield piece
            piece = ""
        piece += letter
    yield piece


# -- fonts


def _without_pictures(title: str) -> str:
    """The title without emoji and what joins them, which no font of letters has."""
    kept = "".join(
        letter
        for letter in title
        if unicodedata.category(letter) not in ("So", "Cn", "Co", "Cc") and not 0xFE00 <= ord(letter) <= 0xFE0F
        if not 0x1F000 <= ord(letter) <= 0x1FAFF and letter not in "\u200d\u20e3"
    )
    return " ".join(kept.split())


def _face_for(title: str, faces: Sequence[Face]) -> Face | None:
    """The first face that can show the title as it is to be read."""
    if is_covered(title):
        return Face(str(OWN))
    shaped = any(unicodedata.name(letter, "").startswith(_SHAPED) for letter in title)
    if shaped and not features.check("raqm"):
        return None
    return next((face for face in faces if face.bytes and _has_all(face, title)), None)


def _has_all(face: Face, title: str) -> bool:
    with contextlib.suppress(OSError):
        font = _opened(face.path, 40)
        missing = [bytes(font.getmask(letter)) for letter in ("\uffff", "\U0010fffe")]
        letters = {
            letter for letter in title if not letter.isspace() and unicodedata.category(letter) not in ("Cf", "Mn")
        }
        masks = [bytes(font.getmask(letter)) for letter in sorted(letters)]
        return all(any(mask) and mask not in missing for mask in masks)
    return False


def _opened(path: object, size: int) -> Font:
    return ImageFont.truetype(str(path), size)
