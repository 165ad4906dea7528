"""`ads performance.list`: all accounts in one table, ranked by currency, compared, completed later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, Row, mend

from mcp_ads.errors import InvalidParams, OutOfScope
from mcp_ads.sandbox.clock import Clock

pytestmark = pytest.mark.anyio

PRODUCTS = {
    "spCampaigns": "purchases7d", "sbCampaigns": "purchases",
    "sdCampaigns": "purchases", "stCampaigns": "purchases",
}  # fmt: skip
Own = dict[tuple[str, str], tuple[Decimal, Decimal]]
FEW = f"{JAPAN},{LINKEDIN_US},5512345678901234"
"""An account of each platform, the smallest on Amazon."""
DELAY = 600
FORWARD = "In the sandbox time goes by with `mcp-ads sandbox --forward 600`"
"""Seconds of the sandbox's clock that Amazon takes for a report."""


async def performance(client: EngineClient, **params: Any) -> Any:
    """What an agent reads."""
    return await client.table("ads", "performance", "list", **params)


async def every(client: EngineClient, **params: Any) -> list[dict[str, Any]]:
    """All rows of an answer, which may be more than an answer's text can hold."""
    answer = await client.do("ads", "performance", "list", **params, limit=1000)
    assert not answer.meta["more"]
    return list(answer.data)


def spent(rows: Iterable[Mapping[str, Any]], *by: str, what: str = "spend") -> dict[Any, Decimal]:
    """Sums by the values of some columns, exactly."""
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[tuple(row[name] for name in by)] += Decimal(str(row[what] or 0))
    return dict(sums)


async def by_the_connectors(client: EngineClient, days: str) -> Own:
    """Spend and conversions of every campaign by the connectors' own reports: (account, campaign) -> both."""
    found: Own = {}
    for account in (US, JAPAN):
        fields = ["campaign_id", "spend", "conversions"]
        own = await client.do(
            FACEBOOK, "ads_insights", "list",
            account_id=account, level="campaign", time_range=days, fields=fields, limit=1000,
        )  # fmt: skip
        for row in own.data:
            found[account, row["campaign_id"]] = Decimal(str(row["spend"])), Decimal(row["conversions"])
    for account in (LINKEDIN_US, "523456789"):
        own = await client.do(
            LINKEDIN, "analytics", "list",
            account_id=account, pivot="CAMPAIGN_GROUP", time_range=days,
            fields=["cost", "conversions"], limit=1000,
        )  # fmt: skip
        for row in own.data:
            found[account, row["campaign_group_id"]] = Decimal(str(row["cost"])), Decimal(row["conversions"])
    for report, bought in PRODUCTS.items():
        for account in (PROFILE, "4412345678901234", "5512345678901234"):
            if report == "stCampaigns" and account != PROFILE:
                continue  # Amazon does not know the type in accounts without Sponsored TV
            own = await client.do(
                AMAZON, "reports", "run",
                profile_id=account, report_type=report, time_range=days,
                fields=["campaignId", "cost", bought], limit=1000,
            )  # fmt: skip
            for row in own.data:
                found[account, str(row["campaignId"])] = Decimal(str(row["cost"])), Decimal(row[bought])
    return found


@pytest.fixture(scope="module")
async def own(looking: EngineClient) -> Own:
    """What the connectors' own reports say of last week."""
    return await by_the_connectors(looking, "last_week")


@pytest.mark.slow
async def test_wasted_money_is_ranked_in_each_currency(looking: EngineClient, own: Own) -> None:
    """The five that cost most of each currency and brought nothing, as the connectors' own reports say."""
    answer = await performance(looking, range="last_week", where="spend > 0 and conversions = 0", top=5)
    currency = {
        row["account"]: row["currency"]
        for row in (await performance(looking, level="account", range="last_week")).rows
    }
    wasted: dict[str, list[Decimal]] = defaultdict(list)
    for (account, _), (cost, conversions) in own.items():
        if cost and not conversions:
            wasted[currency[account]].append(cost)
    shown: dict[str, list[Decimal]] = defaultdict(list)
    for row in answer.rows:
        assert own[row["account"], row["campaign"]] == (Decimal(row["spend"]), Decimal(0))
        shown[row["currency"]].append(Decimal(row["spend"]))
    assert shown == {money: sorted(costs, reverse=True)[:5] for money, costs in wasted.items()}
    assert answer.meta["total"] == sum(map(len, wasted.values()))
    totals = {money: Decimal(str(sums["spend"])) for money, sums in answer.meta["totals"].items()}
    assert totals == {money: sum(costs) for money, costs in wasted.items()}
    assert {row["object"].partition(".")[0] for row in answer.rows} <= {AMAZON, FACEBOOK, LINKEDIN}
    assert answer.meta["basis"]["fb"] == "purchases + leads, 7d click + 1d view (ad set's)"
    assert answer.meta["provisional_from"]
    assert "linkedin in UTC" in answer.meta["range"]


@pytest.mark.slow
async def test_accounts_are_the_sums_of_their_campaigns(looking: EngineClient, own: Own) -> None:
    """To the cent, on every platform; the connectors' own reports agree."""
    accounts = await every(looking, range="last_week", level="account")
    campaigns = await every(looking, range="last_week")
    rolled = await every(looking, range="last_week", by="platform")
    known, costs = spent(accounts, "account"), defaultdict[str, Decimal](Decimal)
    for (account, _), (cost, _) in own.items():
        costs[account] += cost
    assert len(known) == 7
    assert known == spent(campaigns, "account") == {(account,): cost for account, cost in costs.items()}
    assert spent(rolled, "platform", "currency") == spent(accounts, "platform", "currency")


@pytest.mark.slow
async def test_days_are_compared(looking: EngineClient) -> None:
    """Before is what that range alone has, changes are exact; what is in one alone is 0 in the other."""
    fields = "account,campaign,spend,spend_before,spend_change,spend_change_pct,roas,roas_before,roas_change"
    asked = {"range": "last_week", "compare": "previous", "accounts": FEW}
    answer = await performance(looking, **asked, limit=1)
    rows = await every(looking, **asked, fields=fields)
    then = await every(looking, range=answer.meta["compared_with"], accounts=FEW)
    before = spent(then, "account", "campaign")
    for row in rows:
        was, now = before.get((row["account"], row["campaign"]), Decimal(0)), Decimal(str(row["spend"]))
        assert (Decimal(str(row["spend_before"])), Decimal(str(row["spend_change"]))) == (was, now - was)
        change = float(round((now - was) * 100 / was, 2)) if was else None
        assert row["spend_change_pct"] == change
        if row["roas"] is not None and row["roas_before"] is not None:
            assert row["roas_change"] == pytest.approx(row["roas"] - row["roas_before"], abs=0.0002)
    assert before.keys() <= {(row["account"], row["campaign"]) for row in rows}
    assert {row["spend_before"] for row in rows if row["spend_change_pct"] is None} <= {0}
    totals = spent(then, "currency")
    assert {
        (money,): Decimal(str(sums["spend_before"])) for money, sums in answer.meta["totals"].items()
    } == totals
    fewer = await every(looking, **asked, where="spend_change_pct < -10%", fields="campaign")
    assert {row["campaign"] for row in fewer} == {
        row["campaign"]
        for row in rows
        if row["spend_change_pct"] is not None and row["spend_change_pct"] < -10
    }


@pytest.mark.slow
async def test_rows_are_split_by_time(looking: EngineClient) -> None:
    """Months and weeks add up to the whole range; a week begins on its Monday."""
    asked = {"range": "last_30d", "level": "account", "accounts": FEW}
    whole = await performance(looking, **asked)
    months = await performance(looking, **asked, by="monthly")
    weeks = await performance(looking, **asked, by=["week"])
    days = whole.meta["range"].partition(",")[0].split("..")
    assert {row["month"] for row in months.rows} == {day[:7] for day in days}
    assert all(date.fromisoformat(row["week"]).weekday() == 0 for row in weeks.rows)
    assert spent(whole.rows, "account") == spent(months.rows, "account") == spent(weeks.rows, "account")
    for name in ("spend", "conversions", "roas"):
        sums = [
            {money: sums[name] for money, sums in answer.meta["totals"].items()} for answer in (whole, months)
        ]
        assert sums[0] == sums[1]


@pytest.mark.slow
async def test_rows_are_grouped(looking: EngineClient) -> None:
    """Groups are sums of what rows have, before and after too; their ratios are made of the sums."""
    asked = {"range": "last_week", "compare": "previous", "group_by": "platform", "accounts": FEW}
    groups = await every(looking, **asked, fields="spend,spend_before,spend_change_pct,roas")
    fields = "platform,currency,spend,roas"
    platforms = await every(looking, range="last_week", by="platform", accounts=FEW, fields=fields)
    for column in ("spend", "roas"):
        by = ("platform", "currency")
        assert spent(groups, *by, what=column) == spent(platforms, *by, what=column)
    for row in groups:
        change = (row["spend"] - row["spend_before"]) / row["spend_before"] * 100
        assert row["spend_change_pct"] == pytest.approx(change, abs=0.01)


@pytest.mark.slow
async def test_what_a_platform_cannot_tell_is_named(looking: EngineClient) -> None:
    """LinkedIn counts nothing by country: it is left out, and the totals say so."""
    answer = await performance(looking, range="last_week", by="country")
    assert answer.text.startswith("PARTIAL: 5 of 7 accounts read")
    assert "LinkedIn counts nothing exactly by country" in answer.meta["coverage"]
    assert answer.meta["totals_are"] == "without linkedin"
    assert {row["country"] for row in answer.rows} > {"US", "JP", "DE"}
    ads = await performance(looking, range="yesterday", level="ad", limit=1)
    assert ads.meta["totals_are"].startswith("sums of ads")


@pytest.mark.slow
async def test_value_in_another_currency_makes_no_roas(looking: EngineClient) -> None:
    """What LinkedIn costs in USD is not held against what it brought in euros, in no sum either."""
    answer = await performance(looking, range="last_week", conversions="dbt", level="account")
    rows = {row["account"]: row for row in answer.rows}
    assert (rows["523456789"]["currency"], rows["523456789"]["roas"]) == ("USD", "")
    assert rows[LINKEDIN_US]["roas"]
    assert all("roas" not in totals for totals in answer.meta["totals"].values())
    chosen = await performance(
        looking,
        range="last_week",
        level="account",
        conversions={"facebook": "leads"},
        accounts=f"facebook:{US}",
    )
    leads = await looking.do(
        FACEBOOK, "ads_insights", "list", account_id=US, time_range="last_week", fields=["leads"]
    )
    assert [row["conversions"] for row in chosen.rows] == [str(leads.data[0]["leads"])]


@pytest.mark.parametrize(
    ("params", "line"),
    [
        ({"level": "adgrp"}, 'level: "adgrp" is not one of account, campaign, ad_group, ad'),
        ({"by": "campaign"}, "by: campaign is a level: write level: campaign"),
        ({"by": "mnth"}, "by: 'mnth' is none of day, week, month"),
        ({"compare": "last"}, "compare: write previous"),
        ({"compare": "previous", "by": "day"}, "compare: not with by day"),
        ({"range": "maximum"}, "range: maximum: this has no fixed beginning"),
        ({"where": "spnd > 3"}, "'spnd' is no column: did you mean spend?"),
        ({"sort": "-spend_before"}, "sort: 'spend_before' is no column"),
        ({"fields": "ad_name"}, "fields: ad_name needs level ad"),
        ({"fields": "date"}, "fields: date needs by day"),
        ({"fields": "roas_before"}, "fields: roas_before needs compare"),
        ({"fields": "spend_pct", "compare": "previous"}, "fields: spend_pct: write spend_change_pct"),
        ({"fields": "spend_pct"}, "fields: spend_pct: write spend_change_pct, with compare: previous"),
        ({"range": "last_week", "compare": "last_week"}, "is the range itself: write previous, for"),
        ({"account_id": US}, 'account_id: write accounts: "all", or ids'),
        ({"fields": ["spnd"]}, "fields: 'spnd' is no column here; did you mean spend?"),
        ({"conversions": {"tiktok": ["x"]}}, "conversions: 'tiktok' is no platform"),
        ({"conversions": {"linkedin": ["leeds"]}}, "conversions: linkedin counts no 'leeds'"),
        ({"accounts": "facebook:99"}, "accounts: no account 99"),
        ({"time_range": "last_week", "rang": "x"}, "rang: no such parameter"),
    ],
)
async def test_mistakes_are_named(looking: EngineClient, params: dict[str, Any], line: str) -> None:
    """A line for each, and no report is read or ordered."""
    before = len([path for path in looking.sent() if "insights" in path or "report" in path])
    with pytest.raises(InvalidParams) as raised:
        await looking.do("ads", "performance", "list", **params)
    assert line in "\n".join(raised.value.lines)
    assert before == len([path for path in looking.sent() if "insights" in path or "report" in path])


def orders(client: EngineClient) -> int:
    """The reports that Amazon was asked to build."""
    return client.sent(AMAZON).count("POST /reporting/reports")


def rows_of(answer: Any) -> list[Row]:
    return sorted(answer.rows, key=lambda row: (row["account"], row.get("campaign", "")))


@pytest.mark.slow
async def test_amazon_completes_the_answer(engine_client_with: Callable[..., EngineClient]) -> None:
    """Given without it first, then whole under the same result, in another process, without another order."""
    asked = {"range": "last_week", "where": "spend > 0 and conversions = 0", "top": 5}
    first = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY=str(DELAY))
    part = await performance(first, **asked)
    line, handle = part.text.partition("\n")[0], part.meta["result"]
    assert line.startswith("PARTIAL: amazon not ready (ordered ")
    assert line.endswith(f'usually 1-20 min); from: "{handle}" completes it, in 3 minutes. {FORWARD}')
    assert part.meta["totals_are"] == "without amazon"
    assert {row["object"].partition(".")[0] for row in part.rows} <= {FACEBOOK, LINKEDIN}
    ordered, read = orders(first), len(first.sent(FACEBOOK))
    again = await performance(first, **{"from": handle})
    assert again.text.startswith("PARTIAL: amazon not ready")
    assert rows_of(again) == rows_of(part)
    Clock(first.store).forward(DELAY + 1)
    second = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY=str(DELAY))
    whole = await performance(second, **{"from": handle})
    assert whole.text.startswith("meta: ")
    assert (orders(second), len(second.sent(FACEBOOK))) == (ordered, read)
    direct = await performance(second, **asked)
    assert orders(second) == ordered + 2  # refused anew: two accounts are without Sponsored TV
    assert direct.meta["ordered"].endswith("; fresh: true orders anew")
    assert (whole.rows, whole.meta["totals"]) == (direct.rows, direct.meta["totals"])
    assert whole.meta["result"] == handle
    other = await performance(
        second, **{"from": handle, "sort": "-conversions", "top": 1, "fields": "ad_product"}
    )
    assert [row["ad_product"] for row in other.rows if row["ad_product"]]


@pytest.mark.slow
async def test_a_cursor_does_not_outlive_what_it_is_of(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """A page after the first of an answer that was completed meanwhile is refused: its rows have moved."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY=str(DELAY))
    part = await performance(client, range="yesterday", limit=3)
    page = await performance(client, range="yesterday", limit=3, cursor=part.meta["cursor"])
    assert {row["campaign"] for row in page.rows}.isdisjoint(row["campaign"] for row in part.rows)
    Clock(client.store).forward(DELAY + 1)
    await performance(client, **{"from": part.meta["result"]})
    with pytest.raises(InvalidParams, match="completed meanwhile"):
        await performance(client, range="yesterday", limit=3, cursor=page.meta["cursor"])


@pytest.mark.slow
async def test_sums_over_platforms_are_completed_too(engine_client_with: Callable[..., EngineClient]) -> None:
    """A row of a currency has what was read first and what came later, once each."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY=str(DELAY))
    asked = {"range": "last_week", "by": "currency", "compare": "previous", "accounts": FEW}
    part = await performance(client, **asked)
    Clock(client.store).forward(DELAY + 1)
    for _ in range(2):
        whole = await performance(client, **{"from": part.meta["result"]})
    direct = await performance(client, **asked)
    assert part.meta["totals"]["JPY"]["spend"] < whole.meta["totals"]["JPY"]["spend"]
    assert whole.rows == direct.rows


async def test_an_account_that_spent_nothing_is_there(looking: EngineClient) -> None:
    """With 0, not left out, where each account has a row; and in no other table."""
    day = date.today() - timedelta(days=365)  # noqa: DTZ011
    asked = {"accounts": f"facebook:{JAPAN}", "range": f"{day}..{day}"}
    rows = await every(looking, **asked, level="account")
    assert [(row["account"], row["currency"], row["spend"], row["roas"]) for row in rows] == [
        (JAPAN, "JPY", 0, None)
    ]
    assert await every(looking, **asked) == []


@pytest.mark.slow
async def test_what_failed_is_named_and_the_rest_is_right(engine_client: EngineClient) -> None:
    """An expired token and a throttled account; the second is read by going on, with one request more."""
    whole = await performance(engine_client, range="yesterday", level="account")
    about = {"path": "insights|adAnalytics", "times": 0}
    engine_client.fault("expired-token", platform=FACEBOOK, account=US, **about)
    engine_client.fault("429", platform=LINKEDIN, account=LINKEDIN_US, retry_after=900, **about)
    part = await performance(engine_client, range="yesterday", level="account")
    assert f"facebook:{US} (token expired: " in part.meta["coverage"]
    assert f"), linkedin:{LINKEDIN_US} (throttled until" in part.meta["coverage"]
    assert part.meta["totals_are"] == f"without facebook:{US}, linkedin:{LINKEDIN_US}"
    assert part.text.startswith("PARTIAL: 5 of 7 accounts read; coverage says what is not; from: ")
    there = [row for row in rows_of(whole) if row["account"] not in (US, LINKEDIN_US)]
    assert rows_of(part) == there
    mend(engine_client.store)


@pytest.mark.slow
async def test_what_the_time_did_not_reach_is_read_later(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account that does not answer in time is named; going on reads it alone, and takes no parameter."""
    asked = {"range": "yesterday", "level": "account", "accounts": f"{US},{JAPAN}"}
    whole = await performance(engine_client, **asked)
    engine_client.fault("slow", account=US, path="insights", seconds=30)
    with monkeypatch.context() as short:
        short.setattr("mcp_ads.engine.wire.deadline.DEADLINE", 1.5)
        part = await performance(engine_client, **asked)
    handle, before = part.meta["result"], len(engine_client.sent())
    assert [row["account"] for row in part.rows] == [JAPAN]
    assert f"facebook:{US} (the call's time is over)" in part.meta["coverage"]
    with pytest.raises(InvalidParams, match="level: not beside from"):
        await performance(engine_client, **{"from": handle, "level": "ad"})
    assert len(engine_client.sent()) == before
    later = await performance(engine_client, **{"from": handle})
    assert (later.rows, later.meta["totals"]) == (whole.rows, whole.meta["totals"])
    assert all(JAPAN not in path for path in engine_client.sent()[before:])


async def test_only_accounts_that_may_be_used(engine_client_with: Callable[..., EngineClient]) -> None:
    """An allow-list is what all means, and a result of other accounts is not shown any more."""
    client = engine_client_with(MCP_ADS_CONNECTORS="facebook,linkedin")
    asked = {"range": "yesterday", "level": "account"}
    before = await performance(client, **asked)
    object.__setattr__(client.settings.platforms[FACEBOOK], "account_ids", (JAPAN,))
    rows = (await performance(client, **asked)).rows
    assert {row["account"] for row in rows} == {JAPAN, LINKEDIN_US, "523456789"}
    with pytest.raises(OutOfScope):
        await performance(client, **{"from": before.meta["result"]})


async def test_a_product_whose_report_failed_is_named(engine_client: EngineClient) -> None:
    """The other products are there, and totals say what they lack; before and after lose it together."""
    engine_client.fault("report-fails", platform=AMAZON, method="POST", path="/reporting/reports", times=1)
    answer = await performance(engine_client, range="yesterday", level="account", accounts=PROFILE)
    assert "without amazon:" in answer.meta["coverage"]
    assert "could not build the report" in answer.meta["coverage"]
    assert answer.meta["totals_are"].startswith(f"without amazon:{PROFILE} S")
    assert len(answer.rows) == 1


async def test_days_a_platform_does_not_keep_are_no_noughts_to_compare_with(looking: EngineClient) -> None:
    """Of a week a year ago LinkedIn counts months, Amazon keeps nothing: neither is compared, both named."""
    answer = await performance(looking, level="account", range="last_week", compare="year")
    assert {row["platform"] for row in answer.rows} == {"facebook"}
    assert "LinkedIn keeps single days for six months" in answer.meta["coverage"]
    assert "kept from" in answer.meta["coverage"]
    assert "linkedin, amazon" in answer.meta["totals_are"]


@pytest.mark.slow
async def test_a_product_kept_for_one_of_two_ranges_is_in_neither(looking: EngineClient) -> None:
    """Sponsored Brands is kept for sixty days: it is left out of both sides, and each account says so."""
    first = date.today() - timedelta(days=80)  # noqa: DTZ011 - far from both ends of what is kept
    days = {"range": "last_week", "compare": f"{first}..{first + timedelta(days=6)}"}
    compared = await every(looking, level="account", accounts=f"amazon:{PROFILE}", **days, by="ad_product")
    assert {row["ad_product"] for row in compared} == {"SP", "ST"}
    answer = await performance(looking, level="account", accounts=f"amazon:{PROFILE}", **days)
    assert f"amazon:{PROFILE} SB" in answer.meta["coverage"]


async def test_what_dbt_counts_warns_of_no_type_that_is_not_there(looking: EngineClient) -> None:
    """Its five types are not the user's: a type that somebody names and no row has is warned of."""
    week = {"level": "account", "accounts": f"facebook:{US}", "range": "last_week"}
    assert "warnings" not in (await performance(looking, **week, conversions="dbt")).meta
    named = await performance(looking, **week, conversions={"facebook": ["offsite_conversion.custom.9"]})
    assert "offsite_conversion.custom.9" in named.meta["warnings"][0]


@pytest.mark.parametrize(
    ("params", "columns"),
    [
        ({"by": ["platform", "country"]}, ["platform", "country", "currency", "spend"]),
        ({"by": "day"}, ["date", "currency", "spend"]),
        ({"level": "account"}, ["platform", "account", "currency", "spend"]),
        ({"level": "ad", "by": "month"}, ["month", "platform", "account", "ad", "currency", "spend"]),
        ({"group_by": "account_name"}, ["account_name", "currency", "count", "spend"]),
    ],
)
async def test_what_tells_rows_apart_is_in_every_row(
    looking: EngineClient, params: dict[str, Any], columns: list[str]
) -> None:
    """Keys and currency stand first, whatever is named; also where the rows are looked at again."""
    answer = await performance(
        looking, range="yesterday", accounts=FEW, **params, fields="cost", sort="-cost"
    )
    assert list(answer.rows[0]) == columns
    if "group_by" not in params:
        again = await performance(looking, **{"from": answer.meta["result"], "fields": "clicks"})
        assert {*again.rows[0]} == {*columns[:-1], "clicks"}


async def test_rows_of_several_accounts_say_whose_they_are_when_looked_at_again(
    looking: EngineClient,
) -> None:
    """Account and currency stay, whatever columns are named of a list that was read of all accounts."""
    first = await looking.table(FACEBOOK, "campaigns", "list", accounts="all", fields="name", sort="name")
    again = await looking.table(
        FACEBOOK, "campaigns", "list", **{"from": first.meta["result"], "fields": "name"}
    )
    assert list(again.rows[0]) == list(first.rows[0]) == ["account", "currency", "name"]


async def test_a_figure_that_is_compared_brings_both_sides(looking: EngineClient) -> None:
    """What it was and its change in percent; not where one of these is named itself."""
    asked = {"range": "last_week", "compare": "previous", "level": "account", "accounts": FEW}
    answer = await performance(looking, **asked, fields="account_name,spend,roas,clicks,clicks_change")
    assert list(answer.rows[0])[3:] == [
        "account_name", "spend", "spend_before", "spend_change_pct", "roas", "roas_before", "roas_change_pct",
        "clicks", "clicks_change",
    ]  # fmt: skip
    assert all(row["spend_before"] for row in answer.rows)


async def test_days_that_both_ranges_have_are_named(looking: EngineClient) -> None:
    """Nothing is refused: somebody may mean to compare a week with the fortnight that has it."""
    asked = {"range": "2026-10-05..2026-10-11", "compare": "2026-09-28..2026-10-05"}
    answer = await performance(looking, **asked, level="account", accounts=f"facebook:{US}")
    assert answer.meta["compared_with"] == (
        "2026-09-28..2026-10-05 (7 days against 8; 2026-10-05..2026-10-05 is in both ranges)"
    )


async def test_an_account_that_had_nothing_before_is_named(looking: EngineClient) -> None:
    """A total whose growth is a new account says so, and a warning about one account names it."""
    asked = {"range": "last_month", "compare": "year", "level": "account", "accounts": f"{US},{JAPAN}"}
    answer = await performance(looking, **asked)
    assert {row["account"]: bool(float(row["spend_before"])) for row in answer.rows} == {
        US: True, JAPAN: False
    }  # fmt: skip
    assert answer.meta["totals_are"] == f"with facebook:{JAPAN}, which had nothing in the days before"
    assert answer.meta["warnings"][0].startswith(f"facebook:{JAPAN}, the days before: no rows")
    both = await performance(looking, **{**asked, "compare": "previous"})
    assert "totals_are" not in both.meta


@pytest.mark.slow
async def test_the_currency_of_most_rows_comes_first(looking: EngineClient) -> None:
    """The first page of many rows in several currencies is of the one that most are in, and says so."""
    answer = await performance(looking, range="last_week", sort="-spend", limit=5)
    rows = await every(looking, range="last_week", sort="-spend")
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row["currency"]] += 1
    most = sorted(counts, key=lambda currency: (-counts[currency], currency))
    assert {row["currency"] for row in answer.rows} == {most[0]}
    assert list(counts) == most
    assert f"({', '.join(most)}: most rows first)" in answer.meta["warnings"][0]


async def test_when_amazon_took_the_order_is_said(engine_client_with: Callable[..., EngineClient]) -> None:
    """Not when somebody asked once more for what was ordered before."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY=str(DELAY))
    asked = {"range": "yesterday", "level": "account", "accounts": f"{US},amazon:{PROFILE}"}
    await performance(client, **asked)
    earlier = datetime.now(UTC) - timedelta(minutes=30)
    for report in client.store.all("amazon.report"):
        client.store.put("amazon.report", report["reportId"], {**report, "createdAt": earlier.isoformat()})
    part = await performance(client, **asked)
    assert part.text.startswith(f"PARTIAL: amazon not ready (ordered {earlier:%H:%M} UTC, ")


async def test_a_condition_says_where_rows_are_no_campaigns(engine_client: EngineClient) -> None:
    """LinkedIn's groups hide what their campaigns did: an answer with a condition says it."""
    said = "linkedin rows are campaign groups; level ad_group has its campaigns"
    asked = {"range": "yesterday", "accounts": "linkedin:523456789"}
    assert said not in (await performance(engine_client, **asked)).meta.get("warnings", [])
    answer = await performance(engine_client, **asked, where="spend >= 0")
    assert answer.meta["warnings"].count(said) == 1
    lower = await performance(engine_client, **asked, where="spend >= 0", level="ad_group")
    assert said not in lower.meta.get("warnings", [])
