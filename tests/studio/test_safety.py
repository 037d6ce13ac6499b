"""Attacks: refused, told in a line, and the studio lives on."""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
from starlette.types import Message, Receive, Scope, Send

from audiogen.errors import Cancelled, Problem, RoutineError
from audiogen.share import timeouts
from audiogen.studio import actions, guard, work
from audiogen.studio.request import SessionRequest
from audiogen.studio.shape import Shape

from .serving import ROUTINE, Studio, serving

OUTSIDE = (
    "../secret.mp3",
    "..%2fsecret.mp3",
    "..%2Fsecret.mp3",
    "%2e%2e%2fsecret.mp3",
    "%2e%2e/secret.mp3",
    "..%252fsecret.mp3",
    "..%5csecret.mp3",
    "..\\secret.mp3",
    "%c0%ae%c0%ae%c0%afsecret.mp3",
    "....//secret.mp3",
    "two.mp3/../../secret.mp3",
    "two.mp3%00",
    "%00",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "C:%5cWindows%5cwin.ini",
    "secret.mp3",
    ".",
    "..",
    "",
)
PLACES = (
    "/track/{}",
    "/track/{}/cover.jpg",
    "/track/{}/chapters.json",
    "/track/{}/transcript.srt",
    "/track/{}/code.svg",
    "/track/{}/origin",
    "/track/{}/change",
    "/play/{}",
    "/previews/{}",
    "/shape/{}",
    "/booth/{}",
    "/booth/{}/x",
    "/booth/two/{}",
    "/plan/{}",
    "/write/{}",
    "/write/{}?copy",
    "/static/{}",
)
WRITING = tuple(f"/write/{what}" for what in ("text", "plan", "draft", "discard", "save", "import", "preview"))
TIDYING = ("/tracks/rename", "/tracks/delete", "/tracks/undo", "/tracks/routine")


@pytest.fixture
def secret(studio: Studio, track: str) -> Iterator[bytes]:
    """A track just outside of the output folder, and a link to it inside."""
    outside = studio.folder / "secret.mp3"
    outside.write_bytes((studio.output / track).read_bytes() + b"SECRET")
    link = studio.output / "link.mp3"
    with contextlib.suppress(OSError):
        link.symlink_to(outside)
    yield b"SECRET"
    outside.unlink()
    link.unlink(missing_ok=True)


@pytest.mark.parametrize("place", PLACES)
def test_no_spelling_of_a_path_leads_out_of_the_folders(studio: Studio, secret: bytes, place: str) -> None:
    for name in (*OUTSIDE, "link.mp3"):
        answer = studio.ask(place.format(name))
        assert secret not in answer.body
        assert b"root:" not in answer.body
        assert answer.status in (404, 307) or answer.body.startswith(b"<!doctype html>"), (place, name)
        assert answer.status < 500
    assert studio.ask("/").status == 200


@pytest.mark.parametrize("name", ["../two", "./routines/two.yaml", "/etc/passwd", "routines/two", "two.yaml", "", "\0"])
def test_no_parameter_that_is_posted_leads_out_of_the_folders(studio: Studio, track: str, name: str) -> None:
    assert track == "two.mp3"
    listing = sorted(path.name for path in studio.folder.rglob("*"))
    for path, document in (
        ("/render", {"routine": name, "query": "", "file": "x.mp3"}),
        ("/render", {"routine": "two", "query": "", "file": f"../{name}.mp3"}),
        ("/save", {"routine": name, "query": "", "name": "x"}),
        ("/save", {"routine": "two", "query": "", "name": f"../{name}"}),
        ("/preview", {"routine": name, "query": "", "line": "x"}),
        ("/preview", {"routine": "two", "query": "", "exercise": f"../{name}"}),
        ("/tracks/rename", {"file": name, "name": "x"}),
        ("/tracks/rename", {"file": "two.mp3", "name": f"../{name}"}),
        ("/tracks/delete", {"file": name}),
        ("/tracks/delete", {"file": f"../{name}"}),
        ("/tracks/undo", {"deleted": name}),
        ("/tracks/routine", {"file": f"../{name}"}),
    ):
        answer = studio.post(path, document)
        assert answer.status in (404, 422), (path, document)
        assert answer.json()["error"]
    assert sorted(path.name for path in studio.folder.rglob("*")) == listing


def test_the_file_of_a_track_has_a_plain_name(studio: Studio, track: str) -> None:
    for name in ("../x", "a/b.mp3", "a\\b.mp3", ".hidden", "x.exe/../y", "nul\0", "", ".mp3", "x" * 300):
        for path, document in (
            ("/render", {"routine": "two", "query": "", "file": name}),
            ("/tracks/rename", {"file": track, "name": name}),
        ):
            answer = studio.post(path, document)
            assert answer.json()["problems"][0]["code"] == "studio.file-name", name


# -- who may ask


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example"]
)
def test_another_host_is_refused_so_that_no_name_can_be_rebound_to_this_machine(studio: Studio, host: str) -> None:
    for path in ("/", "/plan/two", "/tracks", "/static/studio.css", "/feed.xml"):
        answer = studio.ask(path, host=host)
        assert answer.status == 421
        assert answer.text == "This is not the address of the studio. Open the one that it printed.\n"
    assert studio.log[-1].startswith("refused 127.0.0.1 GET: This is not the address")


def test_both_names_of_this_machine_are_taken(studio: Studio) -> None:
    for host in ("127.0.0.1", "localhost", "LOCALHOST"):
        assert studio.ask("/", host=f"{host}:{studio.port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:{port}.evil.example"},
    ],
)
def test_a_change_that_another_site_asks_for_is_not_made(studio: Studio, headers: dict[str, str]) -> None:
    headers = {name: value.format(port=studio.port) for name, value in headers.items()}
    body = json.dumps({"routine": "two", "query": "", "file": "crossed.mp3"}).encode()
    for path in ("/render", "/save", "/preview", "/jobs/1/cancel", "/phone/open", "/phone/close", *TIDYING, *WRITING):
        answer = studio.ask(path, method="POST", body=body, headers=headers)
        assert answer.status == 403
    assert not (studio.output / "crossed.mp3").exists()
    assert studio.log[-1].endswith("Another site requested this change, so it was refused.")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_can_open_a_page_and_use_nothing_else(studio: Studio, site: str) -> None:
    for mode, dest in (("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe"), ("no-cors", "script")):
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        for path in ("/", "/plan/two", "/shape/two?hold=3h", "/feed.xml", "/schema.json", "/write/two"):
            assert studio.ask(path, headers=headers).status == 403, (path, headers)
    opened = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert studio.ask("/shape/two", headers=opened).status == 200
    for own in ("same-origin", "none"):
        assert studio.ask("/plan/two", headers={"Sec-Fetch-Site": own, "Sec-Fetch-Mode": "cors"}).status == 200


def test_only_the_methods_that_are_needed_are_known(studio: Studio) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"):
        assert studio.ask("/", method=method).status == 405
    assert studio.ask("/render").status == 405


def test_every_answer_forbids_what_the_pages_do_not_need(studio: Studio, track: str) -> None:
    for path in ("/", "/shape/two", "/plan/two", f"/track/{track}", "/nowhere", "/static/shape.js"):
        headers = studio.ask(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    text = studio.ask("/shape/two").text
    assert " style=" not in text
    assert "<script>" not in text
    assert " on" not in {part[:3] for part in text.split("<a")}


# -- too much


def test_what_is_too_large_is_refused_before_it_is_read(studio: Studio) -> None:
    answer = studio.post("/render", {}, **{"Content-Length": "999999999999"})
    assert answer.status == 413
    answer = studio.post("/render", {"routine": "x" * 70_000})
    assert answer.status == 413
    # Without a body: the system may drop an answer where what was sent is not read any more.
    own = {"Origin": f"http://127.0.0.1:{studio.port}", "Content-Type": "application/json", "Content-Length": "-1"}
    assert studio.ask("/render", method="POST", headers=own).status in (400, 413)


def test_a_body_without_an_end_is_cut_off_at_the_limit(studio: Studio) -> None:
    with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as client:
        own = f"127.0.0.1:{studio.port}"
        head = f"POST /render HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\nTransfer-Encoding: chunked\r\n\r\n"
        client.sendall(head.encode())
        with contextlib.suppress(OSError):
            for _ in range(200):
                client.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
        answer = client.recv(200)
    assert answer.startswith((b"HTTP/1.1 422", b"HTTP/1.1 4")) or answer == b""
    assert studio.ask("/").status == 200


@pytest.mark.parametrize("number", ["9" * 5000, "0", "-1", "1e3", "x", "٣"])
def test_an_unknown_job_is_not_found(studio: Studio, number: str) -> None:
    answer = studio.ask(f"/jobs/{quote(number)}")
    assert answer.status == 404
    assert answer.json()["problems"][0]["code"] == "studio.unknown-render"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"routine": 5}',
        b'{"routine": "two", "query": 7, "file": []}',
    ],
)
def test_nonsense_is_answered_with_a_sentence(studio: Studio, body: bytes) -> None:
    own = {"Origin": f"http://127.0.0.1:{studio.port}"}
    for path in ("/render", "/save", "/preview", *TIDYING, *WRITING):
        answer = studio.ask(path, method="POST", body=body, headers=own)
        assert answer.status == 422
        assert answer.json()["problems"][0]["code"] == "studio.misunderstood"


def test_a_yaml_bomb_is_listed_as_a_mistake_and_nothing_more(studio: Studio) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{here}: &{here} [{', '.join([f'*{there}'] * 10)}]\n"
        for there, here in zip("abcdefgh", "bcdefghi", strict=True)
    )
    (studio.folder / "routines" / "bomb.yaml").write_text(bomb)
    (studio.folder / "routines" / "newer.yaml").write_text('%YAML 1.3\n---\ntitle: "\\U00110000"\n')
    (studio.folder / "routines" / "huge.yaml").write_text("title: " + "x" * 1_100_000)
    begun = time.monotonic()
    text = studio.ask("/").text
    assert time.monotonic() - begun < 10
    assert "bomb.yaml" in text
    assert "newer.yaml" in text
    assert "is larger than 1 MB" in text
    assert studio.ask("/shape/bomb").status == 422


def test_nothing_is_planned_for_a_client_that_has_left(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, planned = threading.Semaphore(0), threading.Event(), []

    def slow(requested: SessionRequest, *_: object) -> Shape:
        planned.append(requested.overrides["length"])
        begun.release()
        assert go_on.wait(60)
        raise RoutineError(Problem("studio.unknown-routine"))

    monkeypatch.setattr(actions, "shape", slow)
    with ThreadPoolExecutor(work.AT_ONCE + 1) as pool:
        first = [pool.submit(studio.ask, f"/plan/two?length={n}m") for n in range(1, work.AT_ONCE + 1)]
        for _ in first:
            assert begun.acquire(timeout=60)
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as client:
                client.sendall(f"GET /plan/two?length=9m HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\n\r\n".encode())
        assert studio.ask("/static/page.js").status == 200, "what needs no work is not held up"
        last = pool.submit(studio.ask, "/plan/two?length=8m")
        go_on.set()
        assert [one.result().status for one in (*first, last)] == [422] * 3
    assert ["9m"] not in planned
    assert planned[-1] == ["8m"]


def test_a_preview_stops_when_its_client_leaves(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, stopped = threading.Event(), threading.Event()

    def slow(*given: object) -> None:
        begun.set()
        if cast(threading.Event, given[-1]).wait(60):
            stopped.set()
        raise Cancelled

    monkeypatch.setattr(actions, "preview_line", slow)
    own = f"127.0.0.1:{studio.port}"
    body = json.dumps({"routine": "two", "query": "", "line": "x"})
    head = f"POST /preview HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as client:
        client.sendall(f"{head}{body}".encode())
        assert begun.wait(60)
    assert stopped.wait(60)


def test_more_than_can_wait_are_sent_away(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_WAITING", 0)
    answer = studio.ask("/plan/two")
    assert answer.status == 503
    assert answer.json()["problems"][0]["code"] == "studio.busy"


def test_two_hundred_connections_at_once_are_served(studio: Studio) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(socket.create_connection(("127.0.0.1", studio.port), timeout=20))
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: studio.ask("/static/page.js").status, range(200)))
        assert answers == [200] * 200
        assert studio.ask("/plan/two").status == 200


def test_a_client_that_never_says_what_it_wants_is_cut_off(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "LOOK_S", 0.05)
    monkeypatch.setattr(timeouts, "REQUEST_S", 0.3)
    for said in (b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1", b"GET"):
        with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as client:
            client.sendall(said)
            assert client.recv(1) == b""
    assert studio.log == ["cut off 127.0.0.1: it took too long to send a request"] * 2  # nobody said anything at first


@pytest.mark.parametrize("body", [False, True], ids=["head", "body"])
def test_a_client_that_sends_byte_by_byte_is_cut_off(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, body: bool
) -> None:
    monkeypatch.setattr(timeouts, "LOOK_S", 0.05)
    monkeypatch.setattr(timeouts, "REQUEST_S", 0.3)
    own = f"127.0.0.1:{studio.port}"
    head = f"POST /render HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\nContent-Length: 9999\r\n"
    with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as client:
        client.sendall(f"GET / HTTP/1.1\r\nHost: {own}\r\n\r\n".encode())  # one that goes well before
        page = b""
        while b"</html>" not in page:
            page += client.recv(100_000)
        client.sendall(f"{head}\r\n{{".encode() if body else head.encode())
        begun = time.monotonic()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while time.monotonic() - begun < 10:
                client.sendall(b"x")
                time.sleep(0.02)
        assert time.monotonic() - begun < 10
    assert "cut off 127.0.0.1: it took too long to send a request" in studio.log


def test_a_client_that_reads_nothing_of_its_answer_is_cut_off_after_long(
    studio: Studio, track: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timeouts.UNREAD_S > 600, "a player that is paused would lose its connection"
    monkeypatch.setattr(timeouts, "LOOK_S", 0.05)
    monkeypatch.setattr(timeouts, "UNREAD_S", 0.5)
    big = studio.output / "big.mp3"
    shutil.copy(studio.output / track, big)
    os.truncate(big, 20_000_000)
    try:
        with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as client:
            client.sendall(f"GET /track/big.mp3 HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\n\r\n".encode())
            until = time.monotonic() + 10
            while not studio.log and time.monotonic() < until:
                time.sleep(0.02)
            assert studio.log == ["cut off 127.0.0.1: it stopped reading the answer"]
    finally:
        big.unlink()


def test_a_client_that_stops_in_the_middle_of_its_body_is_cut_off(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "BODY_S", 0.3)
    with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as client:
        own = f"127.0.0.1:{studio.port}"
        client.sendall(
            f"POST /render HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\nContent-Length: 99\r\n\r\n{{".encode()
        )
        assert b"422" in client.recv(100)
    assert "cut off 127.0.0.1: it stopped in the middle of a request" in studio.log


def test_a_slow_reader_holds_up_nobody(studio: Studio, track: str) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(50):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", studio.port), timeout=10))
            client.sendall(f"GET /track/{track} HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\n\r\n".encode())
        begun = time.monotonic()
        assert studio.ask("/static/page.js").status == 200
        assert time.monotonic() - begun < 5


def test_a_bug_is_told_in_a_line_and_the_studio_goes_on(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_tracks: object) -> None:
        raise ZeroDivisionError("<never>")

    monkeypatch.setattr("audiogen.studio.tracks.Tracks.all", broken)
    answer = studio.ask("/tracks")
    assert answer.status == 500
    assert "This is a bug in audiogen: ZeroDivisionError. The studio keeps running" in answer.text
    assert "Traceback" not in answer.text
    assert studio.log == ["bug in audiogen at /tracks: ZeroDivisionError('<never>')"]
    assert studio.ask("/").status == 200


# -- the token

ADDRESS = "right-token_123"


@pytest.fixture
def with_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    (tmp_path / "routines").mkdir()
    (tmp_path / "routines" / "two.yaml").write_text(ROUTINE)
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path, token=ADDRESS) as one:
        yield one


def test_with_a_token_everything_lies_behind_it(with_token: Studio) -> None:
    for path in (
        "/",
        "/tracks",
        "/plan/two",
        "/static/studio.css",
        "/feed.xml",
        "/right-token_12/",
        "/right-token_1234/",
    ):
        answer = with_token.ask(path)
        assert answer.status == 404
        assert (
            answer.text
            == "There is nothing at this address. Open the one that the studio printed, or scan its code again.\n"
        )
    page = with_token.ask("/right-token_123/")
    assert page.status == 200
    assert 'href="/right-token_123/shape/two"' in page.text
    assert "/right-token_123/static/studio.css" in page.text
    assert with_token.ask("/right-token_123/static/studio.css").status == 200
    assert with_token.ask("/right-token_123/plan/two").status == 200


def test_guessing_the_token_is_stopped_and_told(with_token: Studio) -> None:
    statuses = [with_token.ask(f"/{quote(str(guess))}/").status for guess in range(30)]
    assert statuses == [404] * guard.MOST_GUESSES + [429] * (30 - guard.MOST_GUESSES)
    assert with_token.log[-1].startswith("refused 127.0.0.1 GET: Too many wrong addresses")
    assert with_token.ask("/right-token_123/").status == 200, "nobody else's guesses lock out who knows the address"


def test_of_many_who_guess_only_the_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_CLIENTS", 3)
    guarded = guard.Guard(_nothing, ["studio"], lambda _line: None, token="right-token_123")  # noqa: S106
    asked = (_status(guarded, str(client)) for client in (1, *(2,) * 21, 3, 4, 2, 1))
    with ThreadPoolExecutor(1) as apart:  # from the loop of a browser
        statuses = list(apart.map(asyncio.run, asked))
    assert statuses == [404] * 21 + [429, 404, 404, 429, 404]
    assert list(guarded._guesses) == ["3", "4", "1"]


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise AssertionError("nobody is let in")


async def _status(guarded: guard.Guard, client: str) -> int:
    """What a client is answered that asks without the token."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"studio")]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "client": (client, 1)}
    await guarded(scope, receive, send)
    return int(sent[0]["status"])


def test_the_token_is_in_no_line_of_the_log(with_token: Studio) -> None:
    with_token.ask("/right-token_123/", host="evil.example")
    with_token.post("/right-token_123/render", {}, Origin="http://evil.example")
    assert with_token.log
    assert not [line for line in with_token.log if "right-token" in line]
