"""The resources that the program uses: memory, descriptors, processor time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon import SANITIZER, Daemon, wait_until

KIB, MIB = 1 << 10, 1 << 20


def _field(scp: Daemon, file: str, name: str) -> int:
    """A field in kilobytes of one of the program's files in /proc, in bytes."""
    text = Path(f"/proc/{scp.pid}/{file}").read_text()
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    assert found, text
    return KIB * int(found[1])


def resident(scp: Daemon) -> int:
    """The resident anonymous memory. smaps_rollup counts it page by page; status only estimates it."""
    return _field(scp, "smaps_rollup", "Anonymous")


def reserved(scp: Daemon) -> int:
    """The memory that it has requested, touched or not."""
    return _field(scp, "status", "VmData")


class Growth:
    """The growth of its memory in bytes, known once the block has ended."""

    peak = 0
    """The growth of resident memory at the highest point."""
    left = 0
    """The growth of resident memory that remains."""
    reserved = 0
    """The additional memory that it has requested and not returned."""


@contextmanager
def growth(scp: Daemon) -> Iterator[Growth]:
    """Measures the growth of memory during the block; always 0 under a sanitizer, whose own allocator keeps
    freed memory."""
    result = Growth()
    Path(f"/proc/{scp.pid}/clear_refs").write_text("5")  # resets the peak (VmHWM)
    before, asked, high = resident(scp), reserved(scp), _field(scp, "status", "VmHWM")
    yield result
    if not SANITIZER:
        result.peak = _field(scp, "status", "VmHWM") - high
        result.left = resident(scp) - before
        result.reserved = reserved(scp) - asked


def settle(scp: Daemon, descriptors: int, within: float = 5) -> None:
    """Waits until its connections are gone and it has this many descriptors again."""
    assert wait_until(lambda: scp.descriptors() == descriptors, within), (
        f"{scp.descriptors() - descriptors} descriptors leaked"
    )


def idle_milliseconds(scp: Daemon, seconds: float = 0.5) -> float:
    """The processor time it uses in this many seconds without any work.

    Read from the scheduler's own count: that of /proc/PID/stat has steps of ten milliseconds.
    """

    def used() -> int:
        tasks = Path(f"/proc/{scp.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)

    before = used()
    time.sleep(seconds)
    return (used() - before) / 1e6


def is_idle(scp: Daemon, seconds: float = 0.5) -> bool:
    """Whether it uses no processor time in this many seconds; the runtime of a sanitizer always uses a little."""
    return idle_milliseconds(scp, seconds) <= (20 * seconds if SANITIZER else 0)


def becomes_idle(scp: Daemon, below: float = 3) -> float:
    """The milliseconds of processor time it uses in half a second, once pending work such as lines of the
    log is done."""
    for _ in range(10):
        spent = idle_milliseconds(scp)
        if spent < below:
            break
    return spent
