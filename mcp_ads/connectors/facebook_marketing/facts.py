"""What Meta tells where all platforms are asked: insights as rows of the shared schema.

Default conversions are purchases and leads, each counted by the first name under which it is reported; those
of dbt are the five types that dbt_facebook_ads adds up by default, each by its exact name (its
dbt_project.yml, facebook_ads__conversion_action_types): what happened off Meta and on it, which is disjoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.facts import (
    DBT,
    Asked,
    Facts,
    Level,
    Reading,
    Row,
    count,
    exact,
    money,
    named,
    period,
    whose,
)

from .budget_facts import BUDGETS
from .listings import ISSUES, SEARCH, UNTOLD
from .measuring import conversion_types, metrics
from .measuring.params import USUAL

PLATFORM, CODE = "facebook", "fb"
LEVELS: Mapping[Level, str] = {"account": "account", "campaign": "campaign", "ad_group": "adset", "ad": "ad"}
ENTITIES = {"account": "ad_accounts", "campaign": "campaigns", "ad_group": "ad_sets", "ad": "ads"}
OBJECTS = {level: (f"facebook_marketing.{entity}",) for level, entity in ENTITIES.items()}
NUMBERS = (
    "spend", "impressions", "clicks", "inline_link_clicks", "conversions", "purchase_value", "leads",
    "results",
)  # fmt: skip
OF_DBT = (
    "offsite_conversion.fb_pixel_custom", "offsite_conversion.fb_pixel_lead",
    "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_purchase", "onsite_conversion.purchase",
)  # fmt: skip
WORTH = "purchase_value"
"""The value of the only columns of ours that have one: purchases, and default conversions for them."""
SETTLED = 28
"""Days after which Meta's numbers change no more."""


def readings(asked: Asked, account: Account) -> Sequence[Reading]:  # noqa: ARG001
    """Insights at the level; weeks are days, which are added up."""
    columns = [f"{LEVELS[level]}_{what}" for level in named(asked.level) for what in ("id", "name")]
    types = _types(asked)
    params: dict[str, Any] = {
        "level": LEVELS[asked.level],
        "time_range": asked.span,
        "fields": [*columns, *NUMBERS, *(("actions", "action_values") if types else ())],
    }
    if asked.grain:
        params["time_increment"] = "monthly" if asked.grain == "month" else 1
    if asked.country:
        params["breakdowns"] = ["country"]
    if types:
        params["action_types"] = [*types]
    made = partial(row, asked=asked)
    quiet = ("action_types",) if asked.conversions == DBT else ()
    return [Reading("ads_insights", "list", params, made, quiet=quiet)]


def row(record: Mapping[str, Any], account: Account, asked: Asked) -> Row:
    """A row of insights in the shared schema."""
    made = whose(PLATFORM, account)
    for level in named(asked.level):
        made[level] = record.get(f"{LEVELS[level]}_id")
        made[f"{level}_name"] = record.get(f"{LEVELS[level]}_name")
    if asked.country:
        made["country"] = record.get("country")
    link_clicks = count(record.get("inline_link_clicks"))
    counted = dict.fromkeys(map(conversion_types.column, _types(asked) or ("conversions",)))
    values = [worth for name in counted if (worth := _worth(name))]
    made |= {
        **period(asked.grain, record.get("date_start")),
        "spend": money(record.get("spend")),
        "impressions": count(record.get("impressions")),
        "clicks": link_clicks if asked.conversions == DBT else count(record.get("clicks")),
        "link_clicks": link_clicks,
        "conversions": count(_sum(record, counted)),
        "conversion_value": _sum(record, values) if values else None,
        "leads": count(record.get("leads")),
        "results": exact(record.get("results")),
    }
    return {**made, "basis": CODE, "object": OBJECTS[asked.level][0]}


def basis(_: Asked) -> Mapping[str, str]:
    """By what Meta attributes unless an ad set says otherwise."""
    return {CODE: f"{USUAL} (ad set's)"}


def counts(asked: Asked) -> str:
    """What conversions are."""
    if asked.conversions == DBT:
        return "dbt_facebook_ads: custom events, leads, purchases (roas of all three; clicks: link clicks)"
    return " + ".join(asked.types) or "purchases + leads"


def mistakes(asked: Asked) -> Iterable[str]:
    """A line for each name that is no type of action."""
    return conversion_types.mistakes(asked.types)


def overlaps(asked: Asked) -> Iterable[str]:
    """Types that are named and count the same conversions, at least in part."""
    return conversion_types.overlaps(asked.types)


def _types(asked: Asked) -> tuple[str, ...]:
    return OF_DBT if asked.conversions == DBT else asked.types


def _worth(name: str) -> str:
    """The column with the value of what a column counts; empty where there is none."""
    if name in metrics.KINDS:
        return WORTH if name in ("purchases", "conversions") else ""
    return f"value_of_{name}"


def _sum(record: Mapping[str, Any], columns: Iterable[str]) -> Decimal:
    return sum((money(record.get(column)) for column in columns), Decimal())


facts = Facts(
    PLATFORM,
    OBJECTS,
    readings,
    basis,
    counts,
    final_after=lambda _: {"delivery": SETTLED, "conversions": SETTLED},
    overlaps=overlaps,
    mistakes=mistakes,
    issues=ISSUES,
    search=SEARCH,
    untold=UNTOLD,
    budgets=BUDGETS,
)
