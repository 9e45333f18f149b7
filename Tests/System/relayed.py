"""Associations through a load balancer, with what is needed to find out why one has failed, and what is done to the
nodes meanwhile."""

from __future__ import annotations

import itertools
import os
import signal
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from balanced import BALANCER, CLIENTS, HAPROXY, PLAIN, UNITS, Connection, Site
from load import Load
from machine import wait_for
from packages import CURRENT, LATER
from peer import Peer
from test_upgrade import install


@dataclass(frozen=True)
class Failure:
    """An association that failed."""

    address: str
    port: int
    """The port of the client, by which the balancer's log names its connection; 0 if it never was connected."""
    began: float
    ended: float
    reason: str

    def is_of(self, connection: Connection) -> bool:
        """Whether it is the end of this connection. A port is used again, but not at the same time."""
        is_ours = (connection.address, connection.port) == (self.address, self.port)
        return is_ours and connection.start < self.ended and connection.end > self.began


class Relayed(Load):
    """An association per turn, from one of the devices' addresses after the other. No turn tries anything again."""

    title = "MR1"
    count = 1
    """The echoes of an association."""
    interval = 0.0
    """The seconds between two of them."""

    def __init__(
        self, threads: int, rate: float, contexts: Mapping[int, ssl.SSLContext | None] | None = None
    ) -> None:
        """`contexts` has the ports to take in turn, each with what a client needs if that is for TLS."""
        super().__init__(threads, rate)
        self._contexts = itertools.cycle((contexts or {PLAIN: None}).items())
        self.failed: list[Failure] = []
        self.echoes = 0
        self.longest = 0.0
        """The longest time in seconds until an answer came."""
        self._clients = itertools.cycle(CLIENTS)
        self._lock = threading.Lock()

    def turn(self) -> None:
        with self._lock:
            client, (port, context) = next(self._clients), next(self._contexts)
        began, own = time.time(), 0
        try:
            with Peer(port, BALANCER, source=client) as peer:
                own = peer.socket.getsockname()[1]
                if context:
                    peer.socket = context.wrap_socket(peer.socket)
                self._serve(peer)
        except Exception as problem:
            with self._lock:
                self.failed.append(Failure(client, own, began, time.time(), repr(problem)))
            raise

    def _serve(self, peer: Peer) -> None:
        times = [time.monotonic()]
        peer.associate(called="ECHOSCP", calling=self.title)
        times.append(time.monotonic())
        for number in range(self.count):
            time.sleep(self.interval)
            begin = time.monotonic()
            peer.echo(number)
            times.append(time.monotonic() - begin)
        peer.release()
        with self._lock:
            self.echoes += self.count
            self.longest = max(self.longest, times[1] - times[0], *times[2:])


class Visits(Relayed):
    """Short associations."""

    count = 2


class Lasting(Relayed):
    """Associations of some seconds, which never are idle for long."""

    title = "ARCHIVE"
    count, interval = 35, 0.1


@dataclass(frozen=True)
class Kill:
    """When the process of a node was killed, at the earliest and at the latest."""

    before: float
    after: float
    sessions: int
    """The number of connections that the balancer had open to the node just before."""

    def hits(self, start: float, end: float) -> bool:
        """Whether an association with these times may have been open."""
        return start <= self.after and end >= self.before


def kill(site: Site, node: str) -> Kill:
    """Kills the process of a node, which systemd starts again."""
    pid = site.machine.pid(UNITS[node])
    sessions = sum(nodes[node].sessions for nodes in site.all_servers().values())
    before = time.time()
    os.kill(pid, signal.SIGKILL)
    done = Kill(before, time.time(), sessions)
    wait_for(lambda: site.machine.pid(UNITS[node]) not in (0, pid), 5, f"{node} is not started again")
    return done


def replace_nodes(site: Site, report: list[str]) -> dict[str, Kill]:
    """Drains, kills, upgrades and closes nodes in turn; returns the kills."""
    begun = time.monotonic()

    def note(text: str) -> None:
        report.append(f"{time.monotonic() - begun:4.1f} s: {text}")

    machine = site.machine
    time.sleep(3)
    note("drain node1")
    site.drain("node1")
    note("node1 is empty: upgrade it")
    install(machine, LATER)
    machine.run("echoscpd", "--probe")
    site.ready("node1")
    time.sleep(4)
    kills = {}
    for node in "node2", "node1":
        kills[node] = kill(site, node)
        note(f"killed {node}, with {kills[node].sessions} associations")
        time.sleep(6)
    note("drain node2")
    site.drain("node2")
    note("node2 is empty: close its ports, and take it back nevertheless")
    machine.systemctl("stop", *site.sockets("node2"))
    site.ready("node2")
    time.sleep(2)
    moved = sum(nodes["node2"].moved for nodes in site.all_servers().values())
    assert moved
    note(f"{moved} connections went to node1 because node2 refused them; open its ports")
    machine.systemctl("start", *site.sockets("node2"))
    site.wait_until_up()
    note("node2 is up")
    time.sleep(2)
    note("upgrade node1 without a drain")
    install(machine, CURRENT)
    time.sleep(2)
    # node2 has no package of its own: what an upgrade does to connections is the restart.
    note("restart node2 without a drain")
    machine.systemctl("restart", UNITS["node2"])
    time.sleep(2)
    note("reload HAProxy")
    machine.systemctl("reload", HAPROXY)
    time.sleep(max(3.0, 60 - (time.monotonic() - begun)))
    note("the end")
    return kills
