"""An association of pynetdicom's requestor, with helpers for tests."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from pynetdicom import AE, build_context, evt
from pynetdicom.association import Association
from pynetdicom.pdu import A_ABORT_RQ, A_ASSOCIATE_AC
from pynetdicom.pdu_primitives import (
    ImplementationClassUIDNotification,
    ImplementationVersionNameNotification,
    MaximumLengthNotification,
)
from pynetdicom.presentation import PresentationContext

from daemon import Daemon, wait_until
from peer import PATIENCE
from reactor import hold
from wire import VERIFICATION


class Conversation:
    """One association of a pynetdicom requestor, with the PDUs it received."""

    def __init__(self, association: Association, pdus: list[object]) -> None:
        self.association, self._pdus = association, pdus

    @property
    def chosen(self) -> list[str]:
        """The transfer syntax of each accepted context, in the order of their IDs."""
        contexts = sorted(self.association.accepted_contexts, key=lambda each: each.context_id)
        for each in contexts:
            assert len(each.transfer_syntax) == 1
        return [str(each.transfer_syntax[0]) for each in contexts]

    @property
    def refused(self) -> list[int | None]:
        """The result of each refused context."""
        return [each.result for each in self.association.rejected_contexts]

    def accept(self) -> A_ASSOCIATE_AC:
        [pdu] = [pdu for pdu in self._pdus if isinstance(pdu, A_ASSOCIATE_AC)]
        return pdu

    def extensions(self) -> list[object]:
        """The acceptor's user information other than maximum length and implementation."""
        expected = (
            MaximumLengthNotification,
            ImplementationClassUIDNotification,
            ImplementationVersionNameNotification,
        )
        user_information = self.accept().to_primitive().user_information
        assert sum(isinstance(each, expected) for each in user_information) == 3
        return [each for each in user_information if not isinstance(each, expected)]

    def echo(self, message_id: int = 1) -> None:
        hold(self.association)
        response = self.association.send_c_echo(msg_id=message_id)
        assert "Status" in response, "no C-ECHO-RSP"
        assert response.Status == 0x0000

    def wait_for_abort(self) -> tuple[int | None, int | None]:
        """Waits for an A-ABORT, which must come, and returns its source and reason."""

        def aborts() -> list[A_ABORT_RQ]:
            return [pdu for pdu in list(self._pdus) if isinstance(pdu, A_ABORT_RQ)]

        assert wait_until(aborts), "no A-ABORT came"
        assert wait_until(lambda: not self.association.is_established)
        return aborts()[0].source, aborts()[0].reason_diagnostic


@contextmanager
def conversation(
    scp: Daemon,
    contexts: list[PresentationContext] | None = None,
    *,
    extensions: list[object] | None = None,
    max_pdu: int = 16382,
    port: int | None = None,
    tls: tuple[ssl.SSLContext, str | None] | None = None,
) -> Iterator[Conversation]:
    """With `tls`, a context and the server name to send, it is an association over TLS, usually on another
    `port`."""
    ae = AE(ae_title="PYNETDICOM")
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = PATIENCE
    pdus: list[object] = []
    association = ae.associate(
        scp.host,
        port or scp.port,
        contexts=contexts or [build_context(VERIFICATION)],
        ext_neg=extensions,
        max_pdu=max_pdu,
        tls_args=tls,
        evt_handlers=[(evt.EVT_PDU_RECV, lambda event: pdus.append(event.pdu))],
    )
    try:
        assert association.is_established, f"no association: {pdus}"
        yield Conversation(association, pdus)
        if association.is_established:
            association.release()
            assert association.is_released
    finally:
        if association.is_established:
            association.abort()
