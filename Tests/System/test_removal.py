"""The end of the package: removed, then purged."""

from __future__ import annotations

from conftest import files
from daemon import echo, refused
from machine import SERVICE, Machine


def test_remove_stops_all(machine: Machine) -> None:
    machine.systemctl("enable", "--now", "echoscpd-privileged.socket")
    echo(11112)
    echo(104)
    machine.run("apt-get", "remove", "--yes", "echoscpd")
    assert refused(11112) and refused(104)
    assert machine.pid() == 0
    for unit in "echoscpd.socket", "echoscpd-privileged.socket", SERVICE:
        state = machine.systemctl("is-active", unit, check=False)
        assert state in ("inactive", "unknown"), (unit, state)
    kept = machine.shell("ls -d /etc/echoscp.conf*").split()
    print(f"removed: both ports are closed; kept: {kept}")
    assert "/etc/echoscp.conf" in kept


def test_purge_leaves_nothing(installed: Machine, files_before: list[str]) -> None:
    installed.run("apt-get", "purge", "--yes", "echoscpd")
    left = sorted(set(files(installed)) - set(files_before))
    ours = [path for path in left if "echosc" in path]
    catalogue = installed.run("journalctl", "--list-catalog", check=False).stdout
    print(f"purged: {len(ours)} files left, catalogue entries left: {catalogue.count('echoscpd')}")
    assert ours == []
    assert "echoscpd" not in catalogue
    assert not [path for path in left if path.startswith(("/etc", "/usr", "/lib", "/var/lib"))]
