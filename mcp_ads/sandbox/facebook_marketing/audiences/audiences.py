"""What Graph demands of a custom audience, and what it makes of one."""

from __future__ import annotations

import time
from typing import Any

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import GraphError, absent, invalid, refused
from mcp_ads.sandbox.facebook_marketing.lists import listed
from mcp_ads.sandbox.facebook_marketing.objects import shown
from mcp_ads.sandbox.facebook_marketing.params import Body, as_list, as_object, checked
from mcp_ads.sandbox.facebook_marketing.writes import erase, require

READY: Body = {"code": 200, "description": "This audience is ready for use."}
NORMAL: Body = {"code": 200, "description": "Normal"}
POPULATING: Body = {"code": 441, "description": "We're finding people who fit your audience criteria."}
FLAGGED = 471
TERMS = "https://business.facebook.com/ads/manage/customaudiences/tos/?act={}"
LEAST_RATIO, MOST_RATIO = 0.01, 0.20
MOST_DAYS = 180
SEEDS = {"campaign_conversions": "origin_ids", "page_like": "page_id"}
"""Whose likes a lookalike has, where that is no audience: the conversion_type, and what names it."""


def check_terms(account: Body) -> None:
    """Whoever uploads people has accepted what Meta demands of it, in the browser."""
    if not account["tos_accepted"].get("custom_audience_tos"):
        where = TERMS.format(account["account_id"])
        raise GraphError(
            200,
            "(#200) Permissions error",
            subcode=1870090,
            status=403,
            error_user_title="Custom Audience Terms Not Accepted",
            error_user_msg=f"To create or edit a custom audience, agree to the terms at {where}",
        )


def check_new(call: Call, sent: Body) -> None:
    """Customer lists name their source, lookalikes their seed, rules stand for themselves."""
    check_terms(call.node)
    subtype = sent.get("subtype")
    if subtype not in (None, "", "CUSTOM", "LOOKALIKE") and sent.get("rule"):
        raise GraphError(2654, "(#2654) Invalid event name: audiences of a rule are made without subtype")
    check(call, sent)
    if subtype == "CUSTOM":
        require(sent, "customer_file_source")
    elif subtype == "LOOKALIKE":
        _check_lookalike(call, sent)
    elif not sent.get("rule"):
        raise invalid("A custom audience needs subtype CUSTOM or LOOKALIKE, or a rule")


def check(call: Call, sent: Body) -> None:
    """What holds of new audiences and of changes alike."""
    if "retention_days" in sent and not 1 <= sent["retention_days"] <= MOST_DAYS:
        raise invalid(f"Param retention_days must be between 1 and {MOST_DAYS}")
    if sent.get("rule"):
        try:
            rule = as_object("rule", sent["rule"])
        except GraphError:
            rule = {}
        if not _is_rule(rule):
            raise refused(1713098, "Invalid rule", "The audience rule is no valid JSON rule.", blame="rule")
        for source in (
            one for group in rule.values() for part in group["rules"] for one in part["event_sources"]
        ):
            pixel = call.state.get("pixel", str(source["id"]))
            if source["type"] == "pixel" and (pixel or {}).get("account_id") != call.node["account_id"]:
                raise refused(1713098, "Invalid rule", "The account may not use the pixel.", blame="rule")


def _is_rule(rule: Body) -> bool:
    """Whether groups are joined by and or or, each part of them about events of some source."""
    return "inclusions" in rule and all(
        side in ("inclusions", "exclusions")
        and isinstance(group, dict)
        and group.get("operator") in ("and", "or")
        and bool(group.get("rules"))
        and isinstance(group["rules"], list)
        and all(isinstance(part, dict) and _are_sources(part.get("event_sources")) for part in group["rules"])
        for side, group in rule.items()
    )


def _are_sources(value: Any) -> bool:
    known = isinstance(value, list) and bool(value)
    return known and all(isinstance(source, dict) and {"id", "type"} <= source.keys() for source in value)


def _check_lookalike(call: Call, sent: Body) -> None:
    require(sent, "lookalike_spec")
    spec = as_object("lookalike_spec", sent["lookalike_spec"])
    if seeded := SEEDS.get(str(spec.get("conversion_type"))):
        require(spec, seeded)
        for origin in as_list("origin_ids", spec.get("origin_ids") or []):
            if not any(
                (call.state.get(kind, str(origin)) or {}).get("account_id") == call.node["account_id"]
                for kind in ("campaign", "adset", "ad")
            ):
                raise absent("POST", str(origin))
    else:
        require(sent, "origin_audience_id")
        seed = call.owned("audience", sent["origin_audience_id"])
        if seed["operation_status"]["code"] == FLAGGED:
            raise refused(1713232, "Seed audience flagged", "Its content may violate the terms.")
    for one, other in (("country", "location_spec"), ("type", "ratio")):
        if (one in spec) == (other in spec):
            raise invalid(f"lookalike_spec must have either {one} or {other}")
    ratio = spec.get("ratio", LEAST_RATIO)
    if not isinstance(ratio, (int, float)) or not LEAST_RATIO <= ratio <= MOST_RATIO:
        raise invalid(f"lookalike_spec.ratio must be between {LEAST_RATIO} and {MOST_RATIO}")


def fresh(_: Call, sent: Body) -> Body:
    """A new audience: nobody in it is known yet."""
    now = int(time.time())
    return {
        "subtype": sent.get("subtype") or "WEBSITE",
        "approximate_count_lower_bound": -1,
        "approximate_count_upper_bound": -1,
        "operation_status": POPULATING if sent.get("rule") else NORMAL,
        "delivery_status": {"code": 300, "description": "This audience is too small."},
        "permission_for_actions": {"can_edit": True, "can_see_insight": True, "can_share": True},
        "time_created": now,
        "time_updated": now,
    }


def ads(call: Call) -> Body:
    """GET the ads whose ad sets are shown to this audience."""
    params = checked(call.edge, call.params)
    mine = ("account_id", call.node["account_id"])
    sets = {row["id"] for row in call.state.owned("adset", *mine) if call.node["id"] in _targeted(row)}
    rows = [ad for ad in call.state.owned("ad", *mine) if ad["adset_id"] in sets]
    return shown(call, "ad", listed(call, "ad", rows, params))


def _targeted(adset: Body) -> list[Any]:
    targeting = adset.get("targeting") or {}
    named = [*targeting.get("custom_audiences", []), *targeting.get("excluded_custom_audiences", [])]
    return [audience.get("id") for audience in named if isinstance(audience, dict)]


def delete(call: Call) -> Body:
    """DELETE an audience that no lookalike is made of."""
    if any(row.get("origin_audience_id") == call.node["id"] for row in call.state.all("audience")):
        raise GraphError(2656, "(#2656) Failed to delete custom audience: lookalike audiences depend on it")
    return erase(call)
