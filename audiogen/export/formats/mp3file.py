"""MP3 in one continuous encode, for what cannot be spliced: a session with music, in joint stereo.

The frames end where a decoder has given out the last sample, and the Info frame in front says so, as in a track of
blocks; the tag is the same.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from audiogen.audio.pcm import RATE, SAMPLE_BYTES, SAMPLES_PER_MS
from audiogen.export import id3
from audiogen.export.formats.id3 import Tagged
from audiogen.track import mp3
from audiogen.track.blocks import FRAME_SAMPLES

if TYPE_CHECKING:
    from audiogen.export.formats.format import Recording, Samples


class Mp3(Tagged):
    suffix, name, magic = ".mp3", "MP3", b"ID3"
    is_mp3 = True
    bitrates_kbps = (mp3.MONO_KBPS, mp3.STEREO_KBPS)

    def write(self, target: BinaryIO, pieces: "Iterable[Samples]", recording: "Recording") -> None:
        """Write an .mp3 file, or one around it."""
        bitrate_kbps = recording.bitrate_kbps or mp3.STEREO_KBPS
        left = mp3.frames_needed(recording.length_ms) * mp3.frame_bytes(bitrate_kbps)
        with self.around(target, recording.tag) as sound:
            sound.write(id3.id3(recording.tag))
            sound.write(mp3.info_frame(recording.length_ms, bitrate_kbps, recording.channels))
            for encoded in _encoded(pieces, recording, bitrate_kbps):
                sound.write(encoded[:left])
                left -= min(left, len(encoded))
        if left:
            raise mp3.BrokenFrames(f"the encoder's output is {left} bytes short")


def _encoded(pieces: "Iterable[Samples]", recording: "Recording", bitrate_kbps: int) -> Iterator[bytes]:
    """The frames, and then at least one more: the encoder keeps back what the last ones borrow."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()  # LAME's own remarks on stderr
    encoder.set_channels(recording.channels)
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)  # left to itself, it goes down to 44.1 kHz for stereo at 96 kbit/s
    encoder.set_bit_rate(bitrate_kbps)
    encoder.set_quality(mp3.QUALITY)
    for piece in pieces:
        yield bytes(encoder.encode(piece.astype("<i2", copy=False).tobytes()))
    rest = (mp3.frames_needed(recording.length_ms) + 1) * FRAME_SAMPLES - recording.length_ms * SAMPLES_PER_MS
    yield bytes(encoder.encode(bytes(SAMPLE_BYTES * recording.channels * rest)))
    yield bytes(encoder.flush())
