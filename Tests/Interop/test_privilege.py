"""The program needs no privileges except for a privileged port, and writes no file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon import (
    NO_PERMISSION,
    PROGRAM,
    SANITIZER,
    Daemon,
    echo,
    one_line,
    refused,
    run_to_its_end,
    wait_until,
)

Start = Callable[..., Daemon]
NOBODY = 65534


def _privileged_port() -> int:
    first = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    if first <= 1:
        pytest.skip("this machine lets anybody bind every port")
    for port in range(min(first, 1024) - 1, 0, -1):
        if refused(port):
            return port
    pytest.skip("every privileged port is taken")


def test_a_privileged_port_without_privilege() -> None:
    port = str(_privileged_port())
    wrapper: list[str] = []
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("setpriv is not installed (Debian package util-linux)")
        wrapper = [setpriv, "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"]
    done = run_to_its_end("-ba", "127.0.0.1", port, wrapper=wrapper)
    assert done.returncode == NO_PERMISSION, done
    assert port in one_line(done.stderr)


@pytest.fixture
def for_everybody() -> Iterator[Path]:
    """A folder with a copy of the program, and in it a folder that `nobody` may read and write."""
    place = Path(tempfile.mkdtemp(prefix="echoscpd-", dir="/tmp"))
    try:
        place.chmod(0o755)
        shutil.copy(PROGRAM, place / "echoscpd")
        (place / "echoscpd").chmod(0o755)
        (place / "home").mkdir()
        (place / "home").chmod(0o777)
        yield place
    finally:
        shutil.rmtree(place)


def test_without_privilege_it_serves_and_writes_nothing(
    echoscpd: Start, for_everybody: Path
) -> None:
    home = for_everybody / "home"
    scp = echoscpd(
        "-v",
        program=for_everybody / "echoscpd",
        user=NOBODY if os.geteuid() == 0 else None,
        cwd=home,
        environment={"HOME": str(home), "TMPDIR": str(home), "XDG_RUNTIME_DIR": str(home)},
    )
    echo(scp.port)
    scp.connect().send(b"GET / HTTP/1.1\r\n\r\n")
    scp.wait_for_line("W: ")
    scp.stop()
    assert list(home.iterdir()) == []
    assert sorted(path.name for path in for_everybody.iterdir()) == ["echoscpd", "home"]


def test_it_opens_no_file_for_writing(echoscpd: Start, tmp_path: Path) -> None:
    if SANITIZER:
        pytest.skip(f"{SANITIZER} sanitizer: its runtime opens files")
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed (Debian package strace)")
    if subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow strace")
    log = tmp_path / "calls"
    scp = echoscpd(
        "-v",
        wrapper=[strace, "-f", "-D", "-o", str(log), "-e",
                 "trace=open,openat,openat2,creat,mkdir,mkdirat,mknod,unlink,rename,truncate"],
    )  # fmt: skip
    echo(scp.port)
    scp.stop()
    assert wait_until(lambda: "exited with" in log.read_text())
    calls = [line for line in log.read_text().splitlines() if "(" in line]
    assert calls
    for call in calls:
        writes = re.search(
            r"O_WRONLY|O_RDWR|O_CREAT|\b(creat|mk\w+|unlink|rename|truncate)\(", call
        )
        # A thread sets its name through a file in /proc.
        assert not writes or re.search(r'"/(dev|proc/self/task)/', call), call
