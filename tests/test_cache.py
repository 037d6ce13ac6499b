"""Entries that are whole or not there, whoever writes, kills or damages them."""

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.cache import LAYERS, Cache, Entry, Usage, key_of

KEY = key_of(text="Halfway.")
BODY = bytes(range(256)) * 100


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def only_file(cache: Cache) -> Path:
    (path,) = (path for path in cache.root.rglob("*") if path.is_file())
    return path


def test_an_entry_comes_back_as_it_was_put(cache: Cache) -> None:
    assert cache.put("clips", KEY, BODY, 1480)
    assert cache.get("clips", KEY) == Entry(1480, BODY)
    assert cache.length_ms("clips", KEY) == 1480
    assert cache.warning is None


def test_what_was_never_put_is_not_there(cache: Cache) -> None:
    assert cache.get("clips", KEY) is None
    assert cache.length_ms("clips", KEY) is None
    assert not cache.root.exists()


def test_layers_do_not_share_entries(cache: Cache) -> None:
    cache.put("speech", KEY, BODY, 1480)
    assert cache.get("clips", KEY) is None


def test_the_first_line_of_an_entry_is_json(cache: Cache) -> None:
    cache.put("clips", KEY, BODY, 1480)
    line, _, body = only_file(cache).read_bytes().partition(b"\n")
    assert json.loads(line).keys() == {"length_ms", "sha256", "bytes"}
    assert body == BODY


def test_an_empty_body_is_an_entry(cache: Cache) -> None:
    cache.put("blocks", KEY, b"", 0)
    assert cache.get("blocks", KEY) == Entry(0, b"")


def flip(content: bytes) -> bytes:
    return content[:-1000] + bytes([content[-1000] ^ 1]) + content[-999:]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[:-1],
    "cut in the first line": lambda content: content[:20],
    "longer": lambda content: content + b"\0",
    "empty": lambda _: b"",
    "zeros": lambda content: bytes(len(content)),
    "somebody else's": lambda _: b"\xff\xfb\x90\x64" * 1000,
    "another kind of JSON": lambda content: b"[1, 2]\n" + content,
    "no checksum": lambda content: b'{"length_ms": 1480, "bytes": 25600}\n' + content.partition(b"\n")[2],
    "a first line without end": lambda content: b"{" * len(content),
}


@pytest.mark.parametrize("damage", [*DAMAGE.values(), flip], ids=[*DAMAGE, "a flipped bit"])
def test_a_damaged_entry_is_removed_and_can_be_made_again(cache: Cache, damage: Callable[[bytes], bytes]) -> None:
    cache.put("clips", KEY, BODY, 1480)
    path = only_file(cache)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.get("clips", KEY) is None
    assert not path.exists()
    cache.put("clips", KEY, BODY, 1480)
    assert cache.get("clips", KEY) == Entry(1480, BODY)


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_entry_has_no_length(cache: Cache, damage: Callable[[bytes], bytes]) -> None:
    """A flipped bit in the body is the one damage that needs the body to be read."""
    cache.put("clips", KEY, BODY, 1480)
    path = only_file(cache)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.length_ms("clips", KEY) is None


def test_a_folder_in_place_of_an_entry_is_no_entry(cache: Cache) -> None:
    (cache.root / "clips" / KEY[:2] / KEY).mkdir(parents=True)
    assert cache.get("clips", KEY) is None
    assert not cache.put("clips", KEY, BODY, 1480)
    assert cache.warning is not None


def test_a_cache_that_cannot_be_written_warns_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file where the folder should be")
    cache = Cache(tmp_path / "cache")
    assert not cache.put("clips", KEY, BODY, 1480)
    assert cache.get("clips", KEY) is None
    assert cache.warning is not None
    assert cache.warning.startswith(f"The cache in {tmp_path / 'cache'} could not be used.")


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_a_full_disk_warns_and_leaves_no_entry(tmp_path: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from audiogen.cache import Cache
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
cache = Cache(Path(sys.argv[1]))
print(cache.put("clips", "aa11", b"x" * 100_000, 1), cache.put("clips", "bb22", b"x" * 100, 1), cache.warning)
"""
    done = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("False True The cache in ")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["bb22"]


def put_many(root: Path, byte: int) -> int:
    """Write the same forty keys as other processes do, and count what does not read back whole."""
    cache = Cache(root)
    wrong = 0
    for number in range(40):
        cache.put("clips", key_of(number=number), bytes([byte]) * 50_000, byte)
        entry = cache.get("clips", key_of(number=number))
        wrong += entry is None or entry.body != bytes([entry.length_ms]) * 50_000
    return wrong + (cache.warning is not None)


def test_processes_that_put_the_same_keys_at_once_read_whole_entries(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.starmap(put_many, [(tmp_path, byte) for byte in (1, 2, 3)]) == [0, 0, 0]
    assert Cache(tmp_path).usage()["clips"].entries == 40
    assert not list(tmp_path.rglob("*.part"))


def test_usage_counts_entries_and_bytes_of_each_layer(cache: Cache) -> None:
    assert cache.usage() == dict.fromkeys(LAYERS, Usage(0, 0))
    cache.put("clips", KEY, BODY, 1480)
    size = only_file(cache).stat().st_size
    assert cache.usage() == {"speech": Usage(0, 0), "clips": Usage(1, size), "blocks": Usage(0, 0)}


def test_clearing_one_layer_leaves_the_others(cache: Cache) -> None:
    for layer in LAYERS:
        cache.put(layer, KEY, BODY, 1480)
    size = cache.usage()["clips"].bytes
    assert cache.clear("clips") == size
    assert [cache.usage()[layer].entries for layer in LAYERS] == [1, 0, 1]
    assert cache.clear() == 2 * size
    assert cache.clear() == 0


def test_clearing_removes_what_killed_runs_left_and_nothing_foreign(cache: Cache) -> None:
    cache.put("clips", KEY, BODY, 1480)
    part = only_file(cache).with_name(f".{KEY}.1.part")
    part.write_bytes(b"?")
    foreign = cache.root / "notes.txt"
    foreign.write_text("mine")
    cache.clear()
    assert not part.exists()
    assert foreign.exists()


def test_an_unknown_layer_is_a_mistake_of_the_caller(cache: Cache) -> None:
    with pytest.raises(ValueError, match="unknown cache layer 'sounds'"):
        cache.get("sounds", KEY)


@given(st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.floats(allow_nan=False)))
def test_a_key_depends_on_every_part_and_not_on_their_order(parts: dict[str, str | int | float]) -> None:
    key = key_of(**parts)
    assert key == key_of(**dict(reversed(parts.items())))
    assert key != key_of(**parts, **{"another" + "".join(parts): 1})
    assert len(key) == 64


def test_parts_cannot_run_into_each_other() -> None:
    assert key_of(text="ab", voice="c") != key_of(text="a", voice="bc")
