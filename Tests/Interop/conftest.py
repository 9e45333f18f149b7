"""Fixtures for every test: the program with any options, or one that is already running."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from daemon import LIMITS, PROGRAM, Daemon, has_ipv6
from journal import Journal
from narrator import Narrator
from pki import PKI
from secure import Secured, TLSSettings, start_secured


def _is_worker(config: pytest.Config) -> bool:
    """Whether this process runs a part of the tests, for another one that reports them (pytest-xdist)."""
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    if not _is_worker(config):
        config.pluginmanager.register(Narrator(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the tests that run alone at the end, so that none of them holds up the others."""
    items.sort(key=lambda item: item.get_closest_marker("alone") is not None)


def pytest_sessionstart(session: pytest.Session) -> None:
    if not PROGRAM.exists():
        pytest.exit(
            f"{PROGRAM} does not exist: build it, or set ECHOSCPD to another one", returncode=2
        )
    # The tests hold many connections; the program itself starts with the original limit.
    resource.setrlimit(resource.RLIMIT_NOFILE, (LIMITS[1], LIMITS[1]))


def pytest_report_header() -> str:
    return f"echoscpd: {PROGRAM}"


@pytest.fixture(scope="session")
def _turns(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[IO[bytes]]:
    folder = tmp_path_factory.getbasetemp()
    if _is_worker(request.config):
        folder = folder.parent
    with (folder / "turns").open("ab") as file:
        yield file


@pytest.fixture(autouse=True)
def _turn(_turns: IO[bytes], request: pytest.FixtureRequest) -> Iterator[None]:
    """Has a test that is marked `alone` wait until no other test runs, and the others wait for it."""
    is_alone = request.node.get_closest_marker("alone") is not None
    fcntl.flock(_turns, fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH)
    yield
    fcntl.flock(_turns, fcntl.LOCK_UN)


def _finish(daemons: list[Daemon]) -> None:
    """Stops all of them, then raises the first problem, if any."""
    problems = []
    for daemon in daemons:
        try:
            daemon.stop()
        except AssertionError as problem:
            problems.append(problem)
            daemon.kill()
    if problems:
        raise problems[0]


@pytest.fixture
def echoscpd(tmp_path: Path) -> Iterator[Callable[..., Daemon]]:
    """Starts the program: `scp = echoscpd("-v", "-tn", "0.5")`. See `Daemon` for the other arguments.

    At the end of the test, each program must still be alive, stop on SIGTERM and exit with 0.
    """
    daemons: list[Daemon] = []

    def start(*options: str, **arguments: object) -> Daemon:
        daemon = Daemon(*options, directory=tmp_path, **arguments)  # type: ignore[arg-type]
        daemons.append(daemon)
        return daemon

    yield start
    _finish(daemons)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """The journal of a program with `--log-target journal` and the argument `wrapper=journal.wrapper`."""
    return Journal(tmp_path / "journal")


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> PKI:
    return PKI(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def secured(
    echoscpd: Callable[..., Daemon], journal: Journal, pki: PKI
) -> Callable[..., Secured]:
    """Starts the program with DICOM TLS: `secured("-tn", "0.5", mode="require")`. The keywords are those of
    `TLSSettings`."""

    def start(*options: str, **settings: object) -> Secured:
        return start_secured(echoscpd, journal, pki, TLSSettings(**settings), *options)  # type: ignore[arg-type]

    return start


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Daemon]]:
    daemons: list[Daemon] = []
    yield daemons
    _finish(daemons)


@pytest.fixture
def scp(_running: list[Daemon], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A program with default options that the tests of a file share, one after the other.

    A test during which it dies fails; the next test gets a new program.
    """
    if not _running:
        _running.append(Daemon("-v", directory=tmp_path_factory.mktemp("shared")))
    yield _running[0]
    _running[0].forget_peers()
    try:
        _running[0].check()
    except AssertionError:
        _running.pop().kill()
        raise


@pytest.fixture(scope="session")
def ipv6() -> None:
    if not has_ipv6():
        pytest.skip("this machine has no IPv6 loopback address")


def _tool(name: str, package: str) -> str:
    # Not every user has the folder of HAProxy in the path.
    path = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed (Debian package {package})")
    return path


@pytest.fixture(scope="session")
def echoscu_path() -> str:
    return _tool("echoscu", "dcmtk")


@pytest.fixture(scope="session")
def storescu_path() -> str:
    return _tool("storescu", "dcmtk")


@pytest.fixture(scope="session")
def storescp_path() -> str:
    return _tool("storescp", "dcmtk")


@pytest.fixture(scope="session")
def haproxy_path() -> str:
    return _tool("haproxy", "haproxy")
