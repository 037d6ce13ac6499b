"""Where phones can reach this machine, found without sending a packet.

interfaces, wishes -> a listening socket and the address to show
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

from audiogen.errors import SharingError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["USUAL_PORT", "HostGuard", "Interface", "Listening", "lan_addresses", "listen", "ranked"]

USUAL_PORT = 8723  # always the same where it is free, so that a rule of the firewall stays good
# What the system holds of an answer before the phone has it; a small share, so that "sent" means little less than that.
SEND_BUFFER_BYTES = 256 * 1024

_ELSEWHERE = ("192.0.2.1", 9)  # an address that exists nowhere; connecting a UDP socket sends nothing
_ANY = ("0.0.0.0", "::")  # noqa: S104 - what a user may write to listen on all interfaces
# Interfaces between programs of this machine, or into other networks, where no phone is.
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
    """An open socket. `host` and `port` make the address to show; a request must be for one of `hosts`."""

    socket: socket.socket
    host: str
    port: int
    hosts: frozenset[str]

    def url(self, path: str = "/") -> str:
        """The address of a path; it ends up in a QR code, so it is short."""
        return f"http://{_bracketed(self.host)}:{self.port}{path}"


def lan_addresses() -> tuple[str, ...]:
    """Addresses under which phones may reach this machine, the likeliest first; empty without a network."""
    return ranked(_interfaces(), _outgoing())


def ranked(interfaces: Iterable[Interface], outgoing: str | None) -> tuple[str, ...]:
    """IPv4 addresses that another device can use: real interfaces first, private addresses, the way to the outside.

    Where there is none but link-local ones (169.254…), as between two devices on a cable, these.
    """

    def likelihood(interface: Interface) -> tuple[bool, bool, bool]:
        address = ipaddress.ip_address(interface.address)
        return (bool(_VIRTUAL.match(interface.name)), not address.is_private, interface.address != outgoing)

    usable = [one for one in interfaces if _reachable(one.address)]
    near = [one for one in usable if not ipaddress.ip_address(one.address).is_link_local]
    return tuple(dict.fromkeys(one.address for one in sorted(near or usable, key=likelihood)))


def listen(host: str | None = None, port: int | None = None) -> Listening:
    """Listen for phones: at the likeliest address of this machine and the usual port, unless others are named.

    Raises:
        SharingError: there is no network, no such address here, or the port is taken or not permitted.
    """
    addresses = lan_addresses()
    if host is None and not addresses:
        raise SharingError(
            "This machine is in no network, so no phone can reach it. Join the phone's Wi-Fi, "
            "or name an address of this machine with --host."
        )
    bound, shown = (addresses[0],) * 2 if host is None else (host.strip("[]"), host.strip("[]"))
    if shown in _ANY:
        shown = addresses[0] if addresses else "127.0.0.1"
        hosts = {shown, *(one.address for one in _interfaces()), "localhost"}
    else:
        hosts = {shown}
    opened = _opened(bound, port, addresses)
    actual = opened.getsockname()[1]
    return Listening(opened, shown, actual, frozenset(f"{_bracketed(one)}:{actual}".lower() for one in hosts))


class HostGuard:
    """Answers 421 to requests for a host that is not ours: a page elsewhere makes them once its name points here."""

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
    """The address that packets to the outside would carry."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(_ELSEWHERE)
        return str(asking.getsockname()[0])
    return None


def _reachable(address: str) -> bool:
    """Whether it is an IPv4 address of a network; browsers take no link-local IPv6 ones, and the rest come and go."""
    read = ipaddress.ip_address(address)
    return read.version == 4 and not (read.is_loopback or read.is_unspecified or read.is_multicast)


def _opened(host: str, port: int | None, addresses: tuple[str, ...]) -> socket.socket:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port or 0, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise SharingError(f"--host {host} is no address of this machine. {_ours(addresses)}") from error
    for wished in [port] if port is not None else [USUAL_PORT, 0]:
        opened = socket.socket(family, kind, protocol)
        try:
            if sys.platform == "win32":
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)  # accepted ones inherit it
            opened.bind((place[0], wished, *place[2:]))
            opened.listen(512)
            return opened
        except OSError as error:
            opened.close()
            if error.errno == errno.EADDRINUSE and port is None and wished:
                continue
            raise SharingError(_refused(error, host, wished, addresses)) from error
    raise SharingError("No port of this machine is free.")


def _refused(error: OSError, host: str, port: int, addresses: tuple[str, ...]) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} is in use by another program. Name another one with --port, or none for any that is free."
            )
        case errno.EACCES | errno.EPERM:
            return f"Port {port} is not permitted. Name one from 1024 to 65535 with --port."
        case errno.EADDRNOTAVAIL:
            return f"--host {host} is no address of this machine. {_ours(addresses)}"
        case _:
            return f"Port {port} of {host} cannot be opened: {error.strerror or error}. {_ours(addresses)}"


def _ours(addresses: tuple[str, ...]) -> str:
    return f"Its addresses: {', '.join([*addresses, '127.0.0.1 (for this machine alone)'])}."


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
