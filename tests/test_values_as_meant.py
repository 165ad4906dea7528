"""Values as clients send them: ranges, ids, amounts and repeated parameters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
SPRING = "1202110000000000340"


def _ends(text: str) -> tuple[date, date]:
    since, _, until = text.partition(" ")[0].partition("..")
    return date.fromisoformat(since), date.fromisoformat(until)


@pytest.mark.parametrize(
    "written",
    [
        {"since": "{0}"},
        {"start": "{0}"},
        {"from": "{0}"},
        "{0}..",
        "since {0}",
    ],
)
@pytest.mark.parametrize(
    ("connector", "entity", "action", "params"),
    [
        (FACEBOOK, "ads_insights", "list", {"account_id": US, "level": "campaign"}),
        (LINKEDIN, "ad_campaign_analytics", "list", {"account_id": LINKEDIN_US}),
    ],
)
async def test_a_first_day_alone_goes_on_to_yesterday(
    engine_client: EngineClient,
    connector: str,
    entity: str,
    action: str,
    params: dict[str, Any],
    written: Any,
) -> None:
    """Never that one day, whatever the spelling."""
    first = date.today() - timedelta(days=12)  # noqa: DTZ011 - a day more or less does not matter
    given = (
        {k: v.format(first) for k, v in written.items()}
        if isinstance(written, dict)
        else written.format(first)
    )
    answer = await engine_client.table(connector, entity, action, **params, time_range=given)
    since, until = _ends(answer.meta["range"])
    assert since == first
    assert (until - first).days >= 10
    assert answer.rows


async def test_rest_li_text_without_an_end(engine_client: EngineClient) -> None:
    """The spelling of another platform is the same range."""
    first = date.today() - timedelta(days=12)  # noqa: DTZ011 - a day more or less does not matter
    text = f"(start:(year:{first.year},month:{first.month},day:{first.day}))"
    answer = await engine_client.table(FACEBOOK, "ads_insights", "list", account_id=US, dateRange=text)
    since, until = _ends(answer.meta["range"])
    assert (since, (until - first).days >= 10) == (first, True)


async def test_first_day_as_a_parameter_of_its_own(engine_client: EngineClient) -> None:
    """`start_date` without `end_date` is an open range too."""
    answer = await engine_client.table(
        FACEBOOK, "ads_insights", "list", account_id=US, start_date="2026-01-01"
    )
    assert _ends(answer.meta["range"])[0] == date(2026, 1, 1)


async def test_maximum_is_37_months_on_facebook(engine_client: EngineClient) -> None:
    """`lifetime` is as far back as Facebook goes, and stated as days."""
    answer = await engine_client.table(
        FACEBOOK, "ads_insights", "list", account_id=US, date_preset="lifetime"
    )
    since, until = _ends(answer.meta["range"])
    assert 1090 < (until - since).days < 1130
    with pytest.raises(InvalidParams, match=f"numbers from {since} on"):
        await engine_client.do(FACEBOOK, "ads_insights", "list", account_id=US, since="2020-01-01")


async def test_a_long_number_is_no_id(engine_client: EngineClient) -> None:
    """Half of all clients round it to another object's id: nothing is sent."""
    for given in (int(SPRING), [int(SPRING), SPRING]):
        with pytest.raises(InvalidParams, match="as text in quotes"):
            await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=given)
        with pytest.raises(InvalidParams, match="as text in quotes"):
            await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=given)
    items = [{"campaign_id": int(SPRING)}]
    with pytest.raises(InvalidParams, match="as text in quotes"):
        await engine_client.do(FACEBOOK, "campaigns", "pause", items=items)
    assert not engine_client.sent()


@pytest.mark.parametrize(
    ("connector", "entity", "params"),
    [
        (FACEBOOK, "campaigns", {"account_id": US, "accountId": f"act_{US}"}),
        (
            LINKEDIN,
            "campaigns",
            {"account_id": LINKEDIN_US, "account": f"urn:li:sponsoredAccount:{LINKEDIN_US}"},
        ),
        (AMAZON, "sponsored_product_campaigns", {"profile_id": PROFILE, "account_id": int(PROFILE)}),
        (
            AMAZON,
            "sponsored_product_campaigns",
            {"Amazon-Advertising-API-Scope": PROFILE, "profile_id": PROFILE},
        ),
        (
            AMAZON,
            "sponsored_product_campaigns",
            {
                "Amazon-Advertising-API-Scope": PROFILE,
                "Amazon-Advertising-API-ClientId": "amzn1.application-oa2-client.sandbox",
            },
        ),
    ],
)
async def test_the_same_account_twice(
    engine_client: EngineClient, connector: str, entity: str, params: dict[str, Any]
) -> None:
    """One account under two names, in any of its spellings."""
    answer = await engine_client.table(connector, entity, "list", **params, limit=2)
    assert len(answer.rows) == 2
    other = {**params, next(iter(params)): "1"}
    with pytest.raises(InvalidParams, match=r"not the same|not the one"):
        await engine_client.do(connector, entity, "list", **{**params, **other, "account_id": "7"})


@pytest.mark.parametrize("action", ["get", "pause"])
async def test_two_objects_under_two_names(engine_client: EngineClient, action: str) -> None:
    """Of `id` and `campaign_id` none replaces the other: equal ones are one, different ones are refused."""
    other = "1202110000000000338"
    for given in ({"id": other, "campaign_id": SPRING}, {"campaign_id": [SPRING, other], "ids": [SPRING]}):
        with pytest.raises(InvalidParams, match="not the same"):
            await engine_client.do(FACEBOOK, "campaigns", action, **given)
    assert await engine_client.do(FACEBOOK, "campaigns", action, id=SPRING, campaign_id=SPRING)


@pytest.mark.slow
async def test_maximum_names_the_first_day(engine_client: EngineClient) -> None:
    """Several reports have all days that are kept; one takes fewer, and is refused with the first of them."""
    asked = {"profile_id": PROFILE, "report_type": "spCampaigns", "time_range": "maximum"}
    found = await engine_client.do(AMAZON, "reports", "run", **asked)
    first = found.meta["range"].partition("..")[0]
    with pytest.raises(InvalidParams, match=f"days from {first} on"):
        await engine_client.do(AMAZON, "reports", "create", **asked)


async def test_another_client_id_is_said(engine_client: EngineClient) -> None:
    """The credentials are those of the settings, whatever the call says."""
    with pytest.raises(InvalidParams, match="leave it out"):
        await engine_client.do(
            AMAZON,
            "profiles",
            "list",
            **{"Amazon-Advertising-API-ClientId": "amzn1.application-oa2-client.x"},
        )


async def test_money_with_a_sign(engine_client: EngineClient) -> None:
    """$60 is 60 USD in an account in dollars, and refused in one that is not."""
    params = {"campaign_id": "1202110000000000340", "daily_budget": "$60"}
    planned = await engine_client.do(FACEBOOK, "campaigns", "update", **params)
    assert "60.00 USD" in planned.text
    with pytest.raises(InvalidParams, match="currency is USD, not EUR"):
        await engine_client.do(FACEBOOK, "campaigns", "update", **{**params, "daily_budget": "60 €"})
