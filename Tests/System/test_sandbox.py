"""Attempts of an attacker in control of the daemon.

A program replaces the daemon in its own service, with all restrictions of the unit and with the passed
sockets.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from pathlib import Path

import pytest

import taken_over
from daemon import echo
from machine import Machine, wait_for
from peer import Peer
from taken_over import TakenOver, came_from, send

HERE = Path(__file__).parent
PLACE = "/usr/local/lib/stand-in"
DROP_IN = "/etc/systemd/system/echoscpd.service.d/stand-in.conf"


def stand_in(machine: Machine, script: Path, *words: str) -> list[str]:
    """Makes the service run `script` instead of the daemon, for a connection that stays open, and returns its
    output."""
    machine.write(PLACE, script.read_text())
    command = " ".join([script.read_text().splitlines()[0].removeprefix("#!"), PLACE, *words])
    machine.write(
        DROP_IN,
        f"[Service]\nType=exec\nExecStart=\nExecStart={command}\nRestart=no\nWatchdogSec=0\n",
    )
    machine.systemctl("daemon-reload")
    try:
        with Peer(11112):
            wait_for(lambda: "end" in machine.messages(), 30, f"{script.name} does not end")
        said = [r["MESSAGE"] for r in machine.journal() if r.get("_TRANSPORT") == "stdout"]
        return said[: said.index("end")]
    finally:
        # Stopping the socket keeps the service from starting again.
        machine.systemctl("stop", "echoscpd.socket")
        machine.shell(f"rm {PLACE} {DROP_IN}; systemctl daemon-reload")


def test_no_outbound_connection(machine: Machine) -> None:
    """Neither with a socket of its own nor with a passed or accepted one, which is in the machine's network."""
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        said = stand_in(machine, HERE / "connect.pl", str(elsewhere.getsockname()[1]))
        for line in said:
            print(line)
        elsewhere.settimeout(0.2)
        try:
            other, address = elsewhere.accept()
            other.close()
        except TimeoutError:
            address = None
    assert address is None, f"a connection came from {address}"
    made = [line for line in said if line.endswith(": done")]
    # Accepting works, so the program runs in the right service with the daemon's passed socket.
    assert made == ["a socket of AF_UNIX: done", "accepting at the passed socket: done"]
    assert len(said) >= 10


@pytest.mark.parametrize("by", ["sendto", "sendmsg", "sendmmsg"])
def test_the_daemon_does_not_connect_by_sending(machine: Machine, by: str) -> None:
    """Makes the daemon itself try these calls: the unit forbids the first, and the daemon all three."""
    echo(11112)
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        place = elsewhere.getsockname()
        mapped = socket.inet_pton(socket.AF_INET6, f"::ffff:{place[0]}")
        to = struct.pack("=H", socket.AF_INET6) + struct.pack("!HI", place[1], 0) + mapped + bytes(4)
        with TakenOver(machine.pid()) as it:
            shut = it.call(taken_over.SHUTDOWN, 3, socket.SHUT_RDWR)
            sent = send(it, by, 3, socket.MSG_FASTOPEN, to)
        origin = came_from(elsewhere)
    print(f"shutdown: {shut}, {by}: {sent}, a connection came from {origin}")
    assert origin is None
    assert shut == sent == -errno.EPERM
    echo(11112)


def test_it_has_no_network_of_its_own(machine: Machine) -> None:
    echo(11112)
    pid = machine.pid()
    interfaces = [
        line.split(":")[0].strip()
        for line in Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    ]
    routes = Path(f"/proc/{pid}/net/route").read_text().splitlines()[1:]
    own, around = (os.readlink(f"/proc/{one}/ns/net") for one in (pid, "thread-self"))
    print(f"{own}, machine: {around}; interfaces: {interfaces}, routes: {routes}")
    assert own != around
    assert interfaces == ["lo"] and routes == []
    assert machine.show("RestrictAddressFamilies") == "AF_UNIX"


def test_nothing_is_writable_but_the_runtime_directory(machine: Machine) -> None:
    said = stand_in(machine, HERE / "write.sh")
    for line in said:
        print(line)
    written = [line.removeprefix("written: ") for line in said if line.startswith("written: ")]
    assert written == ["/run/echoscpd"]
    tried = int(next(x for x in said if x.startswith("tried: ")).split()[1])
    assert tried > 500


def test_it_has_no_privilege(machine: Machine) -> None:
    echo(11112)
    pid = machine.pid()
    status = Path(f"/proc/{pid}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    names = ("Uid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")
    print(" ".join(f"{name}={fields[name].split()[0]}" for name in names))
    assert "0" not in fields["Uid"].split() and "0" not in fields["Gid"].split()
    for name in names[1:6]:
        assert int(fields[name], 16) == 0, name
    assert fields["NoNewPrivs"] == "1" and fields["Seccomp"] == "2"
