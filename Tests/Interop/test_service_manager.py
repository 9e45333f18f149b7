"""What the program tells the service manager that started it (sd_notify(3))."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from daemon import Daemon

Start = Callable[..., Daemon]


def listen(path: Path) -> socket.socket:
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(path))
    manager.settimeout(5)
    return manager


def test_it_tells_when_it_serves_and_when_it_ends(echoscpd: Start, tmp_path: Path) -> None:
    with listen(tmp_path / "notify") as manager:
        scp = echoscpd(environment={"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert manager.recv(100) == b"READY=1"
        scp.stop()
        assert manager.recv(100) == b"STOPPING=1"


def test_a_manager_that_is_gone_does_not_matter(echoscpd: Start, tmp_path: Path) -> None:
    scp = echoscpd(environment={"NOTIFY_SOCKET": str(tmp_path / "nobody")})
    with scp.connect() as peer:
        peer.associate()
        peer.echo()
        peer.release()
