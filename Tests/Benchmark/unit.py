"""echoscpd as it is installed: under its unit, in a Debian that is booted for it.

What the unit's filters of system calls cost is the difference between a turn with and one without.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from figures import UNIT, UNIT_UNFILTERED, UNIT_WITHOUT_OWN
from host import Cores
from machine import Machine, Obstacle, booted
from packages import CURRENT, provide
from running import Trouble, cpu_seconds, greet
from servers import HERE, Server

SUITE = "bookworm"
PORT = 11112
DROP_IN = "/etc/systemd/system/echoscpd.service.d/bench.conf"
LIBRARY = "/usr/local/lib/no_filter.so"

WITHOUT_OWN = f"Environment=LD_PRELOAD={LIBRARY}\n"
# Each of these is a filter. DynamicUser= means RestrictSUIDSGID=, which is one, too.
UNFILTERED = """\
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


@dataclass(frozen=True, kw_only=True)
class Unit(Server):
    """The service, with some settings of its own."""

    settings: str = ""
    is_filtered: bool = True


UNITS = [
    Unit(UNIT, "the unit", "as installed, log-level info, to a journal"),
    Unit(
        UNIT_WITHOUT_OWN,
        "the unit, without the daemon's own filter",
        "it finds a kernel that has none (Tests/Benchmark/no_filter.c)",
        settings=WITHOUT_OWN,
    ),
    Unit(
        UNIT_UNFILTERED,
        "the unit, without any filter",
        "and without all settings of systemd that make filters",
        settings=WITHOUT_OWN + UNFILTERED,
        is_filtered=False,
    ),
]


class RunningUnit:
    """`with RunningUnit(machine, unit, cores) as it:` starts the service, which listens then."""

    port = PORT
    lines = None

    def __init__(self, machine: Machine, unit: Unit, cores: Cores) -> None:
        self._machine, self._unit = machine, unit
        pinned = " ".join(map(str, sorted(cores.server)))
        self._settings = (
            "[Unit]\nStartLimitIntervalSec=0\n"
            f"[Service]\nCPUAffinity={pinned}\n{unit.settings}"
        )

    def __enter__(self) -> RunningUnit:
        try:
            self._machine.write(DROP_IN, self._settings)
            self._machine.systemctl("daemon-reload")
            self._machine.systemctl("restart", "echoscpd.socket", "echoscpd.service")
        except AssertionError as problem:
            raise Trouble(f"does not start: {problem}") from problem
        greet(PORT)
        self._process = self._machine.pid()
        if self._filters() != self._unit.is_filtered:
            raise Trouble("filtered" if self._filters() else "not filtered")
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.systemctl("stop", "echoscpd.socket", "echoscpd.service", check=False)

    def _filters(self) -> bool:
        """Whether its system calls are looked at, by whomever."""
        status = Path(f"/proc/{self._process}/status").read_text().splitlines()
        return next(x for x in status if x.startswith("Seccomp:")).split()[1] != "0"

    def cpu_seconds(self) -> float:
        return cpu_seconds(self._process)


@contextmanager
def installed(compiler: str) -> Iterator[Machine]:
    """A machine that has the package, whose network this thread has meanwhile."""
    with tempfile.TemporaryDirectory(prefix="echoscpd-benchmark-") as folder:
        place, scratch = Path(folder) / "debs", Path(folder) / "scratch"
        place.mkdir()
        scratch.mkdir()
        if not list(HERE.parents[1].glob(".build-deb/echoscpd_*.deb")):
            raise Obstacle("the package is not built (make deb)")
        provide(place, scratch)
        subprocess.run(
            [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
             "-o", str(place / "no_filter.so"), str(HERE / "no_filter.c")],
            check=True, timeout=60,
        )  # fmt: skip
        # Else systemd-nspawn filters the system calls of all that it boots.
        with booted(SUITE, place, Path(folder) / "log", {"SYSTEMD_SECCOMP": "0"}) as machine:
            machine.run("apt-get", "install", "--yes", f"/debs/{CURRENT}")
            machine.run("cp", "/debs/no_filter.so", LIBRARY)
            yield machine
