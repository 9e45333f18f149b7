"""Simulates an attacker in control of a process: makes it do any system call, with ptrace(2)."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import socket
import struct
from pathlib import Path

import pytest

from daemon import wait_until

_ATTACH, _DETACH, _GETREGS, _SETREGS, _SINGLESTEP = 16, 17, 12, 13, 9
_NAMES = (
    "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss "
    "fs_base gs_base ds es fs gs"
).split()
_EPOLL_WAIT, _EPOLL_PWAIT = "232", "281"
SENDTO, SENDMSG, SHUTDOWN, SENDMMSG, IO_URING_SETUP = 44, 46, 48, 307, 425
"""System calls by their numbers on x86_64."""
SENDMSG_I386, SENDMSG_X32 = 370, 0x40000000 | 518
"""sendmsg by its numbers in the other two tables of this processor."""


def came_from(listener: socket.socket) -> object:
    """The address of a peer that has connected, or None if there is none."""
    listener.settimeout(0.3)
    try:
        other, address = listener.accept()
    except TimeoutError:
        return None
    other.close()
    return address


class _Registers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in _NAMES]


class TakenOver:
    """`with TakenOver(pid) as it:` controls the main thread of a process, which must wait in epoll."""

    def __init__(self, pid: int) -> None:
        if platform.machine() != "x86_64":
            pytest.skip("this test only knows the registers of x86_64")
        self._pid = pid
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]

    def _ptrace(self, request: int, data: object = None) -> None:
        if self._libc.ptrace(request, self._pid, None, data) < 0:
            number = ctypes.get_errno()
            if number == errno.EPERM:
                pytest.skip("this machine does not allow ptrace")
            raise OSError(number, os.strerror(number))

    def _waits(self) -> bool:
        call = Path(f"/proc/{self._pid}/syscall").read_text().split()[0]
        return call in (_EPOLL_WAIT, _EPOLL_PWAIT)

    def __enter__(self) -> TakenOver:
        assert wait_until(self._waits), "the main thread does not wait in epoll"
        self._ptrace(_ATTACH)
        os.waitpid(self._pid, 0)
        self._before = _Registers()
        self._ptrace(_GETREGS, ctypes.addressof(self._before))
        # The program counter is after the syscall instruction (2 bytes) that the thread waits in.
        self._instruction = self._before.rip - 2
        assert self._read(self._instruction, 2) == b"\x0f\x05"
        # Free memory below the stack and its red zone.
        self._free = (self._before.rsp - 8192) & ~0xF
        return self

    def __exit__(self, *_: object) -> None:
        self._ptrace(_SETREGS, ctypes.addressof(self._before))
        self._ptrace(_DETACH)

    def _read(self, address: int, count: int) -> bytes:
        with Path(f"/proc/{self._pid}/mem").open("rb", buffering=0) as memory:
            memory.seek(address)
            return memory.read(count)

    def _write(self, address: int, octets: bytes) -> None:
        with Path(f"/proc/{self._pid}/mem").open("r+b", buffering=0) as memory:
            memory.seek(address)
            memory.write(octets)

    def put(self, octets: bytes) -> int:
        """Puts `octets` into its memory and returns their address."""
        self._free -= (len(octets) + 15) & ~0xF
        self._write(self._free, octets)
        return self._free

    def call(self, number: int, *arguments: int, instruction: bytes = b"\x0f\x05") -> int:
        """Makes a system call and returns its result, or the negative errno."""
        registers = _Registers()
        ctypes.pointer(registers)[0] = self._before
        names = ["rdi", "rsi", "rdx", "r10", "r8", "r9"]
        if instruction == b"\xcd\x80":
            names = ["rbx", "rcx", "rdx", "rsi", "rdi", "rbp"]
        for name, value in zip(names, [*arguments, 0, 0, 0, 0, 0, 0], strict=False):
            setattr(registers, name, value & (1 << 64) - 1)
        registers.rax = number
        # Keeps the kernel from restarting the interrupted call.
        registers.orig_rax = (1 << 64) - 1
        registers.rip = self._instruction
        usual = self._read(self._instruction, 2)
        self._write(self._instruction, instruction)
        try:
            self._ptrace(_SETREGS, ctypes.addressof(registers))
            self._ptrace(_SINGLESTEP)
            _, status = os.waitpid(self._pid, 0)
            assert os.WIFSTOPPED(status) and os.WSTOPSIG(status) == signal.SIGTRAP, status
            self._ptrace(_GETREGS, ctypes.addressof(registers))
        finally:
            self._write(self._instruction, usual)
        result: int = ctypes.c_int64(registers.rax).value
        # A call through int 80H returns 32 bits.
        return ctypes.c_int32(result).value if instruction == b"\xcd\x80" else result


def message(it: TakenOver, to: bytes) -> bytes:
    """A struct msghdr (and with its trailing field a struct mmsghdr) of one byte for `to`."""
    part = it.put(struct.pack("=QQ", it.put(b"x"), 1))
    return struct.pack("=QIIQQQQIIQ", it.put(to), len(to), 0, part, 1, 0, 0, 0, 0, 0)


def send(it: TakenOver, by: str, descriptor: int, flags: int, to: bytes = b"") -> int:
    """Sends one byte and returns the result of the call."""
    flags |= socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT
    if by == "sendto":
        where = (it.put(to), len(to)) if to else (0, 0)
        return it.call(SENDTO, descriptor, it.put(b"x"), 1, flags, *where)
    place = it.put(message(it, to))
    if by == "sendmsg":
        return it.call(SENDMSG, descriptor, place, flags)
    return it.call(SENDMMSG, descriptor, place, 1, flags)
