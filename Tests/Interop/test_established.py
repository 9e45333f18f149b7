"""Sta6: an established association, PS3.8 Table 9-10, cell by cell, over the wire."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daemon import ABORTED_LINE, ABORTING, ACCEPTING, Daemon, echo_line
from journal import Journal
from peer import SLACK, Peer
from replies import ABORTED, CLOSED, RELEASED, Abort, AssociateAC, EchoResponse, EndOfStream
from upper_layer import ABORTS, FAULTS_IN_STA6, INVALID, UNRECOGNIZED, established
from wire import P_DATA_TF, abort, associate_rq, echo_command, echo_rq, p_data, pdu, pdv, release_rq

Start = Callable[..., Daemon]


@pytest.mark.parametrize(("octets", "expected"), FAULTS_IN_STA6.values(), ids=FAULTS_IN_STA6)
@pytest.mark.parametrize("before", ["first", "after an echo"])
def test_sta6_aborts_faults(scp: Daemon, octets: bytes, expected: Abort, before: str) -> None:
    peer = established(scp)
    if before == "after an echo":
        peer.echo()
    peer.send(octets)
    assert peer.receive(within=SLACK) == expected


@pytest.mark.parametrize("left", [1, 2, 3, 4, 5])
def test_sta6_aborts_bytes_left_after_a_pdv(scp: Daemon, left: int) -> None:
    """The message before them may be answered or not; the abort must come."""
    peer = established(scp)
    peer.send(p_data(pdv(echo_command(7)) + bytes(left)))
    assert _abort_after_at_most(peer, EchoResponse(7)) == INVALID


def _abort_after_at_most(peer: Peer, echo: EchoResponse) -> object:
    begin = peer.socket.recv(1)
    peer._buffer = begin + peer._buffer
    if begin == bytes((P_DATA_TF,)):
        assert peer.receive_echo() == echo
    return peer.receive(within=SLACK)


@pytest.mark.parametrize("octets", ABORTS.values(), ids=ABORTS)
def test_sta6_never_answers_an_abort(scp: Daemon, octets: bytes) -> None:  # AA-3
    peer = established(scp)
    peer.send(octets)
    assert isinstance(peer.receive(within=SLACK), EndOfStream)


@pytest.mark.parametrize(
    "octets", [b"", b"\4", echo_rq()[:6], echo_rq()[:-1]], ids=lambda octets: len(octets)
)
def test_sta6_hang_up(scp: Daemon, octets: bytes) -> None:  # AA-4
    peer = established(scp)
    peer.send(octets)
    peer.finish()
    assert peer.receive(within=SLACK) == CLOSED


@pytest.mark.parametrize("reserved", [0x00, 0xFF])
def test_sta6_release(scp: Daemon, reserved: int) -> None:  # AR-2, AR-4
    peer = established(scp)
    peer.send(release_rq(reserved))
    assert peer.receive(within=SLACK) == RELEASED


def test_sta6_release_inside_a_message(scp: Daemon) -> None:
    peer = established(scp)
    peer.send(p_data(pdv(echo_command()[:20], last=False)))
    peer.release()


def test_reserved_bytes_of_a_p_data_tf_are_not_tested(scp: Daemon) -> None:
    peer = established(scp)
    peer.send(p_data(pdv(echo_command(9)), reserved=0xFF))
    assert peer.receive_echo() == EchoResponse(9)


def test_an_abort_arrives_although_unread_input_is_pending(scp: Daemon) -> None:
    """A reset would discard it in the peer's receive queue."""
    peer = established(scp)
    sender = peer.send_aside(pdu(0x55, bytes(2_000_000)))
    assert peer.receive() == UNRECOGNIZED
    sender.join(5)
    assert not sender.is_alive(), "the program stopped reading"


def test_a_release_reply_arrives_although_unread_input_is_pending(scp: Daemon) -> None:
    peer = established(scp)
    sender = peer.send_aside(release_rq() + echo_rq() * 20_000)
    assert peer.receive() == RELEASED
    sender.join(5)
    assert not sender.is_alive(), "the program stopped reading"


def test_the_end_of_input_never_overtakes_data(scp: Daemon) -> None:
    """A whole conversation in one segment with its FIN is answered before the connection closes."""
    peer = scp.connect()
    peer.send(associate_rq(), echo_rq(1), echo_rq(2), release_rq())
    peer.finish()
    assert isinstance(peer.receive(), AssociateAC)
    assert [peer.receive_echo(), peer.receive_echo()] == [EchoResponse(1), EchoResponse(2)]
    assert peer.receive() == RELEASED
    assert peer.receive(within=SLACK) == CLOSED


def test_an_echo_and_a_half_close(scp: Daemon) -> None:
    peer = established(scp)
    peer.send(echo_rq(3))
    peer.finish()
    assert peer.receive_echo() == EchoResponse(3)
    assert peer.receive(within=SLACK) == CLOSED


def test_each_fault_is_told_once(echoscpd: Start) -> None:
    """The log has the line that pynetdicom also prints, and a warning."""
    scp = echoscpd("-v")
    for number, (octets, expected) in enumerate(FAULTS_IN_STA6.values(), 1):
        peer = established(scp)
        peer.send(octets)
        assert peer.receive() == expected
        scp.wait_for_line("W: ", count=number)
        peer.close()
    scp.stop()
    steps = scp.steps()
    assert steps[::2] == [ACCEPTING] * len(FAULTS_IN_STA6)
    for line, (_, expected) in zip(steps[1::2], FAULTS_IN_STA6.values(), strict=True):
        assert (
            line == ABORTING if expected == ABORTED else line.startswith((ABORTED_LINE, ABORTING))
        )
    assert len(scp.warnings()) == len(FAULTS_IN_STA6)


def test_each_fault_has_its_cause_and_its_peer_in_the_journal(
    echoscpd: Start, journal: Journal
) -> None:
    # At debug, records are not combined.
    scp = echoscpd("--log-target", "journal", "-d", wrapper=journal.wrapper)
    for number, (octets, expected) in enumerate(FAULTS_IN_STA6.values(), 1):
        with established(scp) as peer:
            peer.send(octets)
            assert peer.receive() == expected
            entry = journal.wait_for(number, DICOM_CALLING_AE="TESTSCU", PRIORITY="4")
        assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"] and "ECHOSCP_CAUSE" in entry
        assert entry["DICOM_REASON"] == [f"A-ABORT {expected.source}/{expected.reason}"]
    scp.stop()


def test_an_abort_after_an_echo_is_no_fault(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd("-v")
    _abort_after_an_echo(scp)
    lines = scp.stop()
    why = [line for line in lines if line.startswith("I: TESTSCU at ")]
    assert len(why) == 3
    assert sorted(set(lines) - set(why)) == sorted([ACCEPTING, echo_line(1), ABORTED_LINE])
    assert len(lines) == 12
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    _abort_after_an_echo(scp)
    scp.stop()
    assert not journal.find(DICOM_CALLING_AE="TESTSCU", PRIORITY="4")
    fields = {"ECHOSCP_CAUSE": "peer-aborted", "DICOM_REASON": "A-ABORT 0/0", "PRIORITY": "6"}
    assert len(journal.find(**fields)) == 3


def _abort_after_an_echo(scp: Daemon) -> None:
    for _ in range(3):
        with scp.connect() as peer:
            peer.associate()
            peer.echo()
            peer.send(abort())
            assert peer.receive() == CLOSED
