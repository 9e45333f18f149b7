"""Situations before an association is established: connections, protocols, requests, rejections."""

from __future__ import annotations

import resource
import time

from daemon import Daemon, wait_until
from foreign_protocols import FOREIGN
from peer import Peer
from replies import AssociateRJ, EndOfStream
from situations import hear_the_end, said, situation
from wire import (
    ASSOCIATE_RQ,
    CT_IMAGE_STORAGE,
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    application_context,
    associate_ac,
    associate_rq,
    context,
    echo_rq,
    implementation_class,
    item,
    maximum_length,
    p_data,
    pdu,
    release_rq,
    usual_items,
    user_information,
)

OURS = {"called": "ECHOSCP"}
MR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.4"
PRIVATE_CLASS = "1.2.826.0.1.3680043.9.9999.1"

for name, protocol in (
    ("http", "HTTP"),
    ("tls", "TLS record of version 3.1"),
    ("hl7", "HL7"),
    ("ssh", "SSH"),
    ("smb", "SMB 2"),
    ("rdp", "RDP"),
    ("socks-4", "SOCKS 4"),
    ("socks-5", "SOCKS 5"),
    ("proxy-header", "PROXY version 1"),
    ("not-dicom", "SMTP"),
):
    said(name, f"{protocol} on the DICOM port", FOREIGN[protocol][1])


@situation("silence", "-ta", "0.3")
def _silence(scp: Daemon) -> None:
    """The device connects and sends nothing."""
    assert isinstance(scp.connect().receive(), EndOfStream)


@situation("half-a-request", "-ta", "0.3")
def _half(scp: Daemon) -> None:
    """The device sends only the beginning of an A-ASSOCIATE-RQ."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS)[:100])
    assert isinstance(peer.receive(), EndOfStream)


@situation("three-bytes-of-a-request", "-ta", "0.3")
def _three(scp: Daemon) -> None:
    """The device sends less than the header of a PDU."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS)[:3])
    assert isinstance(peer.receive(), EndOfStream)


@situation("request-stops-after-a-segment", "-ta", "0.3")
def _one_segment(scp: Daemon) -> None:
    """Only the first segment of the A-ASSOCIATE-RQ arrives."""
    rest = 5230 - len(associate_rq(*usual_items(), item(0x60), **OURS))
    request = associate_rq(*usual_items(), item(0x60, bytes(rest)), **OURS)
    assert len(request) == 5230
    peer = scp.connect()
    peer.send(request[:1448])
    assert isinstance(peer.receive(), EndOfStream)


@situation("closed-inside-the-request")
def _closed_inside(scp: Daemon) -> None:
    """The device closes the connection in the middle of its A-ASSOCIATE-RQ."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS)[:40])
    peer.finish()
    assert isinstance(peer.receive(), EndOfStream)


@situation("reset-inside-the-request")
def _reset_inside(scp: Daemon) -> None:
    """The device resets the connection in the middle of its A-ASSOCIATE-RQ."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS)[:40])
    time.sleep(0.1)
    peer.reset()
    time.sleep(0.1)


for name, title, called in (
    ("called-title", "The device calls another AE title", "ARCHIVE"),
    ("called-title-one-too-many", "The device calls our AE title with an extra character", "ECHOSCP1"),
    ("called-title-case", "The device calls our AE title in lower case", "echoscp"),
    ("called-title-hyphen", "The device calls our AE title with a hyphen in it", "ECHO-SCP"),
    ("called-title-space", "The device calls our AE title with a space in it", "ECHO SCP"),
    ("called-title-swapped-letters", "The device calls our AE title with two letters swapped",
     "ECHOSPC"),
    ("called-title-one-missing", "The device calls our AE title with a letter missing", "ECHOCP"),
    ("called-title-another-letter", "The device calls our AE title with a wrong letter", "ECHOSCU"),
    ("called-title-blank", "The device calls a blank AE title", b" " * 16),
):  # fmt: skip
    said(name, title, associate_rq(called=called), options=("--require-called-ae-title",))

said(
    "calling-title", "The device's AE title is not one of those allowed", associate_rq(**OURS),
    options=("--allow-calling-ae-titles", "CT*, MR?"),
)  # fmt: skip


@situation("title-of-another-device", configuration="[device TESTSCU]\naddress = 192.0.2.7\n")
def _elsewhere(scp: Daemon) -> None:
    """The device's AE title is reserved for another address."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS))
    hear_the_end(peer)


for name, title, options in (
    ("address-denied", "The device's address is denied", ("--deny-addresses", "127.0.0.2")),
    ("address-not-allowed", "The device's address is not one of those allowed",
     ("--allow-addresses", "127.0.0.1")),
):  # fmt: skip

    def _address(scp: Daemon) -> None:
        hear_the_end(scp.connect(source="127.0.0.2"))

    _address.__doc__ = title
    situation(name, *options)(_address)

for name, title, bound in (
    ("calling-title-blank", "The device's AE title is blank, and only some titles are allowed",
     b" " * 16),
    ("calling-title-like-a-sentence", "The device's AE title looks like part of the message",
     "A at 10.1.1.1\"".ljust(16)),
):  # fmt: skip
    said(
        name, title, associate_rq(**OURS, calling=bound),
        options=("--allow-calling-ae-titles", "CT*"),
    )  # fmt: skip

said(
    "protocol-version", "The device requests version 2 of the protocol",
    associate_rq(**OURS, version=2),
)  # fmt: skip
said(
    "application-context", "The device proposes another application context",
    associate_rq(application_context("1.2.3"), *usual_items()[1:], **OURS),
)  # fmt: skip

said(
    "no-application-context", "The device proposes no application context",
    associate_rq(*usual_items()[1:], **OURS),
)  # fmt: skip
said(
    "application-context-too-long", "The application context name is too long, and is not a UID",
    associate_rq(application_context("1.2.\x1b[2J" + 3000 * "7"), *usual_items()[1:], **OURS),
)  # fmt: skip


def _proposes(name: str, title: str, *contexts: bytes, options: tuple[str, ...] = ()) -> None:
    def act(scp: Daemon) -> None:
        peer = scp.connect()
        peer.associate(*usual_items(*contexts), **OURS)
        peer.release()

    act.__doc__ = title
    situation(name, *options)(act)


_proposes(
    "no-verification",
    "The device proposes twelve presentation contexts, none of them for Verification",
    *(
        context(2 * index + 1, CT_IMAGE_STORAGE if index == 0 else MR_IMAGE_STORAGE)
        for index in range(12)
    ),
)  # fmt: skip
_proposes(
    "one-context-not-verification", "The device proposes only CT Image Storage",
    context(1, CT_IMAGE_STORAGE),
)  # fmt: skip
_proposes(
    "private-context", "The device proposes only a private SOP class", context(1, PRIVATE_CLASS)
)
_proposes(
    "no-common-transfer-syntax", "The device proposes Verification, but no accepted transfer syntax",
    context(1, syntaxes=(EXPLICIT_LITTLE, EXPLICIT_BIG)), options=("-xi",),
)  # fmt: skip
_proposes(
    "unknown-transfer-syntax", "The device proposes Verification with only a private transfer syntax",
    context(1, syntaxes=("1.2.3.4",)),
)  # fmt: skip
_proposes(
    "many-unknown-transfer-syntaxes",
    "The device proposes Verification with 41 transfer syntaxes, none of them accepted",
    context(1, syntaxes=(EXPLICIT_LITTLE, *(f"1.2.3.{index}" for index in range(40)))),
    options=("-xi",),
)  # fmt: skip
_proposes(
    "many-private-contexts", "The device proposes many private SOP classes",
    *(context(2 * index + 1, f"{PRIVATE_CLASS}.{index}") for index in range(40)),
)  # fmt: skip


@situation("no-context")
def _no_context(scp: Daemon) -> None:
    """The device proposes no presentation context."""
    peer = scp.connect()
    items = (application_context(), user_information(maximum_length(), implementation_class()))
    peer.associate(*items, **OURS)
    peer.release()


@situation("maximum-length-too-small")
def _maximum_length(scp: Daemon) -> None:
    """The device's maximum PDU length is too small for any answer."""
    peer = scp.connect()
    peer.associate(*usual_items(maximum=7), **OURS)
    peer.send(echo_rq())
    hear_the_end(peer)


said("data-before-a-request", "The device sends P-DATA-TF first", p_data())
said("release-before-a-request", "The device sends A-RELEASE-RQ first", release_rq())
said("accept-before-a-request", "The device sends A-ASSOCIATE-AC first", associate_ac())
said("unrecognized-pdu", "The device sends a PDU of an undefined type first", pdu(9, bytes(4)))
said("request-too-short", "The A-ASSOCIATE-RQ is too short", pdu(ASSOCIATE_RQ, bytes(20)))
said(
    "item-too-long", "An item of the A-ASSOCIATE-RQ is longer than the PDU",
    associate_rq(application_context(), context(1, length=400), **OURS),
)  # fmt: skip
said(
    "maximum-length-item-of-two-bytes", "An item of the A-ASSOCIATE-RQ has the wrong length",
    associate_rq(
        application_context(), context(), user_information(item(0x51, bytes(2))), **OURS
    ),
)  # fmt: skip
said(
    "request-too-long", "The A-ASSOCIATE-RQ is longer than the limit",
    pdu(ASSOCIATE_RQ, b"", length=2 << 20),
)  # fmt: skip


@situation("too-many-associations", "--max-associations", "1")
def _too_many(scp: Daemon) -> None:
    """The limit of associations is reached."""
    first, second = scp.connect(), scp.connect()
    first.associate(**OURS)
    second.send(associate_rq(**OURS))
    assert isinstance(second.receive(), AssociateRJ)
    first.echo()
    first.release()


@situation("too-many-of-one-address", "--max-associations-per-address", "1")
def _too_many_of_one(scp: Daemon) -> None:
    """The device's address has reached its limit of associations."""
    _too_many(scp)


@situation("too-many-pending", "--max-pending", "2", "--workers", "1")
def _too_many_pending(scp: Daemon) -> None:
    """The limit of connections without an association is exceeded."""
    peers = [scp.connect() for _ in range(3)]
    assert isinstance(peers[0].receive(), EndOfStream)


@situation("too-many-pending-of-one-address", "--max-pending-per-address", "2", "--workers", "1")
def _too_many_pending_of_one(scp: Daemon) -> None:
    """The device's address exceeds its limit of connections without an association."""
    _too_many_pending(scp)


@situation("too-many-connections-in-a-second", "--max-connection-rate", "2")
def _rate(scp: Daemon) -> None:
    """The device's address exceeds its limit of connections per second."""
    for _ in range(20):
        # A connection that is accepted stays open and silent.
        if not scp.connect(source="127.0.0.2").silent_for(0.05):
            break
    else:
        raise AssertionError("no connection was refused")
    scp.forget_peers()
    time.sleep(0.1)


FEW = ("--workers", "1", "--partial-pdu-memory", "256K", "-ta", "0.5")
"""Options that leave memory for one long request, or for 32 of 12,000 bytes."""


def _hoard(scp: Daemon, size: int) -> Peer:
    """A peer that has sent `size` bytes of its request."""
    peer = scp.connect()
    peer.send(pdu(ASSOCIATE_RQ, bytes(size), length=256 << 10))
    return peer


@situation("no-memory-for-requests", *FEW)
def _no_memory(scp: Daemon) -> None:
    """The memory for partial requests is used up by requests no longer than the new one."""
    hoarders = [_hoard(scp, 12_000) for _ in range(32)]
    assert all(peer.silent_for(0.01) for peer in hoarders)
    assert isinstance(_hoard(scp, 12_000).receive(), AssociateRJ)
    for peer in hoarders:
        peer.reset()


@situation("largest-request-gives-way", *FEW)
def _largest_request(scp: Daemon) -> None:
    """The largest partial request gives up its memory for a shorter one."""
    hoarder = _hoard(scp, 200_000)
    assert hoarder.silent_for(0.1)
    short = _hoard(scp, 20_000)
    assert isinstance(hoarder.receive(), AssociateRJ)
    short.close()


@situation("no-descriptors", "--workers", "1")
def _no_descriptors(scp: Daemon) -> None:
    """The file descriptor limit drops below the service's needs while it runs."""
    few = scp.descriptors() + 10
    resource.prlimit(scp.pid, resource.RLIMIT_NOFILE, (few, few))
    peers = [scp.connect() for _ in range(40)]
    assert isinstance(peers[0].receive(), EndOfStream)
    with Peer(scp.port) as good:
        good.associate(**OURS)
        good.echo()
        good.release()
    assert scp.descriptors() <= few
