"""Peers with link-local addresses, which are valid only on the link of one interface (RFC 4007).

The listening socket is passed, and in a network namespace of the test: the program itself is in another one,
as under its unit, and must name the interfaces of the socket's namespace.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daemon import GIVEN, PROGRAM, Passed, wait_until
from peer import PATIENCE
from wire import associate_rq

CLONE_NEWNET = 0x40000000
OURS, OTHER = "dev-a", "dev-b"
HOST = "fe80::7"


class Network:
    """A network namespace with two interfaces that have the same address."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._home = self._current()
        if self._libc.unshare(CLONE_NEWNET) < 0:
            os.close(self._home)
            pytest.skip("cannot create a network namespace here")
        self._own = self._current()
        try:
            for name in "lo", OURS, OTHER:
                if name != "lo":
                    far = f"{name}-far"
                    self._ip("link", "add", name, "type", "veth", "peer", "name", far)
                    self._ip("address", "add", f"{HOST}/64", "dev", name, "nodad")
                    self._ip("link", "set", far, "up")
                self._ip("link", "set", name, "up")
        finally:
            self._libc.setns(self._home, 0)

    @staticmethod
    def _current() -> int:
        return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    @staticmethod
    def _ip(*words: str) -> None:
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"ip {' '.join(words)}: {done.stderr.strip()}")

    @contextmanager
    def entered(self) -> Iterator[None]:
        """During the block, sockets are opened in this namespace."""
        assert self._libc.setns(self._own, 0) == 0
        try:
            yield
        finally:
            assert self._libc.setns(self._home, 0) == 0

    def close(self) -> None:
        os.close(self._own)
        os.close(self._home)


@pytest.fixture
def network() -> Iterator[Network]:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("this test needs root for a network namespace, and the ip command")
    one = Network()
    yield one
    one.close()


def said(network: Network, log: Path, *options: str) -> tuple[list[bytes], list[str]]:
    """The first byte that a peer gets on each link, and the program's lines about the peers."""
    heard = []
    with network.entered():
        listener = socket.create_server(("::", 0), family=socket.AF_INET6)
    listener.setblocking(True)
    with listener, log.open("wb") as file:
        passed = Passed(listener)
        process = subprocess.Popen(
            [*passed.WRAPPER, str(PROGRAM), *GIVEN, *options],
            stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            env={**os.environ, **passed.environment},
            preexec_fn=passed.give, close_fds=False,
        )  # fmt: skip
        try:
            for link in OURS, OTHER:
                with network.entered():
                    peer = socket.create_connection((f"{HOST}%{link}", passed.port), PATIENCE)
                with peer:
                    peer.sendall(associate_rq(called="ANOTHER"))
                    try:
                        heard.append(peer.recv(1))
                    except ConnectionResetError:
                        heard.append(b"")
            assert wait_until(lambda: log.read_text().count(HOST) >= 2)
        finally:
            process.terminate()
            process.wait(PATIENCE)
    return heard, [line for line in log.read_text().splitlines() if HOST in line]


def test_the_log_names_the_interface(network: Network, tmp_path: Path) -> None:
    heard, lines = said(network, tmp_path / "log", "--require-called-ae-title")
    print("\n".join(lines))
    assert heard == [b"\x03", b"\x03"]
    assert f"[{HOST}%{OURS}]:" in lines[0] and f"[{HOST}%{OTHER}]:" in lines[1]


def test_a_rule_is_one_for_every_link(network: Network, tmp_path: Path) -> None:
    heard, lines = said(network, tmp_path / "log", "--deny-addresses", HOST)
    print("\n".join(lines))
    assert heard == [b"", b""]
