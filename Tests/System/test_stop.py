"""Stopping the daemon, and running it without its socket unit."""

from __future__ import annotations

import subprocess
import threading
import time

from daemon import echo, refused
from journal import RESTART_NEEDED
from machine import SERVICE, Machine, wait_for
from peer import Peer
from replies import ABORTED, EchoResponse
from wire import echo_command, p_data, pdv

EXAMPLE = "/usr/share/doc/echoscpd/examples/listen-by-itself.conf"
SETTINGS = "/etc/echoscp.conf.d/test.conf"
DROP_INS = "/etc/systemd/system/echoscpd.service.d"


def test_a_stop_lets_an_association_finish(machine: Machine) -> None:
    with Peer(11112) as busy, Peer(11112) as idle:
        busy.associate()
        idle.associate()
        busy.send(p_data(pdv(echo_command(7)[:30], last=False)))
        time.sleep(1.1)
        command = machine.command("systemctl", "stop", "echoscpd.socket")
        begin = time.monotonic()
        stopping = subprocess.Popen(command)
        assert idle.receive() == ABORTED
        idle.close()
        time.sleep(0.5)
        busy.send(p_data(pdv(echo_command(7)[30:])))
        assert busy.receive_echo() == EchoResponse(7)
        busy.echo(8)
        busy.release()
        busy.close()
        assert stopping.wait(10) == 0
    print(f"finished its echo and one more; stopped after {time.monotonic() - begin:.1f} s")
    assert machine.show("Result") == "success"
    assert refused(11112)


def test_a_drain_longer_than_the_stop_timeout(machine: Machine) -> None:
    """The daemon asks systemd for the time that its own setting allows."""
    machine.write(f"{DROP_INS}/test.conf", "[Service]\nTimeoutStopSec=1\n")
    machine.write(SETTINGS, "[network]\ndrain-timeout = 4\n")
    machine.systemctl("daemon-reload")
    with Peer(11112) as peer:
        peer.associate()
        peer.send(p_data(pdv(echo_command(7)[:30], last=False)))
        time.sleep(0.2)
        stopping = subprocess.Popen(machine.command("systemctl", "stop", "echoscpd.socket"))
        time.sleep(3)
        peer.send(p_data(pdv(echo_command(7)[30:])))
        assert peer.receive_echo() == EchoResponse(7)
        peer.release()
    assert stopping.wait(10) == 0
    result = machine.show("Result")
    print(f"answered 3 s after the stop, with TimeoutStopSec=1: {result}")
    assert result == "success"


def test_who_connects_while_it_is_restarted_waits(machine: Machine) -> None:
    echo(11112)
    held = Peer(11112)
    held.associate()
    held.send(p_data(pdv(echo_command(7)[:30], last=False)))
    time.sleep(0.2)
    restarting = subprocess.Popen(machine.command("systemctl", "restart", SERVICE))
    time.sleep(0.3)
    waited: list[float] = []

    def wait() -> None:
        begin = time.monotonic()
        echo(11112)
        waited.append(time.monotonic() - begin)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.5)
    held.send(p_data(pdv(echo_command(7)[30:])))
    assert held.receive_echo() == EchoResponse(7)
    held.release()
    held.close()
    thread.join(10)
    assert restarting.wait(10) == 0
    print(f"one connection waited {waited[0]:.1f} s for the other to finish its echo")


def test_without_the_socket_it_listens_by_itself(machine: Machine) -> None:
    machine.shell(
        f"systemctl disable --now echoscpd.socket {SERVICE}; systemctl mask echoscpd.socket;"
        f"mkdir -p {DROP_INS}; cp {EXAMPLE} {DROP_INS}/; systemctl daemon-reload"
    )
    machine.write(SETTINGS, "[network]\nport = 11112, 11113\n")
    try:
        machine.systemctl("enable", "--now", SERVICE)
        for port in 11112, 11113:
            for host in "127.0.0.1", "::1":
                echo(port, host)
        text = machine.run("systemd-analyze", "security", "--no-pager", SERVICE, check=False).stdout
        (exposure,) = [line for line in text.splitlines() if "Overall exposure" in line]
        print(f"listens without the socket on 11112 and 11113, IPv4 and IPv6; {exposure.strip('→ ')}")
        machine.write(SETTINGS, "[network]\nport = 104\n")
        machine.systemctl("reload", SERVICE)
        echo(11112)
        (record,) = machine.events_of(RESTART_NEEDED)
        print(f"after a reload with port = 104: {record['MESSAGE']}")
        assert record["PRIORITY"] == "4"
        assert "port" in record["MESSAGE"] and "systemctl restart echoscpd" in record["MESSAGE"]
        machine.shell(
            f"sed -i 's/^#\\(Priv\\|Cap\\|Amb\\)/\\1/' {DROP_INS}/listen-by-itself.conf;"
            f"systemctl daemon-reload; systemctl restart {SERVICE}"
        )
        echo(104)
        assert refused(11112)
        print("and only on 104 after a restart, with the capability")
    finally:
        machine.shell(
            f"systemctl disable --now {SERVICE}; rm -r {DROP_INS} {SETTINGS};"
            "systemctl unmask echoscpd.socket; systemctl daemon-reload;"
            "systemctl enable --now echoscpd.socket"
        )
    wait_for(lambda: machine.show("ActiveState", "echoscpd.socket") == "active", 5, "no socket")
