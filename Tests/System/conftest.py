"""The machine that the tests share, and the package that is installed there."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from machine import Machine
from root import debian

SUITE = os.environ.get("SUITE", "bookworm")
REPOSITORY = Path(__file__).resolve().parents[2]
DRAIN = 2.0
"""Seconds that a stop or an upgrade may keep anybody waiting."""


def _obstacle() -> str | None:
    """Why these tests cannot run here."""
    if os.geteuid() != 0:
        return "only root can boot a container"
    for tool, package in ("systemd-nspawn", "systemd-container"), ("mmdebstrap", "mmdebstrap"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed (Debian package {package})"
    probe = subprocess.run(["unshare", "-mnp", "--fork", "true"], capture_output=True, check=False)
    if probe.returncode != 0:
        return f"this machine makes no namespaces: {probe.stderr.decode().strip()}"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What removes the package comes last; all tests share one machine.
    items.sort(key=lambda item: "removal" in item.nodeid)
    obstacle = _obstacle()
    if obstacle:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=obstacle))


def pytest_report_header() -> str:
    return f"suite: {SUITE}"


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, and the same one as a later version."""
    place = tmp_path_factory.mktemp("debs")
    (built,) = (REPOSITORY / ".build-deb").glob("echoscpd_*.deb")
    shutil.copy(built, place / "echoscpd.deb")
    contents = tmp_path_factory.mktemp("later") / "contents"
    subprocess.run(["dpkg-deb", "--raw-extract", built, contents], check=True)
    control = contents / "DEBIAN/control"
    lines = control.read_text().splitlines(keepends=True)
    control.write_text(
        "".join(
            f"{line.rstrip()}+later\n" if line.startswith("Version: ") else line for line in lines
        )
    )
    subprocess.run(
        ["dpkg-deb", "--build", "-Znone", contents, place / "later.deb"],
        check=True,
        capture_output=True,
    )
    return place


@pytest.fixture(scope="session")
def bare(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine without the package. The tests have its network."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    machine = Machine(debian(SUITE), packages, tmp_path_factory.mktemp("boot") / "log")
    try:
        machine.enter_network()
        yield machine
    finally:
        ctypes.CDLL(None).setns(home, 0)
        os.close(home)
        machine.stop()


@pytest.fixture(scope="session")
def files_before(bare: Machine) -> list[str]:
    return files(bare)


def files(machine: Machine) -> list[str]:
    """Every file there is, but for what the system and its package manager write by themselves."""
    return machine.shell(
        "find / -xdev \\( -path /proc -o -path /sys -o -path /tmp -o -path /var/log "
        "-o -path /var/cache -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /debs "
        "-o -path /var/lib/systemd/catalog -o -path /var/tmp \\) -prune -o -print"
    ).splitlines()


@pytest.fixture(scope="session")
def installed(bare: Machine, files_before: list[str]) -> Machine:
    """The machine with the package, as an administrator installs it."""
    assert files_before
    bare.run("apt-get", "install", "--yes", "/debs/echoscpd.deb")
    return bare


@pytest.fixture
def machine(installed: Machine, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """The machine with the package as it is when it has just been installed."""
    _reset(installed)
    begin = time.time()
    failed = request.session.testsfailed
    yield installed
    if request.session.testsfailed > failed:
        since = f"@{begin - 1:.3f}"
        print(installed.run("journalctl", "-b", "--since", since, check=False).stdout[-6000:])


def _reset(machine: Machine) -> None:
    machine.shell(
        "rm -rf /etc/systemd/system/echoscpd* /etc/echoscp.conf.d/*; systemctl daemon-reload;"
        "systemctl stop echoscpd.socket echoscpd-privileged.socket echoscpd.service;"
        "systemctl reset-failed echoscpd.socket echoscpd-privileged.socket echoscpd.service;"
        "systemctl start echoscpd.socket"
        " || { journalctl -b -n 30 >&2; exit 1; }"
    )
