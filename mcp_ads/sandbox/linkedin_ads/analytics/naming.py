"""Names of what reports are grouped by: /organizationsLookup."""

from __future__ import annotations

from mcp_ads.sandbox.linkedin_ads.params import Params, listed, number_key
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import Answer, Call, urn

from . import pivots

ALL = {value for values in pivots.MEMBERS.values() for value in values}


def organizations(call: Call) -> Answer:
    there = [key for key in call.query["ids"] if urn("organization", key) in ALL]
    results = {key: {"id": int(key), "localizedName": f"Company {key}"} for key in there}
    lost = {key: {"status": 404, "message": "not found"} for key in call.query["ids"] if key not in there}
    return Answer(200, {"results": results, "errors": lost, "statuses": {}})


RESOURCES = (
    Resource(
        "organizationsLookup",
        number_key,
        {"BATCH_GET": Method(organizations, Params({"ids": listed(number_key)}, ("ids",)))},
    ),
)
