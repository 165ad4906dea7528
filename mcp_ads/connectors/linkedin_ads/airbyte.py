"""Rest.li requests as Airbyte's connector has them: structures spelled, batches read one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from mcp_ads.core import Reply, Request
from mcp_ads.core.carried import Carrier, Execution, operations_in
from mcp_ads.core.onward import goes_on, listed, onward
from mcp_ads.errors import ApiError, Rejected

from . import restli
from .dialect import METHOD, PROTOCOL

JSON = {"content-type": "application/json"}
PLAIN = frozenset({"finder", "get", "create", "delete", PROTOCOL})
"""Rest.li methods that the verb and the path say by themselves."""
PLACES = {"campaigns": "adCampaigns", "creatives": "creatives"}
GONE, MADE, DONE = 404, 201, 204


def _asked(name: str, value: Any) -> Any:
    """Structures in Rest.li's spelling, whose brackets they leave as they are; they escape plain texts."""
    if name == "fields":
        return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if name == "accounts" and isinstance(value, list) and len(value) == 1:
        return value[0]  # their list of users sends no protocol's version, so that LinkedIn reads a plain URN
    if isinstance(value, Mapping | list | tuple):
        return restli.encode(value)
    return str(value).lower() if isinstance(value, bool) else value


def _reply(execution: Execution, result: Any, meta: Mapping[str, Any]) -> Reply:
    operation, request = execution.operation, execution.request
    if operation.rows:
        found, meta = listed(result, meta)
        rows = [_bare(row, operation.adds) for row in found]
        return Reply(200, JSON, json.dumps({operation.rows: rows, **_onward(execution, rows, meta)}).encode())
    if request.risk == "read":
        return Reply(200, JSON, json.dumps(result).encode())
    if operation.action == "create" and request.method == "POST" and not operation.headers:
        made = _made(result, meta)
        return Reply(MADE, JSON | ({"x-restli-id": str(made)} if made else {}), b"")
    if result in (None, {}, ""):
        return Reply(DONE, {}, b"")
    return Reply(200, JSON, json.dumps(result).encode())


def _shown(execution: Execution, result: Any, meta: Mapping[str, Any]) -> bool:
    """A create names what it made, and events have a status each; a change has no answer at LinkedIn."""
    if execution.operation.headers:
        return execution.operation.headers.get(METHOD) == "BATCH_CREATE"
    return execution.request.method == "POST" and bool(_made(result, meta))


def _made(result: Any, meta: Mapping[str, Any]) -> Any:
    return meta.get("created_id") or (result.get("id") if isinstance(result, Mapping) else None)


def _bare(row: Any, adds: Sequence[str]) -> Any:
    """A record without what Airbyte adds to it."""
    return {name: value for name, value in row.items() if name not in adds} if isinstance(row, dict) else row


def _onward(execution: Execution, rows: Sequence[Any], meta: Mapping[str, Any]) -> dict[str, Any]:
    """How the list goes on: by a token, or by where the page starts and how many there are."""
    if "pageToken" in execution.operation.query:
        size = execution.params.get("pageSize")
        token = onward(rows, size, meta, "nextPageToken", "next_page_token")
        return {"metadata": {"nextPageToken": token} if token else {}}
    known = {name: meta[name] for name in ("start", "count", "total") if isinstance(meta.get(name), int)}
    more = goes_on(meta)
    if more is None or "start" not in execution.operation.query:
        return {"paging": known}
    if more:
        return {"paging": known | {"links": [{"rel": "next"}]}}
    return {"paging": {"total": int(execution.params.get("start") or 0) + len(rows)}}


def _apart(request: Request) -> Sequence[Request]:
    """The reads of single objects that a batch of them is."""
    if request.headers.get(METHOD) != "BATCH_GET" or not isinstance(request.query.get("ids"), list):
        return [request]
    query = {name: value for name, value in request.query.items() if name != "ids"}
    alone = replace(request, query=query, headers={})
    return [replace(alone, path=f"{request.path}/{quote(str(id_), safe='')}") for id_ in request.query["ids"]]


def _proven(request: Request) -> tuple[str, Sequence[Request]]:
    """A report's account, by reading in it each of the campaigns or creatives that the report is of."""
    accounts = request.query.get("accounts")
    name = next((name for name in PLACES if isinstance(request.query.get(name), list)), "")
    if request.path != "/adAnalytics" or not name or not isinstance(accounts, list) or len(accounts) != 1:
        return "", ()
    place, ids = PLACES[name], map(str, request.query[name])
    keys = [urn if name == "creatives" else urn.rpartition(":")[2] for urn in ids]
    path = f"/adAccounts/{str(accounts[0]).rpartition(':')[2]}/{place}"
    return "accounts", [Request("GET", f"{path}/{quote(key, safe='')}") for key in keys]


def _joined(request: Request, replies: Sequence[Reply | ApiError]) -> Reply:
    """The answer of a batch; an object that is refused says why. Raises what says nothing of one object."""
    results, errors, statuses = dict[str, Any](), dict[str, Any](), dict[str, int]()
    for id_, reply in zip(map(str, request.query["ids"]), replies, strict=True):
        if isinstance(reply, ApiError):
            if not isinstance(reply, Rejected):
                raise reply
            statuses[id_] = reply.status or GONE
            errors[id_] = {"status": statuses[id_], "message": reply.platform_text or str(reply)}
        else:
            statuses[id_], results[id_] = 200, json.loads(reply.content)
    whole = {"results": results, "errors": errors, "statuses": statuses}
    return Reply(200, JSON, json.dumps(whole).encode())


CARRIER = Carrier(
    operations_in(__package__ or ""),
    _asked,
    lambda value: value,
    _reply,
    apart=_apart,
    joined=_joined,
    plain=PLAIN,
    shown=_shown,
    dropped=lambda name, _: "" if name == "fields" else None,
    proven=_proven,
    in_part=frozenset({"campaigns.delete", "campaign_groups.delete"}),
    instead={
        "accounts": "name what it is of by campaign_id or creative_id",
        "optimizationTargetType": "bid yourself: unit_cost, and no optimization_target_type",
        "autoAssociationType": "auto_association_type=ALL_CAMPAIGNS is the only one there",
    },
)
