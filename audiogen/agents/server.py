"""Serve the tools over standard input and output, by the official SDK.

messages of the Model Context Protocol -> calls of tools -> their answers
"""

import json
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from typing import Any

from audiogen.agents.tools import Tools
from audiogen.errors import AudiogenError, OutputError, Problem

try:
    from mcp.server.mcpserver import MCPServer
    from mcp.types import CallToolResult, TextContent, ToolAnnotations
except ImportError as missing:
    raise OutputError(Problem("agents.needs-mcp")) from missing

_ABOUT = (
    "Turns routines into voice-guided sessions: sound files in which every hold is exact. From an article: import, "
    "check, plan, then render. Everything is read and written inside one folder."
)


def serve(*, overwrite: bool) -> None:
    """Serve the current folder until the input ends."""
    tools = Tools(overwrite=overwrite)
    server = MCPServer("audiogen", instructions=_ABOUT, version=version("audiogen"), log_level="ERROR")
    for tool in (tools.list, tools.schema, tools.check, tools.plan):
        server.add_tool(_answering(tool), annotations=ToolAnnotations(read_only_hint=True))
    for tool in (tools.render, tools.import_):
        server.add_tool(_answering(tool), annotations=ToolAnnotations(destructive_hint=overwrite))
    server.run("stdio")


def _answering(tool: Callable[..., dict[str, Any]]) -> Callable[..., CallToolResult]:
    """A tool whose errors are answers, too, with the fields of all problems."""

    @wraps(tool)
    def answering(*arguments: Any, **named: Any) -> CallToolResult:
        try:
            return _result(tool(*arguments, **named))
        except AudiogenError as error:
            return _result({"problems": [one.to_json() for one in error.problems]}, is_error=True)

    answering.__name__ = tool.__name__.rstrip("_")
    answering.__annotations__ = {**tool.__annotations__, "return": CallToolResult}
    return answering


def _result(document: dict[str, Any], *, is_error: bool = False) -> CallToolResult:
    plain = json.loads(json.dumps(document, default=str))
    text = TextContent(type="text", text=json.dumps(plain, ensure_ascii=False))
    return CallToolResult(content=[text], structured_content=plain, is_error=is_error)
