"""Where Airbyte's own SDK reads a platform's answer in one way only: whole, or a number as text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.connectors import connector

from .catalog import DEFINITIONS

HEADER, SDK = "x-adp-agent-sdk", "airbyte-agent-sdk"
ISSUES, CODE = "issues_info", "error_code"
"""Meta sends a number; the SDK's model of a campaign wants text, and fails on the whole list otherwise."""

WHOLE, NEXT = "amazon-ads", {"next_token": "nextToken"}
"""The connector whose lists that SDK's models want as the platform answers them: rows under their name."""


def answered(slug: str, entity: str, action: str, result: Any, meta: Mapping[str, Any]) -> Any:
    """The result of a call as that SDK takes it; `meta` says where a list goes on."""
    read = as_read(result)
    if slug != WHOLE or not isinstance(read, list):
        return read
    known = connector(DEFINITIONS[slug].name).carrier
    operations = known.operations if known else ()
    rows = next((one.rows for one in operations if (one.entity, one.action) == (entity, action)), "")
    onward = {theirs: meta[ours] for ours, theirs in NEXT.items() if meta.get(ours)}
    return {rows: read, **onward} if rows else read


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
