"""The command `watch`."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Plain, Quiet, RoutineName, Verbose, VoiceName
from audiogen.cli.output import Talk, error, json_line, plain_wanted, print_data, print_path
from audiogen.cli.report import print_report, target_of
from audiogen.cli.sidecars import Sidecars, SidecarsCommand, sidecar_names, write_next_to
from audiogen.cli.verified import prove
from audiogen.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiogen.runs.watch import Finished, Outcome
    from audiogen.session import Progress, Rendered


@command("Many", cls=SidecarsCommand)
def watch(
    routine: RoutineName,
    overrides: dict[str, str | list[str]],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Write to this file, or to this folder as MP3. [default: output/]"
        ),
    ] = None,
    voice: VoiceName = None,
    verify: Annotated[bool, typer.Option("--verify", help="Also check each finished file.")] = False,
    sidecars: Sidecars = None,
    json: Json = False,
    plain: Plain = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Render a routine again whenever its file changes.

    Also watches the files that it extends, its recordings, music and sounds, and the config file. Prints what changed
    on stderr and the track's path on stdout. After a mistake in a file, the earlier track stays. Ctrl-C ends it with
    exit code 0, or 130 if it interrupted a render.

    \b
    Examples:
      audiogen watch upper-back
      audiogen watch my/hips.yaml --voice builtin -o ~/Music/
      audiogen watch upper-back --sidecars sheet
    """
    from audiogen.cli.interrupt import cancel_on_interrupt
    from audiogen.cli.memory import use_little_memory
    from audiogen.routine.find import find_file
    from audiogen.routine.overrides.parse import read_overrides
    from audiogen.runs import watch as watching

    names = sidecar_names(sidecars)
    path = find_file(routine)
    target = target_of(path.stem, out)
    read_overrides(overrides)  # no edit of the file would make them readable
    talk = Talk(quiet, verbose, plain_wanted(plain))
    say = _Saying(talk, verify, names, json)
    use_little_memory()
    with cancel_on_interrupt(quiet=True) as stop, contextlib.closing(say):
        broken_off = watching.watch(
            path,
            target,
            overrides=overrides,
            voice=voice,
            progress=say.progress,
            begun=say.begun,
            finished=say.finished,
            stop=stop,
        )
    talk.say("Stopped; the running render was interrupted." if broken_off else "Stopped.")
    if broken_off:
        raise typer.Exit(130)


class _Saying:
    """What is said while watching: the first render at length, those after it in what they changed."""

    def __init__(self, talk: Talk, verify: bool, sidecars: tuple[str, ...], json: bool) -> None:
        self._talk = talk
        self._verify = verify
        self._sidecars = sidecars
        self._json = json
        self._drawn = contextlib.ExitStack()
        self._show: Callable[[Progress], None] = lambda _: None
        self._again = False

    def begun(self, changed: tuple[Path, ...]) -> None:
        from audiogen.cli.progress import progress_shown

        self.close()  # what a render drew that was broken off
        if changed:
            self._talk.say(f"{' and '.join(path.name for path in changed)} changed.")
        self._show = self._drawn.enter_context(progress_shown(self._talk))

    def progress(self, progress: "Progress") -> None:
        if self._talk.redraws or progress.phase == "speak" or not self._again:
            self._show(progress)

    def finished(self, outcome: "Outcome") -> None:
        from audiogen.runs.watch import Finished

        self.close()
        if not isinstance(outcome, Finished):
            error(str(outcome.error))
        else:
            self._made(outcome)
        if not self._again:
            self._talk.say("Watching for changes; press Ctrl-C to stop.")
        self._again = True

    def _made(self, made: "Finished") -> None:
        if made.before is None:
            print_report(made.rendered, self._talk)
        else:
            for line in change_lines(made.before, made.rendered, made.seconds, self._talk.verbose):
                self._talk.say(line)
        written: tuple[Path, ...] = ()
        try:
            written = write_next_to(made.rendered, self._sidecars, self._talk)
        except OutputError as failure:  # whatever is in the way may be gone by the next change
            error(str(failure))
        proven = not self._verify or prove(made.rendered.path, self._talk)
        if self._json:
            more = {"sidecars": [str(path) for path in written], "seconds": round(made.seconds, 3), "verified": proven}
            print_data(json_line({**made.rendered.report().to_json(), **more}))
        else:
            print_path(made.rendered.path)

    def close(self) -> None:
        self._drawn.close()


def change_lines(before: "Rendered", after: "Rendered", seconds: float, every_word: bool = False) -> "Iterator[str]":
    """What a render changed, and how long it took."""
    from audiogen.cli.diff import changed_sentences
    from audiogen.durations import format_exact_clock
    from audiogen.session.report import where_sent
    from audiogen.text import counted
    from audiogen.views.diff import compare

    spoken = f"recorded {counted(after.spoken, 'cue')} and " if after.spoken else ""
    yield f"{spoken}encoded {after.made} of {after.blocks} blocks again, in {seconds:.2f} s.".capitalize()
    differences = compare(before.timeline, after.timeline)
    if differences.added_ms:
        was, now = (format_exact_clock(one.plan.length_ms) for one in (before, after))
        yield f"It now lasts {now}, before {was}."
    yield from changed_sentences(differences, every_word=every_word)
    known = set(before.report().notes())
    yield from (note for note in after.report().notes() if note not in known)
    if after.sent_to:
        yield where_sent(after.sent_to)
