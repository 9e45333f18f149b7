"""When all places are taken, one address cannot take any from the others.

Nothing is promised against more than eight attacking addresses at once. An address with more than an eighth
gives way to those with less; while there is room, one address may take everything.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import Daemon, limit_descriptors, wait_until
from footprint import is_idle
from journal import Journal
from peer import SLACK, Peer
from places import FULL, Knocking, Places, aborted, ask, echo_all, power_on, take_all
from replies import CLOSED, AssociateAC
from timing import EARLY
from wire import associate_rq, echo_command, p_data, pdv

Start = Callable[..., Daemon]

both = pytest.mark.parametrize("workers", ["1", "4"])

# ---------------------------------------------------------------------------------------------
# Connections without an association

PENDING = 64
ATTACKERS = ["127.31.0.1", "127.31.0.2", "127.31.0.3"]
DEVICES = [f"127.32.0.{number}" for number in range(1, 21)]


def _serves(peer: Peer) -> None:
    """Sends the delayed request of a peer, which must be served in full."""
    assert isinstance(reply := ask(peer), AssociateAC), f"an honest peer heard {reply}"
    peer.echo()
    peer.release()
    peer.close()


@both
@pytest.mark.parametrize("addresses", [1, 3])
def test_a_flood_of_connections_costs_nobody_else_a_place(
    echoscpd: Start, workers: str, addresses: int
) -> None:
    """The others keep their places even if their requests are slow to come."""
    scp = echoscpd("--max-pending", str(PENDING), "--workers", workers)
    with Knocking(scp.port, ATTACKERS[:addresses]) as knocking:
        assert wait_until(lambda: knocking.made > 2 * PENDING), "no connections are made"
        honest = [(scp.connect(source=source), knocking.made) for source in DEVICES[:5]]
        assert honest[-1][0].silent_for(0.8), "the last of them was closed"
        for peer, made in honest:
            assert wait_until(lambda made=made: knocking.made > made + 2 * PENDING)
            _serves(peer)


@both
def test_a_flood_within_a_round_trip(echoscpd: Start, workers: str) -> None:
    """While a request is on its way, one address makes twice as many connections as there are places."""
    scp = echoscpd("--max-pending", str(PENDING), "--workers", workers)
    for source in DEVICES[:10]:
        honest = scp.connect(source=source)
        begin = time.monotonic()
        for _ in range(2 * PENDING):
            scp.connect(source=ATTACKERS[0])
        honest.silent_for(max(0.001, begin + 0.05 - time.monotonic()))
        _serves(honest)


def test_without_a_crowd_the_oldest_goes_once_it_is_a_second_old(echoscpd: Start) -> None:
    """Until then, the newcomer is closed. No address here has more than its share."""
    scp = echoscpd("--max-pending", str(PENDING), "--workers", "1")
    begin = time.monotonic()
    crowd = [scp.connect(source=f"127.33.0.{number}") for number in range(1, PENDING + 1)]
    with scp.connect(source=DEVICES[0]) as newcomer:
        assert newcomer.receive(within=SLACK) == CLOSED
    assert all(peer.silent_for(0.001) for peer in crowd)

    def gets_in() -> bool:
        # If it sent its request at once, it would never count as a connection without an association.
        with scp.connect(source=DEVICES[1]) as newcomer:
            return newcomer.silent_for(0.02) and isinstance(ask(newcomer), AssociateAC)

    assert wait_until(gets_in, 1 + SLACK)
    assert time.monotonic() - begin >= 1 - EARLY
    assert crowd[0].receive() == CLOSED
    # For a moment, a connection whose association has ended also counts.
    assert sum(peer.silent_for(0.001) for peer in crowd[1:]) >= PENDING - 3


# ---------------------------------------------------------------------------------------------
# Associations

DESCRIPTORS = 400
HOARDER = "127.34.0.1"


def _start(echoscpd: Start, workers: str, *options: str, **arguments: object) -> Daemon:
    limit = limit_descriptors(DESCRIPTORS, DESCRIPTORS)
    return echoscpd("--workers", workers, *options, before_exec=limit, **arguments)


def _get_in(scp: Daemon) -> list[Peer]:
    """Each of twenty devices, at its own address, gets an association at once and echoes."""
    devices = []
    for source in DEVICES:
        devices.append(scp.connect(source=source))
        assert isinstance(reply := ask(devices[-1]), AssociateAC), f"a device heard {reply}"
        devices[-1].echo()
    return devices


def _are_refused(scp: Daemon) -> None:
    for source in DEVICES:
        with scp.connect(source=source) as device:
            assert ask(device) == FULL


@both
def test_who_has_every_association_gives_way(echoscpd: Start, workers: str) -> None:
    """One address has all associations and keeps them alive. The program aborts those idle longest, no more
    than needed; new requests from the same address are rejected."""
    scp = _start(echoscpd, workers)
    hoard = take_all(scp, HOARDER)
    # Reversed, so that the last ones have been idle longest.
    hoard.reverse()
    echo_all(hoard, pause=0.002)
    devices = _get_in(scp)
    gone = aborted(hoard)
    assert len(gone) == len(DEVICES)
    if workers == "1":
        assert gone == list(range(len(DEVICES)))
    with scp.connect(source=HOARDER) as another:
        assert ask(another) == FULL
    echo_all(peer for number, peer in enumerate(hoard) if number not in gone)
    echo_all(devices)
    assert len(hoard) == Places(DESCRIPTORS, int(workers)).associations


@both
def test_who_has_every_association_inside_a_message(echoscpd: Start, workers: str) -> None:
    scp = _start(echoscpd, workers)
    hoard = take_all(scp, HOARDER)
    for peer in hoard:
        peer.send(p_data(pdv(echo_command()[:20], last=False)))
    echo_all(_get_in(scp))
    assert len(aborted(hoard)) == len(DEVICES)


def test_associations_inside_a_message_go_last(echoscpd: Start) -> None:
    scp = _start(echoscpd, "1")
    hoard = take_all(scp, HOARDER)
    half = len(hoard) // 2
    for peer in hoard[:half]:
        peer.send(p_data(pdv(echo_command()[:20], last=False)))
    assert wait_until(lambda: is_idle(scp, 0.1)), "the program does not become idle"
    echo_all(hoard[half:], pause=0.002)
    _get_in(scp)
    assert aborted(hoard) == list(range(half, half + len(DEVICES)))


def test_nobody_gives_way_while_there_is_room(echoscpd: Start) -> None:
    """A whole hospital may be behind a translated address (NAT)."""
    scp = _start(echoscpd, "4")
    hoard = take_all(scp, HOARDER)
    last = hoard.pop()
    last.release()
    last.close()
    assert wait_until(lambda: is_idle(scp, 0.05))
    devices = _get_in(scp)
    assert len(aborted(hoard)) == len(devices) - 1


def test_the_journal_has_a_cause_of_its_own(echoscpd: Start, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    scp = _start(echoscpd, "1", "--log-target", "journal", wrapper=journal.wrapper)
    take_all(scp, HOARDER)
    _get_in(scp)

    def told() -> set[str]:
        return {
            entry["DICOM_PEER_ADDRESS"][0]
            for entry in journal.read()
            if entry.get("ECHOSCP_CAUSE") == ["association-evicted"]
        }

    assert wait_until(told)
    assert told() == {HOARDER}


@both
def test_a_number_that_is_set_is_kept(echoscpd: Start, workers: str) -> None:
    scp = _start(echoscpd, workers, "--max-associations", "100")
    hoard = take_all(scp, HOARDER)
    _are_refused(scp)
    assert len(hoard) == 100 and aborted(hoard) == []


@both
def test_a_device_of_the_configuration_never_gives_way(
    echoscpd: Start, tmp_path: Path, workers: str
) -> None:
    configuration = tmp_path / "echoscp.conf"
    configuration.write_text(f"[device CT1]\naddress = {HOARDER}\n")
    scp = _start(echoscpd, workers, "--config", str(configuration))
    hoard = take_all(scp, HOARDER)
    _are_refused(scp)
    assert aborted(hoard) == []


def test_nobody_gives_way_while_it_stops(echoscpd: Start) -> None:
    """A connection accepted before the stop is served: nothing more is accepted, so there is room."""
    scp = _start(echoscpd, "1")
    hoard = take_all(scp, HOARDER)
    late = scp.connect(source=DEVICES[0])
    late.send(associate_rq()[:100])
    echo_all(hoard)
    scp.send_signal(signal.SIGTERM)
    assert wait_until(lambda: is_idle(scp, 0.05))
    late.send(associate_rq()[100:])
    assert isinstance(late.receive(), AssociateAC)
    assert all(peer.silent_for(0.001) for peer in hoard)


# ---------------------------------------------------------------------------------------------
# A power failure is over


@pytest.mark.parametrize("addresses", [1, 500])
@both
def test_500_devices_at_power_on(echoscpd: Start, workers: str, addresses: int) -> None:
    """All behind one translated address, or each at its own."""
    scp = echoscpd("-v", "--workers", workers)
    sources = [f"127.35.{number // 250}.{1 + number % 250}" for number in range(500)]
    power_on(scp, sources if addresses > 1 else sources[:1] * 500)
    scp.stop()
    assert scp.warnings() == []
