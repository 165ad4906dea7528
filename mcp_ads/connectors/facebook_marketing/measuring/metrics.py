"""The columns of insights: what Facebook has to be asked for each, and how it is read from a record.

What Facebook leaves out because it is zero is 0 here; empty is only a ratio without a denominator, and what
Facebook cannot say. Numbers, which it sends as text, are numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeGuard

from mcp_ads.core import COUNT, MONEY, TEXT, Column

from .breakdown_rules import BY_HOUR

Object = dict[str, Any]
# The same conversion is reported under several names: the first one present counts, they are never added up.
PURCHASE = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase", "onsite_web_purchase")
LEAD = ("lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead", "leadgen_grouped")
OTHERS = {
    "adds_to_cart": "add_to_cart", "checkouts": "initiate_checkout", "registrations": "complete_registration",
    "content_views": "view_content",
}  # fmt: skip
"""Conversions that have the same longer names."""
OMNI = {"initiate_checkout": "omni_initiated_checkout"}
COUNTED: Mapping[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "purchases": ("actions", (PURCHASE,)),
    "purchase_value": ("action_values", (PURCHASE,)),
    "leads": ("actions", (LEAD,)),
    "conversions": ("actions", (PURCHASE, LEAD)),
    **{
        column: ("actions", ((OMNI.get(name, f"omni_{name}"), name, f"offsite_conversion.fb_pixel_{name}"),))
        for column, name in OTHERS.items()
    },
    "landing_page_views": ("actions", (("landing_page_view", "omni_landing_page_view"),)),
    "app_installs": ("actions", (("omni_app_install", "mobile_app_install", "app_install"),)),
    "messaging_conversations": ("actions", (("onsite_conversion.messaging_conversation_started_7d",),)),
}
"""Columns counted from a list by action type; `conversions` are purchases and leads."""
COSTS = {
    "cost_per_purchase": "purchases", "cost_per_lead": "leads", "cost_per_conversion": "conversions",
    "cost_per_add_to_cart": "adds_to_cart", "cost_per_checkout": "checkouts",
    "cost_per_registration": "registrations", "cost_per_content_view": "content_views",
    "cost_per_landing_page_view": "landing_page_views", "cost_per_app_install": "app_installs",
    "cost_per_messaging_conversation": "messaging_conversations",
}  # fmt: skip
RESULTS = ("results", "result_type", "cost_per_result")
WATCHED = tuple(
    f"video_{part}_watched_actions" for part in ("thruplay", "30_sec", "p25", "p50", "p75", "p95", "p100")
)
SINGLE = frozenset({
    "outbound_clicks", "unique_outbound_clicks", "video_play_actions", *WATCHED,
    "website_purchase_roas", "mobile_app_purchase_roas", "outbound_clicks_ctr", "cost_per_outbound_click",
    "cost_per_thruplay", "video_avg_time_watched_actions",
})  # fmt: skip
"""Lists that hold one number."""
REPEATED = (
    "omni_", "onsite_web_app_", "onsite_web_", "onsite_app_", "web_in_store_", "web_app_in_store_",
    "offsite_conversion.fb_pixel_", "onsite_conversion.",
)  # fmt: skip
UNSAID = frozenset({"region", "comscore_market", "zip", *BY_HOUR})
"""Breakdowns with which Facebook leaves conversions out although there were some."""
ALIKE = {
    "roas": "purchase_roas", "cost": "spend", "revenue": "purchase_value", "cpa": "cost_per_purchase",
    "sales": "purchase_value", "conversion_value": "purchase_value", "orders": "purchases",
    "cpl": "cost_per_lead", "link_clicks": "inline_link_clicks", "date": "date_start",
    "add_to_carts": "adds_to_cart", "installs": "app_installs",
}  # fmt: skip
"""What other platforms call a column."""
DIGITS = 6
WINDOWS = (
    "1d_click", "7d_click", "28d_click", "1d_view", "1d_ev", "1d_sequenced", "7d_sequenced", "28d_sequenced",
    "7d_view_all_conversions", "7d_view_first_conversion", "28d_view_all_conversions",
    "28d_view_first_conversion", "dda", "default", "custom", "incrementality",
    "incrementality_all_conversions", "incrementality_first_conversion", "skan_click",
    "skan_click_second_postback", "skan_click_third_postback", "skan_view", "skan_view_second_postback",
    "skan_view_third_postback",
)  # fmt: skip
_WINDOW = re.compile(r"\d+d_[a-z_]+|skan_[a-z_]+|dda|custom|incrementality[a-z_]*")
_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?", re.ASCII)


def _per(over: str, under: str, times: int = 1, *, percent: bool = False) -> Column:
    priced = "money" if over == "spend" else ""
    return Column("percent" if percent else "ratio", of=(over, under, times), unit=priced)


KINDS: Mapping[str, Column] = {
    "spend": MONEY, "social_spend": MONEY, "purchase_value": MONEY,
    **dict.fromkeys(("impressions", "clicks", "inline_link_clicks", "inline_post_engagement"), COUNT),
    **dict.fromkeys((*(name for name in COUNTED if name != "purchase_value"), "outbound_clicks"), COUNT),
    **dict.fromkeys(("video_play_actions", *WATCHED), COUNT),
    **dict.fromkeys(("reach", "unique_clicks", "unique_inline_link_clicks", "results"), Column("count")),
    "ctr": _per("clicks", "impressions", 100, percent=True),
    "inline_link_click_ctr": _per("inline_link_clicks", "impressions", 100, percent=True),
    "cpc": _per("spend", "clicks"),
    "cpm": _per("spend", "impressions", 1000),
    "cost_per_inline_link_click": _per("spend", "inline_link_clicks"),
    **{cost: _per("spend", counted) for cost, counted in COSTS.items()},
    "purchase_roas": _per("purchase_value", "spend"),
    **dict.fromkeys(("frequency", "website_purchase_roas"), Column("ratio")),
    **dict.fromkeys(("cpp", "cost_per_result", "cost_per_thruplay"), Column("ratio", unit="money")),
    **dict.fromkeys(("cost_per_unique_click", "cost_per_outbound_click"), Column("ratio", unit="money")),
    **dict.fromkeys(("account_name", "campaign_name", "adset_name", "ad_name", "result_type"), TEXT),
    **dict.fromkeys(("unique_ctr", "outbound_clicks_ctr"), Column("percent")),
}  # fmt: skip
"""Reach, frequency and what is unique do not add up, and neither do results of different kinds."""
OURS = frozenset({*COSTS, "purchase_roas"})
"""Ratios made of our columns, so that the three always agree."""


def parts(column: str) -> tuple[str, ...]:
    """The columns a ratio is made of."""
    kind = KINDS.get(column)
    return kind.of[:2] if kind and kind.of else ()


@cache
def windowed(column: str) -> tuple[str, str]:
    """The counted column and the attribution window of such as purchases_7d_click; the window is empty of one
    without.
    """
    for name in COUNTED:
        if column.startswith(f"{name}_") and _WINDOW.fullmatch(window := column.removeprefix(f"{name}_")):
            return name, window
    return column, ""


def is_window(name: str) -> bool:
    """Whether a part of an action is what it is in one attribution window."""
    return bool(_WINDOW.fullmatch(name))


def columns_in(types: Iterable[str]) -> list[str]:
    """The columns of ours among names of types of action, such as purchases: these count what they say."""
    named = (ALIKE.get(name.lower(), name.lower()) for name in types)
    return [name for name in named if name in KINDS]


def types_of(column: str) -> list[str]:
    """The types of action that a column counts."""
    _, families = COUNTED.get(windowed(column)[0], ("", ()))
    return [name for names in families for name in names]


def in_windows(columns: Iterable[str], windows: Iterable[str]) -> list[str]:
    """The columns, and after each that is counted what it is in these windows."""
    wanted = [name for name in windows if is_window(name)]
    return [
        name
        for column in columns
        for name in (column, *(f"{column}_{window}" for window in wanted if column in COUNTED))
    ]


def kind_of(column: str) -> Column | None:
    """What a column is; None where that is not told."""
    return KINDS.get(windowed(column)[0])


def sources(columns: Iterable[str]) -> list[str]:
    """The fields to ask for, parts of ratios included."""
    wanted = [name for column in columns for name in (column, *parts(column))]
    found = (source for column in wanted for source in _source(column))
    return list(dict.fromkeys(found))


def _source(column: str) -> Sequence[str]:
    if counted := COUNTED.get(windowed(column)[0]):
        return (counted[0],)
    if column == "result_type":
        return ("results",)
    if column == "cost_per_result":
        return ("results", column)
    return () if column in OURS else (column,)


def row(record: Mapping[str, Any], columns: Iterable[str], breakdowns: Collection[str]) -> dict[str, Any]:
    """A record's columns, and after them the parts of ratios that are no columns themselves."""
    split = frozenset(breakdowns)
    named = list(columns)
    whole = dict.fromkeys([*named, *(part for name in named for part in parts(name))])
    plain = {name: _cell(record, name, split) for name in whole if not parts(name)}
    cells = {name: _ratio(record, name, plain) if parts(name) else plain[name] for name in whole}
    return {name: value if name in split else number(name, value) for name, value in cells.items()}


def number(column: str, value: Any) -> Any:
    """A number that came as text as a number, unless the column is an id or a name."""
    if not isinstance(value, str) or column.endswith("_id") or KINDS.get(column) == TEXT:
        return value
    return (float(value) if "." in value else int(value)) if _NUMBER.fullmatch(value) else value


def _cell(record: Mapping[str, Any], column: str, split: frozenset[str]) -> Any:
    """What is not there is 0 where it adds up; split by some breakdowns it may be only left unsaid."""
    counted, window = windowed(column)
    if counted in COUNTED:
        source, families = COUNTED[counted]
        actions = record.get(source) or []
        counts = [first(actions, names, window or "value") for names in families]
        known = [count for count in counts if count is not None]
        unsaid = UNSAID & split or (actions and not any("action_type" in action for action in actions))
        return str(sum(known)) if known else None if unsaid else "0"
    if column in RESULTS:
        result = _result(record, column)
        return None if result == "0" and UNSAID & split else result
    value = record.get(column)
    if column in SINGLE:
        value = only(value)
    elif _is_actions(value):
        return _by_type(value)
    kind = KINDS.get(column)
    zero = kind and kind.adds and not (column in SINGLE and split)
    return "0" if value is None and zero else value


def _ratio(record: Mapping[str, Any], column: str, plain: Mapping[str, Any]) -> Any:
    """Facebook's own quotient, or ours from the parts; none without a denominator."""
    kind = KINDS[column]
    assert kind.of
    over, under = (_decimal(plain.get(part)) for part in kind.of[:2])
    if column not in OURS and record.get(column) is not None:
        return record[column]
    if over is None or not under:
        return None
    return f"{round(over * kind.of[2] / under, DIGITS):f}"


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def first(actions: Sequence[Object], names: Iterable[str], key: str = "value") -> Decimal | None:
    """The value under the first name present; what an action breakdown splits is added up."""
    for name in names:
        values = [action[key] for action in actions if action.get("action_type") == name and key in action]
        numbers = [number for value in values if (number := _decimal(value)) is not None]
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
    return canonical(name.partition(":")[2] or name)


def _value_of(entry: Object) -> Any:
    """The value under the ad set's own attribution."""
    values = [value for value in entry.get("values") or () if isinstance(value, dict)]
    usual = next((value for value in values if "default" in (value.get("attribution_windows") or ())), None)
    return (usual or (values[0] if values else entry)).get("value")


def only(value: Any) -> Any:
    return value[0].get("value") if _is_actions(value) and len(value) == 1 else value


def _is_actions(value: Any) -> TypeGuard[list[Object]]:
    return (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "action_type" in value[0]
    )


def _by_type(actions: list[Object]) -> Any:
    """`[{action_type, value}]` as {type: value} without repeating names; windows and breakdowns stay."""
    if any(action.keys() - {"action_type", "value"} for action in actions):
        return actions
    found = {action["action_type"]: number("", action.get("value")) for action in actions}
    return {name: value for name, value in found.items() if canonical(name) not in found.keys() - {name}}


def canonical(name: str) -> str:
    """The plain name of a conversion that is also reported under a longer one."""
    prefix = next((prefix for prefix in REPEATED if name.startswith(prefix)), "")
    plain = name.removeprefix(prefix)
    return next((own for own, longer in OMNI.items() if name == longer), plain)
