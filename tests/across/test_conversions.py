"""Which conversions count in `ads performance.list`: types by platform, dbt's, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, PROFILE, US, EngineClient

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
WEEK: dict[str, Any] = {"range": "last_week", "level": "account", "accounts": f"facebook:{US}"}


async def performance(client: EngineClient, **params: Any) -> Any:
    """What an agent reads."""
    return await client.table("ads", "performance", "list", **{**WEEK, **params})


async def test_dbt_counts_what_its_five_types_have(looking: EngineClient) -> None:
    """Each by its exact name; leads are not counted once more under the plain one."""
    types = ["purchase", "lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead"]
    own = await looking.do(
        FACEBOOK, "ads_insights", "list",
        account_id=US, time_range="last_week", fields=["spend"], action_types=types,
    )  # fmt: skip
    [record] = own.data
    bought, *leads = (record[name] for name in types)
    assert leads == [leads[0], leads[0], 0]
    assert bought
    assert leads[0]
    [row] = (await performance(looking, conversions="dbt")).rows
    assert row["conversions"] == str(bought + leads[0])


async def test_a_type_that_is_not_there_is_warned_of(looking: EngineClient) -> None:
    """A longer name does not count under the plain one that sounds alike."""
    answer = await performance(looking, conversions={"facebook": ["offsite_conversion.fb_pixel_lead"]})
    assert [row["conversions"] for row in answer.rows] == ["0"]
    assert "no row has an action 'offsite_conversion.fb_pixel_lead'" in answer.meta["warnings"][0]


@pytest.mark.parametrize(
    ("types", "line"),
    [
        (["conversions"], "'conversions' is what counts without types"),
        (["results"], "'results' is a column and no type of action"),
        (["spend"], "'spend' is a column and no type of action; write types such as purchases, leads"),
    ],
)
async def test_what_is_no_type_is_refused(looking: EngineClient, types: list[str], line: str) -> None:
    """Money and ratios are no conversions, and goals of several kinds have no sum; nothing is sent."""
    before = len(looking.sent("facebook"))
    with pytest.raises(InvalidParams, match=line):
        await performance(looking, conversions={"facebook": types})
    assert not [path for path in looking.sent("facebook")[before:] if "insights" in path]


@pytest.mark.slow
async def test_one_country_is_one_row(engine_client: EngineClient) -> None:
    """Amazon calls the United Kingdom UK, which is GB to ISO and to Meta."""
    await engine_client.do(AMAZON, "profiles", "list")
    profile = engine_client.store.get("amazon.profile", PROFILE)
    assert profile
    engine_client.store.put("amazon.profile", PROFILE, {**profile, "countryCode": "UK"})
    both = f"facebook:{US},amazon:{PROFILE}"
    answer = await engine_client.table(
        "ads", "performance", "list", range="last_week", by="country", accounts=both
    )
    assert sorted(row["country"] for row in answer.rows) == ["CA", "GB", "US"]
