"""A server as a process: starts it on its core, inspects it while it runs, and stops it."""

from __future__ import annotations

import mmap
import os
import resource
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from daemon import free_port
from host import HARD_LIMIT, Cores
from peer import Peer
from secure import TLSPeer
from servers import Server

READY_WITHIN = 20.0
STOPPED_WITHIN = 5.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Trouble(Exception):
    """A failure of a server or of the load generator."""


FAILURES = (Trouble, OSError, subprocess.SubprocessError)
"""Failures of one server that must not prevent measuring the others."""


def on(cores: frozenset[int]) -> Callable[[], None]:
    """For `preexec_fn`: pins the child to these cores and raises its limit of descriptors."""

    def prepare() -> None:
        if cores:
            os.sched_setaffinity(0, cores)
        resource.setrlimit(resource.RLIMIT_NOFILE, (HARD_LIMIT, HARD_LIMIT))

    return prepare


def end(process: subprocess.Popen[bytes]) -> None:
    """Stops a process, and kills it if it takes too long."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait(STOPPED_WITHIN)


def cpu_seconds(process: int) -> float:
    """The CPU time of all its threads, including ended ones, and of its ended children."""
    # The CPU clock of another process, as from clock_getcpuclockid(3); /proc only has hundredths.
    own = time.clock_gettime((~process << 3) | 2)
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return own + (int(fields[13]) + int(fields[14])) / _TICKS


class Running:
    """`with Running(server, cores) as it:` starts a server and waits until it listens."""

    def __init__(self, server: Server, cores: Cores) -> None:
        self.server, self.port = server, free_port()
        self._cores = cores
        self._folder = tempfile.TemporaryDirectory(prefix="echoscpd-benchmark-")
        self._reader: subprocess.Popen[bytes] | None = None
        self._began = mmap.mmap(-1, 8)
        self.lines: int | None = None
        """The number of lines read from its log, known once it has ended."""

    @property
    def folder(self) -> Path:
        return Path(self._folder.name)

    def __enter__(self) -> Running:
        try:
            self._start()
            self._wait_until_it_listens()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if hasattr(self, "process"):
                end(self.process)
            if self._reader:
                self.lines = int(self._reader.communicate(timeout=STOPPED_WITHIN)[0])
        finally:
            self._folder.cleanup()

    def _start(self) -> None:
        folder = self.folder
        error = folder / "stderr"
        prepare = on(self._cores.server)

        def begin() -> None:
            prepare()
            struct.pack_into("=d", self._began, 0, time.monotonic())

        with error.open("wb") as log:
            if self.server.is_read:
                # A separate process, since this program would not keep up.
                self._reader = subprocess.Popen(
                    ["wc", "-l"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    preexec_fn=on(self._cores.reader),
                )
            self.command = self.server.command(self.port, folder)
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=self._reader.stdin if self._reader else log,
                env={**os.environ, **self.server.environment},
                cwd=folder,
                preexec_fn=begin,
                start_new_session=True,
            )
            if self._reader and self._reader.stdin:
                self._reader.stdin.close()
                self._reader.stdin = None

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                # Most servers treat a silent connection as an error, so this makes an echo.
                with self._peer() as peer:
                    peer.associate()
                    peer.echo()
                    self.answered_after = time.monotonic() - self._exec_time()
                    peer.release()
                return
            except ConnectionRefusedError:
                time.sleep(0.0002)
            except (AssertionError, OSError) as problem:
                raise Trouble(f"does not answer: {problem or type(problem).__name__}") from problem
        text = (self.folder / "stderr").read_text(errors="replace").strip()
        raise Trouble(f"does not start: {text.splitlines()[-1] if text else 'no reason given'}")

    def _peer(self) -> Peer:
        if self.server.certificates is None:
            peer = Peer(self.port)
            if self.server.preface:
                peer.send(self.server.preface)
            return peer
        secured = TLSPeer(self.port, self.server.certificates.context())
        version = secured.socket.version()
        if version != "TLSv1.3":
            raise Trouble(f"answers with {version}")
        return secured

    def _exec_time(self) -> float:
        (moment,) = struct.unpack_from("=d", self._began, 0)
        return float(moment)

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid)

    def balancer_seconds(self) -> float | None:
        """The part of it that is a balancer's own, or None without one."""
        return None

    def memory(self, what: str) -> int:
        """The bytes in a line of /proc/PID/status, by its name."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name == what:
                return int(value.split()[0]) * 1024
        raise Trouble(f"/proc has no {what}")

    def files(self) -> dict[str, int]:
        """The files it executes, its program and its libraries, with their sizes on disk."""
        found = {}
        for line in Path(f"/proc/{self.process.pid}/maps").read_text().splitlines():
            fields = line.split(maxsplit=5)
            if len(fields) == 6 and "x" in fields[1] and fields[5].startswith("/"):
                path = Path(fields[5])
                if path.is_file():
                    found[str(path)] = path.stat().st_size
        return found


def program_of(command: list[str]) -> Path:
    return Path(shutil.which(command[0]) or command[0]).resolve()
