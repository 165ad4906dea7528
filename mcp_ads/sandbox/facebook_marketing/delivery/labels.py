"""Ad labels on campaigns, ad sets and ads, and the least budgets of an account."""

from __future__ import annotations

from dataclasses import replace

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import absent, invalid, nonexisting
from mcp_ads.sandbox.facebook_marketing.objects import Answer
from mcp_ads.sandbox.facebook_marketing.params import Body, as_list, checked
from mcp_ads.sandbox.facebook_marketing.state import CHILD, now_text
from mcp_ads.sandbox.facebook_marketing.writes import erase, validates

PARTS = ("id", "name", "created_time", "updated_time")
LEAST = {"AUD": 143, "EUR": 92, "GBP": 79, "HUF": 365, "JPY": 150, "USD": 100}


def labelled(answer: Answer) -> Answer:
    """A write whose adlabels, all that the object will have, are labels: a name that is none becomes one."""

    def inner(call: Call) -> Body:
        if "adlabels" not in call.params:
            return answer(call)
        rows = [_label(call, given) for given in as_list("adlabels", call.params["adlabels"])]
        return answer(replace(call, params={**call.params, "adlabels": rows}))

    return inner


def _label(call: Call, given: Body) -> Body:
    state, account = call.state, call.node["account_id"]
    if not isinstance(given, dict) or given.keys() - {*PARTS} or not given.keys() & {"id", "name"}:
        raise invalid("Param adlabels must be an array of {id} or {name}.")
    name = "id" if "id" in given else "name"
    rows = [row for row in state.all("label") if row["account_id"] == account and row[name] == given[name]]
    if not rows and name == "id":
        raise absent("POST", str(given["id"]))
    at = now_text()
    row = rows[0] if rows else {**given, "id": state.new_id(), "account_id": account}
    row = {"created_time": at, "updated_time": at, **row}
    if not rows and not validates(call):
        state.put("label", row)
    return {part: row[part] for part in PARTS}


def delete(call: Call) -> Body:
    """DELETE a label: it goes off everything that has it."""
    state, gone = call.state, call.node["id"]
    for kind in ("campaign", "creative", *(child for child, _ in CHILD.values())):
        for row in state.all(kind):
            if any(label["id"] == gone for label in row.get("adlabels") or ()):
                state.put(kind, {**row, "adlabels": [one for one in row["adlabels"] if one["id"] != gone]})
    return erase(call)


def minimum_budgets(call: Call) -> Body:
    """GET the least daily budgets in each currency, higher with a bid."""
    bid = int(checked(call.edge, call.params).get("bid_amount") or 0)
    names = str(call.params.get("fields") or "currency,min_daily_budget_imp").split(",")
    rows = [{"currency": currency, **_least(currency, bid)} for currency in LEAST]
    if unknown := next((name for name in names if name not in rows[0]), ""):
        raise nonexisting(unknown, "MinimumBudget")
    return {"data": [{name: row[name] for name in names} for row in rows]}


def _least(currency: str, bid: int) -> Body:
    least = LEAST[currency]
    return {
        "min_daily_budget_imp": max(least, bid),
        "min_daily_budget_high_freq": max(least * 5, bid * 5),
        "min_daily_budget_low_freq": least * 40,
        "min_daily_budget_video_views": max(least * 5, bid * 5),
    }
