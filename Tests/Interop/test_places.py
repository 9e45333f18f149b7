"""With all places taken and a flood of further connections, the program still has the descriptors it needs.

It still notifies the service manager, reloads its configuration, and tells newcomers why they are rejected.
"""

from __future__ import annotations

import re
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon import SANITIZER, Daemon, echo, limit_descriptors, wait_until
from footprint import KIB
from journal import RELOADED, Journal
from peer import SLACK
from places import FULL, Knocking, Places, ask, power_on, take_all
from replies import EndOfStream
from service_manager import ServiceManager

Start = Callable[..., Daemon]

DESCRIPTORS = 256
SPARE = 8
"""The least number of descriptors left for the program's own needs."""
FOR_NEWCOMERS = 64
"""The least number of places that associations never take."""
INTERVAL = 0.2
"""The seconds between two watchdog notifications: a quarter of the watchdog's time."""
DEVICES = [f"127.20.0.{number}" for number in range(1, 17)]
"""Devices that have all associations, none more than its share."""
KNOCKING = ["127.21.0.1", "127.21.0.2", "127.21.0.3"]
NEWCOMER = "127.22.0.1"


@dataclass
class House:
    """A program with all places taken while more peers keep connecting."""

    scp: Daemon
    manager: ServiceManager
    configuration: Path
    knocking: Knocking
    associations: int


@pytest.fixture(params=["1", "4"])
def full(request: pytest.FixtureRequest, echoscpd: Start, tmp_path: Path) -> Iterator[House]:
    places = Places(DESCRIPTORS, int(request.param))
    configuration = tmp_path / "echoscp.conf"
    configuration.touch()
    with ExitStack() as stack:
        manager = stack.enter_context(ServiceManager(tmp_path / "notify"))
        scp = echoscpd(
            "--workers", request.param, "--config", str(configuration),
            environment={**manager.environment, "WATCHDOG_USEC": str(int(4e6 * INTERVAL))},
            before_exec=limit_descriptors(DESCRIPTORS, DESCRIPTORS),
        )  # fmt: skip
        manager.wait_for("READY")
        before = scp.settled_descriptors()
        associated = take_all(scp, *DEVICES)
        knocking = stack.enter_context(Knocking(scp.port, KNOCKING))
        # Each further connection makes the program close an earlier one.
        enough = before + places.connections - 2
        assert wait_until(lambda: knocking.made > 2 * places.pending), "no connections are made"
        assert wait_until(lambda: scp.descriptors() >= enough), f"{scp.descriptors()} descriptors"
        yield House(scp, manager, configuration, knocking, len(associated))


def test_the_watchdog_is_fed(full: House) -> None:
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        full.manager.wait_for("WATCHDOG", "1", within=INTERVAL + SLACK)


def test_descriptors_are_left_over(full: House) -> None:
    made = full.knocking.made
    end = time.monotonic() + 1
    while time.monotonic() < end:
        count = full.scp.descriptors()
        assert count <= DESCRIPTORS - SPARE, f"{count} descriptors"
    assert full.knocking.made > made + 100


def test_a_newcomer_is_told_why_not(full: House) -> None:
    for _ in range(20):
        with full.scp.connect(source=NEWCOMER) as newcomer:
            assert ask(newcomer) == FULL
    assert full.associations <= DESCRIPTORS - SPARE - FOR_NEWCOMERS


def test_an_attacker_is_denied_by_a_reload(full: House) -> None:
    full.configuration.write_text(f"[access]\ndeny-addresses = {', '.join(KNOCKING)}\n")
    full.scp.send_signal(signal.SIGHUP)
    full.manager.wait_for("RELOADING", "1")
    full.manager.wait_for("READY", "1")
    for source in KNOCKING:
        with full.scp.connect(source=source) as attacker:
            assert isinstance(attacker.receive(within=SLACK), EndOfStream)
    # Now others have room to connect.
    with full.scp.connect(source=NEWCOMER) as newcomer:
        assert ask(newcomer) == FULL
    full.manager.wait_for("WATCHDOG", "1", within=INTERVAL + SLACK)


# ---------------------------------------------------------------------------------------------
# Out of descriptors nevertheless


def test_a_reload_without_a_descriptor_blames_no_configuration(
    echoscpd: Start, journal: Journal, tmp_path: Path
) -> None:
    """The limit of the running program is lowered so that it cannot open any file."""
    configuration = tmp_path / "echoscp.conf"
    configuration.write_text("[network]\nae-title = ONE\n")
    with ServiceManager(tmp_path / "notify") as manager:
        scp = echoscpd(
            "--log-target", "journal", "--config", str(configuration),
            environment=manager.environment, wrapper=journal.wrapper,
        )  # fmt: skip
        manager.wait_for("READY")
        limits = resource.prlimit(scp.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(scp.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
        scp.send_signal(signal.SIGHUP)
        assert journal.wait_for(ECHOSCP_CAUSE="reload-failed")["PRIORITY"] == ["3"]
        assert not journal.find(ECHOSCP_CAUSE="config-invalid")
        manager.wait_for("RELOADING", "1")
        manager.wait_for("READY", "1")
        resource.prlimit(scp.pid, resource.RLIMIT_NOFILE, limits)
        scp.send_signal(signal.SIGHUP)
        journal.wait_for(MESSAGE_ID=RELOADED)
        echo(scp.port)


# ---------------------------------------------------------------------------------------------
# The limits of a container

MODALITIES = [f"127.23.{number // 250}.{1 + number % 250}" for number in range(500)]
GIB = 1 << 30


@pytest.fixture(scope="module")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment that makes the program see a limit of 1,073,741,816 descriptors."""
    if SANITIZER:
        pytest.skip(f"{SANITIZER} sanitizer: its runtime must be preloaded first")
    compiler = shutil.which("clang") or shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (clang, gcc or cc)")
    library = tmp_path_factory.mktemp("interposer") / "descriptor_limit.so"
    source = Path(__file__).with_name("descriptor_limit.c")
    subprocess.run(
        [compiler, "-std=gnu11", "-O2", "-Wall", "-Werror", "-fPIC", "-shared",
         "-o", str(library), str(source)],
        check=True,
        timeout=60,
    )  # fmt: skip
    return {"LD_PRELOAD": str(library)}


def _address_space(scp: Daemon) -> int:
    status = Path(f"/proc/{scp.pid}/status").read_text()
    found = re.search(r"^VmSize:\s+(\d+) kB", status, re.MULTILINE)
    assert found, status
    return KIB * int(found[1])


def _serves_500_at_once(scp: Daemon) -> None:
    echo(scp.port)
    if not SANITIZER:
        assert _address_space(scp) < GIB
    power_on(scp, MODALITIES)
    power_on(scp, MODALITIES[:1] * len(MODALITIES))
    assert scp.warnings() == []


@pytest.mark.parametrize("options", [(), ("--max-associations", "500")], ids=["auto", "set"])
def test_1024_descriptors(echoscpd: Start, options: tuple[str, ...]) -> None:
    _serves_500_at_once(echoscpd("-v", *options, before_exec=limit_descriptors(1024, 1024)))


def test_a_billion_descriptors(echoscpd: Start, claimed: dict[str, str]) -> None:
    _serves_500_at_once(echoscpd("-v", environment=claimed))


def test_a_billion_descriptors_and_100_associations(
    echoscpd: Start, claimed: dict[str, str]
) -> None:
    scp = echoscpd("-v", "--max-associations", "100", environment=claimed)
    echo(scp.port)
    assert _address_space(scp) < GIB
    for _ in range(100):
        scp.connect().associate()
    with scp.connect() as newcomer:
        assert ask(newcomer) == FULL
