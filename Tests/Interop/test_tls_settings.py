"""Every setting of the section `[tls]` has its effect, given by its option and by the file, as `test_settings` tries
those of the other sections."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from configured import sections
from daemon import Daemon, Passed, echo, free_port, taken_ports, wait_until
from journal import ASSOCIATION_RELEASED, STARTED, Journal
from pki import PKI
from secure import TLS_1_2, Secured, TLSSettings, as_options
from test_limits import LIMIT
from test_passed_sockets import listening
from test_tls_limits import asks

BASE = TLSSettings(devices=())


@dataclass(frozen=True)
class Row:
    """A value of a setting, and its observable effect."""

    key: str
    value: Callable[[PKI], object]
    observe: Callable[[Secured], object]
    expected: object
    others: tuple[str, ...] = ()
    """Keys that come together with this one, as in `BASE`; they are left out for the default, too."""


def _listens(one: Secured) -> bool:
    return wait_until(lambda: one.port in taken_ports(), 0.5)


def _certificate(one: Secured) -> str:
    """The name of the service's certificate."""
    with one.connect() as peer:
        octets = peer.tls.getpeercert(binary_form=True)
    return next(name for name in ("server", "server-renewed") if one.pki[name].der == octets)


def _notes(name: str, **arguments: object) -> Callable[[Secured], list[str]]:
    """Observes what the record of an echo with this certificate says against it."""

    def observe(one: Secured) -> list[str]:
        one.echo(name, **arguments)
        notes = one.record().get("ECHOSCP_NOTES", [])
        return [note for note in notes if note.startswith("certificate-")]

    return observe


def _refusal(one: Secured) -> str:
    """Why a client without a certificate is refused, or what its record says against it."""
    try:
        one.echo()
    except ssl.SSLError as error:
        return str(error.reason)
    return str(_notes("")(one))


def _has_1_2(one: Secured) -> bool:
    try:
        one.echo(version=TLS_1_2)
    except ssl.SSLError:
        return False
    return bool(one.journal.wait_for(1, MESSAGE_ID=ASSOCIATION_RELEASED))


def _associations(one: Secured) -> int:
    with ExitStack() as stack:
        return sum(asks(stack.enter_context(one.connect())) != LIMIT for _ in range(4))


ROWS = [
    Row("tls-certificate", lambda pki: pki["server-renewed"].file, _certificate, "server-renewed",
        ("tls-private-key",)),
    Row("tls-private-key", lambda pki: pki["server-renewed"].key, _certificate, "server-renewed",
        ("tls-certificate",)),
    Row("tls-ca-certificates", lambda pki: pki["ca"].file, _notes("CT1"), []),
    Row("tls-device-certificates", lambda pki: pki["device"].file, _notes("device"), []),
    Row("tls-crl", lambda pki: pki.crl("ca"), _notes("revoked"), ["certificate-revoked"]),
    Row("tls-client-certificate", lambda pki: "require", _refusal,
        "TLSV13_ALERT_CERTIFICATE_REQUIRED"),
    Row("tls-client-certificate", lambda pki: "no", _refusal, "[]"),
    Row("tls-min-version", lambda pki: "1.3", _has_1_2, False),
    Row("max-tls-associations", lambda pki: "2", _associations, 2),
]  # fmt: skip
WAYS = ["file", "option", "option="]


@dataclass
class Trial:
    """A program with one setting given in one way."""

    start: Callable[..., Daemon]
    journal: Journal
    pki: PKI
    directory: Path

    def observe(self, row: Row, way: str) -> object:
        port = free_port()
        values = BASE.values(self.pki, port)
        if row.others:
            own = self.pki["server-renewed"]
            values |= {"tls-certificate": str(own.file), "tls-private-key": str(own.key)}
        values.pop(row.key, None)
        value = str(row.value(self.pki))
        options: tuple[str, ...] = ()
        if way == "file":
            file = self.directory / "echoscp.conf"
            file.write_text(f"[tls]\n{row.key} = {value}\n")
            options = ("--config", str(file))
        elif way:
            options = (f"--{row.key}={value}",) if way == "option=" else (f"--{row.key}", value)
        elif row.others:
            values = BASE.values(self.pki, port)
        scp = self.start(
            *as_options(values), "--log-target", "journal", *options, wrapper=self.journal.wrapper
        )
        one = Secured(scp, port, self.pki, self.journal)
        assert _listens(one)
        return row.observe(one)


@pytest.fixture
def trial(echoscpd: Callable[..., Daemon], journal: Journal, pki: PKI, tmp_path: Path) -> Trial:
    return Trial(echoscpd, journal, pki, tmp_path)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_a_setting_acts(trial: Trial, row: Row, way: str) -> None:
    assert trial.observe(row, way) == row.expected


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_the_default_looks_different(trial: Trial, row: Row) -> None:
    """For the certificate of the service, which has no default, that is another one."""
    assert trial.observe(row, "") != row.expected


def test_the_port_acts(
    echoscpd: Callable[..., Daemon], journal: Journal, pki: PKI, tmp_path: Path
) -> None:
    """Two of them, in the file."""
    ports = [free_port(), free_port()]
    values = BASE.values(pki, ports[0])
    del values["tls-port"]
    file = tmp_path / "echoscp.conf"
    file.write_text(f"[tls]\ntls-port = {ports[0]}, {ports[1]}\n")
    scp = echoscpd(
        *as_options(values), "--config", str(file), "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip
    for port in ports:
        Secured(scp, port, pki, journal).echo()


def test_passed_sockets(echoscpd: Callable[..., Daemon], journal: Journal, pki: PKI) -> None:
    """One that is named dicom-tls is for TLS, without a port among the settings."""
    values = BASE.values(pki, 0)
    del values["tls-port"]
    with listening() as plain, listening() as secure:
        scp = echoscpd(
            *as_options(values), "--log-target", "journal", wrapper=journal.wrapper,
            passed=Passed(plain, secure, names=["dicom", "dicom-tls"]),
        )  # fmt: skip
        port = secure.getsockname()[1]
        echo(scp.port)
        Secured(scp, port, pki, journal).echo()
        started = journal.wait_for(MESSAGE_ID=STARTED)
        assert started["ECHOSCP_LISTENERS"] == [f"127.0.0.1:{scp.port}"]
        assert started["ECHOSCP_TLS_LISTENERS"] == [f"127.0.0.1:{port}"]
        scp.stop()


def test_every_key_has_a_row() -> None:
    keys = {key for key, section in sections().items() if section == "tls"}
    assert keys == {row.key for row in ROWS} | {"tls-port"}
