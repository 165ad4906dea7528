"""The columns of insights: what Facebook has to be asked for each, and how it is read from a record.

What Facebook leaves out because it is zero is 0 here; empty is only a ratio without a denominator, and what
Facebook cannot say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard

from mcp_ads.core import COUNT, MONEY, TEXT, Column

Object = dict[str, Any]
# The same conversion is reported under several names: the first one present counts, they are never added up.
PURCHASE = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase", "onsite_web_purchase")
LEAD = ("lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead", "leadgen_grouped")
COUNTED: Mapping[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "purchases": ("actions", (PURCHASE,)),
    "purchase_value": ("action_values", (PURCHASE,)),
    "leads": ("actions", (LEAD,)),
    "conversions": ("actions", (PURCHASE, LEAD)),
}
"""Columns counted from a list by action type; `conversions` are purchases and leads."""
RESULTS = ("results", "result_type", "cost_per_result")
SINGLE = frozenset({
    "outbound_clicks", "unique_outbound_clicks", "video_play_actions", "video_thruplay_watched_actions",
    "video_30_sec_watched_actions", "video_p25_watched_actions", "video_p50_watched_actions",
    "video_p75_watched_actions", "video_p95_watched_actions", "video_p100_watched_actions",
    "website_purchase_roas", "mobile_app_purchase_roas", "outbound_clicks_ctr", "cost_per_outbound_click",
    "cost_per_thruplay", "video_avg_time_watched_actions",
})  # fmt: skip
"""Lists that hold one number."""
REPEATED = (
    "omni_", "onsite_web_app_", "onsite_web_", "onsite_app_", "web_in_store_", "web_app_in_store_",
    "offsite_conversion.fb_pixel_", "onsite_conversion.",
)  # fmt: skip
UNSAID = frozenset({"region", "comscore_market", "zip"})
"""Breakdowns with which Facebook leaves conversions out although there were some."""
DIGITS = 6


def _per(over: str, under: str, times: int = 1, *, percent: bool = False) -> Column:
    priced = "money" if over == "spend" else ""
    return Column("percent" if percent else "ratio", of=(over, under, times), unit=priced)


KINDS: Mapping[str, Column] = {
    "spend": MONEY, "social_spend": MONEY, "purchase_value": MONEY,
    **dict.fromkeys(("impressions", "clicks", "inline_link_clicks", "inline_post_engagement"), COUNT),
    **dict.fromkeys(("purchases", "leads", "conversions", "outbound_clicks"), COUNT),
    **dict.fromkeys(("video_play_actions", "video_thruplay_watched_actions"), COUNT),
    **dict.fromkeys(("reach", "unique_clicks", "unique_inline_link_clicks", "results"), Column("count")),
    "ctr": _per("clicks", "impressions", 100, percent=True),
    "inline_link_click_ctr": _per("inline_link_clicks", "impressions", 100, percent=True),
    "cpc": _per("spend", "clicks"),
    "cpm": _per("spend", "impressions", 1000),
    "cost_per_inline_link_click": _per("spend", "inline_link_clicks"),
    "cost_per_purchase": _per("spend", "purchases"),
    "cost_per_lead": _per("spend", "leads"),
    "cost_per_conversion": _per("spend", "conversions"),
    "purchase_roas": _per("purchase_value", "spend"),
    **dict.fromkeys(("frequency", "website_purchase_roas"), Column("ratio")),
    **dict.fromkeys(("cpp", "cost_per_result", "cost_per_thruplay"), Column("ratio", unit="money")),
    **dict.fromkeys(("cost_per_unique_click", "cost_per_outbound_click"), Column("ratio", unit="money")),
    **dict.fromkeys(("account_name", "campaign_name", "adset_name", "ad_name", "result_type"), TEXT),
    **dict.fromkeys(("unique_ctr", "outbound_clicks_ctr"), Column("percent")),
}  # fmt: skip
"""Reach, frequency and what is unique do not add up, and neither do results of different kinds."""
OURS = frozenset({"cost_per_purchase", "cost_per_lead", "cost_per_conversion", "purchase_roas"})
"""Ratios made of our columns, so that the three always agree."""


def parts(column: str) -> tuple[str, ...]:
    """The columns a ratio is made of."""
    kind = KINDS.get(column)
    return kind.of[:2] if kind and kind.of else ()


def sources(columns: Iterable[str]) -> list[str]:
    """The fields to ask for, parts of ratios included."""
    wanted = [name for column in columns for name in (column, *parts(column))]
    found = (source for column in wanted for source in _source(column))
    return list(dict.fromkeys(found))


def _source(column: str) -> Sequence[str]:
    if column in COUNTED:
        return (COUNTED[column][0],)
    if column == "result_type":
        return ("results",)
    if column == "cost_per_result":
        return ("results", column)
    return () if column in OURS else (column,)


def row(record: Mapping[str, Any], columns: Iterable[str], breakdowns: Iterable[str]) -> dict[str, Any]:
    """A record's columns, and after them the parts of ratios that are no columns themselves."""
    split = frozenset(breakdowns)
    named = list(columns)
    whole = dict.fromkeys([*named, *(part for name in named for part in parts(name))])
    plain = {name: _cell(record, name, split) for name in whole if not parts(name)}
    return {name: _ratio(record, name, plain) if parts(name) else plain[name] for name in whole}


def _cell(record: Mapping[str, Any], column: str, split: frozenset[str]) -> Any:
    """What is not there is 0 where it adds up; split by some breakdowns it may be only left unsaid."""
    if column in COUNTED:
        source, families = COUNTED[column]
        counts = [_first(record.get(source) or [], names) for names in families]
        known = [count for count in counts if count is not None]
        return str(sum(known)) if known else None if UNSAID & split else "0"
    if column in RESULTS:
        return _result(record, column)
    value = record.get(column)
    if column in SINGLE:
        value = _only(value)
    elif _is_actions(value):
        return _by_type(value)
    kind = KINDS.get(column)
    zero = kind and kind.adds and not (column in SINGLE and split)
    return "0" if value is None and zero else value


def _ratio(record: Mapping[str, Any], column: str, plain: Mapping[str, Any]) -> Any:
    """Facebook's own quotient, or ours from the parts; none without a denominator."""
    kind = KINDS[column]
    assert kind.of
    over, under = (_number(plain.get(part)) for part in kind.of[:2])
    if column not in OURS and record.get(column) is not None:
        return record[column]
    if over is None or not under:
        return None
    return f"{round(over * kind.of[2] / under, DIGITS):f}"


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _first(actions: Sequence[Object], names: Iterable[str]) -> Decimal | None:
    """The value under the first name present; what an action breakdown splits is added up."""
    for name in names:
        values = [
            action["value"] for action in actions if action.get("action_type") == name and "value" in action
        ]
        numbers = [number for value in values if (number := _number(value)) is not None]
        if numbers:
            return sum(numbers, Decimal(0))
    return None


def _result(record: Mapping[str, Any], column: str) -> Any:
    """What the ad set is for, how often it came about, and at what cost; several kinds have no sum."""
    entries = [entry for entry in record.get("results") or () if isinstance(entry, dict)]
    if column == "result_type":
        return " + ".join(dict.fromkeys(_kind_of(entry) for entry in entries)) or None
    if len(entries) != 1:
        return None
    if column == "results":
        return _value_of(entries[0]) or "0"
    costs = [cost for cost in record.get("cost_per_result") or () if isinstance(cost, dict)]
    return _value_of(costs[0]) if len(costs) == 1 else None


def _kind_of(entry: Object) -> str:
    """`actions:offsite_conversion.fb_pixel_purchase` is a purchase."""
    name = str(entry.get("indicator") or entry.get("action_type") or "")
    return _canonical(name.partition(":")[2] or name)


def _value_of(entry: Object) -> Any:
    """The value under the ad set's own attribution."""
    values = [value for value in entry.get("values") or () if isinstance(value, dict)]
    usual = next((value for value in values if "default" in (value.get("attribution_windows") or ())), None)
    return (usual or (values[0] if values else entry)).get("value")


def _only(value: Any) -> Any:
    return value[0].get("value") if _is_actions(value) and len(value) == 1 else value


def _is_actions(value: Any) -> TypeGuard[list[Object]]:
    return (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "action_type" in value[0]
    )


def _by_type(actions: list[Object]) -> Any:
    """`[{action_type, value}]` as {type: value} without repeating names; windows and breakdowns stay."""
    if any(action.keys() - {"action_type", "value"} for action in actions):
        return actions
    found = {action["action_type"]: action.get("value") for action in actions}
    return {name: value for name, value in found.items() if _canonical(name) not in found.keys() - {name}}


def _canonical(name: str) -> str:
    """The plain name of a conversion that is also reported under a longer one."""
    prefix = next((prefix for prefix in REPEATED if name.startswith(prefix)), "")
    return name.removeprefix(prefix)
