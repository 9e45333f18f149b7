"""The cost of an echo and of an association in instructions in user space, counted by callgrind.

Sixty-four requestors take each step together while the program is suspended, so that a wakeup finds all of
them, as under load. The difference between two runs excludes the start and the end of the program. The limits
are the measured values plus four percent for the choices of other compilers.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import PROGRAM, SANITIZER, Daemon, echo, wait_until
from peer import Peer
from wire import associate_rq, echo_rq, release_rq

MOST_FOR_AN_ECHO = 755
MOST_FOR_AN_ASSOCIATION = 6750
"""Includes its echo, and its four updates of the counts for its network."""

TOGETHER = 64

Start = Callable[..., Daemon]
Count = Callable[[Callable[[Daemon], None]], int]


@pytest.fixture
def count(echoscpd: Start, tmp_path: Path) -> Count:
    """Counts the instructions of a run of the program, from its start to its end."""
    if SANITIZER:
        pytest.skip(f"{SANITIZER} sanitizer: it adds instructions")
    for tool in ("valgrind", "strip"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    # valgrind does not read every compiler's debugging information.
    program, report = tmp_path / "echoscpd", tmp_path / "callgrind"
    subprocess.run(["strip", "-o", str(program), str(PROGRAM)], check=True, timeout=60)
    wrapper = ["valgrind", "--tool=callgrind", "--quiet", f"--callgrind-out-file={report}"]

    def run(act: Callable[[Daemon], None]) -> int:
        scp = echoscpd("--workers", "1", "-ll", "warning", program=program, wrapper=wrapper)
        act(scp)
        scp.stop()
        found = re.search(r"^(?:summary|totals): (\d+)", report.read_text(), re.MULTILINE)
        assert found, "callgrind reported no total"
        return int(found[1])

    return run


def _each(scp: Daemon, peers: list[Peer], said: bytes) -> None:
    with scp.halted():
        for peer in peers:
            peer.send(said)
        assert wait_until(lambda: all(peer.has_arrived() for peer in peers))
    for peer in peers:
        peer.receive()


def _descriptors(scp: Daemon) -> int:
    """The number of its descriptors without connections; an echo first shows that it serves."""
    echo(scp.port)
    return scp.settled_descriptors()


def _connect(scp: Daemon, before: int) -> list[Peer]:
    """Connects `TOGETHER` peers at once; `before` is the number of descriptors without them."""
    with scp.halted():
        peers = [scp.connect() for _ in range(TOGETHER)]
    assert wait_until(lambda: scp.descriptors() == before + TOGETHER)
    return peers


def _echoes(rounds: int) -> Callable[[Daemon], None]:
    def act(scp: Daemon) -> None:
        peers = _connect(scp, _descriptors(scp))
        _each(scp, peers, associate_rq())
        for number in range(rounds):
            _each(scp, peers, echo_rq(number))
        _each(scp, peers, release_rq())

    return act


def _associations(rounds: int) -> Callable[[Daemon], None]:
    def act(scp: Daemon) -> None:
        before = _descriptors(scp)
        for _ in range(rounds):
            peers = _connect(scp, before)
            for said in (associate_rq(), echo_rq(), release_rq()):
                _each(scp, peers, said)
            scp.forget_peers()
            assert wait_until(lambda: scp.descriptors() == before)

    return act


def _cost(count: Count, act: Callable[[int], Callable[[Daemon], None]], rounds: int) -> float:
    few, many = count(act(10)), count(act(10 + rounds))
    return (many - few) / (rounds * TOGETHER)


def test_instructions_of_an_echo(count: Count) -> None:
    cost = _cost(count, _echoes, 100)
    print(f"{cost:.0f} instructions for an echo")
    assert cost <= MOST_FOR_AN_ECHO


def test_instructions_of_an_association(count: Count) -> None:
    cost = _cost(count, _associations, 20)
    print(f"{cost:.0f} instructions for an association")
    assert cost <= MOST_FOR_AN_ASSOCIATION
