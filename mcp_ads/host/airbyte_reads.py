"""Where Airbyte's own SDK reads a platform's record in one way only: a number as text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HEADER, SDK = "x-adp-agent-sdk", "airbyte-agent-sdk"
ISSUES, CODE = "issues_info", "error_code"
"""Meta sends a number; the SDK's model of a campaign wants text, and fails on the whole list otherwise."""


def as_read(record: Any) -> Any:
    """A record, or a list of them, as that SDK takes it; nothing else of it is another."""
    if isinstance(record, list):
        return [as_read(one) for one in record]
    if not isinstance(record, Mapping) or not isinstance(record.get(ISSUES), list):
        return record
    return {**record, ISSUES: [_with_text(issue) for issue in record[ISSUES]]}


def _with_text(issue: Any) -> Any:
    code = issue.get(CODE) if isinstance(issue, Mapping) else None
    return {**issue, CODE: str(code)} if isinstance(code, int) and not isinstance(code, bool) else issue
