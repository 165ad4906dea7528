"""Events that servers send: all of a request or none, counted by the hour, never kept."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import GraphError, invalid, refused
from mcp_ads.sandbox.facebook_marketing.params import Body, as_list, checked, stamp
from mcp_ads.sandbox.facebook_marketing.writes import note, require

MOST, SEVEN_DAYS, AHEAD = 1000, 7 * 86_400, 3600
DIGEST = re.compile(r"[0-9a-f]{64}")
SOURCES = frozenset({
    "app", "business_messaging", "chat", "email", "other", "phone_call", "physical_store", "system_generated",
    "website",
})  # fmt: skip
KNOWN = frozenset({
    "action_source", "advanced_measurement_table", "app_data", "attribution_data", "custom_data",
    "data_processing_options", "data_processing_options_country", "data_processing_options_state", "event_id",
    "event_name", "event_source_url", "event_time", "messaging_channel", "opt_out", "original_event_data",
    "referrer_url", "user_data",
})  # fmt: skip
HASHED = frozenset({
    "em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "fi", "doby", "dobm", "dobd",
})  # fmt: skip
PLAIN = frozenset({
    "external_id", "client_ip_address", "client_user_agent", "fbc", "fbp", "lead_id", "subscription_id",
    "fb_login_id", "madid", "anon_id", "ctwa_clid", "page_id",
})  # fmt: skip
MESSAGING = frozenset({
    "LeadSubmitted", "QualifiedLead", "Purchase", "AddToCart", "InitiateCheckout", "ViewContent",
})  # fmt: skip


def post(call: Call) -> Body:
    """POST events to a pixel."""
    sent = checked(call.edge, call.params)
    require(sent, "data")
    events = [event if isinstance(event, dict) else {} for event in as_list("data", sent["data"])]
    if not 0 < len(events) <= MOST:
        raise invalid(f"Param data must hold 1 to {MOST} events")
    for number, event in enumerate(events):
        _check(number, event)
    hours = Counter((_hour(event), event["event_name"]) for event in events)
    with call.state.store.transaction():
        for (hour, name), count in hours.items():
            key = f"{call.node['id']}/{hour}"
            kept = call.state.get("posted", key) or {"id": key, "counts": {}}
            counts = {**kept["counts"], name: kept["counts"].get(name, 0) + count}
            call.state.put("posted", {**kept, "counts": counts})
        note(call, "send events", call.node["id"])
    return {"events_received": len(events), "messages": [], "fbtrace_id": f"A{uuid4().hex[:22]}"}


def _check(number: int, event: Body) -> None:
    """Raise what Graph says to an event; one bad one refuses them all."""
    where = f"data[{number}]"
    if unknown := set(event) - KNOWN:
        raise invalid(f"Param {where} has unknown keys: {', '.join(sorted(unknown))}")
    for name in ("event_name", "event_time", "action_source", "user_data"):
        if event.get(name) in (None, "", {}):
            raise invalid(f"Param {where}['{name}'] is required")
    _check_time(where, event["event_time"])
    if event["action_source"] not in SOURCES:
        raise invalid(f"Param {where}['action_source'] must be one of {{{', '.join(sorted(SOURCES))}}}")
    _check_person(where, event["user_data"])
    user, custom = event["user_data"], event.get("custom_data") or {}
    if event["action_source"] == "website" and not (
        event.get("event_source_url") and user.get("client_user_agent")
    ):
        raise invalid(f"Param {where}: a website event needs event_source_url and client_user_agent")
    if event["event_name"] == "Purchase" and not {"value", "currency"} <= set(custom):
        raise invalid(f"Param {where}['custom_data'] needs value and currency for a Purchase")
    name = str(event["event_name"])
    if event["action_source"] == "business_messaging" and not (name in MESSAGING or name.startswith("Order")):
        raise GraphError(100, "Invalid parameter", subcode=2804066, error_user_msg=f"{name} is not supported")


def _check_time(where: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(f"Param {where}['event_time'] must be an integer")
    if value < time.time() - SEVEN_DAYS:
        text = "The timestamp of an event is more than seven days in the past."
        raise refused(2804003, "Event Timestamp Too Old", text)
    if value > time.time() + AHEAD:
        raise invalid(f"Param {where}['event_time'] is in the future")


def _check_person(where: str, user: Any) -> None:
    if not isinstance(user, dict):
        raise invalid(f"Param {where}['user_data'] must be an object")
    if unknown := set(user) - HASHED - PLAIN:
        raise invalid(f"Param {where}['user_data'] has unknown keys: {', '.join(sorted(unknown))}")
    for key in HASHED & set(user):
        values = user[key] if isinstance(user[key], list) else [user[key]]
        if not all(DIGEST.fullmatch(str(value)) for value in values):
            raise invalid(f"Param {where}['user_data']['{key}'] must be hashed with SHA-256")


def _hour(event: Body) -> str:
    at = datetime.fromtimestamp(event["event_time"], UTC)
    return stamp(at.replace(minute=0, second=0))
