"""Known failures of other DICOM programs caused by A-ASSOCIATE-RQs: wrong lengths and missing items."""

from __future__ import annotations

import random

import pytest

from daemon import Daemon
from footprint import KIB, MIB, growth, settle
from known_failures import Start, answer, caught, flat, still_serves
from peer import Peer
from replies import ABORTED, Abort, AssociateAC, AssociateRJ, EndOfStream
from test_malformed_requests import MALFORMED, in_user_information
from wire import (
    ASSOCIATE_RQ,
    all_extended_negotiation,
    application_context,
    associate_rq,
    asynchronous_window,
    context,
    echo_rq,
    implementation_class,
    implementation_version,
    item,
    maximum_length,
    pdu,
    release_rq,
    role,
    sop_class_common_extended,
    sop_class_extended,
    u16,
    user_identity,
    user_information,
)

SUB_ITEMS = {
    "51H": maximum_length(),
    "52H": implementation_class(),
    "53H": asynchronous_window(1, 1),
    "54H": role(),
    "55H": implementation_version(),
    "56H": sop_class_extended(),
    "57H": sop_class_common_extended(related=("1.2.3", "1.2.3.4")),
    "58H": user_identity(2, b"name", b"secret"),
}

USUAL = associate_rq(*all_extended_negotiation())


def lengths(true: int) -> list[int]:
    """Wrong lengths: those near the true one, and those at which a sum or a sign may overflow."""
    near = {*range(true + 12), 0xFF, 0x100, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xFFFB, 0xFFFE, 0xFFFF}
    return sorted(near - {true})


@caught("DCMTK-942")
@pytest.mark.parametrize("name", SUB_ITEMS)
def test_sub_item_of_every_length(scp: Daemon, caught: str, name: str) -> None:
    """The UID length of a role selection item was trusted, so the UID was read beyond the item."""
    sub_item = SUB_ITEMS[name]
    true = len(sub_item) - 4
    assert isinstance(answer(scp, associate_rq(*in_user_information(sub_item))), AssociateAC)
    for length in lengths(true):
        lie = sub_item[:2] + u16(length) + sub_item[4:]
        reply = answer(scp, associate_rq(*in_user_information(lie)))
        if length > true:
            assert reply == ABORTED, f"length {length}, though {true} bytes are left"
        else:
            # The remaining bytes may happen to form an item.
            assert isinstance(reply, AssociateAC | Abort), f"length {length}"
    still_serves(scp)


@caught("DCMTK-942")
@pytest.mark.parametrize("name", ["54H", "56H", "57H"])
def test_uid_in_a_sub_item_of_every_length(scp: Daemon, caught: str, name: str) -> None:
    """One level deeper: the length of the UID against that of the item that holds it."""
    sub_item = SUB_ITEMS[name]
    true = int.from_bytes(sub_item[4:6], "big")
    for length in lengths(true):
        lie = sub_item[:4] + u16(length) + sub_item[6:]
        reply = answer(scp, associate_rq(*in_user_information(lie)))
        if length > len(sub_item) - 6:
            assert reply == ABORTED, f"UID length {length} in {len(sub_item) - 4} bytes"
        else:
            assert isinstance(reply, AssociateAC | Abort), f"UID length {length}"
    still_serves(scp)


@caught("DCMTK-942")
@pytest.mark.parametrize("name", SUB_ITEMS)
def test_sub_item_truncated_at_every_byte(scp: Daemon, caught: str, name: str) -> None:
    """All enclosing lengths are correct, so that only the sub-item itself reaches too far."""
    sub_item = SUB_ITEMS[name]
    for size in range(1, len(sub_item)):
        assert answer(scp, associate_rq(*in_user_information(sub_item[:size]))) == ABORTED, size
    still_serves(scp)


@caught("DCMTK-48d0032")
@pytest.mark.parametrize("length", [0, 1, 3, 5, 0xFFFF])
@pytest.mark.parametrize("kind", [0x51, 0x53], ids=["51H", "53H"])
def test_number_of_another_length(scp: Daemon, caught: str, kind: int, length: int) -> None:
    """Four bytes were read regardless of the item's length."""
    lie = item(kind, bytes(min(length, 5)), length=length)
    honest = item(kind, bytes(min(length, 0xFFF0 - 8)))
    for sub_item in (lie, honest):
        request = associate_rq(
            application_context(), context(), user_information(implementation_class(), sub_item)
        )
        assert answer(scp, request) == ABORTED
    still_serves(scp)


@caught("CVE-2021-41687")
def test_malformed_requests_leave_no_memory_behind(echoscpd: Start, caught: str) -> None:
    """The items parsed before an error were never freed."""
    requests = [associate_rq(*items) for items in MALFORMED.values()]

    def send(scp: Daemon, number: int) -> None:
        assert answer(scp, requests[number % len(requests)]) == ABORTED

    flat(echoscpd, send, 30 * len(requests), "malformed requests")


@caught("CVE-2021-41688")
def test_conversations_with_anything_wrong(echoscpd: Start, caught: str) -> None:
    """Memory freed when an association failed was freed again when it was destroyed."""
    whole = USUAL + echo_rq(1) + echo_rq(2) + release_rq()

    def converse(scp: Daemon, number: int) -> None:
        generator = random.Random(number)
        octets = bytearray(whole)
        for _ in range(generator.randrange(1, 4)):
            at, size = generator.randrange(len(octets)), generator.randrange(1, 9)
            match generator.randrange(4):
                case 0:
                    octets[at] = generator.choice((0, 1, 0x7F, 0x80, 0xFF))
                case 1:
                    del octets[at : at + size]
                case 2:
                    octets[at:at] = generator.randbytes(size)
                case 3:
                    octets[at:at] = octets[at : at + 40]
        with Peer(scp.port) as peer:
            peer.send(bytes(octets))
            if number % 2:
                peer.finish()
                while not isinstance(peer.receive(), EndOfStream):
                    pass
            elif number % 4:
                peer.reset()

    flat(echoscpd, converse, 4000, "conversations with something wrong")


@caught("CVE-2021-41689")
def test_request_in_which_everything_is_missing(scp: Daemon, caught: str) -> None:
    """A string that the peer omitted was a null pointer, which was then copied."""
    empty = (application_context(), context(1, "", [""]), user_information())
    nameless = {"called": bytes(16), "calling": bytes(16)}
    for title in (nameless, {"called": " " * 16, "calling": " " * 16}):
        accept = answer(scp, associate_rq(*empty, **title))
        assert isinstance(accept, AssociateAC) and accept.contexts[0].result == 3
        assert isinstance(
            answer(scp, associate_rq(application_context(), user_information(), **title)),
            AssociateAC,
        )
        assert isinstance(
            answer(scp, associate_rq(application_context(), **title)), AssociateAC | Abort
        )
        assert answer(scp, associate_rq(b"", **title)) == AssociateRJ(1, 1, 2)
    names = (implementation_class(""), implementation_version(""), role(""), user_identity(1, b""))
    for sub_item in names:
        request = associate_rq(*in_user_information(sub_item), **nameless)
        assert isinstance(answer(scp, request), AssociateAC)
    still_serves(scp)


@caught("ZSL-2016-5386", "Horos-163")
def test_every_length_of_a_request_is_a_lie(scp: Daemon, caught: str) -> None:
    """A wrong length in the ACSE structures of a request overflowed the listener's memory."""
    places = [6 + 68 + 2]  # the length of the first item
    for sub_item in all_extended_negotiation():
        places.append(places[-1] + len(sub_item))
    places.pop()
    inner = places[-1] + 4
    for name in (maximum_length(), implementation_class()):
        places.append(inner)
        inner += len(name)
    replies = set()
    for at in places:
        true = int.from_bytes(USUAL[at : at + 2], "big")
        for length in (0, 1, true - 1, true + 1, true + 4, 0x7FFF, 0xFFFF):
            octets = USUAL[:at] + u16(length) + USUAL[at + 2 :]
            reply = answer(scp, octets)
            replies.add(type(reply))
            if at + 2 + length > len(USUAL):
                assert reply == ABORTED, f"length {length} at byte {at}"
            assert isinstance(reply, AssociateAC | AssociateRJ | Abort)
    assert Abort in replies
    for length in (0, 1, 67, (256 << 10) + 1, 0x7FFFFFFF, 0xFFFFFFFF):
        assert answer(scp, pdu(ASSOCIATE_RQ, length=length)) == ABORTED, length
    still_serves(scp)


def of_sub_items(size: int, sub_item: bytes) -> bytes:
    """A request of about `size` bytes, filled with copies of this sub-item in as many items as needed."""
    most = 0xFFFF // len(sub_item) * sub_item
    count, rest = divmod(size, len(most) + 4)
    rest -= rest % len(sub_item)
    full = user_information(most) * count + user_information(most[:rest])
    return associate_rq(application_context(), context(), user_information(maximum_length()), full)


@caught("io-dicom-40")
@pytest.mark.parametrize(
    "sub_item",
    [item(0x5F), implementation_version("A"), role("1", 1, 1), user_identity(1, b"a")],
    ids=["empty and unknown", "55H", "54H", "58H"],
)
@pytest.mark.parametrize("size", [65_622, 256 << 10], ids=["65622 bytes", "256 KiB"])
def test_request_takes_no_more_than_it_has(
    scp: Daemon, caught: str, size: int, sub_item: bytes
) -> None:
    """65,622 bytes held 16,000 sub-items, each of which was given 64 KiB: a gigabyte in all."""
    request = of_sub_items(min(size, (256 << 10) - 300), sub_item)
    still_serves(scp)
    before = scp.settled_descriptors()
    with growth(scp) as grown:
        reply = answer(scp, request)
        settle(scp, before)
    assert isinstance(reply, AssociateAC | Abort | AssociateRJ)
    print(f"{len(request)} bytes: {grown.peak // KIB} KiB at most, {grown.left // KIB} KiB after")
    # The bytes themselves, the doubling of their buffer, and memory that the allocator leaves unused.
    assert grown.peak <= 2 * len(request) + 512 * KIB
    assert grown.left <= 256 * KIB
    still_serves(scp)


@caught("CVE-2026-3650")
@pytest.mark.parametrize("declared", [1000, 65_536, 256 << 10], ids=lambda size: f"{size} bytes")
def test_announced_requests_take_no_memory(scp: Daemon, caught: str, declared: int) -> None:
    """Memory was allocated for an announced length before any of the data had arrived."""
    begin = pdu(ASSOCIATE_RQ, USUAL[6:300], length=declared)
    with growth(scp) as grown:
        peers = [scp.connect() for _ in range(400)]
        for peer in peers:
            peer.send(begin)
        assert peers[-1].silent_for(0.1)
    print(f"400 peers announce {declared} bytes each: {grown.reserved // KIB} KiB requested")
    # A slot for each, in a table that doubles, and a page for the bytes that did arrive.
    assert grown.reserved <= 3 * MIB and grown.left <= 3 * MIB
    scp.forget_peers()
    still_serves(scp)
