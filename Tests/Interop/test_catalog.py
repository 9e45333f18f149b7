"""journalctl(1) can read the message catalog."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import journal
from daemon import REPOSITORY
from peer import PATIENCE

CATALOG = REPOSITORY / "packaging/catalog/echoscpd.catalog"


@pytest.fixture
def journalctl(tmp_path: Path) -> list[str]:
    """The command for a catalog database that contains only our catalog."""
    program = shutil.which("journalctl")
    if program is None:
        pytest.skip("journalctl is not installed (Debian package systemd)")
    for folder in ("usr/lib/systemd/catalog", "var/lib/systemd/catalog"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(CATALOG, tmp_path / "usr/lib/systemd/catalog")
    command = [program, f"--root={tmp_path}"]
    assert _output(*command, "--update-catalog") == ""
    return command


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def _entries(text: str) -> dict[str, str]:
    parts = re.split(r"^-- ([0-9a-f]{32})\n", text, flags=re.MULTILINE)
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def test_journalctl_reads_every_entry_as_it_is_written(journalctl: list[str]) -> None:
    written = _entries(CATALOG.read_text())
    assert len(written) > 50
    assert _entries(_output(*journalctl, "--dump-catalog")) == written


def test_journalctl_lists_every_entry_by_its_subject(journalctl: list[str]) -> None:
    subjects = [
        re.match(r"Subject: (.*)\n", body)[1] for body in _entries(CATALOG.read_text()).values()
    ]
    lines = _output(*journalctl, "--list-catalog").splitlines()
    print(f"{len(lines)} entries")
    assert sorted(line.split(": ", 1)[1] for line in lines) == sorted(subjects)


def test_the_numbers_that_the_tests_use_are_in_the_catalog() -> None:
    numbers = [value for name, value in vars(journal).items() if re.fullmatch("[A-Z][A-Z_]+", name)]
    assert len(numbers) > 8 and set(numbers) <= set(_entries(CATALOG.read_text()))
