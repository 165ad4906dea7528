"""Amazon's reads as Airbyte's connector has them: lists as they are, objects by id one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mcp_ads.core import Reply, Request
from mcp_ads.core.carried import Carrier, Execution, operations_in
from mcp_ads.core.onward import listed, onward
from mcp_ads.errors import ApiError, NotFound

JSON = {"content-type": "application/json"}
FILTERS = ("campaignIdFilter", "portfolioIdFilter")
PLAIN = frozenset({"application/json", "application/vnd.spportfolio.v3+json"})
"""Media types that their actions send without saying so."""
EXTENDED = "Airbyte's action asks for no extended data: columns of it are empty"
DROPPED = {
    "includeExtendedDataFields": EXTENDED,
    "accessLevel": "Airbyte's action lists no profiles that may be looked at and not changed",
}


def _reply(execution: Execution, result: Any, meta: Mapping[str, Any]) -> Reply:
    operation = execution.operation
    if operation.rows and operation.one:
        result = {operation.rows: [] if result in (None, {}, []) else [result]}
    elif operation.rows:
        rows, meta = listed(result, meta, operation.rows, "nextToken")
        token = onward(rows, execution.params.get("maxResults"), meta, "next_token", "nextToken")
        result = {operation.rows: rows, **({"nextToken": token} if token else {})}
    return Reply(200, JSON, json.dumps(result).encode())


def _apart(request: Request) -> Sequence[Request]:
    """The reads of single objects that a list by ids is."""
    body = request.body if isinstance(request.body, Mapping) else {}
    name = next((name for name in FILTERS if name in body), "")
    ids = body[name].get("include") if name and isinstance(body[name], Mapping) else None
    if not isinstance(ids, list) or body[name].keys() != {"include"}:
        return [request]
    return [_of_one(request, name, id_) for id_ in ids]


def _of_one(request: Request, name: str, id_: str) -> Request:
    """The read of one object; a page of one has no size, and it is found in any state."""
    alone = request.with_body(**{name: {"include": [id_]}})
    assert isinstance(alone.body, Mapping)
    kept = {key: value for key, value in alone.body.items() if key not in ("maxResults", "nextToken")}
    return replace(alone, body=kept)


def _joined(_: Request, replies: Sequence[Reply | ApiError]) -> Reply:
    """The list of those there are. Raises what does not say that an object is not there."""
    whole: dict[str, list[Any]] = {}
    for reply in replies:
        if isinstance(reply, NotFound):
            continue
        if isinstance(reply, ApiError):
            raise reply
        for rows, found in json.loads(reply.content).items():
            whole.setdefault(rows, []).extend(found)
    return Reply(200, JSON, json.dumps(whole).encode())


CARRIER = Carrier(
    operations_in(__package__ or ""),
    lambda _, value: value,
    lambda value: value,
    _reply,
    apart=_apart,
    joined=_joined,
    plain=PLAIN,
    dropped=lambda name, _: DROPPED.get(name),
    in_part=frozenset(
        {
            "sponsored_product_campaigns.budget_usage",
            "sponsored_product_campaigns.budget_recommendations",
        }
    ),
)
