"""What Facebook demands of a targeting object, and what it takes without a word although it means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_ads.core.synonyms import closest_of

_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())
"""ISO 3166 alpha-2, and XK, which Facebook knows."""
_KEYS = """
adgroup_id age_max age_min age_range alternate_auto_targeting_option app_install_state
audience_network_positions behaviors brand_safety_content_filter_levels catalog_based_targeting
cities college_years connections contextual_targeting_categories countries country country_groups
custom_audiences device_platforms direct_install_devices dynamic_audience_ids education_majors
education_schools education_statuses engagement_specs ethnic_affinity exclude_reached_since
excluded_brand_safety_content_types excluded_connections excluded_custom_audiences
excluded_dynamic_audience_ids excluded_engagement_specs excluded_geo_locations
excluded_mobile_device_model excluded_product_audience_specs excluded_publisher_categories
excluded_publisher_list_ids excluded_user_device exclusions facebook_positions family_statuses
fb_deal_id flexible_spec friends_of_connections genders generation geo_locations home_ownership
home_type home_value household_composition income industries instagram_positions
install_state_application instream_video_skippable_excluded interested_in interests
is_whatsapp_destination_ad keywords life_events locales messenger_positions moms net_worth
office_type place_page_set_ids political_views politics product_audience_specs prospecting_audience
publisher_platforms radius regions relationship_statuses site_category subscriber_universe
targeting_automation targeting_optimization targeting_relaxation_types threads_positions
user_adclusters user_age_unknown user_device user_event user_os whatsapp_positions wireless_carrier
work_employers work_positions zips
"""
KEYS = frozenset(_KEYS.split())
"""The fields of Targeting in Meta's own client, version 26."""
PLATFORMS = frozenset({"facebook", "instagram", "audience_network", "messenger", "threads", "whatsapp"})
YOUNGEST, OLDEST = 13, 65
USUAL_MIN, WIDEST_MIN = 18, 25
CATEGORIES = frozenset({"HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES", "CREDIT"})
"""Special ad categories whose audience may not be narrowed where their rules hold."""
EUROPE = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
REGULATED = frozenset({"US", "CA"} | set(EUROPE.split()))
NARROW_PLACES = (
    "zips", "subcities", "subneighborhoods", "neighborhoods", "metro_areas", "small_geo_areas",
    "electoral_districts",
)  # fmt: skip
NARROWING = ("genders", "custom_audiences", "flexible_spec", "interests", "behaviors")
DETAILED = (
    "behaviors", "exclusions", "life_events", "family_statuses", "industries", "income", "education_statuses",
    "relationship_statuses",
)  # fmt: skip
SHOWN = 40


def targeting(value: Mapping[str, Any], *, replaces: bool) -> Iterable[str]:
    """Mistakes in a targeting object; `replaces` says that there is one already, which goes."""
    for name in sorted(value.keys() - KEYS):
        yield f"targeting.{name[:SHOWN]}: Facebook knows no such field{closest_of(name, KEYS)}"
    if not _placed(value) and not value.get("custom_audiences"):
        whole = "; the targeting object is replaced as a whole, so give all of it" if replaces else ""
        yield f'targeting.geo_locations: it needs a location, such as {{"countries": ["US"]}}{whole}'
    for name in ("geo_locations", "excluded_geo_locations"):
        yield from _countries(name, value.get(name))
    yield from _ages(value)
    yield from _chosen("publisher_platforms", value.get("publisher_platforms"), PLATFORMS)
    yield from _chosen("genders", value.get("genders"), frozenset({1, 2}))
    yield from _advantage(value)


def special(categories: Sequence[str], value: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in a targeting object under special ad categories: housing, employment, financial products."""
    named = sorted(CATEGORIES & set(categories))
    if not named or not _regulated(value):
        return
    what, places = " and ".join(named), value.get("geo_locations") or {}
    low, high = _age(value, "age_min", USUAL_MIN), _age(value, "age_max", OLDEST)
    if (low, high) != (USUAL_MIN, OLDEST):
        yield f"targeting.age_min: {what} ads go to everybody from 18 to 65+; leave ages out"
    if set(value.get("genders") or ()) not in (set(), {1, 2}):
        yield f"targeting.genders: {what} ads go to all genders; leave it out"
    for name in NARROW_PLACES:
        if places.get(name):
            yield f"targeting.geo_locations.{name}: {what} ads may not choose places that small"
    if value.get("excluded_geo_locations"):
        yield f"targeting.excluded_geo_locations: {what} ads may not leave places out"
    for name in DETAILED:
        if value.get(name):
            yield f"targeting.{name}: {what} ads may not be narrowed by it"


def payers(value: Mapping[str, Any], *, named: bool) -> Iterable[str]:
    """What a person should know about ads shown in Europe."""
    places = value.get("geo_locations")
    countries = _listed(places.get("countries")) if isinstance(places, Mapping) else []
    if not named and set(map(str, countries)) & set(EUROPE.split()):
        yield "ads shown in the EU need dsa_payor and dsa_beneficiary, unless the account has them set"


def countries_of(categories: Sequence[str], countries: Sequence[str] | None) -> Iterable[str]:
    """Mistakes in a campaign's special ad categories and the countries they hold for."""
    named = sorted(set(categories) - {"NONE"})
    if named and not countries:
        yield f'special_ad_category_country: {" and ".join(named)} needs it, such as ["US"]'
    yield from (
        f"special_ad_category_country: {country[:SHOWN]!r} is no country; write two letters, such as US"
        for country in countries or ()
        if country not in COUNTRIES
    )


def _placed(value: Mapping[str, Any]) -> bool:
    """Whether a targeting object names a place."""
    places = value.get("geo_locations")
    named = places.items() if isinstance(places, Mapping) else ()
    return any(place for name, place in named if name != "location_types")


def _regulated(value: Mapping[str, Any]) -> bool:
    """Whether the rules of special ad categories may hold: anywhere but in countries known to be outside."""
    places = value.get("geo_locations")
    countries = places.get("countries") if isinstance(places, Mapping) else None
    return not countries or bool(REGULATED & set(map(str, _listed(countries))))


def _countries(name: str, places: Any) -> Iterable[str]:
    for country in _listed(places.get("countries")) if isinstance(places, Mapping) else ():
        if not isinstance(country, str) or country not in COUNTRIES:
            upper = str(country).strip().upper()
            meant = f"; did you mean {upper}?" if upper in COUNTRIES else "; write two letters, such as US"
            yield f"targeting.{name}.countries: {str(country)[:SHOWN]!r} is no country{meant}"


def _ages(value: Mapping[str, Any]) -> Iterable[str]:
    for name in ("age_min", "age_max"):
        given = value.get(name)
        if given is not None and not (str(given).isdecimal() and YOUNGEST <= int(str(given)) <= OLDEST):
            yield f"targeting.{name}: {YOUNGEST} to {OLDEST} (65 and older), not {str(given)[:SHOWN]!r}"
    if _age(value, "age_min", YOUNGEST) > _age(value, "age_max", OLDEST):
        yield f"targeting.age_min: {value['age_min']} is above age_max {value.get('age_max', OLDEST)}"


def _advantage(value: Mapping[str, Any]) -> Iterable[str]:
    """A narrowed audience says whether Facebook may widen it."""
    automation = value.get("targeting_automation")
    choice = automation.get("advantage_audience") if isinstance(automation, Mapping) else None
    low, high = _age(value, "age_min", USUAL_MIN), _age(value, "age_max", OLDEST)
    if choice is None and (any(value.get(name) for name in NARROWING) or low > WIDEST_MIN or high < OLDEST):
        yield (
            "targeting.targeting_automation: ages, genders, audiences and interests need "
            '{"advantage_audience": 0} (as given) or 1 (Facebook may widen it)'
        )
    if choice in (1, "1", True) and (low > WIDEST_MIN or high != OLDEST):
        yield "targeting.age_min: with advantage_audience 1 it is at most 25 and age_max is 65; use age_range"


def _age(value: Mapping[str, Any], name: str, usual: int) -> int:
    given = str(value.get(name))
    return int(given) if given.isdecimal() else usual


def _chosen(name: str, given: Any, known: frozenset[Any]) -> Iterable[str]:
    for choice in _listed(given):
        if not isinstance(choice, str | int) or choice not in known:
            allowed = ", ".join(map(str, sorted(known)))
            yield f"targeting.{name}: {str(choice)[:SHOWN]!r} is not one of {allowed}"


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given] if given else []
