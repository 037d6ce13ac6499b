"""`audiogen watch` while somebody edits: from saving the file to the line that tells of the new track."""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

__all__ = ["Watching"]


class Watching:
    """The command, watching watched.yaml in a folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._path = folder / "watched.yaml"
        self._path.write_text((folder / "session.yaml").read_text("utf-8"), "utf-8")
        arguments = ["watch", self._path.name, "--voice", "builtin", "-o", "watched.mp3", "--quiet"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "audiogen", *arguments],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> "Watching":
        self._told()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.terminate()
        self._process.communicate()

    def edited(self, text: str, before: str) -> float:
        """Seconds from writing `text` to its track; `before` is what stands there first."""
        if self._path.read_text("utf-8") != before:
            self._saved(before)
        return self._saved(text)

    def _saved(self, text: str) -> float:
        begin_s = time.perf_counter()
        self._path.write_text(text, "utf-8")
        self._told()
        return time.perf_counter() - begin_s

    def _told(self) -> None:
        if self._process.stdout is None or not self._process.stdout.readline():
            sys.exit("audiogen watch ended early")
