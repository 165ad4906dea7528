"""The make-believe Graph's targeting: searched, checked, put into words, estimated; and ads counted."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_client import ACCOUNT, CUSTOMERS, JAPAN, graph

pytestmark = pytest.mark.anyio
HIKING = "6003139266461"
SPEC = {"geo_locations": {"countries": ["US"]}}
SET = "1202120000000003401"


async def test_search_has_types() -> None:
    """Each with rows of its own; the keys of places are answered as an object."""
    async with graph() as g:
        rows = (await g.get("search", type="adinterest", q="HIK"))["data"]
        assert [(row["id"], row["name"]) for row in rows] == [(HIKING, "Hiking")]
        assert "_open" not in rows[0]
        meta = (await g.get("search", type="adgeolocationmeta", cities=["2514815", "7"], countries=["US"]))[
            "data"
        ]
        assert meta["cities"].keys() == {"2514815"}
        assert meta["countries"]["US"]["name"] == "United States"
        first = await g.get("search", type="adgeolocation", location_types=["city"], limit=1)
        after = first["paging"]["cursors"]["after"]
        second = await g.get("search", type="adgeolocation", location_types=["city"], limit=1, after=after)
        assert first["data"] != second["data"]
        assert first["paging"]["next"].startswith("https://graph.facebook.com/v26.0/search?")
        for type_ in ("adTargetingCategory", "adtargetingcategory"):
            rows = (await g.get("search", **{"type": type_, "class": "behaviors"}))["data"]
            assert [row["name"] for row in rows] == ["Engaged shoppers", "Commuters"]
        valid = (await g.get("search", type="adinterestvalid", interest_list=["Hiking", "x"]))["data"]
        assert [row["valid"] for row in valid] == [True, False]


@pytest.mark.parametrize(
    ("path", "sent", "text"),
    [
        ("search", {}, "type is required"),
        ("search", {"type": "adcats"}, "must be one of"),
        ("search", {"type": "adinterest"}, "q is required"),
        ("search", {"type": "adinterest", "q": "x", "colour": "red"}, "colour"),
        ("search", {"type": "adgeolocation", "location_types": ["town"]}, "'town'"),
        ("search", {"type": "adgeolocationmeta"}, "is required"),
        ("search", {"type": "adTargetingCategory", "class": "moms"}, "class must be one of"),
        ("search", {"type": "adinterestvalid"}, "is required"),
        ("search", {"type": "targetingoptionstatus"}, "targeting_option_list is required"),
        (f"{ACCOUNT}/targetingsearch", {}, "q is required"),
        (f"{ACCOUNT}/targetingsearch", {"q": "x", "limit_type": "shoes"}, "must be one of"),
        (f"{ACCOUNT}/targetingbrowse", {"regulated_categories": ["CARS"]}, "must be one of"),
        (f"{ACCOUNT}/targetingsuggestions", {"targeting_list": [{"id": HIKING}]}, "must have type and id"),
        (f"{ACCOUNT}/targetingsuggestions", {"mode": "recently_used", "limit": 46}, "at most 45"),
        (f"{ACCOUNT}/targetingvalidation", {}, "is required"),
        (f"{ACCOUNT}/targetingvalidation", {"id_list": ["7"], "name_list": ["x"]}, "is required"),
        (f"{ACCOUNT}/targetingsentencelines", {}, "targeting_spec is required"),
        (f"{ACCOUNT}/targetingsentencelines", {"targeting_spec": {"colour": 1}}, "Invalid keys"),
        (f"{SET}/targetingsentencelines", {"targeting_spec": SPEC}, "Unknown parameter"),
        (f"{ACCOUNT}/reachestimate", {}, "targeting_spec is required"),
        (f"{ACCOUNT}/reachestimate", {"targeting_spec": {"age_min": 5}}, "age_min"),
        (f"{ACCOUNT}/delivery_estimate", {"targeting_spec": SPEC}, "optimization_goal is required"),
        (
            f"{ACCOUNT}/delivery_estimate",
            {"targeting_spec": SPEC, "optimization_goal": "X"},
            "must be one of",
        ),
        (f"{ACCOUNT}/ads_volume", {"fields": "spend"}, "nonexisting field (spend)"),
        (f"{ACCOUNT}/ads_volume", {"day": "today"}, "Unknown parameter"),
        (f"{ACCOUNT}/saved_audiences", {"limit": 500}, "reduce the amount"),
        ("1202155000000000001", {"fields": "account_id"}, "nonexisting field (account_id)"),
    ],
)
async def test_what_is_refused(path: str, sent: dict[str, Any], text: str) -> None:
    """Unknown names, types and values, as Graph refuses them."""
    async with graph() as g:
        error = await g.error("GET", path, **sent)
        assert error["code"] in (1, 100)
        assert text in error["message"]


async def test_estimates_follow_from_the_spec_alone() -> None:
    """Narrower is fewer, a place is needed, and what is too small is not told."""
    async with graph() as g:
        wide = (await g.get(f"{ACCOUNT}/reachestimate", targeting_spec=SPEC))["data"]
        narrow = (await g.get(f"{ACCOUNT}/reachestimate", targeting_spec={**SPEC, "genders": [1]}))["data"]
        assert wide["users_lower_bound"] > narrow["users_lower_bound"] > 0
        assert wide == (await g.get(f"{JAPAN}/reachestimate", targeting_spec=SPEC))["data"]
        few = {"custom_audiences": [{"id": CUSTOMERS}]}
        asked = {"targeting_spec": few, "optimization_goal": "REACH"}
        (month,) = (await g.get(f"{ACCOUNT}/delivery_estimate", **asked))["data"]
        assert month["estimate_mau_lower_bound"] == month["estimate_mau_upper_bound"] == -1
        error = await g.error("GET", f"{ACCOUNT}/reachestimate", targeting_spec={"age_min": 20})
        assert error["error_subcode"] == 1885364


async def test_ads_are_counted_by_page() -> None:
    """Limits and names only when they are asked for; one row without a breakdown."""
    async with graph() as g:
        (one,) = (await g.get(f"{ACCOUNT}/ads_volume"))["data"]
        assert one.keys() == {"ads_running_or_in_review_count"}
        (page,) = (await g.get(f"{ACCOUNT}/ads_volume", show_breakdown_by_actor=True))["data"]
        assert page.keys() == {
            "actor_id", "ads_running_or_in_review_count", "current_account_ads_running_or_in_review_count",
        }  # fmt: skip
        assert page["current_account_ads_running_or_in_review_count"] == one["ads_running_or_in_review_count"]
        assert (await g.get(f"{ACCOUNT}/ads_volume", page_id="7"))["data"] == []


async def test_saved_audiences_say_whose_they_are() -> None:
    """By an account, as an object; nobody makes or changes one here."""
    async with graph() as g:
        rows = (await g.get(f"{ACCOUNT}/saved_audiences", fields="name,account"))["data"]
        assert [row["account"]["id"] for row in rows] == [ACCOUNT, ACCOUNT]
        assert (await g.error("POST", rows[0]["id"], name="x"))["code"] == 2500
        assert (await g.error("POST", f"{ACCOUNT}/saved_audiences", name="x"))["code"] == 2500


@pytest.mark.parametrize(
    "wrong",
    [
        {"geo_locations": {"cities": [{"key": "nonsense"}]}},
        {"geo_locations": {"countries": ["US"]}, "interests": ["Hiking"]},
        {"geo_locations": {"countries": ["US"]}, "flexible_spec": [{"behaviors": [{"name": "x"}]}]},
    ],
    ids=str,
)
async def test_names_are_neither_keys_nor_ids(wrong: dict[str, Any]) -> None:
    """An estimate of what nobody can be told by is refused."""
    async with graph() as g:
        error = await g.error("GET", f"{ACCOUNT}/reachestimate", targeting_spec=wrong)
        assert error["code"] == 100


async def test_the_archive_knows_its_countries() -> None:
    """Two letters are not enough."""
    async with graph() as g:
        error = await g.error("GET", "ads_archive", ad_reached_countries=["XX"], search_terms="rain")
        assert "must be a country" in error["message"]
