"""Sta13: the association has ended, and the requestor should close the connection.

A release, a rejection and both kinds of abort lead there.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daemon import Daemon, wait_until
from peer import SLACK, Peer
from replies import ABORTED, CLOSED, Abort, AssociateAC, EndOfStream
from upper_layer import ABORTS, FAULTS_IN_STA6, WRONG_VERSION, established
from wire import (
    RELEASE_RP,
    RELEASE_RQ,
    application_context,
    associate_ac,
    associate_rj,
    associate_rq,
    context,
    echo_rq,
    p_data,
    pdu,
    pdv,
    release_rp,
    release_rq,
)

Start = Callable[..., Daemon]


def after_release(scp: Daemon) -> Peer:
    peer = established(scp)
    peer.release()
    return peer


def after_rejection(scp: Daemon) -> Peer:
    peer = scp.connect()
    peer.send(associate_rq(version=2))
    assert peer.receive() == WRONG_VERSION
    return peer


def after_user_abort(scp: Daemon) -> Peer:
    peer = established(scp)
    peer.send(echo_rq(context_id=3))
    assert peer.receive() == ABORTED
    return peer


def after_malformed_request(scp: Daemon) -> Peer:
    peer = scp.connect()
    peer.send(associate_rq(application_context(), context(length=1000)))
    assert peer.receive() == ABORTED
    return peer


WAYS_INTO_STA13 = [after_release, after_rejection, after_user_abort, after_malformed_request]

IGNORED_IN_STA13 = {
    "P-DATA-TF": echo_rq(),
    "a longer P-DATA-TF": p_data(pdv(bytes(16000))),
    "A-RELEASE-RQ": release_rq(),
    "A-RELEASE-RP": release_rp(),
    "A-ASSOCIATE-AC": associate_ac(),
    "A-ASSOCIATE-RJ": associate_rj(),
}


@pytest.mark.parametrize("way", WAYS_INTO_STA13)
def test_sta13_ignores_the_rest_of_the_conversation(
    scp: Daemon, way: Callable[[Daemon], Peer]
) -> None:  # AA-6
    peer = way(scp)
    peer.send(*IGNORED_IN_STA13.values())
    assert peer.silent_for(0.1)
    peer.dribble(b"".join(IGNORED_IN_STA13.values())[:200])
    assert peer.silent_for(0.1)


@pytest.mark.parametrize("way", WAYS_INTO_STA13)
@pytest.mark.parametrize("octets", ABORTS.values(), ids=ABORTS)
def test_sta13_closes_on_an_abort(
    scp: Daemon, way: Callable[[Daemon], Peer], octets: bytes
) -> None:  # AA-2
    peer = way(scp)
    peer.send(echo_rq(), octets)
    assert isinstance(peer.receive(within=SLACK), EndOfStream)


@pytest.mark.parametrize("way", WAYS_INTO_STA13)
def test_sta13_ends_with_the_connection(scp: Daemon, way: Callable[[Daemon], Peer]) -> None:
    peer = way(scp)  # AR-5
    peer.finish()
    assert peer.receive(within=SLACK) == CLOSED


DRAWS_ANOTHER_ABORT = {
    "A-ASSOCIATE-RQ": associate_rq(),
    "type 08H": pdu(0x08, bytes(4)),
    "type FFH": pdu(0xFF, bytes(4)),
    "A-RELEASE-RQ, length 0": pdu(RELEASE_RQ),
    "A-RELEASE-RQ, length 5": pdu(RELEASE_RQ, bytes(5)),
    "A-RELEASE-RP, length 3": pdu(RELEASE_RP, bytes(3)),
}


@pytest.mark.parametrize("way", [after_release, after_rejection])
@pytest.mark.parametrize("octets", DRAWS_ANOTHER_ABORT.values(), ids=DRAWS_ANOTHER_ABORT)
def test_sta13_aborts_once_more(
    scp: Daemon, way: Callable[[Daemon], Peer], octets: bytes
) -> None:  # AA-7
    peer = way(scp)
    peer.send(echo_rq(), octets)
    reply = peer.receive(within=SLACK)
    assert isinstance(reply, Abort) and reply.source == 2
    peer.send(*[octets] * 3, echo_rq())
    assert peer.silent_for(0.1)


@pytest.mark.parametrize(
    "fault", ["type 00H", "type FFH", "A-RELEASE-RQ, length 5", "PDV, length 0"]
)
def test_after_a_framing_fault_nothing_more_is_said(scp: Daemon, fault: str) -> None:
    """The following bytes may be anything; another abort for each receive would be a flood."""
    peer = established(scp)
    octets, expected = FAULTS_IN_STA6[fault]
    peer.send(octets)
    assert peer.receive() == expected
    for _ in range(3):
        peer.send(octets, associate_rq(), bytes(100))
        assert peer.silent_for(0.05)


def test_a_released_association_no_longer_counts(echoscpd: Start) -> None:
    scp = echoscpd("--max-associations", "1")
    first = scp.connect()
    first.associate()
    first.release()

    def granted() -> bool:
        with Peer(scp.port) as peer:
            peer.send(associate_rq())
            return isinstance(peer.receive(), AssociateAC)

    assert wait_until(granted, 1 + SLACK), "Sta13 still counts as an association"
