"""A small part of the sandbox that random sequences act on: what it spends a day, and edits from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE
from planning import DRYBAGS, SPRING, STRIPES

from mcp_ads.sandbox.store import Store

ON = ("ACTIVE", "ENABLED")
NONE = Decimal(0)


@dataclass(frozen=True)
class Thing:
    """One campaign of the world, with how an agent names it and where the sandbox keeps it."""

    connector: str
    entity: str
    kind: str
    id: str
    names: Mapping[str, str] = field(hash=False)

    def record(self, store: Store) -> dict[str, Any]:
        found = store.get(self.kind, self.id)
        assert found
        return found

    def on(self, store: Store) -> bool:
        record = self.record(store)
        return record.get("status", record.get("state")) in ON

    def budget(self, store: Store) -> Decimal:
        """What it may spend a day when it is on, in major units; a campaign without one has its ad sets'."""
        record = self.record(store)
        if self.connector == FACEBOOK and "daily_budget" not in record:
            below = [adset for adset in store.all("facebook.adset") if adset["campaign_id"] == self.id]
            return sum((_amount(adset) for adset in below if adset["status"] in ON), NONE)
        return _amount(record)

    def live(self, store: Store) -> Decimal:
        return self.budget(store) if self.on(store) else NONE

    def edit(self, store: Store, amount: int | None = None, *, on: bool | None = None) -> None:
        """What somebody does in the platform's own pages."""
        record, change = self.record(store), dict[str, Any]()
        if on is not None:
            field = "state" if self.connector == AMAZON else "status"
            change[field] = ("ENABLED" if self.connector == AMAZON else "ACTIVE") if on else "PAUSED"
        if amount is not None and (self.connector != FACEBOOK or "daily_budget" in record):
            change |= _spelt(self.connector, amount)
        store.put(self.kind, self.id, {**record, **change})
        if amount is not None and self.connector == FACEBOOK and "daily_budget" not in record:
            below = [adset for adset in store.all("facebook.adset") if adset["campaign_id"] == self.id]
            first = max(below, key=lambda adset: adset["status"] in ON)
            store.put("facebook.adset", first["id"], {**first, **_spelt(self.connector, amount)})


def _spelt(connector: str, amount: int) -> dict[str, Any]:
    if connector == FACEBOOK:
        return {"daily_budget": f"{amount}00"}
    if connector == AMAZON:
        return {"budget": {"budget": amount, "budgetType": "DAILY"}}
    return {"dailyBudget": {"amount": f"{amount}.00", "currencyCode": "USD"}}


def _amount(record: Mapping[str, Any]) -> Decimal:
    if "budget" in record:
        return Decimal(str(record["budget"]["budget"]))
    if "dailyBudget" in record:
        return Decimal(record["dailyBudget"]["amount"])
    return Decimal(record.get("daily_budget", 0)) / 100


def facebook(campaign_id: str) -> Thing:
    return Thing(FACEBOOK, "campaigns", "facebook.campaign", campaign_id, {"campaign_id": campaign_id})


def linkedin(campaign_id: str) -> Thing:
    named = {"account_id": LINKEDIN_US, "campaign_id": campaign_id}
    return Thing(LINKEDIN, "campaigns", "linkedin.campaign", campaign_id, named)


def amazon(campaign_id: str) -> Thing:
    named = {"account_id": PROFILE, "campaign_id": campaign_id}
    return Thing(AMAZON, "sponsored_product_campaigns", "amazon.campaigns", campaign_id, named)


PARENT = facebook(DRYBAGS)
"""Paused, with its budgets on the ad sets below it."""
WORLD = (
    facebook(SPRING),
    facebook(STRIPES),
    PARENT,
    linkedin("300000001"),
    linkedin("300000003"),
    amazon("120000000000001"),
    amazon("120000000000004"),
)
