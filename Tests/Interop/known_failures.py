"""Helpers of the tests of known failures.

Each of these tests repeats a failure of another DICOM program. Its id contains the number of the CVE, the
issue or the commit, so that `-k CVE-2024-34508` runs the test that would have caught that failure.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daemon import Daemon, echo
from footprint import KIB, growth, settle
from peer import Peer
from replies import Reply

Start = Callable[..., Daemon]


def caught(*numbers: str) -> pytest.MarkDecorator:
    """Names the failures elsewhere that this test would have caught; it gets them as the parameter `caught`."""
    return pytest.mark.parametrize("caught", [" ".join(numbers)])


def answer(scp: Daemon, *octets: bytes) -> Reply:
    """The first reply to a new connection that sends these bytes."""
    with Peer(scp.port) as peer:
        peer.send(*octets)
        return peer.receive()


def still_serves(scp: Daemon) -> None:
    scp.check()
    echo(scp.port, scp.host)


def flat(
    echoscpd: Start, turn: Callable[[Daemon, int], object], count: int, name: str,
    within: int = 96 * KIB,
) -> None:  # fmt: skip
    """Takes `count` turns, half of them as a warm-up; memory must not grow in the other half.

    Memory allocated once, such as a longer table of connections or the longest queue of log lines, is
    allocated in the warm-up. With one worker the allocator then needs only a few more pages, so that the
    bound catches leaks: with 3,000 turns, those of 64 bytes per turn. A path that is first taken after the
    warm-up may cost pages once, while a leak grows each time, so the least growth of three halves counts.
    """
    scp = echoscpd("-v", "--workers", "1")
    before = scp.settled_descriptors()
    half = count // 2

    def take(first: int) -> None:
        for number in range(first, first + half):
            turn(scp, number)
        still_serves(scp)
        settle(scp, before)

    take(0)
    grown = []
    while len(grown) < 3 and min(grown, default=within + 1) > within:
        with growth(scp) as measured:
            take(half * (1 + len(grown)))
        grown.append(measured.left)
    print(f"{half} {name}: {', '.join(f'{left // KIB:+}' for left in grown)} KiB resident")
    assert min(grown) <= within, f"memory grew by {grown} bytes"
