"""Blocks to MP3 frames, and frames to a file that every decoder cuts to the planned samples.

    PCM of a block -> frames
    ID3 tag + blocks of frames + what is between them + length -> file

The stream is MPEG-1 layer III, mono, 48 kHz, constant bit rate: a frame is 1152 samples, 24 ms, and always the same
number of bytes, so a position in time is a position in the file. Frames may borrow bits from the frames before them
(`main_data_begin` says how many bytes). The first frame of a block and the silent frame borrow none, which is why
blocks encoded one by one can be laid side by side with silent frames between them, or with the first frames of a
stretch that was encoded alone. A track with music is joint stereo and one long stream, which `formats` encodes; its
frames are walked and its Info frame is made here, too.

A decoder's output lags the encoder's input by `DECODER_DELAY` samples. The Info frame in front of the audio says
decoders to drop these, and what is left over at the end.
"""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from struct import iter_unpack
from typing import BinaryIO

from audiogen.audio.pcm import RATE, SAMPLE_BYTES, SAMPLES_PER_MS
from audiogen.track.blocks import DECODER_DELAY, FRAME_SAMPLES

_BITRATE_INDEX = {64: 5, 96: 7, 128: 9}  # how a header writes kbit/s
BITRATES_KBPS = tuple(_BITRATE_INDEX)
MONO_KBPS, STEREO_KBPS = 96, 128  # the defaults
ENCODER_DELAY = 576  # LAME's share of `DECODER_DELAY`; the other 529 are the decoder's own
QUALITY = 3  # of LAME's 0 (best) to 9

_HEADER_BYTES = 4
_SILENCE_AT_ONCE = 150_000  # bytes
_SIDE_INFO_BYTES = {1: 17, 2: 32}  # for mono and stereo

# How far up in the side information are the 12 bits that hold the size of a half frame, for each half and channel. In
# front of the first are 18 bits for mono, 20 for stereo; each has 59.
_PART_LENGTHS = {1: (106, 47), 2: (224, 165, 106, 47)}


class BrokenFrames(ValueError):
    """Bytes that are not a whole number of frames as this module writes them; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a stream: where it begins and which bytes hold its sound.

    The sound's bytes are counted in a stream without headers and side information, as decoders gather them:
    [main_start, main_end), of which `borrowed` lie in the frames before.
    """

    offset: int
    borrowed: int
    main_start: int
    main_end: int


@dataclass(frozen=True, slots=True)
class Info:
    """What an Info frame says of the audio frames behind it; `size_bytes` counts the Info frame, too."""

    bitrate_kbps: int
    frames: int
    size_bytes: int
    delay: int
    padding: int
    intact: bool  # its own checksum holds
    channels: int = 1


def frame_bytes(bitrate_kbps: int = MONO_KBPS) -> int:
    """Bytes in a frame: 3 for every kbit/s (1152 samples / 8 bits / 48 000 Hz)."""
    if bitrate_kbps not in BITRATES_KBPS:
        raise ValueError(f"bit rate must be one of {BITRATES_KBPS} kbit/s, found {bitrate_kbps}")
    return 3 * bitrate_kbps


def frames_needed(length_ms: int) -> int:
    """The audio frames from which a decoder gets all samples of a track, its lag included."""
    return -(-(length_ms * SAMPLES_PER_MS + DECODER_DELAY) // FRAME_SAMPLES)


def encode_block(pcm: bytes, bitrate_kbps: int = MONO_KBPS, quiet: int = 0) -> bytes:
    """Encode the PCM of a block (16 bit, little-endian, mono, 48 kHz) to one frame for every 1152 samples.

    The last `DECODER_DELAY` samples must be silent, or no louder than `quiet` (of 32767): what a decoder hands out
    for them lies in a frame that is dropped.

    Raises:
        ValueError: `pcm` is not a whole number of frames, or does not end in silence.
        BrokenFrames: the encoder made something that could not be spliced.
    """
    import lameenc

    size = frame_bytes(bitrate_kbps)
    frames, odd = divmod(len(pcm), SAMPLE_BYTES * FRAME_SAMPLES)
    if odd or not frames:
        raise ValueError(
            f"a block must be whole frames of {SAMPLE_BYTES * FRAME_SAMPLES} bytes, found {len(pcm)} bytes"
        )
    if _loudest(pcm[-SAMPLE_BYTES * DECODER_DELAY :]) > quiet:
        raise ValueError(f"a block must end in {DECODER_DELAY} silent samples")
    encoder = lameenc.Encoder()
    encoder.silence()  # LAME's own remarks on stderr
    encoder.set_channels(1)
    encoder.set_in_sample_rate(RATE)
    encoder.set_bit_rate(bitrate_kbps)
    encoder.set_quality(QUALITY)
    encoded = bytes(encoder.encode(pcm) + encoder.flush())[: frames * size]
    if len(encoded) < frames * size:
        raise BrokenFrames(f"{frames} frames of {size} bytes went in, {len(encoded)} bytes came out")
    for _ in walk(encoded, bitrate_kbps):
        pass
    return encoded


def silent_frame(bitrate_kbps: int = MONO_KBPS) -> bytes:
    """The frame that decodes to silence and borrows nothing: a header, then zeros (no bits for either half)."""
    size = frame_bytes(bitrate_kbps)
    return _header(bitrate_kbps).ljust(size, b"\0")


def info_frame(length_ms: int, bitrate_kbps: int = MONO_KBPS, channels: int = 1) -> bytes:
    """The frame in front of the audio that says to decoders what to drop, players how long it is and where to seek.

    It is the "Info" frame that LAME writes, with its extension. A decoder that does not know it plays 24 ms of
    silence. The checksum over the music stays 0: it would cost more than the rest of the writing, and none of
    the decoders we know looks at it.
    """
    frames = frames_needed(length_ms)
    padding = frames * FRAME_SAMPLES - ENCODER_DELAY - length_ms * SAMPLES_PER_MS
    audio_bytes = (frames + 1) * frame_bytes(bitrate_kbps)
    xing = b"".join(
        [
            b"Info",
            (0b1111).to_bytes(4, "big"),  # the four fields that follow are all there
            frames.to_bytes(4, "big"),
            audio_bytes.to_bytes(4, "big"),
            bytes(256 * percent // 100 for percent in range(100)),  # seek table: a straight line
            (0).to_bytes(4, "big"),  # quality, not stated
        ]
    )
    lame = b"".join(
        [
            b"LAME3.100",  # decoders trust delay and padding only under the name of an encoder they know
            bytes([0x01]),  # tag revision 0, constant bit rate
            bytes(1 + 8 + 1),  # low-pass, peak and replay gains, encoding flags: not stated
            bytes([bitrate_kbps]),
            (ENCODER_DELAY << 12 | padding).to_bytes(3, "big"),
            bytes([2 << 6 | (0 if channels == 1 else 3 << 2)]),  # 48 kHz source, mono or joint stereo
            bytes(1 + 2),  # gain, preset: not stated
            audio_bytes.to_bytes(4, "big"),
            bytes(2),  # checksum of the music
        ]
    )
    frame = _header(bitrate_kbps, channels) + bytes(_SIDE_INFO_BYTES[channels]) + xing + lame
    return (frame + _crc16(frame).to_bytes(2, "big")).ljust(frame_bytes(bitrate_kbps), b"\0")


def read_info(stream: bytes, start: int = 0) -> Info | None:
    """What the Info frame at byte `start` says; None where there is none as `info_frame` writes it."""
    bitrate_kbps = next((rate for rate in BITRATES_KBPS if stream[start : start + 3] == _header(rate)[:3]), None)
    if bitrate_kbps is None:
        return None
    frame = stream[start : start + frame_bytes(bitrate_kbps)]
    channels = 1 if frame[3:4] and frame[3] >> 6 == 0b11 else 2
    xing = frame[_HEADER_BYTES + _SIDE_INFO_BYTES[channels] :]
    if len(frame) < frame_bytes(bitrate_kbps) or not xing.startswith(b"Info\0\0\0\x0f"):
        return None
    lame = xing[4 + 4 + 4 + 4 + 100 + 4 :]
    skipped = int.from_bytes(lame[21:24], "big")
    covered = len(frame) - len(lame) + 34
    return Info(
        bitrate_kbps=bitrate_kbps,
        frames=int.from_bytes(xing[8:12], "big"),
        size_bytes=int.from_bytes(xing[12:16], "big"),
        delay=skipped >> 12,
        padding=skipped & 0xFFF,
        intact=_crc16(frame[:covered]).to_bytes(2, "big") == lame[34:36],
        channels=channels,
    )


def write_mp3(
    target: BinaryIO,
    id3: bytes,
    blocks: Iterable[tuple[int, bytes]],
    length_ms: int,
    bitrate_kbps: int = MONO_KBPS,
    silence: bytes | None = None,
) -> None:
    """Write tag, Info frame, and the blocks in time order, each at its first frame, with silence between.

    Blocks are asked for one at a time and never stored. `silence` is whole frames of which the first borrows nothing:
    between the blocks are its first frames, begun again where there are not enough; without it, silent frames.

    Raises:
        ValueError: blocks that overlap, are not whole frames, or reach over the end.
    """
    size = frame_bytes(bitrate_kbps)
    total = frames_needed(length_ms)
    silence = silence or silent_frame(bitrate_kbps)
    target.write(id3)
    target.write(info_frame(length_ms, bitrate_kbps))
    written = 0
    for first_frame, encoded in blocks:
        frames, odd = divmod(len(encoded), size)
        if odd or first_frame < written or first_frame + frames > total:
            raise ValueError(
                f"{len(encoded)} bytes do not fit at frame {first_frame}: frames are {size} bytes, "
                f"{written} of {total} frames are written"
            )
        _write_repeated(target, silence, (first_frame - written) * size)
        target.write(encoded)
        written = first_frame + frames
    _write_repeated(target, silence, (total - written) * size)


def walk(
    stream: bytes, bitrate_kbps: int = MONO_KBPS, start: int = 0, channels: int = 1, end: int | None = None
) -> Iterator[Frame]:
    """The frames in `stream` from byte `start` to `end`, each checked as strictly as only our own files allow.

    Raises:
        BrokenFrames: a foreign header, a cut last frame, or a frame whose sound lies in bytes that are missing or
            belong to another frame, as after a cut.
    """
    size = frame_bytes(bitrate_kbps)
    header = _header(bitrate_kbps, channels)
    # The original bit and copyright are the encoder's to set, and so is how stereo is joined, frame by frame.
    free_bits = 0b1100 if channels == 1 else 0b11_1100
    side_bytes, parts = _SIDE_INFO_BYTES[channels], _PART_LENGTHS[channels]
    payload = size - _HEADER_BYTES - side_bytes
    free_from = available = 0
    for number, offset in enumerate(range(start, len(stream) if end is None else end, size)):
        frame = stream[offset : offset + size if end is None else min(offset + size, end)]
        if len(frame) < size or frame[:3] != header[:3] or (frame[3] ^ header[3]) & ~free_bits:
            kind = "mono" if channels == 1 else "joint stereo"
            raise BrokenFrames(
                f"frame {number}, byte {offset}: no whole frame of {bitrate_kbps} kbit/s, {kind}, 48 kHz"
            )
        side = int.from_bytes(frame[_HEADER_BYTES : _HEADER_BYTES + side_bytes], "big")
        borrowed = side >> 8 * side_bytes - 9  # the first 9 bits
        bits = sum([side >> shift & 0xFFF for shift in parts])
        main_start = available - borrowed
        main_end = main_start + (bits + 7) // 8
        available += payload
        if main_start < free_from or main_end > available:
            raise BrokenFrames(
                f"frame {number}, byte {offset}: its sound ({main_start} to {main_end}) is not within the bytes "
                f"that are left for it ({free_from} to {available})"
            )
        free_from = main_end
        yield Frame(offset, borrowed, main_start, main_end)


def _header(bitrate_kbps: int, channels: int = 1) -> bytes:
    """Sync, MPEG-1 layer III without checksum; bit rate, 48 kHz, no padding byte; mono or joint stereo, original."""
    mode = 0b11 if channels == 1 else 0b01
    return bytes([0xFF, 0xFB, _BITRATE_INDEX[bitrate_kbps] << 4 | 0b01 << 2, mode << 6 | 0b1 << 2])


def _write_repeated(target: BinaryIO, loop: bytes, size: int) -> None:
    """The first `size` bytes of a loop without end."""
    many = loop * max(1, min(_SILENCE_AT_ONCE, size) // len(loop))
    for left in range(size, 0, -len(many)):
        target.write(many if left >= len(many) else many[:left])


def _loudest(pcm: bytes) -> int:
    samples: Iterator[tuple[int]] = iter_unpack("<h", pcm)
    return max(abs(sample) for (sample,) in samples)


def _crc16(covered: bytes) -> int:
    """CRC-16/ARC (reflected 0x8005), which LAME puts behind its tag; `binascii.crc_hqx` is another polynomial."""
    table, crc = _crc16_of_bytes(), 0
    for byte in covered:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


@functools.cache
def _crc16_of_bytes() -> tuple[int, ...]:
    def of(byte: int) -> int:
        for _ in range(8):
            byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
        return byte

    return tuple(map(of, range(256)))
