"""The addresses to listen on: all, one or several, IPv4 and IPv6."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable

import pytest

from daemon import (
    CONFIGURATION,
    OK,
    PROGRAM,
    SYSTEM,
    UNAVAILABLE,
    Daemon,
    echo,
    free_port,
    has_ipv6,
    one_echo,
    one_line,
    refused,
    run_to_its_end,
    wait_until,
)
from journal import Journal
from peer import Peer

Start = Callable[..., Daemon]


def test_all_addresses_by_default() -> None:
    # Without the fixture, which always passes an address.
    port = free_port()
    running = subprocess.Popen([str(PROGRAM), str(port)], stdin=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: running.poll() is not None or not refused(port))
        hosts = ["127.0.0.1", "127.9.8.7", *(["::1"] if has_ipv6() else [])]
        for host in hosts:
            echo(port, host)
        running.send_signal(signal.SIGTERM)
        assert running.wait(5) == OK
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()


@pytest.mark.parametrize("option", ["-ba", "--bind-address"])
def test_one_ipv4_address(echoscpd: Start, option: str) -> None:
    scp = echoscpd(option, "127.0.0.2", host="127.0.0.2")
    echo(scp.port, "127.0.0.2")
    assert refused(scp.port, "127.0.0.1")
    assert not has_ipv6() or refused(scp.port, "::1")


def test_one_ipv6_address(echoscpd: Start, ipv6: None) -> None:
    scp = echoscpd("-ba", "::1", host="::1")
    echo(scp.port, "::1")
    assert refused(scp.port, "127.0.0.1")


@pytest.mark.parametrize("addresses", ["127.0.0.1,::1", "127.0.0.1 ::1", "::1, 127.0.0.1"])
def test_several_addresses(echoscpd: Start, ipv6: None, addresses: str) -> None:
    scp = echoscpd("-v", "-ba", addresses)
    for host in ("127.0.0.1", "::1", "127.0.0.1"):
        echo(scp.port, host)
    assert refused(scp.port, "127.0.0.2")
    assert sorted(scp.stop()) == sorted(one_echo() * 3)


def test_the_peer_address_is_named(echoscpd: Start, journal: Journal, ipv6: None) -> None:
    scp = echoscpd(
        "-ba", "127.0.0.1,::1", "--log-target", "journal", wrapper=journal.wrapper
    )
    for host in ("127.0.0.1", "::1"):
        with Peer(scp.port, host) as peer:
            peer.send(b"GET / HTTP/1.1\r\n\r\n")
            peer.receive()
        journal.wait_for(ECHOSCP_CAUSE="http-on-dicom-port", DICOM_PEER_ADDRESS=host)


def test_an_address_that_is_not_here() -> None:
    done = run_to_its_end("-ba", "192.0.2.1", str(free_port()))
    assert done.returncode in (UNAVAILABLE, SYSTEM, CONFIGURATION), done
    assert "192.0.2.1" in one_line(done.stderr)
