"""The invented advertiser's Sponsored Brands keywords: what each of its ad groups bids on, and what not."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.store import Store

BID_ON = (("tern and tide", "EXACT", 1.2), ("beach towels", "PHRASE", 0.8), ("quick dry towel", "BROAD", 0.6))
NEGATED = (("free towels", "NEGATIVE_PHRASE"), ("towel rack", "NEGATIVE_EXACT"))
KINDS = {"keywords": (7, "KEYWORD", BID_ON), "negativeKeywords": (8, "NEGATIVE_KEYWORD", NEGATED)}
DRAFT = ("PAUSED", "BROAD")
"""The state of the ad group and the match type of a keyword that has not been reviewed yet."""


def fill(store: Store, profile: Body) -> None:
    """Three keywords and two negative ones in each ad group; those of the last are for brand videos. No
    negative is PAUSED.
    """
    owner, scale = str(profile["profileId"]), 100 if profile["currencyCode"] == "JPY" else 1
    groups = store.owned("amazon.sb.adGroups", "_profile", owner)
    for group in groups:
        own = group["adGroupId"]
        notes = {name: group[name] for name in ("_profile", "_created", "_updated")}
        notes["_creative"] = "brandVideo" if group is groups[-1] else "productCollection"
        for key, (kind, noun, words) in KINDS.items():
            for number, (text, match, *bid) in enumerate(words, 1):
                new = f"{own[:2]}{kind}{own[3:-2]}{number}{own[-1]}"
                body: Body = {"keywordId": new, "adGroupId": own, "campaignId": group["campaignId"]}
                body |= {"keywordText": text, "matchType": match, "_noun": noun, **notes}
                body["state"] = "DRAFT" if (group["state"], match) == DRAFT else group["state"]
                if key == "negativeKeywords" and body["state"] == "PAUSED":
                    body["state"] = "ENABLED"
                body |= {"bid": bid[0] * scale} if bid else {}
                store.put(f"amazon.sb.{key}", new, body)
