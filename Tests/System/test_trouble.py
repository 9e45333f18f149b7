"""What goes wrong with the daemon: it comes back, and nobody is turned away meanwhile."""

from __future__ import annotations

import os
import resource
import signal
import time
from pathlib import Path

from daemon import echo
from load import Load
from machine import SERVICE, Machine, wait_for
from peer import Peer
from replies import CLOSED, RESET
from wire import associate_rq

DROP_IN = "/etc/systemd/system/echoscpd.service.d/test.conf"


def test_watchdog_restarts_a_daemon_that_hangs(machine: Machine) -> None:
    machine.write(DROP_IN, "[Service]\nWatchdogSec=2\n")
    machine.systemctl("daemon-reload")
    echo(11112)
    pid = machine.pid()
    os.kill(pid, signal.SIGSTOP)
    begin = time.monotonic()
    with Peer(11112) as peer:
        peer.send(associate_rq())
        reply = peer.receive(within=15)
        waited = time.monotonic() - begin
        assert type(reply).__name__ == "AssociateAC"
        peer.echo()
        peer.release()
    assert machine.pid() != pid
    print(f"stopped; the queued connection was answered after {waited:.1f} s by another process "
          f"(WatchdogSec=2; 10 as installed)")  # fmt: skip
    assert any("watchdog" in text.lower() for text in machine.messages())


def test_killed_three_times_under_load(machine: Machine) -> None:
    echo(11112)
    with Load(threads=4, rate=60) as load:
        for _ in range(3):
            time.sleep(0.7)
            os.kill(machine.pid(), signal.SIGKILL)
            wait_for(machine.pid, 5, "it is not started again")
        time.sleep(0.7)
    print(f"{len(load.seconds)} answered, {load.failures['refused']} refused, "
          f"{load.failures.total()} cut off by the three kills, "
          f"longest wait {max(load.seconds) * 1000:.0f} ms")  # fmt: skip
    assert "refused" not in load.failures
    assert load.failures.total() <= 3 * 4, load.failures
    assert set(load.failures) <= {"closed", "reset", "ConnectionResetError"}, load.failures
    assert max(load.seconds) < 2


def test_a_bad_configuration_at_the_start(machine: Machine) -> None:
    machine.write("/etc/echoscp.conf.d/bad.conf", "[network]\nport = 70000\n")
    since = len(machine.journal())
    begin = time.monotonic()
    closed = 0
    # As many clients as come to a busy host, for longer than starts are counted in twos.
    while time.monotonic() - begin < 9:
        with Peer(11112) as peer:
            assert peer.receive() in (CLOSED, RESET)
        if closed == 0:
            print(f"the first client is closed after {(time.monotonic() - begin) * 1000:.0f} ms")
        closed += 1
        time.sleep(0.05)
    wait_for(lambda: machine.show("ActiveState") == "failed", 10, "it does not fail")
    records = machine.journal()[since:]
    starts = sum(r["MESSAGE"].startswith("Starting") for r in records)
    faults = [r for r in records if "bad.conf:2: port" in r["MESSAGE"]]
    print(f"{starts} starts for {closed} connections in 9 s; {faults[0]['MESSAGE']}")
    assert closed > 20
    assert starts <= 4
    assert len(faults) == starts
    assert {r["ECHOSCP_CAUSE"] for r in faults} == {"config-invalid"}
    assert machine.show("ExecMainStatus") == "78"
    assert machine.show("ActiveState", "echoscpd.socket") == "active"
    machine.shell("rm /etc/echoscp.conf.d/bad.conf")
    echo(11112)
    print("the socket is active; mended, the next connection is answered")


def test_a_socket_of_the_wrong_kind(machine: Machine) -> None:
    machine.systemctl("stop", "echoscpd.socket")
    machine.write(
        "/etc/systemd/system/echoscpd-wrong.socket",
        "[Socket]\nListenDatagram=11113\nFileDescriptorName=wrong\nService=echoscpd.service\n",
    )
    machine.systemctl("daemon-reload")
    try:
        machine.systemctl("start", "echoscpd-wrong.socket")
        machine.systemctl("start", SERVICE, check=False)
        text = next(t for t in machine.messages() if "which is no listening TCP socket" in t)
        print(text)
        assert '"wrong"' in text
        assert machine.show("ExecMainStatus") == "78"
    finally:
        machine.systemctl("stop", "echoscpd-wrong.socket", check=False)
        machine.shell("rm /etc/systemd/system/echoscpd-wrong.socket; systemctl daemon-reload")


def test_idle_associations_within_the_limits_of_the_unit(machine: Machine) -> None:
    count = 8000
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    echo(11112)
    pid = machine.pid()

    def resident() -> int:
        text = Path(f"/proc/{pid}/status").read_text()
        return int(next(x for x in text.splitlines() if x.startswith("RssAnon:")).split()[1])

    before = resident()
    peers: list[Peer] = []
    try:
        begin = time.monotonic()
        for _ in range(count):
            peers.append(Peer(11112))
            peers[-1].associate()
        passed = time.monotonic() - begin
        for peer in peers[::40]:
            peer.echo()
        growth = (resident() - before) * 1024 / count
        print(f"{count} associations in {passed:.1f} s, every 40th echoed; "
              f"{growth:.0f} bytes of memory each; LimitNOFILE {machine.show('LimitNOFILE')}")
        assert growth < 1024
        assert machine.pid() == pid
    finally:
        for peer in peers:
            peer.close()


def test_a_storm_of_failing_starts_ends(machine: Machine) -> None:
    """Whatever it exits with, systemd gives up after a while, and says how to go on."""
    machine.write(DROP_IN, "[Service]\nExecStart=\nExecStart=/bin/sh -c 'exit 1'\n")
    machine.systemctl("daemon-reload")
    since = len(machine.journal())
    with Peer(11112):
        wait_for(lambda: machine.show("ActiveState") == "failed"
                 and machine.show("ActiveState", "echoscpd.socket") == "failed",
                 20, "it does not give up")  # fmt: skip
    starts = sum("Starting" in r["MESSAGE"] for r in machine.journal()[since:])
    result = machine.show("Result", "echoscpd.socket")
    print(f"gave up after {starts} starts; the socket: {result}")
    # As often as the service may start, and as often as the socket may start it.
    assert starts <= 20 + 20
    machine.shell(f"rm {DROP_IN}; systemctl daemon-reload")
    # The seconds over which starts are counted.
    time.sleep(10)
    machine.systemctl("reset-failed", SERVICE)
    machine.systemctl("restart", "echoscpd.socket")
    echo(11112)
    print("mended: after systemctl restart echoscpd.socket it answers")
