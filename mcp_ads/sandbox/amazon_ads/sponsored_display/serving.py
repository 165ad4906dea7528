"""Whether an object of Sponsored Display serves: its own state, then that of what it is in."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body, Call
from mcp_ads.sandbox.amazon_ads.market import today

WELL = {
    "CAMPAIGN": "ADVERTISER_STATUS_ENABLED",
    "AD_GROUP": "AD_GROUP_STATUS_ENABLED",
    "AD": "AD_STATUS_LIVE",
}
PARENTS = (("adGroupId", "amazon.sd.adGroups"), ("campaignId", "amazon.sd.campaigns"))


def serving(call: Call, found: Body) -> str:
    """The first thing that holds an object back, from itself upwards, or that nothing does."""
    parents = (call.store.get(kind, str(found[name])) for name, kind in PARENTS if name in found)
    above = [parent for parent in parents if parent and parent["_noun"] != found["_noun"]]
    for link in (found, *above):
        if link["state"] != "enabled":
            status = "_STATUS" if link["_noun"] == "AD" else ""
            return f"{link['_noun']}{status}_{link['state'].upper()}"
    campaign, day = [found, *above][-1], today(call.profile).strftime("%Y%m%d")
    if campaign["startDate"] > day:
        return "PENDING_START_DATE"
    return "ENDED" if (campaign.get("endDate") or day) < day else WELL.get(found["_noun"], "AD_STATUS_LIVE")
