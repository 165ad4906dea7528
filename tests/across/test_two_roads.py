"""The same figures by two roads: rows of the shared schema by level, and each platform's own reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, EngineClient

from mcp_ads.core import Account
from mcp_ads.core.facts import LEVELS, Asked, Grain, Row, exact, named
from mcp_ads.errors import Rejected

pytestmark = pytest.mark.anyio
DE = "4412345678901234"
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


DAYS = {str(SINCE + timedelta(days=day)) for day in range(7)}
GRAINS: tuple[tuple[Grain, str, set[str]], ...] = (
    ("day", "date", DAYS),
    ("week", "week", {"2026-11-09"}),
    ("month", "month", {"2026-11"}),
)
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


async def rows_of(client: EngineClient, name: str, account: Account, asked: Asked) -> list[Row]:
    """The rows of the shared schema."""
    known = client.workspace.connector(name)
    assert known.facts
    rows: list[Row] = []
    for reading in known.facts.readings(asked, account):
        params = {**reading.params, known.accounts.param: account.id}
        found = await records(client, name, reading.entity, reading.action, params)
        rows += [reading.row(record, account) for record in found]
    return rows


def added(rows: Iterable[Row]) -> dict[str, Decimal]:
    sums = dict.fromkeys(ADDED, Decimal())
    for row in rows:
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "accounts"), [(FACEBOOK, 2), (LINKEDIN, 2), pytest.param(AMAZON, 3, marks=pytest.mark.slow)]
)
async def test_every_level_comes_to_what_the_platforms_own_reports_say(
    looking: EngineClient, name: str, accounts: int
) -> None:
    """An account is the sum of what is below it, to the cent; Sponsored TV has no ads, Brands' no names."""
    [session] = looking.workspace.sessions(name)
    found = await session.accounts.all()
    assert len(found) == accounts
    for account in found:
        assert (await own(looking, name, account, tv=True))["spend"] > 0
        for level in LEVELS:
            expected = await own(looking, name, account, tv=level != "ad")
            rows = await rows_of(looking, name, account, Asked(level, SINCE, UNTIL))
            assert added(rows) == expected, (account.id, level)
            for row in rows:
                assert (row["account"], row["currency"]) == (account.id, account.currency)
                nameless = "ad" if row.get("ad_product") == "SB" else ""
                assert all(row[above] for above in named(level)), row
                assert all(row[f"{above}_name"] for above in named(level) if above != nameless), row


@pytest.mark.slow
@pytest.mark.parametrize(("name", "account_id"), [(FACEBOOK, JAPAN), (LINKEDIN, "523456789"), (AMAZON, DE)])
async def test_days_weeks_and_months_come_to_the_whole(
    looking: EngineClient, name: str, account_id: str
) -> None:
    """Each period is there, by its own column, and all of them are what the range is without."""
    account = await looking.workspace.sessions(name)[0].accounts.get(account_id)
    whole = Asked("account", SINCE, UNTIL)
    expected = added(await rows_of(looking, name, account, whole))
    for grain, column, periods in GRAINS:
        rows = await rows_of(looking, name, account, replace(whole, grain=grain))
        assert added(rows) == expected, grain
        assert {row[column] for row in rows} == periods
