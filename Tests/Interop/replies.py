"""Parses the PDUs of an acceptor into small dataclasses.

Parsing is as strict as the standard allows: a nonzero reserved byte, an inconsistent length or a missing
pad byte fails any test.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from wire import (
    ABORT,
    APPLICATION_CONTEXT,
    ASSOCIATE_AC,
    ASSOCIATE_RJ,
    P_DATA_TF,
    RELEASE_RP,
    VERIFICATION,
)


@dataclass(frozen=True)
class ContextResult:
    context_id: int
    result: int
    transfer_syntax: str


@dataclass(frozen=True)
class AssociateAC:
    repeated: bytes
    """Bytes 11 to 74: both AE titles and 32 reserved bytes, copied from the request."""
    contexts: tuple[ContextResult, ...]
    maximum_length: int
    implementation_class: str
    implementation_version: str


@dataclass(frozen=True)
class AssociateRJ:
    result: int
    source: int
    reason: int


@dataclass(frozen=True)
class PDV:
    context_id: int
    command: bool
    last: bool
    fragment: bytes


@dataclass(frozen=True)
class PData:
    length: int
    pdvs: tuple[PDV, ...]


@dataclass(frozen=True)
class ReleaseRP:
    pass


@dataclass(frozen=True)
class Abort:
    source: int
    reason: int


@dataclass(frozen=True)
class EndOfStream:
    """The end of the connection: orderly, or by a reset."""

    reset: bool = False


CLOSED = EndOfStream()
RESET = EndOfStream(reset=True)
RELEASED = ReleaseRP()
ABORTED = Abort(0, 0)
"""The A-ABORT of the service user: source 0, reason 0."""

Reply = AssociateAC | AssociateRJ | PData | ReleaseRP | Abort | EndOfStream


@dataclass(frozen=True)
class EchoResponse:
    message_id: int
    context_id: int = 1
    status: int = 0


class _Reader:
    """Takes bytes from a body, which must neither be too short nor have bytes left at the end."""

    def __init__(self, octets: bytes, what: str) -> None:
        self.octets, self.what, self.at = octets, what, 0

    def take(self, count: int) -> bytes:
        assert self.at + count <= len(self.octets), f"{self.what} ends too early: {self.octets!r}"
        self.at += count
        return self.octets[self.at - count : self.at]

    def u8(self) -> int:
        return self.take(1)[0]

    def u16(self) -> int:
        return int(struct.unpack(">H", self.take(2))[0])

    def u32(self) -> int:
        return int(struct.unpack(">I", self.take(4))[0])

    def reserved(self, count: int = 1) -> None:
        octets = self.take(count)
        assert octets == bytes(count), f"{self.what}: reserved bytes are {octets.hex()}, not zero"

    def more(self) -> bool:
        return self.at < len(self.octets)

    def end(self) -> None:
        assert not self.more(), f"{self.what}: {len(self.octets) - self.at} bytes too many"

    def item(self) -> tuple[int, _Reader]:
        kind = self.u8()
        self.reserved()
        return kind, _Reader(self.take(self.u16()), f"item {kind:02X}H of {self.what}")


def _uid(octets: bytes, what: str) -> str:
    """A UID as the Upper Layer requires it: at most 64 characters, not padded (PS3.8 Annex F)."""
    text = octets.decode("ascii")
    assert len(text) <= 64, f"{what}: UID longer than 64 characters: {text}"
    assert re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*))+", text), f"{what}: bad UID {octets!r}"
    return text


def _context_result(body: _Reader) -> ContextResult:
    context_id = body.u8()
    body.reserved()
    result = body.u8()
    body.reserved()
    kind, syntax = body.item()
    assert kind == 0x40, f"a context in an A-ASSOCIATE-AC holds a transfer syntax, not {kind:02X}H"
    body.end()
    assert result in range(5), f"context {context_id}: result {result} does not exist"
    return ContextResult(context_id, result, _uid(syntax.octets, "transfer syntax"))


def _associate_ac(body: _Reader) -> AssociateAC:
    version = body.u16()
    assert version == 1, f"A-ASSOCIATE-AC has protocol version {version}"
    body.reserved(2)
    repeated = body.take(64)
    kind, name = body.item()
    assert kind == 0x10, f"the first item of an A-ASSOCIATE-AC is 10H, not {kind:02X}H"
    assert name.octets == APPLICATION_CONTEXT.encode(), f"application context {name.octets!r}"
    contexts: list[ContextResult] = []
    user: dict[int, bytes] | None = None
    while body.more():
        kind, content = body.item()
        assert user is None, "nothing may follow the user information item"
        if kind == 0x21:
            contexts.append(_context_result(content))
            continue
        assert kind == 0x50, f"an A-ASSOCIATE-AC has no item {kind:02X}H"
        user = {}
        while content.more():
            number, value = content.item()
            assert number not in user, f"sub-item {number:02X}H twice"
            user[number] = value.octets
    assert user is not None, "an A-ASSOCIATE-AC needs user information"
    assert list(user) == [0x51, 0x52, 0x55], (
        "user information is maximum length, implementation class UID and version name, "
        f"not {[f'{number:02X}H' for number in user]}"
    )
    assert len(user[0x51]) == 4, "maximum length has four bytes"
    assert 1 <= len(user[0x55]) <= 16, f"version name {user[0x55]!r}"
    return AssociateAC(
        repeated,
        tuple(contexts),
        int.from_bytes(user[0x51], "big"),
        _uid(user[0x52], "implementation class"),
        user[0x55].decode("ascii"),
    )


def _p_data(body: _Reader) -> PData:
    length = len(body.octets)
    pdvs = []
    while body.more():
        value = _Reader(body.take(body.u32()), "PDV")
        context_id, header = value.u8(), value.u8()
        assert header & 0xFC == 0, f"message control header {header:02X}H: bits 2 to 7 are zero"
        fragment = value.take(len(value.octets) - 2)
        assert fragment and len(fragment) % 2 == 0, f"a fragment of {len(fragment)} bytes"
        pdvs.append(PDV(context_id, bool(header & 1), bool(header & 2), fragment))
    assert pdvs, "a P-DATA-TF without a PDV"
    return PData(length, tuple(pdvs))


def parse(kind: int, octets: bytes) -> Reply:
    """Parses one PDU of the acceptor strictly."""
    body = _Reader(octets, f"PDU {kind:02X}H")
    if kind == ASSOCIATE_AC:
        reply: Reply = _associate_ac(body)
    elif kind == P_DATA_TF:
        reply = _p_data(body)
    else:
        assert kind in (ASSOCIATE_RJ, RELEASE_RP, ABORT), f"an acceptor never sends {kind:02X}H"
        assert len(octets) == 4, f"PDU {kind:02X}H has length {len(octets)}, not 4"
        if kind == ASSOCIATE_RJ:
            body.reserved()
            reply = AssociateRJ(body.u8(), body.u8(), body.u8())
        elif kind == RELEASE_RP:
            body.reserved(4)
            reply = RELEASED
        else:
            body.reserved(2)
            reply = Abort(body.u8(), body.u8())
    body.end()
    return reply


def parse_echo_response(octets: bytes, context_id: int) -> EchoResponse:
    """Parses the command set of a C-ECHO-RSP: exactly the elements of PS3.7 Table 9.3-13."""
    elements: dict[int, bytes] = {}
    at = 0
    while at < len(octets):
        group, number, length = struct.unpack_from("<HHI", octets, at)
        assert group == 0, f"group {group:04X} in a command set"
        assert not elements or number > max(elements), f"0000,{number:04X} is out of order"
        elements[number] = octets[at + 8 : at + 8 + length]
        assert len(elements[number]) == length and length % 2 == 0, f"0000,{number:04X}: {length}"
        at += 8 + length
    assert list(elements) == [0x0000, 0x0002, 0x0100, 0x0120, 0x0800, 0x0900], (
        f"C-ECHO-RSP has the elements {[f'{number:04X}' for number in elements]}"
    )
    assert elements[0x0000] == struct.pack("<I", 66) and len(octets) == 78, "wrong group length"
    assert elements[0x0002] == VERIFICATION.encode() + b"\0", f"UID {elements[0x0002]!r}"
    assert elements[0x0100] == b"\x30\x80", "not a C-ECHO-RSP"
    assert elements[0x0800] == b"\x01\x01", "a C-ECHO-RSP has no data set"
    message_id, status = (struct.unpack("<H", elements[n])[0] for n in (0x0120, 0x0900))
    return EchoResponse(message_id, context_id, status)
