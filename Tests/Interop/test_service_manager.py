"""The program's notifications to the service manager (sd_notify(3))."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon import OK, SANITIZER, Daemon, echo
from peer import SLACK
from service_manager import ServiceManager
from wire import associate_rq, echo_command, p_data, pdv

Start = Callable[..., Daemon]


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[ServiceManager]:
    with ServiceManager(tmp_path / "notify") as one:
        yield one


def test_it_tells_when_it_serves_and_when_it_ends(
    echoscpd: Start, manager: ServiceManager
) -> None:
    scp = echoscpd(environment=manager.environment)
    assert manager.next() == {"READY": "1"}
    scp.stop()
    stopping = manager.wait_for("STOPPING")
    assert int(stopping["EXTEND_TIMEOUT_USEC"]) >= 5_000_000
    assert sum("READY" in message for message in manager.messages) == 1


def test_a_manager_that_is_gone_does_not_matter(echoscpd: Start, tmp_path: Path) -> None:
    scp = echoscpd(environment={"NOTIFY_SOCKET": str(tmp_path / "nobody")})
    echo(scp.port)


def test_the_status_follows_what_happens(echoscpd: Start, manager: ServiceManager) -> None:
    scp = echoscpd("--allow-calling-ae-titles", "TEST*", environment=manager.environment)
    first = manager.wait_for("STATUS")["STATUS"]
    assert re.fullmatch(
        r"serving since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+: "
        r"0 associations open, 0 echoes answered, 0 rejected",
        first,
    )
    began = first.split(": ")[0]
    peer = scp.connect()
    peer.associate()
    peer.echo()
    manager.wait_for("STATUS", "1 association open, 1 echo answered, 0 rejected")
    peer.echo()
    peer.release()
    with scp.connect() as stranger:
        stranger.send(associate_rq(calling="OTHER"))
        stranger.receive()
    last = manager.wait_for("STATUS", "0 associations open, 2 echoes answered, 1 rejected")
    assert last["STATUS"].startswith(began)


def test_the_status_changes_once_a_second_at_most(
    echoscpd: Start, manager: ServiceManager
) -> None:
    scp = echoscpd(environment=manager.environment)
    manager.wait_for("STATUS")
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        echo(scp.port)
    before = len(manager.messages)
    while manager.next(0.05):
        pass
    assert 1 <= len(manager.messages) - before <= 4


def test_nobody_wakes_up_while_nothing_happens(echoscpd: Start, manager: ServiceManager) -> None:
    if SANITIZER:
        pytest.skip(f"{SANITIZER} sanitizer: its runtime has its own thread")
    scp = echoscpd(environment=manager.environment)
    echo(scp.port)
    manager.wait_for("STATUS", "1 echo answered")
    time.sleep(2.5)

    def switches() -> int:
        """The number of voluntary context switches of its threads."""
        count = 0
        for task in Path(f"/proc/{scp.pid}/task").iterdir():
            status = (task / "status").read_text()
            count += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status, re.M)[1])
        return count

    before = switches()
    time.sleep(2)
    assert switches() == before


def test_the_watchdog_is_fed(echoscpd: Start, manager: ServiceManager) -> None:
    scp = echoscpd("--workers", "2", environment={**manager.environment, "WATCHDOG_USEC": "800000"})
    manager.wait_for("READY")
    for _ in range(5):
        begin = time.monotonic()
        manager.wait_for("WATCHDOG", "1")
        assert time.monotonic() - begin < 0.6 + SLACK
    scp.stop()


def test_a_watchdog_of_another_process_is_not_fed(
    echoscpd: Start, manager: ServiceManager
) -> None:
    echoscpd(
        environment={**manager.environment, "WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1"}
    )
    manager.wait_for("STATUS")
    while message := manager.next(0.5):
        assert "WATCHDOG" not in message


def test_a_long_drain_asks_for_more_time(echoscpd: Start, manager: ServiceManager) -> None:
    scp = echoscpd("--drain-timeout", "3", environment=manager.environment)
    peer = scp.connect()
    peer.associate()
    peer.send(p_data(pdv(echo_command(7)[:30], last=False)))
    manager.wait_for("STATUS", "1 association open")
    time.sleep(1.1)
    scp.send_signal(signal.SIGTERM)
    manager.wait_for("STOPPING")
    manager.wait_for("STATUS", "stopping: 1 association open", within=0.5 + SLACK)
    for _ in range(2):
        begin = time.monotonic()
        manager.wait_for("EXTEND_TIMEOUT_USEC")
        assert time.monotonic() - begin < 1.2 + SLACK
    assert scp.wait(3 + SLACK) == OK
