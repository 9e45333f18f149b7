"""A command other than a C-ECHO-RQ is aborted, source 0, reason 0, once its command set is complete."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daemon import ABORTING, ACCEPTING, Daemon
from journal import Journal
from peer import SLACK
from replies import ABORTED, EchoResponse
from upper_layer import established_on_two
from wire import (
    COMMAND_FIELD,
    CT_IMAGE_STORAGE,
    DATA_SET_TYPE,
    MESSAGE_ID,
    VERIFICATION,
    command_set,
    echo_command,
    echo_rq,
    element,
    p_data,
    pdv,
    ui,
    us,
)

Start = Callable[..., Daemon]



def command(number: int) -> bytes:
    return echo_command(7, _0100=us(COMMAND_FIELD, number))


OTHER_COMMANDS = {
    "C-STORE-RQ": 0x0001, "C-STORE-RSP": 0x8001, "C-GET-RQ": 0x0010, "C-GET-RSP": 0x8010,
    "C-FIND-RQ": 0x0020, "C-FIND-RSP": 0x8020, "C-MOVE-RQ": 0x0021, "C-MOVE-RSP": 0x8021,
    "C-ECHO-RSP": 0x8030, "N-EVENT-REPORT-RQ": 0x0100, "N-GET-RQ": 0x0110, "N-SET-RQ": 0x0120,
    "N-ACTION-RQ": 0x0130, "N-CREATE-RQ": 0x0140, "N-DELETE-RQ": 0x0150, "0000H": 0x0000,
    "3000H, an echo in big endian": 0x3000, "FFFFH": 0xFFFF,
}  # fmt: skip

ABORTED_COMMANDS: dict[str, bytes] = {
    **{name: command(number) for name, number in OTHER_COMMANDS.items()},
    "a data set announced": echo_command(_0800=us(DATA_SET_TYPE, 0x0000)),
    "a data set announced, 0001H": echo_command(_0800=us(DATA_SET_TYPE, 0x0001)),
    "a data set announced, 0102H": echo_command(_0800=us(DATA_SET_TYPE, 0x0102)),
    "no data set type": echo_command(_0800=b""),
    "no command field": echo_command(_0100=b""),
    "two command fields": echo_command(_0100=us(COMMAND_FIELD, 0x0030) * 2),
    "no message ID": echo_command(_0110=b""),
    "two message IDs": echo_command(_0110=us(MESSAGE_ID, 1) + us(MESSAGE_ID, 1)),
    "two different message IDs": echo_command(_0110=us(MESSAGE_ID, 1) + us(MESSAGE_ID, 2)),
    "an element of group 0008": echo_command() + element(0x0018, b"1.2.", group=0x0008),
    "an element of group 0002": element(0x0010, b"1.2.", group=0x0002) + echo_command(),
    "command field of 0 bytes": echo_command(_0100=element(COMMAND_FIELD, b"")),
    "command field of 1 byte": echo_command(_0100=element(COMMAND_FIELD, b"\x30")),
    "command field of 4 bytes": echo_command(_0100=element(COMMAND_FIELD, b"\x30\0\0\0")),
    "message ID of 0 bytes": echo_command(_0110=element(MESSAGE_ID, b"")),
    "message ID of 4 bytes": echo_command(_0110=element(MESSAGE_ID, bytes(4))),
    "data set type of 0 bytes": echo_command(_0800=element(DATA_SET_TYPE, b"")),
    "another Affected SOP Class UID": echo_command(_0002=ui(0x0002, CT_IMAGE_STORAGE)),
    "one that ours begins": echo_command(_0002=ui(0x0002, VERIFICATION + ".1")),
    "one that begins ours": echo_command(_0002=ui(0x0002, VERIFICATION[:-2])),
    "last element beyond the end": echo_command(_0800=element(DATA_SET_TYPE, b"\1\1", length=3)),
    "last element, length FFFFFFFFH": echo_command(
        _0800=element(DATA_SET_TYPE, b"\1\1", length=0xFFFFFFFF)
    ),
    "last element, length 80000000H": echo_command(
        _0800=element(DATA_SET_TYPE, b"\1\1", length=0x80000000)
    ),
    "UID with length FFFFFFF0H": echo_command(
        _0002=element(0x0002, VERIFICATION.encode(), length=0xFFFFFFF0)
    ),
    "UID shorter than it is": echo_command(
        _0002=element(0x0002, VERIFICATION.encode() + b"\0", length=16)
    ),
    **{f"{count} bytes after the last element": echo_command() + bytes(count)
       for count in range(1, 8)},
    "in explicit VR": b"\0\0\0\0UL\4\0\x38\0\0\0\0\0\0\1US\2\0\x30\0\0\0\x10\1US\2\0\1\0",
    "in big endian": bytes.fromhex("00000000 00000004 00000038 00000100 00000002 0030"),
    "empty": b"",
    "FFH, a kilobyte": b"\xff" * 1024,
    "NUL, a kilobyte": bytes(1024),
}  # fmt: skip


CAUSES = {"not-an-echo", "malformed-command", "echo-with-data-set"}


@pytest.mark.parametrize("octets", ABORTED_COMMANDS.values(), ids=ABORTED_COMMANDS)
def test_aborted(scp: Daemon, octets: bytes) -> None:
    peer = established_on_two(scp)
    peer.echo(5)
    peer.send(p_data(pdv(octets)))
    assert peer.receive(within=SLACK) == ABORTED


@pytest.mark.parametrize("octets", ABORTED_COMMANDS.values(), ids=ABORTED_COMMANDS)
def test_aborted_in_fragments(scp: Daemon, octets: bytes) -> None:
    peer = established_on_two(scp)
    half = len(octets) // 2
    peer.send(p_data(pdv(octets[:half], last=False)), p_data(pdv(octets[half:])))
    assert peer.receive(within=SLACK) == ABORTED


OUT_OF_TURN: dict[str, bytes] = {
    "a data fragment first": p_data(pdv(echo_command(), command=False)),
    "a data fragment first, not the last": p_data(pdv(bytes(10), command=False, last=False)),
    "a data fragment inside a command": p_data(
        pdv(echo_command()[:30], last=False), pdv(bytes(10), command=False)
    ),
    "a context changed inside a message": p_data(
        pdv(echo_command()[:30], last=False), pdv(echo_command()[30:], context_id=3)
    ),
    "a context changed, in another PDU": (
        p_data(pdv(echo_command()[:30], last=False))
        + p_data(pdv(echo_command()[30:], context_id=3))
    ),
    "a command set above 16 KiB": (
        p_data(pdv(command_set(element(0x0301, bytes(16_000))), last=False))
        + p_data(pdv(bytes(1000), last=False))
    ),
}


@pytest.mark.parametrize("octets", OUT_OF_TURN.values(), ids=OUT_OF_TURN)
def test_out_of_turn(scp: Daemon, octets: bytes) -> None:
    peer = established_on_two(scp)
    peer.send(octets)
    assert peer.receive(within=SLACK) == ABORTED


def test_a_data_set_after_an_echo(scp: Daemon) -> None:
    """The echo is valid and is answered; the data set after it belongs to no message."""
    peer = established_on_two(scp)
    peer.send(p_data(pdv(echo_command(2)), pdv(bytes(10), command=False)))
    assert peer.receive_echo() == EchoResponse(2)
    assert peer.receive(within=SLACK) == ABORTED


def test_what_was_pipelined_before_a_fault_is_answered(scp: Daemon) -> None:
    peer = established_on_two(scp)
    peer.send(echo_rq(1), echo_rq(2), p_data(pdv(command(0x0001))), echo_rq(3))
    assert [peer.receive_echo(), peer.receive_echo()] == [EchoResponse(1), EchoResponse(2)]
    assert peer.receive(within=SLACK) == ABORTED
    assert peer.silent_for(0.05)


def test_each_fault_is_told_once(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    for number, octets in enumerate(ABORTED_COMMANDS.values(), 1):
        with scp.connect() as peer:
            peer.associate(calling="CULPRIT")
            peer.send(p_data(pdv(octets)))
            assert peer.receive() == ABORTED
            scp.wait_for_line("W: ", count=number)
    scp.stop()
    assert scp.steps() == [ACCEPTING, ABORTING] * len(ABORTED_COMMANDS)
    assert len(scp.warnings()) == len(ABORTED_COMMANDS)


def test_each_fault_has_its_cause_and_its_peer_in_the_journal(
    echoscpd: Start, journal: Journal
) -> None:
    # At debug, records are not combined.
    scp = echoscpd("--log-target", "journal", "-d", wrapper=journal.wrapper)
    for number, octets in enumerate(ABORTED_COMMANDS.values(), 1):
        with scp.connect() as peer:
            peer.associate(calling="CULPRIT")
            peer.send(p_data(pdv(octets)))
            assert peer.receive() == ABORTED
            entry = journal.wait_for(number, DICOM_CALLING_AE="CULPRIT", PRIORITY="4")
        assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]
        assert entry["DICOM_REASON"] == ["A-ABORT 0/0"]
    entries = journal.find(DICOM_CALLING_AE="CULPRIT", PRIORITY="4")
    assert {entry["ECHOSCP_CAUSE"][0] for entry in entries} == CAUSES
    scp.stop()


def test_a_faulty_peer_costs_only_itself(scp: Daemon) -> None:
    good, bad = established_on_two(scp), established_on_two(scp)
    good.send(p_data(pdv(echo_command(1)[:20], last=False)))
    bad.send(p_data(pdv(b"\xff" * 1024)))
    assert bad.receive() == ABORTED
    good.send(p_data(pdv(echo_command(1)[20:])))
    assert good.receive_echo() == EchoResponse(1)
