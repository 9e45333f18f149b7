"""Sockets that a service manager has opened and passes (sd_listen_fds(3))."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon import (
    CONFIGURATION,
    OK,
    PROGRAM,
    REPOSITORY,
    SYSTEM,
    USAGE,
    Daemon,
    Passed,
    echo,
    one_line,
    run_to_its_end,
    start_in_background,
)
from journal import SOCKETS_OVERRIDE, Journal
from peer import PATIENCE, SLACK, Peer
from replies import ABORTED, AssociateAC, EchoResponse
from wire import associate_rq, echo_command, p_data, pdv, release_rq

Start = Callable[..., Daemon]


def listening(
    host: str = "127.0.0.1", family: socket.AddressFamily = socket.AF_INET
) -> socket.socket:
    listener = socket.create_server((host, 0), family=family, backlog=64)
    listener.setblocking(True)
    return listener


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with listening() as one:
        yield one


def test_it_serves_on_a_passed_socket_and_leaves_it_open(
    echoscpd: Start, listener: socket.socket
) -> None:
    scp = echoscpd("-v", passed=Passed(listener, names=["dicom"]))
    echo(scp.port)
    scp.stop()
    # A connection after its end waits for the successor, as upgrades require.
    with socket.create_connection(listener.getsockname(), timeout=5):
        listener.settimeout(5)
        listener.accept()[0].close()


def test_it_serves_on_several_passed_sockets(
    echoscpd: Start, listener: socket.socket, ipv6: None
) -> None:
    with listening() as second, listening("::1", socket.AF_INET6) as third:
        scp = echoscpd(passed=Passed(listener, second, third, names=["dicom", "dicom", "other"]))
        for one, host in (listener, "127.0.0.1"), (second, "127.0.0.1"), (third, "::1"):
            echo(one.getsockname()[1], host)
        scp.stop()


def test_a_successor_answers_who_came_meanwhile(echoscpd: Start, listener: socket.socket) -> None:
    """Between two programs, no connection is refused, and waiting ones are not lost."""
    first = echoscpd(passed=Passed(listener))
    idle = first.connect()
    idle.associate()
    busy = Peer(first.port)
    busy.associate()
    busy.send(p_data(pdv(echo_command(7)[:30], last=False)))
    time.sleep(0.1)
    first.process.terminate()
    time.sleep(0.2)
    with Peer(first.port) as waiting:
        waiting.send(associate_rq())
        busy.send(p_data(pdv(echo_command(7)[30:])))
        assert busy.receive_echo() == EchoResponse(7)
        busy.send(release_rq())
        busy.close()
        assert idle.receive(within=1 + SLACK) == ABORTED
        idle.close()
        assert first.wait(2 + SLACK) == OK
        echoscpd(passed=Passed(listener))
        assert isinstance(waiting.receive(), AssociateAC)
        waiting.echo()
        waiting.release()


@pytest.mark.parametrize(
    "kind",
    [socket.SOCK_DGRAM, socket.SOCK_STREAM],
    ids=["a datagram socket", "a socket that does not listen"],
)
def test_a_socket_of_another_kind(listener: socket.socket, kind: socket.SocketKind) -> None:
    with (
        socket.socket(socket.AF_INET, kind) as wrong,
        socket.create_connection(listener.getsockname(), timeout=5) as waiting,
    ):
        wrong.bind(("127.0.0.1", 0))
        done = run_to_its_end(passed=Passed(listener, wrong, names=["dicom", "odd"]))
        assert waiting.recv(1) == b"", "the connection waiting at the good socket is not closed"
    assert done.returncode == CONFIGURATION
    line = one_line(done.stderr)
    assert '"odd"' in line and "descriptor 4" in line and "ListenStream=" in line


def test_a_connection_that_was_accepted(listener: socket.socket) -> None:
    """From a user's report: Accept=yes in a drop-in of the socket unit."""
    with socket.create_connection(listener.getsockname(), timeout=5) as waiting:
        accepted, _ = listener.accept()
        with accepted:
            done = run_to_its_end(passed=Passed(accepted, names=["dicom"]))
        waiting.close()
    assert done.returncode == CONFIGURATION
    line = one_line(done.stderr)
    assert '"dicom"' in line and "descriptor 3" in line and "Accept=no" in line


def test_a_socket_of_another_family(tmp_path: Path, listener: socket.socket) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wrong:
        wrong.bind(str(tmp_path / "socket"))
        wrong.listen()
        done = run_to_its_end(passed=Passed(listener, wrong))
    assert done.returncode == CONFIGURATION
    line = one_line(done.stderr)
    assert "descriptor 4" in line and "ListenStream=" in line


@pytest.mark.parametrize(("options", "status"), [(("--no-such",), USAGE), ((), CONFIGURATION)])
def test_a_start_that_fails_leaves_nobody_waiting(
    tmp_path: Path, listener: socket.socket, options: tuple[str, ...], status: int
) -> None:
    """Otherwise systemd would start it again at once, for the same connection."""
    broken = tmp_path / "broken.conf"
    broken.write_text("[network]\nport = 70000\n")
    waiting = [socket.create_connection(listener.getsockname(), timeout=5) for _ in range(3)]
    try:
        done = run_to_its_end("--config", str(broken), *options, passed=Passed(listener))
        assert done.returncode == status
        for one in waiting:
            assert one.recv(1) == b""
    finally:
        for one in waiting:
            one.close()
    listener.settimeout(0.1)
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_start_that_fails_lasts_while_somebody_comes(
    tmp_path: Path, listener: socket.socket
) -> None:
    """This keeps many connections from starting it more often than systemd allows; without any, it ends at
    once."""
    broken = tmp_path / "broken.conf"
    broken.write_text("[network]\nport = 70000\n")
    begin = time.monotonic()
    assert run_to_its_end("--config", str(broken), passed=Passed(listener)).returncode == 78
    assert time.monotonic() - begin < 1 + SLACK
    turned_away = 0
    with socket.create_connection(listener.getsockname(), timeout=5) as first:
        begin = time.monotonic()
        process = start_in_background("--config", str(broken), passed=Passed(listener))
        assert first.recv(1) == b""
        while process.poll() is None and time.monotonic() - begin < 10:
            with socket.create_connection(listener.getsockname(), timeout=0.5) as one:
                try:
                    turned_away += one.recv(1) == b""
                except TimeoutError:
                    break
    assert process.wait(5) == CONFIGURATION
    # systemd allows twenty starts in sixty seconds.
    assert time.monotonic() - begin > 3
    assert turned_away > 50


def _few_descriptors(*, passed: Passed | None = None, **more: str) -> tuple[int, float]:
    """The exit status of a start with too few descriptors, and its duration in seconds."""
    wrapper = [*(passed.WRAPPER if passed else []), "prlimit", "--nofile=12"]
    begin = time.monotonic()
    done = subprocess.run(
        [*wrapper, PROGRAM, "-ba", "127.0.0.1"],
        env={**os.environ, **(passed.environment if passed else {}), **more},
        preexec_fn=passed.give if passed else None,
        close_fds=not passed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert "12" in re.findall(r"\d+", one_line(done.stderr)), done
    return done.returncode, time.monotonic() - begin


def test_a_start_that_is_tried_again_takes_its_time(
    tmp_path: Path, listener: socket.socket
) -> None:
    """Even without a waiting connection: otherwise quick restarts reach systemd's limit within seconds, and it
    closes the socket."""
    status, seconds = _few_descriptors(passed=Passed(listener))
    assert status == SYSTEM and seconds > 3
    # Likewise for a service that opens its own sockets.
    status, seconds = _few_descriptors(NOTIFY_SOCKET=str(tmp_path / "nobody"))
    assert status == SYSTEM and seconds > 3
    # But not if a user started it by hand.
    status, seconds = _few_descriptors()
    assert status == SYSTEM and seconds < 2 + SLACK


def test_what_the_unit_does_not_try_again() -> None:
    """Every exit status is either listed there, or one with which a failing start takes its time."""
    unit = (REPOSITORY / "packaging/systemd/echoscpd.service").read_text()
    source = (REPOSITORY / "Sources/echoscpd/Exit.swift").read_text()
    listed = re.search(r"^RestartPreventExitStatus=(.*)$", unit, re.MULTILINE)
    statuses = {name: int(number) for name, number in re.findall(r"case (\w+) = (\d+)", source)}
    final = re.search(r"case ([\w., ]+): false$", source, re.MULTILINE)
    assert listed and final and len(statuses) == 8
    assert [int(number) for number in listed[1].split()] == [
        statuses[name] for name in re.findall(r"\.(\w+)", final[1])
    ]


PLACES = [
    (["-ba", "127.0.0.1", "104"], True),
    (["-ba", "127.0.0.1", "{port}"], False),
    (["-ba", "::1", "{port}"], True),
    (["{port}"], True),
    (["-ba", "127.0.0.1"], True),
    ([], False),
]


@pytest.mark.parametrize(("options", "differs"), PLACES, ids=lambda value: str(value))
def test_where_to_listen_does_not_apply(
    echoscpd: Start, journal: Journal, listener: socket.socket, options: list[str], differs: bool
) -> None:
    """Port and bind address get a warning if they differ from the passed socket."""
    port = str(listener.getsockname()[1])
    options = [option.replace("{port}", port) for option in options]
    scp = echoscpd(
        *options, "--log-target", "journal", passed=Passed(listener), wrapper=journal.wrapper
    )
    echo(scp.port)
    scp.stop()
    assert journal.find(ECHOSCP_SOCKETS="passed", ECHOSCP_LISTENERS=f"127.0.0.1:{port}")
    warnings = journal.find(MESSAGE_ID=SOCKETS_OVERRIDE, PRIORITY="4")
    assert len(warnings) == differs
    if differs:
        [message] = warnings[0]["MESSAGE"]
        wanted = options[-1] if options[-1].isdigit() else "11112"
        assert f"127.0.0.1:{port}" in message and f":{wanted}" in message
