"""Special ad categories, politics, and countries that want to know who advertises."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import GraphError, invalid, refused
from mcp_ads.sandbox.facebook_marketing.params import Body, as_object

from .placements import as_number, objects

SPECIAL = {"HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES"}
POLITICS = "ISSUES_ELECTIONS_POLITICS"
MEMBERS = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
UNION = set(MEMBERS.split())
AMERICA = {"US", "CA"}
WATCHED = {*AMERICA, *UNION, "IS", "LI", "NO", "CH", "GB"}
SMALL = "zips subcities subneighborhoods neighborhoods metro_areas small_geo_areas electoral_districts"
NARROW = (
    "behaviors exclusions life_events family_statuses industries income education_statuses "
    "relationship_statuses education_schools education_majors work_employers work_positions college_years "
    "interested_in user_adclusters home_ownership home_type home_value household_composition moms net_worth "
    "generation ethnic_affinity office_type politics"
)
RADIUS = {"mile": (15, 9), "kilometer": (25, 15)}
MESSAGING = "MESSAGING_"


def check(call: Call, body: Body, campaign: Body) -> None:
    """Refuse what Graph refuses of an ad set for its campaign's categories and the countries it reaches."""
    categories, targeting = set(campaign.get("special_ad_categories") or ()), body["targeting"]
    places = as_object("targeting[geo_locations]", targeting.get("geo_locations") or {})
    countries = set(places.get("countries") or ())
    if POLITICS in categories and UNION & countries:
        text = "Ads about social issues, elections or politics are not shown in the EU."
        raise refused(2708008, "Not available in the EU", text, blame="targeting")
    if str(body.get("destination_type", "")).startswith(MESSAGING) and categories - {"NONE"}:
        text = "Several messaging apps cannot be used with a special ad category."
        raise refused(2446509, "Invalid destination type", text, blame="destination_type")
    if body.get("regional_regulated_categories") and not body.get("regional_regulation_identities"):
        raise refused(3858634, "Identity needed", "Give regional_regulation_identities.")
    if not SPECIAL & categories or (countries and not WATCHED & countries) or body.get("tune_for_category"):
        return
    for reason in (*_narrowed(targeting, places, countries), *_audiences(call, targeting)):
        raise refused(2909035, "Audience restricted", reason, blame="targeting")
    if as_object("automation", targeting.get("targeting_automation") or {}).get("advantage_audience") is None:
        text = "Set targeting.targeting_automation.advantage_audience to 0 or 1."
        raise refused(1870227, "Advantage audience flag required", text, blame="targeting")
    lists = [row for row in _named(call, targeting) if row.get("subtype") == "CUSTOM"]
    if lists and not body.get("is_sac_cfca_terms_certified"):
        raise invalid("Customer lists in this category need is_sac_cfca_terms_certified")


def _named(call: Call, targeting: Body) -> Iterator[Body]:
    for one in objects("custom_audiences", targeting.get("custom_audiences")):
        if found := call.state.get("audience", str(one.get("id"))):
            yield found


def _audiences(call: Call, targeting: Body) -> Iterator[str]:
    if any(row.get("subtype") == "LOOKALIKE" for row in _named(call, targeting)):
        yield "Ads of a special ad category cannot reach lookalike audiences."


def _narrowed(targeting: Body, places: Body, countries: set[str]) -> Iterator[str]:
    """Why this audience is too narrow for a special ad category."""
    if int(targeting.get("age_min", 18)) != 18 or int(targeting.get("age_max", 65)) != 65:
        yield "Ads of a special ad category must include ages 18 through 65+."
    if set(targeting.get("genders") or ()) not in (set(), {1, 2}):
        yield "Ads of a special ad category must include all genders."
    if any(places.get(name) for name in SMALL.split()) or targeting.get("excluded_geo_locations"):
        yield "Ads of a special ad category cannot select or leave out places this small."
    within = [targeting, *objects("flexible_spec", targeting.get("flexible_spec"))]
    if any(part.get(name) for part in within for name in NARROW.split()):
        yield "Ads of a special ad category cannot be narrowed in detail."
    for name in ("cities", "custom_locations", "places"):
        for place in objects(name, places.get(name)):
            least = RADIUS.get(place.get("distance_unit", "mile"), (0, 0))
            there = {place["country"]} if place.get("country") else countries
            if as_number("radius", place.get("radius", 99)) < least[0 if there & AMERICA else 1]:
                yield "The radius around a place is too small for a special ad category."


def check_campaign(sent: Body) -> None:
    """Politics and gambling need a country; housing, employment and finance fall back to the account's."""
    given = sent.get("special_ad_categories") or []
    special, countries = set(given) - {"NONE"}, sent.get("special_ad_category_country") or []
    if "NONE" in given and special:
        raise invalid("special_ad_categories: NONE cannot be combined with others")
    if special - SPECIAL and not countries:
        raise GraphError(100, "Special ad category country is required", subcode=2909034)
    if POLITICS in special and UNION & set(countries):
        text = "Ads about social issues, elections or politics are not shown in the EU."
        raise refused(2708008, "Not available in the EU", text, blame="special_ad_category_country")
