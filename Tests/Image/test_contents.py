"""The image has the program and what it needs to run, with its licenses, and nothing else."""

from __future__ import annotations

import re
import socket
import stat
import struct
from collections.abc import Sequence
from pathlib import Path

from archive import PROGRAM, STATUS, Image, fields
from artifacts import Artifacts
from container import FILE, FOLDER, USER, Bundle
from daemon import REPOSITORY
from sandbox import Sandbox

SHARED_OBJECT = 3
"""ET_DYN in the header of an ELF file (elf(5))."""
NO_PROGRAMS = (
    "apt", "apt-get", "ash", "bash", "busybox", "curl", "dash", "dpkg", "env", "perl", "python3", "sh", "toybox",
    "wget", "zsh",
)  # fmt: skip
"""Programs that an intruder would look for."""
OF_THE_BUILDER = (
    "etc/resolv.conf", "etc/hostname", "etc/hosts", "etc/machine-id", "etc/ld.so.cache", "var/cache",
    "var/log", "root", "home", ".dockerenv",
)  # fmt: skip
"""Files and folders that the machine that builds an image may leave in it."""
WRITABLE = {"tmp"}
_LICENSE = re.compile(r"/usr/share/common-licenses/([\w.-]*\w)")
_LOADED = re.compile(r"=> (\S+) \(|^\s*(/\S+) \(", re.MULTILINE)


def test_every_program_in_it_is_the_one(image: Image) -> None:
    """Everything else that can be executed is a shared library."""
    executable = {
        name for name, one in image.members.items() if one.info.isreg() and one.info.mode & 0o111
    }
    assert executable == {PROGRAM, *image.libraries}
    for name, content in image.libraries.items():
        assert struct.unpack_from("<H", content, 16) == (SHARED_OBJECT,), name
        assert re.search(r"\.so(\.\d+)*$", name), name
    for name, content in image.files.items():
        assert not content.startswith(b"#!"), name
    names = {name.rpartition("/")[2] for name, one in image.members.items() if not one.info.isdir()}
    assert not names & set(NO_PROGRAMS)
    print(f"{PROGRAM} and {len(image.libraries)} libraries; no shell, no package manager")


def test_every_library_in_it_is_needed(image: Image, bundle: Bundle, sandbox: Sandbox) -> None:
    """And none is missing: the loader finds each in the image."""
    (loader,) = [name for name in image.members if name.startswith("usr/lib64/ld-")]
    done = sandbox.run("chroot", bundle.root, f"/{loader}", "--list", f"/{PROGRAM}")
    assert "not found" not in done.stdout, done.stdout
    used = {one or other for one, other in _LOADED.findall(done.stdout)} | {f"/{loader}"}
    real = {(bundle.root / name.lstrip("/")).resolve() for name in used}
    print(", ".join(sorted(path.name for path in real)))
    assert real == {bundle.root / name for name in image.libraries}


def test_each_library_is_that_of_debian(
    made: Sequence[Artifacts], root: Path, package_files: Path
) -> None:
    made_here = Image(made[0].image)
    for name, content in made_here.libraries.items():
        assert content == (root / name).read_bytes(), name
    assert made_here.files[PROGRAM] == (package_files / PROGRAM).read_bytes()
    status = (root / "var/lib/dpkg/status").read_text().split("\n\n")
    installed = {record["Package"]: record["Version"] for record in map(fields, status) if record}
    versions = made_here.versions
    own = versions.pop("echoscpd")
    print(f"echoscpd {own}; " + ", ".join(f"{x} {version}" for x, version in versions.items()))
    assert versions == {name: installed[name] for name in versions}


def test_a_scanner_finds_the_package_of_each_library(image: Image, root: Path) -> None:
    # A package has its libraries below /lib or /usr/lib, which are the same folder.
    lists = {
        re.sub("^/(usr/)?", "usr/", line): file.stem.partition(":")[0]
        for file in (root / "var/lib/dpkg/info").glob("*.list")
        for line in file.read_text().splitlines()
    }
    owners = {lists[name] for name in image.libraries}
    assert owners | {"echoscpd"} == image.versions.keys()
    for package in image.versions:
        assert fields(image.files[f"{STATUS}/{package}"].decode())["Package"] == package
    release = dict(x.split("=", 1) for x in image.files["usr/lib/os-release"].decode().splitlines())
    version = image.files["etc/debian_version"].decode().strip()
    print(f"{release['PRETTY_NAME']}, {version}; {len(owners)} packages")
    assert version.partition(".")[0] == release["VERSION_ID"].strip('"')
    assert image.members["etc/os-release"].info.linkname == "../usr/lib/os-release"


def test_the_license_of_each_package_is_in_it(image: Image) -> None:
    texts = set()
    for package in image.versions:
        text = image.files[f"usr/share/doc/{package}/copyright"].decode()
        assert "License" in text or "Copyright" in text, package
        texts |= set(_LICENSE.findall(text))
    present = {x for x in texts if f"usr/share/common-licenses/{x}" in image.files}
    print(f"{len(image.versions)} packages, {', '.join(sorted(present))}")
    assert present == texts
    assert all(image.files[f"usr/share/common-licenses/{x}"] for x in present)


def test_nothing_is_of_the_machine_that_built_it(image: Image, root: Path) -> None:
    for member in [*image.parts.values(), *image.members.values()]:
        info = member.info
        assert (info.uid, info.gid, info.uname, info.gname) == (0, 0, "", ""), info.name
        assert info.pax_headers == {}, info.name
    for name in image.members:
        assert not any(name == x or name.startswith(f"{x}/") for x in OF_THE_BUILDER), name
    traces = [f"{path}/".encode() for path in (REPOSITORY, root, Path.home())]
    if len(host := socket.gethostname()) > 5:
        traces.append(host.encode())
    for name, content in {
        **image.files,
        "configuration": str(image.configuration).encode(),
    }.items():
        assert not [trace for trace in traces if trace in content], name


def test_nothing_in_it_can_be_written_to(image: Image) -> None:
    """The image has no file with rights of its own, and no device."""
    for name, (info, _) in image.members.items():
        assert info.isreg() or info.isdir() or info.issym(), name
        if not info.issym():
            writable = bool(info.mode & (stat.S_IWGRP | stat.S_IWOTH))
            assert writable == (name in WRITABLE), name
            assert not info.mode & (stat.S_ISUID | stat.S_ISGID), name
            assert info.mode & stat.S_IROTH, name
    # Links lead to something in the image.
    links = {name: one.info.linkname for name, one in image.members.items() if one.info.issym()}
    print(", ".join(f"{name} -> {target}" for name, target in links.items()))


def test_its_user_has_a_name(image: Image) -> None:
    for file in "passwd", "group":
        lines = [line.split(":") for line in image.files[f"etc/{file}"].decode().splitlines()]
        assert {line[2]: line[0] for line in lines} == {"0": "root", str(USER): "echoscpd"}
        assert not any("sh" in line[-1] for line in lines)


def test_it_has_the_configuration_of_the_package(image: Image, package_files: Path) -> None:
    path = FILE.lstrip("/")
    assert image.files[path] == (package_files / path).read_bytes()
    assert image.members[FOLDER.lstrip("/")].info.isdir()
    assert image.files["usr/share/doc/echoscpd/in-containers-and-ci.md"]


def test_only_the_log_level_differs_from_the_defaults(
    bundle: Bundle, package_files: Path, sandbox: Sandbox
) -> None:
    dump = "--dump-config"
    inside = sandbox.run("chroot", bundle.root, f"/{PROGRAM}", dump).stdout.splitlines()
    usual = sandbox.run(package_files / PROGRAM, "--config", "/dev/null", dump).stdout.splitlines()
    (different,) = set(inside) - set(usual)
    print(" ".join(different.split()))
    assert different.split()[:3] == ["log-level", "=", "info"]
