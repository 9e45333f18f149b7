"""What goes wrong between a device and the program, as a field engineer meets it: each situation by a
name, how it comes about, and with which options the program runs. What the journal then says is in
`situations/NAME.txt`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daemon import Daemon
from peer import Peer
from replies import Abort, AssociateRJ, EndOfStream

Act = Callable[[Daemon], object]


@dataclass(frozen=True)
class Situation:
    """How it comes about."""

    name: str
    act: Act
    options: tuple[str, ...] = ()
    configuration: str = ""
    """What the configuration file says."""
    descriptors: int | None = None
    """How many descriptors the program may have."""
    title: str = ""
    """It in words."""


SITUATIONS: dict[str, Situation] = {}


def situation(
    name: str, *options: str, configuration: str = "", descriptors: int | None = None
) -> Callable[[Act], Act]:
    """Adds what `act` does to the situations; its docstring says what it is."""

    def add(act: Act) -> Act:
        assert name not in SITUATIONS and act.__doc__
        SITUATIONS[name] = Situation(
            name, act, options, configuration, descriptors, act.__doc__.strip().rstrip(".")
        )
        return act

    return add


def said(name: str, title: str, *octets: bytes, options: tuple[str, ...] = ()) -> None:
    """A situation in which the peer says something at once, and hears how it ends."""

    def act(scp: Daemon) -> None:
        peer = scp.connect()
        peer.send(*octets)
        hear_the_end(peer)

    act.__doc__ = title
    situation(name, *options)(act)


def said_after_association(name: str, title: str, *octets: bytes) -> None:
    """A situation in which the peer says something on an association that was granted."""

    def act(scp: Daemon) -> None:
        peer = scp.connect()
        peer.associate(called="ECHOSCP")
        peer.send(*octets)
        hear_the_end(peer)

    act.__doc__ = title
    situation(name)(act)


def hear_the_end(peer: Peer) -> None:
    """Reads until the connection has ended, or is the requestor's to close."""
    for _ in range(5):
        reply = peer.receive()
        if isinstance(reply, Abort | AssociateRJ):
            peer.close()
        if isinstance(reply, Abort | AssociateRJ | EndOfStream):
            return
