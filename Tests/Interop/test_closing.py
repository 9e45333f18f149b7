"""When the program closes a connection, its last answer still arrives, and if the peer does not read it,
nothing stays behind in the kernel."""

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
# Answers arrive


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
    """Expects all answers, then the end of the stream and no reset."""
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
    """Also with received bytes that the program has not read."""
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
            # The kernel answers bytes that arrive after the close with a reset.
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
    # A peer that has not sent anything yet gets an A-ABORT, too.
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
"""The number of echoes whose answers are 60 KiB together."""
PATIENCE_OF_THE_KERNEL = 10
"""The seconds for which the kernel keeps the last few bytes for a peer that has no room for them."""


ENDINGS = {
    "abort": abort(),
    "release": release_rq(),
    "fault": associate_rq(),
    "silence": b"",
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_many_answers_that_nobody_takes(echoscpd: Start, ending: bytes) -> None:
    """The program then resets the connection, and it is gone at once."""
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
    """An association with less than 4 KiB to send to a peer that has no room."""
    (peer,) = connect_without_reading(scp, [source], 1)
    peer.associate()
    for number in range(100):
        peer.send(echo_rq(number))
        if _waiting(scp, source) > 500:
            return peer
    raise AssertionError("the peer has room for everything")


def _waiting(scp: Daemon, source: str) -> int:
    """The number of bytes still to be sent to `source`."""
    return sum(
        one.unacknowledged for one in connections(scp.port) if one.peer.startswith(f"{source}:")
    )


def test_a_few_answers_that_nobody_takes(echoscpd: Start) -> None:
    """The kernel keeps them for ten seconds, even if the program ends meanwhile: with connections closed
    before, and with open associations that have much or little left to send."""
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
    """The program tries to send an A-RELEASE-RP until the ARTIM timer expires, then gives up."""
    scp = echoscpd("-ta", "1")
    before = scp.settled_descriptors()
    peer = _left_with_a_few_answers(scp, "127.64.0.1")
    peer.send(release_rq())
    assert not wait_until(lambda: scp.descriptors() == before, 0.5)
    assert wait_until(lambda: scp.descriptors() == before, 0.5 + SLACK)
    assert wait_until(lambda: states(scp.port) == [], SLACK), connections(scp.port)
