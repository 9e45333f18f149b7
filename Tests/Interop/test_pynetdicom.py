"""pynetdicom as an independent requestor, for requests that `echoscu` cannot send.

The program is a drop-in replacement for pynetdicom's own `echoscp`, so the exact transfer syntax it chooses
with each of the four preferences is part of its contract.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import combinations

import pytest
from pydicom.dataset import Dataset
from pynetdicom import build_context, build_role
from pynetdicom.dimse_primitives import C_STORE, N_GET
from pynetdicom.dsutils import encode
from pynetdicom.pdu_primitives import (
    AsynchronousOperationsWindowNegotiation,
    SOPClassCommonExtendedNegotiation,
    SOPClassExtendedNegotiation,
    UserIdentityNegotiation,
)
from pynetdicom.presentation import PresentationContext

from daemon import ABORTING, ACCEPTING, RELEASED_LINE, Daemon, echo_line, one_echo
from journal import Journal
from requestor import conversation
from wire import (
    CT_IMAGE_STORAGE,
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    TRANSFER_SYNTAXES,
    UNKNOWN_SYNTAX,
    VERIFICATION,
)

Start = Callable[..., Daemon]


def moved_to_front(uid: str) -> tuple[str, ...]:
    return (uid, *(other for other in TRANSFER_SYNTAXES if other != uid))


PREFERENCES = {
    (): TRANSFER_SYNTAXES,
    ("-x=",): (*TRANSFER_SYNTAXES[1:], IMPLICIT_LITTLE),
    ("--prefer-uncompr",): (*TRANSFER_SYNTAXES[1:], IMPLICIT_LITTLE),
    ("-xe",): moved_to_front(EXPLICIT_LITTLE),
    ("--prefer-little",): moved_to_front(EXPLICIT_LITTLE),
    ("-xb",): moved_to_front(EXPLICIT_BIG),
    ("--prefer-big",): moved_to_front(EXPLICIT_BIG),
    ("-xi",): (IMPLICIT_LITTLE,),
    ("--implicit",): (IMPLICIT_LITTLE,),
}
"""The transfer syntaxes that each option accepts, in order of preference."""


def verification(*syntaxes: str) -> PresentationContext:
    return build_context(VERIFICATION, list(syntaxes) or [IMPLICIT_LITTLE])


# ---------------------------------------------------------------------------------------------
# Transfer syntaxes


@pytest.mark.parametrize("syntax", TRANSFER_SYNTAXES)
def test_each_transfer_syntax_alone(scp: Daemon, syntax: str) -> None:
    with conversation(scp, [verification(syntax)]) as peer:
        assert peer.chosen == [syntax]
        peer.echo()


def test_a_transfer_syntax_that_is_not_supported(scp: Daemon) -> None:
    with conversation(scp, [verification(UNKNOWN_SYNTAX), verification(IMPLICIT_LITTLE)]) as peer:
        assert (peer.chosen, peer.refused) == ([IMPLICIT_LITTLE], [4])
        peer.echo()


@pytest.mark.parametrize("options", PREFERENCES, ids=lambda options: " ".join(options) or "none")
def test_the_order_of_the_acceptor_decides(echoscpd: Start, options: tuple[str, ...]) -> None:
    """Proposes every pair of transfer syntaxes in both orders: 105 contexts, then 105 more."""
    scp = echoscpd(*options)
    order = PREFERENCES[options]
    pairs = list(combinations(TRANSFER_SYNTAXES, 2))
    expected = [min(set(pair) & set(order), key=order.index, default=None) for pair in pairs]
    for proposals in (pairs, [pair[::-1] for pair in pairs]):
        with conversation(scp, [verification(*pair) for pair in proposals]) as peer:
            assert peer.chosen == [syntax for syntax in expected if syntax is not None]
            assert peer.refused == [4] * expected.count(None)
            peer.echo()


@pytest.mark.parametrize("options", PREFERENCES, ids=lambda options: " ".join(options) or "none")
def test_all_transfer_syntaxes_in_one_context(echoscpd: Start, options: tuple[str, ...]) -> None:
    scp = echoscpd(*options)
    contexts = [
        verification(*TRANSFER_SYNTAXES),
        verification(*TRANSFER_SYNTAXES[::-1]),
        verification(UNKNOWN_SYNTAX, *TRANSFER_SYNTAXES[::-1], "1.2.3"),
    ]
    with conversation(scp, contexts) as peer:
        assert peer.chosen == [PREFERENCES[options][0]] * 3
        peer.echo()


@pytest.mark.parametrize("syntax", TRANSFER_SYNTAXES)
def test_implicit_only_refuses_the_others(echoscpd: Start, syntax: str) -> None:
    if syntax == IMPLICIT_LITTLE:
        expected: tuple[list[str], list[int]] = ([IMPLICIT_LITTLE] * 2, [])
    else:
        expected = ([IMPLICIT_LITTLE], [4])
    with conversation(echoscpd("-xi"), [verification(syntax), verification()]) as peer:
        assert (peer.chosen, peer.refused) == expected
        peer.echo()


# ---------------------------------------------------------------------------------------------
# Presentation contexts and extended negotiation


def test_128_contexts(scp: Daemon) -> None:
    with conversation(scp, [verification(*TRANSFER_SYNTAXES) for _ in range(128)]) as peer:
        assert peer.chosen == [IMPLICIT_LITTLE] * 128
        peer.echo()


def test_verification_among_storage(scp: Daemon) -> None:
    contexts = [build_context(CT_IMAGE_STORAGE) for _ in range(127)] + [verification()]
    with conversation(scp, contexts) as peer:
        assert (peer.chosen, peer.refused) == ([IMPLICIT_LITTLE], [3] * 127)
        peer.echo()


@pytest.mark.parametrize(("user", "provider"), [(True, True), (True, False), (False, True)])
def test_roles_are_not_answered(scp: Daemon, user: bool, provider: bool) -> None:
    """Without an answer, the default roles apply: the requestor is the SCU (PS3.7 Annex D.3.3.4)."""
    roles = [build_role(VERIFICATION, scu_role=user, scp_role=provider)]
    with conversation(scp, extensions=list(roles)) as peer:
        assert peer.extensions() == []
        peer.echo()


@pytest.mark.parametrize("respond", [True, False], ids=["response wanted", "no response wanted"])
@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5])
def test_user_identity_is_accepted_without_a_response(
    scp: Daemon, kind: int, respond: bool
) -> None:
    """An acceptor without support must not pretend to have checked the identity (PS3.7 Annex D.3.3.7)."""
    identity = UserIdentityNegotiation()
    identity.user_identity_type = kind
    identity.primary_field = b"primary field"
    identity.secondary_field = b"secret" if kind == 2 else b""
    identity.positive_response_requested = respond
    with conversation(scp, extensions=[identity]) as peer:
        assert peer.extensions() == []
        peer.echo()
    assert "secret" not in scp.text()


@pytest.mark.parametrize(("invoked", "performed"), [(0, 0), (2, 1), (1, 2), (65535, 65535)])
def test_asynchronous_window_is_not_answered(scp: Daemon, invoked: int, performed: int) -> None:
    window = AsynchronousOperationsWindowNegotiation()
    window.maximum_number_operations_invoked = invoked
    window.maximum_number_operations_performed = performed
    with conversation(scp, extensions=[window]) as peer:
        assert peer.extensions() == []
        peer.echo()


def test_sop_class_extended_negotiation_is_not_answered(scp: Daemon) -> None:
    items: list[object] = []
    for uid in (VERIFICATION, CT_IMAGE_STORAGE):
        item = SOPClassExtendedNegotiation()
        item.sop_class_uid = uid
        item.service_class_application_information = b"\x02\x00\x03\x00\x01\x00"
        items.append(item)
    with conversation(scp, extensions=items) as peer:
        assert peer.extensions() == []
        peer.echo()


def test_sop_class_common_extended_negotiation_is_not_answered(scp: Daemon) -> None:
    items: list[object] = []
    for uid, related in ((VERIFICATION, []), ("1.2.840.10008.5.1.4.1.1.88.40", ["1.2.3", "1.4"])):
        item = SOPClassCommonExtendedNegotiation()
        item.sop_class_uid = uid
        item.service_class_uid = "1.2.840.10008.4.2"
        item.related_general_sop_class_identification = related
        items.append(item)
    with conversation(scp, extensions=items) as peer:
        assert peer.extensions() == []
        peer.echo()


def test_everything_negotiated_at_once(scp: Daemon) -> None:
    window = AsynchronousOperationsWindowNegotiation()
    window.maximum_number_operations_invoked = 5
    window.maximum_number_operations_performed = 5
    identity = UserIdentityNegotiation()
    identity.user_identity_type = 2
    identity.primary_field = b"somebody"
    identity.secondary_field = b"secret"
    identity.positive_response_requested = True
    extended = SOPClassExtendedNegotiation()
    extended.sop_class_uid = VERIFICATION
    extended.service_class_application_information = b"\x01"
    roles = [build_role(VERIFICATION, scu_role=True, scp_role=True)]
    contexts = [verification(*TRANSFER_SYNTAXES) for _ in range(128)]
    with conversation(scp, contexts, extensions=[window, identity, extended, *roles]) as peer:
        assert len(peer.chosen) == 128
        assert peer.extensions() == []
        peer.echo()


# ---------------------------------------------------------------------------------------------
# Messages


def test_message_ids(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    numbers = [0, 1, 255, 256, 32767, 32768, 65534, 65535, 0]
    with conversation(scp) as peer:
        for number in numbers:
            peer.echo(number)
    assert scp.stop() == [ACCEPTING, *map(echo_line, numbers), RELEASED_LINE]


def test_several_associations_one_after_the_other(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    for _ in range(5):
        with conversation(scp) as peer:
            peer.echo()
    assert sorted(scp.stop()) == sorted(one_echo() * 5)


@pytest.mark.parametrize("maximum", [0, 16, 17, 83, 84, 85, 127, 16381, 16382, 2**32 - 1])
def test_maximum_length_of_the_requestor(scp: Daemon, maximum: int) -> None:
    with conversation(scp, max_pdu=maximum) as peer:
        for number in (1, 2, 3):
            peer.echo(number)


@pytest.mark.parametrize("maximum", [0, 16, 17, 83, 84, 16381, 16382, 2**32 - 1])
def test_maximum_length_of_the_daemon(echoscpd: Start, maximum: int) -> None:
    with conversation(echoscpd("-pdu", str(maximum))) as peer:
        assert peer.association.acceptor.maximum_length == maximum
        for number in (1, 2, 3):
            peer.echo(number)


def test_a_store_on_the_verification_context_is_aborted(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    _store(scp)
    with conversation(scp) as peer:
        peer.echo()
    lines = scp.stop()
    assert [line for line in lines if line.startswith("I: ")] == [
        ACCEPTING,
        ABORTING,
        *one_echo(),
    ]
    assert len(scp.warnings()) == 1


def test_a_store_on_the_verification_context_in_the_journal(
    echoscpd: Start, journal: Journal
) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    _store(scp)
    entry = journal.wait_for(ECHOSCP_CAUSE="not-an-echo", DICOM_CALLING_AE="PYNETDICOM")
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"] and entry["PRIORITY"] == ["4"]


def _store(scp: Daemon) -> None:
    """Sends a C-STORE-RQ, which is aborted."""
    store = C_STORE()
    store.MessageID = 7
    store.AffectedSOPClassUID = CT_IMAGE_STORAGE
    store.AffectedSOPInstanceUID = "1.2.3.4"
    store.Priority = 2
    store.DataSet = _encoded_data_set()
    with conversation(scp) as peer:
        peer.association.dimse.send_msg(store, context_id=1)
        assert peer.wait_for_abort() == (0, 0)


def test_a_normalized_request_on_the_verification_context_is_aborted(scp: Daemon) -> None:
    get = N_GET()
    get.MessageID = 7
    get.RequestedSOPClassUID = VERIFICATION
    get.RequestedSOPInstanceUID = "1.2.3.4"
    with conversation(scp) as peer:
        peer.association.dimse.send_msg(get, context_id=1)
        assert peer.wait_for_abort() == (0, 0)


def _encoded_data_set() -> BytesIO:
    data_set = Dataset()
    data_set.PatientName = "Nobody"
    encoded = encode(data_set, True, True)
    assert encoded is not None
    return BytesIO(encoded)


# ---------------------------------------------------------------------------------------------
# IPv6


def test_ipv6(echoscpd: Start, ipv6: None) -> None:
    scp = echoscpd("-v", host="::1")
    with conversation(scp) as peer:
        for number in (1, 2):
            peer.echo(number)
    assert scp.stop() == [ACCEPTING, echo_line(1), echo_line(2), RELEASED_LINE]
