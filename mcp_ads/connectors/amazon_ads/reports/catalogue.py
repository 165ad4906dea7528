"""The reports Amazon builds: what each is grouped by, its columns and filters, and how far back it goes."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from mcp_ads.core.synonyms import cut

from .metrics import alike, everyday, tells_apart

MEANT = {
    "keyword": "Targeting",
    "quer": "SearchTerm",
    "asin": "AdvertisedProduct",
    "productad": "AdvertisedProduct",
}
"""Words people have for what a report is about, and what Amazon calls it after the letters of the product."""
PRODUCTS = ("sp", "sb", "sd", "st")
SP_CAMPAIGNS, SHARE = "spCampaigns", "topOfSearchImpressionShare"
TOGETHER = ({"campaign", "adGroup"}, {"campaign", "campaignPlacement"})
"""What spCampaigns is grouped by where that is more than one."""
SHORT, SHORT_ALIKE, ALIKE = 6, 0.7, 0.8
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,79}")
_DIGITS = re.compile(r"(?<!\d)\d+d$")
MORE_APART = {
    "spPurchasedProduct": ("advertisedSku",),
    "spPromptAdExtension": ("creativeExtensionId",),
    "sbPromptAdExtension": ("creativeExtensionId",),
    "sbPurchasedProduct": ("attributionType",),
    "sdPurchasedProduct": ("promotedSku",),
    "stTargeting": ("keywordId",),
}
"""What tells rows of a type apart beside the columns of an ordinary question."""
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

    def identity(self, groups: Iterable[str]) -> list[str]:
        """The columns that tell the rows of these groupings apart."""
        return tells_apart([*self.usual(groups, "SUMMARY"), *MORE_APART.get(self.name, ())])

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
        if self.name == SP_CAMPAIGNS and len(groups) > 1 and set(groups) not in TOGETHER:
            yield "report_group_by: campaign goes with adGroup or campaignPlacement, nothing else together"
        for column in columns:
            yield from self._column_mistakes(column, groups, time_unit)
        for filter_ in filters:
            yield from self._filter_mistakes(filter_, groups)

    def first(self, today: date) -> date:
        """The first day there are numbers of."""
        return today - timedelta(days=self.days_back)

    def unsure(self, columns: Iterable[str]) -> list[str]:
        """Columns that none of Amazon's pages has and that look like none they have: its lists are longer."""
        there = _answers_to(self.known(self.group_by))
        return [column for column in columns if column not in there and not _likely(column, there)]

    def _column_mistakes(self, column: str, groups: Sequence[str], time_unit: str) -> Iterable[str]:
        known = self.known(groups)
        if elsewhere := "" if column in known else self.known(self.group_by).get(column):
            yield f"fields: {column} needs report_group_by {elsewhere}"
        elif meant := _likely(column, _answers_to(known)):
            yield f"fields: {cut(column)!r} is not known; did you mean {' or '.join(meant)}?"
        elif not _NAME.fullmatch(column):
            yield f"fields: {cut(column)!r} is no name of a column; reports.types of {self.name} lists them"
        if column == SHARE and self.name == SP_CAMPAIGNS and list(groups) != ["campaign"]:
            yield f"fields: {column} is possible with report_group_by campaign alone"
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


def _answers_to(known: Mapping[str, str]) -> list[str]:
    """The columns there are under all names that are understood."""
    there = [*everyday(known), *known]
    return [*there, *(name for name, column in alike(known).items() if column in there and name not in there)]


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


def _likely(name: str, known: Sequence[str]) -> list[str]:
    """Columns of which one is what was meant: the same but for case, its attribution window or a slip."""
    if name in known:
        return []
    lower = name.replace("_", "").lower()
    same = [column for column in known if lower in (column.lower(), _DIGITS.sub("", column).lower())]
    alike = ALIKE if len(name) > SHORT else SHORT_ALIKE
    return same[:4] or difflib.get_close_matches(name, known, n=3, cutoff=alike)


def _no_such(name: str, known: Iterable[str]) -> str:
    all_known = list(known)
    near = [candidate for candidate in all_known if name.lower() in candidate.lower()]
    close = near[:3] or difflib.get_close_matches(name, all_known, n=3, cutoff=0.6)
    return f"{cut(name)!r} is not known" + (f"; did you mean {' or '.join(close)}?" if close else "")
