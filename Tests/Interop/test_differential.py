"""Compares the daemon with the program it replaces: pynetdicom's `echoscp` (the seed).

The same requestors drive both. The replies, and the logs with `-v` and `-d`, must be the same line by
line, except for the differences that `differences.md` lists. With `SEED_AGAINST_SEED` set, the seed is
compared with itself, which shows whether the scenarios and the comparison are deterministic.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import scenarios_command_line
import scenarios_contexts
import scenarios_messages
import scenarios_programs
import scenarios_user_information
from daemon import Daemon
from differential import Outcome, comparable, intended
from scenario import Command, Levels, Scenario, Start
from seed import Seed, settle

SAME = bool(os.environ.get("SEED_AGAINST_SEED"))
LEVELS = ("-v", "-d")
Driven = Scenario | Command
Started = Start | Levels

SCENARIOS: list[Driven] = [
    *scenarios_contexts.SCENARIOS,
    *scenarios_user_information.SCENARIOS,
    *scenarios_messages.SCENARIOS,
    *scenarios_programs.SCENARIOS,
]
STARTS: list[Started] = scenarios_command_line.SCENARIOS
JUDGED: set[str] = set()
"""The scenarios judged so far."""
USED: set[tuple[str, str]] = set()
"""The entry and the pattern of each difference seen so far."""


class Program:
    """One of the two programs, run with `-v` and with `-d`, for all scenarios with these options."""

    def __init__(self, kind: type[Daemon], options: tuple[str, ...], directory: Path) -> None:
        # A silent requestor occupies a thread of the seed until this timeout.
        patience = () if "-ta" in options else ("-ta", "1")
        self.running = [
            kind(level, *patience, *options, directory=directory) for level in LEVELS
        ]
        self.heard = [0 for _ in LEVELS]

    def drive(self, index: int, scenario: Driven) -> tuple[list[str], list[str]]:
        """Runs a scenario; returns the answers and the lines logged meanwhile."""
        scp = self.running[index]
        if isinstance(scp, Seed):
            scp.make_room()
        settle(scp)
        self.heard[index] = len(scp.text())
        answers = scenario.run(scp)
        settle(scp)
        return answers, comparable(scp.text()[self.heard[index] :])


class Programs:
    """Pairs of both programs, each started when a scenario first needs its options."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.pool = ThreadPoolExecutor(4)
        self.pairs: dict[tuple[str, ...], tuple[Program, Program]] = {}

    def pair(self, options: tuple[str, ...]) -> tuple[Program, Program]:
        if options not in self.pairs:
            kinds = (Seed, Seed if SAME else Daemon)
            for number, _ in enumerate(kinds):
                (self.directory / f"{len(self.pairs)}-{number}").mkdir()
            starting = [
                self.pool.submit(
                    Program, kind, options, self.directory / f"{len(self.pairs)}-{number}"
                )
                for number, kind in enumerate(kinds)
            ]
            self.pairs[options] = (starting[0].result(), starting[1].result())
        return self.pairs[options]

    def outcomes(self, scenario: Driven) -> tuple[Outcome, Outcome]:
        running = [
            [self.pool.submit(program.drive, index, scenario) for index in range(len(LEVELS))]
            for program in self.pair(scenario.options)
        ]
        results = []
        for each in running:
            heard = [future.result() for future in each]
            outcome = Outcome({level: lines for level, (_, lines) in zip(LEVELS, heard)})
            for level, (answers, _) in zip(LEVELS, heard):
                if level == LEVELS[0] or answers != heard[0][0]:
                    outcome.parts[f"requestor of {level}"] = answers
            results.append(outcome)
        return results[0], results[1]

    def stop(self) -> None:
        for pair in self.pairs.values():
            for program in pair:
                for scp in program.running:
                    scp.stop()
        self.pool.shutdown()


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    both = Programs(tmp_path_factory.mktemp("differential"))
    yield both
    both.stop()


def judge(name: str, seed: Outcome, ours: Outcome) -> None:
    """Fails for a difference that no entry explains, and for an entry that explains none."""
    entries = [] if SAME else [entry for entry in intended() if entry.concerns(name)]
    needed: set[str] = set()
    unexplained = []
    for change in seed - ours:
        found = [(entry, pattern) for entry in entries for pattern in entry.explains(change)]
        needed |= {entry.identifier for entry, _ in found}
        USED.update((entry.identifier, pattern) for entry, pattern in found)
        unexplained += [] if found else [change]
    assert not unexplained, "\n".join(["unexplained:", *unexplained, "", seed.show(ours)])
    JUDGED.add(name)
    idle = [entry.identifier for entry in entries if entry.identifier not in needed]
    assert not idle, f"{name!r} does not have the differences {idle} of differences.md"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(programs: Programs, scenario: Driven) -> None:
    if isinstance(scenario, Command) and shutil.which(scenario.command[0]) is None:
        pytest.skip(f"{scenario.command[0]} is not installed (Debian package dcmtk)")
    judge(scenario.name, *programs.outcomes(scenario))


@pytest.mark.parametrize("scenario", STARTS, ids=lambda scenario: scenario.name)
def test_start(scenario: Started, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        seed, ours = pool.map(
            lambda kind: scenario.outcome(kind, tmp_path), (Seed, Seed if SAME else Daemon)
        )
    judge(scenario.name, seed, ours)


def test_every_line_of_the_list_is_needed() -> None:
    names = {scenario.name for scenario in (*SCENARIOS, *STARTS)}
    if SAME or JUDGED != names:
        pytest.skip("not every scenario was judged")
    lines = {(entry.identifier, pattern) for entry in intended() for pattern in entry.changes}
    stale = sorted(lines - USED)
    assert not stale, f"these lines of differences.md are not needed: {stale}"
