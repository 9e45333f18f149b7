"""What `make release` has left in dist/: the checksums are right and complete, and nothing in it depends on the
machine that made it."""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from packages import RELEASE, REPOSITORY

SUMS = "SHA256SUMS"
UNLISTED = {SUMS, "COMMIT"}
GZIP, ELF, DEB = b"\x1f\x8b", b"\x7fELF", b"!<arch>\ndebian-binary"


@pytest.fixture
def files() -> list[Path]:
    """The files of the release, of whatever commit it is."""
    if not RELEASE.is_dir():
        pytest.skip("there is no dist/: run make release first")
    return sorted(path for path in RELEASE.rglob("*") if path.is_file())


def test_checksums(files: list[Path]) -> None:
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", SUMS],
        cwd=RELEASE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    listed = [line.split(maxsplit=1)[1] for line in (RELEASE / SUMS).read_text().splitlines()]
    names = {str(path.relative_to(RELEASE)) for path in files} - UNLISTED
    print(f"sha256sum --check {SUMS}: {len(checked.stdout.splitlines())} files of {len(names)}")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert set(listed) == names and len(listed) == len(names)


def output(*words: str | Path) -> bytes:
    return subprocess.run(words, check=True, capture_output=True).stdout


def parts(name: str, octets: bytes) -> Iterator[tuple[str, bytes]]:
    """The files inside a file, however deep: of compressed files, archives, packages and images. Sections of
    programs and debug symbols are decompressed."""
    inside: dict[str, bytes] = {}
    if octets.startswith(GZIP):
        inside[name.removesuffix(".gz")] = gzip.decompress(octets)
    elif octets.startswith((DEB, ELF)):
        with tempfile.NamedTemporaryFile() as file:
            file.write(octets)
            file.flush()
            if octets.startswith(DEB):
                for kind in "ctrl", "fsys":
                    inside[f"{name}/{kind}.tar"] = output("dpkg-deb", f"--{kind}-tarfile", file.name)
            else:
                subprocess.run(["objcopy", "--decompress-debug-sections", file.name], check=True)
                yield name, Path(file.name).read_bytes()
    elif octets[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(octets)) as archive:
            for member in archive:
                if member.isfile():
                    inside[f"{name}/{member.name}"] = archive.extractfile(member).read()
                yield f"{name}/{member.name}", f"{member.name} {member.linkname} {member.uname}".encode()
    else:
        yield name, octets
    for path, contents in inside.items():
        yield from parts(path, contents)


def paths_here() -> list[str]:
    """The folders that a file may name only if it was made on this machine: the checkout, the toolchain and the
    home folder. A name such as /root is too common."""
    swift = Path(shutil.which(os.environ.get("SWIFT", "swift")) or "/").resolve()
    toolchain = swift.parents[min(3, len(swift.parts)) - 1]
    return [str(path) for path in (REPOSITORY, toolchain, Path.home()) if len(path.parts) > 2]


def test_no_file_names_a_path_of_the_build_machine(files: list[Path]) -> None:
    """Neither those of this machine nor a temporary folder."""
    wanted = [re.escape(path.encode()) + rb"(?![\w.-])" for path in paths_here()]
    wanted.append(rb"/tmp/tmp\.\w")
    found, count, size = [], 0, 0
    # The packages are also in the apt repository.
    names = {path.read_bytes(): str(path.relative_to(RELEASE)) for path in files}
    for octets, name in names.items():
        for part, data in parts(name, octets):
            count, size = count + 1, size + len(data)
            for one in (one for pattern in wanted for one in re.finditer(pattern, data)):
                found.append(f"{part}: {data[max(0, one.start() - 40) : one.end() + 40]!r}")
    print(f"{count} files in {len(names)}, {size >> 20} MiB: none names {', '.join(paths_here())} "
          "or a temporary folder")  # fmt: skip
    assert found == []
    assert count > len(names)
