"""What is worked out when an ad account is read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from mcp_ads.sandbox.facebook_marketing import days
from mcp_ads.sandbox.facebook_marketing.params import Body
from mcp_ads.sandbox.facebook_marketing.state import Computed, State, today


def spent(state: State, account: Body) -> str:
    """In its whole life, or since its spending limit was reset, which some do as a month begins."""
    ads = state.owned("ad", "account_id", account["account_id"])
    now = today(account)
    first = now.replace(day=1).toordinal() if account.get("_monthly") else 1
    since_then = days.spent(ads, first, now.toordinal(), now.toordinal())
    return str(max(0, since_then - account.get("_reset_at", 0)))


def _age(_: State, account: Body) -> float:
    created = datetime.fromisoformat(account["created_time"])
    return round((datetime.now(created.tzinfo) - created).total_seconds() / 86_400, 4)


def _offset_hours(_: State, account: Body) -> float:
    offset = datetime.now(ZoneInfo(account["timezone_name"])).utcoffset()
    return offset.total_seconds() / 3600 if offset else 0.0


COMPUTED: Computed = {
    ("account", "amount_spent"): spent,
    ("account", "age"): _age,
    ("account", "timezone_offset_hours_utc"): _offset_hours,
}
