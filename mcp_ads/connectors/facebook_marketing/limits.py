"""What Facebook tells of its limits beside its answers: of the app, the ad account, use cases and insights.

Each value is read by itself, so that one that makes no sense hides no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_ads.core import Reply
from mcp_ads.core.usage import Usage, number

APP, ACCOUNT = "x-app-usage", "x-ad-account-usage"
CASES, INSIGHTS = "x-business-use-case-usage", "x-fb-ads-insights-throttle"
LOAD = ("call_count", "total_time", "total_cputime")
FULL = 100.0
MOST_CASES = 100
MINUTE = 60
_WORD = re.compile(r"[a-z_]{1,40}", re.ASCII)
_ID = re.compile(r"(?:act_)?(\d{1,20})", re.ASCII)


def usages(reply: Reply) -> list[Usage]:
    """Every limit that an answer tells of, at most a hundred use cases; none where it tells of none."""
    account, insights = _header(reply, ACCOUNT), _header(reply, INSIGHTS)
    found = [Usage("app", _load(_header(reply, APP)), of_app=True)]
    percent, reset = number(account.get("acc_id_util_pct")), number(account.get("reset_time_duration"))
    blocked = reset if percent >= FULL else 0.0
    found.append(Usage("ad_account", percent, recovers=reset, blocked=blocked, tier=_tier(account)))
    for name, of_app in (("acc_id_util_pct", False), ("app_id_util_pct", True)):
        percent = number(insights.get(name))
        found.append(Usage("insights", percent, of_app=of_app, tier=_tier(insights)))
    return [usage for usage in (*found, *_cases(_header(reply, CASES))) if usage.percent or usage.blocked]


def _cases(told: Mapping[str, Any]) -> Iterator[Usage]:
    """The usage of use cases, each for the ad account or the business it is told for."""
    entries = ((id_, one) for id_, some in told.items() if isinstance(some, list) for one in some)
    for _, (id_, entry) in zip(range(MOST_CASES), entries, strict=False):
        if isinstance(entry, dict) and (plain := _ID.fullmatch(id_)):
            minutes = number(entry.get("estimated_time_to_regain_access"))
            case = str(entry.get("type"))
            yield Usage(
                case if _WORD.fullmatch(case) else "use_case",
                _load(entry),
                account=plain[1],
                recovers=MINUTE * minutes,
                blocked=MINUTE * minutes,
                tier=_tier(entry),
            )


def _load(told: Mapping[str, Any]) -> float:
    return max(number(told.get(name)) for name in LOAD)


def _tier(told: Mapping[str, Any]) -> str:
    tier = told.get("ads_api_access_tier")
    return tier if isinstance(tier, str) and _WORD.fullmatch(tier) else ""


def _header(reply: Reply, name: str) -> Mapping[str, Any]:
    """The JSON object in a header; empty where there is none."""
    try:
        found = json.loads(reply.headers.get(name) or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
