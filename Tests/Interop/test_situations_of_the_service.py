"""The journal's records when the service fails to start."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon import CONFIGURATION, PROGRAM, free_port
from journal import Journal
from peer import PATIENCE
from test_situations import compare


@dataclass(frozen=True)
class Start:
    """A start with these arguments and this configuration, and its expected exit status."""

    title: str
    status: int
    arguments: tuple[str, ...] = ("{port}",)
    configuration: str = ""
    user: int | None = None


STARTS = {
    "port-in-use": Start("Another program uses the port", 69, ("{taken}",)),
    "privileged-port": Start(
        "Only root may use the port", 77, ("--config", "/dev/null", "104"), user=65534
    ),
    "address-not-here": Start(
        "The address does not belong to this host", 69, ("-ba", "192.0.2.1", "{port}")
    ),
    "configuration-unknown-key": Start(
        "A key in the configuration is misspelled", CONFIGURATION,
        configuration="[network]\nae-tilte = A\n",
    ),
    "configuration-invalid-values": Start(
        "Some values in the configuration are invalid", CONFIGURATION,
        configuration="[network]\nport = 70000\nae-title = A_TITLE_THAT_IS_TOO_LONG\nacse-timeout = soon\n",
    ),
    "configuration-unknown-section": Start(
        "A section in the configuration is unknown", CONFIGURATION, configuration="[devices CT1]\n"
    ),
    "configuration-not-there": Start(
        "The configuration file does not exist", CONFIGURATION,
        ("--config", "/nonexistent/echoscp.conf", "{port}"),
    ),
}  # fmt: skip


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("name", STARTS)
def test_what_the_journal_says_of_a_start(tmp_path: Path, name: str, taken: int) -> None:
    start = STARTS[name]
    if start.user is not None and os.geteuid() != 0:
        pytest.skip("only root can become another user")
    journal = Journal(tmp_path / "journal")
    # Users other than root may also write to the journal.
    os.chmod(journal.directory / "socket", 0o666)
    configuration = tmp_path / "echoscp.conf"
    configuration.write_text(start.configuration)
    port = free_port()
    given = [argument.format(port=port, taken=taken) for argument in start.arguments]
    if "--config" not in given:
        given = ["--config", str(configuration), *given]
    if "-ba" not in given:
        given = ["-ba", "127.0.0.1", *given]
    with (tmp_path / "stderr").open("wb") as stderr:
        stream = os.fstat(stderr.fileno())
        command = [*journal.wrapper, *_as(start.user), str(PROGRAM), *given]
        running = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr, timeout=PATIENCE,
            env={**os.environ, "JOURNAL_STREAM": f"{stream.st_dev}:{stream.st_ino}"}, check=False,
        )  # fmt: skip
    assert running.returncode == start.status, (tmp_path / "stderr").read_text()
    [entry] = [entry for entry in journal.read() if "ECHOSCP_CAUSE" in entry]
    message = entry["MESSAGE"][0].replace(str(tmp_path), "DIRECTORY")
    message = re.sub(rf"\b({port}|{taken})\b", "PORT", message)
    fields = [f"  {key}={entry[key][0]}" for key in ("ECHOSCP_CAUSE", "PRIORITY")]
    print("\n".join([start.title, message, *fields]))
    compare(name, "\n".join([f"# {start.title}.", message, *fields, ""]))
    journal.listener.close()


def _as(user: int | None) -> list[str]:
    if user is None:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
