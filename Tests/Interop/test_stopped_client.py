"""A client suspended in the middle of a PDU or message (kill -STOP), like a device that hangs.

Its connection stays, and its kernel keeps acknowledging. The timer of its current state ends the connection,
and other peers are not affected.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import Daemon, wait_until
from journal import Journal
from peer import PATIENCE, SLACK

Start = Callable[..., Daemon]

TIMEOUT = 0.6
CLIENT = """
import sys, time
from peer import Peer
from wire import associate_rq, echo_rq
port, what = int(sys.argv[1]), sys.argv[2]
with Peer(port, receive_buffer=2048) as peer:
    if what != "request":
        peer.associate()
    octets = associate_rq() if what == "request" else echo_rq()
    if what == "answers":
        sender = peer.send_aside(echo_rq() * 100_000)
        assert not peer.silent_for(5)
    else:
        peer.send(octets[:40])
    print("stop me", flush=True)
    while True:
        time.sleep(1)
"""


@pytest.mark.alone
@pytest.mark.parametrize(
    ("what", "cause"),
    [
        ("request", "stalled-request"),
        ("message", "stalled-message"),
        ("answers", "stalled-receiver"),
    ],
)
def test_client_that_is_stopped(
    echoscpd: Start, journal: Journal, what: str, cause: str
) -> None:
    timeouts = ("-ta", str(TIMEOUT), "-td", str(TIMEOUT), "-tn", str(TIMEOUT))
    scp = echoscpd(*timeouts, "--log-target", "journal", wrapper=journal.wrapper)
    before = scp.settled_descriptors()
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(scp.port), what],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=Path(__file__).parent,
    )  # fmt: skip
    try:
        assert client.stdout and client.stdout.readline() == b"stop me\n"
        client.send_signal(signal.SIGSTOP)
        assert wait_until(lambda: scp.descriptors() == before + 1, TIMEOUT / 2)
        begin = time.monotonic()
        slowest = 0.0
        with scp.connect() as peer:
            peer.associate()
            number = 0
            while scp.descriptors() > before + 1 and time.monotonic() < begin + PATIENCE:
                asked = time.monotonic()
                peer.echo(number & 0xFFFF)
                slowest = max(slowest, time.monotonic() - asked)
                number += 1
            passed = time.monotonic() - begin
            peer.release()
        print(f"ended after {passed:.2f} s; meanwhile {number} echoes, {slowest * 1e3:.1f} ms at most")
        # An abort is followed by the wait for the client to close (Sta13).
        assert TIMEOUT / 2 < passed < 2 * TIMEOUT + SLACK and number > 100
        assert slowest < SLACK
        journal.wait_for(ECHOSCP_CAUSE=cause, PRIORITY="4")
    finally:
        client.kill()
        client.wait()
    assert wait_until(lambda: scp.descriptors() == before)
