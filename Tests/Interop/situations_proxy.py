"""Problems between a load balancer and a port for load balancers."""

from __future__ import annotations

from daemon import Daemon
from proxy import HERE, extension, header, line, local, ssl
from situations import hear_the_end, situation
from wire import associate_rq

REQUEST = associate_rq(called="ECHOSCP", calling="CT1")
BINDING = "[device CT1]\ncertificate = cn:CT1\n"


def began(name: str, title: str, *octets: bytes, ends: bool = False, configuration: str = "") -> None:
    """Registers a situation in which a connection from the load balancer begins with these bytes."""

    def act(scp: Daemon) -> None:
        peer = scp.connect()
        peer.send(*octets)
        if ends:
            peer.finish()
        hear_the_end(peer)

    act.__doc__ = title
    situation(f"proxy-{name}", "-ta", "0.3", configuration=configuration, is_proxied=True)(act)


for name, title, octets in (
    ("missing", "The load balancer sends no header", REQUEST),
    ("missing-http", "An HTTP health check comes without a header", b"GET / HTTP/1.0\r\n\r\n"),
    ("line-too-long", "A header of version 1 has no end", b"PROXY TCP4 " + b"1" * 120),
    ("line-family", "A header of version 1 has an unknown family", b"PROXY TCP5 1.1.1.1 1.1.1.1 1 1\r\n"),
    ("line-source", "A header of version 1 has a malformed source address", line("192.0.2.256")),
    ("line-destination", "A header of version 1 has a malformed destination address",
     line(here="192.0.2.04")),
    ("line-source-port", "A header of version 1 has a malformed source port", line(port=65536)),
    ("line-destination-port", "A header of version 1 has a malformed destination port", line(own=-1)),
    ("line-end", "A header of version 1 goes on behind the last port", line()[:-2] + b" 1\r\n"),
    ("version", "A header has version 3", header(command=0x31)),
    ("command", "A header of version 2 has an unknown command", header(command=0x22)),
    ("family", "A header of version 2 has an unknown family", header(family=0x41)),
    ("transport", "A header of version 2 has an unknown transport protocol", header(family=0x13)),
    ("too-long", "A header of version 2 announces more than 1,024 bytes", header(length=1009)),
    ("addresses", "A header of version 2 is too short for its addresses", header(length=11)),
    ("extension", "An extension of a header is longer than the header",
     header(extensions=b"\x02\x00\x09dicom")),
    ("checksum", "The checksum of a header is wrong", header(extensions=extension(3, bytes(4)))),
    ("late", "A header does not arrive", b""),
    ("stalled", "A header does not arrive as a whole", header()[:20]),
    ("repeated", "Behind its header, a connection begins with another one", header() + line("10.0.0.1")),
):  # fmt: skip
    began(name, title, octets)
began("closed", "The load balancer closes before its header is complete", line()[:20], ends=True)
began("no-certificate", "The load balancer tells of no certificate for a device that needs one",
      header(extensions=ssl()) + REQUEST, configuration=BINDING)  # fmt: skip
began("other-certificate", "The load balancer tells of a certificate of another device",
      header(extensions=ssl(cn="CT2")) + REQUEST, configuration=BINDING)  # fmt: skip


@situation("proxy-not-trusted", "--proxy-trusted", "192.0.2.4", is_proxied=True)
def _not_trusted(scp: Daemon) -> None:
    """A device uses a port for load balancers."""
    hear_the_end(scp.connect())


def echo(scp: Daemon, first: bytes, calling: str = "CT1") -> None:
    with scp.connect() as peer:
        peer.send(first)
        peer.associate(called="ECHOSCP", calling=calling)
        peer.echo()
        peer.release()


@situation("proxy-echo", is_proxied=True)
def _echo(scp: Daemon) -> None:
    """A device gets its echo through a load balancer that ends its TLS."""
    unique_id = extension(5, b"dicom-7")
    echo(scp, header(extensions=ssl(cipher="TLS_AES_256_GCM_SHA384", cn="CT1") + unique_id))


@situation("proxy-health-check", is_proxied=True)
def _health_check(scp: Daemon) -> None:
    """The load balancer checks with an echo of its own."""
    echo(scp, local(), "HAPROXY")
    echo(scp, b"PROXY UNKNOWN\r\n", "HAPROXY")


@situation("address-shared")
def _shared(scp: Daemon) -> None:
    """Many devices come from one address, and no header tells theirs."""
    for number in range(8):
        with scp.connect() as peer:
            peer.associate(called="ECHOSCP", calling=f"CT{number}")
            peer.echo()
            peer.release()


@situation("proxy-denied", "--deny-addresses", HERE.rsplit(".", 1)[0] + ".0/24", is_proxied=True)
def _denied(scp: Daemon) -> None:
    """A device that may not connect comes through a load balancer."""
    peer = scp.connect()
    peer.send(header())
    hear_the_end(peer)
