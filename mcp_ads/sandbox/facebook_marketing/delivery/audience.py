"""Whom an ad set may reach: fields Graph knows, countries there are, and ages."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.params import Body, as_int, as_list, as_object

from . import placements

COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
FIELDS = """
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
PLATFORMS = ("facebook", "instagram", "audience_network", "messenger", "threads", "whatsapp")
YOUNGEST, OLDEST = 13, 65


def check(body: Body) -> None:
    """Refuse what Graph refuses in the targeting of an ad set, whatever its campaign."""
    targeting = body["targeting"]
    if unknown := sorted(set(targeting) - set(FIELDS.split())):
        raise invalid(f'Invalid keys "{unknown[0]}" were found in param "targeting".')
    places = as_object("targeting[geo_locations]", targeting.get("geo_locations") or {})
    countries = as_list("countries", places.get("countries") or [])
    if wrong := [country for country in countries if country not in COUNTRIES.split()]:
        raise invalid(f"Param targeting[geo_locations][countries] has no country {wrong[0]!r}")
    for name in ("cities", "regions"):
        if wrong := [row for row in places.get(name) or [] if not _has_number(row, "key")]:
            raise invalid(f"Param targeting[geo_locations][{name}] has no place {wrong[0]!r}")
    for group in (targeting, targeting.get("exclusions") or {}, *(targeting.get("flexible_spec") or [])):
        for name in ("interests", "behaviors"):
            if wrong := [row for row in group.get(name) or [] if not _has_number(row, "id")]:
                raise invalid(f"Param targeting[{name}] must have ids - got {wrong[0]!r}")
    _ages(targeting)
    platforms = as_list("publisher_platforms", targeting.get("publisher_platforms") or [])
    if wrong := [platform for platform in platforms if platform not in PLATFORMS]:
        raise invalid(f"Param targeting[publisher_platforms] must be one of {PLATFORMS} - got {wrong[0]!r}")
    placements.check(targeting, places)


def _has_number(row: object, key: str) -> bool:
    return str(row.get(key) if isinstance(row, dict) else row).isdecimal()


def check_own(call: Call, targeting: Body) -> None:
    """The custom audiences of a targeting object are the account's."""
    for name in ("custom_audiences", "excluded_custom_audiences"):
        for named in placements.objects(name, targeting.get(name)):
            call.owned("audience", str(named.get("id")))


def _ages(targeting: Body) -> None:
    low, high = (
        as_int(name, targeting.get(name, usual)) for name, usual in (("age_min", 18), ("age_max", OLDEST))
    )
    if not YOUNGEST <= low <= high <= OLDEST:
        raise invalid(f"Param targeting[age_min] must be {YOUNGEST} to {OLDEST} and not above age_max")
