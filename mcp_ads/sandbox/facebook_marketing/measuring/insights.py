"""Insights: adding up what ads did, by level, period and breakdown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.days import ZERO, add, day, delivery, span
from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.filters import Condition, conditions, passes
from mcp_ads.sandbox.facebook_marketing.params import Body, as_names, checked
from mcp_ads.sandbox.facebook_marketing.state import GONE, State, today

from . import segments
from .columns import COLUMNS, Number, Row, columns_of, number_of
from .ranges import Range, buckets, oldest

LEVELS = ("account", "campaign", "adset", "ad")
MONTHS_UNIQUE = 13
COUNTED_ONCE = ("reach", "frequency", "cpp")
"""What is not told of longer ago than so many months by breakdowns; what is unique is not told at all."""
COMMA_LISTS = ("fields", "breakdowns", "action_breakdowns", "action_attribution_windows", "sort", "summary")
ENTITY = {
    "account.id": ("account", "id"),
    **{f"{level}.{key}": (level, key) for level in LEVELS[1:] for key in ("id", "name", "effective_status")},
    "campaign.objective": ("campaign", "objective"),
    "objective": ("campaign", "objective"),
    "adset.optimization_goal": ("adset", "optimization_goal"),
    **{f"{level}_id": (level, "id") for level in LEVELS[1:]},
    **{f"{level}_name": (level, "name") for level in LEVELS[1:]},
}


@dataclass
class Query:
    """A checked insights request."""

    level: str
    fields: list[str]
    periods: list[Range]
    breakdowns: list[str]
    actions: list[str]
    windows: list[str]
    about: list[Condition]
    having: list[tuple[Condition, Number]]
    sort: tuple[Number, bool] | None
    summary: list[str]


@dataclass
class Scope:
    """The ads a query is about, with their parents at hand."""

    account: Body
    ads: list[Body]
    above: dict[str, dict[str, Body]]

    def entity(self, level: str, ad: Body) -> Body:
        if level in self.above:
            return self.above[level][ad[f"{level}_id"]]
        return ad if level == "ad" else self.account


def query_of(call: Call) -> Query:
    """Read and check the parameters of an insights call."""
    lists = {name: as_names(name, call.params[name]) for name in COMMA_LISTS if call.params.get(name)}
    values = checked("GET account/insights", {**call.params, **lists})
    level = values.get("level") or call.kind
    if level not in LEVELS[LEVELS.index(call.kind) :]:
        raise invalid(f"Param level: {level} is above the {call.kind} asked for")
    breakdowns = values.get("breakdowns") or []
    actions = values.get("action_breakdowns") or []
    segments.check(breakdowns, actions)
    found = conditions(values.get("filtering") or [])
    about = [condition for condition in found if condition.field in ENTITY]
    having = [(test, number_of(test.field.removeprefix("ad."))) for test in found if test.field not in ENTITY]
    return Query(
        level=level,
        fields=columns_of(values.get("fields") or "impressions,spend"),
        periods=buckets(values, today(call.state.account_of(call.node))),
        breakdowns=breakdowns,
        actions=actions,
        windows=values.get("action_attribution_windows") or [],
        about=about,
        having=having,
        sort=_sort(values.get("sort") or []),
        summary=_summary(values),
    )


def _sort(keys: list[str]) -> tuple[Number, bool] | None:
    """What to sort by, and whether the largest come first."""
    if not keys:
        return None
    if len(keys) > 1:
        raise invalid("Param sort must have one element")
    name, _, way = keys[0].rpartition("_")
    if way not in ("ascending", "descending"):
        raise invalid(f"Param sort: {keys[0]} must end in _ascending or _descending")
    return number_of(name), way == "descending"


def _summary(values: Body) -> list[str]:
    if str(values.get("default_summary")) == "True":
        return ["impressions", "spend"]
    wanted = values.get("summary") or []
    return columns_of(wanted) if wanted else []


def scope_of(state: State, kind: str, node: Body, about: list[Condition], level: str) -> Scope:
    """The ads below a node that pass the filters.

    Rows of what is archived or deleted are left out of lists one level or more below the node, unless a
    filter names statuses of that level. Their numbers count in the levels above all the same.
    """
    account = state.account_of(node)
    key = {"account": "account_id", "campaign": "campaign_id", "adset": "adset_id", "ad": "id"}[kind]
    owner = node["account_id" if kind == "account" else "id"]
    ads = [ad for ad in state.owned("ad", key, owner) if "_plan" in ad]
    mine = account["account_id"]
    above = {
        parent: {row["id"]: row for row in state.owned(parent, "account_id", mine)}
        for parent in ("campaign", "adset")
    }
    scope = Scope(account, ads, above)
    if level != kind and not any(condition.field == f"{level}.effective_status" for condition in about):
        scope.ads = [
            ad for ad in scope.ads if state.effective_status(level, scope.entity(level, ad)) not in GONE
        ]
    for condition in about:
        scope.ads = [ad for ad in scope.ads if _is(state, scope, ad, condition)]
    return scope


def _is(state: State, scope: Scope, ad: Body, condition: Condition) -> bool:
    level, key = ENTITY[condition.field]
    entity = scope.entity(level, ad)
    value = state.effective_status(level, entity) if key == "effective_status" else entity[key]
    return passes(condition, value)


def rows_of(query: Query, scope: Scope) -> list[Row]:
    """All rows, summed, filtered and sorted; some breakdowns give most accounts none."""
    if segments.OPT_IN & set(query.breakdowns):
        return []
    rows: dict[tuple[str, ...], Row] = {}
    now = today(scope.account).toordinal()
    for ad in scope.ads:
        for since, until in query.periods:
            _collect(query, scope, ad, rows, (since, until), now)
    found = [row for row in rows.values() if row.sums.impressions]
    for condition, read in query.having:
        found = [row for row in found if passes(condition, read(row))]
    if query.sort:
        read, descending = query.sort
        found.sort(key=read, reverse=descending)
    return found


def _collect(
    query: Query, scope: Scope, ad: Body, rows: dict[tuple[str, ...], Row], period: Range, now: int
) -> None:
    plan = delivery(ad)
    assert plan
    since, until = period
    entity = scope.entity(query.level, ad)
    currency = scope.account["currency"]
    for ordinal in span(plan, since.toordinal(), min(until.toordinal(), now)):
        whole = day(ad["id"], plan, ordinal, now)
        parts = (
            segments.split(ad["id"], currency, query.breakdowns, ordinal, whole)
            if query.breakdowns
            else [((), whole)]
        )
        for part, sums in parts:
            key = (entity["id"], since.isoformat(), *part)
            row = rows.get(key)
            if row is None:
                row = rows[key] = _row(query, scope, ad, period, part)
            row.sums = add(row.sums, sums)
            row.days.add(ordinal)
            row.ads.add(ad["id"])


def _row(query: Query, scope: Scope, ad: Body, period: Range, part: segments.Key) -> Row:
    levels = LEVELS[: LEVELS.index(query.level) + 1]
    return Row(
        entities={level: scope.entity(level, ad) for level in levels},
        since=period[0],
        until=period[1],
        parts=dict(zip(query.breakdowns, part, strict=True)),
        windows=query.windows,
        actions=query.actions,
    )


def render(row: Row, fields: list[str]) -> Body:
    """A row as it is sent: what has no value is left out."""
    without = tuple(start for part, start in segments.TOLD["without"].items() if part in row.parts)
    if row.since < oldest(today(row.entities["account"]), MONTHS_UNIQUE):
        without += ("unique", "cost_per_unique", *(COUNTED_ONCE if row.parts else ()))
    shown = {
        name: COLUMNS[name](row)
        for name in fields
        if name in COLUMNS and not name.startswith(without or ("-",))
    }
    dates = {"date_start": row.since.isoformat(), "date_stop": row.until.isoformat()}
    return {name: value for name, value in shown.items() if value is not None} | dates | row.parts


def total(query: Query, scope: Scope, rows: list[Row]) -> Body:
    """The summary row."""
    sums, days, ads = ZERO, set[int](), set[str]()
    for row in rows:
        sums, days, ads = add(sums, row.sums), days | row.days, ads | row.ads
    since: date = min(period[0] for period in query.periods)
    until: date = max(period[1] for period in query.periods)
    whole = Row({"account": scope.account}, since, until, {}, query.windows, query.actions, sums, days, ads)
    return render(whole, query.summary)
