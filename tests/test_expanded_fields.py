"""Fields in braces: shown under their own names, with money as at the top; and ids nobody has."""

from __future__ import annotations

import json

import pytest
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, US, EngineClient
from planning import REGENWEAR

pytestmark = pytest.mark.anyio


async def test_money_inside_an_expansion(engine_client: EngineClient) -> None:
    """Minor units never stand bare beside a currency, at any depth."""
    inside = "campaign{name,daily_budget,adsets.limit(1){daily_budget,ads{campaign{daily_budget_major}}}}"
    table = await engine_client.table(FACEBOOK, "ads", "list", account_id=US, fields=["id", inside], limit=20)
    rows = [json.loads(row["campaign"]) for row in table.rows if "…" not in row["campaign"]]
    whole = (
        await engine_client.do(FACEBOOK, "ads", "list", account_id=US, fields=["id", inside], limit=20)
    ).data
    assert '"daily_budget":' not in json.dumps([rows, whole])
    spring = next(ad["campaign"] for ad in whole if ad["campaign"]["name"] == "Spring Sale")
    assert (spring["daily_budget_major"], spring["daily_budget_minor"]) == ("50.00", "5000")
    assert '"daily_budget_major": "13.33"' in json.dumps(whole)


async def test_money_inside_is_in_the_accounts_currency(engine_client: EngineClient) -> None:
    """Yen have no minor units, also where only the object was named."""
    inside = "adsets.limit(1){campaign{daily_budget}}"
    found = await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=REGENWEAR, fields=[inside])
    campaign = found.data["adsets"]["data"][0]["campaign"]
    assert (campaign["daily_budget_major"], campaign["daily_budget_minor"]) == ("10400", "10400")


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("adsets.limit(2){id,daily_budget}", "adsets"),
        ("insights.date_preset(last_7d){spend}", "insights"),
        ("adsets.limit(1)", "adsets"),
    ],
)
async def test_modifiers_are_no_part_of_a_columns_name(
    engine_client: EngineClient, field: str, column: str
) -> None:
    """What was asked for is in the table, not an empty column named like the question."""
    table = await engine_client.table(
        FACEBOOK, "campaigns", "list", account_id=US, fields=["id", field], limit=3
    )
    assert list(table.rows[0]) == ["id", column]
    assert all(row[column] for row in table.rows)


async def test_analytics_of_an_id_nobody_has(engine_client: EngineClient) -> None:
    """That it did not deliver is said of what exists only."""
    for others in ([], ["300000001"]):
        found = await engine_client.do(
            LINKEDIN, "analytics", "list", account_id=LINKEDIN_US, pivot="CAMPAIGN",
            campaigns=["999999999", *others],
        )  # fmt: skip
        assert "not found in this account: 999999999" in found.meta["warnings"]
        assert "no delivery" not in str(found.meta)
