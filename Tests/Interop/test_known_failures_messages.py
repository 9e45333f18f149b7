"""Known failures of other DICOM programs caused by P-DATA-TF PDUs and the commands in them."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from daemon import Daemon, echo
from footprint import KIB, MIB, growth
from known_failures import Start, answer, caught, flat, still_serves
from peer import SLACK, Peer
from replies import ABORTED, AssociateRJ, EchoResponse
from test_refused_commands import ABORTED_COMMANDS
from upper_layer import ANNOUNCED, INVALID
from wire import (
    P_DATA_TF,
    associate_rq,
    command_set,
    echo_command,
    echo_elements,
    element,
    p_data,
    pdu,
    pdv,
    u32,
)

COMMAND = echo_command(1)
TRUE = len(COMMAND) + 2
"""The correct length of a PDV with the whole command."""


@caught("DCMTK-1549d8c", "DCMTK-PR87")
@pytest.mark.parametrize(
    "length",
    [0, 1, TRUE - 1, TRUE + 1, TRUE + 3, TRUE + 4, TRUE + 6, ANNOUNCED, ANNOUNCED + 1, 0x7FFFFFFF,
     0x80000000, *range(0xFFFFFFF8, 0x100000000)],
    ids=lambda length: f"{length:X}H",
)  # fmt: skip
def test_pdv_length(scp: Daemon, caught: str, length: int) -> None:
    """`length -= 4 + pdvLength` wrapped around, so the rest of the PDU seemed to be four gigabytes."""
    with Peer(scp.port) as peer:
        peer.associate()
        peer.send(p_data(u32(length) + pdv(COMMAND)[4:]))
        assert peer.receive(within=SLACK) == INVALID
    still_serves(scp)


@caught("DCMTK-1549d8c", "DCMTK-PR87")
@pytest.mark.parametrize("length", [2, 3, TRUE], ids=lambda length: f"{length:X}H")
def test_pdv_length_that_is_right(scp: Daemon, caught: str, length: int) -> None:
    """The shortest PDVs, with an empty fragment and with one byte, and one with the whole command."""
    with Peer(scp.port) as peer:
        peer.associate()
        first, second = COMMAND[: length - 2], COMMAND[length - 2 :]
        peer.send(p_data(pdv(first, last=False)), p_data(pdv(second)))
        assert peer.receive_echo() == EchoResponse(1)
        peer.release()


def abort_of(scp: Daemon, command: bytes) -> None:
    with Peer(scp.port) as peer:
        peer.associate()
        peer.send(p_data(pdv(command)))
        assert peer.receive(within=SLACK) == ABORTED


@caught("CVE-2024-34508", "CVE-2024-34509")
def test_invalid_command_sets(scp: Daemon, caught: str) -> None:
    """A command set without an element that its command needs led to a null pointer."""
    for octets in ABORTED_COMMANDS.values():
        abort_of(scp, octets)
    for number, whole in echo_elements().items():
        value = whole[8:]
        # The SOP class may be missing or wrong here; only a length beyond the command set is refused.
        is_needed = number != 0x0002
        for wrong in (b"", value[:-1], value + b"\0", value * 2, value * 20):
            command = echo_command(**{f"_{number:04X}": element(number, wrong)})
            if is_needed:
                abort_of(scp, command)
        for length in (len(value) + 1, len(value) + 60, 0x7FFFFFFF, 0xFFFFFFFF):
            abort_of(scp, echo_command(**{f"_{number:04X}": element(number, value, length=length)}))
    still_serves(scp)


@caught("CVE-2024-34508", "CVE-2024-34509")
@pytest.mark.parametrize("group_length", [0, 1, 55, 57, 0x7FFFFFFF, 0xFFFFFFFF])
def test_wrong_group_length(scp: Daemon, caught: str, group_length: int) -> None:
    """Reading the command set does not need the group length, and never trusts it."""
    with Peer(scp.port) as peer:
        peer.associate()
        elements = echo_elements(3).values()
        peer.send(p_data(pdv(command_set(*elements, group_length=group_length))))
        assert peer.receive_echo() == EchoResponse(3)
        peer.release()
    still_serves(scp)


@caught("CVE-2024-34508", "CVE-2024-34509")
def test_command_set_truncated_at_every_byte(scp: Daemon, caught: str) -> None:
    """Each truncated command set is sent as if it were whole."""
    for size in range(len(COMMAND)):
        abort_of(scp, COMMAND[:size])
    still_serves(scp)


@caught("CVE-2021-41690")
def test_refused_commands_leave_no_memory_behind(echoscpd: Start, caught: str) -> None:
    """The elements that a query had put into a list were not freed with the list."""
    commands = list(ABORTED_COMMANDS.values())
    flat(
        echoscpd, lambda scp, number: abort_of(scp, commands[number % len(commands)]), 4000,
        "commands that are not an echo",
    )  # fmt: skip


@caught("CVE-2022-43272")
def test_associations_leave_no_memory_behind(echoscpd: Start, caught: str) -> None:
    """Each association leaked memory in servers with a single process."""
    flat(echoscpd, lambda scp, _: echo(scp.port), 4000, "associations")


@caught("CVE-2026-50254", "CVE-2026-35505")
@pytest.mark.parametrize("end", [Peer.close, Peer.reset], ids=["close", "reset"])
def test_connections_leave_no_memory_behind(
    echoscpd: Start, caught: str, end: Callable[[Peer], None]
) -> None:
    """Each connection leaked memory in servers with a single process."""
    flat(echoscpd, lambda scp, _: end(Peer(scp.port)), 12_000, "connections")


@caught("CVE-2026-50254", "CVE-2026-35505")
def test_rejections_leave_no_memory_behind(echoscpd: Start, caught: str) -> None:
    """Each rejected request leaked memory in servers with a single process."""
    request = associate_rq(version=2)

    def reject(scp: Daemon, _: int) -> None:
        assert answer(scp, request) == AssociateRJ(1, 2, 2)

    flat(echoscpd, reject, 5000, "rejected requests")


@caught("CVE-2026-3650", "dcm4che-1584")
def test_announced_values_take_no_memory(scp: Daemon, caught: str) -> None:
    """An announced value length was trusted, and that much memory allocated before a byte arrived."""
    long_value = command_set(element(0x0301, b"abcd", length=0x3F00))
    announcing = [
        pdu(P_DATA_TF, pdv(COMMAND)[:20], length=ANNOUNCED),
        p_data(pdv(long_value, last=False)),
        p_data(pdv(COMMAND[:20], last=False)),
    ]
    with growth(scp) as grown:
        peers = [scp.connect() for _ in range(300)]
        for number, peer in enumerate(peers):
            peer.associate()
            peer.send(announcing[number % len(announcing)])
        assert peers[-1].silent_for(0.1)
    print(f"300 peers announce up to {ANNOUNCED} bytes each: {grown.reserved // KIB} KiB requested")
    assert grown.reserved <= 2 * MIB and grown.left <= 2 * MIB
    scp.forget_peers()
    still_serves(scp)


@caught("dcm4che-1584")
def test_message_that_does_not_end(scp: Daemon, caught: str) -> None:
    """The fragments of an endless message were collected without limit."""
    fragment = p_data(pdv(b"\0\0\1\3\0\0\0\0" * 125, last=False))
    with growth(scp) as grown, Peer(scp.port) as peer:
        peer.associate()
        sender = peer.send_aside(fragment * 2000)
        assert peer.receive() == ABORTED
        peer.close()
        sender.join(5)
    assert grown.peak <= 512 * KIB
    still_serves(scp)


@caught("CVE-2026-5437", "CVE-2026-5445", "VU-536588")
@pytest.mark.parametrize("number", [0x0000, 0x0002, 0x0100, 0x0110, 0x0800, 0x0301])
def test_value_that_ends_beyond_its_command_set(scp: Daemon, caught: str, number: int) -> None:
    """Only the header of an element was checked against the bounds, so its value was read beyond them."""
    for present in (0, 1, 2):
        for length in (present + 1, present + 2, 0x8000, 0x7FFFFFF8, 0xFFFFFFF8, 0xFFFFFFFF):
            last = struct.pack("<HHI", 0, number, length) + bytes(present)
            abort_of(scp, COMMAND[:12] + last if number == 0x0002 else COMMAND + last)
    still_serves(scp)


@caught("CVE-2026-5438", "VU-536588")
def test_announced_http_body_is_not_waited_for(scp: Daemon, caught: str) -> None:
    """The Content-Length of an HTTP request was trusted, however large."""
    head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n"
    with growth(scp) as grown:
        for length in (0, 1, 1 << 31, 1 << 32, (1 << 64) - 1, -1):
            assert answer(scp, head.format(length).encode()) == ABORTED
    assert grown.peak <= 256 * KIB
    still_serves(scp)
