"""The program under test as a child process: started, watched, stopped, never left behind."""

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
"""Which sanitizer the program was built with, if any."""

OK, USAGE, UNAVAILABLE, SYSTEM, NO_PERMISSION, CONFIGURATION = 0, 64, 69, 71, 77, 78
"""The exit statuses, of sysexits(3)."""

GIVEN = ("--user", "root") if os.geteuid() == 0 else ("--core-dumps",)
"""What a test says by being run: that root is meant, or else that it may look into the process."""

ACCEPTING = "I: Accepting Association"
REJECTING = "I: Rejecting Association"
RELEASED_LINE = "I: Association Released"
ABORTED_LINE = "I: Association Aborted"
ABORTING = "I: Aborting Association"

_REPORT = re.compile(
    r"(?:ERROR|WARNING|SUMMARY): \w*Sanitizer|runtime error:|Fatal error|Program crashed"
)
LIMITS = resource.getrlimit(resource.RLIMIT_NOFILE)
"""Soft and hard limit of descriptors as they were before the tests raised their own."""

_PORTS = itertools.count(random.randrange(20000, 30000))
_LOCAL_PORT = re.compile(r"^ *\d+: [0-9A-F]+:([0-9A-F]{4}) ", re.MULTILINE)
_TICKS = os.sysconf("SC_CLK_TCK")


def echo_line(message_id: int) -> str:
    return f"I: Received Echo Request (MsgID {message_id})"


def one_echo(message_id: int = 1) -> list[str]:
    """What `-v` says of an association with one echo that was released."""
    return [ACCEPTING, echo_line(message_id), RELEASED_LINE]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def taken_ports() -> set[int]:
    """The local ports of all TCP connections and listeners, those that wait for their end among them."""
    tables = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
    text = "".join(table.read_text() for table in tables if table.exists())
    return {int(port, 16) for port in _LOCAL_PORT.findall(text)}


def free_port() -> int:
    """A port below the ephemeral ones, so that no client of another test can be sitting on it. Nothing is
    bound to find out: a process that another thread forks meanwhile would hold the port on."""
    taken = taken_ports()
    for number in itertools.islice(_PORTS, 12000):
        if (port := 20000 + number % 12000) not in taken:
            return port
    raise AssertionError("no free port between 20000 and 32000")


def wait_until(condition: Callable[[], object], within: float = PATIENCE) -> bool:
    """Looks every few milliseconds; false when it did not come true in time."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def limit_descriptors(soft: int, hard: int) -> Callable[[], None]:
    """For `before_exec`: how many descriptors the child may have."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Passed:
    """Sockets that a service manager passes (sd_listen_fds(3)): the first is a listening TCP one."""

    WRAPPER = ("/bin/sh", "-c", 'export LISTEN_PID=$$; exec "$@"', "sh")
    _FIRST, _AWAY = 3, 100

    def __init__(self, *sockets: socket.socket, names: Sequence[str] = ()) -> None:
        self.sockets = sockets
        self.port = sockets[0].getsockname()[1]
        self.environment = {"LISTEN_FDS": str(len(sockets))}
        if names:
            self.environment["LISTEN_FDNAMES"] = ":".join(names)

    def give(self) -> None:
        """In the child: puts them where they are looked for."""
        away = [fcntl.fcntl(one, fcntl.F_DUPFD, self._AWAY) for one in self.sockets]
        for number, one in enumerate(away, start=self._FIRST):
            os.dup2(one, number)
            os.close(one)
        limit_descriptors(*LIMITS)()


class Daemon:
    """One running `echoscpd`."""

    PREFIX = [str(PROGRAM)]
    """How its command line begins."""
    GIVEN: Sequence[str] = GIVEN
    """The options that come before all others, so that those count more."""

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
        """Starts it on a free port of `host` and returns when it answers there.

        Without a bind address among the options it listens on `host` alone. `GIVEN` goes without
        saying, unless another `user` is to run it. `stderr` is a
        descriptor that takes the place of the file that `lines` reads. Sockets that are `passed`
        are all that it is given: neither a port nor a bind address.
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
                # Without a terminal of its own, as a service.
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
        """Looks at the system's table: a connection would be the first that its log tells of."""
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
        """All that it wrote so far."""
        return self.stderr_path.read_bytes().decode("utf-8", "backslashreplace")

    def lines(self) -> list[str]:
        return self.text().splitlines()

    def steps(self) -> list[str]:
        """The lines that tell what happened, without those that tell what went wrong."""
        return [line for line in self.lines() if line.startswith("I: ")]

    def warnings(self) -> list[str]:
        return [line for line in self.lines() if line.startswith("W: ")]

    def wait_for_line(self, text: str, count: int = 1, within: float = PATIENCE) -> str:
        """The `count`-th line that contains `text`."""

        def found() -> list[str]:
            return [line for line in self.lines() if text in line]

        assert wait_until(lambda: len(found()) >= count, within), (
            f"no {text!r} (times {count}) among {self.lines()}"
        )
        return found()[count - 1]

    def connect(self, *, host: str | None = None, **arguments: object) -> Peer:
        """A peer that is closed before the program is stopped."""
        peer = Peer(self.port, host or self.host, **arguments)  # type: ignore[arg-type]
        self._peers.append(peer)
        return peer

    def forget_peers(self) -> None:
        for peer in self._peers:
            peer.close()
        self._peers.clear()

    def descriptors(self) -> int:
        """How many it has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def settled_descriptors(self) -> int:
        """How many it has open once the connections that are being closed are gone."""
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
        """Stops it, and returns when it does stand still."""
        self.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED)

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Stands still meanwhile, so that it finds everything that came at once."""
        self.halt()
        try:
            yield
        finally:
            self.send_signal(signal.SIGCONT)

    def wait(self, within: float) -> int | None:
        """The exit status, or None when it still runs after `within` seconds."""
        try:
            self.status = self.process.wait(within)
        except subprocess.TimeoutExpired:
            return None
        return self.status

    def check(self) -> None:
        """Fails when it is not as healthy as it should be in the middle of a test."""
        assert self.process.poll() is None, f"{self} died"
        self.check_report()

    def check_report(self) -> None:
        found = _REPORT.search(self.text())
        assert not found, f"a report of a sanitizer or of the runtime: {self.text()}"

    def stop(self, number: int = signal.SIGTERM) -> list[str]:
        """Ends it as an operator would, which must work, and returns all its lines.

        Those of one association are in order; associations of different workers may overlap.
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
    """For what should not start: an invalid option, a port that is taken, `--version`."""
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
    """For what should end by itself, while something else goes on."""
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
    assert len(lines) == 1, f"one clear line, not {lines}"
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
        # It came between the end of accepting and the end of listening.
        return False
    except ConnectionRefusedError:
        return True
