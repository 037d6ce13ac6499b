"""A typer app that does nothing, to see what starting one costs."""

from typing import Annotated

import typer

app = typer.Typer()


@app.command("list")
def list_nothing(json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List nothing."""
    typer.echo("[]" if json else "")


@app.command()
def plan(name: str, voice: str | None = None, json: bool = False) -> None:
    """Plan nothing."""
    typer.echo(f"{name} {voice}" if json else "")


app()
