"""Many peers at once: two hundred active ones, and as many idle ones as there are descriptors."""

from __future__ import annotations

import resource
import subprocess
import threading
import time
from collections.abc import Callable

import pytest

from daemon import SANITIZER, Daemon, limit_descriptors, wait_until
from peer import SLACK, Peer
from replies import RELEASED, AssociateAC, EchoResponse
from wire import associate_rq, echo_rq, release_rq

Start = Callable[..., Daemon]

FEWEST, MOST = 8_000, 20_000
"""Associations held open at once: the least for a meaningful test, and the most that it has time for."""
RESERVE = 300
"""Descriptors that the program and this process need for other purposes."""


@pytest.mark.parametrize("workers", ["1", "2"])
def test_two_hundred_at_once(echoscpd: Start, workers: str) -> None:
    """Each has its own thread: all connect before the first sends a request, and each echoes ten times."""
    scp = echoscpd("--workers", workers)
    before = scp.settled_descriptors()
    start = threading.Barrier(200)
    problems: list[BaseException] = []

    def converse(number: int) -> None:
        try:
            with Peer(scp.port) as peer:
                start.wait(30)
                peer.associate(calling=f"PEER{number}")
                for message_id in range(10):
                    peer.echo(message_id + number)
                peer.release()
        except BaseException as problem:  # the main thread reports it
            problems.append(problem)

    threads = [threading.Thread(target=converse, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not [thread for thread in threads if thread.is_alive()]
    assert not problems, f"{len(problems)} of 200: {problems[0]!r}"
    assert wait_until(lambda: scp.descriptors() == before)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_two_hundred_processes_of_echoscu(echoscpd: Start, echoscu_path: str, workers: str) -> None:
    """They run in four batches, because starting a process takes longer than an echo."""
    scp = echoscpd("-v", "--workers", workers)
    command = [echoscu_path, scp.host, str(scp.port)]
    for _ in range(4):
        batch = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(50)]
        try:
            assert [child.wait(60) for child in batch] == [0] * 50
        finally:
            for child in batch:
                if child.poll() is None:
                    child.kill()
                    child.wait()
    lines = scp.stop()
    assert len(lines) == 600
    assert len([line for line in lines if "Received Echo Request (MsgID 1)" in line]) == 200


def test_two_hundred_that_pipeline(echoscpd: Start) -> None:
    """Each sends a hundred echoes before any answer is read."""
    scp = echoscpd("--workers", "2")
    peers = [scp.connect() for _ in range(200)]
    for peer in peers:
        peer.send(associate_rq(), *map(echo_rq, range(100)), release_rq())
    for peer in peers:
        assert isinstance(peer.receive(), AssociateAC)
        assert [peer.receive_echo() for _ in range(100)] == [EchoResponse(n) for n in range(100)]
        assert peer.receive() == RELEASED


@pytest.mark.alone
@pytest.mark.parametrize("workers", ["1", "2"])
def test_thousands_held_open(echoscpd: Start, workers: str) -> None:
    """All are associated before the first echo; none is lost, and no descriptor leaks."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = min(hard - RESERVE, MOST)
    if count < FEWEST:
        pytest.skip(
            f"the hard limit of descriptors is {hard}: {count} associations instead of {FEWEST}"
        )
    if SANITIZER:
        count = FEWEST
    scp = echoscpd(
        "--workers", workers, "--max-associations", str(count),
        "-ta", "120", "-tn", "120",
        before_exec=limit_descriptors(hard, hard),
    )  # fmt: skip
    before = scp.settled_descriptors()
    peers: list[Peer] = []
    begin = time.monotonic()
    try:
        for number in range(count):
            # A source address has 28,000 ports; one for every 2,000 leaves room for TIME_WAIT.
            peer = Peer(scp.port, source=f"127.0.1.{number // 2000 + 1}")
            peers.append(peer)
            peer.associate()
        held = time.monotonic() - begin
        assert scp.descriptors() == before + count

        for number, peer in enumerate(peers):
            peer.send(echo_rq(number & 0xFFFF))
        for number, peer in enumerate(peers):
            assert peer.receive_echo() == EchoResponse(number & 0xFFFF)
        echoed = time.monotonic() - begin - held

        for peer in peers:
            peer.send(release_rq())
        for peer in peers:
            assert peer.receive() == RELEASED
    finally:
        for peer in peers:
            peer.close()
    assert wait_until(lambda: scp.descriptors() == before, 5 + SLACK), "descriptors leaked"
    print(f"{count} associations held after {held:.1f} s, echoed in {echoed:.1f} s")
    with scp.connect() as peer:
        peer.associate()
        peer.echo()
        peer.release()
