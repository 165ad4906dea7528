"""Amazon: what a person agreed to is what is done: inherited bids, names, ends; and what was looked at."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, writes

from mcp_ads.core import Result
from mcp_ads.errors import InvalidParams

KEYWORDS, DISPLAY = "sponsored_product_keywords", "sponsored_display_targets"
CAMPAIGNS, GROUPS = "sponsored_product_campaigns", "sponsored_product_ad_groups"
pytestmark = pytest.mark.anyio


async def do(client: EngineClient, entity: str, action: str, **params: Any) -> Result:
    return await client.do(AMAZON, entity, action, profile_id=PROFILE, **params)


async def done(client: EngineClient, entity: str, action: str, **params: Any) -> Result:
    """What applying the plan of a write answers."""
    return await applied(client, (await do(client, entity, action, **params)).data["plan_id"])


async def inheriting(client: EngineClient, entity: str) -> dict[str, Any]:
    """Something paused or new that has no bid of its own."""
    rows = (await do(client, entity, "list")).data
    return next(row for row in rows if row["bid"] is None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("entity", "groups", "new"),
    [
        (KEYWORDS, "sponsored_product_ad_groups", {"keyword_text": "kite", "match_type": "EXACT"}),
        (DISPLAY, "sponsored_display_ad_groups", {"asin": "B0TERN0009"}),
    ],
)
async def test_an_inherited_bid_is_part_of_what_is_agreed_to(
    engine_client: EngineClient, entity: str, groups: str, new: dict[str, Any]
) -> None:
    """It stands in the plan, of what is new and of what is switched on; another one is another plan."""
    row = await inheriting(engine_client, entity)
    one = {entity.rpartition("_")[2].rstrip("s") + "_id": row.get("keywordId") or row.get("targetId")}
    place = {"campaign_id": row["campaignId"], "ad_group_id": row["adGroupId"]}
    await done(engine_client, entity, "pause", **one)
    bid = (await do(engine_client, groups, "get", ad_group_id=row["adGroupId"])).data["defaultBid"]
    plans = [
        await do(engine_client, entity, "create", **place, **new),
        await do(engine_client, entity, "activate", **one),
        await do(engine_client, entity, "update", **one, state="ENABLED"),
    ]
    assert [f"bid {bid:.2f} USD (inherited)" in plan.text for plan in plans] == [True] * 3
    await done(engine_client, groups, "update", ad_group_id=row["adGroupId"], default_bid=bid * 2)
    before = writes(engine_client)
    for plan in plans:
        text = (await applied(engine_client, plan.data["plan_id"])).text
        assert f"bid was {bid:.2f} USD (inherited), is {bid * 2:.2f} USD (inherited)" in text, text
    assert writes(engine_client) == before


async def test_the_bid_of_what_is_switched_on_is_agreed_to(engine_client: EngineClient) -> None:
    """An ad group's own, as it was when the plan was made."""
    group = (await do(engine_client, GROUPS, "list", state=["PAUSED"])).data[0]
    plan = await do(engine_client, GROUPS, "activate", ad_group_id=group["adGroupId"])
    assert f"default_bid {group['defaultBid']:.2f} USD" in plan.text
    await done(engine_client, GROUPS, "update", ad_group_id=group["adGroupId"], default_bid="+20%")
    text = (await applied(engine_client, plan.data["plan_id"])).text
    assert f"default_bid was {group['defaultBid']:.2f} USD, is " in text


async def test_a_default_that_the_plan_itself_raises_counts(engine_client: EngineClient) -> None:
    """What has no bid of its own has the one that an earlier step of the plan sets."""
    row = await inheriting(engine_client, KEYWORDS)
    place = {"campaign_id": row["campaignId"], "ad_group_id": row["adGroupId"]}
    raised = await do(engine_client, GROUPS, "update", ad_group_id=row["adGroupId"], default_bid="1.23 USD")
    new = {**place, "keyword_text": "kite", "match_type": "EXACT", "append_to": raised.data["plan_id"]}
    both = await do(engine_client, KEYWORDS, "create", **new)
    assert "bid 1.23 USD (inherited)" in both.text
    assert "2 of 2 done" in (await applied(engine_client, both.data["plan_id"])).text


async def test_a_plan_gives_one_name_to_one_campaign(engine_client: EngineClient) -> None:
    """A seller's campaigns of three products share all names, in whatever case; new ones and renamed ones."""
    new = {"name": "Kites", "daily_budget": "20 USD"}
    products = [
        ("sponsored_product_campaigns", {"targeting_type": "AUTO"}),
        ("sponsored_display_campaigns", {"tactic": "T00020"}),
    ]
    for entity, more in products:
        twice = [{**new, **more}, {**new, **more, "name": "KITES"}]
        with pytest.raises(InvalidParams, match="name: another campaign of the plan"):
            await do(engine_client, entity, "create", items=twice)
    first = await do(engine_client, products[0][0], "create", **new, **products[0][1])
    with pytest.raises(InvalidParams, match="name: another campaign of the plan"):
        await do(
            engine_client, products[1][0], "create", **{**new, "name": "kites"}, **products[1][1],
            append_to=first.data["plan_id"],
        )  # fmt: skip
    brands = (await do(engine_client, "sponsored_brands_campaigns", "list")).data[0]["campaignId"]
    with pytest.raises(InvalidParams, match="name: another campaign of the plan"):
        await do(
            engine_client, "sponsored_brands_campaigns", "update", campaign_id=brands, name="kites",
            append_to=first.data["plan_id"],
        )  # fmt: skip
    taken = (await do(engine_client, products[1][0], "list")).data[0]["name"]
    with pytest.raises(InvalidParams, match=r"Sponsored Display campaign .* is called this already"):
        await do(engine_client, products[0][0], "create", **{**new, "name": taken}, **products[0][1])


async def test_a_bid_above_the_campaigns_budget_is_said(engine_client: EngineClient) -> None:
    """Of something new and of what is there, in the products where Amazon may take it."""
    brand = (await do(engine_client, "sponsored_brands_keywords", "list")).data[0]["keywordId"]
    theme = (await do(engine_client, "sponsored_brands_themes", "list")).data[0]["themeId"]
    tv = (await do(engine_client, "sponsored_tv_ad_groups", "list")).data[0]["adGroupId"]
    row = (await do(engine_client, DISPLAY, "list")).data[0]
    calls: list[tuple[str, str, dict[str, Any]]] = [
        (DISPLAY, "create", {"ad_group_id": row["adGroupId"], "asin": "B0TERN0009", "bid": "900 USD"}),
        (DISPLAY, "update", {"target_id": row["targetId"], "bid": "900 USD"}),
        ("sponsored_brands_keywords", "update", {"keyword_id": brand, "bid": "90000 USD"}),
        ("sponsored_brands_themes", "update", {"theme_id": theme, "bid": "90000 USD"}),
        ("sponsored_tv_ad_groups", "update", {"ad_group_id": tv, "default_bid": "900 USD"}),
    ]
    for entity, action, params in calls:
        assert "is above the campaign's " in (await do(engine_client, entity, action, **params)).text, entity


async def test_what_does_not_fit_is_shown_as_it_should_be(engine_client: EngineClient) -> None:
    """An address, two letters: not digits."""
    page = {"campaign_id": "1", "ad_group_id": "1", "landing_page_url": "http://example.com/x"}
    with pytest.raises(InvalidParams, match="write something like https://"):
        await do(engine_client, "sponsored_display_product_ads", "create", **page)
    with pytest.raises(InvalidParams, match=r'country: "USA" does not fit; write something like US'):
        await do(engine_client, "audiences", "list", country="usa")
    with pytest.raises(InvalidParams, match=r"advertiser_id: .* does not fit; write digits"):
        await do(engine_client, "audiences", "list", advertiser_id="a-b")


@pytest.mark.slow
async def test_everything_that_may_have_been_made_is_looked_at(engine_client: EngineClient) -> None:
    """All items of a batch whose answer was lost, also those that are not shown one by one."""
    row = await inheriting(engine_client, KEYWORDS)
    place = {"campaign_id": row["campaignId"], "ad_group_id": row["adGroupId"], "match_type": "EXACT"}
    items = [{**place, "keyword_text": f"kite {number}"} for number in range(25)]
    plan = await do(engine_client, KEYWORDS, "create", items=items)
    engine_client.fault("500", method="POST", path="/sp/keywords$", when="after")
    text = (await applied(engine_client, plan.data["plan_id"])).text
    assert "UNKNOWN: 0 of 25 done; reading now shows all 25 in effect: do not repeat" in text
    assert "cannot be read" not in text


async def test_one_of_the_same_name_elsewhere_is_another(engine_client: EngineClient) -> None:
    """What was made lately is said again of the same campaign only."""
    first, second = (row["campaignId"] for row in (await do(engine_client, CAMPAIGNS, "list")).data[:2])
    new = {"name": "Kites, again", "default_bid": "0.5 USD"}
    await done(engine_client, GROUPS, "create", campaign_id=first, **new)
    here = await do(engine_client, GROUPS, "create", campaign_id=first, **new)
    assert "an ad group of this name was made at" in here.text
    there = await do(engine_client, GROUPS, "create", campaign_id=second, **new)
    assert "of this name" not in there.text
