"""What all reports share: LinkedIn takes 18 metrics a request, cuts rows and answers in URNs.

So a report is several requests, joined by pivot and dates, then the names of what the URNs stand for.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from mcp_ads.connectors.linkedin_ads import named
from mcp_ads.connectors.linkedin_ads.dialect import FINDER
from mcp_ads.connectors.linkedin_ads.types import AccountId, Objective
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail, urn
from mcp_ads.core import Column, Context, Flow, Progress, Request, Result, Span
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.page_records import records_in
from mcp_ads.core.record_fields import resolved
from mcp_ads.errors import ApiError, InvalidParams, PlatformDown, RateLimited, Rejected

from . import doubts, metrics
from .joined import KEYS, Joined, Row
from .parts import BY_CAMPAIGN, MOST_CAMPAIGNS, Part, day_parts
from .pivots import COLUMNS, IN_CAMEL_CASE, MEMBER, PIVOTS, Pivot, uncounted
from .types import SORTED, Granularity, Metrics, Order, Posts, Range

MOST_METRICS, MOST_ROWS, MOST_PARTS = 18, 15_000, 100
REACH_DAYS = 92
METRICS = ("impressions", "clicks", "cost", "conversions", "leads")
SPAN = ("date_start", "date_end")
DATES: Mapping[str, tuple[str, ...]] = {"DAILY": ("date",), "MONTHLY": SPAN, "YEARLY": SPAN}
FACETS = {
    "CAMPAIGN_GROUP": ("campaign_groups", "sponsoredCampaignGroup"),
    "CAMPAIGN": ("campaigns", "sponsoredCampaign"),
    "CREATIVE": ("creatives", "sponsoredCreative"),
}
"""The parameter that names what a pivot counts by, and the kind of its URNs."""
RANGED = ("timeRange", "timeGranularity")
Ids = Field(description="Ids.")
_METRIC = re.compile(r"[a-z]+(?:[A-Z][a-z0-9]*)+")
_NEAR = 0.9


class Analytics(metrics.MetricsRead):
    """Shared by all pivots. Days are UTC."""

    said = (
        "insights, reports, ctr, cpc, cpm, cost per lead, cost per conversion, engagement rate, reach, "
        "frequency, video views, lead form completion rate, roas, budget pacing, waste"
    )

    q: Literal["analytics"] = "analytics"
    pivot: Any
    time_granularity: Granularity = "ALL"
    time_range: Range = Span(preset="last_30d")
    account_id: AccountId
    campaign_groups: Annotated[list[str] | None, Urn("sponsoredCampaignGroup", "list"), Ids] = None
    campaigns: Annotated[list[str] | None, Urn("sponsoredCampaign", "list"), Ids] = None
    creatives: Annotated[list[str] | None, Urn("sponsoredCreative", "list"), Ids] = None
    shares: Posts = None
    companies: Annotated[list[str] | None, Urn("organization", "list"), Ids] = None
    campaign_type: Literal["SPONSORED_UPDATES", "TEXT_AD", "SPONSORED_INMAILS", "DYNAMIC"] | None = None
    objective_type: Objective | None = None
    sort_by: Order = None
    fields: Metrics = None

    http = FINDER("/adAnalytics")
    lean, spooled, alike, periods = METRICS, True, metrics.ALIKE, metrics.PERIODS
    aliases = {
        "account": "account_id", "date_range": "time_range", "metrics": "fields", "pivots": "pivot",
        "campaign_group_id": "campaign_groups", "campaign_group_ids": "campaign_groups",
        "campaign_id": "campaigns", "campaign_ids": "campaigns",
        "creative_id": "creatives", "creative_ids": "creatives",
    }  # fmt: skip

    def mistakes(self) -> Iterable[str]:
        asked = resolved(self.fields or (), self.names(), self.alike)
        taught = [f"fields: {name}: {metrics.WRONG[name]}" for name in asked if name in metrics.WRONG]
        without = {name for pivot in self.by for name in pivot.without}
        absent = sorted(set(metrics.behind(asked)) & without)
        new = self._new()
        strange = [name for name in asked if name not in {*new, *KEYS}]
        yield from taught or metrics.unknown(strange, self.names(), self.apart, self.pivots)
        if absent:
            yield f"fields: {', '.join(absent)}: {uncounted(absent, self.pivots)}"

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        (since, until), first = call.time_range.days, call.earliest(context.today)
        if metrics.REACH & set(call.wanted()) and (until - since).days >= REACH_DAYS:
            raise InvalidParams(f"time_range: reach is counted over at most {REACH_DAYS} days")
        if until < first:
            raise InvalidParams(f"time_range: LinkedIn keeps nothing of it any more; it begins at {first}")
        return call

    def earliest(self, today: date) -> date:
        return doubts.earliest(today, members=self.of_members)

    @property
    def pivots(self) -> tuple[str, ...]:
        return tuple(self.pivot) if isinstance(self.pivot, list) else (self.pivot,)

    @property
    def by(self) -> tuple[Pivot, ...]:
        return tuple(PIVOTS[name] for name in self.pivots)

    @property
    def of_members(self) -> bool:
        """Whether it counts who saw the ads, which is approximate."""
        return self.pivots[0].startswith(MEMBER)

    @property
    def apart(self) -> tuple[str, ...]:
        """The columns that rows are told apart by; they come with every row."""
        own = (column for pivot in self.by for column in pivot.columns)
        return tuple(dict.fromkeys([*own, *DATES.get(self.time_granularity, ())]))

    def names(self) -> tuple[str, ...]:
        counted = (name for name in metrics.kinds() if name not in {*COLUMNS, "date", *SPAN})
        return tuple(dict.fromkeys([*self.apart, *metrics.SUMS, *metrics.RATIOS, *counted]))

    def columns(self) -> tuple[str, ...]:
        asked = (name for name in super().columns() if name not in KEYS)
        return tuple(dict.fromkeys([*self.apart, *asked]))

    def kinds(self) -> Mapping[str, Column]:
        return metrics.kinds_of_members() if self.of_members else metrics.kinds()

    def wanted(self) -> list[str]:
        """The vendor's metrics behind the columns, and the one it sorts by."""
        by = [SORTED[self.sort_by["field"]]] if self.sort_by else []
        return list(dict.fromkeys([*metrics.behind(self._counted()), *by]))

    def to_query(self) -> Mapping[str, Any]:
        """The account is always among the facets, and they narrow each other: no other account is read."""
        since, until = self.time_range.days
        return self._query(Part(since, until), self._asked()[0])

    def flow(self, context: Context) -> Flow:
        counted, whole = yield from self._counted_rows()
        rows = counted.records
        since, until = self.time_range.days
        warnings = [*doubts.of_the_call(self.pivots, self.time_granularity, since, context.today)]
        if not rows:
            unseen = [name for name in doubts.UNSEEN if getattr(self, name)]
            warnings.append(doubts.nothing((yield from self._access()), unseen, members=self.of_members))
        cut = "" if whole else f"LinkedIn tells at most {MOST_ROWS} rows: ask for fewer days or campaigns"
        seen = {value: None for row in self._largest_first(rows) for value in row.get("pivotValues") or ()}
        silent, others = self._unseen(seen)
        plain = isinstance(self, AsSent)
        found = yield from named.read([*silent, *([] if plain else seen)], context, self.account_id)
        narrowing = yield from named.read(others, context, self.account_id)
        if context.account:
            found.records[urn("sponsoredAccount", self.account_id)] = {"name": context.account.name}
        columns, pivots, currency = self._counted(), self.by, context.currency
        made = [self._apart(row, found, pivots) | metrics.cells(row, columns, currency) for row in rows]
        warnings += doubts.widened(rows, since, until)
        warnings += doubts.missed(silent, found.records, unknown=bool(found.warnings))
        absent = [object_urn for object_urn in others if object_urn not in narrowing.records]
        warnings += doubts.missed(absent, {}, unknown=bool(narrowing.warnings))
        warnings += [*found.warnings, *(f"{name}: no metric known here, passed on" for name in self._new())]
        told = {"warnings": warnings, "coverage": cut}
        meta = self._basis(context) | {name: said for name, said in told.items() if said}
        return counted.told_in(Result(rows if plain else made, meta, columns=self.columns()))

    def _counted_rows(self) -> Generator[Request | Progress, Any, tuple[Joined, bool]]:
        """The rows as LinkedIn has them, each with all its metrics, and whether these are all there are."""
        found = Joined()
        parts, whole = [Part(*self.time_range.days)], True
        for asked in self._asked():
            waiting, parts, rows = parts[::-1], [], list[Row]()
            while waiting:
                part = waiting.pop()
                try:
                    elements = yield from self._ask(self._query(part, asked))
                except (PlatformDown, RateLimited) as error:
                    error.fix = "; ".join(filter(None, [error.fix, doubts.LONG if parts or waiting else ""]))
                    raise
                is_cut = len(elements) >= MOST_ROWS
                divisible = is_cut and len(parts) + len(waiting) < MOST_PARTS
                if smaller := (yield from self._smaller(part, asked)) if divisible else []:
                    waiting += smaller[::-1]
                    yield Progress(len(parts), len(parts) + len(waiting), "reading a long report in parts")
                else:
                    whole &= not is_cut
                    parts.append(part)
                    rows += elements
            found.add(rows)
        found.records = self._in_order(found.records)
        return found, whole

    def _ask(self, query: Mapping[str, Any]) -> Generator[Request, Any, list[Row]]:
        try:
            answer = yield replace(self.to_request(), query=query)
        except Rejected as error:
            if doubts.MARKET_AREA in self.pivots:
                error.fix = doubts.NEEDS_VERSION
            raise
        return records_in(answer, "elements")

    def _smaller(self, part: Part, asked: list[str]) -> Generator[Request, Any, list[Part]]:
        """Parts in which less is counted: fewer days, or fewer of the campaigns that have any rows."""
        if halves := part.halves(self.time_granularity):
            return halves
        if part.campaigns or not BY_CAMPAIGN & set(self.pivots):
            return []
        alike = self._query(part, asked) | {"timeGranularity": "ALL"}
        alike.pop("pivots", None)
        rows = yield from self._ask({**alike, "q": "analytics", "pivot": "CAMPAIGN"})
        campaigns = [str(row["pivotValues"][0]) for row in rows if len(rows) < MOST_ROWS]
        return list(part.of(campaigns, min(MOST_CAMPAIGNS, -(-len(campaigns) // 2) or 1)))

    def _query(self, part: Part, asked: list[str]) -> dict[str, Any]:
        several = len(self.pivots) > 1
        by = {"q": "statistics", "pivots": [*self.pivots]} if several else {"pivot": self.pivots[0]}
        given = self.sent()
        facets = {"accounts": [urn("sponsoredAccount", self.account_id)]} | {
            name: value for name, value in given.items() if name not in ("q", "pivot", *RANGED)
        }
        return {
            "q": "analytics", **by, "timeGranularity": self.time_granularity,
            "dateRange": {"start": day_parts(part.since), "end": day_parts(part.until)},
            **facets, **({"campaigns": [*part.campaigns]} if part.campaigns else {}), "fields": asked,
        }  # fmt: skip

    def _access(self) -> Generator[Request, Any, ApiError | None]:
        """Why the account cannot be read: LinkedIn answers reports one may not see with nothing."""
        try:
            yield Request("GET", f"/adAccounts/{self.account_id}", {"fields": ["id"]})
        except ApiError as error:
            return error
        return None

    def _counted(self) -> list[str]:
        return [name for name in self.columns() if name not in self.apart]

    def _asked(self) -> list[list[str]]:
        wanted = self.wanted()
        starts = range(0, max(1, len(wanted)), MOST_METRICS)
        return [[*wanted[at : at + MOST_METRICS], *KEYS] for at in starts]

    def _new(self) -> list[str]:
        """Columns that look like metrics LinkedIn may have by now, and are no slip of one it had before."""
        known = self.names()
        asked = resolved(self.fields or (), known, self.alike)
        others = {*known, *KEYS, *COLUMNS, *metrics.WRONG}
        new = (name for name in asked if name not in others and name.lower() not in IN_CAMEL_CASE)
        return [
            name
            for name in new
            if _METRIC.fullmatch(name) and not difflib.get_close_matches(name, known, cutoff=_NEAR)
        ]

    def _unseen(self, seen: Iterable[str]) -> tuple[list[str], list[str]]:
        """The URNs of named objects that have no rows, and of those that rows are not told apart by."""
        silent, others = dict[str, None](), dict[str, None]()
        for pivot, (facet, kind) in FACETS.items():
            urns = (urn(kind, tail(id_)) for id_ in getattr(self, facet) or ())
            place = silent if pivot in self.pivots else others
            place |= dict.fromkeys(object_urn for object_urn in urns if object_urn not in seen)
        return [*silent], [*others]

    def _largest_first(self, rows: list[Row]) -> list[Row]:
        """Where there may be too many names, the rows by their first metric: the smallest go without."""
        first = self.wanted()[: len(rows) > named.MOST]
        return sorted(rows, key=lambda row: -sum(metrics.number(row.get(name)) or 0 for name in first))

    def _in_order(self, rows: list[Row]) -> list[Row]:
        """Most first of who the people are; others in the vendor's order, which parts have one by one."""
        people = self.time_granularity == "ALL" and self.pivots[0].startswith("MEMBER")
        metric = SORTED[self.sort_by["field"]] if self.sort_by else [*self.wanted()[:people], ""][0]
        down = not self.sort_by or self.sort_by["order"] == "DESCENDING"
        return sorted(rows, key=lambda row: metrics.number(row.get(metric)) or 0, reverse=down)

    def _basis(self, context: Context) -> dict[str, Any]:
        if not any(map(metrics.is_attributed, self.columns())):
            return {}
        moving = self.time_range.days[1] >= context.today - doubts.STILL_MOVING
        return {"basis": f"{metrics.BASIS}{metrics.MOVING if moving else ''}"}

    def _apart(self, row: Row, found: named.Named, pivots: Iterable[Pivot]) -> Row:
        """What a row is about, with its names, and its days."""
        days = [doubts.iso((row.get("dateRange") or {}).get(end)) for end in ("start", "end")]
        dates = dict(zip(DATES.get(self.time_granularity, ()), days, strict=False))
        values = zip(pivots, row.get("pivotValues") or [""], strict=False)
        own = [pivot.values(value, found.records.get(value, {})) for pivot, value in values]
        told = {name: value for columns in own[::-1] for name, value in columns.items() if value is not None}
        return dict.fromkeys(self.apart) | told | dates
