"""The machine that the tests share, with the package installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import packages
from inventory import Inventory
from machine import Machine, Obstacle, booted, obstacle
from narrator import Narrator
from pki import PKI

SUITE = os.environ.get("SUITE", "bookworm")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Narrator(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # All tests share one machine, so those that remove the package come last.
    items.sort(key=lambda item: "removal" in item.nodeid)
    problem = obstacle()
    if problem:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=problem))


def pytest_report_header() -> str:
    return f"suite: {SUITE}, package: that of {packages.origin().name}"


@pytest.fixture(scope="session")
def debs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the machine has as /debs."""
    place = tmp_path_factory.mktemp("debs")
    packages.provide(place, tmp_path_factory.mktemp("later"))
    return place


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> PKI:
    return PKI(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="session")
def bare(debs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with the package in /debs, not installed. The tests run in its network."""
    try:
        with booted(SUITE, debs, tmp_path_factory.mktemp("boot") / "log") as machine:
            yield machine
    except Obstacle as problem:
        pytest.skip(str(problem))


@pytest.fixture(scope="session")
def before(bare: Machine) -> Inventory:
    """The machine's files before the package was installed."""
    return Inventory(bare)


@pytest.fixture(scope="session")
def installed(bare: Machine, before: Inventory) -> Machine:
    """The machine with the package, installed as an administrator would."""
    assert before.files
    bare.run("apt-get", "install", "--yes", f"/debs/{packages.CURRENT}")
    return bare


@pytest.fixture
def machine(installed: Machine, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """The machine with the package in its freshly installed state."""
    installed.reset()
    with installed.recorded(lambda: request.session.testsfailed):
        yield installed
