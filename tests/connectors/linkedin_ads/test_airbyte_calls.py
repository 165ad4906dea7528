"""Calls as Airbyte's connector takes them, word for word: understood, and sent as LinkedIn documents them."""

from __future__ import annotations

from typing import Any

import pytest
from wire_cases import sent

URN = "urn:li:sponsoredAccount:512345678"
ENCODED = "urn%3Ali%3AsponsoredAccount%3A512345678"
ACCOUNT = {"account_id": "512345678"}
DAYS = "(start:(year:2026,month:10,day:1),end:(year:2026,month:10,day:31))"
OWNER = f"owner=(sponsoredAccount:{ENCODED})"
USER = f"/rest/adAccountUsers/(account:{ENCODED},user:urn%3Ali%3Aperson%3Aa_B)"
PERSON = {"account": URN, "user": "urn:li:person:a_B"}
CALLS: list[tuple[str, str, dict[str, Any], str]] = [
    ("accounts", "get", {"id": "512345678"}, "GET /rest/adAccounts/512345678"),
    ("account_users", "list", {"q": "accounts", "accounts": URN}, f"accounts=List({ENCODED})"),
    ("account_users", "create", {**PERSON, "role": "VIEWER"}, f"PUT {USER}"),
    ("account_users", "update", {**PERSON, "patch": {"$set": {"role": "VIEWER"}}}, f"POST {USER}"),
    ("account_users", "delete", PERSON, f"DELETE {USER}"),
    (
        "campaigns", "update", {**ACCOUNT, "id": "300000001", "patch": {"$set": {"name": "List(a)"}}},
        "POST /rest/adAccounts/512345678/adCampaigns/300000001",
    ),
    (
        "creatives", "get", {**ACCOUNT, "id": "urn:li:sponsoredCreative:180000001"},
        "/creatives/urn%3Ali%3AsponsoredCreative%3A180000001",
    ),
    ("conversions", "list", {"q": "account", "account": URN}, f"q=account&account={ENCODED}"),
    (
        "conversions", "update", {"id": "104012", "account": URN, "patch": {"$set": {"enabled": False}}},
        f"POST /rest/conversions/104012?account={ENCODED}",
    ),
    ("lead_forms", "list", {"q": "owner", "owner": f"(sponsoredAccount:{ENCODED})"}, OWNER),
    ("lead_forms", "list", {"q": "owner", "owner": f"(sponsoredAccount:{URN})"}, OWNER),
    (
        "lead_form_responses", "list",
        {"q": "owner", "owner": f"(sponsoredAccount:{ENCODED})", "leadType": "(leadType:SPONSORED)"},
        f"{OWNER}&leadType=(leadType:SPONSORED)",
    ),
    (
        "ad_campaign_analytics", "list",
        {
            **ACCOUNT, "q": "analytics", "pivot": "CAMPAIGN", "timeGranularity": "DAILY", "dateRange": DAYS,
            "campaigns": "List(urn%3Ali%3AsponsoredCampaign%3A1,urn:li:sponsoredCampaign:2)",
            "fields": "impressions,clicks",
        },
        (f"dateRange={DAYS}&accounts=List({ENCODED})"
        "&campaigns=List(urn%3Ali%3AsponsoredCampaign%3A1,urn%3Ali%3AsponsoredCampaign%3A2)"),
    ),
    (
        "ad_creative_analytics", "list",
        {**ACCOUNT, "dateRange": DAYS, "creatives": "List(urn:li:sponsoredCreative:180000001)"},
        "creatives=List(urn%3Ali%3AsponsoredCreative%3A180000001)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entity", "action", "params", "part"), CALLS, ids=[f"{call[0]}.{call[1]}" for call in CALLS]
)
def test_a_call_as_airbyte_takes_it(entity: str, action: str, params: dict[str, Any], part: str) -> None:
    """Its names and its spelled lists and records, escaped and raw; keys go with colons, as 2.0 has them."""
    wire = sent("linkedin_ads", {"entity": entity, "action": action, "params": params})
    assert part in f"{wire.method} {wire.url}"
    assert wire.headers["X-Restli-Protocol-Version"] == "2.0.0"
