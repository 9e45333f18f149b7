"""The files of a machine at one moment, to compare with another."""

from __future__ import annotations

from machine import Machine

_PASSED_OVER = (
    "/proc", "/sys", "/tmp", "/var/tmp", "/debs", "/var/log", "/var/cache", "/var/lib/apt",
    "/var/lib/dpkg", "/var/lib/systemd/catalog/database", "/etc/ld.so.cache",
)  # fmt: skip
"""Paths that the system and its package manager write to on their own."""


class Inventory:
    """The names of all files, and the checksums of those in /etc, /usr and /var/lib."""

    def __init__(self, machine: Machine) -> None:
        pruned = " -o ".join(f"-path {path}" for path in _PASSED_OVER)
        found = machine.shell(
            f"find / -xdev \\( {pruned} \\) -prune -o -print; find /run -name '*echosc*'"
        )
        self.files = set(found.splitlines())
        sums = machine.shell(
            f"find /etc /usr /var/lib \\( {pruned} \\) -prune -o -type f -print0 | xargs -0 md5sum"
        )
        self.contents = {
            name: digest for digest, _, name in (x.partition("  ") for x in sums.splitlines())
        }

    def new_in(self, later: Inventory) -> list[str]:
        return sorted(later.files - self.files)

    def changed_in(self, later: Inventory) -> list[str]:
        """Files whose contents have changed or that are gone."""
        return sorted(
            name for name, digest in self.contents.items() if later.contents.get(name) != digest
        )
