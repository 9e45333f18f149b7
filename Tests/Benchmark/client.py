"""The load generator as a process, with a time limit."""

from __future__ import annotations

import json
import select
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import ASSOCIATE
from host import Cores
from running import Trouble, end, on

AT_A_TIME = 32
LONGEST_WAIT = 30.0
SOURCES = 16
"""The number of source addresses of associations. A port cannot be reused for a second, in which one address
would run out of ports; the system then takes longer to find a free one than an association takes."""
PORTS = 20_000
"""The most connections from one address, for which the system has 28,000 ports."""


@dataclass(frozen=True)
class Client:
    """`echobench`, pinned to its core."""

    program: Path
    cores: Cores

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(self.program), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Unbuffered, so that no line waits in a buffer that select does not see.
            bufsize=0,
            preexec_fn=on(self.cores.client),
        )

    def run(
        self, mode: str, port: int, *, clients: int, seconds: float, warm_up: float, patience: float,
        options: Sequence[str] = (),
    ) -> dict[str, Any]:  # fmt: skip
        """Runs a load and returns its report, which counts failures of the server among the errors."""
        process = self._start(
            mode, "--json", "--quiet",
            "--clients", str(clients),
            "--duration", f"{seconds:g}",
            "--warm-up", f"{warm_up:g}",
            "--timeout", f"{patience:g}",
            "--sources", str(SOURCES if mode == ASSOCIATE else 0),
            *options,
            "127.0.0.1", str(port),
        )  # fmt: skip
        # It opens this many associations at a time, and may have to wait for the last of each batch.
        waits = min(LONGEST_WAIT, patience * (3 + clients / AT_A_TIME))
        within = seconds + warm_up + waits + 5
        try:
            output, error = process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            raise Trouble(f"not all associations were accepted and answered within {within:.0f} s") from None
        finally:
            end(process)
        return _report(output, error)


class Idle:
    """`with Idle(client, port, 1000) as idle:` holds 1000 idle associations open."""

    def __init__(self, client: Client, port: int, count: int, within: float) -> None:
        self._within = within
        self._process = client._start(
            "idle", "--json", "--quiet", "--hold",
            "--clients", str(count),
            "--sources", str(count // PORTS and count // PORTS + 1),
            "--timeout", f"{within:g}",
            "127.0.0.1", str(port),
        )  # fmt: skip
        self.count = count

    def __enter__(self) -> Idle:
        try:
            self._wait_until_open()
        except BaseException:
            self._process.kill()
            end(self._process)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        end(self._process)

    def _wait_until_open(self) -> None:
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], self._within)
        if not ready:
            raise Trouble(f"{self.count} associations were not open after {self._within:.0f} s")
        report = json.loads(self._process.stdout.readline() or b"{}")
        if report.get("event") != "open" or report.get("open") != self.count:
            errors = report.get("errors") or {}
            raise Trouble(
                f"{report.get('open', 0)} of {self.count} associations were opened"
                + "".join(f"; {kind}: {number}" for kind, number in errors.items())
            )

    def finish(self) -> dict[str, Any]:
        """Makes each association echo again and release, and returns the report."""
        begin = time.monotonic()
        try:
            output, error = self._process.communicate(timeout=2 * self._within)
        except subprocess.TimeoutExpired:
            passed = time.monotonic() - begin
            raise Trouble(f"{self.count} echoes were not answered in {passed:.0f} s") from None
        return _report(output, error)


def _report(output: bytes, error: bytes) -> dict[str, Any]:
    lines = output.decode().splitlines()
    try:
        report = json.loads(lines[-1])
    except (IndexError, json.JSONDecodeError):
        text = error.decode(errors="replace").strip() or "no report"
        raise Trouble(f"the load generator: {text.splitlines()[-1]}") from None
    assert isinstance(report, dict)
    return report
