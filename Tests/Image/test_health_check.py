"""The health check of the image asks the service that runs in the container, whatever its options and files.

If it fails, it says why, and the remedy that it prints makes it succeed.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Image
from container import FILE, FOLDER, PORT, RELOADED, Container, strict
from daemon import OK
from peer import Peer

Start = Callable[..., Container]
Done = subprocess.CompletedProcess[str]

CRITICAL = 2
"""The exit status of a check if the service does not answer."""

WITH_INIT = pytest.mark.parametrize("has_init", [False, True], ids=["alone", "init"])


@pytest.fixture
def check(image: Image) -> Callable[..., Done]:
    """Runs the health check in a container, as an engine does: `check(container)`."""
    kind, *command = image.configuration["config"]["Healthcheck"]["Test"]
    assert kind == "CMD"

    def run(one: Container, *options: str) -> Done:
        done = one.execute(*command, *options)
        assert done.stderr == "", done
        return done

    return run


def shows_success(done: Done, title: str, port: int) -> None:
    """Checks the result of a health check that succeeded, and prints its first line."""
    assert done.returncode == OK, done
    first = done.stdout.splitlines()[0]
    print(first.partition(" answered ")[0])
    assert first.startswith(f"OK: {title} at ") and f":{port} " in first


@WITH_INIT
def test_without_an_option(
    has_init: bool, container: Start, check: Callable[..., Done], init: Path
) -> None:
    """Also with a first process that is not the service, as with `docker run --init`."""
    one = container(init=init if has_init else None).listening()
    shows_success(check(one), "ECHOSCP", PORT)
    shows_success(check(one), "ECHOSCP", PORT)


@WITH_INIT
@pytest.mark.parametrize(
    "options",
    [
        ("11113", "-aet", "X", "--require-called-ae-title"),
        ("--ae-title=X", "--", "11113"),
        ("-aet", "X", "-ba", "127.0.0.1", "--user=none", "11113"),
    ],
    ids=["operand", "option", "address"],
)
def test_port_and_title_from_options(
    options: tuple[str, ...],
    has_init: bool,
    container: Start,
    check: Callable[..., Done],
    init: Path,
) -> None:
    one = container(*options, init=init if has_init else None).listening(11113)
    shows_success(check(one), "X", 11113)


@pytest.mark.parametrize("place", [FILE, FOLDER, "--config"])
def test_port_and_title_from_files(
    place: str, container: Start, check: Callable[..., Done], tmp_path: Path
) -> None:
    folder = tmp_path / "mounted"
    folder.mkdir()
    file = folder / "one.conf"
    file.write_text(f"{strict('FILED')}[network]\nport = 11114\n")
    if place == "--config":
        one = container(place, "/tmp/one.conf", mounts={"/tmp": folder})
    else:
        one = container(mounts={place: file if place == FILE else folder})
    shows_success(check(one.listening(11114)), "FILED", 11114)


def test_an_option_prevails_over_a_file(
    container: Start, check: Callable[..., Done], tmp_path: Path
) -> None:
    file = tmp_path / "one.conf"
    file.write_text(f"{strict('FILED')}[network]\nport = 11114\n")
    one = container("-aet", "X", "11113", mounts={FILE: file}).listening(11113)
    shows_success(check(one), "X", 11113)


def test_it_takes_options_of_its_own(container: Start, check: Callable[..., Done]) -> None:
    one = container("11113", "-aet", "X", "--require-called-ae-title").listening(11113)
    done = check(one, "--called-ae-title", "OTHER")
    print(done.stdout.splitlines()[0])
    assert done.returncode == CRITICAL and "OTHER" in done.stdout
    done = check(one, "--quiet")
    assert (done.returncode, done.stdout) == (OK, "")


@WITH_INIT
def test_a_service_that_hangs(
    has_init: bool, container: Start, check: Callable[..., Done], init: Path
) -> None:
    one = container(init=init if has_init else None).listening()
    shows_success(check(one), "ECHOSCP", PORT)
    one.signal_service("STOP")
    begin = time.monotonic()
    done = check(one, "--acse-timeout", "1")
    print(f"{done.stdout.splitlines()[0]} ({time.monotonic() - begin:.1f} s)")
    assert done.returncode == CRITICAL, done
    assert "answer" in done.stdout
    one.signal_service("CONT")
    shows_success(check(one), "ECHOSCP", PORT)


class Refused:
    """A container that refuses the health check by its mounted configuration."""

    def __init__(
        self, container: Start, check: Callable[..., Done], file: Path, configuration: str
    ) -> None:
        self._check, self._file = check, file
        file.write_text(configuration)
        self.container = container(mounts={FILE: file}).listening()

    def result(self) -> str:
        """The result of the check, which must fail."""
        done = self._check(self.container)
        assert done.returncode == CRITICAL, done
        print(done.stdout.rstrip())
        return done.stdout

    def succeeds(self, configuration: str) -> None:
        """Changes the configuration, makes the container read it, and checks that the check succeeds now."""
        self._file.write_text(configuration)
        self.container.kill("HUP")
        self.container.wait_for_line(RELOADED)
        shows_success(self._check(self.container), "ECHOSCP", PORT)


@pytest.mark.parametrize(
    ("setting", "value", "missing"),
    [
        ("allow-addresses", "192.0.2.0/24", "127.0.0.1"),
        ("allow-calling-ae-titles", "CT*", '"ECHOSCPD"'),
    ],
)
def test_a_rule_that_refuses_it(
    setting: str, value: str, missing: str,
    container: Start, check: Callable[..., Done], tmp_path: Path,
) -> None:  # fmt: skip
    rule = f"[access]\n{setting} = {value}"
    refused = Refused(container, check, tmp_path / "echoscp.conf", rule)
    found = re.search(rf"add (\S+) to {setting}\b", refused.result())
    assert found and found[1] == missing
    refused.succeeds(f"{rule}, {found[1]}\n")


def test_a_denied_address(container: Start, check: Callable[..., Done], tmp_path: Path) -> None:
    rule = "[access]\ndeny-addresses = 192.0.2.0/24, 127.0.0.0/8, ::/0\n"
    refused = Refused(container, check, tmp_path / "echoscp.conf", rule)
    found = re.search(r"remove (127\S+) from deny-addresses", refused.result())
    assert found
    refused.succeeds(rule.replace(f"{found[1]}, ", ""))


@pytest.mark.parametrize("limit", ["max-associations", "max-associations-per-address"])
def test_a_limit_that_refuses_it(
    limit: str, container: Start, check: Callable[..., Done], tmp_path: Path
) -> None:
    limits = "[network]\nbind-address = 127.0.0.1\n[limits]\n" + limit + " = {}\n"
    refused = Refused(container, check, tmp_path / "echoscp.conf", limits.format(1))
    with Peer(PORT) as peer:
        peer.associate()
        found = re.search(rf"raise .*?{limit} \((\d+)\)", refused.result())
        assert found
        refused.succeeds(limits.format(int(found[1]) + 1))
        peer.echo()
        peer.release()
