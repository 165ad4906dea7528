"""What kind of answer a call has: a list, one record, or whatever the platform has there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core import Action, Connector, Write
from mcp_ads.core.raw import Raw
from mcp_ads.core.texts import kinds_of
from mcp_ads.core.view import TableView, view_of
from mcp_ads.errors import UnknownAction
from mcp_ads.sdk.backend import Answered
from mcp_ads.sdk.record import ExecuteResult, answer_record, recorded

LIST, RECORD, EITHER = "ExecuteResult", "Record", "Any"
AGAIN = "not finished: no record is here yet; call again with meta's params"


def answers(name: str, action: type[Action]) -> str:
    """The name of the type that a call answers with."""
    if issubclass(action, Write):
        return RECORD
    if issubclass(action, Raw) or (name == "get" and not action.subject and view_of(action) is TableView):
        return EITHER
    if name == "get" and action.subject:
        return RECORD if str in kinds_of(action.model_fields[action.subject].annotation) else LIST
    return LIST if view_of(action) is TableView or action.many else RECORD


def answered(found: Answered, offer: Connector, entity: str, action: str, params: Mapping[str, Any]) -> Any:
    """An `ExecuteResult` of a list, anything else as records.

    A list that is not finished has no record yet: `meta` has its `status`, and the `params` of the call that
    goes on.
    """
    if isinstance(found.data, list):
        return ExecuteResult(data=recorded(found.data), meta=found.meta)
    if not (found.meta.get("pending") and isinstance(found.data, Mapping)):
        return answer_record(found.data, found.meta)
    try:
        name = offer.meant(entity, action, params)
        kind = offer.action(entity, name)
    except UnknownAction:
        return answer_record(found.data, found.meta)
    if answers(name, kind) != LIST:
        return answer_record(found.data, found.meta)
    resumed = {key: value for key, value in found.data.items() if key != "status"}
    again = {"status": found.data.get("status", "PENDING"), "params": {**params, **resumed}}
    return ExecuteResult(data=[], meta={"partial": AGAIN, **found.meta, **again})
