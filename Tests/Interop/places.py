"""The program's places for connections, and crowds of peers that take them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from daemon import Daemon
from peer import PATIENCE, Peer
from replies import ABORTED, AssociateAC, AssociateRJ, EchoResponse, Reply
from wire import associate_rq, echo_rq

FULL = AssociateRJ(2, 3, 2)
"""The answer to a request when all associations are taken."""


@dataclass(frozen=True)
class Places:
    """The number of places, calculated from the numbers of descriptors and workers."""

    descriptors: int
    workers: int

    @property
    def connections(self) -> int:
        """Connections of every kind."""
        return self.descriptors - (64 if self.descriptors >= 256 else 24) - 4 * self.workers

    @property
    def pending(self) -> int:
        """Connections without an association."""
        return max(min(64, self.connections // 2), self.connections // 4)

    @property
    def associations(self) -> int:
        return self.connections - self.pending


def ask(peer: Peer, request: bytes | None = None) -> Reply:
    """Sends a request and returns the answer, or the end of the stream if the connection is already closed."""
    with suppress(OSError):
        peer.send(request or associate_rq())
    return peer.receive()


def take_all(scp: Daemon, *sources: str) -> list[Peer]:
    """Takes associations from these addresses in turn until a request is rejected because all are taken."""
    taken: list[Peer] = []
    for number in range(5000):
        peer = scp.connect(source=sources[number % len(sources)])
        if (reply := ask(peer)) == FULL:
            peer.close()
            return taken
        assert isinstance(reply, AssociateAC), f"after {len(taken)} associations: {reply}"
        taken.append(peer)
    raise AssertionError("5000 associations, and still no rejection")


def echo_all(peers: Iterable[Peer], pause: float = 0.0) -> None:
    """Sends an echo on each in turn, so that the first has been idle longest afterwards."""
    for number, peer in enumerate(peers):
        peer.echo(number & 0xFFFF)
        time.sleep(pause)


def aborted(peers: Sequence[Peer]) -> list[int]:
    """The indexes of the peers that were aborted; the others must have received nothing."""
    ended = [number for number, peer in enumerate(peers) if not peer.silent_for(0.001)]
    for number in ended:
        assert (reply := peers[number].receive()) == ABORTED, f"number {number} heard {reply}"
    return ended


def power_on(scp: Daemon, sources: Sequence[str]) -> None:
    """One device per source does everything together, as after a power failure: associate, echo, release.
    Each of them must be served."""
    devices = []
    for source in sources:
        devices.append(scp.connect(source=source))
        devices[-1].send(associate_rq())
    for number, device in enumerate(devices):
        reply = device.receive()
        assert isinstance(reply, AssociateAC), f"device {number} at {sources[number]}: {reply}"
    for number, device in enumerate(devices):
        device.send(echo_rq(number))
    for number, device in enumerate(devices):
        assert device.receive_echo() == EchoResponse(number)
    for device in devices:
        device.release()
        device.close()


class Knocking:
    """Connects from these addresses in turn during the block, keeps the connections and sends nothing."""

    def __init__(self, port: int, sources: Sequence[str], pause: float = 0.001) -> None:
        self._port, self._sources, self._pause = port, sources, pause
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._knock, daemon=True)
        self.made = 0
        """The number of connections made so far."""

    def __enter__(self) -> Knocking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(2 * PATIENCE)

    def _knock(self) -> None:
        held: list[socket.socket] = []
        try:
            while not self._end.wait(self._pause):
                one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
                held.append(one)
                one.settimeout(PATIENCE)
                one.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
                with suppress(OSError):
                    one.bind((self._sources[self.made % len(self._sources)], 0))
                    one.connect(("127.0.0.1", self._port))
                    self.made += 1
                # By now the program has long closed the oldest one.
                if len(held) > 2000:
                    held.pop(0).close()
        finally:
            for one in held:
                one.close()
