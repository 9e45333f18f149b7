"""Another version of the package under load: nobody is refused, and nobody waits for long."""

from __future__ import annotations

import time

from conftest import DRAIN
from daemon import echo
from load import Load
from machine import Machine
from peer import Peer
from replies import ABORTED

LOCAL = "# an administrator was here\n[network]\nae-title = LOCAL\n"


def replace(machine: Machine, package: str) -> str:
    """Installs that version; the result is its number."""
    machine.run("dpkg", "--install", "--force-confdef", "--force-confold", f"/debs/{package}")
    return machine.shell("dpkg-query -W -f '${Version}' echoscpd")


def test_upgrade_and_downgrade_under_load(machine: Machine) -> None:
    echo(11112)
    held = Peer(11112)
    held.associate()
    time.sleep(1.2)
    for package in "later.deb", "echoscpd.deb":
        pid = machine.pid()
        with Load(threads=4, rate=50) as load:
            time.sleep(0.7)
            begin = len(load.seconds)
            version = replace(machine, package)
            end = held.receive()
            held.close()
            time.sleep(0.7)
        assert machine.pid() not in (0, pid)
        print(
            f"now {version}: {len(load.seconds)} answered ({len(load.seconds) - begin} since it "
            f"began), {load.failures['refused']} refused, {load.failures.total()} failed, longest "
            f"wait {max(load.seconds) * 1000:.0f} ms; the one that was held open: {end}"
        )
        assert not +load.failures, load.failures
        assert max(load.seconds) <= DRAIN
        assert end == ABORTED
        held = Peer(11112)
        held.associate()
        time.sleep(1.2)
    held.close()


def test_an_upgrade_keeps_the_sockets_as_they_are(machine: Machine) -> None:
    """One that is disabled stays so, and a service that nobody has started yet is not started."""
    assert machine.show("ActiveState") == "inactive"
    replace(machine, "later.deb")
    assert machine.show("ActiveState") == "inactive"
    assert machine.show("ActiveState", "echoscpd.socket") == "active"
    machine.systemctl("disable", "--now", "echoscpd.socket")
    replace(machine, "echoscpd.deb")
    state = machine.systemctl("is-enabled", "echoscpd.socket", check=False)
    print(f"disabled before an upgrade, {state} after it")
    assert state == "disabled"
    machine.systemctl("enable", "--now", "echoscpd.socket")


def test_local_edits_survive_an_upgrade(machine: Machine) -> None:
    original = machine.shell("cat /etc/echoscp.conf")
    machine.write("/etc/echoscp.conf", LOCAL)
    try:
        replace(machine, "later.deb")
        replace(machine, "echoscpd.deb")
        kept = machine.shell("cat /etc/echoscp.conf")
        print(f"after both: {kept.splitlines()[0]}")
        assert kept == LOCAL
        line = machine.shell("/usr/sbin/echoscpd --dump-config | grep ^ae-title").strip()
        print(line)
        assert line.startswith("ae-title = LOCAL") and "/etc/echoscp.conf:3" in line
    finally:
        machine.write("/etc/echoscp.conf", original)
