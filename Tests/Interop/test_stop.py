"""The orderly stop on SIGTERM and SIGINT.

The program stops listening at once and serves the connections it has accepted. It ends those that have been
silent for a second, and all others at the drain timeout. The exit status is always 0.
"""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from daemon import OK, PROGRAM, Daemon, echo, one_echo, refused, wait_until
from journal import Journal
from peer import SLACK
from replies import ABORTED, CLOSED, RELEASED, AssociateAC, EchoResponse
from wire import associate_rq, echo_command, p_data, pdv, release_rq

Start = Callable[..., Daemon]
AT_ONCE = 0.3 + SLACK


@pytest.fixture(params=[signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def stop(request: pytest.FixtureRequest) -> signal.Signals:
    return signal.Signals(request.param)


def test_stop_when_idle(echoscpd: Start, stop: signal.Signals) -> None:
    scp = echoscpd("-v")
    scp.send_signal(stop)
    assert scp.wait(AT_ONCE) == OK
    assert refused(scp.port)
    assert scp.lines() == []


def test_stop_after_some_work(echoscpd: Start, stop: signal.Signals) -> None:
    scp = echoscpd("-v", "--workers", "2")
    for _ in range(5):
        echo(scp.port)
    scp.send_signal(stop)
    assert scp.wait(AT_ONCE) == OK
    assert sorted(scp.lines()) == sorted(one_echo() * 5)


def test_stop_aborts_an_idle_association(echoscpd: Start, stop: signal.Signals) -> None:
    """An association is aborted after a second of silence, so that the stop need not take the drain timeout."""
    scp = echoscpd()
    peer = scp.connect()
    peer.associate()
    peer.echo()
    begin = time.monotonic()
    scp.send_signal(stop)
    assert peer.receive(within=1 + SLACK) == ABORTED
    assert time.monotonic() - begin > 0.8
    peer.close()
    assert scp.wait(1 + SLACK) == OK


def test_stop_ends_listening_and_serves_what_was_accepted(
    echoscpd: Start, stop: signal.Signals
) -> None:
    scp = echoscpd()
    busy, fresh = scp.connect(), scp.connect()
    busy.associate()
    fresh.send(associate_rq()[:100])
    busy.send(p_data(pdv(echo_command(7)[:30], last=False)))
    time.sleep(0.1)
    scp.send_signal(stop)
    assert wait_until(lambda: refused(scp.port), AT_ONCE), "the program still listens"

    # A message that has begun is received and answered, and its association released.
    time.sleep(0.2)
    busy.send(p_data(pdv(echo_command(7)[30:])))
    assert busy.receive_echo() == EchoResponse(7)
    busy.echo(8)
    busy.release()
    busy.close()

    # A request that has begun is served as well.
    fresh.send(associate_rq()[100:])
    assert isinstance(fresh.receive(), AssociateAC)
    fresh.echo(9)
    fresh.send(release_rq())
    assert fresh.receive() == RELEASED
    fresh.close()
    assert scp.wait(1 + SLACK) == OK


def test_stop_waits_longer_than_a_second_for_a_message(echoscpd: Start) -> None:
    scp = echoscpd("--drain-timeout", "4")
    peer = scp.connect()
    peer.associate()
    peer.send(p_data(pdv(echo_command(7)[:30], last=False)))
    time.sleep(0.1)
    scp.send_signal(signal.SIGTERM)
    assert peer.silent_for(1.5)
    peer.send(p_data(pdv(echo_command(7)[30:])))
    assert peer.receive_echo() == EchoResponse(7)
    peer.release()
    peer.close()
    assert scp.wait(1 + SLACK) == OK


def test_drain_timeout(echoscpd: Start, stop: signal.Signals) -> None:
    """Peers with half a message and half a request are aborted or closed at the timeout, not before."""
    scp = echoscpd("--drain-timeout", "1.5")
    half_message, half_request = scp.connect(), scp.connect()
    half_message.associate()
    half_message.send(p_data(pdv(echo_command()[:30], last=False)))
    half_request.send(associate_rq()[:100])
    time.sleep(0.1)
    begin = time.monotonic()
    scp.send_signal(stop)
    assert half_message.receive(within=1.5 + SLACK) == ABORTED
    assert time.monotonic() - begin >= 1.4
    half_message.close()
    half_request.close()
    assert scp.wait(1 + SLACK) == OK


def test_drain_timeout_is_the_end_even_if_nobody_closes(echoscpd: Start) -> None:
    scp = echoscpd("--drain-timeout", "1")
    peers = [scp.connect() for _ in range(4)]
    peers[1].associate()
    peers[1].send(p_data(pdv(echo_command()[:30], last=False)))
    peers[2].send(associate_rq()[:10])
    peers[3].associate()
    peers[3].release()
    scp.send_signal(signal.SIGTERM)
    assert scp.wait(1 + AT_ONCE + 1) == OK


def test_a_second_signal_ends_at_once(
    echoscpd: Start, journal: Journal, stop: signal.Signals
) -> None:
    """Each association gets an A-ABORT, and no answer sent before is lost."""
    scp = echoscpd(
        "--drain-timeout", "30", "--workers", "2", "--log-target", "journal", "-ll", "warning",
        wrapper=journal.wrapper,
    )  # fmt: skip
    peers = [scp.connect() for _ in range(50)]
    for peer in peers:
        peer.associate()
        peer.send(p_data(pdv(echo_command(6))) + p_data(pdv(echo_command()[:30], last=False)))
    waiting = scp.connect()
    waiting.send(associate_rq()[:30])
    time.sleep(0.2)
    scp.send_signal(stop)
    assert scp.wait(0.3) is None, "the program did not wait for the message"
    scp.send_signal(stop)
    assert scp.wait(AT_ONCE) == OK
    for peer in peers:
        assert peer.receive_echo() == EchoResponse(6)
        assert peer.receive() == ABORTED
        assert peer.receive() == CLOSED
    assert waiting.receive() == CLOSED
    [warning] = [entry for entry in journal.read() if "ECHOSCP_CAUSE" in entry]
    assert warning["ECHOSCP_CAUSE"] == ["stopped-at-once"] and warning["PRIORITY"] == ["4"]
    assert re.findall(r"\d+", warning["MESSAGE"][0]) == ["50"]


def test_a_port_is_free_again_after_a_stop(echoscpd: Start) -> None:
    """The port is free even if connections that the program closed first are in TIME-WAIT."""
    scp = echoscpd("-ta", "0.1")
    peer = scp.connect()
    assert peer.receive() == CLOSED
    scp.stop()
    command = [str(PROGRAM), "-ba", "127.0.0.1", str(scp.port)]
    again = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: again.poll() is not None or not refused(scp.port))
        assert again.poll() is None
        echo(scp.port)
        again.send_signal(signal.SIGTERM)
        assert again.wait(5) == OK
    finally:
        if again.poll() is None:
            again.kill()
            again.wait()
