"""Peers take turns: one with a short PDU does not wait for those with long ones."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

from daemon import Daemon, wait_until
from flooder import largest_request
from footprint import is_idle
from peer import Peer
from wire import echo_rq

TOGETHER = 12
"""The number of requests of 256 KiB that are completed at the same moment."""
STAMP = 35
"""SO_TIMESTAMPNS, and the type of its control messages with the kernel's time of arrival."""


def answered_at(peer: Peer) -> tuple[int, int]:
    """The arrival of the first byte of an answer, in seconds and nanoseconds of the kernel's clock, which does
    not depend on delays of this process."""
    _, attached, _, _ = peer.socket.recvmsg(1, socket.CMSG_SPACE(16))
    ((_, kind, stamp),) = attached
    assert kind == STAMP
    seconds, nanoseconds = struct.unpack("@qq", stamp)
    return seconds, nanoseconds


def test_an_echo_waits_for_one_long_request_at_most(echoscpd: Callable[..., Daemon]) -> None:
    scp = echoscpd("--workers", "1")
    request = largest_request()
    good = scp.connect()
    good.associate()
    crowd = [scp.connect() for _ in range(TOGETHER)]
    for peer in (good, *crowd):
        peer.socket.setsockopt(socket.SOL_SOCKET, STAMP, 1)
    for peer in crowd:
        peer.send(request[:-1])
    assert wait_until(lambda: is_idle(scp)), "the program does not become idle"

    with scp.halted():
        for peer in crowd:
            peer.send(request[-1:])
        good.send(echo_rq())
        assert wait_until(lambda: all(peer.has_arrived() for peer in (good, *crowd)))

    echoed = answered_at(good)
    assert sum(answered_at(peer) < echoed for peer in crowd) <= 1
