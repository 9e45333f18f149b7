"""echoscpd as installed: under its unit, in a freshly booted Debian.

The system call filters cost less than a machine's speed varies from one second to the next, so the services
with and without them run at the same time on one core.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from client import Client
from figures import UNIT, UNIT_UNFILTERED, UNIT_WITHOUT_OWN, Measured
from host import Cores
from machine import Machine, Obstacle, booted
from packages import CURRENT, provide
from peer import Peer
from running import Trouble, cpu_seconds
from servers import HERE

SUITE = "bookworm"
FIRST_PORT = 11113
"""The installed socket uses the port before."""
LIBRARY = "/usr/local/lib/no_filter.so"

_WITHOUT_OWN = f"Environment=LD_PRELOAD={LIBRARY}\n"
# Each of these settings adds a filter. DynamicUser= implies RestrictSUIDSGID=, which does, too.
_UNFILTERED = """\
DynamicUser=no
User=nobody
SystemCallFilter=
SystemCallArchitectures=
RestrictAddressFamilies=
RestrictNamespaces=no
RestrictRealtime=no
RestrictSUIDSGID=no
MemoryDenyWriteExecute=no
LockPersonality=no
PrivateDevices=no
ProtectClock=no
ProtectHostname=no
ProtectKernelLogs=no
ProtectKernelModules=no
ProtectKernelTunables=no
"""


@dataclass(frozen=True)
class Unit:
    """A variant of the service, with its own settings."""

    key: str
    name: str
    about: str
    settings: str = ""
    is_filtered: bool = True


UNITS = [
    Unit(UNIT, "the unit", "as installed, log-level info, to a journal"),
    Unit(
        UNIT_WITHOUT_OWN,
        "the unit, without the daemon's own filter",
        "it finds a kernel that has none (Tests/Benchmark/no_filter.c)",
        _WITHOUT_OWN,
    ),
    Unit(
        UNIT_UNFILTERED,
        "the unit, without any filter",
        "without those that systemd makes of its settings, either",
        _WITHOUT_OWN + _UNFILTERED,
        is_filtered=False,
    ),
]


class Services:
    """`with Services(compiler, cores) as services:` boots a machine with all three."""

    def __init__(self, compiler: str, cores: Cores) -> None:
        self._compiler, self._cores = compiler, cores
        self._stack = ExitStack()

    def __enter__(self) -> Services:
        with self._stack:
            self._machine = self._boot()
            self._processes = [
                self._begin(unit, port) for port, unit in enumerate(UNITS, FIRST_PORT)
            ]
            self._load = self._stack.enter_context(ThreadPoolExecutor(len(UNITS)))
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _boot(self) -> Machine:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="echoscpd-")))
        if not list(HERE.parents[1].glob(".build-deb/echoscpd_*.deb")):
            raise Obstacle("the package is not built (make deb)")
        place, scratch = folder / "debs", folder / "scratch"
        place.mkdir()
        scratch.mkdir()
        provide(place, scratch)
        library = place / "no_filter.so"
        subprocess.run(
            [self._compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
             "-o", str(library), str(HERE / "no_filter.c")],
            check=True, timeout=60,
        )  # fmt: skip
        # Otherwise systemd-nspawn filters the system calls of the whole container.
        machine = self._stack.enter_context(
            booted(SUITE, place, folder / "log", {"SYSTEMD_SECCOMP": "0"})
        )
        machine.run("apt-get", "install", "--yes", f"/debs/{CURRENT}")
        machine.run("cp", f"/debs/{library.name}", LIBRARY)
        return machine

    def _begin(self, unit: Unit, port: int) -> int:
        """Starts a copy of the service that listens on `port`, and returns its process ID."""
        name, machine = f"bench-{unit.key}", self._machine
        cores = " ".join(map(str, sorted(self._cores.server)))
        for kind, settings in {
            "socket": f"[Socket]\nListenStream=\nListenStream={port}\n",
            "service": f"[Service]\nCPUAffinity={cores}\nRuntimeDirectory={name}\n{unit.settings}",
        }.items():
            installed = machine.systemctl("show", "-P", "FragmentPath", f"echoscpd.{kind}")
            machine.run("cp", installed, f"/etc/systemd/system/{name}.{kind}")
            machine.write(f"/etc/systemd/system/{name}.{kind}.d/bench.conf", settings)
        machine.systemctl("daemon-reload")
        machine.systemctl("start", f"{name}.socket")
        with Peer(port) as peer:
            peer.associate()
            peer.echo()
            peer.release()
        process = machine.pid(f"{name}.service")
        status = Path(f"/proc/{process}/status").read_text().splitlines()
        filters = next(x for x in status if x.startswith("Seccomp:")).split()[1]
        if (filters != "0") != unit.is_filtered:
            raise Trouble(f"{unit.name}: Seccomp is {filters}")
        return process

    def turn(
        self, client: Client, mode: str, clients: int, number: int, *, seconds: float,
        warm_up: float,
    ) -> list[Measured]:  # fmt: skip
        """Runs a load on each of them, all at the same time."""
        before, begin = list(map(cpu_seconds, self._processes)), time.monotonic()
        loads = {}
        # A different one starts first in each round.
        for index in sorted(range(len(UNITS)), key=lambda x: (x + number) % len(UNITS)):
            loads[index] = self._load.submit(
                client.run, mode, FIRST_PORT + index, clients=clients, seconds=seconds,
                warm_up=warm_up, patience=5.0,
            )  # fmt: skip
        reports = [loads[index].result() for index in range(len(UNITS))]
        passed = time.monotonic() - begin
        spent = [now - then for now, then in zip(map(cpu_seconds, self._processes), before)]
        return [
            Measured(
                unit.key, mode, clients, number,
                rate=report["operations_per_second"],
                cpu=own / report["operations_in_all"] if report["operations_in_all"] else None,
                busy=own / passed,
                client_busy=report["cpu_seconds"] / passed,
                errors=report["errors"],
            )
            for unit, report, own in zip(UNITS, reports, spent, strict=True)
        ]  # fmt: skip
