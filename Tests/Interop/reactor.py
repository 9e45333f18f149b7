"""A workaround for a race in pynetdicom's requestor that can lose a response.

While a message is exchanged, the association's reader thread should pause. Its flag for that can be left
over from an earlier pause; under load the thread then keeps running and takes the response that another
thread waits for.
"""

from __future__ import annotations

import time

from pynetdicom.association import Association

PATIENCE = 10.0


def hold(association: Association) -> None:
    """Waits until the association's reader thread has paused or ended."""
    checkpoint = association._reactor_checkpoint
    checkpoint.clear()
    deadline = time.monotonic() + PATIENCE
    while not checkpoint._cond._waiters and association.is_alive():  # type: ignore[attr-defined]
        assert time.monotonic() < deadline, "pynetdicom's reader thread does not pause"
        time.sleep(0.001)
