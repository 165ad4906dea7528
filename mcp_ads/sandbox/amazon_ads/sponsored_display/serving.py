"""Whether an object of Sponsored Display serves: its own state, then that of what it is in."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body, Call
from mcp_ads.sandbox.amazon_ads.market import today

WORDS = {
    "targetId": ("TARGET_STATUS", "TARGET_STATUS_LIVE"),
    "adId": ("AD_STATUS", "AD_STATUS_LIVE"),
    "adGroupId": ("AD_GROUP", "AD_GROUP_STATUS_ENABLED"),
    "campaignId": ("CAMPAIGN", "ADVERTISER_STATUS_ENABLED"),
}
"""By the first id an object has: what its words begin with, and the one that says that all is well."""
PARENTS = (("adGroupId", "amazon.sd.adGroups"), ("campaignId", "amazon.sd.campaigns"))


def serving(call: Call, found: Body) -> str:
    """The first thing that holds an object back, from itself upwards, or that nothing does."""
    parents = [call.store.get(kind, str(found[name])) for name, kind in PARENTS if name in found]
    chain = [found, *(parent for parent in parents if parent)]
    for link in chain:
        if link["state"] != "enabled":
            return f"{_words(link)[0]}_{link['state'].upper()}"
    campaign, day = chain[-1], today(call.profile).strftime("%Y%m%d")
    if campaign["startDate"] > day:
        return "PENDING_START_DATE"
    return "ENDED" if (campaign.get("endDate") or day) < day else _words(found)[1]


def _words(found: Body) -> tuple[str, str]:
    return next(words for name, words in WORDS.items() if name in found)
