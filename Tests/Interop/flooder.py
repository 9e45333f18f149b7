"""Puts one kind of load on a port until its standard input ends or it has made COUNT connections:
`flooder.py KIND PORT CLIENTS [COUNT]`.

It runs as a separate process, niced, so that it takes only the processor time that the program under test
and the good client leave. It prints its counts in one line when it reaches full load and in another at its
end. It uses sockets and epoll directly: one thread makes ten thousand connections a second.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import resource
import select
import socket
import struct
import sys
import time
from collections.abc import Callable

from wire import ASSOCIATE_AC, associate_rq, context, echo_rq, pdu, usual_items

RESET = struct.pack("ii", 1, 0)
SOURCES = 200
"""The number of source addresses: enough that none runs out of ports."""
HOARDER, NEIGHBOUR = "127.2.0.1", "127.2.0.2"
"""The addresses that take all places: the first all associations, the second all other connections."""

LINE_RATE = 1e9 / 8
"""Bytes of long requests per second: those of a gigabit network. The loopback would carry thirty times as
many and keep all processors busy just copying them."""
CONNECTION_RATE = 10_000
"""Renewed connections per second. On two processors, twice as many leave no time to measure anything:
the kernel does most of the work of a connection, for both of its ends."""


def largest_request() -> bytes:
    """A valid request of nearly 256 KiB: many contexts, each with many transfer syntaxes."""
    syntaxes = [f"1.2.840.10008.1.2.4.{number}" for number in range(1000, 1490)]
    contexts = [context(number, syntaxes=syntaxes) for number in range(1, 38, 2)]
    return associate_rq(*usual_items(*contexts))


class Flooder:
    """The connections and the counts."""

    def __init__(self, port: int, clients: int, count: float) -> None:
        self.port, self.clients, self.count = port, clients, count
        self.poller = select.epoll()
        self.poller.register(0, select.EPOLLIN)
        self.open: dict[int, socket.socket] = {}
        self.rest: dict[int, memoryview] = {}
        """The bytes that each connection still has to send."""
        self.opened = self.ended_by_peer = self.refused = self.sent = self.most = 0
        self.is_over = False
        self.random = random.Random(1)

    def connect(self, buffer: int | None = None, source: str = "") -> socket.socket | None:
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if buffer:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            one.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
            one.bind((source or f"127.1.{self.opened % SOURCES}.1", 0))
            one.settimeout(2)
            one.connect(("127.0.0.1", self.port))
            one.setblocking(False)
        except OSError:
            self.refused += 1
            one.close()
            return None
        self.opened += 1
        return one

    def keep(self, one: socket.socket, interest: int) -> None:
        self.open[one.fileno()] = one
        self.most = max(self.most, len(self.open))
        self.poller.register(one, interest | select.EPOLLRDHUP)

    def drop(self, one: socket.socket, *, reset: bool = False) -> None:
        self.open.pop(one.fileno(), None)
        self.rest.pop(one.fileno(), None)
        if reset:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        one.close()

    def send(self, one: socket.socket, octets: bytes | memoryview) -> int:
        """The number of bytes sent, or -1 if the connection is gone."""
        try:
            count = one.send(octets)
        except BlockingIOError:
            return 0
        except OSError:
            return -1
        self.sent += count
        return count

    def look(self, seconds: float, ready: Callable[[socket.socket, int], None]) -> None:
        """Serves connections that are ready and drops those that the program under test has closed."""
        for number, events in self.poller.poll(seconds, 512):
            if number == 0:
                self.is_over = True
            elif one := self.open.get(number):
                if events & (select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP):
                    self.ended_by_peer += 1
                    self.drop(one)
                else:
                    ready(one, events)

    def fill(
        self, prepare: Callable[[socket.socket], None], within: float = 30, **arguments: int | str
    ) -> None:
        """Opens connections until there are enough, for at most `within` seconds."""
        end = time.monotonic() + within
        while len(self.open) < self.clients and not self.is_over and time.monotonic() < end:
            if one := self.connect(**arguments):
                prepare(one)
            if self.opened % 64 == 0:
                self.look(0, lambda one, _: self.drain(one))

    def drain(self, one: socket.socket) -> None:
        """Reads the available bytes; drops a connection that has ended."""
        try:
            if one.recv(1 << 16):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.ended_by_peer += 1
        self.drop(one)

    def tell(self) -> None:
        print(json.dumps(
            {"opened": self.opened, "most": self.most, "ended": self.ended_by_peer,
             "refused": self.refused, "sent": self.sent}
        ), flush=True)  # fmt: skip

    # The kinds

    def silent(self) -> None:
        """Connections without a byte."""

        def prepare(one: socket.socket) -> None:
            self.keep(one, select.EPOLLIN)

        self.fill(prepare)
        self.tell()
        while not self.is_over:
            self.look(0.2, lambda one, _: self.drain(one))
            self.fill(prepare)

    def dribble(self) -> None:
        """Connections with a byte of a request each second."""
        request = memoryview(associate_rq())

        def prepare(one: socket.socket) -> None:
            self.keep(one, select.EPOLLIN)
            self.rest[one.fileno()] = request

        self.fill(prepare)
        self.tell()
        begun, done = time.monotonic(), 0
        crowd: list[socket.socket] = []
        while not self.is_over:
            # The number of bytes due by now.
            due = int((time.monotonic() - begun) * self.clients)
            for _ in range(due - done):
                crowd = crowd or list(self.open.values())
                one = crowd.pop()
                if rest := self.rest.get(one.fileno()):
                    self.send(one, rest[:1])
                    self.rest[one.fileno()] = rest[1:]
            done = due
            self.look(0.005, lambda one, _: self.drain(one))
            self.fill(prepare)

    def full(self) -> None:
        """Takes all places: as many associations as one address gets, each with an echo every ten seconds,
        and connections without a byte from another address. Lost places are taken again."""

        def prepare(one: socket.socket) -> None:
            self.keep(one, select.EPOLLIN)

        associated: list[socket.socket] = []
        end = time.monotonic() + 10
        while (one := self.take_place()) and not self.is_over and time.monotonic() < end:
            associated.append(one)
        self.clients += len(associated)
        self.fill(prepare, within=2, source=NEIGHBOUR)
        self.tell()
        begun, done = time.monotonic(), 0
        while not self.is_over:
            self.look(0.02, lambda one, _: self.drain(one))
            if one := self.take_place():
                associated.append(one)
            self.fill(prepare, within=0.02, source=NEIGHBOUR)
            # The number of echoes due by now.
            due = int((time.monotonic() - begun) * len(associated) / 10)
            for _ in range(min(due - done, len(associated))):
                one = associated.pop(0)
                if self.open.get(one.fileno()) is one and self.send(one, echo_rq()) >= 0:
                    associated.append(one)
            done = due

    def take_place(self) -> socket.socket | None:
        """Makes an association, if the program still accepts one."""
        if one := self.connect(source=HOARDER):
            with contextlib.suppress(OSError):
                one.settimeout(2)
                one.sendall(associate_rq())
                if one.recv(1 << 12)[:1] == bytes([ASSOCIATE_AC]):
                    one.setblocking(False)
                    self.keep(one, select.EPOLLIN)
                    return one
            one.close()
        return None

    def again_and_again(self, *, reset: bool) -> None:
        """Connects and disconnects, repeatedly."""
        self.tell()
        while not self.is_over and self.opened < self.count:
            for _ in range(50):
                if one := self.connect():
                    self.drop(one, reset=reset)
            self.look(0, lambda *_: None)

    def reset(self) -> None:
        """Connections that are reset at once."""
        self.again_and_again(reset=True)

    def close(self) -> None:
        """Connections that are closed at once, as health checks do."""
        self.again_and_again(reset=False)

    def keep_renewing(self, prepare: Callable[[socket.socket], None], **arguments: int) -> None:
        """Keeps many connections and always resets the oldest for a new one."""
        begun = time.monotonic()
        self.fill(prepare, **arguments)
        self.tell()
        while not self.is_over:
            due = max(self.sent / LINE_RATE, self.opened / CONNECTION_RATE)
            ahead = due - (time.monotonic() - begun)
            if ahead > 0:
                self.look(ahead, self.go_on)
                continue
            for _ in range(min(64, 1 + len(self.open) // 8)):
                if len(self.open) >= self.clients:
                    self.drop(next(iter(self.open.values())), reset=True)
                if one := self.connect(**arguments):
                    prepare(one)
            self.look(0, self.go_on)

    def go_on(self, one: socket.socket, events: int) -> None:
        """Sends more of the remaining bytes, or reads."""
        if events & select.EPOLLOUT and (rest := self.rest.get(one.fileno())):
            count = self.send(one, rest)
            if count < 0:
                self.ended_by_peer += 1
                self.drop(one)
            elif count == len(rest):
                del self.rest[one.fileno()]
                self.poller.modify(one, select.EPOLLIN)
            else:
                self.rest[one.fileno()] = rest[count:]
        elif events & select.EPOLLIN:
            self.drain(one)

    def prepare_to_send(self, octets: bytes) -> Callable[[socket.socket], None]:
        def prepare(one: socket.socket) -> None:
            self.rest[one.fileno()] = memoryview(octets)
            self.keep(one, select.EPOLLOUT)
            self.go_on(one, select.EPOLLOUT)

        return prepare

    def half(self) -> None:
        """Requests whose second half never comes."""
        request = associate_rq(*usual_items(*(context(number) for number in range(1, 80, 2))))
        self.keep_renewing(self.prepare_to_send(request[: len(request) // 2]))

    def largest(self) -> None:
        """Requests of the maximum length."""
        self.keep_renewing(self.prepare_to_send(largest_request()))

    def unread(self) -> None:
        """Thousands of echoes whose answers are never read."""
        octets = associate_rq() + echo_rq() * 20_000
        prepare = self.prepare_to_send(octets)
        self.fill(prepare, buffer=2048)
        self.tell()
        renewed = time.monotonic()
        while not self.is_over:
            # The answers stay unread, so this loop cannot use `look`, which reads.
            for number, events in self.poller.poll(0.01, 512):
                if number == 0:
                    self.is_over = True
                elif events & select.EPOLLOUT and (one := self.open.get(number)):
                    self.go_on(one, select.EPOLLOUT)
                    if number not in self.rest and number in self.open:
                        self.poller.modify(one, 0)
            if time.monotonic() > renewed + 0.02:
                renewed = time.monotonic()
                self.drop(next(iter(self.open.values())), reset=True)
                if one := self.connect(buffer=2048):
                    prepare(one)

    def garbage(self) -> None:
        """Random bytes, some of them after a valid beginning."""
        self.tell()
        noise = self.random.randbytes(1 << 16)
        begins = [b"", *(bytes([kind]) for kind in range(1, 8)), pdu(1, length=1000), associate_rq()]
        while not self.is_over:
            for _ in range(64):
                at = self.random.randrange(60_000)
                size = self.random.choice((1, 6, 80, 1000, 5000))
                octets = self.random.choice(begins) + noise[at : at + size]
                if one := self.connect():
                    self.send(one, octets)
                    self.keep(one, select.EPOLLIN)
            while len(self.open) > self.clients:
                self.drop(next(iter(self.open.values())), reset=self.random.random() < 0.5)
            self.look(0, self.go_on)


KINDS = ("silent", "dribble", "full", "reset", "close", "half", "largest", "unread", "garbage")


def main() -> None:
    kind, port, clients = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    assert kind in KINDS, kind
    os.nice(10)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    flooder = Flooder(port, clients, int(sys.argv[4]) if len(sys.argv) > 4 else math.inf)
    getattr(flooder, kind)()
    for one in list(flooder.open.values()):
        with contextlib.suppress(OSError):
            flooder.drop(one, reset=True)
    flooder.tell()


if __name__ == "__main__":
    main()
