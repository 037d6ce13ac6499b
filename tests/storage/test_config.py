"""The folders and the default voice."""

from pathlib import Path

import pytest

from audiogen.errors import AudiogenError, Place, Problem
from audiogen.storage.config import (
    cache_dir,
    cache_limit_bytes,
    config_file,
    connections,
    default_voice,
    pronunciations,
    timeout_s,
    user_routines_dir,
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has set nothing up yet."""
    for name in ("AUDIOGEN_VOICE", "AUDIOGEN_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


def write_config(content: str | bytes) -> Path:
    path = config_file()
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_the_environment_moves_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(tmp_path / "elsewhere"))
    assert cache_dir() == tmp_path / "elsewhere"


def test_a_tilde_in_the_environment_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", "~/cache")
    assert cache_dir() == Path.home() / "cache"


def test_asking_for_a_folder_does_not_create_it() -> None:
    folders = cache_dir(), user_routines_dir(), config_file().parent
    assert not any(folder.exists() for folder in folders)
    assert all("audiogen" in folder.parts for folder in folders)


def test_without_any_setting_there_is_no_default_voice() -> None:
    assert default_voice() is None


def test_the_config_file_names_the_default_voice() -> None:
    write_config('# mine\nvoice = " builtin:heart "\n')
    assert default_voice() == "builtin:heart"


def test_an_empty_config_file_says_nothing() -> None:
    write_config("")
    assert default_voice() is None


def test_the_environment_goes_before_the_config_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write_config("broken")
    monkeypatch.setenv("AUDIOGEN_VOICE", "gtts")
    assert default_voice() == "gtts"


def test_a_routines_own_voice_lies_between_the_two(monkeypatch: pytest.MonkeyPatch) -> None:
    write_config('voice = "builtin"')
    assert default_voice("gtts:en:ie") == "gtts:en:ie"
    monkeypatch.setenv("AUDIOGEN_VOICE", "gtts")
    assert default_voice("gtts:en:ie") == "gtts"


@pytest.mark.parametrize(
    ("content", "at", "code", "fields"),
    [
        ("# mine\nvoice: builtin\n", (2, 6), "not-toml", {"found": "Expected '=' after a key in a key/value pair"}),
        ("\nvoice = 3\n", (2,), "default-voice", {"subject": "voice", "found": "3"}),
        ('voice = ""\n', (1,), "default-voice", {"subject": "voice", "found": "''"}),
        ('\n\nvioce = "builtin"\n', (3,), "misspelt-key", {"subject": "vioce", "expected": "voice"}),
        (
            "[sounds]\nbell = 3\n",
            (1,),
            "unknown-key",
            {"subject": "sounds", "expected": "voice, pronounce, cache_limit, connections, phrases, allow_network"},
        ),
        (b"# caf\xe9\n", (1,), "not-utf-8", {}),
    ],
)
def test_a_broken_config_file_is_reported_with_its_line(
    content: str | bytes, at: tuple[int, ...], code: str, fields: dict[str, str]
) -> None:
    path = write_config(content)
    with pytest.raises(AudiogenError) as caught:
        default_voice()
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == (f"storage.{code}", Place(str(path), *at))
    assert {name: getattr(problem, name) for name in fields} == fields


def test_a_config_file_that_cannot_be_read_is_an_error() -> None:
    config_file().mkdir(parents=True)
    with pytest.raises(AudiogenError) as caught:
        default_voice()
    (problem,) = caught.value.problems
    assert (problem.code, problem.found) == ("storage.unreadable", "Is a directory")


@pytest.mark.parametrize(
    ("written", "size_bytes"), [("", 10**9), ("500 MB", 500 * 10**6), ("2GB", 2 * 10**9), (" 1.5 gb ", 15 * 10**8)]
)
def test_the_environment_bounds_the_cache(written: str, size_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_CACHE_LIMIT", written)
    assert cache_limit_bytes() == size_bytes


def test_the_config_file_bounds_the_cache_unless_the_environment_does(monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_config('cache_limit = "2 GB"')
    assert cache_limit_bytes() == 2 * 10**9
    monkeypatch.setenv("AUDIOGEN_CACHE_LIMIT", "50 MB")
    assert cache_limit_bytes() == 50 * 10**6
    monkeypatch.delenv("AUDIOGEN_CACHE_LIMIT")
    path.write_text("\ncache_limit = 5")
    with pytest.raises(AudiogenError) as caught:
        cache_limit_bytes()
    assert caught.value.problems == (Problem("storage.cache-limit", Place(str(path), 2), "cache_limit", found="5"),)


@pytest.mark.parametrize("written", ["much", "500", "5 TB", "-1 GB", "1,5 GB"])
def test_a_bound_that_is_no_size_is_an_error(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_CACHE_LIMIT", written)
    with pytest.raises(AudiogenError) as caught:
        cache_limit_bytes()
    assert caught.value.problems == (Problem("storage.cache-limit", None, "AUDIOGEN_CACHE_LIMIT", found=written),)


def test_the_environment_or_the_config_file_says_how_many_requests_are_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert connections() == 4
    path = write_config("connections = 2")
    assert connections() == 2
    monkeypatch.setenv("AUDIOGEN_CONNECTIONS", " 8 ")
    assert connections() == 8
    monkeypatch.delenv("AUDIOGEN_CONNECTIONS")
    path.write_text("\nconnections = 16")
    with pytest.raises(AudiogenError) as caught:
        connections()
    assert caught.value.problems == (Problem("storage.connections", Place(str(path), 2), "connections", "8", "16"),)


@pytest.mark.parametrize("written", ["0", "9", "-1", "four", "2.5", "²"])
def test_a_number_of_requests_that_is_none_is_an_error(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_CONNECTIONS", written)
    with pytest.raises(AudiogenError) as caught:
        connections()
    assert caught.value.problems == (Problem("storage.connections", None, "AUDIOGEN_CONNECTIONS", "8", written),)


def test_the_environment_sets_how_long_a_request_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    assert timeout_s() is None
    monkeypatch.setenv("AUDIOGEN_TIMEOUT", " 62.5 ")
    assert timeout_s() == 62.5


@pytest.mark.parametrize("written", ["long", "0", "601", "-3", "1e2", "nan"])
def test_a_time_that_is_no_number_of_seconds_is_an_error(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_TIMEOUT", written)
    with pytest.raises(AudiogenError) as caught:
        timeout_s()
    assert caught.value.problems == (Problem("storage.timeout", None, "AUDIOGEN_TIMEOUT", found=written),)


def test_the_config_file_says_how_words_are_said() -> None:
    assert pronunciations() == {}
    write_config('voice = "builtin"\n[pronounce]\npsoas = "so-ass"\n"Hatha yoga" = "hut-ha yoga"\n')
    assert pronunciations() == {"psoas": "so-ass", "Hatha yoga": "hut-ha yoga"}
    assert default_voice() == "builtin"


@pytest.mark.parametrize(
    ("text", "line", "code", "subject", "found"),
    [
        ('pronounce = "so-ass"', 1, "pronounce-table", "pronounce", ""),
        ('[pronounce]\na = "b"\npsoas = 3\n', 3, "pronunciation", "psoas", "3"),
        ('[pronounce]\npsoas = "!"\n', 2, "pronunciation", "psoas", "'!'"),
        ('[pronunce]\npsoas = "so"\n', 1, "misspelt-key", "pronunce", ""),
    ],
)
def test_a_wrong_table_of_words_is_reported_with_its_line(
    text: str, line: int, code: str, subject: str, found: str
) -> None:
    path = write_config(text)
    with pytest.raises(AudiogenError) as caught:
        pronunciations()
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == (f"storage.{code}", Place(str(path), line))
    assert (problem.subject, problem.found) == (subject, found)


@pytest.mark.linux(reason="elsewhere the folders are not found by way of a home")
def test_a_user_without_a_home_needs_a_cache_folder_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import pwd

    def unknown(user: int) -> None:
        raise KeyError(user)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(tmp_path))
    assert (config_file(), user_routines_dir()) == (tmp_path / "config.toml", tmp_path / "routines")
    assert pronunciations() == {}
    monkeypatch.delenv("AUDIOGEN_CACHE_DIR")
    with pytest.raises(AudiogenError) as caught:
        cache_dir()
    assert caught.value.problems[0].code == "storage.no-home"
