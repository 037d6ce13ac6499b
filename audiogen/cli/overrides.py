"""The flags that override a routine, made from the table of settings and added to a command.

a command that takes `overrides` -> the same command with --hold, --reps, --length …
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from audiogen.routine.settings import SETTINGS, Setting


def with_overrides(command: Callable[..., None]) -> Callable[..., None]:
    """Add a flag for every setting, if `command` takes `overrides`: those that are given, by setting."""
    signature = inspect.signature(command, eval_str=True).parameters
    if "overrides" not in signature:
        return command
    own = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in signature.values()
        if parameter.name != "overrides"
    ]

    @wraps(command)
    def run(**given: Any) -> None:
        overrides = {name: given.pop(_parameter(setting)) for name, setting in SETTINGS.items()}
        command(**given, overrides={name: value for name, value in overrides.items() if value not in (None, [])})

    added = [
        inspect.Parameter(
            _parameter(setting), inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_annotation(setting)
        )
        for setting in SETTINGS.values()
    ]
    parameters = [*own, *added]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _parameter(setting: Setting) -> str:
    return f"{setting.name}_override"  # "from" is a word of Python's own


def _annotation(setting: Setting) -> Any:
    option = typer.Option(setting.flag, metavar=setting.metavar, help=setting.help, show_default=False)
    return Annotated[list[str] | None, option] if setting.repeatable else Annotated[str | None, option]
