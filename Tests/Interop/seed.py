"""pynetdicom's `echoscp`, which the daemon replaces ("the seed"), as a child process.

It has the interface of `Daemon`, so that a test can treat both alike.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from daemon import Daemon, wait_until
from peer import PATIENCE

SEED = ["-m", "pynetdicom", "echoscp"]
"""The arguments of `sys.executable` to run it."""

_QUIET = 0.012
"""A program counts as finished once none of its threads has run for this many seconds."""

_CROWDED = 7
"""The most threads at which the seed still has room. It refuses an eleventh association, and also counts
connections without a request until `-ta` expires."""


class Seed(Daemon):
    """One running `echoscp`, with the same options as the daemon."""

    PREFIX = [sys.executable, *SEED]
    GIVEN = ()

    def __init__(self, *options: str, directory: Path) -> None:
        bind = () if {"-ba", "--bind-address"} & set(options) else ("-ba", "127.0.0.1")
        program = Path(sys.executable)
        super().__init__(*SEED, *bind, *options, directory=directory, program=program)

    def make_room(self) -> None:
        assert wait_until(lambda: len(list(_threads(self.pid))) <= _CROWDED), f"{self} is crowded"

    def stop(self, number: int = signal.SIGTERM) -> list[str]:
        """Ends it. It has no orderly shutdown, so its exit status does not matter."""
        self.forget_peers()
        if self.status is None:
            self.send_signal(number)
            if self.wait(PATIENCE) is None:
                self.kill()
        return self.lines()


def _threads(pid: int) -> Iterator[tuple[str, int]]:
    """The state of each thread and the number of its voluntary context switches."""
    for thread in os.listdir(f"/proc/{pid}/task"):
        # A thread may end meanwhile.
        with suppress(FileNotFoundError, ProcessLookupError):
            text = Path(f"/proc/{pid}/task/{thread}/status").read_text()
            fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
            yield fields["State"][0], int(fields["voluntary_ctxt_switches"])


def settle(program: Daemon) -> None:
    """Waits until its threads are idle, so that everything is logged.

    A thread of the seed with an association wakes up every millisecond; one of the daemon only runs when
    something has arrived.
    """
    deadline = time.monotonic() + PATIENCE
    last, since = None, time.monotonic()
    while time.monotonic() < deadline:
        now = sorted(_threads(program.pid))
        if now != last or any(state in "RD" for state, _ in now):
            last, since = now, time.monotonic()
        elif time.monotonic() - since > _QUIET:
            return
        time.sleep(0.003)
    raise AssertionError(f"{program} does not come to rest")
