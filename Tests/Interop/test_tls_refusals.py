"""Why a handshake of DICOM TLS failed, other than for the device's certificate: each cause in the journal, by real
clients, or by the bytes of those that Debian's OpenSSL no longer contains."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from typing import Any

import pytest

from client_hello import (
    ECDHE_RSA_AES_128_CBC,
    ECDSA_SHA_1,
    P_256,
    RSA_3DES,
    RSA_AES_128_CBC,
    RSA_SHA_1,
    SECP256K1,
    SSL_3,
    TLS_1_0,
    TLS_1_1,
    TLS_1_2,
    TLS_1_3,
    alert_in,
    answer,
    client_hello,
    fatal_alert,
    record,
)
from daemon import echo
from foreign_protocols import FOREIGN, cause_in_the_journal
from peer import SLACK
from replies import ABORTED, EndOfStream
from secure import VERSIONS, SClient, Secured, TLSPeer
from wire import associate_rq

Start = Callable[..., Secured]

HANDSHAKE_FAILURE, PROTOCOL_VERSION, INTERNAL_ERROR, NO_APPLICATION_PROTOCOL = 40, 70, 80, 120
"""Alerts (RFC 8446 §6.2, RFC 7301 §3.2)."""
MODERN_1_3: dict[str, Any] = {"versions": (TLS_1_3,), "suites": (0x1301,)}
HELLOS: dict[str, tuple[dict[str, Any], str, int]] = {
    # the ClientHello, the cause, and the alert
    # SSL 3 has no alert about the version.
    "SSL 3": ({"version": SSL_3}, "tls-too-old", HANDSHAKE_FAILURE),
    "TLS 1.0": ({"version": TLS_1_0}, "tls-too-old", PROTOCOL_VERSION),
    "TLS 1.1": ({"version": TLS_1_1}, "tls-too-old", PROTOCOL_VERSION),
    "dcm4che's default": (
        {"suites": (RSA_AES_128_CBC, RSA_3DES, 0x00FF)}, "no-common-cipher", HANDSHAKE_FAILURE,
    ),
    "AES-CBC with ECDHE": (
        {"suites": (ECDHE_RSA_AES_128_CBC,)}, "no-common-cipher", HANDSHAKE_FAILURE,
    ),
    # What is wrong first is said: without this suite, no handshake comes about even with ALPN.
    "ALPN without dicom, and no cipher": (
        {"suites": (RSA_AES_128_CBC,), "alpn": ("h2",)}, "no-common-alpn", NO_APPLICATION_PROTOCOL,
    ),
    "a browser's ALPN": (
        {"alpn": ("h2", "http/1.1")}, "no-common-alpn", NO_APPLICATION_PROTOCOL,
    ),
    "a browser's ALPN, TLS 1.3": (
        {"alpn": ("h2", "http/1.1"), "versions": (TLS_1_3, TLS_1_2)}, "no-common-alpn",
        NO_APPLICATION_PROTOCOL,
    ),
    "another case of ALPN": (
        {"alpn": ("DICOM",)}, "no-common-alpn", NO_APPLICATION_PROTOCOL,
    ),
    "no group, TLS 1.2": ({"groups": (SECP256K1,)}, "no-common-group", HANDSHAKE_FAILURE),
    "no group, TLS 1.3": (
        {"groups": (SECP256K1,), "key_share": SECP256K1, **MODERN_1_3}, "no-common-group",
        HANDSHAKE_FAILURE,
    ),
    "SHA-1, TLS 1.2": (
        {"signatures": (RSA_SHA_1, ECDSA_SHA_1)}, "no-common-signature-algorithm",
        HANDSHAKE_FAILURE,
    ),
    "SHA-1, TLS 1.3": (
        {"signatures": (RSA_SHA_1, ECDSA_SHA_1), "groups": (P_256, 0x1D), **MODERN_1_3},
        "no-common-signature-algorithm", HANDSHAKE_FAILURE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("certificate", ["server", "server-rsa"])
@pytest.mark.parametrize("name", HELLOS)
def test_a_hello_without_anything_in_common(secured: Start, name: str, certificate: str) -> None:
    hello, cause, alert = HELLOS[name]
    one = secured(server=certificate)
    with one.connect_raw() as peer:
        peer.send(client_hello(**hello))
        assert alert_in(answer(peer)) == alert
    entry = one.record(ECHOSCP_CAUSE=cause, PRIORITY="4")
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]
    one.echo("CT1")


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (["-alpn", "h2,http/1.1"], "no-common-alpn"),
        (["-tls1_2", "-cipher", "AES128-SHA"], "no-common-cipher"),
        (["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"], "no-common-cipher"),
        (["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"], "tls-too-old"),
        (["-groups", "brainpoolP256r1", "-tls1_2"], "no-common-group"),
    ],
    ids=lambda value: "" if isinstance(value, list) else value,
)
def test_refused_by_openssl(secured: Start, options: list[str], cause: str) -> None:
    one = secured()
    with SClient(one.port, *options) as peer:
        assert "alert" in peer.ended()
    one.record(ECHOSCP_CAUSE=cause, PRIORITY="4")


def test_the_name_that_was_sent_is_in_the_record_of_a_refusal(secured: Start) -> None:
    one = secured()
    with one.connect_raw() as peer:
        peer.send(client_hello(server_name="pacs.example", alpn=("h2",)))
        answer(peer)
    entry = one.record(ECHOSCP_CAUSE="no-common-alpn")
    assert entry["DICOM_TLS_SERVER_NAME"] == ["pacs.example"]


@pytest.mark.parametrize("version", VERSIONS, ids=VERSIONS.values())
def test_a_device_that_does_not_trust_us(secured: Start, version: ssl.TLSVersion) -> None:
    one = secured()
    with pytest.raises(ssl.SSLCertVerificationError):
        one.connect(version=version, trusted="other-ca")
    one.record(ECHOSCP_CAUSE="own-certificate-refused", PRIORITY="4")


@pytest.mark.parametrize("number", [42, 45, 48, 49])
def test_an_alert_about_our_certificate(secured: Start, number: int) -> None:
    one = secured()
    with one.connect_raw() as peer:
        peer.send(client_hello())
        peer.socket.recv(1 << 16)
        peer.send(fatal_alert(number))
        answer(peer)
    one.record(ECHOSCP_CAUSE="own-certificate-refused", PRIORITY="4")


def test_another_alert(secured: Start) -> None:
    one = secured()
    with one.connect_raw() as peer:
        peer.send(client_hello())
        peer.socket.recv(1 << 16)
        peer.send(fatal_alert(INTERNAL_ERROR))
        answer(peer)
    one.record(ECHOSCP_CAUSE="tls-alert", PRIORITY="4")


@pytest.mark.parametrize("octets", [client_hello(), client_hello()[:50], client_hello()[:3]])
@pytest.mark.parametrize("way", ["close", "reset"])
def test_it_goes_away_in_the_handshake(secured: Start, octets: bytes, way: str) -> None:
    one = secured()
    peer = one.connect_raw()
    peer.send(octets)
    if len(octets) > 50:
        peer.socket.recv(1 << 16)
    else:
        time.sleep(0.1)
    getattr(peer, way)()
    one.record(ECHOSCP_CAUSE="handshake-incomplete")


@pytest.mark.parametrize(
    "octets",
    [client_hello(), client_hello()[:3], client_hello(size=1540)[:1388]],
    ids=["after the hello", "after three bytes", "after a segment"],
)
def test_it_falls_silent_in_the_handshake(secured: Start, octets: bytes) -> None:
    one = secured("-ta", "0.3")
    with one.connect_raw() as peer:
        peer.send(octets)
        began = time.monotonic()
        answer(peer)
        assert time.monotonic() - began < 0.3 + 1 + SLACK
    one.record(ECHOSCP_CAUSE="stalled-handshake", PRIORITY="4")


def test_silence_before_the_first_byte(secured: Start) -> None:
    one = secured("-ta", "0.3")
    with one.connect_raw() as peer:
        assert isinstance(peer.receive(within=0.3 + SLACK), EndOfStream)
    one.record(ECHOSCP_CAUSE="silent-peer")
    one.connect_raw().close()
    one.record(ECHOSCP_CAUSE="health-check")


def test_silence_after_the_handshake(secured: Start) -> None:
    """acse-timeout is for the request, too."""
    one = secured("-ta", "0.3")
    with one.connect("CT1") as peer:
        assert isinstance(peer.receive(within=0.3 + 1 + SLACK), EndOfStream)
    entry = one.record(ECHOSCP_CAUSE="silent-peer")
    assert entry["DICOM_TLS_SUBJECT"] == ["CN=CT1,O=Hospital"]


@pytest.mark.parametrize(
    "octets",
    [
        record(22, b"\1\0\0\1\0"),
        record(22, b"\x02" + bytes(100)),
        b"\x16\x03\x01\xff\xff" + bytes(65535),
    ],
    ids=["a hello of one byte", "a message before the hello", "a record that is too long"],
)
def test_what_is_not_tls_after_all(secured: Start, octets: bytes) -> None:
    one = secured()
    with one.connect_raw() as peer:
        peer.send_aside(octets)
        answer(peer)
    one.record(ECHOSCP_CAUSE="tls-error", PRIORITY="4")
    one.echo()


def test_plain_dicom_on_the_tls_port(secured: Start) -> None:
    one = secured()
    with one.connect_raw() as peer:
        peer.send(associate_rq())
        assert peer.receive() == ABORTED
    one.record(ECHOSCP_CAUSE="plain-on-tls-port", PRIORITY="4", DICOM_REASON="A-ABORT 0/0")


@pytest.mark.parametrize("name", ["HTTP", "SSH", "SMB 2", "empty lines"])
def test_other_protocols_on_the_tls_port(secured: Start, name: str) -> None:
    key, octets = FOREIGN[name]
    one = secured()
    with one.connect_raw() as peer:
        peer.send(octets)
        answer(peer)
    one.record(ECHOSCP_CAUSE=cause_in_the_journal(key), PRIORITY="4")


def test_tls_on_the_plain_port(secured: Start) -> None:
    one = secured()
    with pytest.raises(OSError):
        TLSPeer(one.scp.port, one.context("CT1"))
    one.record(ECHOSCP_CAUSE="tls-on-plain-port", PRIORITY="4")
    echo(one.scp.port)
