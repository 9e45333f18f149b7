"""The maximum length of P-DATA-TF, in both directions (PS3.8 Annex D.1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daemon import Daemon
from journal import Journal
from peer import SLACK
from replies import ABORTED, EchoResponse
from upper_layer import INVALID, header
from wire import (
    P_DATA_TF,
    application_context,
    command_set,
    context,
    echo_command,
    echo_elements,
    echo_rq,
    element,
    maximum_length,
    p_data,
    pdv,
    user_information,
)

Start = Callable[..., Daemon]


@pytest.mark.parametrize("announced", [16, 17, 100, 16381, 16382, 65536])
def test_the_announced_maximum_is_honoured_to_the_byte(echoscpd: Start, announced: int) -> None:
    """A PDU of exactly this length is accepted; one byte more is a protocol error (PS3.8 Annex D.1)."""
    scp = echoscpd("-pdu", str(announced))
    peer = scp.connect()
    assert peer.associate().maximum_length == announced
    # An unknown element makes the command long enough; its limit is 16 KiB.
    command = command_set(element(0x0301, bytes(15000)), *echo_elements().values())
    size = announced - 6  # the PDV header takes 6 bytes
    parts = [command[at : at + size] for at in range(0, len(command), size)]
    peer.send(*[p_data(pdv(part, last=part is parts[-1])) for part in parts])
    assert peer.receive_echo() == EchoResponse(1)
    peer.send(header(P_DATA_TF, announced + 1))
    assert peer.receive(within=SLACK) == INVALID


def test_no_limit_announced_and_none_enforced(echoscpd: Start) -> None:
    scp = echoscpd("-pdu", "0")
    peer = scp.connect()
    assert peer.associate().maximum_length == 0
    many = 5000
    pipelined = p_data(*[pdv(echo_command(number)) for number in range(many)])
    assert len(pipelined) > 300_000
    sender = peer.send_aside(pipelined)
    assert [peer.receive_echo().message_id for _ in range(many)] == list(range(many))
    sender.join(5)


@pytest.mark.parametrize(
    ("maximum", "fragment"),
    [
        (0, 78), (8, 2), (9, 2), (10, 4), (12, 6), (13, 6), (14, 8), (16, 10), (17, 10),
        (83, 76), (84, 78), (85, 78), (100, 78), (16382, 78), (0xFFFFFFFF, 78),
    ],
)  # fmt: skip
def test_responses_fit_the_maximum_of_the_requestor(
    scp: Daemon, maximum: int, fragment: int
) -> None:
    """A fragment fills the maximum minus 6 bytes of PDV header, rounded down to an even number."""
    peer = scp.connect()
    peer.associate(application_context(), context(), user_information(maximum_length(maximum)))
    for number in (1, 65535):
        peer.send(echo_rq(number))
        pdus = peer.receive_fragments()
        sizes = [len(value.fragment) for part in pdus for value in part.pdvs]
        expected = [fragment] * (78 // fragment) + [78 % fragment] * (78 % fragment > 0)
        assert sizes == expected
        assert all(part.length <= maximum for part in pdus) or maximum == 0
        assert all(len(part.pdvs) == 1 for part in pdus)
    peer.echo(2)


@pytest.mark.parametrize("maximum", range(1, 8))
def test_a_maximum_that_nothing_fits_into(
    echoscpd: Start, journal: Journal, maximum: int
) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    peer = scp.connect()
    peer.associate(application_context(), context(), user_information(maximum_length(maximum)))
    peer.send(echo_rq())
    assert peer.receive() == ABORTED
    entry = journal.wait_for(ECHOSCP_CAUSE="max-length-too-small", DICOM_CALLING_AE="TESTSCU")
    assert entry["PRIORITY"] == ["4"]
