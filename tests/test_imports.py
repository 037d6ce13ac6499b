"""Who imports whom: the order of the modules, and what is loaded for which command."""

import ast
import functools
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import audiogen

PACKAGE = Path(audiogen.__file__).parent

LAYERS = [
    "text",
    "errors",
    "durations",
    "storage",
    "audio",
    "phrases",
    "spoken",
    "routine",
    "voices",
    "script",
    "timeline",
    "clips",
    "track",
    "views",
    "export",
    "session",
    "verification",
    "share",
    "importing",
    "runs",
    "studio",
    "agents",
    "cli",
]

# Foreign packages that only the named modules may import.
CONFINED = {
    "ruamel": {"routine.yaml.events", "routine.yaml.emit"},
    "pydub": {"clips", "track"},
    "gtts": {"voices.gtts"},
    "hibari": {"voices.builtin", "voices.lean"},
    "onnxruntime": {"voices.onnx"},
    "piper": {"voices.piper"},
    "python_stretch": {"audio.stretch"},
    "starlette": {"share", "studio"},
    "uvicorn": {"share", "studio"},
    "jinja2": {"export.player"},
    "segno": {"share"},
    "ifaddr": {"share"},
    "typer": {"cli"},
    "rich": {"cli"},
    "PIL": {"export.cover.drawing"},
    "distributed": {"runs.batch.dask"},
    "mcp": {"agents.server"},
    "openpyxl": {"importing.readers.xlsx"},
    "charset_normalizer": {"importing.decode"},
    "pyperclip": {"cli"},
}

SLOW = {
    "numpy",
    "onnxruntime",
    "pydub",
    "requests",
    "hibari",
    "gtts",
    "soundfile",
    "soxr",
    "lameenc",
    "piper",
    "python_stretch",
    "distributed",
    "starlette",
    "uvicorn",
    "segno",
    "mcp",
}


def sources() -> Iterator[tuple[str, Path]]:
    """Every module of the package with its dotted name inside it: "errors", "voices.gtts"."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        if name not in ("", "__main__"):
            yield name, path


@functools.cache
def imported(name: str, path: Path) -> list[tuple[str, bool]]:
    """Absolute names of all modules that a module imports anywhere, and whether only for type checkers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = f"audiogen.{name}".split(".") if path.name == "__init__.py" else f"audiogen.{name}".split(".")[:-1]
    return [found for node in tree.body for found in _imported(node, package, typing_only=False)]


def _imported(node: ast.stmt, package: Sequence[str], *, typing_only: bool) -> Iterator[tuple[str, bool]]:
    """What a statement imports; imports are statements, so no expression is looked at."""
    match node:
        case ast.Import():
            yield from ((alias.name, typing_only) for alias in node.names)
        case ast.ImportFrom():
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((f"{module}.{alias.name}", typing_only) for alias in node.names)
    for_types = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    for branch in (node, *getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        for inner in getattr(branch, "body", ()):
            yield from _imported(inner, package, typing_only=typing_only or for_types)
    for inner in (*getattr(node, "orelse", ()), *getattr(node, "finalbody", ())):
        yield from _imported(inner, package, typing_only=typing_only)


def test_every_module_has_its_layer() -> None:
    assert {name.partition(".")[0] for name, _ in sources()} == set(LAYERS)


NESTED = """
from ..errors import X
from audiogen import track
def f():
    import pydub.utils
if TYPE_CHECKING:
    import a
else:
    import b
class C:
    async def g(self):
        with x:
            try: import c
            except E: import d
            finally: import e
        match x:
            case 1: import f
        for y in z: pass
        else: import g
"""


def test_the_reader_of_imports_sees_absolute_relative_and_nested_ones(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(NESTED)
    assert set(imported("voices.module", module)) == {
        ("audiogen.errors.X", False),
        ("audiogen.track", False),
        ("pydub.utils", False),
        ("a", True),
        *((name, False) for name in "bcdefg"),
    }


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_from_those_before_it(layer: str) -> None:
    allowed = LAYERS[: LAYERS.index(layer) + 1]
    for name, path in sources():
        if name.partition(".")[0] == layer:
            for one, typing_only in imported(name, path):
                if one.startswith("audiogen.") and not typing_only:
                    assert one.split(".")[1] in allowed, f"{name} imports {one}"
                    assert not (layer == "voices" and "cache" in one.split(".")), "voices know nothing of the cache"


def test_foreign_packages_stay_where_they_belong() -> None:
    for name, path in sources():
        for one, typing_only in imported(name, path):
            allowed = None if typing_only else CONFINED.get(one.partition(".")[0])
            assert allowed is None or {name, name.partition(".")[0]} & allowed, f"{name} imports {one}"


RUN = """
import sys
from audiogen.cli import main
for line in sys.stdin.read().splitlines():
    sys.argv[1:] = line.split()
    try:
        main()
    except SystemExit as done:
        assert not done.code, (line, done.code)
    print(*sys.modules, file=sys.stderr)
"""
QUIET = [
    "render --help",
    "--help",
    "plan upper-back",
    "plan upper-back --voice builtin --json",
    "plan upper-back --against desk-reset",
    "series upper-back --plan --weeks 2",
    "batch --help",
    "list",
    "check upper-back",
    "voices",
    "schema",
]


def loaded_by(commands: Sequence[str], folder: Path) -> dict[str, set[str]]:
    """The top-level modules that a fresh interpreter has loaded after each command, of which all went well."""
    environment = {**os.environ, "AUDIOGEN_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input="\n".join(commands),
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    listed = [line.split() for line in done.stderr.splitlines() if line.startswith("sys ")]
    return dict(zip(commands, ({module.partition(".")[0] for module in one} for one in listed), strict=True))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    return loaded_by(QUIET, tmp_path_factory.mktemp("quiet"))


def test_commands_that_make_no_sound_load_nothing_slow(loaded: dict[str, set[str]]) -> None:
    assert "typer" in loaded[QUIET[0]]
    assert not loaded[QUIET[-1]] & SLOW


def test_help_and_plan_do_without_rich(loaded: dict[str, set[str]]) -> None:
    assert "rich" not in loaded["plan upper-back"]


def test_the_help_of_a_command_loads_no_reader_of_routine_files(loaded: dict[str, set[str]]) -> None:
    assert "ruamel" not in loaded["render --help"]
    assert "ruamel" in loaded["plan upper-back"]


def test_the_architecture_page_lists_the_layers_in_their_order() -> None:
    page = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    columns = [line.split("|")[2] for line in page.splitlines() if re.match(r"\| \d+ \|", line)]
    assert len(columns) == 10
    assert re.findall(r"`(\w+)/?`", " ".join(columns)) == LAYERS


def test_the_architecture_page_names_files_that_exist() -> None:
    page = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = page.partition("## Where to look")[2].partition("\n## ")[0].split("\n|")[3:]
    assert len(rows) >= 20
    for row in rows:
        named = re.findall(r"`([\w./]+/[\w./]*)`", row.split("|")[1])
        assert 1 <= len(named) <= 2, row
        assert all((PACKAGE / name).exists() for name in named), row
