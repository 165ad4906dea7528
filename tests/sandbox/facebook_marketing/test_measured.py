"""The make-believe Graph's pixels, events, custom conversions and Ad Library: what it takes, and refuses."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

import pytest
from facebook_client import ACCOUNT, JAPAN, graph

pytestmark = pytest.mark.anyio
PIXEL, PIXEL_JP = "887766554433221", "887766554433222"
HASH = hashlib.sha256(b"mary@example.com").hexdigest()
NOW = int(time.time())
LEAD: dict[str, Any] = {
    "event_name": "Lead",
    "event_time": NOW - 60,
    "action_source": "phone_call",
    "user_data": {"em": [HASH]},
}
RULE = json.dumps({"url": {"i_contains": "thanks"}})
QUALITY = "web{event_name,event_match_quality{composite_score}}"


async def test_pixels_are_listed_read_and_changed() -> None:
    """Sorted as asked for; one for an account; no field and no parameter but their own."""
    async with graph() as g:
        rows = (await g.get(f"{ACCOUNT}/adspixels", fields="name", sort_by="NAME"))["data"]
        assert [row["id"] for row in rows] == [PIXEL]
        assert "must be one of" in (await g.error("GET", f"{ACCOUNT}/adspixels", sort_by="AGE"))["message"]
        assert "account_id" in (await g.error("GET", PIXEL, fields="account_id"))["message"]
        assert (await g.error("POST", f"{ACCOUNT}/adspixels", name="Second"))["code"] == 6200
        assert await g.post(PIXEL, name="Shop", automatic_matching_fields=["em"]) == {"success": True}
        shown = await g.get(PIXEL, fields="name,automatic_matching_fields")
        assert shown == {"name": "Shop", "automatic_matching_fields": ["em"], "id": PIXEL}
        assert "Unknown parameter" in (await g.error("POST", PIXEL, colour="red"))["message"]
        assert "delete" in (await g.error("DELETE", PIXEL))["message"]


async def test_stats_are_hours() -> None:
    """An entry an hour with its counts; bounds in order; what was posted is among them."""
    async with graph() as g:
        day = {"start_time": "2026-11-20T00:00:00+0000", "end_time": "1795219200"}
        hours = (await g.get(f"{PIXEL}/stats", aggregation="event", limit=100, **day))["data"]
        assert len(hours) == 24
        assert hours[0]["aggregation"] == "event"
        assert {"value", "count"} == hours[0]["data"][0].keys()
        assert "aggregation" in (await g.error("GET", f"{PIXEL}/stats", aggregation="device"))["message"]
        backwards = await g.error("GET", f"{PIXEL}/stats", start_time="1795219200", end_time="1795132800")
        assert "before" in backwards["message"]
        assert (await g.error("GET", f"{PIXEL}/stats", start_time="1600000000"))["code"] == 1
        await g.post(f"{PIXEL}/events", data=[{**LEAD, "event_name": "Tour"}] * 2)
        since = str(NOW - 7200)
        last = (await g.get(f"{PIXEL}/stats", event="Tour", start_time=since))["data"]
        assert [entry["data"] for entry in last] == [[{"value": "Tour", "count": 2}]]


async def test_quality_is_for_whoever_manages_the_pixel() -> None:
    """Fields have to be named, as they are spelt, at every depth."""
    async with graph() as g:
        asked = {"dataset_id": PIXEL, "fields": QUALITY}
        rows = (await g.get("dataset_quality", **asked))["web"]
        assert {"event_name": "Purchase", "event_match_quality": {"composite_score": 7.4}} in rows
        assert "fields" in (await g.error("GET", "dataset_quality", dataset_id=PIXEL))["message"]
        assert "dataset_id" in (await g.error("GET", "dataset_quality", fields=QUALITY))["message"]
        for fields in ("web{dedup_key_feedback{dedupe_key}}", "web{event_match_quality{score}}", "data{id}"):
            error = await g.error("GET", "dataset_quality", dataset_id=PIXEL, fields=fields)
            assert "nonexisting field" in error["message"]
        assert (await g.error("GET", "dataset_quality", dataset_id="1", fields=QUALITY))[
            "error_subcode"
        ] == 33
    async with graph("sandbox-readonly") as g:
        assert (await g.error("GET", "dataset_quality", dataset_id=PIXEL, fields=QUALITY))["code"] == 200


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"event_name": ""}, "event_name"),
        ({"event_time": str(NOW)}, "integer"),
        ({"event_time": NOW + 90_000}, "future"),
        ({"action_source": "web"}, "must be one of"),
        ({"action_source": "website"}, "event_source_url"),
        ({"user_data": {}}, "user_data"),
        ({"user_data": {"em": "mary@example.com"}}, "hashed"),
        ({"user_data": {"email": HASH}}, "unknown keys"),
        ({"event_name": "Purchase"}, "currency"),
        ({"action_source": "business_messaging"}, "Lead is not supported"),
        ({"colour": "red"}, "unknown keys"),
    ],
)
async def test_one_bad_event_refuses_all(changed: dict[str, Any], says: str) -> None:
    """Nothing of the batch is counted."""
    async with graph() as g:
        error = await g.error("POST", f"{PIXEL}/events", data=[LEAD, {**LEAD, **changed}])
        assert says in error["message"] + error.get("error_user_msg", "")
        assert g.writes() == []


async def test_events_of_last_week() -> None:
    """Seven days back and no more; a thousand at most; the answer counts them, the journal keeps none."""
    async with graph() as g:
        old = await g.error("POST", f"{PIXEL}/events", data=[{**LEAD, "event_time": NOW - 7 * 86_400 - 60}])
        assert (old["code"], old["error_subcode"]) == (100, 2804003)
        assert "1000" in (await g.error("POST", f"{PIXEL}/events", data=[LEAD] * 1001))["message"]
        assert "data" in (await g.error("POST", f"{PIXEL}/events", test_event_code="T"))["message"]
        answer = await g.post(f"{PIXEL}/events", data=[LEAD], test_event_code="T1")
        assert (answer["events_received"], answer["messages"]) == (1, [])
        assert HASH not in str(g.store.writes())


async def test_custom_conversions_need_a_rule() -> None:
    """A rule in JSON, and a pixel of the account; only name, description and value change."""
    async with graph() as g:
        path = f"{ACCOUNT}/customconversions"
        assert "rule is required" in (await g.error("POST", path, name="X"))["message"]
        for rule in ("{", "[]", "{}", '{"url": "x"}', '{"and": []}'):
            assert "rule" in (await g.error("POST", path, name="X", rule=rule))["message"]
        error = await g.error("POST", path, name="X", rule=RULE, event_source_id=PIXEL_JP)
        assert error["error_subcode"] == 33
        made = await g.post(path, name="X", rule=RULE, event_source_id=PIXEL, custom_event_type="LEAD")
        assert made["is_custom_event_type_predicted"] == "0"
        assert (await g.get(made["id"], fields="pixel,rule"))["pixel"] == {"id": PIXEL}
        assert "Unknown parameter" in (await g.error("POST", made["id"], rule=RULE))["message"]
        assert await g.post(made["id"], name="Y") == {"success": True}
        assert (await g.send("DELETE", made["id"])).json() == {"success": True}
        assert (await g.error("GET", made["id"]))["error_subcode"] == 33
        assert len((await g.get(f"{JAPAN}/customconversions"))["data"]) == 2


async def test_the_library_is_searched() -> None:
    """By words or pages, in countries; addresses have the token in them; not everybody may."""
    async with graph() as g:
        search = {"search_terms": "raincoat", "ad_reached_countries": ["DE"]}
        rows = (await g.get("ads_archive", fields="page_name,ad_snapshot_url", **search))["data"]
        assert [row["page_name"] for row in rows] == ["Tern & Tide"]
        assert "access_token=sandbox-test" in rows[0]["ad_snapshot_url"]
        assert (await g.get("ads_archive", **{**search, "ad_reached_countries": ["US"]}))["data"] == []
        wrongs: list[dict[str, Any]] = [
            {"ad_reached_countries": []}, {"search_terms": ""}, {"ad_reached_countries": "DE"},
        ]  # fmt: skip
        for wrong in wrongs:
            assert (await g.error("GET", "ads_archive", **{**search, **wrong}))["code"] == 100
        assert "nonexisting" in (await g.error("GET", "ads_archive", **search, fields="reach"))["message"]
        assert "Unknown parameter" in (await g.error("GET", "ads_archive", **search, colour="1"))["message"]
        political = {"search_page_ids": ["209715200000011"], "ad_reached_countries": ["US"]}
        (row,) = (await g.get("ads_archive", fields="spend", **political))["data"]
        assert row["spend"] == {"lower_bound": "100", "upper_bound": "199"}
    async with graph("sandbox-unconfirmed") as g:
        error = await g.error("GET", "ads_archive", **search)
        assert (error["code"], error["error_subcode"]) == (10, 2332002)


async def test_who_pays_and_who_benefits_go_together() -> None:
    """An account has both, or none."""
    async with graph() as g:
        assert "together" in (await g.error("POST", ACCOUNT, default_dsa_payor="A"))["message"]
        await g.post(ACCOUNT, default_dsa_payor="A", default_dsa_beneficiary="B")
        assert (await g.get(ACCOUNT, fields="default_dsa_payor"))["default_dsa_payor"] == "A"
