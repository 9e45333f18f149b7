"""How the program closes a connection: what it said still arrives, and nothing stays behind in the
kernel of a peer that does not take it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest

from daemon import OK, Daemon, wait_until
from kernel import connections, states
from peer import SLACK, Peer
from replies import ABORTED, CLOSED, RELEASED, Reply
from unread import connect_without_reading, stuff
from upper_layer import WRONG_VERSION
from wire import abort, associate_rq, echo_rq, release_rq

Start = Callable[..., Daemon]

TIMEOUT = 0.4
PENDING = 8


# ---------------------------------------------------------------------------------------------
# What was said arrives


def _silent(peer: Peer) -> list[Reply]:
    return []


def _rejected(peer: Peer) -> list[Reply]:
    peer.send(associate_rq(version=2))
    return [WRONG_VERSION]


def _aborted(peer: Peer) -> list[Reply]:
    peer.send(release_rq())
    return [ABORTED]


def _released(peer: Peer) -> list[Reply]:
    peer.associate()
    peer.send(release_rq())
    return [RELEASED]


WAYS = {"silence": _silent, "rejection": _rejected, "abort": _aborted, "release": _released}
ways = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def _expect(peer: Peer, due: list[Reply]) -> None:
    """All that was said, and then the end of the stream: never a reset."""
    assert [peer.receive() for _ in range(len(due) + 1)] == [*due, CLOSED]


@ways
def test_when_its_time_is_over(echoscpd: Start, way: Callable[[Peer], list[Reply]]) -> None:
    scp = echoscpd("-ta", str(TIMEOUT))
    before = scp.settled_descriptors()
    peer = scp.connect()
    due = way(peer)
    assert wait_until(lambda: scp.descriptors() == before, TIMEOUT + SLACK)
    _expect(peer, due)


@ways
@pytest.mark.parametrize("unread", [False, True], ids=["", "with unread input"])
def test_when_it_makes_room(
    echoscpd: Start, way: Callable[[Peer], list[Reply]], unread: bool
) -> None:
    """Even while bytes come in that nobody has looked at."""
    scp = echoscpd("--max-pending", str(PENDING), "--workers", "1")
    before = scp.settled_descriptors()
    peer = scp.connect()
    due = way(peer)
    assert not due or wait_until(peer.unread)
    with scp.halted():
        for _ in range(PENDING):
            scp.connect()
        if unread:
            peer.send(echo_rq() if due else associate_rq()[:50])
            # What comes after the close is answered by a reset, whoever closes.
            assert wait_until(peer.has_arrived)
    assert wait_until(lambda: scp.descriptors() == before + PENDING, SLACK)
    _expect(peer, due)


@ways
def test_when_it_stops(echoscpd: Start, way: Callable[[Peer], list[Reply]]) -> None:
    scp = echoscpd()
    peer = scp.connect()
    due = way(peer)
    assert not due or wait_until(peer.unread)
    scp.send_signal(signal.SIGTERM)
    assert scp.wait(2 + 3 * SLACK) == OK
    # Who has not said anything yet is told, too.
    _expect(peer, due or [ABORTED])


@ways
def test_when_it_is_told_twice_to_stop(
    echoscpd: Start, way: Callable[[Peer], list[Reply]]
) -> None:
    scp = echoscpd()
    peer = scp.connect()
    due = way(peer)
    assert not due or wait_until(peer.unread)
    _stop_at_once(scp)
    _expect(peer, due)


def _stop_at_once(scp: Daemon) -> None:
    for _ in range(2):
        scp.send_signal(signal.SIGTERM)
        scp.wait(0.1)
    assert scp.wait(SLACK) == OK


# ---------------------------------------------------------------------------------------------
# Nothing stays behind

MANY = 700
"""Echoes whose answers are 60 KiB together."""
PATIENCE_OF_THE_KERNEL = 10
"""Seconds for the few bytes that a peer has no room for."""


ENDINGS = {
    "abort": abort(),
    "release": release_rq(),
    "fault": associate_rq(),
    "silence": b"",
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_many_answers_that_nobody_takes(echoscpd: Start, ending: bytes) -> None:
    """The connection is reset then, and gone at once."""
    scp = echoscpd("-tn", "0.5", "-ta", "0.5")
    before = scp.settled_descriptors()
    (peer,) = connect_without_reading(scp, ["127.61.0.1"], 1)
    stuff([peer], MANY, seconds=1)
    peer.socket.setblocking(True)
    peer.socket.settimeout(SLACK)
    peer.send_aside(ending)
    assert wait_until(lambda: scp.descriptors() == before, 2 + SLACK)
    assert wait_until(lambda: states(scp.port) == [], SLACK), connections(scp.port)


def _left_with_a_few_answers(scp: Daemon, source: str) -> Peer:
    """An association whose peer has no room, and to which less than 4 KiB are still to be sent."""
    (peer,) = connect_without_reading(scp, [source], 1)
    peer.associate()
    for number in range(100):
        peer.send(echo_rq(number))
        if _waiting(scp, source) > 500:
            return peer
    raise AssertionError("the peer has room for everything")


def _waiting(scp: Daemon, source: str) -> int:
    """How many bytes are still to be sent there."""
    return sum(
        one.unacknowledged for one in connections(scp.port) if one.peer.startswith(f"{source}:")
    )


def test_a_few_answers_that_nobody_takes(echoscpd: Start) -> None:
    """The kernel keeps them for ten seconds, also when the program has ended meanwhile: with
    connections that were closed before, and with associations that are open, to which much is still
    to be sent, or little."""
    goes_on, ends = echoscpd(), echoscpd()
    before = goes_on.settled_descriptors()
    for scp in goes_on, ends:
        for number in range(1, 6):
            _left_with_a_few_answers(scp, f"127.62.0.{number}").send(abort())
    for number in range(1, 6):
        _left_with_a_few_answers(ends, f"127.62.1.{number}")
    stuff(connect_without_reading(ends, ["127.62.2.1"], 5), MANY, seconds=1)
    assert wait_until(lambda: goes_on.descriptors() == before, SLACK)
    _stop_at_once(ends)
    end = time.monotonic() + PATIENCE_OF_THE_KERNEL + 3 + SLACK
    assert wait_until(lambda: len(states(ends.port)) <= 10, SLACK), connections(ends.port)
    for scp in goes_on, ends:
        assert wait_until(lambda scp=scp: not states(scp.port), end - time.monotonic()), (
            connections(scp.port)
        )


def test_the_last_answer_that_nobody_takes(echoscpd: Start) -> None:
    """An A-RELEASE-RP is waited for for as long as ARTIM runs, and then given up."""
    scp = echoscpd("-ta", "1")
    before = scp.settled_descriptors()
    peer = _left_with_a_few_answers(scp, "127.64.0.1")
    peer.send(release_rq())
    assert not wait_until(lambda: scp.descriptors() == before, 0.5)
    assert wait_until(lambda: scp.descriptors() == before, 0.5 + SLACK)
    assert wait_until(lambda: states(scp.port) == [], SLACK), connections(scp.port)
