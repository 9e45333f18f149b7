"""Builds the ClientHello of any TLS client, also of those that Debian's OpenSSL no longer contains
(RFC 8446 §4.1.2, RFC 5246 §7.4.1.2), and reads the alert in the answer."""

from __future__ import annotations

from collections.abc import Sequence

from peer import Peer
from wire import u16

SSL_3, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 = range(0x0300, 0x0305)
RSA_3DES, RSA_AES_128_CBC = 0x000A, 0x002F
ECDHE_RSA_AES_128_CBC, ECDHE_ECDSA_AES_128_GCM, ECDHE_RSA_AES_128_GCM = 0xC013, 0xC02B, 0xC02F
AES_128_GCM_1_3 = 0x1301
SECP256K1, P_256, X25519, X25519_ML_KEM_768 = 0x0016, 0x0017, 0x001D, 0x11EC
RSA_SHA_1, ECDSA_SHA_1, RSA_SHA_256, ECDSA_SHA_256, RSA_PSS_SHA_256 = (
    0x0201, 0x0203, 0x0401, 0x0403, 0x0804,
)  # fmt: skip

_HANDSHAKE, _ALERT, _CLIENT_HELLO = 22, 21, 1
_SERVER_NAME, _GROUPS, _POINT_FORMATS, _SIGNATURES, _ALPN, _PADDING = 0, 10, 11, 13, 16, 21
_VERSIONS, _KEY_SHARE = 43, 51

MODERN = (AES_128_GCM_1_3, ECDHE_ECDSA_AES_128_GCM, ECDHE_RSA_AES_128_GCM)
SIGNATURES = (ECDSA_SHA_256, RSA_PSS_SHA_256, RSA_SHA_256)


def _vector(body: bytes, size: int = 2) -> bytes:
    """A vector: its length in `size` bytes, and its content."""
    return len(body).to_bytes(size, "big") + body


def _numbers(numbers: Sequence[int]) -> bytes:
    return b"".join(u16(number) for number in numbers)


def _extension(kind: int, body: bytes) -> bytes:
    return u16(kind) + _vector(body)


def client_hello(
    suites: Sequence[int] = MODERN,
    *,
    version: int = TLS_1_2,
    versions: Sequence[int] = (),
    groups: Sequence[int] = (X25519, P_256),
    signatures: Sequence[int] = SIGNATURES,
    alpn: Sequence[str] = (),
    server_name: str = "",
    key_share: int = X25519,
    size: int = 0,
) -> bytes:
    """One record with a ClientHello. An empty list leaves its extension out; `versions` are those of the
    extension `supported_versions`, and come with a key share. `size` is that of the whole record; padding fills
    it (RFC 7685)."""
    extensions = b""
    if server_name:
        name = b"\0" + _vector(server_name.encode())
        extensions += _extension(_SERVER_NAME, _vector(name))
    if groups:
        extensions += _extension(_GROUPS, _vector(_numbers(groups)))
        extensions += _extension(_POINT_FORMATS, _vector(b"\0", 1))
    if signatures:
        extensions += _extension(_SIGNATURES, _vector(_numbers(signatures)))
    if alpn:
        names = b"".join(_vector(name.encode(), 1) for name in alpn)
        extensions += _extension(_ALPN, _vector(names))
    if versions:
        extensions += _extension(_VERSIONS, _vector(_numbers(versions), 1))
        share = u16(key_share) + _vector(bytes(range(1, 33)))
        extensions += _extension(_KEY_SHARE, _vector(share))
    head = (
        u16(version)
        + bytes(range(32))
        + _vector(b"", 1)
        + _vector(_numbers(suites))
        + _vector(b"\0", 1)
    )
    if size:
        # Record, message, length of the extensions, header of this one.
        extensions += _extension(
            _PADDING, bytes(size - 5 - 4 - len(head) - 2 - len(extensions) - 4)
        )
    hello = head + (_vector(extensions) if extensions else b"")
    message = bytes((_CLIENT_HELLO,)) + _vector(hello, 3)
    # The version of the record is the lowest one that clients send (RFC 8446 §5.1).
    return record(_HANDSHAKE, message, min(version, TLS_1_0))


def record(kind: int, body: bytes, version: int = TLS_1_2) -> bytes:
    return bytes((kind,)) + u16(version) + _vector(body)


def fatal_alert(number: int) -> bytes:
    return record(_ALERT, bytes((2, number)))


def alert_in(octets: bytes) -> int | None:
    """The number of the fatal alert that these records end with, if it is not encrypted (RFC 8446 §6)."""
    is_alert = len(octets) >= 7 and octets[-7] == _ALERT and octets[-4:-1] == b"\0\2\2"
    return octets[-1] if is_alert else None


def answer(peer: Peer) -> bytes:
    """Everything that the peer receives until the end of the connection, which must be orderly."""
    octets = b""
    for _ in range(64):
        piece = peer.socket.recv(1 << 16)
        if not piece:
            return octets
        octets += piece
    raise AssertionError(f"the connection does not end: {octets[:100]!r}")
