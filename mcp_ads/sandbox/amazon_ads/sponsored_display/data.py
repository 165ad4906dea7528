"""The invented advertiser's Sponsored Display campaigns, each with an ad group and an ad."""

from __future__ import annotations

from datetime import timedelta

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import products
from mcp_ads.sandbox.amazon_ads.market import today
from mcp_ads.sandbox.store import Store

from . import creatives, targets

SPELT = "%Y%m%d"
GROUP, AD = 10**13, 2 * 10**13
"""What is added to a campaign's number for that of its ad group, and of its ad."""
STATES = ("enabled", "paused", "enabled", "archived", "enabled")


def fill(store: Store, profile: Body, count: int) -> None:
    """So many campaigns of one profile; the fifth has ended and was never paused."""
    owner, now = str(profile["profileId"]), today(profile)
    for number in range(1, count + 1):
        own = int(f"{int(owner[0]) - 2}8{number:013d}")
        good = products()[number % len(products())]
        begun = now - timedelta(numbers.whole(70, 300, "display age", owner, number))
        created = f"{begun.isoformat()}T09:00:00.000Z"
        budget = numbers.choice((10, 20, 40), "display budget", owner, number)
        body: Body = {
            "campaignId": own,
            "name": f"{good['title']} | display {number}",
            "tactic": ("T00020", "T00030")[number % 2],
            "state": STATES[(number - 1) % len(STATES)],
            "startDate": begun.strftime(SPELT),
            "budget": budget * 100 if profile["currencyCode"] == "JPY" else float(budget),
            "budgetType": "daily",
            "costType": "cpc",
        }
        if number == len(STATES):
            body["endDate"] = (now - timedelta(30)).strftime(SPELT)
        notes: Body = {"_profile": owner, "_created": created, "_updated": created}
        spent = {"_live": body["state"] == "enabled", "_budget": body["budget"]}
        store.put("amazon.sd.campaigns", str(own), {**body, **notes, **spent, "_noun": "CAMPAIGN"})
        _below(store, profile, good, body, notes)
    for more in (targets, creatives):
        more.fill(store, profile)


def _below(store: Store, profile: Body, good: Body, campaign: Body, notes: Body) -> None:
    """A campaign's one ad group with one ad, in the campaign's own state."""
    own, yen = campaign["campaignId"], profile["currencyCode"] == "JPY"
    kept = {name: campaign[name] for name in ("campaignId", "state")}
    named: Body = {"name": good["title"], "defaultBid": 60 if yen else 0.6, "bidOptimization": "clicks"}
    group = {"adGroupId": own + GROUP, **named, "creativeType": "IMAGE", "tactic": campaign["tactic"]}
    store.put("amazon.sd.adGroups", str(own + GROUP), {**group, **kept, **notes, "_noun": "AD_GROUP"})
    names = ("asin",) if profile["accountInfo"]["type"] == "vendor" else ("asin", "sku")
    ad = {"adId": own + AD, "adGroupId": own + GROUP, **{name: good[name] for name in names}}
    store.put("amazon.sd.productAds", str(own + AD), {**ad, **kept, **notes, "_noun": "AD"})
