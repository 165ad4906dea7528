"""LinkedIn's reads: rows as people read them, several objects at once, and reports of several requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from linkedin_calls import CONTEXT, LINKEDIN, call

from mcp_ads.connectors.linkedin_ads import metrics
from mcp_ads.core import Action, Progress, Request, Result
from mcp_ads.engine.answers.shape import table
from mcp_ads.errors import ApiError, AuthError, InvalidParams, NotFound

EDGE = {"start": {"year": 2026, "month": 11, "day": 1}, "end": {"year": 2026, "month": 11, "day": 9}}
MANY = [name for name, kind in metrics.kinds().items() if kind.kind == "count" and name[0] != "v"][:20]


def _run(made: Action, *answers: Any) -> tuple[Result, list[Request]]:
    """What a recipe returns for these answers, and what it asked for."""
    left, steps, sent, asked = list(answers), made.settled(CONTEXT).flow(CONTEXT), None, []
    try:
        step = next(steps)
        while True:
            if isinstance(step, Request):
                asked.append(step)
                sent = left.pop(0)
            step = steps.throw(sent) if isinstance(sent, ApiError) else steps.send(sent)
            sent = None
    except StopIteration as end:
        result: Result = end.value
        assert left == []
        return result, asked


def _row(id: int, kind: str = "sponsoredCampaign", **values: Any) -> dict[str, Any]:
    return {"pivotValues": [f"urn:li:{kind}:{id}"], "dateRange": EDGE, **values}


def _report(entity: str = "ad_campaign_analytics", **params: Any) -> Action:
    return call(entity, "list", time_range="2026-11-01..2026-11-09", **params)


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
    result, asked = _run(made, answer)
    assert [each.query for each in asked] == [{"ids": ["2", "9", "1"]}]
    assert [row["id"] for row in result.data] == [2, 1]
    assert [(each["index"], each["code"]) for each in result.errors] == [(1, "AuthError")]


def test_one_object_is_a_record() -> None:
    """A single id is a plain GET."""
    result, asked = _run(call("campaigns", "get", id="1"), {"id": 1})
    assert asked[0].path == "/adAccounts/512345678/adCampaigns/1"
    assert result.data == {"id": 1}


def test_a_batch_without_results_fails_as_its_first_item() -> None:
    """A permission that is missing is not told as an object that is missing."""
    made = call("campaigns", "get", campaign_id=["1"])
    with pytest.raises(AuthError):
        _run(made, {"results": {}, "errors": {"1": {"status": 403, "code": "NO_PERMISSION_ON_ENTITY"}}})
    with pytest.raises(NotFound):
        _run(made, {"results": {}})


@pytest.mark.parametrize(
    "ids", [[], [str(each) for each in range(101)], "1,x", "urn:li:sponsoredCampaignGroup:1"]
)
def test_ids_that_do_not_fit(ids: Any) -> None:
    """One to a hundred, digits or URNs of the right kind."""
    with pytest.raises(InvalidParams, match="campaign_id"):
        call("campaigns", "get", campaign_id=ids)


def test_a_report_has_names_beside_ids() -> None:
    """One request for the metrics, one for the names; money in the currency's decimals."""
    result, asked = _run(
        _report(),
        {
            "elements": [
                _row(1, impressions=9, clicks=1, costInLocalCurrency="88.4400000000", oneClickLeads=0)
            ]
        },
        {"results": {"1": {"name": 'A "b", c'}}},
    )
    assert [each.path for each in asked] == ["/adAnalytics", "/adAccounts/512345678/adCampaigns"]
    assert asked[1].query == {"ids": ["1"], "fields": ["name"]}
    assert [result.data[0][name] for name in result.columns] == ["1", 'A "b", c', 9, 1, "88.44", 0, 0]
    assert result.meta == {"basis": "li: 30d click + 7d view (rule's)"}


def test_more_metrics_than_a_request_takes() -> None:
    """They are split and joined by pivot and dates; what a row lacks was nought."""
    one, last = MANY[0], MANY[19]
    first = [_row(1) | {one: 1}, _row(2) | {one: 2}]
    result, asked = _run(
        _report(fields=MANY), {"elements": first}, {"elements": [_row(2) | {last: 7}]}, {"results": {}}
    )
    assert [len(each.query["fields"]) for each in asked[:2]] == [20, 4]
    assert all(each.query["fields"][-2:] == ["pivotValues", "dateRange"] for each in asked[:2])
    assert [(row[one], row[last]) for row in result.data] == [(1, 0), (2, 7)]


def test_a_report_by_day() -> None:
    """Rows of one campaign stay apart; names are read once."""
    later = {"start": {"year": 2026, "month": 11, "day": 2}, "end": {"year": 2026, "month": 11, "day": 2}}
    rows = [_row(1, clicks=1), {**_row(1, clicks=2), "dateRange": later}]
    result, asked = _run(
        _report(time_granularity="DAILY", fields="clicks"),
        {"elements": rows},
        {"results": {"1": {"name": "A"}}},
    )
    assert [row["date"] for row in result.data] == ["2026-11-01", "2026-11-02"]
    assert asked[1].query["ids"] == ["1"]


def test_creatives_are_named_with_their_campaign() -> None:
    """Their keys are URNs; what cannot be read is left out."""
    urn = "urn:li:sponsoredCreative:7"
    result, asked = _run(
        _report("ad_creative_analytics", fields="clicks"),
        {"elements": [_row(7, "sponsoredCreative", clicks=1), _row(8, "sponsoredCreative", clicks=2)]},
        {"results": {urn: {"name": "Ad", "campaign": "urn:li:sponsoredCampaign:3"}}, "errors": {}},
    )
    assert asked[1].query["ids"] == [urn, "urn:li:sponsoredCreative:8"]
    assert [list(row.values()) for row in result.data] == [["7", "Ad", "3", 1], ["8", None, None, 2]]


def test_a_report_without_names_is_still_a_report() -> None:
    """A token may read reports and nothing else."""
    result, _ = _run(_report(fields="clicks"), {"elements": [_row(1, clicks=1)]}, AuthError("no r_ads"))
    assert result.data == [{"campaign_id": "1", "campaign_name": None, "clicks": 1}]
    assert result.meta["warnings"] == ["names are missing: no r_ads"]


def test_names_are_read_in_parts() -> None:
    """A hundred at a time and no more than a thousand, with progress between."""
    rows = [_row(each, clicks=each) for each in range(1, 1102)]
    names: list[Any] = [{"results": {}} for _ in range(10)]
    result, asked = _run(_report(fields="clicks"), {"elements": rows}, *names)
    assert {len(each.query["ids"]) for each in asked[1:]} == {100}
    assert result.meta["warnings"] == ["only the first 1000 names were read"]
    steps = _report(fields="clicks").settled(CONTEXT).flow(CONTEXT)
    next(steps)
    assert isinstance(steps.send({"elements": rows[:1]}), Progress)


def test_doubts_are_said() -> None:
    """An empty report and one that was cut look like good ones."""
    nothing, _ = _run(_report(), {"elements": []})
    assert "may not see" in nothing.meta["warnings"][0]
    years = ({**EDGE["start"], "year": year} for year in range(15_000))
    days = [{**_row(1, clicks=1), "dateRange": {"start": year}} for year in years]
    cut, _ = _run(_report(fields="clicks"), {"elements": days}, {"results": {}})
    assert "15000 rows" in cut.meta["warnings"][0]


def test_days_counted_beyond_those_asked_for_are_said() -> None:
    """Older days come in whole months, which makes every number larger."""
    month = {"start": {"year": 2026, "month": 3, "day": 1}, "end": {"year": 2026, "month": 3, "day": 31}}
    asked = call("ad_campaign_analytics", "list", time_range="2026-03-10..2026-03-12", fields="clicks")
    wider = {**_row(1, clicks=9), "dateRange": month}
    result, _ = _run(asked, {"elements": [wider]}, {"results": {}})
    assert "counted 2026-03-01..2026-03-31, not 2026-03-10..2026-03-12" in result.meta["warnings"][0]
    exact, _ = _run(_report(fields="clicks"), {"elements": [_row(1, clicks=9)]}, {"results": {}})
    assert "warnings" not in exact.meta


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ({"clicks": 3, "impressions": 400}, "ctr", 0.75),
        ({"clicks": 1, "impressions": 3}, "ctr", 100 / 3),
        ({"audiencePenetration": 0.0312}, "audiencePenetration", 3.12),
        ({"externalWebsiteConversions": 2, "oneClickLeads": 3}, "conversions", 5),
        ({}, "impressions", 0),
        ({}, "approximateMemberReach", None),
        ({"clicks": 3, "impressions": 0}, "ctr", None),
        ({"costInLocalCurrency": "10.0", "impressions": 4000}, "cpm", 2.5),
        ({"costInLocalCurrency": "10.0"}, "cost_per_lead", None),
        ({"oneClickLeads": 3}, "leads", 3),
        ({"costInLocalCurrency": "1234.5000000000"}, "costInLocalCurrency", "1234.50"),
        ({"costInLocalCurrency": "0"}, "cost", "0.00"),
        ({"costInLocalCurrency": "0.1234560000"}, "cost", "0.123456"),
        ({"costInLocalCurrency": "unknown"}, "cost", "unknown"),
        ({"averageDwellTime": 1.5}, "averageDwellTime", 1.5),
    ],
)
def test_cells(row: Mapping[str, Any], column: str, value: Any) -> None:
    """Ratios are whole and safe from zero; vendor names and short names mean the same."""
    assert metrics.cells(row, [column], "USD")[column] == value


def test_wrong_metrics_are_taught() -> None:
    """Names LinkedIn does not have, with what to take instead."""
    with pytest.raises(InvalidParams, match="approximateMemberReach"):
        _report(fields=["approximateUniqueImpressions"])


def test_reach_has_its_own_longest_range() -> None:
    """92 days are counted, more are refused before anything is sent."""
    made = call("ad_campaign_analytics", "list", fields=["frequency"], time_range="last_92d")
    assert made.settled(CONTEXT)
    longer = call("ad_campaign_analytics", "list", fields=["frequency"], time_range="last_93d")
    with pytest.raises(InvalidParams, match="92 days"):
        longer.settled(CONTEXT)


def test_a_row_of_a_report_is_small() -> None:
    """At most 150 bytes with a long name, ids and conversions."""
    values = {"impressions": 1234567, "clicks": 12345, "costInLocalCurrency": "12345.6700000000"}
    row = _row(180000001, "sponsoredCreative", externalWebsiteConversions=1234, oneClickLeads=1234, **values)
    record = {"name": "Whitepaper, gated | VPs everywhere", "campaign": "urn:li:sponsoredCampaign:300000001"}
    result, _ = _run(
        _report("ad_creative_analytics"), {"elements": [row]}, {"results": {row["pivotValues"][0]: record}}
    )
    assert len(table(result.data, result.columns)[1].encode()) <= 150


def test_an_account_is_read_from_its_record() -> None:
    """Its reports are in UTC."""
    account = LINKEDIN.accounts.read({"id": 512345678, "name": "Tern", "currency": "USD"})
    assert (account.id, account.name, account.currency, account.timezone) == (
        "512345678",
        "Tern",
        "USD",
        "UTC",
    )
