"""Pages as they are at the beginning, with their Instagram accounts, lead forms and leads; nobody is real."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mcp_ads.sandbox.facebook_marketing.params import instant, stamp
from mcp_ads.sandbox.facebook_marketing.shops import BUSINESS, PAGE, PAGE_JP, Shop
from mcp_ads.sandbox.facebook_marketing.state import State, now

FORMS, LEADS = 120_250_000_000_000_000, 120_260_000_000_000_000
INSTAGRAM = {
    PAGE: ("17841400000000001", "ternandtide", 18_240),
    PAGE_JP: ("17841400000000002", "ternandtide.jp", 950),
}
ASKED: tuple[dict[str, Any], ...] = (
    {"key": "full_name", "label": "Full name", "type": "FULL_NAME"},
    {"key": "email", "label": "Email", "type": "EMAIL"},
    {"key": "phone_number", "label": "Phone", "type": "PHONE"},
    {"key": "which_boots?", "label": "Which boots?", "type": "CUSTOM"},
)
FORM = {
    "locale": "en_US",
    "is_optimized_for_quality": False,
    "privacy_policy_url": "https://example.com/privacy",
}
KNOWN = {"is_published": True, "verification_status": "not_verified", "_turn": 1}
PEOPLE = ("Pat Sample", "Kim Example", "Sam Placeholder")
HOURS = (2, 50, 100, 600, 1500)


def facts(state: State, shop: Shop) -> None:
    """What is known of the shop's page, and of the business."""
    page = state.get("page", shop.page) or {}
    number, username, followers = INSTAGRAM[shop.page]
    state.put(
        "page",
        page
        | KNOWN
        | {
            "account_id": shop.account["account_id"],
            "link": f"https://www.facebook.com/{shop.page}",
            "followers_count": followers // 2,
            "leadgen_tos_accepted": shop.page == PAGE,
            "instagram_business_account": {"id": number},
        },
    )
    state.put(
        "instagram",
        {
            "id": number,
            "username": username,
            "name": page.get("name"),
            "followers_count": followers,
            "media_count": 312,
            "account_id": shop.account["account_id"],
            "page_id": shop.page,
        },
    )
    more = {"verification_status": "verified", "timezone_id": 7, "created_time": shop.ago(2000)}
    state.put("business", BUSINESS | more | {"primary_page": {"id": PAGE, "name": "Tern & Tide"}})


def forms(state: State, shop: Shop) -> None:
    """Two forms of the page that may have them, one archived, and what people wrote into the other."""
    if shop.page != PAGE:
        return
    for number, (name, status) in enumerate(
        (("Newsletter 2024", "ARCHIVED"), ("Boots: call me back", "ACTIVE")), 1
    ):
        state.put(
            "form",
            {
                "id": str(FORMS + number),
                "page_id": PAGE,
                "page": {"id": PAGE, "name": "Tern & Tide"},
                "name": name,
                "status": status,
                "created_time": shop.ago(200 - number),
                "questions": list(ASKED),
                "leads_count": len(HOURS) * (status == "ACTIVE"),
                "expired_leads_count": 41 * (status != "ACTIVE"),
                **FORM,
            },
        )
    ad = next(ad for ad in state.all("ad") if ad["account_id"] == shop.account["account_id"])
    for number, hours in enumerate(reversed(HOURS), 1):
        at = now() - timedelta(hours=hours)
        person = PEOPLE[number % len(PEOPLE)]
        told = (person, f"{person.split()[0].lower()}{number}@example.com", f"+1555010{number:04}", "Tide 2")
        placed = {
            "ad_id": ad["id"],
            "ad_name": ad["name"],
            "adset_id": ad["adset_id"],
            "campaign_id": ad["campaign_id"],
        }
        state.put(
            "lead",
            {
                "id": str(LEADS + number),
                "created_time": stamp(at),
                "time_created": int(instant(stamp(at)).timestamp()),
                "form_id": str(FORMS + 2),
                "platform": "fb",
                "is_organic": number == 1,
                "field_data": [
                    {"name": a["key"], "values": [text]} for a, text in zip(ASKED, told, strict=True)
                ],
                **({} if number == 1 else placed),
            },
        )
