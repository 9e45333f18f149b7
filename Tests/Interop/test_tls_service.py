"""The service's own certificate: errors in its files when they are checked, at the start and at a reload, and
what is served with a warning."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from configured import check, faults
from daemon import (
    CONFIGURATION,
    OK,
    Daemon,
    echo,
    free_port,
    one_line,
    run_to_its_end,
    taken_ports,
    wait_until,
)
from journal import RELOADED, STARTED, Journal
from peer import Peer
from pki import PKI
from replies import EndOfStream
from secure import Secured, TLSPeer, client_context, serve
from test_reload import Service

Start = Callable[..., Secured]
Files = dict[str, object]

CERTIFICATE, KEY, CAS, DEVICES, CRL = (
    "tls-certificate", "tls-private-key", "tls-ca-certificates", "tls-device-certificates", "tls-crl",
)  # fmt: skip


def good_files(pki: PKI) -> Files:
    own = pki["server"]
    return {CERTIFICATE: own.file, KEY: own.key, CAS: pki.certificates("ca")}


def text(files: Files, port: int = 2762) -> str:
    """The content of a configuration file."""
    lines = [f"{key} = {value}" for key, value in files.items()]
    return "\n".join(["[tls]", f"tls-port = {port}", *lines, ""])


def _empty(pki: PKI) -> Path:
    path = pki.directory / "empty.pem"
    path.write_bytes(b"")
    return path


def _no_pem(pki: PKI) -> Path:
    path = pki.directory / "notes.txt"
    path.write_text("The certificate is in the safe.\n")
    return path


def _cut_off(pki: PKI) -> Path:
    path = pki.directory / "cut-off.pem"
    path.write_bytes(pki["server"].alone.read_bytes()[:300])
    return path


WRONG: dict[str, tuple[str, Callable[[PKI], Files]]] = {
    # the key at fault, and the files in place of good ones
    "missing certificate": (CERTIFICATE, lambda pki: {CERTIFICATE: pki.directory / "nowhere.pem"}),
    "missing key": (KEY, lambda pki: {KEY: pki.directory / "nowhere.key"}),
    "missing CAs": (CAS, lambda pki: {CAS: pki.directory / "nowhere.pem"}),
    "missing devices": (DEVICES, lambda pki: {DEVICES: pki.directory / "nowhere.pem"}),
    "missing CRL": (CRL, lambda pki: {CRL: pki.directory / "nowhere.pem"}),
    "unreadable key": (KEY, lambda pki: {KEY: pki.directory}),
    "no PEM in certificate": (CERTIFICATE, lambda pki: {CERTIFICATE: _no_pem(pki)}),
    "a key as certificate": (CERTIFICATE, lambda pki: {CERTIFICATE: pki["server"].key}),
    "cut-off certificate": (CERTIFICATE, lambda pki: {CERTIFICATE: _cut_off(pki)}),
    "no PEM in key": (KEY, lambda pki: {KEY: _no_pem(pki)}),
    "encrypted key": (KEY, lambda pki: {KEY: pki["server"].encrypted_key}),
    "mismatched key": (KEY, lambda pki: {KEY: pki["server-renewed"].key}),
    "EC key of an RSA certificate": (KEY, lambda pki: {CERTIFICATE: pki["server-rsa"].file}),
    "key below security level 2": (
        KEY, lambda pki: {CERTIFICATE: pki["RSA-1024"].file, KEY: pki["RSA-1024"].key},
    ),
    "empty CAs": (CAS, lambda pki: {CAS: _empty(pki)}),
    "empty devices": (DEVICES, lambda pki: {DEVICES: _empty(pki)}),
    "no CRL in file": (CRL, lambda pki: {CRL: pki.certificates("ca")}),
}  # fmt: skip

REMARKABLE = {
    # what is served with a warning, and the days left, or one more
    "server-expired": -11,
    "server-expiring": 20,
    "server-not-yet-valid": 300,
    "server-client-auth": 300,
    "server-alone": 300,
}


# ---------------------------------------------------------------------------------------------
# --check-config


@pytest.mark.parametrize("name", WRONG)
def test_what_the_check_says(pki: PKI, tmp_path: Path, name: str) -> None:
    key, change = WRONG[name]
    files = good_files(pki) | change(pki)
    file = tmp_path / "echoscp.conf"
    file.write_text(text(files))
    (line,) = faults(str(file))
    number = file.read_text().splitlines().index(f"{key} = {files[key]}") + 1
    assert line.startswith(f"{file}:{number}: {key}: ")
    assert Path(str(files[key])).name in line
    print(line.replace(str(pki.directory), "DIRECTORY"))


def test_the_check_finds_good_files_good(pki: PKI, tmp_path: Path) -> None:
    file = tmp_path / "echoscp.conf"
    folder = tmp_path / "CAs"
    folder.mkdir()
    for name in "ca", "other-ca":
        shutil.copy(pki[name].file, folder / f"{name}.pem")
    more: Files = {
        CAS: folder,
        CRL: pki.crl("ca"),
        DEVICES: pki.certificates("device", "device-expired"),
    }
    one_file = tmp_path / "both.pem"
    own = pki["server-rsa"]
    one_file.write_bytes(own.key.read_bytes() + own.file.read_bytes())
    both: Files = {CERTIFICATE: one_file, KEY: one_file}
    for files in good_files(pki), good_files(pki) | more, both:
        file.write_text(text(files))
        assert check(str(file)).startswith(f"configuration OK: {file}\n")


@pytest.mark.parametrize("name", REMARKABLE)
def test_the_check_warns(pki: PKI, tmp_path: Path, name: str) -> None:
    """What is served is no error."""
    file = tmp_path / "echoscp.conf"
    own = pki.server(name)
    file.write_text(text(good_files(pki) | {CERTIFICATE: own.certificate, KEY: own.key}))
    done = run_to_its_end("--config", str(file), "--check-config")
    assert (done.returncode, done.stdout) == (OK, f"configuration OK: {file}\n")
    print(one_line(done.stderr))


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("[tls]\ntls-port = 2762\n", "tls-port"),
        ("[tls]\ntls-certificate = /a\n", "tls-certificate"),
        ("[tls]\ntls-private-key = /a\n", "tls-private-key"),
        ("[tls]\ntls-port = 0\n", "tls-port"),
        ("[tls]\ntls-min-version = 1.1\n", "tls-min-version"),
        ("[tls]\ntls-client-certificate = maybe\n", "tls-client-certificate"),
        ("[tls]\ntls-client-certificate = require\n", "tls-client-certificate"),
        ("[tls]\nmax-tls-associations = x\n", "max-tls-associations"),
    ],
)
def test_settings_that_do_not_fit(tmp_path: Path, content: str, key: str) -> None:
    file = tmp_path / "echoscp.conf"
    file.write_text(content)
    (line,) = faults(str(file))
    assert re.match(rf"{re.escape(str(file))}:2: {key}: ", line)


def test_a_port_is_plain_or_not(pki: PKI, tmp_path: Path) -> None:
    file = tmp_path / "echoscp.conf"
    file.write_text("[network]\nport = 104, 2762\n" + text(good_files(pki)))
    (line,) = faults(str(file))
    assert line.startswith(f"{file}:4: tls-port: ") and "2762" in line


# ---------------------------------------------------------------------------------------------
# At the start


@pytest.mark.parametrize("name", ["missing certificate", "encrypted key", "empty CAs"])
def test_a_start_without_good_files(
    echoscpd: Callable[..., Daemon], journal: Journal, pki: PKI, tmp_path: Path, name: str
) -> None:
    """The plain port answers, the TLS port closes every connection unread, until a reload finds good files."""
    port = free_port()
    files = good_files(pki)
    service = Service(echoscpd, tmp_path, text(files | WRONG[name][1](pki), port), journal=journal)
    entry = journal.wait_for(ECHOSCP_CAUSE="tls-unavailable", PRIORITY="3")
    assert WRONG[name][0] in entry["MESSAGE"][0]
    echo(service.scp.port)
    assert wait_until(lambda: port in taken_ports())
    for _ in range(3):
        with Peer(port) as peer:
            assert isinstance(peer.receive(), EndOfStream)
    (told,) = journal.find(ECHOSCP_CAUSE="tls-unavailable", PRIORITY="3")
    assert "DICOM_PEER_ADDRESS" not in told

    done = service.reload(text(files, port))
    assert (done.returncode, done.stderr) == (OK, "reloaded\n")
    with TLSPeer(port, client_context(pki, pki["CT1"])) as secure:
        serve(secure)
    service.manager.close()


def test_the_record_of_the_start(secured: Start) -> None:
    one = secured()
    entry = one.record(MESSAGE_ID=STARTED)
    assert entry["ECHOSCP_TLS_SUBJECT"] == ["CN=archive.hospital.example,O=Hospital"]
    assert entry["ECHOSCP_TLS_DAYS"] == ["300"]
    assert entry["ECHOSCP_TLS_LISTENERS"] == [f"127.0.0.1:{one.port}"]
    assert entry["ECHOSCP_LISTENERS"] == [f"127.0.0.1:{one.scp.port}"]


@pytest.mark.parametrize(("name", "days"), REMARKABLE.items())
def test_what_is_served_with_a_warning(secured: Start, name: str, days: int) -> None:
    one = secured(server=name)
    one.record(ECHOSCP_CAUSE="certificate-expires", PRIORITY="4")
    started = one.record(MESSAGE_ID=STARTED)
    assert int(started["ECHOSCP_TLS_DAYS"][0]) in (days, days + 1)
    context = one.context("CT1")
    context.verify_mode = ssl.CERT_NONE
    with TLSPeer(one.port, context) as peer:
        serve(peer)


def test_no_warning_without_a_reason(secured: Start) -> None:
    one = secured(server="server-rsa")
    one.echo()
    one.record()
    assert not one.journal.find(ECHOSCP_CAUSE="certificate-expires")


# ---------------------------------------------------------------------------------------------
# At a reload


@pytest.fixture
def renewable(
    echoscpd: Callable[..., Daemon], journal: Journal, pki: PKI, tmp_path: Path
) -> Iterator[Renewable]:
    one = Renewable(echoscpd, journal, pki, tmp_path)
    yield one
    one.service.manager.close()


class Renewable:
    """A service whose certificate and key are files that `install` replaces."""

    def __init__(
        self, start: Callable[..., Daemon], journal: Journal, pki: PKI, directory: Path
    ) -> None:
        self.port, self.pki, self.journal = free_port(), pki, journal
        self.files: Files = good_files(pki) | {
            CERTIFICATE: directory / "own.pem", KEY: directory / "own.key",
        }  # fmt: skip
        self.install("server")
        content = text(self.files, self.port)
        self.service = Service(start, directory, content, "--workers", "2", journal=journal)
        assert wait_until(lambda: self.port in taken_ports())

    def install(self, name: str, key_of: str = "") -> None:
        shutil.copy(self.pki[name].file, str(self.files[CERTIFICATE]))
        shutil.copy(self.pki[key_of or name].key, str(self.files[KEY]))

    def reload(self, content: str | None = None) -> subprocess.CompletedProcess[str]:
        return self.service.reload(content)

    def connect(self) -> TLSPeer:
        return TLSPeer(self.port, client_context(self.pki, self.pki["CT1"]))

    def shown(self) -> str:
        """The name of the certificate that the service presents."""
        with self.connect() as peer:
            octets = peer.tls.getpeercert(binary_form=True)
            serve(peer)
        known = {self.pki[name].der: name for name in ("server", "server-renewed", "server-rsa")}
        return known[octets or b""]


def test_a_new_certificate_is_for_new_connections(renewable: Renewable) -> None:
    old = renewable.connect()
    old.associate(called="ECHOSCP")
    for count, name in enumerate(["server-renewed", "server-rsa", "server"], 1):
        renewable.install(name)
        assert renewable.reload().returncode == OK
        assert {renewable.shown() for _ in range(8)} == {name}
        old.echo(count)
        entry = renewable.journal.wait_for(count, MESSAGE_ID=RELOADED)
        assert entry["ECHOSCP_TLS_SUBJECT"] == [renewable.pki[name].subject]
        assert entry["ECHOSCP_TLS_DAYS"] == ["300"]
    old.release()
    old.close()


@pytest.mark.parametrize("key_of", ["server", "server-rsa"])
def test_a_bad_file_changes_nothing(renewable: Renewable, key_of: str) -> None:
    renewable.install("server-renewed", key_of)
    done = renewable.reload()
    assert done.returncode == CONFIGURATION
    (line,) = done.stderr.splitlines()
    assert f": {KEY}: " in line
    renewable.journal.wait_for(ECHOSCP_CAUSE="config-invalid", PRIORITY="3")
    assert {renewable.shown() for _ in range(8)} == {"server"}
    renewable.install("server-renewed")
    assert renewable.reload().returncode == OK
    assert renewable.shown() == "server-renewed"


def test_a_reload_warns_of_what_expires(renewable: Renewable) -> None:
    renewable.install("server-expiring")
    assert renewable.reload().returncode == OK
    renewable.journal.wait_for(ECHOSCP_CAUSE="certificate-expires", PRIORITY="4")


def test_other_settings_take_effect_at_a_reload(renewable: Renewable) -> None:
    files = {**renewable.files, "tls-client-certificate": "require", "tls-min-version": "1.3"}
    assert renewable.reload(text(files, renewable.port)).returncode == OK
    one = Secured(renewable.service.scp, renewable.port, renewable.pki, renewable.journal)
    assert one.refused() == "CERTIFICATE_REQUIRED"
    files[CAS] = renewable.pki.certificates("other-ca")
    assert renewable.reload(text(files, renewable.port)).returncode == OK
    assert one.refused("CT1") == "UNKNOWN_CA"
    one.echo("other")
