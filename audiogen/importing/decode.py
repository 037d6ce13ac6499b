"""Bytes of any encoding -> text, without guessing more than needed."""

import codecs

from audiogen.errors import Problem, RoutineError

LARGEST_BYTES = 5_000_000
_SAMPLE = 50_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Of the languages that the program speaks, in encodings that came before Unicode.
_OLDER = ["cp1252", "cp1250", "shift_jis", "euc_jp"]


def decoded(content: bytes, subject: str) -> str:
    """Decode a file as text.

    Raises:
        RoutineError: it is too large, or no text.
    """
    if len(content) > LARGEST_BYTES:
        raise RoutineError(Problem("importing.too-large", subject=subject))
    text = _decoded(content)
    if text is None or _is_binary(text):
        raise RoutineError(Problem("importing.not-text", subject=subject))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if wide := _wide(content):
        return content.decode(wide, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\0" in content:
        return None
    return content.decode(_older(content), "replace")


def _wide(content: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is zero."""
    sample = content[:_SAMPLE]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > len(zeros) * 0.4:
            return encoding
    return None


def _older(content: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE], cp_isolation=_OLDER).best()
    return best.encoding if best else "cp1252"


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    odd = sum((letter < " " and letter not in "\t\n\r\f") or letter == "\ufffd" for letter in sample)
    return odd > len(sample) * 0.02
