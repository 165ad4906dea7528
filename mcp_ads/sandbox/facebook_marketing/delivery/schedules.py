"""Budget schedules: periods in which a daily budget is raised."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import invalid, refused
from mcp_ads.sandbox.facebook_marketing.objects import shown
from mcp_ads.sandbox.facebook_marketing.params import Body, checked, instant, moment
from mcp_ads.sandbox.facebook_marketing.state import local_text, now
from mcp_ads.sandbox.facebook_marketing.writes import created, require

SHORTEST, QUARTER, MOST, MOST_TIMES = 3 * 3600, 900, 50, 8


def listed(call: Call) -> Body:
    """GET the periods of a campaign or an ad set, those that end after and begin before what is asked."""
    params, rows = checked(call.edge, call.params), _there(call)
    if since := params.get("time_start"):
        rows = [row for row in rows if instant(row["time_end"]) > instant(since)]
    if until := params.get("time_stop"):
        rows = [row for row in rows if instant(row["time_start"]) < instant(until)]
    return shown(call, "schedule", rows)


def _there(call: Call) -> list[Body]:
    return [row for row in call.state.all("schedule") if row["ad_object_id"] == call.node["id"]]


def create(call: Call) -> Body:
    """POST a period: what it adds to each day, as an amount or as a percent."""
    sent = checked(call.edge, call.params)
    require(sent, "budget_value", "budget_value_type", "time_start", "time_end")
    account, daily = call.state.account_of(call.node), int(call.node.get("daily_budget") or 0)
    if "CAN_USE_BUDGET_SCHEDULING_API" not in account.get("capabilities", ()):
        raise invalid("The ad account cannot use the budget scheduling API")
    if not daily:
        raise invalid("Budget scheduling needs a daily budget")
    start, end = sent["time_start"], sent["time_end"]
    if start % QUARTER or end % QUARTER:
        raise invalid("time_start and time_end must be on a quarter hour")
    if end - start < SHORTEST or end <= now().timestamp():
        raise invalid("A period must last three hours or more, and end in the future")
    own = call.node.get("stop_time") or call.node.get("end_time")
    if own and end > instant(own).timestamp():
        text = "The period must end before the campaign or ad set does."
        raise refused(3858090, "Invalid end time", text, blame="time_end")
    value, kind = sent["budget_value"], sent["budget_value_type"]
    if value > MOST_TIMES * (daily if kind == "ABSOLUTE" else 100):
        raise invalid("A budget can be raised by 8 times the daily budget at most")
    _fits_others(call, kind, start, end)
    times = {name: local_text(moment(name, sent[name]), account) for name in ("time_start", "time_end")}
    body = {"budget_value": value, "budget_value_type": kind, **times, "recurrence_type": "ONE_TIME"}
    return created(call, "schedule", {"ad_object_id": call.node["id"], **body})


def _fits_others(call: Call, kind: str, start: int, end: int) -> None:
    others = _there(call)
    if len(others) >= MOST:
        raise invalid("At most 50 periods")
    if any(row["budget_value_type"] != kind for row in others):
        raise invalid("All periods of a campaign have the same budget_value_type")
    for row in others:
        begins, ends = (instant(row[name]).timestamp() for name in ("time_start", "time_end"))
        if begins < end and start < ends:
            raise invalid("Periods must not overlap")
