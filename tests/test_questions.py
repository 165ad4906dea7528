"""Questions over all accounts, each against what the sandbox's accounts did: same figures by every road."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import truth
from engine_client import AMAZON, FACEBOOK, LINKEDIN, EngineClient

pytestmark = pytest.mark.anyio
PROFILES = ("3312345678901234", "4412345678901234", "5512345678901234")
PRODUCTS = {"SP": "spCampaigns", "SB": "sbCampaigns", "SD": "sdCampaigns", "ST": "stCampaigns"}


async def own_reports(client: EngineClient, days: str) -> dict[Any, tuple[Decimal, ...]]:
    """Spend, impressions, clicks, conversions and value by account, from the connectors' own reports."""
    found, one = dict[Any, tuple[Decimal, ...]](), dict[str, Any]()
    for account in ("1234567890", "2345678901"):
        fields = ["spend", "impressions", "clicks", "conversions", "purchase_value"]
        one = {"account_id": account, "level": "account", "time_range": days, "fields": fields}
        (row,) = (await client.do(FACEBOOK, "ads_insights", "list", **one)).data
        found[f"facebook:{account}", ""] = tuple(Decimal(str(row[name])) for name in fields)
    for account in ("512345678", "523456789"):
        fields = ["cost", "impressions", "clicks", "conversions", "conversion_value"]
        one = {"account_id": account, "pivot": "CAMPAIGN_GROUP", "time_range": days, "fields": fields}
        totals = (await client.do(LINKEDIN, "analytics", "list", **one)).meta["totals"]
        found[f"linkedin:{account}", ""] = tuple(Decimal(str(totals[name])) for name in fields)
    for product, report in PRODUCTS.items():
        sold = ["purchases7d", "sales7d"] if product == "SP" else ["purchases", "sales"]
        fields = ["cost", "impressions", "clicks", *sold]
        for profile in PROFILES if product != "ST" else PROFILES[:1]:
            one = {
                "profile_id": profile,
                "report_type": report,
                "time_range": days,
                "fields": fields,
                "limit": 1,
            }
            told = await client.do(AMAZON, "reports", "run", **one)
            totals = told.meta.get("totals") or told.data[0]
            found[f"amazon:{profile}", product] = tuple(Decimal(str(totals[name])) for name in fields)
    return found


async def test_the_connectors_own_reports_are_what_the_accounts_did(looking: EngineClient) -> None:
    """To the cent, for each of the seven accounts, and for each product of Amazon's."""
    found = await own_reports(looking, "last_week")
    parts = truth.parts(looking.store, truth.last_week)
    sums = truth.summed(parts, lambda part: part.whose.label, lambda part: part.product)
    assert found == {key: did.figures for key, did in sums.items()}
