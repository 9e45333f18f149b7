"""What the kernel keeps for the program's connections, as ss(8) shows it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

import pytest

from peer import PATIENCE


@dataclass(frozen=True)
class Connection:
    """The program's end of a connection, whether the program still has it or not."""

    state: str
    """In words of ss: ESTAB, FIN-WAIT-1 and so on."""
    unread: int
    """Bytes that came and were not received yet."""
    unacknowledged: int
    """Bytes that were sent, or wait to be, and are not acknowledged yet."""
    memory: int
    """What is charged for both, in bytes."""
    taken: int
    """Bytes that the program has received so far."""
    peer: str
    """Address and port of the other end."""


def connections(port: int) -> list[Connection]:
    """All that begin at `port`, but for those that only wait for the other end to close, or for
    stray segments."""
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
        # Received (r), allocated ahead (f), to be sent (w), and not looked at yet (bl).
        charged = dict(re.findall(r"([a-z]+)(\d+)", line.partition("skmem:")[2].partition(")")[0]))
        memory = sum(int(charged.get(name, 0)) for name in ("r", "f", "w", "bl"))
        came = re.search(r"\bbytes_received:(\d+)", line)
        taken = int(came[1] if came else 0) - int(unread)
        found.append(Connection(state, int(unread), int(unacknowledged), memory, taken, peer))
    return found


def kernel_memory(port: int) -> int:
    """What all of them together are charged, in bytes."""
    return sum(one.memory for one in connections(port))


def states(port: int) -> list[str]:
    return sorted(one.state for one in connections(port))
