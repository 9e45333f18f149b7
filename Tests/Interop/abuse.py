"""A flood, and a good client beside it: what the client notices, and what is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from daemon import Daemon
from peer import PATIENCE

ECHOES, ASSOCIATIONS = 200, 20
"""What the good client does each second, on time whatever becomes of the ones before."""
SLOWEST = 20_000
"""A p99 that nobody complains of, in microseconds: that of a busy machine."""
FLOODER = Path(__file__).with_name("flooder.py")


def come_first() -> None:
    """For `preexec_fn`: other programs on this machine disturb less. Only root may ask for that."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -15)


@dataclass
class Service:
    """What the good client got: the p99 in microseconds of its echoes and of its associations."""

    echoes: float
    associations: float

    def __str__(self) -> str:
        return f"echo {self.echoes / 1000:.2f} ms, association {self.associations / 1000:.2f} ms"


def _bench(scp: Daemon, seconds: float, *arguments: str) -> subprocess.Popen[str]:
    timing = ["--duration", str(seconds), "--warm-up", "0.2", "--clients", "4", "--sources", "4"]
    return subprocess.Popen(
        [os.environ["ECHOBENCH"], *arguments, *timing, "--json", scp.host, str(scp.port)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=come_first,
    )  # fmt: skip


def serve_good_client(scp: Daemon, seconds: float) -> Service:
    """Both loads at once; not one of their operations may fail, or be left out."""
    running = [
        (ECHOES, _bench(scp, seconds, "echo", "--rate", str(ECHOES))),
        (ASSOCIATIONS, _bench(scp, seconds, "associate", "--rate", str(ASSOCIATIONS))),
    ]
    slowest = []
    try:
        for rate, process in running:
            output, remarks = process.communicate(timeout=seconds + 4 * PATIENCE)
            report = json.loads(output.splitlines()[-1])
            assert report["error_total"] == 0, f"{report} {remarks}"
            assert report["operations"] >= 0.9 * rate * seconds, f"not on time: {report}"
            slowest.append(report["latency_us"]["p99"])
    finally:
        for _, process in running:
            process.kill()
            process.wait()
    return Service(*slowest)


class Flood:
    """A running flooder, in full swing."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.begin = self._line()
        self.done: dict[str, int] = {}

    def _line(self) -> dict[str, int]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the flooder has failed"
        found: dict[str, int] = json.loads(line)
        return found

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.done = self._line()
        assert self.process.wait(PATIENCE) == 0


@contextmanager
def flood(scp: Daemon, kind: str, clients: int) -> Iterator[Flood]:
    """Goes on while the block does; afterwards `done` says what it did."""
    process = subprocess.Popen(
        [sys.executable, str(FLOODER), kind, str(scp.port), str(clients)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        running = Flood(process)
        yield running
        running.end()
    finally:
        process.kill()
        process.wait()
