"""echobench, the load generator: each kind of load and every kind of error it counts."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptor import Acceptor, accept, in_pieces, message_id_of, response
from daemon import (
    ABORTED_LINE,
    RELEASED_LINE,
    REPOSITORY,
    SANITIZER,
    USAGE,
    Daemon,
    free_port,
    wait_until,
)
from peer import PATIENCE, SLACK
from pki import PKI
from secure import Secured
from wire import RELEASE_RQ, abort, associate_rj, p_data, pdv, release_rp, release_rq

PROGRAM = Path(os.environ.get("ECHOBENCH", REPOSITORY / ".build/release/echobench")).resolve()

pytestmark = [
    pytest.mark.skipif(
        bool(SANITIZER) and "ECHOBENCH" not in os.environ,
        reason=f"{SANITIZER} sanitizer: set ECHOBENCH to an echobench built with it",
    ),
    pytest.mark.skipif(
        not PROGRAM.exists(), reason=f"{PROGRAM} does not exist: make build-bench, or set ECHOBENCH"
    ),
]

Start = Callable[..., Daemon]


def bench(*arguments: str, port: int, status: int = 0) -> dict:
    """Runs echobench to its end and returns the JSON object of its last line."""
    done = subprocess.run(
        [str(PROGRAM), *arguments, "--json", "127.0.0.1", str(port)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=12 * PATIENCE,
        check=False,
    )  # fmt: skip
    assert done.returncode == status, f"{done}"
    result = json.loads(done.stdout.splitlines()[-1])
    result["remarks"] = done.stderr
    return result


def errors(*arguments: str, port: int) -> dict[str, int]:
    """The errors of a run, which must have some."""
    result = bench(*arguments, port=port, status=1)
    assert result["error_total"] == sum(result["errors"].values()) > 0
    return result["errors"]


# Against echoscpd


def test_associate(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    result = bench("associate", "--count", "200", "--clients", "7", port=scp.port)
    assert result["errors"] == {} and result["error_total"] == 0
    assert result["operations"] == result["operations_in_all"] == 200
    assert result["associations_in_all"] == result["echoes_in_all"] == 200
    assert result["clients"] == 7 and result["depth"] == 1 and result["port"] == scp.port
    assert result["operations_per_second"] == pytest.approx(200 / result["seconds"], rel=0.05)
    latency = list(result["latency_us"].values())
    assert list(result["latency_us"]) == ["min", "mean", "p50", "p90", "p99", "p99.9", "max"]
    assert 0 < latency[0] <= latency[2] <= latency[3] <= latency[4] <= latency[5] <= latency[6]
    assert result["cpu_seconds"] > 0
    scp.wait_for_line(RELEASED_LINE, 200)
    assert not scp.warnings()


@pytest.mark.parametrize(("clients", "depth"), [(1, 1), (8, 1), (3, 16), (2, 256)])
def test_echo(echoscpd: Start, clients: int, depth: int) -> None:
    scp = echoscpd()
    result = bench(
        "echo", "--count", "70001", "--clients", str(clients), "--depth", str(depth), port=scp.port
    )
    assert result["errors"] == {}
    assert result["operations"] == result["echoes_in_all"] == 70001
    assert result["associations_in_all"] == clients


def test_idle(echoscpd: Start) -> None:
    scp = echoscpd()
    result = bench("idle", "--clients", "300", "--duration", "0.3", port=scp.port)
    assert result["errors"] == {}
    assert result["operations"] == 600
    assert result["associations_in_all"] == 300
    assert 0.3 <= result["seconds"] < 0.3 + PATIENCE


def test_hold(echoscpd: Start) -> None:
    """The associations stay open until standard input ends."""
    scp = echoscpd()
    before = scp.settled_descriptors()
    with subprocess.Popen(
        [PROGRAM, "idle", "--hold", "--clients", "40", "--json", scp.host, str(scp.port)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout and process.stdin
        opened = json.loads(process.stdout.readline())
        assert opened["event"] == "open" and opened["open"] == 40 and opened["seconds"] > 0
        assert scp.descriptors() == before + 40
        process.stdin.write("not the end\n")
        process.stdin.flush()
        time.sleep(0.2)
        assert process.poll() is None
        process.stdin.close()
        result = json.loads(process.stdout.readline())
        assert process.wait(PATIENCE) == 0
    assert result["operations"] == 80 and result["errors"] == {}
    assert wait_until(lambda: scp.descriptors() == before)


def test_mixed(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    result = bench("mixed", "--count", "900", "--clients", "20", port=scp.port)
    assert result["errors"] == {}
    assert result["operations"] == result["echoes_in_all"] == 900
    assert 900 / 20 <= result["associations_in_all"] <= 900
    scp.wait_for_line(RELEASED_LINE)
    scp.wait_for_line(ABORTED_LINE)


@pytest.mark.parametrize("mode", ["associate", "echo", "mixed"])
def test_duration(echoscpd: Start, mode: str) -> None:
    """Only the requested duration is measured; operations before and after it are counted separately."""
    scp = echoscpd()
    began = time.monotonic()
    result = bench(mode, "--duration", "0.4", "--warm-up", "0.2", port=scp.port)
    assert time.monotonic() - began < 0.6 + PATIENCE
    assert result["errors"] == {}
    assert 0.4 <= result["seconds"] < 0.5 + SLACK
    assert 0 < result["operations"] < result["operations_in_all"] <= result["echoes_in_all"]


@pytest.mark.parametrize("mode", ["associate", "echo"])
def test_rate(echoscpd: Start, mode: str) -> None:
    """That many operations begin each second, though ten thousand could."""
    scp = echoscpd()
    result = bench(
        mode, "--rate", "300", "--duration", "1", "--warm-up", "0", "--clients", "3", port=scp.port
    )
    assert result["errors"] == {} and result["rate"] == 300
    assert 270 <= result["operations"] <= 301
    # The wait for the scheduled beginning is not part of an operation.
    assert result["latency_us"]["p50"] < 3000


def test_rate_and_count(echoscpd: Start) -> None:
    result = bench("echo", "--rate", "100", "--count", "50", port=echoscpd().port)
    assert result["errors"] == {} and result["operations"] == 50
    assert 0.48 <= result["seconds"] < 0.49 + SLACK


@pytest.mark.parametrize("mode", ["associate", "echo"])
def test_a_stall_counts_for_all_that_were_due(mode: str) -> None:
    """One answer is half a second late, in which fifty more operations are due."""

    def slow_once(request: bytes) -> bytes:
        slow_once.count += 1
        if slow_once.count == 20:
            time.sleep(0.5)
        return response(request)

    slow_once.count = 0
    with Acceptor(echo=slow_once) as scp:
        result = bench(mode, "--rate", "100", "--count", "100", "--clients", "1", port=scp.port)
    assert result["errors"] == {} and result["operations"] == 100
    latency = result["latency_us"]
    assert 480_000 <= latency["max"] < 500_000 + 1e6 * SLACK
    # 50 operations are late, by 250 ms on average; without a rate, one would be late by 500 ms.
    assert latency["mean"] > 80_000
    assert latency["p90"] > 300_000


def test_titles(echoscpd: Start) -> None:
    scp = echoscpd("-aet", "ONE", "--require-called-ae-title")
    assert errors("echo", "--count", "3", "--clients", "1", port=scp.port) == {"rejected": 1}
    result = bench("echo", "--count", "3", "--called-ae-title", "ONE", port=scp.port)
    assert result["errors"] == {}


def test_interrupted(echoscpd: Start) -> None:
    """Ctrl-C ends it early, with the results so far."""
    scp = echoscpd()
    with subprocess.Popen(
        [PROGRAM, "echo", "--duration", "60", "--warm-up", "0", "--json", scp.host, str(scp.port)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        result = json.loads(process.stdout.readline())
        assert process.wait(PATIENCE) == 0
    assert 0 < result["seconds"] < 10 and result["operations"] > 0 and result["errors"] == {}


def test_the_table(echoscpd: Start) -> None:
    scp = echoscpd()
    done = subprocess.run(
        [PROGRAM, "associate", "--count", "5", scp.host, str(scp.port)],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.startswith(f"associate, 8 clients, 127.0.0.1 port {scp.port}\n")
    assert "\n  operations        5\n" in done.stdout and "\n  errors            0\n" in done.stdout


# Against other SCPs


def test_dcmtk(storescp_path: str) -> None:
    port = free_port()
    with subprocess.Popen([storescp_path, str(port)], stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            for mode in ("associate", "echo"):
                result = bench(mode, "--count", "20", "--clients", "1", port=port)
                assert result["errors"] == {} and result["operations"] == 20
        finally:
            process.kill()


def test_pynetdicom() -> None:
    port = free_port()
    command = [sys.executable, "-m", "pynetdicom", "echoscp", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            for mode in ("associate", "echo", "mixed"):
                result = bench(mode, "--count", "20", "--clients", "2", port=port)
                assert result["errors"] == {} and result["operations"] == 20
        finally:
            process.kill()


def wait_for(port: int) -> None:
    def answers() -> bool:
        return "refused" not in json.loads(
            subprocess.run(
                [PROGRAM, "echo", "--count", "1", "--clients", "1", "--json", "127.0.0.1", str(port)],
                capture_output=True, text=True, timeout=PATIENCE, check=False,
            ).stdout
        )["errors"]  # fmt: skip

    assert wait_until(answers), f"nothing listens on port {port}"


# Over TLS


def over_tls(pki: PKI, name: str = "CT1", trusted: str = "ca") -> list[str]:
    """The options for TLS with the certificate `name`, or without one."""
    options = ["--tls-ca-certificates", str(pki[trusted].file)]
    if name:
        own = pki[name]
        options += ["--tls-certificate", str(own.file), "--tls-private-key", str(own.key)]
    return options


class TLSAcceptor(Acceptor):
    """An SCP over TLS that requires a certificate of the CA, and counts ends without close_notify."""

    def __init__(self, pki: PKI, **answers: object) -> None:
        own = pki["server"]
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(own.file, own.key)
        self._context.load_verify_locations(pki["ca"].file)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self.versions: set[str | None] = set()
        self.truncated_count = 0
        super().__init__(**answers)  # type: ignore[arg-type]

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        try:
            secured = self._context.wrap_socket(
                connection, server_side=True, suppress_ragged_eofs=False
            )
            self.versions.add(secured.version())
            super()._serve(secured)
        except ssl.SSLEOFError:
            self.truncated_count += 1
        except ssl.SSLError:
            connection.close()


@pytest.mark.parametrize(
    ("mode", "operations"), [("associate", 30), ("echo", 5000), ("mixed", 300)]
)
def test_tls(secured: Callable[..., Secured], pki: PKI, mode: str, operations: int) -> None:
    scp = secured(mode="require")
    result = bench(
        mode, "--count", str(operations), "--clients", "7", *over_tls(pki), port=scp.port
    )
    assert result["errors"] == {} and result["tls"] is True
    assert result["operations"] == result["echoes_in_all"] == operations


def test_tls_idle(secured: Callable[..., Secured], pki: PKI) -> None:
    scp = secured(mode="require")
    result = bench("idle", "--clients", "80", "--duration", "0.3", *over_tls(pki), port=scp.port)
    assert result["errors"] == {} and result["operations"] == 160


def test_tls_to_the_end(pki: PKI) -> None:
    """Every connection ends with close_notify, and no handshake is an abbreviated one."""
    with TLSAcceptor(pki) as scp:
        for mode in ("associate", "echo", "mixed"):
            result = bench(mode, "--count", "12", "--clients", "3", *over_tls(pki), port=scp.port)
            assert result["errors"] == {} and result["operations"] == 12
        assert scp.versions == {"TLSv1.3"}
        assert wait_until(lambda: RELEASE_RQ in scp.heard)
    assert scp.truncated_count == scp.reset_count == 0


def test_tls_in_pieces(pki: PKI) -> None:
    """An answer may come in many records."""
    with TLSAcceptor(pki, echo=in_pieces, dribble=0.0002) as scp:
        result = bench(
            "echo", "--count", "12", "--clients", "3", "--depth", "3", *over_tls(pki), port=scp.port
        )
    assert result["errors"] == {} and result["operations"] == 12


def test_tls_with_an_scp_that_takes_nothing(pki: PKI) -> None:
    """Full buffers never make both sides wait for each other indefinitely."""

    def slowly(request: bytes) -> bytes:
        time.sleep(0.0005)
        return response(request)

    with TLSAcceptor(pki, echo=slowly) as scp:
        result = bench(
            "echo", "--count", "1000", "--clients", "2", "--depth", "256", *over_tls(pki),
            port=scp.port,
        )  # fmt: skip
    assert result["errors"] == {} and result["operations"] == 1000


@pytest.mark.parametrize(
    ("name", "trusted", "remark"),
    [
        ("", "ca", "the SCP sent alert 116 (RFC 8446 §6)"),
        ("other", "ca", "the SCP refuses our certificate with alert 48; see --tls-certificate"),
        ("CT1", "other-ca", "none of the CAs in --tls-ca-certificates has issued the SCP's"),
    ],
    ids=["no certificate", "another CA's certificate", "an SCP of another CA"],
)
def test_tls_refused(pki: PKI, name: str, trusted: str, remark: str) -> None:
    with TLSAcceptor(pki) as scp:
        result = bench(
            "associate", "--count", "2", "--clients", "1", *over_tls(pki, name, trusted),
            port=scp.port, status=1,
        )  # fmt: skip
    assert result["errors"] == {"tls": 2} and remark in result["remarks"]


@pytest.mark.parametrize(
    ("answer", "kind"), [(b"HTTP/1.1 400 Bad Request\r\n\r\n", "tls"), (b"", "closed")]
)
def test_tls_with_an_scp_without_tls(pki: PKI, answer: bytes, kind: str) -> None:
    with socket.create_server(("127.0.0.1", port := free_port())) as listener:
        listener.settimeout(PATIENCE)
        with subprocess.Popen(
            [PROGRAM, "associate", "--count", "1", "--json", *over_tls(pki), "127.0.0.1", str(port)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as process:  # fmt: skip
            connection, _ = listener.accept()
            with connection:
                assert connection.recv(5)[0] == 22  # a handshake record
                connection.recv(1 << 16)
                connection.sendall(answer)
            output, _ = process.communicate(timeout=12 * PATIENCE)
    assert json.loads(output)["errors"] == {kind: 1}


# Correct answers in other forms


def test_answers_in_pieces() -> None:
    with Acceptor(echo=in_pieces, dribble=0.0002) as scp:
        result = bench("echo", "--count", "12", "--clients", "3", "--depth", "3", port=scp.port)
        assert result["errors"] == {} and result["operations"] == 12
        result = bench("associate", "--count", "6", port=scp.port)
        assert result["errors"] == {} and result["operations"] == 6
        assert scp.reset_count == 0


def test_answers_that_change() -> None:
    """An SCP may answer in a different form each time."""
    with Acceptor(
        echo=lambda request: (in_pieces if message_id_of(request) % 3 else response)(request)
    ) as scp:
        result = bench("echo", "--count", "50", "--clients", "2", port=scp.port)
        assert result["errors"] == {} and result["operations"] == 50


# Errors


@pytest.mark.parametrize("mode", ["associate", "echo", "mixed"])
def test_nobody_listens(mode: str) -> None:
    found = errors(mode, "--count", "3", "--clients", "1", port=free_port())
    assert set(found) == {"refused"}


def test_nobody_listens_idle() -> None:
    port = free_port()
    assert errors("idle", "--clients", "50", port=port) == {"refused": 50}


@pytest.mark.parametrize(
    ("answers", "remark"),
    [
        ({"status": 0x0110}, "status 0110H"),
        ({"field": 0x8001}, "Command Field is 8001H"),
        ({"data_set": 0x0001}, "Command Data Set Type is 0001H"),
        ({"sop_class": "1.2.3"}, "Affected SOP Class UID is not the Verification SOP Class"),
        ({"context_id": 3}, "data on presentation context 3"),
        ({"message_id": 999}, "the response to message 999"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_response(answers: dict, remark: str) -> None:
    """The third answer of each association is wrong, after two correct ones."""

    def echo(request: bytes) -> bytes:
        return response(request, **(answers if message_id_of(request) % 3 == 0 else {}))

    with Acceptor(echo=echo) as scp:
        result = bench("echo", "--count", "3", "--clients", "1", port=scp.port, status=1)
        assert result["errors"] == {"wrong-answer": 1} and result["operations"] == 2
        assert remark in result["remarks"]


@pytest.mark.parametrize(
    "associate",
    [
        lambda request: accept(request, result=3),
        lambda request: accept(request, syntax="1.2.840.10008.1.2.1"),
        lambda request: response(bytes(80)),
        lambda request: b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
    ids=["context refused", "another transfer syntax", "data", "another protocol"],
)
def test_wrong_accept(associate: Callable[[bytes], bytes]) -> None:
    with Acceptor(associate=associate) as scp:
        assert errors("associate", "--count", "2", "--clients", "1", port=scp.port) == {
            "wrong-answer": 2
        }


def test_wrong_release() -> None:
    for wrong in (accept(bytes(74)), release_rq(), p_data(pdv(b""), length=3)):
        with Acceptor(release=lambda _, wrong=wrong: wrong) as scp:
            found = errors("associate", "--count", "1", port=scp.port)
            assert found == {"wrong-answer": 1}


def test_data_after_the_release_was_asked_for() -> None:
    """It is not an error (PS3.8 Table 9-10, AR-6) and is ignored."""
    with Acceptor(release=lambda _: p_data(pdv(bytes(3000))) + release_rp()) as scp:
        assert bench("associate", "--count", "1", port=scp.port)["error_total"] == 0


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(abort(0, 0), "aborted"), (b"end", "closed"), (None, "reset"), (b"", "timeout")],
    ids=["aborted", "closed", "reset", "timeout"],
)
@pytest.mark.parametrize("step", ["associate", "echo", "release"])
def test_broken_off(step: str, answer: bytes | None, kind: str) -> None:
    """An SCP ends in each possible way instead of answering, at every step."""
    limit = "0.3" if kind == "timeout" else "20"
    with Acceptor(**{step: lambda _: answer}) as scp:
        found = errors(
            "associate", "--count", "4", "--clients", "4", "--timeout", limit, port=scp.port
        )
        assert found == {kind: 4}


def test_sources() -> None:
    with Acceptor() as scp:
        result = bench("associate", "--count", "9", "--sources", "4", port=scp.port)
        assert result["errors"] == {}
        assert set(scp.peers) == {f"127.1.0.{number}" for number in range(1, 5)}


def test_rejected() -> None:
    with Acceptor(associate=lambda _: associate_rj()) as scp:
        result = bench("associate", "--count", "2", port=scp.port, status=1)
        assert result["errors"] == {"rejected": 2}
        assert "result 1, source 1, reason 1" in result["remarks"]


def test_an_answer_that_dribbles() -> None:
    """Bytes that trickle in do not extend the timeout of an answer."""
    with Acceptor(dribble=0.01) as scp:
        found = errors("echo", "--count", "1", "--clients", "1", "--timeout", "0.5", port=scp.port)
        assert found == {"timeout": 1}


def test_unasked() -> None:
    """A response that nothing asked for is wrong, too."""
    with Acceptor(echo=lambda request: response(request) + response(request)) as scp:
        found = errors("idle", "--clients", "1", "--duration", "0.2", port=scp.port)
        assert found == {"wrong-answer": 1}


def test_silence_does_not_outlast_the_end() -> None:
    """Operations outstanding at the end of the run are not errors, and the wait for them is bounded."""
    with Acceptor(echo=lambda _: b"") as scp:
        began = time.monotonic()
        result = bench("echo", "--duration", "0.3", "--warm-up", "0", port=scp.port)
        assert time.monotonic() - began < 3 + PATIENCE
        assert result["errors"] == {} and result["operations"] == 0


def test_an_scp_that_takes_nothing() -> None:
    """Full buffers never make both sides wait for each other indefinitely."""
    answered = 0

    def slowly(request: bytes) -> bytes:
        nonlocal answered
        answered += 1
        time.sleep(0.001)
        return response(request)

    with Acceptor(echo=slowly) as scp:
        result = bench("echo", "--count", "1000", "--clients", "2", "--depth", "256", port=scp.port)
        assert result["errors"] == {} and result["operations"] == 1000
    assert answered == 1000


def test_a_clean_end() -> None:
    """It releases every association it has opened and resets no connection."""
    with Acceptor() as scp:
        bench("associate", "--count", "20", port=scp.port)
        bench("echo", "--count", "100", "--clients", "5", port=scp.port)
        bench("echo", "--duration", "0.2", "--clients", "5", port=scp.port)
        bench("idle", "--duration", "0.1", "--clients", "5", port=scp.port)
        assert scp.heard.count(RELEASE_RQ) == 35
        assert wait_until(lambda: scp.reset_count == 0)


# The command line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the mode is missing: expected one of associate, echo, idle, mixed"),
        (["ping"], '"ping" is not a mode: expected one of associate, echo, idle, mixed'),
        (["echo", "--clinets", "3"], '"--clinets" is not an option; use --clients'),
        (["echo", "--clients"], "--clients needs a value"),
        (["echo", "--clients=x"], '--clients: "x" is not a whole number from 1 to 1000000'),
        (["echo", "--json=1"], "--json takes no value"),
        (["echo", "--count", "1", "--duration", "1"], "--count conflicts with --duration"),
        (["echo", "--sources", "2", "::1"], "--sources needs an IPv4 host"),
        (
            ["echo", "--tls-certificate", "a.pem"],
            "--tls-certificate and --tls-private-key are only valid together",
        ),
        (
            ["echo", "--tls-ca-certificates", "/nowhere/ca.pem"],
            '--tls-ca-certificates: "/nowhere/ca.pem": No such file or directory; check the path',
        ),
    ],
)
def test_usage(arguments: list[str], message: str) -> None:
    done = subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == USAGE and done.stdout == ""
    assert done.stderr.startswith(f"echobench: {message}") and done.stderr.count("\n") == 1
    assert done.stderr.endswith("; see echobench --help\n")


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_what_it_says_of_itself(option: str) -> None:
    done = subprocess.run(
        [PROGRAM, option], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert "echobench" in done.stdout and done.stderr == ""


def test_words_for_single_dashes(scp: Daemon) -> None:
    """As in getopt_long_only(3): one dash or two, with or without an equals sign, abbreviated."""
    done = subprocess.run(
        [PROGRAM, "-clients=2", "-cou", "6", "echo", "-j", scp.host, str(scp.port)],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["operations"] == 6
