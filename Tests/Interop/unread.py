"""Peers that send echoes and read nothing, and the memory that their answers take."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Sequence
from contextlib import suppress

from daemon import Daemon
from footprint import resident
from kernel import kernel_memory
from peer import Peer
from wire import associate_rq, echo_rq

SMALLEST_BUFFER = 2304
"""The kernel's value for the smallest possible SO_RCVBUF."""

QUIET = 0.3
"""If the program takes nothing for this many seconds, it takes nothing more."""


def connect_without_reading(scp: Daemon, sources: Sequence[str], count: int) -> list[Peer]:
    """Connects from these addresses in turn, each with the smallest receive buffer."""
    return [
        scp.connect(source=sources[number % len(sources)], receive_buffer=SMALLEST_BUFFER // 2)
        for number in range(count)
    ]


def stuff(peers: Sequence[Peer], echoes: int, seconds: float) -> None:
    """Each peer sends its request and up to `echoes` echoes, until the program takes no more, the time is up,
    or the program closes the connection."""
    octets = associate_rq() + echo_rq() * echoes
    poller = select.epoll()
    rest = {}
    for peer in peers:
        peer.socket.setblocking(False)
        # The kernel need not buffer bytes that the program does not take.
        peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 << 10)
        rest[peer.socket.fileno()] = (peer.socket, memoryview(octets))
        poller.register(peer.socket, select.EPOLLOUT)
    end = time.monotonic() + seconds
    with poller:
        while rest and (left := end - time.monotonic()) > 0:
            ready = poller.poll(min(left, QUIET), 256)
            if not ready:
                return
            for number, _ in ready:
                one, what = rest.pop(number)
                with suppress(OSError):
                    what = what[one.send(what) :]
                    if what:
                        rest[number] = one, what
                        continue
                poller.unregister(number)


class Cost:
    """The additional memory of the program since the start, its own and the kernel's."""

    def __init__(self, scp: Daemon) -> None:
        self._scp, self._before = scp, resident(scp)

    @property
    def kernel(self) -> int:
        return kernel_memory(self._scp.port)

    @property
    def both(self) -> int:
        return self.kernel + resident(self._scp) - self._before
