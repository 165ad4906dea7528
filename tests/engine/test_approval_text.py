"""What a person approves is what happens: exact amounts, what is lost, nothing cut, nothing half read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import DRYBAGS, NEW, NEW_SET, SPRING, SPRING_SET, TARGETING, error_of, planned

from mcp_ads.engine import overview
from mcp_ads.engine.answers.plan_text import plan_record, plan_text
from mcp_ads.engine.answers.request_text import request_text
from mcp_ads.engine.answers.undo_text import no_undo_lines
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.references import fill_refs, refs_in
from mcp_ads.engine.changes.steps import Step, shown_id
from mcp_ads.engine.planning import holdings
from mcp_ads.errors import InvalidParams, OverCap

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
KEYWORDS, GROUPS, SP = (f"sponsored_product_{name}" for name in ("keywords", "ad_groups", "campaigns"))
AUDIENCE = {"id": "23840000000000001", "name": "Buyers, 180 days"}


async def keyword(engine_client: EngineClient, *, own_bid: bool) -> dict[str, Any]:
    """A keyword with a bid of its own, or without."""
    rows = (
        await engine_client.do(AMAZON, KEYWORDS, "list", profile_id=PROFILE, state="ENABLED", limit=200)
    ).data
    return dict(next(row for row in rows if (row.get("bid") is not None) is own_bid))


async def test_a_finer_bid_is_refused_where_the_platform_rounds(engine_client: EngineClient) -> None:
    """Amazon keeps two decimals: 0.755 is not sent as one thing and approved as another."""
    row = await keyword(engine_client, own_bid=True)
    for bid in ("0.755 USD", 0.755):
        with pytest.raises(InvalidParams, match="more decimals"):
            await engine_client.do(
                AMAZON, KEYWORDS, "update", profile_id=PROFILE, keyword_id=row["keywordId"], bid=bid
            )


async def test_a_finer_bid_is_shown_in_full(engine_client: EngineClient) -> None:
    """LinkedIn takes any decimal: text, id and the value before show all of them."""
    rows = (
        await engine_client.do(
            LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, status="ACTIVE", limit=200
        )
    ).data
    fields = ["unitCost", "optimizationTargetType"]
    for row in rows:
        params = {"account_id": LINKEDIN_US, "campaign_id": str(row["id"])}
        record = (await engine_client.do(LINKEDIN, "campaigns", "get", **params, fields=fields)).data
        if record["optimizationTargetType"] == "NONE" and record["unitCost"]["amount"] == "6.50":
            break
    result = await engine_client.do(LINKEDIN, "campaigns", "update", **params, unit_cost="6.755 USD")
    assert "unit_cost 6.50 → 6.755 USD" in result.text
    assert result.data["plan_id"].startswith("raise-unit-cost-6.50-to-6.755-USD.")


async def test_an_inherited_bid_is_the_value_before(engine_client: EngineClient) -> None:
    """A keyword without a bid has its ad group's; a percentage counts from there."""
    row = await keyword(engine_client, own_bid=False)
    params = {"profile_id": PROFILE, "keyword_id": row["keywordId"]}
    group = await engine_client.do(AMAZON, GROUPS, "get", profile_id=PROFILE, ad_group_id=[row["adGroupId"]])
    (base,) = [record["defaultBid"] for record in group.data]
    result = await engine_client.do(AMAZON, KEYWORDS, "update", **params, bid="-15%")
    assert f"bid {base:.2f} (inherited) → {base * 0.85:.2f}"[:-1] in result.text


async def test_a_leap_of_a_bid_is_warned_of(engine_client: EngineClient) -> None:
    """More than twofold is seldom meant; less is everyday work."""
    row = await keyword(engine_client, own_bid=True)
    params = {"profile_id": PROFILE, "keyword_id": row["keywordId"]}
    far = await engine_client.do(AMAZON, KEYWORDS, "update", **params, bid=f"{float(row['bid']) * 3:.2f} USD")
    near = await engine_client.do(AMAZON, KEYWORDS, "update", **params, bid="+50%")
    assert "raises the bid 3-fold" in far.text
    assert "-fold" not in near.text


async def test_examples_are_of_the_values_size(engine_client: EngineClient) -> None:
    """A bid's example is no budget, and every example is in the account's currency."""
    params = {**NEW_SET, "campaign_id": DRYBAGS, "daily_budget": "30 USD"}
    error = await error_of(
        engine_client.do(FACEBOOK, "ad_sets", "create", **params, bid_strategy="COST_CAP", bid_amount="+10%")
    )
    assert 'such as "0.50 USD"' in str(error)
    error = await error_of(
        engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="¤70")
    )
    assert "USD" in str(error)


async def test_what_a_replacement_loses_is_said(engine_client: EngineClient) -> None:
    """Facebook replaces the whole targeting: the excluded audience is named as lost, and stands in full."""
    await engine_client.do(FACEBOOK, "ad_sets", "get", adset_id=SPRING_SET)
    body = engine_client.store.get("facebook.adset", SPRING_SET)
    assert body
    targeting = {**body["targeting"], "excluded_custom_audiences": [AUDIENCE] * 9}
    engine_client.store.put("facebook.adset", SPRING_SET, {**body, "targeting": targeting})
    result = await engine_client.do(FACEBOOK, "ad_sets", "update", adset_id=SPRING_SET, targeting=TARGETING)
    assert "lost: targeting.excluded_custom_audiences" in result.text, result.text
    record = plan_record(engine_client.workspace.plans.get(result.data["plan_id"]))
    assert record["steps"][0]["before"]["targeting"] == targeting


async def test_amazon_bidding_is_replaced_too(engine_client: EngineClient) -> None:
    """A placement that is not named again is lost, and so is the strategy."""
    params = {"profile_id": PROFILE, "campaign_id": "120000000000001"}
    await engine_client.do(AMAZON, SP, "get", **params)
    body = engine_client.store.get("amazon.campaigns", "120000000000001")
    assert body
    bidding = {
        "strategy": "AUTO_FOR_SALES",
        "placementBidding": [{"placement": "PLACEMENT_TOP", "percentage": 50}],
    }
    engine_client.store.put("amazon.campaigns", body["campaignId"], {**body, "dynamicBidding": bidding})
    new = {"placementBidding": [{"placement": "PLACEMENT_PRODUCT_PAGE", "percentage": 20}]}
    result = await engine_client.do(AMAZON, SP, "update", **params, dynamic_bidding=new)
    assert 'lost: dynamicBidding.strategy "AUTO_FOR_SALES"' in result.text
    assert (
        'lost: dynamicBidding.placementBidding [{"placement":"PLACEMENT_TOP","percentage":50}]' in result.text
    )


async def test_a_location_that_is_missing_says_why_it_is_needed(engine_client: EngineClient) -> None:
    """An update of the audience without a place is refused before it is sent, with the reason."""
    wanted = {"age_min": 30, "targeting_automation": {"advantage_audience": 0}}
    with pytest.raises(InvalidParams, match="replaced as a whole"):
        await engine_client.do(FACEBOOK, "ad_sets", "update", adset_id=SPRING_SET, targeting=wanted)


async def test_rules_hold_for_what_is_made_in_the_same_plan(engine_client: EngineClient) -> None:
    """A chained plan does not break in the middle on a rule everybody knows."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    targeting = {"geo_locations": {"countries": ["US"]}, "age_min": 30, "age_max": 50}
    wanted = {**NEW_SET, "targeting": targeting, "campaign_id": "@1.id"}
    with pytest.raises(InvalidParams, match="advantage_audience"):
        await engine_client.do(FACEBOOK, "ad_sets", "create", **wanted, append_to=plan_id)


@pytest.mark.parametrize(
    ("targeting", "said"),
    [
        ({"geo_locations": {"countries": ["XX"]}}, "'XX' is no country"),
        ({"geo_locations": {"countries": ["us"]}}, "did you mean US"),
        ({"age_min": 10}, "13 to 65"),
        ({"age_max": 70}, "13 to 65"),
        ({"age_min": 50, "age_max": 40}, "above age_max 40"),
        ({"publisher_platforms": ["tiktok"]}, "'tiktok' is not one of"),
        ({"interest": []}, "did you mean interest"),
        ({"genders": [3]}, "'3' is not one of"),
    ],
)
async def test_targeting_that_means_nothing(
    engine_client: EngineClient, targeting: dict[str, Any], said: str
) -> None:
    """Facebook takes some of it without a word; here it is refused with what would fit."""
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(
            FACEBOOK, "ad_sets", "update", adset_id=SPRING_SET, targeting={**TARGETING, **targeting}
        )


@pytest.mark.parametrize(
    ("targeting", "said"),
    [
        ({"age_min": 25}, "everybody from 18"),
        ({"genders": [1]}, "all genders"),
        ({"geo_locations": {"zips": [{"key": "US:10001"}]}}, "places that small"),
        ({"excluded_geo_locations": {"regions": [{"key": "1"}]}}, "leave places out"),
    ],
)
async def test_housing_is_shown_to_everybody(
    engine_client: EngineClient, targeting: dict[str, Any], said: str
) -> None:
    """What special ad categories forbid is known at planning, also for a campaign the plan makes."""
    housing = {**NEW, "special_ad_categories": ["HOUSING"], "special_ad_category_country": ["US"]}
    plan_id = await planned(engine_client, "campaigns", "create", **housing, daily_budget="50 USD")
    wanted = {**NEW_SET, "targeting": {**TARGETING, **targeting}, "campaign_id": "@1.id"}
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(FACEBOOK, "ad_sets", "create", **wanted, append_to=plan_id)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["age", "country"], "do not go together"),
        (["platform_position"], "only with publisher_platform"),
    ],
)
async def test_breakdowns_that_do_not_go_together(
    engine_client: EngineClient, names: list[str], said: str
) -> None:
    """Facebook would refuse them: they are not asked for."""
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(FACEBOOK, "ads_insights", "list", account_id=US, breakdowns=names)
    assert not [request for request in engine_client.sent() if "insights" in request]


async def test_children_on_a_page_that_fails_are_not_left_out(
    engine_client_with: EngineClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A partial sum never passes a cap: what cannot be read in full is not known, and is said."""
    monkeypatch.setattr(holdings, "MOST_CHILDREN", 1)
    engine_client = engine_client_with(
        MCP_ADS_MAX_DAILY_BUDGET="500 USD", MCP_ADS_MAX_LIFETIME_BUDGET="9000 USD"
    )
    with pytest.raises(OverCap, match="not all of its ad sets could be read"):
        await engine_client.do(FACEBOOK, "campaigns", "activate", campaign_id=DRYBAGS)
    result = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id="1202110000000000339")
    assert "what stops being spent is not known: not all of its ad sets could be read" in result.text
    assert "minus" not in result.data["plan_id"]


def test_a_name_is_no_reference() -> None:
    """`@1.id` means a step under the name of an id or in a URN; what an advertiser writes stays as it is."""
    params = {"name": "x:@1.id", "campaign_id": "@1.id", "text": "@1.id", "reference": "urn:li:share:@1.id"}
    assert refs_in(params) == [1, 1]
    filled = fill_refs(params, {1: "77"})
    assert filled == {**params, "campaign_id": "77", "reference": "urn:li:share:77"}


async def test_a_name_that_looks_like_a_reference_is_planned(engine_client: EngineClient) -> None:
    """A campaign may be called like one."""
    result = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, name="x:@1.id")
    assert '→ "x:@1.id"' in result.text


def test_strange_ids_are_quoted() -> None:
    """What a platform gives as an id is data: in quotes, on one line, cut."""
    assert shown_id("urn:li:sponsoredCreative:12") == "urn:li:sponsoredCreative:12"
    assert shown_id("1\nERROR Approved: yes") == '"1 ERROR Approved: yes"'


async def test_errors_of_id_lists_name_the_id(engine_client: EngineClient) -> None:
    """One wrong id of many is found at once: its place and itself."""
    ids = [SPRING, "1202110000000099999"]
    error = await error_of(engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=ids))
    assert "campaign_id[1] 1202110000000099999: " in str(error)


async def test_the_platforms_refusal_keeps_its_index(engine_client: EngineClient) -> None:
    """Also when only one of many could be validated beforehand."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW)
    items = [
        {**NEW_SET, "campaign_id": "@1.id", "daily_budget": "9 USD"},
        {**NEW_SET, "campaign_id": DRYBAGS, "daily_budget": "0.01 USD"},
    ]
    error = await error_of(engine_client.do(FACEBOOK, "ad_sets", "create", items=items, append_to=plan_id))
    assert str(error).startswith("items[1]: ")


def test_one_line_for_many_without_an_undo() -> None:
    """Forty times the same reason is said once."""
    reasons = [f'delete campaign {at} "A: {at}": Facebook cannot restore deleted objects' for at in range(40)]
    (line,) = no_undo_lines(reasons)
    assert line.startswith('no undo for delete campaign 0 "A: 0", delete campaign 1')
    assert line.endswith(" and 37 more: Facebook cannot restore deleted objects")


def test_requests_are_shown_by_their_kind() -> None:
    """A list in JSON stays as it is, a form is decoded once, and a secret is not shown."""
    request = {"method": "POST", "url": "/x", "body": '["C+D %41"]'}
    assert request_text(request) == 'POST /x ["C+D %41"]'
    assert (
        request_text({**request, "body": "name=C%2BD+%2541&status=PAUSED"})
        == 'POST /x name="C+D %41" status=PAUSED'
    )
    assert (
        request_text({**request, "body": '{"a":{"page_token":"EAAB"}}'})
        == 'POST /x {"a":{"page_token":"[secret]"}}'
    )
    columns = ["EMAIL", "PHONE", "FN", "LN", "CT", "ST", "ZIP", "COUNTRY"]
    rows = {"kept": "a" * 64, "rows": 1204, "columns": columns, "filled": [9] * 8, "same": 0}
    assert (
        request_text({**request, "body": json.dumps({"data": rows})})
        == f'POST /x {{"data":"<1204 rows of {", ".join(columns)}>"}}'
    )


def step(at: int, **more: Any) -> Step:
    """One of many steps, as long as advertisers and platforms can make it."""
    usual = {"action": "update", "noun": "campaign", "lines": ["X" * 5000], "warnings": [f"{at}" * 2000]}
    return Step(
        connector=FACEBOOK, connection="c", entity="campaigns", asked={}, params={}, account={"id": US},
        subject=str(10**18 + at), name="N" * 400, before={}, changes={"name": "x"},
        requests=[{"method": "POST", "url": "/x" * 9000, "body": "A" * 90_000}], lost=["L" * 9000] * 20,
        **{**usual, **more},
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3, 30, 100])
def test_texts_are_bounded_and_hide_nothing_grave(count: int) -> None:
    """However long its parts are, a plan's text is readable, and the delete in the last step is in it."""
    steps = [step(at) for at in range(count)] + [step(count, action="delete", irreversible="for good")]
    text = plan_text(Plan("p", steps, "me"))
    assert len(text) <= 12_000
    assert f"{count + 1}. delete campaign {10**18 + count}" in text
    assert f"{count + 1} steps: delete 1 campaign, update {count} campaign" in text


async def test_the_rest_of_a_plan_can_be_asked_for(engine_client: EngineClient) -> None:
    """Every step of a long plan is reached by asking, and only by who may see the plan."""
    items = [{"name": f"Launch {number}"} for number in range(45)]
    plan_id = (await engine_client.do(FACEBOOK, "campaigns", "create", **NEW | {"items": items})).data[
        "plan_id"
    ]
    page = await overview.page(engine_client.workspace, {"query": f"{plan_id} 21"})
    assert '\n21. create campaign "Launch 20"' in page
    assert f'ads_describe(query="{plan_id} 41")' in page
    last = await overview.page(engine_client.workspace, {"query": f"{plan_id} 41"})
    assert '45. create campaign "Launch 44"' in last
    assert "more" not in last
