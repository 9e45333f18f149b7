"""Problems with DICOM TLS: of the device's certificate, of what it offers, and of the service's own certificate.

Names, and days counted from now, are the same in each run; dates and hashes are left out of the golden files.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from client_hello import (
    ECDHE_RSA_AES_128_CBC,
    ECDSA_SHA_1,
    RSA_3DES,
    RSA_AES_128_CBC,
    RSA_SHA_1,
    SECP256K1,
    TLS_1_0,
    TLS_1_2,
    TLS_1_3,
    answer,
    client_hello,
    fatal_alert,
    record,
)
from peer import Peer
from replies import EndOfStream
from secure import TLS_1_2 as PYTHON_TLS_1_2
from secure import Secured, TLSSettings, serve
from situations import hear_the_end, situation
from wire import associate_rq

Act = Callable[[Secured], object]
PLACES = 64
"""The TLS connections without an association at once, in the whole program."""
LISTED: dict[str, Any] = {"crl": ("ca",)}


def secured(
    name: str, *options: str, configuration: str = "", **settings: Any
) -> Callable[[Act], Act]:
    """Registers a situation of a program with DICOM TLS. The keywords are those of `TLSSettings`."""
    tls = TLSSettings(**settings)
    return situation(name, *options, configuration=configuration, tls=tls)  # type: ignore[return-value]


def refused(name: str, title: str, certificate: str, **settings: Any) -> None:
    """Registers a situation in which a device with this certificate asks for an association and is refused."""

    def act(one: Secured) -> None:
        one.refused(certificate)

    act.__doc__ = title
    secured(f"tls-{name}", mode="require", **settings)(act)


def noted(name: str, title: str, certificate: str, **settings: Any) -> None:
    """Registers a situation in which such a device gets its echo where a certificate is only requested."""

    def act(one: Secured) -> None:
        one.echo(certificate)
        time.sleep(0.1)

    act.__doc__ = title
    secured(f"tls-noted-{name}", **settings)(act)


for name, title, certificate, more in (
    ("certificate-expired", "The device's certificate has expired", "expired", {}),
    ("certificate-not-yet-valid", "The device's certificate is not valid yet", "not-yet-valid", {}),
    ("certificate-untrusted", "Another CA has issued the device's certificate", "other", {}),
    ("certificate-self-signed", "The device has signed its certificate itself", "device-unknown", {}),
    ("certificate-of-a-device", "A device's own certificate has issued the certificate",
     "issued-by-device", {"devices": ("device",)}),
    ("certificate-revoked", "The CA has revoked the device's certificate", "revoked", LISTED),
    ("certificate-purpose", "The device's certificate is for servers only", "server-auth", {}),
    ("certificate-weak", "The key of the device's certificate is too short", "RSA-1024", {}),
    ("certificate-invalid", "The device's certificate has a critical extension that nobody knows",
     "critical", {}),
    ("certificate-missing", "The device sends no certificate", "", {}),
):  # fmt: skip
    refused(name, title, certificate, **more)
    noted(name, f"{title}; none is required, so that the device gets its echo", certificate, **more)

refused("certificate-too-long", "The device's certificate is longer than the limit", "long")
refused(
    "crl-outdated", "The service's own list of revoked certificates has expired", "CT1",
    crl=("ca",), crl_days=(-30.5, -1.5),
)  # fmt: skip
refused(
    "crl-missing", "The service has no list of the CA that issued the device's certificate", "CT1",
    crl=("other-ca",),
)  # fmt: skip
noted("certificate-expires-soon", "The device's certificate expires soon", "expiring")
noted("good", "The device's certificate is good", "CT1")


@secured("tls-1.2-only", mode="require")
def _only_1_2(one: Secured) -> None:
    """The device has no TLS 1.3."""
    one.echo("CT1", version=PYTHON_TLS_1_2)
    time.sleep(0.1)


def says(
    name: str, title: str, *octets: bytes, options: tuple[str, ...] = (), **settings: Any
) -> None:
    """Registers a situation in which the device sends these bytes to the TLS port and reads until the end."""

    def act(one: Secured) -> None:
        with one.connect_raw() as peer:
            peer.send(*octets)
            answer(peer)

    act.__doc__ = title
    secured(f"tls-{name}", *options, **settings)(act)


says(
    "no-common-cipher", "The device offers only the retired AES profile, as dcm4che does by default",
    client_hello((RSA_AES_128_CBC, RSA_3DES)),
)  # fmt: skip
says(
    "no-common-cipher-cbc", "The device offers only a suite with CBC",
    client_hello((ECDHE_RSA_AES_128_CBC,)),
)  # fmt: skip
says("too-old", "The device has only TLS 1.0", client_hello(version=TLS_1_0))
says(
    "too-old-for-1.3", "The device has only TLS 1.2, and the service wants 1.3",
    client_hello(), options=("--tls-min-version", "1.3"),
)  # fmt: skip
says(
    "no-common-group",
    "The device offers only a group that is not secure",
    client_hello(groups=(SECP256K1,)),
)
says(
    "no-common-signature-algorithm", "The device has only signatures with SHA-1",
    client_hello(signatures=(RSA_SHA_1, ECDSA_SHA_1)),
)  # fmt: skip
says(
    "no-common-alpn", "A browser or a scanner comes to the TLS port",
    client_hello(alpn=("h2", "http/1.1"), versions=(TLS_1_3, TLS_1_2), server_name="pacs.example"),
)  # fmt: skip
says("error", "The ClientHello is malformed", record(22, b"\1\0\0\1\0"))
says("http", "HTTP on the TLS port", b"GET / HTTP/1.1\r\nHost: archive\r\n\r\n")
says(
    "stalled-after-a-segment", "Only the first segment of the ClientHello arrives",
    client_hello(size=1540)[:1388], options=("-ta", "0.3"),
)  # fmt: skip
says(
    "stalled-handshake", "The device says nothing after the certificate of the service",
    client_hello(), options=("-ta", "0.3"),
)  # fmt: skip


@secured("tls-plain-dicom")
def _plain(one: Secured) -> None:
    """The device comes to the TLS port without TLS."""
    with one.connect_raw() as peer:
        peer.send(associate_rq(called="ECHOSCP"))
        hear_the_end(peer)


@secured("tls-on-the-plain-port")
def _other_port(one: Secured) -> None:
    """The device comes with TLS to the plain port, and the service has one for TLS."""
    with one.scp.connect() as peer:
        peer.send(client_hello())
        hear_the_end(peer)


@secured("tls-own-certificate-refused")
def _not_trusted(one: Secured) -> None:
    """The device does not trust the CA of the service."""
    with suppress(OSError):
        one.connect(trusted="other-ca")
    time.sleep(0.1)


def _after_the_hello(one: Secured) -> Peer:
    peer = one.connect_raw()
    peer.send(client_hello(server_name="pacs.example"))
    assert peer.socket.recv(1 << 16)
    return peer


@secured("tls-alert")
def _alert(one: Secured) -> None:
    """The device breaks off the handshake with an alert."""
    with _after_the_hello(one) as peer:
        peer.send(fatal_alert(80))
        answer(peer)


for way in "close", "reset":

    def _goes_away(one: Secured, way: str = way) -> None:
        getattr(_after_the_hello(one), way)()
        time.sleep(0.1)

    _goes_away.__doc__ = f"The device {way}s the connection in the handshake"
    secured(f"tls-{way}d-in-the-handshake".replace("resetd", "reset"))(_goes_away)


@secured("tls-no-request", "-ta", "0.3")
def _no_request(one: Secured) -> None:
    """The device sends nothing after the handshake."""
    with one.connect("CT1") as peer:
        assert isinstance(peer.receive(), EndOfStream)


BOUND = "[device TESTSCU]\ncertificate = cn:MR1, dns:mr1.hospital.example\n"


@secured("tls-title-of-another-certificate", configuration=BOUND)
def _title(one: Secured) -> None:
    """The device's AE title belongs to another certificate."""
    with one.connect("CT1") as peer:
        peer.send(associate_rq(called="ECHOSCP"))
        hear_the_end(peer)


@secured("tls-title-without-tls", configuration=BOUND)
def _title_without_tls(one: Secured) -> None:
    """The device's AE title belongs to a certificate, and the device comes without TLS."""
    with one.scp.connect() as peer:
        peer.send(associate_rq(called="ECHOSCP"))
        hear_the_end(peer)


@secured("tls-title-of-an-unverified-certificate", configuration=BOUND.replace("MR1", "other"))
def _title_unverified(one: Secured) -> None:
    """The device's AE title belongs to the name in a certificate that no trusted CA has issued."""
    with one.connect("other") as peer:
        peer.send(associate_rq(called="ECHOSCP"))
        hear_the_end(peer)


@secured("tls-too-many-associations", "--max-tls-associations", "1")
def _too_many(one: Secured) -> None:
    """The limit of associations over TLS is reached."""
    with one.connect("CT1") as first, one.connect("CT1") as second:
        first.associate(called="ECHOSCP")
        second.send(associate_rq(called="ECHOSCP"))
        hear_the_end(second)
        first.echo()
        first.release()


@secured("tls-too-many-handshakes", "--workers", "1")
def _too_many_handshakes(one: Secured) -> None:
    """The limit of TLS connections without an association is exceeded."""
    peers = [one.connect_raw() for _ in range(PLACES + 1)]
    for peer in peers:
        peer.send(client_hello()[:50])
    assert isinstance(peers[0].receive(), EndOfStream)
    one.record(ECHOSCP_CAUSE="too-many-pending", PRIORITY="4")
    # How many of the others would have a record of their end differs in each run.
    one.scp.kill()


for name, title, certificate in (
    ("expired", "The certificate of the service has expired", "server-expired"),
    ("expires", "The certificate of the service expires soon", "server-expiring"),
    ("not-yet-valid", "The certificate of the service is not valid yet", "server-not-yet-valid"),
    ("wrong-purpose", "The certificate of the service is not for servers", "server-client-auth"),
    ("incomplete-chain", "The file lacks the CA that issued the certificate", "server-alone"),
):

    def _own(one: Secured) -> None:
        time.sleep(0.1)

    _own.__doc__ = title
    secured(f"tls-own-certificate-{name}", server=certificate)(_own)


@secured("tls-unavailable", server="server-mismatched")
def _unavailable(one: Secured) -> None:
    """The private key does not belong to the certificate of the service, when it starts."""
    with one.connect_raw() as peer:
        assert isinstance(peer.receive(), EndOfStream)
    with one.scp.connect() as peer:
        serve(peer)
