"""Helpers of the tests of the Upper Layer's states: faults of a peer, and associations to try them on.

The program aborts faults found by the service user with source 0, reason 0, and protocol faults with source 2
and the reason for the first check that fails: known type, allowed in this state, length, content.
"""

from __future__ import annotations

from daemon import Daemon
from peer import Peer
from replies import ABORTED, Abort, AssociateRJ
from wire import (
    ABORT,
    ASSOCIATE_RQ,
    EXPLICIT_BIG,
    P_DATA_TF,
    RELEASE_RP,
    RELEASE_RQ,
    abort,
    application_context,
    associate_ac,
    associate_rj,
    associate_rq,
    context,
    echo_command,
    echo_rq,
    implementation_class,
    maximum_length,
    p_data,
    pdu,
    pdv,
    release_rp,
    user_information,
    usual_items,
)

UNRECOGNIZED, UNEXPECTED, INVALID = Abort(2, 1), Abort(2, 2), Abort(2, 6)

ANNOUNCED = 16382
"""The maximum length that the program announces by default."""


WRONG_VERSION = AssociateRJ(1, 2, 2)


def header(kind: int, length: int) -> bytes:
    """A PDU header without its body."""
    return pdu(kind, length=length)


def established_on_two(scp: Daemon) -> Peer:
    """An association with contexts 1 and 3, with different transfer syntaxes."""
    peer = scp.connect()
    contexts = peer.associate(*usual_items(context(1), context(3, syntaxes=[EXPLICIT_BIG])))
    assert [each.result for each in contexts.contexts] == [0, 0]
    return peer


def established(scp: Daemon) -> Peer:
    """An association with contexts 1 (accepted) and 5 (refused)."""
    peer = scp.connect()
    contexts = peer.associate(
        application_context(),
        context(1),
        context(5, "1.2.3.4"),
        user_information(maximum_length(), implementation_class()),
    ).contexts
    assert [(each.context_id, each.result) for each in contexts] == [(1, 0), (5, 3)]
    return peer


ABORTS = {
    "usual": abort(),
    "provider": abort(2, 6),
    "reserved bytes set": abort(reserved=0xFF),
    "length 0": pdu(ABORT),
    "length 3": pdu(ABORT, bytes(3)),
    "length 5": pdu(ABORT, bytes(5)),
    "length 1000": pdu(ABORT, bytes(1000)),
}

FAULTS_IN_STA6 = {
    # unknown type
    "type 00H": (pdu(0x00, bytes(4)), UNRECOGNIZED),
    "type 08H": (pdu(0x08, bytes(4)), UNRECOGNIZED),
    "type 47H, an HTTP request": (b"GET / HTTP/1.1\r\n\r\n", UNRECOGNIZED),
    "type FFH": (pdu(0xFF, bytes(100)), UNRECOGNIZED),
    "type FFH, length 0": (pdu(0xFF), UNRECOGNIZED),
    "type FFH, length FFFFFFFFH": (header(0xFF, 0xFFFFFFFF), UNRECOGNIZED),
    # known type, not allowed in this state
    "A-ASSOCIATE-RQ": (associate_rq(), UNEXPECTED),
    "A-ASSOCIATE-AC": (associate_ac(), UNEXPECTED),
    "A-ASSOCIATE-RJ": (associate_rj(), UNEXPECTED),
    "A-RELEASE-RP": (release_rp(), UNEXPECTED),
    "A-ASSOCIATE-RQ, length 0": (header(ASSOCIATE_RQ, 0), UNEXPECTED),
    "A-ASSOCIATE-RQ, length FFFFFFFFH": (header(ASSOCIATE_RQ, 0xFFFFFFFF), UNEXPECTED),
    "A-RELEASE-RP, length 0": (header(RELEASE_RP, 0), UNEXPECTED),
    # allowed, but with an invalid length
    "A-RELEASE-RQ, length 0": (pdu(RELEASE_RQ), INVALID),
    "A-RELEASE-RQ, length 3": (pdu(RELEASE_RQ, bytes(3)), INVALID),
    "A-RELEASE-RQ, length 5": (pdu(RELEASE_RQ, bytes(5)), INVALID),
    "A-RELEASE-RQ, length FFFFFFFFH": (header(RELEASE_RQ, 0xFFFFFFFF), INVALID),
    **{
        f"P-DATA-TF, length {length}": (header(P_DATA_TF, length), INVALID)
        for length in (*range(6), ANNOUNCED + 1, 0x80000000, 0xFFFFFFFF)
    },
    # inconsistent content
    "PDV, length 0": (p_data(pdv(bytes(10), length=0)), INVALID),
    "PDV, length 1": (p_data(pdv(bytes(10), length=1)), INVALID),
    "PDV, one byte beyond the PDU": (p_data(pdv(echo_command(), length=77)), INVALID),
    "PDV, length FFFFFFFFH": (p_data(pdv(echo_command(), length=0xFFFFFFFF)), INVALID),
    "PDV, length 80000000H": (p_data(pdv(echo_command(), length=0x80000000)), INVALID),
    "PDV, length FFFCH": (p_data(pdv(echo_command(), length=0xFFFC)), INVALID),
    "second PDV beyond the PDU": (
        p_data(pdv(echo_command()[:40], last=False), pdv(echo_command()[40:], length=100)),
        INVALID,
    ),
    # faults found by the service user
    "a context that was not proposed": (echo_rq(context_id=3), ABORTED),
    "context 0": (echo_rq(context_id=0), ABORTED),
    "a context that was refused": (echo_rq(context_id=5), ABORTED),
}
