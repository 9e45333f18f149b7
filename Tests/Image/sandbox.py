"""Namespaces in which the tests run containers: whatever is left in them ends together with the tests."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from daemon import wait_until
from peer import PATIENCE

GROUP = "/echoscpd-image-tests"
"""The control group that all containers are in."""
_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_GROUPS = Path("/sys/fs/cgroup")
_UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
# Its own /run keeps container engines away from the system's service manager and from other engines.
_PREPARE = "mount -t tmpfs tmpfs /run && ip link set lo up && echo ready && exec sleep infinity"


def tool(name: str, package: str) -> str:
    """The path of a program; without it, the test is skipped."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed (Debian package {package})")
    return path


def obstacle() -> str | None:
    """The reason why this machine cannot run the tests, or None if it can."""
    if os.geteuid() != 0:
        return "only root can make an image's Debian and run containers"
    for name, package in ("mmdebstrap", "mmdebstrap"), ("ip", "iproute2"):
        if shutil.which(name) is None:
            return f"{name} is not installed (Debian package {package})"
    probe = subprocess.run([*_UNSHARE, "true"], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        return f"cannot create namespaces here: {probe.stderr.strip()}"
    return None


def _die_with_the_tests() -> None:
    """Runs in the child: if the tests end for any reason, the namespaces end, too."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _enter(network: int) -> None:
    assert _LIBC.setns(network, _CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())


def _child(parent: int) -> int | None:
    """The only child of a process, or None if it has none."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return int(found[0]) if found else None


class Running:
    """A process in the sandbox."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        """Starts it; `log` is the file for its standard error."""
        self._log, self._output = log, log.with_suffix(".output")
        self.status: int | None = None
        """The exit status, once the test has waited for its end."""
        with log.open("wb") as errors, self._output.open("wb") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
            )

    def output(self) -> str:
        """What it has written to standard output."""
        return self._output.read_text(errors="backslashreplace")

    def text(self) -> str:
        """What it has written to standard error."""
        return self._log.read_text(errors="backslashreplace")

    def lines(self) -> list[str]:
        return self.text().splitlines()

    def wait_for_line(self, text: str, count: int = 1) -> str:
        """Waits for the `count`-th line that contains `text` and returns it."""

        def found() -> list[str]:
            return [line for line in self.lines() if text in line]

        assert wait_until(lambda: len(found()) >= count), f"no {text!r} ({count}) in {self.lines()}"
        return found()[count - 1]

    def wait(self, within: float = PATIENCE) -> int:
        """Its exit status. It must end in time."""
        self.status = self.process.wait(within)
        return self.status

    def send_signal(self, number: int) -> None:
        """Sends it a signal, unless it has ended."""
        if self.process.poll() is None and (child := _child(self.process.pid)):
            os.kill(child, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
        self.wait()


class Sandbox:
    """Namespaces with only a loopback interface, their own process IDs, and their own mounts and /run.

    Control groups are those of the system: the containers are in `GROUP`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """A folder for the files of container engines."""
        log = folder / "sandbox.log"
        with log.open("wb") as output:
            self._holder = subprocess.Popen(
                [*_UNSHARE, "sh", "-c", _PREPARE],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_the_tests,
            )
        self._leader: int | None = None
        try:
            assert wait_until(lambda: log.read_text() == "ready\n"), log.read_text()
            self._leader = _child(self._holder.pid)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Ends it with all of its processes and mounts, and removes the control groups."""
        # With its first process, all others end.
        os.kill(self._leader or self._holder.pid, signal.SIGKILL)
        self._holder.wait(PATIENCE)
        for place in _GROUPS, *_GROUPS.iterdir():
            if (group := place / GROUP[1:]).is_dir():
                # From the inside out, since only a group without others can be removed.
                for folder, _, _ in os.walk(group, topdown=False):
                    os.rmdir(folder)

    def command(self, *words: str | Path) -> list[str]:
        """The command line that runs `words` in the sandbox."""
        entered = ["nsenter", "-t", str(self._leader), "--net", "--mount", "--pid", "--"]
        return [*entered, *map(str, words)]

    def run(
        self, *words: str | Path, check: bool = True, within: float = 3 * PATIENCE
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command; by default it must succeed."""
        done = subprocess.run(
            self.command(*words),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="backslashreplace",
            timeout=within,
            check=False,
        )
        assert not check or done.returncode == 0, f"{words}: {done}"
        return done

    def start(self, *words: str | Path, log: Path) -> Running:
        """Starts a command; `log` is the file for its standard error."""
        return Running(self.command(*words), log)

    @contextmanager
    def network(self) -> Iterator[None]:
        """Puts this thread into the sandbox's network during the block."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        inside = os.open(f"/proc/{self._leader}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _enter(inside)
            yield
        finally:
            _enter(home)
            os.close(inside)
            os.close(home)

    @staticmethod
    def listens(port: int) -> bool:
        """Whether a program listens on a port of this thread's network. It makes no connection, which would
        appear in the log of the program."""
        task = f"/proc/self/task/{threading.get_native_id()}"
        lines = [
            line.split()
            for table in ("tcp", "tcp6")
            for line in Path(f"{task}/net/{table}").read_text().splitlines()[1:]
        ]
        return any(x[3] == "0A" and x[1].endswith(f":{port:04X}") for x in lines)
