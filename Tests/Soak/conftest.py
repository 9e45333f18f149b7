"""Fixtures for the soak tests: the program with its default options."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon import LIMITS, PROGRAM, Daemon
from narrator import Narrator

SECONDS = float(os.environ.get("SOAK_SECONDS", "60"))
"""The duration of each flood in seconds."""


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Narrator(config))


def pytest_sessionstart(session: pytest.Session) -> None:
    if not PROGRAM.exists() or "ECHOBENCH" not in os.environ:
        pytest.exit("ECHOSCPD and ECHOBENCH must name the programs; use `make soak`", returncode=2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (LIMITS[1], LIMITS[1]))


@pytest.fixture
def echoscpd(tmp_path: Path) -> Iterator[Callable[..., Daemon]]:
    """Starts the program. At the end of the test, each one must still be alive and stop cleanly."""
    daemons: list[Daemon] = []

    def start(*options: str, **arguments: object) -> Daemon:
        daemon = Daemon(*options, directory=tmp_path, **arguments)  # type: ignore[arg-type]
        daemons.append(daemon)
        return daemon

    yield start
    try:
        for daemon in daemons:
            daemon.stop()
    finally:
        for daemon in daemons:
            daemon.kill()


@pytest.fixture
def seconds() -> float:
    return SECONDS
