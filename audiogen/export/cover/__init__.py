"""The picture on the front of a track: its title, its length, and the session as a ring to scale.

    Timeline -> JPEG

It is 1400 pixels square, as podcasts have it, and takes up 200 kB at most. Drawing takes a blink, but longer than all
else that a session whose blocks are cached needs, so it is cached with them.
"""

import functools

from audiogen.durations import format_nearest_clock
from audiogen.export.cover.fonts import Face, faces_for
from audiogen.export.cover.ring import SIZE, Segment, segments
from audiogen.storage.cache import Cache, key_of, version_of
from audiogen.timeline.model import Timeline

__all__ = ["MOST_BYTES", "SIZE", "cover", "small"]

MOST_BYTES = 200_000
SMALL = 240  # pixels of a cover in a list, for screens that have more than one for each of the page's
_LAYER = "covers"
_DESIGN = 2  # to be counted up whenever it is drawn in another way


def cover(timeline: Timeline, store: Cache) -> bytes:
    """The cover of a session, the same for the same title, times and fonts."""
    title = " ".join(timeline.title.split())
    length, parts, faces = format_nearest_clock(timeline.length_ms), segments(timeline), faces_for(title)
    key = _key(title, length, parts, faces)
    cached = store.get(_LAYER, key)
    if cached:
        return cached.body
    from audiogen.export.cover.drawing import drawn

    jpeg = drawn(title, length, parts, faces, MOST_BYTES)
    store.put(_LAYER, key, jpeg, timeline.length_ms)
    return jpeg


@functools.lru_cache(maxsize=200)
def small(picture: bytes, pixels: int = SMALL) -> bytes:
    """A cover as it stands in a list, of a few kilobytes."""
    from audiogen.export.cover.drawing import reduced

    return reduced(picture, pixels)


def _key(title: str, length: str, parts: tuple[Segment, ...], faces: tuple[Face, ...]) -> str:
    return key_of(
        design=_DESIGN,
        pillow=version_of("pillow"),
        title=title,
        length=length,
        parts=repr(parts),
        faces=repr(faces),
    )
