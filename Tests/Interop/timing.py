"""Helpers of the timeout tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from peer import SLACK, Peer

TIMEOUT = 0.4
EARLY = 0.02
"""The seconds by which a timeout may seem early: the program may read its clock just before the byte that
starts it arrives."""


@contextmanager
def takes(seconds: float) -> Iterator[None]:
    """The block must take this time, and not much longer."""
    begin = time.monotonic()
    yield
    passed = time.monotonic() - begin
    assert seconds - EARLY <= passed <= seconds + SLACK, f"{passed:.3f} s instead of {seconds} s"


def dribble_until_closed(peer: Peer, octets: bytes, pause: float = 0.02) -> None:
    """Sends a byte now and then until the program answers or closes the connection."""
    for index in range(len(octets)):
        try:
            peer.send(octets[index : index + 1])
        except OSError:
            return
        if not peer.silent_for(pause):
            return
    raise AssertionError("all bytes were sent, and the connection is still open")
