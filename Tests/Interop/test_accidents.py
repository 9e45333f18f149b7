"""What happens to a daemon that has nothing to do with DICOM, and must not matter."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from daemon import OK, Daemon, echo, wait_until
from peer import Peer
from wire import associate_rq, echo_command, echo_rq, p_data, pdv, release_rq

Start = Callable[..., Daemon]


def test_a_closed_stderr_pipe_does_not_matter(echoscpd: Start) -> None:
    reading, writing = os.pipe()
    try:
        scp = echoscpd("-v", stderr=writing)
    finally:
        os.close(writing)
        os.close(reading)
    for _ in range(3):
        echo(scp.port)
    scp.connect().send(b"GET / HTTP/1.1\r\n\r\n")
    time.sleep(0.1)
    echo(scp.port)


def test_started_without_standard_descriptors(echoscpd: Start) -> None:
    """Then the first sockets could become 0, 1 and 2, and log lines go to a peer."""

    def close_them() -> None:
        for descriptor in (0, 1, 2):
            os.close(descriptor)

    scp = echoscpd("-v", before_exec=close_them)
    peers = [scp.connect() for _ in range(4)]
    for peer in peers:
        peer.associate()
    for peer in peers:
        peer.echo()
        peer.release()
        assert peer.silent_for(0.05)


def test_a_full_stderr_pipe_stops_nobody(echoscpd: Start) -> None:
    """Whoever reads the log may stall; the peers must not."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as log:
        try:
            scp = echoscpd("-v", stderr=writing)
        finally:
            os.close(writing)
        peer = scp.connect()
        peer.associate()
        for number in range(4000):  # 140 kB of lines into a pipe of 64 kB
            peer.echo(number)
        peer.release()
        peer.close()
        scp.send_signal(signal.SIGTERM)
        reader = threading.Thread(target=log.read, daemon=True)
        reader.start()
        assert scp.wait(5) == OK
        reader.join(5)


def test_sigpipe_is_ignored(echoscpd: Start) -> None:
    scp = echoscpd()
    scp.send_signal(signal.SIGPIPE)
    time.sleep(0.1)
    echo(scp.port)


RESETS: dict[str, list[bytes]] = {
    "before a byte": [],
    "inside a request": [associate_rq()[:50]],
    "before the A-ASSOCIATE-AC is read": [associate_rq()],
    "with echoes unread": [associate_rq(), echo_rq() * 99],
    "inside a message": [associate_rq(), p_data(pdv(echo_command()[:9], last=False))],
    "before the A-RELEASE-RP is read": [associate_rq(), release_rq()],
    "after a fault": [b"\xff" * 100],
}


@pytest.mark.parametrize("octets", RESETS.values(), ids=RESETS)
def test_a_peer_that_resets(scp: Daemon, octets: list[bytes]) -> None:
    before = scp.settled_descriptors()
    for pause in (0, 0, 0.01, 0.03):
        peer = Peer(scp.port)
        for part in octets:
            peer.send(part)
        time.sleep(pause)
        peer.reset()
    echo(scp.port)
    assert wait_until(lambda: scp.descriptors() == before), "a descriptor is left behind"
