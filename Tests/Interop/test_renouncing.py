"""The privileges that the program gives up once it listens: root, capabilities, core files, opening files."""

from __future__ import annotations

import os
import pwd
import re
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from configured import check, faults, write
from daemon import (
    CONFIGURATION,
    NO_PERMISSION,
    OK,
    SANITIZER,
    Daemon,
    echo,
    free_port,
    one_line,
    refused,
    run_to_its_end,
    wait_until,
)
from journal import RESTART_NEEDED, RUNS_AS_ROOT, Journal
from peer import PATIENCE
from replies import AssociateAC, AssociateRJ
from service_manager import ServiceManager
from wire import associate_rq

Start = Callable[..., Daemon]
NOBODY = pwd.getpwnam("nobody")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def _status(scp: Daemon) -> dict[str, list[str]]:
    """The fields of /proc/PID/status that are the same for all its threads."""
    threads = [
        dict(line.split(":\t", 1) for line in (thread / "status").read_text().splitlines())
        for thread in Path(f"/proc/{scp.pid}/task").iterdir()
    ]
    assert len(threads) >= 3
    return {
        name: value.split()
        for name, value in threads[0].items()
        if all(thread[name] == value for thread in threads)
    }


def _answer(scp: Daemon) -> object:
    """The answer to a request with another called AE title."""
    with scp.connect() as peer:
        peer.send(associate_rq(called="OTHER"))
        return peer.receive()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may read and write."""
    place = Path(tempfile.mkdtemp(prefix="echoscpd-", dir="/tmp"))
    place.chmod(0o777)
    yield place
    shutil.rmtree(place)


# ---------------------------------------------------------------------------------------------
# user


@as_root
@pytest.mark.parametrize("workers", ["1", "4"])
def test_root_becomes_the_user_and_nobody_else_again(echoscpd: Start, workers: str) -> None:
    # It must also give up every group of root.
    scp = echoscpd(
        "--user", "nobody", "--workers", workers, "-v",
        before_exec=lambda: os.setgroups([0, 4, 27]),
    )  # fmt: skip
    echo(scp.port)
    status = _status(scp)
    groups = {str(group) for group in os.getgrouplist("nobody", NOBODY.pw_gid)}
    assert status["Uid"] == [str(NOBODY.pw_uid)] * 4
    assert status["Gid"] == [str(NOBODY.pw_gid)] * 4
    assert set(status["Groups"]) == groups
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[name][0], 16) == 0, name
    assert status["NoNewPrivs"] == ["1"]
    scp.stop()
    assert scp.warnings() == []


@as_root
def test_it_listens_on_a_privileged_port_before_it_is_somebody_else(tmp_path: Path) -> None:
    first = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    port = next((port for port in range(min(first, 1024) - 1, 0, -1) if refused(port)), None)
    if port is None:
        pytest.skip("no port is both privileged and free")
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*Daemon.PREFIX, "-ba", "127.0.0.1", "--user", "nobody", str(port)],
            stdin=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        assert wait_until(lambda: process.poll() is not None or not refused(port))
        echo(port)
        assert Path(f"/proc/{process.pid}").stat().st_uid == NOBODY.pw_uid
        process.terminate()
        assert process.wait(PATIENCE) == OK
    finally:
        process.kill()
        process.wait()
    assert (tmp_path / "log").read_text() == ""


@as_root
def test_root_without_a_user_is_warned_at_the_start_and_at_a_reload(
    echoscpd: Start, tmp_path: Path
) -> None:
    path = write(tmp_path / "file")
    scp = echoscpd("--config", path, "--user", "none")
    echo(scp.port)
    assert wait_until(lambda: len(scp.warnings()) == 1)
    scp.send_signal(signal.SIGHUP)
    assert wait_until(lambda: len(scp.warnings()) == 2)
    assert _status(scp)["Uid"] == ["0"] * 4
    assert _status(scp)["NoNewPrivs"] == ["1"]


@as_root
def test_what_the_journal_says_to_root(
    echoscpd: Start, journal: Journal, tmp_path: Path
) -> None:
    scp = echoscpd(
        "--config", write(tmp_path / "file"), "--user", "none", "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip
    journal.wait_for(MESSAGE_ID=RUNS_AS_ROOT)
    scp.send_signal(signal.SIGHUP)
    journal.wait_for(2, MESSAGE_ID=RUNS_AS_ROOT)
    scp.stop()
    assert journal.find(PRIORITY="4") == journal.find(MESSAGE_ID=RUNS_AS_ROOT)
    assert len(journal.find(PRIORITY="4")) == 2


@as_root
def test_root_may_be_meant(echoscpd: Start) -> None:
    scp = echoscpd("--user", "root")
    echo(scp.port)
    assert _status(scp)["Uid"] == ["0"] * 4
    scp.stop()
    assert scp.warnings() == []


@as_root
@pytest.mark.parametrize("user", ["nobody", "none"])
def test_who_has_no_privilege_needs_no_user(
    echoscpd: Start, folder: Path, user: str
) -> None:
    program = shutil.copy(Daemon.PREFIX[0], folder)
    scp = echoscpd("--user", user, program=Path(program), user=NOBODY.pw_uid)
    echo(scp.port)
    assert _status(scp)["NoNewPrivs"] == ["1"]
    scp.stop()
    assert scp.warnings() == []


@as_root
def test_a_capability_that_was_needed_to_listen_is_given_up(
    echoscpd: Start, folder: Path
) -> None:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("setpriv is not installed (Debian package util-linux)")
    program = Path(shutil.copy(Daemon.PREFIX[0], folder))
    who = [f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}", "--clear-groups"]
    what = ["--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"]
    scp = echoscpd("--user", "nobody", program=program, wrapper=[setpriv, *who, *what])
    echo(scp.port)
    status = _status(scp)
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[name][0], 16) == 0, name


@as_root
def test_only_root_becomes_somebody_else(folder: Path) -> None:
    program = Path(shutil.copy(Daemon.PREFIX[0], folder))
    done = run_to_its_end(
        "--user", "daemon", "-ba", "127.0.0.1", str(free_port()),
        program=program, user=NOBODY.pw_uid,
    )  # fmt: skip
    assert done.returncode == NO_PERMISSION
    line = one_line(done.stderr)
    assert '"daemon"' in line and str(NOBODY.pw_uid) in line


@as_root
@pytest.mark.parametrize(
    "groups",
    ["--groups=4", "--groups={group},27", "--clear-groups --regid=4"],
)
def test_the_user_with_groups_of_others_is_not_the_user(folder: Path, groups: str) -> None:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("setpriv is not installed (Debian package util-linux)")
    program = Path(shutil.copy(Daemon.PREFIX[0], folder))
    who = [f"--reuid={NOBODY.pw_uid}", *groups.format(group=NOBODY.pw_gid).split()]
    if not any(word.startswith("--regid") for word in who):
        who.append(f"--regid={NOBODY.pw_gid}")
    done = run_to_its_end(
        "--user", "nobody", "-ba", "127.0.0.1", str(free_port()),
        program=program, wrapper=[setpriv, *who],
    )  # fmt: skip
    assert done.returncode == NO_PERMISSION, done
    assert '"nobody"' in one_line(done.stderr)


@as_root
def test_root_that_is_meant_gives_up_groups_of_others(echoscpd: Start) -> None:
    scp = echoscpd("--user", "root", before_exec=lambda: os.setgroups([0, 4, 27]))
    groups = {str(group) for group in os.getgrouplist("root", 0)}
    assert set(_status(scp)["Groups"]) <= groups
    assert _status(scp)["Uid"] == ["0"] * 4
    scp.stop()
    assert scp.warnings() == []


@as_root
def test_root_that_may_not_become_anybody(tmp_path: Path) -> None:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("setpriv is not installed (Debian package util-linux)")
    done = run_to_its_end(
        "--user", "nobody", "-ba", "127.0.0.1", str(free_port()),
        wrapper=[setpriv, "--bounding-set=-setuid,-setgid", "--inh-caps=-setuid,-setgid"],
    )  # fmt: skip
    assert done.returncode == NO_PERMISSION
    line = one_line(done.stderr)
    assert '"nobody"' in line and "CAP_SETUID" in line


def test_a_user_that_is_not_there(tmp_path: Path) -> None:
    path = write(tmp_path / "file", user="no-such-user")
    expected = f'{path}:2: user: "no-such-user" is not a user on this machine; '
    [fault] = faults(path)
    assert fault.startswith(expected)
    done = run_to_its_end("--config", path, str(free_port()))
    assert done.returncode == CONFIGURATION
    assert one_line(done.stderr).startswith(expected)
    done = run_to_its_end("--user", "no-such-user", str(free_port()))
    assert done.returncode == CONFIGURATION
    assert 'echoscpd: --user: "no-such-user" is not a user on this machine; ' in one_line(done.stderr)


def test_a_user_that_is_there_is_good_whoever_asks(tmp_path: Path) -> None:
    path = write(tmp_path / "file", user="nobody")
    assert check(path) == f"configuration OK: {path}\n"


# ---------------------------------------------------------------------------------------------
# Reloading as somebody else


class Service:
    """The program, started by root with a runtime directory and then running as `nobody`."""

    def __init__(self, start: Start, folder: Path) -> None:
        self.file = folder / "echoscp.conf"
        self.file.write_text("[general]\nuser = nobody\n")
        runtime = folder / "run"
        runtime.mkdir(0o700)
        self.environment = {"RUNTIME_DIRECTORY": str(runtime)}
        self.scp = start("--config", str(self.file), "--user", "nobody", "-v",
                         environment=self.environment)  # fmt: skip

    def reload(self) -> subprocess.CompletedProcess[str]:
        return run_to_its_end("--reload", str(self.scp.pid), environment=self.environment)


@as_root
def test_a_reload_is_answered_by_the_user(echoscpd: Start, folder: Path) -> None:
    service = Service(echoscpd, folder)
    service.file.write_text("[access]\nrequire-called-ae-title = yes\n")
    done = service.reload()
    assert (done.returncode, done.stderr) == (OK, "reloaded\n")
    assert isinstance(_answer(service.scp), AssociateRJ)


@as_root
def test_a_file_that_the_user_may_not_read_changes_nothing(
    echoscpd: Start, folder: Path
) -> None:
    service = Service(echoscpd, folder)
    service.file.write_text("[access]\nrequire-called-ae-title = yes\n")
    service.file.chmod(0o600)
    done = service.reload()
    fault = f"{service.file}: permission denied; make it readable by the user of this service"
    assert (done.returncode, done.stderr) == (CONFIGURATION, f"{fault}\n")
    assert f"E: {fault}" in service.scp.lines()
    assert isinstance(_answer(service.scp), AssociateAC)


@as_root
def test_another_user_waits_for_a_restart(
    echoscpd: Start, journal: Journal, tmp_path: Path
) -> None:
    path = write(tmp_path / "file", core_dumps="no")
    scp = echoscpd("--config", path, "--log-target", "journal", wrapper=journal.wrapper)
    write(Path(path), core_dumps="yes")
    scp.send_signal(signal.SIGHUP)
    assert "core-dumps" in journal.wait_for(MESSAGE_ID=RESTART_NEEDED)["MESSAGE"][0]


# ---------------------------------------------------------------------------------------------
# core-dumps


@pytest.mark.skipif(bool(SANITIZER), reason="the runtime of a sanitizer handles crashes itself")
@pytest.mark.parametrize("user", ["as it is", pytest.param("nobody", marks=as_root)])
@pytest.mark.parametrize("dumps", ["no", "yes"])
def test_whether_a_crash_leaves_a_core(
    echoscpd: Start, folder: Path, dumps: str, user: str
) -> None:
    """Checks the kernel's report of how the process ended, wherever it would have put the core."""
    largest = 1 << 20
    scp = echoscpd(
        f"--core-dumps={dumps}", *(["--user", user] if user == "nobody" else []), cwd=folder,
        before_exec=lambda: resource.setrlimit(resource.RLIMIT_CORE, (largest, largest)),
    )  # fmt: skip
    peer = scp.connect()
    peer.associate()
    peer.echo()
    soft = re.search(r"Max core file size +(\d+)", Path(f"/proc/{scp.pid}/limits").read_text())
    assert soft and int(soft[1]) == (largest if dumps == "yes" else 0)
    # The limit alone is not enough: it does not apply to a core that is piped to a program.
    if user == "nobody":
        assert (Path(f"/proc/{scp.pid}/environ").stat().st_uid == 0) == (dumps == "no")
    elif dumps == "no":
        resource.prlimit(scp.pid, resource.RLIMIT_CORE, (largest, largest))
    scp.send_signal(signal.SIGABRT)
    end = os.waitid(os.P_PID, scp.pid, os.WEXITED | os.WNOWAIT)
    assert end and end.si_status == signal.SIGABRT
    assert end.si_code == (os.CLD_DUMPED if dumps == "yes" else os.CLD_KILLED)
    if dumps == "no":
        assert list(folder.iterdir()) == []
    scp.kill()


# ---------------------------------------------------------------------------------------------
# Files

_OPENS = "trace=open,openat,openat2,creat,connect,execve,memfd_create,name_to_handle_at"


@pytest.mark.skipif(bool(SANITIZER), reason="the runtime of a sanitizer opens files")
@pytest.mark.parametrize("target", ["stderr", "journal"])
@pytest.mark.parametrize("user", ["root", pytest.param("nobody", marks=as_root)])
def test_it_opens_no_file_but_its_configuration(
    echoscpd: Start, folder: Path, target: str, user: str
) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed (Debian package strace)")
    if subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow strace")
    file, calls = folder / "echoscp.conf", folder / "calls"
    (folder / "echoscp.conf.d").mkdir()
    drop_in = folder / "echoscp.conf.d" / "a.conf"
    for path in (file, drop_in):
        path.write_text("")
    # Like the sockets of systemd, these are open to everybody.
    manager = ServiceManager(folder / "notify")
    manager.path.chmod(0o777)
    trace = [strace, "-f", "-D", "-s", "200", "-o", str(calls), "-e", _OPENS]
    journal = Journal(folder / "journal") if target == "journal" else None
    if journal:
        (journal.directory / "socket").chmod(0o777)
    scp = echoscpd(
        "-d", "--workers", "2", "--log-target", target, "--config", str(file),
        *(["--user", user] if os.geteuid() == 0 else []),
        wrapper=[*(journal.wrapper if journal else []), *trace],
        environment=manager.environment,
    )  # fmt: skip
    manager.wait_for("STATUS")
    before = len(calls.read_text().splitlines())
    assert before > 5

    echo(scp.port)
    with scp.connect() as peer:
        peer.send(associate_rq(version=2))
        peer.receive()
    for garbage in (b"GET / HTTP/1.1\r\n\r\n", bytes(100), associate_rq()[:50], b""):
        with scp.connect() as peer:
            peer.send(garbage)
    for text in ("[access]\nrequire-called-ae-title = yes\n", "nonsense\n"):
        drop_in.write_text(text)
        scp.send_signal(signal.SIGHUP)
        manager.wait_for("RELOADING")
        manager.wait_for("READY")
        assert isinstance(_answer(scp), AssociateRJ)
    scp.stop()
    manager.close()
    assert wait_until(lambda: "exited with" in calls.read_text())
    opened = [
        line for line in calls.read_text().splitlines()[before:] if re.match(r"\d+ +\w+\(", line)
    ]
    # It opens each of these once per reload, and nothing else except one file that the C library reads
    # once, when it returns memory.
    names = [re.search(r'"([^"]*)"', line)[1] for line in opened]  # type: ignore[index]
    if (setting := "/proc/sys/vm/overcommit_memory") in names:
        names.remove(setting)
    assert names == [str(file), str(file) + ".d", str(drop_in)] * 2, opened
