"""Insights columns: from sums of whole numbers to the text Graph sends."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.params import Body, as_names
from mcp_ads.sandbox.facebook_marketing.tables import node_fields

from .metrics import ZERO, Day, reach

OFFSETS = dict.fromkeys(("CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND"), 1)
SHOP = ("{0}", "omni_{0}", "onsite_web_{0}", "onsite_web_app_{0}", "offsite_conversion.fb_pixel_{0}")
FAMILIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "link_clicks": ("click", ("link_click",)),
    "landings": ("click", ("landing_page_view", "omni_landing_page_view")),
    "engagements": ("click", ("post_engagement", "page_engagement")),
    "views": ("click", ("video_view",)),
    "carts": ("buy", tuple(where.format("add_to_cart") for where in SHOP)),
    "checkouts": ("buy", tuple(where.format("initiate_checkout") for where in SHOP)),
    "purchases": ("buy", (*(where.format("purchase") for where in SHOP), "web_in_store_purchase")),
    "leads": ("buy", ("lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead")),
    "installs": ("buy", ("mobile_app_install", "omni_app_install", "app_install")),
}
RESULTS = {
    "OUTCOME_SALES": ("actions:offsite_conversion.fb_pixel_purchase", "purchases"),
    "OUTCOME_LEADS": ("actions:onsite_conversion.lead_grouped", "leads"),
    "OUTCOME_APP_PROMOTION": ("actions:mobile_app_install", "installs"),
    "OUTCOME_AWARENESS": ("reach", "reach"),
    "OUTCOME_ENGAGEMENT": ("actions:post_engagement", "engagements"),
}
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
    sums: Day = ZERO
    days: set[int] = field(default_factory=set)
    ads: set[str] = field(default_factory=set)

    @property
    def offset(self) -> int:
        return OFFSETS.get(self.entities["account"]["currency"], 100)

    @property
    def reach(self) -> int:
        hourly = any(part.startswith("hourly") for part in self.parts)
        return 0 if hourly else reach(self.sums.impressions, len(self.days), self.ads)

    def of(self, level: str, key: str) -> str | None:
        value = self.entities.get(level, {}).get(key)
        return None if value is None else str(value)


Column = Callable[[Row], Any]


def columns_of(fields: Any) -> list[str]:
    """The names asked for, checked."""
    names = as_names("fields", fields)
    for name in names:
        if name not in node_fields("AdsInsights"):
            raise invalid(f"{name} is not valid for fields param. Please check the AdsInsights fields")
    return names


def column(name: str) -> Column:
    """How a column is made; a name without data gives nothing."""
    return COLUMNS.get(name, lambda _: None)


def number_of(name: str) -> Callable[[Row], float]:
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


def _count(name: str) -> Column:
    return lambda row: str(getattr(row.sums, name))


def _cost(name: str) -> Column:
    return lambda row: ratio(row.sums.spend / row.offset, getattr(row.sums, name))


def _entity(level: str, key: str) -> Column:
    return lambda row: row.of(level, key)


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


def _list(row: Row, spell: Callable[[str, int], Body | None]) -> list[Body] | None:
    found = []
    for metric, (_, types) in FAMILIES.items():
        amount = getattr(row.sums, metric)
        if amount and (stat := spell(metric, amount)):
            found += [{"action_type": name, **stat} for name in types]
    return found or None


def _actions(row: Row) -> list[Body] | None:
    return _list(row, lambda name, amount: _stat(FAMILIES[name][0], amount, row, str))


def _values(row: Row) -> list[Body] | None:
    def spell(name: str, _: int) -> Body | None:
        worth = {"purchases": row.sums.value, "carts": row.sums.value * 2}.get(name)
        return _stat("buy", worth, row, lambda minor: money(minor, row.offset)) if worth else None

    return _list(row, spell)


def _costs(row: Row) -> list[Body] | None:
    return _list(row, lambda _, amount: {"value": ratio(row.sums.spend / row.offset, amount)})


def _roas(type: str) -> Column:
    def read(row: Row) -> list[Body] | None:
        value = ratio(row.sums.value, row.sums.spend)
        return [{"action_type": type, "value": value}] if row.sums.value and value else None

    return read


def _single(type: str, metric: str) -> Column:
    def read(row: Row) -> list[Body] | None:
        amount = getattr(row.sums, metric)
        return [{"action_type": type, "value": str(amount)}] if amount else None

    return read


def _result(row: Row) -> tuple[str, int] | None:
    """What the campaign is for and how often it came about; accounts have no one objective."""
    if not (objective := row.of("campaign", "objective")):
        return None
    indicator, metric = RESULTS.get(objective, ("actions:link_click", "link_clicks"))
    return indicator, row.reach if metric == "reach" else getattr(row.sums, metric)


def _outcome(indicator: str, value: str | None) -> list[Body]:
    values = [{"value": value, "attribution_windows": ["default"]}] if value else []
    return [{"indicator": indicator, **({"values": values} if values else {})}]


def _results(row: Row) -> list[Body] | None:
    found = _result(row)
    return _outcome(found[0], str(found[1] or "")) if found else None


def _result_cost(row: Row) -> list[Body] | None:
    found = _result(row)
    return _outcome(found[0], ratio(row.sums.spend / row.offset, found[1])) if found else None


def _unique(row: Row) -> int:
    return round(row.sums.clicks * 0.93) if row.reach else 0


@functools.cache
def _ids() -> dict[str, Column]:
    levels = ("account", "campaign", "adset", "ad")
    names = {f"{level}_name": _entity(level, "name") for level in levels}
    ids = {f"{level}_id": _entity(level, "account_id" if level == "account" else "id") for level in levels}
    return names | ids


COLUMNS: dict[str, Column] = {
    **_ids(),
    "account_currency": _entity("account", "currency"),
    "objective": _entity("campaign", "objective"),
    "buying_type": _entity("campaign", "buying_type"),
    "optimization_goal": _entity("adset", "optimization_goal"),
    "attribution_setting": lambda row: "7d_click_1d_view" if "campaign" in row.entities else None,
    "date_start": lambda row: row.since.isoformat(),
    "date_stop": lambda row: row.until.isoformat(),
    "impressions": _count("impressions"),
    "clicks": _count("clicks"),
    "inline_link_clicks": _count("link_clicks"),
    "inline_post_engagement": _count("engagements"),
    "spend": lambda row: money(row.sums.spend, row.offset),
    "social_spend": lambda row: money(row.sums.spend // 50, row.offset),
    "reach": lambda row: str(row.reach),
    "frequency": lambda row: ratio(row.sums.impressions, row.reach) or "0",
    "cpc": _cost("clicks"),
    "cpm": lambda row: ratio(row.sums.spend / row.offset, row.sums.impressions, 1000),
    "cpp": lambda row: ratio(row.sums.spend / row.offset, row.reach, 1000),
    "ctr": lambda row: ratio(row.sums.clicks, row.sums.impressions, 100),
    "inline_link_click_ctr": lambda row: ratio(row.sums.link_clicks, row.sums.impressions, 100),
    "cost_per_inline_link_click": _cost("link_clicks"),
    "cost_per_inline_post_engagement": _cost("engagements"),
    "unique_clicks": lambda row: str(_unique(row)),
    "unique_ctr": lambda row: ratio(_unique(row), row.reach, 100),
    "cost_per_unique_click": lambda row: ratio(row.sums.spend / row.offset, _unique(row)),
    "outbound_clicks": _single("outbound_click", "outbound"),
    "video_play_actions": _single("video_view", "views"),
    "video_thruplay_watched_actions": _single("video_view", "thruplays"),
    "actions": _actions,
    "action_values": _values,
    "cost_per_action_type": _costs,
    "purchase_roas": _roas("omni_purchase"),
    "website_purchase_roas": _roas("offsite_conversion.fb_pixel_purchase"),
    "results": _results,
    "cost_per_result": _result_cost,
}
