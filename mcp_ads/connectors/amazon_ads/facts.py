"""What Amazon tells where all platforms are asked: the reports of its products as rows of the shared schema.

Each product has reports of its own, so that a profile's rows are those of several. An account is the sum of
its campaigns: Amazon has no report of it, and the same order then serves both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.facts import DBT, Asked, Facts, Level, Reading, Row, count, money, named, period, whose
from mcp_ads.core.synonyms import closest, cut

from .budget_facts import BUDGETS
from .dialect import AGENCY
from .listings import DSP_ONLY, ISSUES, SEARCH, UNTOLD, unlisted
from .reports import metrics
from .reports.catalogue import catalogue
from .reports.windows import CORRECTED, RESTATED, too_early

PLATFORM = "amazon"
NAMED: Mapping[str, tuple[str, str]] = {
    "campaign": ("campaignId", "campaignName"),
    "ad_group": ("adGroupId", "adGroupName"),
    "ad": ("adId", ""),
}
GROUPED: Mapping[Level, tuple[str, ...]] = {"campaign": ("campaign",), "ad_group": ("campaign", "adGroup")}
ISO = {"UK": "GB"}
"""Countries that profiles spell otherwise than ISO 3166-1, and Meta: the others are the same (countryCode of
Amazon's profiles and test accounts; scaleleap/amazon-marketplaces, AmazonMarketplaceAdvertisingCountryCode).
"""
CONVERSIONS = ("purchases", "orders", "unitsSold", "detailPageViews", "addToCart")
"""What columns begin with that may be added up as conversions."""
_DAYS = re.compile(r"\d+d")
UNKNOWN_TYPE = "reportTypeId is unknown or invalid"
"""What Amazon says to a profile without Sponsored TV (amzn/ads-advanced-tools-docs, issue 375)."""


@dataclass(frozen=True)
class Product:
    """One of Amazon's products: its report for each level, and what that is grouped by where not as usual.

    `asin` is the column that names what an ad shows; `purchases` and `sales` are what it counts by default.
    """

    name: str
    title: str
    reports: Mapping[Level, str]
    groups: Mapping[Level, tuple[str, ...]] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)
    asin: str = ""
    purchases: str = "purchases"
    sales: str = "sales"
    of_dbt: tuple[str, str] = ("purchases", "sales")
    absent: str = ""


def _objects(product: str, ads: str) -> Mapping[str, str]:
    """The entities that have the objects of a product's rows."""
    names = {"campaign": "campaigns", "ad_group": "ad_groups", "ad": ads}
    return {level: f"sponsored_{product}_{name}" for level, name in names.items()}


PRODUCTS = (
    Product(
        "SP",
        "Sponsored Products",
        {"campaign": "spCampaigns", "ad_group": "spCampaigns", "ad": "spAdvertisedProduct"},
        GROUPED,
        _objects("product", "product_ads"),
        "advertisedAsin",
        "purchases7d",
        "sales7d",
        ("purchases30d", "sales30d"),
    ),
    Product(
        "SB",
        "Sponsored Brands",
        {"campaign": "sbCampaigns", "ad_group": "sbAdGroup", "ad": "sbAds"},
        objects=_objects("brands", "ads"),
    ),
    Product(
        "SD",
        "Sponsored Display",
        {"campaign": "sdCampaigns", "ad_group": "sdAdGroup", "ad": "sdAdvertisedProduct"},
        objects=_objects("display", "product_ads"),
        asin="promotedAsin",
    ),
    Product(
        "ST",
        "Sponsored TV",
        {"campaign": "stCampaigns", "ad_group": "stCampaigns"},
        GROUPED,
        {"campaign": "sponsored_tv_campaigns", "ad_group": "sponsored_tv_ad_groups"},
        absent=UNKNOWN_TYPE,
    ),
)
"""Sales of the others are after a click or a view, within 14 days; dbt has those of Sponsored Products."""
OBJECTS: Mapping[str, tuple[str, ...]] = {
    "account": ("amazon_ads.profiles",),
    **{
        level: tuple(f"amazon_ads.{item.objects[level]}" for item in PRODUCTS if level in item.objects)
        for level in NAMED
    },
}


def readings(asked: Asked, account: Account) -> Sequence[Reading]:
    """A report of each product that has one at the level."""
    made = []
    for product in PRODUCTS if account.kind != AGENCY else ():
        report, columns = _report(product, asked), _counted(product, asked)
        if not report or _first(report, asked) > asked.until:
            continue
        names = [column for level in named(_level(asked)) for column in NAMED[level] if column]
        asins = [product.asin] if asked.level == "ad" and product.asin else []
        counted = dict.fromkeys(column for pair in columns for column in pair if column)
        params: dict[str, Any] = {
            "report_type": report,
            "time_range": asked.span,
            "time_unit": "DAILY" if asked.grain else "SUMMARY",
            "fields": [*names, *asins, "impressions", "clicks", "cost", *counted],
        }
        if groups := product.groups.get(_level(asked)):
            params["report_group_by"] = [*groups]
        first = _first(report, asked)
        begins = first if first > asked.since else None
        told = (too_early(report, asked.since, first),) if begins else ()
        shown = partial(row, product=product, asked=asked)
        made.append(
            Reading(
                "reports", "run", params, shown, product.name, product.absent, told,
                begins, counts=bool(columns),
            )
        )  # fmt: skip
    return made


def row(record: Mapping[str, Any], account: Account, product: Product, asked: Asked) -> Row:
    """A row of a product's report in the shared schema; a profile is in one country."""
    made, columns = whose(PLATFORM, account), _counted(product, asked)
    for level in named(asked.level):
        id_, name = NAMED[level]
        made[level], made[f"{level}_name"] = record.get(id_), record.get(name or product.asin)
    if asked.country:
        made["country"] = ISO.get(account.country, account.country)
    values = [sales for _, sales in columns if sales]
    made |= {
        "ad_product": product.name,
        **period(asked.grain, record.get("date")),
        "spend": money(record.get("cost")),
        "impressions": count(record.get("impressions")),
        "clicks": count(record.get("clicks")),
        "conversions": count(sum(money(record.get(bought)) for bought, _ in columns)) if columns else None,
        "conversion_value": sum((money(record.get(sales)) for sales in values), Decimal())
        if values
        else None,
    }
    return {**made, "basis": _bases(asked)[product.name][0], "object": _object(product, asked)}


def basis(asked: Asked) -> Mapping[str, str]:
    """How long a click, or a view, counts: by product, where they differ."""
    return {code: words for code, words in _bases(asked).values() if code}


def counts(asked: Asked) -> str:
    """What conversions are, whatever their days; of types, each product's basis names those it has."""
    return "" if asked.types else "purchases"


def lacks(asked: Asked, account: Account) -> Iterable[str]:
    """Products that have no report at the level or of the days, or none of the conversions asked for."""
    if account.kind == AGENCY:
        yield f"{DSP_ONLY}: reports.run with a type of dsp…"
        return
    there = [product for product in PRODUCTS if _report(product, asked)]
    if others := [product.title for product in PRODUCTS if product not in there]:
        yield f"{', '.join(others)}: no report by {asked.level.replace('_', ' ')}"
    missing: dict[str, list[str]] = {}
    for product in there:
        counted = [name for name, _ in _counted(product, asked)]
        if none := ", ".join(name for name in asked.types if name not in counted):
            left = f"only {' + '.join(counted)}" if counted else "empty"
            missing.setdefault(f"no {none}, so conversions are {left}", []).append(product.title)
    yield from (f"{', '.join(titles)}: {said}" for said, titles in missing.items())
    firsts = {product.title: _first(_report(product, asked), asked) for product in there}
    for first in dict.fromkeys(first for first in firsts.values() if first > asked.since):
        yield f"{', '.join(title for title in firsts if firsts[title] == first)}: kept from {first} on"


def mistakes(asked: Asked) -> Iterable[str]:
    """A line for each type that no report has as a column of counts."""
    known = sorted(
        {
            column
            for product in PRODUCTS
            for report in product.reports.values()
            for column in _columns(report)
            if column.startswith(CONVERSIONS) and (kind := metrics.kind_of(column)) and kind.adds
        }
    )
    for name in asked.types:
        if name not in known:
            near = closest(name, known)
            meant = f"; did you mean {' or '.join(near)}?" if near else "; such as purchases7d, purchases"
            yield f"conversions: amazon has no column {cut(name)!r}{meant}"


def overlaps(asked: Asked) -> Iterable[str]:
    """Every column of a thing counts it within its days, or a part of it; a unit is a part of an order."""
    for things in (CONVERSIONS[:3], *((name,) for name in CONVERSIONS[3:])):
        same = [name for name in asked.types if name.startswith(things)]
        if len(same) > 1:
            yield f"{' and '.join(same)} count the same, or parts of it: they are added up twice"


def final_after(asked: Asked) -> Mapping[str, int]:
    """Clicks and cost are corrected for three days; conversions are restated after their window."""
    columns = [bought for product in PRODUCTS for bought, _ in _counted(product, asked)]
    window = max(map(metrics.attributed_days, columns), default=0)
    return {"delivery": CORRECTED, "conversions": window + RESTATED}


def _level(asked: Asked) -> Level:
    """The level of the report: an account's rows are those of its campaigns."""
    return "campaign" if asked.level == "account" else asked.level


def _report(product: Product, asked: Asked) -> str:
    return product.reports.get(_level(asked), "")


def _first(report: str, asked: Asked) -> date:
    """The first day a report may have; of no matter when it is asked, any day."""
    return catalogue()[report].first(asked.today) if asked.today else asked.since


def _object(product: Product, asked: Asked) -> str:
    return f"amazon_ads.{'profiles' if asked.level == 'account' else product.objects[asked.level]}"


def _columns(report: str) -> Mapping[str, str]:
    kind = catalogue()[report]
    return kind.known(kind.group_by)


def _counted(product: Product, asked: Asked) -> list[tuple[str, str]]:
    """The columns that count conversions, each with that of their value, which some have not."""
    if asked.conversions == DBT:
        return [product.of_dbt]
    if not asked.types:
        return [(product.purchases, product.sales)]
    known = _columns(_report(product, asked)) if _report(product, asked) else {}
    worth = {name: name.replace("purchases", "sales", 1) for name in asked.types if name in known}
    return [(name, sales if sales != name and sales in known else "") for name, sales in worth.items()]


@lru_cache(maxsize=64)
def _bases(asked: Asked) -> Mapping[str, tuple[str, str]]:
    """For each product the code of how its conversions are attributed, and what that means; what differs
    in more than days has a number behind them.
    """
    found, meant = dict[str, tuple[str, str]](), dict[str, list[str]]()
    for product in PRODUCTS:
        columns = [bought for bought, _ in _counted(product, asked)]
        words = metrics.basis(columns, columns).removeprefix("az: ")
        days = "-".join(dict.fromkeys(_DAYS.findall(words)))
        words = f"{' + '.join(columns)}, {words}" if words and asked.types else words
        known = meant.setdefault(days, [])
        known += [words] if words not in known else []
        number = f"-{known.index(words) + 1}" if known[0] != words else ""
        found[product.name] = (f"az-{days}{number}" if words else "", words)
    return found


facts = Facts(
    PLATFORM,
    OBJECTS,
    readings,
    basis,
    counts,
    final_after,
    lacks=lacks,
    mistakes=mistakes,
    overlaps=overlaps,
    built="usually 1-20 min",
    issues=ISSUES,
    search=SEARCH,
    untold=UNTOLD,
    unlisted=unlisted,
    budgets=BUDGETS,
)
