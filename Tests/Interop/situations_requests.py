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
    """It connects and sends nothing."""
    assert isinstance(scp.connect().receive(), EndOfStream)


@situation("half-a-request", "-ta", "0.3")
def _half(scp: Daemon) -> None:
    """It sends the beginning of an A-ASSOCIATE-RQ and waits."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS)[:100])
    assert isinstance(peer.receive(), EndOfStream)


@situation("three-bytes-of-a-request", "-ta", "0.3")
def _three(scp: Daemon) -> None:
    """It sends less than the header of a PDU."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS)[:3])
    assert isinstance(peer.receive(), EndOfStream)


@situation("request-stops-after-a-segment", "-ta", "0.3")
def _one_segment(scp: Daemon) -> None:
    """The first segment of its A-ASSOCIATE-RQ comes, and no other."""
    rest = 5230 - len(associate_rq(*usual_items(), item(0x60), **OURS))
    request = associate_rq(*usual_items(), item(0x60, bytes(rest)), **OURS)
    assert len(request) == 5230
    peer = scp.connect()
    peer.send(request[:1448])
    assert isinstance(peer.receive(), EndOfStream)


@situation("closed-inside-the-request")
def _closed_inside(scp: Daemon) -> None:
    """It closes the connection in the middle of its A-ASSOCIATE-RQ."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS)[:40])
    peer.finish()
    assert isinstance(peer.receive(), EndOfStream)


@situation("reset-inside-the-request")
def _reset_inside(scp: Daemon) -> None:
    """It resets the connection in the middle of its A-ASSOCIATE-RQ."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS)[:40])
    time.sleep(0.1)
    peer.reset()
    time.sleep(0.1)


for name, title, called in (
    ("called-title", "It calls another AE title", "ARCHIVE"),
    ("called-title-one-too-many", "It calls our AE title and one character more", "ECHOSCP1"),
    ("called-title-case", "It calls our AE title in lower case", "echoscp"),
    ("called-title-hyphen", "It calls our AE title with a hyphen", "ECHO-SCP"),
    ("called-title-space", "It calls our AE title with a space", "ECHO SCP"),
    ("called-title-swapped-letters", "It calls our AE title with two letters swapped", "ECHOSPC"),
    ("called-title-one-missing", "It calls our AE title without a letter", "ECHOCP"),
    ("called-title-another-letter", "It calls our AE title with a wrong letter", "ECHOSCU"),
    ("called-title-blank", "It calls nobody", b" " * 16),
):
    said(name, title, associate_rq(called=called), options=("--require-called-ae-title",))

said(
    "calling-title", "Its AE title is not among those allowed", associate_rq(**OURS),
    options=("--allow-calling-ae-titles", "CT*, MR?"),
)  # fmt: skip


@situation("title-of-another-device", configuration="[device TESTSCU]\naddress = 192.0.2.7\n")
def _elsewhere(scp: Daemon) -> None:
    """Its AE title is bound to another address."""
    peer = scp.connect()
    peer.send(associate_rq(**OURS))
    hear_the_end(peer)


for name, title, options in (
    ("address-denied", "Its address is denied", ("--deny-addresses", "127.0.0.2")),
    ("address-not-allowed", "Its address is not among those allowed",
     ("--allow-addresses", "127.0.0.1")),
):  # fmt: skip

    def _address(scp: Daemon) -> None:
        hear_the_end(scp.connect(source="127.0.0.2"))

    _address.__doc__ = title
    situation(name, *options)(_address)

for name, title, bound in (
    ("calling-title-blank", "It calls itself by no AE title where some are allowed", b" " * 16),
    ("calling-title-like-a-sentence", "Its AE title reads like a part of a sentence",
     "A at 10.1.1.1\"".ljust(16)),
):  # fmt: skip
    said(
        name, title, associate_rq(**OURS, calling=bound),
        options=("--allow-calling-ae-titles", "CT*"),
    )  # fmt: skip

said("protocol-version", "It wants version 2 of the protocol", associate_rq(**OURS, version=2))
said(
    "application-context", "It wants another application context",
    associate_rq(application_context("1.2.3"), *usual_items()[1:], **OURS),
)  # fmt: skip

said(
    "no-application-context", "It names no application context",
    associate_rq(*usual_items()[1:], **OURS),
)  # fmt: skip
said(
    "application-context-too-long", "Its application context is longer than any, and is no UID",
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
    "no-verification", "It proposes twelve presentation contexts, none of them Verification",
    *(
        context(2 * index + 1, CT_IMAGE_STORAGE if index == 0 else MR_IMAGE_STORAGE)
        for index in range(12)
    ),
)  # fmt: skip
_proposes(
    "one-context-not-verification", "It proposes CT Image Storage", context(1, CT_IMAGE_STORAGE)
)
_proposes("private-context", "It proposes a private SOP class", context(1, PRIVATE_CLASS))
_proposes(
    "no-common-transfer-syntax", "It proposes Verification with syntaxes that are not accepted",
    context(1, syntaxes=(EXPLICIT_LITTLE, EXPLICIT_BIG)), options=("-xi",),
)  # fmt: skip
_proposes(
    "unknown-transfer-syntax", "It proposes Verification with a private transfer syntax",
    context(1, syntaxes=("1.2.3.4",)),
)  # fmt: skip
_proposes(
    "many-unknown-transfer-syntaxes", "It proposes Verification with many private transfer syntaxes",
    context(1, syntaxes=(EXPLICIT_LITTLE, *(f"1.2.3.{index}" for index in range(40)))),
    options=("-xi",),
)  # fmt: skip
_proposes(
    "many-private-contexts", "It proposes many private SOP classes",
    *(context(2 * index + 1, f"{PRIVATE_CLASS}.{index}") for index in range(40)),
)  # fmt: skip


@situation("no-context")
def _no_context(scp: Daemon) -> None:
    """It proposes no presentation context."""
    peer = scp.connect()
    items = (application_context(), user_information(maximum_length(), implementation_class()))
    peer.associate(*items, **OURS)
    peer.release()


@situation("maximum-length-too-small")
def _maximum_length(scp: Daemon) -> None:
    """It takes no PDU that an answer would fit into."""
    peer = scp.connect()
    peer.associate(*usual_items(maximum=7), **OURS)
    peer.send(echo_rq())
    hear_the_end(peer)


said("data-before-a-request", "It sends P-DATA-TF first", p_data())
said("release-before-a-request", "It sends A-RELEASE-RQ first", release_rq())
said("accept-before-a-request", "It sends A-ASSOCIATE-AC first", associate_ac())
said("unrecognized-pdu", "It sends a PDU of a type that there is not", pdu(9, bytes(4)))
said("request-too-short", "Its request ends early", pdu(ASSOCIATE_RQ, bytes(20)))
said(
    "item-too-long", "An item of its request is longer than the request",
    associate_rq(application_context(), context(1, length=400), **OURS),
)  # fmt: skip
said(
    "maximum-length-item-of-two-bytes", "An item of its request has a wrong length",
    associate_rq(
        application_context(), context(), user_information(item(0x51, bytes(2))), **OURS
    ),
)  # fmt: skip
said("request-too-long", "Its request is longer than any", pdu(ASSOCIATE_RQ, b"", length=2 << 20))


@situation("too-many-associations", "--max-associations", "1")
def _too_many(scp: Daemon) -> None:
    """There are as many associations as there may be."""
    first, second = scp.connect(), scp.connect()
    first.associate(**OURS)
    second.send(associate_rq(**OURS))
    assert isinstance(second.receive(), AssociateRJ)
    first.echo()
    first.release()


@situation("too-many-of-one-address", "--max-associations-per-address", "1")
def _too_many_of_one(scp: Daemon) -> None:
    """Its address has as many associations as it may have."""
    _too_many(scp)


@situation("too-many-pending", "--max-pending", "2", "--workers", "1")
def _too_many_pending(scp: Daemon) -> None:
    """There are more connections without an association than there may be."""
    peers = [scp.connect() for _ in range(3)]
    assert isinstance(peers[0].receive(), EndOfStream)


@situation("too-many-pending-of-one-address", "--max-pending-per-address", "2", "--workers", "1")
def _too_many_pending_of_one(scp: Daemon) -> None:
    """Its address has more connections without an association than it may have."""
    _too_many_pending(scp)


@situation("too-many-connections-in-a-second", "--max-connection-rate", "2")
def _rate(scp: Daemon) -> None:
    """Its address makes connections faster than it may."""
    for _ in range(20):
        # Those that may connect wait for something to be said.
        if not scp.connect(source="127.0.0.2").silent_for(0.05):
            break
    else:
        raise AssertionError("nobody was refused")
    scp.forget_peers()
    time.sleep(0.1)


FEW = ("--workers", "1", "--partial-pdu-memory", "256K", "-ta", "0.5")
"""Memory for one long request, or 32 of 12,000 bytes."""


def _hoard(scp: Daemon, size: int) -> Peer:
    """One of whose request so many bytes have come."""
    peer = scp.connect()
    peer.send(pdu(ASSOCIATE_RQ, bytes(size), length=256 << 10))
    return peer


@situation("no-memory-for-requests", *FEW)
def _no_memory(scp: Daemon) -> None:
    """The memory for requests in pieces is used up by others that are no longer."""
    hoarders = [_hoard(scp, 12_000) for _ in range(32)]
    assert all(peer.silent_for(0.01) for peer in hoarders)
    assert isinstance(_hoard(scp, 12_000).receive(), AssociateRJ)
    for peer in hoarders:
        peer.reset()


@situation("largest-request-gives-way", *FEW)
def _largest_request(scp: Daemon) -> None:
    """The memory for requests in pieces is used up, and a shorter request needs some of it."""
    hoarder = _hoard(scp, 200_000)
    assert hoarder.silent_for(0.1)
    short = _hoard(scp, 20_000)
    assert isinstance(hoarder.receive(), AssociateRJ)
    short.close()


@situation("no-descriptors", "--workers", "1")
def _no_descriptors(scp: Daemon) -> None:
    """The limit of file descriptors is lowered while the service runs, below what it needs."""
    few = scp.descriptors() + 10
    resource.prlimit(scp.pid, resource.RLIMIT_NOFILE, (few, few))
    peers = [scp.connect() for _ in range(40)]
    assert isinstance(peers[0].receive(), EndOfStream)
    with Peer(scp.port) as good:
        good.associate(**OURS)
        good.echo()
        good.release()
    assert scp.descriptors() <= few
