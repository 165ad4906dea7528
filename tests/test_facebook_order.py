"""What a plan says of money where steps follow each other, periods raise a budget, or a list has more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from between import between
from engine_client import FACEBOOK, US, EngineClient
from planning import (
    DRYBAGS,
    JACKETS_SET,
    NEW_SET,
    SPRING,
    SPRING_AD_PAUSED,
    STRIPES,
    applied,
    planned,
    writes,
)

from mcp_ads.errors import InvalidParams, OverCap

pytestmark = pytest.mark.anyio
FIRST = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=10)
PAST = (FIRST - timedelta(days=40)).isoformat()
DAYS = {"time_start": FIRST.isoformat(), "time_end": (FIRST + timedelta(days=3)).isoformat()}
ACTIVE = {"status_option": "ACTIVE"}


@pytest.fixture
def engine_client(engine_client_with: Callable[..., EngineClient]) -> EngineClient:
    return engine_client_with()


async def raised(engine_client: EngineClient, object_id: str, value: str, **more: Any) -> None:
    """Apply a period that raises a budget."""
    given = {"object_id": object_id, "budget_value": value, **DAYS, **more}
    await applied(engine_client, await planned(engine_client, "budget_schedules", "create", **given))


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (("campaigns", "update", {"campaign_id": STRIPES, "daily_budget": "60 USD"}), ("campaigns", STRIPES)),
        (("campaigns", "activate", {"campaign_id": STRIPES}), ("campaigns", STRIPES)),
        (
            ("ad_sets", "update", {"adset_id": JACKETS_SET, "daily_budget": "500 USD"}),
            ("ad_sets", JACKETS_SET),
        ),
        (("ad_sets", "below", {"daily_budget": "500 USD"}), ("campaigns", DRYBAGS)),
    ],
)
async def test_what_an_earlier_step_changes_is_not_copied(
    engine_client: EngineClient, first: Any, then: tuple[str, str]
) -> None:
    """The copy would not be what its plan says: of the object itself, and of one below it."""
    entity, action, params = first
    if action == "below":
        listed = await engine_client.table(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=DRYBAGS)
        action, params = "update", {"adset_id": listed.rows[0]["id"], **params}
    plan = await planned(engine_client, entity, action, **params)
    name = "campaign_id" if then[0] == "campaigns" else "adset_id"
    with pytest.raises(InvalidParams, match="step 1 of the plan changes") as refused:
        await planned(engine_client, then[0], "duplicate", append_to=plan, **{name: then[1]}, **ACTIVE)
    assert "apply that first" in refused.value.fix


async def test_what_an_earlier_step_makes_inside_is_not_copied(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """A deep copy would take along what its plan has not counted, or what somebody changes by hand."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    inside = {**NEW_SET, "campaign_id": DRYBAGS, "daily_budget": "500 USD"}
    by_hand = {"path": f"/{DRYBAGS}", "body": {"status": "ACTIVE"}}
    into = {"path": f"/act_{US}/adsets", "body": {"name": "X", "campaign_id": DRYBAGS}}
    firsts = [("ad_sets", "create", inside), ("graph", "post", by_hand), ("graph", "post", into)]
    for entity, action, params in firsts:
        plan = await planned(engine_client, entity, action, **params)
        with pytest.raises(InvalidParams, match="step 1 of the plan changes"):
            await planned(
                engine_client, "campaigns", "duplicate", append_to=plan, campaign_id=DRYBAGS, **ACTIVE
            )
    plan = await planned(engine_client, "ad_sets", "create", **inside)
    await planned(
        engine_client, "campaigns", "duplicate", append_to=plan, campaign_id=DRYBAGS, deep_copy=False
    )


async def test_periods_and_the_budget_they_raise_are_not_one_plan(engine_client: EngineClient) -> None:
    """In neither order: what is said of one would not hold after the other."""
    budget = {"campaign_id": SPRING, "daily_budget": "100 USD"}
    period = {"object_id": SPRING, "budget_value": "40 USD", **DAYS}
    plan = await planned(engine_client, "campaigns", "update", **budget)
    with pytest.raises(InvalidParams, match="step 1 of the plan changes"):
        await planned(engine_client, "budget_schedules", "create", append_to=plan, **period)
    plan = await planned(engine_client, "budget_schedules", "create", **period)
    with pytest.raises(InvalidParams, match="step 1 of the plan raises budgets for some days"):
        await planned(engine_client, "campaigns", "update", append_to=plan, **budget)


async def test_periods_count_when_a_budget_rises(engine_client_with: Callable[..., EngineClient]) -> None:
    """70 USD are 90 on the days of a period of 20: over a cap of 80; lowered, nothing is asked."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="80 USD")
    asked = between(engine_client, lambda _: None)
    await raised(engine_client, SPRING, "20 USD")
    with pytest.raises(
        OverCap, match=r"daily_budget in its budget_schedules 90\.00 USD a day is over the cap"
    ):
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="70 USD")
    plan = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="55 USD")
    assert "with what budget_schedules add, up to 75.00 USD a day" in plan.text
    assert "money: +5.00 USD a day" in plan.text
    assert "APPLIED" in (await applied(engine_client, plan.data["plan_id"])).text
    asked.clear()
    await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="40 USD")
    assert asked
    assert not [request for request in asked if "budget_schedules" in request.url.path]


async def test_periods_and_the_budget_are_one_rise(engine_client_with: Callable[..., EngineClient]) -> None:
    """50 USD are 60 by a period and 55 by hand, both at most 20 % more: together they are 65."""
    engine_client = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20")
    await raised(engine_client, SPRING, "10 USD")
    with pytest.raises(OverCap, match="30 % over its lowest"):
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="55 USD")


async def test_periods_count_when_something_is_switched_on(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """Of the campaign, of an ad set below it; the text says what is spent at most, and caps hold it."""
    engine_client = engine_client_with()
    await raised(engine_client, STRIPES, "60 USD")
    plan = await engine_client.do(FACEBOOK, "campaigns", "activate", campaign_id=STRIPES)
    assert "ACTIVATES DELIVERY: can spend 90.00 USD a day" in plan.text
    below = (await engine_client.table(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=DRYBAGS)).rows
    plain = await engine_client.do(FACEBOOK, "campaigns", "activate", campaign_id=DRYBAGS)
    on = next(row["id"] for row in below if row["effective_status"] != "PAUSED")
    await raised(engine_client, on, "11 USD")
    more = await engine_client.do(FACEBOOK, "campaigns", "activate", campaign_id=DRYBAGS)
    was, now = (text.split("can spend ")[1].split()[0] for text in (plain.text, more.text))
    assert float(now) - float(was) == 11
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="80 USD")
    with pytest.raises(OverCap, match=r"90\.00 USD a day is over the cap"):
        await planned(capped, "campaigns", "activate", campaign_id=STRIPES)
    lower = {"status": "ACTIVE", "daily_budget": "25 USD"}
    with pytest.raises(OverCap, match=r"daily_budget in its budget_schedules 85\.00 USD a day is over"):
        await planned(capped, "campaigns", "update", campaign_id=STRIPES, **lower)


async def test_periods_count_when_an_ad_begins_to_share_a_budget(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """As with its ad set: what it shares is raised on some days."""
    await raised(engine_client_with(), SPRING, "40 USD")
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="80 USD")
    with pytest.raises(OverCap, match=r"90\.00 USD a day is over the cap"):
        await planned(capped, "ads", "activate", ad_id=SPRING_AD_PAUSED)


async def test_periods_that_cannot_be_read(engine_client_with: Callable[..., EngineClient]) -> None:
    """Without caps a person is told; with one, what is not known is refused."""

    def silent(request: httpx.Request) -> httpx.Response | None:
        error = {"error": {"message": "no", "code": 200, "type": "OAuthException"}}
        there = request.url.path.endswith("/budget_schedules") and request.method == "GET"
        return httpx.Response(403, json=error) if there else None

    rise = {"campaign_id": SPRING, "daily_budget": "55 USD"}
    engine_client = engine_client_with()
    between(engine_client, silent)
    plan = await engine_client.do(FACEBOOK, "campaigns", "update", **rise)
    assert "its budget schedules cannot be read now" in plan.text
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="80 USD")
    between(capped, silent)
    with pytest.raises(OverCap, match="its budget schedules cannot be read now"):
        await planned(capped, "campaigns", "update", **rise)


async def test_a_campaign_without_ad_sets_hands_nothing_down(engine_client: EngineClient) -> None:
    """Facebook leaves the edge out: an ad set of somebody else is none of it, here and in the sandbox."""
    new = {"account_id": US, "name": "Empty", "objective": "OUTCOME_TRAFFIC", "daily_budget": "50 USD"}
    result = await applied(engine_client, await planned(engine_client, "campaigns", "create", **new))
    made = result.data["steps"][0]["id"]
    rows = [{"adset_id": JACKETS_SET, "daily_budget": "9000 USD"}]
    with pytest.raises(InvalidParams, match=f"ad set {JACKETS_SET} is none of this campaign's"):
        await planned(engine_client, "campaigns", "update", campaign_id=made, adset_budgets=rows)
    raw = await engine_client.do(
        FACEBOOK, "graph", "get", path=f"/{made}", query={"fields": "name,adsets.limit(5){id}"}
    )
    assert "adsets" not in json.dumps(raw.data)


async def test_a_part_of_a_list_is_not_the_whole(engine_client: EngineClient) -> None:
    """An expanded edge that names a next page: neither copied nor handed down."""

    def more(request: httpx.Request) -> httpx.Response | None:
        if request.method != "GET" or "adsets.limit" not in str(request.url.params.get("fields")):
            return None
        page = {
            "data": [{"id": JACKETS_SET, "name": "A"}],
            "paging": {"next": "https://graph.facebook.com/x"},
        }
        record = {"id": SPRING, "account_id": US, "name": "Spring Sale", "status": "ACTIVE"}
        record |= {"effective_status": "ACTIVE", "objective": "OUTCOME_SALES", "daily_budget": "5000"}
        return httpx.Response(200, json={**record, "adsets": page})

    between(engine_client, more)
    with pytest.raises(InvalidParams, match="deep_copy: it has 1 adsets or more"):
        await planned(engine_client, "campaigns", "duplicate", campaign_id=SPRING)
    rows = [{"adset_id": JACKETS_SET, "daily_budget": "20 USD"}]
    with pytest.raises(InvalidParams, match="not all ad sets of the campaign could be read, only 1"):
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, adset_budgets=rows)


async def test_a_schedule_of_nobody_known_is_not_deleted(engine_client: EngineClient) -> None:
    """Where the answer leaves out whose it is, nothing says that it is of the object named."""
    missing = list[str]()

    def nobody(request: httpx.Request) -> httpx.Response | None:
        about = [made for made in missing if request.url.path.endswith(f"/{made}")]
        record = {"budget_value": 2000, "budget_value_type": "ABSOLUTE"}
        return httpx.Response(200, json={"id": about[0], **record}) if about else None

    between(engine_client, nobody)
    await raised(engine_client, SPRING, "20 USD")
    missing.append(engine_client.store.all("facebook.schedule")[0]["id"])
    with pytest.raises(InvalidParams, match="it does not say whose it is"):
        await planned(engine_client, "budget_schedules", "delete", schedule_id=missing[0], object_id=SPRING)


async def test_a_copy_is_looked_for_under_both_its_names(engine_client: EngineClient) -> None:
    """One that is named afterwards still has the first name where the answer to the copy was lost."""
    plan = await planned(
        engine_client, "campaigns", "duplicate", campaign_id=SPRING, name="K", deep_copy=False
    )
    engine_client.fault("cut", path="/copies")
    result = await applied(engine_client, plan)
    assert "Spring Sale - Copy" in result.text
    assert "'IN'" in result.text
    assert 'done in part if it lists campaign "Spring Sale - Copy" made after' in result.text


async def test_an_empty_suffix_is_one(engine_client: EngineClient) -> None:
    """It adds nothing, and neither do we."""
    renames = {"rename_suffix": ""}
    plan = await planned(engine_client, "campaigns", "duplicate", campaign_id=STRIPES, rename_options=renames)
    made = (await applied(engine_client, plan)).data["steps"][0]["id"]
    name = (await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=STRIPES, fields=["name"])).data
    got = (await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=made, fields=["name"])).data
    assert got == name


async def test_a_copy_goes_only_where_it_may_be(engine_client: EngineClient) -> None:
    """Not into a special category with its audience, another objective, or what is archived."""
    source = next(row for row in engine_client.store.all("facebook.adset") if row["id"] == JACKETS_SET)
    campaign = engine_client.store.get("facebook.campaign", source["campaign_id"]) or {}
    narrow = {"geo_locations": {"countries": ["US"]}, "age_min": 25, "age_max": 40}
    engine_client.store.put("facebook.adset", JACKETS_SET, {**source, "targeting": narrow})
    places: dict[str, dict[str, Any]] = {
        "everybody from 18 to 65": {"special_ad_categories": ["HOUSING"], "status": "PAUSED"},
        "its objective is OUTCOME_LEADS": {"objective": "OUTCOME_LEADS", "status": "PAUSED"},
        "it is ARCHIVED, and nothing can be added": {"status": "ARCHIVED"},
    }
    for number, (said, fields) in enumerate(places.items()):
        into = str(1_202_900_000_000_000_500 + number)
        engine_client.store.put("facebook.campaign", into, {**campaign, "id": into, **fields})
        with pytest.raises(InvalidParams, match=said):
            await planned(engine_client, "ad_sets", "duplicate", adset_id=JACKETS_SET, campaign_id=into)
    assert writes(engine_client) == []


async def test_periods_of_one_plan_keep_apart(engine_client: EngineClient) -> None:
    """Beside each other in a call, and one after the other in a plan."""
    item = {"object_id": SPRING, "budget_value": "20 USD", **DAYS}
    with pytest.raises(InvalidParams, match="is at the same time"):
        await engine_client.do(FACEBOOK, "budget_schedules", "create", items=[item, item])
    plan = await planned(engine_client, "budget_schedules", "create", **item)
    with pytest.raises(InvalidParams, match=r"is at the same time \(step 1\)"):
        await planned(engine_client, "budget_schedules", "create", append_to=plan, **item)


async def test_a_period_is_written_as_people_do(engine_client: EngineClient) -> None:
    """A number without its currency is doubted, "20%" is one, times are read back, one that runs is said."""
    given = {"object_id": SPRING, **DAYS}
    for slip in (20, "20"):
        with pytest.raises(InvalidParams, match=r'write "0\.20 USD" if you mean that, or "20\.00 USD"'):
            await planned(engine_client, "budget_schedules", "create", **given, budget_value=slip)
    with pytest.raises(InvalidParams, match="goes with budget_value_type MULTIPLIER"):
        await planned(engine_client, "budget_schedules", "create", **given, budget_value="+20%")
    for percent in ("20%", "+20%"):
        plan = await engine_client.do(
            FACEBOOK,
            "budget_schedules",
            "create",
            **given,
            budget_value=percent,
            budget_value_type="MULTIPLIER",
        )
        assert "20 % more, from 50.00 to 60.00 USD" in plan.text
    begun = {"object_id": SPRING, "time_start": PAST, "time_end": DAYS["time_end"], "budget_value": "20 USD"}
    plan = await engine_client.do(FACEBOOK, "budget_schedules", "create", **begun)
    assert "has passed, so more is spent at once" in plan.text
    result = await applied(engine_client, plan.data["plan_id"])
    assert f"time_start {PAST}" in plan.text
    assert "read back: budget_value 20.00 USD" in result.text


async def test_times_that_have_passed(engine_client: EngineClient) -> None:
    """The end of a campaign is refused; where a copy begins at once, that is said."""
    with pytest.raises(InvalidParams, match=r"stop_time: .* has passed; pause the campaign"):
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, stop_time=PAST)
    plan = await engine_client.do(FACEBOOK, "campaigns", "duplicate", campaign_id=STRIPES, start_time=PAST)
    assert "has passed, so what is copied begins as soon as it is switched on" in plan.text


async def test_budgets_of_a_copy_are_given_where_they_are(engine_client: EngineClient) -> None:
    """A percent of the source's own; where its ad sets have them, what is said works as it stands."""
    plan = await engine_client.do(
        FACEBOOK, "campaigns", "duplicate", campaign_id=STRIPES, daily_budget="+20%"
    )
    assert "36.00 USD a day" in plan.text
    for amount in ("+20%", "50 USD"):
        with pytest.raises(InvalidParams, match=r"its ad sets have the budgets.*ad_sets\.duplicate"):
            await planned(engine_client, "campaigns", "duplicate", campaign_id=DRYBAGS, daily_budget=amount)
    plan_id = await planned(engine_client, "campaigns", "duplicate", campaign_id=DRYBAGS, deep_copy=False)
    below = (await engine_client.table(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=DRYBAGS)).rows
    copy = {"adset_id": below[0]["id"], "campaign_id": "@1.id", "daily_budget": "+20%"}
    plan_id = await planned(engine_client, "ad_sets", "duplicate", append_to=plan_id, **copy)
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan_id)).text


async def test_what_begins_counts_whole_although_it_is_set_too(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """Switched on with the amount it has already: no rise, and over the cap all the same; two add up."""
    on = {"status": "ACTIVE", "daily_budget": "30 USD"}
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="20 USD")
    with pytest.raises(OverCap, match=r"daily_budget 30\.00 USD a day is over the cap of 20\.00 USD"):
        await planned(capped, "campaigns", "update", campaign_id=STRIPES, **on)
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="50 USD")
    plan = await planned(capped, "campaigns", "update", campaign_id=STRIPES, **on)
    new = {"account_id": US, "name": "N", "objective": "OUTCOME_TRAFFIC", "daily_budget": "30 USD"}
    with pytest.raises(OverCap, match=r"together the steps add 60\.00 USD a day"):
        await planned(capped, "campaigns", "create", append_to=plan, **new)
