"""Files of Kokoro as small as they can be: a model that is loaded and run as the real one is, and its voices.

The model says each phoneme as a tone of 100 ms, whose level is the phoneme's number times the voice's style; `heard`
reads these numbers back. Its protobuf is written by hand (onnx/onnx.proto numbers the fields).
"""

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import soundfile

RATE, TONE = 24_000, 2400
LOUDEST = 400.0  # a number that would be full scale
FLOAT, INT64 = 1, 7


def write_files(
    folder: Path,
    voices: Iterable[str] = ("ef_dora", "ff_siwis", "if_sara", "af_heart"),
    model: str = "kokoro-v1.0.onnx",
    numbers: str = "tokens",
) -> Path:
    """Write both files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / model).write_bytes(_model(numbers))
    styles = {voice: np.full((510, 1, 256), 1.0, np.float32) for voice in voices}
    with (folder / "voices-v1.0.bin").open("wb") as file:
        np.savez(file, **styles)  # type: ignore[arg-type]  # its stub takes no names that are not known
    return folder


def heard(speech: bytes) -> list[int]:
    """The numbers of the phonemes in speech of this model, without those of its ends."""
    samples, rate = soundfile.read(io.BytesIO(speech))
    assert rate == RATE
    levels = np.abs(samples).reshape(-1, TONE).max(axis=1) * LOUDEST
    return [round(level) for level in levels][1:-1]


def _model(numbers: str) -> bytes:
    tone = np.sin(2 * np.pi * np.arange(TONE) / 24).astype("<f4") / np.float32(LOUDEST)
    nodes = [
        _node("Cast", [numbers], "levels", to=FLOAT),
        _node("Reshape", ["levels", "column"], "rows"),
        _node("MatMul", ["rows", "tone"], "tones"),
        _node("ReduceMean", ["style"], "mean", keepdims=0),
        _node("Mul", ["tones", "mean"], "voiced"),
        _node("Div", ["voiced", "speed"], "paced"),
        _node("Reshape", ["paced", "flat"], "audio"),
    ]
    constants = [
        _tensor("column", INT64, [2], np.array([-1, 1], "<i8").tobytes()),
        _tensor("flat", INT64, [1], np.array([-1], "<i8").tobytes()),
        _tensor("tone", FLOAT, [1, TONE], tone.tobytes()),
    ]
    given = [_value(numbers, INT64, [1, "n"]), _value("style", FLOAT, [1, 256]), _value("speed", FLOAT, [1])]
    graph = [*((1, node) for node in nodes), (2, b"tiny"), *((5, constant) for constant in constants)]
    graph += [*((11, value) for value in given), (12, _value("audio", FLOAT, ["samples"]))]
    return _message((1, 8), (8, _message((1, b""), (2, 13))), (7, _message(*graph)))


def _node(kind: str, inputs: Iterable[str], output: str, **numbers: int) -> bytes:
    attributes = [(5, _message((1, name.encode()), (3, number), (20, 2))) for name, number in numbers.items()]
    return _message(*((1, name.encode()) for name in inputs), (2, output.encode()), (4, kind.encode()), *attributes)


def _tensor(name: str, kind: int, shape: Iterable[int], raw: bytes) -> bytes:
    return _message(*((1, size) for size in shape), (2, kind), (8, name.encode()), (9, raw))


def _value(name: str, kind: int, shape: Iterable[int | str]) -> bytes:
    sizes = [(1, _message((1, size) if isinstance(size, int) else (2, size.encode()))) for size in shape]
    return _message((1, name.encode()), (2, _message((1, _message((1, kind), (2, _message(*sizes)))))))


def _message(*fields: tuple[int, int | bytes]) -> bytes:
    written = b""
    for number, value in fields:
        if isinstance(value, int):
            written += _varint(number << 3) + _varint(value)
        else:
            written += _varint(number << 3 | 2) + _varint(len(value)) + value
    return written


def _varint(number: int) -> bytes:
    written = b""
    while number > 127:
        written += bytes([number & 127 | 128])
        number >>= 7
    return written + bytes([number])
