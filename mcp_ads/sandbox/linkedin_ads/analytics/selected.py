"""Which creatives a report is of, and what each did on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mcp_ads.sandbox.linkedin_ads.agency.source import day_of
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, CAMPAIGN, CREATIVE, GROUP, Body, Call, tail, urn

from . import metrics

FACETS = {
    "accounts": "sponsoredAccount",
    "campaignGroups": "sponsoredCampaignGroup",
    "campaigns": "sponsoredCampaign",
    "creatives": "sponsoredCreative",
    "shares": "share",
    "companies": "organization",
}


def numbers(creative: Body, ordinal: int, now: int) -> Mapping[str, int]:
    """What a creative did on a day, as it is told today."""
    if "_began" in creative:
        return day_of(creative["id"], creative["_began"], ordinal, now)
    rate = metrics.Rate(*creative["_rate"])
    return metrics.day(creative["id"], rate, ordinal, is_today=ordinal == now)


def _candidates(call: Call) -> Iterator[Body]:
    """Creatives among which are those of the facets: of the narrowest place that one tells."""
    store, asked = call.store, call.query
    if named := asked.get("creatives"):
        found = (store.get(CREATIVE, tail(one)) for one in dict.fromkeys(named))
        yield from (creative for creative in found if creative)
        return
    field, places = "account", [urn("sponsoredAccount", account["id"]) for account in store.all(ACCOUNT)]
    if named := asked.get("campaigns"):
        field, places = "campaign", named
    elif named := asked.get("campaignGroups"):
        groups = (store.get(GROUP, tail(one)) for one in named)
        places = [group["account"] for group in groups if group]
    elif named := asked.get("accounts"):
        places = named
    for place in dict.fromkeys(places):
        yield from store.owned(CREATIVE, field, place)


def creatives(call: Call) -> Iterator[tuple[Body, Body, Body]]:
    """The creatives that every facet asked for lets through."""
    for creative in _candidates(call):
        if "_windows" not in creative:
            continue
        campaign = call.store.get(CAMPAIGN, tail(creative["campaign"]))
        account = call.store.get(ACCOUNT, tail(creative["account"]))
        if campaign is None or account is None:
            continue
        facets = {
            "accounts": creative["account"],
            "campaignGroups": campaign["campaignGroup"],
            "campaigns": creative["campaign"],
            "creatives": creative["id"],
            "shares": creative["content"].get("reference"),
            "companies": account["reference"],
        }
        through = all(facets[name] in call.query[name] for name in FACETS if call.query.get(name))
        if through and _is_of(call, campaign):
            yield creative, campaign, account


def _is_of(call: Call, campaign: Body) -> bool:
    pairs = (("campaignType", "type"), ("objectiveType", "objectiveType"))
    return all(call.query[name] == campaign.get(field) for name, field in pairs if name in call.query)
