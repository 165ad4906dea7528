"""What an ad set promotes: which fields each goal needs, under which objective."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_calls import ad_set, problems

PIXEL = {"pixel_id": "1", "custom_event_type": "PURCHASE"}
APP = {"application_id": "1", "object_store_url": "https://apps.apple.com/app/id1"}
PAGE = {"page_id": "1"}


def _promoted(
    goal: str, promoted: dict[str, Any], objective: str = "OUTCOME_SALES", **params: Any
) -> list[str]:
    call = ad_set(goal, daily_budget=5000, promoted_object=promoted, **params)
    return problems(call, objective=objective)


RIGHT = [
    ("PAGE_LIKES", PAGE, "OUTCOME_ENGAGEMENT"),
    ("LEAD_GENERATION", PAGE, "OUTCOME_LEADS"),
    ("QUALITY_LEAD", {**PAGE, "pixel_id": "1"}, "OUTCOME_LEADS"),
    ("LINK_CLICKS", {}, "OUTCOME_TRAFFIC"),
    ("LINK_CLICKS", PAGE, "OUTCOME_TRAFFIC"),
    ("LINK_CLICKS", APP, "OUTCOME_TRAFFIC"),
    ("APP_INSTALLS", APP, "OUTCOME_APP_PROMOTION"),
    ("APP_INSTALLS", APP, ""),
    ("OFFSITE_CONVERSIONS", PIXEL, "OUTCOME_SALES"),
    ("OFFSITE_CONVERSIONS", {"pixel_id": "1"}, "OUTCOME_LEADS"),
    ("OFFSITE_CONVERSIONS", {**PIXEL, "pixel_rule": "{}"}, "OUTCOME_SALES"),
    ("OFFSITE_CONVERSIONS", {"event_id": "1", "custom_event_type": "RATE"}, "OUTCOME_SALES"),
    (
        "OFFSITE_CONVERSIONS",
        {"offline_conversion_data_set_id": "1", "custom_event_type": "OTHER"},
        "OUTCOME_SALES",
    ),
    ("OFFSITE_CONVERSIONS", {"product_set_id": "1"}, "OUTCOME_SALES"),
    ("OFFSITE_CONVERSIONS", {"product_set_id": "1", "custom_event_type": "PURCHASE"}, "OUTCOME_SALES"),
    ("OFFSITE_CONVERSIONS", {"pixel_id": "1", "custom_conversion_id": "2"}, "OUTCOME_SALES"),
    ("OFFSITE_CONVERSIONS", {"omnichannel_object": {"app": [], "pixel": []}}, "OUTCOME_SALES"),
    ("OFFSITE_CONVERSIONS", {**APP, "custom_event_type": "ADD_TO_CART"}, "OUTCOME_APP_PROMOTION"),
    (
        "OFFSITE_CONVERSIONS",
        {**APP, "custom_event_type": "OTHER", "custom_event_str": "x"},
        "OUTCOME_APP_PROMOTION",
    ),
    ("VALUE", PIXEL, "OUTCOME_SALES"),
    ("VALUE", APP, "OUTCOME_APP_PROMOTION"),
    ("REACH", {}, "OUTCOME_AWARENESS"),
    ("CONVERSATIONS", {}, "OUTCOME_ENGAGEMENT"),
    ("IMPRESSIONS", PIXEL, "CONVERSIONS"),
    ("LINK_CLICKS", {"product_set_id": "1"}, "PRODUCT_CATALOG_SALES"),
]


@pytest.mark.parametrize(("goal", "promoted", "objective"), RIGHT)
def test_promoted_object_is_accepted(goal: str, promoted: dict[str, Any], objective: str) -> None:
    """What Facebook takes must not be refused here."""
    assert _promoted(goal, promoted, objective) == []


WRONG = [
    ("PAGE_LIKES", {}, "OUTCOME_ENGAGEMENT", "PAGE_LIKES needs {page_id}"),
    ("PAGE_LIKES", {"page_id": ""}, "OUTCOME_ENGAGEMENT", "needs {page_id}"),
    ("PAGE_LIKES", {"page_id": None}, "OUTCOME_ENGAGEMENT", "needs {page_id}"),
    ("LEAD_GENERATION", PIXEL, "OUTCOME_LEADS", "LEAD_GENERATION needs {page_id}"),
    ("QUALITY_LEAD", {}, "OUTCOME_LEADS", "QUALITY_LEAD needs {page_id}"),
    ("LINK_CLICKS", {"application_id": "1"}, "OUTCOME_TRAFFIC", "{application_id, object_store_url}"),
    (
        "LINK_CLICKS",
        {"object_store_url": "https://x"},
        "OUTCOME_TRAFFIC",
        "object_store_url needs application_id",
    ),
    ("APP_INSTALLS", {}, "OUTCOME_APP_PROMOTION", "{application_id, object_store_url}"),
    ("APP_INSTALLS", PIXEL, "OUTCOME_APP_PROMOTION", "{application_id, object_store_url}"),
    ("OFFSITE_CONVERSIONS", {}, "OUTCOME_SALES", "{pixel_id}"),
    ("OFFSITE_CONVERSIONS", PAGE, "OUTCOME_LEADS", "{pixel_id}"),
    ("OFFSITE_CONVERSIONS", {"custom_event_type": "PURCHASE"}, "OUTCOME_SALES", "{pixel_id}"),
    ("OFFSITE_CONVERSIONS", {"event_id": "1"}, "OUTCOME_SALES", "{custom_event_type, event_id}"),
    ("OFFSITE_CONVERSIONS", PIXEL, "OUTCOME_APP_PROMOTION", "application_id"),
    ("OFFSITE_CONVERSIONS", APP, "OUTCOME_APP_PROMOTION", "custom_event_type"),
    ("OFFSITE_CONVERSIONS", {**PIXEL, "application_id": "1"}, "OUTCOME_SALES", "object_store_url"),
    ("VALUE", {}, "OUTCOME_SALES", "VALUE needs"),
    ("VALUE", PIXEL, "OUTCOME_APP_PROMOTION", "{application_id, object_store_url}"),
    ("REACH", {}, "CONVERSIONS", "{pixel_id}"),
    ("REACH", PIXEL, "PRODUCT_CATALOG_SALES", "{product_set_id}"),
    ("VALUE", {"pixel_id": "1", "pixel_rule": "{}"}, "OUTCOME_SALES", "pixel_rule needs pixel_id and"),
    (
        "REACH",
        {"custom_event_str": "x"},
        "OUTCOME_AWARENESS",
        "custom_event_str needs custom_event_type OTHER",
    ),
    ("VALUE", {**PIXEL, "custom_event_str": "x"}, "OUTCOME_SALES", "custom_event_str needs"),
    (
        "VALUE",
        {"pixel_id": "1", "custom_event_type": "VIEW_CONTENT"},
        "OUTCOME_SALES",
        "did you mean CONTENT_VIEW?",
    ),
    (
        "VALUE",
        {"pixel_id": "1", "custom_event_type": ["PURCHASE"]},
        "OUTCOME_SALES",
        "is no event of Facebook's",
    ),
]


@pytest.mark.parametrize(("goal", "promoted", "objective", "said"), WRONG)
def test_promoted_object_is_refused(goal: str, promoted: dict[str, Any], objective: str, said: str) -> None:
    """The message names the fields that are missing."""
    assert said in "\n".join(_promoted(goal, promoted, objective))


def test_app_destination_needs_the_app() -> None:
    """Link clicks into an app, and only those, need to know the app."""
    assert "{application_id, object_store_url}" in _promoted("LINK_CLICKS", {}, destination_type="APP")[0]
    assert _promoted("LINK_CLICKS", APP, destination_type="APP") == []
    assert _promoted("LINK_CLICKS", {}, destination_type="WEBSITE") == []


@pytest.mark.parametrize(
    ("goal", "promoted", "said"),
    [
        ("OFFSITE_CONVERSIONS", {"pixel_id": "1"}, "without custom_event_type"),
        ("CONVERSATIONS", {}, "picks a page itself"),
        (
            "APP_INSTALLS",
            {**APP, "object_store_url": "https://store.example.com/a"},
            "neither Apple's nor Google's",
        ),
    ],
)
def test_doubtful_promoted_object_warns(goal: str, promoted: dict[str, Any], said: str) -> None:
    """What Facebook may take is said to the person who approves, not refused."""
    call = ad_set(goal, daily_budget=5000, promoted_object=promoted)
    assert problems(call, objective="") == []
    assert said in "\n".join(call.warnings({}))


def test_complete_promoted_object_does_not_warn() -> None:
    """A warning on every plan would be read by nobody."""
    assert list(ad_set("OFFSITE_CONVERSIONS", promoted_object=PIXEL).warnings({})) == []
