"""The two advertisers: their accounts, pages and pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from . import names
from .names import Hero
from .params import stamp

Body = dict[str, Any]
ACCOUNT, ACCOUNT_JP = "1234567890", "2345678901"
PAGE, PAGE_JP = "104857600000001", "104857600000002"
PIXEL, PIXEL_JP = "887766554433221", "887766554433222"
BUSINESS: Body = {"id": "334455667788990", "name": "Tern & Tide, Inc."}
APP = "1029384756102938"
STORE_URL = "https://apps.apple.com/us/app/tern-and-tide/id1234509876"


@dataclass
class Shop:
    """One advertiser: an account and what its campaigns have in common. `unit` is about a dollar."""

    account: Body
    page: str
    pixel: str
    first: int
    unit: int
    heroes: tuple[Hero, ...]
    others: int
    countries: list[str]
    ended: Hero | None = None

    @property
    def total(self) -> int:
        return self.others + len(self.heroes)

    @property
    def now(self) -> datetime:
        zone = ZoneInfo(self.account["timezone_name"])
        return datetime.now(zone).replace(hour=9, minute=0, second=0, microsecond=0)

    def ago(self, days: float) -> str:
        return stamp(self.now - timedelta(days=days))

    def money(self, cents: int) -> int:
        """A US amount as this account would set it."""
        return cents if self.unit == 100 else round(cents * self.unit / 100 / 100) * 100

    def day_money(self, cents: int) -> int:
        return round(cents * self.unit / 100)


def shops() -> tuple[Shop, Shop]:
    us = _account(ACCOUNT, "Tern & Tide (US)", "USD", "America/New_York", 7, 100)
    japan = _account(ACCOUNT_JP, "Tern & Tide Japan", "JPY", "Asia/Tokyo", 71, 150)
    return (
        Shop(us, PAGE, PIXEL, 0, 100, names.US, 316, ["US"], names.OVER),
        Shop(japan, PAGE_JP, PIXEL_JP, 900, 130, names.JAPAN, 14, ["JP"]),
    )


def pages() -> list[Body]:
    tasks = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE"]
    known = ((PAGE, "Tern & Tide"), (PAGE_JP, "Tern & Tide 日本"))
    rows = [dict(zip(("id", "name"), pair, strict=True)) for pair in known]
    return [{**row, "category": "Clothing (Brand)", "tasks": tasks} for row in rows]


def _account(id: str, name: str, currency: str, zone: str, zone_id: int, least: int) -> Body:
    return COMMON | {
        "id": f"act_{id}",
        "account_id": id,
        "name": name,
        "currency": currency,
        "timezone_name": zone,
        "timezone_id": zone_id,
        "business_country_code": "US" if currency == "USD" else "JP",
        "tos_accepted": {"web_custom_audience_tos": 1, "custom_audience_tos": int(currency == "USD")},
        "min_daily_budget": least,
        "min_campaign_group_spend_cap": str(least * 100),
        "capabilities": ["CAN_USE_BUDGET_SCHEDULING_API"] if currency == "USD" else [],
    }


COMMON: Body = {
    "account_status": 1,
    "balance": "48210",
    "spend_cap": "0",
    "disable_reason": 0,
    "created_time": "2022-03-14T10:12:31-0700",
    "business": BUSINESS,
    "business_name": BUSINESS["name"],
    "owner": BUSINESS["id"],
    "funding_source": "778899001122334",
    "is_personal": 0,
    "is_prepay_account": False,
    "is_tax_id_required": False,
    "has_migrated_permissions": True,
    "end_advertiser": PAGE,
    "end_advertiser_name": "Tern & Tide",
    "user_tasks": ["DRAFT", "ANALYZE", "ADVERTISE", "MANAGE"],
}
