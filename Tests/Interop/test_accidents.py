"""Accidents that are unrelated to DICOM and must not affect the service."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from daemon import OK, PROGRAM, SYSTEM, Daemon, echo, one_line, run_to_its_end, wait_until
from peer import PATIENCE, Peer
from wire import associate_rq, echo_command, echo_rq, p_data, pdv, release_rq

Start = Callable[..., Daemon]


def test_a_closed_stderr_pipe_does_not_matter(echoscpd: Start) -> None:
    reading, writing = os.pipe()
    try:
        scp = echoscpd("-v", stderr=writing)
    finally:
        os.close(writing)
        os.close(reading)
    for _ in range(3):
        echo(scp.port)
    scp.connect().send(b"GET / HTTP/1.1\r\n\r\n")
    time.sleep(0.1)
    echo(scp.port)


def without(*descriptors: int) -> Callable[[], None]:
    """For `preexec_fn`: closes these descriptors in the child."""

    def close_them() -> None:
        for descriptor in descriptors:
            os.close(descriptor)

    return close_them


def opened(pid: int) -> dict[int, str]:
    """The targets of the descriptors of a process, without one that it closes meanwhile."""
    targets = {}
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            targets[int(one.name)] = os.readlink(one)
    return targets


MISSING = [(0, 1, 2), (0,), (1,), (2,), (0, 2)]
"""The standard descriptors that are closed when a program starts."""


@pytest.mark.parametrize("missing", MISSING, ids=str)
def test_nothing_gets_the_number_of_a_standard_descriptor(
    echoscpd: Start, missing: tuple[int, ...]
) -> None:
    """Otherwise output to stderr would go to whatever file or socket has its number."""
    scp = echoscpd("-v", before_exec=without(*missing))
    echo(scp.port)
    descriptors = opened(scp.pid)
    for number in missing:
        assert descriptors[number] == "/dev/null", descriptors
    scp.connect().send(b"GET / HTTP/1.1\r\n\r\n")
    time.sleep(0.1)
    echo(scp.port)


@pytest.mark.parametrize("missing", MISSING, ids=str)
def test_nor_does_the_connection_of_a_probe(missing: tuple[int, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = "127.0.0.1:%d" % server.getsockname()[1]
        probe = subprocess.Popen([PROGRAM, "--probe", place], preexec_fn=without(*missing))
        try:
            server.settimeout(PATIENCE)
            with server.accept()[0]:
                descriptors = opened(probe.pid)
        finally:
            probe.kill()
            probe.wait()
    for number in missing:
        assert descriptors[number] == "/dev/null", descriptors


@pytest.mark.parametrize("options", [[], ["--version"], ["--probe", "127.0.0.1:1"]], ids=str)
def test_without_dev_null_it_does_not_begin(options: list[str]) -> None:
    shell = 'mount -t tmpfs none /dev || exit 99; exec "$@" <&-'
    wrapper = ["unshare", "-m", "--propagation", "private", "sh", "-c", shell, "sh"]
    done = run_to_its_end(*options, wrapper=wrapper)
    if done.returncode in (1, 99):
        pytest.skip(f"cannot create a mount namespace here: {done.stderr}")
    assert done.returncode == SYSTEM
    assert "/dev/null" in one_line(done.stderr) and done.stdout == ""


def test_started_without_standard_descriptors(echoscpd: Start) -> None:
    """The first sockets could then become descriptors 0, 1 and 2, and a peer could receive log lines."""
    scp = echoscpd("-v", before_exec=without(0, 1, 2))
    peers = [scp.connect() for _ in range(4)]
    for peer in peers:
        peer.associate()
    for peer in peers:
        peer.echo()
        peer.release()
        assert peer.silent_for(0.05)


def test_a_full_stderr_pipe_stops_nobody(echoscpd: Start) -> None:
    """A stalled reader of the log must not stall the peers."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as log:
        try:
            scp = echoscpd("-v", stderr=writing)
        finally:
            os.close(writing)
        peer = scp.connect()
        peer.associate()
        for number in range(4000):  # 140 kB of lines into a pipe of 64 kB
            peer.echo(number)
        peer.release()
        peer.close()
        scp.send_signal(signal.SIGTERM)
        reader = threading.Thread(target=log.read, daemon=True)
        reader.start()
        assert scp.wait(5) == OK
        reader.join(5)


def test_sigpipe_is_ignored(echoscpd: Start) -> None:
    scp = echoscpd()
    scp.send_signal(signal.SIGPIPE)
    time.sleep(0.1)
    echo(scp.port)


RESETS: dict[str, list[bytes]] = {
    "before a byte": [],
    "inside a request": [associate_rq()[:50]],
    "before the A-ASSOCIATE-AC is read": [associate_rq()],
    "with echoes unread": [associate_rq(), echo_rq() * 99],
    "inside a message": [associate_rq(), p_data(pdv(echo_command()[:9], last=False))],
    "before the A-RELEASE-RP is read": [associate_rq(), release_rq()],
    "after a fault": [b"\xff" * 100],
}


@pytest.mark.parametrize("octets", RESETS.values(), ids=RESETS)
def test_a_peer_that_resets(scp: Daemon, octets: list[bytes]) -> None:
    before = scp.settled_descriptors()
    for pause in (0, 0, 0.01, 0.03):
        peer = Peer(scp.port)
        for part in octets:
            peer.send(part)
        time.sleep(pause)
        peer.reset()
    echo(scp.port)
    assert wait_until(lambda: scp.descriptors() == before), "a descriptor leaked"
