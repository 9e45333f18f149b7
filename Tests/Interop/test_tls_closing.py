"""What a TLS connection is sent last arrives before its end: alerts, rejections, aborts and release responses."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable

import pytest

from client_hello import alert_in, answer, client_hello
from peer import PATIENCE, SLACK
from replies import AssociateRJ, EndOfStream
from secure import TLS_1_3, Secured, TLSPeer, serve
from wire import associate_rq, p_data, pdu

Start = Callable[..., Secured]
NO_APPLICATION_PROTOCOL = 120
"""The alert for ALPN without a common protocol (RFC 7301 §3.2)."""
TIMES = 50


def test_the_alert_arrives(secured: Start) -> None:
    """A client of TLS 1.3 is in the middle of its request when it is refused."""
    one = secured(mode="require")
    context = one.context(version=TLS_1_3)
    alerts = 0
    for _ in range(TIMES):
        try:
            with TLSPeer(one.port, context) as peer:
                peer.send(associate_rq(), *(p_data(bytes(1000)) for _ in range(8)))
                time.sleep(0.002)
                peer.receive()
        except ssl.SSLError as error:
            alerts += "ALERT_CERTIFICATE_REQUIRED" in str(error.reason)
        except ConnectionError:
            pass
    assert alerts == TIMES


def test_the_release_arrives(secured: Start) -> None:
    one = secured()
    context = one.context()
    for _ in range(TIMES):
        with TLSPeer(one.port, context) as peer:
            serve(peer)


@pytest.mark.parametrize("goes_on", [False, True], ids=["and stops", "and goes on"])
def test_the_rejection_and_the_abort_arrive(secured: Start, goes_on: bool) -> None:
    """Also if the client sends more meanwhile."""
    one = secured("--require-called-ae-title")
    context = one.context()
    more = [p_data(bytes(1000)) for _ in range(8)] if goes_on else []
    for octets, expected in (
        (associate_rq(called="OTHER"), AssociateRJ(1, 1, 7)), (pdu(9, bytes(4)), None),
    ):  # fmt: skip
        for _ in range(TIMES):
            with TLSPeer(one.port, context) as peer:
                peer.send(octets, *more)
                reply = peer.receive()
                assert reply == expected if expected else not isinstance(reply, EndOfStream)


def test_a_connection_that_stays_open_after_the_alert_is_closed(secured: Start) -> None:
    """The rest of the input is discarded, for a second at most."""
    one = secured()
    with one.connect_raw() as peer:
        peer.send(client_hello(alpn=("h2",)))
        assert alert_in(answer(peer)) == NO_APPLICATION_PROTOCOL
        began = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - began < PATIENCE:
                peer.socket.send(b"more")
                time.sleep(0.05)
        assert time.monotonic() - began < 1 + SLACK
