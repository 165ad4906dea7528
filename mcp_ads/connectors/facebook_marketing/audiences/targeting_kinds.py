"""Meta's words for what targeting can name, where each is searched, and what its rows have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

LimitType = Literal[
    "behaviors", "college_years", "education_majors", "education_schools", "education_statuses",
    "ethnic_affinity", "family_statuses", "generation", "home_ownership", "home_type", "home_value",
    "household_composition", "income", "industries", "interested_in", "interests", "life_events",
    "location_categories", "moms", "net_worth", "office_type", "politics", "relationship_statuses",
    "user_adclusters", "work_employers", "work_positions",
]  # fmt: skip
"""The values of limit_type in facebook-business 26.0.3, AdAccount.get_targeting_search."""
Regulated = Literal[
    "NONE", "HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES", "ISSUES_ELECTIONS_POLITICS",
    "ONLINE_GAMBLING_AND_GAMING",
]  # fmt: skip
Searched = LimitType | Literal["places", "countries", "locales"]
EVERYWHERE: Mapping[str, str] = {
    "interests": "adinterest",
    "places": "adgeolocation",
    "countries": "adcountry",
    "locales": "adlocale",
    "education_schools": "adeducationschool",
    "education_majors": "adeducationmajor",
    "work_employers": "adworkemployer",
    "work_positions": "adworkposition",
}
"""What is searched without an ad account, by Meta's types (TargetingSearch.TargetingSearchTypes)."""
CLASSES = frozenset({
    "interests", "behaviors", "demographics", "life_events", "industries", "income", "family_statuses",
    "user_device", "user_os",
})  # fmt: skip
"""The classes of adTargetingCategory (Meta's docs, Targeting Search)."""
SIZES = ("audience_size_lower_bound", "audience_size_upper_bound")
OPTION = ("id", "name", "type", *SIZES)
TREE = ("id", "name", "path", *SIZES)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "interests": ("id", "name", "topic", *SIZES),
    "places": ("key", "name", "type", "region", "country_code"),
    "countries": ("key", "name", "type"),
    "locales": ("key", "name"),
    "found": ("key", "name", "type", "region", "country_code", "valid"),
}
KNOWN = (
    "id", "key", "name", "type", "path", "description", *SIZES, "audience_size", "topic",
    "disambiguation_category", "coverage", "subtext", "valid", "current_status", "future_plan",
    "country_code",
    "country_name", "country_codes", "region", "region_id", "supports_region", "supports_city",
    "primary_city", "primary_city_id", "geo_hierarchy_level", "geo_hierarchy_name", "is_worldwide",
    "conversion_lift", "img", "info", "info_title", "is_recommendation", "is_youth_ads_age_gated", "link",
    "parent", "partner", "performance_rating", "raw_name", "recommendation_model", "search_interest_id",
    "source", "spend",
)  # fmt: skip
PLACE_LISTS = frozenset({
    "countries", "country_groups", "regions", "cities", "zips", "geo_markets", "electoral_districts",
    "subcities", "neighborhoods", "custom_locations", "places",
})  # fmt: skip
"""Lists of keys that adgeolocationmeta takes, by the names geo_locations has."""


def places_found(asked: Mapping[str, list[str]], answer: Any) -> list[dict[str, Any]]:
    """A row for each key asked for; the answer is an object of lists by key and lacks what there is not."""
    return list(_places(asked, answer if isinstance(answer, Mapping) else {}))


def _places(asked: Mapping[str, list[str]], answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for kind, keys in asked.items():
        found = answer.get(kind)
        for key in keys:
            place = found.get(key) if isinstance(found, Mapping) else None
            row = place if isinstance(place, Mapping) else {"type": kind}
            yield {**row, "key": key, "valid": isinstance(place, Mapping)}
