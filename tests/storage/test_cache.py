"""Entries that are whole or not there, whoever writes, kills or damages them."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.storage.cache import LAYERS, Cache, Entry, Usage, key_of
from tests.storage.processes import hold, put_many
from tests.storage.test_parts import writer
from tests.strategies import any_text

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
    assert json.loads(line).keys() == {"length_ms", "sha256", "bytes", "check"}
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


def test_no_flipped_bit_of_the_first_line_is_believed(cache: Cache) -> None:
    """Neither alone nor together with others: a length that is believed moves everything after it."""
    cache.put("clips", KEY, b"sound", 1480)
    path = only_file(cache)
    whole = path.read_bytes()
    for bit in range(8 * whole.index(b"\n")):
        path.write_bytes(bytes([*whole[: bit // 8], whole[bit // 8] ^ 1 << bit % 8, *whole[bit // 8 + 1 :]]))
        assert cache.length_ms("clips", KEY) is None
        assert not path.exists()  # so it is made again, and no later run meets it
        path.write_bytes(whole.replace(b"1480", b"1490"))
        assert cache.get("clips", KEY) is None
        assert not path.exists()


def test_an_entry_in_the_place_of_another_is_not_believed(cache: Cache) -> None:
    """A file system that mixes up two files, or a copy by hand: the body is whole, and is not what was asked for."""
    cache.put("clips", KEY, BODY, 1480)
    path, other = only_file(cache), key_of(text="Three.")
    for layer, key in (("clips", other), ("speech", KEY)):
        place = cache.root / layer / key[:2] / key
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
        assert cache.get(layer, key) is None
        assert not place.exists()
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
    assert (cache.warning.code, cache.warning.subject) == ("storage.cache-unusable", str(tmp_path / "cache"))


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_a_full_disk_warns_and_leaves_no_entry(tmp_path: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from audiogen.storage.cache import Cache
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
cache = Cache(Path(sys.argv[1]))
print(cache.put("clips", "aa11", b"x" * 100_000, 1), cache.put("clips", "bb22", b"x" * 100, 1), cache.warning)
"""
    done = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("False True The cache in ")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["bb22"]


def test_processes_that_put_the_same_keys_at_once_read_whole_entries(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.starmap(put_many, [(tmp_path, byte) for byte in (1, 2, 3)]) == [0, 0, 0]
    assert Cache(tmp_path).usage()["clips"].entries == 40
    assert not list(tmp_path.rglob("*.part"))


def test_usage_counts_entries_and_bytes_of_each_layer(cache: Cache) -> None:
    assert cache.usage() == dict.fromkeys(LAYERS, Usage(0, 0))
    cache.put("clips", KEY, BODY, 1480)
    size = only_file(cache).stat().st_size
    assert cache.usage() == {
        "speech": Usage(0, 0),
        "clips": Usage(1, size),
        "blocks": Usage(0, 0),
        "covers": Usage(0, 0),
        "lengths": Usage(0, 0),
    }


def test_clearing_one_layer_leaves_the_others(cache: Cache) -> None:
    for layer in LAYERS:
        cache.put(layer, KEY, BODY, 1480)
    size = cache.usage()["clips"].bytes
    assert cache.clear("clips") == size
    assert [cache.usage()[layer].entries for layer in LAYERS] == [1, 0, 1, 1, 1]
    assert cache.clear() == 4 * size
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


@given(st.dictionaries(any_text(min_size=1), any_text() | st.integers() | st.floats(allow_nan=False)))
def test_a_key_depends_on_every_part_and_not_on_their_order(parts: dict[str, str | int | float]) -> None:
    key = key_of(**parts)
    assert key == key_of(**dict(reversed(parts.items())))
    assert key != key_of(**parts, **{"another" + "".join(parts): 1})
    assert len(key) == 64


def test_parts_cannot_run_into_each_other() -> None:
    assert key_of(text="ab", voice="c") != key_of(text="a", voice="bc")


# -- bounded

DAY_S = 86_400


def used(cache: Cache, key: str, days_ago: float) -> None:
    path = cache.root / "clips" / key[:2] / key
    os.utime(path, (time.time() - days_ago * DAY_S,) * 2)


@pytest.fixture
def full(cache: Cache) -> Cache:
    """Ten entries of 100 kB, the first one used ten days ago, the last one a day ago; opened with room for eight."""
    for number in range(10):
        cache.put("clips", f"{number:02}", bytes(100_000), 1000)
        used(cache, f"{number:02}", 10 - number)
    return Cache(cache.root, 800_000)


def kept(cache: Cache) -> list[int]:
    return [number for number in range(11) if (cache.root / "clips" / f"{number:02}" / f"{number:02}").exists()]


def test_what_was_used_longest_ago_goes_first(full: Cache) -> None:
    full.put("clips", "10", bytes(100_000), 1000)
    freed = full.trim()
    assert kept(full) == [4, 5, 6, 7, 8, 9, 10]  # a tenth below the limit, so that the next session need not trim
    assert freed == 400_000 + 4 * len('{"length_ms": 1000, "sha256": "", "bytes": 100000, "check": ""}\n' + "0" * 128)


@pytest.mark.parametrize("use", [Cache.get, Cache.length_ms])
def test_an_entry_that_was_used_stays(full: Cache, use: Callable[[Cache, str, str], object]) -> None:
    use(full, "clips", "00")
    full.put("clips", "10", bytes(100_000), 1000)
    full.trim()
    assert kept(full) == [0, 5, 6, 7, 8, 9, 10]


def test_what_this_session_used_stays_whatever_the_limit(cache: Cache) -> None:
    tight = Cache(cache.root, 1_000)
    for number in range(5):
        tight.put("clips", f"{number:02}", bytes(100_000), 1000)
    assert tight.trim() == 0
    assert kept(tight) == [0, 1, 2, 3, 4]


def test_what_others_used_a_moment_ago_goes_where_there_is_too_much(full: Cache) -> None:
    """The oldest first, and only what this session itself used stays in any case."""
    for number in range(10):
        used(full, f"{number:02}", (10 - number) / DAY_S)
    full.get("clips", "00")
    full.put("clips", "10", bytes(100_000), 1000)
    assert full.trim() > 0
    assert kept(full) == [0, 5, 6, 7, 8, 9, 10]


def test_reading_alone_never_trims(full: Cache) -> None:
    full.get("clips", "09")
    assert full.trim() == 0
    assert kept(full) == list(range(10))


def test_processes_that_each_write_little_keep_to_the_limit_together(cache: Cache) -> None:
    """No more than the limit, after any of them; the files are looked at once a tenth of it was written."""
    looked = 0
    for number in range(40):
        one = Cache(cache.root, 1_000_000)
        one.put("clips", f"{number:02}", bytes(30_000), 1000)
        used(one, f"{number:02}", (40 - number) / DAY_S)
        looked += one.trim() > 0
        assert sum(usage.bytes for usage in cache.usage().values()) <= 1_000_000
    assert 2 <= looked <= 4
    assert sum(usage.bytes for usage in cache.usage().values()) > 800_000


@pytest.mark.parametrize("spoilt", [b"\xff\n", b"many\n"])
def test_a_damaged_note_of_what_was_written_is_reason_to_look(full: Cache, spoilt: bytes) -> None:
    (full.root / "written").write_bytes(spoilt)
    full.put("clips", "10", bytes(100), 1)
    assert full.trim() > 0
    assert (full.root / "written").read_bytes() == b""


def test_without_a_limit_nothing_is_trimmed(full: Cache) -> None:
    boundless = Cache(full.root)
    boundless.put("clips", "10", BODY, 1)
    assert boundless.trim() == 0
    assert kept(full) == list(range(11))


def test_trimming_removes_what_killed_processes_left_and_no_file_in_the_making(full: Cache) -> None:
    folder = full.root / "clips" / "00"
    with writer(folder / "00", "a") as killed:
        (abandoned,) = folder.glob(".*.part")
        killed.kill()
        killed.wait()
    os.utime(abandoned, (time.time() - 100,) * 2)
    with writer(folder / "01", "b"):
        (alive,) = set(folder.glob(".*.part")) - {abandoned}
        full.put("clips", "10", bytes(100_000), 1000)
        full.trim()
        assert [part.exists() for part in (abandoned, alive)] == [False, True]


# -- claimed


@pytest.fixture
def holder(tmp_path: Path, cache: Cache) -> Iterator[multiprocessing.process.BaseProcess]:
    """Another process that holds the claim on KEY for a minute."""
    process = multiprocessing.get_context("spawn").Process(target=hold, args=(cache.root, KEY, 60, tmp_path / "taken"))
    process.start()
    while not (tmp_path / "taken").exists():
        time.sleep(0.01)
    yield process
    process.kill()
    process.join()


def test_a_claim_is_waited_for_until_its_holder_is_gone_even_if_killed(
    holder: multiprocessing.process.BaseProcess, cache: Cache
) -> None:
    threading.Timer(0.3, holder.kill).start()
    with cache.claimed(KEY, threading.Event()):
        holder.join(5)
        assert not holder.is_alive()


def test_another_key_is_free(holder: multiprocessing.process.BaseProcess, cache: Cache) -> None:
    with cache.claimed(key_of(text="Switch sides."), threading.Event()):
        assert holder.is_alive()


def test_waiting_for_a_claim_ends_where_nobody_wants_the_result(
    holder: multiprocessing.process.BaseProcess, cache: Cache
) -> None:
    abandoned = threading.Event()
    threading.Timer(0.2, abandoned.set).start()
    with cache.claimed(KEY, abandoned):
        assert holder.is_alive()


def test_a_holder_that_hangs_is_waited_for_no_longer_than_the_limit(
    holder: multiprocessing.process.BaseProcess, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiogen.storage.locks.LONGEST_WAIT_S", 0.2)
    with cache.claimed(KEY, threading.Event()):
        assert holder.is_alive()


def test_claims_that_cannot_be_had_hold_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file where the folder should be")
    with Cache(tmp_path / "cache").claimed(KEY, threading.Event()):
        pass


def test_giving_up_one_claim_keeps_the_others(cache: Cache, tmp_path: Path) -> None:
    """The system would give up all claims of a process that closes the file once."""
    other = key_of(text="Switch sides.")
    with cache.claimed(KEY, threading.Event()):
        with cache.claimed(other, threading.Event()):
            pass
        taken = tmp_path / "taken"
        process = multiprocessing.get_context("spawn").Process(target=hold, args=(cache.root, KEY, 0, taken))
        process.start()
        time.sleep(0.1)
        process.join(1.0)
        assert not taken.exists()
    process.join(10)
    assert taken.exists()


def test_another_cache_of_the_same_folder_that_ends_gives_up_no_claims(cache: Cache, tmp_path: Path) -> None:
    """It would by closing the file, since the system counts a process's locks on it as one."""
    with cache.claimed(KEY, threading.Event()):
        other = Cache(cache.root)
        with other.claimed(key_of(text="Switch sides."), threading.Event()):
            pass
        del other
        taken = tmp_path / "taken"
        process = multiprocessing.get_context("spawn").Process(target=hold, args=(cache.root, KEY, 0, taken))
        process.start()
        process.join(1.0)
        assert not taken.exists()
    process.join(10)
    assert taken.exists()


@pytest.mark.parametrize("folder", ["cache", "file"])
def test_threads_of_one_process_wait_for_each_other(tmp_path: Path, folder: str) -> None:
    """Each with a cache of its own, as renders side by side have; also where no file can be locked."""
    (tmp_path / "file").write_bytes(b"a file where the folder should be")
    root = tmp_path / folder
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait(60)
        with Cache(root).claimed(KEY, threading.Event()):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with Cache(root).claimed(KEY, threading.Event()):
        inside.set()
        thread.join(0.3)
        order.append("first")
    thread.join(60)
    assert order == ["first", "second"]
