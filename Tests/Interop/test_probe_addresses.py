"""The time lost on dead addresses, and the probe's message for each errno of connect(2)."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acceptor import Acceptor
from daemon import PROGRAM, free_port
from peer import PATIENCE
from test_probe import CRITICAL, QUICK, at, failure, probe

TICK = 1
"""The milliseconds by which a timer may end early, since timers count whole milliseconds."""


@contextmanager
def unanswering(address: str, port: int) -> Iterator[None]:
    """A listener whose full queue keeps it from answering a SYN."""
    with socket.create_server((address, port), backlog=0):
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex((address, port))
        yield
        for filler in fillers:
            filler.close()


def test_an_address_that_does_not_answer_costs_time(tmp_path: Path) -> None:
    """From a user's report: the probe showed 0.765 ms after two seconds lost on dead addresses of a name.

    The two addresses that are not refused share the time to connect.
    """
    file = tmp_path / "echoscp.conf"
    with Acceptor() as scp, unanswering("127.0.0.2", scp.port):
        file.write_text(
            f"[network]\nport = {scp.port}\nbind-address = 127.0.0.3, 127.0.0.2, 127.0.0.1\n"
        )
        arguments = ("--config", str(file), "-tn", "0.5")
        done = json.loads(probe(*arguments, "--json")[0])
        lines = probe(*arguments)
    print(lines[0])
    times = done["times_ms"]
    assert list(times)[-2:] == ["lost", "total"]
    assert 250 - TICK <= times["lost"] < 250 + 1000 * PATIENCE and times["total"] > times["lost"]
    assert sum(list(times.values())[:-1]) == pytest.approx(times["total"])
    assert [found["cause"] for found in done["failures"]] == ["refused", "timeout"]
    spent = [found["time_ms"] for found in done["failures"]]
    assert sum(spent) == pytest.approx(times["lost"]) and spent[0] < 250 - TICK <= spent[1]
    assert f"answered C-ECHO in {lines[0].split(' in ')[1].split()[0]} ms" in lines[0]
    lost = float(lines[0].split(", lost ")[1].split()[0].rstrip("),"))
    assert float(lines[0].split(" in ")[1].split()[0]) > lost >= 250 - TICK
    assert lines[3].startswith(f"  127.0.0.2:{scp.port}: connect: network-timeout: ")
    assert float(lines[3].split(", after ")[1].removesuffix(" ms")) >= 250 - TICK


def test_a_phase_that_fails_takes_time() -> None:
    with Acceptor(associate=lambda _: b"") as scp:
        done = json.loads(at(scp.port, *QUICK, "--json", status=CRITICAL)[0])
    times = done["times_ms"]
    assert list(times) == ["resolve", "connect", "lost", "total"]
    assert times["lost"] >= 300 - TICK and times["total"] > times["lost"]
    assert done["failures"][0]["time_ms"] >= 300 - TICK


def test_several_times_have_the_time_of_all_addresses(tmp_path: Path) -> None:
    file = tmp_path / "echoscp.conf"
    with Acceptor() as scp, unanswering("127.0.0.2", scp.port):
        file.write_text(f"[network]\nport = {scp.port}\nbind-address = 127.0.0.2, 127.0.0.1\n")
        lines = probe("--config", str(file), "-tn", "0.3", "--count", "2", "--interval", "0")
    least = float(lines[-1].split("min ")[1].split(",")[0])
    assert lines[-1].startswith("OK: 2 probes, 0 failed; min ") and least >= 150 - TICK


def within(setup: str, target: str, *arguments: str) -> dict[str, str]:
    """The last failure of a probe in its own network namespace, which the commands `setup` prepare."""
    unshare = shutil.which("unshare")
    if unshare is None or shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("this test needs unshare(1), ip(8) and root for a network namespace")
    command = f'ip link set lo up && {setup} && exec "$0" --probe "$@"'
    done = subprocess.run(
        [unshare, "-n", "sh", "-c", command, PROGRAM, target, *arguments, "-tn", "1", "--json"],
        capture_output=True, text=True, timeout=4 * PATIENCE, check=False,
    )  # fmt: skip
    if not done.stdout:
        pytest.skip(f"cannot create a network namespace here: {done.stderr}")
    found: dict[str, str] = json.loads(done.stdout)["failures"][-1]
    print(found["text"])
    return found


OFF = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6"
ON = "echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6"
ROUTE = "ip route add"


@pytest.mark.parametrize(
    ("setup", "target", "cause", "text", "remedy"),
    [
        (OFF, "[::1]:104", "no-ip-version", "this machine has no IPv6 address", "host's IPv4"),
        (OFF, "[2001:db8::1]:104", "no-ip-version", "this machine has no IPv6", "host's IPv4"),
        (ON, "[2001:db8::1]:104", "no-route", "no route to this address", "host's IPv4"),
        (ON, "[fe80::1]:104", "no-route", "a link-local address needs", "[fe80::1%eth0]:104"),
        ("true", "192.0.2.1:104", "no-route", "no route to this address", "the routes"),
        (f"{ROUTE} prohibit 192.0.2.1", "192.0.2.1:1", "forbidden", "a firewall or a", "ip route"),
        (f"{ROUTE} unreachable 192.0.2.1", "192.0.2.1:1", "no-route", "no route to", "routes"),
        (f"{ROUTE} blackhole 192.0.2.1", "192.0.2.1:1", "no-route", "no route to", "routes"),
        (
            "echo 20000 20000 > /proc/sys/net/ipv4/ip_local_port_range && "
            "echo 20000 > /proc/sys/net/ipv4/ip_local_reserved_ports",
            "127.0.0.1:104", "local-limit", "this machine has no free port", "ip_local_port_range",
        ),
    ],
    ids=["::1 without IPv6", "IPv6 without IPv6", "IPv6 without a route", "link-local", "no route",
         "prohibit", "unreachable", "blackhole", "no port"],
)  # fmt: skip
def test_what_this_machine_says(
    setup: str, target: str, cause: str, text: str, remedy: str
) -> None:
    """From a user's report: the remedy for `[::1]` without IPv6 was "see what this host says about it"."""
    found = within(setup, target)
    assert (found["phase"], found["cause"]) == ("connect", cause)
    assert text in found["text"] and remedy in found["remedy"]


def test_a_host_without_a_listener_is_still_refused() -> None:
    assert failure(free_port())["cause"] == "refused"
