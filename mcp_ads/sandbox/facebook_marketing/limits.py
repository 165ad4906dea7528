"""What Graph tells of its limits beside every answer, and its throttle where one is reached."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from mcp_ads.sandbox.store import Store

from .errors import throttled
from .shops import ACCOUNT

Body = dict[str, Any]
QUIET, FULL = 3.0, 100.0
TIER = "standard_access"
BLOCK = 60
"""Seconds for which an account of the full tier is left alone."""


class Used(NamedTuple):
    """Percent of the limits that is used: of the ad account, or of the app."""

    percent: float = QUIET
    of_app: bool = False


def used(store: Store, fault: Body | None) -> Used:
    """Little, or what a fault says, more with each request."""
    if fault is None or fault["kind"] != "usage":
        return Used()
    percent = float(fault.get("percent", 90))
    if "id" in fault and store.get("sandbox.fault", fault["id"]):
        grown = percent + float(fault.get("step", 0)) if percent < FULL else 0
        store.put("sandbox.fault", fault["id"], {**fault, "percent": grown})
    return Used(percent, fault.get("of") == "app")


def refuse_full(told: Used) -> None:
    """Throttle the account, or the app, whose limit is reached."""
    if told.percent >= FULL:
        raise throttled(4 if told.of_app else 17)


def headers(path: str, told_of: Used) -> dict[str, str]:
    """Usage as Graph tells it: of the app, the ad account, its use case, and insights."""
    app, percent = (told_of.percent, QUIET) if told_of.of_app else (QUIET, told_of.percent)
    found = re.search(r"act_(\d+)", path)
    insights = path.endswith("/insights")
    wait = BLOCK if percent >= FULL else 0
    share = int(percent)
    use_case = {
        "type": "ads_insights" if insights else "ads_management",
        "call_count": share,
        "total_cputime": share // 3,
        "total_time": share // 2,
        "estimated_time_to_regain_access": wait // 60,
        "ads_api_access_tier": TIER,
    }
    account = {"acc_id_util_pct": percent, "reset_time_duration": wait, "ads_api_access_tier": TIER}
    told: dict[str, Body] = {
        "x-app-usage": {"call_count": int(app), "total_cputime": int(app) // 3, "total_time": int(app) // 2},
        "x-business-use-case-usage": {found[1] if found else ACCOUNT: [use_case]},
        "x-ad-account-usage": account,
    }
    if insights:
        load = {"app_id_util_pct": app, "acc_id_util_pct": percent, "ads_api_access_tier": TIER}
        told["x-fb-ads-insights-throttle"] = load
    return {name: json.dumps(value) for name, value in told.items()}
