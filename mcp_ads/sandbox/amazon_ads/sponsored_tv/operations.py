"""What can be asked of Sponsored TV: the operations of v3, with lists, sizes and a beta of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.items import find, owned
from mcp_ads.sandbox.amazon_ads.lists import list_objects
from mcp_ads.sandbox.amazon_ads.market import today
from mcp_ads.sandbox.amazon_ads.resources import Resource
from mcp_ads.sandbox.amazon_ads.v3 import operations

from .table import AD_GROUPS, ADS, CAMPAIGNS, CREATIVES, TARGETS, TOTALS

OPEN = ("US", "CA", "MX", "BR", "UK")
STATES = {"ENABLED", "PAUSED", "ARCHIVED"}
MOST = 100
Run = Callable[[Call], Response]
LIVE = {"ads": "AD_STATUS_LIVE", "targetingClauses": "TARGETING_CLAUSE_STATUS_LIVE"}
NOUNS = {"campaigns": "CAMPAIGN", "adGroups": "AD_GROUP", "ads": "AD", "targetingClauses": "TARGETING_CLAUSE"}


def _listed(resource: Resource, total: str, call: Call) -> Response:
    """A list as v3 has it, with this family's names; times and serving come where a header asks for them."""
    _check(resource, call.body)
    answer: Body = json.loads(bytes(list_objects(resource, call).body))
    answer[total] = answer.pop("totalResults")
    extended = "include=extendedData" in call.request.headers.get("prefer", "")
    for row in answer[resource.key]:
        found = find(resource, call, row[resource.id])
        if resource is CREATIVES:
            row.pop("state")
        elif extended and found:
            times = {"creationDate": found["_created"], "lastUpdateDate": found["_updated"]}
            row["extendedData"] = {"servingStatus": serving(resource, call, found), **times}
    return reply(answer, media=resource.media_type)


def _check(resource: Resource, body: Any) -> None:
    """What is narrower here than in v3's lists."""
    if not isinstance(body, dict):
        return
    stateless = {"stateFilter"} if resource is CREATIVES else set[str]()
    if unknown := body.keys() & ({"includeExtendedDataFields"} | stateless):
        raise Refused(400, f"Unrecognized field at $.{min(unknown)}")
    if isinstance(size := body.get("maxResults"), int) and size > MOST:
        raise Refused(400, f"$.maxResults must be at most {MOST}")
    for name, value in body.items():
        values = value.get("include") if isinstance(value, dict) else None
        if values == []:
            raise Refused(400, f"$.{name}.include must have at least 1 entry")
        if name == "stateFilter" and isinstance(values, list) and not {*map(str, values)} <= STATES:
            raise Refused(400, f"$.{name} must be of {', '.join(sorted(STATES))}")
        broad = name == "nameFilter" and value.get("queryTermMatchType", "BROAD_MATCH") == "BROAD_MATCH"
        if broad and len(values or ()) > 1:
            raise Refused(400, f"$.{name}.include must have one entry with BROAD_MATCH")


def serving(resource: Resource, call: Call, found: Body) -> str:
    """The first thing that holds an object back, or that nothing does."""
    parents = ((AD_GROUPS, "adGroupId"), (CAMPAIGNS, "campaignId"))
    above = [(kind, find(kind, call, found.get(name))) for kind, name in parents if name != resource.id]
    chain = [(resource, found), *((kind, row) for kind, row in above if row)]
    for kind, row in chain:
        if row["state"] != "ENABLED":
            return f"{NOUNS[kind.key]}_{row['state']}"
    campaign, day = chain[-1][1], today(call.profile).isoformat()
    if campaign["startDate"][:10] > day:
        return "PENDING_START_DATE"
    if campaign.get("endDate", day)[:10] < day:
        return "ENDED"
    needed = (ADS, CREATIVES) if campaign["targetingType"] != "MANUAL" else (ADS, TARGETS, CREATIVES)
    for kind in needed if resource.key not in LIVE else ():
        if not any(_counts(kind, row, resource.id, found) for row in owned(call, kind.kind)):
            return f"{NOUNS[resource.key]}_INCOMPLETE"
    return LIVE.get(resource.key, f"{NOUNS[resource.key]}_STATUS_ENABLED")


def _counts(kind: Resource, row: Body, name: str, found: Body) -> bool:
    """Whether one of what an object needs is in it; a video, once it is approved."""
    approved = kind is not CREATIVES or row["moderationStatus"] == "APPROVED"
    return approved and bool(row.get(name) == found[name])


def _written(resource: Resource, run: Run, call: Call) -> Response:
    """A change, which takes a profile of a country that has Sponsored TV; a creative is made alone."""
    if call.profile["countryCode"] not in OPEN:
        raise Refused(403, "Sponsored TV is not available in this marketplace")
    sent = call.body.get(resource.key) if isinstance(call.body, dict) else None
    new = resource is CREATIVES and call.request.method == "POST"
    if sent == [] or (new and isinstance(sent, list) and len(sent) != 1):
        raise Refused(400, f"$.{resource.key} must have 1 to {1 if new else MOST} entries")
    return run(call)


def _rows(resource: Resource, total: str) -> list[Operation]:
    made = []
    for row in operations(resource):
        listing = row.path.endswith("/list")
        run: Run = partial(_listed, resource, total) if listing else partial(_written, resource, row.run)
        made.append(replace(row, run=run))
    return made


OPERATIONS = tuple(
    row for total, kinds in TOTALS.items() for resource in kinds for row in _rows(resource, total)
)
