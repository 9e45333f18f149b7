"""Scenarios of the differential test: steps of a requestor, run against both programs.

A step is either bytes, to which the answer is one PDU, or a function that takes an `Exchange`. The tables
of scenarios are in the modules `scenarios_*`.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from daemon import Daemon, echo, free_port, refused, wait_until
from differential import Outcome, comparable, describe
from peer import PATIENCE, Peer
from replies import Abort, AssociateRJ, EndOfStream
from seed import settle
from wire import CT_IMAGE_STORAGE, associate_rq, context, usual_items

PROMPT = 2.0
"""The seconds to wait for an answer."""


class Exchange:
    """One requestor and everything it received."""

    def __init__(self, scp: Daemon) -> None:
        self.peer = Peer(scp.port, scp.host)
        self.answers: list[str] = []
        self.over = False

    def hear(self, within: float = PROMPT) -> None:
        """Records the next PDU, the end of the connection, or that nothing arrives."""
        if self.over:
            return
        try:
            reply = self.peer.receive(within=within)
        except AssertionError as problem:
            text = str(problem).split("\n")[0]
            self.answers.append("nothing" if text.startswith("nothing came") else text)
            self.over = True
            return
        self.answers += describe(reply)
        self.over = isinstance(reply, EndOfStream | Abort | AssociateRJ)

    def say(self, octets: bytes) -> None:
        # If the other side has closed already, its earlier answers can still be read.
        with suppress(OSError):
            self.peer.send(octets)


Step = bytes | Callable[[Exchange], None]


@dataclass(frozen=True)
class Scenario:
    name: str
    steps: Sequence[Step]
    options: tuple[str, ...] = ()
    """The options of both programs, in addition to `-v` or `-d`."""

    def run(self, scp: Daemon) -> list[str]:
        exchange = Exchange(scp)
        try:
            for step in self.steps:
                if exchange.over:
                    break
                if isinstance(step, bytes):
                    exchange.say(step)
                    exchange.hear()
                else:
                    step(exchange)
        finally:
            exchange.peer.close()
        return [f"answer: {line}" for line in exchange.answers]


@dataclass(frozen=True)
class Command:
    """A scenario whose requestor is a program; `HOST` and `PORT` stand for the acceptor's."""

    name: str
    command: Sequence[str]
    options: tuple[str, ...] = ()

    def run(self, scp: Daemon) -> list[str]:
        places = {"HOST": scp.host, "PORT": str(scp.port)}
        done = subprocess.run(
            [places.get(word, word) for word in self.command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=False,
        )
        return [f"status: {done.returncode}"]


@dataclass(frozen=True)
class Start:
    """A scenario that starts a command line: whether the program serves, and its exit status."""

    name: str
    words: Sequence[str]
    """The arguments; `PORT` stands for a free port, or for one in use."""
    is_taken: bool = False
    ends_by: signal.Signals | None = None
    """The signal that ends it. Without one, the exit status counts only if it ends without a signal."""

    def outcome(self, kind: type[Daemon], directory: Path) -> Outcome:
        port = free_port()
        with ExitStack() as stack:
            if self.is_taken:
                stack.enter_context(socket.create_server(("0.0.0.0", port)))
            words = [str(port) if word == "PORT" else word for word in self.words]
            process = subprocess.Popen(
                [*kind.PREFIX, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # A shell makes its background jobs ignore SIGINT, including the tests.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
            stack.callback(process.wait)
            stack.callback(process.kill)

            def has_begun() -> bool:
                return process.poll() is not None or not (self.is_taken or refused(port))

            assert wait_until(has_begun, 2 * PATIENCE), f"{self.name}: neither serves nor ends"
            if process.poll() is not None:
                return Outcome({"start": [f"ends with {process.returncode}"]})
            echo(port)
            lines = ["serves"]
            if self.ends_by is not None:
                process.send_signal(self.ends_by)
                lines.append(f"ends with {process.wait(2 * PATIENCE)}")
            return Outcome({"start": lines})


@dataclass(frozen=True)
class Levels:
    """A scenario about the log at each level: for an association with an echo, and for one whose only context
    is refused. Unlike in other scenarios, warnings count."""

    name: str
    options: Sequence[str]

    def outcome(self, kind: type[Daemon], directory: Path) -> Outcome:
        scp = kind(*self.options, directory=directory)
        try:
            settle(scp)
            start = len(scp.text())
            echo(scp.port)
            storage = Peer(scp.port)
            storage.send(associate_rq(*usual_items(context(1, CT_IMAGE_STORAGE))))
            storage.receive()
            storage.release()
            settle(scp)
            text = scp.text()[start:]
        finally:
            scp.stop()
        warnings = sum(line.startswith("W: ") for line in text.splitlines())
        return Outcome({"log": comparable(text) + ["W: (a warning)"] * warnings})


def table(rows: dict[str, Sequence[Step]], *options: str) -> list[Scenario]:
    return [Scenario(name, steps, options) for name, steps in rows.items()]


def quietly(*octets: bytes) -> Step:
    """Sends bytes without waiting for an answer."""
    return lambda exchange: exchange.say(b"".join(octets))


def hear(within: float = PROMPT) -> Step:
    return lambda exchange: exchange.hear(within)


def pause(seconds: float) -> Step:
    return lambda exchange: time.sleep(seconds)


def close(exchange: Exchange) -> None:
    exchange.peer.close()
    exchange.over = True


def reset(exchange: Exchange) -> None:
    exchange.peer.reset()
    exchange.over = True


def finish(exchange: Exchange) -> None:
    """Sends FIN and records the next reply."""
    exchange.peer.finish()
    exchange.hear()
