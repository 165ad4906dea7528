"""The same figures by two roads: rows of the shared schema by level, and each platform's own reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, EngineClient

from mcp_ads.core import Account
from mcp_ads.core.facts import LEVELS, Asked, Level, exact
from mcp_ads.errors import Rejected

pytestmark = pytest.mark.anyio
SINCE, UNTIL = date(2026, 11, 9), date(2026, 11, 15)
ADDED = ("spend", "impressions", "clicks", "conversions", "conversion_value")
TYPES = {
    "spCampaigns": ("purchases7d", "sales7d"),
    "sbCampaigns": ("purchases", "sales"),
    "sdCampaigns": ("purchases", "sales"),
    "stCampaigns": ("purchases", "sales"),
}
OWN: Mapping[str, tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...]] = {
    FACEBOOK: (
        ("ads_insights", "list", {}, ("spend", "impressions", "clicks", "conversions", "purchase_value")),
    ),
    LINKEDIN: (
        (
            "ad_campaign_analytics",
            "list",
            {},
            ("cost", "impressions", "clicks", "conversions", "conversion_value"),
        ),
    ),
    AMAZON: tuple(
        (
            "reports",
            "run",
            {"report_type": type_, "report_group_by": ["account"]},
            ("cost", "impressions", "clicks", *bought),
        )
        for type_, bought in TYPES.items()
    ),
}
"""The reports as the connectors have them, and their columns for those of ADDED."""


NO_TV = "unknown or invalid"
"""What Amazon says of the report of a product that a profile has not."""


async def records(
    client: EngineClient, name: str, entity: str, action: str, params: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """All records of a read; none where the account has nothing of the kind at all."""
    try:
        result = await client.do(name, entity, action, **params, limit=1000)
    except Rejected as error:
        assert NO_TV in error.platform_text  # noqa: PT017 - anything else is a failure
        return []
    assert not result.meta.get("more")
    found: list[dict[str, Any]] = result.data
    return found


async def shared(client: EngineClient, name: str, account: Account, level: Level) -> dict[str, Decimal]:
    """What the rows of the shared schema come to at a level."""
    known = client.workspace.connector(name)
    assert known.facts
    sums = dict.fromkeys(ADDED, Decimal())
    for reading in known.facts.readings(Asked(level, SINCE, UNTIL), account):
        params = {**reading.params, known.accounts.param: account.id}
        for record in await records(client, name, reading.entity, reading.action, params):
            row = reading.row(record, account)
            assert (row["account"], row["currency"]) == (account.id, account.currency)
            sums = {column: sums[column] + (exact(row[column]) or 0) for column in ADDED}
    return sums


async def own(client: EngineClient, name: str, account: Account, *, tv: bool) -> dict[str, Decimal]:
    """What the connector's own reports come to."""
    sums, param = dict.fromkeys(ADDED, Decimal()), client.workspace.connector(name).accounts.param
    for entity, action, params, columns in OWN[name]:
        if params.get("report_type") == "stCampaigns" and not tv:
            continue
        asked = {**params, param: account.id, "time_range": f"{SINCE}..{UNTIL}", "fields": [*columns]}
        for record in await records(client, name, entity, action, asked):
            pairs = zip(ADDED, columns, strict=True)
            sums |= {shown: sums[shown] + (exact(record[column]) or 0) for shown, column in pairs}
    return sums


@pytest.mark.parametrize(("name", "accounts"), [(FACEBOOK, 2), (LINKEDIN, 2), (AMAZON, 3)])
async def test_every_level_comes_to_what_the_platforms_own_reports_say(
    looking: EngineClient, name: str, accounts: int
) -> None:
    """An account is the sum of what is below it, to the cent; Sponsored TV has no report by ad."""
    [session] = looking.workspace.sessions(name)
    found = await session.accounts.all()
    assert len(found) == accounts
    for account in found:
        assert (await own(looking, name, account, tv=True))["spend"] > 0
        for level in LEVELS:
            expected = await own(looking, name, account, tv=level != "ad")
            assert await shared(looking, name, account, level) == expected, (account.id, level)
