"""Tell whole speech from speech that is cut, by its MP3 frames."""

import contextlib
import io

import lameenc
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogen.voices.mpeg import bare_frames

from ..fakes.tone_voice import tone_wav


def encoded(rate: int, kbps: int = 64, channels: int = 1, length_ms: int = 400) -> bytes:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(48_000)
    encoder.set_out_sample_rate(rate)
    encoder.set_channels(channels)
    pcm = tone_wav(length_ms)[44:]
    return bytes(encoder.encode(pcm * channels) + encoder.flush())


WHOLE = encoded(24_000)


@pytest.mark.parametrize(
    ("rate", "kbps", "channels"),
    [
        (48_000, 96, 1),
        (44_100, 128, 2),
        (32_000, 64, 1),
        (24_000, 32, 1),
        (22_050, 64, 2),
        (16_000, 24, 1),
        (8_000, 16, 1),
    ],
)
def test_whole_frames_come_back_as_they_are(rate: int, kbps: int, channels: int) -> None:
    mp3 = encoded(rate, kbps, channels)
    assert bare_frames(mp3) == mp3


@given(left=st.integers(0, len(WHOLE) - 1))
@settings(max_examples=4 * settings().max_examples)
def test_a_cut_inside_a_frame_is_noticed(left: int) -> None:
    frame = 192  # bytes: 64 kbit/s at 24 kHz
    if left % frame == 0 and left:
        assert bare_frames(WHOLE[:left]) == WHOLE[:left]
    else:
        with pytest.raises(ValueError, match="frame"):
            bare_frames(WHOLE[:left])


@given(st.binary(max_size=2000))
def test_what_is_no_mp3_is_refused_or_walked_to_its_end(content: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert bare_frames(content) in content


def test_tags_and_info_frames_are_left_out() -> None:
    id3v2 = b"ID3\x03\x00\x00\x00\x00\x01\x00" + bytes(128)
    info = WHOLE[:4] + bytes(9) + b"Info" + bytes(192 - 17)
    id3v1 = b"TAG" + bytes(125)
    assert bare_frames(id3v2 + info + WHOLE + id3v1) == WHOLE


def test_a_change_of_sample_rate_is_noticed() -> None:
    with pytest.raises(ValueError, match="another sample rate"):
        bare_frames(WHOLE + encoded(48_000))


def test_joined_answers_decode_as_one() -> None:
    assert soundfile.info(io.BytesIO(bare_frames(WHOLE) * 3)).frames == 3 * len(WHOLE) // 192 * 576
