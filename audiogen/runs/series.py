"""Plan or render a series: a routine once a week, its holds a little longer each time.

    Routine + weeks + growth -> one routine per week -> plans, or tracks and a playlist

Week 1 is the routine as written; in week n a hold lasts (1 + growth)^(n - 1) times as long, in whole seconds, or so
many seconds longer, within its limits; repetitions and sets may grow next to it. Each week calls `session` like the
command line does; the cache ensures that no cue is spoken twice.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence, Set
from os import PathLike
from pathlib import Path

from audiogen import session
from audiogen.clips.choose_voice import requested_voice
from audiogen.durations import format_duration
from audiogen.errors import AudiogenError, Cancelled, CustomiseError, Problem, Remedy
from audiogen.phrases import load_phrases
from audiogen.routine.amounts import amounts_of
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.overrides import Overrides, customise
from audiogen.routine.overrides.doses import breathed, total_work_ms, with_hold
from audiogen.routine.slugs import slug_of
from audiogen.routine.voice_spec import AUTO
from audiogen.runs.growth import Growth
from audiogen.script import hold_limits
from audiogen.session import Plan, Progress, Rendered
from audiogen.storage.cache import Cache
from audiogen.storage.files import replacing
from audiogen.voices import Voice

MOST_WEEKS = 52
LONGEST_HOLD_MS = 3_600_000  # by default


def plan_series(
    routine: Routine,
    *,
    weeks: int,
    grow: float | Growth,
    cap_ms: int = LONGEST_HOLD_MS,
    overrides: Overrides | None = None,
    voice: str | Voice | None = None,
    cache: Cache | None = None,
) -> tuple[Plan, ...]:
    """Plan every week with `session.plan`.

    Raises:
        CustomiseError: see `grown_weeks`.
        AudiogenError: a week that cannot be planned, which is named.
    """
    series = grown_weeks(routine, weeks=weeks, grow=grow, cap_ms=cap_ms, overrides=overrides)
    plans: list[Plan] = []
    for number, week in enumerate(series, start=1):
        with _named(number):
            plans.append(
                session.plan(week, voice=_voice(week, voice, plans[0].timeline.voice if plans else None), cache=cache)
            )
    return tuple(plans)


def series(
    routine: Routine,
    folder: str | PathLike[str],
    *,
    weeks: int,
    grow: float | Growth,
    cap_ms: int = LONGEST_HOLD_MS,
    overrides: Overrides | None = None,
    voice: str | Voice | None = None,
    cache: Cache | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    finished: Callable[[Rendered], None] | None = None,
) -> tuple[Rendered, ...]:
    """Render every week of a series into `folder`, and then a playlist of them.

    `finished` is called with each track. If a week fails, earlier weeks and an earlier playlist stay as they are.

    Raises:
        CustomiseError: see `grown_weeks`.
        Cancelled: `cancel` was set.
        AudiogenError: a week that could not be rendered, which is named; or a folder that cannot be written to.
    """
    folder = Path(folder)
    weekly = grown_weeks(routine, weeks=weeks, grow=grow, cap_ms=cap_ms, overrides=overrides)
    tracks: list[Rendered] = []
    with replacing(playlist_path(routine, folder)) as playlist:  # first, so that a read-only folder is reported now
        for number, week in enumerate(weekly, start=1):
            with _named(number):
                rendered = session.render(
                    week,
                    folder / f"{_name(routine)}-week-{number:02}.mp3",
                    voice=_voice(week, voice, tracks[0].voice if tracks else None),
                    cache=cache,
                    progress=progress,
                    cancel=cancel,
                    track=(number, weeks),
                )
            tracks.append(rendered)
            if finished:
                finished(rendered)
        playlist.write(_playlist(tracks).encode())
    return tuple(tracks)


def playlist_path(routine: Routine, folder: Path) -> Path:
    """Return the path of a series' playlist."""
    return folder / f"{_name(routine)}.m3u8"


# -- what grows


def grown_weeks(
    routine: Routine,
    *,
    weeks: int,
    grow: float | Growth,
    cap_ms: int = LONGEST_HOLD_MS,
    overrides: Overrides | None = None,
) -> tuple[Routine, ...]:
    """Return the routine of every week, overrides applied, with its title and album.

    Holds grow up to `cap_ms` and to their exercise's own `max`; `fixed` ones stay. A target length grows with them,
    unless the overrides set one.

    Raises:
        CustomiseError: weeks, growth or cap are out of range, or nothing can grow.
    """
    first = customise(routine, overrides).routine
    growth = grow if isinstance(grow, Growth) else Growth(share=grow)
    growing = [one for one in first.flat if growth.grows(one)]
    length_given = "length" in (overrides or {})
    mistakes = [*_out_of_range(weeks, growth), *_ungrowable(first, growing, cap_ms, length_given)]
    if mistakes:
        raise CustomiseError(*mistakes)
    slugs = {exercise.slug for exercise in growing}
    found: list[Routine] = []
    for number in range(1, weeks + 1):
        week = _grown(first, slugs, growth, number - 1, cap_ms)
        added_ms = 0 if length_given else total_work_ms(week) - total_work_ms(first)
        changed = {
            "length_ms": first.length_ms and first.length_ms + added_ms,
            "title": load_phrases(first.language).title_of_week(first.title, number),
            "album": first.album or first.title,
        }
        found.append(week.model_copy(update=changed))
    return tuple(found)


def _grown(routine: Routine, slugs: Set[str], growth: Growth, weeks: int, cap_ms: int) -> Routine:
    """Return the routine with these exercises after so many weeks, their holds within their limits."""
    breath_ms = sum(routine.breath or ())

    def grown(exercise: Exercise) -> Exercise:
        if exercise.slug not in slugs:
            return exercise
        exercise = growth.counted(exercise, weeks)
        if exercise.hold_ms is None or not growth.of_holds:
            return exercise
        most_ms = min(cap_ms, exercise.max_ms or cap_ms)
        whole_ms = most_ms - most_ms % breath_ms if breath_ms else most_ms  # a hold ends on a whole breath
        longer = with_hold(exercise, lambda length_ms: max(length_ms, min(growth.held_ms(length_ms, weeks), whole_ms)))
        if breath_ms:
            longer = breathed(longer, breath_ms)
        stretched_ms = hold_limits(longer, _longest_ms(longer))[1]  # the limit for `stretch: holds`
        return longer.model_copy(update={"max_ms": min(most_ms, stretched_ms)})

    return routine.with_each(grown)


def _out_of_range(weeks: int, growth: Growth) -> Iterator[Problem]:
    if not 1 <= weeks <= MOST_WEEKS:
        yield Problem("runs.weeks", expected=str(MOST_WEEKS), found=str(weeks))
    if not growth.is_possible:
        yield Problem("runs.growth", found=f"{growth.share:.0%}")


def _ungrowable(routine: Routine, growing: Sequence[Exercise], cap_ms: int, length_given: bool) -> Iterator[Problem]:
    """Find why the holds of a routine cannot grow."""
    if not growing:
        yield Problem("runs.no-growing-hold", subject=routine.title)
    if routine.stretch == "holds" and length_given and routine.length_ms:
        ways = Remedy("stretch-silences", "stretch", "silences"), Remedy("no-length", "length", "none")
        yield Problem("runs.nothing-grows", remedies=ways)
    for exercise in growing:
        longest_ms = _longest_ms(exercise)
        if longest_ms > cap_ms:
            cap = format_duration(cap_ms)
            yield Problem(
                "runs.cap-too-short",
                subject=f"{exercise.number} {exercise.slug}",
                expected=cap,
                found=format_duration(longest_ms),
                remedies=(Remedy("shorter-hold", "hold", f"{exercise.slug}={cap}"),),
            )


def _longest_ms(exercise: Exercise) -> int:
    longest_ms: int = max(amounts_of(exercise.hold_ms or 0))
    return longest_ms


# -- names


def _name(routine: Routine) -> str:
    return routine.source.stem if routine.source else slug_of(routine.title)


def _voice(routine: Routine, voice: str | Voice | None, first: str | None) -> str | Voice | None:
    """Choose the voice of a week: `auto` stays with that of week 1, so that one voice speaks the whole series."""
    return first if first and requested_voice(routine, voice) == AUTO else voice


@contextlib.contextmanager
def _named(week: int) -> Iterator[None]:
    """Add the week to the place of an error."""
    try:
        yield
    except Cancelled:
        raise
    except AudiogenError as error:
        raise error.within(f"Week {week}") from error


def _playlist(tracks: Sequence[Rendered]) -> str:
    """An extended M3U: a line with the length in seconds and the title, then the file next to it."""
    lines = ["#EXTM3U"]
    for track in tracks:
        name = track.path.name
        lines.append(f"#EXTINF:{round(track.timeline.length_ms / 1000)},{track.timeline.title}")
        lines.append(f"./{name}" if name.startswith("#") else name)  # a line that begins with # is a comment
    return "\n".join(lines) + "\n"
