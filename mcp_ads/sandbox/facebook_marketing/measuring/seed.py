"""The pixels and custom conversions that are there at the beginning."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.params import Body
from mcp_ads.sandbox.facebook_marketing.shops import BUSINESS, Shop
from mcp_ads.sandbox.facebook_marketing.state import State

CONVERSIONS = 1_202_600 * 10**12
MATCHED = ["country", "ct", "em", "external_id", "fn", "ln", "ph", "zp"]
RULES: tuple[tuple[str, str, str], ...] = (
    ("Thank-you page", "PURCHASE", '{"url":{"i_contains":"thank-you"}}'),
    ("Newsletter sign-up", "LEAD", '{"and":[{"event":{"eq":"Lead"}},{"url":{"i_contains":"newsletter"}}]}'),
)


def fill(state: State, shop: Shop) -> None:
    """A pixel that its shop's sites use, and what is counted by rules."""
    account = shop.account
    pixel: Body = {
        "id": shop.pixel,
        "account_id": account["account_id"],
        "name": f"{account['name']} shop",
        "creation_time": shop.ago(900),
        "creator": {"id": "10158000000000001", "name": "Robin Tern"},
        "last_fired_time": shop.ago(0.02),
        "is_unavailable": False,
        "is_crm": False,
        "data_use_setting": "ADVERTISING_AND_ANALYTICS",
        "enable_automatic_matching": True,
        "automatic_matching_fields": MATCHED,
        "first_party_cookie_status": "FIRST_PARTY_COOKIE_ENABLED",
        "owner_business": BUSINESS,
        "owner_ad_account": {"id": account["id"], "account_id": account["account_id"]},
    }
    state.put("pixel", pixel)
    for number, (name, event, rule) in enumerate(RULES, 1):
        conversion: Body = {
            "id": str(CONVERSIONS + shop.first + number),
            "account_id": account["account_id"],
            "business": BUSINESS,
            "name": name,
            "custom_event_type": event,
            "rule": rule,
            "event_source_type": "pixel",
            "data_sources": [{"id": shop.pixel, "source_type": "PIXEL", "name": pixel["name"]}],
            "creation_time": shop.ago(400),
            "first_fired_time": shop.ago(399),
            "last_fired_time": shop.ago(number),
            "is_archived": False,
            "is_unavailable": False,
            "retention_days": 0,
            "default_conversion_value": 0,
        }
        state.put("conversion", conversion)
