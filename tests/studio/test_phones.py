"""Opening the studio for phones while it runs, closing it for them, and the codes that they scan."""

import http.client
import os
import shutil
import socket
import time
from typing import cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from audiogen.studio import phones, server
from audiogen.studio.server import Server

from .browsing import PHONE, scanned, visiting
from .serving import Studio


def opened(studio: Studio) -> str:
    """Open it for phones; the address that they get."""
    url: str = studio.post("/phone/open", {}).json()["url"]
    return url


def asked(url: str, path: str = "") -> int:
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=10)
    try:
        connection.request("GET", f"{place.path}{path}")
        return connection.getresponse().status
    finally:
        connection.close()


def is_closed(url: str) -> bool:
    place = urlsplit(url)
    try:
        socket.create_connection((place.hostname, place.port), timeout=5).close()
    except OSError:
        return True
    return False


def open_connections(studio: Studio) -> int:
    return len(cast(Server, studio.state.phones.server).server_state.connections)


def rest(client: socket.socket) -> int:
    """How many bytes still come until the connection ends."""
    return sum(map(len, iter(lambda: client.recv(1_000_000), b"")))


def test_it_opens_for_phones_and_closes_again_while_it_runs(network: Studio, track: str) -> None:
    url = opened(network)
    assert url != network.url
    assert opened(network) == url, "it is open already"
    assert asked(url) == asked(url, f"play/{track}") == asked(url, "feed.xml") == 200
    assert url.encode() in network.ask("/podcast").body
    assert network.post("/phone/close", {}).json() == {"url": None}
    assert is_closed(url)
    assert network.ask("/", host=urlsplit(url).netloc).status == 421
    assert network.ask(f"/track/{track}/code.svg").status == network.ask("/podcast/code.svg").status == 404
    assert network.ask("/").status == 200
    assert asked(opened(network)) == 200


def test_connections_of_phones_end_and_those_of_this_machine_go_on(
    network: Studio, track: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LEAVING_S", 0.3)
    url = urlsplit(opened(network))
    idle, busy, own = (
        socket.create_connection(("127.0.0.1", port), timeout=10) for port in (url.port, url.port, network.port)
    )
    for client, port in ((idle, url.port), (own, network.port)):
        client.sendall(f"HEAD /static/page.js HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        assert b"200 OK" in client.recv(100_000)
    big = network.output / "big.mp3"
    shutil.copy(network.output / track, big)
    os.truncate(big, 20_000_000)
    try:
        busy.sendall(f"GET /track/big.mp3 HTTP/1.1\r\nHost: 127.0.0.1:{url.port}\r\n\r\n".encode())
        assert b"200 OK" in busy.recv(1000)
        begun = time.monotonic()
        assert network.post("/phone/close", {}).status == 200
        assert time.monotonic() - begun < 5
        assert rest(idle) == 0
        until = time.monotonic() + 10
        while open_connections(network) > 1 and time.monotonic() < until:
            time.sleep(0.02)
        assert rest(busy) < 20_000_000, "it was cut off, and not served to its end"
        own.sendall(f"GET /tracks HTTP/1.1\r\nHost: 127.0.0.1:{network.port}\r\n\r\n".encode())
        assert b"200 OK" in own.recv(100_000)
    finally:
        big.unlink()
        for client in (idle, busy, own):
            client.close()


@pytest.mark.linux(reason="a second address of this machine that needs no network")
def test_in_another_network_the_page_says_so_and_opens_there(network: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    before = opened(network)
    monkeypatch.setattr(phones, "lan_addresses", lambda: ("127.0.0.2",))
    assert "This computer is in another network now." in network.ask("/phone").text
    after = opened(network)
    assert urlsplit(after).hostname == "127.0.0.2"
    assert is_closed(before)
    assert asked(after) == 200
    assert "another network" not in network.ask("/phone").text


def test_without_a_network_the_page_says_so_and_the_studio_goes_on(
    studio: Studio, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phones, "lan_addresses", lambda: ())
    with visiting(browser, studio, PHONE) as visit:
        page = visit.open("/phone")
        page.get_by_role("button", name="Open for my phone").click()
        expect(page.get_by_role("alert")).to_contain_text("This computer is not in a network")
        visit.problems.clear()  # the browser itself notes the answer 422
    assert studio.ask("/").status == 200


def test_codes_fill_their_boxes_and_are_read_as_a_phone_shows_them(
    network: Studio, track: str, browser: Browser
) -> None:
    with visiting(browser, network, PHONE, device_scale_factor=2, has_touch=True, is_mobile=True) as visit:
        page = visit.open("/phone")
        page.get_by_role("button", name="Open for my phone").tap()
        code = page.locator(".code")
        expect(code).to_be_visible()
        expect(page.get_by_role("button", name="Close for phones")).to_be_focused()
        url = opened(network)
        assert scanned(code) == [url]
        box, drawn = code.bounding_box(), code.locator("svg path").last.bounding_box()
        assert box
        assert drawn
        assert drawn["width"] > 0.75 * box["width"]

        page = visit.open("/podcast")
        assert scanned(page.locator(".code")) == [f"{url}podcast"]
        feed = f"{url.removeprefix('http')}feed.xml"
        for name, scheme in (("Apple Podcasts", "podcast"), ("AntennaPod", "antennapod-subscribe")):
            expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute("href", f"{scheme}{feed}")

        page = visit.open("/tracks")
        row = page.locator(f".track[data-file='{track}']")
        row.locator("summary").tap()
        code = row.locator(".code")
        code.scroll_into_view_if_needed()
        expect(code.locator("img")).to_have_js_property("complete", value=True)
        assert scanned(code) == [f"{url}play/{track}"]

        page = visit.open(f"/play/{track}")
        code = page.locator("#on-phone .code")
        code.scroll_into_view_if_needed()
        expect(code.locator("img")).to_have_js_property("complete", value=True)
        assert scanned(code) == [f"{url}play/{track}"]

        page = visit.open("/phone")
        page.get_by_role("button", name="Close for phones").tap()
        expect(page.get_by_role("button", name="Open for my phone")).to_be_focused()
    assert is_closed(url)
