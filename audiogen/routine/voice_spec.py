"""Which voice, as `voice:`, `fill:` and `--voice` write it.

"builtin", "gtts:en:co.uk", "piper:FILE", "recordings:FOLDER", "auto"  ->  VoiceSpec
"""

from dataclasses import dataclass
from pathlib import Path

from audiogen.routine.sounds import anchored
from audiogen.routine.values import read_line
from audiogen.storage.files import from_home

FILE_ENGINES = ("piper", "kokoro", "recordings")  # whose settings are a file or folder of the user's


@dataclass(frozen=True, slots=True)
class VoiceSpec:
    """An engine with its settings, or with its file or folder; ``str(spec)`` is how it is written."""

    engine: str
    settings: str = ""

    @staticmethod
    def parse(written: str) -> "VoiceSpec":
        """Read a spec; any text is one, and whether there is such a voice is seen when it is opened."""
        engine, _, settings = written.strip().partition(":")
        return VoiceSpec(engine, settings.strip())

    @property
    def file(self) -> Path | None:
        """The file of a Piper voice, the folder of Kokoro's files or of recordings; None for the other engines."""
        return from_home(self.settings) if self.engine in FILE_ENGINES and self.settings else None

    @property
    def language(self) -> str | None:
        """The language that the spec itself names, as in "gtts:es"."""
        return (self.settings.partition(":")[0] or None) if self.engine in ("gtts", "espeak", "pico") else None

    def anchored(self, folder: Path) -> "VoiceSpec":
        """The same with its file or folder named from `folder`."""
        return VoiceSpec(self.engine, anchored(folder, self.settings)) if self.file else self

    def portable(self) -> "VoiceSpec":
        """The same without the folders that lead to its file: it is looked for next to the routine."""
        return VoiceSpec(self.engine, self.file.name) if self.file else self

    def __str__(self) -> str:
        return f"{self.engine}:{self.settings}" if self.settings else self.engine


AUTO = VoiceSpec("auto")


def read_voice(value: object) -> VoiceSpec:
    """What is written under `voice` or `fill`.

    Raises:
        InvalidValue: it is no text.
    """
    return value if isinstance(value, VoiceSpec) else VoiceSpec.parse(read_line(value))
