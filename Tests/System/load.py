"""Clients that keep connecting or echoing until they are stopped, and their results."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from daemon import echo
from machine import Machine
from peer import Peer
from replies import ABORTED, CLOSED, RESET

LONGEST_WAIT = 2.0
"""The longest time in seconds that an upgrade may keep a client waiting."""


def _reason(problem: Exception) -> str:
    """The reason why a turn failed, in a word or two."""
    match problem:
        case ConnectionRefusedError():
            return "refused"
        case ConnectionResetError() | BrokenPipeError():
            return "reset"
        case AssertionError():
            # The message names what came instead of the expected answer.
            words = str(problem)
            known = {str(CLOSED): "closed", str(RESET): "reset", str(ABORTED): "aborted"}
            return next((known[name] for name in known if name in words), words)
    return f"{type(problem).__name__}: {problem}"


class Load:
    """Threads that repeat the same turn, each at most `rate` times a second."""

    pauses = 0.0
    """The seconds of each turn spent in deliberate pauses."""

    def __init__(self, threads: int, rate: float, port: int = 11112) -> None:
        self.port = port
        self.seconds: list[float] = []
        """The seconds that each successful turn waited for the other side."""
        self.failures: Counter[str] = Counter()
        self._interval = 1 / rate
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _run(self) -> None:
        try:
            self._repeat()
        finally:
            self.end()

    def _repeat(self) -> None:
        while not self._stop.is_set():
            begin = time.monotonic()
            try:
                self.turn()
                self.seconds.append(time.monotonic() - begin - self.pauses)
            except Exception as problem:
                self.failures[_reason(problem)] += 1
            left = begin + self._interval - time.monotonic()
            if left > 0:
                self._stop.wait(left)

    def turn(self) -> None:
        """An association with one echo, from connect to release."""
        with Peer(self.port) as peer:
            peer.associate()
            peer.echo()
            peer.release()

    def end(self) -> None:
        """Cleans up at the end of a thread."""

    def percentile(self, share: float, begin: int = 0, end: int | None = None) -> float:
        """The seconds within which this share of the turns from `begin` to `end` succeeded."""
        times = sorted(self.seconds[begin:end])
        assert times, "no turn succeeded"
        return times[min(len(times) - 1, int(share * len(times)))]


class Echoes(Load):
    """An association for each thread, and one echo per turn."""

    def __init__(self, threads: int, rate: float, port: int = 11112) -> None:
        super().__init__(threads, rate, port)
        self._own = threading.local()

    def turn(self) -> None:
        if not hasattr(self._own, "peer"):
            self._own.peer = Peer(self.port)
            self._own.peer.associate()
        self._own.peer.echo()

    def end(self) -> None:
        if hasattr(self._own, "peer"):
            self._own.peer.close()


class Unhurried(Load):
    """An association per turn, with pauses between the steps, as if made by a person."""

    pauses = 0.9

    def turn(self) -> None:
        with Peer(self.port) as peer:
            time.sleep(self.pauses / 3)
            peer.associate()
            time.sleep(self.pauses / 3)
            peer.echo()
            time.sleep(self.pauses / 3)
            peer.release()


def upgraded_under_load(machine: Machine, upgrade: Callable[[], str]) -> None:
    """Checks that `upgrade`, which returns the new version, refuses nobody and keeps nobody waiting for long;
    it aborts an association that is held open."""
    echo(11112)
    pid = machine.pid()
    with Peer(11112) as held:
        held.associate()
        time.sleep(1.2)
        with Load(threads=4, rate=100) as load, Unhurried(threads=8, rate=20) as unhurried:
            time.sleep(1)
            begin = len(load.seconds), len(unhurried.seconds)
            version = upgrade()
            end = held.receive()
            time.sleep(1)
    assert machine.pid() not in (0, pid)
    longest = max(load.seconds + unhurried.seconds)
    refused = load.failures["refused"] + unhurried.failures["refused"]
    failed = load.failures.total() + unhurried.failures.total()
    print(f"now {version}: {len(load.seconds)} quick and {len(unhurried.seconds)} unhurried clients "
          f"answered, {len(load.seconds) - begin[0]} and {len(unhurried.seconds) - begin[1]} of them "
          f"since it began; {refused} refused, {failed} failed")  # fmt: skip
    print(f"longest wait {longest * 1000:.0f} ms; the association that was held open: {end}")
    assert not +load.failures and not +unhurried.failures, (load.failures, unhurried.failures)
    assert len(load.seconds) - begin[0] > 50 and len(unhurried.seconds) - begin[1] >= 8
    assert longest <= LONGEST_WAIT
    assert end == ABORTED
