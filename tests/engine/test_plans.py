"""Plans: what they say, where they live, how they grow, and that nothing is changed by making one."""

from __future__ import annotations

import hashlib
import json
import stat
import time
from collections.abc import Callable
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, PROFILE, US, EngineClient
from planning import CREATIVE, NEW, NEW_SET, SPRING, SURF, applied, planned, writes

from mcp_ads.engine.records.audit import Who
from mcp_ads.errors import AdsError, InvalidParams, PolicyError, StalePlan, UnknownPlan, WritesOff

pytestmark = pytest.mark.anyio


async def test_planning_changes_nothing(engine_client: EngineClient) -> None:
    """However many writes are planned, none is carried out: reads and validations are all that is sent."""
    await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="+20%")
    await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    await planned(engine_client, "campaigns", "delete", campaign_id=SPRING)
    await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    assert writes(engine_client) == []


async def test_off_refuses_planning_and_applying(engine_client_with: Callable[..., EngineClient]) -> None:
    """With writes off no request of any kind leaves for a write."""
    plan_id = await planned(engine_client_with(), "campaigns", "pause", campaign_id=SPRING)
    off = engine_client_with(MCP_ADS_WRITES="off")
    before = len(off.sent())
    with pytest.raises(WritesOff):
        await off.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    with pytest.raises(WritesOff):
        await applied(off, plan_id)
    assert len(off.sent()) == before


async def test_what_a_plan_says(engine_client: EngineClient) -> None:
    """Before and after from the platform, the money, the request, and until when it holds."""
    result = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="+20%")
    lines = result.text.split("\n")
    assert lines[0] == "SANDBOX: invented data"
    assert lines[1].startswith("PLAN raise-daily-budget-50.00-to-60.00-USD.spring-sale.act-1234567890.")
    assert "money: +10.00 USD a day" in lines
    assert f'1. update campaign {SPRING} "Spring Sale" in {US}: daily_budget 50.00 → 60.00 USD a day' in lines
    assert f"   request: POST /v26.0/{SPRING} daily_budget=6000" in lines
    assert lines[-1].startswith("expires: ")


async def test_activation_stands_on_its_own_line(engine_client: EngineClient) -> None:
    """A paused campaign with a budget: what activating it means in money."""
    result = await engine_client.do(FACEBOOK, "campaigns", "activate", campaign_id="1202110000000000316")
    assert "   ACTIVATES DELIVERY: can spend 30.00 USD a day (daily_budget)" in result.text.split("\n")


@pytest.mark.parametrize(
    ("action", "params", "text"),
    [
        ("delete", {}, "cannot be undone: Facebook cannot restore deleted objects"),
        ("archive", {}, "cannot be undone: Facebook does not reactivate archived objects"),
        ("update", {"bid_strategy": "COST_CAP"}, "warning: changing the bid strategy restarts learning"),
        ("update", {"daily_budget": "70 USD"}, "daily_budget by more than 20% may restart learning"),
    ],
)
async def test_warnings(engine_client: EngineClient, action: str, params: dict[str, Any], text: str) -> None:
    """What cannot be undone or has a price beside money is said."""
    result = await engine_client.do(FACEBOOK, "campaigns", action, campaign_id=SPRING, **params)
    assert text in result.text


async def test_what_nobody_validated_is_said(engine_client: EngineClient) -> None:
    """Amazon cannot check without doing: the plan says so."""
    params: dict[str, Any] = {"account_id": PROFILE, "campaign_id": "120000000000001", "daily_budget": 60}
    result = await engine_client.do(AMAZON, "sponsored_product_campaigns", "update", **params)
    assert "warning: not validated by the platform beforehand" in result.text


async def test_at_most_twenty_steps_are_shown(engine_client: EngineClient) -> None:
    """The answer stays readable; the resource has them all."""
    items = [{"name": f"Launch {number}"} for number in range(30)]
    result = await engine_client.do(FACEBOOK, "campaigns", "create", **NEW | {"items": items})
    rows = ["1 to 20: name", *(f'"Launch {number}"' for number in range(20))]
    assert "\n".join([*rows, "… and 10 more steps: "]) in result.text
    assert f'… and 10 more steps: ads_describe(query="{result.data["plan_id"]} 21")' in result.text
    assert (len(result.data["steps"]), result.data["more_steps"]) == (20, 10)
    assert len(engine_client.workspace.text(result)) < 20_000
    more = NEW | {"items": [{"name": f"Later {number}"} for number in range(3)]}
    grown = await engine_client.do(FACEBOOK, "campaigns", "create", append_to=result.data["plan_id"], **more)
    assert [line[:4] for line in grown.text.split("\n") if "create campaign " in line] == [
        "31. ", "32. ", "33. ",
    ]  # fmt: skip
    assert f'30 steps there before: ads_describe(query="{grown.data["plan_id"]}")' in grown.text
    assert "33 steps: create 33 campaigns" in grown.text


async def test_the_file(engine_client: EngineClient) -> None:
    """One private file by the hash of the id, with everything but credentials."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    (path,) = (engine_client.home / "plans").glob("*.json")
    assert path.name == hashlib.sha256(plan_id.encode()).hexdigest() + ".json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = json.loads(path.read_text())
    step = kept["steps"][0]
    assert step["before"]["daily_budget"] == "5000"
    assert not {"updated_time", "budget_remaining"} & step["before"].keys()
    assert step["requests"] == [{"method": "POST", "url": f"/v26.0/{SPRING}", "body": "daily_budget=6000"}]
    assert "sandbox-token" not in path.read_text()


@pytest.mark.parametrize(
    ("action", "params", "hours"),
    [
        ("update", {"daily_budget": "60 USD"}, 1),
        ("update", {"daily_budget": "40 USD"}, 24),
        ("pause", {}, 24),
    ],
)
async def test_how_long_a_plan_holds(
    engine_client: EngineClient, action: str, params: dict[str, str], hours: int
) -> None:
    """An hour when it raises what is spent, else a day."""
    plan = engine_client.workspace.plans.get(
        await planned(engine_client, "campaigns", action, campaign_id=SPRING, **params)
    )
    assert plan.expires - plan.created == hours * 3600


async def test_expired_plans_are_refused(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour and a second later nothing is sent."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    later = time.time() + 3601
    monkeypatch.setattr("mcp_ads.engine.records.plan_store.time.time", lambda: later)
    for call in (
        applied(engine_client, plan_id),
        planned(engine_client, "campaigns", "pause", campaign_id=SURF, append_to=plan_id),
    ):
        with pytest.raises(UnknownPlan, match="expired"):
            await call
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t.upper(), lambda t: "x" + t, lambda t: t + " ", lambda _: "../x"]
)
async def test_only_the_whole_id_is_valid(engine_client: EngineClient, spoil: Callable[[str], str]) -> None:
    """Nothing shorter, longer or spelled otherwise is taken for a plan."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    with pytest.raises(UnknownPlan):
        await applied(engine_client, spoil(plan_id))
    assert writes(engine_client) == []


async def test_appending_voids_the_old(engine_client: EngineClient) -> None:
    """A launch grows step by step under a new id each time; the old ids say what replaced them."""
    first = await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    second = await planned(
        engine_client, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=first
    )
    with pytest.raises(UnknownPlan, match=f"void: {second} took its place"):
        await applied(engine_client, first)
    with pytest.raises(UnknownPlan):
        await planned(engine_client, "campaigns", "pause", campaign_id=SURF, append_to=first)
    assert len(engine_client.workspace.plans.get(second).steps) == 2
    assert [plan.plan_id for plan in engine_client.workspace.plans.all()] == [second]


async def test_a_launch_is_one_apply(engine_client: EngineClient) -> None:
    """References are filled as steps are done, also nested ones, also in the object's own place."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    plan_id = await planned(
        engine_client, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=plan_id
    )
    story: dict[str, Any] = {
        "page_id": "104857600000001",
        "link_data": {"link": "https://ternandtide.example", "message": "x"},
    }
    creative: dict[str, Any] = {"account_id": US, "name": "Look", "object_story_spec": story}
    plan_id = await planned(engine_client, "ad_creatives", "create", **creative, append_to=plan_id)
    ad: dict[str, Any] = {
        "account_id": US,
        "name": "Ad",
        "adset_id": "@2.id",
        "creative": {"creative_id": "@3.id"},
    }
    plan_id = await planned(engine_client, "ads", "create", **ad, append_to=plan_id)
    plan_id = await planned(engine_client, "campaigns", "activate", campaign_id="@1.id", append_to=plan_id)
    result = await applied(engine_client, plan_id)
    assert "APPLIED: 5 of 5 done" in result.text
    assert [write.rpartition(" ")[0] for write in writes(engine_client)] == [
        "create campaign", "create adset", "create creative", "create ad", "update campaign",
    ]  # fmt: skip


async def test_plans_go_across_platforms(engine_client: EngineClient) -> None:
    """One approval for one intention, wherever the objects are."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    amazon: dict[str, Any] = {"account_id": PROFILE, "campaign_id": "120000000000001", "append_to": plan_id}
    plan_id = await planned(engine_client, "sponsored_product_campaigns", "pause", AMAZON, **amazon)
    assert plan_id.startswith("pause-2-campaigns.minus-100.00-USD-a-day.2-accounts.")
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan_id)).text
    assert {write["platform"] for write in engine_client.store.writes()} == {
        "facebook_marketing",
        "amazon_ads",
    }


WRONG = [
    ({"campaign_id": "@2.id"}, "campaign_id: @2.id: there is no step 2 before this one"),
    ({"campaign_id": "@0.id"}, "there is no step 0"),
    ({"promoted_object": {"page_id": "@1"}}, "page_id: '@1' is no reference; write @1.id"),
    ({"campaign_id": "@1"}, "campaign_id"),
    ({"campaign_id": "@1.name"}, "campaign_id"),
]


@pytest.mark.parametrize(("params", "said"), WRONG)
async def test_wrong_references(engine_client: EngineClient, params: dict[str, str], said: str) -> None:
    """A reference to nothing is refused and the plan stays as it was."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    with pytest.raises(InvalidParams, match=said):
        await planned(engine_client, "ad_sets", "create", **NEW_SET, **params, append_to=plan_id)
    assert len(engine_client.workspace.plans.get(plan_id).steps) == 1


async def test_references_to_other_kinds(engine_client: EngineClient) -> None:
    """A campaign's id does not go where an ad set or a creative is wanted, nor onto another platform."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    ad: dict[str, Any] = {
        "account_id": US,
        "name": "Ad",
        "adset_id": "@1.id",
        "creative": {"creative_id": CREATIVE},
    }
    with pytest.raises(
        InvalidParams, match=r"adset_id: @1\.id: that step makes a campaign, which goes into campaign_id"
    ):
        await planned(engine_client, "ads", "create", **ad, append_to=plan_id)
    amazon: dict[str, Any] = {"account_id": PROFILE, "campaign_id": "@1.id", "append_to": plan_id}
    with pytest.raises(InvalidParams, match="that step is one on facebook_marketing"):
        await planned(engine_client, "sponsored_product_campaigns", "pause", AMAZON, **amazon)
    other = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    with pytest.raises(InvalidParams, match=f"that step makes nothing new; write {SPRING}"):
        await planned(engine_client, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=other)


async def test_two_steps_do_not_change_the_same(engine_client: EngineClient) -> None:
    """Which of two budgets would count? The plan does not guess; other fields of the object are free."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="+10%")
    with pytest.raises(InvalidParams, match="step 1 changes daily_budget of campaign"):
        await planned(
            engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="+10%", append_to=plan_id
        )
    await planned(engine_client, "campaigns", "pause", campaign_id=SPRING, append_to=plan_id)


async def test_someone_elses_plan(engine_client: EngineClient) -> None:
    """A plan is applied and added to by whoever made it."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    engine_client.workspace.who = lambda: Who("mallory")
    for call in (
        applied(engine_client, plan_id),
        planned(engine_client, "campaigns", "pause", campaign_id=SURF, append_to=plan_id),
    ):
        with pytest.raises(PolicyError, match="made by someone else"):
            await call
    assert writes(engine_client) == []


async def test_an_applied_plan_takes_no_more(engine_client: EngineClient) -> None:
    """What was carried out cannot grow, nor what another process is about to carry out."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    await applied(engine_client, plan_id)
    with pytest.raises(StalePlan):
        await planned(engine_client, "campaigns", "pause", campaign_id=SURF, append_to=plan_id)
    other = await planned(engine_client, "campaigns", "pause", campaign_id=SURF)
    with engine_client.workspace.plans.claim(other), pytest.raises(AdsError):
        await planned(engine_client, "campaigns", "pause", campaign_id="1202110000000000337", append_to=other)
