"""What the program takes of the machine: memory, descriptors, processor time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon import SANITIZER, Daemon, wait_until

KIB, MIB = 1 << 10, 1 << 20


def _field(scp: Daemon, file: str, name: str) -> int:
    """A line of a file below /proc that counts kilobytes, in bytes."""
    text = Path(f"/proc/{scp.pid}/{file}").read_text()
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    assert found, text
    return KIB * int(found[1])


def resident(scp: Daemon) -> int:
    """The memory that is not a file's. smaps_rollup counts it page by page; status estimates."""
    return _field(scp, "smaps_rollup", "Anonymous")


def reserved(scp: Daemon) -> int:
    """The memory that it has asked for, whether it has touched it or not."""
    return _field(scp, "status", "VmData")


class Growth:
    """By how many bytes its memory grew, once the block has ended."""

    peak = 0
    """What was resident at the highest point, above what was before."""
    left = 0
    """What is still resident."""
    reserved = 0
    """What it has asked for in addition, and not given back."""


@contextmanager
def growth(scp: Daemon) -> Iterator[Growth]:
    """How much memory the program takes in this block; nothing under a sanitizer, which has an
    allocator of its own that keeps what is freed."""
    result = Growth()
    Path(f"/proc/{scp.pid}/clear_refs").write_text("5")  # forgets the highest point so far
    before, asked, high = resident(scp), reserved(scp), _field(scp, "status", "VmHWM")
    yield result
    if not SANITIZER:
        result.peak = _field(scp, "status", "VmHWM") - high
        result.left = resident(scp) - before
        result.reserved = reserved(scp) - asked


def settle(scp: Daemon, descriptors: int, within: float = 5) -> None:
    """Waits until its connections are gone."""
    assert wait_until(lambda: scp.descriptors() == descriptors, within), (
        f"{scp.descriptors() - descriptors} descriptors are left behind"
    )


def idle_milliseconds(scp: Daemon, seconds: float = 0.5) -> float:
    """How much processor time it takes in so many seconds of doing nothing.

    The scheduler's own count: that of /proc/PID/stat has steps of ten milliseconds.
    """

    def used() -> int:
        tasks = Path(f"/proc/{scp.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)

    before = used()
    time.sleep(seconds)
    return (used() - before) / 1e6


def is_idle(scp: Daemon, seconds: float = 0.5) -> bool:
    """Whether it has nothing to do in so many seconds; the runtime of a sanitizer always has a little."""
    return idle_milliseconds(scp, seconds) <= (20 * seconds if SANITIZER else 0)


def becomes_idle(scp: Daemon, below: float = 3) -> float:
    """How many milliseconds of processor time it takes in half a second, once what was left to do,
    such as lines of the log, is done."""
    for _ in range(10):
        spent = idle_milliseconds(scp)
        if spent < below:
            break
    return spent
