"""The effects of the settings, seen from outside: each function observes one effect on a program.

A test compares the result with the one expected for a value of the setting, and with that of the default,
which must differ. So a function must return quickly even if the effect is absent.
"""

from __future__ import annotations

import re
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from configured import Exactly
from daemon import refused, wait_until
from journal import Entry, Journal
from peer import PATIENCE, SLACK, Peer
from replies import ABORTED, Abort, AssociateAC, AssociateRJ
from timing import EARLY
from wire import (
    ASSOCIATE_RQ,
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    P_DATA_TF,
    associate_rq,
    context,
    echo_command,
    p_data,
    pdu,
    pdv,
    usual_items,
)

TIMEOUT = 0.25


def letters_of_the_log(scp: Exactly) -> str:
    """The levels of the lines written when the program serves one association, rejects another, and runs out
    of descriptors. Only a bug would add a critical line."""
    with scp.connect() as peer:
        peer.associate()
        peer.echo()
        peer.release()
    with scp.connect() as peer:
        peer.send(associate_rq(version=2))
        assert isinstance(peer.receive(), AssociateRJ)
    few = scp.descriptors() + 10
    resource.prlimit(scp.pid, resource.RLIMIT_NOFILE, (few, few))
    for _ in range(20):
        scp.connect()
    assert wait_until(lambda: scp.descriptors() >= few - 3)
    time.sleep(0.05)
    return "".join(sorted({line[0] for line in scp.stop() if line[1:3] == ": "}))


def has_evidence(scp: Exactly, journal: Journal) -> bool:
    """Whether the record of a rejection has the bytes of the request."""
    with scp.connect() as peer:
        peer.send(associate_rq(version=2))
        assert isinstance(peer.receive(), AssociateRJ)
    told: list[Entry] = []

    def is_told() -> bool:
        told[:] = [one for one in journal.read() if "DICOM_REASON" in one]
        return bool(told)

    assert wait_until(is_told)
    return "DICOM_PDU" in told[0]


def user_it_runs_as(scp: Exactly) -> int:
    """The user it becomes soon after it listens."""
    process = Path(f"/proc/{scp.pid}")
    wait_until(lambda: process.stat().st_uid != 0, 0.5)
    return process.stat().st_uid


def may_leave_a_core(scp: Exactly) -> bool:
    """Whether its secret files in /proc belong to its user soon after it listens; they belong to root if it
    may leave no core file (proc(5), PR_SET_DUMPABLE)."""
    secret = Path(f"/proc/{scp.pid}/environ")
    return wait_until(lambda: secret.stat().st_uid != 0, 0.5)


def ports_that_answer(scp: Exactly, ports: list[int]) -> list[bool]:
    return [not refused(port) for port in ports]


def addresses_that_answer(scp: Exactly) -> list[str]:
    hosts = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
    return [host for host in hosts if not refused(scp.port, host)]


def called_titles_that_are_taken(scp: Exactly) -> list[str]:
    return [title for title in ("ECHOSCP", "MYAE", "OTHER") if _answer(scp, called=title) is None]


def calling_titles_that_are_taken(scp: Exactly) -> list[str]:
    return [title for title in ("CT1", "CT2", "MR1") if _answer(scp, calling=title) is None]


def _answer(scp: Exactly, **titles: str) -> AssociateRJ | None:
    """The A-ASSOCIATE-RJ for a request with these titles, or None if it is accepted."""
    with scp.connect() as peer:
        peer.send(associate_rq(**titles))  # type: ignore[arg-type]
        reply = peer.receive()
        assert isinstance(reply, AssociateAC | AssociateRJ)
        return reply if isinstance(reply, AssociateRJ) else None


def sources_that_are_served(scp: Exactly) -> list[str]:
    return [source for source in ("127.0.0.1", "127.0.0.2") if _is_served(scp, source)]


def _is_served(scp: Exactly, source: str) -> bool:
    with suppress(OSError), scp.connect(source=source) as peer:
        peer.send(associate_rq())
        return isinstance(peer.receive(), AssociateAC)
    return False


def _ends_in_time(peer: Peer, begin: float, nudge: Callable[[], None]) -> bool:
    """Whether the first reply comes not before `TIMEOUT`, and soon after it."""
    while time.monotonic() < begin + TIMEOUT + SLACK:
        if not peer.silent_for(0.05):
            return time.monotonic() - begin >= TIMEOUT - EARLY
        with suppress(OSError):
            nudge()
    return False


def ends_a_silent_peer(scp: Exactly) -> bool:
    begin = time.monotonic()
    return _ends_in_time(scp.connect(), begin, lambda: None)


def ends_a_message_without_end(scp: Exactly) -> bool:
    """Whether a message without a last fragment is ended; its fragments keep the association from being
    idle."""
    peer = scp.connect()
    peer.associate()
    fragments = iter(echo_command())
    begin = time.monotonic()

    def nudge() -> None:
        peer.send(p_data(pdv(bytes([next(fragments)]), last=False)))

    nudge()
    return _ends_in_time(peer, begin, nudge)


def ends_an_idle_association(scp: Exactly) -> bool:
    peer = scp.connect()
    begin = time.monotonic()
    peer.associate()
    return _ends_in_time(peer, begin, lambda: None)


def aborts_in_time_when_stopped(scp: Exactly) -> bool:
    """Whether a stop waits exactly `TIMEOUT` for a busy association before aborting it."""
    peer = scp.connect()
    peer.associate()
    peer.send(p_data(pdv(echo_command()[:10], last=False)))
    begin = time.monotonic()
    scp.process.terminate()
    in_time = _ends_in_time(peer, begin, lambda: None)
    assert not in_time or peer.receive() == ABORTED
    peer.close()
    scp.wait(PATIENCE)
    return in_time


def longest_pdu(scp: Exactly) -> tuple[int, bool, bool]:
    """The announced maximum length, and whether P-DATA-TFs of 1024 and of 1025 bytes are accepted."""
    announced = scp.connect().associate().maximum_length
    taken = []
    for length in (1024, 1025):
        peer = scp.connect()
        peer.associate()
        peer.send(pdu(P_DATA_TF, length=length))
        taken.append(peer.silent_for(0.1))
        assert taken[-1] or peer.receive() == Abort(2, 6)
    return announced, taken[0], taken[1]


def worker_threads(scp: Exactly) -> int:
    """The number of worker threads once all have started."""
    count, since = -1, time.monotonic()
    while time.monotonic() < since + 0.1:
        names = [path.read_text() for path in Path(f"/proc/{scp.pid}/task").glob("*/comm")]
        now = sum(re.fullmatch(r"worker-\d+\n", name) is not None for name in names)
        if now != count:
            count, since = now, time.monotonic()
        time.sleep(0.01)
    return count


PROPOSED = (
    [EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE],
    [EXPLICIT_BIG, IMPLICIT_LITTLE],
    [EXPLICIT_BIG, EXPLICIT_LITTLE],
)


def transfer_syntaxes(scp: Exactly) -> list[str | None]:
    contexts = [context(2 * n + 1, syntaxes=syntaxes) for n, syntaxes in enumerate(PROPOSED)]
    results = scp.connect().associate(*usual_items(*contexts)).contexts
    return [None if each.result else each.transfer_syntax for each in results]


def associations_at_once(scp: Exactly) -> int:
    """How many of four associations are accepted; the others must be rejected: local limit exceeded."""
    answers = []
    for _ in range(4):
        peer = scp.connect()
        peer.send(associate_rq())
        answers.append(peer.receive())
    rejected = answers.count(AssociateRJ(2, 3, 2))
    assert all(isinstance(answer, AssociateAC) for answer in answers[: 4 - rejected])
    return 4 - rejected


def silent_peers_that_stay(scp: Exactly) -> int:
    """How many of four silent peers are still connected after all have connected."""
    peers = [scp.connect() for _ in range(4)]
    return sum(peer.silent_for(0.05) for peer in peers)


def connections_in_a_second(scp: Exactly) -> int:
    """How many of ten connections within a second are served, with no earlier ones counting."""
    time.sleep(1.25)
    return sum(_is_served(scp, "127.0.0.1") for _ in range(10))


def has_no_memory_for_a_long_request(scp: Exactly) -> bool:
    """Whether an incomplete A-ASSOCIATE-RQ of 200,000 bytes is rejected for lack of memory."""
    with scp.connect() as peer:
        peer.send(pdu(ASSOCIATE_RQ, bytes(200_000), length=256 << 10))
        if peer.silent_for(0.2):
            return False
        assert peer.receive() == AssociateRJ(2, 3, 1)
        return True


def answers_in_many_pieces(scp: Exactly) -> bool:
    """Whether the answers to 55 echoes, 4,400 bytes that are all there when the program looks, come in more than one
    segment: each turn of the worker sends one."""
    peer = scp.connect()
    peer.associate()
    before = _segments_received(peer)
    scp.halt()
    peer.send(p_data(pdv(echo_command())) * 55)
    scp.send_signal(signal.SIGCONT)
    for _ in range(55):
        peer.receive()
    return _segments_received(peer) - before > 1


def _segments_received(peer: Peer) -> int:
    """The number of segments with data received so far, tcpi_data_segs_in of tcp(7)."""
    info = peer.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    return int.from_bytes(info[152:156], sys.byteorder)


def unread_answers_are_few(scp: Exactly) -> bool:
    """Whether the kernel holds less than 32 KiB of answers for a peer that sends echoes and reads nothing."""
    peer = scp.connect(receive_buffer=4096)
    peer.associate()
    peer.socket.settimeout(0.2)
    with suppress(OSError):
        while True:
            peer.socket.sendall(p_data(pdv(echo_command())) * 100)
    local, remote = f":{scp.port:04X}", f":{peer.socket.getsockname()[1]:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(local) and fields[2].endswith(remote):
            return int(fields[4].split(":")[0], 16) < 32 << 10
    raise AssertionError("its connection is gone")
