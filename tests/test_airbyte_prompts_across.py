"""Prompts that Airbyte's connectors list, asked of all platforms at once: one call each.

The docstring of each journey is the prompt; the lists are from airbytehq/airbyte-agent-connectors, the
README.md of connectors/facebook-marketing, connectors/linkedin-ads and connectors/amazon-ads.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import truth
from agent import Agent
from engine_client import Table

from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
DAY = datetime.now(UTC).date() - timedelta(days=2)
MONTH = f"{DAY:%Y-%m}"
"""The one that is not over, or was over yesterday: every account has a whole day of it."""


async def asked(agent: Agent, entity: str = "performance", **params: Any) -> Table:
    return Table(await agent.good("ads_execute", entity=entity, action="list", params=params))


def last_7d(today: date) -> truth.Days:
    return today - timedelta(days=7), today - timedelta(days=1)


def this_month(today: date) -> truth.Days:
    since, until = truth.quarter(DAY, today)
    return max(since, DAY.replace(day=1)), until


def per(parts: list[truth.Part], key: Callable[[truth.Part], str]) -> dict[tuple[str, str], truth.Sums]:
    return truth.summed(parts, lambda part: part.currency, key)


async def test_profiles(agent: Agent, one_store: Store) -> None:
    """List all my advertising profiles across marketplaces"""
    answer = await asked(agent, "accounts")
    found = {(row["platform"], row["account"], row["currency"]) for row in answer.rows}
    there = truth.accounts(one_store)
    assert len(there) == 7
    assert found == {(whose.platform, whose.id, whose.currency) for whose in there}


@pytest.mark.slow
async def test_insights_of_the_last_days(agent: Agent, one_store: Store) -> None:
    """Show me the performance insights for the last 7 days"""
    answer = await asked(agent, range="last_7d", level="account")
    sums = truth.summed(truth.parts(one_store, last_7d), lambda part: part.whose.id)
    found = {row["account"]: (Decimal(row["spend"]), Decimal(row["clicks"])) for row in answer.rows}
    assert found == {account: did.of("spend", "clicks") for account, did in sums.items()}


@pytest.mark.slow
async def test_spend_of_the_month(agent: Agent, one_store: Store) -> None:
    """What is the total ad spend across all campaigns this month?

    Which campaigns have the most spend this month?
    """
    answer = await asked(agent, range=MONTH, sort="-spend", top=1)
    parts = truth.parts(one_store, this_month)
    totals = {currency: Decimal(str(told["spend"])) for currency, told in answer.meta["totals"].items()}
    assert totals == {
        name: did.spend for name, did in truth.summed(parts, lambda part: part.currency).items()
    }
    campaigns = per(parts, lambda part: part.campaign)
    most = {row["currency"]: (row["campaign"], Decimal(row["spend"])) for row in answer.rows}
    assert most == {
        currency: max(
            ((campaign, did.spend) for (own, campaign), did in campaigns.items() if own == currency),
            key=lambda pair: pair[1],
        )
        for currency in totals
    }


@pytest.mark.slow
async def test_creatives_with_the_most_impressions(agent: Agent, one_store: Store) -> None:
    """Which creatives have the most impressions?"""
    answer = await asked(
        agent, range="last_7d", level="ad", sort="-impressions", top=5, fields="ad,impressions"
    )
    ads = truth.summed(truth.parts(one_store, last_7d), lambda part: (part.ad, part.product))
    most = sorted((did.impressions for (_, product), did in ads.items() if product != "ST"), reverse=True)[:5]
    assert [int(row["impressions"]) for row in answer.rows] == most
    assert "Sponsored TV" in answer.meta["coverage"]


@pytest.mark.slow
async def test_ads_with_the_highest_click_through_rate(agent: Agent, one_store: Store) -> None:
    """Show me ads with the highest click-through rate"""
    answer = await asked(
        agent, range="last_7d", level="ad", sort="-ctr", top=3, where="impressions > 1000", fields="ad,ctr"
    )
    ads = truth.summed(truth.parts(one_store, last_7d), lambda part: (part.ad, part.product))
    rates = [Decimal(100) * did.clicks / did.impressions for did in ads.values() if did.impressions > 1000]
    found = [Decimal(row["ctr"]) for row in answer.rows]
    assert found == pytest.approx(sorted(rates, reverse=True)[:3], abs=Decimal("0.0001"))
