"""Commands in a network namespace of their own, in which every name that is asked for and every packet is seen.

    seen = run(["render", "tiny", "--voice", "builtin"], cwd=folder, env=environment)
    seen.names     # "example.org", asked of whatever name server this machine has
    seen.packets   # "203.0.113.7:443", from the first packets of connections

In the namespace all addresses lead back to this machine: a name server answers on all of them, and every packet passes
one interface, where it is read. `CI` is not in the environment of the commands, where some packages behave better.
"""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ANSWER = "203.0.113.7"  # an address for documentation (RFC 5737), for every name


class Seen(NamedTuple):
    """What commands did: names and packets in order, and how each command ended."""

    names: list[str]
    packets: list[str]
    ended: list[tuple[int, str]]


def why_not() -> str:
    """Why there can be no namespace here; empty where there can."""
    if sys.platform != "linux":
        return "needs Linux, for a network namespace"
    try:
        done = subprocess.run([*_unshare(), "true"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"needs unshare: {error}"
    return "" if done.returncode == 0 else f"may not make a network namespace: {done.stderr.strip()}"


def run(*commands: Sequence[str], cwd: Path, env: Mapping[str, str], linger_s: float = 0.0) -> Seen:
    """Run commands of audiogen one after the other, or `["python", CODE]`; then wait for what comes late."""
    request = json.dumps({"commands": commands, "cwd": str(cwd), "linger_s": linger_s})
    environment = {name: value for name, value in env.items() if name != "CI"}
    command = [*_unshare(), sys.executable, "-m", "tests.sealed", request]
    here = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=here, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return Seen(found["names"], found["packets"], [(code, said) for code, said in found["ended"]])


def _unshare() -> list[str]:
    return ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]


# -- inside the namespace


def _lead_back() -> None:
    """Bring the loopback interface up, and make it the way to all addresses, as if all were this machine's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        import fcntl

        up = struct.pack("16sH14x", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, up)  # SIOCSIFFLAGS
    index = socket.if_nametoindex("lo")
    for family in (socket.AF_INET, socket.AF_INET6):
        # A local route in the local table, for host scope (rtnetlink(7)), out of that interface.
        route = struct.pack("=BBBBBBBBI", family, 0, 0, 0, 255, 4, 254, 2, 0) + struct.pack("=HHI", 8, 4, index)
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as kernel:
            kernel.send(struct.pack("=IHHII", 16 + len(route), 24, 0x405, 1, 0) + route)  # RTM_NEWROUTE, create, ack
            code = -struct.unpack("=i", kernel.recv(4096)[16:20])[0]
        if code and family == socket.AF_INET:
            raise OSError(code, os.strerror(code))


def _answer_names(names: list[str]) -> None:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("0.0.0.0", 53))  # noqa: S104 - within the namespace

    def serve() -> None:
        while True:
            query, client = server.recvfrom(4096)
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1 : at + 1 + query[at]].decode("latin-1"))
                at += query[at] + 1
            names.append(".".join(labels))
            record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton(ANSWER)  # the name, an address, a minute
            wanted = query[at + 1 : at + 3] == b"\0\1"
            head = query[:2] + b"\x81\x80\0\1" + (b"\0\1" if wanted else b"\0\0") + b"\0\0\0\0"
            server.sendto(head + query[12 : at + 5] + record * wanted, client)

    threading.Thread(target=serve, daemon=True).start()


def _read_packets(packets: list[str]) -> None:
    """List where all packets go, but those from a loopback address to another and those of the name server."""
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.ntohs(3))
    raw.bind(("lo", 0))

    def read() -> None:
        while True:
            packet, (_, _, kind, *_) = raw.recvfrom(65_535)
            if kind == socket.PACKET_OUTGOING and (where := _target(packet)):
                packets.append(where)

    threading.Thread(target=read, daemon=True).start()


def _target(packet: bytes) -> str:
    """Where a packet goes that may not go there; empty for all others."""
    if packet[0] >> 4 == 4:
        protocol, ports, address = packet[9], (packet[0] & 15) * 4, socket.inet_ntoa(packet[16:20])
        near = address.startswith("127.")
    else:
        protocol, ports, address = packet[6], 40, socket.inet_ntop(socket.AF_INET6, packet[24:40])
        near = address == "::1"
    if protocol not in (socket.IPPROTO_TCP, socket.IPPROTO_UDP):
        return ""  # the kernel's own
    source, port = struct.unpack(">HH", packet[ports : ports + 4])
    begins = protocol == socket.IPPROTO_UDP or packet[ports + 13] & 0x12 == 0x02  # SYN without ACK
    return f"{address}:{port}" if begins and not near and 53 not in (source, port) else ""


def _main(request: dict[str, Any]) -> None:
    names: list[str] = []
    packets: list[str] = []
    _lead_back()
    _answer_names(names)
    _read_packets(packets)
    ended = []
    for arguments in request["commands"]:
        program = ["-c", *arguments[1:]] if arguments[0] == "python" else ["-m", "audiogen", *arguments]
        done = subprocess.run(
            [sys.executable, *program],
            cwd=request["cwd"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        ended.append((done.returncode, done.stdout + done.stderr))
    time.sleep(request["linger_s"] or 0.1)  # for packets that are on their way
    print(json.dumps({"names": names, "packets": packets, "ended": ended}))  # noqa: T201


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
