"""Serve the tools over standard input and output, by the official SDK.

messages of the Model Context Protocol -> calls of tools -> their answers
"""

import json
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial, wraps
from importlib.metadata import version
from typing import Any

from audiogen.agents.calls import Calls
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
    """Serve the current folder until the input ends, or a signal ends this; a render that is cut off writes nothing.

    The SDK waits for a line of the input, whatever the signal: so it does in another thread.
    """
    calls = Calls()
    server = _server(Tools(overwrite=overwrite), calls, overwrite)
    over: Future[None] = Future()
    threading.Thread(target=_run, args=(server, over), daemon=True).start()
    try:
        over.result()
    except KeyboardInterrupt:
        calls.stop()
        raise


def _run(server: MCPServer, over: Future[None]) -> None:
    try:
        server.run("stdio")
        over.set_result(None)
    except Exception as error:  # noqa: BLE001 - raised where it is waited for
        over.set_exception(error)


def _server(tools: Tools, calls: Calls, overwrite: bool) -> MCPServer:
    server = MCPServer("audiogen", instructions=_ABOUT, version=version("audiogen"), log_level="ERROR")
    for tool in (tools.list, tools.schema, tools.check, tools.plan):
        server.add_tool(_answering(tool, calls), annotations=ToolAnnotations(read_only_hint=True))
    for tool in (tools.render, tools.import_):
        server.add_tool(_answering(tool, calls), annotations=ToolAnnotations(destructive_hint=overwrite))
    return server


def _answering(tool: Callable[..., dict[str, Any]], calls: Calls) -> Callable[..., Awaitable[CallToolResult]]:
    """A tool whose errors are answers, too, with the fields of all problems."""

    def answer(*arguments: Any, **named: Any) -> CallToolResult:
        try:
            return _result(tool(*arguments, **named))
        except AudiogenError as error:
            return _result({"problems": [one.to_json() for one in error.problems]}, is_error=True)

    @wraps(tool)
    async def answering(*arguments: Any, **named: Any) -> CallToolResult:
        return await calls.answer(partial(answer, *arguments, **named))

    answering.__name__ = tool.__name__.rstrip("_")
    answering.__annotations__ = {**tool.__annotations__, "return": CallToolResult}
    return answering


def _result(document: dict[str, Any], *, is_error: bool = False) -> CallToolResult:
    plain = json.loads(json.dumps(document, default=str))
    text = TextContent(type="text", text=json.dumps(plain, ensure_ascii=False))
    return CallToolResult(content=[text], structured_content=plain, is_error=is_error)
