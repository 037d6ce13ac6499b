"""The command `customise`."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Plain, RoutineName, VoiceName
from audiogen.cli.output import Talk, ask, can_ask, error, plain_wanted, print_data, print_path, yes
from audiogen.cli.report import rendered_with_report
from audiogen.cli.save import save_there, to_render
from audiogen.cli.sidecars import Sidecars, SidecarsCommand, sidecar_names, write_next_to
from audiogen.errors import AudiogenError, Cancelled, CustomiseError, Problem

if TYPE_CHECKING:
    from audiogen.routine.model import Routine
    from audiogen.timeline.compose import Plan


@command("Everyday", cls=SidecarsCommand)
def customise(
    routine: RoutineName,
    overrides: dict[str, str | list[str]],
    voice: VoiceName = None,
    sidecars: Sidecars = None,
    plain: Plain = False,
) -> None:
    """Customise a session step by step: one question per exercise, with the running total.

    Enter keeps a value, a new length changes it, s skips the exercise, b goes back and ? explains. At the end you see
    the plan and can save it as a routine file of your own and render it; --sidecars names the files to write next to
    the track. Ctrl-C discards all answers.

    \b
    Examples:
      audiogen customise upper-back
      audiogen customise upper-back --only 2-5 --length none
    """
    from audiogen.routine.load import load_routine

    if not can_ask():
        raise CustomiseError(Problem("cli.no-terminal", subject=shlex.quote(routine)))
    names, loaded = sidecar_names(sidecars), load_routine(routine)
    try:
        _customised(loaded, overrides, voice, names, Talk(plain=plain_wanted(plain)))
    except KeyboardInterrupt as interrupt:  # between two questions
        error("")
        raise Cancelled from interrupt


def _customised(
    loaded: "Routine", overrides: dict[str, str | list[str]], voice: str | None, names: tuple[str, ...], talk: Talk
) -> None:
    """Ask, show the plan, then save and render it as requested."""
    from audiogen import session
    from audiogen.cli.plan_table import shown
    from audiogen.cli.questions import ask_all
    from audiogen.timeline.compose import draft

    begun, length = draft(loaded, overrides), overrides.get("length")
    answered = ask_all(
        begun.routine,
        lambda more: session.plan(begun.routine, overrides=more, voice=voice),
        ask,
        error,
        length=length if isinstance(length, str) else None,
    )
    customised = draft(begun.routine, answered.overrides).routine
    print_data(shown(_since(loaded, customised, answered.plan), plain=talk.plain), styled=True)
    same_length = customised.length_ms == begun.routine.length_ms
    for notice in (*(begun.notices if same_length else ()), *answered.plan.notices):
        talk.say(f"Notice: {notice}")
    target = _target(loaded, customised.with_voice(voice)) if customised != loaded else None
    wants_track = yes("Render it now?")
    last = answered.overrides
    if target:
        from audiogen.routine.variant import own_title, save_variant

        last = {**last, **own_title(loaded, {**overrides, **last}, target)}
        save_variant(loaded, draft(begun.routine, last).routine.with_voice(voice), target)
        talk.say(f"Saved as {target}. To render it: {to_render(target)}")
    if wants_track:
        track = Path("output", f"{(target or loaded.source or Path('session')).stem}.mp3")
        try:
            rendered = rendered_with_report(begun.routine, track, last, voice, talk)
        except Cancelled:
            error(f"Stopped; no track was written.{f' {target} is saved.' if target else ''}")
            raise typer.Exit(130) from None
        write_next_to(rendered, names, talk)
        print_path(rendered.path)


def _since(loaded: "Routine", customised: "Routine", plan: "Plan") -> "Plan":
    """The plan with what changed since the file, and not since the flags; stretched holds are changes of its own."""
    from audiogen.routine.overrides.changes import changes_between

    if customised.stretch == "holds":
        return plan
    return replace(plan, changes=changes_between(loaded, customised))


def _target(loaded: "Routine", customised: "Routine") -> Path | None:
    """The file to save the session in; None for none."""
    from audiogen.routine.find import routine_file
    from audiogen.routine.variant import variant_text

    while name := ask("Save it under a name, or press Enter to skip > ").strip():
        try:
            target = routine_file(name)
            variant_text(loaded, customised, target)
        except AudiogenError as mistake:
            error(str(mistake))
            continue
        if save_there(target):
            return target
    return None
