"""Which fonts may have the letters of a title.

    title -> Faces, the one to try first in front

A bold sans serif with Latin, Greek and Cyrillic letters comes with the package (Noto Sans, SIL Open Font License). For
other scripts there are only the fonts of the system; whether one has the letters is seen when it is opened.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audiogen.storage.files import from_home

OWN = Path(__file__).with_name("NotoSans-Bold.ttf")
_MOST = 400  # fonts of the system that are tried

# What that font has; a test compares it with the file. It was cut out of Noto Sans Bold 2.015 by fontTools' pyftsubset,
# with these --unicodes, --layout-features=kern, --no-hinting and --notdef-outline.
_COVERED = (
    *((0x20, 0x7E), (0xA0, 0x24F), (0x259, 0x259), (0x2BC, 0x2BC), (0x2C6, 0x2DD), (0x370, 0x377), (0x37A, 0x37F)),
    *((0x384, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3E1), (0x3F0, 0x45F), (0x490, 0x493), (0x496, 0x4F9)),
    *((0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x203A), (0x2044, 0x2044), (0x20A0, 0x20BF), (0x2116, 0x2116)),
    *((0x2122, 0x2122), (0x2212, 0x2212)),
)

# Parts of the names of fonts that are good for titles, the best ones first: bold and made for many languages.
_LIKED = (
    "notosans",
    "sourcehan",
    "hiragino",
    "ヒラギノ",
    "yugoth",
    "nirmala",
    "kohinoor",
    "segoeui",
    "arialuni",
    "sans",
)
_DISLIKED = ("italic", "oblique", "mono", "thin", "light", "emoji", "symbol", "math", "condensed", "serif")


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, and what shows that it is still the same file."""

    path: str
    bytes: int = 0
    changed_ns: int = 0


def is_covered(text: str) -> bool:
    """Whether the font of the package has all the letters of a text."""
    return all(any(first <= ord(letter) <= last for first, last in _COVERED) for letter in text)


def faces_for(title: str) -> tuple[Face, ...]:
    """The fonts to try for a title: the package's own alone where it has all letters, else the system's, too."""
    own = Face(OWN.name)
    if is_covered(title):
        return (own,)
    found = {Path(face.path).name: face for folder in _folders() for face in _fonts_in(folder)}
    return (own, *sorted(found.values(), key=_rank)[:_MOST])


def _rank(face: Face) -> tuple[int, bool, int, str]:
    name = Path(face.path).name.lower().replace("-", "").replace(" ", "").replace("_", "")
    liked = next((place for place, part in enumerate(_LIKED) if part in name), len(_LIKED))
    disliked = sum(part in name.replace("sansserif", "") for part in _DISLIKED)
    return disliked, "bold" not in name and "w6" not in name, liked, face.path


def _folders() -> Iterator[Path]:
    home = from_home("~")
    match sys.platform:
        case "win32":
            yield Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")
            yield Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"), "Microsoft", "Windows", "Fonts")
        case "darwin":
            yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
        case _:
            yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
            yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "fonts"


def _fonts_in(folder: Path) -> Iterator[Face]:
    for at, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(at, name)
            if path.suffix.lower() in (".ttf", ".otf", ".ttc"):
                try:
                    found = path.stat()
                except OSError:  # a link that leads nowhere
                    continue
                yield Face(str(path), found.st_size, found.st_mtime_ns)
