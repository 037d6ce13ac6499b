"""What is shipped: the wheel holds everything that the program reads, and the project nothing of one machine."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOSTS = {  # every host that the project may name
    "127.0.0.1",
    "consent.google.com",
    "github.com",  # the licence of the cover's font names its makers
    "json-schema.org",
    "example.org",  # of nobody, by its registry
    "keepachangelog.com",
    "podcastindex.org",
    "podlove.org",
    "scripts.sil.org",  # and its own place
    "schema.org",  # what a page says of itself
    "semver.org",
    "translate.google.com",
    "www.itunes.com",
    "www.w3.org",
}
NOT_OURS = {".git", ".venv", "build", "dist", "output"}


def project_files() -> Iterator[Path]:
    """The files of the checkout that are text of ours."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in NOT_OURS and not name.endswith((".egg-info", "cache", "cache__"))
        ]
        folders[:] = [name for name in folders if not name.startswith(".") or name == ".ci"]
        yield from (Path(folder, name) for name in names if name != ".git")  # a file in a second work tree


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of this checkout in which somebody writes, without asking a network for anything."""
    folder, copy = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("copy")
    for name in (".gitignore", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("audiogen", "routines"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".drafts"))
    (copy / "routines" / ".drafts").mkdir()
    (copy / "routines" / ".drafts" / "mine.yaml").write_text("title: Mine\n")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=copy,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_everything_that_the_program_reads(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    package = {path.relative_to(ROOT).as_posix() for path in files_of("audiogen")}
    routines = {f"audiogen/{path.relative_to(ROOT).as_posix()}" for path in files_of("routines")}
    assert len(routines) >= 4 + 72
    assert "audiogen/py.typed" in package
    assert "audiogen/phrases/en.toml" in package
    assert {name for name in held if name.startswith("audiogen/")} == package | routines


def files_of(folder: str) -> Iterator[Path]:
    return (path for path in project_files() if path.is_relative_to(ROOT / folder))


def test_the_wheel_holds_the_package_and_its_licence_alone(wheel: Path) -> None:
    held = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in held} == {"audiogen"}
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_an_unpacked_wheel_finds_its_routines(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    planned = "import audiogen; print(audiogen.__file__, flush=True); from audiogen.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", planned, "plan", "upper-back"],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "AUDIOGEN_CACHE_DIR": str(tmp_path / "cache")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where, *rows = done.stdout.splitlines()
    assert Path(where).is_relative_to(tmp_path / "site")
    assert any("Double V" in row for row in rows)


def test_the_project_names_no_place_of_one_machine() -> None:
    places = re.compile(r"(?<![\w.~}$-])/(?:root|home|Users|opt|work)/\w")
    for path in project_files():
        for number, line in enumerate(text_of(path).splitlines(), start=1):
            assert not places.search(line), f"{path.relative_to(ROOT)}:{number}: {line}"
            assert str(ROOT) not in line, f"{path.relative_to(ROOT)}:{number}: {line}"


def test_the_project_names_only_known_hosts() -> None:
    # Nobody's, one's own (RFC 2606 and 1918), or no name of the internet's: without a dot, or with an empty part.
    not_of_the_world = re.compile(r"\.example$|^192\.168\.|^[^.]+$|\.\.")
    for path in project_files():
        for host in re.findall(r"https?://(?:[^\s\"'<>]*@)?([\w.-]+)", text_of(path).replace(r"\.", ".")):
            assert host in HOSTS or not_of_the_world.search(host), f"{path.relative_to(ROOT)} names {host}"


def text_of(path: Path) -> str:
    """The text of a file; nothing of one that is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
