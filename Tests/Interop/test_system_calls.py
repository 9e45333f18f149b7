"""Echoes and associations make no unnecessary system calls, as counted by strace."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import SANITIZER, Daemon, wait_until
from peer import PATIENCE
from replies import CLOSED, RESET
from wire import associate_rq, echo_rq, release_rq

Start = Callable[..., Daemon]


@pytest.fixture(scope="module")
def strace() -> str:
    if SANITIZER:
        pytest.skip(f"{SANITIZER} sanitizer: its runtime makes additional system calls")
    program = shutil.which("strace")
    if program is None:
        pytest.skip("strace is not installed (Debian package strace)")
    sleeper = subprocess.Popen(["sleep", "30"])
    try:
        tracer = subprocess.Popen(
            [program, "-p", str(sleeper.pid), "-o", "/dev/null"], stderr=subprocess.PIPE
        )
        try:
            tracer.wait(0.5)
            message = tracer.communicate()[1].decode().strip()
            pytest.skip(f"strace cannot attach here: {message}")
        except subprocess.TimeoutExpired:
            return program
        finally:
            tracer.terminate()
            tracer.communicate()
    finally:
        sleeper.kill()
        sleeper.wait()


class Calls:
    """`with Calls(...) as calls:` counts the system calls of all threads, by name."""

    def __init__(self, strace: str, scp: Daemon, report: Path) -> None:
        self._command = [strace, "-c", "-f", "-o", str(report), "-p", str(scp.pid)]
        self._scp, self._report = scp, report
        self.by_name: dict[str, int] = {}

    def __enter__(self) -> Calls:
        self._tracer = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        assert wait_until(self._attached, PATIENCE), "strace did not attach to every thread"
        return self

    def _attached(self) -> bool:
        threads = Path(f"/proc/{self._scp.pid}/task").iterdir()
        states = [(thread / "status").read_text() for thread in threads]
        return all(re.search(r"TracerPid:\s+[1-9]", state) for state in states)

    def __exit__(self, *_: object) -> None:
        self._tracer.send_signal(signal.SIGINT)
        self._tracer.wait(PATIENCE)
        for line in self._report.read_text().splitlines():
            fields = line.split()
            if fields and re.fullmatch(r"[\d.]+", fields[0]) and fields[-1] != "total":
                self.by_name[fields[-1]] = int(fields[3])

    @property
    def total(self) -> int:
        return sum(self.by_name.values())


def test_system_calls_of_a_single_peer(echoscpd: Start, strace: str, tmp_path: Path) -> None:
    """One echo at a time: wait, receive, send."""
    scp = echoscpd()
    peer = scp.connect()
    peer.associate()
    peer.echo()
    with Calls(strace, scp, tmp_path / "calls") as calls:
        for number in range(500):
            peer.echo(number)
    assert calls.total <= 3.1 * 500, calls.by_name


def test_system_calls_of_many_peers(echoscpd: Start, strace: str, tmp_path: Path) -> None:
    """One echo of each peer at a time: receive and send; all ready peers share one wait."""
    scp = echoscpd("--workers", "1")
    peers = [scp.connect() for _ in range(200)]
    for peer in peers:
        peer.associate()
        peer.echo()
    rounds = 10
    with Calls(strace, scp, tmp_path / "calls") as calls:
        for number in range(rounds):
            for peer in peers:
                peer.send(echo_rq(number))
            for peer in peers:
                assert peer.receive_echo().message_id == number
    assert calls.total <= 2.1 * rounds * len(peers), calls.by_name


def test_system_calls_of_a_pipeline(echoscpd: Start, strace: str, tmp_path: Path) -> None:
    """All echoes of one receive are answered with one send."""
    scp = echoscpd()
    peer = scp.connect()
    peer.associate()
    peer.echo()
    rounds = 50
    with Calls(strace, scp, tmp_path / "calls") as calls:
        for _ in range(rounds):
            peer.send(*map(echo_rq, range(20)))
            assert [peer.receive_echo().message_id for _ in range(20)] == list(range(20))
    assert calls.total <= 3.2 * rounds, calls.by_name


def test_system_calls_of_who_may_not_connect(
    echoscpd: Start, strace: str, tmp_path: Path
) -> None:
    """accept4 and close only: nothing is read, polled or allocated for a denied connection."""
    scp = echoscpd("--workers", "1", "--deny-addresses", "127.0.0.9", "-q")
    rounds = 100
    with Calls(strace, scp, tmp_path / "calls") as calls:
        for _ in range(rounds):
            peer = scp.connect(source="127.0.0.9")
            peer.send(associate_rq())
            assert peer.receive() in (CLOSED, RESET)
            peer.close()
    # The peer can see the last close before strace counts it.
    assert calls.by_name["close"] in (rounds - 1, rounds)
    assert calls.total <= 4.1 * rounds, calls.by_name
    assert not calls.by_name.keys() & {"recvfrom", "sendto", "epoll_ctl", "mmap", "brk"}


def test_system_calls_of_an_association(echoscpd: Start, strace: str, tmp_path: Path) -> None:
    """accept4 and epoll_ctl, four receives, three sends, a query of the unacknowledged bytes, close; ready
    peers share one wait."""
    scp = echoscpd("--workers", "1")
    rounds, together = 10, 64
    with Calls(strace, scp, tmp_path / "calls") as calls:
        for _ in range(rounds):
            peers = [scp.connect() for _ in range(together)]
            for said in (associate_rq(), echo_rq(), release_rq()):
                for peer in peers:
                    peer.send(said)
                for peer in peers:
                    peer.receive()
            scp.forget_peers()
        assert wait_until(lambda: scp.descriptors() < together)
    assert calls.total <= 11.5 * rounds * together, calls.by_name


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_system_calls_of_a_health_check(
    echoscpd: Start, strace: str, tmp_path: Path, ending: str
) -> None:
    """accept4 and epoll_ctl, two receives, close; and a wait for each, since they come one by one."""
    scp = echoscpd("--workers", "1")
    before = scp.settled_descriptors()
    checks = 200
    with Calls(strace, scp, tmp_path / "calls") as calls:
        for _ in range(checks):
            peer = scp.connect()
            assert wait_until(lambda: scp.descriptors() == before + 1)
            getattr(peer, ending)()
            assert wait_until(lambda: scp.descriptors() == before)
    assert calls.by_name["accept4"] <= 2 * checks, calls.by_name
    assert calls.total <= 8.1 * checks, calls.by_name
