"""DICOM TLS with the clients that people have: DCMTK's `echoscu`, pynetdicom, `openssl s_client` and Python.

Each test checks the echo and what the journal says of the connection.
"""

from __future__ import annotations

import re
import ssl
import subprocess
from collections.abc import Callable
from contextlib import suppress

import pytest

from client_hello import TLS_1_2, client_hello
from journal import ASSOCIATION_RELEASED, Entry
from peer import PATIENCE
from requestor import conversation
from secure import VERSIONS, SClient, Secured, TLSPeer, serve

Start = Callable[..., Secured]

CERTIFICATES = ["server", "server-rsa"]
ALGORITHMS = {"server": "ECDSA", "server-rsa": "RSA"}
GCM = "TLS_ECDHE_{}_WITH_AES_128_GCM_SHA256"

PROFILES = {
    # the version that each profile of DCMTK 3.6.7 comes to, or None if it has no suite in common
    "+py": "TLSv1.3",
    "+px": "TLSv1.3",
    "+pz": "TLSv1.2",
    "+pa": None,
    "+pn": None,
}


@pytest.fixture
def echoscu(echoscu_path: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `echoscu` over TLS with the certificate `name`, or without one."""

    def run(
        one: Secured, *options: str, name: str = "", trusted: str = "ca"
    ) -> subprocess.CompletedProcess[str]:
        identity = one.pki[name] if name else None
        own = ["+tls", str(identity.key), str(identity.file)] if identity else ["+tla"]
        return subprocess.run(
            [echoscu_path, *own, "+cf", str(one.pki[trusted].file), *options, "127.0.0.1", str(one.port)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip

    return run


Echo = Callable[..., subprocess.CompletedProcess[str]]


def check(entry: Entry, version: str, cipher: str, notes: set[str] | None = None) -> None:
    """Checks what was negotiated, and the notes about TLS."""
    assert (entry["DICOM_TLS_VERSION"], entry["DICOM_TLS_CIPHER"]) == ([version], [cipher])
    assert entry["DICOM_TLS_GROUP"]
    assert entry["PRIORITY"] == ["6"]
    if notes is not None:
        about_tls = {
            note
            for note in entry.get("ECHOSCP_NOTES", [])
            if note.startswith(("certificate-", "tls-"))
        }
        assert about_tls == notes


def expected_cipher(version: str, certificate: str) -> str:
    return "TLS_AES_256_GCM_SHA384" if version == "TLSv1.3" else GCM.format(ALGORITHMS[certificate])


def test_the_profiles_are_those_of_echoscu(echoscu_path: str) -> None:
    text = subprocess.run(
        [echoscu_path, "--help"], capture_output=True, text=True, timeout=PATIENCE, check=False
    ).stdout
    offered = set(re.findall(r"(\+p\w) +--profile-", text))
    assert offered == set(PROFILES), "DCMTK has other profiles: add them to PROFILES"


@pytest.mark.parametrize("certificate", CERTIFICATES)
@pytest.mark.parametrize("name", ["CT1", "RSA", ""])
@pytest.mark.parametrize("profile", [name for name, version in PROFILES.items() if version])
def test_echoscu(secured: Start, echoscu: Echo, profile: str, name: str, certificate: str) -> None:
    one = secured(server=certificate)
    done = echoscu(one, profile, name=name)
    assert done.returncode == 0, done.stderr
    entry = one.record()
    version = PROFILES[profile]
    assert version
    notes = (set() if name else {"certificate-missing"}) | (
        {"tls-1.2-only"} if version == "TLSv1.2" else set()
    )
    check(entry, version, expected_cipher(version, certificate), notes)
    # DCMTK 3.6.7 offers neither ALPN nor a server name.
    assert not {"DICOM_TLS_ALPN", "DICOM_TLS_SERVER_NAME"} & set(entry)
    if name:
        assert entry["DICOM_TLS_SUBJECT"] == [f"CN={name},O=Hospital"]
        assert entry["DICOM_TLS_FINGERPRINT"] == [one.pki[name].fingerprint]
    else:
        assert not {"DICOM_TLS_SUBJECT", "DICOM_TLS_FINGERPRINT"} & set(entry)


RETIRED = {
    "the AES profile": ["+pa"],
    "the profile without encryption": ["+pn"],
    "AES-CBC with ECDHE": ["+pa", "+cs", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"],
    "GCM with DHE": ["+pa", "+cs", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"],
}


@pytest.mark.parametrize("certificate", CERTIFICATES)
@pytest.mark.parametrize("options", RETIRED.values(), ids=RETIRED)
def test_retired_profiles_of_echoscu(
    secured: Start, echoscu: Echo, options: list[str], certificate: str
) -> None:
    one = secured(server=certificate)
    done = echoscu(one, *options, name="CT1")
    assert done.returncode != 0 and "alert handshake failure" in done.stderr
    one.record(ECHOSCP_CAUSE="no-common-cipher", PRIORITY="4")
    assert not one.journal.find(MESSAGE_ID=ASSOCIATION_RELEASED)


@pytest.mark.parametrize("profile", [name for name, version in PROFILES.items() if version])
def test_echoscu_that_must_have_a_certificate(secured: Start, echoscu: Echo, profile: str) -> None:
    one = secured(mode="require")
    assert echoscu(one, profile).returncode != 0
    one.record(ECHOSCP_CAUSE="certificate-missing", PRIORITY="4")
    assert echoscu(one, profile, name="CT1").returncode == 0


def test_many_echoes_of_echoscu_at_once(secured: Start, echoscu_path: str) -> None:
    one = secured("--workers", "2", mode="require")
    own = one.pki["CT1"]
    command = [
        echoscu_path, "+tls", str(own.key), str(own.file), "+cf", str(one.pki["ca"].file),
        "--repeat", "20", "127.0.0.1", str(one.port),
    ]  # fmt: skip
    running = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(20)]
    try:
        assert [child.wait(30) for child in running] == [0] * 20
    finally:
        for child in running:
            with suppress(ProcessLookupError):
                child.kill()
            child.wait()
    entries = [one.record(), *one.journal.find(MESSAGE_ID=ASSOCIATION_RELEASED)]
    assert {entry["DICOM_ECHOES"][0] for entry in entries} == {"20"}


@pytest.mark.parametrize("name", ["CT1", "RSA", "chain", ""])
@pytest.mark.parametrize("version", VERSIONS, ids=VERSIONS.values())
def test_pynetdicom(secured: Start, version: ssl.TLSVersion, name: str) -> None:
    one = secured(mode="require" if name else "")
    tls = (one.context(name, version=version), "localhost")
    with conversation(one.scp, port=one.port, tls=tls) as peer:
        peer.echo()
        peer.echo(2)
    entry = one.record()
    text = VERSIONS[version]
    notes = (set() if name else {"certificate-missing"}) | (
        {"tls-1.2-only"} if text == "TLSv1.2" else set()
    )
    check(entry, text, expected_cipher(text, "server"), notes)
    assert entry["DICOM_TLS_SERVER_NAME"] == ["localhost"]


@pytest.mark.parametrize("server_name", ["", "archive.hospital.example"])
@pytest.mark.parametrize("alpn", ["", "dicom", "h2,dicom"])
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_openssl(secured: Start, version: str, alpn: str, server_name: str) -> None:
    one = secured(mode="require")
    own = one.pki["CT1"]
    options = [version, "-cert", str(own.file), "-key", str(own.key)]
    options += ["-alpn", alpn] if alpn else []
    options += ["-servername", server_name] if server_name else ["-noservername"]
    with SClient(one.port, *options) as peer:
        serve(peer)
    entry = one.record()
    text = "TLSv1.2" if version == "-tls1_2" else "TLSv1.3"
    check(entry, text, expected_cipher(text, "server"))
    assert entry.get("DICOM_TLS_ALPN") == (["dicom"] if alpn else None)
    assert entry.get("DICOM_TLS_SERVER_NAME") == ([server_name] if server_name else None)
    assert entry["DICOM_TLS_SUBJECT"] == ["CN=CT1,O=Hospital"]


def test_the_whole_chain_is_sent(secured: Start) -> None:
    """A client that trusts only the root can check the certificate, with its name."""
    one = secured()
    root = str(one.pki["ca"].file)
    strict = ["-CAfile", root, "-verify_return_error", "-verify_hostname", "localhost"]
    with SClient(one.port, *strict) as peer:
        serve(peer)
    context = ssl.create_default_context(cafile=root)
    for name in "localhost", "127.0.0.1":
        with TLSPeer(one.port, context, server_name=name) as python:
            serve(python)


def test_it_names_the_authorities_that_it_accepts(secured: Start) -> None:
    one = secured(trusted=("ca", "other-ca"))
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{one.port}", "-tls1_2"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    names = done.stdout[done.stdout.index("Acceptable client certificate CA names") :]
    for name in "Hospital CA", "Vendor CA":
        assert f"CN = {name}" in names


@pytest.mark.parametrize("version", VERSIONS, ids=VERSIONS.values())
def test_no_session_is_resumed(secured: Start, version: ssl.TLSVersion) -> None:
    one = secured(mode="require")
    context = one.context("CT1", version=version)
    with TLSPeer(one.port, context) as first:
        serve(first)
        session = first.tls.session
        assert not session or not session.has_ticket
    if session and session.id:
        again = context.wrap_socket(one.connect_raw().socket, session=session)
        assert not again.session_reused
        again.close()


def test_no_renegotiation(secured: Start) -> None:
    """`R` in a line makes s_client renegotiate; the connection lasts no longer than that."""
    one = secured()
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{one.port}", "-tls1_2"]
    done = subprocess.run(
        command, input="R\n", capture_output=True, text=True, timeout=2 * PATIENCE, check=False
    )
    assert "RENEGOTIATING" in done.stdout + done.stderr
    assert "no renegotiation" in done.stderr or "alert" in done.stderr
    one.echo()


@pytest.mark.parametrize(
    ("minimum", "version", "works"),
    [("1.2", "TLSv1.2", True), ("1.3", "TLSv1.3", True), ("1.3", "TLSv1.2", False)],
)
def test_minimum_version(secured: Start, minimum: str, version: str, works: bool) -> None:
    one = secured("--tls-min-version", minimum)
    (number,) = [key for key, text in VERSIONS.items() if text == version]
    if works:
        one.echo(version=number)
        assert one.record()["DICOM_TLS_VERSION"] == [version]
    else:
        assert one.refused(version=number) == "PROTOCOL_VERSION"
        one.record(ECHOSCP_CAUSE="tls-too-old")


def test_who_is_asked_for_no_certificate_sends_none(secured: Start) -> None:
    one = secured(mode="no", trusted=())
    one.echo("CT1")
    entry = one.record()
    check(entry, "TLSv1.3", "TLS_AES_256_GCM_SHA384", set())
    assert "DICOM_TLS_SUBJECT" not in entry


def test_a_hello_in_single_bytes(secured: Start) -> None:
    """A client whose every byte comes in a segment of its own gets its ServerHello."""
    one = secured()
    with one.connect_raw() as peer:
        peer.dribble(client_hello(server_name="archive"))
        octets = peer.socket.recv(5)
    assert octets[0] == 22 and int.from_bytes(octets[1:3], "big") == TLS_1_2
