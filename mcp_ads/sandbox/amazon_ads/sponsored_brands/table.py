"""Sponsored Brands as a table: the lists of v4."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.lists import list_objects
from mcp_ads.sandbox.amazon_ads.resources import NAMES, Filter, Resource

MOST_IDS, MOST = 10, 100
CAMPAIGN_IDS = Filter("include", "campaignId", MOST_IDS)
CAMPAIGNS = Resource(
    path="/sb/v4/campaigns",
    media="sbcampaignresource",
    version=4,
    key="campaigns",
    noun="brands campaign",
    id="campaignId",
    family="amazon.sb",
    fields={},
    filters={
        "campaignIdFilter": CAMPAIGN_IDS,
        "portfolioIdFilter": Filter("include", "portfolioId", MOST_IDS),
        "goalTypeFilter": Filter("include", "goal"),
        "nameFilter": NAMES,
    },
)
AD_GROUPS = Resource(
    path="/sb/v4/adGroups",
    media="sbadgroupresource",
    version=4,
    key="adGroups",
    noun="brands ad group",
    id="adGroupId",
    family="amazon.sb",
    fields={},
    filters={
        "adGroupIdFilter": Filter("include", "adGroupId", MOST_IDS),
        "campaignIdFilter": CAMPAIGN_IDS,
        "nameFilter": NAMES,
    },
)


def _lists(resource: Resource, total: str, call: Call) -> Response:
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


TIMES = {"creationDate": "creationDateTime", "lastUpdateDate": "lastUpdateDateTime"}
OPERATIONS = tuple(
    Operation(
        "POST",
        f"{resource.path}/list",
        partial(_lists, resource, total),
        takes=resource.media_type,
        gives=resource.media_type,
    )
    for resource, total in ((CAMPAIGNS, "totalCount"), (AD_GROUPS, "totalResults"))
)
