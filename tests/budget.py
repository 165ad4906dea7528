"""How long a run of the tests may take: it prints its time, and fails past `--most-seconds`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

BEGAN = time.monotonic()
"""When the tests began to be collected."""
OPTION = "--most-seconds"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(OPTION, type=float, default=None, help="fail when the whole run takes longer")


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Fail a run that was too long; one worker of many has no say."""
    yield
    most = session.config.getoption(OPTION)
    if most and _took() > most and "PYTEST_XDIST_WORKER" not in os.environ:
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how long it took, and of how much."""
    if most := config.getoption(OPTION):
        took = _took()
        verdict = "" if took <= most else ": TOO LONG"
        terminalreporter.write_line(f"{took:.0f} s of at most {most:.0f} s{verdict}")


def _took() -> float:
    return time.monotonic() - BEGAN


def scale(whole: int, least: int = 1) -> int:
    """So many of a long test's rounds: MCP_ADS_TEST_SCALE percent of them, 1 where nothing is said."""
    return max(least, round(whole * float(os.environ.get("MCP_ADS_TEST_SCALE") or 1) / 100))
