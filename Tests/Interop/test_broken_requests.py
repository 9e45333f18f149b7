"""The record of a broken or partial request or message says who sent it and how much of it arrived.

From reports of users: `malformed A-ASSOCIATE-RQ: item 51H at byte 153 has a wrong length` did not say who
sent it, and none of its bytes were shown at debug; fo-dicom#1323 (an AE title of 17 characters);
dicoogle#685 and fo-dicom#1180 (closed inside a P-DATA-TF); a command set that ends inside the header of an
element.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import Daemon, wait_until
from journal import Entry, Journal
from peer import Peer
from wire import abort, associate_rq, echo_command, echo_rq, p_data, pdv, release_rq

Start = Callable[..., Daemon]

REQUEST = associate_rq(calling="CT1", called="ECHOSCP")
BROKEN = REQUEST.replace(b"\x51\x00\x00\x04", b"\x51\x00\x00\x02")


def with_titles(called: bytes, calling: bytes) -> bytes:
    """The request with these titles, unpadded."""
    body = REQUEST[6:10] + called + calling + REQUEST[42:]
    return REQUEST[:2] + len(body).to_bytes(4, "big") + body


def told(echoscpd: Start, directory: Path, octets: bytes, *options: str) -> Entry:
    """The warning about a peer that sends these bytes, waits for an answer if one is due, and closes."""
    journal = Journal(directory / "journal")
    scp = echoscpd(
        "--log-target", "journal", "--acse-timeout", "0.3", "--dimse-timeout", "0.3", *options,
        wrapper=journal.wrapper,
    )  # fmt: skip
    with Peer(scp.port) as peer:
        peer.send(octets)
        if octets[:6] == REQUEST[:6] and len(octets) >= len(REQUEST):
            peer.receive()

    def warnings() -> list[Entry]:
        return [e for e in journal.read() if e.get("PRIORITY") == ["4"] and "DICOM_PEER_ADDRESS" in e]

    assert wait_until(warnings)
    scp.stop()
    return warnings()[0]


REQUESTS = {
    "a wrong length": (BROKEN, "malformed A-ASSOCIATE-RQ: item 51H at byte 153 has the wrong length"),
    "100 bytes": (REQUEST[:100], f"when only 100 of {len(REQUEST)} bytes of its A-ASSOCIATE-RQ had arrived"),
    "too long": (
        REQUEST[:2] + (300_000).to_bytes(4, "big") + REQUEST[6:],
        "A-ASSOCIATE-RQ of 300000 bytes; at most 262144 are accepted",
    ),
    "too short": (REQUEST[:2] + (40).to_bytes(4, "big") + REQUEST[6:46], "malformed A-ASSOCIATE-RQ"),
}


@pytest.mark.parametrize(("octets", "words"), REQUESTS.values(), ids=REQUESTS)
def test_a_broken_request_has_its_titles_and_its_bytes(
    echoscpd: Start, tmp_path: Path, octets: bytes, words: str
) -> None:
    entry = told(echoscpd, tmp_path, octets)
    assert entry["DICOM_CALLING_AE"] == ["CT1"] and entry["DICOM_CALLED_AE"] == ["ECHOSCP"]
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"] and words in entry["MESSAGE"][0]
    shown = bytes.fromhex(entry["DICOM_PDU"][0])
    assert shown[:74] == octets[:74][: len(shown)] and len(shown) >= 42


TITLES = {
    "called": (b"ECHOSCP_HOSPITAL1", b"CT1".ljust(16), "33 bytes instead of 32"),
    "calling": (b"ECHOSCP".ljust(16), b"CT1_OF_RADIOLOGY1", "the calling one seems to be too long"),
    "not padded": (b"ECHOSCP", b"CT1", "they are not padded with spaces"),
}


@pytest.mark.parametrize(("called", "calling", "words"), TITLES.values(), ids=TITLES)
def test_titles_of_another_size(
    echoscpd: Start, tmp_path: Path, called: bytes, calling: bytes, words: str
) -> None:
    message = told(echoscpd, tmp_path, with_titles(called, calling))["MESSAGE"][0]
    assert words in message and f'"{(called + calling).decode()}"' in message


def test_the_bytes_at_debug_on_a_terminal(echoscpd: Start) -> None:
    scp = echoscpd("-d")
    with Peer(scp.port) as peer:
        peer.send(BROKEN)
        peer.receive()
    scp.wait_for_line(f"D: A-ASSOCIATE-RQ, {len(BROKEN)} of {len(BROKEN)} bytes:")
    scp.stop()
    lines = [line[5:] for line in scp.lines() if line.startswith("D:   ")]
    shown = bytes.fromhex("".join(line for line in lines if len(line) >= 2).replace(" ", ""))
    assert shown[:74] == BROKEN[:74]


FIRST = p_data(pdv(echo_command(7)[:30], command=True, last=False))
MESSAGES = {
    "22 bytes of 80": (echo_rq(7)[:22], "when only 22 of 80 bytes of its P-DATA-TF had arrived", "peer-vanished"),
    "three bytes": (echo_rq(7)[:3], "when only 3 bytes of its P-DATA-TF had arrived", "peer-vanished"),
    "a first fragment": (FIRST, "only 30 bytes of a message had arrived, without its last", "peer-vanished"),
    "a fragment, then a release": (
        FIRST + release_rq(), "only 30 bytes of a message had arrived", "stalled-message"
    ),
    "a header that ends": (
        p_data(pdv(bytes.fromhex("00000001020000"), command=True, last=True)),
        "it ends with 7 bytes at byte 0; an element has at least 8",
        "malformed-command",
    ),
}


@pytest.mark.parametrize(("octets", "words", "cause"), MESSAGES.values(), ids=MESSAGES)
def test_how_much_of_a_message_came(
    echoscpd: Start, tmp_path: Path, octets: bytes, words: str, cause: str
) -> None:
    entry = told(echoscpd, tmp_path, REQUEST + octets)
    assert words in entry["MESSAGE"][0] and entry["ECHOSCP_CAUSE"] == [cause]
    assert "FFFF" not in entry["MESSAGE"][0]


def test_an_enquiry_of_an_analyzer(echoscpd: Start, tmp_path: Path) -> None:
    """A single ENQ used to be reported as one byte of an A-ASSOCIATE-RQ."""
    entry = told(echoscpd, tmp_path, b"\x05")
    assert "only a single ENQ (05H) had arrived, as sent by a laboratory analyzer" in entry["MESSAGE"][0]
    assert entry["ECHOSCP_CAUSE"] == ["not-dicom"] and entry["DICOM_PDU"] == ["05"]


def test_a_burst_that_ends_in_a_reset(echoscpd: Start) -> None:
    """An association, a first fragment and an A-ABORT at once, then a reset, once ended the program."""
    scp = echoscpd()
    for last in (abort(), release_rq(), REQUEST, FIRST[:20]):
        for _ in range(50):
            with Peer(scp.port) as peer:
                peer.send(REQUEST + FIRST + last)
                peer.reset()
    scp.check()


INSIDE = {
    "A-ABORT": (abort(), " when only 30 bytes of a message had arrived, without its last fragment"),
    "A-RELEASE-RQ": (release_rq(), " when only 30 bytes of a message had arrived, without its last"),
}


@pytest.mark.parametrize("echoes", [0, 1])
@pytest.mark.parametrize(("last", "words"), INSIDE.values(), ids=INSIDE)
def test_an_end_inside_a_message(
    echoscpd: Start, tmp_path: Path, last: bytes, words: str, echoes: int
) -> None:
    """An A-ABORT or A-RELEASE-RQ inside a message, with and without an echo answered before."""
    journal = Journal(tmp_path / "journal")
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    with Peer(scp.port) as peer:
        peer.associate()
        for _ in range(echoes):
            peer.echo()
        peer.send(FIRST + last)
        peer.receive()
    assert wait_until(lambda: any(words in entry["MESSAGE"][0] for entry in journal.read()))
    scp.stop()


def test_what_came_stays_with_its_own_peer(echoscpd: Start, journal: Journal) -> None:
    """Half a PDU after a release was once attributed to the next peer, which had sent nothing."""
    scp = echoscpd(
        "--workers", "1", "--acse-timeout", "0.5", "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip
    with Peer(scp.port) as peer:
        peer.associate()
        peer.echo()
        peer.send(release_rq() + b"\x04\x00\x00")
        peer.receive()
    with Peer(scp.port) as peer:
        peer.receive()
    assert "DICOM_PDU" not in journal.wait_for(ECHOSCP_CAUSE="silent-peer")
    assert not journal.find(ECHOSCP_CAUSE="stalled-request")
