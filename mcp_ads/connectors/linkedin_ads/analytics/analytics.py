"""Analytics: delivery, cost and results of an account over a range of days, by one pivot.

LinkedIn takes 18 metrics a request and answers in URNs, so a report is several requests joined by pivot and
dates, then the names of what the URNs stand for.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, batch_get
from mcp_ads.connectors.linkedin_ads.types import AccountId, Objective
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail, urn
from mcp_ads.core import Column, Context, Entity, Flow, Progress, Request, Result, Span
from mcp_ads.core.record_fields import resolved
from mcp_ads.errors import ApiError, InvalidParams

from . import metrics
from .pivots import PIVOTS, Pivot

MOST_METRICS, MOST_ROWS = 18, 15_000
MOST_NAMED, NAMED_AT_ONCE, MOST_MISSED = 1000, 100, 20
REACH_DAYS = 92
KEYS = ("pivotValues", "dateRange")
METRICS = ("impressions", "clicks", "cost", "conversions", "leads")
SPAN = ("date_start", "date_end")
DATES: Mapping[str, tuple[str, ...]] = {"DAILY": ("date",), "MONTHLY": SPAN, "YEARLY": SPAN}
FACETS = {
    "CAMPAIGN_GROUP": ("campaign_groups", "sponsoredCampaignGroup"),
    "CAMPAIGN": ("campaigns", "sponsoredCampaign"),
    "CREATIVE": ("creatives", "sponsoredCreative"),
}
"""The parameter that names what a pivot counts by, and the kind of its URNs."""

Pivots = Literal["CAMPAIGN", "CAMPAIGN_GROUP", "ACCOUNT", "CREATIVE"]
Ids = Field(description="Ids.")


class Analytics(LinkedinRead):
    """Shared by all pivots."""

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
        Field(description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31."),
    ] = Span(preset="last_30d")
    account_id: AccountId
    campaign_groups: Annotated[list[str] | None, Urn("sponsoredCampaignGroup", "list"), Ids] = None
    campaigns: Annotated[list[str] | None, Urn("sponsoredCampaign", "list"), Ids] = None
    creatives: Annotated[list[str] | None, Urn("sponsoredCreative", "list"), Ids] = None
    campaign_type: Literal["SPONSORED_UPDATES", "TEXT_AD", "SPONSORED_INMAILS", "DYNAMIC"] | None = None
    objective_type: Objective | None = None
    fields: Annotated[
        list[str] | None,
        Field(
            exclude=True,
            description="LinkedIn's metrics (videoViews, opens, …), and cost, leads, conversions (website "
            "conversions and leads), conversion_value, cpc, cpm, cost_per_lead, cost_per_conversion, roas, "
            "frequency; in percent ctr, landing_page_ctr, engagement_rate, conversion_rate, "
            "lead_form_completion_rate.",
        ),
    ] = None

    http = FINDER("/adAnalytics")
    lean, spooled, alike = METRICS, True, metrics.ALIKE
    aliases = {
        "account": "account_id", "date_range": "time_range", "metrics": "fields",
        "campaign_group_id": "campaign_groups", "campaign_group_ids": "campaign_groups",
        "campaign_id": "campaigns", "campaign_ids": "campaigns",
        "creative_id": "creatives", "creative_ids": "creatives",
    }  # fmt: skip

    def mistakes(self) -> Iterable[str]:
        asked = resolved(self.fields or (), self.names(), self.alike)
        taught = [f"fields: {name}: {metrics.WRONG[name]}" for name in asked if name in metrics.WRONG]
        absent = sorted(set(metrics.behind(asked)) & set(self.by.without))
        yield from taught or super().mistakes()
        if absent:
            yield f"fields: {', '.join(absent)}: LinkedIn does not count it by {self.pivot}"

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        since, until = call.time_range.days
        if metrics.REACH & set(call.wanted()) and (until - since).days >= REACH_DAYS:
            raise InvalidParams(f"time_range: reach is counted over at most {REACH_DAYS} days")
        return call

    @property
    def by(self) -> Pivot:
        return PIVOTS[self.pivot]

    @property
    def apart(self) -> tuple[str, ...]:
        """The columns that rows are told apart by; they come with every row."""
        return (*self.by.columns, *DATES.get(self.time_granularity, ()))

    def names(self) -> tuple[str, ...]:
        of_others = {name for other in PIVOTS.values() for name in other.columns} | {"date", *SPAN}
        counted = (name for name in metrics.kinds() if name not in of_others)
        return tuple(dict.fromkeys([*self.apart, *metrics.SUMS, *metrics.RATIOS, *counted]))

    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.apart, *super().columns()]))

    def kinds(self) -> Mapping[str, Column]:
        return metrics.kinds()

    def wanted(self) -> list[str]:
        """The vendor's metrics behind the columns."""
        return metrics.behind(self._counted())

    def to_query(self) -> Mapping[str, Any]:
        """The account is always among the facets, and they narrow each other: no other account is read."""
        given = self.sent()
        since, until = self.time_range.days
        account = urn("sponsoredAccount", self.account_id)
        rest = {n: v for n, v in given.items() if n != "timeRange"}
        head = {name: rest.pop(name) for name in ("q", "pivot", "timeGranularity")}
        dates = {"start": _day(since), "end": _day(until)}
        return {**head, "dateRange": dates, "accounts": [account], **rest, "fields": self._asked()[0]}

    def flow(self, context: Context) -> Flow:
        rows: dict[Any, dict[str, Any]] = {}
        whole = False
        for asked in self._asked():
            answer = yield self.to_request().with_query(fields=asked)
            found = answer.get("elements") or []
            whole |= len(found) >= MOST_ROWS
            for row in found:
                rows.setdefault(_key(row), {}).update(row)
        urns = list(dict.fromkeys(urn for row in rows.values() if (urn := _urn(row))))
        silent = self._silent(urns)
        records, lost = yield from self._records([*silent, *urns], context)
        made = [self._row(row, records.get(_urn(row), {}), context.currency) for row in rows.values()]
        warnings = [
            *_doubts(len(made), cut=whole),
            *self._widened(rows.values()),
            *_missed(silent, records, lost),
            *lost,
        ]
        basis = {"basis": metrics.BASIS} if any(map(metrics.is_attributed, self.columns())) else {}
        return Result(made, {**basis, **({"warnings": warnings} if warnings else {})}, columns=self.columns())

    def _counted(self) -> list[str]:
        return [name for name in self.columns() if name not in (*self.apart, *KEYS)]

    def _asked(self) -> list[list[str]]:
        wanted = self.wanted()
        starts = range(0, max(1, len(wanted)), MOST_METRICS)
        return [[*wanted[at : at + MOST_METRICS], *KEYS] for at in starts]

    def _widened(self, rows: Iterable[Mapping[str, Any]]) -> list[str]:
        """Days are kept six months: beyond, LinkedIn counts whole months, more than was asked for."""
        counted = {
            tuple(_iso((row.get("dateRange") or {}).get(end)) for end in ("start", "end")) for row in rows
        }
        since, until = self.time_range.days
        more = sorted(days for days in counted if days[0] and (days[0] < str(since) or days[1] > str(until)))
        if self.time_granularity != "ALL" or not more:
            return []
        return [
            f"LinkedIn counted {'..'.join(more[0])}, not {since}..{until}: older days come in whole months"
        ]

    def _silent(self, urns: list[str]) -> list[str]:
        """The URNs of named objects that have no rows."""
        facet, kind = FACETS.get(self.pivot, ("", ""))
        named = (urn(kind, tail(id_)) for id_ in getattr(self, facet, None) or ())
        return [object_urn for object_urn in dict.fromkeys(named) if object_urn not in urns]

    def _records(
        self, urns: list[str], context: Context
    ) -> Generator[Request | Progress, Any, tuple[dict[str, Any], list[str]]]:
        """The records of pivoted objects by URN, and what to warn of: a report without names is still one."""
        if not self.by.names_at:
            name = context.account.name if context.account else None
            return {urn: {"name": name} for urn in urns}, []
        records: dict[str, Any] = {}
        for at in range(0, min(len(urns), MOST_NAMED), NAMED_AT_ONCE):
            some = {self.by.key(urn): urn for urn in urns[at : at + NAMED_AT_ONCE]}
            yield Progress(at, len(urns), "reading names")
            path = self.by.names_at.format(account_id=self.account_id)
            try:
                answer = yield batch_get(path, list(some), fields=list(self.by.fields))
            except ApiError as error:
                return records, [f"names are missing: {error}"]
            records |= {
                some[key]: record for key, record in (answer.get("results") or {}).items() if key in some
            }
        over = len(urns) > MOST_NAMED
        return records, [f"only the first {MOST_NAMED} names were read"] if over else []

    def _row(self, row: Mapping[str, Any], record: Mapping[str, Any], currency: str) -> dict[str, Any]:
        days = [_iso(row.get("dateRange", {}).get(end)) for end in ("start", "end")]
        dates = dict(zip(DATES.get(self.time_granularity, ()), days, strict=False))
        return {
            **self.by.values(_urn(row), record), **dates, **metrics.cells(row, self._counted(), currency),
        }  # fmt: skip


class AnyAnalytics(Analytics):
    """Read delivery, cost and conversions by account, campaign group, campaign or creative."""

    pivot: Annotated[
        Pivots, Field(examples=["CAMPAIGN_GROUP"], description="ACCOUNT: one row, or one a day.")
    ]


class CampaignAnalytics(Analytics):
    """Read delivery, cost and conversions by campaign. Money is in the account's currency."""

    pivot: Literal["CAMPAIGN"] = "CAMPAIGN"


class CreativeAnalytics(Analytics):
    """Read delivery, cost and conversions by creative. Money is in the account's currency."""

    pivot: Literal["CREATIVE"] = "CREATIVE"


def _doubts(rows: int, *, cut: bool) -> list[str]:
    if cut:
        return [f"LinkedIn cuts reports at {MOST_ROWS} rows: ask for fewer days or campaigns"]
    if not rows:
        return ["no rows: nothing was delivered, or the member may not see this account's reports"]
    return []


def _missed(silent: list[str], records: Mapping[str, Any], lost: list[str]) -> list[str]:
    """What is to be said of named objects without rows: they did not deliver, or are not this account's."""
    there = [object_urn for object_urn in silent if object_urn in records]
    absent = [object_urn for object_urn in silent if object_urn not in records]
    what = "no rows, and it is not known whether they exist" if lost else "not found in this account"
    told = [f"{what}: {_some(absent)}"] if absent else []
    return [*told, f"no rows for {_some(there)}: no delivery then"] if there else told


def _some(urns: list[str]) -> str:
    more = f" and {len(urns) - MOST_MISSED} more" if len(urns) > MOST_MISSED else ""
    return f"{', '.join(map(tail, urns[:MOST_MISSED]))}{more}"


def _urn(row: Mapping[str, Any]) -> str:
    return str((row.get("pivotValues") or [""])[0])


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (*row.get("pivotValues", ()), _iso(row.get("dateRange", {}).get("start")))


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _iso(day: Mapping[str, int] | None) -> str:
    return f"{day['year']:04}-{day['month']:02}-{day['day']:02}" if day else ""


analytics = Entity(
    list=AnyAnalytics,
)
ad_campaign_analytics = Entity(
    noun="campaign-analytics",
    list=CampaignAnalytics,
)
ad_creative_analytics = Entity(
    noun="creative-analytics",
    list=CreativeAnalytics,
)
