"""What the tones of each set are: set, role -> samples and how loud their peak is.

    bells   two plucked notes upwards, a low bell, a wooden tick, glides
    wood    two strokes on bars of wood upwards, a deep slit drum, a wood block, pairs of strokes
    beeps   two soft beeps upwards, a long low one, a short one, glides

A role is distinct from the others by ear alone in each set: by where its pitch goes, how low it is, how long it lasts.
A phone's speaker lives between 400 Hz and 4 kHz, and so do they.
"""

from typing import TYPE_CHECKING, NamedTuple

from audiogen.script import TONE_MS
from audiogen.track.tones.synthesis import Partial, breath, glide, partials, placed

if TYPE_CHECKING:
    from audiogen.track.tones.synthesis import Samples

COMPUTED = ("bells", "wood", "beeps")

STROKES_MS = (0, 750, 1500)  # of the finish; each stroke is a whole `end`

# A bell's partials: hum, prime, minor third, fifth, octave, and two above. The low hum carries little, since a phone
# does not play it.
BELL_HZ = 440.0
BELL: tuple[Partial, ...] = (
    (0.5, 0.15, 600),
    (1.0, 1.0, 460),
    (1.2, 0.5, 380),
    (1.5, 0.25, 300),
    (2.0, 0.45, 240),
    (2.52, 0.15, 130),
    (3.01, 0.08, 80),
)
# A singing bowl: soft at its onset, its low partials ringing for seconds, two of them beating slowly.
BOWL_HZ = 523.3
BOWL: tuple[Partial, ...] = (
    (1.0, 1.0, 2600),
    (1.0029, 0.4, 2600),
    (2.71, 0.35, 1100),
    (5.15, 0.08, 400),
)
BAR: tuple[Partial, ...] = ((1.0, 1.0, 110), (3.93, 0.3, 25), (9.2, 0.05, 8))  # a xylophone's, tuned below
SLIT: tuple[Partial, ...] = ((1.0, 1.0, 200), (1.62, 0.35, 120), (2.83, 0.3, 45))  # a slit drum's tongue
BEEP: tuple[Partial, ...] = ((1.0, 1.0, 4000), (2.0, 0.18, 4000), (3.0, 0.06, 4000))


class Recipe(NamedTuple):
    samples: "Samples"
    peak_dbfs: float


def recipe(role: str, sound_set: str) -> Recipe:
    """A tone of a set, `TONE_MS[role]` long; its own level does not count yet, only its peak's does."""
    if role == "wake":  # the same in each set: nobody should learn it
        return Recipe(breath(500.0, 2500.0, TONE_MS["wake"], 260, 140), -24.0)
    if role == "bell":  # the same in each set: it is heard by itself, not told apart from others
        return Recipe(partials(BOWL_HZ, BOWL, TONE_MS["bell"], 16, 2500), -12.0)
    if role == "finish":
        end = recipe("end", sound_set)
        return Recipe(placed(TONE_MS["finish"], *((at_ms, end.samples) for at_ms in STROKES_MS)), end.peak_dbfs)
    if role not in TONE_MS:
        raise ValueError(f"no tone is called {role!r}; there are {', '.join(TONE_MS)}")
    make = {"bells": _bells, "wood": _wood, "beeps": _beeps}[sound_set]
    return make(role, TONE_MS[role])


def _bells(role: str, length_ms: int) -> Recipe:
    match role:
        case "start":
            return Recipe(placed(length_ms, (0, _note(600, 587.3, 210)), (170, _note(430, 880.0, 260))), -9.0)
        case "end":
            return Recipe(partials(BELL_HZ, BELL, length_ms, 16, 250), -9.0)
        case "tick":
            return Recipe(partials(950, ((1.0, 1.0, 18), (2.505, 0.5, 10)), length_ms, 6, 20), -9.0)
        case "rising":
            return Recipe(glide(500, 1000, length_ms, 15, 50), -9.0)
        case "falling":
            return Recipe(glide(1000, 500, length_ms, 15, 50), -9.0)
        case "level":
            return Recipe(partials(620, BEEP, length_ms, 15, 50), -9.0)
        case _:
            return Recipe(_note(length_ms, 1318.5, 60), -10.0)


def _note(length_ms: int, hz: float, decay_ms: float) -> "Samples":
    """A plucked note: three partials, the higher the shorter."""
    over = tuple((float(n), level, decay_ms / n) for n, level in ((1, 1.0), (2, 0.3), (3, 0.1)))
    return partials(hz, over, length_ms, 12, length_ms // 3)


def _wood(role: str, length_ms: int) -> Recipe:
    match role:
        case "start":
            return Recipe(placed(length_ms, (0, _bar(400, 523.3)), (180, _bar(420, 784.0))), -9.0)
        case "end":
            return Recipe(placed(length_ms, (0, _slit(length_ms)), (150, _slit(length_ms - 150))), -9.0)
        case "tick":
            return Recipe(partials(1150, ((1.0, 1.0, 14), (2.21, 0.5, 9)), length_ms, 6, 20), -9.0)
        case "rising":
            return Recipe(placed(length_ms, (0, _tap(60, 760)), (60, _tap(60, 1240))), -9.0)
        case "falling":
            return Recipe(placed(length_ms, (0, _tap(60, 1420)), (60, _tap(60, 900))), -9.0)
        case "level":
            return Recipe(placed(length_ms, (0, _tap(60, 1000)), (60, _tap(60, 1000))), -9.0)
        case _:
            return Recipe(partials(1480, BAR[:1], length_ms, 8, 50), -12.0)


def _bar(length_ms: int, hz: float) -> "Samples":
    return partials(hz, BAR, length_ms, 8, length_ms // 3)


def _slit(length_ms: int) -> "Samples":
    return partials(425.0, SLIT, length_ms, 12, length_ms // 3)


def _tap(length_ms: int, hz: float) -> "Samples":
    return partials(hz, ((1.0, 1.0, 30), (2.4, 0.25, 12)), length_ms, 7, 25)


def _beeps(role: str, length_ms: int) -> Recipe:
    match role:
        case "start":
            return Recipe(placed(length_ms, (0, _beep(190, 660)), (230, _beep(370, 990))), -15.0)
        case "end":
            return Recipe(placed(length_ms, (0, _beep(STROKES_MS[1], 466))), -15.0)  # over before the next stroke
        case "tick":
            return Recipe(partials(880, BEEP, length_ms, 8, 15), -12.0)
        case "rising":
            return Recipe(glide(560, 1120, length_ms, 15, 40), -9.0)
        case "falling":
            return Recipe(glide(1120, 560, length_ms, 15, 40), -9.0)
        case "level":
            return Recipe(partials(740, BEEP, length_ms, 15, 40), -9.0)
        case _:
            return Recipe(partials(1568, BEEP, length_ms, 12, 40), -14.0)


def _beep(length_ms: int, hz: float) -> "Samples":
    return partials(hz, BEEP, length_ms, 20, length_ms // 2)
