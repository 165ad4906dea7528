"""Amazon's objects found by their figures: the sets are those of the sandbox's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import truth
from clicked import Seen, last_month, seen_of
from engine_client import AMAZON, PROFILE, EngineClient
from test_bids_to_target import the_month_before
from test_questions import alone, tokens

from mcp_ads.errors import AdsError
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
KEYWORDS = "sponsored_product_keywords"
P: dict[str, Any] = {"profile_id": PROFILE, "over": "last_month"}


def dear(seen: Mapping[str, Seen], store: Store) -> set[str]:
    """Keywords that cost more than 40 % of what they sold."""
    sold = (id_ for id_, did in seen.items() if did.sales and did.cost * 100 / did.sales > 40)
    return {id_ for id_ in sold if store.get("amazon.keywords", id_)}


async def found(client: EngineClient, entity: str, **params: Any) -> set[str]:
    """The objects that a condition finds: those a plan would change, and those that are so already."""
    given = params if "bid" in params else {"state": "PAUSED", **params}
    answer = await client.do(AMAZON, entity, "update", **{**P, **given})
    if "plan_id" not in answer.data:
        return {entry["id"] for entry in answer.data["excluded"]}
    plan = client.workspace.plans.get(answer.data["plan_id"])
    return {step.subject for step in plan.steps} | {entry["id"] for entry in plan.excluded}


@pytest.mark.slow
async def test_bids_are_lowered_where_acos_is_high(tmp_path: Path) -> None:
    """The issue's sentence: one call and one approval, exactly these keywords, inherited bids among them."""
    asked = {**P, "where": "acos > 40 %", "bid": "-15%"}
    async with alone(tmp_path) as (agent, store):
        plan = await agent.good("amazon_ads_execute", entity=KEYWORDS, action="update", params=asked)
        own = {
            id_: (store.get("amazon.keywords", id_) or {}).get("bid") for id_ in dear(seen_of(store), store)
        }
        answer = await agent.good("ads_apply", plan_id=plan.split("PLAN ")[1].split("\n")[0])
        changed = [write["id"] for write in store.writes() if write["what"].startswith("update")]
        sent = [one["method"] for one in store.requests()]
    assert len(own) > 50
    assert None in own.values()
    assert sorted(changed) == sorted(own)
    assert sent.count("PUT") == 1
    assert f"{len(own)} of {len(own)} done" in answer
    assert tokens(plan) + tokens(answer) <= 1000


QUICK = [
    ("SP", "ad_group", "sponsored_product_ad_groups"),
    ("SB", "campaign", "sponsored_brands_campaigns"),
    ("SD", "ad", "sponsored_display_product_ads"),
]
MORE = [
    ("SP", "campaign", "sponsored_product_campaigns"),
    ("SP", "ad", "sponsored_product_product_ads"),
    ("SB", "ad_group", "sponsored_brands_ad_groups"),
    ("SB", "ad", "sponsored_brands_ads"),
    ("SD", "campaign", "sponsored_display_campaigns"),
    ("SD", "ad_group", "sponsored_display_ad_groups"),
    ("ST", "campaign", "sponsored_tv_campaigns"),
    ("ST", "ad_group", "sponsored_tv_ad_groups"),
]
LEVELS = [*QUICK, *(pytest.param(*level, marks=pytest.mark.slow) for level in MORE)]


@pytest.mark.slow
@pytest.mark.parametrize(("product", "level", "entity"), LEVELS)
async def test_each_kind_is_found_by_its_own_report(
    looking: EngineClient, product: str, level: str, entity: str
) -> None:
    """Those that spent at least as much as the eighth of them, or of all there are, the last."""
    await looking.do(AMAZON, "profiles", "list")
    parts = truth.parts(looking.store, the_month_before, f"amazon:{PROFILE}")
    sums = truth.summed(
        [part for part in parts if part.product == product], lambda part: str(getattr(part, level))
    )
    assert sums
    spent = sorted((did.spend for did in sums.values()), reverse=True)
    least = spent[min(8, len(spent)) - 1]
    there = {
        str(row[f"{level.replace('ad_group', 'adGroup')}Id"])
        for row in (await looking.do(AMAZON, entity, "list", profile_id=PROFILE, limit=1000)).data
    }
    wanted = {id_ for id_, did in sums.items() if did.spend >= least and id_ in there}
    assert wanted
    assert await found(looking, entity, where=f"cost >= {least:f} USD") == wanted


@pytest.mark.slow
@pytest.mark.parametrize(
    ("entity", "report", "id_at"),
    [
        ("sponsored_product_targets", "spTargeting", "keywordId"),
        ("sponsored_brands_keywords", "sbTargeting", "keywordId"),
        ("sponsored_brands_targets", "sbTargeting", "targetingId"),
        ("sponsored_display_targets", "sdTargeting", "targetingId"),
    ],
)
async def test_what_is_bid_on_is_found(looking: EngineClient, entity: str, report: str, id_at: str) -> None:
    """By the column that has its id; the report's other rows are other things."""
    fields = [id_at, "clicks"]
    rows = await looking.do(
        AMAZON,
        "reports",
        "run",
        profile_id=PROFILE,
        time_range="last_month",
        report_type=report,
        fields=fields,
        limit=1000,
    )
    clicks = {str(row[id_at]): row["clicks"] for row in rows.data if row[id_at]}
    listed = await looking.do(AMAZON, entity, "list", profile_id=PROFILE, limit=1000)
    ids = {str(row.get("targetId") or row.get("keywordId")) for row in listed.data} & clicks.keys()
    most = sorted((clicks[id_] for id_ in ids), reverse=True)[:6][-1]
    within = (
        {"campaign_id": ",".join(sorted({row["campaignId"] for row in listed.data}))}
        if "brands_key" in entity
        else {}
    )
    assert await found(looking, entity, where=f"clicks >= {most}", **within) == {
        id_ for id_ in ids if clicks[id_] >= most
    }


@pytest.mark.parametrize(("kind", "whole"), [("sbTargeting", "sbCampaigns"), ("sdTargeting", "sdCampaigns")])
async def test_what_is_bid_on_adds_up_to_its_campaigns(looking: EngineClient, kind: str, whole: str) -> None:
    """In the sandbox, whose numbers are coherent: shares of a campaign's counts."""
    asked = {"profile_id": PROFILE, "time_range": "last_month", "fields": ["clicks", "cost", "purchases"]}
    answers = [
        await looking.do(AMAZON, "reports", "run", **asked, report_type=name, sort="-clicks")
        for name in (kind, whole)
    ]
    assert answers[0].meta["totals"] == answers[1].meta["totals"]
    assert answers[0].meta["totals"]["clicks"]


@pytest.mark.slow
async def test_rows_of_several_windows_are_one_keywords(looking: EngineClient) -> None:
    """Sixty days are two reports: a keyword's numbers are their sum, and its ACOS that of the sums."""
    await looking.do(AMAZON, "profiles", "list")
    days = [last_month(looking.store)[-1] - timedelta(days=back) for back in reversed(range(60))]
    seen = seen_of(looking.store, days=days)
    span = {"since": str(min(days)), "until": str(max(days))}
    chosen = await found(looking, KEYWORDS, where="acos > 55 %", over=span, bid="-5%")
    sold = {id_ for id_, did in seen.items() if did.sales and did.cost * 100 / did.sales > 55}
    assert chosen == {id_ for id_ in sold if looking.store.get("amazon.keywords", id_)}


@pytest.mark.slow
async def test_no_row_is_no_nought_where_rows_may_lack(looking: EngineClient) -> None:
    """Reports of Sponsored Brands have no row of older campaigns: none of these is taken for idle."""
    brands, products = "sponsored_brands_campaigns", "sponsored_product_product_ads"
    assert "191000000000002" not in await found(looking, brands, where="impressions >= 0")
    idle = await looking.do(AMAZON, brands, "pause", **P, where="impressions = 0")
    assert "no object fits" in idle.text
    assert await found(looking, products, where="impressions = 0")


@pytest.mark.slow
async def test_the_report_is_ordered_once(engine_client_with: Callable[..., EngineClient]) -> None:
    """Nothing is planned before it is there; the same call goes on with the same order, also elsewhere."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY="600")
    call = {**P, "where": "acos > 60 %", "bid": "-15%"}
    first = await client.do(AMAZON, KEYWORDS, "update", **call)
    assert "NOT PLANNED YET" in first.text
    assert "nothing is planned" in first.text
    client.forward(601)
    other = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY="600")
    assert "PLAN lower-bid-of-" in (await other.do(AMAZON, KEYWORDS, "update", **call)).text
    assert client.sent().count("POST /reporting/reports") == 1


BROKEN: dict[str, dict[str, Any]] = {
    "the list's second page": {"kind": "500", "path": "/sp/keywords/list$", "skip": 1, "times": 0},
    "the report": {"kind": "report-fails", "method": "POST", "path": "/reporting/reports$"},
    "one of two reports": {
        "kind": "report-fails",
        "method": "POST",
        "path": "/reporting/reports$",
        "skip": 1,
    },
    "the order": {"kind": "429", "path": "/reporting/reports$", "times": 0, "retry_after": 900},
    "the token": {"kind": "expired-token", "times": 0},
}


@pytest.mark.slow
@pytest.mark.parametrize("broken", BROKEN)
async def test_a_part_selects_nothing(engine_client: EngineClient, broken: str) -> None:
    """Whatever is missing: no plan, whatever the rest would have been."""
    fault = dict(BROKEN[broken])
    engine_client.fault(fault.pop("kind"), platform=AMAZON, **fault)
    over = "last_90d" if "two" in broken else "last_month"
    call = {"profile_id": PROFILE, "over": over, "where": "acos > 40 %", "bid": "-15%"}
    answer, error = None, None
    try:
        answer = await engine_client.do(AMAZON, KEYWORDS, "update", **call)
    except AdsError as refused:
        error = refused
    assert error or (answer and "NOT PLANNED YET" in answer.text and not answer.data["steps"])
    assert not [*(engine_client.home / "plans").glob("*.json")]
