"""A journal for a test: a socket in the place of journald's, which only the program can see."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from daemon import Daemon

_ENTER = (
    'mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal'
    ' && mount --bind "$0" /run/systemd/journal && exec "$@"'
)

Entry = dict[str, list[str]]
"""The fields of an entry, each with all its values."""


def private_run(directory: Path) -> list[str]:
    """A wrapper in whose mount namespace `directory` is the folder of journald's sockets."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed (Debian package util-linux)")
    flags = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
    wrapper = ["unshare", *flags, "sh", "-c", _ENTER, str(directory)]
    tried = subprocess.run([*wrapper, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no mount namespace can be made here: {tried.stderr.strip()}")
    return wrapper


def parse(datagram: bytes) -> Entry:
    """An entry in the native protocol: `NAME=value`, or for a value of several lines `NAME`, its
    length in eight bytes, and the value, each with a newline behind it."""
    entry: Entry = {}
    while datagram:
        line, _, datagram = datagram.partition(b"\n")
        name, is_short, value = line.partition(b"=")
        if not is_short:
            (length,) = struct.unpack_from("<Q", datagram)
            value, datagram = datagram[8 : 8 + length], datagram[9 + length :]
        entry.setdefault(name.decode(), []).append(value.decode())
    return entry


@dataclass
class Journal:
    """What the program sees in the place of journald."""

    directory: Path
    listener: socket.socket = field(
        default_factory=lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    )
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.directory.mkdir()
        self.wrapper = private_run(self.directory)
        self.listener.bind(str(self.directory / "socket"))
        self.listener.setblocking(False)

    def read(self) -> list[Entry]:
        """All entries so far."""
        while True:
            try:
                octets, files, _, _ = socket.recv_fds(self.listener, 1 << 20, 1)
            except BlockingIOError:
                return self.entries
            # What is too long for a datagram comes in a file.
            for number in files:
                with os.fdopen(number, "rb") as file:
                    file.seek(0)
                    octets += file.read()
            self.entries.append(parse(octets))

    def read_until_it_stops(self, scp: Daemon) -> list[Entry]:
        """Stops the program, which has more to say than the socket has room for."""
        thread = threading.Thread(target=scp.stop)
        thread.start()
        while thread.is_alive():
            self.read()
            time.sleep(0.001)
        thread.join()
        return self.read()
