"""Scenarios of the differential test: user information and AE titles of the requestor."""

from __future__ import annotations

from scenario import Scenario, Step, table
from wire import (
    CT_IMAGE_STORAGE,
    application_context,
    associate_rq,
    asynchronous_window,
    context,
    echo_rq,
    implementation_class,
    implementation_version,
    item,
    maximum_length,
    release_rq,
    role,
    sop_class_common_extended,
    sop_class_extended,
    user_identity,
    user_information,
)

QUERY = "1.2.840.10008.5.1.4.1.2.1.1"
STORAGE_SERVICE = "1.2.840.10008.4.2"


def asking(*sub_items: bytes, maximum: int = 16382) -> list[Step]:
    """An echo after a request with these sub-items after the usual ones."""
    request = associate_rq(
        application_context(),
        context(),
        context(3, CT_IMAGE_STORAGE),
        user_information(maximum_length(maximum), implementation_class(), *sub_items),
    )
    return [request, echo_rq(), release_rq()]


def only(*sub_items: bytes) -> list[Step]:
    """An echo after a request with exactly these sub-items."""
    request = associate_rq(application_context(), context(), user_information(*sub_items))
    return [request, echo_rq(), release_rq()]


def titled(**titles: str | bytes) -> list[Step]:
    return [associate_rq(**titles), echo_rq(), release_rq()]  # type: ignore[arg-type]


IMPLEMENTATION: dict[str, list[Step]] = {
    "implementation: UID and version": asking(implementation_version("MODALITY_1.0")),
    "implementation: version of 16 characters": asking(implementation_version("1234567890123456")),
    "implementation: version with spaces": asking(implementation_version(" SPACES ")),
    "implementation: version empty": asking(implementation_version("")),
    "implementation: no version": only(maximum_length(), implementation_class()),
    "implementation: no UID": only(maximum_length(), implementation_version()),
    "implementation: neither": only(maximum_length()),
    "implementation: no maximum length": only(implementation_class()),
    "implementation: nothing": only(),
    "implementation: no item": [associate_rq(application_context(), context())],
    "implementation: a known UID": only(maximum_length(), implementation_class("1.2.840.10008.1.1")),
}

ROLES: dict[str, list[Step]] = {
    "roles: SCU": asking(role(user=1, provider=0)),
    "roles: SCP": asking(role(user=0, provider=1)),
    "roles: both": asking(role()),
    "roles: neither": asking(role(user=0, provider=0)),
    "roles: of storage": asking(role(CT_IMAGE_STORAGE, 0, 1)),
    "roles: of two": asking(role(CT_IMAGE_STORAGE, 1, 1), role(user=1, provider=0)),
    "roles: of an unproposed SOP class": asking(role(QUERY)),
    "roles: twice": asking(role(user=1, provider=0), role(user=0, provider=1)),
}

EXTENDED: dict[str, list[Step]] = {
    f"extended: {length} bytes": asking(sop_class_extended(information=bytes(range(length))))
    for length in (0, 1, 2, 15, 16, 17, 32, 33, 50, 255)
} | {
    "extended: 512 bytes": asking(sop_class_extended(information=bytes(512))),
    "extended: 513 bytes": asking(sop_class_extended(information=bytes(513))),
    "extended: of storage": asking(sop_class_extended(CT_IMAGE_STORAGE, b"\2\0\3\0\1\0")),
    "extended: several": asking(
        sop_class_extended(CT_IMAGE_STORAGE), sop_class_extended(), sop_class_extended(QUERY)
    ),
    "extended: twice": asking(sop_class_extended(), sop_class_extended(information=b"\2")),
    "extended: of a private class": asking(sop_class_extended("1.2.3.4.5")),
    "common: no related class": asking(sop_class_common_extended()),
    "common: related classes": asking(
        sop_class_common_extended(CT_IMAGE_STORAGE, related=("1.2.3", CT_IMAGE_STORAGE, QUERY))
    ),
    "common: several": asking(
        sop_class_common_extended(QUERY),
        sop_class_common_extended(CT_IMAGE_STORAGE, STORAGE_SERVICE, ("1.2.3",)),
    ),
    "common: a private service": asking(sop_class_common_extended("1.2.3", "1.2.4", ("1.2.5",))),
    "both extended": asking(sop_class_extended(), sop_class_common_extended()),
}

WINDOW: dict[str, list[Step]] = {
    f"window: {invoked}, {performed}": asking(asynchronous_window(invoked, performed))
    for invoked, performed in ((1, 1), (0, 0), (5, 7), (65535, 65535))
}

IDENTITY: dict[str, list[Step]] = {
    f"identity: type {kind}, response {respond}": asking(
        user_identity(kind, b"somebody", b"secret" if kind == 2 else b"", respond=respond)
    )
    for kind in (1, 2, 3, 4, 5)
    for respond in (0, 1)
} | {
    "identity: type 1, not ASCII": asking(user_identity(1, "Jürgen Śmith 山田".encode())),
    "identity: type 1, control characters": asking(user_identity(1, b"a\tb\x1bc")),
    "identity: type 1, not UTF-8": asking(user_identity(1, b"J\xfcrgen")),
    "identity: type 1, empty": asking(user_identity(1, b"")),
    "identity: type 2, not ASCII": asking(user_identity(2, "Jürgen".encode(), "пароль".encode())),
    "identity: type 2, no passcode": asking(user_identity(2, b"somebody")),
    "identity: type 1, a secondary field": asking(user_identity(1, b"somebody", b"more")),
    "identity: type 3, 5000 bytes": asking(user_identity(3, bytes(5000))),
    "identity: type 6": asking(user_identity(6)),
    "identity: type 0": asking(user_identity(0)),
    "identity: response 2": asking(user_identity(1, respond=2)),
    "identity: twice": asking(user_identity(1, b"one"), user_identity(1, b"two")),
}

MAXIMUM: dict[str, list[Step]] = {
    f"maximum length: {number}": asking(maximum=number)
    for number in (0, 1000, 16384, 131072, 2**31, 2**32 - 1)
} | {
    # The response has a command set of 78 bytes, and a PDV adds 6.
    f"maximum length: {number}": [*asking(maximum=number)[:2], release_rq()]
    for number in (84, 83)
}

TITLES: dict[str, list[Step]] = {
    f"title: {name}": titled(**{which: title})
    for which in ("called", "calling")
    for name, title in {
        f"{which}, 16 characters": "1234567890123456",
        f"{which}, inner spaces": "MO DA LI TY",
        f"{which}, leading spaces": "   MODALITY",
        f"{which}, trailing NULs": b"MODALITY1" + bytes(7),
        f"{which}, leading and trailing": b"  MODALITY1 \0\0\0\0",
        f"{which}, punctuation": "!\"#$%&'()*+,-./",
        f"{which}, a backslash": "A\\B",
        f"{which}, lower case": "modality1",
        f"{which}, blank": " ",
        f"{which}, NULs": bytes(16),
        f"{which}, a tab": "A\tB",
        f"{which}, an escape": "A\x1b[31mB",
        f"{which}, a line feed": "A\nB",
        f"{which}, not ASCII": b"MODALIT\xc4T       ",
    }.items()
}

UNKNOWN: dict[str, list[Step]] = {
    "unknown sub-item": asking(item(0x5F, b"\1\2\3")),
    "unknown sub-item, empty": asking(item(0x60)),
    "sub-item of an acceptor": asking(item(0x59, b"\0\0")),
}

SCENARIOS: list[Scenario] = [
    scenario
    for rows in (
        IMPLEMENTATION, ROLES, EXTENDED, WINDOW, IDENTITY, MAXIMUM, TITLES, UNKNOWN,
    )
    for scenario in table(rows)  # type: ignore[arg-type]
]  # fmt: skip
