"""Tables through the front door: what passes a condition, in which order, how many, and what they come to."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient, Table

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
ASKED: dict[str, Any] = {"profile_id": PROFILE, "report_type": "spTargeting", "time_range": "last_30d"}
ALL: dict[str, Any] = {**ASKED, "limit": 1000}
COLUMNS = ["keywordId", "matchType", "cost", "sales7d", "clicks", "impressions", "acosClicks7d"]
ANALYTICS: dict[str, Any] = {"account_id": LINKEDIN_US, "time_range": "last_7d"}


@pytest.fixture(scope="module")
async def engine_client(
    tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[EngineClient]:
    """An engine client where the same report is looked at in many ways; nothing is changed there."""
    made = EngineClient(tmp_path_factory.mktemp("tables"), {})
    yield made
    await made.close()


async def report(engine_client: EngineClient, **view: Any) -> Table:
    return await engine_client.table(AMAZON, "reports", "run", **{**ALL, **view})


async def every_row(engine_client: EngineClient) -> list[dict[str, str]]:
    """All rows of the report, over as many answers as they take."""
    rows, more = list[dict[str, str]](), dict[str, Any]()
    while True:
        table = await engine_client.table(
            AMAZON, "reports", "run", **ALL, fields=COLUMNS, sort="keywordId", **more
        )
        rows += table.rows
        if not table.meta["more"]:
            return rows
        more = {"cursor": table.meta["cursor"]}


def acos(row: dict[str, str]) -> Fraction | None:
    sales = Fraction(row["sales7d"])
    return Fraction(row["cost"]) * 100 / sales if sales else None


@pytest.mark.slow
async def test_what_a_condition_says(engine_client: EngineClient) -> None:
    """Money, thousands, percent, columns beside columns, or, in, other signs: as many rows as there are."""
    rows = await every_row(engine_client)
    money = [(Fraction(row["cost"]), Fraction(row["sales7d"])) for row in rows]
    dear, costly = sum(cost > 300 for cost, _ in money), [a for row in rows if (a := acos(row)) is not None]
    expected = {
        "cost>300 USD": dear,
        "cost>$300": dear,
        "cost > '300 usd'": dear,
        "300 <= cost && cost != 300": dear,
        "cost>1,000": sum(cost > 1000 for cost, _ in money),
        "acos>40%": sum(a > 40 for a in costly),
        "acos > 40": sum(a > 40 for a in costly),
        "acos<=10": sum(a <= 10 for a in costly),
        "not acos <= 10": sum(a > 10 for a in costly),
        "acos is empty": len(rows) - len(costly),
        "cost>100 or sales7d=0": sum(cost > 100 or sales == 0 for cost, sales in money),
        "cost>sales7d": sum(cost > sales for cost, sales in money),
        "cost => 50 and cost =< 100": sum(50 <= cost <= 100 for cost, _ in money),
        "matchType in (EXACT, 'PHRASE')": sum(row["matchType"] in ("EXACT", "PHRASE") for row in rows),
        "matchType ~ exact": sum(row["matchType"] == "EXACT" for row in rows),
    }
    assert 0 < dear < len(rows)
    for text, count in expected.items():
        assert (await report(engine_client, where=text)).meta["total"] == count, text
        assert (await report(engine_client, filter=text)).meta["total"] == count, text


@pytest.mark.slow
async def test_an_empty_ratio_passes_nothing_and_is_last(engine_client: EngineClient) -> None:
    """A keyword with costs and no sales is not the best one, nor the worst: it is named in a warning."""
    without = [row["keywordId"] for row in await every_row(engine_client) if acos(row) is None]
    assert without
    for text in ("acos <= 10", "acos > 10", "not acos > 10"):
        found = await report(engine_client, where=text, fields=COLUMNS)
        assert not {row["keywordId"] for row in found.rows} & {*without}
        assert f"{len(without)} rows have no acosClicks7d" in found.meta["warnings"][0]
    for order in ("acos", "-acos"):
        table = await report(
            engine_client, where="clicks >= 0", sort=order, fields=["keywordId", "acosClicks7d"], limit=1000
        )
        ranked = [
            row["acosClicks7d"] for row in await rest(engine_client, table, where="clicks >= 0", sort=order)
        ]
        assert "" not in ranked[: -len(without)]
        assert set(ranked[-len(without) :]) == {""}


async def rest(engine_client: EngineClient, table: Table, **view: Any) -> list[dict[str, str]]:
    """The rows of an answer and of those that go on."""
    rows = table.rows
    while table.meta["more"]:
        again = {**view, "fields": list(rows[0]), "cursor": table.meta["cursor"]}
        table = await report(engine_client, **again)
        rows += table.rows
    return rows


@pytest.mark.slow
async def test_ratios_are_exact_until_they_are_shown(engine_client: EngineClient) -> None:
    """A condition on a ratio sees more than the four decimals that an answer has."""
    rows = await every_row(engine_client)
    exact = [
        Fraction(row["clicks"]) * 100 / Fraction(row["impressions"])
        for row in rows
        if row["impressions"] != "0"
    ]
    above = [rate for rate in exact if round(rate, 4) != rate and Fraction(str(round(float(rate), 4))) < rate]
    edge = f"{float(above[0]):.4f}"
    found = await report(engine_client, where=f"clickThroughRate > {edge}%")
    assert found.meta["total"] == sum(rate > Fraction(edge) for rate in exact)
    assert found.meta["total"] != sum(Fraction(str(round(float(rate), 4))) > Fraction(edge) for rate in exact)


async def test_counts_before_and_after_top(engine_client: EngineClient) -> None:
    """`total` is how many fit, `shown` how many top left of them, `rows` how many are in this answer."""
    table = await engine_client.table(
        AMAZON, "reports", "run", **ASKED, where="cost > 300 USD", sort="-cost", top=10, limit=4
    )
    fit = (await report(engine_client, where="cost > 300 USD")).meta["total"]
    assert fit > 10
    assert (table.meta["total"], table.meta["shown"], table.meta["rows"], table.meta["more"]) == (
        fit,
        10,
        4,
        True,
    )


@pytest.mark.slow
async def test_totals_are_of_all_rows_that_fit(engine_client: EngineClient) -> None:
    """An answer has the sums of all rows, shown or not; ratios are those of the sums."""
    rows = [row for row in await every_row(engine_client) if Fraction(row["cost"]) > 300]
    for cut in ({"top": 3}, {"limit": 3}):
        table = await engine_client.table(
            AMAZON, "reports", "run", **ASKED, where="cost > 300", sort="-cost", fields=COLUMNS, **cut
        )
        totals = table.meta["totals"]
        cost, sales = (sum(Decimal(row[name]) for row in rows) for name in ("cost", "sales7d"))
        assert (Decimal(str(totals["cost"])), Decimal(str(totals["sales7d"]))) == (cost, sales)
        assert totals["clicks"] == sum(int(row["clicks"]) for row in rows)
        assert totals["acosClicks7d"] == round(float(cost * 100 / sales), 4)
        assert totals.keys() == {"cost", "sales7d", "clicks", "impressions", "acosClicks7d"}
    whole = await report(engine_client, where="cost > 1,000")
    assert whole.meta["rows"] == whole.meta["total"]
    assert whole.meta["totals"]["cost"] == pytest.approx(sum(float(row["cost"]) for row in whole.rows))
    long = await report(engine_client)
    assert long.meta["rows"] < long.meta["total"]
    assert long.meta["totals"]["cost"] > 0


@pytest.mark.slow
async def test_columns_named_are_fetched_and_not_shown(engine_client: EngineClient) -> None:
    """A condition and a sort may name what the answer does not have."""
    table = await report(
        engine_client, where="acos > 40% and keywordBid > 0.10 USD", sort="-clickThroughRate", top=5
    )
    assert len(table.rows) == 5
    assert not {"acosClicks7d", "keywordBid", "clickThroughRate"} & table.rows[0].keys()
    linkedin = await engine_client.table(
        LINKEDIN,
        "ad_campaign_analytics",
        "list",
        **ANALYTICS,
        where="videoViews >= 0 and cpc > $1",
        fields=["cost"],
    )
    assert list(linkedin.rows[0]) == ["campaign_id", "campaign_name", "cost"]


async def test_one_name_on_every_platform(engine_client: EngineClient) -> None:
    """What one platform calls cost and another spend, both understand, in where and in sort."""
    for name in ("cost", "spend"):
        amazon = await report(engine_client, where=f"{name} > 300", sort=f"-{name}", top=5)
        costs = [Decimal(row["cost"]) for row in amazon.rows]
        assert costs == sorted(costs, reverse=True)
        linkedin = await engine_client.table(
            LINKEDIN, "ad_campaign_analytics", "list", **ANALYTICS, where=f"{name} > 300", sort=[f"-{name}"]
        )
        assert all(Decimal(row["cost"]) > 300 for row in linkedin.rows)


@pytest.mark.parametrize(
    "spelled",
    ["-cost,keywordId", ["-cost", "keywordId"], "cost desc, keywordId asc", "cost_descending,keywordId",
     '["-cost","keywordId"]', " -spend , keyword_id",
     [{"field": "cost", "order": "DESC"}, {"column": "keywordId"}]],
)  # fmt: skip
async def test_every_spelling_of_an_order(engine_client: EngineClient, spelled: Any) -> None:
    """Text or a list, several columns, the vendors' words for largest first."""
    rows = (await report(engine_client, sort=spelled, fields=["keywordId", "cost"], top=50)).rows
    assert len(rows) == 50
    assert rows == sorted(rows, key=lambda row: (-Decimal(row["cost"]), row["keywordId"]))


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ({"where": "cost > 5 EUR"}, "cost is in USD, not in EUR"),
        ({"where": "cost > 5", "filter": "cost > 6"}, "filter"),
        ({"sort": "-cots"}, "did you mean cost"), ({"where": "roi > 3"}, "'roi' is not known"),
        ({"where": "cost >"}, "at the end"), ({"where": ["cost > 5"]}, "where"), ({"sort": [3]}, "sort"),
        ({"sort": {"order": "desc"}}, "sort"),
    ],
)  # fmt: skip
async def test_refused(engine_client: EngineClient, view: dict[str, Any], says: str) -> None:
    """Another currency, two conditions, unknown columns, half conditions."""
    with pytest.raises(InvalidParams, match=says):
        await report(engine_client, **view)


async def test_nothing_is_asked_for_a_view_that_cannot_fit(engine_client_with: EngineClients) -> None:
    """A report takes minutes: half a condition, a wrong column or kind is refused before it is ordered."""
    engine_client = engine_client_with()
    for view in ({"where": "cost >"}, {"where": "roi > 3"}, {"sort": "-roi"}, {"where": "cost > 40%"}):
        with pytest.raises(InvalidParams):
            await report(engine_client, **view)
    assert not [request for request in engine_client.sent() if "reports" in request]


async def test_what_is_computed_is_saved_and_shown(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """A file has what the answer has, of all rows that fit; percent is said to be percent."""
    (tmp_path / "files").mkdir()
    engine_client = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))
    table = await report(engine_client, where="acos > 100%", fields=COLUMNS, save_to="worst.csv", limit=1000)
    with (tmp_path / "files" / "worst.csv").open(encoding="utf-8", newline="") as file:
        saved = list(csv.DictReader(file))
    assert saved == table.rows
    assert saved
    assert all(float(row["acosClicks7d"]) == round(float(acos(row) or 0), 4) for row in saved)
    assert table.meta["units"] == "acosClicks7d: percent"
