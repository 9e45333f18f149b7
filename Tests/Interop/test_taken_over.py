"""Attempts of an attacker in control of the program to connect a passed socket to another host.

The unit forbids connect(2). That leaves MSG_FASTOPEN, which connects a socket by sending on it, even a
listening one after a shutdown(2).
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Callable, Iterator

import pytest

import taken_over
from daemon import SANITIZER, Daemon, Passed, echo
from taken_over import TakenOver, came_from, message, send

Start = Callable[..., Daemon]
PASSED = 3
REFUSED = -errno.EPERM

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can trace this program"),
    pytest.mark.skipif(bool(SANITIZER), reason="a sanitizer has its own threads"),
]


@pytest.fixture
def elsewhere() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one


def address(of: socket.socket) -> bytes:
    host, port = of.getsockname()
    return struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + socket.inet_aton(host) + bytes(8)


WAYS = ["sendto", "sendmsg", "sendmmsg"]


@pytest.mark.parametrize("by", WAYS)
def test_the_passed_socket_is_not_connected(
    echoscpd: Start, listener: socket.socket, elsewhere: socket.socket, by: str
) -> None:
    scp = echoscpd(passed=Passed(listener))
    with TakenOver(scp.pid) as it:
        shut = it.call(taken_over.SHUTDOWN, PASSED, socket.SHUT_RDWR)
        sent = send(it, by, PASSED, socket.MSG_FASTOPEN, address(elsewhere))
    origin = came_from(elsewhere)
    print(f"shutdown: {shut}; {by}: {sent}; a connection came from {origin}")
    assert origin is None
    assert (shut, sent) == (REFUSED, REFUSED)
    # The socket still works for the program.
    echo(scp.port)


@pytest.mark.parametrize("by", WAYS)
def test_what_is_needed_is_allowed(echoscpd: Start, by: str) -> None:
    """The program may send without that flag, and shut down its own sockets."""
    scp = echoscpd()
    with TakenOver(scp.pid) as it:
        place = it.put(bytes(8))
        assert it.call(53, socket.AF_UNIX, socket.SOCK_STREAM, 0, place) == 0
        pair = struct.unpack("=ii", it._read(place, 8))
        assert send(it, by, pair[0], 0) == 1
        assert send(it, by, pair[0], socket.MSG_FASTOPEN) == REFUSED
        assert it.call(taken_over.SHUTDOWN, pair[0], socket.SHUT_RDWR) == 0
    echo(scp.port)


def test_no_other_table_of_calls_is_a_way_round(echoscpd: Start) -> None:
    """Neither the 32-bit system calls nor io_uring, whose calls no filter sees, get around the filter."""
    scp = echoscpd()
    with TakenOver(scp.pid) as it:
        place = it.put(message(it, b""))
        assert it.call(taken_over.SENDMSG_X32, 0, place, 0) == REFUSED
        queue = it.put(bytes(128))
        assert it.call(taken_over.IO_URING_SETUP, 4, queue) == REFUSED
        others = it.call(taken_over.SENDMSG_I386, -1, 0, 0, instruction=b"\xcd\x80")
        # The kernel may also have no 32-bit system calls at all.
        assert others in (REFUSED, -errno.ENOSYS)
    echo(scp.port)


def test_a_reply_is_written(echoscpd: Start) -> None:
    """The filter is on every thread. The unit also forbids sendto(2), so replies are sent with write(2)."""
    scp = echoscpd()
    status = open(f"/proc/{scp.pid}/status").read()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["Seccomp"] == "2" and fields["NoNewPrivs"] == "1"
    assert len(os.listdir(f"/proc/{scp.pid}/task")) >= 3
    for thread in os.listdir(f"/proc/{scp.pid}/task"):
        text = open(f"/proc/{scp.pid}/task/{thread}/status").read()
        assert "Seccomp:\t2" in text, thread
