"""What a text inherits from the routine that it extends, and the key with which a change of that begins.

text + what was read of it -> JSON
"""

from urllib.parse import quote

from audiogen.routine.find import is_name
from audiogen.routine.items import text_of
from audiogen.routine.load import Located
from audiogen.routine.model import Exercise, Passage
from audiogen.routine.yaml.tree import Leaf, Map, Seq
from audiogen.studio.posted import Document
from audiogen.studio.shape import Shape
from audiogen.studio.writing.items import joined


def inherited(name: str, root: Map, located: Located, now: Shape | None) -> Document | None:
    """List what comes from another routine as it is, in order; None for a text that lists its items itself."""
    extends, own = text_of(root, "extends"), root.get("exercises")
    if not extends or isinstance(own, Seq):
        return None
    changed = own.entries if isinstance(own, Map) else {}
    cards = {card.own.slug: card for card in now.cards} if now else {}
    return {
        "from": extends,
        "url": f"shape/{quote(extends)}" if is_name(extends) and extends != name else None,
        "items": [
            {
                "slug": one.slug,
                "name": one.name,
                "number": cards[one.slug].number if one.slug in cards else None,
                "dose": cards[one.slug].dose if one.slug in cards else "passage",
                **_begun(one, located),
            }
            for one in located.routine.inside
            if one.slug not in changed
        ],
    }


def _begun(item: Exercise | Passage, located: Located) -> Document:
    """A key with the value that it has: what one changes first."""
    node = located.node(item.slug)
    values = {entry: node.get(entry) for entry in ("hold", "reps", "say")} if isinstance(node, Map) else {}
    for key, value in values.items():
        if isinstance(value, Leaf) and value.text:
            return {"key": key, "value": value.text}
        if value is not None and key != "say" and (text := joined(value)):
            return {"key": key, "value": text}
    return {"key": "passage" if isinstance(item, Passage) else "name", "value": item.name}
