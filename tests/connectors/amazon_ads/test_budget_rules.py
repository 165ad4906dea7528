"""Budget rules: which answers show that something was done, and how a rule is read and written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from amazon_calls import write

from mcp_ads.connectors.amazon_ads.dialect import AmazonDialect
from mcp_ads.connectors.amazon_ads.sponsored_products import raises
from mcp_ads.core import Reply, Request
from mcp_ads.errors import ApiError, PartlyDone, PlatformDown, Rejected

RULES, ONE, OTHER = "sponsored_product_budget_rules", "5bc531de-f000", "7d3f8a52-0f0b"
ATTACH = Request("POST", "/sp/campaigns/12/budgetRules", body={"budgetRuleIds": [ONE]}, risk="write")
BOTH = Request("POST", "/sp/campaigns/12/budgetRules", body={"budgetRuleIds": [ONE, OTHER]}, risk="write")
DETACH = Request("DELETE", f"/sp/campaigns/12/budgetRules/{ONE}", risk="write")
OK = {"code": "Ok", "details": "Budget rule associated", "ruleId": ONE}
DETAILS = {
    "name": "R",
    "ruleType": "SCHEDULE",
    "budgetIncreaseBy": {"type": "PERCENT", "value": 12.5},
    "duration": {"dateRangeTypeRuleDuration": {"startDate": "20261124", "endDate": "20261130"}},
    "recurrence": {"type": "WEEKLY", "daysOfWeek": ["MONDAY"], "intraDaySchedule": [
        {"startTime": "17:00:00", "endTime": "22:00:00"}]},
}  # fmt: skip


def decoded(asked: Request, body: Any, status: int = 207) -> Any:
    return AmazonDialect().decode(Reply(status, {}, json.dumps(body).encode(), asked=asked))


def test_a_rule_that_was_attached_is_named() -> None:
    """By its id in its own place; a doubt remains where it is another one."""
    call = write(RULES, "attach", campaign_id="12", budget_rule_id=ONE)
    assert call.doubt(decoded(ATTACH, {"responses": [OK]})) == ""
    assert call.doubt(decoded(ATTACH, {"responses": [{**OK, "ruleId": OTHER}]}))
    assert decoded(DETACH, {}, 200) == {}
    many = write(RULES, "attach", campaign_id="12", budget_rule_id=[ONE, OTHER])
    assert many.doubt(decoded(BOTH, {"responses": [OK, {**OK, "ruleId": OTHER}]})) == ""


@pytest.mark.parametrize(
    ("action", "there", "shown"),
    [
        ("attach", [ONE, OTHER], [ONE, OTHER]),
        ("attach", [OTHER], [OTHER]),
        ("attach", [], []),
        ("detach", [OTHER], [ONE]),
        ("detach", [], [ONE, OTHER]),
    ],
)
def test_the_campaign_s_rules_show_what_was_done(action: str, there: list[str], shown: list[str]) -> None:
    """Of several rules each is looked for, and those that were not done are none of the part."""
    many = write(RULES, action, campaign_id="12", budget_rule_id=[ONE, OTHER])
    assert many.part_shown([{"ruleId": id_} for id_ in there]) == ({"budget_rule_id": shown} if shown else {})


@pytest.mark.parametrize(
    ("asked", "body", "error"),
    [
        (ATTACH, {"responses": [{"code": "NotOk", "details": "no"}]}, Rejected),
        (ATTACH, {"responses": [{"code": "Ok"}]}, PlatformDown),
        (ATTACH, {"responses": [{"details": "Budget rule associated", "ruleId": ONE}]}, PlatformDown),
        (ATTACH, {"responses": []}, PlatformDown),
        (ATTACH, {"responses": [OK, OK]}, PlatformDown),
        (ATTACH, [], PlatformDown),
        (ATTACH, {}, PlatformDown),
        (BOTH, {"responses": [OK, {"code": "Duplicate", "details": "no"}]}, PartlyDone),
        (DETACH, [], PlatformDown),
        (DETACH, {"code": None}, PlatformDown),
    ],
)
def test_no_other_answer_is_believed(asked: Request, body: Any, error: type[ApiError]) -> None:
    """What is refused says so, what says nothing is not known, and part of it is told as a part."""
    with pytest.raises(error) as caught:
        decoded(asked, body)
    assert type(caught.value) is error


def test_a_rule_reads_as_it_is_written() -> None:
    """Without its levels, and back again; what an earlier step of a plan sets counts."""
    record = {"ruleId": ONE, "ruleState": "ACTIVE", "ruleDetails": DETAILS, "createdDate": 1795651200000}
    row = raises.flat(record)
    assert (row["startDate"], row["budgetIncreaseBy"], row["startTime"]) == ("2026-11-24", 12.5, "17:00:00")
    assert row["createdDate"] == "2026-11-26T00:00:00Z"
    assert raises.details(row) == DETAILS
    assert raises.flat(row) == row
    assert raises.flat({**record, "budgetIncreaseBy": 50})["budgetIncreaseBy"] == 50
    assert raises.said(record) == "+12.5 %, 2026-11-24 to 2026-11-30, on Monday, 17:00:00 to 22:00:00"


def test_a_change_sends_the_rule_whole() -> None:
    """Amazon replaces what it is sent: what the call leaves alone is read and sent again."""
    live = raises.flat({"ruleId": ONE, "ruleState": "PAUSED", "ruleDetails": DETAILS}) | {"budgets": []}
    for action, params, changed in (
        ("update", {"name": "S"}, {"name": "S"}),
        (
            "update",
            {"end_date": "none"},
            {"duration": {"dateRangeTypeRuleDuration": {"startDate": "20261124"}}},
        ),
        ("update", {"event_id": "e"}, {"duration": {"eventTypeRuleDuration": {"eventId": "e"}}}),
        ("activate", {}, {}),
    ):
        call = write(RULES, action, live, budget_rule_id=ONE, **params)
        state = "ACTIVE" if action == "activate" else "PAUSED"
        item = {"ruleId": ONE, "ruleState": state, "ruleDetails": {**DETAILS, **changed}}
        assert call.to_request().body == {"budgetRulesDetails": [item]}
