"""The evidence in the journal about refused requests and messages: enough for the vendor of a device, and
nothing confidential."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import Daemon, wait_until
from journal import RELOADED, Journal
from peer import Peer
from wire import (
    abort,
    associate_rq,
    context,
    echo_command,
    echo_rq,
    item,
    p_data,
    pdv,
    user_information,
    usual_items,
)

Start = Callable[..., Daemon]

SECRET = b"S3CR3T-M4RK3R"


def identity(kind: int, name: bytes = SECRET, *, length: int | None = None) -> bytes:
    """A user identity (PS3.7 Annex D.3.3.7) whose first field may lie about its length."""
    length = len(name) if length is None else length
    value = bytes((kind, 1)) + length.to_bytes(2, "big") + name
    return item(0x58, value + len(SECRET).to_bytes(2, "big") + SECRET)


def _items(*more: bytes) -> list[bytes]:
    return [*usual_items()[:-1], user_information(*more)]


REQUESTS = {
    **{
        f"user identity {kind}": associate_rq(*_items(identity(kind)), version=2)
        for kind in (1, 2, 3, 4, 5, 200)
    },
    "identity that lies": associate_rq(*_items(identity(2, length=9999)), version=2),
    "identity of no length": associate_rq(*_items(identity(2, length=0)), version=2),
    "unknown items": associate_rq(item(0x77, SECRET), *_items(item(0x5F, SECRET)), version=2),
    "no UID": associate_rq(context(1, abstract=SECRET.decode()), *_items(), version=2),
    "HTTP": b"GET /?token=" + SECRET + b" HTTP/1.1\r\nAuthorization: Bearer " + SECRET + b"\r\n\r\n",
    "HL7": b"\x0bMSH|^~\\&|" + SECRET + b"|\x1c\r",
    "HL7 without its frame": b"MSH|^~\\&|" + SECRET,
    "a user of RDP": b"\x03\x00\x00\x2f\x2a\xe0\x00\x00\x00\x00\x00Cookie: mstshash=" + SECRET,
    "a user of SOCKS": b"\x04\x01\x00\x50\x0a\x00\x00\x01" + SECRET + b"\x00",
    "a segment of HL7": b"\x0bPID|1||" + SECRET,
    "HL7 behind an empty line": b"\r\nMSH|^~\\&|" + SECRET,
    "the user of a print queue": b"\x05lp " + SECRET + b" 12\n",
    "a page in PCL": b"\x1bE" + SECRET,
    "a list in JSON": b'["' + SECRET + b'", 1]',
    "JSON behind a byte order mark": b'\xef\xbb\xbf{"' + SECRET + b'":1}',
    "a frame of an analyzer": b"\x021" + SECRET,
    "a data set in big endian": b"\x00\x10\x00\x10PN\x00\x0d" + SECRET,
    "a data set": b"\x08\x00\x05\x00\x0d\x00\x00\x00" + SECRET,
}

MESSAGES = {
    "data set as a command": p_data(
        pdv(b"\x10\x00\x10\x00\x0d\x00\x00\x00" + SECRET, command=True, last=True)
    ),
    "data set fragment": p_data(pdv(SECRET, command=False, last=True)),
    "data set behind a command": p_data(
        pdv(echo_command(1) + b"\x10\x00\x10\x00\x0d\x00\x00\x00" + SECRET, command=True, last=True)
    ),
    "name in a command": p_data(
        pdv(b"\x00\x00\x30\x00\x0d\x00\x00\x00" + SECRET, command=True, last=True)
    ),
}


def _say_everything(scp: Daemon, level: str = "info") -> None:
    requests = dict(REQUESTS)
    if level == "debug":
        # At debug, requests are shown with the names of users and syntaxes, as in pynetdicom's log.
        del requests["no UID"]
        for kind in (1, 2):
            requests[f"user identity {kind}"] = associate_rq(
                *_items(identity(kind, b"somebody")), version=2
            )
    for octets in requests.values():
        with scp.connect() as peer:
            peer.send(octets)
            peer.receive()
    for octets in MESSAGES.values():
        with scp.connect() as peer:
            peer.associate()
            peer.send(octets)
            peer.receive()


@pytest.mark.parametrize("level", ["info", "debug"])
def test_nothing_confidential_gets_into_the_journal(
    echoscpd: Start, journal: Journal, level: str
) -> None:
    scp = echoscpd("--log-target", "journal", "-ll", level, wrapper=journal.wrapper)
    _say_everything(scp, level)
    entries = journal.read_until_it_stops(scp)
    # At info, the records of one cause are combined.
    most = len(REQUESTS) + len(MESSAGES) - 2
    assert sum("DICOM_PDU" in entry for entry in entries) >= (most if level == "debug" else 7)
    for entry in entries:
        for name, values in entry.items():
            for value in values:
                assert SECRET.decode() not in value, name
                assert SECRET.hex() not in value.lower(), name
                # Not even its beginning.
                assert SECRET[:5].hex() not in value.lower(), (name, value)


def _evidence(journal: Journal) -> list[bytes]:
    return [bytes.fromhex(entry["DICOM_PDU"][0]) for entry in journal.read() if "DICOM_PDU" in entry]


def _send(scp: Daemon, octets: bytes) -> None:
    with Peer(scp.port) as peer:
        peer.send(octets)
        peer.receive()


def test_what_was_refused_is_there_as_it_came(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    rejected = associate_rq(version=2, calling="CT1")
    unusable = associate_rq(context(1, abstract="1.2.840.10008.5.1.4.1.1.2"), *usual_items()[-1:])
    malformed = associate_rq(calling="CT3")[:-1] + b"\x00" * 3
    malformed = malformed[:2] + (len(malformed) - 6).to_bytes(4, "big") + malformed[6:]
    for octets in rejected, malformed:
        _send(scp, octets)
    with Peer(scp.port) as peer:
        peer.send(unusable)
        peer.receive()
        peer.send(abort())
    wrong = echo_command(7).replace(b"\x30\x00", b"\x31\x00")
    with Peer(scp.port) as peer:
        peer.associate()
        peer.send(p_data(pdv(wrong, command=True, last=True)))
        peer.receive()
    assert wait_until(lambda: len(_evidence(journal)) >= 3)
    scp.stop()
    found = _evidence(journal)
    for octets in (rejected, wrong):
        assert octets in found, octets
    assert any(one[:80] == malformed[:80] for one in found)


def test_it_can_be_left_out(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd("--log-target", "journal", "--log-pdus=no", wrapper=journal.wrapper)
    _say_everything(scp)
    entries = journal.read_until_it_stops(scp)
    assert len(entries) > 10 and not any("DICOM_PDU" in entry for entry in entries)


def test_a_good_association_has_none(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd("--log-target", "journal", "-ll", "debug", wrapper=journal.wrapper)
    with scp.connect() as peer:
        peer.associate()
        peer.send(echo_rq(1))
        peer.receive()
        peer.release()
    scp.stop()
    assert not any("DICOM_PDU" in entry for entry in journal.read())


def test_it_stays_with_its_own_peer(echoscpd: Start, journal: Journal, tmp_path: Path) -> None:
    """Even if the record that the evidence belongs to is not written."""
    file = tmp_path / "echoscp.conf"
    text = "[general]\nlog-target = journal\nlog-level = {}\n"
    file.write_text(text.format("error"))
    scp = echoscpd("--config", str(file), "--workers", "1", wrapper=journal.wrapper)
    _send(scp, associate_rq(version=2))
    file.write_text(text.format("info"))
    scp.send_signal(signal.SIGHUP)
    journal.wait_for(MESSAGE_ID=RELOADED)
    with Peer(scp.port) as peer:
        peer.associate()
        peer.send(associate_rq())
        peer.receive()
    scp.stop()
    (record,) = journal.find(ECHOSCP_CAUSE="unexpected-pdu")
    assert "DICOM_PDU" not in record
