"""Reports: what is ordered, how it is waited for, and what is shown of it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from amazon_calls import CONTEXT, PROFILE, Course, call, result_of

from mcp_ads.connectors.amazon_ads.reports.catalogue import catalogue
from mcp_ads.core import Fetched, Progress, Request, Wait
from mcp_ads.engine.answers.shape import table
from mcp_ads.errors import ApiError, AuthError, InvalidParams, PlatformDown, RateLimited, Rejected

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
    steps = Course(_settled("create", report_type="spCampaigns"))
    steps.send()
    result = steps.ends(DONE)
    assert result.data["reportId"] == ID
    assert "X-Amz" not in str(result)


def test_a_duplicate_order_answers_with_the_report_there_is() -> None:
    """Amazon names it in the text of its 425."""
    steps = Course(_settled("create", report_type="spCampaigns"))
    steps.send()
    status = steps.send(Rejected("no", status=425, platform_text=f"The Request is a duplicate of : {ID}"))
    assert (status.method, status.path) == ("GET", f"/reporting/reports/{ID}")
    assert steps.ends(PENDING).data["reportId"] == ID


def test_a_duplicate_without_an_id_stays_an_error() -> None:
    """There is nothing to wait for."""
    steps = Course(_settled("create", report_type="spCampaigns"))
    steps.send()
    with pytest.raises(Rejected):
        steps.send(Rejected("no", status=425, platform_text="duplicate"))


def test_status_is_shown_without_the_address() -> None:
    """Neither the address nor when it expires."""
    steps = Course(_settled("get", report_id=ID))
    steps.send()
    assert steps.ends(DONE).data.keys() == PENDING.keys() - {"url"}


def test_running_orders_waits_and_fetches() -> None:
    """Order, poll with growing pauses that can be resumed, then the file without our headers."""
    steps = Course(_settled("run", report_type="spCampaigns"))
    assert steps.send().method == "POST"
    assert isinstance(steps.send(PENDING), Progress)
    pause = steps.send()
    assert (pause.seconds, pause.resume) == (0.5, {"report_id": ID, "profile_id": PROFILE})
    assert "at worst 3 hours" in pause.again
    assert steps.send().path.endswith(ID)
    assert isinstance(steps.send({**PENDING, "status": "PROCESSING"}), Progress)
    assert steps.send().seconds == 10
    steps.send()
    fetch = steps.send(DONE)
    assert (fetch.method, fetch.path, dict(fetch.headers)) == ("GET", URL, {})
    assert fetch.into_file
    result = steps.ends(Fetched(io.BytesIO(), 0))
    assert isinstance(result.data, Fetched)
    assert ID in result.data.again
    assert list(result.data.through([{"cost": 1}])) == [{"campaignId": None, "cost": 1, "date": None}]
    assert result.meta["report_id"] == ID
    assert result.meta["range"] == "2026-11-01..2026-11-10 America/Los_Angeles"


def test_pauses_grow() -> None:
    """Polling is throttled too: ten seconds at first, a minute at last."""
    steps = Course(_settled("run", report_id=ID))
    step, pauses = steps.send(), list[float]()
    while len(pauses) < 8:
        step = steps.send(PENDING if isinstance(step, Request) else None)
        pauses += [step.seconds] if isinstance(step, Wait) else []
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (10, 60)


def test_going_on_with_a_report_orders_nothing() -> None:
    """And claims no days of its own."""
    run = _settled("run", report_id=ID)
    assert run.time_range is None
    assert Course(run).send().method == "GET"


def test_a_401_now_and_then_while_polling_is_waited_out() -> None:
    """Amazon gives some; three are enough."""
    steps = Course(_settled("run", report_id=ID))
    steps.send()
    for _ in range(3):
        steps.until(Wait, AuthError("no", status=401))
        assert isinstance(steps.send(), Request)
    with pytest.raises(AuthError):
        steps.send(AuthError("no", status=401))


def test_a_throttled_order_waits_long_and_takes_what_amazon_took() -> None:
    """A 429 may have been accepted: the next try is answered with its id."""
    steps = Course(_settled("run", report_type="spCampaigns"))
    assert not steps.send().repeatable
    assert steps.until(Wait, RateLimited("slowly", status=429)).seconds == 30
    assert steps.send().method == "POST"
    taken = steps.send(Rejected("no", status=425, platform_text=f"The Request is a duplicate of : {ID}"))
    assert (taken.method, taken.path) == ("GET", f"/reporting/reports/{ID}")


@pytest.mark.parametrize("status", [0, 500, 503])
def test_an_order_whose_answer_is_lost_is_not_sent_again(status: int) -> None:
    """Nobody knows whether Amazon took it; it says so itself when asked again."""
    steps = Course(_settled("run", report_type="spCampaigns"))
    steps.send()
    with pytest.raises(PlatformDown) as caught:
        steps.send(PlatformDown("lost", status=status))
    assert "names that report" in caught.value.fix


def test_a_start_before_the_retention_is_the_day_amazon_names() -> None:
    """Its pages and its servers differ: the order is made again with that day, and the answer says so."""
    steps = Course(_settled("run", report_type="spCampaigns", time_range="2026-10-25..2026-11-20"))
    steps.send()
    says = (
        "startDate (2026-10-25) must be equal to or after report type data retention start date (2026-10-31)"
    )
    again = steps.send(Rejected("no", status=400, platform_text=says))
    assert again.body["startDate"] == "2026-10-31"
    steps.send(DONE)
    warnings = steps.ends(Fetched(io.BytesIO(), 0)).meta["warnings"]
    assert "from 2026-10-31 on: the days from 2026-10-25 to 2026-10-30 are not in" in warnings[0]


def test_a_column_nobody_knows_is_asked_for_and_said() -> None:
    """Amazon's lists are longer than its pages; its refusal names all it has, and none is cut off."""
    steps = Course(_settled("run", report_type="sdCampaigns", fields=["campaignId", "offAmazonLeadSum"]))
    assert steps.send().body["configuration"]["columns"] == ["campaignId", "offAmazonLeadSum"]
    allowed = [f"metric{n}" for n in range(99)]
    says = f"configuration columns includes invalid values: (x). Allowed values: ({', '.join(allowed)})"
    with pytest.raises(Rejected) as caught:
        steps.send(Rejected("no", status=400, platform_text=says))
    assert all(name in caught.value.fix for name in allowed)


def test_a_failed_report_says_why() -> None:
    """The reason is the platform's words, quoted apart."""
    steps = Course(_settled("run", report_id=ID))
    steps.send()
    with pytest.raises(Rejected) as caught:
        steps.send(FAILED)
    assert caught.value.platform_text == "out of memory"
    assert "order it again" in caught.value.fix


def test_an_unfinished_report_has_no_rows() -> None:
    """Downloading says how to wait."""
    steps = Course(_settled("download", report_id=ID))
    steps.send()
    with pytest.raises(Rejected, match="not finished"):
        steps.send(PENDING)


@pytest.mark.parametrize("error", [AuthError("no", status=403), PlatformDown("no", status=503)])
def test_a_file_that_cannot_be_fetched_is_no_sign_in_problem(error: ApiError) -> None:
    """The address carries its own signature, and is not told; a fresh one is tried first."""
    steps = Course(_settled("download", report_id=ID))
    steps.send()
    steps.send(DONE)
    assert steps.send(error).path.endswith(ID)
    assert steps.send({**DONE, "url": f"{URL}2"}).path == f"{URL}2"
    with pytest.raises(PlatformDown) as caught:
        steps.send(error)
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
        "means": None,
    }  # fmt: skip
    assert rows["sales7d"]["means"] == "sales, money, 7d click"
    assert rows["conversion_value"]["means"] == "sales7d"
    assert "account,campaignPlacement" in result.meta["report_group_by"]
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
        ({"report_group_by": "adgroup"}, "did you mean adGroup"),
        (
            {"filters": [{"field": "adStatus", "values": ["ENABLED"]}]},
            "no filter of report_group_by campaign",
        ),
        ({"filters": [{"field": "campaignStatus", "values": ["ON"]}]}, "campaignStatus 'ON' is not known"),
        ({"filters": [{"campaignStatus": ["ENABLED"]}]}, "write [{"),
        ({"report_group_by": ["adGroup", "campaignPlacement"]}, "nothing else together"),
        (
            {"report_group_by": ["campaign", "adGroup"], "columns": ["topOfSearchImpressionShare"]},
            "with report_group_by campaign alone",
        ),
        (
            {
                "report_group_by": ["campaign", "adGroup"],
                "filters": [{"field": "campaignStatus", "values": ["ENABLED"]}],
            },
            "no filter of report_group_by adGroup",
        ),
        ({"columns": ["sales"]}, "did you mean sales14d or sales1d"),
        ({"time_range": "2026-08-01..2026-08-10"}, "too far back"),
        ({"time_range": "2026-11-20..2026-11-30"}, "after today"),
    ],
)
def test_orders_are_checked_before_they_are_sent(params: dict[str, Any], said: str) -> None:
    """Every mistake Amazon would answer with a 400."""
    given = {"report_type": "spCampaigns"} if params and "report_type" not in params else {}
    assert said in _mistake(**given, **params)


def test_one_order_has_one_window_of_days() -> None:
    """reports.run asks for several."""
    said = _mistake("create", report_type="spCampaigns", time_range="last_60d")
    assert "at most 31 in one report; reports.run asks for several" in said


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
