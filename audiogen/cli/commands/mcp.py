"""The command `mcp`."""

from typing import Annotated

import typer

from audiogen.cli.app import command


@command("Many")
def mcp(
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Let agents replace files in this folder.")] = False,
) -> None:
    """Let an agent work in this folder, by the Model Context Protocol on standard input and output.

    Its tools are list, schema, check, plan, render and import. They read and write nothing outside the folder in which
    the command was started, except audiogen's own routines and cache. Needs `pip install '.[mcp]'`.

    \b
    Examples:
      audiogen mcp                        as the command of a server in the settings of an agent
      audiogen mcp --overwrite
    """
    from audiogen.agents.server import serve
    from audiogen.cli.memory import use_little_memory

    use_little_memory()
    serve(overwrite=overwrite)
