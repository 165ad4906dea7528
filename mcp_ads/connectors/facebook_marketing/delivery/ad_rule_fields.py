"""What a condition of an automated rule may look at: which names are known, which are amounts or measured.

From Meta's pages on the evaluation spec and its filters. The list is not Meta's whole one: a name that is not
known here passes with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_ads.core.money import parse
from mcp_ads.core.synonyms import close_to, cut

PURCHASES = "offsite_conversion.fb_pixel_purchase"
METADATA = frozenset({
    "id", "entity_type", "time_preset", "attribution_window", "name", "account_id", "account_status",
    "created_time", "updated_time", "start_time", "stop_time", "end_time", "current_time", "active_time",
    "hours_since_creation", "status", "configured_status", "effective_status", "objective", "buying_type",
    "optimization_goal", "billing_event", "bid_strategy", "bid_amount", "bid_type", "is_autobid", "spend_cap",
    "daily_budget", "lifetime_budget", "budget_remaining", "budget_reset_period", "destination_type",
    "audience_reached_percentage", "estimated_budget_spending_percentage", "learning_stage_status",
    "placement.page_types",
})  # fmt: skip
USUAL = (
    "spent", "results", "cost_per", "cpa", "cpc", "cpm", "ctr", "impressions", "reach", "frequency", "clicks",
    "link_ctr", "website_purchase_roas", PURCHASES,
)  # fmt: skip
MEANT = {
    "spend": "spent", "amount_spent": "spent", "cost": "spent", "cost_per_result": "cost_per",
    "conversions": "results", "purchases": PURCHASES, "purchase": PURCHASES, "roas": "website_purchase_roas",
}  # fmt: skip
"""Words of reports and of other platforms, which no rule has."""
PRESET = re.compile(
    r"TODAY|YESTERDAY|LIFETIME|MAXIMUM|LAST_\d+(D|_DAYS)|(THIS|LAST)_(MONTH|QUARTER|YEAR)|"
    r"(THIS|LAST)_WEEK(_(SUN|MON)_(TODAY|SAT|SUN))?"
)
SPAN = re.compile(r"(?:today|yesterday|lifetime|last_\d+_?d(?:ays)?|this_\w+?|maximum)_(?=.)")
_PREFIX = re.compile(r"(?:(?:ad|adset|campaign)\.)?(?:[0-9a-z_]+:)?")
_MONEY = re.compile(
    r"spent|cpa|cpc|cpm|cpp|cost_per[\w.]*|(daily|lifetime)_budget|budget_remaining|bid_amount|spend_cap"
)
_MEASURES = re.compile(
    r"spent|cp[acmp]|cost_per[\w.]*|\w*_roas|impressions|reach|frequency|clicks|ctr|link_ctr|results|"
    r"result_rate|link_click\w*|\w+_fb|omni_\w+|"
    r"unique_\w+|(offsite_conversion|website|mobile_app|app_custom_event|onsite|leadgen|video|post|page).*"
)
_SIGNS = re.compile(r"[\s+*/()-]+")


def bare(field: str) -> str:
    """A field without the level, the attribution window and the time that may stand before it."""
    plain = _PREFIX.sub("", field, count=1)
    return plain if plain in METADATA else SPAN.sub("", plain, count=1)


def is_money(field: str) -> bool:
    """Whether a field's values are amounts, which go over the wire in minor units; a quotient is none."""
    return bool(_MONEY.fullmatch(bare(field)))


def is_measured(field: str) -> bool:
    """Whether a field is measured over a time, and a number."""
    return bool(_MEASURES.fullmatch(bare(field)))


def odd_value(field: str, value: Any) -> str:
    """Why a value is none that a field is compared with; empty when it may be. Money is read elsewhere."""
    if is_money(field) or bare(field).endswith("name"):
        return ""
    for one in value if isinstance(value, list) else [value]:
        if _is_amount(one):
            return f"{cut(one)!r} is an amount, and {cut(field)} no field of money known here{_near(field)}"
        if is_measured(field) and not _is_number(one):
            return f"{cut(field)} is compared with a number, not with {cut(one)!r}"
    return ""


def _is_amount(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(parse(value).currency)
    except ValueError:
        return False


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and float(value) == float(value)
    except (TypeError, ValueError):
        return False


def unknown(conditions: Any) -> Iterator[str]:
    """A warning for each field of conditions, or part of its formula, that is not known here."""
    rows = [row for row in conditions if isinstance(row, Mapping)] if isinstance(conditions, list) else []
    for field in dict.fromkeys(str(row["field"]) for row in rows if "field" in row):
        for name in filter(None, _SIGNS.split(field)):
            known = bare(name) in METADATA or is_measured(name) or _is_number(name)
            if bare(name) in MEANT or not known:
                yield f"{cut(name)!r} is no field of rules that is known here{_near(name)}; Facebook decides"


def _near(field: str) -> str:
    near = [MEANT[bare(field)]] if bare(field) in MEANT else close_to(bare(field), [*USUAL, *METADATA])
    return f"; did you mean {' or '.join(near)}?" if near else ""
