"""A log that cannot be written: the disk is full, standard error is closed, or nothing reads the pipe.

In any case, the program serves its peers on time and does not run in a busy loop.
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
    """A device to which every write fails, as on a full disk."""
    with open("/dev/full", "wb") as device:
        yield device.fileno()


@contextmanager
def nobody_reads() -> Iterator[int]:
    """A pipe that nothing reads: it holds 64 KiB."""
    reading, writing = os.pipe()
    try:
        yield writing
    finally:
        os.close(writing)
        os.close(reading)


@contextmanager
def reader_is_gone() -> Iterator[int]:
    """A pipe whose reader has closed it."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


def say_much(scp: Daemon, turns: int) -> None:
    """Makes an association, a rejection and a fault in each turn, each of which writes some lines."""
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
    # The queues are bounded; lines that do not fit are dropped and counted.
    assert grown.left <= 2 * MIB
    assert spent < 3, "the program is in a busy loop"


@pytest.mark.parametrize("output", [full_device, nobody_reads, reader_is_gone])
def test_lines_that_cannot_be_written(
    echoscpd: Start, output: Callable[[], AbstractContextManager[int]]
) -> None:
    with output() as descriptor:
        scp = echoscpd("-d", stderr=descriptor)
        serves_all_the_same(scp)
        begin = time.monotonic()
        scp.stop()
        # A blocked pipe must not keep the writer from noticing the stop.
        assert time.monotonic() - begin < 1 + SLACK


def test_standard_error_is_closed(echoscpd: Start) -> None:
    scp = echoscpd("-d", before_exec=lambda: os.close(2))
    serves_all_the_same(scp)
    scp.stop()


def test_file_on_a_full_disk(echoscpd: Start, tmp_path: Path) -> None:
    """Once there is room again, the log continues."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode != 0:
        pytest.skip("cannot mount a file system here")
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
