"""The reports Amazon builds: what each is grouped by, its columns and filters, and how far back it goes."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from mcp_ads.core.synonyms import cut

from .metrics import everyday

MEANT = {
    "keyword": "Targeting",
    "quer": "SearchTerm",
    "asin": "AdvertisedProduct",
    "productad": "AdvertisedProduct",
}
"""Words people have for what a report is about, and what Amazon calls it after the letters of the product."""
PRODUCTS = ("sp", "sb", "sd", "st")
DAILY_ONLY, SUMMARY_ONLY = ("date",), ("startDate", "endDate")


@dataclass(frozen=True)
class ReportType:
    """One type. `group_by[0]` is the usual grouping; `default` are the columns of an ordinary question."""

    name: str
    ad_product: str
    group_by: tuple[str, ...]
    time_units: tuple[str, ...]
    max_days: int
    days_back: int
    filters: Mapping[str, Mapping[str, list[str]]]
    default: tuple[str, ...]
    columns: tuple[str, ...]
    group_columns: Mapping[str, tuple[str, ...]]

    def known(self, groups: Iterable[str]) -> dict[str, str]:
        """The columns there are under these groupings, and which of those each needs ("" for none)."""
        needs: dict[str, list[str]] = {}
        for group in groups:
            for column in self.group_columns.get(group, ()):
                needs.setdefault(column, []).append(group)
        return {column: " or ".join(needed) for column, needed in needs.items()} | dict.fromkeys(
            self.columns, ""
        )

    def usual(self, groups: Iterable[str], time_unit: str) -> list[str]:
        """The columns when none are named."""
        known = self.known(groups)
        days = [column for column in DAILY_ONLY if time_unit == "DAILY" and column in known]
        return [*days, *(column for column in self.default if column in known)]

    def mistakes(
        self,
        groups: Sequence[str],
        columns: Iterable[str],
        time_unit: str,
        filters: Iterable[Mapping[str, Any]],
    ) -> Iterable[str]:
        """What Amazon would refuse in an order."""
        if time_unit not in self.time_units:
            yield f"time_unit: {self.name} has {', '.join(self.time_units)} only"
        if wrong := [group for group in groups if group not in self.group_by]:
            has = ", ".join(self.group_by)
            yield f"report_group_by: {_no_such(wrong[0], self.group_by)}; {self.name} has {has}"
            return
        for column in columns:
            yield from self._column_mistakes(column, groups, time_unit)
        for filter_ in filters:
            yield from self._filter_mistakes(filter_, groups)

    def late(self, since: date, until: date, today: date) -> Iterable[str]:
        """Why these days cannot be asked for."""
        days = (until - since).days + 1
        if until > today:
            yield f"time_range: {until} is after today, {today}"
        if days > self.max_days:
            asked = f"{days} days from {since} on"
            yield f"time_range: {asked}; {self.name} takes at most {self.max_days} in one report"
        if (today - since).days > self.days_back:
            first = today - timedelta(days=self.days_back)
            yield f"time_range: {since} is too far back; {self.name} has data from {first} on"

    def _column_mistakes(self, column: str, groups: Sequence[str], time_unit: str) -> Iterable[str]:
        known = self.known(groups)
        if column not in known and column not in everyday(known):
            elsewhere = self.known(self.group_by).get(column)
            need = f"; it needs report_group_by {elsewhere}" if elsewhere else ""
            said = _no_such(column, [*everyday(known), *known])
            there = "" if need or "did you mean" in said else f"; reports.types of {self.name} lists them"
            yield f"fields: {said}{need}{there}"
        if column in (SUMMARY_ONLY if time_unit == "DAILY" else DAILY_ONLY):
            yield f"fields: {column} is not possible with time_unit {time_unit}"

    def _filter_mistakes(self, given: Mapping[str, Any], groups: Sequence[str]) -> Iterable[str]:
        if not _is_filter(given):
            yield 'filters: write [{"field": "campaignStatus", "values": ["ENABLED"]}]'
            return
        name, values = given["field"], given["values"]
        for group in groups:
            allowed = self.filters.get(group, {})
            if name not in allowed:
                has = f"it has {', '.join(allowed)}" if allowed else "it has none"
                yield f"filters: {name} is no filter of report_group_by {group}; {has}"
            elif wrong := [str(value) for value in values if value not in allowed[name]]:
                yield f"filters: {name} {_no_such(wrong[0], allowed[name])}; it is {', '.join(allowed[name])}"


@cache
def catalogue() -> Mapping[str, ReportType]:
    """Every report type by its id."""
    text = files(__package__ or "").joinpath("columns.json").read_text("utf-8")
    return {name: _read(name, row) for name, row in json.loads(text).items()}


def unknown_type(name: str) -> str:
    """What to say of a report type there is none of."""
    known, lower = catalogue(), name.lower()
    product = lower[:2] if lower.startswith(PRODUCTS) else PRODUCTS[0]
    meant = [f"{product}{about}" for word, about in MEANT.items() if word in lower.replace("_", "")]
    if meant and meant[0] in known:
        return f"report_type: {cut(name)!r} is not known; did you mean {meant[0]}?"
    said = _no_such(name, known)
    return f"report_type: {said}" + ("" if "did you mean" in said else f"; there are {', '.join(known)}")


def _is_filter(given: Mapping[str, Any]) -> bool:
    """A name and a list of texts with at least one: without any, a filter may be read as none."""
    values = given.get("values")
    texts = isinstance(values, list) and bool(values) and all(isinstance(value, str) for value in values)
    return given.keys() == {"field", "values"} and isinstance(given["field"], str) and texts


def _read(name: str, row: Mapping[str, Any]) -> ReportType:
    words = {name: tuple(row[name].split()) for name in ("default", "columns")}
    groups = {group: tuple(columns.split()) for group, columns in row["group_columns"].items()}
    lists = {name: tuple(row[name]) for name in ("group_by", "time_units")}
    return ReportType(name, **{**row, **words, **lists, "group_columns": groups})


def _no_such(name: str, known: Iterable[str]) -> str:
    all_known = list(known)
    near = [candidate for candidate in all_known if name.lower() in candidate.lower()]
    close = near[:3] or difflib.get_close_matches(name, all_known, n=3, cutoff=0.6)
    return f"{cut(name)!r} is not known" + (f"; did you mean {' or '.join(close)}?" if close else "")
