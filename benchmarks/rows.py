"""Bytes per row of what an agent reads: whole answers in the default table with default fields."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable

from mcp_ads.engine.answers.shape import render
from mcp_ads.engine.door import Engine
from mcp_ads.settings import load

from .report import Number

CAMPAIGN, INSIGHTS = 120.0, 150.0
FACEBOOK, LINKEDIN, AMAZON = (
    {"account_id": name} for name in ("1234567890", "512345678", "3312345678901234")
)
REPORT = {**AMAZON, "report_type": "spCampaigns", "time_range": "last_7d"}
LISTS = (
    ("facebook_marketing", "campaigns", "list", FACEBOOK, CAMPAIGN),
    ("linkedin_ads", "campaigns", "list", LINKEDIN, CAMPAIGN),
    ("amazon_ads", "sponsored_product_campaigns", "list", AMAZON, CAMPAIGN),
    ("facebook_marketing", "ads_insights", "list", {**FACEBOOK, "level": "ad"}, INSIGHTS),
    ("linkedin_ads", "ad_creative_analytics", "list", LINKEDIN, INSIGHTS),
    ("amazon_ads", "reports", "run", REPORT, INSIGHTS),
)


async def answers() -> list[tuple[int, int]]:
    """Bytes and rows of each list."""
    found = []
    with tempfile.TemporaryDirectory() as home:
        workspace = Engine(load(environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": home}))
        try:
            for connector, entity, action, params, _ in LISTS:
                result = await workspace.execute(connector, entity, action, params)
                found.append((len(render(result).encode()), len(result.data)))
        finally:
            await workspace.close()
    return found


def numbers() -> Iterable[Number]:
    for call, (size, rows) in zip(LISTS, asyncio.run(answers()), strict=True):
        connector, entity, action, _, limit = call
        what = f"{connector.partition('_')[0]} {entity}.{action}, a row"
        yield Number(what, size / rows, "bytes", limit, f"{size:,} bytes, {rows} rows")
