"""The pages outside `docs`, for MkDocs: README.md is the start, and ARCHITECTURE.md and the like are pages too.

pages of the checkout -> pages of the site, with links between them as they are there
"""

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
PAGES = {"README.md": "index.md"} | {
    name: name
    for name in (
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "benchmarks/results.md",
        "benchmarks/results.svg",
    )
}
_OTHERS = ("LICENSE", "audiogen/export/cover/OFL.txt", "audiogen/studio/static/editor.LICENSES.txt")


def on_files(files: "Files", config: "MkDocsConfig") -> "Files":
    for name, uri in (PAGES | {other: other for other in _OTHERS}).items():
        files.append(File.generated(config, uri, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: "Page", config: "MkDocsConfig", files: "Files") -> str:  # noqa: ARG001 - named by MkDocs
    """Point links at the places that the pages have on the site."""
    if page.file.src_uri in PAGES.values():
        return markdown.replace("](docs/", "](").replace('src="docs/', 'src="')
    return markdown.replace("](../", "](")
