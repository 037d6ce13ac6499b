"""`audiogen mcp`: an article becomes a verified track for the SDK's own client; nothing outside the folder is used."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest

from audiogen import verify
from audiogen.agents.calls import Calls, cancelled

ARTICLE = """\
Two stretches for the desk

1. Chest opener: hold 10 seconds. Draw your shoulders back.
2. Side bend: hold 10 seconds per side. Reach over your head.
"""
BRIEF = {"guidance": "brief", "hold": ["5s"], "settle": ["1s"]}
CLIENT = {"name": "test", "version": "1"}
Asked = list[tuple[str, dict[str, Any]]]


def called(folder: Path, calls: Asked) -> list[Any]:
    """The answers of one server to some calls, in their order; in place of an error its problems."""
    from mcp import Client, StdioServerParameters  # half a second, which each process that collects tests would need

    async def calling() -> list[Any]:
        command = StdioServerParameters(
            command=sys.executable,
            args=["-m", "audiogen", "mcp"],
            cwd=folder,
            env=dict(os.environ),
        )
        async with Client(command) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            assert tools == {"list", "schema", "check", "plan", "render", "import"}
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    found = []
    for answer in asyncio.run(calling()):
        assert json.loads(answer.content[0].text) == answer.structured_content
        assert answer.is_error == ("problems" in answer.structured_content and "fine" not in answer.structured_content)
        found.append(answer.structured_content)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The folder of an agent; next to it lie a routine and a sound that are none of its business."""
    (tmp_path / "secret.yaml").write_text("title: Secret\nexercises: [{name: Plank, hold: 10s}]\n")
    (tmp_path / "secret.wav").write_bytes(b"RIFF")
    here = tmp_path / "work"
    (here / "routines").mkdir(parents=True)
    yield here
    assert {path.name for path in tmp_path.iterdir()} - {".isolated"} == {"secret.yaml", "secret.wav", "work"}


def test_from_an_article_to_a_verified_track(folder: Path) -> None:
    imported, listed, schema, checked, planned, rendered, again, taken, text = called(
        folder,
        [
            ("import", {"text": ARTICLE, "name": "Desk"}),
            ("list", {}),
            ("schema", {}),
            ("check", {"routine": "desk"}),
            ("plan", {"routine": "desk", "settings": {"hold": ["chest-opener=8s"]}}),
            (
                "render",
                {
                    "routine": "desk",
                    "voice": "espeak",
                    "settings": BRIEF,
                },
            ),
            ("render", {"routine": "desk", "voice": "espeak"}),
            ("import", {"text": ARTICLE, "name": "Desk"}),
            ("check", {"routine": f"title: Plank\n{PLANK}\n"}),
        ],
    )
    assert imported["path"] == str(Path("routines", "desk.yaml"))
    assert (folder / "routines" / "desk.yaml").read_text("utf-8") == imported["routine"]
    assert {"desk", "upper-back"} <= {one["name"] for one in listed["routines"]}
    assert "exercises" in schema["properties"]
    assert (checked["fine"], checked["exercises"]) == (True, 2)
    assert any("Chest opener" in row["what"] for row in planned["rows"])
    assert rendered["path"] == str(Path("output", "desk.mp3"))
    assert rendered["sent_to"] is None
    assert rendered["verification"]["ok"]
    assert verify(folder / "output" / "desk.mp3").ok
    assert [one["code"] for one in again["problems"]] == ["agents.exists"]
    assert [one["code"] for one in taken["problems"]] == ["agents.name-taken"]
    assert [one["code"] for one in text["problems"]] == ["agents.text"]


def routine(folder: Path, name: str, text: str) -> str:
    (folder / "routines" / f"{name}.yaml").write_text(f"title: {name}\n{text}\n", "utf-8")
    return name


PLANK = "exercises: [{name: Plank, hold: 10s}]"


@contextlib.contextmanager
def served(folder: Path, *options: str) -> Iterator[Callable[[str, dict[str, Any]], Any]]:
    """A server that is asked in the lines of the protocol; it ends when it is told to though its input stays open."""
    command = [sys.executable, "-m", "audiogen", "mcp", *options]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin
        assert server.stdout
        sending, reading = server.stdin, server.stdout

        def ask(method: str, parameters: dict[str, Any]) -> Any:
            request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
            sending.write(json.dumps(request).encode() + b"\n")
            sending.flush()
            return json.loads(reading.readline())["result"]

        try:
            ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": CLIENT})
            yield ask
            if sys.platform != "win32":  # Windows ends a process without asking it
                server.terminate()
                assert server.wait(10) == 128 + signal.SIGTERM
        finally:
            server.kill()


def test_nothing_outside_the_folder_is_read_or_written(folder: Path) -> None:
    (folder / "routines" / "linked.yaml").symlink_to(folder.parent / "secret.yaml")
    (folder / "away").symlink_to(folder.parent)
    fine = routine(folder, "fine", PLANK)
    secret = str(folder.parent / "secret.yaml")
    reading = [
        {"routine": "../secret.yaml"},
        {"routine": secret},
        {"routine": "away/secret.yaml"},
        {"routine": "linked"},
        {"routine": "away/not-there.yaml"},
        {"routine": routine(folder, "child", "extends: ../../secret.yaml")},
        {"routine": routine(folder, "orphan", "extends: ../../not-there.yaml")},
        {"routine": routine(folder, "music", f"music: ../../secret.wav\n{PLANK}")},
        {"routine": routine(folder, "tone", f"sounds: bells,start=../../secret.wav\n{PLANK}")},
        {"routine": routine(folder, "voice", f"voice: recordings:../..\n{PLANK}")},
        {
            "routine": routine(
                folder, "cue", "exercises: [{name: A, hold: 9s, cues: [{at: 1s, sound: ../../secret.wav}]}]"
            )
        },
    ]
    changed: list[dict[str, Any]] = [
        {"routine": fine, "settings": {"music": secret.replace("yaml", "wav")}},
        {"routine": fine, "voice": "recordings:.."},
    ]
    writing: Asked = [
        ("render", {"routine": fine, "voice": "espeak", "out": "../out.mp3"}),
        ("render", {"routine": fine, "voice": "espeak", "out": "away/out.mp3"}),
        ("render", {"routine": fine, "voice": "espeak", "out": "nothing\0.mp3"}),
        ("import", {"text": ARTICLE, "out": "../out.yaml"}),
        ("import", {"text": ARTICLE, "out": "away/out.yaml"}),
        ("import", {"file": "../secret.yaml", "name": "stolen"}),
    ]
    calls: Asked = [
        *((tool, one) for one in reading for tool in ("check", "plan")),
        *((tool, one) for one in changed for tool in ("plan", "render")),
        *writing,
    ]
    with served(folder, "--overwrite") as ask:
        for tool, arguments in calls:
            answer = ask("tools/call", {"name": tool, "arguments": arguments})
            problems = answer["structuredContent"].get("problems", ())
            assert [one["code"] for one in problems] == ["agents.outside"], (tool, arguments, answer)
            assert "Secret" not in json.dumps(answer)
    assert not (folder / "output").exists()


def test_a_call_whose_client_cancels_it_or_is_gone_stops_its_work() -> None:
    calls = Calls()
    begun = threading.Event()
    stopped = []

    def work() -> None:
        cancel = cancelled.get()
        assert cancel
        begun.set()
        stopped.append(cancel.wait(20))

    async def answering() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(calls.answer, work)
            await anyio.to_thread.run_sync(begun.wait)
            group.cancel_scope.cancel()
        assert stopped == [True]
        begun.clear()
        async with anyio.create_task_group() as group:
            group.start_soon(calls.answer, work)
            await anyio.to_thread.run_sync(begun.wait)
            await anyio.to_thread.run_sync(calls.stop)
        assert await calls.answer(lambda: 7) == 7

    anyio.run(answering)
    assert stopped == [True, True]
