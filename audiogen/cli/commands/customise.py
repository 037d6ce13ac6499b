"""The command `customise`."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Plain, RoutineName, VoiceName
from audiogen.cli.output import Talk, ask, can_ask, error, plain_wanted, print_data, yes
from audiogen.cli.report import rendered_aloud
from audiogen.cli.save import to_render
from audiogen.cli.sidecars import Sidecars, SidecarsCommand, beside, sidecar_names
from audiogen.errors import AudiogenError, Cancelled, CustomiseError

if TYPE_CHECKING:
    from audiogen.routine import Routine
    from audiogen.timeline.compose import Plan


@command("Everyday", cls=SidecarsCommand)
def customise(
    routine: RoutineName,
    overrides: dict[str, str | list[str]],
    voice: VoiceName = None,
    sidecars: Sidecars = None,
    plain: Plain = False,
) -> None:
    """Walk through a session and change it: a question an exercise, with the running total.

    Enter keeps, a new length changes, s leaves out, b goes back, ? explains. In the end you see the plan, and may keep
    it as a routine file of your own and render it; --sidecars then names the files beside it. Ctrl-C leaves nothing
    behind.

    \b
    Examples:
      audiogen customise upper-back
      audiogen customise upper-back --only 2-5 --length none
    """
    from audiogen.routine import load_routine

    if not can_ask():
        flags = "--hold NAME=45s --reps NAME=8 --skip NAME --length 12m --save FILE"
        raise CustomiseError(
            "audiogen customise asks, and there is no terminal to answer on. Flags do the same:\n"
            f"  audiogen render {shlex.quote(routine)} {flags}"
        )
    names, loaded = sidecar_names(sidecars), load_routine(routine)
    try:
        walked_through(loaded, overrides, voice, names, Talk(plain=plain_wanted(plain)))
    except KeyboardInterrupt as interrupt:  # between two questions
        error("")
        raise Cancelled from interrupt


def walked_through(
    loaded: "Routine", overrides: dict[str, str | list[str]], voice: str | None, names: tuple[str, ...], talk: Talk
) -> None:
    """Ask, show the plan, and do with the session what is wished for."""
    from audiogen import session
    from audiogen.cli.plan_table import shown
    from audiogen.cli.questions import walk
    from audiogen.timeline.compose import draft

    begun, length = draft(loaded, overrides), overrides.get("length")
    walked = walk(
        begun.routine,
        lambda more: session.plan(begun.routine, overrides=more, voice=voice),
        ask,
        error,
        length=length if isinstance(length, str) else None,
    )
    customised = draft(begun.routine, walked.overrides).routine
    print_data(shown(_since(loaded, customised, walked.plan), plain=talk.plain))
    same_length = customised.length_ms == begun.routine.length_ms
    for notice in (*(begun.notices if same_length else ()), *walked.plan.notices):
        talk.say(f"Notice: {notice}")
    kept = customised.with_voice(voice)
    target = _target(loaded, kept) if customised != loaded else None
    wants_track = yes("Render it now?")
    if target:
        from audiogen.routine import save_variant

        save_variant(loaded, kept, target)
        talk.say(f"Saved as {target}; to render it: {to_render(target)}")
    if wants_track:
        track = Path("output", f"{(target or loaded.source or Path('session')).stem}.mp3")
        try:
            rendered = rendered_aloud(begun.routine, track, walked.overrides, voice, talk)
        except Cancelled:
            error(f"Stopped; there is no new track.{f' {target} stays.' if target else ''}")
            raise typer.Exit(130) from None
        beside(rendered, names, talk)
        print_data(str(rendered.path))


def _since(loaded: "Routine", customised: "Routine", plan: "Plan") -> "Plan":
    """The plan with what changed since the file, and not since the flags; stretched holds are its own affair."""
    from audiogen.routine.overrides.changes import changes_between

    if customised.stretch == "holds":
        return plan
    return replace(plan, changes=changes_between(loaded, customised))


def _target(loaded: "Routine", customised: "Routine") -> Path | None:
    """Where the session is to be kept; None where nobody wants to."""
    from audiogen.routine import routine_file, variant_text

    while name := ask("Save it under a name, or Enter not to > ").strip():
        try:
            target = routine_file(name)
            variant_text(loaded, customised, target)
        except AudiogenError as mistake:
            error(str(mistake))
            continue
        if not target.exists() or yes(f"{target} exists already. Change it?"):
            return target
    return None
