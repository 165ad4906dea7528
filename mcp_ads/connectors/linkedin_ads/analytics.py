"""Analytics: delivery, cost and results of an account over a range of days, by one pivot.

LinkedIn takes 18 metrics a request and answers in URNs, so a report is several requests joined by pivot and
dates, then the names of what the URNs stand for.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.core import Context, Entity, Progress, Read, Request, Result, Span, Steps
from mcp_ads.errors import ApiError, InvalidParams

from . import metrics
from .dialect import FINDER, batch_get
from .types import AccountId, Linkedin, Objective, Urn, tail, urn

MOST_METRICS, MOST_ROWS = 18, 15_000
MOST_NAMED, NAMED_AT_ONCE = 1000, 100
REACH_DAYS = 92
KEYS = ("pivotValues", "dateRange")
METRICS = ("impressions", "clicks", "cost", "externalWebsiteConversions", "oneClickLeads")
SPAN = ("date_start", "date_end")
DATES: Mapping[str, tuple[str, ...]] = {"DAILY": ("date",), "MONTHLY": SPAN, "YEARLY": SPAN}
_DAY = re.compile(r"year:([0-9]+),month:([0-9]+),day:([0-9]+)")


def _rest_range(value: Any) -> Any:
    """Rest.li's (start:(year:…),end:(year:…)) is understood beside what every range may be."""
    days = _DAY.findall(value) if isinstance(value, str) else []
    ends = [dict(zip(("year", "month", "day"), each, strict=True)) for each in days]
    return {"start": ends[0], "end": ends[-1]} if ends else value


class Analytics(Linkedin, Read):
    """Shared by all pivots. A subclass says the pivot, its columns, and where its URNs have names, if any."""

    said = (
        "ctr, cpc, cpm, cost per lead, cost per conversion, engagement rate, reach, frequency, video views, "
        "lead form completion rate, roas, budget pacing, waste"
    )

    q: Literal["analytics"] = "analytics"
    pivot: str
    time_granularity: Annotated[
        Literal["ALL", "DAILY", "MONTHLY", "YEARLY"],
        Field(description="One row in all, or one a day, month, year."),
    ] = "ALL"
    time_range: Annotated[
        Span,
        BeforeValidator(_rest_range),
        Field(description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31."),
    ] = Span(preset="last_30d")
    account_id: AccountId
    campaign_groups: Annotated[
        list[str] | None, Urn("sponsoredCampaignGroup", "list"), Field(description="Ids.")
    ] = None
    campaigns: Annotated[list[str] | None, Urn("sponsoredCampaign", "list"), Field(description="Ids.")] = None
    creatives: Annotated[list[str] | None, Urn("sponsoredCreative", "list"), Field(description="Ids.")] = None
    campaign_type: Literal["SPONSORED_UPDATES", "TEXT_AD", "SPONSORED_INMAILS", "DYNAMIC"] | None = None
    objective_type: Objective | None = None
    fields: Annotated[
        list[str] | None,
        Field(
            exclude=True,
            description="LinkedIn's metrics (videoViews, opens, …), and cost, leads, conversions, ctr, cpc, "
            "cpm, landing_page_ctr, cost_per_lead, cost_per_conversion, engagement_rate, frequency.",
        ),
    ] = None

    http = FINDER("/adAnalytics")
    lean, spooled = METRICS, True
    also = {
        "account": "account_id", "date_range": "time_range", "metrics": "fields",
        "campaign_group_id": "campaign_groups", "campaign_group_ids": "campaign_groups",
        "campaign_id": "campaigns", "campaign_ids": "campaigns",
        "creative_id": "creatives", "creative_ids": "creatives",
    }  # fmt: skip

    named: ClassVar[tuple[str, ...]] = ()
    names_at: ClassVar[str] = ""
    name_fields: ClassVar[tuple[str, ...]] = ("name",)

    @model_validator(mode="after")
    def _known_metrics(self) -> Self:
        if wrong := [
            f"fields: {each}: {metrics.WRONG[each]}" for each in self.fields or () if each in metrics.WRONG
        ]:
            raise ValueError("\n".join(wrong))
        return self

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        since, until = call.time_range.days
        if metrics.REACH & set(call.wanted()) and (until - since).days >= REACH_DAYS:
            raise InvalidParams(f"time_range: reach is counted over at most {REACH_DAYS} days")
        return call

    def columns(self) -> tuple[str, ...]:
        apart = (*self.named, *DATES.get(self.time_granularity, ()))
        return tuple(dict.fromkeys([*apart, *(self.fields or METRICS)]))

    def wanted(self) -> list[str]:
        """The vendor's metrics, without those that come with every row."""
        apart = {*self.named, *DATES.get(self.time_granularity, ()), *KEYS}
        return metrics.behind(each for each in self.columns() if each not in apart)

    def to_query(self) -> Mapping[str, Any]:
        """The account is always among the facets, and they narrow each other: no other account is read."""
        given = self.sent()
        since, until = self.time_range.days
        account = urn("sponsoredAccount", self.account_id)
        rest = {n: v for n, v in given.items() if n != "timeRange"}
        head = {name: rest.pop(name) for name in ("q", "pivot", "timeGranularity")}
        dates = {"start": _day(since), "end": _day(until)}
        return {**head, "dateRange": dates, "accounts": [account], **rest, "fields": self._asked()[0]}

    def steps(self, context: Context) -> Steps:
        rows: dict[Any, dict[str, Any]] = {}
        whole = False
        for asked in self._asked():
            answer = yield self.to_request().with_query(fields=asked)
            found = answer.get("elements") or []
            whole |= len(found) >= MOST_ROWS
            for row in found:
                rows.setdefault(_key(row), {}).update(row)
        urns = dict.fromkeys(urn for row in rows.values() if (urn := _urn(row)))
        records, lost = yield from self._records(list(urns))
        made = [self._row(row, records.get(_urn(row), {}), context.currency) for row in rows.values()]
        warnings = [*_doubts(len(made), cut=whole), *lost]
        return Result(made, {"warnings": warnings} if warnings else {}, columns=self.columns())

    def _asked(self) -> list[list[str]]:
        wanted = self.wanted()
        starts = range(0, max(1, len(wanted)), MOST_METRICS)
        return [[*wanted[at : at + MOST_METRICS], *KEYS] for at in starts]

    def key(self, urn: str) -> str:
        """What a pivoted object is called where its name is read."""
        return tail(urn)

    def label(self, urn: str, record: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values of `named`, from a URN and what was read of it."""
        return tail(urn), record.get("name")

    def _records(
        self, urns: list[str]
    ) -> Generator[Request | Progress, Any, tuple[dict[str, Any], list[str]]]:
        """The records of pivoted objects by URN, and what to warn of: a report without names is still one."""
        records: dict[str, Any] = {}
        if not self.names_at:
            return records, []
        for at in range(0, min(len(urns), MOST_NAMED), NAMED_AT_ONCE):
            some = {self.key(urn): urn for urn in urns[at : at + NAMED_AT_ONCE]}
            yield Progress(at, len(urns), "reading names")
            path = self.names_at.format(account_id=self.account_id)
            try:
                answer = yield batch_get(path, list(some), fields=list(self.name_fields))
            except ApiError as error:
                return records, [f"names are missing: {error}"]
            records |= {some[key]: each for key, each in (answer.get("results") or {}).items() if key in some}
        over = len(urns) > MOST_NAMED
        return records, [f"only the first {MOST_NAMED} names were read"] if over else []

    def _row(self, row: Mapping[str, Any], record: Mapping[str, Any], currency: str) -> dict[str, Any]:
        made = dict(zip(self.named, self.label(_urn(row), record), strict=True))
        days = [_iso(row.get("dateRange", {}).get(end)) for end in ("start", "end")]
        made |= dict(zip(DATES.get(self.time_granularity, ()), days, strict=False))
        return made | {each: metrics.cell(row, each, currency) for each in self.columns() if each not in made}


class CampaignAnalytics(Analytics):
    """Read delivery, cost and conversions by campaign. Money is in the account's currency."""

    pivot: Literal["CAMPAIGN"] = "CAMPAIGN"

    named = ("campaign_id", "campaign_name")
    names_at = "/adAccounts/{account_id}/adCampaigns"


class CreativeAnalytics(Analytics):
    """Read delivery, cost and conversions by creative. Money is in the account's currency."""

    pivot: Literal["CREATIVE"] = "CREATIVE"

    named = ("creative_id", "creative_name", "campaign_id")
    names_at = "/adAccounts/{account_id}/creatives"
    name_fields = ("name", "campaign")

    def key(self, urn: str) -> str:
        return urn

    def label(self, urn: str, record: Mapping[str, Any]) -> tuple[Any, ...]:
        return tail(urn), record.get("name"), tail(record["campaign"]) if record.get("campaign") else None


def _doubts(rows: int, *, cut: bool) -> list[str]:
    if cut:
        return [f"LinkedIn cuts reports at {MOST_ROWS} rows: ask for fewer days or campaigns"]
    if not rows:
        return ["no rows: nothing was delivered, or the member may not see this account's reports"]
    return []


def _urn(row: Mapping[str, Any]) -> str:
    return str((row.get("pivotValues") or [""])[0])


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (*row.get("pivotValues", ()), _iso(row.get("dateRange", {}).get("start")))


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _iso(day: Mapping[str, int] | None) -> str:
    return f"{day['year']:04}-{day['month']:02}-{day['day']:02}" if day else ""


ad_campaign_analytics = Entity(
    "ad_campaign_analytics",
    "Delivery, cost and conversions by campaign.",
    noun="campaign-analytics",
    list=CampaignAnalytics,
)
ad_creative_analytics = Entity(
    "ad_creative_analytics",
    "Delivery, cost and conversions by creative.",
    noun="creative-analytics",
    list=CreativeAnalytics,
)
