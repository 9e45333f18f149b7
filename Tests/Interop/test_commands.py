"""C-ECHO itself: PS3.7 §9.1.5 and §9.3.5, over an established association.

Command sets are Implicit VR Little Endian whatever the context's transfer syntax is, come in any split into
PDVs and PDUs (PS3.8 Annex E), and may be pipelined. Mistakes that real devices make are tolerated.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from daemon import ACCEPTING, RELEASED_LINE, Daemon, echo_line
from replies import EchoResponse
from upper_layer import established_on_two
from wire import (
    COMMAND_FIELD,
    DATA_SET_TYPE,
    DEFLATED_LITTLE,
    MESSAGE_ID,
    TRANSFER_SYNTAXES,
    VERIFICATION,
    command_set,
    context,
    echo_command,
    echo_elements,
    echo_rq,
    element,
    p_data,
    pdv,
    ui,
    us,
    usual_items,
)

Start = Callable[..., Daemon]

RESPONDED_TO = 0x0120
CANCEL = command_set(us(COMMAND_FIELD, 0x0FFF), us(RESPONDED_TO, 1), us(DATA_SET_TYPE, 0x0101))


@pytest.mark.parametrize("message_id", [0, 1, 0x00FF, 0x0100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF])
def test_message_ids(scp: Daemon, message_id: int) -> None:
    """`replies` checks each element of the response, its group length and its status."""
    established_on_two(scp).echo(message_id)


def test_the_same_message_id_again(scp: Daemon) -> None:
    peer = established_on_two(scp)
    for _ in range(5):
        peer.echo(7)


def test_command_sets_are_implicit_little_endian_on_any_context(scp: Daemon) -> None:
    contexts = [
        context(2 * number + 1, syntaxes=[syntax])
        for number, syntax in enumerate(TRANSFER_SYNTAXES)
    ]
    peer = scp.connect()
    accepted = peer.associate(*usual_items(*contexts))
    assert [each.transfer_syntax for each in accepted.contexts] == list(TRANSFER_SYNTAXES)
    assert DEFLATED_LITTLE in TRANSFER_SYNTAXES
    for each in accepted.contexts:
        peer.echo(each.context_id * 256, each.context_id)


TOLERATED: dict[str, bytes] = {
    "as the standard has it": echo_command(7),
    "group length of zero": command_set(*echo_elements(7).values(), group_length=0),
    "group length too small": command_set(*echo_elements(7).values(), group_length=55),
    "group length too large": command_set(*echo_elements(7).values(), group_length=0xFFFFFFFF),
    "no group length": b"".join(echo_elements(7).values()),
    "group length in the middle": (
        ui(0x0002, VERIFICATION)
        + us(COMMAND_FIELD, 0x0030)
        + element(0x0000, struct.pack("<I", 56))
        + us(MESSAGE_ID, 7)
        + us(DATA_SET_TYPE, 0x0101)
    ),
    "elements from last to first": command_set(*list(echo_elements(7).values())[::-1]),
    "unknown elements": command_set(
        element(0x0001, struct.pack("<I", 56)),
        *echo_elements(7).values(),
        us(0x0700, 2),
        element(0x0901, b""),
        element(0x1031, bytes(8)),
        element(0xFFFF, b"??"),
    ),
    "an unknown element of 10,000 bytes": command_set(
        element(0x0301, bytes(10_000)), *echo_elements(7).values()
    ),
    "unknown elements of odd length": command_set(
        element(0x0902, b"odd"), *echo_elements(7).values()
    ),
    "UID of odd length": echo_command(7, _0002=element(0x0002, VERIFICATION.encode())),
    "UID padded with a space": echo_command(7, _0002=element(0x0002, VERIFICATION.encode() + b" ")),
    "UID padded with NULs": echo_command(
        7, _0002=element(0x0002, VERIFICATION.encode() + bytes(3))
    ),
    "no Affected SOP Class UID": echo_command(7, _0002=b""),
}


@pytest.mark.parametrize("command", TOLERATED.values(), ids=TOLERATED)
def test_tolerated(echoscpd: Start, command: bytes) -> None:
    scp = echoscpd("-v")
    peer = established_on_two(scp)
    for context_id in (1, 3):
        peer.send(p_data(pdv(command, context_id=context_id)))
        assert peer.receive_echo() == EchoResponse(7, context_id)
    peer.release()
    assert scp.stop() == [ACCEPTING, echo_line(7), echo_line(7), RELEASED_LINE]


def test_a_command_set_of_16_kibibytes(scp: Daemon) -> None:
    """A command set of exactly the limit, in two PDUs because max-pdu is a little less."""
    padding = (1 << 14) - len(echo_command()) - 8
    command = command_set(element(0x0301, bytes(padding)), *echo_elements(5).values())
    assert len(command) == 1 << 14
    peer = established_on_two(scp)
    peer.send(p_data(pdv(command[:9000], last=False)), p_data(pdv(command[9000:])))
    assert peer.receive_echo() == EchoResponse(5)


def test_control_header_bits_above_the_lowest_two_are_not_checked(scp: Daemon) -> None:
    """PS3.8 Annex E.2: the receiver never checks bits 2 to 7."""
    peer = established_on_two(scp)
    peer.send(p_data(pdv(echo_command(7), header=0xFF)))
    assert peer.receive_echo() == EchoResponse(7)


@pytest.mark.parametrize("context_id", [1, 3])
def test_a_cancel_is_ignored(scp: Daemon, context_id: int) -> None:
    """C-CANCEL-RQ has no response, and there is nothing to cancel."""
    peer = established_on_two(scp)
    cancel = p_data(pdv(CANCEL, context_id=context_id))
    peer.send(cancel, cancel)
    assert peer.silent_for(0.1)
    peer.echo(1)
    peer.send(echo_rq(2), cancel, echo_rq(3))
    assert [peer.receive_echo(), peer.receive_echo()] == [EchoResponse(2), EchoResponse(3)]


# ---------------------------------------------------------------------------------------------
# Fragments


def fragments(command: bytes, *cuts: int, context_id: int = 1) -> list[bytes]:
    """The PDVs of one message, cut at these offsets."""
    edges = [0, *cuts, len(command)]
    return [
        pdv(command[begin:end], context_id=context_id, last=number == len(edges) - 2)
        for number, (begin, end) in enumerate(zip(edges, edges[1:], strict=False))
    ]


def in_one_pdu(pdvs: list[bytes]) -> bytes:
    return p_data(*pdvs)


def in_many_pdus(pdvs: list[bytes]) -> bytes:
    return b"".join(p_data(each) for each in pdvs)


@pytest.mark.parametrize("arrange", [in_one_pdu, in_many_pdus])
def test_a_command_in_two_fragments_cut_anywhere(
    scp: Daemon, arrange: Callable[[list[bytes]], bytes]
) -> None:
    """Includes fragments of odd length, and the two cuts that leave one fragment empty."""
    peer = established_on_two(scp)
    for cut in range(len(echo_command()) + 1):
        peer.send(arrange(fragments(echo_command(cut), cut)))
        assert peer.receive_echo() == EchoResponse(cut)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33])
@pytest.mark.parametrize("arrange", [in_one_pdu, in_many_pdus])
def test_a_command_in_many_fragments(
    scp: Daemon, arrange: Callable[[list[bytes]], bytes], size: int
) -> None:
    peer = established_on_two(scp)
    for number in (1, 2):
        command = echo_command(number)
        peer.send(arrange(fragments(command, *range(size, len(command), size))))
        assert peer.receive_echo() == EchoResponse(number)


def test_fragments_that_arrive_one_by_one(scp: Daemon) -> None:
    peer = established_on_two(scp)
    for each in fragments(echo_command(6), 10, 20, 30, 67):
        assert peer.silent_for(0.02)
        peer.send(p_data(each))
    assert peer.receive_echo() == EchoResponse(6)


def test_fragments_split_at_every_byte_of_the_stream(scp: Daemon) -> None:
    peer = established_on_two(scp)
    stream = in_many_pdus(fragments(echo_command(6), 10, 11))
    for cut in range(1, len(stream)):
        peer.send(stream[:cut])
        peer.send(stream[cut:])
        assert peer.receive_echo() == EchoResponse(6)


def test_fragments_byte_by_byte(scp: Daemon) -> None:
    peer = established_on_two(scp)
    peer.dribble(in_many_pdus(fragments(echo_command(6), 10, 11)) + echo_rq(7))
    assert [peer.receive_echo(), peer.receive_echo()] == [EchoResponse(6), EchoResponse(7)]


def test_an_empty_last_fragment(scp: Daemon) -> None:
    peer = established_on_two(scp)
    peer.send(in_many_pdus(fragments(echo_command(4), len(echo_command()))))
    assert peer.receive_echo() == EchoResponse(4)


# ---------------------------------------------------------------------------------------------
# Several messages


def test_several_messages_in_one_pdu(scp: Daemon) -> None:
    peer = established_on_two(scp)
    numbers = range(100)
    peer.send(p_data(*[pdv(echo_command(n), context_id=1 + 2 * (n % 2)) for n in numbers]))
    for number in numbers:
        assert peer.receive_echo() == EchoResponse(number, 1 + 2 * (number % 2))


def test_messages_that_share_pdus_crosswise(scp: Daemon) -> None:
    """The end of one message and the beginning of the next in the same P-DATA-TF."""
    peer = established_on_two(scp)
    first, second, third = (fragments(echo_command(number), 30) for number in (1, 2, 3))
    peer.send(
        p_data(first[0]),
        p_data(first[1], second[0]),
        p_data(second[1], third[0]),
        p_data(third[1]),
    )
    assert [peer.receive_echo().message_id for _ in range(3)] == [1, 2, 3]


def test_two_thousand_echoes_in_one_write(scp: Daemon) -> None:
    peer = established_on_two(scp)
    sender = peer.send_aside(b"".join(map(echo_rq, range(2000))))
    assert [peer.receive_echo().message_id for _ in range(2000)] == list(range(2000))
    sender.join(5)
    peer.release()


def test_twenty_thousand_echoes_to_a_slow_reader(scp: Daemon) -> None:
    """Its window is small, so the responses stall repeatedly; none may be lost or reordered."""
    peer = scp.connect(receive_buffer=4096)
    peer.associate()
    sender = peer.send_aside(b"".join(map(echo_rq, range(20_000))))
    assert [peer.receive_echo().message_id for _ in range(20_000)] == list(range(20_000))
    sender.join(5)
    peer.release()
