"""The flags that override a routine, made from the table of settings and added to a command.

a command that takes `overrides` -> the same command with --hold, --reps, --length …, and its help in panels
"""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Annotated, Any

import typer

from audiogen.routine.settings import SETTINGS, Kind, Setting

_COMMON, _FILE, _OTHERS = "Most used", "File", "Options"
_OF_KIND: dict[Kind, str] = {"selection": "Exercises", "dose": "Dose", "pause": "Pauses", "cue": "What is said"}
_OF_NAME = {
    **dict.fromkeys(("hold", "length", "skip", "music"), _COMMON),
    **dict.fromkeys(("breath", "rounds", "stretch"), "Dose"),
    **dict.fromkeys(("guidance", "opening", "closing", "progress", "speed", "fill"), "What is said"),
    **dict.fromkeys(("sounds", "levels", "silence", "loudness", "music_level"), "Sound"),
    **dict.fromkeys(("json", "plain", "quiet", "verbose", "help"), _OTHERS),
    **dict.fromkeys(("title", "bitrate", "sidecars", "verify", "save", "force", "svg"), _FILE),
}
_PANELS = (_COMMON, *_OF_KIND.values(), "Sound", _FILE, _OTHERS)


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


def panels(parameters: Sequence[Any], ctx: Any) -> dict[str, list[tuple[str, str]]]:
    """The options of a command with their help, by the panel that shows them: one, unless it has those of overrides."""
    settings = {_parameter(setting): setting for setting in SETTINGS.values()}
    many = any(one.name in settings for one in parameters)
    found: dict[str, list[tuple[str, str]]] = {panel: [] for panel in _PANELS}
    for one in parameters:
        record = one.get_help_record(ctx)
        if record is not None and one.param_type_name == "option":
            found[_panel(one.name, settings.get(one.name)) if many else _OTHERS].append(record)
    return {panel: records for panel, records in found.items() if records}


def _panel(name: str, setting: Setting | None) -> str:
    if setting is None:
        return _OF_NAME.get(name, _COMMON)  # what only this command has
    return _OF_NAME.get(setting.name) or _OF_KIND[setting.kind]


def _parameter(setting: Setting) -> str:
    return f"{setting.name}_override"  # "from" is a word of Python's own


def _annotation(setting: Setting) -> Any:
    option = typer.Option(setting.flag, metavar=setting.metavar, help=setting.help, show_default=False)
    return Annotated[list[str] | None, option] if setting.repeatable else Annotated[str | None, option]
