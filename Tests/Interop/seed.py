"""pynetdicom's `echoscp`, whose place the daemon takes, as a child process.

It is started, watched and stopped as the daemon is, so that a test can treat both alike.
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
"""What `sys.executable` is given to run it."""

_QUIET = 0.012
"""Seconds in which no thread of a program may run before we believe that it has finished."""

_CROWDED = 7
"""The seed refuses an eleventh association, and counts those that never sent a request until
`-ta` expires; a few less leave room for the next."""


class Seed(Daemon):
    """One running `echoscp`, with the options that the daemon is given too."""

    PREFIX = [sys.executable, *SEED]
    GIVEN = ()

    def __init__(self, *options: str, directory: Path) -> None:
        bind = () if {"-ba", "--bind-address"} & set(options) else ("-ba", "127.0.0.1")
        program = Path(sys.executable)
        super().__init__(*SEED, *bind, *options, directory=directory, program=program)

    def make_room(self) -> None:
        assert wait_until(lambda: len(list(_threads(self.pid))) <= _CROWDED), f"{self} is crowded"

    def stop(self, number: int = signal.SIGTERM) -> list[str]:
        """Ends it. It knows no orderly end, so its exit status says nothing."""
        self.forget_peers()
        if self.status is None:
            self.send_signal(number)
            if self.wait(PATIENCE) is None:
                self.kill()
        return self.lines()


def _threads(pid: int) -> Iterator[tuple[str, int]]:
    """The state of each thread, and how often it has been off the processor."""
    for thread in os.listdir(f"/proc/{pid}/task"):
        # One that ends meanwhile is none any more.
        with suppress(FileNotFoundError, ProcessLookupError):
            text = Path(f"/proc/{pid}/task/{thread}/status").read_text()
            fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
            yield fields["State"][0], int(fields["voluntary_ctxt_switches"])


def settle(program: Daemon) -> None:
    """Waits until none of its threads has anything to do.

    A thread of the seed that still has an association wakes up every millisecond; one of the
    daemon runs when something has come. Then all that will be logged has been.
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
