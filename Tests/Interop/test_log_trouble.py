"""A log that cannot be written: the disk is full, standard error is closed, or nobody reads it.

Whatever becomes of its lines, the peers are served on time, and it does not spin.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from daemon import OK, Daemon, echo
from footprint import MIB, becomes_idle, growth
from peer import PATIENCE, SLACK, Peer
from replies import ABORTED, AssociateRJ
from wire import associate_rq

Start = Callable[..., Daemon]


@contextmanager
def full_device() -> Iterator[int]:
    """Every write to it fails, as on a full disk."""
    with open("/dev/full", "wb") as device:
        yield device.fileno()


@contextmanager
def nobody_reads() -> Iterator[int]:
    """A pipe that takes 64 KiB, and then no more."""
    reading, writing = os.pipe()
    try:
        yield writing
    finally:
        os.close(writing)
        os.close(reading)


@contextmanager
def reader_is_gone() -> Iterator[int]:
    """A pipe that cannot be written to."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


def say_much(scp: Daemon, turns: int) -> None:
    """Each turn is worth some lines: of an association, a rejection, and a fault."""
    for number in range(turns):
        echo(scp.port)
        for octets, expected in (
            (associate_rq(version=2), AssociateRJ(1, 2, 2)),
            (b"GET / HTTP/1.1\r\n\r\n", ABORTED),
        ):
            with Peer(scp.port) as peer:
                peer.send(octets)
                assert peer.receive() == expected, number


def serves_all_the_same(scp: Daemon) -> None:
    say_much(scp, 20)
    with growth(scp) as grown:
        say_much(scp, 400)
        spent = becomes_idle(scp)
    print(f"{grown.left >> 10:+} KiB for lines that nobody gets, {spent:.2f} ms of CPU when idle")
    # Its queues are bounded; what does not fit is counted, and left out.
    assert grown.left <= 2 * MIB
    assert spent < 3, "it spins"


@pytest.mark.parametrize("output", [full_device, nobody_reads, reader_is_gone])
def test_lines_that_cannot_be_written(
    echoscpd: Start, output: Callable[[], AbstractContextManager[int]]
) -> None:
    with output() as descriptor:
        scp = echoscpd("-d", stderr=descriptor)
        serves_all_the_same(scp)
        begin = time.monotonic()
        scp.stop()
        # A pipe that blocks does not hold the writer, which has to see the end.
        assert time.monotonic() - begin < 1 + SLACK


def test_standard_error_is_closed(echoscpd: Start) -> None:
    scp = echoscpd("-d", before_exec=lambda: os.close(2))
    serves_all_the_same(scp)
    scp.stop()


def test_file_on_a_full_disk(echoscpd: Start, tmp_path: Path) -> None:
    """And when there is room again, there are lines again."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        (disk / "ballast").write_bytes(bytes(8192))
        with (disk / "log").open("ab") as log:
            scp = echoscpd("-d", stderr=log.fileno())
        serves_all_the_same(scp)
        assert (disk / "log").stat().st_size <= 8192
        (disk / "ballast").unlink()
        echo(scp.port)
        scp.send_signal(15)
        assert scp.wait(PATIENCE) == OK
        assert (disk / "log").stat().st_size > 8192
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
