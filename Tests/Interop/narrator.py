"""Prints what each test saw: below its name, or at the end where the tests have no line each."""

from __future__ import annotations

import pytest


class Narrator:
    """What a test prints is captured, so that it can stand below its name, with its seconds."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._has_lines = config.get_verbosity() > 0
        self._told: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        lines = report.capstdout.splitlines()
        seconds = f"({report.duration:.1f} s)"
        if report.skipped and isinstance(report.longrepr, tuple) and self._has_lines:
            self._tell(report.longrepr[2].removeprefix("Skipped: "))
        elif report.when == "call" and report.passed and self._has_lines:
            for line in (*lines, seconds):
                self._tell(line)
        elif report.when == "call" and report.passed and lines:
            self._told.append(f"{report.nodeid.rpartition('::')[2]} {seconds}")
            self._told += [f"    {line}" for line in lines]

    def _tell(self, line: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        reporter.ensure_newline()
        reporter.write_line(f"    {line}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._told:
            terminalreporter.section("what the tests saw")
            for line in self._told:
                terminalreporter.write_line(line)
