"""The command on a pseudo-terminal: what somebody sees who sits there, and the keys they press."""

import codecs
import contextlib
import os
import select
import time
from pathlib import Path

from tests.command import Started

PATIENCE_S = 120  # for a machine with much else to do
AGAIN_S = 3


def all_shown(outer: int) -> bytes:
    """What a terminal shows until nobody writes to it any more; then it is closed."""
    shown = b""
    with contextlib.suppress(OSError):  # Linux ends a terminal's output by an error
        while piece := os.read(outer, 4096):
            shown += piece
    os.close(outer)
    return shown


class Terminal:
    """The command on a terminal of its own: what it shows, and keys typed in answer to it."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.shown = ""
        self._closed = False
        self._decode = codecs.getincrementaldecoder("utf-8")().decode  # a read may end within a letter
        import pty

        self._outer, inner = pty.openpty()
        self._command = Started(
            arguments,
            cwd=folder,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color", **environment},
            streams=(inner, inner, inner),
            owns_terminal=True,
        )
        os.close(inner)

    def answers(self, prompt: str, keys: str) -> None:
        """Wait for a prompt as the last that is shown, then type."""
        deadline = time.monotonic() + PATIENCE_S
        start = len(self.shown)
        while not (self.shown[start:].endswith("> ") and prompt in self.shown[start:].splitlines()[-1]):
            if not self._read(deadline):
                self._give_up(f"no {prompt!r} in")
        os.write(self._outer, keys.encode())

    def ends(self, pressing: str = "") -> int:
        """Wait for the end of the command; its exit code.

        A key is pressed again every few seconds, as people do: a Ctrl-C that reaches Python after it last looked for
        signals and before it reads the line is not seen until the next key.
        """
        deadline = time.monotonic() + PATIENCE_S
        while not self._closed:
            if not self._read(time.monotonic() + AGAIN_S) and not self._closed:
                if time.monotonic() > deadline:
                    self._give_up("still there after")
                os.write(self._outer, pressing.encode())
        return self._command.wait(PATIENCE_S)

    def close(self) -> None:
        self._command.kill()
        os.close(self._outer)

    def _give_up(self, why: str) -> None:
        """End the command, for which all tests would wait at their end."""
        self.close()
        raise AssertionError(f"{why}:\n{self.shown}")

    @property
    def lines(self) -> list[str]:
        return self.shown.replace("\r\n", "\n").splitlines()

    def _read(self, deadline: float) -> bool:
        if not select.select([self._outer], [], [], max(0, deadline - time.monotonic()))[0]:
            return False
        try:
            piece = os.read(self._outer, 4096)
        except OSError:  # Linux ends a terminal's output by an error
            piece = b""
        self.shown += self._decode(piece)
        self._closed = not piece
        return bool(piece)
