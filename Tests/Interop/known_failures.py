"""What the tests of known failures have in common.

Each of them is named after what went wrong in another DICOM program: the number of the CVE, of the
issue or of the commit is in its id, so that `-k CVE-2024-34508` runs what would have caught that.
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
    """The failures elsewhere that this test would have caught. It takes them as `caught`."""
    return pytest.mark.parametrize("caught", [" ".join(numbers)])


def answer(scp: Daemon, *octets: bytes) -> Reply:
    """What a new connection hears when it sends this."""
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
    """Takes so many turns, half of them to warm up; the memory must not grow in the other half.

    What is made once, such as a longer table of connections or the longest queue of log lines, is
    made in the warm-up. With one worker the allocator then needs no more than a few pages, which
    leaves the bound to what leaks: with 3,000 turns, 64 bytes of each.
    """
    scp = echoscpd("-v", "--workers", "1")
    before = scp.settled_descriptors()
    warm_up = count // 2
    for number in range(warm_up):
        turn(scp, number)
    still_serves(scp)
    settle(scp, before)
    with growth(scp) as grown:
        for number in range(warm_up, count):
            turn(scp, number)
        still_serves(scp)
        settle(scp, before)
    print(f"{count} {name}: {grown.left // KIB:+} KiB resident")
    assert grown.left <= within, f"{grown.left} bytes more"
