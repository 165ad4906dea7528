"""What Sponsored Display demands of ad groups and product ads."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import by_asin, by_sku
from mcp_ads.sandbox.amazon_ads.errors import Problem
from mcp_ads.sandbox.amazon_ads.items import owned
from mcp_ads.sandbox.amazon_ads.market import limits, rounded
from mcp_ads.sandbox.amazon_ads.resources import Draft, Rule

OPTIMIZES = {"cpc": ("clicks", "conversions"), "vcpm": ("reach",)}
PAGE = "landingPageURL"
KINDS = ("sku", "asin", PAGE)


def fixed(*names: str) -> Rule:
    """Fields that never change."""

    def rule(draft: Draft) -> Iterator[Problem]:
        for name in names:
            if draft.old and name in draft.item and draft.item[name] != draft.old.get(name):
                yield draft.problem("otherError", "OTHER_ERROR", "cannot be changed", name)

    return rule


def bid(draft: Draft) -> Iterator[Problem]:
    """A default bid that the marketplace does not allow for what the campaign pays for."""
    amount, campaign = draft.item.get("defaultBid"), draft.parent("campaignId") or {}
    low, high = limits(draft.call.profile, campaign.get("costType", "cpc"))
    if amount is not None and not low <= amount <= high:
        text = f"must be {low:g} to {high:g}"
        yield draft.problem("biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE", text, "defaultBid", amount)


def optimization(draft: Draft) -> Iterator[Problem]:
    campaign, wanted = draft.parent("campaignId") or {}, draft.new.get("bidOptimization", "clicks")
    fitting = OPTIMIZES[campaign.get("costType", "cpc")]
    if draft.old is None and wanted not in fitting:
        text = f"must be {' or '.join(fitting)} in a {campaign['costType']} campaign"
        yield draft.problem("otherError", "OTHER_ERROR", text, "bidOptimization", wanted)


def one_group(draft: Draft) -> Iterator[Problem]:
    """Ads that lead to a page are in a campaign's only ad group."""
    if (
        draft.old is None
        and _alive(draft, "adGroups")
        and any(ad.get(PAGE) for ad in _alive(draft, "productAds"))
    ):
        yield draft.problem("otherError", "OTHER_ERROR", "only 1 adGroup is supported", "campaignId")


def one_thing(draft: Draft) -> Iterator[Problem]:
    """A seller's sku, a vendor's asin, or a page; and the same kind as the campaign's other ads."""
    if draft.old:
        return
    own = "asin" if draft.call.profile["accountInfo"]["type"] == "vendor" else "sku"
    given = [name for name in KINDS if name in draft.item]
    if given not in ([own], [PAGE]):
        text = f"exactly one of {own} and {PAGE} is required"
        yield draft.problem("missingValueError", "MISSING_VALUE", text, own)
    elif given == [own] and (by_asin if own == "asin" else by_sku)(draft.item[own]) is None:
        text, reason = "not of this account", f"INVALID_{own.upper()}"
        yield draft.problem("productIdentifierError", reason, text, own, draft.item[own])
    elif any((PAGE in ad) != (given == [PAGE]) for ad in _alive(draft, "productAds")):
        text = "asin, sku and landingPageURL cannot be mixed within a campaign"
        yield draft.problem("otherError", "OTHER_ERROR", text, given[0])


def of_page(draft: Draft) -> Iterator[Problem]:
    """What belongs to an ad that leads to a page, and to no other."""
    if draft.old:
        return
    item, leads = draft.item, PAGE in draft.item
    if not leads and (wrong := [name for name in ("adName", "landingPageType") if name in item]):
        text = "is not supported when using asin or sku"
        yield draft.problem("otherError", "OTHER_ERROR", text, wrong[0])
    if item.get("landingPageType") == "STORE" and "/stores/" not in item.get(PAGE, ""):
        yield draft.problem("otherError", "OTHER_ERROR", "must be https://www.amazon.com/stores/*", PAGE)
    group = draft.parent("adGroupId") or {}
    if leads and group.get("creativeType") == "VIDEO":
        text = "VIDEO is only supported with asin or sku"
        yield draft.problem("otherError", "OTHER_ERROR", text, "adGroupId")
    if leads and len(_alive(draft, "adGroups")) > 1:
        yield draft.problem("otherError", "OTHER_ERROR", "only 1 adGroup is supported", "campaignId")
    inside = [ad for ad in _alive(draft, "productAds") if ad["adGroupId"] == item["adGroupId"]]
    if leads and inside:
        text = "only one product ad can be added to the ad group"
        yield draft.problem("otherError", "OTHER_ERROR", text, "adGroupId")


def ad_group(draft: Draft) -> Body:
    """Bids are for clicks and creatives are images, unless the ad group says otherwise."""
    campaign, currency = draft.parent("campaignId") or {}, draft.call.profile["currencyCode"]
    usual = {"bidOptimization": "clicks", "creativeType": "IMAGE", "tactic": campaign.get("tactic")}
    new = {**usual, **draft.new}
    return {**new, "defaultBid": rounded(new["defaultBid"], currency)}


def product_ad(draft: Draft) -> Body:
    """A product ad knows its ASIN whichever way the product was named."""
    found = by_sku(draft.item.get("sku", ""))
    return {**draft.new, **({"asin": found["asin"]} if found else {})}


def _alive(draft: Draft, key: str) -> list[Body]:
    """What is in the campaign and not archived."""
    campaign = draft.new.get("campaignId")
    every = owned(draft.call, f"amazon.sd.{key}")
    return [row for row in every if row["campaignId"] == campaign and row["state"] != "archived"]
