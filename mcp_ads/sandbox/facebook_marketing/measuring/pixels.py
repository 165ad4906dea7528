"""Pixels: one for an account, what they received by the hour, how well it matches people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from mcp_ads.sandbox.facebook_marketing import auth
from mcp_ads.sandbox.facebook_marketing.calls import Call, Field, fields_of
from mcp_ads.sandbox.facebook_marketing.errors import (
    GraphError,
    absent,
    invalid,
    missing,
    nonexisting,
    too_much,
)
from mcp_ads.sandbox.facebook_marketing.lists import page
from mcp_ads.sandbox.facebook_marketing.objects import shown
from mcp_ads.sandbox.facebook_marketing.params import Body, checked, instant, stamp
from mcp_ads.sandbox.facebook_marketing.state import now, now_text
from mcp_ads.sandbox.facebook_marketing.writes import require
from mcp_ads.sandbox.numbers import whole

HOURLY = {
    "PageView": 210,
    "ViewContent": 96,
    "AddToCart": 14,
    "InitiateCheckout": 8,
    "Purchase": 4,
    "Lead": 2,
}
"""About how many of each event a shop's site sends in an hour."""
SHARES: dict[str, dict[str, float]] = {
    "device_type": {"mobile_android_phone": 0.5, "mobile_iphone": 0.3, "desktop": 0.2},
    "device_os": {"Android": 0.5, "iOS": 0.3, "Windows": 0.2},
    "browser_type": {"Chrome": 0.6, "Safari": 0.3, "Firefox": 0.1},
    "event_source": {"WEB_ONLY": 0.7, "SERVER_ONLY": 0.3},
    "host": {"ternandtide.example": 1.0},
}
MOST_HOURS = 24 * 90
SERVER_SENT = {"Purchase": 7.4, "AddToCart": 6.1, "Lead": 4.2}
"""The events that the shop's server sends too, and how well they match people."""
PARTS: dict[str, Any] = {
    "event_name": None,
    "event_match_quality": {
        "composite_score": None,
        "match_key_feedback": {"identifier": None, "coverage": {"percentage": None}},
        "diagnostics": dict.fromkeys(("name", "description", "solution", "percentage")),
    },
    "event_coverage": dict.fromkeys(("percentage", "goal_percentage", "description")),
    "dedupe_key_feedback": {
        "dedupe_key": None,
        "browser_events_with_dedupe_key": {"percentage": None},
        "server_events_with_dedupe_key": {"percentage": None},
    },
    "data_freshness": dict.fromkeys(("upload_frequency", "description")),
    "acr": dict.fromkeys(("percentage", "description")),
}


def listed(call: Call) -> Body:
    """GET the pixels of an account, by name or by when they last fired."""
    key = {"NAME": "name"}.get(str(checked(call.edge, call.params).get("sort_by")), "last_fired_time")
    rows = [row for row in call.state.all("pixel") if row["account_id"] == call.node["account_id"]]
    rows.sort(key=lambda row: str(row.get(key, "")), reverse=key != "name")
    return shown(call, "pixel", rows)


def check_new(call: Call, sent: Body) -> None:  # noqa: ARG001
    """An account has one pixel."""
    if any(row["account_id"] == call.node["account_id"] for row in call.state.all("pixel")):
        raise GraphError(6200, "(#6200) A pixel already exists for this account")


def fresh(call: Call, sent: Body) -> Body:  # noqa: ARG001
    about = {"is_unavailable": False, "is_crm": False, "enable_automatic_matching": False}
    owner = {"id": call.node["id"], "account_id": call.node["account_id"]}
    return {**about, "creation_time": now_text(), "owner_ad_account": owner}


def stats(call: Call) -> Body:
    """GET what came, an entry an hour; hours with nothing have none."""
    sent = checked(call.edge, call.params)
    end = instant(sent["end_time"]) if sent.get("end_time") else now()
    start = instant(sent["start_time"]) if sent.get("start_time") else end - timedelta(hours=24)
    if start >= end:
        raise invalid("Param start_time must be before end_time")
    if end - start > timedelta(hours=MOST_HOURS):
        raise too_much()
    hours, hour = [], start.replace(minute=0, second=0, microsecond=0)
    while hour < min(end, now()):
        if data := _counted(call, hour, sent):
            entry = {"aggregation": sent.get("aggregation", "event"), "start_time": stamp(hour), "data": data}
            hours.append(entry)
        hour += timedelta(hours=1)
    return page(call, hours, lambda entry: entry, most=500)


def received(call: Call, hour: datetime) -> dict[str, int]:
    """How many of each event came in an hour: from the site, unless the pixel is new, and by POST."""
    created = instant(call.node["creation_time"])
    site = HOURLY if now() - created > timedelta(days=2) else {}
    counts = {
        event: whole(usual // 2, usual + usual // 2, call.node["id"], stamp(hour), event)
        for event, usual in site.items()
    }
    posted = call.state.get("posted", f"{call.node['id']}/{stamp(hour)}") or {"counts": {}}
    for event, count in posted["counts"].items():
        counts[event] = counts.get(event, 0) + count
    return {event: count for event, count in counts.items() if count}


def _counted(call: Call, hour: datetime, sent: Body) -> list[Body]:
    wanted, source = sent.get("event"), sent.get("event_source")
    part = SHARES["event_source"].get(source, 0) if source else 0 if sent.get("agent") else 1
    events = {
        event: round(count * part)
        for event, count in received(call, hour).items()
        if wanted in (None, "", event) and round(count * part)
    }
    shares = SHARES.get(sent.get("aggregation", "event"))
    if shares is None:
        return [{"value": event, "count": count} for event, count in events.items()]
    return [
        {"value": value, "event": event, "count": part}
        for event, count in events.items()
        for value, share in shares.items()
        if (part := round(count * share))
    ]


def quality(call: Call) -> Body:
    """GET how well a pixel's server events match people; only for whoever manages it."""
    sent = checked(call.edge, call.params)
    require(sent, "dataset_id")
    if "fields" not in call.params:
        raise missing("fields")
    if "ads_management" not in auth.scopes(call.state.store, call.token):
        raise GraphError(200, "(#200) Permissions error: no access to this dataset", status=403)
    pixel = call.state.get("pixel", str(sent["dataset_id"]))
    if pixel is None:
        raise absent("GET", str(sent["dataset_id"]))
    wanted = {field.name: field.inner or [] for field in fields_of(call.params, "")}
    if unknown := set(wanted) - {"web"}:
        raise nonexisting(unknown.pop(), "AdsPixelCAPIIntegrationQualityRoot")
    seen = received(call.to("GET pixel", "pixel", pixel, {}), now() - timedelta(hours=1))
    rows = [_quality(event, score) for event, score in SERVER_SENT.items() if event in seen]
    return {"web": [_part(row, wanted["web"], PARTS) for row in rows]}


def _quality(event: str, score: float) -> Body:
    shares = {"browser_events_with_dedupe_key": 96.4, "server_events_with_dedupe_key": 88.2}
    keys = {"email": 71.5, "phone": 38.0, "ip_address": 99.9}
    return {
        "event_name": event,
        "event_match_quality": {
            "composite_score": score,
            "match_key_feedback": [
                {"identifier": key, "coverage": {"percentage": share}} for key, share in keys.items()
            ],
            "diagnostics": [],
        },
        "event_coverage": {"percentage": 81.3, "goal_percentage": 75.0, "description": "Meets the goal"},
        "dedupe_key_feedback": [
            {"dedupe_key": "event_id", **{side: {"percentage": share} for side, share in shares.items()}}
        ],
        "data_freshness": {"upload_frequency": "real_time", "description": "Sent in real time"},
        "acr": {"percentage": 12.5, "description": "More conversions reported"},
    }


def _part(value: Any, wanted: list[Field], known: Body) -> Any:
    """The fields asked for, and no others; an unknown one is refused at every depth."""
    if isinstance(value, list):
        return [_part(entry, wanted, known) for entry in value]
    if unknown := [field.name for field in wanted if field.name not in known]:
        raise nonexisting(unknown[0], "AdsPixelCAPIIntegrationQuality")
    return {
        field.name: _part(value[field.name], field.inner, known[field.name] or {})
        if field.inner
        else value[field.name]
        for field in wanted
        if field.name in value
    }
