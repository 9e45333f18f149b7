"""The program as a user configures it: with files of any content, and without options from the tests.

`Daemon` always passes an address and a port, which override those of a file; `Exactly` runs the program
with the given arguments and no others.
"""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from daemon import CONFIGURATION, LIMITS, OK, PROGRAM, Daemon, limit_descriptors, run_to_its_end
from peer import PATIENCE

STANDARD_FILE = Path("/etc/echoscp.conf")
"""The file that the program reads by default."""

_DUMPED = re.compile(r"(?P<key>[a-z-]+) = (?P<value>.*)  # (?P<origin>.*)")


@dataclass(frozen=True)
class Dumped:
    """A line of `--dump-config`."""

    section: str
    value: str
    origin: str


def parse_dump(text: str) -> dict[str, Dumped]:
    """The settings in the output of `--dump-config`, by key; a line of any other form fails the test."""
    settings: dict[str, Dumped] = {}
    section = ""
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            continue
        found = _DUMPED.fullmatch(line)
        assert found, f"--dump-config printed an unexpected line: {line!r}"
        assert found["key"] not in settings, f"--dump-config printed {found['key']} twice"
        settings[found["key"]] = Dumped(section, found["value"].rstrip(), found["origin"])
    return settings


def dump(*arguments: str | bytes) -> dict[str, Dumped]:
    done = run_to_its_end(*arguments, "--dump-config")  # type: ignore[arg-type]
    assert (done.returncode, done.stderr) == (OK, ""), done
    return parse_dump(done.stdout)


@cache
def sections() -> dict[str, str]:
    """Every key of the program, with its section."""
    done = run_to_its_end("--config", "/dev/null", "--dump-config")
    assert done.returncode == OK, done
    return {key: setting.section for key, setting in parse_dump(done.stdout).items()}


def write(path: Path, content: str | bytes = "", **settings: str) -> str:
    """Writes a file with `content` and then `settings`, whose names have underscores in place of dashes."""
    octets = content if isinstance(content, bytes) else content.encode()
    for name, value in settings.items():
        key = name.replace("_", "-")
        octets += f"[{sections()[key]}]\n{key} = {value}\n".encode()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(octets)
    return str(path)


def check(path: str | bytes, *arguments: str) -> str:
    """The output of `--check-config` for a good file."""
    done = run_to_its_end("--config", path, *arguments, "--check-config")  # type: ignore[arg-type]
    assert (done.returncode, done.stderr) == (OK, ""), done
    return done.stdout


def faults(path: str | bytes, **arguments: object) -> list[str]:
    """The messages of `--check-config` about a bad file, which must be its only output."""
    checked = run_to_its_end(  # type: ignore[call-overload]
        "--config", path, "--check-config", **arguments
    )
    assert (checked.returncode, checked.stdout) == (CONFIGURATION, ""), checked
    assert checked.stderr.endswith("\n")
    return list(checked.stderr.removesuffix("\n").split("\n"))


class Exactly(Daemon):
    """The program with exactly these arguments, which must make it listen on `port` of `host`."""

    def __init__(
        self,
        *arguments: str,
        directory: Path,
        port: int,
        host: str = "127.0.0.1",
        before_exec: Callable[[], None] | None = None,
        wrapper: Sequence[str] = (),
    ) -> None:
        self.host, self.port, self.status = host, port, None
        self.stderr_path = directory / f"stderr-{port}"
        self.command = [*wrapper, str(PROGRAM), *arguments]
        self._peers = []
        with self.stderr_path.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=before_exec or limit_descriptors(*LIMITS),
            )
        deadline = time.monotonic() + 2 * PATIENCE
        try:
            while not self._listens():
                assert time.monotonic() < deadline, f"{self} does not listen"
                time.sleep(0.005)
        except BaseException:
            self.kill()
            raise


@contextmanager
def serving(*arguments: str, **how: object) -> Iterator[Exactly]:
    """Runs `Exactly` during the block; it must stop cleanly at the end."""
    scp = Exactly(*arguments, **how)  # type: ignore[arg-type]
    try:
        yield scp
        scp.stop(signal.SIGTERM)
    finally:
        scp.kill()
