"""Echoes and associations make no heap allocation.

A malloc interposer, preloaded into the daemon, counts allocations in memory that it shares with the test.
The first association allocates whatever is needed only once; after that, ten thousand echoes must not
change the counters at all.
"""

from __future__ import annotations

import mmap
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import SANITIZER, Daemon, free_port, wait_until
from peer import PATIENCE, Peer
from proxy import header, ssl
from wire import echo_command, echo_rq, p_data, pdv

Start = Callable[..., Daemon]

ECHOES = 10_000
SOURCE = Path(__file__).with_name("allocation_counter.c")


class Counters:
    """The number of calls of each allocation function so far."""

    NAMES = ("malloc", "calloc", "realloc", "aligned")

    def __init__(self, path: Path) -> None:
        path.write_bytes(bytes(8 * 5))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8 * 5)

    def attached(self) -> bool:
        return struct.unpack_from("=Q", self._memory)[0] == 1

    def read(self) -> dict[str, int]:
        return dict(zip(self.NAMES, struct.unpack_from("=4Q", self._memory, 8), strict=True))

    def settled(self) -> dict[str, int]:
        """The counters once the thread that writes the log has caught up."""
        last, now = None, self.read()
        while last != now:
            time.sleep(0.1)
            last, now = now, self.read()
        return now


@pytest.fixture(scope="module")
def interposer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if SANITIZER:
        pytest.skip(f"{SANITIZER} sanitizer: it has its own allocator")
    compiler = shutil.which("clang") or shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (clang, gcc or cc)")
    library = tmp_path_factory.mktemp("interposer") / "allocation_counter.so"
    subprocess.run(
        [compiler, "-std=gnu11", "-O2", "-Wall", "-Werror", "-fno-builtin", "-fPIC", "-shared",
         "-o", str(library), str(SOURCE)],
        check=True,
        timeout=60,
    )  # fmt: skip
    return library


Counted = Callable[..., tuple[Daemon, Counters]]


@pytest.fixture
def counted(echoscpd: Start, interposer: Path, tmp_path: Path) -> Counted:
    """Starts the program with the interposer, waits until every worker serves, and warms it up."""

    def start(*options: str) -> tuple[Daemon, Counters]:
        counters = Counters(tmp_path / "counters")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(tmp_path / "notify"))
            manager.settimeout(PATIENCE)
            scp = echoscpd(
                *options,
                environment={
                    "LD_PRELOAD": str(interposer),
                    "ECHOSCPD_ALLOCATION_COUNTERS": str(tmp_path / "counters"),
                    "NOTIFY_SOCKET": str(tmp_path / "notify"),
                },
            )
            assert manager.recv(100) == b"READY=1"
        assert counters.attached(), "the interposer is not in effect"
        # Each of several workers must have had its first association.
        for _ in range(10):
            with scp.connect() as peer:
                peer.associate()
                peer.echo()
                peer.release()
        return scp, counters

    return start


def echo_by_echo(peer: Peer) -> None:
    _one_by_one(peer, ECHOES, echo_rq(1))


def pipelined(peer: Peer) -> None:
    """Sends a hundred echoes in one write, so that one wakeup finds many."""
    request = echo_rq(1)
    response = _first_response(peer, request)
    for _ in range(ECHOES // 100):
        peer.socket.sendall(request * 100)
        assert _exactly(peer, 100 * len(response)) == response * 100


def in_two_fragments(peer: Peer) -> None:
    """Sends each echo in two P-DATA-TFs with one fragment each, written together."""
    first, second = echo_command(1)[:30], echo_command(1)[30:]
    _one_by_one(peer, ECHOES, p_data(pdv(first, last=False)) + p_data(pdv(second)))


def in_two_segments(peer: Peer) -> None:
    """Sends each echo cut inside a fragment, so that a partial PDU is kept from one wakeup to the next."""
    request = echo_rq(1)
    _one_by_one(peer, ECHOES // 2, request[:50], request[50:])


def _one_by_one(peer: Peer, echoes: int, *pieces: bytes) -> None:
    """Sends a C-ECHO-RQ in these pieces and reads its response, `echoes` times."""
    response = _first_response(peer, b"".join(pieces))
    for _ in range(echoes):
        for piece in pieces:
            peer.socket.sendall(piece)
        assert _exactly(peer, len(response)) == response


def _first_response(peer: Peer, request: bytes) -> bytes:
    """The bytes of the response to `request`, parsed here so that the loops can just compare."""
    peer.echo(1)
    peer.send(request)
    response = _exactly(peer, 90)
    peer._buffer = response
    peer.receive_echo()
    return response


def _exactly(peer: Peer, count: int) -> bytes:
    octets = peer.socket.recv(count)
    while len(octets) < count:
        more = peer.socket.recv(count - len(octets))
        assert more, "closed in the middle of a response"
        octets += more
    return octets


@pytest.mark.parametrize("manner", [echo_by_echo, pipelined, in_two_fragments, in_two_segments])
@pytest.mark.parametrize(
    "options",
    [(), ("--workers", "1"), ("--log-target", "journal")],
    ids=["default", "one worker", "journal"],
)
def test_no_allocation_per_echo(
    counted: Counted, options: tuple[str, ...], manner: Callable[[Peer], None]
) -> None:
    scp, counters = counted(*options)
    peer = scp.connect()
    peer.associate()
    peer.echo()
    before = counters.settled()
    manner(peer)
    assert counters.read() == before
    peer.release()


def test_no_allocation_per_echo_behind_a_header(counted: Counted) -> None:
    """Only the header of a load balancer takes memory, once for each connection."""
    port = free_port()
    _, counters = counted("--proxy-port", str(port), "--proxy-trusted", "127.0.0.1")
    with Peer(port) as peer:
        peer.send(header(extensions=ssl(cn="CT1")))
        peer.associate()
        peer.echo()
        before = counters.settled()
        echo_by_echo(peer)
        assert counters.read() == before
        peer.release()


def test_no_allocation_per_echo_on_many_associations(counted: Counted) -> None:
    scp, counters = counted()
    peers = [scp.connect() for _ in range(100)]
    for peer in peers:
        peer.associate()
        peer.echo()
    before = counters.read()
    for number in range(100):
        for peer in peers:
            peer.send(echo_rq(number))
        for peer in peers:
            peer.receive_echo()
    assert counters.read() == before


def test_no_allocation_per_idle_wake_up(counted: Counted) -> None:
    """Deadlines are pending, so the program wakes up ten times a second to check them."""
    scp, counters = counted()
    silent, idle, released = scp.connect(), scp.connect(), scp.connect()
    idle.associate()
    idle.echo()
    released.associate()
    released.release()
    time.sleep(0.3)
    before = counters.read()
    assert silent.silent_for(1.2)
    assert counters.read() == before
    idle.echo()
    assert counters.read() == before


def test_no_allocation_per_association(counted: Counted) -> None:
    """Warms up with twice as many associations at once as it then measures."""
    scp, counters = counted("--workers", "1")

    def associate(count: int) -> None:
        peers = [scp.connect() for _ in range(count)]
        for peer in peers:
            peer.associate()
            peer.echo()
        for peer in peers:
            peer.release()
        scp.forget_peers()

    associate(200)
    before = counters.settled()
    for _ in range(5):
        associate(100)
    assert counters.settled() == before
