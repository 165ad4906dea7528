"""Bids worked out from what clicks brought in: held against the sandbox's own numbers, as exact fractions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest
import truth
from clicked import Seen, bid_now, seen_of
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import SPRING, SURF, applied

from mcp_ads.connectors import connector
from mcp_ads.core import Result
from mcp_ads.core.bid_to import BidRange, read, worked_out
from mcp_ads.core.bid_to import Seen as WhatWasSeen
from mcp_ads.engine import overview
from mcp_ads.errors import AdsError, InvalidParams
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
KEYWORDS, GROUPS = "sponsored_product_keywords", "sponsored_product_ad_groups"
P: dict[str, Any] = {"profile_id": PROFILE, "over": "last_month"}
ACOS = {"acos": "30 %", "min_clicks": 100}
DEAR, FAIR, INHERITING = "150000000000007", "150000000000005", "150000000000001"
"""Keywords, the last without a bid of its own."""


def wanted(
    now: Fraction, aim: Fraction, step: Fraction = Fraction(15, 100), seen: Seen | None = None
) -> Fraction:
    """The bid that is to come, in whole cents towards the one there is: a step from it at most, and never
    away from what a click may cost.
    """
    cpc = seen.cost / seen.clicks if seen else now
    scaled = now * aim / cpc if cpc > now else aim
    held = min(max(scaled, Fraction(2, 100), now * (1 - step)), now * (1 + step))
    if (held - now) * (aim - cpc) < 0:
        return now
    if held < now:
        return min(now, Fraction(ceil(held * 100), 100))
    return max(now, Fraction(floor(held * 100), 100))


def at_thirty(seen: Seen) -> Fraction:
    """What an ACOS of 30 % makes of a click."""
    return seen.sales / seen.clicks * Fraction(30, 100)


def is_exact(store: Store, keyword_id: str) -> bool:
    return (store.get("amazon.keywords", keyword_id) or {}).get("matchType") == "EXACT"


@dataclass(frozen=True)
class Kinds:
    """One keyword that costs too much, one that may cost more, one about right; and those without orders."""

    dear: str
    fair: str
    near: str
    idle: list[str]


def kinds_of(store: Store) -> Kinds:
    seen = {id_: did for id_, did in seen_of(store).items() if store.get("amazon.keywords", id_)}
    off = {
        id_: at_thirty(did) / bid_now(store, id_)
        for id_, did in seen.items()
        if did.clicks >= 100 and did.sales
    }
    by_how_much = sorted(off, key=off.__getitem__)
    near = next(id_ for id_ in by_how_much if Fraction(102, 100) < off[id_] < Fraction(114, 100))
    idle = [id_ for id_, did in seen.items() if did.clicks and not did.orders]
    return Kinds(by_how_much[0], by_how_much[-1], near, idle[:3])


def the_month_before(today: date) -> truth.Days:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def plan_of(client: EngineClient, answer: Result) -> Any:
    return client.workspace.plans.get(answer.data["plan_id"])


async def update(client: EngineClient, entity: str = KEYWORDS, **params: Any) -> Result:
    return await client.do(AMAZON, entity, "update", **{**P, **params})


async def refusal(client: EngineClient, connector: str, entity: str, action: str, **params: Any) -> str:
    with pytest.raises(AdsError) as error:
        await client.do(connector, entity, action, **params)
    assert not [line for line in client.sent() if line.startswith(("PUT", "POST /sp/keywords "))]
    return str(error.value)


@pytest.mark.slow
async def test_every_bid_is_what_its_clicks_were_worth(engine_client: EngineClient) -> None:
    """Exact keywords with clicks: each bid is the oracle's, and each that stays is named with why."""
    answer = await update(engine_client, where="clicks > 0 and matchType = EXACT", bid_to=ACOS)
    plan, figures = plan_of(engine_client, answer), seen_of(engine_client.store)
    keywords = {
        id_: seen for id_, seen in figures.items() if seen.clicks and is_exact(engine_client.store, id_)
    }
    moved, stays = dict[str, Fraction](), set[str]()
    for id_, seen in keywords.items():
        now = bid_now(engine_client.store, id_)
        new = wanted(now, at_thirty(seen), seen=seen) if seen.clicks >= 100 else now
        moved |= {id_: new} if new != now else {}
        stays |= {id_} if new == now else set()
    planned = {step.subject: Fraction(step.budgets[0].after or "") for step in plan.steps}
    assert len(planned) > 30
    assert planned == moved
    assert {entry["id"] for entry in plan.excluded} == stays
    few = {entry["id"]: entry["why"] for entry in plan.excluded if "<" in entry["why"]}
    assert few == {
        id_: f"{keywords[id_].clicks:,} clicks < 100" for id_ in stays if keywords[id_].clicks < 100
    }
    assert few
    assert any(step.budgets[0].inherited for step in plan.steps)
    assert "acos 30 %, at most 15 % a step, from 100 clicks on" in plan.selections[-1]
    assert "az: 7d click" in plan.selections[-1]


async def test_the_documented_call_runs_as_it_is_printed(looking: EngineClient) -> None:
    """It plans, with each line's rule as the page says it."""
    page = (Path(__file__).parents[1] / "docs" / "selections.md").read_text("utf-8")
    blocks = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    (call,) = (json.loads(block) for block in blocks if "bid_to" in block)
    plan = plan_of(looking, await looking.do(AMAZON, call["entity"], call["action"], **call["params"]))
    assert re.search(r"rpc [0-9.]+ USD, x 30 % = [0-9.]+, held at -15 %$", plan.steps[0].decided)


@pytest.mark.slow
async def test_each_line_says_which_rule_moved_it(engine_client: EngineClient) -> None:
    """Named by ids: one is held on its way down, one on its way up, one is what the rule says, exactly."""
    await engine_client.do(AMAZON, "profiles", "list")
    known = kinds_of(engine_client.store)
    ids, seen = [known.dear, known.fair, known.near], seen_of(engine_client.store)[known.near]
    answer = await update(engine_client, keyword_id=ids, bid_to={"acos": 30})
    steps = {step.subject: step for step in plan_of(engine_client, answer).steps}
    assert steps[known.dear].decided.endswith(", held at -15 %")
    assert steps[known.fair].decided.endswith(", held at +15 %")
    rpc, _, rest = steps[known.near].decided.partition(" USD, x 30 % = ")
    said, _, held = rest.partition(", ")
    assert (rpc[:4], held) == ("rpc ", "within 15 %")
    assert float(rpc[4:]) == pytest.approx(float(seen.sales / seen.clicks), abs=6e-5)
    assert float(said) == pytest.approx(float(at_thirty(seen)), abs=6e-5)
    done = await applied(engine_client, answer.data["plan_id"])
    assert "3 of 3 done" in done.text
    assert len([line for line in engine_client.sent() if line == "PUT /sp/keywords"]) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bid_to", "share"),
    [
        ({"roas": 4, "max_step": "90 %"}, lambda seen: seen.sales / seen.clicks / 4),
        (
            {"cost_per_conversion": "5 USD", "max_step": 90},
            lambda seen: Fraction(seen.orders * 5, seen.clicks),
        ),
        ({"acos": "12.5%", "max_step": "90%"}, lambda seen: seen.sales / seen.clicks / 8),
    ],
)
async def test_other_targets(
    looking: EngineClient, bid_to: dict[str, Any], share: Callable[[Seen], Fraction]
) -> None:
    """A return on what is spent, the cost of a conversion, and a share that is no whole percentage."""
    await looking.do(AMAZON, "profiles", "list")
    known, figures = kinds_of(looking.store), seen_of(looking.store)
    ids = [known.dear, known.fair]
    answer = await update(looking, items=[{"keyword_id": id_} for id_ in ids], bid_to=bid_to)
    planned = {step.subject: Fraction(step.budgets[0].after or "") for step in plan_of(looking, answer).steps}
    step = Fraction(90, 100)
    assert planned == {
        id_: wanted(bid_now(looking.store, id_), share(figures[id_]), step, figures[id_]) for id_ in ids
    }


WORKED: dict[str, tuple[str, str, int, str, str, str]] = {
    "dear clicks above the bid": ("0.96", "152", 100, "362.07", "0.82", "held at -15 %"),
    "the same, within a step": ("0.96", "102", 100, "325", "0.92", "within 15 %"),
    "cheap clicks above the bid": ("0.96", "102", 100, "357", "1.00", "within 15 %"),
    "cheap clicks below the bid": ("1.00", "50", 100, "300", "1.00", "held: a click costs 0.50, less than"),
    "dear clicks below the bid": ("1.00", "95", 100, "300", "0.90", "within 15 %"),
    "no clicks' worth": ("0.50", "100", 100, "0", "0.43", "held at -15 % (no conversions"),
}


@pytest.mark.parametrize("case", WORKED)
def test_a_bid_goes_the_way_its_figure_asks_for(case: str) -> None:
    """By hand: clicks dearer than the bid scale it; none rises at an ACOS over 30 %, none falls under it."""
    now, cost, clicks, value, wanted_bid, rule = WORKED[case]
    seen = WhatWasSeen(clicks, Decimal(0 if value == "0" else 9), Decimal(value), "USD", Decimal(cost))
    bid, said = worked_out(read({"acos": "30 %"}), seen, Decimal(now), BidRange())
    assert bid == Decimal(wanted_bid), said
    assert rule in ", ".join(said)


@pytest.mark.slow
async def test_without_orders_it_is_lowered_by_a_step_and_said(looking: EngineClient) -> None:
    """A click is worth nothing then, and the bid goes down by a whole step."""
    await looking.do(AMAZON, "profiles", "list")
    known, figures = kinds_of(looking.store), seen_of(looking.store)
    answer = await update(looking, keyword_id=known.idle, bid_to={"roas": "4", "min_clicks": 1})
    steps = plan_of(looking, answer).steps
    assert len(steps) == len(known.idle)
    for step in steps:
        none = f"(no conversions in {figures[step.subject].clicks:,} clicks)"
        assert step.decided == f"rpc 0.00 USD, / 4 = 0.00, held at -15 % {none}"
        assert Fraction(step.budgets[0].after) == wanted(bid_now(looking.store, step.subject), Fraction())


@pytest.mark.slow
async def test_it_is_worked_out_again_from_the_bid_there_is(engine_client: EngineClient) -> None:
    """Somebody changes the bid before the plan is applied: the fresh one goes a step from that."""
    await engine_client.do(AMAZON, "profiles", "list")
    dear, store = kinds_of(engine_client.store).dear, engine_client.store
    found = f"keywordId = {dear} and clicks > 20"
    answer = await update(engine_client, where=found, bid_to={"acos": "30 %", "max_step": "25 %"})
    keyword = store.get("amazon.keywords", dear) or {}
    seen = seen_of(store)[dear]
    store.put("amazon.keywords", dear, {**keyword, "bid": round(float(at_thirty(seen) / 2), 2)})
    now = bid_now(store, dear)
    fresh = await applied(engine_client, answer.data["plan_id"])
    (step,) = plan_of(engine_client, fresh).steps
    bid = wanted(now, at_thirty(seen), Fraction(25, 100), seen)
    assert Fraction(step.budgets[0].after) == bid < now, "its clicks cost more than they may"
    assert ", clicks " in step.decided
    assert step.decided.endswith("held at -25 %")
    assert "PUT /sp/keywords" not in engine_client.sent()
    assert "1 of 1 done" in (await applied(engine_client, fresh.data["plan_id"])).text
    assert bid_now(store, dear) == Fraction(step.budgets[0].after)
    assert "over the same days" not in answer.text
    again = await update(engine_client, where=found, bid_to={"acos": "30 %", "max_step": "25 %"})
    assert "bid_to over the same days moves it once more" in again.text


@pytest.mark.slow
async def test_no_bid_goes_below_what_the_platform_takes(engine_client: EngineClient) -> None:
    """Amazon's least bid holds before the step does, and is said to."""
    await engine_client.do(AMAZON, "profiles", "list")
    dear, store = kinds_of(engine_client.store).dear, engine_client.store
    store.put("amazon.keywords", dear, {**(store.get("amazon.keywords", dear) or {}), "bid": 0.05})
    answer = await update(engine_client, keyword_id=dear, bid_to={"acos": "1 %", "max_step": "90 %"})
    (step,) = plan_of(engine_client, answer).steps
    assert step.budgets[0].after == "0.02"
    assert step.decided.endswith(", held at the platform's least bid")


@pytest.mark.slow
async def test_an_items_own_target_counts(looking: EngineClient) -> None:
    """What stands beside the items is for those that say nothing themselves."""
    await looking.do(AMAZON, "profiles", "list")
    known = kinds_of(looking.store)
    items = [
        {"keyword_id": known.dear},
        {"keyword_id": known.fair, "bidTo": {"roas": 100, "max_step": "5 %"}},
    ]
    steps = plan_of(looking, await update(looking, items=items, bid_to='{"acos": "30 %"}')).steps
    assert [step.decided.partition(", held")[2] for step in steps] == [" at -15 %", " at -5 %"]


@pytest.mark.slow
async def test_what_pays_by_views_is_left_out(engine_client: EngineClient) -> None:
    """Display campaigns that pay by views: by the campaign's own record, object by object."""
    where: dict[str, Any] = {"where": "clicks > 0", "bid_to": {"roas": 4}}
    first = plan_of(engine_client, await update(engine_client, "sponsored_display_targets", **where))
    target = engine_client.store.get("amazon.sd.targets", first.steps[0].subject) or {}
    campaign = str(target["campaignId"])
    found = engine_client.store.get("amazon.sd.campaigns", campaign) or {}
    engine_client.store.put("amazon.sd.campaigns", campaign, {**found, "costType": "vcpm"})
    again = plan_of(engine_client, await update(engine_client, "sponsored_display_targets", **where))
    why = {entry["id"]: entry["why"] for entry in again.excluded}
    assert why[first.steps[0].subject] == "its campaign pays by views (vcpm)"
    assert len(again.steps) == len(first.steps) - 1


@pytest.mark.slow
async def test_linkedins_own_bids_are_left_alone(looking: EngineClient) -> None:
    """What pays by the click goes by its conversions; where LinkedIn bids, the campaign's record says so."""
    ids = ["300000002", "300000001", "300000003"]
    call = {"account_id": LINKEDIN_US, "campaign_id": ids, "over": "last_month", "bid_to": {"roas": 2}}
    plan = plan_of(looking, await looking.do(LINKEDIN, "campaigns", "update", **call))
    parts = truth.parts(looking.store, the_month_before, f"linkedin:{LINKEDIN_US}")
    did = truth.summed(parts, lambda part: part.ad_group)["300000002"]
    expected = wanted(Fraction("6.50"), Fraction(did.value) / did.clicks / 2)
    assert [Fraction(step.budgets[0].after or "") for step in plan.steps] == [expected]
    assert [entry["why"] for entry in plan.excluded] == [
        f"LinkedIn bids by itself ({target})" for target in ("MAX_CLICK", "MAX_CONVERSION")
    ]


def test_the_page_of_an_action_says_that_it_can() -> None:
    """Where a bid is for a click, and nowhere else."""
    pages = {
        entity: overview.action(connector(name), entity, "update")
        for name, entity in ((AMAZON, KEYWORDS), (AMAZON, "sponsored_tv_ad_groups"), (FACEBOOK, "ad_sets"))
    }
    assert [entity for entity, page in pages.items() if "- bid_to: {" in page] == [KEYWORDS]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "both": ({"bid": "0.5 USD", "bid_to": {"acos": "30 %"}}, "bid: given beside bid_to"),
    "two targets": ({"bid_to": {"acos": "30 %", "roas": 4}}, "bid_to: exactly one of acos, roas"),
    "none": ({"bid_to": {"max_step": "5 %"}}, "not none"),
    "unknown": ({"bid_to": {"acos": "30 %", "max_stp": "5 %"}}, "did you mean max_step?"),
    "what was seen": ({"bid_to": {"acos": "30 %", "seen": {"clicks": 9}}}, "bid_to.seen: no such"),
    "a fraction": ({"bid_to": {"acos": 0.3}}, 'write "30 %" or "0.3 %"'),
    "a unit": ({"bid_to": {"acos": "30 USD"}}, 'bid_to.acos: write a percentage, such as "30 %"'),
    "a quotient": ({"bid_to": {"roas": "400 %"}}, "bid_to.roas: write what one unit of money"),
    "another currency": ({"bid_to": {"cost_per_conversion": "5 EUR"}}, "the account's currency is USD"),
    "a whole step": ({"bid_to": {"acos": "30 %", "max_step": "100 %"}}, "less than 100 %"),
    "no clicks": ({"bid_to": {"acos": "30 %", "min_clicks": 0}}, "a whole number from 1 on"),
    "a formula": ({"bid": "cpc * 0.85", "over": None}, '"+20%"'),
    "text": ({"bid_to": "acos 30 %"}, "bid_to: an object with one target"),
    "no days": ({"bid_to": {"acos": "30 %"}, "over": None}, "over: missing"),
    "days": ({"bid_to": {"acos": "30 %"}, "over": "last_moth"}, "over: "),
    "an id": ({"keyword_id": [DEAR, "x"], "bid_to": {"roas": 4}}, "keyword_id[1] x: "),
    "some items": (
        {"keyword_id": None, "items": [{"keyword_id": DEAR, "bid_to": {"roas": 4}}, {"keyword_id": FAIR}]},
        "in some items only",
    ),
}


@pytest.mark.parametrize("case", WRONG)
async def test_a_mistake_is_named(looking: EngineClient, case: str) -> None:
    """One line for each, saying what would be right; nothing is ordered and nothing sent."""
    given, line = WRONG[case]
    before = len(looking.sent())
    with pytest.raises(InvalidParams) as error:
        await update(looking, **{"keyword_id": DEAR, **given})
    assert line in str(error.value)
    assert not [one for one in looking.sent()[before:] if "/report" in one or one.startswith("PUT")]


@pytest.mark.parametrize(
    ("connector", "entity", "action", "params", "why"),
    [
        (
            FACEBOOK,
            "ad_sets",
            "update",
            {"account_id": US, "where": "clicks > 5"},
            "is not what one click may cost",
        ),
        (AMAZON, "sponsored_tv_ad_groups", "update", {**P, "where": "clicks > 5"}, "is not what one click"),
        (
            AMAZON,
            "sponsored_product_campaigns",
            "update",
            {**P, "where": "clicks > 5"},
            "changes no bid that is there",
        ),
        (
            AMAZON,
            "sponsored_brands_themes",
            "update",
            {**P, "theme_id": "1"},
            "no report here has the clicks",
        ),
        (AMAZON, KEYWORDS, "pause", {**P, "keyword_id": DEAR}, "changes no bid that is there"),
    ],
)
async def test_where_bids_are_for_something_else(
    looking: EngineClient, connector: str, entity: str, action: str, params: dict[str, Any], why: str
) -> None:
    """Refused, and why."""
    said = await refusal(
        looking, connector, entity, action, **{"over": "last_month", **params}, bid_to={"roas": 4}
    )
    assert said.startswith("bid_to: ")
    assert why in said


@pytest.mark.slow
async def test_the_report_is_ordered_once_and_waited_for(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """The first call orders it and plans nothing; the same call again goes on with it, and plans."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY="600")
    call: dict[str, Any] = {"keyword_id": [DEAR, FAIR], "bid_to": {"acos": "30 %"}}
    first = await update(client, **call)
    assert "NOT PLANNED YET" in first.text
    assert not first.data["steps"]
    client.forward(601)
    assert len(plan_of(client, await update(client, **call)).steps) == 2
    assert client.sent().count("POST /reporting/reports") == 1


BIDS = {"profile_id": PROFILE, "keyword_id": [INHERITING, FAIR]}
CAMPAIGNS = {"account_id": LINKEDIN_US, "campaign_id": ["300000002", "300000006"]}
CHANGES: list[tuple[str, str, dict[str, Any], list[str]]] = [
    (AMAZON, KEYWORDS, {**BIDS, "bid": "-15%"}, ["0.83 (inherited) → 0.70 USD", "0.92 → 0.78 USD"]),
    (AMAZON, KEYWORDS, {**BIDS, "bid": "+0.10 USD"}, ["0.83 (inherited) → 0.93 USD", "0.92 → 1.02 USD"]),
    (
        LINKEDIN,
        "campaigns",
        {**CAMPAIGNS, "daily_budget": "+20%"},
        ["130.00 → 156.00 USD", "30.00 → 36.00 USD"],
    ),
    (LINKEDIN, "campaigns", {**CAMPAIGNS, "unit_cost": "-10%"}, ["6.50 → 5.85 USD", "6.50 → 5.85 USD"]),
    (
        FACEBOOK,
        "campaigns",
        {"campaign_id": [SPRING, SURF], "daily_budget": "+10 USD"},
        ["50.00 → 60.00 USD", "80.00 → 90.00 USD"],
    ),
]


@pytest.mark.parametrize(("connector", "entity", "params", "texts"), CHANGES)
async def test_a_change_is_of_each_objects_own_amount(
    looking: EngineClient, connector: str, entity: str, params: dict[str, Any], texts: list[str]
) -> None:
    """One change for many: each step has its own amount before and after, inherited ones too."""
    plan = plan_of(looking, await looking.do(connector, entity, "update", **params))
    assert [step.budgets[0].text().removesuffix(" a day") for step in plan.steps] == texts
