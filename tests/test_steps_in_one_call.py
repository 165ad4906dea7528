"""All steps of a plan in one call: beside a write, or with `plans.make` over all platforms."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from agent import Agent
from engine_client import FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from fastmcp import Client
from people import AUDIENCE, SHAPES, WRONG, astray, found
from planning import (
    CREATIVE,
    NEW,
    NEW_SET,
    SPRING,
    STRIPES,
    SURF,
    applied,
    error_of,
    value_of,
    writes,
)

from mcp_ads.connectors.facebook_marketing.creative.images import DOT
from mcp_ads.errors import AdsError, InvalidParams, PolicyError
from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
SP = "sponsored_product"
AD = {"account_id": US, "name": "Ad", "adset_id": "@2.id", "creative": {"creative_id": CREATIVE}}
LAUNCH: list[dict[str, Any]] = [
    {"entity": "ad_sets", "action": "create", "params": {**NEW_SET, "campaign_id": "@1.id"}},
    {"entity": "ads", "action": "create", "params": AD},
]
"""What follows the campaign."""


def on_amazon(entity: str, **params: Any) -> dict[str, Any]:
    """A step that makes something of Sponsored Products."""
    given = {"profile_id": PROFILE, **params}
    return {"connector": "amazon", "entity": f"{SP}_{entity}", "action": "create", "params": given}


def pausing(campaign_id: str, **more: Any) -> dict[str, Any]:
    """A step that pauses a campaign on Facebook."""
    return {
        "connector": "facebook",
        "entity": "campaigns",
        "action": "pause",
        "params": {"campaign_id": campaign_id, **more},
    }


@pytest.fixture
async def agent(engine_client: EngineClient) -> AsyncIterator[Agent]:
    """An agent at a server that works where the engine client does."""
    async with Client(build_server(engine_client.settings, engine_client.workspace)) as client:
        yield Agent(client)


async def made(client: EngineClient, *steps: Any, **params: Any) -> Any:
    """What plans.make answers."""
    return await client.do("ads", "plans", "make", steps=[*steps], **params)


async def test_a_launch_on_facebook_is_one_call(agent: Agent, engine_client: EngineClient) -> None:
    """Campaign, ad set and ad: planned beside the first write, applied once, taken back once."""
    params = {**NEW, "daily_budget": "50 USD", "steps": json.dumps(LAUNCH)}
    text = await agent.good(f"{FACEBOOK}_execute", entity="campaigns", action="create", params=params)
    assert "\nmoney: +50.00 USD a day once active\n3 steps: create 1 campaign, create 1 ad set, " in text
    assert not writes(engine_client)
    done = await agent.good("ads_apply", plan_id=text.split("PLAN ")[1].partition("\n")[0])
    assert "APPLIED: 3 of 3 done" in done
    (ad,) = [row for row in engine_client.store.all("facebook.ad") if row["name"] == "Ad"]
    ad_set = engine_client.store.get("facebook.adset", ad["adset_id"])
    assert ad_set
    campaign = engine_client.store.get("facebook.campaign", ad_set["campaign_id"])
    assert campaign
    assert (campaign["name"], campaign["status"]) == (NEW["name"], "PAUSED")
    undo = done.split("undo: ads_apply(")[1].partition(")")[0]
    assert "APPLIED: 3 of 3 done" in await agent.good("ads_apply", plan_id=undo)


async def test_a_launch_on_amazon_beside_another_platform(agent: Agent, engine_client: EngineClient) -> None:
    """Campaign, ad group and keywords, and money freed on Facebook: one call, one approval."""
    words = [{"keyword_text": f"towel {number}"} for number in range(8)]
    steps = [
        on_amazon("campaigns", name="Towels", targeting_type="MANUAL", daily_budget="20 USD"),
        on_amazon("ad_groups", campaign_id="@1.id", name="Beach", default_bid="0.5 USD"),
        on_amazon("keywords", campaign_id="@1.id", ad_group_id="@2.id", match_type="EXACT", items=words),
        pausing(SPRING),
    ]
    text = await agent.good("ads_execute", entity="plans", action="make", params={"steps": steps})
    assert "\nmoney: +20.00 and -50.00 USD a day\n" in text
    assert "\n8 alike: create 8 keywords in" in text
    assert '\n3 to 10: name\n"towel 0"\n"towel 1"\n' in text
    done = await agent.good("ads_apply", plan_id=text.split("PLAN ")[1].partition("\n")[0])
    assert "APPLIED: 11 of 11 done" in done
    assert "\nread back: all 11 as set" in done
    (campaign,) = [row for row in engine_client.store.all("amazon.campaigns") if row["name"] == "Towels"]
    keywords = [row for row in engine_client.store.all("amazon.keywords") if "towel " in row["keywordText"]]
    made_in = [row["keywordText"] for row in keywords if row["campaignId"] == campaign["campaignId"]]
    assert sorted(made_in) == [word["keyword_text"] for word in words]
    assert await value_of(engine_client, "status") == "PAUSED"


async def test_all_mistakes_of_all_steps_at_once(engine_client: EngineClient) -> None:
    """Each with the place of its step; nothing is kept and nothing sent, also of the steps that are right."""
    error = await error_of(
        made(
            engine_client,
            pausing(SURF),
            {"conector": "amazon", "entity": "x", "action": "create"},
            {"connector": "amazn", "entity": "x", "action": "create"},
            {"connector": "ads", "entity": "performance", "action": "list"},
            {"connector": "fb", "entity": "campaigns", "action": "list"},
            {"connector": "fb", "entity": "campaign", "action": "pause"},
            {
                "connector": "fb",
                "entity": "campaigns",
                "action": "update",
                "params": {"id": "@2.id", "nam": 1},
            },
            pausing(SPRING, append_to="x"),
            {"connector": "fb", "entity": "campaigns", "action": "pause", "params": "{"},
            7,
        )
    )
    assert isinstance(error, InvalidParams)
    assert error.sent == "no"
    lines = {line.partition(": ")[0]: line.partition(": ")[2] for line in reversed(error.lines)}
    assert {name: lines[name][:46] for name in sorted(lines)} == {
        "entry 2 of steps": "conector: no such key; did you mean connector?",
        "entry 3 of steps": "no connector 'amazn'; did you mean amazon_ads?",
        "entry 4 of steps": "connector: ads has no writes; name the platfor",
        "entry 5 of steps": "action: campaigns.list reads; a plan has write",
        "entry 6 of steps": "facebook_marketing has no entity 'campaign'; d",
        "entry 7 of steps": "nam: no such parameter; did you mean name?",
        "entry 8 of steps": "params.append_to: it stands beside steps, once",
        "entry 9 of steps": "params: not valid JSON; write an object",
        "entry 10 of steps": "write an object with connector, entity, action",
    }
    assert not engine_client.workspace.plans.all()
    assert not writes(engine_client)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("people@example.com", "steps: not valid JSON; a list of {connector, entity, action, params}"),
        ([], "steps: a list of {connector, entity, action, params}"),
        ([pausing(SPRING)] * 101, "steps: 101 are too many, at most 100 in one call; one may have items"),
        (
            [pausing(SPRING), pausing(SPRING)],
            "entry 2 of steps: campaign_id[0] 1202110000000000340: step 1 changes",
        ),
        ([{**pausing(SPRING), "connector": ""}], "entry 1 of steps: connector: missing, required"),
    ],
)
async def test_steps_that_are_none(engine_client: EngineClient, steps: Any, said: str) -> None:
    """One line says what is right, and repeats nothing of what was written."""
    error = await error_of(engine_client.do("ads", "plans", "make", steps=steps))
    assert isinstance(error, InvalidParams)
    assert error.lines[0].startswith(said)
    assert "example.com" not in str(error)


async def test_numbers_count_through_the_plan(engine_client: EngineClient) -> None:
    """References mean steps of the plan that is added to as well; only what was added is told again."""
    first = await engine_client.do(FACEBOOK, "campaigns", "create", **NEW, daily_budget="50 USD")
    under = [{**LAUNCH[0]}, {**LAUNCH[1], "params": {**AD, "adset_id": "@3.id"}}]
    steps = [pausing(SURF), *({"connector": "facebook", **step} for step in under)]
    grown = await made(engine_client, *steps, append_to=first.data["plan_id"])
    head = grown.text.split("\n")
    assert head[1] == f"PLAN {grown.data['plan_id']}"
    assert f'1 step there before: ads_describe(query="{grown.data["plan_id"]}")' in head
    assert "money: +50.00 and -80.00 USD a day" in head
    assert [line[:2] for line in head if line[:1].isdigit() and line[1:2] == "."] == ["2.", "3.", "4."]
    assert "APPLIED: 4 of 4 done" in (await applied(engine_client, grown.data["plan_id"])).text


async def test_a_number_that_moved_is_refused(engine_client: EngineClient) -> None:
    """A step left out moves those after it: what `@2.id` means then is nobody's guess."""
    new = {"connector": "fb", "entity": "campaigns", "action": "create"}
    steps = [pausing(STRIPES), *({**new, "params": {**NEW, "name": name}} for name in ("A", "B"))]
    into = {"connector": "fb", **LAUNCH[0], "params": {**NEW_SET, "campaign_id": "@2.id"}}
    error = await error_of(made(engine_client, *steps, into))
    assert isinstance(error, InvalidParams)
    (line,) = error.lines
    assert line.startswith(f"entry 4 of steps: @2.id: campaigns.pause before it leaves {STRIPES} ")
    assert line.endswith(" out (already PAUSED): later steps move up")
    assert "create 2 campaigns" in (await made(engine_client, *steps)).text
    into["params"] = {**NEW_SET, "campaign_id": "@1001.id"}
    error = await error_of(made(engine_client, *steps[1:], into))
    assert "entry 3 of steps: campaign_id: @1001.id: there is no step 1001 before this one" in str(error)
    into["params"] = {**NEW_SET, "campaign_id": "@2.id"}
    found = {"account_id": US, "where": "name ~ 'Spring'"}
    chosen = {"connector": "fb", "entity": "campaigns", "action": "pause", "params": found}
    error = await error_of(made(engine_client, chosen, *steps[1:], into))
    assert isinstance(error, InvalidParams)
    assert "how many steps a condition finds is known only afterwards" in error.lines[0]
    both = await made(
        engine_client,
        *steps[1:2],
        {**into, "params": {**NEW_SET, "daily_budget": "9 USD", "campaign_id": "@1.id"}},
        chosen,
    )
    assert any(line.startswith("where ") for line in both.text.split("\n"))


@pytest.mark.parametrize(
    ("mode", "kind", "said"),
    [("direct", InvalidParams, "send these writes one by one"), ("off", PolicyError, "off")],
)
@pytest.mark.parametrize("beside", [True, False])
async def test_where_there_are_no_plans(
    engine_client_with: EngineClients, mode: str, kind: type[Exception], said: str, beside: bool
) -> None:
    """Refused in a line; nothing is sent, not even the write they stand beside."""
    client = engine_client_with(MCP_ADS_WRITES=mode)
    params: dict[str, Any] = {"steps": [pausing(SURF)], **({"campaign_id": SPRING} if beside else {})}
    asked = (FACEBOOK, "campaigns", "pause") if beside else ("ads", "plans", "make")
    error = await error_of(client.do(*asked, **params))
    assert isinstance(error, kind)
    assert said in str(error)
    assert "\n" not in str(error)
    assert not client.sent()


async def test_people_in_a_step_are_hashed(engine_client: EngineClient) -> None:
    """As in a call of their own: a digest stands for them, and their rows are kept for the plan."""
    step = {"connector": "facebook", "entity": "custom_audiences", "action": "add_users"}
    plan = await made(engine_client, pausing(SPRING), {**step, "params": SHAPES["items"]})
    assert not astray(plan.text, engine_client.home)
    done = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in done.text


async def test_files_in_a_step_are_kept_apart(engine_client: EngineClient) -> None:
    """A picture goes into no plan as it is, and what needs it names it by its step."""
    picture = {"account_id": US, "file": DOT}
    link = {"link": "https://example.com", "message": "x", "image_hash": "@1.hash"}
    spec = {"page_id": "104857600000001", "link_data": link}
    creative = {"account_id": US, "name": "Seen", "object_story_spec": spec}
    steps = [
        {"connector": "fb", "entity": "images", "action": "upload", "params": picture},
        {"connector": "fb", "entity": "ad_creatives", "action": "create", "params": creative},
    ]
    plan = await made(engine_client, *steps)
    assert not found(plan.text, engine_client.home, (DOT.lower(),))
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan.data["plan_id"])).text
    (row,) = [row for row in engine_client.store.all("facebook.creative") if row["name"] == "Seen"]
    assert row["object_story_spec"]["link_data"]["image_hash"] != "@1.hash"


async def test_people_who_are_refused_are_not_repeated(engine_client: EngineClient) -> None:
    """Not in what is wrong with a step, nor of those beside it, and nothing is kept of them."""
    step = {"connector": "facebook", "entity": "custom_audiences", "action": "add_users"}
    for wrong in ("no address", "a name nobody knows", "as a name", "too deep", "a neighbour in items"):
        given = {"audience_id": AUDIENCE, **WRONG[wrong]}
        error = await error_of(made(engine_client, pausing(SPRING, nam=1), {**step, "params": given}))
        assert isinstance(error, AdsError)
        said = engine_client.workspace.error_text(error)
        assert not found(said, engine_client.home)
        assert "entry 1 of steps: nam: no such parameter" in said
        assert "entry 2 of steps: " in said


@pytest.mark.slow
async def test_one_condition_of_many_accounts_is_told_once(engine_client: EngineClient) -> None:
    """A line for each account with its numbers; the rest stands on the plan's first page."""
    places = [
        (FACEBOOK, "campaigns", {"account_id": US}), (FACEBOOK, "campaigns", {"account_id": JAPAN}),
        (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US}),
    ]  # fmt: skip
    steps = [
        {
            "connector": connector,
            "entity": entity,
            "action": "pause",
            "params": {**about, "where": "name ~ 'a'"},
        }
        for connector, entity, about in places
    ]
    answer = await engine_client.do("ads", "plans", "make", steps=steps)
    heads = [line for line in answer.data["selections"] if line.startswith("where ")]
    shown = (answer.text or "").splitlines()
    assert len(heads) == len(places)
    assert len([line for line in shown if line.startswith("where ")]) == 1
    for head, (_, _, about) in zip(heads, places, strict=True):
        assert f"   {about['account_id']}: {head.rpartition(': ')[2]}" in shown
    assert any(line.startswith("… and sums, what was read and near misses: ads_describe(") for line in shown)
    few = await engine_client.do("ads", "plans", "make", steps=steps[:2])
    assert (few.text or "").count("where ") == 2


@pytest.mark.slow
async def test_what_an_outcome_does_not_list_is_counted(engine_client: EngineClient) -> None:
    """Beside steps that are told together, those that have no room are counted, with where they stand."""

    def ids(kind: str, account: str, status: str) -> list[str]:
        rows = (row for row in engine_client.store.all(kind) if row["account_id"] == account)
        return [row["id"] for row in rows if row["status"] == status]

    await engine_client.do("ads", "accounts", "list")
    kinds = {
        "campaigns": ("campaign", "campaign_id"),
        "ads": ("ad", "ad_id"),
        "ad_sets": ("adset", "adset_id"),
    }
    steps = list[dict[str, Any]]()
    for account in (US, JAPAN):
        for entity, (kind, name) in kinds.items():
            some = ids(f"facebook.{kind}", account, "ACTIVE")[-5:]
            items = [{name: id_, "name": f"New {at}"} for at, id_ in enumerate(some)]
            steps.append({"entity": entity, "action": "update", "params": {"items": items}})
    singles = sum(len(step["params"]["items"]) for step in steps)
    ask = {"account_id": US, "where": "name ~ 'Carousel'"}
    steps.append({"entity": "ads", "action": "pause", "params": ask})
    steps = [{"connector": FACEBOOK, **step} for step in steps]
    plan = await engine_client.do("ads", "plans", "make", steps=steps)
    done = (await engine_client.workspace.apply(plan.data["plan_id"])).text or ""
    assert sum(line.partition(".")[0].isdigit() for line in done.splitlines()) == 20 < singles
    assert "each: ads_describe(query=plan_id)" in done
    assert f"… and {singles - 20} more steps: ads_describe(query=" in done
