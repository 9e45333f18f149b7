"""The shared memory for incomplete PDUs, filled by strangers: a device whose request comes in two pieces
is still served, and the log names the stranger."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

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
"""The PDU-length of the longest A-ASSOCIATE-RQ that is accepted."""
UNFINISHED = pdu(ASSOCIATE_RQ, bytes(LARGEST))[:-1]
UNFINISHED_MESSAGE = p_data(pdv(bytes(16_000), last=False))[:-1]
CULPRIT = "127.41.0.1"
DEVICES = [f"127.42.0.{number}" for number in range(1, 13)]


def fill_with_requests(scp: Daemon, count: int) -> list[Peer]:
    """Sends requests of the maximum length without their last byte."""
    crowd = [scp.connect(source=CULPRIT) for _ in range(count)]
    for peer in crowd:
        with suppress(OSError):
            peer.send(UNFINISHED)
    return crowd


def fill_with_messages(scp: Daemon, count: int) -> list[Peer]:
    """Makes associations that send a P-DATA-TF of nearly 16 KiB without its last byte."""
    crowd = [scp.connect(source=CULPRIT) for _ in range(count)]
    for peer in crowd:
        peer.associate()
        with suppress(OSError):
            peer.send(UNFINISHED_MESSAGE)
    return crowd


def are_accepted(scp: Daemon, *requests: bytes, count: int = len(DEVICES)) -> None:
    """`count` devices send the second half of a request 0.2 s after the first, and must be served."""
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


def test_the_longest_request(echoscpd: Start, journal: Journal) -> None:
    """A longer request is aborted as soon as its header has arrived."""
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    longest, longer = scp.connect(), scp.connect()
    longest.send(header(ASSOCIATE_RQ, LARGEST))
    longer.send(header(ASSOCIATE_RQ, LARGEST + 1))
    assert longer.receive() == ABORTED
    assert longest.silent_for(0.1)
    entry = journal.wait_for(ECHOSCP_CAUSE="request-too-long", DICOM_REASON="A-ABORT 0/0")
    assert bytes.fromhex(entry["DICOM_PDU"][0]) == header(ASSOCIATE_RQ, LARGEST + 1)


@pytest.mark.parametrize("workers", ["1", "4"])
@pytest.mark.parametrize(("count", "memory"), [(40, "4M"), (200, "4M"), (200, "32M")])
def test_unfinished_requests(
    echoscpd: Start, journal: Journal, count: int, memory: str, workers: str
) -> None:
    """Small requests have their own memory; for large ones, the largest buffer gives way."""
    scp = _start(echoscpd, journal, memory, workers)
    fill_with_requests(scp, count)
    are_accepted(scp, MODALITY)
    # While the buffers still grow, a device may have the largest one.
    # It is busy until the journal has all its records.
    is_quiet = wait_until(lambda: journal.read() is not None and is_idle(scp, 0.1))
    assert is_quiet, "the program does not become idle"
    are_accepted(scp, MODALITY, ARCHIVE)
    _only_culprits_are_named(journal)


@pytest.mark.parametrize("workers", ["1", "4"])
@pytest.mark.parametrize(("count", "memory"), [(400, "4M"), (2400, "32M")])
def test_unfinished_messages(
    echoscpd: Start, journal: Journal, count: int, memory: str, workers: str
) -> None:
    """Small requests have their own memory. A large one needs more than any of the messages has, so it
    must wait until they are five seconds old."""
    scp = _start(echoscpd, journal, memory, workers)
    fill_with_messages(scp, count)
    are_accepted(scp, MODALITY)
    _only_culprits_are_named(journal)
    if (count, workers) == (400, "1"):
        time.sleep(5)
        are_accepted(scp, ARCHIVE, count=1)
        _only_culprits_are_named(journal)


def _start(echoscpd: Start, journal: Journal, memory: str, workers: str) -> Daemon:
    return echoscpd(
        "--workers", workers, "--partial-pdu-memory", memory, "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip


def _only_culprits_are_named(journal: Journal) -> None:
    journal.wait_for(ECHOSCP_CAUSE="partial-pdu-memory", DICOM_PEER_ADDRESS=CULPRIT)
    warned = [entry.get("DICOM_PEER_ADDRESS") for entry in journal.find(PRIORITY="4")]
    assert not any([device] in warned for device in DEVICES), warned
