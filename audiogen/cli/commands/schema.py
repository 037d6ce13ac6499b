"""The command `schema`."""

from audiogen.cli.app import command
from audiogen.cli.output import print_json


@command("Editors")
def schema() -> None:
    """Print the JSON Schema of routine files, for editors.

    With it, an editor completes and checks routine files as you write.

    \b
    Examples:
      audiogen schema > routine.schema.json
    and as the first line of a routine file, for editors with a YAML language server:
      # yaml-language-server: $schema=routine.schema.json
    """
    from audiogen.routine import json_schema

    print_json(json_schema.schema())
