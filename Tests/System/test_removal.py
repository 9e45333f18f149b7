"""The end of the package: removed, then purged."""

from __future__ import annotations

from daemon import echo, refused
from inventory import Inventory
from machine import NOT_ENABLED, SERVICE, SOCKETS, Machine


def test_remove_stops_all(machine: Machine) -> None:
    machine.systemctl("enable", "--now", *NOT_ENABLED)
    echo(11112)
    echo(104)
    others = 2762, 11113, 2763
    assert not any(refused(port) for port in others)
    machine.run("apt-get", "remove", "--yes", "echoscpd")
    assert all(refused(port) for port in (11112, 104, *others))
    assert machine.pid() == 0
    for unit in *SOCKETS, SERVICE:
        state = machine.systemctl("is-active", unit, check=False)
        assert state in ("inactive", "unknown"), (unit, state)
    kept = machine.shell("ls -d /etc/echoscp.conf*").split()
    print(f"removed: all ports are closed, no daemon runs; kept: {' '.join(kept)}")
    assert "/etc/echoscp.conf" in kept


def test_purge_leaves_nothing(installed: Machine, before: Inventory) -> None:
    # An edited file is removed, too, with the copies that dpkg has put next to it.
    installed.write("/etc/echoscp.conf", "[network]\nae-title = LOCAL\n")
    installed.run("apt-get", "purge", "--yes", "echoscpd")
    after = Inventory(installed)
    new, changed = before.new_in(after), before.changed_in(after)
    catalogue = installed.run("journalctl", "--list-catalog", check=False).stdout
    print(f"purged: {len(before.files)} files before the installation, {len(after.files)} now; "
          f"new: {new}, changed: {changed}; entries left in the catalog: "
          f"{catalogue.count('echoscpd')}")  # fmt: skip
    assert (new, changed) == ([], [])
    assert catalogue and "echoscpd" not in catalogue
