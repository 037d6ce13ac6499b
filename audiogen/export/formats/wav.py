"""WAV, 16 bit: a head of 44 bytes, the samples, and behind them the same ID3 tag as in an MP3, in a chunk `id3 `.

All sizes are known before the first sample, so nothing is written twice.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from audiogen.audio.pcm import RATE, SAMPLE_BYTES, SAMPLES_PER_MS
from audiogen.durations import format_clock
from audiogen.errors import OutputError, Problem
from audiogen.export import id3
from audiogen.export.formats.id3 import Tagged

if TYPE_CHECKING:
    from audiogen.export.formats.format import Recording, Samples

_LARGEST = (1 << 32) - 1


class Wav(Tagged):
    suffix, name, magic, at = ".wav", "WAV", b"WAVE", 8

    def require_room(self, channels: int, length_ms: int, extra: int = 0) -> None:
        """Make sure that so much sound, and as many `extra` bytes, are not more than the head of a file can say.

        Raises: OutputError.
        """
        a_second = SAMPLE_BYTES * channels * RATE
        if length_ms * a_second // 1000 + extra > _LARGEST:
            most = f"{format_clock(_LARGEST // a_second * 1000)} in {'stereo' if channels == 2 else 'mono'}"
            raise OutputError(Problem("export.wav-too-long", expected=most, found=format_clock(length_ms)))

    def write(self, target: BinaryIO, pieces: "Iterable[Samples]", recording: "Recording") -> None:
        """Write a .wav file.

        Raises: OutputError where it would be over 4 GB, more than its head can say.
        """
        tag = id3.id3(recording.tag)
        frame = SAMPLE_BYTES * recording.channels
        data = recording.length_ms * SAMPLES_PER_MS * frame
        chunks = _chunk(b"LIST", b"INFO" + b"".join(_information(recording.tag))) + _chunk(b"id3 ", tag)
        extra = 4 + 24 + 8 + len(chunks)
        self.require_room(recording.channels, recording.length_ms, extra)
        size = data + extra
        form = b"".join(
            [
                (1).to_bytes(2, "little"),  # plain PCM
                recording.channels.to_bytes(2, "little"),
                RATE.to_bytes(4, "little"),
                (RATE * frame).to_bytes(4, "little"),
                frame.to_bytes(2, "little"),
                (8 * SAMPLE_BYTES).to_bytes(2, "little"),
            ]
        )
        target.write(b"RIFF" + size.to_bytes(4, "little") + b"WAVE" + _chunk(b"fmt ", form))
        target.write(b"data" + data.to_bytes(4, "little"))
        for piece in pieces:
            target.write(piece.astype("<i2", copy=False).tobytes())
        target.write(chunks)


def _information(tag: id3.Tag) -> Iterable[bytes]:
    """What programs show that do not read the tag."""
    named = {b"INAM": tag.title, b"IART": tag.artist, b"IPRD": tag.album, b"ICRD": tag.date, b"ICMT": tag.comment}
    return (_chunk(key, value.encode() + b"\0") for key, value in named.items() if value)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)
