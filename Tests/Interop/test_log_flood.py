"""Floods of records: the journal stays readable, its counts are exact, and failures of known devices still
get their own records."""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from collections.abc import Callable

import pytest

from daemon import Daemon, wait_until
from journal import Entry, Journal, occurrences
from peer import SLACK, Peer
from upper_layer import WRONG_VERSION
from wire import associate_rq

Start = Callable[..., Daemon]

COMMON, RESERVE, ADDRESS = 3000, 1000, 600
"""The tokens of all strangers, of known devices, and of one address."""
CT1, CT2 = "127.81.0.1", "127.82.0.1"


def _start(echoscpd: Start, journal: Journal, *options: str) -> Daemon:
    scp = echoscpd("--log-target", "journal", *options, wrapper=journal.wrapper)
    _echo(scp, CT1, "CT1")
    assert wait_until(lambda: any("DICOM_ECHOES" in entry for entry in journal.read()))
    return scp


def _echo(scp: Daemon, source: str, calling: str) -> None:
    with Peer(scp.port, source=source) as peer:
        peer.associate(calling=calling)
        peer.echo()
        peer.release()


def _fail(scp: Daemon, source: str, calling: str) -> None:
    with Peer(scp.port, source=source) as peer:
        peer.send(associate_rq(version=2, calling=calling))
        assert peer.receive() == WRONG_VERSION


def _sum(entries: list[Entry], cause: str | None = None) -> int:
    """The number of records of a cause, with repeated ones counted as often as they occurred."""
    return occurrences(
        [
            entry
            for entry in entries
            if entry.get("ECHOSCP_CAUSE") == (None if cause is None else [cause])
            and ("DICOM_ECHOES" in entry or cause is not None)
        ]
    )


def _heard(journal: Journal, calling: str) -> bool:
    """Whether a failure of the device gets its own record; this journal first has to read those before it, a
    few at a time."""
    return wait_until(
        lambda: any(
            entry.get("DICOM_CALLING_AE") == [calling]
            and entry["PRIORITY"] == ["4"]
            and "ECHOSCP_REPEATED" not in entry
            for entry in journal.read()
        ),
        10 + SLACK,
    )


def _sources(number: int) -> str:
    return f"127.90.{number // 250}.{number % 250 + 1}"


FLOODS = {
    "of one address": (2000, lambda number: ("127.83.0.1", "EVIL"), 1),
    "of titles": (2000, lambda number: ("127.83.0.1", f"E{number}"), 33),
    "of addresses": (4500, lambda number: (_sources(number), "EVIL"), COMMON + 200),
    "of kinds": (
        6000,
        lambda number: (_sources(number // 30), f"E{number % 30}"),
        COMMON + 200,
    ),
}
"""The number of failures, the address and title of each, and the most records they may make."""


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_flood_of_failures(
    echoscpd: Start, journal: Journal, flood: tuple[int, Callable[[int], tuple[str, str]], int]
) -> None:
    count, who, most = flood
    scp = _start(echoscpd, journal)
    for number in range(count):
        _fail(scp, *who(number))
        if number % 100 == 0:
            journal.read()
    _fail(scp, CT1, "CT1")
    assert _heard(journal, "CT1"), "a device that is known"
    if most < COMMON:
        _fail(scp, CT2, "CT2")
        assert _heard(journal, "CT2"), "a stranger, whose budget lasts"
    told = len(journal.read())
    journal.read_until_it_stops(scp)
    failures = count + (2 if most < COMMON else 1)
    print(f"{failures} failures in {told} records, {len(journal.entries)} with the sums")
    assert told <= most + 20
    assert _sum(journal.entries, "protocol-version") == failures
    largest = [value for entry in journal.entries for value in entry.get("ECHOSCP_LARGEST", [])]
    assert len(largest) == (3 if most > COMMON else 0)


def test_flood_of_successes(echoscpd: Start, journal: Journal) -> None:
    """In a minute, ten echoes of each device get records, then one record has their count and echoes."""
    scp = _start(echoscpd, journal)
    for _ in range(500):
        _echo(scp, CT2, "CT2")
    _fail(scp, CT1, "CT1")
    assert _heard(journal, "CT1")
    journal.read_until_it_stops(scp)
    told = [entry for entry in journal.entries if entry.get("DICOM_CALLING_AE") == ["CT2"]]
    assert Counter("ECHOSCP_REPEATED" in entry for entry in told) == {False: 10, True: 1}
    assert sum(int(entry["DICOM_ECHOES"][0]) for entry in told) == 500
    assert _sum(journal.entries) == 501


def test_health_checks(echoscpd: Start, journal: Journal) -> None:
    """The first of an address is logged at once, those of the following hour as a count."""
    scp = _start(echoscpd, journal)
    for _ in range(300):
        Peer(scp.port, source=CT2).close()
    assert wait_until(lambda: journal.find(ECHOSCP_CAUSE="health-check"), SLACK)
    journal.read_until_it_stops(scp)
    mine = journal.find(ECHOSCP_CAUSE="health-check", DICOM_PEER_ADDRESS=CT2)
    assert [entry.get("ECHOSCP_REPEATED") for entry in mine] == [None, ["299"]]
    assert {entry["PRIORITY"][0] for entry in mine} == {"6"}


def test_flood_at_debug(echoscpd: Start, journal: Journal) -> None:
    """Each step gets a record while the budget lasts; later ones are counted."""
    scp = _start(echoscpd, journal, "-ll", "debug")
    for number in range(1000):
        _fail(scp, "127.83.0.1", "EVIL")
        if number % 20 == 0:
            journal.read()
    journal.read_until_it_stops(scp)
    about = [e for e in journal.entries if e.get("DICOM_PEER_ADDRESS") == ["127.83.0.1"]]
    print(f"{len(about)} records")
    assert len(about) <= ADDRESS + 20
    assert _sum(journal.entries, "protocol-version") == 1000


def _replace(journal: Journal) -> None:
    """Restarts the journal."""
    os.unlink(journal.directory / "socket")
    journal.listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    journal.listener.bind(str(journal.directory / "socket"))
    journal.listener.setblocking(False)


def test_journal_that_is_started_again(echoscpd: Start, journal: Journal) -> None:
    """No record written meanwhile is lost."""
    scp = _start(echoscpd, journal)
    journal.listener.close()
    for number in range(200):
        _fail(scp, _sources(number), "CT2")
    _replace(journal)
    assert wait_until(lambda: _sum(journal.read(), "protocol-version") == 200, 2 + SLACK)
    assert _sum(journal.entries, "records-dropped") == 0
    journal.read_until_it_stops(scp)


def test_journal_that_is_away(echoscpd: Start, journal: Journal) -> None:
    """The records lost meanwhile are counted in one record."""
    scp = _start(echoscpd, journal)
    journal.listener.close()
    for number in range(200):
        _fail(scp, _sources(number), "CT2")
    time.sleep(12)
    _replace(journal)
    _fail(scp, CT1, "CT1")
    assert _heard(journal, "CT1")
    assert wait_until(lambda: _sum(journal.read(), "records-dropped") == 200, 2 + SLACK)
    (dropped,) = journal.find(ECHOSCP_CAUSE="records-dropped")
    assert dropped["PRIORITY"] == ["4"]
    journal.read_until_it_stops(scp)
