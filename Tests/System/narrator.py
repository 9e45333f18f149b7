"""Prints below the name of each test what it saw, or why it was not run."""

from __future__ import annotations

import pytest


class Narrator:
    """What a test prints is captured, so that it can stand below its name, and its seconds."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and isinstance(report.longrepr, tuple):
            self._tell(report.longrepr[2].removeprefix("Skipped: "))
        elif report.when == "call" and report.passed:
            for line in report.capstdout.splitlines():
                self._tell(line)
            self._tell(f"({report.duration:.1f} s)")

    def _tell(self, line: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        reporter.ensure_newline()
        reporter.write_line(f"    {line}")
