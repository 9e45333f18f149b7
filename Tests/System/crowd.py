"""Takes all the places it can get on a port from a few addresses, until its standard input ends:
`crowd.py KIND PORT SOURCES CLIENTS NUMBER`.

Like flooder.py, whose source addresses it shares, it runs niced in a separate process and prints its counts
in one line once it has taken what it can and in another at its end. Closed connections are made again.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import os
import resource
import select
import socket
import sys
import time

import flooder
from flooder import LINE_RATE, Flooder
from wire import ASSOCIATE_AC, ASSOCIATE_RQ, P_DATA_TF, associate_rq, echo_rq, pdu

INTERVAL = 6
"""The seconds between two echoes of an association; the daemon ends one that is idle for 30."""
KNOCKS = 4000
"""Silent connections per second."""
RETURNS = 200
"""The most closed connections per second that are made again."""
FILLING = 20
"""The seconds after which it stops trying to take more."""


class Pace:
    """Counts the turns that are due at a rate per second."""

    def __init__(self, rate: float) -> None:
        self._rate, self._done, self._begun = rate, 0, time.monotonic()

    def due(self) -> int:
        """The number of turns to do now, limited so that other work need not wait long."""
        count = min(64, int((time.monotonic() - self._begun) * self._rate) - self._done)
        self._done += count
        return count


class Crowd(Flooder):
    """The connections, some of them with an association."""

    def __init__(self, port: int, clients: int, number: int) -> None:
        super().__init__(port, clients, math.inf)
        self.number = number
        self.associated: dict[int, socket.socket] = {}
        self.answered = self.turned_away = 0
        self._filled_by = time.monotonic() + FILLING

    def drop(self, one: socket.socket, *, reset: bool = False) -> None:
        self.associated.pop(one.fileno(), None)
        super().drop(one, reset=reset)

    def drain(self, one: socket.socket) -> None:
        """Reads an answer; resets the connection if it is rejected or aborted."""
        try:
            octets = one.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            octets = b""
        match octets[:1]:
            case b"":
                self.ended_by_peer += 1
                self.drop(one)
            case kind if kind[0] == ASSOCIATE_AC:
                self.associated[one.fileno()] = one
            case kind if kind[0] == P_DATA_TF:
                self.answered += 1
            case _:
                self.turned_away += 1
                self.drop(one, reset=True)

    def tell(self) -> None:
        print(json.dumps(
            {"opened": self.opened, "open": len(self.open), "associations": len(self.associated),
             "answered": self.answered, "turned_away": self.turned_away,
             "ended": self.ended_by_peer, "refused": self.refused}
        ), flush=True)  # fmt: skip

    def is_filling(self) -> bool:
        return not self.is_over and time.monotonic() < self._filled_by

    def come(self, octets: bytes = b"") -> None:
        """Makes one more connection, which begins with these bytes."""
        if one := self.connect():
            self.keep(one, select.EPOLLIN)
            if octets:
                self.send(one, octets)

    # The kinds

    def house(self) -> None:
        """Keeps `number` associations that echo now and then. The other connections are silent, and more of
        them keep coming, whether or not there is room."""
        request, echo = associate_rq(), echo_rq()
        while self.is_filling() and len(self.associated) < self.number and not self.turned_away:
            for _ in range(min(64, self.number - len(self.open))):
                self.come(request)
            self.look(0, lambda one, _: self.drain(one))
        for count in range(self.clients - self.number):
            self.come()
            if count % 64 == 0:
                self.look(0, lambda one, _: self.drain(one))
        self.tell()
        echoes, knocks, returns = Pace(self.number / INTERVAL), Pace(KNOCKS), Pace(RETURNS)
        turn: list[socket.socket] = []
        while not self.is_over:
            for _ in range(echoes.due()):
                turn = turn or list(self.associated.values())
                # Some have been closed meanwhile.
                if turn and (one := turn.pop()).fileno() in self.associated:
                    self.send(one, echo)
            for _ in range(knocks.due()):
                self.come()
            for _ in range(returns.due()):
                if len(self.associated) < self.number:
                    self.come(request)
            self.look(0.001, lambda one, _: self.drain(one))

    def stalled(self) -> None:
        """Sends thousands of echoes whose answers are never read."""
        prepare = self.prepare_to_send(associate_rq() + echo_rq() * 20_000)
        for _ in range(self.clients):
            if one := self.connect(buffer=2048):
                prepare(one)
        self.tell()
        returns = Pace(RETURNS)
        while not self.is_over:
            for number, events in self.poller.poll(0.01, 512):
                if number == 0:
                    self.is_over = True
                elif one := self.open.get(number):
                    self.go_on_without_reading(one, events)
            for _ in range(returns.due()):
                if len(self.open) < self.clients and (one := self.connect(buffer=2048)):
                    prepare(one)

    def go_on_without_reading(self, one: socket.socket, events: int) -> None:
        number = one.fileno()
        if events & (select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP):
            self.ended_by_peer += 1
            self.drop(one)
        elif events & select.EPOLLOUT:
            self.go_on(one, select.EPOLLOUT)
            if number in self.open and number not in self.rest:
                self.poller.modify(one, 0)

    def almost(self) -> None:
        """Sends requests with a PDU-length of up to `number`, without their last byte. It repeatedly replaces
        the oldest by a new one; shorter requests take the memory that the long ones leave."""
        begin = associate_rq()[6:]
        lengths = [self.number >> shift for shift in (0, 2, 4, 6)]
        prepares = [
            self.prepare_to_send(pdu(ASSOCIATE_RQ, begin.ljust(length, b"\0"))[:-1])
            for length in lengths
        ]
        for _ in range(self.clients):
            if one := self.connect():
                prepares[0](one)
            self.look(0, self.go_on)
        while self.is_filling() and self.rest:
            self.look(0.01, self.go_on)
        self.tell()
        begun, returns = time.monotonic() - self.sent / LINE_RATE, Pace(RETURNS)
        turn = itertools.cycle(prepares)
        while not self.is_over:
            for _ in range(returns.due()):
                if self.sent / LINE_RATE > time.monotonic() - begun:
                    continue
                if len(self.open) >= self.clients:
                    self.drop(next(iter(self.open.values())), reset=True)
                if one := self.connect():
                    next(turn)(one)
            self.look(0.005, self.go_on)


def main() -> None:
    kind, (port, sources, clients, number) = sys.argv[1], map(int, sys.argv[2:])
    assert kind in ("house", "stalled", "almost"), kind
    os.nice(10)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    flooder.SOURCES = sources
    crowd = Crowd(port, clients, number)
    getattr(crowd, kind)()
    crowd.tell()
    for one in list(crowd.open.values()):
        with contextlib.suppress(OSError):
            crowd.drop(one, reset=True)


if __name__ == "__main__":
    main()
