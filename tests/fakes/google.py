"""Google Translate on loopback: its speech protocol over TLS, behind a CONNECT proxy that leads every host here.

    with FakeGoogle() as google:
        google.fails(status(503), times=1)
        subprocess.run([...], env={**os.environ, **google.environment})

`environment` leads any program here that honours HTTPS_PROXY and REQUESTS_CA_BUNDLE. What it speaks is a real MP3
whose length follows the text.
"""

import base64
import functools
import json
import select
import socket
import ssl
import struct
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import trustme

from .tone_voice import tone_wav

RPC = "jQ1olc"
Fault = Callable[["Answering"], None]
Headers = Mapping[str, str]


def letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def spoken_ms(text: str) -> int:
    """How long the sound of a text lasts here, without the silence around it."""
    return 150 + 60 * letters(text)


@functools.cache
def mp3(text: str) -> bytes:
    import lameenc

    pcm = tone_wav(spoken_ms(text), 400 + 15 * (letters(text) % 20), silence_ms=120)[44:]
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(48_000)
    encoder.set_out_sample_rate(24_000)
    encoder.set_channels(1)
    encoder.set_quality(7)
    return bytes(encoder.encode(pcm) + encoder.flush())


def answer_to(encoded: str | None) -> bytes:
    """The document that the service sends for a piece of base64; None for its answer without sound."""
    payload = None if encoded is None else json.dumps([encoded])
    rows = [["wrb.fr", RPC, payload, None, None, None, "generic"], ["di", 29], ["af.httprm", 29, "-1", 12]]
    return b")]}'\n\n" + json.dumps(rows, separators=(",", ":")).encode()


class Answering(BaseHTTPRequestHandler):
    """One connection to the fake service; faults use it to answer in their own way."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or an answer in two pieces needs 40 ms more
    server: "_Service"
    text = ""

    def do_HEAD(self) -> None:
        self.answer(200, b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        ((_, parameters, _, _),) = json.loads(urllib.parse.parse_qs(body)["f.req"][0])[0]
        self.text, language, _, _ = json.loads(parameters)
        google = self.server.google
        fault = google.note(self.text, language, self.headers["Host"])
        time.sleep(google.latency_s)
        if fault is not None:
            fault(self)
        else:
            speaks(self)

    def answer(self, code: int, body: bytes, headers: Headers | None = None, claimed_length: int | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body) if claimed_length is None else claimed_length))
        for name, value in {"Content-Type": "application/json; charset=utf-8", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def right_answer(text: str) -> bytes:
    return answer_to(base64.b64encode(mp3(text)).decode())


def speaks(to: Answering) -> None:
    """No fault: the right answer."""
    to.answer(200, right_answer(to.text))


def status(code: int, retry_after: str | None = None) -> Fault:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda to: to.answer(code, b"", headers)


def http_date(seconds_from_now: float) -> str:
    return formatdate(time.time() + seconds_from_now, usegmt=True)


def body(content: bytes) -> Fault:
    return lambda to: to.answer(200, content)


def speech(spoil: Callable[[bytes], bytes]) -> Fault:
    """The right answer around a spoiled MP3."""
    return lambda to: to.answer(200, answer_to(base64.b64encode(spoil(mp3(to.text))).decode()))


def letters_of_base64(spoil: Callable[[str], str]) -> Fault:
    return lambda to: to.answer(200, answer_to(spoil(base64.b64encode(mp3(to.text)).decode())))


def no_audio(to: Answering) -> None:
    to.answer(200, answer_to(None))


def web_page(to: Answering) -> None:
    to.answer(200, b"<!DOCTYPE html><title>Sorry ...</title>", {"Content-Type": "text/html; charset=utf-8"})


def consent(to: Answering) -> None:
    to.answer(302, b"", {"Location": "https://consent.google.com/m?continue=https://translate.google.com/"})


def cut_body(to: Answering) -> None:
    whole = right_answer(to.text)
    to.answer(200, whole[: len(whole) // 2], claimed_length=len(whole))
    to.close_connection = True


def unannounced_cut(to: Answering) -> None:
    """Send half an answer that states no length: only its content shows that something is missing."""
    whole = right_answer(to.text)
    to.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + whole[: len(whole) // 2])
    to.close_connection = True


def slam(connection: socket.socket) -> None:
    """Close with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())


def reset(to: Answering) -> None:
    slam(to.connection)
    to.close_connection = True


def hang(to: Answering) -> None:
    to.server.google.released.wait(60)
    to.close_connection = True


def drip(content: bytes) -> Fault:
    """Send one byte every 20 ms, so that no timeout of a socket ever expires."""

    def send(to: Answering) -> None:
        to.close_connection = True
        for byte in content:
            if to.server.google.released.wait(0.02):
                return
            to.wfile.write(bytes([byte]))

    return send


drip_headers = drip(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 1000)
drip_body = drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n)]}'\n\n" + b" " * 10_000)


class FakeGoogle:
    """The service and its proxy, running while the `with` block does.

    `asked` lists the texts in order, `connections` counts all and `most_connections` those that were open at once.
    """

    def __init__(self) -> None:
        authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.sslsocket_class = _Line
        authority.issue_cert(
            "translate.google.com", "*.google.com", "*.google.co.uk", "*.google.com.mx"
        ).configure_cert(tls)
        self._service = _Service(self, tls)
        self._proxy = _Proxy(self, self._service.server_address[1])
        self._folder = tempfile.TemporaryDirectory()
        self._authority_file = Path(self._folder.name, "authority.pem")
        authority.cert_pem.write_to_path(str(self._authority_file))
        self.reset()

    def reset(self) -> None:
        """Forget all requests and all faults."""
        self.lock = threading.Lock()
        self.asked: list[str] = []
        self.asked_at_s: list[float] = []  # by time.monotonic()
        self.languages: set[str] = set()
        self.hosts: set[str] = set()
        self.connections = self.most_connections = 0
        self.open: set[object] = set()  # a new one, so that earlier connections remove nothing from it
        self.latency_s = 0.0
        self.connecting_s = 0.0  # what the proxy needs for a new connection
        self.proxy_refuses = ""  # a status line such as "403 Forbidden"
        self.refused = 0  # connections, by the proxy
        self.silent_tunnels = False  # the proxy connects, and then nothing comes through
        self.released = threading.Event()  # ends hanging answers
        self._faults: list[Fault] = []
        self._always: Fault | None = None

    def fails(self, *faults: Fault, times: int = 1) -> None:
        """Give the next requests these faults, one each."""
        self._faults += list(faults) * times

    def always_fails(self, fault: Fault) -> None:
        self._always = fault

    @property
    def environment(self) -> dict[str, str]:
        """What leads a program here, and makes it trust this service's certificate."""
        return {
            "HTTPS_PROXY": f"http://127.0.0.1:{self._proxy.server_address[1]}",
            "REQUESTS_CA_BUNDLE": str(self._authority_file),
            "NO_PROXY": "",
        }

    def note(self, text: str, language: str, host: str) -> Fault | None:
        with self.lock:
            self.asked.append(text)
            self.asked_at_s.append(time.monotonic())
            self.languages.add(language)
            self.hosts.add(host)
            return self._faults.pop(0) if self._faults else self._always

    def __enter__(self) -> "FakeGoogle":
        for server in (self._service, self._proxy):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        for server in (self._service, self._proxy):
            server.shutdown()
            server.server_close()
        self._folder.cleanup()


class _Line(ssl.SSLSocket):
    """Closes itself: where a client is killed while ssl wraps its line, ssl raises before anything refers to this."""

    def __del__(self) -> None:
        self.close()


class _Service(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, google: FakeGoogle, tls: ssl.SSLContext) -> None:
        self.google = google
        super().__init__(("127.0.0.1", 0), Answering)
        # The handshake is left to the connection's own thread, so that one that hangs holds up no other.
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        google = self.google
        with google.lock:
            open_now = google.open
            open_now.add(client_address)
            google.connections += 1
            google.most_connections = max(google.most_connections, len(open_now))
        try:
            super().process_request_thread(request, client_address)
        finally:
            with google.lock:
                open_now.discard(client_address)

    def handle_error(self, *_: object) -> None:
        pass  # a client that hangs up is what many tests are about


class _Tunnelling(StreamRequestHandler):
    """CONNECT any host: the fake service."""

    disable_nagle_algorithm = True
    server: "_Proxy"

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        refusal = self.server.google.proxy_refuses
        if refusal:
            self.server.google.refused += 1
            self.wfile.write(f"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        time.sleep(self.server.google.connecting_s)
        with socket.create_connection(("127.0.0.1", self.server.service_port)) as service:
            service.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            if self.server.google.silent_tunnels:
                self.server.google.released.wait(60)
            else:
                self._carry(service)

    def _carry(self, service: socket.socket) -> None:
        ends = {self.connection: service, service: self.connection}
        while True:
            for readable in select.select(list(ends), [], [])[0]:
                try:
                    content = readable.recv(65_536)
                except ConnectionResetError:  # passed on as what it is
                    slam(ends[readable])
                    return
                if not content:
                    return
                ends[readable].sendall(content)


class _Proxy(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, google: FakeGoogle, service_port: int) -> None:
        self.google = google
        self.service_port = service_port
        super().__init__(("127.0.0.1", 0), _Tunnelling)

    def handle_error(self, *_: object) -> None:
        pass
