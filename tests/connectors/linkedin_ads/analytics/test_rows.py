"""LinkedIn's reports of several requests: joined, named, whole or said not to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from linkedin_calls import CONTEXT, call, run

from mcp_ads.connectors.linkedin_ads.analytics import metrics
from mcp_ads.core import Action, Progress
from mcp_ads.engine.answers.shape import table
from mcp_ads.errors import AuthError, InvalidParams, NotFound, PlatformDown, RateLimited, Rejected

EDGE = {"start": {"year": 2026, "month": 11, "day": 1}, "end": {"year": 2026, "month": 11, "day": 9}}
MANY = [name for name, kind in metrics.kinds().items() if kind.kind == "count" and name[0] != "v"][:20]


def _row(id: int, kind: str = "sponsoredCampaign", **values: Any) -> dict[str, Any]:
    return {"pivotValues": [f"urn:li:{kind}:{id}"], "dateRange": EDGE, **values}


def _report(entity: str = "ad_campaign_analytics", **params: Any) -> Action:
    return call(entity, "list", time_range="2026-11-01..2026-11-09", **params)


def test_a_report_has_names_beside_ids() -> None:
    """One request for the metrics, one for the names; money in the currency's decimals."""
    result, asked = run(
        _report(),
        {
            "elements": [
                _row(1, impressions=9, clicks=1, costInLocalCurrency="88.4400000000", oneClickLeads=0)
            ]
        },
        {"results": {"1": {"name": 'A "b", c'}}},
    )
    assert [request.path for request in asked] == ["/adAnalytics", "/adAccounts/512345678/adCampaigns"]
    assert asked[1].query == {"ids": ["1"], "fields": ["name"]}
    assert [result.data[0][name] for name in result.columns] == ["1", 'A "b", c', 9, 1, "88.44", 0, 0]
    assert result.meta == {"basis": "li: 30d click + 7d view (rule's); recent days may still rise"}


def test_more_metrics_than_a_request_takes() -> None:
    """They are split and joined by pivot and dates; what a row lacks was nought."""
    one, last = MANY[0], MANY[19]
    first = [_row(1) | {one: 1}, _row(2) | {one: 2}]
    result, asked = run(
        _report(fields=MANY), {"elements": first}, {"elements": [_row(2) | {last: 7}]}, {"results": {}}
    )
    assert [len(request.query["fields"]) for request in asked[:2]] == [20, 4]
    assert all(request.query["fields"][-2:] == ["pivotValues", "dateRange"] for request in asked[:2])
    assert [(row[one], row[last]) for row in result.data] == [(1, 0), (2, 7)]


def test_a_report_by_day() -> None:
    """Rows of one campaign stay apart; names are read once."""
    later = {"start": {"year": 2026, "month": 11, "day": 2}, "end": {"year": 2026, "month": 11, "day": 2}}
    rows = [_row(1, clicks=1), {**_row(1, clicks=2), "dateRange": later}]
    result, asked = run(
        _report(time_granularity="DAILY", fields="clicks"),
        {"elements": rows},
        {"results": {"1": {"name": "A"}}},
    )
    assert [row["date"] for row in result.data] == ["2026-11-01", "2026-11-02"]
    assert asked[1].query["ids"] == ["1"]


def test_creatives_are_named_with_their_campaign() -> None:
    """Their keys are URNs; what cannot be read is left out."""
    urn = "urn:li:sponsoredCreative:7"
    result, asked = run(
        _report("ad_creative_analytics", fields="clicks"),
        {"elements": [_row(7, "sponsoredCreative", clicks=1), _row(8, "sponsoredCreative", clicks=2)]},
        {"results": {urn: {"name": "Ad", "campaign": "urn:li:sponsoredCampaign:3"}}, "errors": {}},
    )
    assert asked[1].query["ids"] == [urn, "urn:li:sponsoredCreative:8"]
    assert [list(row.values()) for row in result.data] == [["7", "Ad", "3", 1], ["8", None, None, 2]]


def test_a_report_without_names_is_still_a_report() -> None:
    """A token may read reports and nothing else."""
    result, _ = run(_report(fields="clicks"), {"elements": [_row(1, clicks=1)]}, AuthError("no r_ads"))
    assert result.data == [{"campaign_id": "1", "campaign_name": None, "clicks": 1}]
    assert result.meta["warnings"] == ["names are missing: no r_ads"]


def test_names_are_read_in_parts() -> None:
    """A hundred at a time and no more than a thousand, with progress between."""
    rows = [_row(number, clicks=number) for number in range(1, 1102)]
    names: list[Any] = [{"results": {}} for _ in range(10)]
    result, asked = run(_report(fields="clicks"), {"elements": rows}, *names)
    assert {len(request.query["ids"]) for request in asked[1:]} == {100}
    assert result.meta["warnings"] == ["only the first 1000 names were read"]
    steps = _report(fields="clicks").settled(CONTEXT).flow(CONTEXT)
    next(steps)
    assert isinstance(steps.send({"elements": rows[:1]}), Progress)


@pytest.mark.slow
def test_doubts_are_said() -> None:
    """An empty report and one that was cut look like good ones."""
    nothing, asked = run(_report(), {"elements": []}, {"id": 512345678})
    assert asked[1].path == "/adAccounts/512345678"
    assert "nothing was delivered" in nothing.meta["warnings"][0]
    hidden, _ = run(_report(), {"elements": []}, NotFound("no such object"))
    assert "may not see" in hidden.meta["warnings"][0]
    few, _ = run(_report("ad_member_company_analytics"), {"elements": []}, {"id": 512345678})
    assert "too few people" in few.meta["warnings"][1]
    years = ({**EDGE["start"], "year": year} for year in range(15_000))
    days = [{**_row(1, clicks=1), "dateRange": {"start": year}} for year in years]
    alone = {"elements": [_row(1, clicks=1)]}
    cut, _ = run(_report(fields="clicks"), {"elements": days}, alone, {"elements": days}, {"results": {}})
    assert "15000 rows" in cut.meta["coverage"]


def test_days_counted_beyond_those_asked_for_are_said() -> None:
    """Older days come in whole months, which makes every number larger."""
    month = {"start": {"year": 2026, "month": 3, "day": 1}, "end": {"year": 2026, "month": 3, "day": 31}}
    asked = call("ad_campaign_analytics", "list", time_range="2026-03-10..2026-03-12", fields="clicks")
    wider = {**_row(1, clicks=9), "dateRange": month}
    result, _ = run(asked, {"elements": [wider]}, {"results": {}})
    assert "counted 2026-03-01..2026-03-31, not 2026-03-10..2026-03-12" in result.meta["warnings"][0]
    exact, _ = run(_report(fields="clicks"), {"elements": [_row(1, clicks=9)]}, {"results": {}})
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
        ({"costInUsd": "2365.3500000000"}, "costInUsd", "2365.35"),
        ({}, "costInUsd", "0.00"),
        ({"costPerQualifiedLead": "12.3000000000"}, "costPerQualifiedLead", 12.3),
        ({"impressions": "12"}, "impressions", 12),
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
    result, _ = run(
        _report("ad_creative_analytics"), {"elements": [row]}, {"results": {row["pivotValues"][0]: record}}
    )
    assert len(table(result.data, result.columns)[1].encode()) <= 150


def test_metrics_linkedin_may_have_by_now() -> None:
    """What looks like one is asked for and shown as it came, with a word; a slip is refused."""
    result, asked = run(
        _report(fields=["clicks", "costPerTeleport"]),
        {"elements": [_row(1, clicks=1, costPerTeleport="1.50")]},
        {"results": {}},
    )
    assert asked[0].query["fields"] == ["clicks", "costPerTeleport", "pivotValues", "dateRange"]
    assert result.data[0]["costPerTeleport"] == "1.50"
    assert "costPerTeleport: no metric known here, passed on" in result.meta["warnings"]
    with pytest.raises(InvalidParams, match="did you mean landingPageClicks"):
        _report(fields=["landingPageClick"])


def test_market_areas_name_whose_they_are() -> None:
    """The answer carries the notice; where the version is too old, the error says which is not."""
    made = call("analytics", "list", pivot="dma", time_range="2026-11-01..2026-11-09")
    rows = [{"pivotValues": ["urn:li:geo:501"], "clicks": 9, "impressions": 99}]
    result, _ = run(made, {"elements": rows}, {"elements": [{"urn": "urn:li:geo:501", "name": "New York"}]})
    assert result.data[0]["market_area_name"] == "New York"
    assert any("Nielsen" in line for line in result.meta["warnings"])
    with pytest.raises(Rejected) as refused:
        run(made, Rejected("LinkedIn refused this"))
    assert "LINKEDIN_ADS_API_VERSION=202609" in refused.value.fix


def test_how_long_linkedin_keeps_what_was_counted() -> None:
    """`maximum` begins there; a range that begins before is warned of, one that ends before refused."""
    whole = call("analytics", "list", pivot="CAMPAIGN", time_range="maximum").settled(CONTEXT)
    members = call("ad_member_company_analytics", "list", time_range="maximum").settled(CONTEXT)
    assert [str(made.time_range.since) for made in (whole, members)] == ["2016-12-01", "2024-12-01"]  # type: ignore[attr-defined]
    earlier = call(
        "ad_member_company_analytics", "list", time_range="2024-11-01..2026-11-01", fields="clicks"
    )
    result, _ = run(
        earlier, {"elements": [_row(1, "organization", clicks=1)]}, {"elements": []}, {"results": {}}
    )
    assert (
        "LinkedIn keeps this for 2 years: what was before 2024-12-01 may be missing"
        in result.meta["warnings"]
    )


@pytest.mark.parametrize("pivot", [["CREATIVE", "CAMPAIGN"], ["CAMPAIGN", "CREATIVE"]])
def test_what_a_creatives_record_lacks_its_row_keeps(pivot: list[str]) -> None:
    """The campaign a row is counted by stays where the creative cannot be read."""
    values = {"CREATIVE": "urn:li:sponsoredCreative:7", "CAMPAIGN": "urn:li:sponsoredCampaign:3"}
    row = {"pivotValues": [values[name] for name in pivot], "dateRange": EDGE, "clicks": 1}
    names = {"results": {"3": {"name": "Spring"}}}
    lost = AuthError("no such right")
    result, _ = run(_report("analytics", pivot=pivot, fields="clicks"), {"elements": [row]}, names, lost)
    assert result.data[0] == {
        "creative_id": "7", "creative_name": None, "campaign_id": "3", "campaign_name": "Spring", "clicks": 1,
    }  # fmt: skip


def test_linkedins_own_keys_of_a_row_are_no_columns() -> None:
    """Whoever asks for pivotValues and dateRange as LinkedIn's samples do gets the columns made of them."""
    made = _report(fields="impressions,clicks,dateRange,pivotValues")
    result, asked = run(made, {"elements": [_row(1, impressions=9, clicks=1)]}, {"results": {}})
    assert asked[0].query["fields"] == ["impressions", "clicks", "pivotValues", "dateRange"]
    assert [*result.data[0]] == ["campaign_id", "campaign_name", "impressions", "clicks"]
    assert "warnings" not in result.meta


def test_a_failure_to_look_is_no_missing_right() -> None:
    """An empty report blames the member only where LinkedIn refused it."""
    for failure in (PlatformDown("down for a while"), RateLimited("slow down")):
        (warning,) = run(_report(), {"elements": []}, failure)[0].meta["warnings"]
        assert "could not be looked up now" in warning
        assert "may not see" not in warning
    (refused,) = run(_report(), {"elements": []}, AuthError("no role"))[0].meta["warnings"]
    assert "may not see its reports" in refused


def test_an_empty_report_of_named_posts() -> None:
    """Posts and companies are not looked up, and the answer does not say that they did not deliver."""
    made = _report(shares=["urn:li:share:9"])
    (warning,) = run(made, {"elements": []}, {"id": 512345678})[0].meta["warnings"]
    assert "or what shares names is not this account's" in warning


def test_revenue_of_a_linked_crm_is_told_elsewhere() -> None:
    """LinkedIn leaves the metric empty in these reports, so that it is refused."""
    with pytest.raises(InvalidParams, match="revenueAttributionMetrics: LinkedIn tells it by a finder"):
        _report(fields=["clicks", "revenueAttributionMetrics"])
