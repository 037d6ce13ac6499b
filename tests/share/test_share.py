"""A file on loopback: browsers, players and strangers ask for it; which bytes have arrived; where to listen."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import numpy as np
import pytest
import requests
import zxingcpp

from audiogen import parse_routine, render
from audiogen.errors import AudiogenError, Cancelled, SharingError, TrackError
from audiogen.export import id3
from audiogen.share import describe, network, new_token, page, qr, responses, same_token, timeouts
from audiogen.share.delivery import Delivery, Spans
from audiogen.share.network import Interface, listen, ranked
from audiogen.share.serving import Asked, Sharing
from audiogen.timeline.events import Event, Exercised
from audiogen.timeline.model import ATTACHMENT, Timeline

PATIENCE_S = 60
SIZE = 3_000_000  # more than all buffers on the way hold

TIMELINE = Timeline(
    title="Gute Nacht, Rücken <3",
    language="de",
    voice="builtin",
    length_ms=600_000,
    exact=True,
    exercises=(Exercised(1, "eins", "Eins"),),
    events=(Event(0, 600_000, "wait", "tail"),),
)


def track() -> bytes:
    """A file with the tag of a track and, in place of sound, bytes that differ from place to place."""
    document = json.dumps(TIMELINE.to_json()).encode()
    attachment = id3.Attachment("application/json", "timeline.json", ATTACHMENT, document)
    tag = id3.id3(id3.Tag(title=TIMELINE.title, language="de", length_ms=600_000, attachments=[attachment]))
    return (tag + np.arange(SIZE // 4, dtype=">u4").tobytes())[:SIZE]


class Served:
    """A file that is shared in a thread; `told` is what the command line would say, `fetched` how it ended."""

    def __init__(self, path: Path, *, host: str = "127.0.0.1", idle_s: float = 600) -> None:
        self.told: list[Asked] = []
        self.fetched: bool | AudiogenError | None = None
        self._cancel = threading.Event()
        self._listening = listen(host)
        self._sharing = Sharing(describe(path), self._listening, self.told.append)
        self._thread = threading.Thread(target=self._serve, args=(idle_s,), daemon=True)
        self._thread.start()
        self.url = self._sharing.url
        self.session = requests.Session()
        self.session.trust_env = False

    def _serve(self, idle_s: float) -> None:
        try:
            self.fetched = self._sharing.serve(idle_s, self._cancel)
        except AudiogenError as error:
            self.fetched = error
        self._listening.socket.close()

    def get(self, path: str = "", **headers: str) -> requests.Response:
        return self.session.get(self.url + path, headers=headers, timeout=PATIENCE_S)

    @property
    def place(self) -> tuple[str, int]:
        return self._listening.host, self._listening.port

    @property
    def save_path(self) -> str:
        found = re.search(r'href="(/[^"]+/save/[^"]+)"', self.get().text)
        assert found
        return found[1]

    @property
    def save(self) -> str:
        """The path of the download below `url`."""
        return self.save_path.split("/", 2)[2]

    @property
    def play(self) -> str:
        return self.save.replace("save/", "play/", 1)

    @property
    def runs(self) -> bool:
        return self._thread.is_alive()

    def connect(self, request: str = "") -> socket.socket:
        """A raw connection on which a request was sent."""
        connection = socket.create_connection(self.place, PATIENCE_S)
        host, port = self.place
        connection.sendall(request.format(host=f"{host}:{port}", path=urlsplit(self.url).path).encode())
        return connection

    def ends(self) -> bool | AudiogenError | None:
        """Wait for the end; whether the file was fetched."""
        self._thread.join(PATIENCE_S)
        self.session.close()
        return self.fetched

    def close(self) -> None:
        self._cancel.set()
        self.ends()


@pytest.fixture(scope="module")
def content() -> bytes:
    return track()


@pytest.fixture
def path(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "gute nacht.mp3"
    path.write_bytes(content)
    return path


@pytest.fixture
def served(path: Path) -> Iterator[Served]:
    served = Served(path)
    yield served
    served.close()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> Iterator[Served]:
    """For tests that do not fetch the file, so that it is served throughout."""
    folder = tmp_path_factory.mktemp("lasting")
    (folder / "gute nacht.mp3").write_bytes(content)
    (folder / "secret.mp3").write_bytes(b"secret")
    served = Served(folder / "gute nacht.mp3")
    yield served
    assert served.runs
    served.close()


def still_runs(served: Served) -> bool:
    """Whether it goes on for longer than an arrived file would let it."""
    time.sleep(1.2)
    return served.runs


# -- the download and its end


def test_a_phone_opens_the_page_saves_the_file_and_that_is_the_end(served: Served, content: bytes) -> None:
    saved = served.get(served.save)
    assert saved.content == content
    assert saved.headers["content-type"] == "audio/mpeg"
    assert saved.headers["accept-ranges"] == "bytes"
    assert served.ends() is True
    assert [asked.what for asked in served.told] == ["page", "save", "saved"]


def test_a_file_that_is_fetched_in_ranges_has_arrived_with_the_last_of_them(served: Served, content: bytes) -> None:
    third = len(content) // 3
    ranges = [f"{2 * third}-", f"0-{third - 1}", f"{third - 10}-{2 * third}"]
    bodies = []
    for wanted in ranges:
        assert served.runs
        answer = served.get(served.save, range=f"bytes={wanted}")
        assert answer.status_code == 206
        bodies.append(answer.content)
    assert bodies == [content[2 * third :], content[:third], content[third - 10 : 2 * third + 1]]
    assert served.ends() is True


def test_several_ranges_in_one_answer_count_as_well(served: Served, content: bytes) -> None:
    half = len(content) // 2
    answer = served.get(served.save, range=f"bytes=0-99,{half}-")
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges; boundary=")
    assert content[half:] in answer.content
    served.get(served.save, range=f"bytes=50-{half}")
    assert served.ends() is True


def test_a_part_of_the_file_is_not_the_file(served: Served, content: bytes) -> None:
    served.get(served.save, range=f"bytes=0-{len(content) - 2}")
    assert still_runs(served)
    served.get(served.save, range="bytes=-1")
    assert served.ends() is True


def test_neither_listening_nor_asking_ends_it(lasting: Served, content: bytes) -> None:
    heard = lasting.get(lasting.play)
    assert heard.content == content
    assert heard.headers["content-disposition"] == "inline"
    assert lasting.get(lasting.play, range="bytes=0-1").content == content[:2]
    asked = lasting.session.head(lasting.url + lasting.save)
    assert (asked.status_code, asked.headers["content-length"], asked.content) == (200, str(len(content)), b"")
    assert still_runs(lasting)


def test_a_phone_that_goes_away_in_the_middle_may_come_back(served: Served, content: bytes) -> None:
    path = served.save_path
    at_once, unread = (served.connect(f"GET {path} HTTP/1.1\r\nHost: {{host}}\r\n\r\n") for _ in range(2))
    assert at_once.recv(65536).startswith(b"HTTP/1.1 200")
    at_once.close()
    time.sleep(0.3)  # all that the buffers of the other one take is on its way
    unread.close()
    assert still_runs(served)
    assert served.get(served.save, range=f"bytes={len(content) // 2}-").status_code == 206
    assert still_runs(served)
    assert served.get(served.save).content == content
    assert served.ends() is True


def test_a_small_file_that_a_phone_has_not_read_has_not_arrived(tmp_path: Path, content: bytes) -> None:
    """It fits into the buffers on the way as a whole, so that nothing but the end of the connection tells."""
    (tmp_path / "small.mp3").write_bytes(content[:40_000])
    served = Served(tmp_path / "small.mp3")
    connection = served.connect(f"GET {served.save_path} HTTP/1.1\r\nHost: {{host}}\r\n\r\n")
    assert connection.recv(100)
    connection.close()
    assert still_runs(served)
    assert len(served.get(served.save).content) == 40_000
    assert served.ends() is True


def test_a_slow_phone_gets_all_of_it_and_keeps_the_time_out_away(path: Path, content: bytes) -> None:
    served = Served(path, idle_s=1.5)
    begun = time.monotonic()
    request = f"GET {served.save_path} HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n"
    with served.connect(request) as connection:
        got = 0
        while piece := connection.recv(50_000):
            got += len(piece)
            time.sleep(0.04)
    assert time.monotonic() - begun > 1.5
    assert got > len(content)
    assert served.ends() is True


def test_a_file_that_changes_meanwhile_is_fetched_anew(served: Served, path: Path, content: bytes) -> None:
    half = len(content) // 2
    first = served.get(served.save, range=f"bytes=0-{half}")
    other = content[::-1]
    (path.parent / "new").write_bytes(other)
    (path.parent / "new").replace(path)
    rest = served.get(served.save, range=f"bytes={half}-", **{"if-range": first.headers["etag"]})
    assert (rest.status_code, rest.content) == (200, other)
    assert served.ends() is True


def test_a_file_that_is_deleted_meanwhile_is_gone(served: Served, path: Path) -> None:
    save = served.save
    path.unlink()
    assert served.get(save).status_code == 410


@pytest.mark.parametrize(
    ("wanted", "status"),
    [("bytes=99999999-", 416), ("bytes=5-2", 400), ("lines=1-2", 400), ("bytes=", 400)],
)
def test_a_range_that_makes_no_sense_is_refused(wanted: str, status: int, lasting: Served, content: bytes) -> None:
    answer = lasting.get(lasting.save, range=wanted)
    assert answer.status_code == status
    if status == 416:
        assert answer.headers["content-range"] == f"bytes */{len(content)}"


def test_nothing_happens_and_time_is_up(path: Path) -> None:
    assert Served(path, idle_s=0.1).ends() is False


def test_strangers_do_not_keep_the_time_out_away(path: Path) -> None:
    served = Served(path, idle_s=0.5)
    host, port = served.place
    for _ in range(100):
        if not served.runs:
            break
        with socket.socket() as stranger:
            if stranger.connect_ex((host, port)) == 0:
                stranger.sendall(f"GET /wp-admin HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        time.sleep(0.1)
    assert served.ends() is False


def test_it_stops_in_the_middle_of_a_download_when_told_to(served: Served) -> None:
    with served.connect(f"GET {served.save_path} HTTP/1.1\r\nHost: {{host}}\r\n\r\n") as connection:
        assert connection.recv(100)
        served.close()
    assert isinstance(served.fetched, Cancelled)


# -- who else may ask


def test_nothing_but_the_file_is_reachable(lasting: Served) -> None:
    root = lasting.url[: lasting.url.rindex("/", 0, -1) + 1]
    token = lasting.url.split("/")[-2]
    others = [
        root,
        root + "favicon.ico",
        root + "gute%20nacht.mp3",
        root + "save/gute%20nacht.mp3",
        root + token[:-1] + "/",
        root + token + "A/",
        root + token.swapcase() + "/" + lasting.save,
        root + "%C3%A9/",
        lasting.url + "save/secret.mp3",
        lasting.url + "save/..%2Fsecret.mp3",
        lasting.url + "play/%2e%2e/secret.mp3",
        lasting.url + "save/",
        lasting.url + "%00",
    ]
    answers = {url: lasting.session.get(url).status_code for url in others}
    assert set(answers.values()) == {404}, answers
    assert lasting.session.get(root + token).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_the_file_can_only_be_read(method: str, lasting: Served) -> None:
    answer = lasting.session.request(method, lasting.url)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost:{port}"])
def test_a_request_for_another_host_is_refused(host: str, lasting: Served) -> None:
    """A page elsewhere whose name was pointed at this machine: the browser sends that name."""
    answer = lasting.get(host=host.format(port=lasting.place[1]))
    assert answer.status_code == 421
    assert "Rücken" not in answer.text


@pytest.mark.parametrize("hosts", ["Host: {host}\r\nHost: evil.example\r\n", "Host:\r\n", ""])
def test_a_request_must_name_one_host(hosts: str, lasting: Served) -> None:
    with lasting.connect(f"GET {{path}} HTTP/1.1\r\n{hosts}\r\n") as connection:
        assert connection.recv(100).split()[1] in (b"400", b"421")


def test_idle_and_slow_connections_keep_nobody_from_the_file(served: Served, content: bytes) -> None:
    path = served.save_path
    crowd = [served.connect() for _ in range(150)]
    crowd += [served.connect("GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Slow: ") for _ in range(40)]
    stuck = [served.connect(f"GET {path} HTTP/1.1\r\nHost: {{host}}\r\n\r\n") for _ in range(10)]
    garbage = served.connect("\x16\x03\x01 nonsense\r\n\r\n")
    assert b"400" in garbage.recv(100)
    assert served.get(served.save).content == content
    for connection in [*stuck, garbage]:
        connection.close()
    assert served.ends() is True
    for connection in crowd:
        connection.close()


def test_a_request_that_never_ends_is_cut_off_and_reported_once(
    lasting: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts, "LOOK_S", 0.05)
    monkeypatch.setattr(timeouts, "REQUEST_S", 0.3)
    for _ in range(2):
        with lasting.connect("GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Slow: ") as connection:
            connection.settimeout(PATIENCE_S)
            assert connection.recv(1) == b""
    cut = [asked for asked in lasting.told if asked.what == "cut"]
    assert cut == [Asked("cut", "127.0.0.1", "took too long to send a request")]


def test_tokens_are_long_never_the_same_and_compared_whole() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {22}
    assert same_token("abc", "abc")
    assert not any(same_token("abc", other) for other in ("", "ab", "abcd", "abC", "abé", "\ud800"))


# -- what it says


def test_the_page_tells_what_to_do_and_asks_for_nothing_from_elsewhere(lasting: Served) -> None:
    answer = lasting.get()
    text = answer.text
    assert '<h1 lang="de">Gute Nacht, Rücken &lt;3</h1>' in text
    assert "10:00, 3.0 MB" in text
    for told in (
        "iPhone",
        "Android",
        "trim silence",
        "speed to <strong>1×</strong>",
        "should show <strong>10:00</strong>",
    ):
        assert told in text
    play = lasting.save_path.replace("/save/", "/play/")
    assert re.findall(r'(?:href|src)="([^"]+)"', text) == [lasting.save_path, play]
    assert "<script" not in text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; media-src 'self'; style-src 'sha256-")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("name", "kept", "plain"),
    [
        ("gute nacht.mp3", "gute nacht.mp3", "gute nacht.mp3"),
        ("übung 🧘.m4b", "übung 🧘.m4b", "_bung _.m4b"),
        ("-rf.mp3", "rf.mp3", "rf.mp3"),
        ('say "hi"; x=1.mp3', "say  hi ; x=1.mp3", "say  hi ; x=1.mp3"),
        ("ü" * 120 + ".mp3", "ü" * 98 + ".mp3", "_" * 98 + ".mp3"),
        ("n" * 250 + ".mp3", "n" * 196 + ".mp3", "n" * 196 + ".mp3"),
        ("100% #1?.mp3", "100% #1.mp3", "100% #1.mp3"),
    ],
)
def test_odd_names_become_names_that_phones_take(name: str, kept: str, plain: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"ID3 not really")
    shared = describe(tmp_path / name)
    assert shared.name == kept
    assert responses.download(shared.path, shared.name).headers["content-disposition"] == (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(kept, safe='')}"
    )


def test_a_file_of_another_program_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_bytes(b"\xff\xfb" + bytes(100))
    shared = describe(tmp_path / "song.mp3")
    assert (shared.title, shared.length_ms, shared.size_bytes) == ("song", None, 102)


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".opus", ".wav", ".html"])
def test_a_track_of_any_format_is_called_by_its_title(suffix: str, tmp_path: Path) -> None:
    routine = parse_routine("title: Quiet\nguidance: tones\nexercises: [{name: Neck, hold: 3s}]\n")
    rendered = render(routine, tmp_path / f"track{suffix}")
    shared = describe(rendered.path)
    assert (shared.title, shared.length_ms) == ("Quiet", rendered.timeline.length_ms)
    assert ("<audio" in page.html(shared, save="/save", play="/play")) == (suffix != ".html"), "it plays by itself"
    if suffix == ".mp3":
        whole = rendered.path.read_bytes()
        rendered.path.write_bytes(whole[: len(whole) * 9 // 10])
        with pytest.raises(TrackError) as cut:
            describe(rendered.path)
        assert code_of(cut.value) == "verification.cut-short"


@pytest.mark.parametrize("name", ["gone.mp3", "empty.mp3", "folder.mp3", "/dev/null"])
def test_what_is_not_a_file_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty.mp3").touch()
    (tmp_path / "folder.mp3").mkdir()
    with pytest.raises(SharingError) as refused:
        describe(tmp_path / name)
    assert name != "empty.mp3" or code_of(refused.value) == "share.empty-file"


@pytest.mark.parametrize("colours", [True, False])
def test_a_camera_reads_the_code_on_the_terminal(colours: bool) -> None:
    numpy = pytest.importorskip("numpy")
    url = f"http://192.168.100.200:8723/{new_token()}/"
    lines = qr.drawn(url, colours=colours)
    assert len(lines) <= 18
    assert all(line.startswith("\x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m") for line in lines) is colours
    blocks = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines]
    inked = [[[letter in "▀█" for letter in line], [letter in "▄█" for letter in line]] for line in blocks]
    dark = numpy.array(inked).reshape(2 * len(blocks), -1) == colours  # without colours, ink is light on dark
    picture = numpy.where(numpy.kron(dark, numpy.ones((4, 4))) > 0, 0, 255).astype("uint8")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [url]


def test_the_code_for_a_page_is_a_picture_of_its_own() -> None:
    drawn = qr.svg("http://192.168.1.20:8723/studio/")
    assert drawn.startswith("<svg ")
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawn
    assert "viewBox" in drawn, "it is as large as its place"


# -- which bytes have arrived

A, B = ("192.168.1.2", 1), ("192.168.1.2", 2)


def test_bytes_arrive_once_their_connection_ends_well_or_is_known_to_be_through() -> None:
    delivery = Delivery(100)
    delivery.opened(A)
    delivery.opened(B)
    delivery.handed(A, (0, 60))
    delivery.handed(B, (40, 100))
    assert delivery.waiting == (A, B)
    delivery.closed(A, well=False)
    delivery.arrived(B)
    assert not delivery.complete
    delivery.handed(A, (0, 60))  # the answer goes on for a moment after its connection has ended
    delivery.opened(A)
    assert not delivery.complete
    delivery.handed(A, (0, 40))
    delivery.closed(A, well=True)
    assert delivery.complete
    delivery.restarted(100)
    assert not delivery.complete


@pytest.mark.parametrize("cut", [1, 7, 100, 1000])
def test_the_parts_of_an_answer_are_found_however_its_body_is_cut(cut: int) -> None:
    parts = [(0, 300), (500, 501), (900, 1000)]
    body = b"".join(
        b"--x\r\nContent-Type: audio/mpeg\r\nContent-Range: bytes %d-%d/1000\r\n\r\n" % (first, last - 1)
        + b"-" * (last - first)
        + b"\r\n"
        for first, last in parts
    )
    body += b"--x--"
    spans = Spans()
    messages = [{"type": "http.response.start", "status": 206, "headers": [(b"content-type", b"multipart/byteranges")]}]
    messages += [{"type": "http.response.body", "body": body[at : at + cut]} for at in range(0, len(body), cut)]
    told = [offset for message in messages for first, last in spans.of(message) for offset in range(first, last)]
    assert told == [offset for first, last in parts for offset in range(first, last)]


# -- where to listen


def code_of(error: AudiogenError) -> str:
    return error.problems[0].code


@pytest.mark.parametrize(
    ("interfaces", "outgoing", "expected"),
    [
        ({"eth0": "192.168.1.20", "lo": "127.0.0.1"}, "192.168.1.20", ["192.168.1.20"]),
        ({"docker0": "172.17.0.1", "wlan0": "192.168.1.20"}, None, ["192.168.1.20", "172.17.0.1"]),
        ({"eth0": "10.0.0.5", "wlan0": "192.168.1.20"}, "192.168.1.20", ["192.168.1.20", "10.0.0.5"]),
        ({"tun0": "10.8.0.2", "en0": "192.168.1.20"}, "10.8.0.2", ["192.168.1.20", "10.8.0.2"]),
        ({"vEthernet (WSL)": "172.20.0.1", "Wi-Fi": "192.168.1.20"}, None, ["192.168.1.20", "172.20.0.1"]),
        ({"eth0": "81.2.69.142", "wlan0": "192.168.1.20"}, "81.2.69.142", ["192.168.1.20", "81.2.69.142"]),
        ({"eth0": "169.254.7.7", "lo": "127.0.0.1"}, None, ["169.254.7.7"]),
        ({"eth0": "169.254.7.7", "wlan0": "192.168.1.20"}, None, ["192.168.1.20"]),
        ({"lo": "127.0.0.1", "wlan0": "fe80::1"}, None, []),
    ],
)
def test_the_likeliest_address_for_a_phone_comes_first(
    interfaces: dict[str, str], outgoing: str | None, expected: list[str]
) -> None:
    assert list(ranked([Interface(*one) for one in interfaces.items()], outgoing)) == expected


def test_finding_the_address_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something was sent")

    for name in ("send", "sendto", "sendall", "sendmsg"):
        monkeypatch.setattr(socket.socket, name, refuse, raising=False)
    assert isinstance(network.lan_addresses(), tuple)


def test_without_a_network_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "_interfaces", lambda: (Interface("lo", "127.0.0.1"),))
    with pytest.raises(SharingError) as refused:
        listen()
    assert code_of(refused.value) == "share.no-network"


def test_listening_everywhere_shows_an_address_that_works_and_takes_all_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = (Interface("lo", "127.0.0.1"), Interface("wlan0", "192.168.1.20"))
    monkeypatch.setattr(network, "_interfaces", lambda: ours)
    listening = listen("0.0.0.0")  # noqa: S104 - on purpose, for the moment of a test
    with listening.socket:
        port = listening.port
        assert listening.url("/x/") == f"http://192.168.1.20:{port}/x/"
        assert listening.hosts == {f"{name}:{port}" for name in ("192.168.1.20", "127.0.0.1", "localhost")}


def test_an_address_of_version_6_works_too(path: Path, content: bytes) -> None:
    served = Served(path, host="::1")
    assert served.url.startswith("http://[::1]:")
    assert served.get(served.save).content == content
    assert served.ends() is True


@pytest.mark.parametrize("host", ["203.0.113.9", "no.such.host.invalid", "a..b", "x" * 300])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(SharingError) as refused:
        listen(host)
    (problem,) = refused.value.problems
    assert (problem.code, problem.subject) == ("share.foreign-address", host)
    assert "127.0.0.1" in problem.expected


def test_a_port_that_is_taken_is_an_error_where_it_was_named_and_none_where_not() -> None:
    first, second = listen("127.0.0.1"), listen("127.0.0.1")
    with first.socket, second.socket:
        assert first.port != second.port
        with pytest.raises(SharingError) as refused:
            listen("127.0.0.1", first.port)
        (problem,) = refused.value.problems
        assert (problem.code, problem.subject) == ("share.port-in-use", str(first.port))
