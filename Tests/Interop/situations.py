"""Problems between a device and the program, as a field engineer meets them. Each situation has a name, a
function that brings it about, and the options of the program; `situations/NAME.txt` has the resulting
records of the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daemon import Daemon
from peer import Peer
from replies import Abort, AssociateRJ, EndOfStream
from secure import TLSSettings

Act = Callable[[Daemon], object]
"""Brings a situation about. With DICOM TLS, it gets a `Secured` instead."""


@dataclass(frozen=True)
class Situation:
    """A situation, and how to bring it about."""

    name: str
    act: Act
    options: tuple[str, ...] = ()
    configuration: str = ""
    """The content of the configuration file."""
    descriptors: int | None = None
    """The program's limit of descriptors."""
    title: str = ""
    """A sentence that describes the situation, without a period."""
    tls: TLSSettings | None = None
    """The settings of a program with DICOM TLS."""
    is_proxied: bool = False
    """Whether the connections come to a port for load balancers, from one that is trusted."""


SITUATIONS: dict[str, Situation] = {}


def situation(
    name: str, *options: str, configuration: str = "", descriptors: int | None = None,
    tls: TLSSettings | None = None, is_proxied: bool = False,
) -> Callable[[Act], Act]:  # fmt: skip
    """Registers `act` as a situation; its docstring is the title."""

    def add(act: Act) -> Act:
        assert name not in SITUATIONS and act.__doc__
        SITUATIONS[name] = Situation(
            name, act, options, configuration, descriptors, act.__doc__.strip().rstrip("."), tls,
            is_proxied,
        )  # fmt: skip
        return act

    return add


def said(name: str, title: str, *octets: bytes, options: tuple[str, ...] = ()) -> None:
    """Registers a situation in which the peer sends these bytes at once and reads until the end."""

    def act(scp: Daemon) -> None:
        peer = scp.connect()
        peer.send(*octets)
        hear_the_end(peer)

    act.__doc__ = title
    situation(name, *options)(act)


def said_after_association(name: str, title: str, *octets: bytes) -> None:
    """Registers a situation in which the peer sends these bytes on an established association."""

    def act(scp: Daemon) -> None:
        peer = scp.connect()
        peer.associate(called="ECHOSCP")
        peer.send(*octets)
        hear_the_end(peer)

    act.__doc__ = title
    situation(name)(act)


def hear_the_end(peer: Peer) -> None:
    """Reads until the connection ends, or an A-ABORT or A-ASSOCIATE-RJ after which the requestor closes it."""
    for _ in range(5):
        reply = peer.receive()
        if isinstance(reply, Abort | AssociateRJ):
            peer.close()
        if isinstance(reply, Abort | AssociateRJ | EndOfStream):
            return
