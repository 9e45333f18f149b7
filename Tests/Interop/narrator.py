"""Shows the output of passed tests: below each test's name with `-v`, else at the end of the run."""

from __future__ import annotations

import pytest


class Narrator:
    """Shows the captured output of each test below its name, with the seconds it took."""

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
            terminalreporter.section("output of the tests")
            for line in self._told:
                terminalreporter.write_line(line)
