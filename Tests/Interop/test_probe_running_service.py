"""`--probe` without a host asks the service that runs: its command line, in /proc, has the port and the AE title.

Each test runs in a PID namespace of its own, where a script called echoscpd stands for the service. Its command
line begins with that of its interpreter, as that of a program does that an emulator runs.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import PROGRAM, Daemon
from peer import PATIENCE

Start = Callable[..., Daemon]
OK, CRITICAL, UNKNOWN = 0, 2, 3
_UNSHARE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
_SERVICE = "#!/bin/sh\nread line\n"

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or subprocess.run([*_UNSHARE, "true"], check=False).returncode != 0,
    reason="only root can make a PID namespace",
)


@pytest.fixture
def service(tmp_path: Path) -> Path:
    path = tmp_path / "echoscpd"
    path.write_text(_SERVICE)
    path.chmod(0o755)
    return path


def probe(
    services: list[list[str | Path]], *options: str, before: str = ":", user: str | None = None
) -> tuple[int, str]:
    """The exit status and the output of a probe beside these services. `before` is run in between."""
    # With a pipe that nobody writes to, each of them waits until the namespace ends.
    started = [f"sleep 60 | {shlex.join(map(str, words))} &" for words in services]
    run = (["setpriv", "--reuid", user, "--regid", user, "--clear-groups"] if user else []) + [str(PROGRAM)]
    names = f"until [ $(cat /proc/[0-9]*/comm | grep -c -x echoscpd) = {len(services)} ]; do sleep 0.01; done"
    script = "\n".join([*started, names, before, shlex.join([*run, "--probe", *options])])
    done = subprocess.run(
        [*_UNSHARE, "sh", "-c", script + "\nexit $?"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    text = done.stdout + done.stderr
    print(text.partition("\n")[0])
    return done.returncode, text


def test_port_and_title_are_options_of_the_service(echoscpd: Start, service: Path) -> None:
    scp = echoscpd("-aet", "OPTION", "--require-called-ae-title")
    status, text = probe([[service, str(scp.port), "-aet", "OPTION"]])
    assert status == OK and text.startswith(f"OK: OPTION at localhost:{scp.port} ")
    # Options of the probe take precedence.
    status, text = probe([[service, "1", "-aet", "OTHER"]], str(scp.port), "-aet", "OPTION")
    assert status == OK and text.startswith(f"OK: OPTION at localhost:{scp.port} ")


def test_an_option_of_the_service_does_not_change_the_probe(echoscpd: Start, service: Path) -> None:
    """`-q` silences the service, not its probe."""
    scp = echoscpd()
    assert probe([[service, "-q", str(scp.port)]])[0] == OK


@pytest.mark.parametrize("name", ["absolute", "relative"])
def test_a_file_that_the_service_names(
    echoscpd: Start, service: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    scp = echoscpd("-aet", "FILED", "--require-called-ae-title")
    file = tmp_path / "site.conf"
    file.write_text(f"[network]\nport = {scp.port}\nae-title = FILED\n")
    monkeypatch.chdir(tmp_path)
    named = file if name == "absolute" else file.name
    status, text = probe([[service, "--config", named]], before="cd /")
    assert status == OK and text.startswith(f"OK: FILED at localhost:{scp.port} ")


def test_which_of_several(echoscpd: Start, service: Path) -> None:
    scp = echoscpd("-aet", "SECOND", "--require-called-ae-title")
    services: list[list[str | Path]] = [
        [service, "1", "-aet", "FIRST"], [service, f"2,{scp.port}", "-aet", "SECOND"],
    ]  # fmt: skip
    status, text = probe(services)
    assert status == UNKNOWN and "several services run here" in text
    status, text = probe(services, str(scp.port))
    assert status == OK and text.startswith("OK: SECOND at ")


def test_other_actions_are_no_services(echoscpd: Start, service: Path) -> None:
    scp = echoscpd("-aet", "OPTION", "--require-called-ae-title")
    others: list[list[str | Path]] = [[service, "--probe", "pacs"], [service, "--version"]]
    assert probe([[service, str(scp.port), "-aet", "OPTION"], *others])[0] == OK


def test_a_command_line_of_another_version(echoscpd: Start, service: Path) -> None:
    scp = echoscpd()
    status, text = probe([[service, "--new-option", str(scp.port)]])
    assert status == UNKNOWN and "--new-option" in text and "give its port" in text
    assert probe([[service, "--new-option", "1"]], str(scp.port))[0] == OK


@pytest.mark.parametrize("hidden", ["mount -t tmpfs none /proc", "mount -o remount,hidepid=2 /proc"])
def test_processes_that_cannot_be_seen(echoscpd: Start, service: Path, hidden: str) -> None:
    scp = echoscpd()
    status, text = probe([[service, str(scp.port)]], before=hidden, user="65534")
    assert status == UNKNOWN and "give its port" in text
    assert probe([[service, "1"]], str(scp.port), before=hidden, user="65534")[0] == OK


def test_the_rules_of_the_service_are_not_those_of_another_scp(
    echoscpd: Start, service: Path
) -> None:
    """A port that the service does not have belongs to something else, whose refusal its settings do not explain."""
    options = ("--allow-calling-ae-titles", "CT*")
    scp = echoscpd(*options)
    for port, told in (str(scp.port), True), ("1", False):
        status, text = probe([[service, port, *options]], str(scp.port))
        assert status == CRITICAL
        assert ('add "ECHOSCPD" to allow-calling-ae-titles' in text) == told


def test_the_address_that_it_comes_from(echoscpd: Start, service: Path) -> None:
    """A service that listens on 127.0.0.2 sees the probe come from 127.0.0.1 or 127.0.0.2, as the system chooses."""
    scp = echoscpd("--deny-addresses", "127.0.0.0/8", host="127.0.0.2")
    words = [service, str(scp.port), "-ba", "127.0.0.2", "--deny-addresses", "127.0.0.0/8"]
    status, text = probe([words])
    assert status == CRITICAL and "deny-addresses includes 127.0.0.0/8" in text
