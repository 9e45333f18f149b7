"""A race of pynetdicom's requestor, and how it is kept from losing a response.

While a message is exchanged, the thread that reads for an association pauses. What says that it does
may be left over from an earlier pause; under load that thread then goes on, and takes the response
that another one waits for.
"""

from __future__ import annotations

import time

from pynetdicom.association import Association

PATIENCE = 10.0


def hold(association: Association) -> None:
    """Waits until the association's own thread pauses, or has ended."""
    checkpoint = association._reactor_checkpoint
    checkpoint.clear()
    deadline = time.monotonic() + PATIENCE
    while not checkpoint._cond._waiters and association.is_alive():  # type: ignore[attr-defined]
        assert time.monotonic() < deadline, "pynetdicom's own thread does not pause"
        time.sleep(0.001)
