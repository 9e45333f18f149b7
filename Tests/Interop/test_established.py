"""Sta6: an established association, PS3.8 table 9-10, cell by cell, over the wire."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daemon import ABORTED_LINE, ABORTING, ACCEPTING, Daemon, echo_line
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
    """Of the message before them it may have answered or not; the abort must come."""
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
    """A reset would have destroyed it in our receive queue."""
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
    """A whole conversation in one segment with its FIN: all of it is answered first."""
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
    """The step that pynetdicom also prints, and one line with the cause and the culprit."""
    scp = echoscpd("-v")
    for number, (octets, expected) in enumerate(FAULTS_IN_STA6.values(), 1):
        peer = established(scp)
        peer.send(octets)
        assert peer.receive() == expected
        warning = scp.wait_for_line("W: ", count=number)
        assert "127.0.0.1" in warning and "TESTSCU" in warning
        peer.close()
    scp.stop()
    steps = scp.steps()
    assert steps[::2] == [ACCEPTING] * len(FAULTS_IN_STA6)
    for line, (_, expected) in zip(steps[1::2], FAULTS_IN_STA6.values(), strict=True):
        assert (
            line == ABORTING if expected == ABORTED else line.startswith((ABORTED_LINE, ABORTING))
        )
    assert len(scp.warnings()) == len(FAULTS_IN_STA6)


def test_an_abort_after_an_echo_is_no_fault(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    for _ in range(3):
        with scp.connect() as peer:
            peer.associate()
            peer.echo()
            peer.send(abort())
            assert peer.receive() == CLOSED
    lines = scp.stop()
    why = [line for line in lines if "sent A-ABORT (source 0, service user, reason 0)" in line]
    assert len(why) == 3 and all(line.startswith("I: TESTSCU at ") for line in why)
    assert sorted(set(lines) - set(why)) == sorted([ACCEPTING, echo_line(1), ABORTED_LINE])
    assert len(lines) == 12
