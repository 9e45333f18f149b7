"""Ports for load balancers: the PROXY header decides whose connection it is, for every rule, limit and record."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from configured import write
from daemon import (
    CONFIGURATION,
    USAGE,
    Daemon,
    Passed,
    free_port,
    run_to_its_end,
    wait_until,
)
from journal import ASSOCIATION_RELEASED, RELOADED, Journal
from peer import SLACK, Peer
from pki import PKI
from proxy import (
    AUTHORITY,
    BALANCER,
    CLIENT,
    UNIQUE_ID,
    Proxied,
    checked,
    extension,
    header,
    line,
    local,
    ssl,
)
from replies import ABORTED, CLOSED, RELEASED, AssociateAC, AssociateRJ
from secure import client_context
from wire import associate_rq, echo_rq, release_rq

Start = Callable[..., Daemon]
Begin = Callable[..., Proxied]
REQUEST = associate_rq(called="ECHOSCP", calling="CT1")
SIXTH = "2001:db8::7"


@pytest.fixture
def proxied(echoscpd: Start, journal: Journal) -> Begin:
    """Starts the program with a port for load balancers, and a journal."""

    def start(*options: str, **arguments: object) -> Proxied:
        return Proxied(
            echoscpd, *options, "--log-target", "journal", wrapper=journal.wrapper, **arguments
        )

    return start


def crowd(first: str, count: int) -> list[bytes]:
    """The headers of this many clients; their addresses begin with `first`."""
    return [header(f"{first}.{number}") for number in range(1, count + 1)]


# ---------------------------------------------------------------------------------------------
# The header

LONGEST = header(extensions=extension(4, bytes(1024 - 28 - 3)))
HEADERS: dict[str, tuple[bytes, str]] = {
    "version 1": (line(), CLIENT),
    "version 1, IPv6": (line(SIXTH, here="::1"), SIXTH),
    "version 2": (header(), CLIENT),
    "version 2, IPv6": (header(SIXTH, here="::1"), SIXTH),
    "the longest": (LONGEST, CLIENT),
    "extensions": (header(extensions=extension(1, b"dicom") + extension(0xEE, bytes(9))), CLIENT),
    "a checksum": (checked(), CLIENT),
    "local": (local(), BALANCER),
    "local with extensions": (local(extension(UNIQUE_ID, b"7")), BALANCER),
    "unspecified": (header(family=0), BALANCER),
    "unknown": (b"PROXY UNKNOWN ffff::1 whatever\r\n", BALANCER),
}


@pytest.mark.parametrize(("first", "address"), HEADERS.values(), ids=HEADERS)
def test_whose_connection_it_is(
    proxied: Begin, journal: Journal, first: bytes, address: str
) -> None:
    """Whether the header comes together with the request, before it, or with it byte by byte."""
    one = proxied()
    whole = first + REQUEST + echo_rq(1) + release_rq()
    for part in (len(whole), len(first), 1):
        with one.connect() as peer:
            for start in range(0, len(whole), part):
                peer.send(whole[start : start + part])
            assert isinstance(peer.receive(), AssociateAC)
            peer.receive_echo()
            assert peer.receive() == RELEASED
    if address == BALANCER:
        journal.wait_for(ECHOSCP_CAUSE="health-check", DICOM_PEER_ADDRESS=BALANCER)
        assert not journal.find(MESSAGE_ID=ASSOCIATION_RELEASED)
    else:
        journal.wait_for(3, MESSAGE_ID=ASSOCIATION_RELEASED, DICOM_PEER_ADDRESS=address,
                         DICOM_PEER_PORT="40112", ECHOSCP_PROXY_ADDRESS=BALANCER)  # fmt: skip


def test_what_a_header_tells(proxied: Begin, journal: Journal) -> None:
    told = ssl("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", "MR\u00a01") + extension(UNIQUE_ID, b"dicom-\n7")
    proxied().echo(header(extensions=told + extension(AUTHORITY, b"archive.example")))
    entry = journal.wait_for(MESSAGE_ID=ASSOCIATION_RELEASED)
    fields = {
        "DICOM_TLS_VERSION": "TLSv1.2", "DICOM_TLS_CIPHER": "ECDHE-RSA-AES128-GCM-SHA256",
        "DICOM_TLS_SUBJECT": "CN=MR\u00a01", "DICOM_TLS_SERVER_NAME": "archive.example",
        "ECHOSCP_PROXY_ID": "dicom-\\x0a7",
    }  # fmt: skip
    assert {name: entry.get(name, [""])[0] for name in fields} == fields
    assert "over TLS 1.2" in entry["MESSAGE"][0]


def test_without_a_header_nothing_is_read(proxied: Begin, journal: Journal) -> None:
    """The answer to anything else is the close, at once."""
    one = proxied()
    for octets in (REQUEST, b"\0", b"PROXYTCP4", header()[:11] + b"x", b"\x16\x03\x01"):
        with one.connect(octets) as peer:
            assert peer.receive() == CLOSED, octets
    assert journal.wait_for(ECHOSCP_CAUSE="proxy-header-missing")["DICOM_PDU"]


def test_a_header_has_acse_timeout(proxied: Begin, journal: Journal) -> None:
    """Bytes that trickle in do not extend it, and the same time includes the request."""
    one = proxied("-ta", "1")
    with one.connect() as slow, one.connect(header()) as silent, one.connect() as nobody:
        begun = time.monotonic()
        for octet in header()[:8]:
            slow.send(bytes([octet]))
            time.sleep(0.1)
        for peer in (slow, silent, nobody):
            assert peer.receive() == CLOSED
        assert 0.9 < time.monotonic() - begun < 1.2 + SLACK
    journal.wait_for(ECHOSCP_CAUSE="proxy-header-incomplete", DICOM_PEER_ADDRESS=BALANCER)
    journal.wait_for(ECHOSCP_CAUSE="silent-peer", DICOM_PEER_ADDRESS=CLIENT)


def test_a_connection_without_a_byte_is_a_health_check(proxied: Begin, journal: Journal) -> None:
    one = proxied()
    one.connect().close()
    one.connect().reset()
    journal.wait_for(ECHOSCP_CAUSE="health-check", DICOM_PEER_ADDRESS=BALANCER)
    one.connect(header()).close()
    journal.wait_for(ECHOSCP_CAUSE="health-check", DICOM_PEER_ADDRESS=CLIENT)
    assert not [entry for entry in journal.read() if int(entry["PRIORITY"][0]) < 6]


@pytest.mark.parametrize("second", [line("10.0.0.1"), header("10.0.0.1"), local()])
def test_a_second_header_is_a_forgery(proxied: Begin, journal: Journal, second: bytes) -> None:
    one = proxied("--allow-addresses", "192.0.2.0/24,10.0.0.1")
    with one.connect(header() + second + REQUEST) as peer:
        assert peer.receive() == ABORTED
    journal.wait_for(ECHOSCP_CAUSE="proxy-header-repeated", DICOM_PEER_ADDRESS=CLIENT)
    with one.connect(local() + second) as peer:
        assert peer.receive() == ABORTED
    journal.wait_for(ECHOSCP_CAUSE="proxy-header-repeated", DICOM_PEER_ADDRESS=BALANCER)


# ---------------------------------------------------------------------------------------------
# Whom to trust


def test_nobody_else_may_send_a_header(proxied: Begin, journal: Journal) -> None:
    one = proxied(trusted="127.0.0.1,127.9.0.0/16")
    one.echo(header())
    with one.connect(header(), source="127.9.1.1") as peer:
        peer.associate()
    for source in ("127.0.0.2", "127.8.0.1"):
        with one.connect(source=source) as peer:
            assert peer.receive() == CLOSED
        journal.wait_for(ECHOSCP_CAUSE="proxy-not-trusted", DICOM_PEER_ADDRESS=source)
    # The address rules are for devices: on the other port, a balancer is one.
    with Peer(one.scp.port) as peer:
        peer.send(header())
        assert peer.receive() == ABORTED


def test_trust_changes_with_a_reload(echoscpd: Start, journal: Journal, tmp_path: Path) -> None:
    file, port = tmp_path / "file", free_port()
    one = echoscpd(
        "--config", write(file, proxy_port=str(port), proxy_trusted="192.0.2.1"),
        "--log-target", "journal", wrapper=journal.wrapper,
    )  # fmt: skip
    with Peer(port) as peer:
        assert peer.receive() == CLOSED
    write(file, proxy_port=str(port), proxy_trusted="192.0.2.1, 127.0.0.0/8")
    one.send_signal(signal.SIGHUP)
    journal.wait_for(MESSAGE_ID=RELOADED)
    with Peer(port) as peer:
        peer.send(header())
        peer.associate()


CONTRADICTIONS = {
    "nobody": (["--proxy-port", "1"], "proxy-port: accepts nobody; set proxy-trusted"),
    "no certificate": (
        ["--tls-proxy-port", "1", "--proxy-trusted", "::1"],
        "tls-proxy-port: needs a certificate; set tls-certificate and tls-private-key",
    ),
    "twice": (
        ["--proxy-port", "7", "--proxy-trusted", "::1", "7"],
        "proxy-port: 7 is also in port",
    ),
}
"""Options, and the beginning of the message."""


@pytest.mark.parametrize(("options", "message"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradictions(options: list[str], message: str) -> None:
    done = run_to_its_end(*options)
    assert done.returncode in (USAGE, CONFIGURATION)
    assert message in done.stderr


# ---------------------------------------------------------------------------------------------
# Rules and limits are for the client


def test_address_rules(proxied: Begin, journal: Journal) -> None:
    one = proxied("--allow-addresses", "192.0.2.0/24", "--deny-addresses", "192.0.2.9")
    one.echo(header())
    for address in ("192.0.2.9", "198.51.100.1", SIXTH):
        here = "::1" if ":" in address else "127.0.0.1"
        with one.connect(header(address, here=here)) as peer:
            assert peer.receive() == CLOSED
        entry = journal.wait_for(ECHOSCP_CAUSE="address-denied", DICOM_PEER_ADDRESS=address)
        assert entry["ECHOSCP_PROXY_ADDRESS"] == [BALANCER]
    # The balancer's own connections need no rule.
    one.echo(local())


@pytest.mark.parametrize("workers", ["1", "4"])
def test_limits_per_address(proxied: Begin, workers: str) -> None:
    one = proxied("--max-associations-per-address", "2", "--workers", workers)
    peers = []
    for first in (*crowd("192.0.2", 5), header(SIXTH, here="::1")):
        answers = []
        for _ in range(4):
            peers.append(one.connect(first + REQUEST))
            answers.append(isinstance(peers[-1].receive(), AssociateAC))
        assert answers == [True, True, False, False]
    for peer in peers:
        peer.close()

    def is_free() -> bool:
        with one.connect(crowd("192.0.2", 5)[0] + REQUEST) as peer:
            return isinstance(peer.receive(), AssociateAC)

    assert wait_until(is_free)


def test_the_connection_rate(proxied: Begin, journal: Journal) -> None:
    one = proxied("--max-connection-rate", "3")
    for first in (*crowd("192.0.2", 4), local()):
        begun, admitted = time.monotonic(), 0
        for _ in range(20):
            with one.connect(first + REQUEST) as peer:
                admitted += isinstance(peer.receive(), AssociateAC)
        # The balancer's own connections are not limited.
        most = 20 if first == local() else 3 * (1 + int(time.monotonic() - begun))
        assert (20 if first == local() else 3) <= admitted <= most, first
    entry = journal.wait_for(ECHOSCP_CAUSE="too-many-from-address")
    assert entry["DICOM_PEER_ADDRESS"][0].startswith("192.0.2.")


@pytest.mark.parametrize("workers", ["1", "4"])
def test_one_client_does_not_push_out_another(proxied: Begin, workers: str) -> None:
    """A client that opens connections and sends nothing gives way itself, and so does the oldest without a
    header; other clients behind the same balancer keep their places."""
    one = proxied("--max-pending", "64", "--workers", workers)
    honest = [one.connect(first) for first in crowd("198.51.100", 8)]
    flood = [one.connect(header()) for _ in range(300)]
    for peer in honest:
        peer.associate()
        peer.echo()
        peer.release()
    for peer in (*honest, *flood):
        peer.close()


def test_pending_connections_per_address(proxied: Begin) -> None:
    one = proxied("--max-pending-per-address", "2", "--workers", "1")
    waiting = [one.connect() for _ in range(20)]
    peers = {first: [one.connect(first) for _ in range(3)] for first in crowd("192.0.2", 3)}
    for oldest, *others in peers.values():
        assert oldest.receive() == CLOSED
        for peer in others:
            peer.associate()
    # Before its header, a connection counts for no address.
    for peer, first in zip(waiting, crowd("192.0.3", 20), strict=True):
        peer.send(first)
        peer.associate()


def test_devices(proxied: Begin, journal: Journal, tmp_path: Path) -> None:
    """A title is bound to the client's address, and to the name of the certificate that the balancer verified."""
    file = tmp_path / "file"
    file.write_text(f"[device MR1]\naddress = {CLIENT}\n[device CT1]\ncertificate = cn:CT1\n")
    one = proxied("--config", str(file))
    cases = (
        (header(), "MR1", True),
        (header("192.0.2.8"), "MR1", False),
        (local(), "MR1", False),
        (header(extensions=ssl(cn="CT1")), "CT1", True),
        (header(extensions=ssl(cn="CT1", verified=False)), "CT1", False),
        (header(extensions=ssl(cn="CT11")), "CT1", False),
        (header(extensions=ssl()), "CT1", False),
        (header(), "CT1", False),
    )
    for first, calling, is_right in cases:
        with one.connect(first + associate_rq(called="ECHOSCP", calling=calling)) as peer:
            reply = peer.receive()
            assert isinstance(reply, AssociateAC) if is_right else reply == AssociateRJ(1, 1, 3)


# ---------------------------------------------------------------------------------------------
# TLS, passed sockets, the end


@pytest.fixture
def passed(
    echoscpd: Start, journal: Journal, pki: PKI
) -> Iterator[Callable[..., tuple[Daemon, dict[str, int]]]]:
    """Starts the program with a passed socket of each kind; returns it, and the port of each."""
    names = ("dicom", "dicom-proxy", "dicom-tls-proxy")
    sockets = [socket.create_server(("127.0.0.1", 0), backlog=64) for _ in names]

    def start(*options: str) -> tuple[Daemon, dict[str, int]]:
        own = pki.server("server")
        scp = echoscpd(
            "--tls-certificate", str(own.certificate), "--tls-private-key", str(own.key), *options,
            "--log-target", "journal", passed=Passed(*sockets, names=names), wrapper=journal.wrapper,
        )  # fmt: skip
        return scp, {name: one.getsockname()[1] for name, one in zip(names, sockets, strict=True)}

    yield start
    for one in sockets:
        one.close()


def secure(port: int, first: bytes, pki: PKI) -> Peer:
    """A TLS connection behind a header."""
    peer = Peer(port)
    peer.send(first)
    peer.socket = client_context(pki).wrap_socket(
        peer.socket, server_hostname="archive.example"
    )
    return peer


def test_tls_that_is_passed_through(
    passed: Callable[..., tuple[Daemon, dict[str, int]]], journal: Journal, pki: PKI
) -> None:
    _, ports = passed("--proxy-trusted", "127.0.0.1", "--workers", "1")
    port = ports["dicom-tls-proxy"]
    for first, address in ((header(), CLIENT), (line(SIXTH, here="::1"), SIXTH), (LONGEST, CLIENT)):
        with secure(port, first, pki) as peer:
            peer.associate(called="ECHOSCP", calling="CT1")
            peer.echo()
            peer.release()
        entry = journal.wait_for(MESSAGE_ID=ASSOCIATION_RELEASED, DICOM_PEER_ADDRESS=address)
        assert entry["DICOM_TLS_VERSION"] == ["TLSv1.3"]
        assert entry["ECHOSCP_PROXY_ADDRESS"] == [BALANCER]
    # The name in the ClientHello is the one that the service has seen.
    with secure(port, header("192.0.2.9", extensions=extension(AUTHORITY, b"other")), pki) as peer:
        peer.associate(called="ECHOSCP", calling="CT1")
        peer.echo()
        peer.release()
    entry = journal.wait_for(MESSAGE_ID=ASSOCIATION_RELEASED, DICOM_PEER_ADDRESS="192.0.2.9")
    assert entry["DICOM_TLS_SERVER_NAME"] == ["archive.example"]
    # What was told of these connections is in no record of the next.
    with Peer(port) as peer:
        peer.send(REQUEST)
        assert peer.receive() == CLOSED
    missing = journal.wait_for(ECHOSCP_CAUSE="proxy-header-missing")
    assert not [name for name in missing if "TLS" in name or "PROXY" in name]
    with Peer(port) as peer:
        peer.send(header() + REQUEST)
        assert peer.receive() == ABORTED
    journal.wait_for(ECHOSCP_CAUSE="plain-on-tls-port", DICOM_PEER_ADDRESS=CLIENT)
    # A second header may come in front of TLS, or inside.
    with Peer(port) as peer:
        peer.send(header() + line("10.0.0.1"))
        assert peer.receive() == ABORTED
    with secure(port, header("192.0.2.8"), pki) as peer:
        peer.send(line("10.0.0.1"))
        assert peer.receive() == ABORTED
    for address in (CLIENT, "192.0.2.8"):
        journal.wait_for(ECHOSCP_CAUSE="proxy-header-repeated", DICOM_PEER_ADDRESS=address)


def test_passed_sockets(
    passed: Callable[..., tuple[Daemon, dict[str, int]]], journal: Journal
) -> None:
    """They trust nobody until proxy-trusted says whom, and the service says so."""
    _, ports = passed()
    warning = journal.wait_for(ECHOSCP_CAUSE="proxy-not-trusted")
    assert "set proxy-trusted" in warning["MESSAGE"][0]
    for name, port in ports.items():
        with Peer(port) as peer:
            if name == "dicom":
                peer.associate()
            else:
                assert peer.receive() == CLOSED
    journal.wait_for(ECHOSCP_CAUSE="proxy-not-trusted", DICOM_PEER_ADDRESS=BALANCER)


def test_the_end_does_not_wait_for_a_header(proxied: Begin) -> None:
    one = proxied()
    waiting = [one.connect(), one.connect(header()[:20]), one.connect(header())]
    begun = time.monotonic()
    one.scp.stop()
    assert time.monotonic() - begun < 5 + SLACK
    for peer in waiting:
        peer.close()
