"""Hosts for a folder, as people have them: nginx from Debian, and Python's own server, which knows nothing of Range."""

import http.server
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

_CONFIGURATION = """\
{user}daemon off; pid {own}/pid; error_log stderr; worker_processes 1;
events {{}}
http {{
  include /etc/nginx/mime.types; access_log off;
  client_body_temp_path {own}; proxy_temp_path {own}; fastcgi_temp_path {own};
  uwsgi_temp_path {own}; scgi_temp_path {own};
  server {{
    listen 127.0.0.1:{port}; root "{root}";
    {locations}
  }}
}}
"""


@contextmanager
def nginx(root: Path, own: Path, types: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve a folder, with another one for nginx's own files; its address. `types` are names of kinds, by suffix."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not program:
        pytest.skip("needs nginx: install Debian's package nginx-light")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own.mkdir(exist_ok=True)
    user = "" if os.geteuid() else "user root;\n"  # who else could read the folders of a test?
    locations = "\n".join(
        f"location ~ [.]{end}$ {{ types {{ }} default_type {kind}; }}" for end, kind in (types or {}).items()
    )
    configuration = _CONFIGURATION.format(user=user, own=own, port=port, root=root, locations=locations)
    (own / "nginx.conf").write_text(configuration)
    command = [program, "-e", "stderr", "-p", str(own), "-c", str(own / "nginx.conf")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def plain(root: Path) -> Iterator[str]:
    """Serve a folder as `python -m http.server` does; its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
