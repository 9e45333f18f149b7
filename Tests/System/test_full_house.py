"""All places taken, under the installed unit: a peer harms only itself.

The crowd has a few addresses and runs in a separate process. Meanwhile, other peers come from many addresses,
and every one must be served: none may be refused, reset, rejected or left without an answer.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from abuse import FLOODER, Flood
from daemon import LIMITS, echo
from footprint import KIB, MIB
from kernel import kernel_memory
from load import Load
from machine import SERVICE, Machine
from packages import CURRENT, LATER
from peer import Peer
from places import Places
from replies import AssociateAC, EndOfStream
from test_upgrade import install
from wire import TRANSFER_SYNTAXES, associate_rq, context, usual_items

CROWD = Path(__file__).with_name("crowd.py")
FILE = "/etc/echoscp.conf.d/test.conf"
ATTACKERS = 4
"""The number of addresses of the crowd that takes every place."""
OTHERS = 64
"""More places than all other peers together ever have."""
MOST_WITHOUT_NOTICE = 5
"""The longest time in seconds without a watchdog notification: half of WatchdogSec."""
CONNECTION = 4 * KIB
"""The kernel memory of a silent connection: socket, inode, file, name, and an epoll entry."""


def request(contexts: int, syntaxes: int) -> bytes:
    """A request with `contexts` contexts, each with `syntaxes` transfer syntaxes."""
    proposed = TRANSFER_SYNTAXES[:syntaxes]
    return associate_rq(
        *usual_items(*(context(1 + 2 * number, syntaxes=proposed) for number in range(contexts)))
    )


DEVICE = re.compile(r"127\.(0|1\d\d)\.")
"""The beginning of the addresses of devices."""


class Device(Load):
    """An association with an echo, from another address each time."""

    def __init__(self, threads: int, pause: float, *pieces: bytes) -> None:
        """Sends the request in two pieces with a pause between them; the first may be empty."""
        super().__init__(threads, rate=10)
        self.pauses = pause
        self._pieces = pieces

    def turn(self) -> None:
        source = f"127.{random.randint(100, 199)}.{random.randrange(256)}.{random.randint(1, 254)}"
        with Peer(self.port, source=source) as peer:
            peer.send(self._pieces[0])
            time.sleep(self.pauses)
            peer.send(self._pieces[1])
            reply = peer.receive()
            if not isinstance(reply, AssociateAC):
                raise AssertionError(f"expected an A-ASSOCIATE-AC, got {reply}")
            peer.echo()
            peer.release()


def devices(slowest: float = 1.5) -> dict[str, Load]:
    """The peers that must be served, by the way their requests arrive."""
    usual, longest = request(contexts=15, syntaxes=4), request(contexts=128, syntaxes=15)
    return {
        "in one piece": Load(threads=2, rate=20),
        "in two pieces": Device(6, 0.2, usual[:1000], usual[1000:]),
        "in two long pieces": Device(2, 0.2, longest[:20_000], longest[20_000:]),
        f"{slowest} s late": Device(4, slowest, b"", usual),
    }


def answered(
    machine: Machine, loads: dict[str, Load], since: Sequence[int] = (0, 0, 0, 0)
) -> str:
    """A summary of the loads' results; a peer that was not served fails the test."""
    if any(+load.failures for load in loads.values()):
        for record in machine.journal("SYSLOG_IDENTIFIER=echoscpd"):
            if "ECHOSCP_CAUSE" in record and DEVICE.match(record.get("DICOM_PEER_ADDRESS", "")):
                print(record["__REALTIME_TIMESTAMP"], record["MESSAGE"])
    for (name, load), begin in zip(loads.items(), since, strict=True):
        assert not +load.failures, f"{name}: {len(load.seconds)} answered, but {load.failures}"
        assert len(load.seconds) > begin, f"{name}: no peer is answered"
    told = [f"{len(load.seconds)} {name} (longest wait {1000 * max(load.seconds):.0f} ms)"
            for name, load in loads.items()]  # fmt: skip
    return f"all answered: {', '.join(told)}"


@contextmanager
def crowd(kind: str, *numbers: int) -> Iterator[Flood]:
    """Runs a crowd during the block; afterwards `done` has its counts."""
    with subprocess.Popen(
        [sys.executable, str(CROWD), kind, "11112", *map(str, numbers)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(FLOODER.parent)},
    ) as process:  # fmt: skip
        try:
            running = Flood(process)
            yield running
            running.end()
        finally:
            process.kill()


@contextmanager
def full_house(places: Places, loads: dict[str, Load]) -> Iterator[Flood]:
    """Takes every place and keeps making more connections, while the other peers come all the time."""
    with ExitStack() as stack:
        for load in loads.values():
            stack.enter_context(load)
        begin = time.monotonic()
        house = stack.enter_context(
            crowd("house", ATTACKERS, places.connections, places.associations)
        )
        associations = house.begin["associations"]
        print(f"after {time.monotonic() - begin:.1f} s {ATTACKERS} addresses have {associations} "
              f"of {places.associations} associations, and {house.begin['open'] - associations} of "
              f"{places.pending} connections without one")  # fmt: skip
        assert associations > places.associations - OTHERS
        yield house


@pytest.fixture
def places(machine: Machine) -> Places:
    """The number of places under the installed unit."""
    workers = min(4, len(os.sched_getaffinity(0)))
    places = Places(int(machine.show("LimitNOFILE")), workers)
    if LIMITS[1] < places.connections + 1000:
        pytest.skip(f"the hard limit of descriptors is {LIMITS[1]}, for {places.connections}")
    return places


class Watch:
    """Monitors the running daemon."""

    def __init__(self, machine: Machine) -> None:
        echo(11112)
        self._machine = machine
        self.pid = machine.pid()
        self._before = self._memory()
        self.longest_without_notice = 0.0
        """The greatest age of the last watchdog notification, in seconds."""
        self.descriptors = 0
        self.growth = 0
        """The greatest growth of its memory, in bytes."""

    def _memory(self) -> int:
        """The memory of the unit as systemd accounts it, or an estimate where there is no memory controller."""
        told = self._machine.show("MemoryCurrent")
        if told.isdecimal():
            return int(told)
        status = Path(f"/proc/{self.pid}/status").read_text()
        own = re.search(r"^RssAnon:\s+(\d+) kB", status, re.MULTILINE)
        assert own, status
        kernel = kernel_memory(11112) + CONNECTION * len(os.listdir(f"/proc/{self.pid}/fd"))
        return KIB * int(own[1]) + kernel

    def look(self, seconds: float) -> None:
        """Checks repeatedly that it notifies the watchdog often enough."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            notice = int(self._machine.show("WatchdogTimestampMonotonic")) / 1e6
            age = time.monotonic() - notice
            assert age < MOST_WITHOUT_NOTICE, f"no watchdog notification for {age:.1f} s"
            self.longest_without_notice = max(self.longest_without_notice, age)
            self.descriptors = max(self.descriptors, len(os.listdir(f"/proc/{self.pid}/fd")))
            self.growth = max(self.growth, self._memory() - self._before)
            time.sleep(0.2)

    def is_well(self, most: int) -> None:
        """Asserts that it is still the same process and took at most this much more memory."""
        state = {name: self._machine.show(name) for name in ("NRestarts", "Result", "ActiveState")}
        limit = int(self._machine.show("MemoryMax"))
        print(f"{state}, at most {self.longest_without_notice:.1f} s between two watchdog "
              f"notifications; at most {self.growth / MIB:.1f} MiB more than the "
              f"{self._before / MIB:.1f} before, limit {limit // MIB}")  # fmt: skip
        assert state == {"NRestarts": "0", "Result": "success", "ActiveState": "active"}
        assert self._machine.pid() == self.pid
        assert self.growth < most and self._before + self.growth < limit


def denied(source: str) -> bool:
    """Whether a connection from this address is closed unread."""
    try:
        with Peer(11112, source=source) as peer:
            return isinstance(peer.receive(), EndOfStream)
    except ConnectionResetError:
        return True


def test_a_full_house_is_open_to_others(machine: Machine, places: Places) -> None:
    """Neither other peers nor systemd notice the crowd; a reload that denies its addresses ends it."""
    watch = Watch(machine)
    loads = devices()
    sources = [f"127.1.{number}.1" for number in range(ATTACKERS)]
    with full_house(places, loads) as house:
        watch.look(6)
        status = machine.systemctl("status", SERVICE)
        (line,) = [line.strip() for line in status.splitlines() if "Status:" in line]
        print(f"{line}; {watch.descriptors} descriptors")
        count = re.search(r"serving since .*: (\d+) associations? open", line)
        assert count and int(count[1]) > places.associations - OTHERS, line
        assert watch.descriptors > places.connections - OTHERS
        machine.write(FILE, f"[access]\ndeny-addresses = {', '.join(sources)}\n")
        begin = time.monotonic()
        machine.systemctl("reload", SERVICE)
        print(f"reloaded in {(time.monotonic() - begin) * 1000:.0f} ms")
        assert all(map(denied, sources))
        since = [len(load.seconds) for load in loads.values()]
        watch.look(2)
        # Only this cause: the crowd never stops making records.
        evicted = machine.journal("ECHOSCP_CAUSE=association-evicted")
    print(f"the crowd made {house.done['opened']} connections and {house.done['answered']} echoes")
    print(answered(machine, loads, since))
    addresses = {record["DICOM_PEER_ADDRESS"] for record in evicted}
    print(f"{len(evicted)} records of associations that made room, of {sorted(addresses)}: "
          f"{evicted[0]['MESSAGE'] if evicted else None}")  # fmt: skip
    assert addresses and addresses <= set(sources)
    assert house.done["opened"] > 2 * places.connections and house.done["answered"] > 1000
    watch.is_well(most=2 * CONNECTION * places.connections)


def test_an_upgrade_of_a_full_house(machine: Machine, places: Places) -> None:
    """No connection is refused, and the new daemon also serves all other peers."""
    echo(11112)
    pid = machine.pid()
    # A stopping service ends peers that are silent for a second, and these threads may be late.
    loads = devices(slowest=0.2)
    try:
        with full_house(places, loads):
            time.sleep(1)
            begin = time.monotonic()
            version = install(machine, LATER)
            passed = time.monotonic() - begin
            since = [len(load.seconds) for load in loads.values()]
            time.sleep(2)
            assert machine.pid() not in (0, pid)
        print(f"now {version}, after {passed:.1f} s; {answered(machine, loads, since)}")
        assert machine.show("NRestarts") == "0"
    finally:
        install(machine, CURRENT)


def test_peers_that_do_not_read_take_no_memory(machine: Machine) -> None:
    """450 peers at 60 addresses echo as fast as they can."""
    watch = Watch(machine)
    with ExitStack() as stack:
        loads = devices()
        for load in loads.values():
            stack.enter_context(load)
        stalled = stack.enter_context(crowd("stalled", 60, 450, 0))
        watch.look(4)
    done = stalled.done
    print(f"{done['opened']} came, {done['ended']} of them were closed, {done['open']} remained")
    watch.is_well(most=40 * MIB)
    print(answered(machine, loads))
    assert stalled.begin["opened"] == 450 and done["refused"] == 0


@pytest.mark.parametrize(
    ("count", "length"), [(500, 256 * KIB), (125, MIB)], ids=["256 KiB", "1 MiB"]
)
def test_requests_that_never_end(machine: Machine, count: int, length: int) -> None:
    """They come from one address and together exceed the memory; the requests of others, each in two pieces,
    must still get some."""
    watch = Watch(machine)
    with ExitStack() as stack:
        almost = stack.enter_context(crowd("almost", 1, count, length))
        loads = devices()
        for load in loads.values():
            stack.enter_context(load)
        watch.look(4)
    done = almost.done
    print(f"{done['opened']} requests without their last byte, {done['turned_away']} rejected, "
          f"{done['ended']} closed, {done['open']} remained")  # fmt: skip
    watch.is_well(most=100 * MIB)
    print(answered(machine, loads))
