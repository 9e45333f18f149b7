"""A service manager as a program sees it: a socket that receives its notifications (sd_notify(3))."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from peer import PATIENCE


class ServiceManager:
    """Receives the messages of a program, each as a dictionary of its assignments."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self.messages: list[dict[str, str]] = []

    def __enter__(self) -> ServiceManager:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    @property
    def environment(self) -> dict[str, str]:
        return {"NOTIFY_SOCKET": str(self.path)}

    def next(self, within: float = PATIENCE) -> dict[str, str] | None:
        """The next message, or None if none arrives in time."""
        self._socket.settimeout(within)
        try:
            text = self._socket.recv(4096).decode()
        except TimeoutError:
            return None
        message = dict(line.split("=", 1) for line in text.splitlines())
        self.messages.append(message)
        return message

    def wait_for(self, key: str, part: str = "", within: float = PATIENCE) -> dict[str, str]:
        """Waits for a message in which the value of `key` contains `part`, and returns it."""
        end = time.monotonic() + within
        while (left := end - time.monotonic()) > 0:
            message = self.next(left)
            if message and key in message and part in message[key]:
                return message
        raise AssertionError(f"no {key} with {part!r} in {self.messages}")
