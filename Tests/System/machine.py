"""A Debian system booted for a test: a real systemd, in a container with its own network."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from root import debian

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_POWER_OFF = signal.SIGRTMIN + 4
SERVICE = "echoscpd.service"
PRIVILEGED, TLS = "echoscpd-privileged.socket", "echoscpd-tls.socket"
PROXY, TLS_PROXY = "echoscpd-proxy.socket", "echoscpd-tls-proxy.socket"
NOT_ENABLED = PRIVILEGED, TLS, PROXY, TLS_PROXY
"""The sockets that the package does not enable."""
SOCKETS = "echoscpd.socket", *NOT_ENABLED


def wait_for(condition: Callable[[], object], within: float, what: str) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"{what} (waited {within} s)"
        time.sleep(0.02)


def _die_with_the_tests() -> None:
    """Runs in the child: if the tests end for any reason, it shuts the machine down and ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _nspawn(root: Path, *words: str) -> list[str]:
    """The command line that starts a container on a temporary copy of `root`."""
    return [
        "systemd-nspawn", "--quiet", "-D", str(root), f"--machine=echoscpd-{os.getpid()}",
        "--private-network", "--register=no", "--keep-unit", "--volatile=overlay", *words,
    ]  # fmt: skip


class Obstacle(Exception):
    """The reason why no Debian can be booted here."""


def obstacle() -> str | None:
    """The reason why this machine cannot boot a container, or None if it can."""
    if os.geteuid() != 0:
        return "only root can boot a container"
    for tool, package in ("systemd-nspawn", "systemd-container"), ("mmdebstrap", "mmdebstrap"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed (Debian package {package})"
    probe = subprocess.run(["unshare", "-mnp", "--fork", "true"], capture_output=True, check=False)
    if probe.returncode != 0:
        return f"cannot create namespaces here: {probe.stderr.decode().strip()}"
    return None


def _refusal(root: Path) -> str | None:
    """The error message if no container can be started here, or None."""
    done = subprocess.run(
        _nspawn(root, "--pipe", "/bin/true"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if done.returncode == 0:
        return None
    return (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1]


def _enter(network: int) -> None:
    assert _LIBC.setns(network, _CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())


def _state(task: Path) -> str:
    """The letter for the state of a thread, as in ps."""
    return (task / "stat").read_text().rpartition(")")[2].split()[0]


class Machine:
    """One booted container. A thread inside `network()` is in its network, but not in its other namespaces."""

    def __init__(
        self, root: Path, packages: Path, log: Path, environment: Mapping[str, str]
    ) -> None:
        """Boots a copy of `root` with `packages` as /debs; `environment` is for systemd-nspawn."""
        self._log = log
        self._journal_from = ""
        with log.open("wb") as output:
            self._nspawn = subprocess.Popen(
                _nspawn(root, "--boot", "--console=pipe", f"--bind-ro={packages}:/debs"),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                preexec_fn=_die_with_the_tests,
            )
        try:
            self._leader = 0
            wait_for(self._find_leader, 20, f"the machine does not boot: {self._said()}")
            wait_for(
                lambda: Path(f"/proc/{self._leader}/root/run/systemd/private").exists(),
                20,
                "systemd does not answer",
            )
            self.run("systemctl", "is-system-running", "--wait", check=False)
            # Files written by Debian's timers would look as if the package had left them behind.
            self.run("systemctl", "stop", "*.timer")
        except BaseException:
            self.stop()
            raise

    def _said(self) -> str:
        return self._log.read_text(errors="replace")[-1000:]

    def _find_leader(self) -> bool:
        assert self._nspawn.poll() is None, f"systemd-nspawn ended: {self._said()}"
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children")
        for child in children.read_text().split():
            try:
                status = Path(f"/proc/{child}/status").read_text()
                name = Path(f"/proc/{child}/comm").read_text().strip()
            except OSError:
                continue
            ids = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()
            if name == "systemd" and ids[-1] == "1":
                self._leader = int(child)
                return True
        return False

    def stop(self) -> None:
        """Powers it off, or kills it."""
        for number in _POWER_OFF, signal.SIGKILL:
            if self._nspawn.poll() is not None:
                return
            # When its first process ends, the whole container ends.
            with suppress(OSError):
                os.kill(self._leader or self._nspawn.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._nspawn.wait(15)

    @contextmanager
    def network(self) -> Iterator[None]:
        """Puts this thread, and processes it starts, into the machine's network during the block."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            with open(f"/proc/{self._leader}/ns/net", "rb") as space:
                _enter(space.fileno())
            yield
        finally:
            _enter(home)
            os.close(home)

    def command(self, *words: str) -> list[str]:
        """The command line that runs `words` in the machine."""
        return ["nsenter", "-t", str(self._leader), "-a", *words]

    def run(
        self, *words: str, check: bool = True, text: str | None = None, within: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command in the machine; by default it must succeed."""
        done = subprocess.run(
            self.command(*words),
            input=text if text is not None else "",
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"}
            | {"DEBIAN_FRONTEND": "noninteractive"},
        )
        assert not check or done.returncode == 0, f"{words}: {done}"
        return done

    def shell(self, script: str, check: bool = True) -> str:
        return self.run("/bin/sh", "-c", script, check=check).stdout

    def write(self, path: str, text: str) -> None:
        """Writes a file in the machine, and creates its folder."""
        self.run(
            "/bin/sh", "-c", f'mkdir -p "$(dirname {path})" && cat >{path}', text=text
        )

    def systemctl(self, *words: str, check: bool = True) -> str:
        return self.run("systemctl", *words, check=check).stdout.strip()

    def show(self, name: str, unit: str = SERVICE) -> str:
        """A property of a unit."""
        return self.systemctl("show", "-P", name, unit)

    def pid(self, unit: str = SERVICE) -> int:
        """The main process of a unit in the host's numbering, or 0 if it is not running."""
        inside = self.show("MainPID", unit)
        if inside == "0":
            return 0
        space = os.readlink(f"/proc/{self._leader}/ns/pid")
        for task in Path("/proc").glob("[0-9]*"):
            try:
                status = (task / "status").read_text()
                ids = next(x for x in status.splitlines() if x.startswith("NSpid:")).split()
                if ids[-1] == inside and os.readlink(task / "ns/pid") == space:
                    return int(task.name)
            except OSError:
                continue
        return 0

    @contextmanager
    def halted(self, unit: str = SERVICE) -> Iterator[int]:
        """Suspends the main process of a unit during the block, unless it ends; yields its number."""
        pid = self.pid(unit)
        tasks = Path(f"/proc/{pid}/task")
        os.kill(pid, signal.SIGSTOP)
        try:
            # A thread that is not suspended yet may still serve a connection.
            wait_for(lambda: {_state(x) for x in tasks.iterdir()} == {"T"}, 5, f"{unit} is not suspended")
            yield pid
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def reset(self) -> None:
        """Returns the package to its freshly installed state."""
        units = " ".join((*SOCKETS, SERVICE))
        self.shell(
            "rm -rf /etc/systemd/system/echoscpd* /etc/echoscp.conf.d/*; systemctl daemon-reload;"
            f"systemctl stop {units}; systemctl reset-failed {units};"
            "systemctl start echoscpd.socket"
            " || { journalctl -b -n 30 >&2; exit 1; }"
        )

    @contextmanager
    def recorded(self, failures: Callable[[], int]) -> Iterator[None]:
        """Forgets the journal first. If `failures` grows in the block, prints the last records of the block."""
        self.forget_journal()
        begin, failed = time.time(), failures()
        yield
        if failures() > failed:
            text = self.run("journalctl", "-b", f"--since=@{begin - 1:.3f}", check=False).stdout
            print("\n".join([x for x in text.splitlines() if "association released" not in x][-60:]))

    def forget_journal(self) -> None:
        """Makes `journal` return only records from now on."""
        self.run("journalctl", "--sync")
        text = self.run("journalctl", "-b", "-n", "0", "--show-cursor").stdout
        self._journal_from = text.partition("cursor: ")[2].strip()

    def journal(self, *matches: str) -> list[dict[str, str]]:
        """The records of the service."""
        self.run("journalctl", "--sync", check=False)
        # --after-cursor would skip one record if the record at the cursor does not match itself.
        begin = [f"--cursor={self._journal_from}"] if self._journal_from else []
        wanted = matches or ("-u", SERVICE)
        done = self.run("journalctl", "-b", "-o", "json", "--all", *begin, *wanted)
        records = [json.loads(line) for line in done.stdout.splitlines()]
        return [record for record in records if record["__CURSOR"] != self._journal_from]

    def events(self) -> list[dict[str, str]]:
        """The records that the daemon has sent with fields, once no more of them arrive."""
        count = -1
        while count != (count := len(found := self._sent())):
            time.sleep(0.1)
        return found

    def events_of(self, message_id: str) -> list[dict[str, str]]:
        """The records among `events` with this MESSAGE_ID."""
        return [record for record in self.events() if record["MESSAGE_ID"] == message_id]

    def _sent(self) -> list[dict[str, str]]:
        return [
            record
            for record in self.journal("SYSLOG_IDENTIFIER=echoscpd", "_TRANSPORT=journal")
            if "MESSAGE_ID" in record
        ]

    def messages(self) -> list[str]:
        return [record.get("MESSAGE", "") for record in self.journal()]


@contextmanager
def booted(
    suite: str, packages: Path, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Machine]:
    """Boots a machine with `packages` in /debs, and puts this thread into its network.

    `environment` is added to that of systemd-nspawn; its console is written to `log`.
    """
    if problem := obstacle():
        raise Obstacle(problem)
    with debian(suite) as root:
        if problem := _refusal(root):
            raise Obstacle(f"systemd-nspawn cannot run here: {problem}")
        machine = Machine(root, packages, log, environment or {})
        try:
            with machine.network():
                yield machine
        finally:
            machine.stop()
