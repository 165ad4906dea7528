"""Reports that LinkedIn cuts at 15,000 rows: asked for in parts that add up, or said to be cut."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from linkedin_calls import CONTEXT, call

from mcp_ads.core import Request, Result
from mcp_ads.core.names import Names
from mcp_ads.errors import ApiError, PlatformDown

MOST = 15_000
FIRST = date(2026, 9, 1)
Fact = tuple[date, int, int, int]
"""A day, a campaign, a creative, and its clicks."""


class Reports:
    """An adAnalytics that counts facts and cuts without a word; one of the requests may fail."""

    def __init__(self, facts: list[Fact], fails_at: int = 0) -> None:
        self.facts, self.asked, self.fails_at = facts, list[Request](), fails_at

    def answer(self, request: Request) -> Any:
        if request.path != "/adAnalytics":
            return {"results": {}, "elements": []}
        self.asked.append(request)
        if len(self.asked) == self.fails_at:
            return PlatformDown("no answer in time")
        query = request.query
        since, until = (date(**query["dateRange"][end]) for end in ("start", "end"))
        named = {int(urn.rpartition(":")[2]) for urn in query.get("campaigns", ())}
        sums: dict[Any, int] = defaultdict(int)
        for day, campaign, creative, clicks in self.facts:
            if since <= day <= until and (not named or campaign in named):
                kinds = {
                    "CAMPAIGN": ("sponsoredCampaign", campaign),
                    "CREATIVE": ("sponsoredCreative", creative),
                }
                pivots = query.get("pivots") or [query["pivot"]]
                values = tuple("urn:li:{}:{}".format(*kinds[pivot]) for pivot in pivots)
                sums[values, self._period(query["timeGranularity"], day, since, until)] += clicks
        rows = [
            {
                "pivotValues": [*values],
                "dateRange": {"start": _day(first), "end": _day(last)},
                "clicks": clicks,
            }
            for (values, (first, last)), clicks in sums.items()
        ]
        return {"elements": rows[:MOST]}

    @staticmethod
    def _period(granularity: str, day: date, since: date, until: date) -> tuple[date, date]:
        month = (
            day.replace(day=1),
            (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1),
        )
        whole = {"ALL": (since, until), "DAILY": (day, day), "MONTHLY": month}[granularity]
        return max(whole[0], since), min(whole[1], until)


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _report(reports: Reports, entity: str = "ad_creative_analytics", **params: Any) -> Result:
    given = {"time_range": "2026-09-01..2026-11-21", "fields": "clicks"} | params
    steps, sent = call(entity, "list", **given).settled(CONTEXT).flow(replace(CONTEXT, names=Names())), None
    try:
        while True:
            step = steps.throw(sent) if isinstance(sent, ApiError) else steps.send(sent)
            sent = reports.answer(step) if isinstance(step, Request) else None
    except StopIteration as end:
        result: Result = end.value
        return result


def _facts(days: int, campaigns: int, creatives: int) -> list[Fact]:
    return [
        (FIRST + timedelta(days=day), campaign, campaign * 1000 + creative, 1 + (day + creative) % 7)
        for day in range(days)
        for campaign in range(1, campaigns + 1)
        for creative in range(creatives)
    ]


def _cut(result: Result) -> list[str]:
    return [said for said in [str(result.meta.get("coverage", ""))] if "15000 rows" in said]


@pytest.mark.slow
@pytest.mark.parametrize("granularity", ["DAILY", "MONTHLY"])
def test_dates_are_split(granularity: str) -> None:
    """No day and no month is lost or counted twice."""
    facts = _facts(days=82, campaigns=1, creatives=190)
    if granularity == "MONTHLY":
        facts = _facts(days=1, campaigns=80, creatives=65)
        facts = [(date(2026, month, 5), *rest) for month in (9, 10, 11) for _, *rest in facts]  # type: ignore[misc]
    reports = Reports(facts)
    result = _report(reports, time_granularity=granularity)
    assert len(result.data) == len(facts) > MOST
    assert sum(row["clicks"] for row in result.data) == sum(fact[3] for fact in facts)
    assert len(reports.asked) == 3
    assert _cut(result) == []


@pytest.mark.slow
def test_campaigns_are_split_where_one_row_counts_all_days() -> None:
    """First it is asked which campaigns there are anything of, the deleted ones too."""
    facts = _facts(days=1, campaigns=200, creatives=90)
    reports = Reports(facts)
    result = _report(reports)
    assert len({row["creative_id"] for row in result.data}) == len(result.data) == 18_000
    assert sum(row["clicks"] for row in result.data) == sum(fact[3] for fact in facts)
    assert [request.query["pivot"] for request in reports.asked] == [
        "CREATIVE",
        "CAMPAIGN",
        *["CREATIVE"] * 2,
    ]
    assert [len(request.query["campaigns"]) for request in reports.asked[2:]] == [100, 100]
    assert _cut(result) == []


@pytest.mark.slow
def test_the_parts_serve_for_further_metrics() -> None:
    """What was learnt of the first eighteen is not learnt again."""
    facts = _facts(days=1, campaigns=200, creatives=90)
    reports = Reports(facts)
    many = ["clicks", "likes", "comments", "shares", "reactions", "follows", "sends", "opens", "cardClicks"]
    more = [f"viral{name[0].upper()}{name[1:]}" for name in many if name not in ("sends", "opens")]
    result = _report(reports, fields=[*many, *more, "impressions", "videoViews", "fullScreenPlays"])
    assert [len(request.query.get("campaigns", ())) for request in reports.asked] == [
        0,
        0,
        100,
        100,
        100,
        100,
    ]
    assert len(result.data) == 18_000


@pytest.mark.slow
def test_several_pivots_are_split_too() -> None:
    """The campaigns are asked for by one pivot, the rest by all."""
    reports = Reports(_facts(days=1, campaigns=200, creatives=90))
    result = _report(reports, "analytics", pivot=["CAMPAIGN", "CREATIVE"])
    assert [request.query["q"] for request in reports.asked] == [
        "statistics", "analytics", "statistics", "statistics",
    ]  # fmt: skip
    assert "pivots" not in reports.asked[1].query
    assert len(result.data) == 18_000


@pytest.mark.slow
def test_what_cannot_be_split_is_said_to_be_cut() -> None:
    """One campaign with too many rows in one period stays cut."""
    result = _report(Reports(_facts(days=1, campaigns=1, creatives=15_001)))
    assert len(result.data) == MOST
    assert len(_cut(result)) == 1


@pytest.mark.slow
def test_a_report_in_parts_keeps_the_vendors_order() -> None:
    """Each part comes sorted, and so does the whole."""
    reports = Reports(_facts(days=1, campaigns=200, creatives=90))
    result = _report(reports, sort_by={"field": "CLICKS", "order": "ASCENDING"})
    clicks = [row["clicks"] for row in result.data]
    assert clicks == sorted(clicks)
    assert reports.asked[0].query["sortBy"] == {"field": "CLICKS", "order": "ASCENDING"}


def test_a_part_that_fails_fails_the_report() -> None:
    """Half a report would look like a whole one; what to do about it is said."""
    reports = Reports(_facts(days=82, campaigns=1, creatives=190), fails_at=2)
    with pytest.raises(PlatformDown) as failed:
        _report(reports, time_granularity="DAILY")
    assert failed.value.fix == "the report is a long one, of several parts: ask for fewer days or campaigns"


@pytest.mark.slow
async def test_a_long_report_adds_up_to_the_cent(engine_client: EngineClient) -> None:
    """36,000 days of creatives cost what the account has spent."""
    asked = {"account_id": LINKEDIN_US, "time_range": "last_120d", "fields": ["cost"]}
    days = await engine_client.do(
        LINKEDIN, "ad_creative_analytics", "list", **asked, time_granularity="DAILY", top=1
    )
    whole = await engine_client.do(LINKEDIN, "analytics", "list", **asked, pivot="ACCOUNT")
    assert days.meta["total"] > 2 * MOST
    assert Decimal(str(days.meta["totals"]["cost"])) == Decimal(whole.data[0]["cost"])
