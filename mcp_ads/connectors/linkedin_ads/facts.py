"""What LinkedIn tells where all platforms are asked: analytics as rows of the shared schema.

What the API calls a campaign group is a campaign here, and its campaign is an ad group, as in Campaign
Manager. Conversions are the website's and those of lead forms, which count nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import permutations
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.facts import DBT, Asked, Facts, Level, Reading, Row, count, money, period, whose
from mcp_ads.core.synonyms import closest, cut

from .analytics import metrics
from .analytics.doubts import DAYS_KEPT, STILL_MOVING
from .budget_facts import BUDGETS
from .listings import ISSUES, SEARCH, UNTOLD

PLATFORM, CODE = "linkedin", "li"
ENTITIES = {
    "account": "accounts", "campaign": "campaign_groups", "ad_group": "campaigns", "ad": "creatives",
}  # fmt: skip
OBJECTS = {level: (f"linkedin_ads.{entity}",) for level, entity in ENTITIES.items()}
PIVOTS: Mapping[Level, tuple[str, ...]] = {
    "account": ("ACCOUNT",),
    "campaign": ("CAMPAIGN_GROUP",),
    "ad_group": ("CAMPAIGN_GROUP", "CAMPAIGN"),
    "ad": ("CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE"),
}
CALLED = {"CAMPAIGN_GROUP": "campaign", "CAMPAIGN": "ad_group", "CREATIVE": "ad"}
SPEND, IN_USD = "cost", "costInUsd"
NUMBERS = ("impressions", "clicks", "landingPageClicks", "conversions", "conversion_value", "leads")
WEBSITE = "externalWebsiteConversions"
OF_WEBSITE = frozenset({"externalWebsitePostClickConversions", "externalWebsitePostViewConversions"})
PARTS: Mapping[str, frozenset[str]] = {
    "conversions": frozenset({WEBSITE, "oneClickLeads", "leads", *OF_WEBSITE}),
    WEBSITE: OF_WEBSITE,
    "leads": frozenset({"oneClickLeads", "qualifiedLeads", "validWorkEmailLeads"}),
    "oneClickLeads": frozenset({"leads", "qualifiedLeads", "validWorkEmailLeads"}),
}
"""What is counted inside something else, beside those after a click or a view, which are of all of them."""
UNCONVERTED = ("impressions", "clicks")
"""Columns of their own, which are no conversions."""


def readings(asked: Asked, account: Account) -> Sequence[Reading]:
    """Analytics by the level and what stands above it; nothing where LinkedIn would count something else."""
    if any(lacks(asked, account)):
        return ()
    spend = IN_USD if asked.conversions == DBT else SPEND
    params = {
        "pivot": [*PIVOTS[asked.level]],
        "time_range": asked.span,
        "time_granularity": _granularity(asked),
        "fields": [spend, *dict.fromkeys([*NUMBERS, *asked.types])],
    }
    made = partial(row, asked=asked)
    return [Reading("analytics", "list", params, made)]


def row(record: Mapping[str, Any], account: Account, asked: Asked) -> Row:
    """A row of analytics in the shared schema, its money all in one currency: the account's, or for dbt
    USD.
    """
    dbt = asked.conversions == DBT
    made = whose(PLATFORM, account, "USD" if dbt else "")
    for pivot in PIVOTS[asked.level]:
        if called := CALLED.get(pivot):
            made[called] = record.get(f"{pivot.lower()}_id")
            made[f"{called}_name"] = record.get(f"{pivot.lower()}_name")
    types = asked.types or ("conversions",)
    valued = made["currency"] == account.currency and (not asked.types or {*types} & {"conversions", WEBSITE})
    made |= {
        **period(asked.grain, record.get("date") or record.get("date_start")),
        "spend": money(record.get(IN_USD if dbt else SPEND)),
        "impressions": count(record.get("impressions")),
        "clicks": count(record.get("clicks")),
        "link_clicks": count(record.get("landingPageClicks")),
        "conversions": count(sum(money(record.get(name)) for name in types)),
        "conversion_value": money(record.get("conversion_value")) if valued else None,
        "leads": count(record.get("leads")),
    }
    return {**made, "basis": CODE, "object": OBJECTS[asked.level][0]}


def basis(_: Asked) -> Mapping[str, str]:
    """By what LinkedIn's conversion rules attribute unless one says otherwise."""
    return {CODE: metrics.BASIS.partition(": ")[2]}


def counts(asked: Asked) -> str:
    """What conversions are, which is the same for dbt; its money is not."""
    money_ = " (dbt: spend in USD, roas only of accounts in USD)"
    usual = "website conversions + lead forms"
    return usual + money_ if asked.conversions == DBT else " + ".join(asked.types) or usual


def lacks(asked: Asked, _: Account) -> Iterable[str]:
    """What a question asks for that LinkedIn does not count: all of it is left out then.

    Of days that are older than half a year it counts the whole months they are in, without a word.
    """
    if asked.country:
        yield "LinkedIn counts nothing exactly by country: analytics MEMBER_COUNTRY_V2 has estimates"
    old = asked.today and asked.since < asked.today - DAYS_KEPT
    if old and not (asked.whole_months and asked.grain in ("", "month")):
        yield "LinkedIn keeps single days for six months: ask for whole months, such as 2025-11"


def mistakes(asked: Asked) -> Iterable[str]:
    """A line for each type that is no metric that counts."""
    counts_ = [name for name, kind in metrics.kinds().items() if kind.kind == "count" and kind.adds]
    known = [name for name in counts_ if name not in UNCONVERTED]
    for name in asked.types:
        if name not in known:
            near = closest(name, known)
            meant = f"; did you mean {' or '.join(near)}?" if near else f"; such as {WEBSITE}, oneClickLeads"
            yield f"conversions: linkedin counts no {cut(name)!r}{meant}"


def overlaps(asked: Asked) -> Iterable[str]:
    """Types of which one is a part of another."""
    for whole, part in permutations(asked.types, 2):
        sides = {_side(whole, side) for side in ("Click", "View")}
        inside = part in sides or part in PARTS.get(whole, ())
        if inside and not (part in PARTS and whole in PARTS[part] and part < whole):
            yield f"{part} is counted in {whole} too: it is added up twice"


def _side(name: str, side: str) -> str:
    """The part of a metric after a click, or a view."""
    return f"post{side}{name[:1].upper()}{name[1:]}"


def _granularity(asked: Asked) -> str:
    """Months by themselves only where they are whole: LinkedIn would widen others."""
    if not asked.grain:
        return "ALL"
    return "MONTHLY" if asked.grain == "month" and asked.whole_months else "DAILY"


facts = Facts(
    PLATFORM,
    OBJECTS,
    readings,
    basis,
    counts,
    final_after=lambda _: {"delivery": 1, "conversions": STILL_MOVING.days},
    zone="UTC",
    lacks=lacks,
    mistakes=mistakes,
    overlaps=overlaps,
    issues=ISSUES,
    search=SEARCH,
    untold=UNTOLD,
    budgets=BUDGETS,
    rows_are={"campaign": "campaign groups; level ad_group has its campaigns"},
)
