"""The program under test as a child process: starts, watches and stops it, and never leaves it behind."""

from __future__ import annotations

import fcntl
import itertools
import os
import random
import re
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from peer import PATIENCE, SLACK, Peer

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("ECHOSCPD", REPOSITORY / ".build/release/echoscpd")).resolve()
SANITIZER = os.environ.get("ECHOSCPD_SANITIZER", "")
"""The sanitizer that the program was built with, or an empty string."""

OK, USAGE, UNAVAILABLE, SYSTEM, NO_PERMISSION, CONFIGURATION = 0, 64, 69, 71, 77, 78
"""The exit statuses, from sysexits(3)."""

GIVEN = ("--user", "root") if os.geteuid() == 0 else ("--core-dumps",)
"""Options that every test needs: to stay root without a warning, or else to inspect the process."""

ACCEPTING = "I: Accepting Association"
REJECTING = "I: Rejecting Association"
RELEASED_LINE = "I: Association Released"
ABORTED_LINE = "I: Association Aborted"
ABORTING = "I: Aborting Association"

_REPORT = re.compile(
    r"(?:ERROR|WARNING|SUMMARY): \w*Sanitizer|runtime error:|Fatal error|Program crashed"
)
LIMITS = resource.getrlimit(resource.RLIMIT_NOFILE)
"""The soft and hard limits of descriptors before the tests raised their own."""

_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
"""The number of processes that run tests at the same time."""
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
# Each of these processes has ports of its own.
_PORTS = itertools.count(random.randrange(10000) * _WORKERS + _WORKER, _WORKERS)
_LOCAL_PORT = re.compile(r"^ *\d+: [0-9A-F]+:([0-9A-F]{4}) ", re.MULTILINE)
_TICKS = os.sysconf("SC_CLK_TCK")


def echo_line(message_id: int) -> str:
    return f"I: Received Echo Request (MsgID {message_id})"


def one_echo(message_id: int = 1) -> list[str]:
    """The lines of `-v` for an association with one echo that ends with a release."""
    return [ACCEPTING, echo_line(message_id), RELEASED_LINE]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def taken_ports() -> set[int]:
    """The local ports of all TCP connections and listeners, including connections in TIME-WAIT."""
    tables = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
    text = "".join(table.read_text() for table in tables if table.exists())
    return {int(port, 16) for port in _LOCAL_PORT.findall(text)}


def free_port() -> int:
    """A port below the ephemeral ones, so that no client of another test can be using it. The search does
    not bind ports: a process that another thread forks meanwhile would keep the port open."""
    taken = taken_ports()
    span = 12000 // _WORKERS * _WORKERS
    for number in itertools.islice(_PORTS, span // _WORKERS):
        if (port := 20000 + number % span) not in taken:
            return port
    raise AssertionError("no free port between 20000 and 32000")


def wait_until(condition: Callable[[], object], within: float = PATIENCE) -> bool:
    """Checks every few milliseconds; returns false if the condition did not become true in time."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def limit_descriptors(soft: int, hard: int) -> Callable[[], None]:
    """For `before_exec`: limits the descriptors of the child."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Passed:
    """Sockets that a service manager passes (sd_listen_fds(3)); the first is a listening TCP socket."""

    WRAPPER = ("/bin/sh", "-c", 'export LISTEN_PID=$$; exec "$@"', "sh")
    _FIRST, _AWAY = 3, 100

    def __init__(self, *sockets: socket.socket, names: Sequence[str] = ()) -> None:
        self.sockets = sockets
        self.port = sockets[0].getsockname()[1]
        self.environment = {"LISTEN_FDS": str(len(sockets))}
        if names:
            self.environment["LISTEN_FDNAMES"] = ":".join(names)

    def give(self) -> None:
        """Runs in the child: moves the sockets to the descriptors that sd_listen_fds(3) specifies."""
        away = [fcntl.fcntl(one, fcntl.F_DUPFD, self._AWAY) for one in self.sockets]
        for number, one in enumerate(away, start=self._FIRST):
            os.dup2(one, number)
            os.close(one)
        limit_descriptors(*LIMITS)()


class Daemon:
    """One running `echoscpd`."""

    PREFIX = [str(PROGRAM)]
    """The beginning of its command line."""
    GIVEN: Sequence[str] = GIVEN
    """The options that come before all others, so that the others override them."""

    def __init__(
        self,
        *options: str,
        directory: Path,
        program: Path = PROGRAM,
        host: str = "127.0.0.1",
        wrapper: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        before_exec: Callable[[], None] | None = None,
        stderr: int | None = None,
        user: int | None = None,
        cwd: Path | None = None,
        passed: Passed | None = None,
    ) -> None:
        """Starts it on a free port of `host` and returns when it listens there.

        Without a bind address among the options, it listens on `host` alone. The options of `GIVEN` are
        added unless another `user` runs it. `stderr` is a descriptor to use instead of the file that
        `lines` reads. With `passed` sockets, it gets neither a port nor a bind address.
        """
        self.host, self.status = host, None
        self.port = passed.port if passed else free_port()
        self.stderr_path = directory / f"stderr-{self.port}"
        given = self.GIVEN if user is None else ()
        self.command = [*wrapper, str(program), *given, *options]
        if passed:
            self.command = [*passed.WRAPPER, *self.command]
            environment = {**(environment or {}), **passed.environment}
        else:
            if not {"-ba", "--bind-address"} & set(options):
                self.command[len(wrapper) + 1 : len(wrapper) + 1] = ["-ba", host]
            self.command.append(str(self.port))
        self._peers: list[Peer] = []
        with self.stderr_path.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log if stderr is None else stderr,
                env={**os.environ, **(environment or {})},
                preexec_fn=passed.give if passed else before_exec or limit_descriptors(*LIMITS),
                close_fds=not passed,
                # Without a controlling terminal, like a service.
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=None if user is None else [],
                cwd=cwd,
            )
        try:
            assert wait_until(self._listens, 2 * PATIENCE), f"{self} does not listen"
        except BaseException:
            self.kill()
            raise

    def __str__(self) -> str:
        return f"{' '.join(self.command)} (exit status {self.process.poll()}; {self.text()!r})"

    def _listens(self) -> bool:
        """Reads the system's table of sockets: a connection would appear in the program's log."""
        assert self.process.poll() is None, f"{self} ended instead of listening"
        listening = f":{self.port:04X} "
        with suppress(FileNotFoundError):
            for table in "tcp", "tcp6":
                for line in Path(f"/proc/{self.pid}/net/{table}").read_text().splitlines():
                    local, state = line.split()[1], line.split()[3]
                    if state == "0A" and f"{local} ".endswith(listening):
                        return True
        return False

    @property
    def pid(self) -> int:
        return self.process.pid

    def text(self) -> str:
        """Everything it has written so far."""
        return self.stderr_path.read_bytes().decode("utf-8", "backslashreplace")

    def lines(self) -> list[str]:
        return self.text().splitlines()

    def steps(self) -> list[str]:
        """The informational lines of the log."""
        return [line for line in self.lines() if line.startswith("I: ")]

    def warnings(self) -> list[str]:
        return [line for line in self.lines() if line.startswith("W: ")]

    def wait_for_line(self, text: str, count: int = 1, within: float = PATIENCE) -> str:
        """Waits for the `count`-th line that contains `text` and returns it."""

        def found() -> list[str]:
            return [line for line in self.lines() if text in line]

        assert wait_until(lambda: len(found()) >= count, within), (
            f"no {text!r} (times {count}) among {self.lines()}"
        )
        return found()[count - 1]

    def connect(self, *, host: str | None = None, **arguments: object) -> Peer:
        """Connects a peer, which is closed before the program stops."""
        peer = Peer(self.port, host or self.host, **arguments)  # type: ignore[arg-type]
        self._peers.append(peer)
        return peer

    def forget_peers(self) -> None:
        for peer in self._peers:
            peer.close()
        self._peers.clear()

    def descriptors(self) -> int:
        """The number of its open descriptors."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def settled_descriptors(self) -> int:
        """The number of its open descriptors once the connections being closed are gone."""
        last, since = self.descriptors(), time.monotonic()
        for _ in range(200):
            time.sleep(0.01)
            if (now := self.descriptors()) != last:
                last, since = now, time.monotonic()
            if time.monotonic() - since > 0.15:
                break
        return last

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def send_signal(self, number: int) -> None:
        self.process.send_signal(number)

    def halt(self) -> None:
        """Suspends it and returns once it is suspended."""
        self.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED)

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Suspends it during the block, so that everything sent meanwhile arrives at once."""
        self.halt()
        try:
            yield
        finally:
            self.send_signal(signal.SIGCONT)

    def wait(self, within: float) -> int | None:
        """The exit status, or None if it still runs after `within` seconds."""
        try:
            self.status = self.process.wait(within)
        except subprocess.TimeoutExpired:
            return None
        return self.status

    def check(self) -> None:
        """Fails if it has ended or reported an error of a sanitizer or the runtime."""
        assert self.process.poll() is None, f"{self} died"
        self.check_report()

    def check_report(self) -> None:
        found = _REPORT.search(self.text())
        assert not found, f"a sanitizer or the runtime reported an error: {self.text()}"

    def stop(self, number: int = signal.SIGTERM) -> list[str]:
        """Stops it as an operator would, requires success, and returns all its lines.

        The lines of one association are in order; associations of different workers may overlap.
        """
        self.forget_peers()
        if self.status is None:
            assert self.process.poll() is None, f"{self} died"
            self.send_signal(number)
            status = self.wait(PATIENCE + SLACK)
            if status is None:
                self.kill()
                raise AssertionError(f"{self} did not stop on signal {number}")
            assert status == 0, f"{self} ended with status {status}"
        self.check_report()
        return self.lines()

    def kill(self) -> None:
        self.forget_peers()
        if self.process.poll() is None:
            self.process.kill()
        self.status = self.process.wait(PATIENCE)


def run_to_its_end(
    *arguments: str,
    wrapper: Sequence[str] = (),
    program: Path = PROGRAM,
    user: int | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    passed: Passed | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs the program when it should end at once: an invalid option, a port in use, `--version`."""
    if passed:
        wrapper = (*passed.WRAPPER, *wrapper)
        environment = {**(environment or {}), **passed.environment}
    return subprocess.run(
        [*wrapper, str(program), *arguments],
        env={**os.environ, **(environment or {})},
        preexec_fn=passed.give if passed else None,
        close_fds=not passed,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=PATIENCE,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        cwd=cwd,
        check=False,
    )


def start_in_background(*arguments: str, passed: Passed) -> subprocess.Popen[bytes]:
    """Starts the program when it should end without a signal while the test does something else."""
    return subprocess.Popen(
        [*passed.WRAPPER, str(PROGRAM), *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **passed.environment},
        preexec_fn=passed.give,
        close_fds=False,
    )


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line]
    assert len(lines) == 1, f"expected exactly one line: {lines}"
    return lines[0]


def echo(port: int, host: str = "127.0.0.1") -> None:
    with Peer(port, host) as peer:
        peer.associate()
        peer.echo()
        peer.release()


def refused(port: int, host: str = "127.0.0.1") -> bool:
    try:
        Peer(port, host).close()
        return False
    except ConnectionResetError:
        # The connection came after the program stopped accepting and before it stopped listening.
        return False
    except ConnectionRefusedError:
        return True
