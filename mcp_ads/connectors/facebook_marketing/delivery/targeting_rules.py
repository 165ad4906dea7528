"""What Facebook demands of a targeting object, and what it takes without a word although it means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.core.synonyms import closest_of

from . import geography, placement_rules
from .geography import EEA, SHOWN, countries_in, listed

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
YOUNGEST, OLDEST = 13, 65
USUAL_MIN, WIDEST_MIN = 18, 25
ADULT_IN = {**dict.fromkeys(EEA | {"CH"}, 18), "TH": 20}
"""The youngest that ads may be shown to, where that is more than 13."""
NARROWING = ("genders", "custom_audiences", "flexible_spec", "interests", "behaviors")


def targeting(value: Mapping[str, Any], *, replaces: bool) -> Iterable[str]:
    """Mistakes in a targeting object; `replaces` says that there is one already, which goes."""
    for name in sorted(value.keys() - KEYS):
        yield f"targeting.{name[:SHOWN]}: Facebook knows no such field{closest_of(name, KEYS)}"
    if not geography.placed(value) and not value.get("custom_audiences"):
        whole = "; the targeting object is replaced as a whole, so give all of it" if replaces else ""
        yield f'targeting.geo_locations: it needs a location, such as {{"countries": ["US"]}}{whole}'
    yield from geography.mistakes(value)
    yield from _ages(value)
    for gender in listed(value.get("genders")):
        if str(gender) not in ("1", "2"):
            yield f"targeting.genders: {str(gender)[:SHOWN]!r} is not one of 1, 2"
    yield from _without_ids(value)
    yield from placement_rules.mistakes(value)
    yield from _excluded(value)
    yield from _advantage(value)


def doubts(value: Mapping[str, Any]) -> Iterable[str]:
    """What Facebook takes, but may understand otherwise."""
    yield from geography.doubts(value)
    yield from placement_rules.doubts(value)


def _without_ids(value: Mapping[str, Any]) -> Iterable[str]:
    """Interests and behaviors are told by ids, whatever their names are."""
    for group in (value, value.get("exclusions"), *listed(value.get("flexible_spec"))):
        for name in ("interests", "behaviors"):
            for option in listed(group.get(name)) if isinstance(group, Mapping) else ():
                given = option.get("id") if isinstance(option, Mapping) else option
                if not str(given).isdecimal():
                    said = f"{str(given or option)[:SHOWN]!r} is no id"
                    yield f'targeting.{name}: {said}; write [{{"id": "…"}}], `targeting list` has them'


def _ages(value: Mapping[str, Any]) -> Iterable[str]:
    for name in ("age_min", "age_max"):
        given = value.get(name)
        if given is not None and not (str(given).isdecimal() and YOUNGEST <= int(str(given)) <= OLDEST):
            yield f"targeting.{name}: {YOUNGEST} to {OLDEST} (65 and older), not {str(given)[:SHOWN]!r}"
    low = _age(value, "age_min", YOUNGEST)
    if low > _age(value, "age_max", OLDEST):
        yield f"targeting.age_min: {value['age_min']} is above age_max {value.get('age_max', OLDEST)}"
    strict = sorted(country for country in countries_in(value) & ADULT_IN.keys() if low < ADULT_IN[country])
    if value.get("age_min") is not None and strict:
        yield f"targeting.age_min: at least {ADULT_IN[strict[0]]} in {strict[0]}, not {low}"


def _excluded(value: Mapping[str, Any]) -> Iterable[str]:
    """Exclusions by interest are gone; audiences are excluded in a field of their own."""
    left_out = value.get("exclusions")
    if isinstance(left_out, Mapping) and "custom_audiences" in left_out:
        yield "targeting.exclusions: audiences are left out by excluded_custom_audiences"
    elif left_out:
        yield "targeting.exclusions: Facebook takes no detailed exclusions any more; leave it out"


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
