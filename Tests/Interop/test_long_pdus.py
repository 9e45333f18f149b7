"""Peers in the middle of long PDUs are served in turn, and none of them starves."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable

from daemon import Daemon, wait_until
from footprint import KIB
from kernel import connections
from peer import Peer
from replies import AssociateAC
from test_known_failures_requests import of_sub_items
from wire import item

COUNT = 128
"""Twice as many peers as the poller reports in one round."""
REQUEST = of_sub_items(200 * KIB, item(0x5F, bytes(1000)))
BEGINNING = 10_000
TURN = 4 * KIB
FEW = 4
"""The turns by which one peer may be ahead of another, since its buffer may have held more."""


def _run_for(scp: Daemon, seconds: float) -> None:
    """Lets the suspended program run for a moment."""
    scp.send_signal(signal.SIGCONT)
    time.sleep(seconds)
    scp.halt()


def _are_answered(crowd: list[Peer]) -> bool:
    return all(peer.unread() for peer in crowd)


def test_all_of_them_have_their_turns(echoscpd: Callable[..., Daemon]) -> None:
    """All of them have bytes to read at any time, and all progress equally."""
    scp = echoscpd("--workers", "1", "--max-bytes-per-wakeup", str(TURN))
    crowd = [scp.connect() for _ in range(COUNT)]
    for peer in crowd:
        peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * len(REQUEST))
        peer.send(REQUEST[:BEGINNING])
    assert wait_until(lambda: all(one.taken == BEGINNING for one in connections(scp.port)))
    scp.halt()
    looks, most = 0, 0
    try:
        for peer in crowd:
            peer.send(REQUEST[BEGINNING:])
        while not _are_answered(crowd) and looks < 1000:
            _run_for(scp, 0.003)
            taken = [one.taken for one in connections(scp.port)]
            assert len(taken) == COUNT
            most = max(most, max(taken) - min(taken))
            looks += 1
            assert most <= FEW * TURN, f"{most} bytes apart at look {looks}: {sorted(taken)}"
    finally:
        scp.send_signal(signal.SIGCONT)
    for peer in crowd:
        assert isinstance(peer.receive(), AssociateAC)
    print(f"never more than {most} bytes apart, at {looks} looks")
    assert looks > 5, "the program was too fast to be observed"
    assert scp.warnings() == []
