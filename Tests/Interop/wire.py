"""Builds everything a peer may send: every PDU, item and element, with wrong lengths if needed.

PS3.8 §9.3 and PS3.7 Annexes D and E; independent of the program under test. `replies` parses the answers, and
`peer` sends and receives.
"""

from __future__ import annotations

import struct

APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
VERIFICATION = "1.2.840.10008.1.1"
CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2"

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
DEFLATED_LITTLE = "1.2.840.10008.1.2.1.99"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
TRANSFER_SYNTAXES = (
    IMPLICIT_LITTLE,
    EXPLICIT_LITTLE,
    DEFLATED_LITTLE,
    EXPLICIT_BIG,
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.92",
    "1.2.840.10008.1.2.4.93",
    "1.2.840.10008.1.2.5",
)
"""The transfer syntaxes that the program accepts, in order of preference."""
UNKNOWN_SYNTAX = "1.2.840.10008.1.2.4.201"

ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ, P_DATA_TF, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)


def u16(number: int) -> bytes:
    return struct.pack(">H", number)


def u32(number: int) -> bytes:
    return struct.pack(">I", number)


def _octets(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("ascii")


def pdu(kind: int, body: bytes = b"", *, length: int | None = None, reserved: int = 0) -> bytes:
    """Any PDU. `length` replaces the true length of the body."""
    return bytes((kind, reserved)) + u32(len(body) if length is None else length) + body


def item(kind: int, body: bytes = b"", *, length: int | None = None, reserved: int = 0) -> bytes:
    """Any item or sub-item. `length` replaces the true length of the body."""
    return bytes((kind, reserved)) + u16(len(body) if length is None else length) + body


def application_context(name: str | bytes = APPLICATION_CONTEXT, **lies: int) -> bytes:
    return item(0x10, _octets(name), **lies)


def abstract_syntax(uid: str | bytes, **lies: int) -> bytes:
    return item(0x30, _octets(uid), **lies)


def transfer_syntax(uid: str | bytes, **lies: int) -> bytes:
    return item(0x40, _octets(uid), **lies)


def context(
    context_id: int = 1,
    abstract: str | bytes | None = VERIFICATION,
    syntaxes: tuple[str | bytes, ...] | list[str] = (IMPLICIT_LITTLE,),
    *,
    reserved: int = 0,
    length: int | None = None,
) -> bytes:
    """A proposed presentation context; `None` leaves the abstract syntax out."""
    body = bytes((context_id, reserved, reserved, reserved))
    if abstract is not None:
        body += abstract_syntax(abstract, reserved=reserved)
    for syntax in syntaxes:
        body += transfer_syntax(syntax, reserved=reserved)
    return item(0x20, body, reserved=reserved, length=length)


def user_information(*sub_items: bytes, length: int | None = None, reserved: int = 0) -> bytes:
    return item(0x50, b"".join(sub_items), length=length, reserved=reserved)


def maximum_length(number: int = 16382, **lies: int) -> bytes:
    return item(0x51, u32(number), **lies)


def implementation_class(uid: str | bytes = "1.2.3.4", **lies: int) -> bytes:
    return item(0x52, _octets(uid), **lies)


def asynchronous_window(invoked: int, performed: int) -> bytes:
    return item(0x53, u16(invoked) + u16(performed))


def role(uid: str = VERIFICATION, user: int = 1, provider: int = 1, *, lie: int = 0) -> bytes:
    return item(0x54, u16(len(uid) + lie) + _octets(uid) + bytes((user, provider)))


def implementation_version(name: str | bytes = "TEST_1", **lies: int) -> bytes:
    return item(0x55, _octets(name), **lies)


def sop_class_extended(
    uid: str = VERIFICATION, information: bytes = b"\1", *, lie: int = 0
) -> bytes:
    return item(0x56, u16(len(uid) + lie) + _octets(uid) + information)


def sop_class_common_extended(
    uid: str = VERIFICATION, service: str = "1.2.840.10008.4.2", related: tuple[str, ...] = (),
    *, uid_lie: int = 0, service_lie: int = 0, list_lie: int = 0, entry_lie: int = 0,
) -> bytes:  # fmt: skip
    entries = b"".join(u16(len(entry) + entry_lie) + _octets(entry) for entry in related)
    return item(
        0x57,
        u16(len(uid) + uid_lie) + _octets(uid)
        + u16(len(service) + service_lie) + _octets(service)
        + u16(len(entries) + list_lie) + entries,
    )  # fmt: skip


def user_identity(
    kind: int = 2, primary: bytes = b"somebody", secondary: bytes = b"", *,
    respond: int = 1, primary_lie: int = 0, secondary_lie: int = 0,
) -> bytes:  # fmt: skip
    return item(
        0x58,
        bytes((kind, respond))
        + u16(len(primary) + primary_lie) + primary
        + u16(len(secondary) + secondary_lie) + secondary,
    )  # fmt: skip


def ae_title(text: str | bytes) -> bytes:
    """An AE title in sixteen bytes: a `str` is padded with spaces, `bytes` are used unchanged."""
    octets = text if isinstance(text, bytes) else text.encode("ascii").ljust(16)
    assert len(octets) == 16, f"an AE title has 16 bytes: {octets!r}"
    return octets


def usual_items(*contexts: bytes, maximum: int = 16382) -> list[bytes]:
    return [
        application_context(),
        *(contexts or (context(),)),
        user_information(maximum_length(maximum), implementation_class()),
    ]


def associate_rq(
    *items: bytes,
    called: str | bytes = "ANY-SCP",
    calling: str | bytes = "TESTSCU",
    version: int = 1,
    reserved: int = 0,
    length: int | None = None,
) -> bytes:
    """An A-ASSOCIATE-RQ with exactly these items, or with the usual ones if none are given."""
    body = u16(version) + bytes((reserved, reserved))
    body += ae_title(called) + ae_title(calling) + bytes([reserved] * 32)
    body += b"".join(items or usual_items())
    return pdu(ASSOCIATE_RQ, body, length=length, reserved=reserved)


def release_rq(reserved: int = 0) -> bytes:
    return pdu(RELEASE_RQ, bytes([reserved] * 4), reserved=reserved)


def release_rp() -> bytes:
    return pdu(RELEASE_RP, bytes(4))


def abort(source: int = 0, reason: int = 0, reserved: int = 0) -> bytes:
    return pdu(ABORT, bytes((reserved, reserved, source, reason)), reserved=reserved)


def associate_rj() -> bytes:
    return pdu(ASSOCIATE_RJ, bytes((0, 1, 1, 1)))


def associate_ac() -> bytes:
    """An A-ASSOCIATE-AC as an acceptor would send it, which a requestor must never send."""
    body = u16(1) + bytes(2) + ae_title("ANY-SCP") + ae_title("TESTSCU") + bytes(32)
    body += application_context() + item(0x21, bytes((1, 0, 0, 0)) + transfer_syntax("1.2"))
    return pdu(ASSOCIATE_AC, body + user_information(maximum_length()))


def pdv(
    fragment: bytes,
    *,
    context_id: int = 1,
    command: bool = True,
    last: bool = True,
    header: int | None = None,
    length: int | None = None,
) -> bytes:
    """A presentation data value; `header` replaces the message control header."""
    control = (1 if command else 0) | (2 if last else 0) if header is None else header
    announced = len(fragment) + 2 if length is None else length
    return u32(announced) + bytes((context_id, control)) + fragment


COMMAND_FIELD, MESSAGE_ID, DATA_SET_TYPE = 0x0100, 0x0110, 0x0800


def p_data(*pdvs: bytes, length: int | None = None, reserved: int = 0) -> bytes:
    return pdu(P_DATA_TF, b"".join(pdvs), length=length, reserved=reserved)


def element(number: int, value: bytes, *, group: int = 0, length: int | None = None) -> bytes:
    """An element in Implicit VR Little Endian. `length` replaces the true length of the value."""
    return struct.pack("<HHI", group, number, len(value) if length is None else length) + value


def us(number: int, value: int) -> bytes:
    return element(number, struct.pack("<H", value))


def ui(number: int, uid: str) -> bytes:
    octets = uid.encode("ascii")
    return element(number, octets + bytes(len(octets) % 2))


def command_set(*elements: bytes, group_length: int | None = None) -> bytes:
    """The elements after their group length, which `group_length` can replace."""
    body = b"".join(elements)
    announced = len(body) if group_length is None else group_length
    return element(0x0000, struct.pack("<I", announced)) + body


def echo_elements(message_id: int = 1) -> dict[int, bytes]:
    """The elements of a C-ECHO-RQ (PS3.7 Table 9.3-12) by number, without the group length."""
    return {
        0x0002: ui(0x0002, VERIFICATION),
        0x0100: us(0x0100, 0x0030),
        0x0110: us(0x0110, message_id),
        0x0800: us(0x0800, 0x0101),
    }


def echo_command(message_id: int = 1, **changes: bytes) -> bytes:
    """A C-ECHO-RQ command set; `_0002=b""` drops an element, anything else replaces it."""
    elements = echo_elements(message_id)
    for name, replacement in changes.items():
        elements[int(name.removeprefix("_"), 16)] = replacement
    return command_set(*elements.values())


def echo_rq(message_id: int = 1, context_id: int = 1, **changes: bytes) -> bytes:
    return p_data(pdv(echo_command(message_id, **changes), context_id=context_id))


def all_extended_negotiation() -> tuple[bytes, ...]:
    """The items of a request with all extended negotiation of PS3.7 Annex D.3.3."""
    return (
        application_context(),
        context(),
        user_information(
            maximum_length(),
            implementation_class(),
            asynchronous_window(0, 0),
            role(),
            role(CT_IMAGE_STORAGE, 0, 1),
            implementation_version(),
            sop_class_extended(),
            sop_class_extended(information=b""),
            sop_class_common_extended(),
            sop_class_common_extended(related=("1.2.3", "1.2.3.4")),
            user_identity(),
        ),
    )
