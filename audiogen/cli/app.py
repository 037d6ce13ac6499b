"""The app: its help, and its commands, each loaded when it is needed from the file of its name in `commands`."""

import inspect
import pkgutil
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from audiogen.cli import commands
from audiogen.text import visible

PANELS = ("Everyday", "Phone", "Voices", "Many", "Editors")
# By the name of each command its module, which has a _ behind it where Python has the word for itself: `import_`.
_NAMES = {module.name.rstrip("_"): module.name for module in pkgutil.iter_modules(commands.__path__)}


class PanelledCommand(TyperCommand):
    """A command whose help shows its options in panels, the most used first."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        from audiogen.cli.overrides import panels

        parameters = self.get_params(ctx)
        arguments = [one.get_help_record(ctx) for one in parameters if one.param_type_name == "argument"]
        for title, records in {"Arguments": list(filter(None, arguments)), **panels(parameters, ctx)}.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class _Command(TyperCommand):
    """A command as the list of commands shows it; its options are made only when it is called."""

    def __init__(self, function: Callable[..., None], panel: str, cls: type[TyperCommand]) -> None:
        super().__init__(
            function.__name__.rstrip("_"), help=inspect.getdoc(_documented(function)), rich_help_panel=panel
        )
        self._function, self._class = function, cls

    def built(self) -> Any:
        from audiogen.cli.overrides import with_overrides

        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        one.command(cls=self._class)(with_overrides(self._function))
        built: Any = typer.main.get_command(one)
        for parameter in built.params:
            parameter.process_value = _none_as_it_is(parameter)
        return built


def _none_as_it_is(parameter: Any) -> Callable[[Any, Any], Any]:
    """Process a value as before, but for an option that was not given: typer would build a validator for each."""
    process, needed = parameter.process_value, parameter.required or parameter.callback is not None
    nothing: list[str] | None = [] if parameter.multiple else None
    return lambda ctx, value: nothing if value is None and not needed else process(ctx, value)


def _documented(function: Callable[..., None]) -> Callable[..., None]:
    """Give a function its docstring, which is the help, even where Python leaves docstrings out (-OO)."""
    if function.__doc__ is None:
        import ast

        function.__doc__ = ast.get_docstring(ast.parse(inspect.getsource(function)).body[0])  # type: ignore[arg-type]
    return function


def command(panel: str, cls: type[TyperCommand] = PanelledCommand) -> Callable[[Callable[..., None]], _Command]:
    """Make a function a command, which the help shows in this panel."""
    return lambda function: _Command(function, panel, cls)


class _Commands(TyperGroup):
    """Loads a command when it is needed, and shows all in panels, without the start-up time of rich."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        # Names without commands are enough for the base class to list them and to suggest a similar one.
        names: dict[str, Any] = dict.fromkeys(_NAMES)
        self.commands = names

    def get_command(self, _ctx: Any, name: str) -> Any:
        module = _NAMES.get(name)
        return getattr(import_module(f"{commands.__name__}.{module}"), module) if module else None

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            usage: Any = error  # typer does not export the base class of what is wrong with a command line
            if isinstance(getattr(usage, "message", None), str):
                from audiogen.cli.mistyped import meant

                better = meant(usage, sys.argv[1:])
                usage.message = visible(str(better or usage.message))  # it repeats what was typed, or pasted
            raise

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, found, rest = super().resolve_command(ctx, args)
        return name, found.built() if isinstance(found, _Command) else found, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        every = [self.get_command(ctx, name) for name in self.commands]
        longest = max(len(one.name) for one in every)
        for panel in PANELS:
            with formatter.section(panel):
                formatter.write_dl(
                    [
                        (one.name.ljust(longest), one.get_short_help_str(limit=200))
                        for one in every
                        if one.rich_help_panel == panel
                    ]
                )


app = typer.Typer(
    cls=_Commands,
    invoke_without_command=True,
    rich_markup_mode=None,  # with rich's markup, help takes twice as long to appear
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"audiogen {version('audiogen')}")
        raise typer.Exit


@app.callback()
@_documented
def audiogen(
    ctx: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Turn a routine file into a voice-guided session: one MP3 whose every hold is exact.

    \b
    Start here:
      audiogen list                  list the routines to choose from
      audiogen plan upper-back       preview the timeline
      audiogen render upper-back     write the MP3

    Each command's help has examples: audiogen render --help
    """
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
