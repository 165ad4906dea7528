"""The make-believe Graph's writes: what is refused and why, what is carried out and noted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from facebook_client import ABO, ACCOUNT, ADSET, AUTUMN, CAMPAIGN, JAPAN, SPRING, TARGETING, Graph, graph

pytestmark = pytest.mark.anyio
PIXEL = {"pixel_id": "887766554433221", "custom_event_type": "PURCHASE"}
PAGE = "104857600000001"
STORY = {"page_id": PAGE, "link_data": {"link": "https://ternandtide.example", "message": "Hello"}}
NEXT_YEAR = "2035-01-01T00:00:00+0000"


async def campaign(g: Graph, **changes: Any) -> str:
    made: str = (await g.post(f"{ACCOUNT}/campaigns", **{**ABO, **changes}))["id"]
    return made


async def test_a_whole_launch() -> None:
    """Campaign, ad set, creative and ad: readable at once, paused, noted without the token."""
    async with graph() as g:
        parent = await campaign(g)
        adset = (await g.post(f"{ACCOUNT}/adsets", **ADSET, campaign_id=parent))["id"]
        creative = (await g.post(f"{ACCOUNT}/adcreatives", name="C", object_story_spec=STORY))["id"]
        spec = {"creative_id": creative}
        ad = (await g.post(f"{ACCOUNT}/ads", name="Ad", adset_id=adset, creative=spec, status="PAUSED"))["id"]
        shown = await g.get(ad, fields="effective_status,campaign{name},creative{name},adset_id")
        assert shown["effective_status"] == "PAUSED"
        assert shown["campaign"]["name"] == "New"
        assert shown["adset_id"] == adset
        assert (await g.get(f"{parent}/insights"))["data"] == []
        assert (await g.get(f"{ACCOUNT}/campaigns", limit=1))["data"] == [{"id": parent}]
        assert g.writes() == ["create campaign", "create adset", "create creative", "create ad"]
        assert "sandbox-test" not in json.dumps(g.store.writes())


@pytest.mark.parametrize(
    ("changes", "subcode", "text"),
    [
        ({"special_ad_categories": None}, None, "special_ad_categories is required"),
        ({"special_ad_categories": ["CREDIT"]}, None, "FINANCIAL_PRODUCTS_SERVICES"),
        ({"objective": "CONVERSIONS"}, None, "OUTCOME_SALES"),
        ({"objective": None}, None, "objective is required"),
        ({"name": ""}, None, "name"),
        ({"status": "ARCHIVED"}, None, "ACTIVE, PAUSED"),
        ({"status": "ON"}, None, "must be one of {ACTIVE, ARCHIVED"),
        ({"daily_budget": None}, 4834011, "is_adset_budget_sharing_enabled"),
        ({"is_adset_budget_sharing_enabled": "true"}, 4834002, ""),
        ({"daily_budget": None, "is_adset_budget_sharing_enabled": "true"}, 4834005, ""),
        ({"lifetime_budget": "90000"}, None, "Only one of"),
        ({"daily_budget": "99"}, 1885272, "100"),
        ({"daily_budget": "50.00"}, None, "must be an integer"),
        ({"spend_cap": "500"}, 2446307, ""),
        ({"colour": "red"}, None, "colour"),
        ({"promoted_object": "{not json"}, None, "JSON"),
    ],
)
async def test_campaign_refusals(changes: dict[str, Any], subcode: int | None, text: str) -> None:
    """Each rule answers with code 100, its own subcode and what to do; nothing is written."""
    async with graph() as g:
        sent = {name: value for name, value in {**CAMPAIGN, **changes}.items() if value is not None}
        error = await g.error("POST", f"{ACCOUNT}/campaigns", **sent)
        assert (error["code"], error.get("error_subcode")) == (100, subcode)
        assert text in error["message"] + error.get("error_user_msg", "")
        assert g.writes() == []


@pytest.mark.parametrize(
    ("changes", "subcode", "text"),
    [
        ({"campaign_id": SPRING}, 1885621, "budgets of their own"),
        ({"campaign_id": "999"}, 33, "999"),
        ({"daily_budget": None}, None, "needs daily_budget or lifetime_budget"),
        ({"daily_budget": None, "lifetime_budget": "90000"}, None, "end_time"),
        ({"end_time": "2020-01-01T00:00:00+0000"}, 1487007, "future"),
        ({"bid_strategy": "COST_CAP"}, 2490487, "bid_amount"),
        ({"bid_strategy": "LOWEST_COST_WITHOUT_CAP", "bid_amount": 100}, None, "bid_amount"),
        ({"bid_strategy": "LOWEST_COST_WITH_MIN_ROAS"}, 2490487, "roas_average_floor"),
        ({"billing_event": "THRUPLAY"}, None, "billing_event"),
        ({"optimization_goal": "LEAD_GENERATION"}, 2490408, "LINK_CLICKS"),
        ({"optimization_goal": "OFFSITE_CONVERSIONS"}, 1815430, "pixel_id"),
        ({"destination_type": "ON_AD"}, 1815715, "ON_AD"),
        ({"destination_type": "APP"}, 1815430, "application_id"),
        ({"promoted_object": {"pixel_id": "1", "custom_event_type": "VIEW_CONTENT"}}, None, "CONTENT_VIEW"),
        ({"targeting": {}}, 1885364, "location"),
        ({"targeting": {**TARGETING, "targeting_automation": {}, "age_min": 30}}, 1870227, "advantage"),
        ({"targeting": {**TARGETING, "geo_locations": {"countries": ["FR"]}}}, 3858081, "dsa_payor"),
        ({"status": "DELETED"}, None, "ACTIVE, PAUSED"),
    ],
)
async def test_adset_refusals(changes: dict[str, Any], subcode: int | None, text: str) -> None:
    """Budgets, bids, goals, promoted objects and audiences."""
    async with graph() as g:
        sent = {**ADSET, "campaign_id": await campaign(g), **changes}
        sent = {name: value for name, value in sent.items() if value is not None}
        error = await g.error("POST", f"{ACCOUNT}/adsets", **sent)
        assert (error["code"], error.get("error_subcode")) == (100, subcode)
        assert text in error["message"] + error.get("error_user_msg", "")
        assert g.writes() == ["create campaign"]


async def test_conversion_adset_is_accepted() -> None:
    """With pixel and event; an end in a date without an offset; no status means ACTIVE."""
    async with graph() as g:
        parent = await campaign(g, objective="OUTCOME_SALES")
        sent = {name: value for name, value in ADSET.items() if name not in ("status", "daily_budget")}
        sent |= {"optimization_goal": "OFFSITE_CONVERSIONS", "promoted_object": PIXEL}
        sent |= {"lifetime_budget": "90000000", "end_time": NEXT_YEAR, "campaign_id": parent}
        made = (await g.post(f"{ACCOUNT}/adsets", **sent))["id"]
        shown = await g.get(made, fields="status,effective_status,end_time,lifetime_budget,promoted_object")
        assert shown["status"] == "ACTIVE"
        assert shown["effective_status"] == "CAMPAIGN_PAUSED"
        assert shown["lifetime_budget"] == "90000000"
        assert shown["end_time"] == "2034-12-31T19:00:00-0500"
        assert shown["promoted_object"] == PIXEL


async def test_validate_only_changes_nothing_where_it_is_known() -> None:
    """On creates and updates of ad objects it is a trial; elsewhere it is ignored and the write happens."""
    async with graph() as g:
        trial = ["validate_only"]
        assert await g.post(f"{ACCOUNT}/campaigns", **CAMPAIGN, execution_options=trial) == {"success": True}
        assert await g.post(SPRING, name="Trial", execution_options=trial) == {"success": True}
        bad = await g.error("POST", SPRING, daily_budget="1", execution_options=trial)
        assert bad["error_subcode"] == 1885272
        assert g.writes() == []
        assert await g.post(ACCOUNT, name="Carried out", execution_options=trial) == {"success": True}
        assert g.writes() == ["update account"]


async def test_budget_changes_do_not_move_updated_time() -> None:
    """Other changes do."""
    async with graph() as g:
        before = await g.get(SPRING, fields="updated_time")
        await g.post(SPRING, daily_budget="8000")
        assert await g.get(SPRING, fields="updated_time") == before
        assert (await g.get(SPRING, fields="daily_budget"))["daily_budget"] == "8000"
        await g.post(SPRING, name="Later")
        assert await g.get(SPRING, fields="updated_time") != before


async def test_budgets_stay_on_one_level() -> None:
    """A campaign budget over ad set budgets is refused, too little for its ad sets as well."""
    async with graph() as g:
        assert (await g.error("POST", AUTUMN, daily_budget="9000"))["error_subcode"] == 1885621
        assert (await g.error("POST", SPRING, daily_budget="150"))["error_subcode"] == 2238055


async def test_moving_the_budget_down() -> None:
    """All ad sets must be named; then each has its own budget and the campaign none."""
    async with graph() as g:
        below = [record["id"] for record in (await g.get(f"{SPRING}/adsets"))["data"]]
        budgets = [{"adset_id": adset_id, "daily_budget": 1000} for adset_id in below]
        assert "missing" in (await g.error("POST", SPRING, adset_budgets=budgets[1:]))["message"]
        await g.post(SPRING, adset_budgets=budgets)
        assert "daily_budget" not in await g.get(SPRING, fields="daily_budget")
        assert (await g.get(below[0], fields="daily_budget"))["daily_budget"] == "1000"


async def test_statuses_follow_from_parents() -> None:
    """Pausing a campaign shows in what is below; archived can only be deleted, deleted is dead."""
    async with graph() as g:
        active = [{"field": "effective_status", "operator": "IN", "value": ["ACTIVE"]}]
        ad = (await g.get(f"{SPRING}/ads", filtering=active))["data"][0]["id"]
        await g.post(SPRING, status="PAUSED")
        assert (await g.get(ad, fields="effective_status"))["effective_status"] == "CAMPAIGN_PAUSED"
        await g.post(SPRING, status="ARCHIVED")
        assert "archived" in (await g.error("POST", SPRING, status="ACTIVE"))["message"]
        await g.post(SPRING, name="Old")
        await g.send("DELETE", SPRING)
        assert (await g.get(ad, fields="status"))["status"] == "DELETED"
        assert "deleted" in (await g.error("POST", SPRING, status="ACTIVE"))["message"]
        assert (await g.error("DELETE", SPRING))["code"] == 100
        assert g.writes()[-1] == "delete campaign"


async def test_fixed_fields_of_an_adset() -> None:
    """The promoted object stays, and neither campaign nor account can change."""
    async with graph() as g:
        adset = (await g.get(f"{SPRING}/adsets"))["data"][0]["id"]
        error = await g.error("POST", adset, promoted_object={**PIXEL, "pixel_id": "1"})
        assert error["error_subcode"] == 3260011
        assert "campaign_id" in (await g.error("POST", adset, campaign_id=AUTUMN))["message"]


async def test_lifetime_budget_stays_above_what_was_spent() -> None:
    """Lowering it to the money already gone is refused."""
    async with graph() as g:
        lifetime = [{"field": "name", "operator": "CONTAIN", "value": "lifetime"}]
        found = await g.get(
            f"{ACCOUNT}/campaigns", filtering=lifetime, fields="lifetime_budget,budget_remaining"
        )
        row = found["data"][0]
        gone = int(row["lifetime_budget"]) - int(row["budget_remaining"])
        assert gone > 0
        assert (await g.error("POST", row["id"], lifetime_budget=gone))["error_subcode"] == 1885650
        assert await g.post(row["id"], lifetime_budget=gone * 2)


async def test_ad_rules() -> None:
    """A creative must exist, ads have no bid, their ad set is fixed, a new creative means review."""
    async with graph() as g:
        adset = (await g.get(f"{SPRING}/adsets"))["data"][-1]["id"]
        ad: dict[str, Any] = {"name": "Ad", "adset_id": adset, "status": "PAUSED"}
        assert (await g.error("POST", f"{ACCOUNT}/ads", **ad))["code"] == 100
        missing = await g.error("POST", f"{ACCOUNT}/ads", **ad, creative={"creative_id": "9"})
        assert missing["error_subcode"] == 33
        inline = await g.post(f"{ACCOUNT}/ads", **ad, creative={"object_story_spec": STORY})
        assert "bid_amount" in (await g.error("POST", inline["id"], bid_amount=5))["message"]
        await g.post(inline["id"], status="ACTIVE")
        shown = await g.get(inline["id"], fields="effective_status,creative{body}")
        assert shown["effective_status"] == "PENDING_REVIEW"
        assert shown["creative"]["body"] == "Hello"


async def test_creative_rules() -> None:
    """Equal content is one creative; content is fixed; in use it cannot go."""
    async with graph() as g:
        path = f"{ACCOUNT}/adcreatives"
        one = await g.post(path, name="C", object_story_spec=STORY)
        assert await g.post(path, name="C", object_story_spec=STORY) == one
        assert g.writes() == ["create creative"]
        assert (await g.error("POST", one["id"], object_story_spec=STORY))["error_subcode"] == 1815573
        no_page = await g.error("POST", path, object_story_spec={"link_data": STORY["link_data"]})
        assert no_page["error_subcode"] == 1885833
        spec = {"creative_features_spec": {"standard_enhancements": {"enroll_status": "OPT_IN"}}}
        bundle = await g.error("POST", path, object_story_spec=STORY, degrees_of_freedom_spec=spec)
        assert bundle["error_subcode"] == 3858504
        used = (await g.get(f"{SPRING}/ads", fields="creative"))["data"][0]["creative"]["id"]
        assert "in use" in (await g.error("DELETE", used))["message"]
        assert (await g.send("DELETE", one["id"])).json() == {"success": True}


async def test_bodies_may_be_json() -> None:
    """Numbers and lists as they are; other forms too."""
    async with graph() as g:
        body = {**CAMPAIGN, "special_ad_categories": [], "daily_budget": 5000}
        made = (await g.http.post(f"/v26.0/{ACCOUNT}/campaigns", json=body)).json()
        shown = await g.get(made["id"], fields="daily_budget,special_ad_categories,bid_strategy")
        assert shown["daily_budget"] == "5000"
        assert shown["special_ad_categories"] == []
        parts = {name: (None, value) for name, value in CAMPAIGN.items()}
        assert (await g.http.post(f"/v26.0/{ACCOUNT}/campaigns", files=parts)).status_code == 200


async def test_a_yen_is_a_minor_unit() -> None:
    """The Japanese account's budgets are whole yen; its spending limit is set in yen too."""
    async with graph() as g:
        assert (await g.error("POST", f"{JAPAN}/campaigns", **{**CAMPAIGN, "daily_budget": "149"}))[
            "code"
        ] == 100
        await g.post(JAPAN, spend_cap="50000")
        await g.post(ACCOUNT, spend_cap="500.50")
        assert (await g.get(JAPAN, fields="spend_cap"))["spend_cap"] == "50000"
        assert (await g.get(ACCOUNT, fields="spend_cap"))["spend_cap"] == "50050"
        assert "{reset, delete}" in (await g.error("POST", JAPAN, spend_cap_action="zero"))["message"]
        (life,) = (await g.get(f"{JAPAN}/insights", date_preset="maximum", fields="spend"))["data"]
        assert (await g.get(JAPAN, fields="amount_spent"))["amount_spent"] == life["spend"]
        await g.post(JAPAN, spend_cap_action="reset")
        limits = await g.get(JAPAN, fields="spend_cap,amount_spent")
        assert (limits["spend_cap"], limits["amount_spent"]) == ("50000", "0")
        await g.post(JAPAN, spend_cap_action="delete")
        assert (await g.get(JAPAN, fields="spend_cap"))["spend_cap"] == "0"


async def test_after_means_carried_out() -> None:
    """A fault `after` loses the answer, not the write."""
    async with graph() as g:
        answer = await g.http.post(
            f"/v26.0/{SPRING}", data={"name": "Done"}, headers={"X-Sandbox-Fault": "500;when=after"}
        )
        assert answer.status_code == 500
        assert (await g.get(SPRING, fields="name"))["name"] == "Done"
        assert g.writes() == ["update campaign"]


async def test_an_account_can_be_emptied_in_one_call() -> None:
    """The edge exists on the platform and does what it says, with everything below."""
    async with graph() as g:
        path = f"{JAPAN}/campaigns"
        assert "delete_strategy" in (await g.error("DELETE", path))["message"]
        assert "must be one of" in (await g.error("DELETE", path, delete_strategy="ALL"))["message"]
        done = (await g.send("DELETE", path, delete_strategy="DELETE_OLDEST", object_count=2)).json()
        assert len(done["deleted_object_ids"]) == 2
        gone = (await g.send("DELETE", path, delete_strategy="DELETE_ANY")).json()
        assert len(gone["deleted_object_ids"]) == done["objects_left_to_delete_count"] > 0
        assert gone["objects_left_to_delete_count"] == 0
        assert (await g.get(path))["data"] == []
        assert (await g.get(f"{JAPAN}/ads"))["data"] == []
