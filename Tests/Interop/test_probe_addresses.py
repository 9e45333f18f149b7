"""What the probe says of each errno of connect(2)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from daemon import PROGRAM, free_port
from peer import PATIENCE
from test_probe import failure


def within(setup: str, target: str, *arguments: str) -> dict[str, str]:
    """What fails with a probe in a network of its own, once the commands `setup` have made it."""
    unshare = shutil.which("unshare")
    if unshare is None or shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("unshare(1), ip(8) and root are needed for a network of its own")
    command = f'ip link set lo up && {setup} && exec "$0" --probe "$@"'
    done = subprocess.run(
        [unshare, "-n", "sh", "-c", command, PROGRAM, target, *arguments, "-tn", "1", "--json"],
        capture_output=True, text=True, timeout=4 * PATIENCE, check=False,
    )  # fmt: skip
    if not done.stdout:
        pytest.skip(f"no network of its own: {done.stderr}")
    found: dict[str, str] = json.loads(done.stdout)["failures"][-1]
    print(found["text"])
    return found


OFF = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6"
ON = "echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6"
ROUTE = "ip route add"


@pytest.mark.parametrize(
    ("setup", "target", "cause", "text", "remedy"),
    [
        (OFF, "[::1]:104", "no-ip-version", "this machine has no IPv6 address", "IPv4 address of"),
        (OFF, "[2001:db8::1]:104", "no-ip-version", "this machine has no IPv6", "IPv4 address of"),
        (ON, "[2001:db8::1]:104", "no-route", "no route to this address", "IPv4 address of"),
        (ON, "[fe80::1]:104", "no-route", "a link-local address does not", "[fe80::1%eth0]:104"),
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
    """Report 14: `[::1]` where there is no IPv6 ended as "see what this host says about it"."""
    found = within(setup, target)
    assert (found["phase"], found["cause"]) == ("connect", cause)
    assert text in found["text"] and remedy in found["remedy"]


def test_a_host_without_a_listener_is_still_refused() -> None:
    assert failure(free_port())["cause"] == "refused"
