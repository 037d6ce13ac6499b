"""What libsndfile says, in words for a user; and whether a file is what its few bytes may be turned into.

A file of 4 kB may say that it holds an hour, or a sample a second: both become gigabytes once they are decoded.
"""

from typing import TYPE_CHECKING

from audiogen.errors import Problem

if TYPE_CHECKING:
    import soundfile

LOWEST_RATE = 4000  # samples a second: half of what a telephone has
MOST_SAMPLES = 60_000_000  # of all channels together, decoded at once: ten minutes in stereo


def low_rate(file: "soundfile.SoundFile", subject: str) -> Problem | None:
    """Why a file has too few samples a second to be of use; None where it has enough."""
    return refused_rate(int(file.samplerate), subject)


def refused_rate(rate: int, subject: str) -> Problem | None:
    """Why so few samples a second are of no use; None where they are enough."""
    if rate >= LOWEST_RATE:
        return None
    return Problem("audio.low-rate", subject=subject, expected=f"{LOWEST_RATE}", found=f"{rate}")


def is_longer(file: "soundfile.SoundFile", longest_s: float) -> bool:
    """Whether a file lasts longer than so many seconds, or holds more than can be decoded at once."""
    frames, rate, channels = int(file.frames), int(file.samplerate), int(file.channels)
    return frames > longest_s * rate or frames * channels > MOST_SAMPLES


def reason_of(error: Exception) -> str:
    """Give the reason alone: the whole text repeats the path, or names an object in memory."""
    return str(getattr(error, "error_string", error)).rstrip(".")
