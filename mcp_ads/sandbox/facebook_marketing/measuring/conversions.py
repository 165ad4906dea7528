"""Custom conversions: made with a rule, which stays as it is."""

from __future__ import annotations

import json
from typing import Any

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import absent, invalid
from mcp_ads.sandbox.facebook_marketing.objects import creating
from mcp_ads.sandbox.facebook_marketing.params import Body
from mcp_ads.sandbox.facebook_marketing.state import now_text

JOINED = ("and", "or")


def create(call: Call) -> Body:
    """POST a custom conversion; the answer also says whether its event was guessed."""
    guessed = "custom_event_type" not in call.params
    made = creating("conversion", rule=_check, fresh=_fresh)(call)
    return {**made, "is_custom_event_type_predicted": str(int(guessed))}


def _check(call: Call, sent: Body) -> None:
    try:
        rule = json.loads(sent["rule"])
    except ValueError:
        rule = None
    if not _is_rule(rule):
        raise invalid("Param rule must be a valid rule in JSON")
    if source := sent.get("event_source_id"):
        pixel = call.state.get("pixel", str(source))
        if pixel is None or pixel["account_id"] != call.node["account_id"]:
            raise absent("POST", str(source))


def _is_rule(rule: Any) -> bool:
    if not isinstance(rule, dict) or not rule:
        return False
    return all(
        isinstance(value, list) and bool(value) and all(map(_is_rule, value))
        if name.lower() in JOINED
        else isinstance(value, dict) and bool(value)
        for name, value in rule.items()
    )


def _fresh(call: Call, sent: Body) -> Body:
    pixel = call.state.get("pixel", str(sent.get("event_source_id", ""))) or {}
    sources = [{"id": pixel["id"], "source_type": "PIXEL", "name": pixel["name"]}] if pixel else []
    about = {"is_archived": False, "is_unavailable": False, "retention_days": 0, "event_source_type": "pixel"}
    return {
        "custom_event_type": "OTHER",
        "creation_time": now_text(),
        "data_sources": sources,
        **({"pixel": {"id": pixel["id"]}} if pixel else {}),
        "business": call.node.get("business"),
        **about,
    }
