"""LinkedIn's reads: rows as people read them, and several objects at once."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_calls import LINKEDIN, call, run

from mcp_ads.errors import AuthError, InvalidParams, NotFound


def test_rows_have_ids_and_dates() -> None:
    """URNs get their id beside them, epochs become dates, the last day is the day before the end."""
    record = {
        "id": 3,
        "campaignGroup": "urn:li:sponsoredCampaignGroup:6",
        "account": "urn:li:sponsoredAccount:5",
        "runSchedule": {"start": 1796083200000, "end": 1798761600000},
        "changeAuditStamps": {"created": {"time": 1796110200000, "actor": "urn:li:person:x"}},
    }
    row = call("campaigns", "list").to_row(record, None)
    assert row["campaign_group_id"] == "6"
    assert row["account_id"] == "5"
    assert row["campaignGroup"] == "urn:li:sponsoredCampaignGroup:6"
    assert row["runSchedule"] == {"start": "2026-12-01", "end": "2026-12-31"}
    assert row["changeAuditStamps"]["created"]["time"] == "2026-12-01T07:30Z"


def test_a_creative_has_its_number() -> None:
    """Its id is a URN; the number is what other calls take."""
    row = call("creatives", "list").to_row(
        {"id": "urn:li:sponsoredCreative:7", "createdAt": 1796083200000}, None
    )
    assert row == {"id": "urn:li:sponsoredCreative:7", "creative_id": "7", "createdAt": "2026-12-01"}


def test_several_objects_come_in_one_request() -> None:
    """In the order asked for; what is not there is an error of its index."""
    made = call("campaigns", "get", campaign_id=["2", "9", "urn:li:sponsoredCampaign:1"])
    answer = {"results": {"1": {"id": 1}, "2": {"id": 2}}, "errors": {"9": {"status": 403, "message": "no"}}}
    result, asked = run(made, answer)
    assert [request.query for request in asked] == [{"ids": ["2", "9", "1"]}]
    assert [row["id"] for row in result.data] == [2, 1]
    assert [(error["index"], error["code"]) for error in result.errors] == [(1, "AuthError")]


def test_one_object_is_a_record() -> None:
    """A single id is a plain GET."""
    result, asked = run(call("campaigns", "get", id="1"), {"id": 1})
    assert asked[0].path == "/adAccounts/512345678/adCampaigns/1"
    assert result.data == {"id": 1}


def test_a_batch_without_results_fails_as_its_first_item() -> None:
    """A permission that is missing is not told as an object that is missing."""
    made = call("campaigns", "get", campaign_id=["1"])
    with pytest.raises(AuthError):
        run(made, {"results": {}, "errors": {"1": {"status": 403, "code": "NO_PERMISSION_ON_ENTITY"}}})
    with pytest.raises(NotFound):
        run(made, {"results": {}})


@pytest.mark.parametrize(
    "ids", [[], [str(number) for number in range(101)], "1,x", "urn:li:sponsoredCampaignGroup:1"]
)
def test_ids_that_do_not_fit(ids: Any) -> None:
    """One to a hundred, digits or URNs of the right kind."""
    with pytest.raises(InvalidParams, match="campaign_id"):
        call("campaigns", "get", campaign_id=ids)


def test_an_account_is_read_from_its_record() -> None:
    """Its reports are in UTC."""
    account = LINKEDIN.accounts.read({"id": 512345678, "name": "Tern", "currency": "USD"})
    assert (account.id, account.name, account.currency, account.timezone) == (
        "512345678",
        "Tern",
        "USD",
        "UTC",
    )
