"""Names of what reports are grouped by: /adTargetingEntities by URN, and /organizationsLookup."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.linkedin_ads.params import ParamError, Params, enum, listed, number_key, text
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import Answer, Call, tail, urn, urn_kind

from . import pivots

MOST = 50
ALL = {value for values in pivots.MEMBERS.values() for value in values}


def _any_urn(value: Any) -> str:
    if not urn_kind(text(value)):
        raise ParamError(f'"{value}" is not a URN')
    return str(value)


def _some(value: Any) -> list[str]:
    found: list[str] = listed(_any_urn)(value)
    if not 1 <= len(found) <= MOST:
        raise ParamError(f"between 1 and {MOST} URNs are allowed")
    return found


def by_urns(call: Call) -> Answer:
    elements = [
        {"urn": value, "name": f"{urn_kind(value)} {tail(value)}".capitalize()}
        for value in call.query["urns"]
        if value in ALL
    ]
    return Answer(200, {"elements": elements, "paging": {"start": 0, "count": 2147483647, "links": []}})


def organizations(call: Call) -> Answer:
    there = [key for key in call.query["ids"] if urn("organization", key) in ALL]
    results = {key: {"id": int(key), "localizedName": f"Company {key}"} for key in there}
    lost = {key: {"status": 404, "message": "not found"} for key in call.query["ids"] if key not in there}
    return Answer(200, {"results": results, "errors": lost, "statuses": {}})


QUERY = {"q": text, "urns": _some, "queryVersion": enum("QUERY_USES_URNS"), "fields": text}
RESOURCES = (
    Resource("adTargetingEntities", text, {"FINDER urns": Method(by_urns, Params(QUERY, ("urns",)))}),
    Resource(
        "organizationsLookup",
        number_key,
        {"BATCH_GET": Method(organizations, Params({"ids": listed(number_key)}, ("ids",)))},
    ),
)
