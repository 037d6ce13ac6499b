"""Check every hold, tone, cue and silence: timeline + decoded samples -> checks.

The onset of a tone is where it correlates best with the computed one, which is exact to the sample. One of another
edition cannot be computed: its onset is where sound begins, and a silence may begin with its ring. A cue begins where
it comes within 46 dB of its own peak, and goes on until it sinks into the bed.

If a piece is missing or doubled, everything after it has moved. A tone that is not in its place is therefore searched
for within a few seconds, and what follows is measured from where it was found: a cut is reported once for each thing
that it moved, with the distance, and the holds after it are not reported as missing.
"""

import functools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from audiogen.audio.loudness import clip_lufs
from audiogen.audio.meter import lufs_of, weighted
from audiogen.audio.pcm import SAMPLES_PER_MS
from audiogen.audio.vowel import vowel_ms
from audiogen.errors import SoundError
from audiogen.script.steps import VOWEL_MS
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir
from audiogen.timeline.events import FRAME_MS, Event
from audiogen.timeline.model import EDITION, Timeline
from audiogen.track.blocks import decays
from audiogen.track.noise_floor import RMS_DBFS
from audiogen.track.tones import Tones
from audiogen.verification.decoded import PIECE_MS, Decoded
from audiogen.verification.edges import BELOW_DBFS, audible_part, heard_after_ms, unheard_ms
from audiogen.verification.holds import check_holds
from audiogen.verification.likeness import at_pitches, place_of
from audiogen.verification.onset import HEARD_MS, fading_ms, onset_of
from audiogen.verification.report import Check, Finding, clock, dbfs, early_or_late, is_counted, named, silences
from audiogen.verification.ring import Ring, planned, ring_of

EXACT_MS = 1  # how far a tone, a hold or a repetition may be off

NEAR_MS = 100  # around its place, where a tone is searched for first …
FAR_MS = 3000  # … and second, which takes ten times as long,
LOST = 5  # unless so many in a row were not found

CUE_LATE_MS = 15  # after its time at most; clips begin within 10 ms, and decoded ones measure 2 to 11
CUE_EARLY_MS = 5  # before its time at most …
SPREAD_MS = dict.fromkeys((".m4a", ".m4b"), FRAME_MS)  # … but AAC spreads an onset over up to 21 ms before it
CUE_HEARD_MS = 60  # after its time at most, without what is too low to be heard
CUE_ENDS_MS = 100  # before its end at most; decoded ones measure 12 to 40
CUE_BEFORE_MS = 50  # before its time: where the search for a cue begins
CUE_DB = -46.0  # below a cue's peak: where it begins and ends; `clips` trims at -40, and coding moves that
OWN_LATE_MS = 25.0  # after its time a user's own sound is first heard, at most
VOWEL_OFF_MS = 15.0  # how far the vowel of a countdown's number may be from its second
SPOKEN_MS = 350  # of such a number from there on
SILENT_CUE_DBFS = -40.0
DROWNED_LU = -8.0  # below the loudness of speech: music drowns the cue; music alone is at least 14 below

# Coding noise extends beyond a sound, on both sides, by one window of the format. Measured for MP3: at most -71 dBFS
# there, nothing at all from 20 ms on. The limit is one step of 16 bits, -90.3 dBFS, and a little.
WAIT_EDGE_MS = {".ogg": 2 * FRAME_MS, ".opus": 2 * FRAME_MS}
# The bed may peak as high as its loop, and a little higher when decoded.
WAIT_DBFS = {"digital": -90.0, "bed": -55.0}
RINGING_DBFS = -60.0  # Opus is not silent right after a sound
BED_OFF_DB = 3.0  # how far the bed of a silence may be from its level …
BED_FROM_MS = 500  # … if the silence is long enough to measure noise

Wave = NDArray[np.float64]


class Listener:
    """Measure tiles in time order; `moved` is how many samples late the last tone was."""

    def __init__(self, timeline: Timeline, decoded: Decoded, suffix: str) -> None:
        self.timeline = timeline
        self.decoded = decoded
        self.edge_ms = WAIT_EDGE_MS.get(suffix, FRAME_MS)
        self.cue_early_ms = SPREAD_MS.get(suffix, CUE_EARLY_MS)
        self.tones = Tones(timeline.mix, Cache(cache_dir()))
        self.planned = functools.lru_cache(8)(functools.partial(planned, self.tones))  # most are heard many times
        ringing_dbfs = RINGING_DBFS if suffix == ".opus" else -np.inf
        self.silent = 10 ** (max(WAIT_DBFS[timeline.mix.silence], ringing_dbfs) / 20)
        self.below_dbfs = max(BELOW_DBFS[timeline.mix.silence], ringing_dbfs)
        self.own = {sound.role for sound in timeline.mix.own}
        computed = {tile.role for tile in timeline.tiles() if tile.kind == "tone"} - self.own
        self.others = computed if timeline.mix.edition != EDITION else set()  # tones of another edition
        self.within_ms = HEARD_MS if self.others else EXACT_MS
        self.decays = decays(timeline)
        self.ring: Ring | None = None  # of the last tone that rings
        self.moved = 0
        self.rung_ms = 0  # until when a tone goes on below what follows it
        self.lost = 0  # tones in a row
        self.may_ring = False  # whether the last sound may go on into silence, for a time that is not known
        self.onsets: dict[int, int | None] = {}  # of each tone by its place in ms; None where it is missing
        self.passed = {"tone": 0, "say": 0, "wait": 0}
        self.off: dict[str, list[Finding]] = {"tone": [], "say": [], "wait": []}
        self.unmeasured: dict[str, list[Finding]] = {"tone": [], "say": [], "wait": []}
        self.tones_off_ms = [0.0]
        self.cues_begin_ms: list[float] = []
        self.cues: list[tuple[float, Event]] = []  # the loudness of each
        self.waits_dbfs = [-np.inf]
        self.beds_dbfs: list[float] = []

    def hear(self, tile: Event) -> None:
        known_ms = self.tones.length_ms(tile.role) or 0
        is_unknown = tile.kind == "tone" and tile.role in self.others
        self.may_ring = is_unknown or (self.may_ring and tile.kind == "wait")
        match tile.kind:
            case _ if tile.start_ms < self.rung_ms and (is_unknown or tile.kind != "tone"):
                self._note(self.unmeasured, tile, "a sound of your own goes on below it")
                return
            case "tone" | "wait" if self.timeline.mix.music and (is_unknown or tile.kind == "wait"):
                self._note(self.unmeasured, tile, "music is playing")
                return
            case "tone" if is_unknown:
                problem = self._other_tone(tile)
            case "tone" if known_ms < tile.rings_ms if tile.rings_ms else known_ms != tile.length_ms:
                self._note(self.unmeasured, tile, f"the tone “{tile.role}” is not known")
                return
            case "wait" if self._is_hidden(tile):
                self._note(self.unmeasured, tile, f"{tile.length_ms} ms are too short to measure between their edges")
                return
            case "say" if self.timeline.mix.music and self._drowned(tile):
                self._note(self.off, tile, f"{named(tile)} is silent")
                return
            case "say" if self.timeline.mix.music:
                self._note(self.unmeasured, tile, f"{named(tile)} is audible; music hides where it begins and ends")
                return
            case "tone":
                try:
                    decay_ms, goes_on = self.decays.get(tile.start_ms), bool(tile.rings_ms)
                    problem = self._tone(tile, self.planned(tile.role, tile.length_ms, decay_ms, goes_on=goes_on))
                    self.rung_ms = max(self.rung_ms, tile.over_ms)
                except SoundError as error:
                    self._note(self.unmeasured, tile, str(error))
                    return
            case "say":
                problem = self._cue(tile)
            case _:
                problem = self._wait(tile)
        if not self.decoded.holds(self._sample(tile.end_ms)):
            problem = f"{named(tile)} is missing: the track ends at {clock(self.decoded.length / SAMPLES_PER_MS)}"
        if problem:
            self._note(self.off, tile, problem)
        else:
            self.passed[tile.kind] += 1

    def checks(self) -> Iterator[Check]:
        begins, nothing = self.cues_begin_ms, "below music" if self.timeline.mix.music else "none found"
        cues = f"begin {min(begins):.0f} to {max(begins):.0f} ms after their times" if begins else nothing
        for kind, name, measured in (
            ("tone", "tones", f"at most {max(self.tones_off_ms, default=0.0):.2f} ms from their places"),
            ("say", "cues", cues),
            ("wait", "silences", silences(self.beds_dbfs, self.waits_dbfs, below_music=bool(self.timeline.mix.music))),
        ):
            yield Check(name, self.passed[kind], measured, tuple(self.off[kind]), tuple(self.unmeasured[kind]))

    def holds(self) -> Check:
        return check_holds(self.timeline, self.onsets, self.within_ms)

    # -- deviations of a tile, in words

    def _tone(self, tile: Event, heard: Wave) -> str | None:
        wanted = heard[: tile.length_ms * SAMPLES_PER_MS]
        here = self._sample(tile.start_ms)
        found = self._onset(wanted, here, NEAR_MS)
        if found is None and self.lost < LOST:
            found = self._onset(wanted, here, FAR_MS)
            if found is not None and self._is_of_another(tile, found):
                found = None
        self.onsets[tile.start_ms] = found
        self.lost = self.lost + 1 if found is None else 0
        if found is None:
            return f"{named(tile)} is missing"
        self.moved = found - tile.start_ms * SAMPLES_PER_MS
        if len(heard) > len(wanted):
            self.ring = ring_of(tile, heard, self.decoded, found)
        off_ms = self.moved / SAMPLES_PER_MS
        if abs(off_ms) > EXACT_MS:
            return f"{named(tile)} comes {early_or_late(off_ms)}"
        if tile.role in self.own and not self.timeline.mix.music:
            late_ms = heard_after_ms(self.decoded.between(found, found + len(wanted)), self.silent)
            if late_ms > OWN_LATE_MS:
                return f"{named(tile)} is first heard {late_ms:.0f} ms after its time"
        self.tones_off_ms.append(abs(off_ms))
        return None

    def _other_tone(self, tile: Event) -> str | None:
        here, around = self._sample(tile.start_ms), NEAR_MS * SAMPLES_PER_MS
        end = here + tile.length_ms * SAMPLES_PER_MS
        onset = onset_of(self.decoded.between(here - around, end), around, self.silent)
        if onset is None:
            self.onsets[tile.start_ms] = None
            return f"{named(tile)} is missing"
        found = here - around + onset.at
        if not onset.swells:
            self.onsets[tile.start_ms] = found
        off_ms = found / SAMPLES_PER_MS - tile.start_ms
        if not -HEARD_MS <= off_ms <= onset.latest_ms:
            self.moved = found - tile.start_ms * SAMPLES_PER_MS
            return f"{named(tile)} comes {early_or_late(off_ms)}"
        self.moved = 0
        self.tones_off_ms.append(0.0 if onset.swells else abs(off_ms))
        return None

    def _cue(self, tile: Event) -> str | None:
        here = self._sample(tile.start_ms) - CUE_BEFORE_MS * SAMPLES_PER_MS
        heard = np.concatenate(list(self.decoded.pieces(here, CUE_BEFORE_MS + tile.length_ms)))
        audible = audible_part(heard)
        levels = np.abs(audible).max(axis=1)
        peak = float(levels[CUE_BEFORE_MS:].max())
        if dbfs(peak) < SILENT_CUE_DBFS:
            return f"{named(tile)} is silent"
        if is_counted(tile):
            return self._number(tile, heard[CUE_BEFORE_MS:])
        least = max(peak * 10 ** (CUE_DB / 20), self.silent)
        moved_ms = self.moved / SAMPLES_PER_MS - CUE_BEFORE_MS
        begins_ms, heard_ms = (int(np.argmax(one > least)) + moved_ms for one in (np.abs(heard).max(axis=1), levels))
        if heard_ms > CUE_HEARD_MS:
            begins_ms = heard_ms
        missing_ms = int(np.argmax(levels[::-1] > least))
        if not -self.cue_early_ms <= begins_ms <= CUE_LATE_MS:
            return f"{named(tile)} begins {early_or_late(begins_ms)}"
        if missing_ms > CUE_ENDS_MS and unheard_ms(audible[CUE_BEFORE_MS:], self.below_dbfs) > CUE_ENDS_MS:
            return f"{named(tile)} stops {missing_ms} ms before its end"
        self.cues_begin_ms.append(begins_ms)
        self.cues.append((clip_lufs(heard[CUE_BEFORE_MS:].reshape(-1).astype(np.float32)), tile))
        return None

    def _number(self, tile: Event, heard: NDArray[np.float32]) -> str | None:
        """A number of a countdown is heard where its vowel begins."""
        off_ms = vowel_ms(heard.reshape(-1)) - VOWEL_MS + self.moved / SAMPLES_PER_MS
        if abs(off_ms) > VOWEL_OFF_MS:
            return f"{named(tile)} has its vowel {early_or_late(off_ms)}"
        return None

    def _drowned(self, tile: Event) -> bool:
        """Whether a cue is too soft to be there: music alone is at least 14 LU below it."""
        first_ms, length_ms = tile.start_ms, tile.length_ms
        if is_counted(tile):
            first_ms, length_ms = first_ms + VOWEL_MS, SPOKEN_MS
        heard = np.concatenate(list(self.decoded.pieces(self._sample(first_ms), length_ms)))
        return lufs_of(float(weighted(heard.reshape(-1)).mean())) < self.timeline.mix.lufs + DROWNED_LU

    def _is_hidden(self, tile: Event) -> bool:
        """Whether a silence is all edges: coding noise fills it, or may. The middle of most short ones is silent."""
        if tile.length_ms <= 2 * FRAME_MS:
            return True
        return tile.length_ms <= 2 * self.edge_ms and self._wait(tile) is not None

    def _wait(self, tile: Event) -> str | None:
        ringing_ms = self.ring.over(tile) if self.ring else 0
        if self.may_ring:
            ringing_ms = fading_ms(next(self.decoded.pieces(self._sample(tile.start_ms), tile.length_ms)), self.silent)
        if self.ring and ringing_ms and not self.ring.is_alone(self.decoded, tile, self.silent):
            return f"{named(tile)} has more in it than the ring of the tone before it"
        edge_ms = self.edge_ms if tile.length_ms > 2 * self.edge_ms else FRAME_MS
        first_ms, length_ms = tile.start_ms + ringing_ms + edge_ms, tile.length_ms - ringing_ms - 2 * edge_ms
        if length_ms <= 0:
            return None
        loudest, energy = 0.0, 0.0
        for number, heard in enumerate(self.decoded.pieces(self._sample(first_ms), length_ms)):
            loudest = max(loudest, float(heard.max()), -float(heard.min()))
            if loudest > self.silent:
                at_ms = first_ms + number * PIECE_MS + int(np.argmax(np.abs(heard).max(axis=1) > self.silent))
                return f"{named(tile)} is not silent: sound from {clock(at_ms)} on, {dbfs(loudest):.0f} dBFS"
            energy += float(np.square(heard).sum())
        if self.timeline.mix.silence == "bed" and length_ms >= BED_FROM_MS:
            bed_dbfs = dbfs(float(np.sqrt(energy / (length_ms * SAMPLES_PER_MS))))
            if abs(bed_dbfs - RMS_DBFS) > BED_OFF_DB:
                return f"the bed of {named(tile)} is at {bed_dbfs:.0f} dBFS, not at {RMS_DBFS:.0f}"
            self.beds_dbfs.append(bed_dbfs)
        self.waits_dbfs.append(dbfs(loudest))
        return None

    def _onset(self, wanted: Wave, here: int, around_ms: int) -> int | None:
        """Find where a tone begins, nearest to `here`; None if nothing is similar to it."""
        around = around_ms * SAMPLES_PER_MS
        stretch = self.decoded.between(here - around, here + around + len(wanted)).astype(np.float64)
        if self.timeline.mix.music and around_ms == NEAR_MS:  # further away, a bell that rings on is like its pitches
            wanted, stretch = at_pitches(wanted, stretch)
        at = place_of(wanted, stretch, around)
        return None if at is None else here - around + at

    def _is_of_another(self, tile: Event, found: int) -> bool:
        """Whether the same tone is planned where one was found, so that this one is missing."""
        at_ms = (found - self.moved) / SAMPLES_PER_MS
        return any(
            other.role == tile.role and other is not tile and abs(other.start_ms - at_ms) <= EXACT_MS
            for other in self.timeline.tiles()
        )

    def _sample(self, at_ms: int) -> int:
        """Convert a moment of the timeline to a sample, corrected by the last tone found."""
        return at_ms * SAMPLES_PER_MS + self.moved

    def _note(self, findings: dict[str, list[Finding]], tile: Event, what: str) -> None:
        findings[tile.kind].append(self._finding(tile, what))

    def _finding(self, event: Event, what: str) -> Finding:
        return Finding(event.start_ms, self.timeline.name_of(event.place), what)
