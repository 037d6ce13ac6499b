"""A studio in a folder of its own, in this process, for tests to ask."""

import gzip
import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from audiogen.share.network import Listening
from audiogen.storage.cache import Cache
from audiogen.studio.server import Server, config, guarded, listen_here
from audiogen.studio.state import State

PATIENCE_S = 120.0  # for a machine with much else to do

ROUTINE = """\
title: Two short ones
voice: espeak
description: Two exercises, for the tests of the studio.
exercises:
  - name: Double V
    sides: [right, left]
    hold: 10s
    setup: Lie on your belly.
  - name: Cat and cow
    reps: 2
    tempo:
      - say: Inhale
        for: 3s
      - say: Exhale
        for: 3s
"""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Studio:
    """What a test knows of a running studio. `log` holds its lines."""

    def __init__(self, folder: Path, state: State, listening: Listening, log: list[str], server: Server) -> None:
        self.folder = folder
        self.state = state
        self._requests = server.server_state.tasks
        self.listening = listening
        self.log = log
        self.port: int = listening.socket.getsockname()[1]
        self.url = listening.url()
        self.track = b""  # the finished one that tests share

    @property
    def output(self) -> Path:
        return self.state.output

    def come_to_rest(self) -> None:
        """End the renders that a test left at work, and wait for its requests, whose clients may be gone."""
        self.state.jobs.stop()
        self.state.jobs.join(PATIENCE_S)
        until = time.monotonic() + PATIENCE_S
        while self._requests or not all(job.is_over for job in self.state.jobs.all()):
            assert time.monotonic() < until, "the test left something at work"
            time.sleep(0.01)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        host: str | None = None,
    ) -> Answer:
        """Ask for a path as it is written, without any tidying of it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host or f"127.0.0.1:{self.port}")
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None and "Content-Length" not in (headers or {}):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def sent(self, path: str) -> tuple[Answer, int]:
        """Ask as a browser does, and count the bytes of the body as they are sent."""
        answer = self.ask(path, headers={"Accept-Encoding": "gzip, deflate, br"})
        size = len(answer.body)
        if answer.headers.get("content-encoding") == "gzip":
            answer = answer._replace(body=gzip.decompress(answer.body))
        return answer, size

    def post(self, path: str, document: Any, **headers: str) -> Answer:
        """Post as the studio's own page does."""
        own = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json", **headers}
        return self.ask(path, method="POST", body=json.dumps(document).encode(), headers=own)

    def plan(self, name: str, *pairs: tuple[str, str]) -> Any:
        """The plan as a page shows it that holds nothing yet: with its parts in their places."""
        found = self.ask(f"/plan/{quote(name)}?{urlencode(pairs)}").json()
        for places in ("exercises", "visits") if "parts" in found else ():
            found[places] = [found["parts"][digest] for digest in found[places]]
        return found

    def render(self, name: str, query: str = "", file: str | None = None) -> Any:
        """Render, and wait until it is over; the job's last document."""
        body = {"routine": name, "query": query, "file": file or f"{name}.mp3", "replace": True}
        job = self.post("/render", body).json()
        return self.finished(job)

    def finished(self, job: Any) -> Any:
        until = time.monotonic() + PATIENCE_S
        while job["state"] in ("waiting", "running"):
            assert time.monotonic() < until, job
            time.sleep(0.05)
            job = self.ask(f"/jobs/{job['number']}").json()
        return job


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[Studio]:
    """A studio that serves until the block ends. Routines lie in ./routines, so the caller stands in the folder."""
    log: list[str] = []
    listening = listen_here(0)
    state = State(folder / "output", log.append, store=lambda: Cache(folder / "cache"))
    app = guarded(state, listening, **settings)
    server = Server(config(app, state), state)
    thread = threading.Thread(target=server.run, args=([listening.socket],), daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    try:
        yield Studio(folder, state, listening, log, server)
    finally:
        server.should_exit = True
        thread.join(10)
        state.close()
        listening.socket.close()


__all__ = ["ROUTINE", "Answer", "Studio", "serving"]
