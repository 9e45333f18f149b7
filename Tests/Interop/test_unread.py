"""Peers that send and do not read: only a few of them stay connected, and they take little memory, including
the kernel's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import SANITIZER, Daemon, echo, wait_until
from footprint import KIB, MIB
from journal import Journal
from kernel import connections
from peer import SLACK, Peer
from unread import Cost, connect_without_reading, stuff
from wire import echo_rq

Start = Callable[..., Daemon]

STALLED, STALLED_OF_ONE = 64, 8
"""The most such peers at once, from all addresses and from one."""
MOST = 40 * MIB

pytestmark = pytest.mark.skipif(
    bool(SANITIZER), reason="a sanitizer, which uses additional memory and is slow"
)


class Client:
    """A good client that echoes during the block."""

    def __init__(self, scp: Daemon) -> None:
        self._peer = scp.connect(source="127.51.0.1")
        self._peer.associate()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.slowest, self.problem = 0.0, None

    def _run(self) -> None:
        try:
            while not self._end.wait(0.01):
                begin = time.monotonic()
                self._peer.echo()
                self.slowest = max(self.slowest, time.monotonic() - begin)
        except (AssertionError, OSError) as problem:
            self.problem = problem

    def __enter__(self) -> Client:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(10)


@pytest.mark.parametrize("workers", ["1", "4"])
@pytest.mark.parametrize(("addresses", "most"), [(60, STALLED), (1, STALLED_OF_ONE)])
def test_300_that_never_read(echoscpd: Start, addresses: int, most: int, workers: str) -> None:
    """Each sends echoes while the program takes them. As new peers come, the oldest are closed."""
    scp = echoscpd("--workers", workers)
    before = scp.settled_descriptors()
    cost = Cost(scp)
    sources = [f"127.50.0.{number}" for number in range(1, addresses + 1)]
    with Client(scp) as client:
        crowd = connect_without_reading(scp, sources, 300)
        stuff(crowd, 20_000, seconds=3)
        stay, both = scp.descriptors() - before - 1, cost.both
        echo(scp.port)
    print(f"{stay} stay, {both / MIB:.1f} MiB, an echo took {1e3 * client.slowest:.1f} ms at most")
    assert stay <= most
    assert both < MOST
    assert client.problem is None and client.slowest < SLACK


@pytest.mark.parametrize("workers", ["1", "4"])
def test_2000_with_little_to_read(echoscpd: Start, workers: str) -> None:
    """Each sends 24 KiB of echoes at once: hardly more than one buffer holds, but there are many peers."""
    scp = echoscpd("--workers", workers)
    cost = Cost(scp)
    sources = [f"127.50.1.{number}" for number in range(1, 101)]
    crowd = connect_without_reading(scp, sources, 2000)
    stuff(crowd, 24 * KIB // len(echo_rq()), seconds=2)
    wait_until(lambda: cost.both < MOST, 2)
    print(f"{len(connections(scp.port))} stay, {cost.both / MIB:.1f} MiB")
    assert cost.both < MOST
    echo(scp.port)


def _trickle(peer: Peer, octets: int, pause: float, until: float) -> None:
    """Reads `octets` bytes now and then, until the connection ends or the time is up."""
    peer.socket.settimeout(1)
    while time.monotonic() < until:
        try:
            if not peer.socket.recv(octets):
                return
        except OSError:
            return
        time.sleep(pause)


def test_a_peer_that_reads_a_little(echoscpd: Start, tmp_path: Path) -> None:
    """A peer that reads 2,300 bytes a second always lags behind, and is closed after twice the timeout."""
    journal = Journal(tmp_path / "journal")
    scp = echoscpd("-tn", "1", "--log-target", "journal", wrapper=journal.wrapper)
    before = scp.settled_descriptors()
    (peer,) = connect_without_reading(scp, ["127.52.0.1"], 1)
    stuff([peer], 20_000, seconds=0.3)
    begin = time.monotonic()
    reader = threading.Thread(
        target=_trickle, args=(peer, 230, 0.1, begin + 6 + 2 * SLACK), daemon=True
    )
    reader.start()
    assert wait_until(lambda: scp.descriptors() == before, 2 + SLACK), "the peer is still connected"
    assert time.monotonic() - begin > 1.5, "the peer was closed too early"
    reader.join(10)
    assert wait_until(
        lambda: any(one.get("ECHOSCP_CAUSE") == ["stalled-receiver"] for one in journal.read())
    )


def test_a_peer_that_reads_a_mebibyte_a_second(echoscpd: Start) -> None:
    """This peer also lags behind, for four times the timeout, but it reads enough to stay."""
    scp = echoscpd("-tn", "1")
    peer = scp.connect(receive_buffer=1 << 16)
    peer.associate()
    sender = peer.send_aside(echo_rq() * 100_000)
    end = time.monotonic() + 4
    while time.monotonic() < end:
        left = 64 * KIB
        while left:
            octets = peer.socket.recv(left)
            assert octets, "closed although the peer reads"
            left -= len(octets)
        time.sleep(0.05)
    peer.close()
    sender.join(5)
