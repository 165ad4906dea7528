"""What an answer about all accounts lacks is said in every look at it, and no figure hides it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from between import between
from connections_at import connections_at
from engine_client import (
    AMAZON,
    FACEBOOK,
    JAPAN,
    LINKEDIN,
    LINKEDIN_US,
    PROFILE,
    US,
    EngineClient,
    Table,
    mend,
)

from mcp_ads.errors import InvalidParams
from mcp_ads.sandbox.ports import Servers

pytestmark = pytest.mark.anyio
DELAY = 600
FORWARD = "In the sandbox time goes by with `mcp-ads sandbox --forward 600`"
Make = Callable[..., EngineClient]
WEEK = {"level": "account", "range": "last_week"}
PURCHASES = {"conversions": {"amazon": ["purchases7d"]}}
"""Only Sponsored Products count these."""


async def performance(client: EngineClient, **params: Any) -> Table:
    """What an agent reads."""
    return await client.table("ads", "performance", "list", **params)


def first_line(answer: Table) -> str:
    return answer.text.partition("\n")[0]


def regions_down(*hosts: str) -> Callable[[httpx.Request], httpx.Response | None]:
    """What nobody can list the profiles of."""

    def answers(request: httpx.Request) -> httpx.Response | None:
        down = request.url.path == "/v2/profiles" and request.url.host in hosts
        return httpx.Response(503, json={}) if down else None

    return answers


@pytest.mark.slow
async def test_regions_nobody_can_list_are_missing_in_every_look(engine_client_with: Make) -> None:
    """Two of three are silent: the first line, the totals and what is completed later all say so."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY=str(DELAY))
    between(client, regions_down("advertising-api-eu.amazon.com", "advertising-api-fe.amazon.com"))
    part = await performance(client, **WEEK)
    assert first_line(part).startswith("PARTIAL: amazon not ready")
    assert first_line(part).endswith(f"reads what can be read later, in 3 minutes. {FORWARD}")
    client.forward(DELAY + 1)
    for more in ({}, {"group_by": "currency"}):
        told = await performance(client, **{"from": part.meta["result"], **more})
        assert first_line(told).startswith("PARTIAL: 5 of 5 known accounts read; coverage says what is not")
        assert told.meta["totals_are"] == "without some accounts of amazon"
        assert "region EU did not answer" in told.meta["coverage"]


@pytest.mark.parametrize("kind", ["expired-token", "503"])
async def test_a_platform_whose_accounts_cannot_be_listed(engine_client: EngineClient, kind: str) -> None:
    """Nothing of it is there: neither the answer nor another look at it is called whole."""
    engine_client.fault(kind, platform=AMAZON, path="/v2/profiles", times=0)
    part = await performance(engine_client, **WEEK)
    again = await performance(engine_client, **{"from": part.meta["result"]})
    for answer in (part, again):
        assert first_line(answer) == "PARTIAL: 4 of 4 known accounts read; coverage says what is not"
        assert answer.meta["totals_are"] == "without amazon"
    assert not {"warnings", "units"} & again.meta.keys()


async def test_a_lost_product_is_said_in_every_look(engine_client: EngineClient) -> None:
    """By `from`, with another tool's `from`, by group and on the second page."""
    engine_client.fault("report-fails", platform=AMAZON, method="POST", path="/reporting/reports", times=1)
    asked = {"range": "last_week", "accounts": PROFILE, "limit": 2}
    part = await performance(engine_client, **asked)
    handle = part.meta["result"]
    looks = [
        part,
        await performance(engine_client, **asked, cursor=part.meta["cursor"]),
        await performance(engine_client, **{"from": handle}),
        await performance(engine_client, **{"from": handle, "group_by": "ad_product"}),
        await engine_client.table(LINKEDIN, "campaigns", "list", **{"from": handle, "top": 1}),
    ]
    said = "PARTIAL: 1 of 1 accounts read, some in part; coverage says what is not"
    assert {first_line(answer) for answer in looks} == {said}


@pytest.mark.slow
async def test_what_is_throttled_is_missing_when_another_tool_looks(engine_client: EngineClient) -> None:
    """Also where what goes on with it can no longer be read."""
    engine_client.fault(
        "429", platform=LINKEDIN, account=LINKEDIN_US, path="adAnalytics", retry_after=900, times=0
    )
    part = await performance(engine_client, **WEEK)
    assert first_line(part).endswith(f'from: "{part.meta["result"]}" completes it')
    said = "PARTIAL: 6 of 7 accounts read; coverage says what is not"
    looked = {"from": part.meta["result"]}
    assert first_line(await engine_client.table(FACEBOOK, "campaigns", "list", **looked)) == said
    notes = [*engine_client.home.rglob("performance-*")]
    assert notes
    for note in notes:
        note.write_bytes(b"{")
    assert first_line(await performance(engine_client, **looked)).startswith(said)
    mend(engine_client.store)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("entity", "action", "more"), [("objects", "search", {"query": "e"}), ("accounts", "list", {})]
)
async def test_lists_say_what_they_lack_in_every_look(
    engine_client: EngineClient, entity: str, action: str, more: dict[str, Any]
) -> None:
    """By `from`, by group and on the second page, as in the first."""
    engine_client.fault("503", platform=AMAZON, path="/v2/profiles", times=0)
    asked = {**more, "limit": 1, "where": "platform != 'x'"}
    part = await engine_client.table("ads", entity, action, **asked)
    looked = {"from": part.meta["result"]}
    looks = [
        part,
        await engine_client.table("ads", entity, action, **asked, cursor=part.meta["cursor"]),
        await engine_client.table("ads", entity, action, **looked, limit=1),
        await engine_client.table("ads", entity, action, **looked, group_by="platform"),
    ]
    said = "PARTIAL: not everything was read; coverage says what is missing and why"
    assert {first_line(answer) for answer in looks} == {said}


@pytest.mark.slow
async def test_days_a_product_is_not_kept_for(looking: EngineClient) -> None:
    """Totals say from when on it is in them; compared with whole days, it is on neither side."""
    today = datetime.now(UTC).date()
    old, new = ((today - timedelta(days=back), today - timedelta(days=back - 20)) for back in (75, 35))
    asked = {"level": "account", "accounts": f"amazon:{PROFILE}"}
    alone = await performance(looking, **asked, range=f"{old[0]}..{old[1]}")
    assert alone.meta["totals_are"].startswith("without amazon SB before ")
    products = {}
    for name, days in (("old", old), ("new", new)):
        told = await performance(looking, **asked, range=f"{days[0]}..{days[1]}", by="ad_product")
        products[name] = {row["ad_product"]: Decimal(row["spend"]) for row in told.rows}
    both = await performance(
        looking, **asked, range=f"{new[0]}..{new[1]}", compare=f"{old[0]}..{old[1]}", by="ad_product"
    )
    assert {row["ad_product"] for row in both.rows} == {"SP", "ST"}
    for row in both.rows:
        assert Decimal(row["spend_before"]) == products["old"].get(row["ad_product"], 0)
        assert Decimal(row["spend"]) == products["new"][row["ad_product"]]
    assert "one of the two ranges begins before" in both.meta["coverage"]
    assert "SB" in both.meta["totals_are"]


@pytest.mark.slow
async def test_what_later_reads_bring_takes_back_nothing(engine_client: EngineClient) -> None:
    """An account that was throttled is read later: what was said of the others is said still."""
    first = datetime.now(UTC).date() - timedelta(days=75)
    account = {"platform": LINKEDIN, "account": LINKEDIN_US}
    asked = {**PURCHASES, "accounts": f"linkedin:{LINKEDIN_US},amazon:{PROFILE}", "by": "platform"}
    asked |= {"range": f"{first}..{first + timedelta(days=20)}"}
    whole = await performance(engine_client, **asked)
    engine_client.fault("429", **account, path="adAnalytics", retry_after=1, times=9)
    part = await performance(engine_client, **asked)
    mend(engine_client.store)
    later = await performance(engine_client, **{"from": part.meta["result"]})
    assert first_line(part).startswith("PARTIAL: 1 of 2 accounts read")
    for name in ("totals_are", "coverage", "totals"):
        assert later.meta.get(name) == whole.meta.get(name)
    assert "without amazon SB before" in later.meta["totals_are"]
    assert "conversions without the rows" in later.meta["totals_are"]
    assert later.meta["ordered"]
    assert later.rows == whole.rows


@pytest.mark.slow
async def test_conversions_of_some_divide_no_spend_of_all(looking: EngineClient) -> None:
    """Where one product counts them and another does not, they and what one cost are empty, in sums too."""
    fields = "account,ad_product,spend,conversions,cost_per_conversion,cost_per_conversion_before"
    asked = {**PURCHASES, "accounts": f"amazon:{PROFILE}", "range": "last_week", "compare": "previous"}
    accounts = await performance(looking, **asked, level="account", fields=fields.replace("ad_product,", ""))
    (whole,) = accounts.rows
    assert Decimal(whole["spend"]) > 0
    assert not whole["conversions"] + whole["cost_per_conversion"] + whole["cost_per_conversion_before"]
    products = await performance(looking, **asked, by="ad_product", fields=fields.replace("account,", ""))
    (counted,) = (row for row in products.rows if row["ad_product"] == "SP")
    cost = Decimal(counted["spend"]) / Decimal(counted["conversions"])
    assert float(counted["cost_per_conversion"]) == pytest.approx(float(cost), abs=0.0001)
    assert "cost_per_conversion" not in products.meta["totals"]
    assert products.meta["totals_are"] == "conversions without the rows where they are empty"
    grouped = await performance(looking, **PURCHASES, range="last_week", group_by="platform")
    assert "cost_per_conversion" not in grouped.rows[0]
    leads = await performance(
        looking, range="last_week", conversions={"facebook": ["leads"]}, group_by="platform"
    )
    assert all(row["cost_per_conversion"] for row in leads.rows)


async def test_a_dead_connection_hides_no_account_of_another(tmp_path: Path, servers: Servers) -> None:
    """The account both may use is read with the one that sees it; nothing is missing then."""
    client = connections_at(
        servers, tmp_path / "home", acme=("no-such-token", JAPAN), beta=("sandbox-of-beta", JAPAN)
    )
    try:
        for named in ("all", JAPAN):
            found = await performance(client, **WEEK, accounts=named)
            assert [row["account"] for row in found.rows] == [JAPAN]
            assert "coverage" not in found.meta
    finally:
        await client.close()


@pytest.mark.slow
async def test_rows_have_what_they_are_grouped_by(looking: EngineClient) -> None:
    """Weeks, platforms and products, without `by`; months are made of days where rows are of weeks."""
    asked = {"range": "last_30d", "accounts": f"{JAPAN},amazon:5512345678901234", "fields": "spend"}
    whole = (await performance(looking, **asked, level="account")).meta["totals"]
    for more, columns in (
        ({"group_by": "week"}, ["week"]),
        ({"group_by": "platform,month", "by": "day"}, ["platform", "month"]),
        ({"group_by": "month", "by": "week"}, ["month"]),
        ({"group_by": "week(date)"}, ["week(date)"]),
        ({"group_by": "day"}, ["date"]),
        ({"group_by": "ad_product", "level": "account"}, ["ad_product"]),
        ({"group_by": "campaign", "by": "month"}, ["campaign"]),
    ):
        grouped = await performance(looking, **asked, **more, limit=100)
        assert [*grouped.rows[0]][: len(columns)] == columns
        assert sum(Decimal(row["spend"]) for row in grouped.rows) == Decimal(str(whole["spend"]))
        assert all(row[name] for row in grouped.rows for name in columns if name != "ad_product")
    with pytest.raises(InvalidParams, match="compare: not with by week"):
        await performance(looking, **asked, group_by="week", compare="previous")
    grouped = await performance(looking, **asked, group_by="platform")
    with pytest.raises(InvalidParams, match="group_by: week: rows have no column of days: ask for rows"):
        await performance(looking, **{"from": grouped.meta["result"], "group_by": "week"})


async def test_names_of_what_rows_are_grouped_by_are_shown(looking: EngineClient) -> None:
    """An account's name beside the account; what may differ in a group is refused, not left out."""
    asked = {**WEEK, "accounts": f"meta:{US},fb:{JAPAN}"}
    named = await performance(looking, **asked, group_by="account", fields="account_name,spend")
    assert {row["account"]: row["account_name"] for row in named.rows} == {
        US: "Tern & Tide (US)", JAPAN: "Tern & Tide Japan",
    }  # fmt: skip
    with pytest.raises(InvalidParams, match="fields: rows of one group may differ in account_name"):
        await performance(looking, **asked, group_by="platform", fields="account_name,spend")
