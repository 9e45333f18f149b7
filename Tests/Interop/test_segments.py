"""TCP splits and combines messages: segment boundaries must not matter."""

from __future__ import annotations

import socket
import time

from daemon import Daemon
from peer import Peer
from replies import RELEASED, AssociateAC, EchoResponse
from wire import associate_rq, echo_rq, release_rq


def test_a_conversation_in_one_segment(scp: Daemon) -> None:
    peer = scp.connect()
    peer.send(associate_rq(), echo_rq(1), echo_rq(2), release_rq())
    assert isinstance(peer.receive(), AssociateAC)
    assert [peer.receive_echo(), peer.receive_echo()] == [EchoResponse(1), EchoResponse(2)]
    assert peer.receive() == RELEASED


def test_a_conversation_byte_by_byte(scp: Daemon) -> None:
    peer = scp.connect()
    peer.dribble(associate_rq() + echo_rq(1) + echo_rq(2) + release_rq())
    assert isinstance(peer.receive(), AssociateAC)
    assert [peer.receive_echo(), peer.receive_echo()] == [EchoResponse(1), EchoResponse(2)]
    assert peer.receive() == RELEASED


def test_a_conversation_split_at_every_byte(scp: Daemon) -> None:
    """Two segments, with the boundary at each offset; small pauses keep them apart."""
    octets = associate_rq() + echo_rq(1) + echo_rq(2) + release_rq()
    splits = range(1, len(octets))
    peers = [Peer(scp.port) for _ in splits]
    try:
        for peer, at in zip(peers, splits, strict=True):
            peer.send(octets[:at])
        time.sleep(0.05)
        for peer, at in zip(peers, splits, strict=True):
            peer.send(octets[at:])
        for peer in peers:
            assert isinstance(peer.receive(), AssociateAC)
            assert [peer.receive_echo(), peer.receive_echo()] == [EchoResponse(1), EchoResponse(2)]
            assert peer.receive() == RELEASED
    finally:
        for peer in peers:
            peer.close()


def test_a_pdu_in_two_writes_is_not_delayed(scp: Daemon) -> None:
    """DCMTK writes a P-DATA-TF in two pieces, and its TCP holds back the second until the first is
    acknowledged (Nagle). If the acceptor also delays its acknowledgment, each echo takes 40 ms.
    """
    peer = scp.connect()
    peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
    peer.associate()
    octets = echo_rq(1)
    begin = time.monotonic()
    for _ in range(50):
        peer.send(octets[:12])
        peer.send(octets[12:])
        assert peer.receive_echo() == EchoResponse(1)
    assert time.monotonic() - begin < 1, "the echoes are delayed"
    peer.release()
