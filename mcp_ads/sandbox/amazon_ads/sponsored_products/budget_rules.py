"""Budget rules: made, changed, attached to campaigns; and what they make of a daily budget today.

The rules that hold at one time add up, each as a percentage of the campaign's own budget.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads import delivered
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.fields import Fields, check_shape, problems
from mcp_ads.sandbox.amazon_ads.items import owned
from mcp_ads.sandbox.amazon_ads.market import today
from mcp_ads.sandbox.store import Store

from .budget_rule_fields import CHANGED, DAYS, DETAILS, EVENTS, OPERATORS, announced, days_of, mistakes

SEEDS = (
    ("5bc531de-f000-44cf-8a86-54189bcdd380", "Peak days", 20, "20271124", "20271130", ""),
    ("7d3f8a52-0f0b-4f4e-9c3d-2b7f6f3a9e11", "Last year's peak days", 30, "20251124", "20251130", "0002"),
)
"""Id, name, percent, first and last day, and the end of the id of the campaign it is attached to."""
RULES, LINKS, CAMPAIGNS = "amazon.budgetRules", "amazon.budgetRuleLinks", "amazon.campaigns"
BATCH, PAGE, MOST_OF_CAMPAIGN = 25, 30, 250


def fill(store: Store, profile: Body) -> None:
    """A rule that is attached nowhere, and one that is over, of the American profile."""
    own = {"_profile": str(profile["profileId"])}
    for id_, name, percent, start, end, campaign in SEEDS if profile["countryCode"] == "US" else ():
        details = {
            "name": name,
            "ruleType": "SCHEDULE",
            "budgetIncreaseBy": {"type": "PERCENT", "value": percent},
            "duration": {"dateRangeTypeRuleDuration": {"startDate": start, "endDate": end}},
            "recurrence": {"type": "DAILY"},
        }
        store.put(RULES, id_, _rule_of(id_, details) | own)
        if campaign:
            whose = f"12000000000{campaign}"
            store.put(LINKS, _link(whose, id_), {"campaignId": whose, "ruleId": id_, **own})


def percent_today(call: Call, campaign: Body) -> float:
    """By how much the campaign's rules raise its budget today."""
    rules = _attached(call, campaign["campaignId"])
    active = (rule for rule in rules if _status(call, rule, campaign) == "ACTIVE")
    return float(sum(rule["ruleDetails"]["budgetIncreaseBy"]["value"] for rule in active))


def raised(call: Call, campaign: Body) -> Body:
    """What a list of campaigns says beside a campaign's own budget: what rules make of it."""
    if not call.store.ids(LINKS) or not (percent := percent_today(call, campaign)):
        return {}
    budget = campaign["budget"]
    return {"budget": {**budget, "effectiveBudget": round(budget["budget"] * (1 + percent / 100), 2)}}


def _list(call: Call) -> Response:
    rules, more = _page(call, owned(call, RULES))
    return reply({"budgetRulesForAdvertiserResponse": [_shown(call, rule) for rule in rules], **more})


def _get(call: Call) -> Response:
    return reply({"budgetRule": _shown(call, _rule(call))})


def _campaigns(call: Call) -> Response:
    rule = _rule(call)
    links = [link for link in owned(call, LINKS) if link["ruleId"] == rule["ruleId"]]
    rows, more = _page(call, links)
    campaigns = [call.store.get(CAMPAIGNS, link["campaignId"]) or {} for link in rows]
    told = [
        {
            "campaignId": campaign["campaignId"],
            "campaignName": campaign["name"],
            "ruleStatus": _status(call, rule, campaign),
        }
        for campaign in campaigns
    ]
    return reply({"associatedCampaigns": told, **more})


def _of_campaign(call: Call) -> Response:
    campaign = _campaign(call)
    rules = _attached(call, campaign["campaignId"])
    return reply({"associatedRules": [_shown(call, rule, campaign) for rule in rules]})


def _create(call: Call) -> Response:
    return _each(call, "budgetRulesDetails", DETAILS, _made)


def _update(call: Call) -> Response:
    return _each(call, "budgetRulesDetails", CHANGED, _changed)


def _attach(call: Call) -> Response:
    campaign = _campaign(call)
    return _each(call, "budgetRuleIds", None, partial(_linked, campaign=campaign))


def _detach(call: Call) -> Response:
    key = _link(_campaign(call)["campaignId"], call.params["budgetRuleId"])
    if call.store.get(LINKS, key) is None:
        raise Refused(422, "The rule is not associated to the campaign")
    call.store.delete(LINKS, key)
    call.store.journal("amazon_ads", "detach budget rule", key, {})
    return reply({})


def _events(call: Call) -> Response:
    body = call.body
    if not isinstance(body, dict) or set(body) != {"campaignId"} or not isinstance(body["campaignId"], str):
        raise Refused(400, "The body must be {campaignId}")
    _campaign(call, body["campaignId"])
    year = today(call.profile).year + 1
    names = ("eventId", "eventName", "startDate", "endDate", "suggestedBudgetIncreasePercent")
    rows = (
        (id_, name, f"{year}{start}", f"{year}{end}", percent) for id_, name, start, end, percent in EVENTS
    )
    return reply(
        {"recommendedBudgetRuleEvents": [dict(zip(names, row, strict=True)) for row in rows]},
        media=EVENT_MEDIA,
    )


def _each(call: Call, name: str, fields: Fields | None, one: Callable[[Call, Any], Body | str]) -> Response:
    """Every item on its own, answered in its place; what is no item of the schema refuses all."""
    body = call.body
    if not isinstance(body, dict) or set(body) != {name} or not isinstance(body[name], list):
        raise Refused(400, f"The body must be an object with one array, {name}")
    if not 1 <= len(body[name]) <= BATCH:
        raise Refused(400, f"1 to {BATCH} items in one request, not {len(body[name])}")
    for index, item in enumerate(body[name]):
        if fields is not None:
            check_shape(item, fields, "create", f"$.{name}[{index}]")
        elif not isinstance(item, str):
            raise Refused(400, f"$.{name}[{index}] must be a string")
    with call.store.transaction():
        outcomes = [one(call, item) for item in body[name]]
    refused = ({"code": "INVALID_ARGUMENT", "details": text} for text in outcomes if isinstance(text, str))
    told = [{"code": "Ok", **found} if isinstance(found, dict) else next(refused) for found in outcomes]
    return reply({"responses": told}, 207)


def _made(call: Call, item: Body) -> Body | str:
    if wrong := next(mistakes(call, item, None), ""):
        return wrong
    new = str(uuid.uuid4())
    call.store.put(RULES, new, {**_rule_of(new, item), "_profile": call.profile_id})
    call.store.journal("amazon_ads", "create budget rule", new, item)
    return {"ruleId": new, "details": "Budget rule created"}


def _rule_of(id_: str, details: Body) -> Body:
    now = int(time.time() * 1000)
    times = {"createdDate": now, "lastUpdatedDate": now}
    return {"ruleId": id_, "ruleState": "ACTIVE", "ruleDetails": details, **times}


def _changed(call: Call, item: Body) -> Body | str:
    """The details are replaced as a whole."""
    old = call.store.get(RULES, item.get("ruleId", ""))
    if old is None or old["_profile"] != call.profile_id:
        return f"no budget rule {item.get('ruleId')}"
    found = problems(item, CHANGED, "update", "$")
    if wrong := next((problem.message for problem in found), ""):
        return wrong
    details = item.get("ruleDetails") or old["ruleDetails"]
    if details != old["ruleDetails"] and (wrong := next(mistakes(call, details, old["ruleDetails"]), "")):
        return wrong
    state = item.get("ruleState") or old["ruleState"]
    new = {**old, "ruleState": state, "ruleDetails": details, "lastUpdatedDate": int(time.time() * 1000)}
    call.store.put(RULES, old["ruleId"], new)
    call.store.journal("amazon_ads", "update budget rule", old["ruleId"], item)
    return {"ruleId": old["ruleId"], "details": "Budget rule updated"}


def _linked(call: Call, rule_id: str, campaign: Body) -> Body | str:
    rule, own = call.store.get(RULES, rule_id), campaign["campaignId"]
    there = _attached(call, own)
    if rule is None or rule["_profile"] != call.profile_id:
        return f"no budget rule {rule_id}"
    if campaign["state"] == "ARCHIVED":
        return "the campaign is archived"
    if len(there) >= MOST_OF_CAMPAIGN:
        return f"at most {MOST_OF_CAMPAIGN} rules a campaign"
    if any(rule["ruleDetails"]["name"] == other["ruleDetails"]["name"] for other in there):
        return "the name of a rule is required to be unique within a campaign"
    key = _link(own, rule_id)
    call.store.put(LINKS, key, {"campaignId": own, "ruleId": rule_id, "_profile": call.profile_id})
    call.store.journal("amazon_ads", "attach budget rule", key, {})
    return {"ruleId": rule_id, "details": "Budget rule associated"}


def _status(call: Call, rule: Body, campaign: Body | None = None) -> str:
    """What a rule is today: of a campaign, whether its condition is met too."""
    now, details = today(call.profile), rule["ruleDetails"]
    start, end = days_of(details)
    if rule["ruleState"] == "PAUSED":
        return "PAUSED"
    if end < now or start > now:
        return "EXPIRED" if end < now else "PENDING_START"
    weekdays = details["recurrence"].get("daysOfWeek") or DAYS
    condition = details.get("performanceMeasureCondition")
    if DAYS[now.weekday()] not in weekdays or (
        condition and campaign and not _met(call, condition, campaign)
    ):
        return "ON_HOLD"
    return "ACTIVE"


def _met(call: Call, condition: Body, campaign: Body) -> bool:
    vendor = call.profile["accountInfo"]["type"] == "vendor"
    value = delivered.ratio(call, campaign, condition["metricName"], 14 if vendor else 7)
    return value is not None and OPERATORS[condition["comparisonOperator"]](value, condition["threshold"])


def _shown(call: Call, rule: Body, campaign: Body | None = None) -> Body:
    own = {name: value for name, value in rule.items() if not name.startswith("_")}
    return {**own, "ruleDetails": announced(own["ruleDetails"]), "ruleStatus": _status(call, rule, campaign)}


def _attached(call: Call, campaign_id: str) -> list[Body]:
    links = (link for link in owned(call, LINKS) if link["campaignId"] == campaign_id)
    return [rule for link in links if (rule := call.store.get(RULES, link["ruleId"]))]


def _rule(call: Call) -> Body:
    found = call.store.get(RULES, call.params["budgetRuleId"])
    if found is None or found["_profile"] != call.profile_id:
        raise Refused(422, f"Budget rule {call.params['budgetRuleId']} was not found")
    return found


def _campaign(call: Call, campaign_id: str = "") -> Body:
    found = call.store.get(CAMPAIGNS, campaign_id or call.params["campaignId"])
    if found is None or found["_profile"] != call.profile_id:
        raise Refused(422, "The campaign was not found")
    return found


def _link(campaign_id: str, rule_id: str) -> str:
    return f"{campaign_id}/{rule_id}"


def _page(call: Call, rows: list[Body]) -> tuple[list[Body], Body]:
    """The rows of a page and the token of the next one."""
    query = dict(call.request.query_params)
    size, token = query.pop("pageSize", ""), query.pop("nextToken", "0")
    if query or not size.isdecimal() or not 1 <= int(size) <= PAGE or not token.isdecimal():
        raise Refused(400, f"pageSize is required, of 1 to {PAGE}")
    end = int(token) + int(size)
    return rows[int(token) : end], {"nextToken": str(end)} if end < len(rows) else {}


JSON, EVENT_MEDIA = "application/json", "application/vnd.spbudgetrulesrecommendation.v3+json"
OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/sp/budgetRules", _list),
    Operation("POST", "/sp/budgetRules", _create, takes=JSON),
    Operation("PUT", "/sp/budgetRules", _update, takes=JSON),
    Operation("GET", "/sp/budgetRules/{budgetRuleId}", _get),
    Operation("GET", "/sp/budgetRules/{budgetRuleId}/campaigns", _campaigns),
    Operation(
        "POST", "/sp/campaigns/budgetRules/recommendations", _events, takes=EVENT_MEDIA, gives=EVENT_MEDIA
    ),
    Operation("GET", "/sp/campaigns/{campaignId}/budgetRules", _of_campaign),
    Operation("POST", "/sp/campaigns/{campaignId}/budgetRules", _attach, takes=JSON),
    Operation("DELETE", "/sp/campaigns/{campaignId}/budgetRules/{budgetRuleId}", _detach),
)
