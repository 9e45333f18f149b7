"""A journal for a test: a socket in place of journald's that only the program can see."""

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

from daemon import Daemon, wait_until

_ENTER = (
    'mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal'
    ' && mount --bind "$0" /run/systemd/journal && exec "$@"'
)

Entry = dict[str, list[str]]
"""The fields of an entry, each with all its values."""

# The MESSAGE_IDs of records without an ECHOSCP_CAUSE, named as in Sources/Log/Events/CatalogID.swift.
STARTED = "d590f812779e4a8eb65627c91ffbde7d"
LISTENING = "41f742c9a3a2462b89d269b2db409980"
STOPPING = "1613877f4f3f461cb1e653509ff3c513"
STOPPED = "fe097c27351048a78b7e3d071a1427aa"
RELOADED = "9ac93403862440d29d7edf4b239cb642"
RESTART_NEEDED = "bcc756a07e9249c7a2bc3b9fc0fe10d0"
SOCKETS_OVERRIDE = "33f9320fb89d41b79a6b1b89dccfa3a6"
TIMEOUT_DISABLED = "405abd058f694157bad070e23d593281"
RUNS_AS_ROOT = "6e20f733042a4d5082814c9b48989036"
ASSOCIATION_ACCEPTED = "38c5e41d75b34356aa8a0a3c56b491ff"
ECHO_RECEIVED = "93ab02ba5a0c4bc3a00c65c83d0f77ab"
ASSOCIATION_RELEASED = "37a819ae0d4c43d09f6a34a01359900b"


def private_run(directory: Path) -> list[str]:
    """A wrapper that runs a command in a mount namespace with `directory` as the folder of journald's
    sockets."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed (Debian package util-linux)")
    flags = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
    wrapper = ["unshare", *flags, "sh", "-c", _ENTER, str(directory)]
    tried = subprocess.run([*wrapper, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"cannot create a mount namespace here: {tried.stderr.strip()}")
    return wrapper


def parse(datagram: bytes) -> Entry:
    """Parses an entry of the native protocol: lines `NAME=value`, or for a multi-line value `NAME` and a
    newline, the length in eight bytes, the value and a newline."""
    entry: Entry = {}
    while datagram:
        line, _, datagram = datagram.partition(b"\n")
        name, is_short, value = line.partition(b"=")
        if not is_short:
            (length,) = struct.unpack_from("<Q", datagram)
            value, datagram = datagram[8 : 8 + length], datagram[9 + length :]
        entry.setdefault(name.decode(), []).append(value.decode())
    return entry


def occurrences(entries: list[Entry]) -> int:
    """The number of records that the entries stand for."""
    return sum(int(entry.get("ECHOSCP_REPEATED", ["1"])[0]) for entry in entries)


@dataclass
class Journal:
    """The socket that the program sees in place of journald's, and the entries received there."""

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
            # An entry that is too long for a datagram comes in a file.
            for number in files:
                with os.fdopen(number, "rb") as file:
                    file.seek(0)
                    octets += file.read()
            self.entries.append(parse(octets))

    def find(self, **fields: str) -> list[Entry]:
        """The entries so far that have these values: `find(ECHOSCP_CAUSE="silent-peer", PRIORITY="4")`."""
        return [
            entry
            for entry in self.read()
            if all(value in entry.get(name, []) for name, value in fields.items())
        ]

    def wait_for(self, count: int = 1, **fields: str) -> Entry:
        """Waits for the `count`-th entry that has these values and returns it."""
        assert wait_until(lambda: len(self.find(**fields)) >= count), (
            f"no {fields} (times {count}) among {self.entries}"
        )
        return self.find(**fields)[count - 1]

    def read_until_it_stops(self, scp: Daemon) -> list[Entry]:
        """Stops the program and reads meanwhile, since it writes more than the socket has room for."""
        thread = threading.Thread(target=scp.stop)
        thread.start()
        while thread.is_alive():
            self.read()
            time.sleep(0.001)
        thread.join()
        return self.read()
