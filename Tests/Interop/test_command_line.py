"""A program that cannot start says why in one line and exits with a status from sysexits(3)."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import (
    GIVEN,
    OK,
    PROGRAM,
    UNAVAILABLE,
    USAGE,
    Daemon,
    echo,
    free_port,
    one_echo,
    one_line,
    refused,
    run_to_its_end,
    wait_until,
)

Start = Callable[..., Daemon]

PORT_ERRORS: dict[str, tuple[list[str], str]] = {
    # the arguments, and what the line must mention
    "not a number": (["dicom?"], "dicom?"),
    "with a tail": (["11112x"], "11112x"),
    "too large": (["65536"], "65536"),
    "far too large": (["99999999999999999999"], "99999999999999999999"),
    "negative": (["--", "-1"], "-1"),
    "empty": ([""], "port"),
    "two": (["11112", "11113"], "11113"),
}

OPTION_ERRORS: dict[str, tuple[list[str], str]] = {
    "unknown long option": (["--frobnicate"], "frobnicate"),
    "unknown short option": (["-z"], "-z"),
    "unknown preference": (["-xz"], "xz"),
    "max-pdu too small": (["-pdu", "15"], "15"),
    "max-pdu too large": (["-pdu", "4294967296"], "4294967296"),
    "max-pdu negative": (["-pdu", "-1"], "-1"),
    "max-pdu not a number": (["--max-pdu", "big"], "big"),
    "max-pdu empty": (["--max-pdu="], "max-pdu"),
    "timeout not a number": (["-ta", "soon"], "soon"),
    "timeout negative": (["-td", "-3"], "-3"),
    "timeout with a unit": (["-tn", "5s"], "5s"),
    "timeout infinite": (["--acse-timeout", "inf"], "inf"),
    "timeout nan": (["--dimse-timeout", "nan"], "nan"),
    "timeout empty": (["--network-timeout="], "network-timeout"),
    "drain timeout": (["--drain-timeout", "x"], "drain-timeout"),
    "workers": (["--workers", "many"], "many"),
    "associations": (["--max-associations", "lots"], "lots"),
    "AE title too long": (["-aet", "ABCDEFGHIJKLMNOPQ"], "ABCDEFGHIJKLMNOPQ"),
    "AE title empty": (["--ae-title", ""], "title"),
    "AE title of spaces": (["--ae-title", "   "], "title"),
    "AE title with a backslash": (["--ae-title", "A\\B"], "title"),
    "AE title with a control character": (["--ae-title", "A\tB"], "title"),
    "bind address": (["-ba", "999.1.2.3"], "999.1.2.3"),
    "one of the bind addresses": (["-ba", "127.0.0.1,nonsense!"], "nonsense!"),
    "missing value": (["-aet"], "aet"),
    "missing value of a long option": (["--max-pdu"], "max-pdu"),
    "value where none belongs": (["--implicit=yes"], "implicit"),
    "quiet and verbose": (["-q", "-v"], "-"),
    "verbose and debug": (["-v", "-d"], "-"),
    "two preferences": (["-xe", "-xb"], "-"),
    "two preferences, long": (["--implicit", "--prefer-uncompr"], "-"),
}


@pytest.mark.parametrize(("arguments", "named"), PORT_ERRORS.values(), ids=PORT_ERRORS)
def test_what_is_not_a_port(arguments: list[str], named: str) -> None:
    done = run_to_its_end("-ba", "127.0.0.1", *arguments)
    assert done.returncode == USAGE, done
    assert named in one_line(done.stderr)


@pytest.mark.parametrize(("arguments", "named"), OPTION_ERRORS.values(), ids=OPTION_ERRORS)
def test_what_is_not_an_option(arguments: list[str], named: str) -> None:
    # The port comes first; otherwise an option without a value would take it.
    done = run_to_its_end("-ba", "127.0.0.1", str(free_port()), *arguments)
    assert done.returncode == USAGE, done
    assert named in one_line(done.stderr)
    assert done.stdout == ""


@pytest.mark.parametrize("where", ["before", "after"])
def test_options_before_and_after_the_port(tmp_path: Path, where: str) -> None:
    port = str(free_port())
    options = ["-v", "-xe", "-ba", "127.0.0.1", "--acse-timeout=5", "-aet", "T"]
    command = [str(PROGRAM), *GIVEN, *([*options, port] if where == "before" else [port, *options])]
    with (tmp_path / "stderr").open("wb") as log:
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log)
    try:
        assert wait_until(lambda: running.poll() is not None or not refused(int(port)))
        echo(int(port))
        running.send_signal(signal.SIGTERM)
        assert running.wait(5) == OK
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()
    assert (tmp_path / "stderr").read_text().splitlines() == one_echo()


def test_version() -> None:
    done = run_to_its_end("--version")
    assert (done.returncode, done.stderr) == (OK, "")
    assert re.search(r"echoscpd.*\d+\.\d+", one_line(done.stdout))


def test_help() -> None:
    done = run_to_its_end("--help")
    assert (done.returncode, done.stderr) == (OK, "")
    for option in ("--ae-title", "-aet", "-pdu", "-x=", "--implicit", "--bind-address"):
        assert option in done.stdout


def test_a_port_in_use(echoscpd: Start) -> None:
    scp = echoscpd()
    done = run_to_its_end("-ba", "127.0.0.1", str(scp.port))
    assert done.returncode == UNAVAILABLE
    assert str(scp.port) in one_line(done.stderr)
    echo(scp.port)


def test_a_port_in_use_by_something_else() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as server:
        port = str(server.getsockname()[1])
        done = run_to_its_end("-ba", "127.0.0.1", port)
    assert done.returncode == UNAVAILABLE
    assert port in one_line(done.stderr)
