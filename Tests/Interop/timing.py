"""What the tests of the timeouts have in common."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from peer import SLACK, Peer

TIMEOUT = 0.4
EARLY = 0.02
"""The program may have read its clock just before the byte that starts the timeout arrived."""


@contextmanager
def takes(seconds: float) -> Iterator[None]:
    """What happens in this block must end after that time, and not much later."""
    begin = time.monotonic()
    yield
    passed = time.monotonic() - begin
    assert seconds - EARLY <= passed <= seconds + SLACK, f"{passed:.3f} s instead of {seconds} s"


def dribble_until_closed(peer: Peer, octets: bytes, pause: float = 0.02) -> None:
    """Sends a byte now and then, until the program has had enough."""
    for index in range(len(octets)):
        try:
            peer.send(octets[index : index + 1])
        except OSError:
            return
        if not peer.silent_for(pause):
            return
    raise AssertionError("all was sent, and nothing happened")
