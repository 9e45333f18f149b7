"""The other direction, as JSON: what echoscpctl verify prints is what echoscpd --probe prints."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Control
from reports import valid

DAEMON = os.environ.get("ECHOSCPD", "/usr/sbin/echoscpd")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-keyout", folder / "key", "-out", folder / "certificate", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def ports(certificate: Path) -> Iterator[tuple[int, int]]:
    """The ports of a service, without and with TLS, that accepts only the calling AE title CT1."""
    plain, secure = free_port(), free_port()
    (certificate / "conf").write_text("[access]\nallow-calling-ae-titles = CT1\n")
    service = subprocess.Popen(
        [DAEMON, "--config", certificate / "conf", "-ba", "127.0.0.1", str(plain), "--tls-port", str(secure),
         "--tls-certificate", certificate / "certificate", "--tls-private-key", certificate / "key", "-q"],
        env=Control.environment(),
    )  # fmt: skip
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", plain)) == 0:
                break
        time.sleep(0.02)
    yield plain, secure
    service.terminate()
    service.wait(timeout=10)


def probe(*words: object) -> tuple[int, dict]:
    done = subprocess.run(
        [DAEMON, "--probe", *map(str, words), "--json"], capture_output=True, text=True, timeout=30,
        env=Control.environment(),
    )  # fmt: skip
    return done.returncode, valid(done.stdout)


def test_an_answer(ports: tuple[int, int]) -> None:
    status, report = probe(f"127.0.0.1:{ports[0]}", "--calling-ae-title", "CT1")
    assert (status, report["ok"], report["tls"]) == (0, True, None)


def test_a_rejection_and_a_dead_port(ports: tuple[int, int]) -> None:
    status, report = probe(f"127.0.0.1:{ports[0]}")
    assert status == 2 and report["failures"][0]["phase"] == "associate"
    status, report = probe(f"127.0.0.1:{free_port()}")
    assert status == 2 and report["failures"][0]["phase"] == "connect"


def test_an_answer_over_tls(ports: tuple[int, int], certificate: Path) -> None:
    words = ["--tls", "--tls-ca-certificates", certificate / "certificate", "--calling-ae-title", "CT1"]
    status, report = probe(f"127.0.0.1:{ports[1]}", *words)
    # The certificate expires in a month, hence the warning.
    assert report["ok"] and status in (0, 1) and report["tls"]["certificates"]
    status, report = probe(f"127.0.0.1:{ports[1]}", "--tls", "--calling-ae-title", "CT1")
    assert status == 2 and report["tls"]["fault"]
