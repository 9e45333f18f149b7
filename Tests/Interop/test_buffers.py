"""One pot for what comes in pieces, and strangers that fill it: a device whose request comes in two
pieces is served all the same, and who filled the pot is named."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from daemon import Daemon, wait_until
from footprint import is_idle
from journal import Journal
from peer import Peer
from places import ask
from proposals import ARCHIVE, MODALITY
from replies import ABORTED, AssociateAC
from upper_layer import header
from wire import ASSOCIATE_RQ, p_data, pdu, pdv

Start = Callable[..., Daemon]

LARGEST = 256 << 10
"""The PDU-length of the longest A-ASSOCIATE-RQ that is taken."""
UNFINISHED = pdu(ASSOCIATE_RQ, bytes(LARGEST))[:-1]
UNFINISHED_MESSAGE = p_data(pdv(bytes(16_000), last=False))[:-1]
CULPRIT = "127.41.0.1"
DEVICES = [f"127.42.0.{number}" for number in range(1, 13)]


def fill_with_requests(scp: Daemon, count: int) -> list[Peer]:
    """Requests of the largest length, of which the last byte never comes."""
    crowd = [scp.connect(source=CULPRIT) for _ in range(count)]
    for peer in crowd:
        with suppress(OSError):
            peer.send(UNFINISHED)
    return crowd


def fill_with_messages(scp: Daemon, count: int) -> list[Peer]:
    """Associations inside a P-DATA-TF of nearly 16 KiB, of which the last byte never comes."""
    crowd = [scp.connect(source=CULPRIT) for _ in range(count)]
    for peer in crowd:
        peer.associate()
        with suppress(OSError):
            peer.send(UNFINISHED_MESSAGE)
    return crowd


def are_accepted(scp: Daemon, *requests: bytes, count: int = len(DEVICES)) -> None:
    """So many devices send the second half of a request 0.2 s after the first."""
    devices = []
    for number, source in enumerate(DEVICES[:count]):
        octets = requests[number % len(requests)]
        device = scp.connect(source=source)
        device.send(octets[: len(octets) // 2])
        devices.append((device, octets[len(octets) // 2 :]))
    devices[-1][0].silent_for(0.2)
    for device, rest in devices:
        assert isinstance(reply := ask(device, rest), AssociateAC), f"a device heard {reply}"
        device.echo()
        device.release()


def test_the_longest_request(echoscpd: Start) -> None:
    """One that is longer is aborted as soon as its header says so."""
    scp = echoscpd()
    longest, longer = scp.connect(), scp.connect()
    longest.send(header(ASSOCIATE_RQ, LARGEST))
    longer.send(header(ASSOCIATE_RQ, LARGEST + 1))
    assert longer.receive() == ABORTED
    assert longest.silent_for(0.1)
    scp.wait_for_line(f"A-ASSOCIATE-RQ of {LARGEST + 1} bytes; at most {LARGEST} are taken")


@pytest.mark.parametrize("workers", ["1", "4"])
@pytest.mark.parametrize(("count", "memory"), [(40, "4M"), (200, "4M"), (200, "32M")])
def test_unfinished_requests(echoscpd: Start, count: int, memory: str, workers: str) -> None:
    """Small requests have memory of their own; for large ones the largest buffer gives way."""
    scp = echoscpd("--workers", workers, "--partial-pdu-memory", memory)
    fill_with_requests(scp, count)
    are_accepted(scp, MODALITY)
    # As long as one of them grows, it may be a device that has the largest buffer.
    assert wait_until(lambda: is_idle(scp, 0.1)), "all of it was taken"
    are_accepted(scp, MODALITY, ARCHIVE)
    _only_culprits_are_named(scp)


@pytest.mark.parametrize("workers", ["1", "4"])
@pytest.mark.parametrize(("count", "memory"), [(400, "4M"), (2400, "32M")])
def test_unfinished_messages(echoscpd: Start, count: int, memory: str, workers: str) -> None:
    """Small requests have memory of their own. A large one asks for more than any of those has, and
    so it has to wait until they are five seconds old."""
    scp = echoscpd("--workers", workers, "--partial-pdu-memory", memory)
    fill_with_messages(scp, count)
    are_accepted(scp, MODALITY)
    _only_culprits_are_named(scp)
    if (count, workers) == (400, "1"):
        time.sleep(5)
        are_accepted(scp, ARCHIVE, count=1)
        _only_culprits_are_named(scp)


def _only_culprits_are_named(scp: Daemon) -> None:
    assert wait_until(lambda: [line for line in scp.warnings() if f" {CULPRIT}:" in line])
    for line in scp.warnings():
        assert not any(f" {device}:" in line for device in DEVICES), line


@pytest.mark.parametrize(
    ("fill", "count"), [(fill_with_requests, 40), (fill_with_messages, 400)]
)
def test_the_journal_has_a_cause_of_its_own(
    echoscpd: Start, tmp_path: Path, fill: Callable[[Daemon, int], list[Peer]], count: int
) -> None:
    journal = Journal(tmp_path / "journal")
    scp = echoscpd(
        "--workers", "1", "--partial-pdu-memory", "4M", "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip
    fill(scp, count)
    are_accepted(scp, MODALITY)

    def named() -> set[str]:
        return {
            entry["DICOM_PEER_ADDRESS"][0]
            for entry in journal.read()
            if entry.get("ECHOSCP_CAUSE") == ["partial-pdu-memory"]
        }

    assert wait_until(named)
    assert named() == {CULPRIT}
