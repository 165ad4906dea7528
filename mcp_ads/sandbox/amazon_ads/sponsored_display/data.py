"""The invented advertiser's Sponsored Display campaigns."""

from __future__ import annotations

from datetime import timedelta

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import products
from mcp_ads.sandbox.amazon_ads.market import today
from mcp_ads.sandbox.store import Store

SPELT = "%Y%m%d"
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
        notes = {"_profile": owner, "_noun": "CAMPAIGN", "_created": created, "_updated": created}
        notes |= {"_live": body["state"] == "enabled", "_budget": body["budget"]}
        store.put("amazon.sd.campaigns", str(own), {**body, **notes})
