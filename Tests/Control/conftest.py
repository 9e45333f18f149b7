"""echoscpctl, the program under test: ECHOSCPCTL names it. It reads journals that the tests make."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from journals import JOURNAL_REMOTE, SECOND, Journal
from narrator import Narrator
from reports import valid

PROGRAM = os.environ.get("ECHOSCPCTL", "/usr/bin/echoscpctl")
# The longest time that a report may take here, in seconds.
LONGEST = 30


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Narrator(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not Path(JOURNAL_REMOTE).exists():
        for item in items:
            item.add_marker(pytest.mark.skip(reason=f"no {JOURNAL_REMOTE}: install systemd-journal-remote"))


def pytest_report_header() -> str:
    return f"echoscpctl: {PROGRAM}"


class Control:
    """Runs echoscpctl on a folder of journal files, in UTC."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, *words: object) -> list[str]:
        return [PROGRAM, *map(str, words), "--directory", str(self.folder)]

    @staticmethod
    def environment(**more: str) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "TZ": "UTC", **more}

    def __call__(self, *words: object, status: int | None = None, **more: str) -> list[str]:
        """The lines of a report; its exit status is `status` unless that is None."""
        done = subprocess.run(
            self.command(*words), capture_output=True, text=True, timeout=LONGEST,
            env=self.environment(**more), stdin=subprocess.DEVNULL,
        )
        assert done.stderr == "", done.stderr
        if status is not None:
            assert done.returncode == status, done.stdout
        return done.stdout.splitlines()

    def json(self, *words: object, status: int | None = None) -> dict:
        """A report as JSON, which is as the schema says."""
        lines = self(*words, "--json", status=status)
        assert len(lines) == 1
        return valid(lines[0])

    def refusal(self, *words: object) -> str:
        """What a command prints that cannot report anything."""
        return refusal(*self.command(*words))


def refusal(*command: str, **more: str) -> str:
    """What a command prints on standard error that ends with the status for unknown."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=LONGEST, stdin=subprocess.DEVNULL,
        env=Control.environment(**more),
    )
    assert done.returncode == 3 and done.stdout == "", done
    return done.stderr


@pytest.fixture
def now() -> int:
    """The time of the test, in microseconds since 1970."""
    return int(time.time()) * SECOND


@pytest.fixture
def control(tmp_path: Path) -> Callable[[Journal], Control]:
    """Writes a journal, and returns the program that reads it."""

    def write(journal: Journal) -> Control:
        return Control(journal.write(tmp_path / "journal"))

    return write
