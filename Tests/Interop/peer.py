"""A requestor for tests on a plain socket, with a bound on every wait."""

from __future__ import annotations

import array
import fcntl
import os
import socket
import struct
import termios
import threading
import time
from contextlib import suppress

from replies import (
    CLOSED,
    RELEASED,
    RESET,
    AssociateAC,
    EchoResponse,
    PData,
    Reply,
    parse,
    parse_echo_response,
)
from wire import associate_rq, echo_rq, release_rq

SLACK = float(os.environ.get("ECHOSCPD_SLACK", "0.5"))
"""The seconds that an answer or a deadline may be late; more under sanitizers."""

PATIENCE = 5 + 4 * SLACK
"""The seconds after which a test gives up on an answer that should come at once."""


class Peer:
    """A requestor on its own socket. No wait is longer than `PATIENCE`."""

    def __init__(
        self,
        port: int,
        host: str = "127.0.0.1",
        *,
        source: str | None = None,
        receive_buffer: int | None = None,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE)
        self._buffer = b""
        try:
            if receive_buffer is not None:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            if source is not None:
                # The kernel then chooses the port at connect, so that each source address has 28,000.
                self.socket.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
                self.socket.bind((source, 0))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.connect((host, port))
        except BaseException:
            self.socket.close()
            raise

    def unread(self) -> int:
        """The number of bytes that have arrived and were not read yet."""
        return self._bytes(termios.FIONREAD)

    def has_arrived(self) -> bool:
        """Whether everything sent has arrived at the other end, read or not."""
        return self._bytes(termios.TIOCOUTQ) == 0

    def _bytes(self, question: int) -> int:
        count = array.array("i", [0])
        fcntl.ioctl(self.socket, question, count)
        return count[0]

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Closes with a TCP reset, as a firewall or a device being switched off does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def finish(self) -> None:
        """Sends FIN and can still receive."""
        self.socket.shutdown(socket.SHUT_WR)

    def send(self, *octets: bytes) -> None:
        self.socket.sendall(b"".join(octets))

    def send_aside(self, octets: bytes) -> threading.Thread:
        """Sends from another thread, so that the caller can read while the connection is full."""

        def run() -> None:
            # If sending fails, the reader sees why.
            with suppress(OSError):
                self.socket.sendall(octets)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def dribble(self, octets: bytes, pause: float = 0.0) -> None:
        """Sends each byte in its own segment."""
        for index in range(len(octets)):
            self.socket.sendall(octets[index : index + 1])
            if pause:
                time.sleep(pause)

    def _fill(self, count: int, deadline: float) -> bool:
        """Reads until `count` bytes are buffered; false at the end of the stream."""
        while len(self._buffer) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"nothing came in time; buffered: {self._buffer[:100]!r}")
            self.socket.settimeout(left)
            try:
                octets = self.socket.recv(1 << 16)
            except TimeoutError:
                continue
            finally:
                self.socket.settimeout(PATIENCE)
            if not octets:
                return False
            self._buffer += octets
        return True

    def receive(self, within: float | None = None) -> Reply:
        """Returns the next PDU, or how the connection ended."""
        deadline = time.monotonic() + (PATIENCE if within is None else within)
        try:
            if not self._fill(6, deadline):
                assert not self._buffer, f"closed inside a PDU header: {self._buffer!r}"
                return CLOSED
            kind, reserved, length = struct.unpack(">BBI", self._buffer[:6])
            assert reserved == 0, f"PDU {kind:02X}H: reserved byte is {reserved:02X}H"
            assert length <= 1 << 20, f"PDU {kind:02X}H announces {length} bytes"
            assert self._fill(6 + length, deadline), f"closed inside PDU {kind:02X}H"
        except ConnectionResetError:
            return RESET
        body, self._buffer = self._buffer[6 : 6 + length], self._buffer[6 + length :]
        return parse(kind, body)

    def receive_fragments(self) -> list[PData]:
        """Returns the P-DATA-TF PDUs of one message, up to the one with its last command fragment."""
        pdus: list[PData] = []
        for _ in range(200):
            reply = self.receive()
            assert isinstance(reply, PData), f"expected a C-ECHO-RSP, got {reply}"
            pdus.append(reply)
            for number, value in enumerate(reply.pdvs):
                assert value.command, "a C-ECHO-RSP must not have a data set"
                assert value.context_id == pdus[0].pdvs[0].context_id, "context changed"
                if value.last:
                    assert number == len(reply.pdvs) - 1, "more than one message in a P-DATA-TF"
                    return pdus
        raise AssertionError("a C-ECHO-RSP in more than 200 fragments")

    def receive_echo(self) -> EchoResponse:
        values = [value for part in self.receive_fragments() for value in part.pdvs]
        octets = b"".join(value.fragment for value in values)
        return parse_echo_response(octets, values[0].context_id)

    def associate(self, *items: bytes, **fields: object) -> AssociateAC:
        """Requests an association, which must be accepted."""
        self.send(associate_rq(*items, **fields))  # type: ignore[arg-type]
        reply = self.receive()
        assert isinstance(reply, AssociateAC), f"expected an A-ASSOCIATE-AC, got {reply}"
        return reply

    def echo(self, message_id: int = 1, context_id: int = 1) -> None:
        self.send(echo_rq(message_id, context_id))
        assert self.receive_echo() == EchoResponse(message_id, context_id)

    def release(self) -> None:
        """Releases the association; the caller then closes the connection."""
        self.send(release_rq())
        reply = self.receive()
        assert reply == RELEASED, f"expected an A-RELEASE-RP, got {reply}"

    def silent_for(self, seconds: float) -> bool:
        """Whether nothing arrives in this many seconds, not even the end of the stream."""
        if self._buffer:
            return False
        self.socket.settimeout(seconds)
        try:
            self._buffer += self.socket.recv(1 << 16)
            return False
        except TimeoutError:
            return True
        except ConnectionResetError:
            return False
        finally:
            self.socket.settimeout(PATIENCE)
