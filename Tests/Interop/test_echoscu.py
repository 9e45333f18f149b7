"""DCMTK's `echoscu`, the requestor that most people try first.

Each test checks both ends: the exit status of `echoscu` and the daemon's log with `-v`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from daemon import ABORTED_LINE, ACCEPTING, RELEASED_LINE, Daemon, echo_line, one_echo
from journal import Journal

Start = Callable[..., Daemon]
Echo = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def echoscu(echoscu_path: str) -> Echo:
    """Runs `echoscu` against a daemon and checks that it succeeds."""

    def run(scp: Daemon, *options: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [echoscu_path, *options, scp.host, str(scp.port)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="backslashreplace",
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, f"echoscu {options}: {done.returncode} {done.stderr}"
        return done

    return run


def test_plain(echoscpd: Start, echoscu: Echo) -> None:
    scp = echoscpd("-v")
    done = echoscu(scp)
    assert done.stdout + done.stderr == ""
    assert scp.stop() == one_echo()


def test_the_default_log_level_says_nothing_of_a_success(echoscpd: Start, echoscu: Echo) -> None:
    scp = echoscpd()
    echoscu(scp)
    assert scp.stop() == []


def test_quiet_says_nothing(echoscpd: Start, echoscu: Echo) -> None:
    scp = echoscpd("-q")
    echoscu(scp)
    echoscu(scp, "--abort")
    assert scp.stop() == []


def test_verbose_requestor(echoscpd: Start, echoscu: Echo) -> None:
    scp = echoscpd("-v")
    done = echoscu(scp, "-v")
    assert (done.stdout + done.stderr).splitlines() == [
        "I: Requesting Association",
        "I: Association Accepted (Max Send PDV: 16370)",
        "I: Sending Echo Request (MsgID 1)",
        "I: Received Echo Response (Success)",
        "I: Releasing Association",
    ]
    assert scp.stop() == one_echo()


def test_debug_on_both_sides(echoscpd: Start, echoscu: Echo) -> None:
    scp = echoscpd("-d")
    echoscu(scp, "-d")
    scp.stop()
    assert [line for line in scp.steps() if line in one_echo()] == one_echo()


def test_every_number_of_transfer_syntaxes(echoscpd: Start, echoscu: Echo) -> None:
    scp = echoscpd("-v")
    for count in range(1, 39):
        echoscu(scp, "-pts", str(count))
    assert sorted(scp.stop()) == sorted(one_echo() * 38)


@pytest.mark.parametrize("syntaxes", [1, 38])
def test_many_presentation_contexts(echoscpd: Start, echoscu: Echo, syntaxes: int) -> None:
    scp = echoscpd("-v")
    counts = [1, 2, 3, 63, 64, 65, 127, 128]
    for count in counts:
        echoscu(scp, "-ppc", str(count), "-pts", str(syntaxes))
    assert sorted(scp.stop()) == sorted(one_echo() * len(counts))


def test_a_hundred_echoes_on_one_association(echoscpd: Start, echoscu: Echo) -> None:
    scp = echoscpd("-v")
    echoscu(scp, "--repeat", "100")
    echoes = [echo_line(number) for number in range(1, 101)]
    assert scp.stop() == [ACCEPTING, *echoes, RELEASED_LINE]


@pytest.mark.parametrize("maximum", ["4096", "4097", "65536", "131071", "131072"])
def test_maximum_length_of_the_requestor(echoscpd: Start, echoscu: Echo, maximum: str) -> None:
    scp = echoscpd("-v")
    echoscu(scp, "--max-pdu", maximum)
    assert scp.stop() == one_echo()


@pytest.mark.parametrize(
    ("maximum", "announced"),
    [
        ("0", None),
        ("128", "116"),
        ("4096", "4084"),
        ("16382", "16370"),
        ("4294967295", None),
    ],
)
def test_maximum_length_of_the_daemon(
    echoscpd: Start, echoscu: Echo, maximum: str, announced: str | None
) -> None:
    scp = echoscpd("-v", "-pdu", maximum)
    done = echoscu(scp, "-v", "--repeat", "3")
    if announced is not None:
        assert f"Max Send PDV: {announced})" in done.stdout + done.stderr
    echoes = [echo_line(number) for number in range(1, 4)]
    assert scp.stop() == [ACCEPTING, *echoes, RELEASED_LINE]


def test_abort_instead_of_release(echoscpd: Start, echoscu: Echo) -> None:
    scp = echoscpd("-v")
    done = echoscu(scp, "-v", "--abort")
    assert "Aborting Association" in done.stdout + done.stderr
    scp.wait_for_line(ABORTED_LINE)
    *steps, why = scp.stop()
    assert steps == [ACCEPTING, echo_line(1), ABORTED_LINE]
    assert why.startswith("I: ECHOSCU at 127.0.0.1:")


def test_an_abort_in_the_journal(echoscpd: Start, journal: Journal, echoscu: Echo) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    echoscu(scp, "--abort")
    entry = journal.wait_for(ECHOSCP_CAUSE="peer-aborted", DICOM_REASON="A-ABORT 0/0")
    assert entry["DICOM_CALLING_AE"] == ["ECHOSCU"] and entry["PRIORITY"] == ["6"]


@pytest.mark.parametrize(
    "title",
    [
        "A",
        "1234567890123456",
        "two words",
        "  leading",
        "trailing  ",
        "lower and UPPER",
        "!\"#$%&'()*+,-./",
        ":;<=>?@[]^_`{|}~",
        "%s%n%x$(id)`id`",
        "../../etc/passwd",
    ],
)
@pytest.mark.parametrize("option", ["-aet", "-aec"])
def test_ae_titles(echoscpd: Start, echoscu: Echo, option: str, title: str) -> None:
    scp = echoscpd("-v", "-aet", "SOMEBODY_ELSE")
    echoscu(scp, f"{option}", title)
    assert scp.stop() == one_echo()


@pytest.mark.parametrize(
    "options",
    [
        ("-ta", "1"),
        ("-td", "1"),
        ("-ts", "1"),
        ("-to", "1"),
        ("-ta", "1", "-td", "1", "-to", "1", "-ts", "1"),
    ],
    ids=" ".join,
)
def test_timeouts_of_the_requestor(
    echoscpd: Start, echoscu: Echo, options: tuple[str, ...]
) -> None:
    scp = echoscpd("-v")
    echoscu(scp, *options, "--repeat", "5")
    echoes = [echo_line(number) for number in range(1, 6)]
    assert scp.stop() == [ACCEPTING, *echoes, RELEASED_LINE]


@pytest.mark.parametrize("preference", ["-x=", "-xe", "-xb", "-xi"])
def test_each_preference(echoscpd: Start, echoscu: Echo, preference: str) -> None:
    scp = echoscpd("-v", preference)
    echoscu(scp, "-pts", "38", "-ppc", "128")
    echoscu(scp)
    assert sorted(scp.stop()) == sorted(one_echo() * 2)


def test_twenty_at_once(echoscpd: Start, echoscu_path: str) -> None:
    scp = echoscpd("-v", "--workers", "2")
    command = [echoscu_path, "--repeat", "10", scp.host, str(scp.port)]
    running = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(20)]
    try:
        assert [child.wait(30) for child in running] == [0] * 20
    finally:
        for child in running:
            if child.poll() is None:
                child.kill()
                child.wait()
    expected = [ACCEPTING, *(echo_line(number) for number in range(1, 11)), RELEASED_LINE]
    assert sorted(scp.stop()) == sorted(expected * 20)
