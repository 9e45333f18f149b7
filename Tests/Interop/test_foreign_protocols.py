"""Other protocols, scanners and health checks on a DICOM port.

A connection with another protocol is aborted at once, and the log names the protocol. A health check, which
sends nothing, has no line on a terminal and is counted in the journal.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from daemon import ACCEPTING, REJECTING, RELEASED_LINE, Daemon, echo_line, wait_until
from foreign_protocols import FOREIGN, NAMES, cause_in_the_journal
from journal import Journal, occurrences
from peer import SLACK
from replies import ABORTED, CLOSED, AssociateAC
from upper_layer import header
from wire import (
    ASSOCIATE_RJ,
    P_DATA_TF,
    RELEASE_RQ,
    associate_rj,
    associate_rq,
    echo_rq,
    release_rq,
)

Start = Callable[..., Daemon]

each_protocol = pytest.mark.parametrize(("cause", "octets"), FOREIGN.values(), ids=FOREIGN)


@each_protocol
def test_a_foreign_protocol_hears_an_abort_at_once(
    echoscpd: Start, cause: str, octets: bytes
) -> None:
    """The abort comes at once, the write side is then shut down, and the log says why."""
    scp = echoscpd("-v")
    peer = scp.connect()
    peer.send(octets)
    assert peer.receive(within=SLACK) == ABORTED
    assert peer.receive(within=SLACK) == CLOSED
    line = scp.wait_for_line("W: ")
    assert "127.0.0.1" in line and NAMES[cause] in line
    scp.stop()
    assert scp.warnings() == [line]
    assert not {ACCEPTING, REJECTING} & set(scp.lines())


def test_the_journal_has_the_cause(echoscpd: Start, journal: Journal) -> None:
    # At debug, records are not combined.
    scp = echoscpd("--log-target", "journal", "-d", wrapper=journal.wrapper)
    told = []
    for cause, octets in FOREIGN.values():
        scp.connect().send(octets)
        told.append((cause_in_the_journal(cause), "A-ABORT 0/0", "127.0.0.1"))
        assert wait_until(lambda: len(_refused(journal)) == len(told))
    assert _refused(journal) == told
    scp.stop()


def _refused(journal: Journal) -> list[tuple[str, str, str]]:
    return [
        (entry["ECHOSCP_CAUSE"][0], entry["DICOM_REASON"][0], entry["DICOM_PEER_ADDRESS"][0])
        for entry in journal.find(PRIORITY="4")
        if "ECHOSCP_CAUSE" in entry
    ]


@each_protocol
def test_a_foreign_protocol_byte_by_byte(scp: Daemon, cause: str, octets: bytes) -> None:
    """Four bytes distinguish RDP from an A-ASSOCIATE-RJ; the other protocols need fewer."""
    peer = scp.connect()
    peer.dribble(octets[:4], pause=0.01)
    assert peer.receive(within=SLACK) == ABORTED
    assert peer.receive(within=SLACK) == CLOSED


def test_a_foreign_protocol_is_gone_after_a_second(scp: Daemon) -> None:
    before = scp.settled_descriptors()
    for _, octets in FOREIGN.values():
        scp.connect().send(octets)
    assert wait_until(lambda: scp.descriptors() > before)
    assert wait_until(lambda: scp.descriptors() == before, within=1 + SLACK)


def test_one_that_goes_on_sending_is_gone_after_a_second_too(scp: Daemon) -> None:
    before = scp.settled_descriptors()
    peer = scp.connect()
    peer.send(b"POST / HTTP/1.1\r\n")
    assert peer.receive(within=SLACK) == ABORTED
    assert peer.receive(within=SLACK) == CLOSED
    begin = time.monotonic()
    while scp.descriptors() > before:
        assert time.monotonic() - begin < 1 + SLACK
        try:
            peer.send(bytes(1000))
        except OSError:
            continue
        time.sleep(0.02)


def test_a_lot_of_foreign_bytes_does_not_lose_the_abort(scp: Daemon) -> None:
    peer = scp.connect()
    sender = peer.send_aside(b"POST / HTTP/1.1\r\n" + bytes(1_000_000))
    assert peer.receive() == ABORTED
    assert peer.receive() == CLOSED
    peer.close()
    sender.join(5)


# PDUs that begin like RDP, SOCKS 4 or SOCKS 5 and differ from it in the next byte.
SIMILAR = {
    "A-ASSOCIATE-RJ": (associate_rj(), "A-ASSOCIATE-RJ"),
    "A-ASSOCIATE-RJ of 260 bytes": (header(ASSOCIATE_RJ, 260), "A-ASSOCIATE-RJ"),
    "P-DATA-TF": (echo_rq(), "P-DATA-TF"),
    "P-DATA-TF of 16 MiB": (header(P_DATA_TF, 1 << 24), "P-DATA-TF"),
    "A-RELEASE-RQ": (release_rq(), "A-RELEASE-RQ"),
    "A-RELEASE-RQ of 65,535 bytes": (header(RELEASE_RQ, 65_535), "A-RELEASE-RQ"),
}


@pytest.mark.parametrize("is_split", [False, True], ids=["whole", "byte by byte"])
@pytest.mark.parametrize(("octets", "name"), SIMILAR.values(), ids=SIMILAR)
def test_a_similar_pdu_is_one_out_of_place(
    echoscpd: Start, journal: Journal, octets: bytes, name: str, is_split: bool
) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    peer = scp.connect()
    if is_split:
        for index in range(6):
            assert peer.silent_for(0.01)
            peer.send(octets[index : index + 1])
        peer.send(octets[6:])
    else:
        peer.send(octets)
    assert peer.receive(within=SLACK) == ABORTED
    entry = journal.wait_for(ECHOSCP_CAUSE="unexpected-pdu", DICOM_REASON="A-ABORT 0/0")
    assert name in entry["MESSAGE"][0] and entry["PRIORITY"] == ["4"]
    # The peer speaks DICOM, so it has the full ARTIM timeout to close.
    assert peer.silent_for(1.2)


def test_a_request_is_one_however_it_is_split(scp: Daemon) -> None:
    for size in (1, 2, 3, 5, 6, 7):
        peer = scp.connect()
        octets = associate_rq()
        for start in range(0, 12, size):
            peer.send(octets[start : min(start + size, 12)])
            assert peer.silent_for(0.01)
        peer.send(octets[12:])
        assert isinstance(peer.receive(), AssociateAC)


# ---------------------------------------------------------------------------------------------
# Health checks, every few seconds, for years


def _check_health(scp: Daemon) -> None:
    """Closes ten connections and resets ten, first all open at once, then one by one."""
    held = [scp.connect() for _ in range(20)]
    for peer in held[:10]:
        peer.close()
    for peer in held[10:]:
        peer.reset()
    for _ in range(10):
        scp.connect().close()
        scp.connect().reset()


def test_a_connection_without_a_byte_is_not_worth_a_line(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    _check_health(scp)
    _associate(scp)
    assert scp.stop() == [ACCEPTING, echo_line(1), RELEASED_LINE]


def test_a_connection_without_a_byte_is_counted_in_the_journal(
    echoscpd: Start, journal: Journal
) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    _check_health(scp)
    _associate(scp)
    # The journal's socket holds only a few records until it is read.
    assert wait_until(lambda: any("DICOM_ECHOES" in entry for entry in journal.read()))
    scp.stop()
    entries = [entry for entry in journal.read() if "DICOM_PEER_ADDRESS" in entry]
    (echo,) = [entry for entry in entries if "ECHOSCP_CAUSE" not in entry]
    assert echo["DICOM_ECHOES"] == ["1"]
    checks = [entry for entry in entries if entry is not echo]
    assert {entry["ECHOSCP_CAUSE"][0] for entry in checks} == {"health-check"}
    assert {entry["PRIORITY"][0] for entry in checks} == {"6"}
    assert occurrences(checks) >= 40


def _associate(scp: Daemon) -> None:
    with scp.connect() as peer:
        peer.associate()
        peer.echo()
        peer.release()
