"""Idle associations and peers that do not read time out, and never delay other peers."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from daemon import ABORTING, ACCEPTING, Daemon, echo_line, wait_until
from journal import TIMEOUT_DISABLED, Journal
from peer import SLACK, Peer
from replies import ABORTED, CLOSED, EchoResponse
from timing import TIMEOUT, takes
from wire import associate_rq, echo_command, echo_rq, p_data, pdv

Start = Callable[..., Daemon]


@pytest.mark.parametrize("echoes", [0, 1])
def test_an_idle_association(echoscpd: Start, echoes: int) -> None:
    scp = echoscpd("-v", "-tn", str(TIMEOUT))
    peer = scp.connect()
    with takes(TIMEOUT):
        peer.associate()
        for _ in range(echoes):
            peer.echo()
        assert peer.receive() == ABORTED
    scp.stop()
    steps = scp.steps()
    assert steps[: 2 + echoes] == [ACCEPTING, *[echo_line(1)] * echoes, ABORTING]
    # Without an echo it is a warning.
    assert len(steps[2 + echoes :]) == echoes
    assert len(scp.warnings()) == 1 - echoes


@pytest.mark.parametrize(("echoes", "priority"), [(0, "4"), (1, "6")])
def test_an_idle_association_in_the_journal(
    echoscpd: Start, journal: Journal, echoes: int, priority: str
) -> None:
    scp = echoscpd("-tn", str(TIMEOUT), "--log-target", "journal", wrapper=journal.wrapper)
    peer = scp.connect()
    peer.associate()
    for _ in range(echoes):
        peer.echo()
    assert peer.receive() == ABORTED
    entry = journal.wait_for(ECHOSCP_CAUSE="idle-association")
    assert entry["DICOM_REASON"] == ["A-ABORT 0/0"]
    assert entry["DICOM_ECHOES"] == [str(echoes)] and entry["PRIORITY"] == [priority]
    scp.stop()


def test_an_idle_association_is_then_in_sta13(echoscpd: Start) -> None:
    scp = echoscpd("-tn", "0.3", "-ta", "0.5")
    peer = scp.connect()
    with takes(0.3):
        peer.associate()
        assert peer.receive() == ABORTED
    with takes(0.5):
        assert peer.receive() == CLOSED


def test_activity_extends_the_network_timeout(echoscpd: Start) -> None:
    peer = echoscpd("-tn", "0.4").connect()
    peer.associate()
    for number in range(6):
        assert peer.silent_for(0.2)
        peer.echo(number)
    with takes(0.4):
        peer.echo()
        assert peer.receive() == ABORTED


@pytest.mark.parametrize("timeout", [TIMEOUT, 1.0])
def test_a_peer_that_never_reads(echoscpd: Start, journal: Journal, timeout: float) -> None:
    """The peer sends echoes until the connection is full in both directions. Nothing can then be sent, so the
    program just closes the connection, and the peer's receive queue has only responses. Now and then the
    peer's kernel takes a few more bytes, which counts as activity."""
    scp = echoscpd("-tn", str(timeout), "--log-target", "journal", wrapper=journal.wrapper)
    before = scp.settled_descriptors()
    peer = scp.connect(receive_buffer=4096)
    peer.associate()
    stalled = _fill_the_pipe(peer)
    assert scp.descriptors() == before + 1
    unread = peer.unread()
    for _ in range(2000):
        if scp.descriptors() == before:
            break
        if peer.unread() > unread:
            unread, stalled = peer.unread(), time.monotonic()
        time.sleep(0.005)
    passed = time.monotonic() - stalled
    # The peer's kernel may have taken the last byte a little before our last attempt to send one.
    assert timeout - 0.1 <= passed <= timeout + SLACK, f"{passed:.3f} s instead of {timeout} s"
    entry = journal.wait_for(ECHOSCP_CAUSE="stalled-receiver", DICOM_CALLING_AE="TESTSCU")
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]
    _expect_echoes_and_no_abort(peer)


def _fill_the_pipe(peer: Peer) -> float:
    """Sends whole echoes until no byte is taken for 0.1 s; returns the time of the last one taken."""
    peer.socket.setblocking(False)
    stream = b"".join(map(echo_rq, range(1000)))
    left, last = stream, time.monotonic()
    for _ in range(100_000):
        try:
            left = left[peer.socket.send(left) :] or stream
            last = time.monotonic()
        except BlockingIOError:
            if time.monotonic() - last > 0.1:
                return last
            time.sleep(0.002)
    raise AssertionError("the connection never filled up")


def _expect_echoes_and_no_abort(peer: Peer) -> None:
    """Reads the rest of the receive queue: whole responses, then perhaps a part of one."""
    octets = b""
    peer.socket.settimeout(0.5)
    for _ in range(100_000):
        try:
            chunk = peer.socket.recv(1 << 16)
        except (TimeoutError, ConnectionResetError):
            break
        if not chunk:
            break
        octets += chunk
    assert octets, "not even one response"
    for at in range(0, len(octets) - 90, 90):
        assert octets[at : at + 6] == b"\4\0\0\0\0\x54", "something other than a C-ECHO-RSP"
    assert octets[len(octets) // 90 * 90 :][:1] in (b"", b"\4")


def test_a_peer_that_reads_slowly_is_not_let_go(echoscpd: Start) -> None:
    """Each byte it reads counts as activity, however long the whole takes: here over two seconds, for more
    bytes than the kernel would buffer."""
    peer = echoscpd("-tn", "1").connect(receive_buffer=1 << 16)
    peer.associate()
    count = 100_000
    sender = peer.send_aside(echo_rq() * count)
    due = 90 * count
    while due > 0:
        wanted = min(due, 200_000)
        while wanted:
            octets = peer.socket.recv(wanted)
            assert octets, f"closed while {due} bytes were due"
            wanted -= len(octets)
            due -= len(octets)
        time.sleep(0.05)
    sender.join(5)


# ---------------------------------------------------------------------------------------------
# All the timeouts


def test_zero_waits_for_ever_and_says_so(echoscpd: Start, journal: Journal) -> None:
    timeouts = ("-ta", "0", "-td", "0", "-tn", "0")
    scp = echoscpd(*timeouts, "--log-target", "journal", wrapper=journal.wrapper)
    peer, released = scp.connect(), scp.connect()
    for count, key in enumerate(("acse-timeout", "dimse-timeout", "network-timeout"), 1):
        entry = journal.wait_for(count, MESSAGE_ID=TIMEOUT_DISABLED, PRIORITY="4")
        assert key in entry["MESSAGE"][0]
    released.associate()
    released.release()
    assert released.silent_for(0.5)
    peer.send(associate_rq()[:50])
    assert peer.silent_for(0.5)
    peer.send(associate_rq()[50:])
    peer.receive()
    peer.send(p_data(pdv(echo_command(3)[:20], last=False)))
    assert peer.silent_for(0.5)
    peer.send(p_data(pdv(echo_command(3)[20:])))
    assert peer.receive_echo() == EchoResponse(3)
    assert peer.silent_for(0.5)
    peer.echo()


def test_hundreds_of_timeouts_at_once(echoscpd: Start) -> None:
    """A third are silent, a third have sent half a request, a third are in Sta13: all of them time out."""
    scp = echoscpd("-ta", "0.5")
    before = scp.settled_descriptors()
    begin = time.monotonic()
    for _ in range(250):
        scp.connect()
        scp.connect().send(associate_rq()[:100])
        scp.connect().send(associate_rq(version=2))
    opened = time.monotonic() - begin
    assert wait_until(lambda: scp.descriptors() == before, opened + 0.5 + SLACK)
    with scp.connect() as peer:
        peer.associate()
        peer.echo()


@pytest.mark.alone
def test_dribblers_keep_no_other_peer_waiting(echoscpd: Start) -> None:
    """One worker, thirty peers that send a byte at a time, and one peer with normal echoes."""
    scp = echoscpd("--workers", "1")
    dribblers = [scp.connect() for _ in range(30)]
    request = associate_rq()
    slowest = 0.0
    for index in range(50):
        for dribbler in dribblers:
            dribbler.send(request[index : index + 1])
        begin = time.monotonic()
        with Peer(scp.port) as peer:
            peer.associate()
            peer.echo()
            peer.release()
        slowest = max(slowest, time.monotonic() - begin)
    assert slowest < 0.25 + SLACK, f"an echo took {slowest:.3f} s"
    for dribbler in dribblers:
        dribbler.send(request[50:])
        dribbler.receive()
        dribbler.echo()


def test_a_full_pipe_keeps_no_other_peer_waiting(echoscpd: Start) -> None:
    scp = echoscpd("--workers", "1")
    for _ in range(3):
        stuffed = scp.connect(receive_buffer=4096)
        stuffed.associate()
        _fill_the_pipe(stuffed)
    begin = time.monotonic()
    peer = scp.connect()
    peer.associate()
    peer.echo()
    peer.release()
    assert time.monotonic() - begin < 0.25 + SLACK
