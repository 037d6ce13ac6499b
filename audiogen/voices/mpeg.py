"""MP3 bytes of a service -> their bare frames, or an error where they are cut or not MP3.

Only the headers are read, which is enough to trust an answer; nothing is decoded.
"""

# Kilobits a second of layer III, by the header's index: MPEG-1, and MPEG-2 and 2.5 (ISO/IEC 11172-3 and 13818-3).
_KBPS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HERTZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}  # by version bits
_MONO = 3


def bare_frames(data: bytes) -> bytes:
    """Return all frames without tags and without an Info frame, so that several answers can be joined.

    An Info frame at the start of a joined file would state the length of its first part alone.

    Raises: ValueError where the bytes do not end with a whole frame, or are not MP3.
    """
    start = end = _after_id3v2(data)
    stop = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
    rate = None
    while end < stop:
        size, found = _frame(data, end)
        if found != (rate or found):
            raise ValueError(f"another sample rate at byte {end}")
        rate = found
        if end + size > stop:
            raise ValueError(f"cut inside the frame at byte {end}")
        if end == start and _is_info(data[end : end + size]):
            start += size
        end += size
    if start == end:
        raise ValueError("no MP3 frame")
    return data[start:end]


def _after_id3v2(data: bytes) -> int:
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:  # seven bits per byte
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame(data: bytes, at: int) -> tuple[int, int]:
    """Return the size in bytes of the frame whose header is at this place, and its sample rate."""
    header = int.from_bytes(data[at : at + 4], "big")
    if len(data) < at + 4 or header >> 21 != 0x7FF or header >> 17 & 3 != 1:
        raise ValueError(f"no MP3 frame at byte {at}")
    version, kbps_index, hertz_index = header >> 19 & 3, header >> 12 & 15, header >> 10 & 3
    if version == 1 or kbps_index in (0, 15) or hertz_index == 3:
        raise ValueError(f"no MP3 frame at byte {at}")
    rate = _HERTZ[version][hertz_index]
    if version == 3:
        return 144_000 * _KBPS_1[kbps_index] // rate + (header >> 9 & 1), rate
    return 72_000 * _KBPS_2[kbps_index] // rate + (header >> 9 & 1), rate


def _is_info(frame: bytes) -> bool:
    """Whether a frame carries a Xing, Info or VBRI header instead of sound."""
    first_version, mono = frame[1] >> 3 & 3 == 3, frame[3] >> 6 == _MONO
    side_info = (17 if mono else 32) if first_version else (9 if mono else 17)
    return frame[4 + side_info :][:4] in (b"Xing", b"Info") or frame[36:40] == b"VBRI"
