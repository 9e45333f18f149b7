"""The reference programs of `make bench` and the evaluation of its figures, not the figures themselves."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import bench
from certificates import Certificates
from chart import chart
from daemon import REPOSITORY, free_port, refused, wait_until
from figures import (
    APART,
    ASSOCIATE,
    AT_INFO,
    ECHO,
    ECHOSCPD,
    LIMIT,
    ONE_WORKER,
    TLS_ECHOSCPD,
    TLS_LIMIT,
    TWO_WORKERS,
    UNIT,
    UNIT_UNFILTERED,
    UNIT_WITHOUT_OWN,
    Figures,
    Measured,
    Memory,
    Start,
    rate,
)
from peer import PATIENCE, Peer
from replies import CLOSED, EchoResponse
from report import report, summary, table
from secure import TLSPeer
from targets import NOT_REACHED, REACHED, SKIPPED, Target, targets
from unit import UNITS
from wire import associate_rq, echo_rq, release_rq

RESULTS = REPOSITORY / "Tests/Benchmark/results/benchmark.json"


def _compiled(program: Path, *libraries: str) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler (cc, gcc or clang)")
    return bench.compile_limit(compiler, program, *libraries)


@contextmanager
def _serving(program: Path, *files: Path) -> Iterator[int]:
    """Runs a limit, and yields the port on which it listens."""
    port = free_port()
    command = [str(program), str(port), *map(str, files)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: not refused(port)), "the limit does not listen"
        yield port
        assert process.poll() is None, "the limit died"
    finally:
        process.kill()
        process.wait(PATIENCE)


@pytest.fixture(scope="module")
def limit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port on which the limit listens."""
    with _serving(_compiled(tmp_path_factory.mktemp("limit") / "limit")) as port:
        yield port


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def limit_over_tls(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates
) -> Iterator[int]:
    """The port on which the limit over TLS listens."""
    program = _compiled(tmp_path_factory.mktemp("limit") / "limit_tls", "ssl", "crypto")
    files = certificates.certificate("server"), certificates.key("server"), certificates.ca
    with _serving(program, *files) as port:
        yield port


def test_echoscu_is_content_with_the_limit(limit: int, echoscu_path: str) -> None:
    command = [echoscu_path, "-v", "--repeat", "3", "127.0.0.1", str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    assert (done.stdout + done.stderr).count("Received Echo Response (Success)") == 3


def test_the_limit_answers_what_is_pipelined_and_what_comes_in_pieces(limit: int) -> None:
    with Peer(limit) as peer:
        peer.associate()
        peer.send(echo_rq(258), echo_rq(7))
        assert [peer.receive_echo() for _ in range(2)] == [EchoResponse(258, 1), EchoResponse(7, 1)]
        peer.dribble(echo_rq(9))
        assert peer.receive_echo() == EchoResponse(9, 1)
        peer.release()


def test_the_limit_answers_a_whole_conversation_at_once(limit: int) -> None:
    with Peer(limit) as peer:
        peer.send(associate_rq(), *map(echo_rq, range(100)), release_rq())
        peer.receive()
        assert [peer.receive_echo().message_id for _ in range(100)] == list(range(100))
        peer.receive()
        peer.finish()
        assert peer.receive() == CLOSED


def test_the_limit_closes_what_is_no_dicom(limit: int) -> None:
    with Peer(limit) as peer:
        peer.send(b"GET / HTTP/1.1\r\n\r\n")
        assert peer.receive() == CLOSED


def test_echoscu_is_content_with_the_limit_over_tls(
    limit_over_tls: int, certificates: Certificates, echoscu_path: str
) -> None:
    own = [str(certificates.key("client")), str(certificates.certificate("client"))]
    command = [
        echoscu_path, "-v", "--repeat", "3", "+tls", *own, "+cf", str(certificates.ca),
        "127.0.0.1", str(limit_over_tls),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    assert (done.stdout + done.stderr).count("Received Echo Response (Success)") == 3


def test_the_limit_over_tls_answers_what_is_pipelined_and_what_comes_in_pieces(
    limit_over_tls: int, certificates: Certificates
) -> None:
    with TLSPeer(limit_over_tls, certificates.context()) as peer:
        assert peer.socket.version() == "TLSv1.3"
        peer.associate()
        peer.send(echo_rq(258), echo_rq(7))
        assert [peer.receive_echo() for _ in range(2)] == [EchoResponse(258, 1), EchoResponse(7, 1)]
        # Each byte in its own record.
        peer.dribble(echo_rq(9))
        assert peer.receive_echo() == EchoResponse(9, 1)
        peer.release()
        # It answers close_notify, and closes.
        peer.socket.unwrap()


def test_the_limit_over_tls_answers_more_than_one_record_at_once(
    limit_over_tls: int, certificates: Certificates
) -> None:
    with TLSPeer(limit_over_tls, certificates.context()) as peer:
        peer.send(associate_rq(), *map(echo_rq, range(1000)), release_rq())
        peer.receive()
        assert [peer.receive_echo().message_id for _ in range(1000)] == list(range(1000))
        peer.receive()


def test_the_limit_over_tls_selects_dicom_and_nothing_else(
    limit_over_tls: int, certificates: Certificates
) -> None:
    context = certificates.context()
    context.set_alpn_protocols(["h2", "dicom"])
    with TLSPeer(limit_over_tls, context) as peer:
        assert peer.socket.selected_alpn_protocol() == "dicom"
    context.set_alpn_protocols(["h2"])
    with pytest.raises(ssl.SSLError, match="no application protocol"):
        TLSPeer(limit_over_tls, context)


def test_the_limit_over_tls_requires_a_certificate_of_its_ca(
    limit_over_tls: int, certificates: Certificates, tmp_path: Path
) -> None:
    others = Certificates.made(tmp_path)
    for identity in None, others:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(certificates.ca)
        if identity:
            context.load_cert_chain(identity.certificate("client"), identity.key("client"))
        with TLSPeer(limit_over_tls, context) as peer, pytest.raises(ssl.SSLError, match="alert"):
            peer.associate()


def test_the_limit_over_tls_closes_what_is_not_tls(limit_over_tls: int) -> None:
    with Peer(limit_over_tls) as peer:
        peer.send(associate_rq())
        peer.socket.recv(1 << 10)  # the alert
        assert peer.socket.recv(1) == b""


# A made-up run


def _turns(
    server: str, mode: str, clients: int, rates: list[float], cpu: float, p99: float = 1000
) -> list[Measured]:
    return [
        Measured(server, mode, clients, number, value, cpu=cpu, p50=p99 / 2, p99=p99)
        for number, value in enumerate(rates)
    ]


def _figures(ours: list[float] | None = None, cpu: float = 1.0, p99: float = 1000) -> Figures:
    """The figures of a run in which the limit makes 1,000 operations a second, each with 1 second of CPU."""
    ours = ours or [1000, 1000, 1000]
    found = Figures(
        machine={"processor": "a | b"},
        plan={"seconds": 1, "warm_up": 0.5, "peer_seconds": 1, "tls_seconds": 1},
        names={
            LIMIT: "the limit", ECHOSCPD: "echoscpd", AT_INFO: "echoscpd, info",
            "slow": "Slow SCP", "dead": "Dead SCP",
            ONE_WORKER: "one", TWO_WORKERS: "two",
            TLS_LIMIT: "the limit over TLS", TLS_ECHOSCPD: "echoscpd over TLS",
            **{x.key: x.name for x in UNITS},
        },
        about={x: "" for x in (LIMIT, ECHOSCPD, AT_INFO, "slow", "dead", *APART)},
        left_out=["Orthanc: not installed"],
        hard_limit=20_000,
        installed=8 << 20,
        installed_from="stripped",
    )  # fmt: skip
    for mode in ASSOCIATE, ECHO:
        for clients in 8, 64, 512:
            found.measured += _turns(LIMIT, mode, clients, [1000, 1000, 1000], 1)
            found.measured += _turns(ECHOSCPD, mode, clients, ours, cpu, p99)
        found.measured += _turns(AT_INFO, mode, 64, [700, 800, 900], 1.25)
        found.measured += _turns("slow", mode, 64, [10], 100)
        found.measured.append(Measured("dead", mode, 64, 0, 0.0, trouble="does not start"))
        for clients in 8, 64:
            found.measured += _turns(TLS_LIMIT, mode, clients, [100, 100, 100], 10)
            found.measured += _turns(TLS_ECHOSCPD, mode, clients, [89, 90, 91], 11.5)
        found.measured += _turns(ONE_WORKER, mode, 64, [1000], 1)
        found.measured += _turns(TWO_WORKERS, mode, 64, [1000], 1.11)
        found.measured += _turns(UNIT, mode, 64, [970, 985, 990], 1.03)
        found.measured += _turns(UNIT_WITHOUT_OWN, mode, 64, [1000, 1000, 1000], 1.02)
        found.measured += _turns(UNIT_UNFILTERED, mode, 64, [1010, 1010, 1010], 1)
    found.memory[ECHOSCPD] = Memory(
        ECHOSCPD,
        {0: 0, 1_000: 512_000, 10_000: 5_120_000, 15_000: 7_680_000},
        {1_000: True, 10_000: True, 15_000: True},
    )
    found.starts[ECHOSCPD] = Start(ECHOSCPD, [0.009, 0.010, 0.030], (8 << 20) + 1, 1, 2)
    return found


UNDER_THE_UNIT = "CPU per echo under the unit against the same without "


def _target(figures: Figures, what: str) -> Target:
    (found,) = [x for x in targets(figures) if x.what == what]
    return found


@pytest.mark.parametrize(
    ("ours", "measured", "verdict"),
    [
        ([1000, 1000, 1000], "1.000 (1.000–1.000)", REACHED),
        ([800, 950, 1100], "0.950 (0.800–1.100)", REACHED),
        ([800, 940, 1100], "0.940 (0.800–1.100)", NOT_REACHED),
    ],
)
def test_the_median_of_the_rounds_decides(ours: list[float], measured: str, verdict: str) -> None:
    found = _target(_figures(ours), "echoes/s against the limit, 64 clients")
    assert (found.wanted, found.measured, found.verdict) == ("1, at least 0.95", measured, verdict)


def test_a_ratio_is_made_round_by_round() -> None:
    """A machine that is slow for a while slows down both programs in the same round."""
    figures = _figures([1000, 500, 250])
    figures.measured = [
        x if x.server == ECHOSCPD else Measured(x.server, x.mode, x.clients, x.round, y.rate)
        for x in figures.measured
        for y in figures.of(ECHOSCPD, x.mode, x.clients)
        if x.round == y.round
    ]
    ratio = figures.ratio(ECHOSCPD, LIMIT, ECHO, 64, rate)
    assert ratio and (ratio.least, ratio.most, ratio.rounds) == (1, 1, 3)


@pytest.mark.parametrize(
    ("what", "verdict"),
    [
        ("CPU per association against the limit, 8 clients", NOT_REACHED),
        ("p99 of echoes against the limit, 512 clients", REACHED),
        ("associations/s against the limit, 64 clients, log-level info", REACHED),
        ("associations/s against the limit, 8 clients, log-level info", SKIPPED),
        ("CPU per association against the limit, 64 clients, log-level info", REACHED),
        ("TLS handshakes/s against the limit, 64 clients", REACHED),
        ("TLS echoes/s against the limit, 8 clients", REACHED),
        ("CPU per TLS handshake against the limit, 8 clients", NOT_REACHED),
        ("associations/s against Slow SCP, 64 clients", REACHED),
        ("associations/s against Dead SCP, 64 clients", SKIPPED),
        ("against Orthanc", SKIPPED),
        ("memory for an idle association, 1,000 to 10,000", REACHED),
        ("15,000 idle associations", REACHED),
        ("100,000 idle associations", SKIPPED),
        ("from exec to the first answered echo", REACHED),
        ("resident memory then", NOT_REACHED),
        ("CPU per echo of two workers against one, 64 clients", NOT_REACHED),
        ("size as installed (stripped)", REACHED),
        (f"{UNDER_THE_UNIT}the daemon's own filter, 64 clients", REACHED),
        (f"{UNDER_THE_UNIT}any, 64 clients", NOT_REACHED),
    ],
)
def test_each_target_has_its_bound(what: str, verdict: str) -> None:
    found = _target(_figures(cpu=1.06, p99=1500), what)
    assert found.verdict == verdict, found


def test_a_peer_that_is_nearer_to_us_than_to_the_limit_is_told() -> None:
    found = _target(_figures([900, 900, 900]), "echoes/s against Slow SCP, 64 clients")
    assert found.wanted == "as far ahead as the limit: 100.0 times"
    assert (found.measured, found.verdict) == ("90.0 times (90.0–90.0)", NOT_REACHED)


def test_an_answer_that_does_not_come_is_told() -> None:
    figures = _figures()
    what = f"answers of echoscpd, in {6 * 3 + 2 * 3 + 2 * 2 + 2 * 3 * 3 + 2 * 2 * 3} turns"
    assert _target(figures, what).verdict == REACHED
    figures.measured[3].errors["reset"] = 7
    assert figures.measured[3].server == ECHOSCPD
    assert _target(figures, what).measured == "7 errors"


def test_idle_associations_that_are_not_all_answered_are_told() -> None:
    figures = _figures()
    figures.memory[ECHOSCPD].all_echoed[15_000] = False
    found = _target(figures, "15,000 idle associations")
    assert (found.measured, found.verdict) == ("not all echo, 512 bytes each", NOT_REACHED)


def test_a_unit_that_cannot_be_booted_is_told() -> None:
    figures = _figures()
    figures.unit_obstacle = "only root can boot a container"
    figures.measured = [x for x in figures.measured if "unit" not in x.server]
    found = _target(figures, f"{UNDER_THE_UNIT}any, 64 clients")
    assert (found.measured, found.verdict) == ("only root can boot a container", SKIPPED)
    assert "- the unit: only root can boot a container, skipped" in report(figures)
    assert "### Under the unit" not in report(figures)


def test_a_rate_over_tls_below_nine_tenths_is_told() -> None:
    figures = _figures()
    figures.measured = [x for x in figures.measured if x.server != TLS_ECHOSCPD]
    figures.measured += _turns(TLS_ECHOSCPD, ASSOCIATE, 64, [80, 89, 95], 10)
    found = _target(figures, "TLS handshakes/s against the limit, 64 clients")
    assert found.wanted == "at least 0.9"
    assert (found.measured, found.verdict) == ("0.890 (0.800–0.950)", NOT_REACHED)


def test_what_prevents_tls_is_told() -> None:
    figures = _figures()
    figures.tls_obstacle = "openssl is not installed"
    figures.measured = [x for x in figures.measured if x.server not in (TLS_LIMIT, TLS_ECHOSCPD)]
    found = _target(figures, "over TLS, against the limit")
    assert (found.measured, found.verdict) == ("openssl is not installed", SKIPPED)
    assert "- over TLS: openssl is not installed, skipped" in report(figures)
    assert "### Over TLS" not in report(figures)
    assert "Over TLS" not in summary(figures)


def test_the_summary_has_a_sentence_about_tls() -> None:
    assert "90 TLS handshakes/s, 0.90 of the limit; 90 TLS echoes/s" in summary(_figures())


def test_the_report_has_tables_that_are_whole() -> None:
    text = report(_figures())
    assert "| Dead SCP" in text and "does not start" in text
    assert "- Orthanc: not installed, skipped" in text
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert len(blocks) == 9
    for block in blocks:
        assert len({line.replace("\\|", "").count("|") for line in block}) == 1, block[0]


def test_a_table_can_be_read_as_it_is() -> None:
    assert table(["", "a figure"], [["one", "1"], ["fourteen", "14"]]) == [
        "|          | a figure |",
        "| -------- | -------: |",
        "| one      |        1 |",
        "| fourteen |       14 |",
    ]


def test_the_chart_has_a_bar_for_each_that_was_measured() -> None:
    drawing = ElementTree.fromstring(chart(_figures()))
    bars = [x for x in drawing if x.tag.endswith("}rect")]
    assert len(bars) == 2 * 4 + 2 * 2
    widths = [float(x.attrib["width"]) for x in bars]
    assert widths[0] == widths[1] > widths[2] > widths[3] > 0


def test_the_figures_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "benchmark.json"
    _figures().save(path)
    assert Figures.load(path) == _figures()


def test_the_readme_shows_the_last_run() -> None:
    if not RESULTS.exists():
        pytest.skip("make bench has not been run")
    text = (REPOSITORY / "README.md").read_text()
    shown = text.partition(bench.BEGINNING)[2].partition(bench.END)[0]
    assert shown == summary(Figures.load(RESULTS)), (
        "PYTHONPATH=Tests/Interop:Tests/System .build-venv/bin/python Tests/Benchmark/bench.py --again"
    )
