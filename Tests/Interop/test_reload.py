"""SIGHUP and `--reload`: the settings change for new associations, or stay the same."""

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
from journal import RELOADED, RESTART_NEEDED, Journal
from peer import SLACK, Peer
from replies import ABORTED, AssociateAC, AssociateRJ
from service_manager import ServiceManager
from wire import associate_rq

Start = Callable[..., Daemon]
GOOD = "[network]\nae-title = ONE\n[access]\nrequire-called-ae-title = yes\n"
OTHER = GOOD.replace("ONE", "TWO")


class Service:
    """The program with a file and a runtime directory, as a service manager starts it."""

    def __init__(
        self, start: Start, directory: Path, text: str, *options: str, journal: Journal | None = None
    ) -> None:
        target = ("--log-target", "journal") if journal else ()
        self.file = directory / "echoscp.conf"
        self.file.write_text(text)
        self.runtime = directory / "run"
        self.runtime.mkdir()
        self.environment = {"RUNTIME_DIRECTORY": str(self.runtime)}
        self.manager = ServiceManager(directory / "notify")
        self.scp = start(
            "--config",
            str(self.file),
            *target,
            *options,
            wrapper=journal.wrapper if journal else (),
            environment={**self.environment, **self.manager.environment},
        )
        self.manager.wait_for("STATUS")

    def reload(self, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Changes the file and reloads like `systemctl reload`."""
        if text is not None:
            self.file.write_text(text)
        return run_to_its_end("--reload", str(self.scp.pid), environment=self.environment)

    def answer(self, called: str) -> type:
        """The type of the answer to a request with this called AE title."""
        with Peer(self.scp.port) as peer:
            peer.send(associate_rq(called=called))
            return type(peer.receive())


@pytest.fixture
def service(
    request: pytest.FixtureRequest, echoscpd: Start, tmp_path: Path
) -> Iterator[Service]:
    """A service that logs to the journal if the test has one."""
    journal = request.getfixturevalue("journal") if "journal" in request.fixturenames else None
    one = Service(echoscpd, tmp_path, GOOD, "--workers", "2", "-v", journal=journal)
    yield one
    one.manager.close()


def test_new_associations_have_the_new_settings(service: Service) -> None:
    old = service.scp.connect()
    old.associate(called="ONE")
    assert service.answer("TWO") is AssociateRJ
    done = service.reload(OTHER)
    assert (done.returncode, done.stdout, done.stderr) == (OK, "", "reloaded\n")
    # They apply at once, in every worker.
    for _ in range(20):
        assert service.answer("TWO") is AssociateAC
        assert service.answer("ONE") is AssociateRJ
    old.echo()
    old.release()
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


def test_a_bad_file_changes_nothing(service: Service, journal: Journal) -> None:
    bad = OTHER + "[network]\nport = x\nacse-timeout = y\n"
    done = service.reload(bad)
    assert done.returncode == CONFIGURATION
    faults = done.stderr.splitlines()
    assert [line.split(": ")[0] for line in faults] == [f"{service.file}:6", f"{service.file}:7"]
    assert service.answer("ONE") is AssociateAC
    assert service.answer("TWO") is AssociateRJ
    error = journal.wait_for(ECHOSCP_CAUSE="config-invalid", PRIORITY="3")
    assert error["MESSAGE"][0].splitlines()[1:] == faults
    status = service.manager.wait_for("STATUS", faults[0])["STATUS"]
    assert status.endswith(f": {faults[0]}")

    assert service.reload(OTHER).returncode == OK
    assert service.answer("TWO") is AssociateAC
    assert faults[0] not in service.manager.wait_for("STATUS")["STATUS"]


def test_a_long_fault_is_cut_off_in_the_status(service: Service) -> None:
    """It is cut between two characters: a service manager accepts only UTF-8."""
    service.file.write_text(f"[network]\nae-title = {'ä' * 50}\nport = {'ö' * 60}\n{'ü' * 300} = 1\n")
    assert service.reload().returncode == CONFIGURATION
    status = service.manager.wait_for("STATUS", f"{service.file}:")["STATUS"]
    assert len(status[status.index(f"{service.file}:") :].encode()) in range(250, 257)


def test_the_service_manager_hears_of_it(service: Service) -> None:
    for text in OTHER, OTHER + "?":
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        service.reload(text)
        begin = service.manager.wait_for("RELOADING")
        after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        assert before <= int(begin["MONOTONIC_USEC"]) <= after
        service.manager.wait_for("READY")


class HeldReload:
    """A reload that reads from a pipe until `go_on`, while a file with the text `behind` replaces the pipe."""

    def __init__(self, service: Service, behind: str) -> None:
        self._text = service.file.read_text()
        service.file.unlink()
        os.mkfifo(service.file)
        self._writer = os.open(service.file, os.O_RDWR)
        service.scp.send_signal(signal.SIGHUP)
        service.manager.wait_for("RELOADING")
        # Now it reads, and waits at most a second.
        time.sleep(0.1)
        other = service.file.with_name("other.conf")
        other.write_text(behind)
        other.rename(service.file)

    def go_on(self) -> None:
        """Gives it the previous content of the file."""
        os.write(self._writer, self._text.encode())
        os.close(self._writer)


def test_it_is_ready_when_the_last_of_several_reloads_is_over(
    service: Service, journal: Journal
) -> None:
    """Of two reloads, one waits for the workers when the other is refused."""
    held = HeldReload(service, "?\n")
    service.scp.send_signal(signal.SIGHUP)
    held.go_on()
    journal.wait_for(MESSAGE_ID=RELOADED)
    journal.wait_for(ECHOSCP_CAUSE="config-invalid")
    begin = len(service.manager.messages)
    while service.manager.next(0.3):
        pass
    told = [key for message in service.manager.messages[begin:] for key in message]
    assert [key for key in told if key in ("READY", "RELOADING")] == ["RELOADING", "READY"]


def test_it_is_not_ready_once_it_is_stopping(service: Service, journal: Journal) -> None:
    """The workers take the new settings when the service is already stopping."""
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
    assert journal.find(MESSAGE_ID=RELOADED)
    peer.close()


def test_answers_that_nobody_fetches_do_not_stay(
    echoscpd: Start, journal: Journal, tmp_path: Path
) -> None:
    """One answer is left over from before the start, and one has a reader that never comes."""
    (tmp_path / "run").mkdir()
    left = tmp_path / "run" / "reload-1"
    left.write_text("0\nreloaded\n")
    scp = echoscpd(
        "--log-target", "journal", wrapper=journal.wrapper,
        environment={"RUNTIME_DIRECTORY": str(left.parent)},
    )  # fmt: skip
    assert wait_until(lambda: not left.exists(), SLACK)
    asking = subprocess.Popen(
        [str(PROGRAM), "--reload", str(scp.pid)],
        env={**os.environ, "RUNTIME_DIRECTORY": str(tmp_path)},
        stderr=subprocess.DEVNULL,
    )
    journal.wait_for(MESSAGE_ID=RELOADED)
    assert len(list(left.parent.iterdir())) == 1
    assert wait_until(lambda: not list(left.parent.iterdir()), 10 + SLACK)
    asking.kill()
    asking.wait()


def test_the_command_line_counts_more_than_the_file_that_is_reloaded(
    service: Service, journal: Journal
) -> None:
    assert service.reload(GOOD + "[general]\nlog-level = debug\n").returncode == OK
    assert service.answer("ONE") is AssociateAC
    assert journal.wait_for(MESSAGE_ID=RELOADED)["ECHOSCP_LOG_LEVEL"] == ["info"]
    journal.wait_for(DICOM_CALLED_AE="ONE")
    assert not journal.find(PRIORITY="7")


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
def test_what_needs_a_restart_is_said(journal: Journal, tmp_path: Path, setting: str) -> None:
    port = free_port()
    text = f"[network]\nport = {port}\nbind-address = 127.0.0.1\nworkers = 2\n"
    key = setting.split(" = ")[0]
    text = "".join(f"{line}\n" for line in text.splitlines() if not line.startswith(key))
    file = tmp_path / "echoscp.conf"
    file.write_text(text)
    (tmp_path / "run").mkdir()
    environment = {"RUNTIME_DIRECTORY": str(tmp_path / "run")}
    process = subprocess.Popen(
        [*journal.wrapper, str(PROGRAM), *GIVEN, "--log-target", "journal", "--config", str(file)]
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
        file.write_text(text + setting + "\n")
        for count in (1, 2):
            done = run_to_its_end("--reload", str(process.pid), environment=environment)
            [said] = journal.wait_for(count, MESSAGE_ID=RESTART_NEEDED, PRIORITY="4")["MESSAGE"]
            assert key in said
            assert done.returncode == OK and said in done.stderr.splitlines()
        file.write_text(text)
        done = run_to_its_end("--reload", str(process.pid), environment=environment)
        assert done.returncode == OK and said not in done.stderr.splitlines()
        echo(place)
        process.terminate()
        assert process.communicate(timeout=5)[1] == ""
        assert len(journal.find(MESSAGE_ID=RESTART_NEEDED)) == 2
    finally:
        process.kill()
        process.wait()


def test_many_who_ask_at_once_are_all_answered(service: Service) -> None:
    command = [str(PROGRAM), "--reload", str(service.scp.pid)]
    asking = [
        subprocess.Popen(command, env={**os.environ, **service.environment}, stderr=subprocess.PIPE)
        for _ in range(8)
    ]
    # The manager's socket holds ten messages until they are read.
    while service.manager.next(0.5):
        pass
    for one in asking:
        assert one.communicate(timeout=10)[1] == b"reloaded\n"
        assert one.returncode == OK
    assert not list(service.runtime.iterdir())


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGRTMIN])
def test_a_plain_signal_reloads_a_service(
    service: Service, journal: Journal, number: int
) -> None:
    service.file.write_text(OTHER)
    service.scp.send_signal(number)
    journal.wait_for(MESSAGE_ID=RELOADED)
    assert service.answer("TWO") is AssociateAC


def test_a_pipe_among_the_files_holds_nobody_up(service: Service) -> None:
    """A pipe without a writer counts as an empty file; one whose writer sends nothing is an error."""
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
        # The tests may run with SIGHUP ignored, as under nohup(1).
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
    assert f'process {stranger.pid} is "sleep", not echoscpd' in done.stderr
