"""Limits for one address and for all connections without an association, and their log lines."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from daemon import Daemon, wait_until
from journal import Journal, occurrences
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


@pytest.mark.parametrize("workers", ["1", "2"])
def test_associations_of_one_address(echoscpd: Start, journal: Journal, workers: str) -> None:
    """Each address has its own count, shared by all workers."""
    scp = echoscpd(
        "--max-associations-per-address", "2", "--workers", workers, "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip
    for source in ("127.0.0.1", "127.0.0.2", "127.1.2.3"):
        answers = [_asks(scp.connect(source=source)) for _ in range(5)]
        assert [answer == LIMIT for answer in answers] == [False, False, True, True, True]
    journal.read_until_it_stops(scp)
    entries = journal.find(ECHOSCP_CAUSE="too-many-from-address", PRIORITY="4")
    assert occurrences(entries) == 9
    assert {entry["DICOM_REASON"][0] for entry in entries} == {"A-ASSOCIATE-RJ 2/3/2"}


def test_an_ipv4_address_is_the_same_in_both_forms(echoscpd: Start) -> None:
    """A socket for both families sees IPv4 peers as mapped addresses."""
    scp = echoscpd("--max-associations-per-address", "1", host="::ffff:127.0.0.1")
    with scp.connect(host="127.0.0.1") as first, scp.connect(host="127.0.0.1") as second:
        assert isinstance(_asks(first), AssociateAC)
        assert _asks(second) == LIMIT


def test_a_place_at_an_address_is_free_again(echoscpd: Start) -> None:
    """At once after a release, and as soon as the program notices that the peer is gone."""
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


def test_connections_in_a_second(echoscpd: Start, journal: Journal) -> None:
    """The other connections are closed unread, which is logged once a second, not for each of them.

    They come around a full second of the clock, which must not admit additional ones.
    """
    scp = echoscpd(
        "--max-connection-rate", "5", "--log-target", "journal", wrapper=journal.wrapper
    )
    served = 0
    # Earlier connections count for up to 1.2 seconds.
    time.sleep(1.2)
    time.sleep(1 - (time.monotonic() + 0.01) % 1)
    for _ in range(60):
        with suppress(OSError), scp.connect() as peer:
            peer.send(associate_rq())
            served += isinstance(peer.receive(), AssociateAC)
    with scp.connect(source="127.0.0.9") as other:
        assert isinstance(_asks(other), AssociateAC)
    assert served == 5
    journal.read_until_it_stops(scp)
    entries = journal.find(ECHOSCP_CAUSE="too-many-from-address", PRIORITY="4")
    assert occurrences(entries) == 1
    assert entries[0]["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]


def test_those_without_an_association(echoscpd: Start, journal: Journal) -> None:
    """The oldest connections are closed. The log gives their number and the limit about once a second."""
    scp = echoscpd(
        "--max-pending", "20", "--workers", "2", "--log-target", "journal", "-ll", "debug",
        wrapper=journal.wrapper,
    )  # fmt: skip
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
    journal.read_until_it_stops(scp)
    entries = journal.find(ECHOSCP_CAUSE="too-many-pending", PRIORITY="4")
    assert occurrences(entries) >= 280 and len(entries) <= 6
    for entry in entries:
        assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"] and entry["DICOM_PEER_PORT"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_those_of_one_address(echoscpd: Start, journal: Journal, workers: str) -> None:
    """A scanner that holds its connections does not affect a device at another address."""
    scp = echoscpd(
        "--max-pending-per-address", "8", "--workers", workers, "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip
    before = scp.settled_descriptors()
    device = [scp.connect(source="127.0.0.2") for _ in range(3)]
    scanner = [scp.connect(source="127.0.0.3") for _ in range(100)]
    assert wait_until(lambda: scp.descriptors() <= before + 11, SLACK)
    assert wait_until(lambda: sum(peer.silent_for(0.005) for peer in scanner) == 8, 2 + SLACK)
    for peer in device:
        assert isinstance(_asks(peer), AssociateAC)
    journal.wait_for(ECHOSCP_CAUSE="too-many-from-address", DICOM_PEER_ADDRESS="127.0.0.3")
    assert not journal.find(ECHOSCP_CAUSE="too-many-from-address", DICOM_PEER_ADDRESS="127.0.0.2")


def test_memory_for_requests_in_pieces(echoscpd: Start, journal: Journal) -> None:
    """A request that finds it used up is rejected temporarily, and accepted again once some is free."""
    scp = echoscpd(
        "--workers", "1", "--partial-pdu-memory", "64K", "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip
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
    journal.wait_for(ECHOSCP_CAUSE="partial-pdu-memory", DICOM_REASON="A-ASSOCIATE-RJ 2/3/1")
