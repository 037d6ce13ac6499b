"""Find where phones can reach this machine, without sending a packet.

interfaces + requested host and port -> a listening socket and the address to show
"""

import contextlib
import errno
import ipaddress
import re
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiogen.errors import Problem, SharingError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

DEFAULT_PORT = 8723  # always the same if it is free, so that a firewall rule stays valid
# What the system buffers of an answer; small, so that "sent" means almost "arrived".
SEND_BUFFER_BYTES = 256 * 1024

_ELSEWHERE = ("192.0.2.1", 9)  # a documentation address; connecting a UDP socket sends nothing
_ANY = ("0.0.0.0", "::")  # noqa: S104 - what a user may write to listen on all interfaces
# Interfaces between programs of this machine or into other networks, where there are no phones.
_VIRTUAL = re.compile(
    r"docker|br-|veth|virbr|vmnet|vbox|virtualbox|vethernet|hyper-v|lxc|lxd|podman|cni|flannel|tun|tap|wg|ppp|zt|tailscale"
    r"|vpn|loopback|awdl|llw|bluetooth|pan\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Interface:
    """An address of this machine, and what its interface is called."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Listening:
    """An open socket. `host` and `port` form the address to show; requests must be for one of `hosts`."""

    socket: socket.socket
    host: str
    port: int
    hosts: frozenset[str]

    def url(self, path: str = "/") -> str:
        """Return the address of a path, short because it goes into a QR code."""
        return f"http://{_bracketed(self.host)}:{self.port}{path}"


def lan_addresses() -> tuple[str, ...]:
    """Return the addresses at which phones may reach this machine, the likeliest first; none without a network."""
    return ranked(_interfaces(), _outgoing())


def ranked(interfaces: Iterable[Interface], outgoing: str | None) -> tuple[str, ...]:
    """Sort IPv4 addresses that another device can use: real interfaces, private addresses and the default route first.

    Link-local ones (169.254…) are returned only if there are no others, as between two devices on a cable.
    """

    def likelihood(interface: Interface) -> tuple[bool, bool, bool]:
        address = ipaddress.ip_address(interface.address)
        return (bool(_VIRTUAL.match(interface.name)), not address.is_private, interface.address != outgoing)

    usable = [one for one in interfaces if _reachable(one.address)]
    near = [one for one in usable if not ipaddress.ip_address(one.address).is_link_local]
    return tuple(dict.fromkeys(one.address for one in sorted(near or usable, key=likelihood)))


def listen(host: str | None = None, port: int | None = None) -> Listening:
    """Listen for phones: by default at the likeliest address of this machine and `DEFAULT_PORT`.

    Raises:
        SharingError: there is no network, no such address here, or the port is in use or not permitted.
    """
    addresses = lan_addresses()
    if host in (None, *_ANY) and not addresses:
        raise SharingError(Problem("share.no-network"))
    bound, shown = (addresses[0],) * 2 if host is None else (host.strip("[]"), host.strip("[]"))
    if shown in _ANY:
        shown = addresses[0]
        hosts = {shown, *(one.address for one in _interfaces()), "localhost"}
    else:
        hosts = {shown}
    opened = _opened(bound, port, addresses)
    actual = opened.getsockname()[1]
    return Listening(opened, shown, actual, frozenset(f"{_bracketed(one)}:{actual}".lower() for one in hosts))


class HostGuard:
    """Answer 421 to requests for another host, such as a page elsewhere makes once its name points here."""

    def __init__(self, app: "ASGIApp", hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "http" and not self._is_for_us(scope):
            from starlette.responses import PlainTextResponse

            await PlainTextResponse("Not the address of this machine.\n", 421)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_for_us(self, scope: "Scope") -> bool:
        asked = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
        return len(asked) == 1 and (asked[0] in self._hosts or f"{asked[0]}:80" in self._hosts)


def _interfaces() -> tuple[Interface, ...]:
    import ifaddr

    return tuple(
        Interface(adapter.nice_name, ip.ip if isinstance(ip.ip, str) else ip.ip[0])
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    )


def _outgoing() -> str | None:
    """Return the source address of packets to the outside."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(_ELSEWHERE)
        return str(asking.getsockname()[0])
    return None


def _reachable(address: str) -> bool:
    """Whether it is an IPv4 address of a network; browsers refuse link-local IPv6, and other IPv6 ones change often."""
    read = ipaddress.ip_address(address)
    return read.version == 4 and not (read.is_loopback or read.is_unspecified or read.is_multicast)


def _opened(host: str, port: int | None, addresses: tuple[str, ...]) -> socket.socket:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port or 0, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise SharingError(Problem("share.foreign-address", subject=host, expected=_ours(addresses))) from error
    for requested in [port] if port is not None else [DEFAULT_PORT, 0]:
        opened = socket.socket(family, kind, protocol)
        try:
            if sys.platform == "win32":
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)  # accepted ones inherit it
            opened.bind((place[0], requested, *place[2:]))
            opened.listen(512)
            return opened
        except OSError as error:
            opened.close()
            if error.errno == errno.EADDRINUSE and port is None and requested:
                continue
            raise SharingError(_refused(error, host, requested, addresses)) from error
    raise SharingError(Problem("share.no-free-port"))


def _refused(error: OSError, host: str, port: int, addresses: tuple[str, ...]) -> Problem:
    match error.errno:
        case errno.EADDRINUSE:
            return Problem("share.port-in-use", subject=str(port))
        case errno.EACCES | errno.EPERM:
            return Problem("share.port-forbidden", subject=str(port))
        case errno.EADDRNOTAVAIL:
            return Problem("share.foreign-address", subject=host, expected=_ours(addresses))
        case _:
            found = error.strerror or str(error)
            return Problem("share.port-failed", subject=f"{port} of {host}", found=found, expected=_ours(addresses))


def _ours(addresses: tuple[str, ...]) -> str:
    return ", ".join([*addresses, "127.0.0.1 (for this computer only)"])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
