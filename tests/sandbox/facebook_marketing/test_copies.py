"""The make-believe Graph's copies, budget schedules, labels and least budgets."""

from __future__ import annotations

import time
from typing import Any

import pytest
from facebook_client import ABO, ACCOUNT, ADSET, AUTUMN, JAPAN, SPRING, Graph, graph

pytestmark = pytest.mark.anyio
STRIPES = "1202110000000000316"
SPRING_SET, JACKETS_SET = "1202120000000003401", "1202120000000003391"
SPRING_AD = "1202130000000034012"
DAY = 86_400
BEGIN = (int(time.time()) // 900 + 96) * 900
PERIOD = {"budget_value": 2000, "budget_value_type": "ABSOLUTE", "time_start": BEGIN, "time_end": BEGIN + DAY}


async def test_a_deep_copy_says_what_became_of_what() -> None:
    """PAUSED and renamed at the top alone, in the language of the token's user; nothing below is left out."""
    async with graph() as g:
        made = await g.post(f"{STRIPES}/copies", deep_copy="true")
        kinds = [pair["ad_object_type"] for pair in made["ad_object_ids"]]
        assert kinds == ["campaign", "ad_set", "ad", "ad"]
        assert made["ad_object_ids"][0] == {
            "ad_object_type": "campaign",
            "source_id": STRIPES,
            "copied_id": made["copied_campaign_id"],
        }
        copy = await g.get(
            made["copied_campaign_id"], fields="name,status,adsets{name,status,source_adset_id}"
        )
        assert copy["name"].endswith(" - Copia")
        assert copy["status"] == "PAUSED"
        (adset,) = copy["adsets"]["data"]
        assert adset["status"] == "PAUSED"
        assert not adset["name"].endswith("Copia")
        assert adset["source_adset_id"].startswith("120212")


async def test_names_and_states_of_copies() -> None:
    """All the way down with DEEP_RENAME, not at all with NO_RENAME; INHERITED_FROM_SOURCE is as it was."""
    async with graph() as g:
        options = {"rename_strategy": "DEEP_RENAME", "rename_prefix": "2027, "}
        made = await g.post(f"{JACKETS_SET}/copies", deep_copy="true", rename_options=options)
        shown = await g.get(made["copied_adset_id"], fields="name,ads{name}")
        assert {row["name"][:6] for row in [shown, *shown["ads"]["data"]]} == {"2027, "}
        same = await g.post(
            f"{SPRING_SET}/copies",
            status_option="INHERITED_FROM_SOURCE",
            rename_options={"rename_strategy": "NO_RENAME"},
        )
        source, copy = [
            await g.get(one, fields="name,status") for one in (SPRING_SET, same["copied_adset_id"])
        ]
        assert (source["name"], source["status"]) == (copy["name"], copy["status"])
        assert copy["status"] == "ACTIVE"


@pytest.mark.parametrize(
    ("source", "params", "said"),
    [
        (SPRING, {"deep_copy": "true"}, "at most 3 in a synchronous call"),
        (SPRING, {"status_option": "ARCHIVED"}, "status_option"),
        (SPRING, {"rename_options": {"suffix": "x"}}, "suffix"),
        (SPRING, {"rename_options": {"rename_strategy": "ALL"}}, "rename_strategy"),
        (SPRING, {"daily_budget": 5000}, "daily_budget"),
        (SPRING_SET, {"promoted_object": {}}, "promoted_object"),
        (SPRING_SET, {"campaign_id": "1"}, "does not exist"),
        (JACKETS_SET, {"campaign_id": SPRING}, "cannot have budgets of their own"),
        (SPRING_AD, {"deep_copy": "true"}, "deep_copy"),
        ("1202110000000000007", {}, "deleted object"),
    ],
)
async def test_copies_that_are_refused(source: str, params: dict[str, Any], said: str) -> None:
    """As the platform does, with nothing copied."""
    async with graph() as g:
        error = await g.error("POST", f"{source}/copies", **params)
        assert error["code"] == 100
        assert said in f"{error['message']} {error.get('error_user_msg', '')}"
        assert g.writes() == []


async def test_copies_keep_the_rules_of_where_they_go() -> None:
    """An audience by age goes into no campaign for housing; an edge without objects is left out."""
    async with graph() as g:
        source = await g.get(JACKETS_SET, fields="campaign{objective},targeting")
        automation = {"targeting_automation": {"advantage_audience": 0}}
        narrow = {**source["targeting"], **automation, "age_min": 25, "age_max": 40}
        await g.post(JACKETS_SET, targeting=narrow)
        homes = {"name": "Homes", "status": "PAUSED", "objective": source["campaign"]["objective"]}
        homes |= {"is_adset_budget_sharing_enabled": "false"}
        into = await g.post(f"{ACCOUNT}/campaigns", special_ad_categories=["HOUSING"], **homes)
        error = await g.error("POST", f"{JACKETS_SET}/copies", campaign_id=into["id"])
        assert "must include ages 18 through 65+" in str(error)
        assert "adsets" not in await g.get(into["id"], fields="name,adsets{id}")


async def test_a_budget_goes_down_to_its_own_ad_sets_only() -> None:
    """An ad set of another campaign among them is refused."""
    async with graph() as g:
        below = (await g.get(f"{SPRING}/adsets", fields="id"))["data"]
        rows = [{"adset_id": row["id"], "daily_budget": 2000} for row in [*below, {"id": JACKETS_SET}]]
        error = await g.error("POST", SPRING, adset_budgets=rows)
        assert f"no ad set of this campaign: {JACKETS_SET}" in str(error)


async def test_what_has_ended_begins_again() -> None:
    """The copy of an ad set whose end has passed runs from now on, as long as the other one did."""
    async with graph() as g:
        parent = (await g.post(f"{ACCOUNT}/campaigns", **ABO))["id"]
        adset = (await g.post(f"{ACCOUNT}/adsets", **ADSET, campaign_id=parent))["id"]
        body = g.store.get("facebook.adset", adset)
        assert body is not None
        ran = {"start_time": "2024-01-01T00:00:00-0500", "end_time": "2024-01-11T00:00:00-0500"}
        g.store.put("facebook.adset", adset, {**body, **ran})
        made = await g.post(f"{adset}/copies")
        shown = await g.get(made["copied_adset_id"], fields="start_time,end_time")
        assert shown["start_time"][:4] >= "2026"
        assert shown["end_time"] > shown["start_time"]


async def test_ads_are_copied_with_another_creative() -> None:
    """Into another ad set, with a creative like its own but for what is given; reviewed anew."""
    async with graph() as g:
        made = await g.post(
            f"{SPRING_AD}/copies", adset_id=JACKETS_SET, creative_parameters={"url_tags": "a=1"}
        )
        assert made.keys() == {"copied_ad_id"}
        shown = await g.get(made["copied_ad_id"], fields="adset_id,source_ad_id,creative{url_tags}")
        assert (shown["adset_id"], shown["source_ad_id"]) == (JACKETS_SET, SPRING_AD)
        assert shown["creative"]["url_tags"] == "a=1"


async def schedule(g: Graph, source: str = SPRING, **changes: Any) -> dict[str, Any]:
    return await g.error("POST", f"{source}/budget_schedules", **{**PERIOD, **changes})


async def test_periods_of_a_budget() -> None:
    """Made, listed by when they are, read, and gone after they were deleted."""
    async with graph() as g:
        made = (await g.post(f"{SPRING}/budget_schedules", **PERIOD))["id"]
        shown = await g.get(made, fields="ad_object_id,budget_value,recurrence_type")
        assert shown == {
            "id": made,
            "ad_object_id": SPRING,
            "budget_value": 2000,
            "recurrence_type": "ONE_TIME",
        }
        assert (await g.get(f"{SPRING}/budget_schedules", time_stop=BEGIN - DAY))["data"] == []
        assert (await g.get(f"{SPRING}/budget_schedules", time_start=BEGIN))["data"] == [{"id": made}]
        assert await g.get(f"{AUTUMN}/budget_schedules") == {"data": []}
        assert (await g.send("DELETE", made)).json() == {"success": True}
        assert (await g.get(f"{SPRING}/budget_schedules"))["data"] == []


async def test_periods_that_are_refused() -> None:
    """Off the quarter hour, too short, too much, at the same time, of two types, without the capability."""
    async with graph() as g:
        await g.post(f"{SPRING}/budget_schedules", **PERIOD)
        later: dict[str, Any] = {"time_start": BEGIN + 2 * DAY, "time_end": BEGIN + 3 * DAY}
        percent: dict[str, Any] = {"budget_value": 50, "budget_value_type": "MULTIPLIER"}
        assert "quarter hour" in (await schedule(g, time_start=BEGIN + 1))["message"]
        assert "three hours" in (await schedule(g, time_end=BEGIN + 3600))["message"]
        assert "8 times" in (await schedule(g, **later, budget_value=50_000))["message"]
        assert "overlap" in (await schedule(g))["message"]
        assert "same budget_value_type" in (await schedule(g, **later, **percent))["message"]
        assert "needs a daily budget" in (await schedule(g, "1202110000000000332"))["message"]
        assert "cannot use the budget scheduling" in (await schedule(g, "1202110000000000920"))["message"]
        assert (await schedule(g, budget_value="2.5"))["code"] == 100
        assert (await schedule(g, recurrence_type="WEEKLY"))["code"] == 100


async def test_labels_of_what_delivers() -> None:
    """All that an object has are those last given: one by its id, one by a name that becomes a label."""
    async with graph() as g:
        first = (await g.post(f"{ACCOUNT}/adlabels", name="Q4"))["id"]
        await g.post(SPRING, adlabels=[{"id": first}, {"name": "Sale"}])
        shown = (await g.get(SPRING, fields="adlabels"))["adlabels"]
        assert [row["name"] for row in shown] == ["Q4", "Sale"]
        assert {row["name"] for row in (await g.get(f"{ACCOUNT}/adlabels", fields="name"))["data"]} == {
            "Q4",
            "Sale",
        }
        assert (await g.get(first, fields="account{account_id}"))["account"]["account_id"] == ACCOUNT[4:]
        await g.send("DELETE", first)
        assert [row["name"] for row in (await g.get(SPRING, fields="adlabels"))["adlabels"]] == ["Sale"]
        assert (await g.error("POST", SPRING, adlabels=[{"id": first}]))["code"] == 100
        assert "adlabels" in (await g.error("POST", SPRING, adlabels=[{"colour": "red"}]))["message"]
        await g.post(SPRING, adlabels=[{"name": "Dry"}], execution_options=["validate_only"])
        assert "Dry" not in str(await g.get(f"{ACCOUNT}/adlabels", fields="name"))


async def test_least_budgets() -> None:
    """In each currency, higher with a bid; a field there is not is refused."""
    async with graph() as g:
        rows = (await g.get(f"{JAPAN}/minimum_budgets"))["data"]
        assert {"currency": "JPY", "min_daily_budget_imp": 150} in rows
        rows = (await g.get(f"{ACCOUNT}/minimum_budgets", bid_amount=700, fields="min_daily_budget_imp"))[
            "data"
        ]
        assert {row["min_daily_budget_imp"] for row in rows} == {700}
        assert (await g.error("GET", f"{ACCOUNT}/minimum_budgets", fields="least"))["code"] == 100
