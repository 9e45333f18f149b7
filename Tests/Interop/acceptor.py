"""An SCP on a plain socket that answers as a test tells it to, right or wrong, to test our requestors.
It does not depend on the program under test."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from daemon import free_port
from peer import PATIENCE
from wire import (
    ABORT,
    ASSOCIATE_AC,
    ASSOCIATE_RQ,
    IMPLICIT_LITTLE,
    P_DATA_TF,
    RELEASE_RP,
    RELEASE_RQ,
    VERIFICATION,
    application_context,
    command_set,
    implementation_class,
    item,
    maximum_length,
    p_data,
    pdu,
    pdv,
    release_rp,
    transfer_syntax,
    u16,
    ui,
    us,
    user_information,
)

Answer = Callable[[bytes], bytes | None]
"""Returns the bytes to send in reply to a whole PDU; None resets the connection."""


def accept(request: bytes, result: int = 0, syntax: str = IMPLICIT_LITTLE) -> bytes:
    """An A-ASSOCIATE-AC to `request`, with its items in an unusual order."""
    context = item(0x21, bytes((1, 0, result, 0)) + transfer_syntax(syntax))
    user = user_information(implementation_class(), maximum_length(0))
    body = u16(1) + bytes(2) + request[10:74] + user + context + application_context()
    return pdu(ASSOCIATE_AC, body)


def message_id_of(request: bytes) -> int:
    """The Message ID of a C-ECHO-RQ as echobench sends it."""
    number: int = struct.unpack_from("<H", request, 68)[0]
    return number


def response(
    request: bytes, status: int = 0, *, message_id: int | None = None, field: int = 0x8030,
    data_set: int = 0x0101, sop_class: str = VERIFICATION, context_id: int = 1,
) -> bytes:  # fmt: skip
    """A C-ECHO-RSP to `request`, in one piece."""
    number = message_id_of(request) if message_id is None else message_id
    command = command_set(
        ui(0x0002, sop_class), us(0x0100, field), us(0x0120, number), us(0x0800, data_set),
        us(0x0900, status),
    )  # fmt: skip
    return p_data(pdv(command, context_id=context_id))


def in_pieces(request: bytes) -> bytes:
    """A C-ECHO-RSP in four PDVs in three PDUs, without group length and SOP class, in an unusual order,
    and with a comment: the standard permits all of this, or requestors should tolerate it."""
    number = message_id_of(request)
    command = (
        us(0x0900, 0) + us(0x0800, 0x0101) + us(0x0120, number) + us(0x0100, 0x8030)
        + ui(0x0902, "fine")
    )  # fmt: skip
    first, second, third = command[:1], command[1:20], command[20:]
    return (
        p_data(pdv(first, last=False))
        + p_data(pdv(second, last=False), pdv(third, last=False))
        + p_data(pdv(b""))
    )


class Acceptor:
    """Listens on a free port and serves each connection in its own thread."""

    def __init__(
        self,
        *,
        associate: Answer = accept,
        echo: Answer = response,
        release: Answer = lambda _: release_rp(),
        released: Answer = lambda _: b"end",
        dribble: float = 0,
        backlog: int = 128,
    ) -> None:
        self._answers = {ASSOCIATE_RQ: associate, P_DATA_TF: echo, RELEASE_RQ: release}
        self._answers[RELEASE_RP] = released
        self._answers[ABORT] = self._abort
        self._dribble = dribble
        """The seconds between two bytes of an answer."""
        self._ended = threading.Event()
        self.heard: list[int] = []
        """The types of all PDUs received."""
        self.aborts: list[tuple[int, int]] = []
        """Source and reason of each A-ABORT."""
        self.peers: list[str] = []
        """The address of each connection."""
        self.reset_count = 0
        """The number of connections that the requestor has reset."""
        self.port = free_port()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=backlog)
        self._listener.settimeout(0.1)
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self) -> Acceptor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._ended.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                connection, address = self._listener.accept()
                self.peers.append(address[0])
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(0.1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            try:
                while (request := self._pdu(connection)) is not None:
                    self.heard.append(request[0])
                    answer = self._answers[request[0]](request)
                    if answer is None:
                        linger = struct.pack("ii", 1, 0)
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        return
                    if not self._send(connection, answer):
                        return
            except (ConnectionResetError, BrokenPipeError):
                self.reset_count += 1

    def _abort(self, request: bytes) -> bytes:
        self.aborts.append((request[8], request[9]))
        return b"end"

    def _send(self, connection: socket.socket, answer: bytes) -> bool:
        """Returns false if the answer is `b"end"`, which closes the connection."""
        if answer == b"end":
            return False
        step = 1 if self._dribble else max(1, len(answer))
        for start in range(0, len(answer), step):
            connection.sendall(answer[start : start + step])
            if self._dribble:
                time.sleep(self._dribble)
        return True

    def _pdu(self, connection: socket.socket) -> bytes | None:
        header = self._receive(connection, 6)
        if header is None:
            return None
        body = self._receive(connection, struct.unpack_from(">I", header, 2)[0])
        return None if body is None else header + body

    def _receive(self, connection: socket.socket, count: int) -> bytes | None:
        octets = b""
        while len(octets) < count and not self._ended.is_set():
            with suppress(TimeoutError):
                piece = connection.recv(count - len(octets))
                if not piece:
                    return None
                octets += piece
        return octets if len(octets) == count else None
