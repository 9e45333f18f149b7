"""What one address can take, and what everybody without an association can: bounded, and told."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from daemon import Daemon, wait_until
from peer import SLACK, Peer
from replies import AssociateAC, AssociateRJ
from test_limits import LIMIT
from wire import ASSOCIATE_RQ, associate_rq, pdu

Start = Callable[..., Daemon]


def _asks(peer: Peer) -> AssociateAC | AssociateRJ:
    peer.send(associate_rq())
    reply = peer.receive()
    assert isinstance(reply, AssociateAC | AssociateRJ)
    return reply


def _warnings(scp: Daemon, word: str) -> list[str]:
    return [line for line in scp.stop() if line.startswith("W: ") and word in line]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_associations_of_one_address(echoscpd: Start, workers: str) -> None:
    """Each address has its own number, however many workers there are."""
    scp = echoscpd("--max-associations-per-address", "2", "--workers", workers)
    for source in ("127.0.0.1", "127.0.0.2", "127.1.2.3"):
        answers = [_asks(scp.connect(source=source)) for _ in range(5)]
        assert [answer == LIMIT for answer in answers] == [False, False, True, True, True]
    lines = _warnings(scp, "max-associations")
    assert len(lines) == 9
    assert lines[0].endswith(
        "association rejected: local limit exceeded: max-associations-per-address (2) is reached"
    )


def test_an_ipv4_address_is_the_same_in_both_forms(echoscpd: Start) -> None:
    """One socket for both families sees IPv4 peers in their mapped form."""
    scp = echoscpd("--max-associations-per-address", "1", host="::ffff:127.0.0.1")
    with scp.connect(host="127.0.0.1") as first, scp.connect(host="127.0.0.1") as second:
        assert isinstance(_asks(first), AssociateAC)
        assert _asks(second) == LIMIT


def test_a_place_at_an_address_is_free_again(echoscpd: Start) -> None:
    """At once after a release, and as soon as it is seen that the peer is gone."""
    scp = echoscpd("--max-associations-per-address", "1", "--workers", "2")
    for _ in range(100):
        assert _is_free(scp)
    for _ in range(20):
        peer = scp.connect()
        assert isinstance(_asks(peer), AssociateAC)
        peer.reset()
        assert wait_until(lambda: _is_free(scp), SLACK)


def _is_free(scp: Daemon) -> bool:
    with scp.connect() as peer:
        is_free = isinstance(_asks(peer), AssociateAC)
        if is_free:
            peer.release()
        return is_free


def test_connections_in_a_second(echoscpd: Start) -> None:
    """The others are closed unread. That is told once a second, not for each of them.

    They come around the border of two seconds of the clock, which lets nobody in.
    """
    scp = echoscpd("--max-connection-rate", "5")
    served = 0
    # The connection that found it listening counts for as long.
    time.sleep(1.2)
    time.sleep(1 - (time.monotonic() + 0.01) % 1)
    for _ in range(60):
        with suppress(OSError), scp.connect() as peer:
            peer.send(associate_rq())
            served += isinstance(peer.receive(), AssociateAC)
    with scp.connect(source="127.0.0.9") as other:
        assert isinstance(_asks(other), AssociateAC)
    assert served == 5
    lines = _warnings(scp, "closed unread")
    assert len(lines) == 1
    assert lines[0].endswith(
        "connection closed unread: more than 5 connections in a second (max-connection-rate)"
    )


def test_those_without_an_association(echoscpd: Start) -> None:
    """The oldest of them go. How many is told about once a second, with the limit."""
    scp = echoscpd("--max-pending", "20", "--workers", "2")
    before = scp.settled_descriptors()
    established = scp.connect()
    established.associate()
    silent = [scp.connect() for _ in range(300)]
    assert wait_until(lambda: scp.descriptors() <= before + 22, SLACK)
    for _ in range(5):
        with scp.connect() as good:
            assert isinstance(_asks(good), AssociateAC)
            good.echo()
            good.release()
    established.echo()
    assert 15 <= sum(peer.silent_for(0.005) for peer in silent) <= 20
    time.sleep(1.1)
    lines = _warnings(scp, "to make room")
    counts = [int(line.split()[1]) for line in lines]
    assert sum(counts) >= 280 and len(lines) <= 6
    for line in lines:
        assert "max-pending (20) is reached" in line and re.search(r"of 127\.0\.0\.1:\d+$", line)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_those_of_one_address(echoscpd: Start, workers: str) -> None:
    """A scanner that holds its connections takes nothing from a device."""
    scp = echoscpd("--max-pending-per-address", "8", "--workers", workers)
    before = scp.settled_descriptors()
    device = [scp.connect(source="127.0.0.2") for _ in range(3)]
    scanner = [scp.connect(source="127.0.0.3") for _ in range(100)]
    assert wait_until(lambda: scp.descriptors() <= before + 11, SLACK)
    assert wait_until(lambda: sum(peer.silent_for(0.005) for peer in scanner) == 8, 2 + SLACK)
    for peer in device:
        assert isinstance(_asks(peer), AssociateAC)
    assert _warnings(scp, "max-pending-per-address (8) is reached")


def test_memory_for_requests_in_pieces(echoscpd: Start) -> None:
    """Whoever comes when it is used up is told to try again later, and can when it is free again."""
    scp = echoscpd("--workers", "1", "--partial-pdu-memory", "64K")
    half = pdu(ASSOCIATE_RQ, bytes(12_000), length=256 << 10)
    hoarders = [scp.connect() for _ in range(8)]
    for peer in hoarders:
        peer.send(half)
        assert peer.silent_for(0.1)
    late = scp.connect()
    late.send(half)
    assert late.receive() == AssociateRJ(2, 3, 1)
    with scp.connect() as good:
        assert isinstance(_asks(good), AssociateAC)
        good.echo()
    held = scp.descriptors()
    for peer in hoarders:
        peer.reset()
    assert wait_until(lambda: scp.descriptors() <= held - len(hoarders), SLACK)
    again = scp.connect()
    again.send(half)
    assert again.silent_for(0.2)
    assert _warnings(scp, "temporary congestion")
