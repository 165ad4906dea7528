"""Edges that list: what is hidden, filters, cursors, totals."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from .calls import Call
from .errors import invalid, lost_cursor, too_much
from .filters import Condition, conditions, known_fields, passes
from .params import SECRET, Body, as_int, convert
from .state import GONE, PARENT, State, now
from .views import read

DEFAULT_LIMIT = 25
CURSOR_LIFE = 3600 * 4
STATUS_KEYS = ("effective_status", "status", "configured_status")
PAGING = {"after", "before", "limit", *SECRET}


def listed(call: Call, kind: str, rows: list[Body], params: Body) -> list[Body]:
    """The objects of an edge that this call is to see, newest first."""
    tests = conditions(call.params["filtering"]) if call.params.get("filtering") else []
    for test in tests:
        if test.field not in known_fields(kind):
            raise invalid(f"Filtering field '{test.field}' with operation '{test.operator}' is not supported")
    if statuses := params.get("effective_status"):
        tests.append(Condition("effective_status", "IN", _statuses(kind, statuses)))
    if since := params.get("updated_since"):
        tests.append(Condition("updated_time", "GREATER_THAN_OR_EQUAL", since))
    asked = any(test.field.rpartition(".")[2] in STATUS_KEYS for test in tests)
    state = call.state
    seen = [row for row in rows if asked or state.effective_status(kind, row) not in GONE]
    seen = [row for row in seen if all(passes(test, _field(state, kind, row, test.field)) for test in tests)]
    if isinstance(params.get("is_completed"), bool):
        seen = [row for row in seen if _completed(row) is params["is_completed"]]
    return seen[::-1]


def _statuses(kind: str, wanted: Any) -> list[str]:
    types = {"campaign": "many:effective_status", "adset": "many:effective_status_2"}
    found: list[str] = convert("effective_status", types.get(kind, "list"), wanted)
    return found


def _completed(row: Body) -> bool:
    end = row.get("stop_time") or row.get("end_time")
    return bool(end) and passes(Condition("", "BEFORE", now().isoformat()), end)


def _field(state: State, kind: str, row: Body, name: str) -> Any:
    """A field of the row, or of a parent for `campaign.name`."""
    owner, _, key = name.rpartition(".")
    if not owner and name in (f"{parent}_id" for parent in ("campaign", "adset")):
        return row.get(name)
    while owner and owner != kind:
        parent = state.parent(kind, row)
        assert parent is not None
        kind, row = PARENT[kind][0], parent
    return read(state, kind, row, key)


def page(call: Call, rows: list[Body], show: Callable[[Body], Body], *, most: int) -> Body:
    """One page of rows with the paging links Graph puts beside it."""
    limit = as_int("limit", call.params.get("limit") or DEFAULT_LIMIT)
    if limit < 1:
        raise invalid("Param limit must be greater than 0")
    if limit > most:
        raise too_much()
    start, end = _window(call, rows, limit)
    found = rows[start:end]
    answer: Body = {"data": [show(row) for row in found]}
    if found:
        answer["paging"] = _paging(call, rows, start, end, limit)
    if str(call.params.get("summary")) in ("true", "total_count", '["total_count"]', "True", "1"):
        answer["summary"] = {"total_count": len(rows)}
    return answer


def _window(call: Call, rows: list[Body], limit: int) -> tuple[int, int]:
    if call.params.get("after"):
        start = _place(call, rows, str(call.params["after"])) + 1
        return start, start + limit
    if call.params.get("before"):
        end = _place(call, rows, str(call.params["before"]))
        return max(0, end - limit), max(0, end)
    return 0, limit


def _paging(call: Call, rows: list[Body], start: int, end: int, limit: int) -> Body:
    end = min(end, len(rows))
    before, after = _cursor(call, start, rows[start]), _cursor(call, end - 1, rows[end - 1])
    paging: Body = {"cursors": {"before": before, "after": after}}
    if end < len(rows):
        paging["next"] = _link(call, limit, after=after)
    if start > 0:
        paging["previous"] = _link(call, limit, before=before)
    return paging


def _link(call: Call, limit: int, **cursor: str) -> str:
    """The whole address of another page, with the caller's token in it as on the real platform."""
    kept = {name: value for name, value in call.params.items() if name not in PAGING}
    texts = {
        name: json.dumps(value) if isinstance(value, (dict, list)) else value for name, value in kept.items()
    }
    query = {"access_token": call.token, **texts, "limit": limit, **cursor}
    return f"{call.url}?{urlencode(query)}"


def _same_call(call: Call) -> str:
    kept = sorted((name, str(value)) for name, value in call.params.items() if name not in PAGING)
    return blake2b(repr((call.edge, call.node["id"], kept)).encode(), digest_size=6).hexdigest()


def _cursor(call: Call, index: int, row: Body) -> str:
    parts = [index, row.get("id", ""), _same_call(call), int(time.time())]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _place(call: Call, rows: list[Body], cursor: str) -> int:
    """Where a cursor points, even when rows came or went since."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        index, last, same, made = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, TypeError) as error:
        raise lost_cursor() from error
    if same != _same_call(call) or time.time() - made > CURSOR_LIFE:
        raise lost_cursor()
    if last:
        return next((n for n, row in enumerate(rows) if row.get("id") == last), int(index) - 1)
    return int(index)
