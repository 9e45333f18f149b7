"""The measured servers and how to start them: echoscpd, the limits, and third-party DICOM programs."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from certificates import Certificates
from daemon import free_port
from figures import TLS_ECHOSCPD, TLS_LIMIT

HERE = Path(__file__).resolve().parent
JOURNAL = Path("/run/systemd/journal/socket")

PATIENT = "600"
"""The idle timeout of peers in seconds, longer than any measurement."""


@dataclass(frozen=True)
class Server:
    """A program that answers C-ECHO, with everything needed to start it on a port."""

    key: str
    name: str
    command: Callable[[int, Path], list[str]]
    """Returns the command line for a port and a folder of its own."""
    about: str = ""
    """A note for readers about how it is run."""
    environment: Mapping[str, str] = field(default_factory=dict)
    is_read: bool = False
    """Whether its log goes into a pipe whose reader counts the lines."""
    is_peer: bool = False
    """Whether it is a third-party program; those are measured for a shorter time."""
    is_one_at_a_time: bool = False
    """Whether an association waits until the one before it has ended."""
    size_of: tuple[str, ...] = ()
    """The Python packages that it consists of, without the interpreter."""
    certificates: Certificates | None = None
    """The certificates of a server that is asked over TLS."""
    preface: bytes = b""
    """What every connection to it must begin with."""
    nodes: tuple[Server, ...] = ()
    """The servers to which it forwards connections; the file `nodes` in its folder has their ports."""


def limit(program: Path) -> Server:
    return Server(
        "limit",
        "the limit",
        lambda port, _: [str(program), str(port)],
        "Tests/Benchmark/limit.c: fixed answers, nothing checked, no log, no timers",
    )


def echoscpd(program: Path, key: str = "echoscpd", *options: str) -> Server:
    """echoscpd with the default log level on a terminal."""
    return Server(
        key,
        " ".join(["echoscpd", *options]),
        lambda port, _: [
            str(program), "--log-level", "warning", "--log-target", "stderr",
            "--config", os.devnull, "--bind-address", "127.0.0.1", *options, str(port),
        ],
        "log-level warning",
    )  # fmt: skip


def echoscpd_at_info(program: Path) -> Server:
    """echoscpd as a service: it logs to the journal, or to a pipe if there is none."""
    has_journal = JOURNAL.is_socket()
    target = "journal" if has_journal else "stderr"
    return Server(
        "echoscpd-info",
        "echoscpd, info",
        lambda port, _: [
            str(program), "--log-level", "info", "--log-target", target,
            "--config", os.devnull, "--bind-address", "127.0.0.1", str(port),
        ],
        "log-level info, " + ("to the socket of the journal" if has_journal
         else "no journal here: through a pipe to `wc -l`, which counts the lines"),
        is_read=not has_journal,
    )  # fmt: skip


def limit_over_tls(program: Path, certificates: Certificates) -> Server:
    files = certificates.certificate("server"), certificates.key("server"), certificates.ca
    return Server(
        TLS_LIMIT,
        "the limit over TLS",
        lambda port, _: [str(program), str(port), *map(str, files)],
        "Tests/Benchmark/limit_tls.c: the same with OpenSSL, which is set up as in echoscpd",
        certificates=certificates,
    )


def echoscpd_over_tls(program: Path, certificates: Certificates) -> Server:
    """echoscpd with DICOM TLS; its plain port, which it has as well, is not used."""
    return Server(
        TLS_ECHOSCPD,
        "echoscpd over TLS",
        lambda port, _: [
            str(program), "--log-level", "warning", "--log-target", "stderr",
            "--config", os.devnull, "--bind-address", "127.0.0.1", "--tls-port", str(port),
            *certificates.options("server"), "--tls-client-certificate", "require", str(free_port()),
        ],
        "log-level warning, tls-client-certificate require",
        certificates=certificates,
    )  # fmt: skip


def _dcmtk(name: str) -> Server | str:
    program = shutil.which(name)
    if program is None:
        return f"{name}: not installed (Debian package dcmtk)"
    return Server(
        name,
        f"DCMTK {name}",
        lambda port, folder: [program, "-dhl", "-od", str(folder), str(port)],
        "-dhl, TCP_NODELAY=1; one association at a time, the others wait"
        + (" (its default; not --fork)" if name == "storescp" else ""),
        # Without these, it looks up the name of each peer, and Nagle's algorithm delays its answers.
        environment={"TCP_NODELAY": "1"},
        is_peer=True,
        is_one_at_a_time=True,
    )


def _pynetdicom() -> Server:
    return Server(
        "pynetdicom",
        "pynetdicom echoscp",
        lambda port, _: [
            sys.executable, str(HERE / "pynetdicom_echoscp.py"), "-q", "-ba", "127.0.0.1",
            "-tn", PATIENT, "-ta", PATIENT, "-td", PATIENT, str(port),
        ],
        "its program, but without its bound of 10 associations at once",
        is_peer=True,
        size_of=("pynetdicom", "pydicom"),
    )  # fmt: skip


def _orthanc() -> Server | str:
    program = shutil.which("Orthanc")
    if program is None:
        return "Orthanc: not installed"

    def command(port: int, folder: Path) -> list[str]:
        configuration = folder / "orthanc.json"
        configuration.write_text(
            json.dumps(
                {
                    "Name": "Benchmark",
                    "DicomAet": "ORTHANC",
                    "DicomPort": port,
                    "DicomAlwaysAllowEcho": True,
                    "DicomCheckCalledAet": False,
                    "HttpServerEnabled": False,
                    "StorageDirectory": str(folder / "storage"),
                    "IndexDirectory": str(folder / "index"),
                    "Plugins": [],
                }
            )
        )
        return [program, str(configuration)]

    return Server(
        "orthanc", "Orthanc", command, "DICOM only, no HTTP, no plugins",
        environment={"TCP_NODELAY": "1"}, is_peer=True,
    )  # fmt: skip


def peers() -> tuple[list[Server], list[str]]:
    """The installed third-party servers, and the reasons why others are left out."""
    found = [_dcmtk("storescp"), _dcmtk("dcmrecv"), _pynetdicom(), _orthanc()]
    return (
        [one for one in found if isinstance(one, Server)],
        [one for one in found if isinstance(one, str)],
    )
