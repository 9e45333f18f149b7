"""Every item and sub-item of an A-ASSOCIATE-RQ is read within its bounds.

PS3.8 §9.3.2, PS3.7 Annex D. The answer to an inconsistent length is an A-ABORT, source 0, reason 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from daemon import ACCEPTING, Daemon
from journal import Journal
from peer import SLACK
from replies import ABORTED, Abort, AssociateAC, AssociateRJ
from wire import (
    IMPLICIT_LITTLE,
    VERIFICATION,
    abstract_syntax,
    all_extended_negotiation,
    application_context,
    associate_rq,
    context,
    item,
    maximum_length,
    role,
    sop_class_common_extended,
    sop_class_extended,
    transfer_syntax,
    user_identity,
    user_information,
    usual_items,
)

Start = Callable[..., Daemon]


def in_user_information(*sub_items: bytes) -> Sequence[bytes]:
    return (application_context(), context(), user_information(maximum_length(), *sub_items))


def in_context(octets: bytes, reserved: bytes = bytes((1, 0, 0, 0))) -> Sequence[bytes]:
    return (application_context(), item(0x20, reserved + octets), user_information())


def beyond(build: Callable[..., bytes], size: int) -> dict[str, bytes]:
    """Items of `size` bytes that announce more than there are."""
    return {f"{lie:04X}H": build(length=lie) for lie in (size + 1, size + 255, 0x7FFF, 0xFFFF)}


NAMES = abstract_syntax(VERIFICATION), transfer_syntax(IMPLICIT_LITTLE)
BOTH = b"".join(NAMES)

MALFORMED: dict[str, Sequence[bytes]] = {
    # items
    **{
        f"application context, length {name}": (octets,)
        for name, octets in beyond(application_context, 21).items()
    },
    **{
        f"context, length {name}": (application_context(), octets)
        for name, octets in beyond(context, 46).items()
    },
    **{
        f"user information, length {name}": (
            application_context(), context(), octets
        )
        for name, octets in beyond(lambda length: user_information(
            maximum_length(), length=length), 8).items()
    },
    "an unknown item beyond the end": (*usual_items(), item(0x7F, length=1)),
    **{
        f"{count} bytes after the last item": (*usual_items(), b"\x60\0\0"[:count])
        for count in (1, 2, 3)
    },
    # contexts
    **{f"context of {size} bytes": in_context(b"", bytes(size)) for size in range(4)},
    **{
        f"{count} bytes after the last sub-item of a context": in_context(BOTH + bytes(count))
        for count in (1, 2, 3)
    },
    "abstract syntax beyond its context": in_context(abstract_syntax(VERIFICATION, length=18)),
    "abstract syntax, length FFFFH": in_context(abstract_syntax(VERIFICATION, length=0xFFFF)),
    "abstract syntax with too small a length": in_context(
        abstract_syntax(VERIFICATION, length=16) + NAMES[1]
    ),
    "transfer syntax beyond its context": in_context(
        NAMES[0] + transfer_syntax(IMPLICIT_LITTLE, length=18)
    ),
    "transfer syntax, length FFFFH": in_context(
        NAMES[0] + transfer_syntax(IMPLICIT_LITTLE, length=0xFFFF)
    ),
    "an unknown sub-item beyond its context": in_context(BOTH + item(0x4F, length=1)),
    # user information
    **{
        f"{count} bytes after the last sub-item": in_user_information(bytes(count))
        for count in (1, 2, 3)
    },
    **{
        f"sub-item {number:02X}H, length {length:04X}H, without a body": in_user_information(
            item(number, length=length)
        )
        for number in (*range(0x51, 0x5A), 0xFF)
        for length in (1, 4, 0x7FFF, 0xFFFF)
    },
    **{
        f"maximum length of {size} bytes": (
            application_context(), context(), user_information(item(0x51, bytes(size)))
        )
        for size in (0, 1, 2, 3, 5, 8)
    },
    **{
        f"asynchronous window of {size} bytes": in_user_information(item(0x53, bytes(size)))
        for size in (0, 1, 2, 3, 5, 8)
    },
    **{
        f"role selection of {size} bytes": in_user_information(item(0x54, bytes(size)))
        for size in range(4)
    },
    **{
        f"role selection, UID length off by {lie}": in_user_information(role(lie=lie))
        for lie in (-1, 1, 2, 3, 1000, 0xFFFF - 17)
    },
    **{
        f"SOP class extended of {size} bytes": in_user_information(item(0x56, bytes(size)))
        for size in range(2)
    },
    **{
        f"SOP class extended, UID length off by {lie}": in_user_information(
            sop_class_extended(lie=lie)
        )
        for lie in (2, 3, 1000, 0xFFFF - 17)
    },
    **{
        f"SOP class common extended of {size} bytes": in_user_information(item(0x57, bytes(size)))
        for size in (0, 1, 2, 3, 4, 5)
    },
    **{
        f"SOP class common extended, {name} off by {lie}": in_user_information(
            sop_class_common_extended(related=("1.2.3", "1.2.4"), **{name: lie})
        )
        for name in ("uid_lie", "service_lie", "list_lie")
        for lie in (1000, 0xFF00)
    },
    **{
        f"SOP class common extended, {name} off by {lie}": in_user_information(
            sop_class_common_extended(related=("1.2.3", "1.2.4"), **{name: lie})
        )
        for name, lie in (("list_lie", 1), ("entry_lie", 1), ("entry_lie", 1000))
    },
    **{
        f"user identity of {size} bytes": in_user_information(item(0x58, bytes(size)))
        for size in range(6)
    },
    **{
        f"user identity, {name} off by {lie}": in_user_information(
            user_identity(2, b"name", b"secret", **{name: lie})
        )
        for name, lie in (
            ("primary_lie", 9), ("primary_lie", 1000), ("primary_lie", 0xFFFF - 4),
            ("secondary_lie", 1), ("secondary_lie", 1000), ("secondary_lie", 0xFFFF - 6),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("items", MALFORMED.values(), ids=MALFORMED)
def test_malformed(scp: Daemon, items: Sequence[bytes]) -> None:
    peer = scp.connect()
    peer.send(associate_rq(*items))
    assert peer.receive(within=SLACK) == ABORTED


@pytest.mark.parametrize("size", [0, 1, 2, 4, 20, 36, 66, 67])
def test_a_request_shorter_than_its_fixed_part(scp: Daemon, size: int) -> None:
    peer = scp.connect()
    peer.send(associate_rq(length=size)[: 6 + size])
    assert peer.receive(within=SLACK) == ABORTED


def test_a_request_truncated_at_every_byte(scp: Daemon) -> None:
    """The PDU length is that of the truncated request, which can only be valid if cut between two items."""
    items = all_extended_negotiation()
    whole = associate_rq(*items)
    boundaries = {74}
    for each in items:
        boundaries.add(max(boundaries) + len(each))
    for size in range(6, len(whole)):
        with scp.connect() as peer:
            peer.send(associate_rq(*items, length=size - 6)[:size])
            reply = peer.receive()
            if size not in boundaries:
                assert reply == ABORTED, f"truncated to {size} bytes"
            elif size == 74:
                assert reply == AssociateRJ(1, 1, 2), "no application context"
            else:
                assert isinstance(reply, AssociateAC | Abort | AssociateRJ)


def test_every_byte_of_a_request_set_to_ff(scp: Daemon) -> None:
    """Every resulting request gets an answer, and the next peer is served."""
    whole = associate_rq(*all_extended_negotiation())
    for at in range(6, len(whole)):
        with scp.connect() as peer:
            peer.send(whole[:at] + b"\xff" + whole[at + 1 :])
            assert isinstance(peer.receive(), AssociateAC | AssociateRJ | Abort), at
    peer = scp.connect()
    peer.associate()
    peer.echo()


def test_a_malformed_request_is_told_once(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    peer = scp.connect()
    peer.send(associate_rq(application_context(), context(length=1000), calling="BROKEN DEVICE"))
    assert peer.receive() == ABORTED
    scp.stop()
    assert len(scp.warnings()) == 1
    assert ACCEPTING not in scp.lines()


def test_a_malformed_request_is_told_with_its_cause(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    with scp.connect() as peer:
        peer.send(associate_rq(application_context(), context(length=1000), calling="BROKEN DEVICE"))
        assert peer.receive() == ABORTED
    scp.stop()
    [entry] = journal.find(DICOM_PEER_ADDRESS="127.0.0.1")
    assert entry["ECHOSCP_CAUSE"] == ["malformed-pdu"] and entry["PRIORITY"] == ["4"]
    assert entry["DICOM_CALLING_AE"] == ["BROKEN DEVICE"]
    assert entry["DICOM_REASON"] == ["A-ABORT 0/0"]
