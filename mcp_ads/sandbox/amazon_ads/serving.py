"""Whether an object serves: its own state, then that of what it is in, then its campaign's dates."""

from __future__ import annotations

from mcp_ads.sandbox.store import Store

from .calls import Body
from .market import today

PARENTS = (
    ("adGroupId", ("amazon.adGroups", "amazon.sb.adGroups")),
    ("campaignId", ("amazon.campaigns", "amazon.sb.campaigns")),
)

WORDS = {
    "PRODUCT_AD": ("AD", "AD_STATUS_LIVE"),
    "KEYWORD": ("TARGETING_CLAUSE", "TARGETING_CLAUSE_STATUS_LIVE"),
    "TARGET": ("TARGETING_CLAUSE", "TARGETING_CLAUSE_STATUS_LIVE"),
}
"""What states of an object begin with, and the one that says that all is well, where they are not named
after it (servingStatus in Amazon's definition of Sponsored Products 3).
"""


def serving_status(store: Store, profile: Body, found: Body) -> str:
    """The vendor's word for the first thing that holds an object back, or that nothing does."""
    chain = [found, *_parents(store, found)]
    for link in chain:
        if link["state"] != "ENABLED":
            return f"{_words(link)[0]}_{link['state']}"
    if review := found.get("_review"):
        return str(review)
    day, campaign = today(profile).isoformat(), chain[-1]
    if campaign.get("endDate") and campaign["endDate"] < day:
        return "ENDED"
    if campaign.get("startDate", day) > day:
        return "PENDING_START_DATE"
    return _words(found)[1]


def _words(found: Body) -> tuple[str, str]:
    noun: str = found["_noun"]
    return WORDS.get(noun, (noun, f"{noun}_STATUS_ENABLED"))


def _parents(store: Store, found: Body) -> list[Body]:
    parents = (
        store.get(kind, str(found[name])) for name, kinds in PARENTS for kind in kinds if name in found
    )
    return [parent for parent in parents if parent and parent["_noun"] != found["_noun"]]
