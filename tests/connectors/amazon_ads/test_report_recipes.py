"""Reports: what is ordered, how it is waited for, and what is shown of it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from amazon_calls import CONTEXT, call, result_of

from mcp_ads.connectors.amazon_ads.reports.catalogue import catalogue
from mcp_ads.core import Fetched, Progress, Request, Wait
from mcp_ads.engine.answers.shape import table
from mcp_ads.errors import ApiError, AuthError, InvalidParams, PlatformDown, Rejected

ID = "0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10"
URL = "https://files.example.com/report.json.gz?X-Amz-Signature=secret"
PENDING = {"reportId": ID, "status": "PENDING", "startDate": "2026-11-01", "endDate": "2026-11-10",
           "url": None, "configuration": {"columns": ["campaignId", "cost", "date"]}}  # fmt: skip
DONE = {**PENDING, "status": "COMPLETED", "url": URL, "urlExpiresAt": "2026-11-22T12:00:00Z"}
FAILED = {**PENDING, "status": "FAILED", "failureReason": "out of memory"}


def _settled(action: str, **params: Any) -> Any:
    return call("reports", action, **params).settled(CONTEXT)


def _mistake(action: str = "run", **params: Any) -> str:
    with pytest.raises(InvalidParams) as caught:
        _settled(action, **params)
    return str(caught.value)


def test_ordering_is_a_read_that_is_not_repeated() -> None:
    """A second order would build the report twice."""
    request = next(_settled("create", report_type="spCampaigns").flow(CONTEXT))
    assert isinstance(request, Request)
    assert (request.risk, request.repeatable, request.resendable) == ("read", False, False)


def test_an_ordered_report_is_answered_without_its_address() -> None:
    """A signed address is a credential."""
    steps = _settled("create", report_type="spCampaigns").flow(CONTEXT)
    next(steps)
    result = result_of(steps, DONE)
    assert result.data["reportId"] == ID
    assert "X-Amz" not in str(result)


def test_a_duplicate_order_answers_with_the_report_there_is() -> None:
    """Amazon names it in the text of its 425."""
    steps = _settled("create", report_type="spCampaigns").flow(CONTEXT)
    next(steps)
    status = steps.throw(Rejected("no", status=425, platform_text=f"The Request is a duplicate of : {ID}"))
    assert (status.method, status.path) == ("GET", f"/reporting/reports/{ID}")
    assert result_of(steps, PENDING).data["reportId"] == ID


def test_a_duplicate_without_an_id_stays_an_error() -> None:
    """There is nothing to wait for."""
    steps = _settled("create", report_type="spCampaigns").flow(CONTEXT)
    next(steps)
    with pytest.raises(Rejected):
        steps.throw(Rejected("no", status=425, platform_text="duplicate"))


def test_status_is_shown_without_the_address() -> None:
    """Neither the address nor when it expires."""
    steps = _settled("get", report_id=ID).flow(CONTEXT)
    next(steps)
    assert result_of(steps, DONE).data.keys() == PENDING.keys() - {"url"}


def test_running_orders_waits_and_fetches() -> None:
    """Order, poll with growing pauses that can be resumed, then the file without our headers."""
    steps = _settled("run", report_type="spCampaigns").flow(CONTEXT)
    assert next(steps).method == "POST"
    assert steps.send(PENDING) == Wait(1.0, {"report_id": ID})
    assert steps.send(None).path.endswith(ID)
    assert isinstance(steps.send({**PENDING, "status": "PROCESSING"}), Progress)
    pause = steps.send(None)
    assert isinstance(pause, Wait)
    assert pause.resume == {"report_id": ID}
    steps.send(None)
    fetch = steps.send(DONE)
    assert (fetch.method, fetch.path, dict(fetch.headers)) == ("GET", URL, {})
    assert fetch.into_file
    result = result_of(steps, Fetched(io.BytesIO(), 0))
    assert isinstance(result.data, Fetched)
    assert ID in result.data.again
    assert list(result.data.through([{"cost": 1}])) == [{"campaignId": None, "cost": 1, "date": None}]
    assert result.meta == {"report_id": ID, "range": "2026-11-01..2026-11-10 America/Los_Angeles"}


def test_pauses_grow() -> None:
    """Polling is throttled too."""
    steps = _settled("run", report_id=ID).flow(CONTEXT)
    step: Any = next(steps)
    pauses: list[float] = []
    while len(pauses) < 8:
        step = steps.send(PENDING if isinstance(step, Request) else None)
        pauses += [step.seconds] if isinstance(step, Wait) else []
    assert pauses == sorted(pauses)
    assert pauses[-1] == 60.0


def test_going_on_with_a_report_orders_nothing() -> None:
    """And claims no days of its own."""
    run = _settled("run", report_id=ID)
    assert run.time_range is None
    assert next(run.flow(CONTEXT)).method == "GET"


def test_a_401_now_and_then_while_polling_is_waited_out() -> None:
    """Amazon gives some; three are enough."""
    steps = _settled("run", report_id=ID).flow(CONTEXT)
    next(steps)
    for _ in range(3):
        assert isinstance(steps.throw(AuthError("no", status=401)), Wait)
        assert isinstance(steps.send(None), Request)
    with pytest.raises(AuthError):
        steps.throw(AuthError("no", status=401))


def test_a_failed_report_says_why() -> None:
    """The reason is the platform's words, quoted apart."""
    steps = _settled("run", report_id=ID).flow(CONTEXT)
    next(steps)
    with pytest.raises(Rejected) as caught:
        steps.send(FAILED)
    assert caught.value.platform_text == "out of memory"
    assert "order it again" in caught.value.fix


def test_an_unfinished_report_has_no_rows() -> None:
    """Downloading says how to wait."""
    steps = _settled("download", report_id=ID).flow(CONTEXT)
    next(steps)
    with pytest.raises(Rejected, match="not finished"):
        steps.send(PENDING)


@pytest.mark.parametrize("error", [AuthError("no", status=403), PlatformDown("no", status=503)])
def test_a_file_that_cannot_be_fetched_is_no_sign_in_problem(error: ApiError) -> None:
    """The address carries its own signature, and is not told."""
    steps = _settled("download", report_id=ID).flow(CONTEXT)
    next(steps)
    steps.send(DONE)
    with pytest.raises(PlatformDown) as caught:
        steps.throw(error)
    assert "fresh address" in caught.value.fix
    assert "X-Amz" not in str(caught.value.args)


def test_ids_in_reports_are_text() -> None:
    """They exceed what JSON numbers hold in most languages."""
    row = {"cost": 1.5, "campaignId": 9007199254740993, "date": "2026-11-01"}
    shown = _settled("download", report_id=ID).to_row(row, None)
    assert shown == {"cost": 1.5, "campaignId": "9007199254740993", "date": "2026-11-01"}


def test_types_are_told_without_asking_amazon() -> None:
    """No request, one row per type."""
    rows = result_of(call("reports", "types").flow(CONTEXT), None).data
    assert len(rows) == 36
    named = {"report_type", "ad_product", "report_group_by", "time_units", "columns", "max_days"}
    assert rows[0].keys() >= named


def test_a_types_columns_say_what_they_need() -> None:
    """Which grouping, and whether they are asked for by default."""
    result = result_of(call("reports", "types", report_type="spCampaigns").flow(CONTEXT), None)
    rows = {row["column"]: row for row in result.data}
    assert rows["campaignId"] == {
        "column": "campaignId", "needs_group_by": "campaign or campaignPlacement", "default": True,
    }  # fmt: skip
    assert rows["impressions"]["needs_group_by"] is None


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_defaults_are_orderable_for_every_type(name: str) -> None:
    """Under every grouping alone, in every time unit."""
    kind = catalogue()[name]
    for group in kind.group_by:
        for unit in kind.time_units:
            columns = kind.usual([group], unit)
            assert len(set(columns)) == len(columns)
            assert list(kind.mistakes([group], columns, unit, ())) == []


def test_days_are_added_to_daily_reports() -> None:
    """A daily row without its day would be useless."""
    body = _settled("run", report_type="spCampaigns", time_unit="daily", fields="cost").to_body()
    assert body["configuration"]["columns"] == ["date", "cost"]


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"report_type": "spCampaign"}, "did you mean spCampaigns"),
        ({}, "report_type: missing"),
        ({"columns": ["sale7d"]}, "did you mean sales7d"),
        ({"columns": ["adGroupId"]}, "needs report_group_by adGroup"),
        ({"columns": ["date"]}, "not possible with time_unit SUMMARY"),
        ({"columns": ["startDate"], "time_unit": "DAILY"}, "not possible with time_unit DAILY"),
        ({"group_by": "adgroup"}, "did you mean adGroup"),
        (
            {"filters": [{"field": "adStatus", "values": ["ENABLED"]}]},
            "no filter of report_group_by campaign",
        ),
        ({"filters": [{"field": "campaignStatus", "values": ["ON"]}]}, "campaignStatus 'ON' is not known"),
        ({"filters": [{"campaignStatus": ["ENABLED"]}]}, "write [{"),
        ({"time_range": "last_60d"}, "at most 31"),
        ({"time_range": "2026-08-01..2026-08-10"}, "too far back"),
        ({"time_range": "2026-11-20..2026-11-30"}, "after today"),
    ],
)
def test_orders_are_checked_before_they_are_sent(params: dict[str, Any], said: str) -> None:
    """Every mistake Amazon would answer with a 400."""
    given = {"report_type": "spCampaigns"} if params and "report_type" not in params else {}
    assert said in _mistake(**given, **params)


def test_a_report_without_daily_rows_says_so() -> None:
    """Some types sum up only."""
    assert "SUMMARY only" in _mistake(report_type="conversionPath", time_unit="DAILY")


@pytest.mark.parametrize("name", ["spCampaigns", "spAdvertisedProduct"])
def test_rows_are_small(name: str) -> None:
    """At most 150 bytes with conversions."""
    values = {
        "campaignName": "Towels, summer sale | exact",
        "advertisedAsin": "B0TERN0001",
        "advertisedSku": "TT-TOWEL-01",
        "impressions": 1234567,
        "clicks": 12345,
        "cost": 1234.56,
        "purchases7d": 1234,
        "sales7d": 45678.9,
    }
    columns = tuple(catalogue()[name].usual([catalogue()[name].group_by[0]], "SUMMARY"))
    row = {column: values.get(column, "123456789012345") for column in columns}
    assert len(table([row], columns)[1].encode()) + 1 <= 150
