"""The same operation a hundred thousand or a million times: memory must not grow."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from abuse import flood
from daemon import Daemon, echo
from footprint import KIB, MIB, growth, resident, settle
from known_failures import answer, caught
from replies import ABORTED, Abort, AssociateAC, AssociateRJ
from test_known_failures_requests import SUB_ITEMS
from test_malformed_requests import MALFORMED, in_user_information
from wire import associate_rq, u16

Start = Callable[..., Daemon]

MILLION, MANY = 1_000_000, 100_000
FLAT = 1 * MIB
"""The allowed growth for any number of operations: the allocator's arenas and the log's queues fill up."""


@contextmanager
def stays_flat(scp: Daemon, count: int, name: str) -> Iterator[None]:
    """Checks that `count` operations in the block leak neither memory nor descriptors."""
    echo(scp.port)
    descriptors, before = scp.settled_descriptors(), resident(scp)
    begin = time.monotonic()
    with growth(scp) as grown:
        yield
        passed = time.monotonic() - begin
        settle(scp, descriptors)
    print(
        f"{count} {name} in {passed:.0f} s: {before // KIB} KiB resident before,"
        f" {(before + grown.left) // KIB} KiB after, {scp.cpu_seconds():.1f} s of CPU"
    )
    echo(scp.port)
    assert grown.left <= FLAT, f"memory grew by {grown.left} bytes"


@caught("CVE-2026-50254", "CVE-2026-35505")
@pytest.mark.parametrize("kind", ["close", "reset"])
def test_a_million_connections(echoscpd: Start, caught: str, kind: str) -> None:
    """Each connection leaked memory in servers with a single process."""
    scp = echoscpd()
    with stays_flat(scp, MILLION, f"connections, each with a {kind}"):
        with flood(scp, kind, 1, str(MILLION)) as running:
            running.wait()
        assert running.done["opened"] == MILLION and running.done["refused"] == 0


@caught("CVE-2022-43272")
def test_many_associations(echoscpd: Start, caught: str) -> None:
    """Each association leaked memory in servers with a single process."""
    scp = echoscpd()
    command = [os.environ["ECHOBENCH"], "associate", "--count", str(MANY), "--sources", "20"]
    with stays_flat(scp, MANY, "associations"):
        done = subprocess.run(
            [*command, "--json", scp.host, str(scp.port)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=True,
        )  # fmt: skip
        assert json.loads(done.stdout)["operations"] == MANY


@caught("CVE-2026-50254", "CVE-2026-35505")
def test_many_rejected_requests(echoscpd: Start, caught: str) -> None:
    """Each rejected request leaked memory in servers with a single process."""
    scp = echoscpd()
    request = associate_rq(version=2)
    with stays_flat(scp, MANY, "rejected requests"):
        for _ in range(MANY):
            assert answer(scp, request) == AssociateRJ(1, 2, 2)


@caught("CVE-2021-41687")
def test_many_malformed_requests(echoscpd: Start, caught: str) -> None:
    """The items parsed before an error were never freed."""
    scp = echoscpd()
    requests = [associate_rq(*items) for items in MALFORMED.values()]
    with stays_flat(scp, MANY, "malformed requests"):
        for number in range(MANY):
            assert answer(scp, requests[number % len(requests)]) == ABORTED


@caught("DCMTK-942")
@pytest.mark.parametrize("name", SUB_ITEMS)
def test_sub_item_of_each_length_there_is(echoscpd: Start, caught: str, name: str) -> None:
    """All 65,536 lengths, of the sub-item and, if it has one, of its first inner length."""
    scp = echoscpd()
    sub_item = SUB_ITEMS[name]
    places = [2, 4] if name in ("54H", "56H", "57H") else [2]
    with stays_flat(scp, len(places) << 16, "lengths"):
        for at in places:
            for length in range(1 << 16):
                lie = sub_item[:at] + u16(length) + sub_item[at + 2 :]
                reply = answer(scp, associate_rq(*in_user_information(lie)))
                if length > len(sub_item) - at - 2:
                    assert reply == ABORTED, f"length {length}"
                else:
                    assert isinstance(reply, AssociateAC | Abort), f"length {length}"
