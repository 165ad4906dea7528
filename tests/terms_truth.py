"""What Amazon's search terms did and what is bid on already: from the sandbox's own numbers and records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mcp_ads.sandbox.amazon_ads.reports.metrics import Cell, cells, deliveries
from mcp_ads.sandbox.store import Store


@dataclass
class Did:
    """What a term did, money in major units; and in each ad group its clicks and orders."""

    clicks: int = 0
    spend: Decimal = Decimal()
    orders: int = 0
    sales: Decimal = Decimal()
    groups: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))


def days_of(store: Store, profile_id: str, count: int = 30) -> list[date]:
    """So many days before today, by the profile's calendar."""
    today = datetime.now(ZoneInfo(_profile(store, profile_id)["timezone"])).date()
    return [today - timedelta(days=back) for back in range(1, count + 1)]


def terms(store: Store, profile_id: str) -> dict[str, Did]:
    """What each term of a profile did in 30 days; those that are a product's ASIN in upper case."""
    profile, found = _profile(store, profile_id), defaultdict[str, Did](Did)
    unit = 1 if profile["currencyCode"] == "JPY" else 100
    for done in deliveries(cells(store, profile), days_of(store, profile_id)):
        clicks, cost, orders, sales = (done.numbers[at] for at in (1, 2, 4, 8))
        if not clicks:
            continue
        did = found[done.term.upper() if done.term.startswith("b0") else done.term]
        did.clicks, did.orders = did.clicks + clicks, did.orders + orders
        did.spend += Decimal(cost) / unit
        did.sales += Decimal(sales) / unit
        group = did.groups[done.cell.group["adGroupId"]]
        group[0], group[1] = group[0] + clicks, group[1] + orders
    return dict(found)


def exact(store: Store, profile_id: str) -> dict[str, set[str]]:
    """What is bid on exactly and enabled, and in which ad groups."""
    found = defaultdict[str, set[str]](set)
    for row in store.all("amazon.keywords"):
        if row["_profile"] == profile_id and row["matchType"] == "EXACT" and row["state"] == "ENABLED":
            found[row["keywordText"].lower()].add(row["adGroupId"])
    for row in store.all("amazon.targetingClauses"):
        if row["_profile"] == profile_id and row["state"] == "ENABLED":
            for part in row["expression"] if len(row["expression"]) == 1 else ():
                if part["type"] == "ASIN_SAME_AS":
                    found[part["value"]].add(row["adGroupId"])
    return dict(found)


def waste(store: Store, profile_id: str, term: str) -> list[Cell]:
    """Have a term never sell, wherever it was found; the campaigns where that was sell nothing at all."""
    hit = [cell for cell in cells(store, _profile(store, profile_id)) if term in cell.terms]
    for campaign in {cell.campaign["campaignId"]: cell.campaign for cell in hit}.values():
        store.put("amazon.campaigns", campaign["campaignId"], campaign | {"_wasted": "2000-01-01"})
    return hit


def _profile(store: Store, profile_id: str) -> dict[str, Any]:
    return store.get("amazon.profile", profile_id) or {}


def negated(store: Store, profile_id: str, term: str, ad_group: str) -> bool:
    """Whether a negative that is switched on keeps an ad group from a term."""
    campaign = (store.get("amazon.adGroups", ad_group) or {})["campaignId"]
    for kind in ("negativeKeywords", "campaignNegativeKeywords"):
        for row in store.all(f"amazon.{kind}"):
            here = row.get("adGroupId") == ad_group or (
                "adGroupId" not in row and row["campaignId"] == campaign
            )
            words = row["keywordText"].lower()
            hit = f" {words} " in f" {term} " if row["matchType"] == "NEGATIVE_PHRASE" else words == term
            if row["_profile"] == profile_id and row["state"] == "ENABLED" and here and hit:
                return True
    for kind in ("negativeTargetingClauses", "campaignNegativeTargetingClauses"):
        for row in store.all(f"amazon.{kind}"):
            here = row.get("adGroupId") == ad_group or (
                "adGroupId" not in row and row["campaignId"] == campaign
            )
            of = {part["value"] for part in row["expression"]}
            if row["_profile"] == profile_id and row["state"] == "ENABLED" and here and of == {term}:
                return True
    return False
