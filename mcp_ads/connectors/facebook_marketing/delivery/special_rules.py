"""Special ad categories, ads in Europe, and countries with rules of their own.

Facts: Meta's pages on special ad categories, on beneficiary and payor, and on the ad set edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .geography import COUNTRIES, EEA, EU, SHOWN, areas, countries_in, listed

CATEGORIES = frozenset({"HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES", "CREDIT"})
"""Special ad categories whose audience may not be narrowed where their rules hold."""
POLITICS = "ISSUES_ELECTIONS_POLITICS"
AMERICA = frozenset({"US", "CA"})
REGULATED = AMERICA | EEA | {"CH", "GB"}
USUAL_MIN, OLDEST = 18, 65
NARROW_PLACES = (
    "zips", "subcities", "subneighborhoods", "neighborhoods", "metro_areas", "small_geo_areas",
    "electoral_districts",
)  # fmt: skip
DETAILED = (
    "behaviors", "exclusions", "life_events", "family_statuses", "industries", "income", "education_statuses",
    "relationship_statuses", "education_schools", "education_majors", "work_employers", "work_positions",
    "college_years", "interested_in", "user_adclusters", "home_ownership", "home_type", "home_value",
    "household_composition", "moms", "net_worth", "generation", "ethnic_affinity", "office_type", "politics",
)  # fmt: skip
LEAST = {"kilometer": (25.0, 15.0), "mile": (15.0, 9.3)}
"""The smallest radius around a place in the US and Canada, and in Europe."""
OWN_RULES = {
    "TW": "TAIWAN_UNIVERSAL", "SG": "SINGAPORE_UNIVERSAL", "TH": "THAILAND_UNIVERSAL",
    "BR": "BRAZIL_REGULATION",
}  # fmt: skip


def named(categories: Iterable[str]) -> list[str]:
    """Those of a campaign's categories that limit whom its ads may reach."""
    return sorted(CATEGORIES & set(categories))


def targeting(categories: Sequence[str], value: Mapping[str, Any], *, tuned: bool) -> Iterable[str]:
    """Mistakes in a targeting object under a campaign's special ad categories.

    `tuned` says that the ad set asks Facebook to make it comply (tune_for_category).
    """
    countries = countries_in(value)
    if POLITICS in categories and countries & EU:
        where = ", ".join(sorted(countries & EU)[:3])
        yield f"targeting.geo_locations: Facebook shows no ads about politics in the EU ({where})"
    if not (found := named(categories)) or tuned or (countries and not REGULATED & countries):
        return
    yield from _narrowed(" and ".join(found), value)


def _narrowed(what: str, value: Mapping[str, Any]) -> Iterable[str]:
    """Why an audience is narrower than a special ad category allows."""
    places = value.get("geo_locations") or {}
    low, high = (value.get(name, usual) for name, usual in (("age_min", USUAL_MIN), ("age_max", OLDEST)))
    if (str(low), str(high)) != (str(USUAL_MIN), str(OLDEST)):
        yield f"targeting.age_min: {what} ads go to everybody from 18 to 65+; leave ages out"
    if {str(gender) for gender in listed(value.get("genders"))} not in (set(), {"1", "2"}):
        yield f"targeting.genders: {what} ads go to all genders; leave it out"
    for name in NARROW_PLACES:
        if places.get(name):
            yield f"targeting.geo_locations.{name}: {what} ads may not choose places that small"
    yield from _radius(what, value)
    if value.get("excluded_geo_locations"):
        yield f"targeting.excluded_geo_locations: {what} ads may not leave places out"
    within = [value, *(part for part in listed(value.get("flexible_spec")) if isinstance(part, Mapping))]
    for name in DETAILED:
        if any(part.get(name) for part in within):
            yield f"targeting.{name}: {what} ads may not be narrowed by it"
    automation = value.get("targeting_automation")
    if not isinstance(automation, Mapping) or automation.get("advantage_audience") is None:
        yield f'targeting.targeting_automation: {what} ads say {{"advantage_audience": 0}} or 1'


def _radius(what: str, value: Mapping[str, Any]) -> Iterable[str]:
    """Circles that are too small: 25 km or 15 mi in the US and Canada, 15 km in Europe."""
    for name, place in areas(value):
        radius, unit = place.get("radius"), str(place.get("distance_unit") or "mile")
        within = {str(place.get("country"))} if place.get("country") else countries_in(value)
        least = LEAST.get(unit, LEAST["mile"])[0 if within & AMERICA else 1]
        if isinstance(radius, int | float) and radius < least:
            yield f"targeting.geo_locations.{name}: {what} ads need a radius of {least:g} {unit}s or more"


def doubts(categories: Sequence[str], value: Mapping[str, Any], *, certified: bool) -> Iterable[str]:
    """What only Facebook can tell of an audience under special ad categories."""
    if not (found := named(categories)) or ((countries := countries_in(value)) and not REGULATED & countries):
        return
    what = " and ".join(found)
    if value.get("custom_audiences"):
        yield f"{what} ads may not reach lookalikes or saved audiences, only custom audiences that qualify"
        if not certified:
            yield "customer lists in such an ad set need is_sac_cfca_terms_certified"
    flexible = [part for part in listed(value.get("flexible_spec")) if isinstance(part, Mapping)]
    if value.get("interests") or any(part.get("interests") for part in flexible):
        yield f"{what} ads take only interests from an approved list: search with regulated_categories"


def of_campaign(categories: Sequence[str], countries: Sequence[str] | None, *, new: bool) -> Iterable[str]:
    """Mistakes in a campaign's special ad categories and their countries, which an old one may have."""
    given = set(categories) - {"NONE"}
    if "NONE" in categories and given:
        yield "special_ad_categories: NONE stands alone"
    if new and (need := sorted(given - CATEGORIES)) and not countries:
        yield f'special_ad_category_country: {" and ".join(need)} needs it, such as ["US"]'
    if POLITICS in given and (inside := sorted(EU & set(countries or ()))):
        where = ", ".join(inside)
        yield f"special_ad_category_country: Facebook shows no ads about politics in the EU ({where})"
    yield from (
        f"special_ad_category_country: {country[:SHOWN]!r} is no country; write two letters, such as US"
        for country in countries or ()
        if country not in COUNTRIES
    )


def of_campaign_doubts(categories: Sequence[str], countries: Sequence[str] | None) -> Iterable[str]:
    """What Facebook fills in, and what it wants of the ads."""
    if (found := named(categories)) and not countries:
        what = " and ".join(found)
        yield f"{what} without special_ad_category_country: the country of the account's taxes counts"
    if POLITICS in categories:
        yield (
            "ads about politics: the user and the page must be authorised there, and creatives need "
            "authorization_category"
        )


def payers(value: Mapping[str, Any], *, payor: Any, beneficiary: Any) -> Iterable[str]:
    """What a person should know about ads shown in Europe: who pays, and for whom."""
    groups = {str(group) for group in listed((value.get("geo_locations") or {}).get("country_groups"))}
    there = countries_in(value) & (EEA | {"CH", "GB"}) or groups & {"europe", "eea", "worldwide"}
    lacking = [n for n, given in (("dsa_payor", payor), ("dsa_beneficiary", beneficiary)) if not given]
    if there and lacking:
        yield f"ads shown in the EU need {' and '.join(lacking)}, unless the account has them set"


def regional(categories: Sequence[str] | None, identities: Any) -> Iterable[str]:
    """Mistakes in what certain countries want to know of an advertiser."""
    if categories and not identities:
        yield "regional_regulation_identities: regional_regulated_categories needs it"


def regional_doubts(value: Mapping[str, Any], categories: Sequence[str] | None) -> Iterable[str]:
    """Countries that may want to know who advertises there."""
    found = {rule: country for country, rule in OWN_RULES.items() if country in countries_in(value)}
    for rule, country in found.items():
        if not categories:
            yield f"ads shown in {country} may need regional_regulated_categories, such as {rule}"
