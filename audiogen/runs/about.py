"""How long a session lasts, for lists: about, where it has no fixed length.

Routine -> "10m", "about 16 min";   Routine -> ms, cached by what the routine says
"""

import hashlib

from audiogen.durations import format_duration
from audiogen.routine.model import Routine
from audiogen.storage.cache import Cache, key_of, version_of

_LAYER = "lengths"


def length_in_words(routine: Routine, store: Cache) -> str:
    """Return the length that is set, or about how long it lasts.

    Raises:
        AudiogenError: it cannot be planned.
    """
    if routine.length_ms:
        return format_duration(routine.length_ms)
    return f"about {max(1, round(length_about_ms(routine, store) / 60_000))} min"


def length_about_ms(routine: Routine, store: Cache) -> int:
    """How long a plan of the routine lasts, with lengths of speech that are mostly estimated.

    Raises:
        AudiogenError: it cannot be planned.
    """
    said = hashlib.sha256(repr(routine).encode("utf-8", "surrogatepass")).hexdigest()
    key = key_of(program=version_of("audiogen"), routine=said)
    length_ms = store.length_ms(_LAYER, key)
    if length_ms is None:
        from audiogen.session import plan

        length_ms = plan(routine, cache=store).length_ms
        store.put(_LAYER, key, b"", length_ms)
    return length_ms
