"""What somebody could do who has taken over the daemon: inside its own namespaces, as its user."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import threading
from pathlib import Path

from daemon import echo
from machine import Machine

LIBC = ctypes.CDLL(None, use_errno=True)


def test_no_outbound_connection(machine: Machine) -> None:
    echo(11112)
    pid = machine.pid()
    found: dict[str, str] = {}

    def try_all() -> None:
        with open(f"/proc/{pid}/ns/net", "rb") as space:
            assert LIBC.setns(space.fileno(), 0x40000000) == 0
        for host in "127.0.0.1", "::1", "192.0.2.1", "2001:db8::1":
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            with socket.socket(family, socket.SOCK_STREAM) as one:
                one.settimeout(3)
                try:
                    one.connect((host, 11112))
                    found[host] = "connected"
                except OSError as problem:
                    found[host] = os.strerror(problem.errno) if problem.errno else str(problem)

    thread = threading.Thread(target=try_all)
    thread.start()
    thread.join(20)
    print(found)
    assert len(found) == 4
    assert "connected" not in found.values()
    # Not even a socket could be made: the families are not let through by the filter either.
    assert machine.show("RestrictAddressFamilies") == "AF_UNIX"
    interfaces = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]


def test_nothing_is_writable_but_the_runtime_directory(machine: Machine) -> None:
    echo(11112)
    pid = machine.pid()
    status = Path(f"/proc/{pid}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    user, group = fields["Uid"].split()[0], fields["Gid"].split()[0]
    assert user != "0"
    for name in "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb":
        assert int(fields[name], 16) == 0, name
    assert fields["NoNewPrivs"] == "1" and fields["Seccomp"] == "2"
    script = (
        # Every mount but those of the kernel's own files, which hold no folder to write to.
        "for m in $(grep -vE ' - (proc|sysfs|cgroup2?|devpts) ' /proc/self/mountinfo"
        "   | cut -d' ' -f5); do find \"$m\" -xdev -type d 2>/dev/null; done | sort -u |"
        " while read -r d; do"
        '  f="$d/.written"; if (: >"$f") 2>/dev/null; then echo "$d"; rm -f "$f"; fi; done'
    )
    done = subprocess.run(
        ["nsenter", "-t", str(pid), "-m", "-n", "-i", "-p", "-S", user, "-G", group]
        + ["/bin/sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    writable = sorted(set(done.stdout.split()))
    print(f"user {user}, no capability; writable: {writable}")
    assert writable == ["/run/echoscpd"]
