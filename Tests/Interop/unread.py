"""Peers that send echoes and read nothing, and what their answers cost."""

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
"""What the kernel makes of the smallest SO_RCVBUF there is."""

QUIET = 0.3
"""Seconds in which nothing more is taken; then nothing will be."""


def connect_without_reading(scp: Daemon, sources: Sequence[str], count: int) -> list[Peer]:
    """From these addresses in turn; each with as little room for answers as there may be."""
    return [
        scp.connect(source=sources[number % len(sources)], receive_buffer=SMALLEST_BUFFER // 2)
        for number in range(count)
    ]


def stuff(peers: Sequence[Peer], echoes: int, seconds: float) -> None:
    """Each sends its request and so many echoes, until no more of them are taken, or for so long.
    Whoever is closed has sent enough."""
    octets = associate_rq() + echo_rq() * echoes
    poller = select.epoll()
    rest = {}
    for peer in peers:
        peer.socket.setblocking(False)
        # What the program does not take does not have to be kept either.
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
    """What the program takes more than before, in memory of its own and in the kernel's."""

    def __init__(self, scp: Daemon) -> None:
        self._scp, self._before = scp, resident(scp)

    @property
    def kernel(self) -> int:
        return kernel_memory(self._scp.port)

    @property
    def both(self) -> int:
        return self.kernel + resident(self._scp) - self._before
