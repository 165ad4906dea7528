"""Insights in whichever way they are asked for: what is sent, and how rows are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, get_args

from mcp_ads.connectors.facebook_marketing import filters, names
from mcp_ads.connectors.facebook_marketing.delivery.base import EVERY_STATUS, under
from mcp_ads.core import Account, Column, Result
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.same_rows import NamedRows, Once

from . import action_columns, breakdown_rules, metrics, own_rows, remarks, row_names
from .params import InsightParams

NUMBERS = ("spend", "impressions", "clicks", "purchases", "purchase_value", "leads", *metrics.RESULTS)
NAMED = {
    "account": ("account_name",),
    "campaign": ("campaign_id", "campaign_name"),
    "adset": ("adset_id", "adset_name"),
    "ad": ("ad_id", "ad_name"),
}
OWN = ("name", "id")
SAID = (
    "roas, return on ad spend, purchases, revenue, purchase value, leads, cpa, cpl, cost per purchase, "
    "cost per lead, ctr, cpc, cpm, reach, frequency, creative fatigue, budget pacing, placement, waste, "
    "wasted money"
)


class Insights(InsightParams, NamedRows):
    """Insights with their columns."""

    @classmethod
    def askable(cls, name: str) -> bool:
        return name in names.fields_of("AdsInsights")

    def mistakes(self) -> Iterable[str]:
        known = {*columns_known(), *(self.breakdowns or ())}
        asked = [column for column in self._named() if not metrics.windowed(column)[1]]
        yield from names.mistakes(asked, known)
        yield from filters.of_insights(self.filtering or ())
        made_of = {column: metrics.sources([column]) for column in self._measured()}
        yield from breakdown_rules.unavailable(self.breakdowns or (), self.level, made_of)

    def kinds(self) -> Mapping[str, Column]:
        kinds = {column: kind for column in self.shaped() if (kind := metrics.kind_of(column))}
        return {**metrics.KINDS, **kinds, **action_columns.kinds(self._typed())}

    def _named(self) -> list[str]:
        """The columns of `fields` by their own names; `name` and `id` are those of what a row is."""
        known = {*columns_known(), *(self.breakdowns or ())}
        return [names.resolved(field, known, self.words()) for field in self.fields or ()]

    def _asked(self) -> list[str]:
        """The columns asked for, after what tells whose numbers a row has."""
        named, whose = self._named(), NAMED[self.level]
        untold = named and self.level != "account" and not {*whose} & {*named}
        return [*(whose if untold else ()), *named]

    def row_names(self) -> tuple[str, ...]:
        spans = [*map(str, self.time_ranges or ())]
        is_twice = len({*spans}) < len(spans)
        return () if is_twice else row_names.of(self.level, self.breakdowns or ())

    def words(self) -> Mapping[str, str]:
        return {**metrics.ALIKE, **{name: f"{self.level}_{name}" for name in OWN}}

    def columns(self) -> tuple[str, ...]:
        """None where only the rows can tell: then all of them are read."""
        return () if self._of_all_types() else self.shaped()

    def shaped(self) -> tuple[str, ...]:
        """The columns that are known before there is a row."""
        increments = self.time_increment not in (None, "all_days") or self.time_ranges
        days = ("date_start", "date_stop") if increments else ()
        apart = [] if self.fields else NAMED[self.level]
        measured = metrics.in_windows(self._measured(), self.action_attribution_windows or ())
        types = [] if self._of_all_types() else [column for column, *_ in self._typed()]
        return tuple(dict.fromkeys([*days, *apart, *measured, *types, *(self.breakdowns or ())]))

    def _measured(self) -> list[str]:
        """The columns of numbers, or what else was named, without those by type of action."""
        lists = self._lists() if self._types() else ()
        split = {"date_start", "date_stop", *(self.breakdowns or ())}
        columns = [*(self._asked() or self._usual()), *metrics.columns_in(self.action_types or ())]
        return [name for name in dict.fromkeys(columns) if name not in {*split, *lists}]

    def _usual(self) -> list[str]:
        """The columns of numbers when none are named: those there are by these breakdowns."""
        by = self.breakdowns or ()
        made_of = {name: metrics.sources([name]) for name in NUMBERS}
        there = [
            name for name in NUMBERS if not [*breakdown_rules.unavailable(by, "ad", {name: made_of[name]})]
        ]
        return there or [breakdown_rules.ONLY[name][0] for name in by if name in breakdown_rules.ONLY][:1]

    def _split(self) -> list[str]:
        """What actions are split by beside their type."""
        return [name for name in self.action_breakdowns or () if name != breakdown_rules.TYPE]

    def _types(self) -> list[str]:
        """The types of action that are columns; of actions that are split, all unless columns are named."""
        types = [name for name in self.action_types or () if not metrics.columns_in([name])]
        return types or ([*action_columns.ALL[0]] if self._split() and not self.fields else [])

    def _of_all_types(self) -> bool:
        return bool(self._types()) and (self._types() in action_columns.ALL or bool(self._split()))

    def _lists(self) -> list[str]:
        """The lists of actions that columns by type are made of."""
        return [name for name in self._asked() if name in action_columns.SPELLED] or ["actions"]

    def _typed(self) -> list[tuple[str, str, str, str]]:
        return action_columns.columns(self._types(), self._lists(), self.action_attribution_windows or ())

    def wire(self) -> dict[str, Any]:
        """What is sent: the same at once and as a report."""
        lists = self._lists() if self._types() else []
        sent = {**self.sent(), "fields": ",".join(dict.fromkeys([*metrics.sources(self._fields()), *lists]))}
        if self.time_ranges:
            sent["time_ranges"] = self.time_ranges
        if self._split() and not {*self._split()} & {*breakdown_rules.CARDS}:
            sent["action_breakdowns"] = [
                *dict.fromkeys([breakdown_rules.TYPE, *(self.action_breakdowns or ())])
            ]
        narrowed = under(sent, campaign=self.campaign_id, adset=self.adset_id, ad=self.ad_id)
        found = self._whatever_status(narrowed)
        return {**narrowed, "filtering": found} if found else {**narrowed}

    def _fields(self) -> list[str]:
        return [*(() if self.fields else NAMED[self.level]), *self._measured()]

    def _whatever_status(self, query: Mapping[str, Any]) -> list[Any]:
        """The filters with every status in them: else Facebook leaves out what is archived or deleted now.

        Its spend counts in the levels above, which would be more than the sum of their parts.
        """
        given = list(query.get("filtering", []))
        field = f"{self.level}.effective_status"
        if self.level == "account" or any(condition["field"] == field for condition in given):
            return given
        node = filters.LEVELS[self.level]
        return [*given, {"field": field, "operator": "IN", "value": list(get_args(EVERY_STATUS[node]))}]

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        own_rows.check(record, self.account_id, account)
        typed = {column for column, *_ in self._typed()}
        columns = [column for column in self.shaped() if column not in typed]
        row = metrics.row(record, columns, self.breakdowns or ())
        if not self._types() or self._of_all_types():
            return row
        windows = self.action_attribution_windows or ()
        unsaid = self._leaves_unsaid()
        return row | action_columns.of_types(record, self._types(), self._lists(), windows, unsaid=unsaid)

    def _leaves_unsaid(self) -> bool:
        return bool(metrics.UNSAID & {*(self.breakdowns or ())})

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        every = isinstance(self, AsSent) or self._types() in action_columns.ALL
        hidden = "" if every else action_columns.left_out(records, self.shaped())
        absent = [] if self._of_all_types() else action_columns.absent(records, self._types())
        blank = remarks.blank(
            [name for name in self._named() if name not in (self.breakdowns or ())], records
        )
        told = [*remarks.of(self, self._measured(), records), *absent, *blank]
        return {"hidden": hidden, "warnings": told}

    def result(self, found: Once, account: Account | None) -> Result:
        """All rows, with what is to be known of them."""
        return found.told_in(self._shown(found.records, account))

    def _shown(self, records: Sequence[dict[str, Any]], account: Account | None) -> Result:
        if isinstance(self, AsSent):
            return Result([*records], dict(self.told(records)))
        rows, columns = [self.to_row(record, account) for record in records], self.shaped()
        if self._of_all_types():
            flats = [action_columns.cells(record, self._lists(), self._split()) for record in records]
            cells, more = action_columns.filled(flats, unsaid=self._leaves_unsaid())
            rows, columns = [row | cell for row, cell in zip(rows, cells, strict=True)], (*columns, *more)
        return Result(rows, dict(self.told(records)), columns=columns)


@cache
def columns_known() -> frozenset[str]:
    """Every column there is."""
    return names.fields_of("AdsInsights") | metrics.KINDS.keys() | {"result_type"}
