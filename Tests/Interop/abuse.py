"""A flood next to a good client: how it affects the client, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon import LIMITS, Daemon, limit_descriptors
from footprint import KIB, MIB, becomes_idle, resident, settle
from peer import PATIENCE, SLACK, Peer
from proposals import MODALITY
from replies import AssociateAC

ECHOES, ASSOCIATIONS = 200, 20
"""Operations of the good client per second, on schedule even if earlier ones are late or fail."""
SLOWEST = 20_000
"""An acceptable p99 in microseconds: that of a busy machine."""
LATEST = 5_000
"""If the p99 of `Service.lateness`, in microseconds, is higher than this, the machine is too busy for any
measurement: even an idle urgent process gets a processor too late."""
FLOODER = Path(__file__).with_name("flooder.py")
YARDSTICK = Path(__file__).with_name("yardstick.py")


def come_first() -> None:
    """For `preexec_fn`: raises the priority over other programs on this machine. Only root may do that."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -15)


@dataclass
class Service:
    """The service the good client got: the p99 in microseconds of its echoes and of its associations."""

    echoes: float
    associations: float
    is_complete: bool
    """Whether all operations that were due were done."""
    others: float
    """The number of processors that other programs kept busy meanwhile."""
    lateness: float
    """The p99 in microseconds of how long an urgent process waited for a processor."""

    @property
    def is_undisturbed(self) -> bool:
        """Whether only the program under test can be responsible for slow operations."""
        return self.others <= MOST_OF_OTHERS and self.lateness <= LATEST

    @property
    def disturbance(self) -> str:
        late = f"an urgent process was {self.lateness / 1000:.1f} ms late"
        return f"other programs kept {self.others:.1f} processors busy, and {late}"

    def is_good(self, alone: Service) -> bool:
        return self.is_complete and (
            self.echoes <= max(3 * alone.echoes, SLOWEST)
            and self.associations <= max(3 * alone.associations, SLOWEST)
        )

    def __str__(self) -> str:
        return f"echo {self.echoes / 1000:.2f} ms, association {self.associations / 1000:.2f} ms"


_TICKS = os.sysconf("SC_CLK_TCK")


def _busy_seconds() -> float:
    """The busy time of all processors together: user, nice, system, and steal (taken by a host)."""
    fields = Path("/proc/stat").read_text().split(maxsplit=9)
    return sum(int(fields[column]) for column in (1, 2, 3, 8)) / _TICKS


def _seconds_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _bench(scp: Daemon, seconds: float, *arguments: str) -> subprocess.Popen[str]:
    timing = ["--duration", str(seconds), "--warm-up", "0.2", "--clients", "4", "--sources", "4"]
    return subprocess.Popen(
        [os.environ["ECHOBENCH"], *arguments, *timing, "--json", scp.host, str(scp.port)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=come_first,
    )  # fmt: skip


@contextmanager
def yardstick() -> Iterator[Callable[[], float]]:
    """Runs the yardstick next to a measurement; the yielded function ends it and returns its p99 in
    microseconds."""
    process = subprocess.Popen(
        [sys.executable, str(YARDSTICK)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=come_first,
    )  # fmt: skip
    try:
        yield lambda: float(process.communicate(timeout=PATIENCE)[0])
    finally:
        process.kill()
        process.wait()


HALF, PAUSE = len(MODALITY) // 2, 0.05
"""The offset at which a request is cut, and the seconds between its two pieces."""


class SlowLine:
    """Another good client during the block: it sends each request in two pieces and checks every answer."""

    def __init__(self, port: int) -> None:
        self._port, self._end = port, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._problem: BaseException | None = None
        self._served = 0

    def __enter__(self) -> SlowLine:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(2 * PATIENCE)

    def check(self) -> None:
        """Fails if anything went wrong or no request was served."""
        assert not self._problem, f"request {self._served + 1} in two pieces: {self._problem!r}"
        assert self._served > 0

    def _run(self) -> None:
        try:
            while not self._end.is_set():
                with Peer(self._port, source="127.0.0.99") as peer:
                    peer.send(MODALITY[:HALF])
                    assert peer.silent_for(PAUSE), f"half of it is answered: {peer.receive()}"
                    peer.send(MODALITY[HALF:])
                    assert isinstance(reply := peer.receive(), AssociateAC), f"rejected: {reply}"
                    peer.echo()
                    peer.release()
                self._served += 1
        except (AssertionError, OSError) as problem:
            self._problem = problem


def serve_good_client(scp: Daemon, seconds: float, flooder: int | None = None) -> Service:
    """Runs all loads at once; none of their operations may fail. `flooder` runs meanwhile."""
    ours = [pid for pid in (scp.pid, os.getpid(), flooder) if pid]
    begin, busy = time.monotonic(), _busy_seconds() - sum(map(_seconds_of, ours))
    with yardstick() as measured, SlowLine(scp.port) as slow:
        running = [
            (ECHOES, _bench(scp, seconds, "echo", "--rate", str(ECHOES))),
            (ASSOCIATIONS, _bench(scp, seconds, "associate", "--rate", str(ASSOCIATIONS))),
        ]
        slowest, is_complete, own = [], True, 0.0
        try:
            for rate, process in running:
                output, remarks = process.communicate(timeout=seconds + 4 * PATIENCE)
                report = json.loads(output.splitlines()[-1])
                assert report["error_total"] == 0, f"{report} {remarks}"
                is_complete &= report["operations"] >= 0.9 * rate * seconds
                own += report["cpu_seconds"]
                slowest.append(report["latency_us"]["p99"])
        finally:
            for _, process in running:
                process.kill()
                process.wait()
        lateness = measured()
    slow.check()
    others = _busy_seconds() - sum(map(_seconds_of, ours)) - busy - own
    others = max(0.0, others / (time.monotonic() - begin))
    return Service(*slowest, is_complete, others, lateness)


class Flood:
    """A running flooder at full load."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.begin = self._line()
        self.done: dict[str, int] = {}
        """The counts it reports at its end."""

    def _line(self) -> dict[str, int]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the flooder has failed"
        found: dict[str, int] = json.loads(line)
        return found

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.wait()

    def wait(self) -> None:
        """Waits until it has made all the requested connections, or has been told to end."""
        if not self.done:
            self.done = self._line()
            assert self.process.wait(PATIENCE) == 0


@contextmanager
def flood(scp: Daemon, kind: str, clients: int, *count: str) -> Iterator[Flood]:
    """Floods during the block; afterwards `done` has the counts."""
    process = subprocess.Popen(
        [sys.executable, str(FLOODER), kind, str(scp.port), str(clients), *count],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        running = Flood(process)
        yield running
        running.end()
    finally:
        process.kill()
        process.wait()


ATTEMPTS = 6
"""Other programs on this machine may disturb single measurements, but a slow program under test is slow
in all of them: it fails if at least half of the attempts were undisturbed and none was good."""
MOST_OF_OTHERS = 0.5
"""If other programs keep more processors than this busy, a measurement does not show who was slow."""

FLOODS = {
    # Connections at once, and the least number to open in total for it to count as a flood.
    "silent": (4000, 4000),
    "dribble": (4000, 4000),
    "full": (1000, 2000),
    "reset": (1, 1000),
    "close": (1, 1000),
    "half": (2000, 2000),
    "largest": (50, 50),
    "unread": (100, 100),
    "garbage": (200, 1000),
}

FEW_DESCRIPTORS = {"full": 2000}
"""The program's limit of descriptors, for floods that depend on it."""


def left_behind(connections: int) -> int:
    """The bytes that may stay resident after this many connections at once.

    The table of connections keeps its size: for each a slot of 512 bytes, the peer's name, and the spare
    room of columns that double. The rest is memory that the allocator keeps between buffers, and the
    log's queues.
    """
    return 2 * MIB + 1 * KIB * connections


def enough_descriptors(count: int) -> None:
    if LIMITS[1] < 2 * count + 200:
        pytest.skip(f"the hard limit of descriptors is {LIMITS[1]}, for {count} connections")


def endure(echoscpd: Callable[..., Daemon], kind: str, seconds: float) -> None:
    """Runs a flood of this kind next to a good client and asserts everything that is promised."""
    clients, least = FLOODS[kind]
    enough_descriptors(clients)
    limit = FEW_DESCRIPTORS.get(kind, LIMITS[1])
    raise_limit = limit_descriptors(limit, limit)
    scp = echoscpd(before_exec=lambda: (raise_limit(), come_first()))
    alone = serve_good_client(scp, 1)
    descriptors, memory = scp.settled_descriptors(), resident(scp)

    with flood(scp, kind, clients) as running:
        tries: list[Service] = []
        while len(tries) < ATTEMPTS and not (tries and tries[-1].is_good(alone)):
            tries.append(serve_good_client(scp, seconds, running.process.pid))
    service = tries[-1]
    done = running.done
    settle(scp, descriptors, within=2 + SLACK)
    idle = becomes_idle(scp)
    left = resident(scp) - memory

    print(f"{done['opened']} connections, {done['most'] or 1} at once, {done['sent'] // KIB} KiB")
    print(f"p99 alone: {alone}; in the flood: {service}; {service.disturbance}")
    print(f"afterwards {left // KIB:+} KiB resident, {idle:.2f} ms of CPU in half a second")
    assert done["opened"] >= least and done["refused"] == 0, done
    assert left <= left_behind(done["most"]), f"{left} bytes stay resident"
    assert idle < 3, f"{idle} ms of CPU in half a second of nothing"
    scp.check()
    if not service.is_good(alone):
        judged = [one for one in tries if one.is_undisturbed]
        if len(judged) < ATTEMPTS // 2:
            pytest.skip(f"this machine is too busy for a measurement: {service.disturbance}")
        raise AssertionError(f"{', '.join(map(str, judged))}; and alone {alone}")
