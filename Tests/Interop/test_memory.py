"""The memory in user space of an idle association."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import LIMITS, SANITIZER, Daemon
from peer import PATIENCE

MOST_FOR_AN_ASSOCIATION = 514
"""The limit in bytes: 512 for the association itself, and its share of what the process rounds up."""

Start = Callable[..., Daemon]


def _anonymous_memory(scp: Daemon) -> int:
    """Its resident anonymous memory in bytes."""
    status = Path(f"/proc/{scp.pid}/status").read_text()
    found = re.search(r"^RssAnon:\s+(\d+) kB", status, re.MULTILINE)
    assert found, status
    return 1024 * int(found[1])


def _while_open(scp: Daemon, count: int) -> int:
    """Its memory while `count` associations are idle after one echo each."""
    command = [os.environ["ECHOBENCH"], "idle", "--clients", str(count), "--hold", "--sources", "8"]
    bench = subprocess.Popen(
        [*command, "--json", "127.0.0.1", str(scp.port)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert bench.stdin and bench.stdout
    try:
        opened = json.loads(bench.stdout.readline())
        assert opened["open"] == count
        memory = _anonymous_memory(scp)
        bench.stdin.close()
        report = json.loads(bench.stdout.readline())
        assert report["operations"] == 2 * count and report["error_total"] == 0, report
        assert bench.wait(PATIENCE) == 0
    finally:
        bench.kill()
        bench.wait()
    return memory


def test_memory_of_an_idle_association(echoscpd: Start) -> None:
    if SANITIZER or "ECHOBENCH" not in os.environ:
        pytest.skip("no echobench, or a sanitizer, which uses additional memory")
    few, many = 1000, 10_000
    if LIMITS[1] < many + 100:
        pytest.skip(f"the hard limit of descriptors is {LIMITS[1]}")
    scp = echoscpd("--workers", "1")
    before = _while_open(scp, few)
    each = (_while_open(scp, many) - before) / (many - few)
    print(f"{each:.0f} bytes for an idle association")
    assert each <= MOST_FOR_AN_ASSOCIATION
