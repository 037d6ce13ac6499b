"""What the tones of each set are: set, role -> samples and how loud their peak is.

    bells   two plucked notes upwards, a struck bowl that rings on, a wooden tick, pairs of mallet notes
    wood    two strokes on bars of wood upwards, a deep slit drum, a wood block, pairs of strokes
    beeps   two soft beeps upwards, a long low one, a short one, glides
    breath  as bells, but a phase begins with the sound of breath itself

A role is distinct from the others by ear alone in each set: by where its pitch goes, how low it is, how long it lasts.
A phone's speaker lives above 400 Hz and below 4 kHz, and so do they. What begins and ends work is as loud there as the
last number of a countdown; what is heard forty times in a session, the tones of phases, is about 9 dB softer.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from audiogen.script import TONE_MS
from audiogen.track.tones.synthesis import Partial, breath, glide, partials, placed, swell

if TYPE_CHECKING:
    from audiogen.track.tones.synthesis import Samples

COMPUTED = ("bells", "wood", "beeps", "breath")

# How much longer than its place a tone may ring, where nothing else sounds yet.
_BOWLS_MS = {"end": 2600, "finish": 2600}
RING_MS: Mapping[str, Mapping[str, int]] = {
    "bells": _BOWLS_MS,
    "breath": {**_BOWLS_MS, "rising": 560, "falling": 760},
}

# A struck bowl: its partials, how loud they are, how long they last. Each is a pair of modes that beat slowly.
BOWL: tuple[Partial, ...] = ((1.0, 0.35, 1600), (2.72, 1.0, 1100), (5.03, 0.35, 500), (7.75, 0.12, 220))
BEAT_HZ, BEATING = 0.9, 0.35
END_HZ, FINISH_HZ = 330.0, 264.0
FINISH_LASTS = 1.3  # times as long as the end
# A singing bowl: soft at its onset, its low partials ringing for seconds, two of them beating slowly.
BELL_HZ = 523.3
BELL: tuple[Partial, ...] = (
    (1.0, 1.0, 2600),
    (1.0029, 0.4, 2600),
    (2.71, 0.35, 1100),
    (5.15, 0.08, 400),
)
BAR: tuple[Partial, ...] = ((1.0, 1.0, 110), (3.93, 0.3, 25), (9.2, 0.05, 8))  # a xylophone's, tuned below
MALLET: tuple[Partial, ...] = ((1.0, 1.0, 90), (3.93, 0.12, 20))  # the same, struck softly
SLIT: tuple[Partial, ...] = ((1.0, 0.8, 200), (1.62, 0.35, 150), (2.83, 1.0, 190))  # a slit drum's tongue
BEEP: tuple[Partial, ...] = ((1.0, 1.0, 4000), (2.0, 0.18, 4000), (3.0, 0.06, 4000))
LOW_BEEP: tuple[Partial, ...] = ((1.0, 1.0, 4000), (2.0, 0.7, 4000), (3.0, 0.5, 4000))  # low, and heard on a phone

STROKE_MS = 750  # from one stroke of a finish of three to the next
SECOND_MS = 110  # when the second note of a phase's tone begins


class Recipe(NamedTuple):
    samples: "Samples"
    peak_dbfs: float


def decay_of(role: str, sound_set: str) -> int:
    """How much longer than `TONE_MS` a tone may ring."""
    return RING_MS.get(sound_set, {}).get(role, 0)


def recipe(role: str, sound_set: str) -> Recipe:
    """A tone of a set, `TONE_MS[role]` and its ring long; its own level does not count yet, only its peak's does."""
    if role not in TONE_MS:
        raise ValueError(f"no tone is called {role!r}; there are {', '.join(TONE_MS)}")
    length_ms = TONE_MS[role] + decay_of(role, sound_set)
    if role == "wake":  # the same in each set: nobody should learn it
        return Recipe(breath(500.0, 2500.0, length_ms, 260, 140), -24.0)
    if role == "bell":  # the same in each set: it is heard by itself, not told apart from others
        return Recipe(partials(BELL_HZ, BELL, length_ms, 16, 2500), -12.0)
    make = {"bells": _bells, "wood": _wood, "beeps": _beeps, "breath": _breath}[sound_set]
    return make(role, length_ms)


def _bells(role: str, length_ms: int) -> Recipe:
    match role:
        case "start":
            return Recipe(placed(length_ms, (0, _note(600, 587.3, 210)), (170, _note(430, 880.0, 260))), -9.6)
        case "end":
            return Recipe(_bowl(length_ms, END_HZ, 1.0), -11.2)
        case "finish":
            return Recipe(_bowl(length_ms, FINISH_HZ, FINISH_LASTS), -9.5)
        case "tick":
            return Recipe(partials(1250, ((1.0, 1.0, 18), (2.505, 0.5, 10)), length_ms, 6, 20), -9.0)
        case "rising":
            return Recipe(_mallets(length_ms, 660, 880), -15.0)
        case "falling":
            return Recipe(_mallets(length_ms, 880, 660), -15.0)
        case "level":
            return Recipe(_mallets(length_ms, 740, 740), -15.0)
        case _:
            return Recipe(_note(length_ms, 1318.5, 60), -10.0)


def _bowl(length_ms: int, hz: float, lasts: float) -> "Samples":
    pairs = (
        pair
        for over, level, decay_ms in BOWL
        for pair in ((over, level, lasts * decay_ms), (over + BEAT_HZ / hz, BEATING * level, lasts * decay_ms))
    )
    return partials(hz, tuple(pairs), length_ms, 8, length_ms // 2)


def _note(length_ms: int, hz: float, decay_ms: float) -> "Samples":
    """A plucked note: three partials, the higher the shorter."""
    over = tuple((float(n), level, decay_ms / n) for n, level in ((1, 1.0), (2, 0.3), (3, 0.1)))
    return partials(hz, over, length_ms, 12, length_ms // 3)


def _mallets(length_ms: int, first_hz: float, second_hz: float) -> "Samples":
    """Two notes, the second as long as there is room."""
    left_ms = length_ms - SECOND_MS
    first, second = (partials(hz, MALLET, ms, 8, 60) for hz, ms in ((first_hz, length_ms), (second_hz, left_ms)))
    return placed(length_ms, (0, first), (SECOND_MS, second))


def _breath(role: str, length_ms: int) -> Recipe:
    """The bells, with air drawn in through the nose, and let out through the mouth, in place of notes."""
    match role:
        case "rising":
            return Recipe(swell(700, 1700, length_ms, 0.4), -13.5)
        case "falling":
            return Recipe(swell(1300, 500, length_ms, 0.25), -13.5)
        case _:
            return _bells(role, length_ms)


def _wood(role: str, length_ms: int) -> Recipe:
    match role:
        case "start":
            return Recipe(placed(length_ms, (0, _bar(400, 659.3)), (180, _bar(420, 987.8))), -9.0)
        case "end":
            return Recipe(placed(length_ms, (0, _slit(length_ms)), (150, _slit(length_ms - 150))), -9.0)
        case "finish":
            return _three_times(_wood("end", TONE_MS["end"]), length_ms)
        case "tick":
            return Recipe(partials(1150, ((1.0, 1.0, 14), (2.21, 0.5, 9)), length_ms, 6, 20), -9.0)
        case "rising":
            return Recipe(_taps(length_ms, 760, 1240), -13.0)
        case "falling":
            return Recipe(_taps(length_ms, 1420, 900), -13.0)
        case "level":
            return Recipe(_taps(length_ms, 1000, 1000), -13.0)
        case _:
            return Recipe(partials(1480, BAR[:1], length_ms, 8, 50), -12.0)


def _bar(length_ms: int, hz: float) -> "Samples":
    return partials(hz, BAR, length_ms, 8, length_ms // 3)


def _slit(length_ms: int) -> "Samples":
    return partials(425.0, SLIT, length_ms, 12, length_ms // 3)


def _taps(length_ms: int, first_hz: float, second_hz: float) -> "Samples":
    return placed(length_ms, (0, _tap(SECOND_MS, first_hz)), (SECOND_MS, _tap(length_ms - SECOND_MS, second_hz)))


def _tap(length_ms: int, hz: float) -> "Samples":
    return partials(hz, ((1.0, 1.0, 30), (2.4, 0.25, 12)), length_ms, 7, 25)


def _beeps(role: str, length_ms: int) -> Recipe:
    match role:
        case "start":
            return Recipe(placed(length_ms, (0, _beep(190, 660)), (230, _beep(370, 990))), -15.8)
        case "end":
            return Recipe(placed(length_ms, (0, _beep(STROKE_MS, 466, LOW_BEEP))), -12.5)  # over before the next stroke
        case "finish":
            return _three_times(_beeps("end", TONE_MS["end"]), length_ms)
        case "tick":
            return Recipe(partials(880, BEEP, length_ms, 8, 15), -12.0)
        case "rising":
            return Recipe(glide(560, 1120, length_ms, 25, 80), -20.0)
        case "falling":
            return Recipe(glide(1120, 560, length_ms, 25, 80), -20.0)
        case "level":
            return Recipe(partials(740, BEEP, length_ms, 25, 80), -20.0)
        case _:
            return Recipe(partials(1568, BEEP, length_ms, 12, 40), -14.0)


def _beep(length_ms: int, hz: float, over: tuple[Partial, ...] = BEEP) -> "Samples":
    return partials(hz, over, length_ms, 20, length_ms // 2)


def _three_times(stroke: Recipe, length_ms: int) -> Recipe:
    parts = ((at_ms, stroke.samples) for at_ms in range(0, 3 * STROKE_MS, STROKE_MS))
    return Recipe(placed(length_ms, *parts), stroke.peak_dbfs)
