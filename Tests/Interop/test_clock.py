"""The program reads only the monotonic clock, so a time server that sets the clock ends no association.

Programs read clocks without a system call, in the vDSO, where strace sees nothing and a preloaded library
only some of it. So the test hides the vDSO before the program's first instruction, by overwriting its
address in the auxiliary vector (getauxval(3)); each reading is then a system call.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daemon import OK, PROGRAM, SANITIZER, echo, free_port, wait_until
from peer import PATIENCE, Peer
from wire import associate_rq, echo_rq

TRACE_ME, DETACH = 0, 17
AT_NULL, AT_IGNORE, AT_SYSINFO_EHDR = 0, 1, 33
WORD = struct.calcsize("P")

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
_LIBC.ptrace.restype = ctypes.c_long


def hide_vdso(pid: int) -> None:
    """Hides the vDSO, if there is one, from a process that has stopped at its exec."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    at = int(fields[25])  # startstack: argc, the arguments, NULL, the environment, NULL, auxv
    with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:

        def word() -> int:
            nonlocal at
            memory.seek(at)
            at += WORD
            return int.from_bytes(memory.read(WORD), "little")

        for _ in range(word()):
            word()
        assert word() == 0, "the arguments are not at startstack"
        while word():
            pass
        while (kind := word()) != AT_NULL:
            if kind == AT_SYSINFO_EHDR:
                memory.seek(at - WORD)
                memory.write(AT_IGNORE.to_bytes(WORD, "little"))
            word()


@contextmanager
def traced(log: Path, *options: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Runs the program and writes each of its clock readings to `log`, from its first instruction on."""
    strace = shutil.which("strace")
    if SANITIZER or strace is None:
        pytest.skip("strace is not installed (Debian package strace), or a sanitizer reads clocks")
    port = free_port()
    running = subprocess.Popen(
        [str(PROGRAM), "-ba", "127.0.0.1", *options, str(port)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: _LIBC.ptrace(TRACE_ME, 0, None, None),
    )
    tracer = None
    try:
        _, status = os.waitpid(running.pid, 0)
        if not os.WIFSTOPPED(status):
            pytest.skip("this machine does not allow ptrace")
        hide_vdso(running.pid)
        assert _LIBC.ptrace(DETACH, running.pid, None, signal.SIGSTOP) == 0
        # Every call that reads a clock or waits for a time of one.
        calls = "clock_gettime,gettimeofday,time,clock_nanosleep,futex,timer_create,timerfd_create"
        tracer = subprocess.Popen(
            [strace, "-f", "-o", str(log), "-e", f"trace={calls}", "-p", str(running.pid)],
            stderr=subprocess.DEVNULL,
        )
        status_file = Path(f"/proc/{running.pid}/status")
        assert wait_until(lambda: re.search(r"TracerPid:\s+[1-9]", status_file.read_text()))
        running.send_signal(signal.SIGCONT)

        def answers() -> bool:
            try:
                echo(port)
                return True
            except OSError:
                return False

        assert wait_until(answers), "the program does not answer"
        yield port, running
    finally:
        running.kill()
        running.wait()
        if tracer:
            tracer.wait(PATIENCE)


def clocks(log: Path) -> dict[str, int]:
    """How often each clock was read or waited for."""
    found: dict[str, int] = {}
    for line in log.read_text().splitlines():
        for name in re.findall(r"CLOCK_\w+|\b(?:gettimeofday|time)(?=\()", line):
            found[name] = found.get(name, 0) + 1
    return found


def test_only_the_monotonic_clock_is_read(tmp_path: Path) -> None:
    """Each timer expires once, and each kind of event is logged."""
    log = tmp_path / "calls"
    with traced(log, "-d", "-ta", "0.3", "-td", "0.3", "-tn", "0.3") as (port, running):
        for _ in range(5):
            echo(port)
        silent, idle, stalled = Peer(port), Peer(port), Peer(port)
        idle.associate()
        stalled.associate()
        stalled.send(echo_rq()[:30])
        with Peer(port) as foreign:
            foreign.send(b"GET / HTTP/1.1\r\n\r\n")
        with Peer(port) as rejected:
            rejected.send(associate_rq(version=2))
            rejected.receive()
        for peer in (silent, idle, stalled):
            assert not peer.silent_for(PATIENCE)
            peer.close()
        time.sleep(0.2)
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == OK
    found = clocks(log)
    print(", ".join(f"{name}: {count}" for name, count in found.items()))
    assert found.pop("CLOCK_MONOTONIC", 0) > 20, "the vDSO was not hidden, or nothing was traced"
    # It reads the time of day once, to show in `systemctl status` since when it serves.
    assert found == {"time": 1}
    first = log.read_text().splitlines()
    assert any(" time(" in line for line in first[: len(first) // 3]), "not at the start"
