"""The container image as a file: its configuration, and the files in its layer."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any, NamedTuple

PROGRAM = "usr/sbin/echoscpd"
STATUS = "var/lib/dpkg/status.d"
"""The folder with a record for each package, where scanners for vulnerabilities look."""


class Member(NamedTuple):
    """A file, folder or link in an archive."""

    info: tarfile.TarInfo
    content: bytes


def members_of(octets: bytes) -> dict[str, Member]:
    """The members of a tar archive by name. None appears twice."""
    members = {}
    with tarfile.open(fileobj=io.BytesIO(octets)) as archive:
        for info in archive:
            file = archive.extractfile(info) if info.isfile() else None
            assert info.name not in members, info.name
            members[info.name] = Member(info, file.read() if file else b"")
    return members


class Image:
    """An image, read as docker reads it: manifest.json says where its parts are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = members_of(path.read_bytes())
        (self.entry,) = self.read("manifest.json")
        self.configuration: dict[str, Any] = self.read(self.entry["Config"])
        (layer,) = self.entry["Layers"]
        self.packed = self.parts[layer].content
        self.layer = gzip.decompress(self.packed)
        self.members = members_of(self.layer)

    def read(self, part: str) -> Any:
        return json.loads(self.parts[part].content)

    @property
    def files(self) -> dict[str, bytes]:
        """The contents of the regular files in the layer."""
        return {name: file.content for name, file in self.members.items() if file.info.isreg()}

    @property
    def libraries(self) -> dict[str, bytes]:
        """The shared libraries and their loader."""
        return {
            name: content
            for name, content in self.files.items()
            if content.startswith(b"\x7fELF") and name != PROGRAM
        }

    @property
    def versions(self) -> dict[str, str]:
        """The version of each package, as the image itself says."""
        records = [
            fields(content.decode())
            for name, content in self.files.items()
            if name.startswith(f"{STATUS}/")
        ]
        return {record["Package"]: record["Version"] for record in records}


def fields(record: str) -> dict[str, str]:
    """The fields of a record of dpkg that are on one line."""
    lines = [line for line in record.splitlines() if not line.startswith(" ")]
    return dict(line.split(": ", 1) for line in lines if ": " in line)
