"""Deviations from the standard in the A-ASSOCIATE-RQs of real devices, which the program tolerates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from daemon import ACCEPTING, Daemon
from replies import ContextResult
from wire import (
    APPLICATION_CONTEXT,
    IMPLICIT_LITTLE,
    VERIFICATION,
    abstract_syntax,
    all_extended_negotiation,
    application_context,
    context,
    implementation_class,
    implementation_version,
    item,
    maximum_length,
    transfer_syntax,
    user_identity,
    user_information,
    usual_items,
)

Start = Callable[..., Daemon]

TOLERATED: dict[str, Sequence[bytes]] = {
    "UIDs padded with NUL": (
        application_context(APPLICATION_CONTEXT.encode() + b"\0"),
        context(1, VERIFICATION.encode() + b"\0", [IMPLICIT_LITTLE.encode() + b"\0"]),
        user_information(maximum_length(), implementation_class(b"1.2.3\0")),
    ),
    "UIDs padded with a space": (
        application_context(APPLICATION_CONTEXT.encode() + b" "),
        context(1, VERIFICATION.encode() + b" ", [IMPLICIT_LITTLE.encode() + b" "]),
        user_information(maximum_length(), implementation_class(b"1.2.3 ")),
    ),
    "items from last to first": usual_items(context(3), context(1))[::-1],
    "application context in the middle": (context(1), application_context(), user_information()),
    "sub-items of a context in another order": (
        application_context(),
        item(0x20, bytes((1, 0, 0, 0)) + transfer_syntax(IMPLICIT_LITTLE)
             + abstract_syntax(VERIFICATION)),
        user_information(maximum_length()),
    ),
    "user information from last to first": (
        application_context(),
        context(),
        user_information(implementation_version(), implementation_class(), maximum_length()),
    ),
    "empty user information": (application_context(), context(), user_information()),
    "no implementation UID or version": (
        application_context(), context(), user_information(maximum_length())
    ),
    "no implementation UID but a version": (
        application_context(), context(),
        user_information(maximum_length(), implementation_version()),
    ),
    "no maximum length": (
        application_context(), context(), user_information(implementation_class())
    ),
    "an even context ID": usual_items(context(2), context(1)),
    "a context ID twice": usual_items(context(1), context(1)),
    "unknown items": (
        item(0x00), item(0x11, b"?"), application_context(), item(0x22, bytes(3)), context(),
        item(0xFF, bytes(1000)), user_information(maximum_length()), item(0x60, b"\0"),
    ),
    "unknown items in a context": (
        application_context(),
        item(0x20, bytes((1, 0, 0, 0)) + item(0x31, b"?") + abstract_syntax(VERIFICATION)
             + item(0x41) + transfer_syntax(IMPLICIT_LITTLE) + item(0xFF, bytes(100))),
        user_information(maximum_length()),
    ),
    "unknown sub-items of the user information": (
        application_context(), context(),
        user_information(
            item(0x00), item(0x50, b"?"), maximum_length(), item(0x59, bytes(7)),
            item(0x5A), item(0xFF, bytes(1000)), implementation_class(),
        ),
    ),
    "all extended negotiation": all_extended_negotiation(),
}  # fmt: skip


@pytest.mark.parametrize("items", TOLERATED.values(), ids=TOLERATED)
def test_tolerated(echoscpd: Start, items: Sequence[bytes]) -> None:
    scp = echoscpd("-v")
    peer = scp.connect()
    accepted = peer.associate(*items)
    assert ContextResult(1, 0, IMPLICIT_LITTLE) in accepted.contexts
    peer.echo()
    peer.release()
    scp.stop()
    assert scp.steps()[0] == ACCEPTING
    assert scp.warnings() == []


IDENTITIES = {
    "user name": user_identity(1, b"somebody"),
    "user name and passcode": user_identity(2, b"somebody", b"secret"),
    "Kerberos": user_identity(3, bytes(3000)),
    "SAML": user_identity(4, b"<saml/>" * 1000),
    "JWT": user_identity(5, b"e30.e30."),
    "unknown type 0": user_identity(0, b""),
    "unknown type 255": user_identity(255, b"?", b"?"),
    "no response wanted": user_identity(1, respond=0),
    "empty": user_identity(1, b"", b""),
    "of 60,000 bytes": user_identity(5, bytes(60_000)),
}


@pytest.mark.parametrize("identity", IDENTITIES.values(), ids=IDENTITIES)
def test_user_identity_is_not_checked_and_not_answered(scp: Daemon, identity: bytes) -> None:
    peer = scp.connect()
    peer.associate(application_context(), context(), user_information(maximum_length(), identity))
    peer.echo()
