"""When creatives deliver: windows of days, opened and closed as statuses change.

A creative of the seed has `_windows` of days `[first, last]`; last is None while it runs.
Objects made through the API have none and deliver nothing.
"""

from __future__ import annotations

import datetime as dt

from mcp_ads.sandbox.store import Store

from .state import CAMPAIGN, CREATIVE, GROUP, Body, now_ms, owned, tail, today


def is_serving(store: Store, creative: Body, *, or_will: bool = False) -> bool:
    """Whether the creative and everything above it is active, approved and within its schedule.

    With `or_will` also where it only waits for the first day of a schedule.
    """
    campaign = store.get(CAMPAIGN, tail(creative["campaign"]))
    approved = creative["review"]["status"] == "APPROVED"
    active = creative["intendedStatus"] == "ACTIVE" and approved
    return bool(active and campaign and is_runnable(store, campaign, or_will=or_will))


def is_runnable(store: Store, campaign: Body, *, or_will: bool = False) -> bool:
    group = store.get(GROUP, tail(campaign["campaignGroup"]))
    if not group:
        return False
    holds = {*date_holds(campaign["runSchedule"]), *date_holds(group["runSchedule"])}
    if holds - ({"START_DATE_HOLD"} if or_will else set()):
        return False
    return bool(campaign["status"] == "ACTIVE" and group["status"] == "ACTIVE")


def date_holds(schedule: Body) -> list[str]:
    """Why a schedule keeps something from running now."""
    now = now_ms()
    if schedule["start"] > now:
        return ["START_DATE_HOLD"]
    return ["END_DATE_HOLD"] if "end" in schedule and schedule["end"] <= now else []


def refresh(store: Store, account: str, campaign: str = "") -> None:
    """Opens and closes the windows of an account's creatives, or of one campaign's, after a change."""
    for creative in owned(store, CREATIVE, account):
        if "_windows" not in creative or (campaign and creative["campaign"] != campaign):
            continue
        windows, runs = creative["_windows"], is_serving(store, creative, or_will=True)
        is_open = bool(windows) and windows[-1][1] is None
        if runs == is_open:
            continue
        last = today().toordinal()
        if runs:
            new = [*windows, [max(last, _begins(store, creative)), None]]
        else:
            new = [*windows[:-1], [windows[-1][0], last]]
        store.put(CREATIVE, tail(creative["id"]), {**creative, "_windows": new})


def _begins(store: Store, creative: Body) -> int:
    """The first day of its campaign's schedule."""
    campaign = store.get(CAMPAIGN, tail(creative["campaign"]))
    return _day_of(campaign["runSchedule"]["start"]) if campaign else 0


def _day_of(moment: int) -> int:
    """The day, as an ordinal, of a moment in epoch milliseconds."""
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).date().toordinal()


def days(creative: Body, campaign: Body, first: dt.date, last: dt.date) -> list[int]:
    """The days, as ordinals, on which a creative delivered between two dates."""
    if "_windows" not in creative:
        return []
    end = campaign["runSchedule"].get("end")
    limit = min(last, today()).toordinal()
    if end:
        limit = min(limit, _day_of(end - 1))
    found: set[int] = set()
    for opened, closed in creative["_windows"]:
        until = limit if closed is None else min(limit, closed)
        found.update(range(max(opened, first.toordinal()), until + 1))
    return sorted(found)
