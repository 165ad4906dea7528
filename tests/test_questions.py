"""Questions over all accounts, each against what the sandbox's accounts did: same figures by every road."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import random_questions
import truth
from agent import Agent
from budget import scale
from engine_client import AMAZON, FACEBOOK, LINKEDIN, EngineClient, Row, Table, break_next
from fastmcp import Client as McpClient
from fastmcp import FastMCP

from mcp_ads.sandbox.store import Store
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
PROFILES = ("3312345678901234", "4412345678901234", "5512345678901234")
PRODUCTS = {"SP": "spCampaigns", "SB": "sbCampaigns", "SD": "sdCampaigns", "ST": "stCampaigns"}
WASTED = {"range": "last_week", "where": "spend > 0 and conversions = 0", "sort": "-spend", "top": 5}
ACCOUNTS = {"level": "account", "range": "last_week"}


class Alone(NamedTuple):
    """An agent at a server of its own, and what the sandbox of that keeps."""

    agent: Agent
    store: Store


@asynccontextmanager
async def alone(home: Path, **more: str) -> AsyncIterator[Alone]:
    """A server in whose sandbox something is to go wrong, or slowly."""
    store = Store(home / "sandbox" / "sandbox.sqlite")
    async with McpClient(server(home, **more)) as client:
        yield Alone(Agent(client), store)
    store.close()


def server(home: Path, **more: str) -> FastMCP:
    environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home), "MCP_ADS_KEYRING": "off"}
    return build_server(load(environ={**environ, **more}))


async def asked(agent: Agent, **params: Any) -> Table:
    """The one answer to a question about performance."""
    return Table(await agent.good("ads_execute", entity="performance", action="list", params=params))


@cache
def did(store: Store, when: Callable[[date], truth.Days] = truth.last_week) -> list[truth.Part]:
    """What all accounts did on these days, once they have been asked anything."""
    return truth.parts(store, when)


def tokens(text: str) -> int:
    """As o200k counts them; 0 without the extra `tokens`."""
    if not find_spec("bpe_openai"):
        return 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        bpe_openai = import_module("bpe_openai")
    return len(bpe_openai.get_encoding("o200k_base").encode(text))


def by_campaign(parts: list[truth.Part]) -> dict[tuple[str, str, str], truth.Sums]:
    """What campaigns did, by currency, account and id."""
    own = (lambda part: part.currency, lambda part: part.whose.id, lambda part: part.campaign)
    return truth.summed(parts, *own)


def wasted(parts: list[truth.Part]) -> dict[str, list[tuple[str, str, Decimal]]]:
    """Account, campaign and spend of those that spent and brought nothing, by currency, the most first."""
    found: dict[str, list[tuple[str, str, Decimal]]] = {}
    for (currency, account, campaign), did in by_campaign(parts).items():
        if did.spend > 0 and not did.conversions:
            found.setdefault(currency, []).append((account, campaign, did.spend))
    return {currency: sorted(rows, key=lambda row: -row[2]) for currency, rows in found.items()}


def check_wasted(answer: Table, parts: list[truth.Part]) -> None:
    """The five worst of each currency in their order; how many there are and what all of them come to."""
    found = wasted(parts)
    shown: dict[str, list[tuple[str, str, Decimal]]] = {}
    for row in answer.rows:
        shown.setdefault(row["currency"], []).append((row["account"], row["campaign"], Decimal(row["spend"])))
    assert shown == {currency: rows[:5] for currency, rows in found.items()}
    assert answer.meta["total"] == sum(map(len, found.values()))
    totals = {currency: Decimal(str(told["spend"])) for currency, told in answer.meta["totals"].items()}
    assert totals == {currency: sum(row[2] for row in rows) for currency, rows in found.items()}


def figures(row: Row, *names: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(row[name]) for name in names)


def add(sums: dict[str, tuple[Decimal, ...]], key: str, more: tuple[Decimal, ...]) -> None:
    known = sums.get(key, (Decimal(),) * len(more))
    sums[key] = tuple(one + other for one, other in zip(known, more, strict=True))


async def own_reports(client: EngineClient, days: str) -> dict[Any, tuple[Decimal, ...]]:
    """Spend, impressions, clicks, conversions and value by account, from the connectors' own reports."""
    found, one = dict[Any, tuple[Decimal, ...]](), dict[str, Any]()
    for account in ("1234567890", "2345678901"):
        fields = ["spend", "impressions", "clicks", "conversions", "purchase_value"]
        one = {"account_id": account, "level": "account", "time_range": days, "fields": fields}
        (row,) = (await client.do(FACEBOOK, "ads_insights", "list", **one)).data
        found[f"facebook:{account}", ""] = tuple(Decimal(str(row[name])) for name in fields)
    for account in ("512345678", "523456789"):
        fields = ["cost", "impressions", "clicks", "conversions", "conversion_value"]
        one = {"account_id": account, "pivot": "CAMPAIGN_GROUP", "time_range": days, "fields": fields}
        totals = (await client.do(LINKEDIN, "analytics", "list", **one)).meta["totals"]
        found[f"linkedin:{account}", ""] = tuple(Decimal(str(totals[name])) for name in fields)
    for product, report in PRODUCTS.items():
        sold = ["purchases7d", "sales7d"] if product == "SP" else ["purchases", "sales"]
        fields = ["cost", "impressions", "clicks", *sold]
        for profile in PROFILES if product != "ST" else PROFILES[:1]:
            one = {
                "profile_id": profile,
                "report_type": report,
                "time_range": days,
                "fields": fields,
                "limit": 1,
            }
            told = await client.do(AMAZON, "reports", "run", **one)
            totals = told.meta.get("totals") or told.data[0]
            found[f"amazon:{profile}", product] = tuple(Decimal(str(totals[name])) for name in fields)
    return found


@pytest.mark.slow
async def test_the_connectors_own_reports_are_what_the_accounts_did(looking: EngineClient) -> None:
    """To the cent, for each of the seven accounts, and for each product of Amazon's."""
    found = await own_reports(looking, "last_week")
    parts = truth.parts(looking.store, truth.last_week)
    sums = truth.summed(parts, lambda part: part.whose.label, lambda part: part.product)
    assert found == {key: did.figures for key, did in sums.items()}


@pytest.mark.slow
async def test_what_wasted_money_last_week(agent: Agent, one_store: Store) -> None:
    """One call over seven accounts: the worst five of each currency, and all waste's sum, to the cent."""
    answer = await asked(agent, **WASTED)
    check_wasted(answer, did(one_store))
    assert answer.meta["accounts"] == 7
    assert "coverage" not in answer.meta
    assert tokens(answer.text) <= 1500


@pytest.mark.slow
async def test_reports_that_take_ten_minutes(tmp_path: Path) -> None:
    """The first answer lacks Amazon and says so; the second is whole, from the same orders."""
    async with alone(tmp_path, MCP_ADS_SANDBOX_REPORT_DELAY="600") as (agent, store):
        first = await asked(agent, **WASTED)
        parts = truth.parts(store, truth.last_week)
        assert first.text.startswith("PARTIAL: amazon not ready (ordered ")
        check_wasted(first, [part for part in parts if part.whose.platform != truth.AMAZON])
        assert first.meta["totals_are"] == "without amazon"
        store.clock.forward(600)
        second = await asked(agent, **{"from": first.meta["result"]})
        reports = store.all("amazon.report")
    assert second.text.startswith("meta: ")
    check_wasted(second, parts)
    assert not {"coverage", "totals_are"} & second.meta.keys()
    orders = Counter((report["_profile"], report["configuration"]["reportTypeId"]) for report in reports)
    assert {*orders.values()} == {1}
    assert {profile for profile, _ in orders} == {*PROFILES}
    assert {kind for _, kind in orders} == {*PRODUCTS.values()}


@pytest.mark.slow
async def test_an_account_that_is_shut_and_some_that_are_throttled(tmp_path: Path) -> None:
    """Each is named with why, also one whose report cannot even be ordered, and the rest is right."""
    shut, busy = "facebook:2345678901", ("linkedin:523456789", "amazon:4412345678901234")
    async with alone(tmp_path) as (agent, store):
        break_next(store, "expired-token", account=shut.partition(":")[2], times=0)
        for label in busy:
            break_next(store, "429", account=label.partition(":")[2], times=0, retry_after=900)
        answer = await asked(agent, **ACCOUNTS)
        sums = truth.summed(did(store), lambda part: part.whose.label)
    coverage = answer.meta["coverage"]
    assert coverage.startswith("4 of 7; not read: ")
    assert f"{shut} (token expired: " in coverage
    assert f"{', '.join(busy)} (throttled until " in coverage
    assert answer.text.startswith("PARTIAL: 4 of 7 accounts read; coverage says what is not; from: ")
    assert answer.meta["totals_are"] == f"without {shut}, {', '.join(busy)}"
    names = ("spend", "clicks", "conversions")
    found = {f"{row['platform']}:{row['account']}": figures(row, *names) for row in answer.rows}
    assert found == {label: sums[label].of(*names) for label in sums.keys() - {shut, *busy}}


@pytest.mark.slow
async def test_a_platform_whose_accounts_nobody_can_list(tmp_path: Path) -> None:
    """It is no smaller whole: the first line, the coverage and the totals say what they are without."""
    async with alone(tmp_path) as (agent, store):
        break_next(store, "503", platform=LINKEDIN, times=0)
        answer = await asked(agent, range="yesterday", by="platform")
    assert answer.text.startswith("PARTIAL: 5 of 5 known accounts read; coverage says what is not")
    assert answer.meta["coverage"] == "5 of 5; not listed: linkedin: the platform did not answer"
    assert answer.meta["totals_are"] == "without linkedin"


@pytest.mark.slow
async def test_the_week_against_the_one_before(agent: Agent, one_store: Store) -> None:
    """One call: what each account spent and got in both, and by how much that differs."""
    answer = await asked(agent, **ACCOUNTS, compare="previous")
    weeks = [
        truth.summed(parts, lambda part: part.whose.label)
        for parts in (did(one_store), truth.parts(one_store, partial(truth.last_week, back=2)))
    ]
    assert len(answer.rows) == 7
    for row in answer.rows:
        now, before = (week[f"{row['platform']}:{row['account']}"] for week in weeks)
        assert figures(row, "spend", "spend_before") == (now.spend, before.spend)
        assert figures(row, "conversions", "conversions_before") == now.of("conversions") + before.of(
            "conversions"
        )
        change = 100 * (now.spend - before.spend) / before.spend
        assert Decimal(row["spend_change_pct"]) == pytest.approx(change, abs=Decimal("0.006"))
    since, until = truth.last_week(datetime.now(UTC).date() - timedelta(days=2))  # the same days everywhere
    told = await asked(agent, level="account", range=f"{since}..{until}", compare="previous")
    assert len(told.rows) == 7
    assert tokens(told.text) <= 600


@pytest.mark.slow
async def test_spend_of_yesterday_by_currency(agent: Agent, one_store: Store) -> None:
    """One call, a row a currency; yesterday is each account's own."""
    answer = await asked(agent, range="yesterday", by="currency")
    sums = truth.summed(did(one_store, truth.yesterday), lambda part: part.currency)
    found = {row["currency"]: figures(row, "spend", "clicks", "conversions") for row in answer.rows}
    assert found == {name: did.of("spend", "clicks", "conversions") for name, did in sums.items()}


@pytest.mark.slow
async def test_campaigns_by_month_of_this_quarter(agent: Agent, one_store: Store) -> None:
    """One call, far below the 17,282 tokens of asking each account: a row a campaign and month."""
    day = datetime.now(UTC).date() - timedelta(days=2)  # of which every account has a whole day
    quarter = f"{day.year}-q{(day.month + 2) // 3}"
    few = ("linkedin:523456789", "amazon:4412345678901234", "facebook:2345678901")
    answer = await asked(
        agent, range=quarter, by="month", level="campaign", accounts=list(few), limit=1000,
        fields=["month", "account", "campaign", "spend", "conversions", "conversion_value"],
    )  # fmt: skip
    parts = truth.parts(one_store, partial(truth.quarter, day), *few)
    own = (lambda part: f"{part.day:%Y-%m}", lambda part: part.whose.id, lambda part: part.campaign)
    sums = truth.summed(parts, *own)
    found = {
        (row["month"], row["account"], row["campaign"]): figures(
            row, "spend", "conversions", "conversion_value"
        )
        for row in answer.rows
    }
    assert found == {key: did.of("spend", "conversions", "value") for key, did in sums.items()}


@pytest.mark.slow
async def test_two_roads_lead_to_the_same_figures(agent: Agent, looking: EngineClient) -> None:
    """An account's row is the sum of its campaigns' and what the connectors' own reports say."""
    names = ("spend", "impressions", "clicks", "conversions", "conversion_value")
    accounts = await asked(agent, **ACCOUNTS, fields=["platform", "account", *names])
    campaigns = [await asked(agent, range="last_week", level="campaign", limit=150, fields=[*names])]
    while cursor := campaigns[-1].meta.get("cursor"):
        campaigns += [
            await asked(agent, range="last_week", level="campaign", limit=150, fields=[*names], cursor=cursor)
        ]
    roads = [accounts.rows, [row for page in campaigns for row in page.rows]]
    own: dict[str, tuple[Decimal, ...]] = {}
    for (label, _), told in (await own_reports(looking, "last_week")).items():
        add(own, label, told)
    for road in roads:
        found: dict[str, tuple[Decimal, ...]] = {}
        for row in road:
            add(found, f"{row['platform']}:{row['account']}", figures(row, *names))
        assert found == own


@pytest.mark.slow
async def test_a_few_questions_at_random(agent: Agent, one_store: Store) -> None:
    """Rows, conditions, ranking within each currency, sums and what was before, as by brute force."""
    await random_questions.hold(agent, one_store, 1, 2)


@pytest.mark.slow
async def test_many_questions_at_random(agent: Agent, one_store: Store) -> None:
    """The same for as many as MCP_ADS_TEST_SCALE allows, in percent of 6,000."""
    await random_questions.hold(agent, one_store, 2, scale(6000))


async def test_disapproved_ads_everywhere(agent: Agent, one_store: Store) -> None:
    """One call names every ad that a platform refused, with why, and says what it does not look at."""
    answer = Table(
        await agent.good(
            "ads_execute", entity="delivery_issues", action="list",
            params={"where": "status = 'disapproved'", "level": "ad", "limit": 200},
        )
    )  # fmt: skip
    refused = {ad["id"] for ad in one_store.all("facebook.ad") if ad.get("_review") == "DISAPPROVED"}
    assert refused
    refused |= {
        creative["id"].rpartition(":")[2]
        for creative in one_store.all("linkedin.creative")
        if creative["review"]["status"] == "REJECTED"
    }
    assert set(answer.ids) == refused
    assert all(row["reason"] for row in answer.rows)
    assert "Amazon: " in answer.meta["hidden"]


async def test_broad_match_keywords_with_their_number(agent: Agent, one_store: Store) -> None:
    """One call over all profiles: how many there are that are not archived, and the first of them."""
    await agent.good("ads_execute", entity="accounts", action="list")
    params = {"accounts": "all", "where": "matchType = 'BROAD'", "limit": 5}
    answer = await agent.table(AMAZON, "sponsored_product_keywords", "list", **params)
    there = [
        (row["_profile"], row["keywordId"])
        for row in one_store.all("amazon.keywords")
        if row["matchType"] == "BROAD" and row["state"] != "ARCHIVED"
    ]
    assert answer.meta["total"] == len(there)
    assert len(answer.rows) == 5
    assert {(row["account"], row["keywordId"]) for row in answer.rows} <= {*there}
    assert answer.meta["hidden"].startswith("ARCHIVED")
