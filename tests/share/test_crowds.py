"""Limits on connections, and what is reported where there is room for none."""

import asyncio
import errno
import resource
import socket

import pytest

from audiogen.share import crowds


@pytest.mark.parametrize(
    ("descriptors", "others", "crowd"),
    [
        (1024, [], False),
        (1024, ["a"] * 249, False),
        (1024, ["a"] * 250, True),
        (1024, ["b"] * 250, False),
        (1024, ["b"] * 200 + ["c"] * 200, True),
        (64, ["a"] * 19, False),
        (64, ["a"] * 20, True),
        (64, ["b"] * 32, True),
        (2, [], False),
    ],
)
def test_a_client_has_a_part_of_all_connections(
    descriptors: int, others: list[str], crowd: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (descriptors, descriptors))
    assert crowds.is_crowd(others, "a") == crowd


def test_a_full_table_of_files_is_one_line_and_other_errors_stay(caplog: pytest.LogCaptureFixture) -> None:
    """asyncio reports each attempt to accept a connection, and makes up to a thousand a second."""
    lines: list[str] = []
    loop = asyncio.new_event_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        crowds.report_full(loop, lines.append)
        for number in (errno.EMFILE, errno.ENFILE) * 500:
            context = {"message": "socket.accept() out of system resource", "exception": OSError(number, "Too many")}
            loop.call_exception_handler({**context, "socket": listener})
        assert lines == ["no further connection is possible: too many"]
        assert not caplog.records
        loop.call_exception_handler({"message": "another", "exception": OSError(errno.EPIPE, "Broken pipe")})
        assert len(caplog.records) == 1
    loop.close()
