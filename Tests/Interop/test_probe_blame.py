"""The probe never blames an SCP for anything that the standard permits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from acceptor import Acceptor, Answer, accept, response
from daemon import wait_until
from test_probe import at, failure
from wire import (
    IMPLICIT_LITTLE,
    application_context,
    item,
    maximum_length,
    p_data,
    pdu,
    pdv,
    release_rp,
    release_rq,
    transfer_syntax,
    u16,
    user_information,
)


def accepted(
    *context: bytes, user: bytes = b"", version: int = 1, reserved: int = 0, titles: bytes = b""
) -> Callable[[bytes], bytes]:
    """An A-ASSOCIATE-AC with these presentation context items, or with a correct one."""

    def answer(request: bytes) -> bytes:
        contexts = context or (item(0x21, b"\1\0\0\0" + transfer_syntax(IMPLICIT_LITTLE)),)
        body = u16(version) + bytes([reserved] * 2) + (titles or request[10:74])
        body += application_context() + b"".join(contexts)
        return pdu(2, body + user_information(maximum_length(), user), reserved=reserved)

    return answer


def context(result: int, rest: bytes = transfer_syntax(IMPLICIT_LITTLE), number: int = 1) -> bytes:
    return item(0x21, bytes((number, 0xFF, result, 0xFF)) + rest)


@pytest.mark.parametrize(
    "answer",
    [
        accepted(reserved=0xFF),
        accepted(titles=bytes(range(64))),
        accepted(version=0xFFFF),
        accepted(context(0)),
        accepted(user=b"".join(item(kind, b"\0") for kind in range(0x59, 0x100))),
        accepted(user=item(0x59, b"\0\0")),
        accepted(item(0x99, b"?"), context(0), item(0xFE)),
        accepted(context(3, b"", number=3), context(0), context(1, b"\x40\0\0\x09", number=5)),
        accepted(context(0, item(0x99, b"?") + transfer_syntax(IMPLICIT_LITTLE))),
        accepted(context(0, item(0x40, IMPLICIT_LITTLE.encode() + b"\0"))),
        lambda request: pdu(2, u16(1) + bytes(2) + request[10:74] + context(0)),
    ],
    ids=["reserved bytes", "reserved titles", "further versions", "reserved in the context",
         "unknown sub-items", "user identity", "unknown items", "further contexts",
         "unknown item in the context", "padded transfer syntax", "no user information"],
)  # fmt: skip
def test_what_is_not_tested_in_an_accept(answer: Answer) -> None:
    """Like fo-dicom#543: reserved or not significant fields, unknown items (PS3.8 §9.3.3)."""
    with Acceptor(associate=answer) as scp:
        assert at(scp.port)[0].startswith("OK: ")


@pytest.mark.parametrize("result", [1, 2, 3, 4, 5, 255])
@pytest.mark.parametrize(
    "rest", [b"", transfer_syntax(""), b"\x40\0\0\x09", b"\x40", transfer_syntax("1.2.3")],
    ids=["without", "empty", "too long", "half", "unknown"],
)  # fmt: skip
def test_a_refused_context_whatever_its_transfer_syntax(result: int, rest: bytes) -> None:
    """fo-dicom#543: the transfer syntax of a refused context is not significant (PS3.8 §9.3.3.2)."""
    with Acceptor(associate=accepted(context(result, rest))) as scp:
        found = failure(scp.port)
    assert (found["phase"], found["cause"]) == ("associate", "context-refused")


def with_reserved(octets: bytes) -> bytes:
    """A PDU of PDU-length 4 with its reserved bytes set."""
    kept = {3: slice(7, 10), 7: slice(8, 10)}.get(octets[0], slice(0, 0))
    changed = bytearray(octets[:1] + b"\xff" + octets[2:6] + b"\xff" * 4)
    changed[kept] = octets[kept]
    return bytes(changed)


@pytest.mark.parametrize(
    ("release", "released"),
    [
        (release_rq(), release_rp()),
        (with_reserved(release_rq()), with_reserved(release_rp())),
        (release_rq() + release_rp(), b""),
        (p_data(pdv(b"\1\2")) + release_rq(), release_rp()),
        (with_reserved(release_rp()), b""),
        (p_data(pdv(b"\1\2", header=0xFE, context_id=200)) + release_rp(), b""),
    ],
    ids=["collision", "reserved bytes", "at once", "data before", "reserved in the reply", "data"],
)
def test_a_release_as_the_standard_has_it(release: bytes, released: bytes) -> None:
    """pynetdicom#269: the SCP requests a release while ours is in progress (Sta7 to Sta12)."""
    with Acceptor(release=lambda _: release, released=lambda _: released) as scp:
        assert at(scp.port)[0].startswith("OK: ")


def test_a_release_asked_for_right_behind_the_response() -> None:
    """pynetdicom#269: whether it comes before or after our own request depends on chance."""
    answers = {"echo": lambda request: response(request) + release_rq()}
    with Acceptor(**answers, release=lambda _: b"", released=lambda _: release_rp()) as scp:
        assert at(scp.port)[0].startswith("OK: ")


@pytest.mark.parametrize(
    "answers",
    [
        {"associate": lambda _: pdu(3, b"\xff\1\1\1")},
        {"associate": lambda _: pdu(3, b"\0\1\2\1")},
        {"associate": lambda _: pdu(3, b"\0\2\3\2")},
        {"associate": lambda _: pdu(3, b"\0\x09\x09\x09")},
        {"associate": lambda _: pdu(7, b"\0\0\0\xff")},
        {"associate": lambda _: pdu(7, b"\xff\xff\2\5")},
        {"associate": lambda _: b"end"},
        {"associate": lambda _: None},
        {"associate": lambda _: pdu(2, b"", length=1 << 17)},
        {"echo": lambda _: release_rq()},
        {"echo": lambda _: pdu(7, b"\0\0\2\0")},
        {"echo": lambda _: b"end"},
        {"echo": lambda request: response(request, 0x0122)},
        {"echo": lambda _: p_data(pdv(bytes(5000)))},
        {"release": lambda _: pdu(7, b"\0\0\2\2")},
        {"release": lambda _: pdu(7, b"\0\0\0\0")},
        {"release": lambda _: b"end"},
        {"release": lambda _: None},
        {"release": lambda _: release_rq(), "released": lambda _: pdu(7, b"\0\0\0\0")},
        {"release": lambda _: release_rq(), "released": lambda _: b"end"},
    ],
)
def test_what_the_standard_allows_is_nobodys_fault(answers: dict[str, Answer]) -> None:
    """From a user's report: no remedy refers to the vendor for events that PS3.8 Table 9-10 provides for."""
    with Acceptor(**answers) as scp:
        found = failure(scp.port)
    print(f"{found['text']} | {found['remedy']}")
    # Only a remedy for the vendor ends with a clause of the standard.
    assert "PS3." not in found["remedy"]
    assert ("the echo was answered" in found["text"]) == ("release" in answers)


@pytest.mark.parametrize(
    ("answers", "clause"),
    [
        ({"associate": lambda request: accept(request, syntax="1.2.3")}, "PS3.8 §9.3.3.2"),
        ({"echo": lambda request: response(request, message_id=9)}, "PS3.7 §9.3.5.2"),
        ({"release": lambda request: accept(bytes(74))}, "PS3.8 Table 9-10"),
        (
            {"release": lambda _: release_rq(), "released": lambda _: release_rq()},
            "PS3.8 Table 9-10",
        ),
    ],
)
def test_what_the_standard_does_not_allow_has_its_clause(
    answers: dict[str, Answer], clause: str
) -> None:
    with Acceptor(**answers) as scp:
        found = failure(scp.port)
        assert wait_until(lambda: len(scp.aborts) == 2)
    assert found["cause"] == "wrong-answer"
    assert found["remedy"].startswith("report this to the vendor of the SCP: ")
    assert found["remedy"].endswith(f" violates {clause}")
