"""The operations that resources of v4 have: those of the other families, and a list that tells more."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from functools import partial

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads import v3
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.items import owned
from mcp_ads.sandbox.amazon_ads.lists import list_objects
from mcp_ads.sandbox.amazon_ads.resources import Resource

MOST, MOST_IDS = 100, 10
"""Objects a page, and ids a filter."""
TIMES = {"creationDate": "creationDateTime", "lastUpdateDate": "lastUpdateDateTime"}


def operations(resource: Resource, total: str = "totalResults") -> tuple[Operation, ...]:
    """List, create, update and archive; `total` is what the list calls how many there are."""
    media, own = resource.media_type, {"list": partial(_list, resource, total)}
    own |= {"delete": partial(_archive, resource)} if resource.archive else {}
    paths = {f"{resource.path}/{name}": run for name, run in own.items()}
    rest = (row for row in v3.operations(resource) if row.path not in paths)
    return (*rest, *(Operation("POST", path, run, takes=media, gives=media) for path, run in paths.items()))


def _list(resource: Resource, total: str, call: Call) -> Response:
    """A list as the other families have it, with this one's names for times and for how many there are."""
    if isinstance(call.body, dict) and (call.body.get("maxResults") or 1) > MOST:
        raise Refused(400, f"$.maxResults must be at most {MOST}")
    answer: Body = json.loads(bytes(list_objects(resource, call).body))
    answer[total] = answer.pop("totalResults")
    for row in answer[resource.key]:
        if known := row.get("extendedData"):
            times = {name: known.pop(old) for name, old in TIMES.items()}
            known |= {
                name: round(datetime.fromisoformat(at).timestamp() * 1000) for name, at in times.items()
            }
    return reply(answer, media=resource.media_type)


def _archive(resource: Resource, call: Call) -> Response:
    """The schema demands no filter: without one that says something, everything there is is archived."""
    chosen = call.body.get(resource.by_id) if isinstance(call.body, dict) else None
    if isinstance(chosen, dict) and chosen.get("include"):
        return v3.archive(resource, replace(call, body={resource.by_id: chosen}))
    ids = [row[resource.id] for row in owned(call, resource.kind) if row["state"] != resource.archived]
    whole = replace(resource, batch=len(ids))
    return v3.archive(whole, replace(call, body={resource.by_id: {"include": ids}}))
