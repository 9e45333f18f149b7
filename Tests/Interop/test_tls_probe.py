"""`--probe --tls`: what it says of the TLS of other servers, and its exit status."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from pynetdicom import AE

from daemon import PROGRAM, Daemon, free_port, one_line, run_to_its_end, taken_ports, wait_until
from peer import PATIENCE
from pki import PKI
from secure import Secured
from test_probe import CRITICAL, UNKNOWN, answering, server, until_closed
from wire import VERIFICATION

Start = Callable[..., Secured]

OK, WARNING = 0, 1


def probe(
    pki: PKI, port: int, *options: str, status: int = OK, trusted: str = "ca",
    host: str = "127.0.0.1",
) -> list[str]:  # fmt: skip
    """The lines of a probe that must exit with `status`."""
    done = run_to_its_end(
        "--probe", f"{host}:{port}", "--tls", "--tls-ca-certificates", str(pki[trusted].file),
        *options,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (status, ""), done
    return done.stdout.splitlines()


def as_json(pki: PKI, port: int, *options: str, **how: object) -> dict[str, object]:
    lines = probe(pki, port, "--json", *options, **how)  # type: ignore[arg-type]
    return dict(json.loads(one_line("\n".join(lines))))


def failure(pki: PKI, port: int, *options: str, **how: object) -> dict[str, str]:
    """The last failure of a probe that fails, whose text must also be in its first line."""
    line = probe(pki, port, *options, status=CRITICAL, **how)[0]  # type: ignore[arg-type]
    found = as_json(pki, port, *options, status=CRITICAL, **how)
    assert not found["ok"]
    last: dict[str, str] = found["failures"][-1]  # type: ignore[index]
    assert line.startswith("CRITICAL: ") and last["text"] in line and last["remedy"]
    return last


def as_client(pki: PKI, name: str = "CT1") -> tuple[str, ...]:
    own = pki[name]
    return ("--tls-certificate", str(own.file), "--tls-private-key", str(own.key))


@contextmanager
def scp_with(
    pki: PKI, name: str, *, version: ssl.TLSVersion | None = None, chain: bool = True
) -> Iterator[int]:
    """pynetdicom as an SCP with this certificate; yields its port."""
    own, port = pki[name], free_port()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(own.file if chain else own.alone, own.key)
    if version:
        context.minimum_version = context.maximum_version = version
    ae = AE(ae_title="PYNETDICOM")
    ae.add_supported_context(VERIFICATION)
    running = ae.start_server(("127.0.0.1", port), block=False, ssl_context=context)
    assert running
    try:
        yield port
    finally:
        running.shutdown()


@contextmanager
def program(port: int, *command: str) -> Iterator[int]:
    """Runs a server that listens on `port`; yields the port."""
    # s_server ends with its standard input.
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert wait_until(lambda: port in taken_ports(), 2 * PATIENCE)
            yield port
        finally:
            process.kill()


def s_server(pki: PKI, name: str, *options: str) -> AbstractContextManager[int]:
    """`openssl s_server`, which does not speak DICOM."""
    own, port = pki[name], free_port()
    return program(
        port, "openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(own.alone),
        "-cert_chain", str(own.file), "-key", str(own.key), *options,
    )  # fmt: skip


def test_our_own_service(secured: Start) -> None:
    one = secured(mode="require", trusted=("ca", "other-ca"))
    text = "\n".join(probe(one.pki, one.port, *as_client(one.pki)))
    assert text.startswith(f"OK: ANY-SCP at 127.0.0.1:{one.port} answered C-ECHO in ")
    for part in (
        "TLSv1.3", "TLS_AES_256_GCM_SHA384", "dicom", "archive.hospital.example",
        "Hospital Issuing CA", "Hospital CA", "Vendor CA", "300 days",
    ):  # fmt: skip
        assert part in text, part
    assert re.search("x25519", text, re.IGNORECASE)
    entry = one.record()
    assert entry["DICOM_TLS_SUBJECT"] == ["CN=CT1,O=Hospital"]
    assert entry["DICOM_TLS_ALPN"] == ["dicom"]
    # A server name is a name: it is not sent for an address.
    assert "DICOM_TLS_SERVER_NAME" not in entry


def test_json(secured: Start) -> None:
    one = secured(trusted=("ca", "other-ca"))
    done = as_json(one.pki, one.port)
    assert done["ok"] and done["failures"] == []
    tls = done["tls"]
    assert isinstance(tls, dict)
    print(json.dumps(tls, indent=1))
    text = json.dumps(tls)
    for part in (
        '"TLSv1.3"', '"TLS_AES_256_GCM_SHA384"', '"dicom"', "CN=archive.hospital.example,O=Hospital",
        "CN=Hospital CA,O=Hospital", "CN=Vendor CA,O=Hospital", one.pki["server"].fingerprint, "300",
    ):  # fmt: skip
        assert part in text, part
    assert "tls" in done["times_ms"]  # type: ignore[operator]
    plain = json.loads(run_to_its_end("--probe", f"127.0.0.1:{one.scp.port}", "--json").stdout)
    assert not plain.get("tls")


def test_a_server_name(secured: Start) -> None:
    one = secured()
    probe(one.pki, one.port, "--server-name", "localhost")
    assert one.record()["DICOM_TLS_SERVER_NAME"] == ["localhost"]
    probe(one.pki, one.port, host="localhost")
    found = failure(one.pki, one.port, "--server-name", "elsewhere.hospital.example")
    assert "elsewhere.hospital.example" in found["text"]


def test_the_service_of_this_machine_by_its_configuration(secured: Start, tmp_path: Path) -> None:
    """Its port, and the CAs that are typed; its own certificate is not the probe's."""
    one = secured(mode="request")
    own = one.pki["server"]
    file = tmp_path / "echoscp.conf"
    file.write_text(
        f"[network]\nport = {one.scp.port}\nbind-address = 127.0.0.1\n[tls]\ntls-port = {one.port}\n"
        f"tls-certificate = {own.file}\ntls-private-key = {own.key}\n"
    )
    done = run_to_its_end(
        "--probe", "--tls", "--config", str(file), "--tls-ca-certificates", str(one.pki["ca"].file)
    )
    assert (done.returncode, done.stderr) == (OK, ""), done
    assert f"127.0.0.1:{one.port} " in done.stdout
    assert "DICOM_TLS_SUBJECT" not in one.record()


@pytest.mark.parametrize("profile", ["+py", "+pz"])
def test_dcmtk(pki: PKI, storescp_path: str, tmp_path: Path, profile: str) -> None:
    own, port = pki["server"], free_port()
    command = [
        storescp_path, "+tls", str(own.key), str(own.file), "+cf", str(pki["ca"].file), profile,
        "-od", str(tmp_path), str(port),
    ]  # fmt: skip
    with program(port, *command):
        # DCMTK requires a certificate.
        assert failure(pki, port)["text"]
        # 3.6.7 sends only the certificate, without its chain.
        chain = pki.directory / "ca+issuing.pem"
        chain.write_bytes(pki.certificates("ca", "issuing").read_bytes())
        done = run_to_its_end(
            "--probe", f"127.0.0.1:{port}", "--tls", "--tls-ca-certificates", str(chain),
            *as_client(pki),
        )  # fmt: skip
        assert done.returncode == OK, done
        assert "OFFIS_DCMTK_" in done.stdout
        assert ("TLSv1.2" if profile == "+pz" else "TLSv1.3") in done.stdout


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_pynetdicom(pki: PKI, version: ssl.TLSVersion) -> None:
    with scp_with(pki, "server", version=version) as port:
        text = "\n".join(probe(pki, port))
    assert "PYNETDICOM_" in text and ("TLSv1.2" if version.name == "TLSv1_2" else "TLSv1.3") in text


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("server", OK, "300 days"),
        ("server-expiring", WARNING, "20 days"),
        ("server-expired", CRITICAL, "expired"),
        ("server-not-yet-valid", CRITICAL, "valid"),
        ("server-untrusted", CRITICAL, "Vendor CA"),
        ("server-elsewhere", CRITICAL, "elsewhere.hospital.example"),
        ("server-client-auth", CRITICAL, "server-client-auth"),
        ("RSA-1024", CRITICAL, "1024"),
        ("device", CRITICAL, "device"),
    ],
)
def test_the_certificate_of_a_server(pki: PKI, name: str, status: int, words: str) -> None:
    with scp_with(pki, name) as port:
        lines = probe(pki, port, status=status)
    print(lines[0])
    assert lines[0].startswith(("OK: ", "WARNING: ", "CRITICAL: ")[status])
    assert words in "\n".join(lines)


def test_a_chain_without_its_intermediate(pki: PKI) -> None:
    with scp_with(pki, "server", chain=False) as port:
        assert failure(pki, port)["text"]


def test_a_revoked_server(pki: PKI) -> None:
    lists = pki.crl("ca", "issuing", revoked=("server",))
    with scp_with(pki, "server") as port:
        found = failure(pki, port, "--tls-crl", str(lists))
    assert "revoked" in found["text"]


def test_the_cas_of_the_system_are_trusted_by_default(pki: PKI) -> None:
    with scp_with(pki, "server") as port:
        done = run_to_its_end("--probe", f"127.0.0.1:{port}", "--tls")
        assert done.returncode == CRITICAL and done.stdout.startswith("CRITICAL: ")
        trust = {"SSL_CERT_FILE": str(pki["ca"].file)}
        done = run_to_its_end("--probe", f"127.0.0.1:{port}", "--tls", environment=trust)
        assert done.returncode == OK, done


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-tls1_2", "-cipher", "AES128-SHA"], ""),
        (["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"], ""),
        (["-alpn", "h2"], ""),
        (["-Verify", "1"], "Hospital CA"),
    ],
    ids=["no common cipher", "TLS 1.1", "another ALPN", "a certificate is required"],
)
def test_a_server_that_refuses(pki: PKI, options: list[str], words: str) -> None:
    more = ["-CAfile", str(pki["ca"].file)] if "-Verify" in options else []
    with s_server(pki, "server-rsa", *options, *more) as port:
        found = failure(pki, port)
    print(found["text"], found["remedy"])
    assert words in found["text"] + found["remedy"]


def test_our_service_refuses_the_probe(secured: Start) -> None:
    one = secured(mode="require", trusted=("other-ca",))
    found = failure(one.pki, one.port)
    assert "Vendor CA" in found["text"] + found["remedy"], "which CAs it accepts"
    assert failure(one.pki, one.port, *as_client(one.pki))["text"]
    probe(one.pki, one.port, *as_client(one.pki, "other"))


def test_a_server_without_tls(echoscpd: Callable[..., Daemon], pki: PKI) -> None:
    scp = echoscpd()
    found = failure(pki, scp.port)
    assert "TLS" in found["text"]
    with server(answering(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert "HTTP" in failure(pki, port)["text"]


def test_nothing_listens(pki: PKI) -> None:
    assert failure(pki, free_port())["cause"] == "refused"


def test_a_server_that_says_nothing(pki: PKI) -> None:
    with server(until_closed) as port:
        found = failure(pki, port, "-ta", "0.3")
    assert found["cause"] == "timeout"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--tls"], "--probe"),
        (["--server-name", "a"], "--probe"),
        (["--probe", "a", "--server-name", "b"], "--tls"),
        (["--probe", "a", "--tls=yes"], "takes no value"),
        (["--probe", "a", "--tls", "--tls-certificate", "/nowhere.pem"], "tls-private-key"),
        (["--probe", "a", "--tls", "--tls-ca-certificates", "/nowhere.pem"], "/nowhere.pem"),
    ],
)
def test_what_cannot_be_asked(arguments: list[str], words: str) -> None:
    done = run_to_its_end(*arguments)
    assert done.returncode == (UNKNOWN if "--probe" in arguments else 64) and done.stdout == ""
    assert words in one_line(done.stderr)


def test_the_default_port(pki: PKI) -> None:
    """That of DICOM TLS is 2762."""
    done = subprocess.run(
        [PROGRAM, "--probe", "127.0.0.9", "--tls", "--json"], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert json.loads(done.stdout)["port"] == 2762
