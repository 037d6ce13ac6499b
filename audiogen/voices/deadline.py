"""Cut the connections of a requests session: by a hard deadline, or because the caller wants to stop.

The timeouts of sockets restart with every byte, so an answer that drips lasts for ever; and only an event on its socket
wakes a thread that reads from it. So a `Watch` over a request holds a second handle of the socket in use and shuts it
down when it is time: a pending read or write then fails at once.
"""

import contextlib
import functools
import socket
import ssl
import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection

LOOK_S = 0.05


class Watch:
    """Watch one request in one thread, and cut its line once `deadline_s` is over or `cancel` is set."""

    def __init__(self, deadline_s: float, cancel: threading.Event) -> None:
        self.expired = False
        self._deadline = time.monotonic() + deadline_s
        self._cancel = cancel
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._line: socket.socket | None = None

    def __enter__(self) -> "Watch":
        _here.watch = self
        threading.Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        _here.watch = None
        self._over.set()
        self.hold(None)

    def hold(self, line: socket.socket | None) -> None:
        """Watch this socket from now on, through our own handle.

        The connection's handle cannot be used: it is replaced when TLS begins, and again when the server closes.
        """
        with self._lock:
            if self._line is not None:
                self._line.close()
            self._line = socket.fromfd(line.fileno(), line.family, line.type) if line is not None else None

    def _look(self) -> None:
        while not self._over.wait(LOOK_S):
            self.expired = self.expired or time.monotonic() > self._deadline
            if self.expired or self._cancel.is_set():
                with self._lock, contextlib.suppress(OSError):
                    if self._line is not None:
                        self._line.shutdown(socket.SHUT_RDWR)


class _Here(threading.local):
    watch: Watch | None = None


_here = _Here()  # the watch over this thread's request, for the connection that serves it


class _Watched(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        if _here.watch is not None:
            _here.watch.hold(line)
        return line

    def request(self, *args: Any, **kwargs: Any) -> None:
        if _here.watch is not None and self.sock is not None:
            _here.watch.hold(self.sock)
        super().request(*args, **kwargs)


@functools.cache
def _watched(connection: Any) -> type[HTTPSConnection]:
    """Return a pool's kind of connection with a watch over it: that of a SOCKS proxy knows the way to the proxy."""
    if issubclass(connection, _Watched):
        return connection  # type: ignore[no-any-return]  # mypy forgets its type, since it is not known to be hashable
    return type(connection.__name__, (_Watched, connection), {})


class CuttableAdapter(HTTPAdapter):
    """Serve HTTPS by connections that register at the watch over their request.

    The authorities of a context are trusted in addition to those of the session.
    """

    def __init__(self, context: ssl.SSLContext | None, **pools: Any) -> None:
        self._context = context
        super().__init__(**pools)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _watched(pool.ConnectionCls)
        return pool
