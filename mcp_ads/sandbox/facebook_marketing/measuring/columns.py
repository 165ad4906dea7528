"""Insights columns: from sums of whole numbers to the text Graph sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mcp_ads.sandbox.facebook_marketing.days import ZERO, Day, reach
from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.params import Body, as_names
from mcp_ads.sandbox.facebook_marketing.tables import OFFSETS, node_fields, table

from . import segments

TABLE = table("columns.json", __package__)
FAMILIES: dict[str, tuple[str, list[str]]] = TABLE["actions"]
"""A day's number -> how late it comes, and the types of action it is reported under."""
RESULTS: dict[str, tuple[str, str]] = TABLE["results"]
"""An objective -> the indicator of its results, and the number they are."""
VALUES = {"purchases": 1, "carts": 2}
"""How often the worth of what was bought they are."""
LATE = {"1d_view": 0.15, "7d_click": 0.85, "28d_click": 0.9, "1d_click": 0.7}
SILENT = ("7d_view", "28d_view")


@dataclass
class Row:
    """Sums for one entity, period and part."""

    entities: dict[str, Body]
    since: date
    until: date
    parts: dict[str, str]
    windows: list[str]
    actions: list[str]
    sums: Day = ZERO
    days: set[int] = field(default_factory=set)
    ads: set[str] = field(default_factory=set)

    @property
    def offset(self) -> int:
        return OFFSETS.get(self.entities["account"]["currency"], 100)

    @property
    def reach(self) -> int:
        hourly = any(part.startswith("hourly") for part in self.parts)
        return 0 if hourly else reach(self.sums.impressions - self.sums.repeats, len(self.days), self.ads)

    @property
    def off_platform(self) -> bool:
        """Whether what happened off the platforms is told by these parts."""
        return not {*segments.TOLD["off_platform"].split()} & self.parts.keys()

    def of(self, level: str, key: str) -> str | None:
        value = self.entities.get(level, {}).get(key)
        return None if value is None else str(value)

    def number(self, name: str) -> float:
        """A sum, or what follows from the sums; money is in major units as `cost`."""
        if name == "cost":
            return self.sums.spend / self.offset
        if name == "unique_clicks":
            return round(self.sums.clicks * 0.93) if self.reach else 0
        return self.reach if name == "reach" else int(getattr(self.sums, name))


Column = Callable[[Row], Any]
Number = Callable[[Row], float]


def columns_of(fields: Any) -> list[str]:
    """The names asked for, checked."""
    names = as_names("fields", fields)
    for name in names:
        if name not in node_fields("AdsInsights"):
            raise invalid(f"{name} is not valid for fields param. Please check the AdsInsights fields")
    return names


def number_of(name: str) -> Number:
    """A metric as a number, for sorting and filtering; `actions:link_click` picks one of a list."""
    metric, _, wanted = name.partition(":")
    if metric not in COLUMNS:
        raise invalid(f"Filtering or sorting by {name} is not supported")

    def read(row: Row) -> float:
        value = COLUMNS[metric](row)
        if isinstance(value, list):
            value = next((entry["value"] for entry in value if entry.get("action_type") == wanted), 0)
        try:
            return float(value or 0)
        except ValueError as error:
            raise invalid(f"Filtering or sorting by {name} is not supported") from error

    return read


def money(minor: float, offset: int) -> str:
    """Major units with the currency's own digits."""
    return f"{minor / offset:.2f}" if offset == 100 else str(round(minor))


def ratio(top: float, bottom: float, times: float = 1) -> str | None:
    return f"{top * times / bottom:.6f}" if bottom else None


def _stat(kind: str, amount: float, row: Row, spell: Callable[[float], str]) -> Body:
    """A value and, where windows were asked for, its share in each."""
    found: Body = {"value": spell(amount)}
    for window in row.windows:
        if window in SILENT or (kind == "click" and window.endswith("view")):
            continue
        share = LATE.get(window, 1.0) if kind == "buy" else 1.0
        if portion := int(amount * share):
            found[window] = spell(portion)
    return found


def _list(row: Row, spell: Callable[[str, int], Body | None], *, worth: bool = False) -> list[Body] | None:
    """By type, and by what actions are split by: how many, or what they were worth."""
    found: list[Body] = []
    for metric, (kind, types) in FAMILIES.items():
        amount = VALUES.get(metric, 0) * row.sums.value if worth else getattr(row.sums, metric)
        before = 0
        for keys, bound in segments.parts(row.actions):
            portion, before = int(amount * bound + 1e-6) - before, int(amount * bound + 1e-6)
            if portion and (row.off_platform or kind != "buy") and (stat := spell(metric, portion)):
                found += [
                    {**({"action_type": name} if _typed(row) else {}), **keys, **stat} for name in types
                ]
    return found or None


def _typed(row: Row) -> bool:
    return not row.actions or "action_type" in row.actions


def _actions(row: Row) -> list[Body] | None:
    return _list(row, lambda name, amount: _stat(FAMILIES[name][0], amount, row, str))


def _values(row: Row) -> list[Body] | None:
    return _list(
        row, lambda _, worth: _stat("buy", worth, row, lambda minor: money(minor, row.offset)), worth=True
    )


def _costs(row: Row) -> list[Body] | None:
    return _list(row, lambda _, amount: {"value": ratio(row.number("cost"), amount)})


def _one(type: str, value: str | None) -> list[Body] | None:
    return [{"action_type": type, "value": value}] if value else None


def _outcome(row: Row, spell: Callable[[float], str | None]) -> list[Body] | None:
    """What the campaign is for, and how often or at what cost; accounts have no one objective."""
    if not (objective := row.of("campaign", "objective")):
        return None
    indicator, metric = RESULTS.get(objective, ("actions:link_click", "link_clicks"))
    told = row.off_platform or metric not in FAMILIES or FAMILIES[metric][0] != "buy"
    value = spell(row.number(metric)) if told else None
    values = [{"value": value, "attribution_windows": ["default"]}]
    return [{"indicator": indicator, **({"values": values} if value else {})}]


def _made(maker: str, *rest: Any) -> Column:
    return lambda row: MAKERS[maker](row, *rest)


MAKERS: dict[str, Callable[..., Any]] = {
    "entity": Row.of,
    "count": lambda row, name: str(row.number(name)),
    "money": lambda row, share: money(row.sums.spend // share, row.offset),
    "ratio": lambda row, top, bottom, times=1: ratio(row.number(top), row.number(bottom), times),
    "single": lambda row, kind, name: _one(kind, str(row.number(name) or "")),
    "roas": lambda row, kind: _one(
        kind, ratio(row.sums.value, row.sums.spend) if row.sums.value and row.off_platform else None
    ),
}
"""What the table says of a column -> how it is made from a row and the rest."""
COLUMNS: dict[str, Column] = {
    **{name: _made(maker, *rest) for name, (maker, *rest) in TABLE["columns"].items()},
    "attribution_setting": lambda row: "7d_click_1d_view" if "campaign" in row.entities else None,
    "date_start": lambda row: row.since.isoformat(),
    "date_stop": lambda row: row.until.isoformat(),
    "frequency": lambda row: ratio(row.sums.impressions, row.reach) or "0",
    "actions": _actions,
    "action_values": _values,
    "cost_per_action_type": _costs,
    "results": lambda row: _outcome(row, lambda found: str(found or "")),
    "cost_per_result": lambda row: _outcome(row, lambda found: ratio(row.number("cost"), found)),
}
