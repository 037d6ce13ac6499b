"""Tracks as they are decoded -> figures in words, by name."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from audiogen.audio.meter import lufs_of, weighted
from audiogen.audio.vowel import vowel_ms
from audiogen.export import formats
from audiogen.timeline.document import read_timeline
from audiogen.timeline.events import Event
from audiogen.timeline.model import ATTACHMENT, Timeline

Figures = dict[str, str]
Sound = NDArray[np.floating]

RATE, PER_MS = 48_000, 48
PHONE_HZ = 800.0  # a phone's small speaker: a high-pass of second order
BLOCK_MS = 400
PHASES = ("rising", "falling", "level")


class Track:
    """A decoded track and its timeline."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.timeline: Timeline = read_timeline(formats.read_attachment(path, ATTACHMENT) or b"")
        self.samples: Sound = soundfile.read(path, dtype="float32", always_2d=True)[0]
        self.mono: Sound = self.samples.mean(axis=1)

    def heard(self, first_ms: int, length_ms: int) -> Sound:
        return self.mono[first_ms * PER_MS : (first_ms + length_ms) * PER_MS]

    def events(self, kind: str, *roles: str) -> Iterator[Event]:
        return (event for event in self.timeline.events if event.kind == kind and event.role in roles)


def figures_of(paths: Sequence[Path], with_music: Sequence[tuple[Path, Path]]) -> Figures:
    tracks = [Track(path) for path in paths]
    figures = {**_signals(tracks[0]), **_countdown(tracks[0])}
    for plain, music in with_music:
        figures |= _music(Track(plain), Track(music))
    return figures


# -- how loud signals are


def _signals(track: Track) -> Figures:
    figures = {}
    for role in ("start", "end", "finish"):
        event = next(track.events("tone", role))
        figures[f"{role}: LUFS, and on a phone"] = _levels(track.heard(event.start_ms, 1000))
    one = list(track.events("say", "countdown"))[-1]
    figures["“One.”: LUFS, and on a phone"] = _levels(track.heard(one.start_ms, one.length_ms))
    phases = [event for event in track.events("tone", *PHASES) if event.role != "level"]
    for name, event in (("first", phases[0]), ("last", phases[-1])):
        figures[f"{name} phase: LUFS, and on a phone"] = _levels(track.heard(event.start_ms, 240))
    return figures


def _levels(sound: Sound) -> str:
    return f"{momentary(sound):.1f}, {momentary(high_passed(sound)):.1f}"


def momentary(sound: Sound) -> float:
    """The loudness of the loudest 400 ms."""
    power = weighted(np.pad(sound, BLOCK_MS * PER_MS).astype(np.float32))
    sums = np.cumsum(np.pad(power, (1, 0)))
    return lufs_of(float((sums[BLOCK_MS:] - sums[:-BLOCK_MS]).max() / BLOCK_MS))


def high_passed(sound: Sound, hz: float = PHONE_HZ) -> Sound:
    """A Butterworth high-pass of second order (R. Bristow-Johnson's cookbook)."""
    turn, size = 2 * np.pi * hz / RATE, len(sound) + RATE
    alpha = np.sin(turn) / np.sqrt(2)
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / RATE) / RATE)
    response = (1 + np.cos(turn)) / 2 * (1 - z) ** 2 / np.polyval([1 - alpha, -2 * np.cos(turn), 1 + alpha], z)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, size) * response, size)[: len(sound)])


# -- the countdown


def _countdown(track: Track) -> Figures:
    steps, falls = [], []
    for hold in track.events("hold", "hold"):
        numbers = [one for one in track.events("say", "countdown") if hold.start_ms <= one.start_ms < hold.end_ms][-3:]
        if len(numbers) < 3:
            continue
        sounds = [track.heard(one.start_ms, one.length_ms) for one in numbers]
        beats = [
            one.start_ms + vowel_ms(np.asarray(sound, np.float32)) for one, sound in zip(numbers, sounds, strict=True)
        ]
        steps += [after - before for before, after in pairwise([*beats, hold.end_ms])]
        falls.append(12 * np.log2(pitch_hz(sounds[0]) / pitch_hz(sounds[-1])))
    return {
        "countdown, from vowel to vowel and to the bell: ms": f"{min(steps):.0f} to {max(steps):.0f}",
        "countdown, “Three” to “One”: semitones down": f"{min(falls):.1f} to {max(falls):.1f}",
    }


def pitch_hz(sound: Sound, low_hz: int = 70, high_hz: int = 420) -> float:
    """The median pitch of the voiced windows of a word, by normalised autocorrelation (P. Boersma, 1993)."""
    window = np.hanning(2400)
    lags = np.arange(RATE // high_hz, RATE // low_hz)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, 8192)) ** 2)[: lags[-1] + 2]
    found = []
    for at in range(0, len(sound) - 2400, 480):
        alike = np.fft.irfft(np.abs(np.fft.rfft(sound[at : at + 2400] * window, 8192)) ** 2)[: lags[-1] + 2]
        if alike[0] < 1e-2:
            continue
        alike = alike / alike[0] / (own / own[0])
        best = alike[lags].max()
        peaks = [lag for lag in lags if alike[lag - 1] < alike[lag] >= alike[lag + 1] and alike[lag] > 0.85 * best]
        if best > 0.6 and peaks:
            found.append(RATE / peaks[0])
    return float(np.median(found))


# -- music


def _music(plain: Track, mixed: Track) -> Figures:
    """The music alone is what two tracks differ by, as far as both are exact: WAV."""
    alone = mixed.samples - plain.samples[: len(mixed.samples), :1]
    tenths = 10 * np.log10(
        np.maximum((alone**2).mean(axis=1)[: len(alone) // 4800 * 4800].reshape(-1, 4800).mean(1), 1e-9)
    )
    spreads = [
        np.ptp(np.percentile(tenths[first // 100 : last // 100], (10, 90))) for first, last in _tones_alone(plain)
    ]
    margins = []
    for event in plain.timeline.events:
        if event.kind == "say":
            first, last = event.start_ms * PER_MS, event.end_ms * PER_MS
            margins.append(momentary(plain.mono[first:last]) - momentary(alone[first:last].mean(axis=1)))
    return {
        "music in a stretch of tones, p90 - p10: dB": f"{max(spreads):.1f} at most, {np.median(spreads):.1f} median",
        "speech over music: LU": f"{min(margins):.1f} at least",
    }


def _tones_alone(track: Track, least_ms: int = 8000) -> Iterator[tuple[int, int]]:
    """Stretches of repetitions without words, from the first tone to the last."""
    row: list[Event] = []
    for event in [*(one for one in track.timeline.tiles() if one.kind != "wait"), None]:
        if event is not None and event.kind == "tone" and event.role in PHASES:
            row.append(event)
            continue
        if row and row[-1].end_ms - row[0].start_ms >= least_ms:
            yield row[0].start_ms, row[-1].end_ms
        row = []
