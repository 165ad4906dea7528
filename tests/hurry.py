"""Amazon's reports without the seconds that they take: whole where a test is about time, else a fiftieth."""

from __future__ import annotations

import pytest

from mcp_ads.connectors.amazon_ads import report_steps
from mcp_ads.connectors.amazon_ads import reports as declared
from mcp_ads.sandbox.amazon import reports

FASTER = 50
WHOLE = report_steps.PAUSES


def hurry() -> None:
    """Shorten the pauses between looks and, alike, the time after which the sandbox's reports are made."""
    for module in (report_steps, declared):
        setattr(module, "PAUSES", tuple(each / FASTER for each in WHOLE))  # noqa: B010 - a constant elsewhere
    reports.READY_AFTER /= FASTER


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses as they are."""
    for module in (report_steps, declared):
        monkeypatch.setattr(module, "PAUSES", WHOLE)
