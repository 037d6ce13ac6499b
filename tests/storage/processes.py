"""What processes do at once: apart from the tests, so that a new one loads none of what tests need."""

import threading
import time
from pathlib import Path

from audiogen.storage.cache import Cache, key_of
from audiogen.storage.files import replacing


def put_many(root: Path, byte: int) -> int:
    """Write the same forty keys as other processes do, and count what does not read back whole."""
    cache = Cache(root)
    wrong = 0
    for number in range(40):
        cache.put("clips", key_of(number=number), bytes([byte]) * 50_000, byte)
        entry = cache.get("clips", key_of(number=number))
        wrong += entry is None or entry.body != bytes([entry.length_ms]) * 50_000
    return wrong + (cache.warning is not None)


def hold(root: Path, key: str, seconds: float, taken: Path) -> None:
    with Cache(root).claimed(key, threading.Event()):
        taken.touch()
        time.sleep(seconds)


def write(target: Path, content: bytes) -> None:
    with replacing(target) as file:
        file.write(content)
