"""HAProxy in front of servers on this machine, as a child process, and what it says about them."""

from __future__ import annotations

import csv
import io
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from daemon import free_port, wait_until
from peer import PATIENCE, SLACK


@dataclass
class Balancer:
    """A running HAProxy."""

    stats: Path
    port: int

    def ask(self, command: str) -> str:
        """The answer to a command at the stats socket."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(str(self.stats))
            connection.sendall(f"{command}\n".encode())
            with connection.makefile("rb") as file:
                return file.read().decode()

    def servers(self) -> dict[str, dict[str, str]]:
        """The statistics of each server, by its name."""
        text = self.ask("show stat nodes 4 -1").removeprefix("# ")
        return {row["svname"]: row for row in csv.DictReader(io.StringIO(text))}


@contextmanager
def run_balancer(
    program: str, folder: Path, servers: Mapping[str, str], check: str
) -> Iterator[Balancer]:
    """Runs HAProxy with `check` and these servers, each with its part of the line."""
    balancer = Balancer(folder / "stats", free_port())
    lines = "\n".join(f"  server {name} 127.0.0.1:{rest}" for name, rest in servers.items())
    (folder / "haproxy.cfg").write_text(
        f"global\n  stats socket {balancer.stats} level admin\n"
        f"defaults\n  mode tcp\n  timeout connect 2s\n  timeout client 9s\n  timeout server 9s\n"
        f"  timeout check {3000 + int(1000 * SLACK)}ms\n"
        f"listen nodes\n  bind 127.0.0.1:{balancer.port}\n  balance leastconn\n{check}"
        f"  default-server check inter 400ms fall 1 rise 1\n{lines}\n"
    )
    with (folder / "haproxy.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-db", "-f", str(folder / "haproxy.cfg")], stdout=log, stderr=log
        )
    try:
        assert wait_until(balancer.stats.exists), (folder / "haproxy.log").read_text()
        # It answers once it has opened all ports.
        balancer.ask("show info")
        yield balancer
    finally:
        process.kill()
        process.wait(PATIENCE)
