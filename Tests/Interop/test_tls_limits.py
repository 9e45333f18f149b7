"""The limits of DICOM TLS: associations, and connections that never get as far as one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from client_hello import client_hello
from daemon import echo, wait_until
from peer import SLACK, Peer
from replies import AssociateAC, AssociateRJ
from secure import Secured, serve
from situations_tls import PLACES
from test_limits import LIMIT
from wire import associate_rq

Start = Callable[..., Secured]

HALF = 300
DELAY = 0.1 + SLACK - 0.5
"""The seconds by which half handshakes may delay an echo; more under sanitizers."""


def asks(peer: Peer) -> AssociateAC | AssociateRJ:
    peer.send(associate_rq(called="ECHOSCP"))
    reply = peer.receive()
    assert isinstance(reply, AssociateAC | AssociateRJ)
    return reply


@pytest.mark.parametrize("workers", ["1", "2"])
def test_associations_over_tls(secured: Start, workers: str) -> None:
    """Those on the plain port do not count, and a place is free again after a release."""
    one = secured("--max-tls-associations", "2", "--workers", workers)
    with ExitStack() as stack:
        plain = [stack.enter_context(one.scp.connect()) for _ in range(4)]
        assert all(isinstance(asks(peer), AssociateAC) for peer in plain)
        peers = [stack.enter_context(one.connect()) for _ in range(4)]
        assert [asks(peer) == LIMIT for peer in peers] == [False, False, True, True]
        one.record(DICOM_REASON="A-ASSOCIATE-RJ 2/3/2")
        peers[0].release()
        peers[0].close()
        assert wait_until(lambda: isinstance(asks(stack.enter_context(one.connect())), AssociateAC))
        echo(one.scp.port)


@contextmanager
def crowd(one: Secured, octets: bytes, count: int = HALF) -> Iterator[list[Peer]]:
    """Connections that have sent these bytes of a handshake and remain silent."""
    with ExitStack() as stack:
        peers = [stack.enter_context(one.connect_raw()) for _ in range(count)]
        for peer in peers:
            peer.send(octets)
            # The journal's socket holds few records until they are read.
            one.journal.read()
        yield peers


def seconds(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


@pytest.mark.alone
@pytest.mark.parametrize("source", ["127.0.0.1", "127.0.0.2"])
@pytest.mark.parametrize("octets", [client_hello(), client_hello()[:50]], ids=["whole", "half"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_half_handshakes_delay_no_echo(
    secured: Start, workers: str, octets: bytes, source: str
) -> None:
    """Neither that of a new connection, from the same address or another, nor that of an association, nor that on
    the plain port."""
    one = secured("--workers", workers, mode="require")
    steady = one.connect("CT1", source=source)
    steady.associate(called="ECHOSCP")

    def new() -> None:
        with one.connect("CT1", source=source) as peer:
            serve(peer)

    acts: dict[str, Callable[[], object]] = {
        "new": new, "steady": steady.echo, "plain": lambda: echo(one.scp.port),
    }  # fmt: skip
    usual = {name: statistics.median(seconds(act) for _ in range(10)) for name, act in acts.items()}
    slowest = dict.fromkeys(acts, 0.0)
    with crowd(one, octets):
        for _ in range(10):
            for name, act in acts.items():
                slowest[name] = max(slowest[name], seconds(act) - usual[name])
    told = ", ".join(f"{name} {1000 * slowest[name]:.0f} ms" for name in acts)
    print(f"{HALF} half handshakes delay by at most: {told}")
    assert max(slowest.values()) < DELAY, told
    steady.release()


def test_who_gives_way(secured: Start) -> None:
    """Only so many connections without an association have a place; those that stalled give way, with a record."""
    one = secured("--workers", "1", "-ll", "debug")
    with crowd(one, client_hello(), 2 * PLACES) as peers:
        with one.connect("CT1") as good:
            serve(good)
        one.record(ECHOSCP_CAUSE="too-many-pending")

        def closed() -> int:
            return sum(_is_closed(peer) for peer in peers)

        assert wait_until(lambda: closed() >= PLACES)
        assert closed() < 2 * PLACES


def _is_closed(peer: Peer) -> bool:
    peer.socket.setblocking(False)
    try:
        while octets := peer.socket.recv(1 << 16):
            assert octets
        return True
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_idle_connections_hold_no_place(secured: Start) -> None:
    """A connection without a byte needs no memory of OpenSSL, and does not count."""
    one = secured("--workers", "1")
    with ExitStack() as stack:
        idle = [stack.enter_context(one.connect_raw()) for _ in range(3 * PLACES)]
        time.sleep(0.2)
        one.echo("CT1")
        assert all(peer.silent_for(0.001) for peer in idle)
        with one.connect() as good:
            serve(good)


def test_after_a_release_the_place_is_free(secured: Start) -> None:
    """Clients that do not close after the release, one after the other."""
    one = secured("--workers", "1")
    with ExitStack() as stack:
        for _ in range(PLACES + 8):
            peer = stack.enter_context(one.connect())
            serve(peer)


def test_a_slow_handshake_in_small_pieces_comes_through(secured: Start) -> None:
    one = secured()
    with one.connect_raw() as peer:
        hello = client_hello()
        for start in range(0, len(hello), 20):
            peer.send(hello[start : start + 20])
            time.sleep(0.02)
        assert peer.socket.recv(1)[0] == 22
