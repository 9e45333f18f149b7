"""Floods, each next to a good client that must not be affected: it makes 200 echoes a second on existing
associations and 20 new associations a second, all on time and without errors.

Its latencies are compared with those of the same client alone, just before. Afterwards the program must
have released its memory and descriptors and be idle.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from abuse import FLOODS, endure, left_behind
from daemon import SANITIZER, Daemon, echo, wait_until
from footprint import MIB, resident, settle
from peer import Peer
from replies import AssociateAC, AssociateRJ
from test_known_failures_requests import of_sub_items
from wire import item

Start = Callable[..., Daemon]

pytestmark = pytest.mark.skipif(
    bool(SANITIZER) or "ECHOBENCH" not in os.environ,
    reason="no echobench, or a sanitizer, which is too slow for this test",
)


@pytest.mark.alone
@pytest.mark.parametrize("kind", FLOODS)
def test_flood(echoscpd: Start, kind: str) -> None:
    endure(echoscpd, kind, seconds=2)


def test_out_of_memory_for_buffers(echoscpd: Start) -> None:
    """Unfinished requests of nearly 256 KiB fill the pool of 32 MiB and take no more."""
    count, least = 300, 150
    scp = echoscpd()
    before, descriptors = resident(scp), scp.settled_descriptors()
    request = of_sub_items((256 << 10) - 300, item(0x5F))
    good = scp.connect()
    good.associate()
    crowd = [scp.connect() for _ in range(count)]
    for peer in crowd:
        sender = peer.send_aside(request[:-1])
        assert wait_until(lambda peer=peer, sender=sender: peer.unread() or not sender.is_alive())
    waiting = []
    for peer in crowd:
        if peer.silent_for(0.01):
            waiting.append(peer)
        else:
            assert peer.receive() == AssociateRJ(2, 3, 1)
    taken = resident(scp) - before
    print(f"{count - len(waiting)} of {count} rejected, {taken // MIB} MiB taken")
    # Each request also has its own 8 KiB.
    assert count - len(waiting) >= least and taken <= 36 * MIB
    good.echo()
    with Peer(scp.port) as another:
        another.associate()
        another.echo()
        another.release()
    # A request that did not have to give way is served once it is complete.
    waiting[-1].send(request[-1:])
    assert isinstance(waiting[-1].receive(), AssociateAC)
    scp.forget_peers()
    settle(scp, descriptors)
    assert resident(scp) - before <= left_behind(count)
    with Peer(scp.port) as peer:
        peer.send(request)
        assert isinstance(peer.receive(), AssociateAC)
