"""What is put into the store at once: accounts with their pages, Instagram accounts and pixels."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.agency.clients import FACEBOOK, Account, by_id
from mcp_ads.sandbox.agency.world import began
from mcp_ads.sandbox.facebook_marketing.shops import COMMON
from mcp_ads.sandbox.facebook_marketing.state import State

from .spelling import at, page_of, pixel_of

Body = dict[str, Any]
BUSINESS: Body = {"id": "334455667700001", "name": "Harbour Lane Media"}
ZONES = {"America/New_York": 7, "America/Toronto": 31, "Europe/Berlin": 47, "Europe/Paris": 57}
ZONES |= {"Europe/London": 58, "Europe/Stockholm": 127, "Asia/Tokyo": 71}


def fill(state: State) -> None:
    """The agency's business, and every account it works for."""
    day = began(state.store)
    more = {"verification_status": "verified", "timezone_id": 58, "created_time": at(day - 2000, "UTC")}
    state.put("business", BUSINESS | more)
    for account in by_id(FACEBOOK).values():
        state.put("account", _account(account, day))
        state.put("page", _page(account))
        state.put("pixel", _pixel(account, day))


def _account(account: Account, day: int) -> Body:
    least = account.market.dollar if account.currency in ("JPY", "SEK") else 100
    return COMMON | {
        "id": f"act_{account.id}",
        "account_id": account.id,
        "name": account.name,
        "currency": account.currency,
        "timezone_name": account.zone,
        "timezone_id": ZONES[account.zone],
        "created_time": at(day - account.created, account.zone),
        "business": BUSINESS,
        "business_name": account.client.name,
        "business_country_code": account.market.code.replace("UK", "GB"),
        "owner": BUSINESS["id"],
        "end_advertiser": page_of(account),
        "end_advertiser_name": account.client.name,
        "tos_accepted": {"web_custom_audience_tos": 1, "custom_audience_tos": 1},
        "min_daily_budget": least,
        "min_campaign_group_spend_cap": str(least * 100),
        "spend_cap": str(account.monthly * 3),
        "_monthly": True,
        "capabilities": [],
    }


def _page(account: Account) -> Body:
    return {
        "id": page_of(account),
        "name": account.name,
        "account_id": account.id,
        "category": "Brand",
        "tasks": ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE"],
        "link": f"https://www.facebook.com/{page_of(account)}",
        "followers_count": 4_000 + 137 * account.number,
        "leadgen_tos_accepted": True,
        "is_published": True,
        "verification_status": "not_verified",
        "_turn": 1,
    }


def _pixel(account: Account, day: int) -> Body:
    return {
        "id": pixel_of(account),
        "account_id": account.id,
        "name": f"{account.name} shop",
        "creation_time": at(day - account.created, account.zone),
        "last_fired_time": at(day - 1, account.zone, 12),
        "is_unavailable": False,
        "is_crm": False,
        "data_use_setting": "ADVERTISING_AND_ANALYTICS",
        "enable_automatic_matching": True,
        "first_party_cookie_status": "FIRST_PARTY_COOKIE_ENABLED",
        "owner_business": BUSINESS,
        "owner_ad_account": {"id": f"act_{account.id}", "account_id": account.id},
    }
