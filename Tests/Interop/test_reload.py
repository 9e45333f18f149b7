"""SIGHUP and `--reload`: the settings change for new associations, or stay as they were."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon import (
    CONFIGURATION,
    GIVEN,
    OK,
    PROGRAM,
    SYSTEM,
    USAGE,
    Daemon,
    echo,
    free_port,
    refused,
    run_to_its_end,
    wait_until,
)
from peer import SLACK, Peer
from replies import ABORTED, AssociateAC, AssociateRJ
from service_manager import ServiceManager
from wire import associate_rq

Start = Callable[..., Daemon]
GOOD = "[network]\nae-title = ONE\n[access]\nrequire-called-ae-title = yes\n"
OTHER = GOOD.replace("ONE", "TWO")


class Service:
    """The program with a file and a runtime directory, as a service manager starts it."""

    def __init__(self, start: Start, directory: Path, text: str, *options: str) -> None:
        self.file = directory / "echoscp.conf"
        self.file.write_text(text)
        self.runtime = directory / "run"
        self.runtime.mkdir()
        self.environment = {"RUNTIME_DIRECTORY": str(self.runtime)}
        self.manager = ServiceManager(directory / "notify")
        self.scp = start(
            "--config",
            str(self.file),
            *options,
            environment={**self.environment, **self.manager.environment},
        )
        self.manager.wait_for("STATUS")

    def reload(self, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Changes the file, and asks as `systemctl reload` does."""
        if text is not None:
            self.file.write_text(text)
        return run_to_its_end("--reload", str(self.scp.pid), environment=self.environment)

    def answer(self, called: str) -> type:
        """What an association that calls this title is answered."""
        with Peer(self.scp.port) as peer:
            peer.send(associate_rq(called=called))
            return type(peer.receive())


@pytest.fixture
def service(echoscpd: Start, tmp_path: Path) -> Iterator[Service]:
    one = Service(echoscpd, tmp_path, GOOD, "--workers", "2", "-v")
    yield one
    one.manager.close()


def test_new_associations_have_the_new_settings(service: Service) -> None:
    old = service.scp.connect()
    old.associate(called="ONE")
    assert service.answer("TWO") is AssociateRJ
    done = service.reload(OTHER)
    assert (done.returncode, done.stdout, done.stderr) == (OK, "", "reloaded\n")
    # At once, by every worker.
    for _ in range(20):
        assert service.answer("TWO") is AssociateAC
        assert service.answer("ONE") is AssociateRJ
    old.echo()
    old.release()
    assert "I: configuration reloaded" in service.scp.lines()
    assert not list(service.runtime.iterdir())


def test_what_is_accepted_keeps_its_timeout(service: Service) -> None:
    old = service.scp.connect()
    old.associate(called="ONE")
    assert service.reload(GOOD.replace("ae-title", "network-timeout = 0.5\nae-title", 1)).returncode == OK
    new = service.scp.connect()
    new.associate(called="ONE")
    assert new.receive(within=0.5 + SLACK) == ABORTED
    assert old.silent_for(0.5)
    old.echo()
    old.release()


def test_a_bad_file_changes_nothing(service: Service) -> None:
    bad = OTHER + "[network]\nport = x\nacse-timeout = y\n"
    done = service.reload(bad)
    assert done.returncode == CONFIGURATION
    faults = done.stderr.splitlines()
    assert [line.split(": ")[0] for line in faults] == [f"{service.file}:6", f"{service.file}:7"]
    assert service.answer("ONE") is AssociateAC
    assert service.answer("TWO") is AssociateRJ
    errors = [line for line in service.scp.lines() if line.startswith("E: ")]
    assert errors[0].startswith("E: reload refused: ")
    assert errors[1:] == [f"E: {line}" for line in faults]
    status = service.manager.wait_for("STATUS", "reload refused")["STATUS"]
    assert status.endswith(f"; reload refused: {faults[0]}")

    assert service.reload(OTHER).returncode == OK
    assert service.answer("TWO") is AssociateAC
    status = service.manager.wait_for("STATUS", "serving")["STATUS"]
    assert "refused:" not in status


def test_a_long_fault_is_cut_off_in_the_status(service: Service) -> None:
    """Between two characters: a service manager takes no status that is no UTF-8."""
    service.file.write_text(f"[network]\nae-title = {'ä' * 50}\nport = {'ö' * 60}\n{'ü' * 300} = 1\n")
    assert service.reload().returncode == CONFIGURATION
    status = service.manager.wait_for("STATUS", "reload refused")["STATUS"]
    assert len(status.split("reload refused: ")[1].encode()) in range(250, 257)


def test_the_service_manager_hears_of_it(service: Service) -> None:
    for text in OTHER, OTHER + "?":
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        service.reload(text)
        begin = service.manager.wait_for("RELOADING")
        after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        assert before <= int(begin["MONOTONIC_USEC"]) <= after
        service.manager.wait_for("READY")


class HeldReload:
    """A reload that reads a pipe until it is let go on, while `behind` takes the place of the file."""

    def __init__(self, service: Service, behind: str) -> None:
        self._text = service.file.read_text()
        service.file.unlink()
        os.mkfifo(service.file)
        self._writer = os.open(service.file, os.O_RDWR)
        service.scp.send_signal(signal.SIGHUP)
        service.manager.wait_for("RELOADING")
        # Now it reads, and has at most a second's patience.
        time.sleep(0.1)
        other = service.file.with_name("other.conf")
        other.write_text(behind)
        other.rename(service.file)

    def go_on(self) -> None:
        """Gives it what was in the file."""
        os.write(self._writer, self._text.encode())
        os.close(self._writer)


def test_it_is_ready_when_the_last_of_several_reloads_is_over(service: Service) -> None:
    """Of two, one waits for the workers when the other one is refused."""
    held = HeldReload(service, "?\n")
    service.scp.send_signal(signal.SIGHUP)
    held.go_on()
    service.scp.wait_for_line("configuration reloaded")
    service.scp.wait_for_line("reload refused")
    begin = len(service.manager.messages)
    while service.manager.next(0.3):
        pass
    told = [key for message in service.manager.messages[begin:] for key in message]
    assert [key for key in told if key in ("READY", "RELOADING")] == ["RELOADING", "READY"]


def test_it_is_not_ready_once_it_is_stopping(service: Service) -> None:
    """A reload whose settings the workers take when the service is stopping already."""
    peer = service.scp.connect()
    peer.associate(called="ONE")
    held = HeldReload(service, OTHER)
    service.scp.send_signal(signal.SIGTERM)
    held.go_on()
    service.manager.wait_for("STOPPING")
    begin = len(service.manager.messages)
    assert service.scp.wait(3 + SLACK) == OK
    while service.manager.next(0.1):
        pass
    assert not any("READY" in message for message in service.manager.messages[begin:])
    assert "I: configuration reloaded" in service.scp.lines()
    peer.close()


def test_answers_that_nobody_fetches_do_not_stay(echoscpd: Start, tmp_path: Path) -> None:
    """One that was there at the start, and one whose reader has gone away."""
    (tmp_path / "run").mkdir()
    left = tmp_path / "run" / "reload-1"
    left.write_text("0\nreloaded\n")
    scp = echoscpd("-v", environment={"RUNTIME_DIRECTORY": str(left.parent)})
    assert wait_until(lambda: not left.exists(), SLACK)
    asking = subprocess.Popen(
        [str(PROGRAM), "--reload", str(scp.pid)],
        env={**os.environ, "RUNTIME_DIRECTORY": str(tmp_path)},
        stderr=subprocess.DEVNULL,
    )
    scp.wait_for_line("configuration reloaded")
    assert len(list(left.parent.iterdir())) == 1
    assert wait_until(lambda: not list(left.parent.iterdir()), 10 + SLACK)
    asking.kill()
    asking.wait()


def test_the_command_line_counts_more_than_the_file_that_is_reloaded(service: Service) -> None:
    assert service.reload(GOOD + "[general]\nlog-level = debug\n").returncode == OK
    assert service.answer("ONE") is AssociateAC
    service.scp.wait_for_line("Accepting Association")
    assert not [line for line in service.scp.lines() if line.startswith("D: ")]


@pytest.mark.parametrize(
    ("before", "after"), [("warning", "debug"), ("debug", "warning"), ("none", "info")]
)
def test_the_log_level_of_the_file(
    echoscpd: Start, tmp_path: Path, before: str, after: str
) -> None:
    text = "[general]\nlog-level = {}\n"
    service = Service(echoscpd, tmp_path, text.format(before))
    known = {"none": "", "warning": "WE", "info": "WEI", "debug": "WEID"}
    for level in before, after:
        count = len(service.scp.lines())
        echo(service.scp.port)
        time.sleep(0.2)
        letters = {line[0] for line in service.scp.lines()[count:]}
        assert letters == set(known[level]) - set("WE")
        if level == before:
            assert service.reload(text.format(after)).returncode == OK
            time.sleep(0.1)


@pytest.mark.parametrize("setting", ["workers = 1", "port = 104", "bind-address = ::1"])
def test_what_needs_a_restart_is_said(
    echoscpd: Start, tmp_path: Path, setting: str
) -> None:
    port = free_port()
    text = f"[network]\nport = {port}\nbind-address = 127.0.0.1\nworkers = 2\n"
    key = setting.split(" = ")[0]
    text = "".join(f"{line}\n" for line in text.splitlines() if not line.startswith(key))
    file = tmp_path / "echoscp.conf"
    file.write_text(text)
    (tmp_path / "run").mkdir()
    environment = {"RUNTIME_DIRECTORY": str(tmp_path / "run")}
    process = subprocess.Popen(
        [str(PROGRAM), *GIVEN, "--config", str(file)]
        + (["-ba", "127.0.0.1"] if key == "port" else []),
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    place = 11112 if key == "port" else port
    try:
        assert wait_until(lambda: not refused(place))
        said = f"{key} is changed in the configuration; it takes effect after systemctl restart echoscpd"
        file.write_text(text + setting + "\n")
        for _ in range(2):
            done = run_to_its_end("--reload", str(process.pid), environment=environment)
            assert (done.returncode, done.stderr) == (OK, f"reloaded\n{said}\n")
        file.write_text(text)
        done = run_to_its_end("--reload", str(process.pid), environment=environment)
        assert (done.returncode, done.stderr) == (OK, "reloaded\n")
        echo(place)
        process.terminate()
        assert process.communicate(timeout=5)[1] == f"W: {said}\n" * 2
    finally:
        process.kill()
        process.wait()


def test_many_who_ask_at_once_are_all_answered(service: Service) -> None:
    command = [str(PROGRAM), "--reload", str(service.scp.pid)]
    asking = [
        subprocess.Popen(command, env={**os.environ, **service.environment}, stderr=subprocess.PIPE)
        for _ in range(8)
    ]
    # A manager takes ten messages before somebody waits for it.
    while service.manager.next(0.5):
        pass
    for one in asking:
        assert one.communicate(timeout=10)[1] == b"reloaded\n"
        assert one.returncode == OK
    assert not list(service.runtime.iterdir())


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGRTMIN])
def test_a_plain_signal_reloads_a_service(service: Service, number: int) -> None:
    service.file.write_text(OTHER)
    service.scp.send_signal(number)
    service.scp.wait_for_line("configuration reloaded")
    assert service.answer("TWO") is AssociateAC


def test_a_pipe_among_the_files_holds_nobody_up(service: Service) -> None:
    """One that nobody writes to is empty, one that is not written on is refused."""
    folder = service.file.with_name(service.file.name + ".d")
    folder.mkdir()
    pipe = folder / "pipe.conf"
    os.mkfifo(pipe)
    assert service.reload(OTHER).returncode == OK
    writer = os.open(pipe, os.O_RDWR)
    try:
        done = service.reload()
        assert done.returncode == CONFIGURATION
        assert done.stderr == f"{pipe}: cannot be read: Connection timed out\n"
        assert service.answer("TWO") is AssociateAC
    finally:
        os.close(writer)


def test_it_ends_with_its_terminal(tmp_path: Path) -> None:
    port = free_port()
    pid, terminal = pty.fork()
    if pid == 0:
        # As whoever runs the tests may have it ignored, as nohup(1) does.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.execv(PROGRAM, [str(PROGRAM), "-ba", "127.0.0.1", str(port)])
    try:
        assert wait_until(lambda: not refused(port))
        os.close(terminal)
        ended: list[int] = []

        def has_ended() -> bool:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                ended.append(os.waitstatus_to_exitcode(status))
            return bool(ended)

        assert wait_until(has_ended)
        assert ended == [OK]
    finally:
        if not ended:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def test_reload_while_it_stops(service: Service) -> None:
    peer = service.scp.connect()
    peer.send(associate_rq()[:100])
    time.sleep(0.1)
    service.scp.send_signal(signal.SIGTERM)
    service.manager.wait_for("STOPPING")
    done = service.reload(OTHER)
    assert (done.returncode, done.stderr) == (SYSTEM, "not reloaded: the service is stopping\n")
    peer.close()
    assert service.scp.wait(2 + SLACK) == OK


def test_whom_to_ask(tmp_path: Path) -> None:
    for text in "", "x", "0", "-1", "99999999999":
        assert run_to_its_end("--reload", text).returncode == USAGE
    gone = subprocess.Popen(["/bin/true"])
    gone.wait()
    done = run_to_its_end("--reload", str(gone.pid))
    assert done.returncode == SYSTEM
    assert "No such process" in done.stderr
    with subprocess.Popen(["/bin/sleep", "30"]) as stranger:
        done = run_to_its_end("--reload", str(stranger.pid))
        assert stranger.poll() is None
        stranger.kill()
    assert done.returncode == USAGE
    assert f'process {stranger.pid} is "sleep", and no echoscpd' in done.stderr
