"""Sta2: a connection that awaits its A-ASSOCIATE-RQ, and the rejections of Sta3.

PS3.8 table 9-10, cell by cell, as far as it can be seen from outside. Whatever is not a good
request is aborted with source 0, reason 0 (AA-1); a foreign protocol without waiting for more.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daemon import ACCEPTING, REJECTING, RELEASED_LINE, Daemon, echo_line, wait_until
from peer import SLACK
from replies import ABORTED, CLOSED, AssociateRJ, EndOfStream
from upper_layer import ABORTS, WRONG_VERSION, header
from wire import (
    ASSOCIATE_AC,
    ASSOCIATE_RJ,
    ASSOCIATE_RQ,
    P_DATA_TF,
    RELEASE_RP,
    RELEASE_RQ,
    application_context,
    associate_ac,
    associate_rj,
    associate_rq,
    context,
    echo_rq,
    maximum_length,
    release_rp,
    release_rq,
    user_information,
)

Start = Callable[..., Daemon]

FOREIGN = {
    "HTTP": b"GET / HTTP/1.1\r\nHost: archive\r\n\r\n",
    "TLS": bytes.fromhex("1603010200010001fc0303") + bytes(100),
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
    "HL7": b"\x0bMSH|^~\\&|A|B|C|D|20240101||ADT^A01|1|P|2.3\r\x1c\r",
    "SMB": bytes.fromhex("00000045ff534d4272000000"),
    "PROXY protocol": b"PROXY TCP4 192.0.2.1 192.0.2.2 50000 11112\r\n",
    "RDP": bytes.fromhex("0300001311e00000000000000100080003000000"),
    "SOCKS 4": bytes.fromhex("04010050c000020100"),
    "SOCKS 5": bytes.fromhex("050100"),
    "one byte, 00H": b"\x00",
    "one byte, 08H": b"\x08",
    "one byte, FFH": b"\xff",
}


@pytest.mark.parametrize("octets", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_protocol_hears_an_abort_at_once(scp: Daemon, octets: bytes) -> None:
    """The abort waits for nothing and the write side is shut behind it."""
    peer = scp.connect()
    peer.send(octets)
    assert peer.receive(within=SLACK) == ABORTED
    assert peer.receive(within=SLACK) == CLOSED


def test_a_foreign_protocol_is_gone_after_a_second(scp: Daemon) -> None:
    before = scp.settled_descriptors()
    for octets in FOREIGN.values():
        scp.connect().send(octets)
    assert wait_until(lambda: scp.descriptors() > before)
    assert wait_until(lambda: scp.descriptors() == before, within=1 + SLACK)


@pytest.mark.parametrize("name", ["HTTP", "TLS", "SSH", "RDP", "SOCKS 4", "SOCKS 5"])
def test_a_foreign_protocol_byte_by_byte(scp: Daemon, name: str) -> None:
    """Four bytes are enough to tell RDP from an A-ASSOCIATE-RJ; the others need fewer."""
    peer = scp.connect()
    peer.dribble(FOREIGN[name][:4], pause=0.01)
    assert peer.receive(within=SLACK) == ABORTED
    assert peer.receive(within=SLACK) == CLOSED


def test_a_foreign_protocol_is_told_apart_in_the_log(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    for number, octets in enumerate(FOREIGN.values(), 1):
        scp.connect().send(octets)
        assert "127.0.0.1" in scp.wait_for_line("W: ", count=number)
    scp.stop()
    assert len(scp.warnings()) == len(FOREIGN)
    assert not {ACCEPTING, REJECTING} & set(scp.lines())


def test_a_lot_of_foreign_bytes_does_not_lose_the_abort(scp: Daemon) -> None:
    peer = scp.connect()
    sender = peer.send_aside(b"POST / HTTP/1.1\r\n" + bytes(1_000_000))
    assert peer.receive() == ABORTED
    assert peer.receive() == CLOSED
    peer.close()
    sender.join(5)


OUT_OF_PLACE_IN_STA2 = {
    "A-ASSOCIATE-AC": associate_ac(),
    "A-ASSOCIATE-RJ": associate_rj(),
    "P-DATA-TF": echo_rq(),
    "A-RELEASE-RQ": release_rq(),
    "A-RELEASE-RP": release_rp(),
    "header of A-ASSOCIATE-AC": header(ASSOCIATE_AC, 200),
    # With 01H or 00H as the next byte these two would be SOCKS and RDP.
    "header of A-ASSOCIATE-RJ": header(ASSOCIATE_RJ, 4),
    "header of P-DATA-TF": header(P_DATA_TF, 0xFFFFFFFF),
    "header of A-RELEASE-RQ": header(RELEASE_RQ, 4),
    "header of A-RELEASE-RP": header(RELEASE_RP, 0),
    "header of an A-ASSOCIATE-RQ above 1 MiB": header(ASSOCIATE_RQ, (1 << 20) + 1),
    "header of the longest A-ASSOCIATE-RQ": header(ASSOCIATE_RQ, 0xFFFFFFFF),
}


@pytest.mark.parametrize("octets", OUT_OF_PLACE_IN_STA2.values(), ids=OUT_OF_PLACE_IN_STA2)
def test_sta2_aborts_what_is_not_a_request(scp: Daemon, octets: bytes) -> None:  # AA-1
    peer = scp.connect()
    peer.send(octets)
    assert peer.receive(within=SLACK) == ABORTED


@pytest.mark.parametrize("kind", [ASSOCIATE_AC, P_DATA_TF, RELEASE_RQ, RELEASE_RP])
def test_sta2_waits_for_the_whole_header(scp: Daemon, kind: int) -> None:
    peer = scp.connect()
    peer.send(header(kind, 4)[:5])
    assert peer.silent_for(0.1)
    peer.send(header(kind, 4)[5:])
    assert peer.receive(within=SLACK) == ABORTED


@pytest.mark.parametrize("octets", ABORTS.values(), ids=ABORTS)
def test_sta2_never_answers_an_abort(scp: Daemon, octets: bytes) -> None:  # AA-2
    peer = scp.connect()
    peer.send(octets)
    assert isinstance(peer.receive(within=SLACK), EndOfStream)


@pytest.mark.parametrize(
    "octets", [b"", b"\1", associate_rq()[:6], associate_rq()[:-1]], ids=lambda octets: len(octets)
)
def test_sta2_hang_up(scp: Daemon, octets: bytes) -> None:  # AA-5
    peer = scp.connect()
    peer.send(octets)
    peer.finish()
    assert peer.receive(within=SLACK) == CLOSED


def test_a_connection_without_a_byte_is_not_worth_a_line(echoscpd: Start) -> None:
    """That is what a health check does, every few seconds, for years."""
    scp = echoscpd("-v")
    held = [scp.connect() for _ in range(10)]
    for _ in range(10):
        scp.connect().close()
        scp.connect().reset()
    for peer in held[:5]:
        peer.close()
    for peer in held[5:]:
        peer.reset()
    with scp.connect() as peer:
        peer.associate()
        peer.echo()
        peer.release()
    assert scp.stop() == [ACCEPTING, echo_line(1), RELEASED_LINE]


# ---------------------------------------------------------------------------------------------
# Rejections, first match wins

WRONG_APPLICATION_CONTEXT = AssociateRJ(1, 1, 2)
LIMIT = AssociateRJ(2, 3, 2)

STRANGE_CONTEXT = (application_context("1.2.840.10008.3.1.1.2"), context(), user_information())
NO_CONTEXT_NAME = (context(), user_information(maximum_length()))


@pytest.mark.parametrize("version", [0x0001, 0x0003, 0x8001, 0xFFFF])
def test_protocol_version_is_bit_0(scp: Daemon, version: int) -> None:
    peer = scp.connect()
    peer.associate(version=version)
    peer.echo()


@pytest.mark.parametrize("version", [0x0000, 0x0002, 0x0100, 0xFFFE])
def test_another_protocol_version_is_rejected(scp: Daemon, version: int) -> None:  # AE-6
    peer = scp.connect()
    peer.send(associate_rq(version=version))
    assert peer.receive() == WRONG_VERSION


@pytest.mark.parametrize(
    "items",
    [
        STRANGE_CONTEXT,
        NO_CONTEXT_NAME,
        (application_context(""), context(), user_information(maximum_length())),
        (application_context("1.2.840.10008.3.1.1.11"), context(), user_information()),
        (application_context("1.2.840.10008.3.1.1"), context(), user_information()),
    ],
    ids=["another", "missing", "empty", "longer", "shorter"],
)
def test_another_application_context_is_rejected(scp: Daemon, items: tuple[bytes, ...]) -> None:
    peer = scp.connect()  # AE-8
    peer.send(associate_rq(*items))
    assert peer.receive() == WRONG_APPLICATION_CONTEXT


def test_the_first_reason_wins(echoscpd: Start) -> None:
    scp = echoscpd("--max-associations", "1")
    scp.connect().associate()
    for request, expected in (
        (associate_rq(*STRANGE_CONTEXT, version=2), WRONG_VERSION),
        (associate_rq(*STRANGE_CONTEXT), WRONG_APPLICATION_CONTEXT),
        (associate_rq(version=2), WRONG_VERSION),
        (associate_rq(), LIMIT),
    ):
        peer = scp.connect()
        peer.send(request)
        assert peer.receive() == expected


def test_a_rejection_is_told_with_its_cause(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    peer = scp.connect()
    peer.send(associate_rq(*STRANGE_CONTEXT, calling="OLD DEVICE"))
    assert peer.receive() == WRONG_APPLICATION_CONTEXT
    warning = scp.wait_for_line("W: ")
    scp.stop()
    assert "127.0.0.1" in warning and "OLD DEVICE" in warning
    assert scp.steps() == [REJECTING]
    assert len(scp.warnings()) == 1
