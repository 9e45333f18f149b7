"""A peer that keeps the program waiting for a PDU is ended in time, and as the standard specifies.

The timeouts are short here. Each end must come between the timeout and `SLACK` later, even if the peer sends
just enough to look alive. On a timeout, the program closes the connection without a PDU in Sta2 and Sta13
(AA-2), and sends an A-ABORT, source 0, reason 0, in Sta6.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from daemon import ABORTING, ACCEPTING, Daemon, echo_line, wait_until
from journal import Journal
from peer import SLACK, Peer
from replies import ABORTED, CLOSED, RESET, AssociateRJ, EchoResponse
from timing import TIMEOUT, dribble_until_closed, takes
from wire import associate_rq, echo_command, echo_rq, p_data, pdu, pdv

Start = Callable[..., Daemon]

# ---------------------------------------------------------------------------------------------
# acse-timeout: from accept to a complete A-ASSOCIATE-RQ


def test_a_silent_peer(echoscpd: Start) -> None:
    scp = echoscpd("-v", "-ta", str(TIMEOUT))
    with takes(TIMEOUT):
        peer = scp.connect()
        assert peer.receive() == CLOSED
    scp.stop()
    assert scp.steps() == []


@pytest.mark.parametrize("size", [1, 5, 6, 7, 74, 100])
def test_a_stalled_request(echoscpd: Start, size: int) -> None:
    scp = echoscpd("-v", "-ta", str(TIMEOUT))
    with takes(TIMEOUT):
        peer = scp.connect()
        peer.send(associate_rq()[:size])
        assert peer.receive() == CLOSED
    scp.stop()
    assert scp.steps() == []
    assert len(scp.warnings()) == 1


def test_what_stalled_is_in_the_journal(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd(
        "-ta", str(TIMEOUT), "-td", str(TIMEOUT), "--log-target", "journal", wrapper=journal.wrapper
    )
    scp.connect().send(associate_rq()[:100])
    entry = journal.wait_for(ECHOSCP_CAUSE="stalled-request", PRIORITY="4")
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]
    peer = scp.connect()
    peer.associate()
    peer.send(p_data(pdv(echo_command(2)[:20], last=False)))
    entry = journal.wait_for(ECHOSCP_CAUSE="stalled-message", PRIORITY="4")
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]
    assert entry["DICOM_CALLING_AE"] == ["TESTSCU"] and entry["DICOM_REASON"] == ["A-ABORT 0/0"]


def test_a_request_dribbled_a_byte_at_a_time(echoscpd: Start) -> None:
    """The whole request would take four seconds; its bytes do not extend the deadline."""
    scp = echoscpd("-ta", str(TIMEOUT))
    with takes(TIMEOUT):
        peer = scp.connect()
        dribble_until_closed(peer, associate_rq())
        assert peer.receive() in (CLOSED, RESET)


def test_a_request_that_announces_a_mebibyte(echoscpd: Start) -> None:
    scp = echoscpd("-ta", str(TIMEOUT))
    with takes(TIMEOUT):
        peer = scp.connect()
        peer.send(pdu(1, bytes(1000), length=256 << 10))
        assert peer.receive() == CLOSED


def test_the_request_stops_the_timer(echoscpd: Start) -> None:
    peer = echoscpd("-ta", "0.3").connect()
    time.sleep(0.15)
    peer.associate()
    for number in range(4):
        time.sleep(0.2)
        peer.echo(number)
    peer.release()


# ---------------------------------------------------------------------------------------------
# acse-timeout again: from our last PDU to the close


@pytest.mark.parametrize("way", ["release", "rejection", "abort"])
@pytest.mark.parametrize("then", ["silent", "talking"])
def test_a_peer_that_does_not_close(echoscpd: Start, way: str, then: str) -> None:
    scp = echoscpd("-ta", str(TIMEOUT))
    peer = scp.connect()
    if way == "rejection":
        peer.send(associate_rq(version=2))
        with takes(TIMEOUT):
            assert peer.receive() == AssociateRJ(1, 2, 2)
            _stay(peer, then)
        return
    peer.associate()
    with takes(TIMEOUT):
        if way == "release":
            peer.release()
        else:
            peer.send(echo_rq(context_id=77))
            assert peer.receive() == ABORTED
        _stay(peer, then)


def _stay(peer: Peer, then: str) -> None:
    if then == "talking":
        dribble_until_closed(peer, echo_rq() * 100)
        assert peer.receive() in (CLOSED, RESET)
    else:
        assert peer.receive() == CLOSED


def test_a_foreign_peer_does_not_get_the_whole_timeout(echoscpd: Start) -> None:
    scp = echoscpd("-ta", str(TIMEOUT))
    before = scp.settled_descriptors()
    scp.connect().send(b"GET / HTTP/1.1\r\n\r\n")
    assert wait_until(lambda: scp.descriptors() > before, 1)
    assert wait_until(lambda: scp.descriptors() == before, 1 + SLACK)


# ---------------------------------------------------------------------------------------------
# dimse-timeout: from the first fragment of a message to its last


def test_half_a_message(echoscpd: Start) -> None:
    scp = echoscpd("-v", "-td", str(TIMEOUT))
    peer = scp.connect()
    peer.associate()
    peer.echo()
    with takes(TIMEOUT):
        peer.send(p_data(pdv(echo_command(2)[:20], last=False)))
        assert peer.receive() == ABORTED
    scp.stop()
    assert scp.steps() == [ACCEPTING, echo_line(1), ABORTING]
    assert len(scp.warnings()) == 1


def test_fragments_do_not_extend_the_deadline(echoscpd: Start) -> None:
    scp = echoscpd("-td", str(TIMEOUT))
    peer = scp.connect()
    peer.associate()
    with takes(TIMEOUT):
        for index in range(60):
            peer.send(p_data(pdv(echo_command()[index : index + 1], last=False)))
            if not peer.silent_for(0.02):
                break
        assert peer.receive() == ABORTED


@pytest.mark.parametrize("size", [13, 40])
def test_half_a_pdu(echoscpd: Start, size: int) -> None:
    """A part of a fragment, and nothing more: whichever timeout expires, there is one A-ABORT."""
    scp = echoscpd("-td", str(TIMEOUT), "-tn", str(TIMEOUT))
    peer = scp.connect()
    peer.associate()
    with takes(TIMEOUT):
        peer.send(echo_rq()[:size])
        assert peer.receive() == ABORTED


def test_each_message_has_a_deadline_of_its_own(echoscpd: Start) -> None:
    peer = echoscpd("-td", "0.4").connect()
    peer.associate()
    for number in range(4):
        peer.send(p_data(pdv(echo_command(number)[:20], last=False)))
        time.sleep(0.2)
        peer.send(p_data(pdv(echo_command(number)[20:])))
        assert peer.receive_echo() == EchoResponse(number)


def test_dimse_timeout_does_not_watch_an_idle_association(echoscpd: Start) -> None:
    peer = echoscpd("-td", "0.3").connect()
    peer.associate()
    peer.echo()
    assert peer.silent_for(0.3 + SLACK)
    peer.echo()
