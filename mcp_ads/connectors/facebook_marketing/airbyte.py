"""Graph requests as Airbyte's connector has them: texts as in a form, pages by their cursor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

from mcp_ads.core import Reply
from mcp_ads.core.carried import Carrier, Execution, operations_in
from mcp_ads.core.onward import listed, onward

from .delivery.base import EVERY_STATUS
from .dialect import CURSOR

KINDS = {"spend_caps": "ad_accounts", "adset_budgets": "ad_sets", "new_ad_sets": "ad_sets", "raw": ""}
"""Modules whose requests are about objects of another's name."""
UNFILTERED = (
    "rows of ARCHIVED and DELETED objects are missing: Airbyte's action cannot ask for them; level=account "
    "counts them"
)
ONE_PAGE = "Airbyte's action reads one page of this: rows beyond it are missing"
JSON = {"content-type": "application/json"}


MOST_ON_A_PAGE = 100
"""Rows that an action of theirs takes to be asked for at once."""


def _asked(name: str, value: Any) -> Any:
    if name == CURSOR.size:
        return min(value, MOST_ON_A_PAGE) if isinstance(value, int) else value
    return _sent(value)


def _sent(value: Any) -> Any:
    """Their fields are texts; what is nested is JSON in these."""
    if isinstance(value, str | bool):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _reply(execution: Execution, result: Any, meta: Mapping[str, Any]) -> Reply:
    """A list with its cursor, where that goes on; anything else is answered as Graph does."""
    if execution.operation.rows:
        rows, meta = listed(result, meta)
        pages = CURSOR.write in execution.operation.query
        after = onward(rows, execution.params.get(CURSOR.size), meta, CURSOR.write) if pages else ""
        paging = {"cursors": {"after": after}, "next": CURSOR.write} if after else {}
        result = {execution.operation.rows: rows, **({"paging": paging} if paging else {})}
    return Reply(200, JSON, json.dumps(result).encode())


def _dropped(name: str, value: Any) -> str | None:
    """The size of a page, and the filter of reports for objects in any status; no other filter."""
    if name == CURSOR.size:
        return ONE_PAGE
    condition = value[0] if name == "filtering" and isinstance(value, list) and len(value) == 1 else None
    if not isinstance(condition, dict) or condition.get("operator") != "IN":
        return None
    said, every = condition.get("value"), [sorted(get_args(statuses)) for statuses in EVERY_STATUS.values()]
    whole = isinstance(said, list) and sorted(map(str, said)) in every
    return UNFILTERED if whole and str(condition.get("field")).endswith(".effective_status") else None


CARRIER = Carrier(
    operations_in(__package__ or ""),
    _asked,
    _sent,
    _reply,
    kinds=KINDS,
    dropped=_dropped,
    in_part=frozenset({"delivery_issues.list"}),
)
