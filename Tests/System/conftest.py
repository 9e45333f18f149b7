"""The machine that the tests share, and the package that is installed there."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest

import packages
from inventory import Inventory
from machine import Machine, refusal
from narrator import Narrator
from root import debian

SUITE = os.environ.get("SUITE", "bookworm")


def _obstacle() -> str | None:
    """Why these tests cannot run here."""
    if os.geteuid() != 0:
        return "only root can boot a container"
    for tool, package in ("systemd-nspawn", "systemd-container"), ("mmdebstrap", "mmdebstrap"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed (Debian package {package})"
    probe = subprocess.run(["unshare", "-mnp", "--fork", "true"], capture_output=True, check=False)
    if probe.returncode != 0:
        return f"no namespaces can be made here: {probe.stderr.decode().strip()}"
    return None


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Narrator(config))


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
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine without the package, which is in /debs there. The tests have its network."""
    place = tmp_path_factory.mktemp("debs")
    packages.provide(place, tmp_path_factory.mktemp("later"))
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    with debian(SUITE) as root:
        if problem := refusal(root):
            pytest.skip(f"systemd-nspawn cannot run here: {problem}")
        machine = Machine(root, place, tmp_path_factory.mktemp("boot") / "log")
        try:
            machine.enter_network()
            yield machine
        finally:
            ctypes.CDLL(None).setns(home, 0)
            os.close(home)
            machine.stop()


@pytest.fixture(scope="session")
def before(bare: Machine) -> Inventory:
    """What the machine had before the package was installed."""
    return Inventory(bare)


@pytest.fixture(scope="session")
def installed(bare: Machine, before: Inventory) -> Machine:
    """The machine with the package, as an administrator installs it."""
    assert before.files
    bare.run("apt-get", "install", "--yes", f"/debs/{packages.CURRENT}")
    return bare


@pytest.fixture
def machine(installed: Machine, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """The machine with the package as it is when it has just been installed."""
    _reset(installed)
    installed.forget_journal()
    begin = time.time()
    failed = request.session.testsfailed
    yield installed
    if request.session.testsfailed > failed:
        text = installed.run("journalctl", "-b", f"--since=@{begin - 1:.3f}", check=False).stdout
        print("\n".join([x for x in text.splitlines() if "association released" not in x][-60:]))


def _reset(machine: Machine) -> None:
    machine.shell(
        "rm -rf /etc/systemd/system/echoscpd* /etc/echoscp.conf.d/*; systemctl daemon-reload;"
        "systemctl stop echoscpd.socket echoscpd-privileged.socket echoscpd.service;"
        "systemctl reset-failed echoscpd.socket echoscpd-privileged.socket echoscpd.service;"
        "systemctl start echoscpd.socket"
        " || { journalctl -b -n 30 >&2; exit 1; }"
    )
