"""What a passage says in a file's tree -> its parts, every mistake at its own line and column."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from audiogen.errors import InvalidValue, Problem
from audiogen.routine.prose import Part, is_lost_pause, read_pause, read_sound, read_text, tidied
from audiogen.routine.slips import slip_of
from audiogen.routine.validation import plain, report_unknown
from audiogen.routine.values import read_line
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Entry, Leaf, Map, Seq, Tree
from audiogen.text import shown

_COMMENT = re.compile(r"^[ \t]*(#.*)$", re.MULTILINE)
_READ: dict[str, Callable[[object], Part]] = {"pause": read_pause, "sound": read_sound}


def read_say(entry: Entry, mistakes: Mistakes) -> tuple[Part, ...]:
    """Read a text, or a list of texts, pauses and sounds."""
    say = entry.value
    if isinstance(say, Leaf) and say.text is None:
        mistakes.add(entry.place, Problem("routine.empty", subject="say"))
        return ()
    if isinstance(say, Map) or (isinstance(say, Seq) and not say.items):
        mistakes.add(say.place, Problem("routine.not-said", found=shown(plain(say))))
        return ()
    items = say.items if isinstance(say, Seq) else (say,)
    return tidied([part for item in items for part in _parts(item, mistakes, listed=isinstance(say, Seq))])


def _parts(item: Tree, mistakes: Mistakes, *, listed: bool) -> Iterator[Part]:
    match item:
        case Leaf():
            yield from _text(item, mistakes, listed=listed)
        case Seq():
            mistakes.add(item.place, Problem("routine.bracket-first"))
        case Map():
            yield from _map(item, mistakes)


def _map(node: Map, mistakes: Mistakes) -> Iterator[Part]:
    for key, entry in node.entries.items():
        value = entry.value
        if key not in _READ:
            report_unknown(node, key, _READ, mistakes)
        elif len(node.entries) > 1:
            mistakes.add(node.place, Problem("routine.one-thing-said", found=" and ".join(node.entries)))
            return
        elif isinstance(value, Leaf) and value.text is not None:
            try:
                yield _READ[key](value.text)
            except InvalidValue as error:
                mistakes.add(value.place, slip_of(key, value.text) or error.about(key))
        else:
            mistakes.add(entry.place, Problem("routine.empty", subject=key))


def _text(leaf: Leaf, mistakes: Mistakes, *, listed: bool) -> Iterator[Part]:
    if leaf.text is None:
        mistakes.add(leaf.place, Problem("routine.empty", subject="say"))
        return
    if leaf.broken:
        mistakes.add(leaf.place, Problem("routine.broken-text"))
        return
    for match in _COMMENT.finditer(leaf.text) if leaf.block is not None else ():
        mistakes.add(leaf.place_at(match.start(1)), Problem("routine.comment-in-text", found=shown(match[1])))
    if listed and leaf.block is None and is_lost_pause(leaf.text):
        length = re.sub(r"^pause\b\s*", "", leaf.text.strip())
        mistakes.add(leaf.place, Problem("routine.lost-pause", expected=f"pause: {length}", found=shown(leaf.text)))
        return
    for offset, part in read_text(leaf.text):
        if isinstance(part, Problem):
            mistakes.add(leaf.place_at(offset), part)
            continue
        try:
            yield read_line(part) if isinstance(part, str) else part
        except InvalidValue as error:
            mistakes.add(leaf.place_at(offset), replace(error.problems[0], subject="say"))
