"""What Sponsored TV answers, read as people write it: days, budgets, and why an item was refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mcp_ads.connectors import connector
from mcp_ads.core import Account, Context, Reply, Request
from mcp_ads.errors import ApiError, NotFound, Rejected

DIALECT = connector("amazon_ads").dialect
CHANGE = Request("PUT", "/st/campaigns", body={"campaigns": [{"campaignId": "1"}]}, risk="write")
TARGET = Request("POST", "/st/targets", body={"targetingClauses": [{"adGroupId": "1"}]}, risk="write")


def refused(asked: Request, body: Any, status: int = 207) -> ApiError:
    with pytest.raises(ApiError) as caught:
        DIALECT.decode(Reply(status, {}, json.dumps(body).encode(), asked=asked))
    return caught.value


def item(kind: str, name: str, reason: str, **more: Any) -> dict[str, Any]:
    value = {"reason": reason, "message": "says so", "cause": {"location": "$.campaigns[0].budget"}, **more}
    return {"index": 0, "errors": [{"errorType": kind, "errorValue": {name: value}}]}


@pytest.mark.parametrize(
    ("value", "zone", "day"),
    [
        ("2026-12-01T08:00:00Z", "America/Los_Angeles", "2026-12-01"),
        ("2026-12-02T07:59:59Z", "America/Los_Angeles", "2026-12-01"),
        ("2026-12-01T23:59:59Z", "America/Los_Angeles", "2026-12-01"),
        ("2026-12-01T00:00:00Z", "America/Los_Angeles", "2026-12-01"),
        ("2027-07-01T22:59:59.000Z", "Europe/London", "2027-07-01"),
        ("2027-06-30T23:00:00Z", "Europe/London", "2027-07-01"),
        ("2026-12-01", "America/Sao_Paulo", "2026-12-01"),
        ("1796112000000", "America/Los_Angeles", "2026-12-01"),
        ("soon", "America/Los_Angeles", "soon"),
        (None, "America/Los_Angeles", None),
    ],
)
def test_moments_are_shown_as_days(value: Any, zone: str, day: Any) -> None:
    """In the profile's zone, whoever wrote them; midnight in UTC is how Amazon's samples write a day."""
    call = (
        connector("amazon_ads").action("sponsored_tv_campaigns", "list").model_validate({"profile_id": "1"})
    )
    money = {"budget": {"budgetValue": {"amount": 80.5, "budgetCurrencyCode": "USD"}}}
    row = call.to_row({"startDate": value, "budgetSettings": money}, Account("1", timezone=zone))
    assert (row["startDate"], row["startDateTime"], row["budget"]) == (day, value, 80.5)


def test_kinds_of_errors_are_in_capitals_here() -> None:
    """The value stands under another spelling of the kind; what to do is known as in the other families."""
    error = refused(
        CHANGE,
        {"campaigns": {"success": [], "error": [item("BUDGET_ERROR", "budgetError", "BUDGET_TOO_LOW")]}},
    )
    assert isinstance(error, Rejected)
    assert (error.code, error.platform_text) == ("budgetError/BUDGET_TOO_LOW", "says so")
    assert "(budget)" in str(error)
    error = refused(TARGET, {"targetingClauses": {"error": [item("BILLING_ERROR", "billingError", "OTHER")]}})
    assert "repairs billing" in error.fix
    bare = {"index": 0, "errors": [{"errorType": "DATE_ERROR"}]}
    assert "days as 2026-11-30" in refused(CHANGE, {"campaigns": {"error": [bare]}}).fix


def test_a_list_that_goes_on_is_followed_for_what_is_missing() -> None:
    """An object on the second page is found; one on none is said not to be there."""
    kind = connector("amazon_ads").action("sponsored_tv_ads", "get")
    for wanted, found in (("2", True), ("3", False)):
        call = kind.model_validate({"profile_id": "1", "ad_id": wanted})
        flow = call.flow(Context(date(2026, 11, 22)))
        next(flow)
        asked = flow.send({"ads": [], "nextToken": "more"})
        assert isinstance(asked, Request)
        assert asked.body == {"adIdFilter": {"include": [wanted]}, "nextToken": "more"}
        with pytest.raises(StopIteration if found else NotFound):
            flow.send({"ads": [{"adId": "2", "adName": "Film"}] if found else []})


def test_errors_of_dsp_name_their_field() -> None:
    """They have a type, a field and a message, and no value."""
    asked = Request("GET", "/dsp/advertisers")
    fault = {"errorType": "DSP_INVALID_QUERY_PARAM", "field": "advertiserIdFilter", "message": "numbers only"}
    error = refused(asked, {"message": "Validation Error", "requestId": "1", "errors": [fault]}, 422)
    assert "advertiserIdFilter" in str(error)
    assert error.platform_text == "Validation Error numbers only"
