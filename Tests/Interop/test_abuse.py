"""Floods, each beside a good client that must not notice: 200 echoes a second on associations that
stay, and 20 new associations a second, all of them on time, and none with an error.

How long they take is compared with the same client alone, just before. Afterwards the program must
have given back what it took, and be idle.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from abuse import SLOWEST, Service, come_first, flood, serve_good_client
from daemon import LIMITS, SANITIZER, Daemon, echo, limit_descriptors, wait_until
from footprint import KIB, MIB, idle_milliseconds, resident, settle
from peer import PATIENCE, SLACK, Peer
from replies import RESET, AssociateAC, AssociateRJ
from test_known_failures_requests import of_sub_items
from wire import item

Start = Callable[..., Daemon]

pytestmark = pytest.mark.skipif(
    bool(SANITIZER) or "ECHOBENCH" not in os.environ,
    reason="no echobench, or a sanitizer, under which nothing is in time",
)

SECONDS = 2
ATTEMPTS = 3
"""Another program on this machine may disturb one measurement. It does not make an error of one,
and a program under test that is slow by itself is so each time."""

FLOODS = {
    # At once, and how many are opened at least in that time, so that it is a flood.
    "silent": (5000, 5000),
    "dribble": (5000, 5000),
    "reset": (1, 1000),
    "close": (1, 1000),
    "half": (2000, 2500),
    "largest": (50, 100),
    "unread": (100, 120),
    "garbage": (200, 1000),
}


def is_good(service: Service, alone: Service) -> bool:
    return service.echoes <= max(3 * alone.echoes, SLOWEST) and (
        service.associations <= max(3 * alone.associations, SLOWEST)
    )


def left_behind(connections: int) -> int:
    """What may stay resident after so many connections at once, in bytes.

    The table of connections keeps its size: a slot of 512 bytes, its peer's name, and what columns
    that double have in addition. The rest is what the allocator and the log's queues keep.
    """
    return 1 * MIB + 1 * KIB * connections


def enough_descriptors(count: int) -> None:
    if LIMITS[1] < 2 * count + 200:
        pytest.skip(f"the hard limit of descriptors is {LIMITS[1]}, for {count} connections")


@pytest.mark.parametrize("kind", FLOODS)
def test_flood(echoscpd: Start, kind: str) -> None:
    clients, least = FLOODS[kind]
    enough_descriptors(clients)
    raise_limit = limit_descriptors(LIMITS[1], LIMITS[1])
    scp = echoscpd(before_exec=lambda: (raise_limit(), come_first()))
    alone = serve_good_client(scp, 1)
    descriptors, memory = scp.settled_descriptors(), resident(scp)

    with flood(scp, kind, clients) as running:
        for _ in range(ATTEMPTS):
            service = serve_good_client(scp, SECONDS)
            if is_good(service, alone):
                break
    done = running.done
    settle(scp, descriptors, within=2 + SLACK)
    idle = min(idle_milliseconds(scp, 0.5) for _ in range(2))
    left = resident(scp) - memory

    print(f"{done['opened']} connections, {done['most'] or 1} at once, {done['sent'] // KIB} KiB")
    print(f"p99 alone: {alone}; in the flood: {service}")
    print(f"afterwards {left // KIB:+} KiB resident, {idle:.2f} ms of CPU in half a second")
    assert is_good(service, alone), f"{service}, and alone {alone}"
    assert done["opened"] >= least and done["refused"] == 0, done
    assert left <= left_behind(done["most"]), f"{left} bytes are left"
    assert idle < 3, f"{idle} ms of CPU in half a second of nothing"
    scp.check()


def test_out_of_descriptors_in_a_flood(echoscpd: Start) -> None:
    """With 64 descriptors and 500 that connect and say nothing, who is in is served on time."""
    scp = echoscpd(before_exec=limit_descriptors(64, 64))
    descriptors = scp.settled_descriptors()
    with Peer(scp.port) as peer:
        peer.associate()
        with flood(scp, "silent", 500):
            assert wait_until(lambda: scp.descriptors() >= 63)
            spent = idle_milliseconds(scp, 0.5)
            for number in range(200):
                peer.echo(number)
        print(f"{spent:.1f} ms of CPU in half a second without a free descriptor")
        assert spent < 50, "it spins"
        peer.release()
    settle(scp, descriptors, within=2 + SLACK)
    echo(scp.port)


def test_out_of_memory_for_buffers(echoscpd: Start) -> None:
    """Requests of nearly 1 MiB that are never finished fill the pool of 32 MiB, and no more."""
    scp = echoscpd()
    before, descriptors = resident(scp), scp.settled_descriptors()
    request = of_sub_items((1 << 20) - 300, item(0x5F))
    good = scp.connect()
    good.associate()
    crowd = [scp.connect() for _ in range(100)]
    turned_away = 0
    for peer in crowd:
        sender = peer.send_aside(request[:-1])
        assert wait_until(lambda peer=peer, sender=sender: peer.unread() or not sender.is_alive())
    for peer in crowd:
        if not peer.silent_for(0.01):
            turned_away += 1
            assert peer.receive() == AssociateRJ(2, 3, 1)
    taken = resident(scp) - before
    print(f"{turned_away} of 100 turned away, {taken // MIB} MiB taken")
    assert turned_away >= 60 and taken <= 33 * MIB
    good.echo()
    with Peer(scp.port) as another:
        another.associate()
        another.echo()
        another.release()
    # One that was there before others were turned away is served when it goes on.
    crowd[0].send(request[-1:])
    assert isinstance(crowd[0].receive(), AssociateAC)
    scp.forget_peers()
    settle(scp, descriptors)
    assert resident(scp) - before <= left_behind(100)
    with Peer(scp.port) as peer:
        peer.send(request)
        assert isinstance(peer.receive(), AssociateAC)
