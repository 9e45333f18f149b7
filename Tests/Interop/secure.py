"""The program with DICOM TLS, and its clients: Python's own TLS and `openssl s_client`."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from daemon import Daemon, free_port, taken_ports, wait_until
from journal import ASSOCIATION_RELEASED, Entry, Journal
from peer import PATIENCE, Peer
from pki import PKI, Identity

TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = {TLS_1_2: "TLSv1.2", TLS_1_3: "TLSv1.3"}


@dataclass(frozen=True)
class TLSSettings:
    """The settings of the section `[tls]`; the certificates of others are names in `pki.PROFILES`."""

    server: str = "server"
    """The name for `PKI.server`."""
    mode: str = ""
    """require, request or no; empty for the default."""
    trusted: tuple[str, ...] = ("ca",)
    devices: tuple[str, ...] = ()
    crl: tuple[str, ...] = ()
    """The CAs of which there is a revocation list."""
    crl_days: tuple[float, float] = (-1.5, 30.5)
    """The days on which these lists begin and end, counted from now."""

    def values(self, pki: PKI, port: int) -> dict[str, str]:
        """Each key with its value."""
        own = pki.server(self.server)
        values: dict[str, object] = {
            "tls-port": port, "tls-certificate": own.certificate, "tls-private-key": own.key,
        }  # fmt: skip
        if self.mode:
            values["tls-client-certificate"] = self.mode
        if self.trusted:
            values["tls-ca-certificates"] = pki.certificates(*self.trusted)
        if self.devices:
            values["tls-device-certificates"] = pki.certificates(*self.devices)
        if self.crl:
            begins, ends = self.crl_days
            values["tls-crl"] = pki.crl(*self.crl, begins=begins, ends=ends)
        return {key: str(value) for key, value in values.items()}


def as_options(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(word for key, value in values.items() for word in (f"--{key}", value))


class TLSPeer(Peer):
    """A requestor over TLS by Python's `ssl`; the handshake is complete when it exists."""

    def __init__(
        self,
        port: int,
        context: ssl.SSLContext,
        *,
        server_name: str | None = None,
        source: str | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        super().__init__(port, host, source=source)
        try:
            self.tls = context.wrap_socket(self.socket, server_hostname=server_name)
        except BaseException:
            self.socket.close()
            raise
        self.socket = self.tls

    def __enter__(self) -> TLSPeer:
        return self


class SClient(Peer):
    """A requestor over TLS by `openssl s_client`, whose standard input and output are the connection."""

    def __init__(self, port: int, *options: str) -> None:
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(PATIENCE)
        self._buffer = b""
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-quiet", "-no_ign_eof"]
        with theirs:
            self._process = subprocess.Popen(
                [*command, *options], stdin=theirs.fileno(), stdout=theirs.fileno(),
                stderr=subprocess.PIPE, text=True,
            )  # fmt: skip

    def __enter__(self) -> SClient:
        return self

    def close(self) -> None:
        super().close()
        self.ended()

    def ended(self) -> str:
        """What it has written to standard error by its end."""
        try:
            return self._process.communicate(timeout=PATIENCE)[1]
        finally:
            self._process.kill()
            self._process.wait()


def client_context(
    pki: PKI,
    identity: Identity | None = None,
    *,
    version: ssl.TLSVersion | None = None,
    trusted: str = "ca",
    alpn: Sequence[str] = (),
) -> ssl.SSLContext:
    """A client that presents `identity`, without looking at the name in the server's certificate. It has
    security level 0, since it also presents keys that are too short."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_verify_locations(pki[trusted].file)
    if identity:
        context.load_cert_chain(identity.file, identity.key)
    if version:
        context.minimum_version = context.maximum_version = version
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


class Secured:
    """A program that listens on a plain port and on one for DICOM TLS, and whose journal can be read."""

    def __init__(self, scp: Daemon, port: int, pki: PKI, journal: Journal) -> None:
        self.scp, self.port, self.pki, self.journal = scp, port, pki, journal

    def context(self, name: str = "", **arguments: object) -> ssl.SSLContext:
        """A client with the certificate `name` of `pki.PROFILES`, or without one. See `client_context`."""
        identity = self.pki[name] if name else None
        return client_context(self.pki, identity, **arguments)  # type: ignore[arg-type]

    def connect(
        self,
        name: str = "",
        *,
        server_name: str | None = None,
        source: str | None = None,
        **arguments: object,
    ) -> TLSPeer:
        """A requestor that presents the certificate `name`."""
        context = self.context(name, **arguments)
        return TLSPeer(self.port, context, server_name=server_name, source=source)

    def connect_raw(self, **arguments: object) -> Peer:
        """A connection to the TLS port, without TLS."""
        return Peer(self.port, **arguments)  # type: ignore[arg-type]

    def echo(self, name: str = "", **arguments: object) -> None:
        """One whole association with an echo. See `connect`."""
        with self.connect(name, **arguments) as peer:  # type: ignore[arg-type]
            serve(peer)

    def refused(self, name: str = "", **arguments: object) -> str:
        """The alert with which the program refuses a requestor, who sends its request without waiting for the end
        of the handshake, as TLS 1.3 allows: `CERTIFICATE_EXPIRED`. See `connect`."""
        try:
            with self.connect(name, **arguments) as peer:  # type: ignore[arg-type]
                peer.associate(called="ECHOSCP")
        except ssl.SSLError as error:
            found = re.search(r"_ALERT_(\w+)", str(error.reason))
            assert found, f"no alert: {error!r}"
            return found[1]
        raise AssertionError(f"the association of {name or 'nobody'} is accepted")

    def record(self, **fields: str) -> Entry:
        """The record with these values, or the one about the end of a good association."""
        wanted = fields or {"MESSAGE_ID": ASSOCIATION_RELEASED}
        return self.journal.wait_for(1, **wanted)


def serve(peer: Peer, calling: str = "TESTSCU") -> None:
    """One association with an echo, on a connection that exists."""
    peer.associate(called="ECHOSCP", calling=calling)
    peer.echo()
    peer.release()


def start_secured(
    start: Callable[..., Daemon],
    journal: Journal,
    pki: PKI,
    settings: TLSSettings,
    *options: str,
    **arguments: object,
) -> Secured:
    """Starts the program, and returns when it listens on both ports."""
    port = free_port()
    scp = start(
        *as_options(settings.values(pki, port)), "--log-target", "journal", *options,
        wrapper=journal.wrapper, **arguments,
    )  # fmt: skip
    assert wait_until(lambda: port in taken_ports()), f"{scp} does not listen on {port}"
    return Secured(scp, port, pki, journal)
