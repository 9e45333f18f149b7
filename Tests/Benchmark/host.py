"""The machine of the benchmark: the assignment of cores, and a description for readers."""

from __future__ import annotations

import os
import platform
import re
import resource
import shutil
import subprocess
import time
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

HARD_LIMIT = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
"""The hard limit of descriptors per process on this machine."""

_CPUS = Path("/sys/devices/system/cpu")


def _text(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except OSError:
        return None


@dataclass(frozen=True)
class Cores:
    """The cores of each process. Empty sets mean no pinning: there is only one core."""

    server: frozenset[int]
    client: frozenset[int]
    """The cores of the load generator and of this program."""
    reader: frozenset[int]
    """The cores of the log's reader."""
    for_two: frozenset[int]
    """The cores of a server with two workers."""

    @classmethod
    def found(cls) -> Cores:
        """Chooses different cores, not two hardware threads of one."""
        usable = sorted(os.sched_getaffinity(0))
        apart: list[int] = []
        taken: set[str] = set()
        for cpu in usable:
            siblings = _text(_CPUS / f"cpu{cpu}/topology/thread_siblings_list") or str(cpu)
            if siblings not in taken:
                taken.add(siblings)
                apart.append(cpu)
        if len(apart) < 2:
            # Two hardware threads of one core are still better than a single one.
            apart = usable
        if len(apart) < 2:
            return cls(frozenset(), frozenset(), frozenset(), frozenset())
        client, server = apart[0], apart[-1]
        reader = apart[1] if len(apart) > 2 else client
        return cls(
            frozenset({server}), frozenset({client}), frozenset({reader}), frozenset(apart[1:][-2:])
        )

    def for_two_workers(self) -> Cores:
        """The same cores with one for each of two workers, if there are enough besides the load's."""
        return replace(self, server=self.for_two)

    def __str__(self) -> str:
        if not self.server:
            return "only one CPU: no pinning, and the figures mean little"
        server, client, reader = (next(iter(x)) for x in (self.server, self.client, self.reader))
        beside = "the load's" if reader == client else f"CPU {reader}"
        return (
            f"server on CPU {server}, load on CPU {client}, log reader on {beside}; "
            f"two workers on {' and '.join(map(str, sorted(self.for_two)))}"
        )


def seconds_in_use(cores: frozenset[int]) -> float:
    """The busy seconds of these cores since the machine started, for any process; time taken by the hypervisor
    counts, too."""
    in_all = 0
    for line in Path("/proc/stat").read_text().splitlines():
        name, *fields = line.split()
        if name.removeprefix("cpu").isdecimal() and int(name.removeprefix("cpu")) in cores:
            user, nice, system, _idle, _io, interrupts, soft, stolen = map(int, fields[:8])
            in_all += user + nice + system + interrupts + soft + stolen
    return in_all / os.sysconf("SC_CLK_TCK")


def _first_line(*command: str) -> str | None:
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    lines = done.stdout.splitlines()
    return lines[0].strip() if done.returncode == 0 and lines else None


def _processor() -> str:
    text = _text(Path("/proc/cpuinfo")) or ""
    names = [x.partition(":")[2].strip() for x in text.splitlines() if x.startswith("model name")]
    # This flag is set for guests of a hypervisor.
    return (names or [platform.machine()])[0] + (
        " (virtual machine)" if re.search(r"^flags\b.*\bhypervisor\b", text, re.MULTILINE) else ""
    )


def _system() -> str:
    release = platform.freedesktop_os_release()
    version = _text(Path("/etc/debian_version"))
    name = release.get("PRETTY_NAME", "Linux")
    return f"{name}, {version}" if version and release.get("ID") == "debian" else name


def _package(name: str) -> str:
    return _first_line("dpkg-query", "--show", "--showformat=${Version}", name) or "not known"


def _python_package(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def description(daemon: Path, compiler: str, cores: Cores) -> dict[str, str]:
    """The facts that a reader needs to compare the figures with others."""
    governor = _text(_CPUS / "cpu0/cpufreq/scaling_governor")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "date": time.strftime("%Y-%m-%d"),
        "echoscpd": (_first_line(str(daemon), "--version") or "?").removeprefix("echoscpd "),
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} CPUs, "
        f"{memory / 2**30:.0f} GiB",
        "frequency governor": governor or "not known",
        "kernel": platform.release(),
        "system": _system(),
        "compiler of the limit": _first_line(compiler, "--version") or compiler,
        "OpenSSL": (_first_line("openssl", "version") or "not known").removeprefix("OpenSSL "),
        "DCMTK": _package("dcmtk"),
        "pynetdicom": f"{_python_package('pynetdicom')} on Python {platform.python_version()}",
        "pinned": str(cores),
        "load when it began": f"{os.getloadavg()[0]:.2f}",
    }
