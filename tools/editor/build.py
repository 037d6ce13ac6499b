"""Bundle the text editor of the studio: `python tools/editor/build.py`, with npm.

these sources + the versions in package.json -> audiogen/studio/static/editor.js and the licences next to it

The versions are exact and the bundler sees nothing else, so every run writes the same bytes. `--check` writes nothing
and fails where the bundle differs.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "audiogen" / "studio" / "static"
BUNDLE, LICENCES = STATIC / "editor.js", STATIC / "editor.LICENSES.txt"
OPTIONS = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none", "--log-level=warning"]


def sources() -> list[Path]:
    return sorted(path for path in HERE.iterdir() if path.suffix in (".js", ".json"))


def headline() -> str:
    """The first line of the bundle, which says what it was made of."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.read_text("utf-8").encode())
    return f"/* Made by tools/editor/build.py of sources {digest.hexdigest()[:16]}; licences: editor.LICENSES.txt */\n"


def built() -> dict[Path, str]:
    """The text of each file that is made."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in sources():
            shutil.copy(path, folder)
        install = ["npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(install, cwd=folder, check=True)
        bundled = subprocess.run(
            ["node_modules/.bin/esbuild", "editor.js", *OPTIONS], cwd=folder, check=True, stdout=subprocess.PIPE
        )
        return {BUNDLE: headline() + bundled.stdout.decode(), LICENCES: licences(folder)}


def licences(folder: Path) -> str:
    """The notices of all packages in the bundle."""
    wanted = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    parts = ["editor.js holds these packages:\n"]
    for package, version in sorted(wanted.items()):
        text = (folder / "node_modules" / package / "LICENSE").read_text("utf-8").strip()
        parts.append(f"{package} {version}\n\n{text}\n")
    return f"\n{'-' * 80}\n\n".join(parts)


def main() -> None:
    made = built()
    if sys.argv[1:] == ["--check"]:
        different = [path.name for path, text in made.items() if path.read_text("utf-8") != text]
        sys.exit(f"not as built: {', '.join(different)}" if different else 0)
    for path, text in made.items():
        path.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
