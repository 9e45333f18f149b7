"""PROXY protocol headers, as a load balancer sends them before the connection that it relays."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Callable

from daemon import Daemon, free_port
from peer import Peer

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
LOCAL, PROXY = 0x20, 0x21
"""Version 2 with its commands."""
CLIENT, HERE = "192.0.2.7", "192.0.2.104"
BALANCER = "127.0.0.1"
AUTHORITY, CRC32C, UNIQUE_ID, SSL = 0x02, 0x03, 0x05, 0x20
SSL_VERSION, SSL_CN, SSL_CIPHER = 0x21, 0x22, 0x23


def line(source: str = CLIENT, port: int = 40112, here: str = HERE, own: int = 104) -> bytes:
    """A header of version 1."""
    family = "TCP6" if ":" in source else "TCP4"
    return f"PROXY {family} {source} {here} {port} {own}\r\n".encode()


def extension(kind: int, value: bytes) -> bytes:
    return struct.pack(">BH", kind, len(value)) + value


def header(
    source: str = CLIENT, port: int = 40112, here: str = HERE, own: int = 104, *,
    command: int = PROXY, family: int | None = None, extensions: bytes = b"", length: int | None = None,
) -> bytes:  # fmt: skip
    """A header of version 2 for a stream."""
    addresses = b"".join(ipaddress.ip_address(one).packed for one in (source, here))
    addresses += struct.pack(">HH", port, own)
    kind = family if family is not None else (0x21 if ":" in source else 0x11)
    rest = addresses + extensions
    announced = len(rest) if length is None else length
    return SIGNATURE + struct.pack(">BBH", command, kind, announced) + rest


def local(extensions: bytes = b"") -> bytes:
    """The header of a health check."""
    return SIGNATURE + struct.pack(">BBH", LOCAL, 0, len(extensions)) + extensions


def ssl(version: str = "TLSv1.3", cipher: str = "", cn: str = "", *, verified: bool = True) -> bytes:
    """The extension about a TLS connection that ends at the balancer; `cn` is that of a certificate."""
    parts = extension(SSL_VERSION, version.encode())
    if cn:
        parts += extension(SSL_CN, cn.encode())
    if cipher:
        parts += extension(SSL_CIPHER, cipher.encode())
    flags = 0x01 | (0x06 if cn else 0)
    return extension(SSL, struct.pack(">BI", flags, 0 if verified else 20) + parts)


def crc32c(octets: bytes) -> int:
    checksum = 0xFFFFFFFF
    for octet in octets:
        checksum ^= octet
        for _ in range(8):
            checksum = checksum >> 1 ^ (0x82F63B78 if checksum & 1 else 0)
    return checksum ^ 0xFFFFFFFF


def checked(make: Callable[[bytes], bytes] | None = None) -> bytes:
    """A header of version 2 with its checksum; `make` makes it of its extensions."""
    make = make or (lambda extensions: header(extensions=extensions))
    checksum = crc32c(make(extension(CRC32C, bytes(4))))
    return make(extension(CRC32C, struct.pack(">I", checksum)))


class Proxied:
    """A program with a port for load balancers, of which 127.0.0.1 is one."""

    def __init__(
        self, start: Callable[..., Daemon], *options: str, trusted: str = BALANCER,
        key: str = "--proxy-port", **arguments: object,
    ) -> None:  # fmt: skip
        self.port = free_port()
        self.scp = start(key, str(self.port), "--proxy-trusted", trusted, *options, **arguments)

    def connect(self, first: bytes = b"", source: str = BALANCER) -> Peer:
        """A connection from the balancer that begins with these bytes."""
        peer = Peer(self.port, source=source)
        if first:
            peer.send(first)
        return peer

    def echo(self, first: bytes, calling: str = "CT1", called: str = "ECHOSCP") -> None:
        """An association with one echo behind a header."""
        with self.connect(first) as peer:
            peer.associate(calling=calling, called=called)
            peer.echo()
            peer.release()
