"""The limits on associations, exact and shared by all workers, and on descriptors, without busy loops."""

from __future__ import annotations

import re
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from daemon import OK, PROGRAM, Daemon, echo, free_port, limit_descriptors, wait_until
from journal import Journal
from peer import PATIENCE, SLACK, Peer
from replies import AssociateAC, AssociateRJ, Reply
from wire import associate_rq, p_data, pdv

Start = Callable[..., Daemon]

LIMIT = AssociateRJ(2, 3, 2)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_limit_is_exact(echoscpd: Start, workers: str) -> None:
    """Forty request an association at the same moment, and seven get one, whatever the workers are."""
    scp = echoscpd("-v", "--max-associations", "7", "--workers", workers)
    for _ in range(3):
        peers = [Peer(scp.port) for _ in range(40)]
        try:
            replies = _ask_together(peers)
            granted = [p for p, r in zip(peers, replies, strict=True) if isinstance(r, AssociateAC)]
            assert len(granted) == 7
            assert replies.count(LIMIT) == 33
            for peer in granted:
                peer.echo()
                peer.release()
        finally:
            for peer in peers:
                peer.close()
        assert wait_until(lambda: _free_slots(scp, 7) == 7, 2 + SLACK), "a slot was lost"


def _ask_together(peers: list[Peer]) -> list[Reply | None]:
    """The reply to each peer when all send their A-ASSOCIATE-RQ at the same moment."""
    start = threading.Barrier(len(peers))
    replies: list[Reply | None] = [None] * len(peers)

    def ask(index: int) -> None:
        start.wait(5)
        peers[index].send(associate_rq())
        replies[index] = peers[index].receive()

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(len(peers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return replies


def _free_slots(scp: Daemon, limit: int) -> int:
    """Makes up to `limit` + 1 associations, releases them, and returns how many were accepted."""
    peers = [Peer(scp.port) for _ in range(limit + 1)]
    try:
        granted = []
        for peer in peers:
            peer.send(associate_rq())
            reply = peer.receive()
            assert isinstance(reply, AssociateAC) or reply == LIMIT
            if isinstance(reply, AssociateAC):
                granted.append(peer)
        for peer in granted:
            peer.release()
        return len(granted)
    finally:
        for peer in peers:
            peer.close()


ENDINGS: dict[str, Callable[[Peer], object]] = {
    "release": lambda peer: peer.release(),
    "abort": lambda peer: peer.send(bytes.fromhex("07000000000400000000")),
    "close": lambda peer: peer.close(),
    "reset": lambda peer: peer.reset(),
    "fault": lambda peer: peer.send(p_data(pdv(b"", length=0))),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_a_slot_is_free_again_after(echoscpd: Start, ending: Callable[[Peer], object]) -> None:
    scp = echoscpd("--max-associations", "2", "--workers", "2")
    for _ in range(3):
        peers = [scp.connect(), scp.connect()]
        for peer in peers:
            peer.associate()
        with Peer(scp.port) as third:
            third.send(associate_rq())
            assert third.receive() == LIMIT
        for peer in peers:
            ending(peer)
        assert wait_until(lambda: _free_slots(scp, 2) == 2, 2 + SLACK), "a slot was lost"
        scp.forget_peers()
        assert wait_until(lambda: _free_slots(scp, 2) == 2, 2 + SLACK), "a slot was lost"
        time.sleep(0.05)


def test_connections_and_rejected_peers_do_not_count(echoscpd: Start) -> None:
    scp = echoscpd("--max-associations", "1")
    silent = [scp.connect() for _ in range(5)]
    for _ in range(5):
        peer = scp.connect()
        peer.send(associate_rq(version=2))
        assert peer.receive() == AssociateRJ(1, 2, 2)
    silent[0].associate()
    silent[1].send(associate_rq())
    assert silent[1].receive() == LIMIT


# ---------------------------------------------------------------------------------------------
# Out of descriptors


@pytest.mark.parametrize("workers", ["1", "2"])
def test_out_of_descriptors(echoscpd: Start, journal: Journal, workers: str) -> None:
    """The limit is lowered at run time, and more peers connect than there are descriptors: those silent for
    the longest time make room, the next one is served at once, and there is no busy loop."""
    scp = echoscpd("--workers", workers, "--log-target", "journal", wrapper=journal.wrapper)
    few = scp.descriptors() + 10
    resource.prlimit(scp.pid, resource.RLIMIT_NOFILE, (few, few))
    peers = [scp.connect() for _ in range(64)]
    assert wait_until(lambda: scp.descriptors() == few, 1)
    begin = scp.cpu_seconds()
    time.sleep(1)
    assert scp.cpu_seconds() - begin < 0.2, "the program is in a busy loop"
    assert scp.descriptors() <= few
    for _ in range(3):
        echo(scp.port)
    assert not peers[0].silent_for(SLACK)
    peers[-1].associate()
    peers[-1].echo()
    peers[-1].release()
    journal.wait_for(ECHOSCP_CAUSE="out-of-descriptors", PRIORITY="3")


def test_out_of_descriptors_with_associations(echoscpd: Start) -> None:
    """With 64 descriptors and 500 silent connections, established associations are served normally, and new
    requests are accepted."""
    scp = echoscpd("--max-associations", "1000", before_exec=limit_descriptors(64, 64))
    established = [scp.connect() for _ in range(4)]
    for peer in established:
        peer.associate()
    crowd = []
    for number in range(500):
        crowd.append(scp.connect())
        established[number % 4].echo(number)
        if number % 25 == 0:
            echo(scp.port)
    for peer in established:
        peer.release()
    for peer in crowd:
        peer.close()
    assert wait_until(lambda: _served(scp.port), 3 + SLACK)


def _served(port: int) -> bool:
    try:
        echo(port)
        return True
    except (AssertionError, OSError):
        return False


def test_a_crowd_at_the_door_when_it_starts() -> None:
    """Connections that take the last descriptors before the last worker is ready must do no harm."""
    for _ in range(10):
        port = free_port()
        running = subprocess.Popen(
            [str(PROGRAM), "-ba", "127.0.0.1", "--workers", "4", str(port)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=limit_descriptors(48, 48),
        )
        crowd: list[Peer] = []
        deadline = time.monotonic() + PATIENCE
        try:
            while len(crowd) < 100 and time.monotonic() < deadline:
                with suppress(ConnectionRefusedError):
                    crowd.append(Peer(port))
                assert running.poll() is None, f"the program ended with status {running.returncode}"
            for peer in crowd:
                peer.close()
            assert wait_until(lambda port=port: _served(port), 3 + SLACK)
            running.send_signal(signal.SIGTERM)
            assert running.wait(PATIENCE) == OK
        finally:
            for peer in crowd:
                peer.close()
            if running.poll() is None:
                running.kill()
                running.wait()


def test_the_soft_limit_is_raised(echoscpd: Start) -> None:
    scp = echoscpd(before_exec=limit_descriptors(64, 512))
    text = Path(f"/proc/{scp.pid}/limits").read_text()
    assert re.search(r"Max open files\s+512\s+512\b", text), text
    for _ in range(200):
        scp.connect().associate()
    assert scp.descriptors() > 200
