"""Installing another version under load: no client is refused, and none waits long."""

from __future__ import annotations

import pytest

from load import upgraded_under_load
from machine import Machine
from packages import ADDITION, CURRENT, LATER

FILE = "/etc/echoscp.conf"
LOCAL = "# an administrator was here\n[network]\nae-title = LOCAL\n"


def install(machine: Machine, package: str) -> str:
    """Installs that version over any other, and returns its number."""
    machine.run(
        *("apt-get", "install", "--yes", "--allow-downgrades"),
        *("-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"),
        f"/debs/{package}",
    )
    return machine.shell("dpkg-query -W -f '${Version}' echoscpd")


@pytest.mark.parametrize("package", [LATER, CURRENT], ids=["upgrade", "downgrade"])
def test_under_load_with_an_association_held_open(machine: Machine, package: str) -> None:
    install(machine, CURRENT if package == LATER else LATER)
    upgraded_under_load(machine, lambda: install(machine, package))


def test_an_upgrade_keeps_the_units_as_they_are(machine: Machine) -> None:
    """A disabled unit stays disabled, and a service that has not been started is not started."""
    install(machine, CURRENT)
    assert machine.show("ActiveState") == "inactive"
    install(machine, LATER)
    assert machine.show("ActiveState") == "inactive"
    assert machine.show("ActiveState", "echoscpd.socket") == "active"
    machine.systemctl("disable", "--now", "echoscpd.socket")
    try:
        install(machine, CURRENT)
        state = machine.systemctl("is-enabled", "echoscpd.socket", check=False)
        print(f"not started by an upgrade; disabled before another one, {state} after it")
        assert state == "disabled"
    finally:
        machine.systemctl("enable", "--now", "echoscpd.socket")


def test_local_edits_survive_an_upgrade(machine: Machine) -> None:
    install(machine, CURRENT)
    original = machine.shell(f"cat {FILE}")
    try:
        install(machine, LATER)
        assert machine.shell(f"cat {FILE}") == original + ADDITION
        install(machine, CURRENT)
        assert machine.shell(f"cat {FILE}") == original
        print("without an edit, each version brings its own file")
        machine.write(FILE, LOCAL)
        install(machine, LATER)
        kept = machine.shell(f"cat {FILE}")
        beside = machine.shell(f"tail -1 {FILE}.dpkg-dist")
        line = machine.shell("/usr/sbin/echoscpd --dump-config | grep ^ae-title").strip()
        print(f"with an edit, the file is kept, and the new one is put next to it ({beside.strip()}): {line}")
        assert kept == LOCAL and beside == ADDITION
        assert line.startswith("ae-title = LOCAL") and f"{FILE}:3" in line
    finally:
        machine.write(FILE, original)
        install(machine, CURRENT)
