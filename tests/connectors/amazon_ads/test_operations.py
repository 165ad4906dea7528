"""What is sent to Amazon, held against the operations of its OpenAPI files, and what it has shut off."""

from __future__ import annotations

import re
from typing import Any

import pytest
from amazon_calls import call
from wire_cases import CASES, sent

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.connectors.amazon_ads.operations import operation, operations
from mcp_ads.connectors.amazon_ads.raw import READS
from mcp_ads.connectors.amazon_ads.shut_off import MEDIA, PATHS, newer, successor
from mcp_ads.errors import InvalidParams, UnknownAction

OURS = [case for name, case in CASES if name == "amazon_ads"]
ELSEWHERE: dict[str, str] = {}
"""Calls that no OpenAPI file has -> where they are documented."""
CHANGING = ("create", "update", "delete", "associate", "disassociate", "apply", "migrationJob", "pay")
"""What a segment of no reviewed read's path is."""
GONE = [
    ("/v2/sp/campaigns", "sponsored_product"), ("/v2/sp/negativeKeywords/extended", "sponsored_product"),
    ("/V2/SP/Campaigns", "sponsored_product"), ("/v2/portfolios/extended/1", "/portfolios/list"),
    ("/v2/sp/campaigns/report", "reports.run"), ("/sd/productAds/report", "reports.run"),
    ("/v2/hsa/campaigns/report", "reports.run"), ("/v2/reports/amzn1.1/download", "reports.run"),
    ("/v2/sp/campaigns/snapshot", "exports.run"), ("/sd/targets/snapshot", "exports.run"),
    ("/v2/sp/snapshots/1/download", "exports.run"), ("/v2/sp/targets/bidRecommendations", "bid_recommend"),
    ("/v2/sp/keywords/bidRecommendations", "bid_recommendations"), ("/v1/profiles", "/v2/profiles"),
    ("/sb/campaigns", "/sb/v4/campaigns"), ("/sb/campaigns/123", "/sb/v4/campaigns"),
    ("/media/upload", "assets.list"), ("/sb/moderation/campaigns/1", "moderation_results.list"),
    ("/sb/v4/ads/productCollection", "manualCollection"),
    ("/v2/sp/targets/productRecommendations", "product_recommendations"), ("/posts/1", "nothing took"),
    ("/v2/sp/targets/categories/refinements", "target_categories"), ("/sp/budgetHistory", "change_history"),
    ("/v2/hsa/keywords", "sponsored_brands_"), ("/dsp/orders/1", "/adsApi/v1"),
    ("/dsp/reports", "reports.run"),
    ("/accounts/ENTITY1/dsp/reports/2", "reports.run"), ("/campaigns/diagnostics", "/recommendations/list"),
]  # fmt: skip


@pytest.mark.parametrize("case", OURS, ids=lambda case: f"{case['entity']}.{case['action']}")
def test_every_request_is_one_of_amazons(case: dict[str, Any]) -> None:
    """Its method, path and media types; none of them is shut off."""
    wire = sent("amazon_ads", case)
    path = wire.url.partition("?")[0]
    assert successor(path) == ""
    types = [wire.headers[name] for name in ("Content-Type", "Accept") if name in wire.headers]
    assert [newer(type_) for type_ in types if newer(type_)] == []
    if f"{wire.method} {path}" in ELSEWHERE:
        return
    known = operation(wire.method, path)
    assert known, path
    if wire.content is not None:
        assert wire.headers["Content-Type"] in known.takes
    if known.gives and "Accept" in wire.headers:
        assert wire.headers["Accept"] in known.gives


def test_what_is_read_by_post_is_reviewed() -> None:
    """Each is an operation of Amazon's that answers at once, and no word of its path changes anything."""
    for path in READS:
        assert f"POST {path}" in operations(), path
        assert not {*CHANGING} & {*path.split("/")}, path
        assert successor(path) == ""


@pytest.mark.parametrize(("path", "instead"), GONE)
def test_what_was_shut_off_names_its_successor(path: str, instead: str) -> None:
    """Old paths are refused before anything is sent, however they are spelt."""
    for action in ("get", "post", "put", "delete"):
        with pytest.raises(InvalidParams) as refused:
            call("api", action, path=path)
        assert "Amazon shut this off" in str(refused.value)
        assert instead in str(refused.value)


def test_what_took_the_place_is_there() -> None:
    """Every call that stands where something was shut off is one of ours."""
    said = [*amazon_ads.gone.values(), *(instead for _, _, instead in PATHS)]
    calls = [found for text in said for found in re.findall(r"\b([a-z_]{3,})\.([a-z_]+)\b", text)]
    assert len(calls) > len(amazon_ads.gone) // 2
    for entity, action in calls:
        assert amazon_ads.action(entity, action), entity


def test_a_version_that_was_shut_off() -> None:
    """Its media type is refused with the next."""
    (old,) = MEDIA
    with pytest.raises(InvalidParams, match=r"media_type: .*bidrecommendation\.v5\+json"):
        call("api", "post", path="/sp/targets/bids", media_type=f"application/{old}+json", body={})


@pytest.mark.parametrize("name", [*amazon_ads.gone, "Snapshot", "budgetHistory"])
def test_entities_people_know_from_before(name: str) -> None:
    """The answer says since when there is none, and what there is now."""
    with pytest.raises(UnknownAction, match=r"Amazon |Sponsored Brands") as refused:
        amazon_ads.entity(name)
    assert "no entity" in str(refused.value)


@pytest.mark.parametrize(
    ("action", "path", "given", "sends", "accepts"),
    [
        ("post", "/sp/targets", None, "vnd.spTargetingClause.v3", "vnd.spTargetingClause.v3"),
        (
            "post", "/reporting/reports", "vnd.createasyncreportrequest.v3",
            "vnd.createasyncreportrequest.v3", "vnd.createasyncreportresponse.v3",
        ),
        ("query", "/history", None, "json", "vnd.historyresponse.v1.1"),
        ("post", "/sp/somethingNew", "vnd.spNew.v9", "vnd.spNew.v9", "vnd.spNew.v9"),
        ("post", "/sp/somethingNew", None, "json", "json"),
        ("get", "/sb/keywords/123", None, None, "vnd.sbkeyword.v3"),
    ],
)  # fmt: skip
def test_media_types_are_the_operations_own(
    action: str, path: str, given: str | None, sends: str | None, accepts: str
) -> None:
    """Left out, its newest; what the answer is where the one given is for what is sent."""

    def media(name: str) -> str:
        return f"application/{name}{'' if name == 'json' else '+json'}"

    more: dict[str, Any] = {"media_type": media(given)} if given else {}
    body = {} if action == "get" else {"body": {"a": 1}}
    headers = call("api", action, path=path, **more, **body).to_headers()
    assert headers.get("Content-Type") == (media(sends) if sends else None)
    assert headers["Accept"] == media(accepts)
