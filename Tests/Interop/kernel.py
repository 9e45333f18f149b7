"""The kernel's state and memory for the program's connections, as ss(8) shows them."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

import pytest

from peer import PATIENCE


@dataclass(frozen=True)
class Connection:
    """The program's end of a connection, whether or not the program still has it open."""

    state: str
    """The state as ss names it: ESTAB, FIN-WAIT-1 and so on."""
    unread: int
    """Bytes that have arrived and that the program has not read yet."""
    unacknowledged: int
    """Bytes that are sent, or queued to be sent, and not acknowledged yet."""
    memory: int
    """The bytes of kernel memory charged for both."""
    taken: int
    """Bytes that the program has read so far."""
    peer: str
    """Address and port of the other end."""


def connections(port: int) -> list[Connection]:
    """All connections with local port `port`, except those in FIN-WAIT-2 or TIME-WAIT, which only wait for
    the other end to close or for stray segments."""
    program = shutil.which("ss")
    if program is None:
        pytest.skip("ss is not installed (Debian package iproute2)")
    done = subprocess.run(
        [program, "-tiamnOH", f"sport = :{port}"],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    found = []
    for line in done.stdout.splitlines():
        state, unread, unacknowledged, _, peer = line.split()[:5]
        if state in ("LISTEN", "TIME-WAIT", "FIN-WAIT-2"):
            continue
        # Received (r), allocated ahead (f), to be sent (w), and in the backlog (bl).
        charged = dict(re.findall(r"([a-z]+)(\d+)", line.partition("skmem:")[2].partition(")")[0]))
        memory = sum(int(charged.get(name, 0)) for name in ("r", "f", "w", "bl"))
        came = re.search(r"\bbytes_received:(\d+)", line)
        taken = int(came[1] if came else 0) - int(unread)
        found.append(Connection(state, int(unread), int(unacknowledged), memory, taken, peer))
    return found


def kernel_memory(port: int) -> int:
    """The bytes of kernel memory charged for all connections of `port` together."""
    return sum(one.memory for one in connections(port))


def states(port: int) -> list[str]:
    return sorted(one.state for one in connections(port))
