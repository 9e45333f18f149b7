"""As many peers as the unit admits send a little and do not read: they take little kernel memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daemon import LIMITS, Daemon, echo, wait_until
from footprint import KIB, MIB
from unread import Cost, connect_without_reading, stuff
from wire import echo_rq

COUNT = 16_000
MOST = 40 * MIB


def test_16000_with_little_to_read(echoscpd: Callable[..., Daemon]) -> None:
    """Each sends 24 KiB of echoes at once."""
    if LIMITS[1] < COUNT + 1000:
        pytest.skip(f"the hard limit of descriptors is {LIMITS[1]}, for {COUNT} connections")
    scp = echoscpd("--max-associations", str(COUNT), "-tn", "120")
    cost = Cost(scp)
    sources = [f"127.50.2.{number}" for number in range(1, 201)]
    crowd = connect_without_reading(scp, sources, COUNT)
    stuff(crowd, 24 * KIB // len(echo_rq()), seconds=20)
    wait_until(lambda: cost.kernel < MOST, 2)
    print(f"{cost.kernel / MIB:.1f} MiB in the kernel, {cost.both / MIB:.1f} MiB with the program's")
    assert cost.kernel < MOST
    echo(scp.port)
