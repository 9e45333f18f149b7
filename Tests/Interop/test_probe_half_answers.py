"""dcm4chee-arc-light#4690: an incomplete answer, which a probe treated as no answer.

For any PDU, cut at any byte, and however the wait for the rest ends, the probe names the PDU, the bytes that
arrived, and the likely problem."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from acceptor import accept, response
from daemon import free_port
from peer import PATIENCE
from test_probe import CRITICAL, QUICK, at, failure, until_closed
from wire import abort, p_data, pdu, pdv, release_rp, release_rq

Answer = Callable[[bytes], bytes]

ENDS = ("silence", "close", "reset")
PHASES = ("associate", "echo", "release")


@contextmanager
def stopping(phase: str, begun: Answer, end: str) -> Iterator[int]:
    """Runs an SCP that answers correctly until `phase`, where it sends `begun` and ends with `end`; yields the
    port."""
    port, ended = free_port(), threading.Event()
    listener = socket.create_server(("127.0.0.1", port))
    listener.settimeout(0.1)
    rights: tuple[Answer, ...] = (accept, response, lambda _: release_rp())

    def serve(connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        for name, right in zip(PHASES, rights, strict=True):
            request = connection.recv(4096)
            if name != phase:
                connection.sendall(right(request))
                continue
            connection.sendall(begun(request))
            if end == "close":
                connection.shutdown(socket.SHUT_WR)
            if end == "reset":
                # A reset discards bytes that the probe has not received yet.
                time.sleep(0.1)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                until_closed(connection)
            return

    def run() -> None:
        while not ended.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    serve(connection)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield port
    finally:
        ended.set()
        thread.join(3 * PATIENCE)
        listener.close()


HALVES: list[tuple[str, Answer, str]] = [
    ("associate", lambda request: accept(request)[:1], "1 byte of its A-ASSOCIATE-AC"),
    ("associate", lambda request: accept(request)[:100], "100 of 151 bytes of its A-ASSOCIATE-AC"),
    ("associate", lambda request: accept(request)[:150], "150 of 151 bytes of its A-ASSOCIATE-AC"),
    ("associate", lambda _: pdu(3, bytes(4))[:8], "8 of 10 bytes of its A-ASSOCIATE-RJ"),
    ("associate", lambda _: abort()[:9], "9 of 10 bytes of its A-ABORT"),
    ("echo", lambda request: response(request)[:6], "6 of 90 bytes of its P-DATA-TF"),
    ("echo", lambda request: response(request)[:50], "50 of 90 bytes of its P-DATA-TF"),
    ("echo", lambda _: release_rq()[:7], "7 of 10 bytes of its A-RELEASE-RQ"),
    ("echo", lambda _: abort()[:9], "9 of 10 bytes of its A-ABORT"),
    (
        "echo",
        lambda request: p_data(pdv(response(request)[12:60], last=False)),
        "48 bytes of a message arrived, without its last fragment",
    ),
    ("release", lambda _: release_rp()[:3], "3 bytes of its A-RELEASE-RP"),
    ("release", lambda _: release_rp()[:8], "8 of 10 bytes of its A-RELEASE-RP"),
    ("release", lambda _: release_rq()[:8], "8 of 10 bytes of its A-RELEASE-RQ"),
    ("release", lambda _: abort()[:9], "9 of 10 bytes of its A-ABORT"),
    ("release", lambda _: p_data(pdv(bytes(100)))[:60], "60 of 112 bytes of its P-DATA-TF"),
    ("release", lambda _: release_rq() + release_rp()[:8], "8 of 10 bytes of its A-RELEASE-RP"),
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("phase", "begun", "words"), HALVES, ids=[f"{row[0]} {row[2]}" for row in HALVES]
)
def test_an_answer_that_begins_and_stops(phase: str, begun: Answer, words: str, end: str) -> None:
    """dcm4chee-arc-light#4690: 100 of 151 bytes of an A-ASSOCIATE-AC were reported as no answer."""
    with stopping(phase, begun, end) as port:
        found = failure(port, *QUICK)
    print(found["text"])
    assert (found["phase"], found["cause"]) == (phase, "incomplete-answer")
    assert words in found["text"]
    option = "dimse-timeout" if phase == "echo" else "acse-timeout"
    how = {
        "silence": f"{option}: within 0.3 s, only ",
        "close": ", then the peer closed the connection",
        "reset": ", then the peer reset the connection",
    }
    assert how[end] in found["text"]
    assert ("the echo was answered" in found["text"]) == (phase == "release")
    assert "MTU" in found["remedy"] and "firewall" in found["remedy"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("octets", [b"220", b"\x05\x00", b"\x15\x03"], ids=["text", "socks", "tls"])
def test_another_protocol_that_begins_and_stops(octets: bytes, end: str) -> None:
    """Like dcm4chee-arc-light#4690: the beginning of an answer that is not DICOM is reported as such."""
    with stopping("associate", lambda _: octets, end) as port:
        found = failure(port, *QUICK)
    assert (found["phase"], found["cause"]) == ("associate", "not-dicom")


def test_bytes_that_begin_no_answer() -> None:
    with stopping("echo", lambda _: b"\x68\x69", "close") as port:
        found = failure(port)
    assert found["cause"] == "incomplete-answer"
    assert found["text"].startswith("2 bytes came, starting with 68H, not a PDU, then ")


def test_what_stops_at_the_end_of_a_segment_is_lost_on_the_way() -> None:
    """The probe names an MTU problem only if the kernel's own figures suggest one."""
    port, ended = free_port(), threading.Event()
    with socket.socket() as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1012)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(pdu(2, bytes(1994), length=3000))
                ended.wait(PATIENCE)

        thread = threading.Thread(target=serve)
        thread.start()
        done = json.loads(at(port, *QUICK, "--json", status=CRITICAL)[0])
        ended.set()
        thread.join(PATIENCE)
    found = done["failures"][0]
    print(found["text"])
    assert "2,000 of 3,006 bytes of its A-ASSOCIATE-AC arrived" in found["text"]
    assert found["text"].endswith("large packets seem to be lost on the way")
    assert found["remedy"] == "look for an MTU problem in a VPN, a tunnel or a firewall"
