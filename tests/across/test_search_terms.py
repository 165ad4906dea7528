"""`ads search_terms`: what sells and has no keyword, what only costs; held against the sandbox's numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient, Table, mend
from planning import writes
from terms_truth import Did, exact, negated, terms, waste

from mcp_ads.engine.workspace import plan_of
from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio

GERMANY, JAPAN = "4412345678901234", "5512345678901234"
IN_GERMANY, IN_JAPAN = f"amazon:{GERMANY}", f"amazon:{JAPAN}"
GROUP = "330000000000003"
"""An ad group of a MANUAL campaign in Japan."""
ACOS = {"acos": "30 %"}
MADE = {
    "sponsored_product_keywords": "amazon.keywords",
    "sponsored_product_targets": "amazon.targetingClauses",
    "sponsored_product_negative_keywords": "amazon.negativeKeywords",
    "sponsored_product_negative_targets": "amazon.negativeTargetingClauses",
}
Make = Callable[..., EngineClient]


async def asked(client: EngineClient, action: str, **params: Any) -> Table:
    """What an agent reads."""
    return await client.table("ads", "search_terms", action, **params)


@pytest.fixture
def made(engine_client_with: Make, tmp_path: Path) -> Make:
    """Makes a client of the engine that has a clients file."""

    def make(text: str = "", **environ: str) -> EngineClient:
        records = tmp_path / "home" / "sandbox"
        records.mkdir(parents=True, exist_ok=True)
        (records / "clients.toml").write_text(text, encoding="utf-8")
        return engine_client_with(**environ)

    return make


def changes(client: EngineClient) -> list[str]:
    """What was carried out there, without the orders of reports."""
    return [line for line in writes(client) if "report" not in line]


async def wasteful(client: EngineClient) -> None:
    """Have the towels of Germany never sell, nor what is in the same campaigns."""
    await client.do(AMAZON, "profiles", "list")
    assert waste(client.store, GERMANY, "beach towel")


@pytest.mark.parametrize("profile", [GERMANY, pytest.param(PROFILE, marks=pytest.mark.slow)])
async def test_what_sells_is_harvested_to_the_cent(looking: EngineClient, profile: str) -> None:
    """Of all terms of the account those with enough orders under the target, less those that are exact."""
    answer = await asked(
        looking, "harvest", accounts=f"amazon:{profile}", target={"acos": "40 %"}, min_orders=3, limit=200,
        fields="term,clicks,spend,orders,sales,ad_group,kind",
    )  # fmt: skip
    known, there = terms(looking.store, profile), exact(looking.store, profile)
    worth = {term for term, did in known.items() if did.orders >= 3 and did.spend * 100 <= 40 * did.sales}
    assert worth & there.keys()
    assert {row["term"] for row in answer.rows} == worth - there.keys()
    assert f"{len(worth & there.keys())} exact already: " in answer.meta["left_out"][0]
    for row in answer.rows:
        did = known[row["term"]]
        figures = [Decimal(row[name]) for name in ("clicks", "spend", "orders", "sales")]
        assert figures == [did.clicks, did.spend, did.orders, did.sales], row
        assert did.groups[row["ad_group"]][1] > 0
        assert row["kind"] == ("product" if row["term"].startswith("B0") else "keyword")
    assert [int(row["orders"]) for row in answer.rows] == sorted(
        (known[term].orders for term in worth - there.keys()), reverse=True
    )


@pytest.mark.slow
async def test_what_only_costs_is_negated(engine_client: EngineClient) -> None:
    """By the account's own rate; what sells in another ad group, is a keyword there or negated is left out.
    One approval later all of it is negated exactly where it cost, and nothing is left.
    """
    await wasteful(engine_client)
    store = engine_client.store
    known, there = terms(store, GERMANY), exact(store, GERMANY)
    clicks, orders = (sum(getattr(did, name) for did in known.values()) for name in ("clicks", "orders"))
    wanted = {
        (term, group)
        for term, did in known.items() for group in did.groups
        if not did.orders and did.clicks * orders > 2 * clicks and did.clicks >= 10
        if did.groups[group][0] >= 10
        if group not in there.get(term, ()) and not negated(store, GERMANY, term, group)
    }  # fmt: skip
    assert len(wanted) > 3
    whole = {"accounts": IN_GERMANY, "propose": True, "range": "last_30d"}
    answer = await asked(engine_client, "negatives", **whole, limit=100)
    assert {(row["term"], row["ad_group"]) for row in answer.rows} == wanted
    rate = f"{2 * Decimal(clicks) / orders:.2f} clicks (2 x {clicks:,} clicks / {orders:,} orders)"
    assert answer.meta["an_order_takes"] == {f"{IN_GERMANY} SP": rate}
    assert "keywords themselves: change the bid" in answer.text
    assert "certainty 2: of terms that are worth their clicks 14% have no order by then" in answer.text
    assert "orders may still come of clicks since 2" in answer.text
    plan_id = answer.meta["plan"]
    steps = plan_of(engine_client.workspace, plan_id).steps
    assert all("0 orders" in step.decided and " clicks > " in step.decided for step in steps)
    assert not changes(engine_client)
    await engine_client.workspace.apply(plan_id)
    assert all(negated(store, GERMANY, *pair) for pair in wanted)
    assert len(changes(engine_client)) == len(wanted)
    again = await asked(engine_client, "negatives", **whole)
    assert not again.rows
    assert f"{len(wanted) + 2} negated already" in again.text


@pytest.mark.parametrize(
    ("more", "some"),
    [
        ({"certainty": 10}, True),
        ({"min_clicks": 100_000}, False),
        ({"target": {"cost_per_conversion": "125 EUR"}}, True),
    ],
    ids=["certain", "clicked", "dear"],
)
async def test_how_sure_is_said(engine_client: EngineClient, more: dict[str, Any], *, some: bool) -> None:
    """So many times the clicks that an order takes, at least so many, or more money than it may cost."""
    await wasteful(engine_client)
    store = engine_client.store
    answer = await asked(
        engine_client,
        "negatives",
        accounts=IN_GERMANY,
        range="last_30d",
        fields="term,term_clicks,term_spend",
        **more,
    )
    known, there = terms(store, GERMANY), exact(store, GERMANY)
    clicks, orders = (sum(getattr(did, name) for did in known.values()) for name in ("clicks", "orders"))
    over: dict[str, Callable[[Did], bool]] = {
        "certainty": lambda did: did.clicks * orders > 10 * clicks,
        "min_clicks": lambda _: False,
        "target": lambda did: did.spend > 250,
    }
    is_over = over[next(iter(more))]
    wanted = {
        term
        for term, did in known.items() if not did.orders and is_over(did)
        if any(not negated(store, GERMANY, term, group) for group in {*did.groups} - there.get(term, set()))
    }  # fmt: skip
    assert {row["term"] for row in answer.rows} == wanted
    assert bool(wanted) == some


@pytest.mark.slow
async def test_a_plan_adds_what_where_leaves(engine_client: EngineClient) -> None:
    """Into one ad group, paused, at the bids that were shown; what has to go elsewhere is said, and what was
    added is exact from then on.
    """
    answer = await asked(
        engine_client,
        "harvest",
        accounts=IN_JAPAN,
        target=ACOS,
        into=GROUP,
        propose=True,
        where="orders > 20",
    )
    words = {row["term"]: row["bid"] for row in answer.rows if row["kind"] == "keyword"}
    products = [row for row in answer.rows if row["kind"] == "product"]
    assert "its ad group has keywords" in answer.meta["not_planned"]
    assert {"keywords" in row["proposal"] for row in products} == {True}
    assert answer.meta["added_paused"].startswith(f"{len(words)} bid on nothing yet: state: ENABLED in this")
    await engine_client.workspace.apply(answer.meta["plan"])
    new = [
        row
        for row in engine_client.store.all("amazon.keywords")
        if row["adGroupId"] == GROUP and not row.get("_live")
    ]
    assert {row["keywordText"]: f"{row['bid']:g}" for row in new} == words != {}
    assert {(row["state"], row["matchType"]) for row in new} == {("PAUSED", "EXACT")}
    again = await asked(engine_client, "harvest", accounts=IN_JAPAN, target=ACOS, into=GROUP)
    assert not {row["term"] for row in again.rows} & words.keys()
    assert "PAUSED" in next(line for line in again.meta["left_out"] if "exact already" in line)


async def test_terms_of_automatic_campaigns_need_a_place(looking: EngineClient) -> None:
    """They are shown, and no plan is made of them."""
    answer = await asked(looking, "harvest", accounts=IN_JAPAN, target=ACOS, propose=True)
    found = [row for row in answer.rows if "| auto" in row["campaign_name"]]
    assert {row["proposal"] for row in found} == {"found by an AUTO campaign, which takes none: into"}
    assert f"{len(found)} rows: found by an AUTO" in answer.meta["not_planned"]


async def test_calls_that_would_be_refused_are_no_advice(made: Make) -> None:
    """Where writes are off, the answer says so and what would help, and has no calls."""
    client = made(MCP_ADS_WRITES="off")
    answer = await asked(client, "harvest", accounts=IN_GERMANY, propose=True, target={"acos": "80 %"})
    assert answer.meta["not_planned"].startswith("writes are switched off (MCP_ADS_WRITES=off); set ")
    assert not {"plan", "calls"} & answer.meta.keys()
    assert "in calls" not in {row["proposal"] for row in answer.rows}
    assert not changes(client)


@pytest.mark.slow
@pytest.mark.parametrize("action", ["harvest", "negatives"])
async def test_without_plans_the_calls_are_said(made: Make, action: str) -> None:
    """They are whole calls that the engine carries out as they are."""
    client = made(MCP_ADS_WRITES="direct")
    await wasteful(client)
    answer = await asked(client, action, accounts=IN_GERMANY, propose=True, limit=100)
    assert "plan" not in answer.meta
    assert not changes(client)
    calls = answer.meta["calls"]
    count = sum(len(call["params"]["items"]) for call in calls)
    assert count == sum(row["proposal"] == "in calls" for row in answer.rows) > 0
    before = {kind: len(client.store.all(kind)) for kind in MADE.values()}
    for call in calls:
        await client.do(call["connector"], call["entity"], call["action"], **call["params"])
    for call in calls:
        kind = MADE[call["entity"]]
        assert len(client.store.all(kind)) == before[kind] + len(call["params"]["items"])


@pytest.mark.slow
async def test_what_is_not_whole_is_not_proposed(engine_client: EngineClient) -> None:
    """Where one of its lists fails, an account has its rows, no plan, and a line that says so."""
    await wasteful(engine_client)
    engine_client.fault("500", platform=AMAZON, path="/sp/negativeKeywords/list", account=JAPAN, times=0)
    both = f"{IN_JAPAN},{IN_GERMANY}"
    answer = await asked(engine_client, "harvest", accounts=both, propose=True, limit=100)
    assert answer.text.startswith("PARTIAL: ")
    assert f"{IN_JAPAN} sponsored_product_negative_keywords not read" in answer.meta["coverage"]
    assert f"{IN_JAPAN} not proposed for" in answer.meta["not_planned"]
    steps = plan_of(engine_client.workspace, answer.meta["plan"]).steps
    assert {step.account["id"] for step in steps if step.account} == {GERMANY}
    assert {row["proposal"] for row in answer.rows if row["account"] == JAPAN} == {
        "not all of its account is known"
    }
    mend(engine_client.store)


@pytest.mark.slow
async def test_reports_that_take_minutes_complete_it(made: Make) -> None:
    """They are ordered once; `from` goes on, as the first call was asked, and then there is a plan."""
    client = made(MCP_ADS_SANDBOX_REPORT_DELAY="600")
    first = await asked(client, "harvest", accounts=IN_GERMANY, propose=True, top=3, fresh=True)
    assert first.text.startswith("PARTIAL: amazon not ready (ordered ")
    assert not first.rows
    assert "not all is read yet" in first.meta["not_planned"]
    orders = len(client.store.all("amazon.report"))
    client.forward(700)
    later = await asked(client, "harvest", **{"from": first.meta["result"]})
    assert not later.text.startswith("PARTIAL")
    assert len(later.rows) == 3
    assert "plan" in later.meta
    assert len(client.store.all("amazon.report")) == orders > 0


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_protected_campaigns_are_left_out(made: Make, mode: str) -> None:
    """As planning refuses them: named, with the pattern, while the others are planned, or are whole calls."""
    client = made(
        f'[clients.shop]\naccounts = ["{IN_GERMANY}"]\nprotected = ["Dry bag*"]\ntarget_acos = "80 %"\n',
        MCP_ADS_WRITES=mode,
    )
    answer = await asked(client, "harvest", accounts="client:shop", propose=True, limit=100)
    assert answer.meta["targets"] == {IN_GERMANY: "acos 80 %, of clients.toml"}
    kept = [row for row in answer.rows if row["campaign_name"].startswith("Dry bag")]
    assert kept
    assert all("is protected" in row["proposal"] for row in kept)
    if mode == "plan":
        items = [step.params for step in plan_of(client.workspace, answer.meta["plan"]).steps]
    else:
        items = [item for call in answer.meta["calls"] for item in call["params"]["items"]]
        for call in answer.meta["calls"]:
            await client.do(call["connector"], call["entity"], call["action"], **call["params"])
    assert items
    assert {item["campaign_id"] for item in items}.isdisjoint(row["campaign"] for row in kept)


async def test_a_target_in_one_currency_is_of_its_accounts(looking: EngineClient) -> None:
    """Accounts in others are named and not asked; a bare amount for several currencies is refused."""
    answer = await asked(looking, "harvest", target={"cost_per_conversion": "20 EUR"}, limit=100)
    assert {row["currency"] for row in answer.rows} == {"EUR"}
    assert f"{IN_JAPAN} not asked: it is in JPY, and the target in EUR" in answer.meta["coverage"]
    known = terms(looking.store, GERMANY)
    assert all(known[row["term"]].spend <= 20 * known[row["term"]].orders for row in answer.rows)


@pytest.mark.parametrize(
    ("action", "params", "said"),
    [
        ("harvest", {"target": {"cost_per_conversion": 20}}, "write the currency too, as 20 EUR"),
        ("harvest", {"target": {"acos": 0.3, "rosa": 1}}, 'target: acos: 0.3 may be either: write "30 %"'),
        ("harvest", {"target": "30 %"}, "target: "),
        ("harvest", {"into": GROUP}, "into: one ad group is of one account"),
        ("harvest", {"into": "33", "accounts": IN_JAPAN}, f"into: {IN_JAPAN} has no ad group 33"),
        ("harvest", {"into": {"campaign_id": "1"}}, 'into: write {"ad_group_id": '),
        (
            "harvest",
            {"into": {"ad_group_id": GROUP, "campaign_id": "1"}, "accounts": IN_JAPAN},
            "is in campaign 3",
        ),
        ("negatives", {"certainty": 0}, "certainty: write a factor above 0"),
        ("negatives", {"propose": True, "group_by": "campaign"}, "propose: not beside group_by"),
        ("negatives", {"accounts": "facebook:1234567890"}, "accounts: "),
        ("harvest", {"min_order": 3}, "did you mean min_orders?"),
        ("harvest", {"profile_id": PROFILE}, "write accounts: "),
        ("harvest", {"where": "oders > 3"}, "'oders' is no column"),
    ],
)
async def test_what_is_asked_wrongly_is_one_line(
    looking: EngineClient, action: str, params: dict[str, Any], said: str
) -> None:
    """It names the parameter and says what would be right."""
    with pytest.raises(InvalidParams) as raised:
        await asked(looking, action, **params)
    assert said in str(raised.value), str(raised.value)
