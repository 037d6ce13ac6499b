"""The player as a page of its own, without a server: its scripts and styles are in it.

    a session's document -> HTML, up to where its sound goes

The page asks nobody for anything: its own policy forbids it, and names its one script and its one style by their hash.
Modules may not import one another inside of a page, so all of them are joined into one.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

from audiogen.export.player import STATIC, templates

INSIDE = "<!doctype html><!-- rendered by audiogen -->"  # begins a page that contains its sound
_NEXT_TO_IT = "<!doctype html><!-- rendered by audiogen to play {sound} -->"  # begins one that plays a file
SOUND = '<script type="text/plain" class="sound">'  # begins lines of base64
ORDER = '<script type="text/plain" class="order">'  # begins lines that say which of their bytes are heard in turn
END = '<script type="text/plain" id="whole"></script>\n</body>\n</html>\n'  # without it, the file was cut short
_SCRIPTS = ("basics.js", "moment.js", "player.js", "play.js")  # each imports only from those before it
_STYLES = ("base.css", "player.css")
_PLAYS = re.compile(re.escape(_NEXT_TO_IT).replace(r"\{sound\}", r"([!-~]+)").encode())
_IMPORT = re.compile(r"^import .*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|function|async|class)", re.MULTILINE)
_FROM_INSIDE = "media-src blob:; img-src data:"
_FROM_NEXT_TO_IT = "media-src 'self' blob: file:; img-src 'self' data: file:; connect-src 'self'"


def page(session: Mapping[str, Any], *, missing: str, searchable: bool = False, home: str = "") -> str:
    """Return the page up to its end, without `END`: its sound may follow, where the session names none.

    `missing` is shown when the sound cannot be played, `home` is the address of the page with all sessions.
    """
    style, script = _joined(_STYLES), _script()
    sources = _FROM_NEXT_TO_IT if session["sound"] else _FROM_INSIDE
    begin = _NEXT_TO_IT.format(sound=session["sound"]) if session["sound"] else INSIDE
    policy = (
        f"default-src 'none'; script-src {policy_hash(script)}; style-src {policy_hash(style)}; {sources}; "
        "base-uri 'none'; form-action 'none'"
    )
    html = templates().get_template("page.html")
    choices = {"missing": missing, "searchable": searchable, "home": home}
    return f"{begin}\n" + html.render(session=session, style=style, script=script, policy=policy, **choices) + "\n"


def sound_next_to(head: bytes) -> str:
    """Return the name of the file that a page plays, by the page's first bytes; nothing where it plays none."""
    found = _PLAYS.match(head)
    return unquote(found[1].decode()) if found else ""


@cache
def _joined(names: tuple[str, ...]) -> str:
    return "\n".join((STATIC / name).read_text("utf-8") for name in names)


@cache
def _script() -> str:
    return _EXPORT.sub("", _IMPORT.sub("", _joined(_SCRIPTS)))


def policy_hash(text: str) -> str:
    """Return what a content security policy calls a script or style by its text."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
