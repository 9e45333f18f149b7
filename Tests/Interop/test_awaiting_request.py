"""Sta2: a connection that awaits its A-ASSOCIATE-RQ, and the rejections of Sta3.

PS3.8 Table 9-10, cell by cell, as far as it is visible from outside. Anything but a valid request is
aborted with source 0, reason 0 (AA-1). For protocols other than DICOM, see test_foreign_protocols.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daemon import ACCEPTING, REJECTING, RELEASED_LINE, Daemon, echo_line, wait_until
from journal import Journal
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

OUT_OF_PLACE_IN_STA2 = {
    "A-ASSOCIATE-AC": associate_ac(),
    "A-ASSOCIATE-RJ": associate_rj(),
    "P-DATA-TF": echo_rq(),
    "A-RELEASE-RQ": release_rq(),
    "A-RELEASE-RP": release_rp(),
    "header of A-ASSOCIATE-AC": header(ASSOCIATE_AC, 200),
    # With 01H and 00H as their second byte, the next two would be SOCKS and RDP.
    "header of A-ASSOCIATE-RJ": header(ASSOCIATE_RJ, 4),
    "header of P-DATA-TF": header(P_DATA_TF, 0xFFFFFFFF),
    "header of A-RELEASE-RQ": header(RELEASE_RQ, 4),
    "header of A-RELEASE-RP": header(RELEASE_RP, 0),
    "header of an A-ASSOCIATE-RQ above 256 KiB": header(ASSOCIATE_RQ, (256 << 10) + 1),
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


# ---------------------------------------------------------------------------------------------
# Rejections; the first match wins

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


def test_a_rejection_is_told_once(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    peer = scp.connect()
    peer.send(associate_rq(*STRANGE_CONTEXT))
    assert peer.receive() == WRONG_APPLICATION_CONTEXT
    scp.stop()
    assert scp.steps() == [REJECTING]
    assert len(scp.warnings()) == 1


def test_a_rejection_is_told_with_its_cause(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    with scp.connect() as peer:
        peer.send(associate_rq(*STRANGE_CONTEXT, calling="OLD DEVICE"))
        assert peer.receive() == WRONG_APPLICATION_CONTEXT
    scp.stop()
    [entry] = journal.find(DICOM_PEER_ADDRESS="127.0.0.1")
    assert entry["ECHOSCP_CAUSE"] == ["application-context"]
    assert entry["DICOM_CALLING_AE"] == ["OLD DEVICE"] and entry["PRIORITY"] == ["4"]
    assert entry["DICOM_REASON"] == ["A-ASSOCIATE-RJ 1/1/2"]
