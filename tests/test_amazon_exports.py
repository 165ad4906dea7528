"""Exports in the make-believe Amazon: ordered once, waited for, read as rows, refused in words that help."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from amazon_calls import CONTEXT, Course, call, result_of
from engine_client import AMAZON, EngineClient

from mcp_ads.connectors.amazon_ads.reports.export_kinds import KINDS, row
from mcp_ads.core import Progress, Wait, describe
from mcp_ads.errors import ApiError, InvalidParams, NotFound, Rejected

pytestmark = pytest.mark.anyio

US = "3312345678901234"
OF_CAMPAIGNS = base64.b64encode(b"0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10,C").decode()


async def _run(client: EngineClient, **params: Any) -> Any:
    return await client.table(AMAZON, "exports", "run", profile_id=US, **params)


def _slowly(client: EngineClient, export_id: str) -> str:
    """The export, built by looks at it and not by the time that passes."""
    kept = client.store.get("amazon.export", export_id)
    assert kept
    client.store.put("amazon.export", export_id, {**kept, "_at": 9e9})
    return export_id


@pytest.mark.slow
async def test_every_kind_is_exported_and_read_as_rows(looking: EngineClient) -> None:
    """Each with columns of its own, ids as text, money with the currency, what it leaves out said."""
    found = {kind: await _run(looking, kind=kind, ad_product="SP", limit=3) for kind in KINDS}
    assert found["campaigns"].rows[0].keys() == {*KINDS["campaigns"].lean}
    assert found["campaigns"].rows[0]["campaignId"].isdigit()
    assert found["targets"].meta["total"] > found["ad_groups"].meta["total"] > 100
    assert {row["matchType"] for row in found["targets"].rows} <= {"EXACT", "PHRASE", "BROAD"}
    assert found["ads"].rows[0]["asin"].startswith("B0TERN")
    for kind, table in found.items():
        assert table.meta["kind"] == kind
        assert table.meta["hidden"].startswith("ARCHIVED ones")
        assert table.meta["built"][:4].isdigit()


async def test_rows_are_filtered_sorted_and_narrowed(looking: EngineClient) -> None:
    """By Amazon where it can, and here by conditions over the columns."""
    negatives = await _run(
        looking, kind="targets", negative=True, fields=["target", "negative", "targetType"]
    )
    assert {row["negative"] for row in negatives.rows} == {"true"}
    assert "free" in {row["target"] for row in negatives.rows}
    dear = await _run(
        looking, kind="campaigns", where="budget >= 75 USD", sort="-budget", top=5, ad_product="SP"
    )
    assert [float(row["budget"]) for row in dear.rows][-1] >= 75
    bids = await _run(looking, kind="targets", where="bid > 1.9", sort="-bid", limit=2, ad_product="SP")
    assert [row["bid"] for row in bids.rows] == ["1.99", "1.99"]
    display = await _run(looking, kind="campaigns", ad_product="sd", fields=["adProduct", "currency"])
    assert {(row["adProduct"], row["currency"]) for row in display.rows} == {("SPONSORED_DISPLAY", "USD")}


@pytest.mark.parametrize(
    ("kind", "types", "negative"),
    [
        ("negative_keywords", {"KEYWORD"}, {"true"}),
        ("keywords", {"KEYWORD"}, {"false"}),
        ("product targets", {"PRODUCT", "PRODUCT_CATEGORY"}, {"false"}),
    ],
)
async def test_some_targets_by_what_they_are_called(
    looking: EngineClient, kind: str, types: set[str], negative: set[str]
) -> None:
    """None but these are exported, and what is left out is said; a filter that is given counts."""
    found = await _run(looking, kind=kind, fields=["targetType", "negative"], ad_product="SP", limit=1000)
    assert {row["targetType"] for row in found.rows} <= types
    assert {row["negative"] for row in found.rows} <= negative
    assert bool(found.rows) is ("keyword" in kind)
    assert f"targets that are not {min(types)}" in found.meta["hidden"]
    assert ("negatives" if negative == {"false"} else "not negative") in found.meta["hidden"]
    own = call("exports", "run", kind=kind, negative=True, target_type="THEME").to_request().body
    assert isinstance(own, dict)
    assert (own["negativeFilter"], own["targetTypeFilter"]) == ([True], ["THEME"])


async def test_where_a_bid_is_inherited(looking: EngineClient) -> None:
    """It is empty, and what counts then is said; a row leads to its campaign."""
    found = await _run(looking, kind="targets", ad_product="SP", where="bid is empty", limit=2)
    assert {row["bid"] for row in found.rows} == {""}
    assert all(row["campaignId"].isdigit() and row["adGroupId"].isdigit() for row in found.rows)
    assert any("defaultBid counts, which kind=ad_groups has" in said for said in found.meta["warnings"])
    page = describe.page(AMAZON, "exports", "run", type(call("exports", "run", kind="ads")))
    for kind in KINDS.values():
        assert f"of {kind.name} {', '.join(kind.lean)}" in page


async def test_ordered_now_and_read_later(engine_client: EngineClient) -> None:
    """The id alone says which kind it is; its signed address is in no answer."""
    ordered = await engine_client.do(AMAZON, "exports", "create", profile_id=US, kind="ad groups")
    assert (ordered.data["status"], ordered.data["kind"]) == ("IN_PROGRESS", "ad_groups")
    export_id = _slowly(engine_client, ordered.data["exportId"])
    with pytest.raises(Rejected) as early:
        await engine_client.do(AMAZON, "exports", "download", profile_id=US, export_id=export_id)
    assert "exports.run" in early.value.fix
    found = await engine_client.do(AMAZON, "exports", "get", profile_id=US, export_id=export_id)
    assert found.data["status"] == "COMPLETED"
    assert "X-Amz" not in str(found)
    rows = await engine_client.table(
        AMAZON, "exports", "download", profile_id=US, export_id=export_id, limit=2
    )
    assert rows.rows[0]["adGroupId"].isdigit()
    with pytest.raises(InvalidParams, match="this export_id is of ad_groups"):
        await engine_client.do(AMAZON, "exports", "get", profile_id=US, export_id=export_id, kind="ads")


@pytest.mark.slow
async def test_the_same_question_is_not_ordered_twice(engine_client: EngineClient) -> None:
    """It goes on with what was built lately, and says so; after a change it is built anew."""
    first = await _run(engine_client, kind="campaigns", ad_product="SP", limit=1)
    again = await _run(engine_client, kind="campaigns", ad_product="SP", limit=1)
    assert again.meta["export_id"] == first.meta["export_id"]
    assert "max_age_hours=0 orders a new one" in again.meta["warnings"][0]
    new = await _run(engine_client, kind="campaigns", ad_product="SP", limit=1, max_age_hours=0)
    assert new.meta["export_id"] != first.meta["export_id"]
    campaign = new.rows[0]["campaignId"]
    plan = await engine_client.do(
        AMAZON, "sponsored_product_campaigns", "update", profile_id=US, campaign_id=campaign, name="Renamed"
    )
    await engine_client.workspace.apply(plan.data["plan_id"])
    changed = await _run(engine_client, kind="campaigns", ad_product="SP", where="name = 'Renamed'")
    assert [row["campaignId"] for row in changed.rows] == [campaign]
    assert engine_client.sent(AMAZON).count("POST /campaigns/export") == 3


async def test_one_that_takes_longer_than_a_call(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer names its id and the call that goes on, which orders nothing."""
    with monkeypatch.context() as patient:
        patient.setattr("mcp_ads.connectors.amazon_ads.reports.exports.PAUSES", (60.0,))
        pending = await engine_client.do(AMAZON, "exports", "run", profile_id=US, kind="ad_groups")
    export_id = pending.data["export_id"]
    assert pending.data["status"] == "PENDING"
    assert f"exports.run with export_id={export_id}" in pending.meta["warnings"][0]
    rows = await engine_client.table(AMAZON, "exports", "run", export_id=export_id, limit=2)
    assert len(rows.rows) == 2
    assert engine_client.sent(AMAZON).count("POST /adGroups/export") == 1


async def test_one_that_failed_says_what_to_do(engine_client: EngineClient) -> None:
    """Amazon's reason, and how to go on; the next one is a new order."""
    engine_client.fault("report-fails", path="/campaigns/export")
    with pytest.raises(Rejected, match="could not build") as failed:
        await _run(engine_client, kind="campaigns")
    assert (failed.value.code, failed.value.platform_text) == ("INTERNAL_ERROR", "The export has failed.")
    assert (await _run(engine_client, kind="campaigns", limit=1)).rows


async def test_one_that_is_gone_says_how_to_get_it(looking: EngineClient) -> None:
    """Amazon keeps an export for a day, and for one profile."""
    for action in ("get", "download", "run"):
        with pytest.raises(NotFound) as gone:
            await looking.do(AMAZON, "exports", action, profile_id=US, export_id=OF_CAMPAIGNS)
        assert "24 hours" in gone.value.fix


async def test_a_sixth_unfinished_one_is_refused(engine_client: EngineClient) -> None:
    """Five of a kind are built at once; the answer says which limit it is and what helps."""
    for number in range(6):
        busy = {"_kind": "ads", "_polls": 0, "_at": 9e9, "_fails": False, "_profile": US}
        engine_client.store.put("amazon.export", f"busy{number}", busy)
    with pytest.raises(ApiError) as full:
        await _run(engine_client, kind="ads")
    assert "5 exports of a kind" in full.value.fix


@pytest.mark.parametrize(
    ("params", "line"),
    [
        ({}, "kind: missing, required; write campaigns"),
        ({"kind": "portfolios"}, "kind"),
        ({"kind": "ads", "negative": True}, "negative: only with kind targets"),
        ({"export_id": "not-an-export-id"}, "kind: this export_id does not tell"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_sent(params: dict[str, Any], line: str) -> None:
    """A line that names the parameter."""
    with pytest.raises(InvalidParams) as wrong:
        call("exports", "run", **params)
    assert line in str(wrong.value)


def test_a_run_waits_with_the_id_to_go_on_with() -> None:
    """Whatever Amazon calls an unfinished one; then the file without our headers."""
    course = Course(call("exports", "run", kind="campaigns").settled(CONTEXT))
    order = course.send()
    assert (order.risk, order.repeatable) == ("read", False)
    known = {"exportId": OF_CAMPAIGNS}
    pause = course.send({**known, "status": "IN_PROGRESS"})
    assert isinstance(pause, Wait)
    assert (pause.resume, pause.again[-16:]) == ({"export_id": OF_CAMPAIGNS}, "exports.run with")
    assert course.send().headers["Accept"] == "application/vnd.campaignsexport.v1+json"
    for word in ("PROCESSING", "IN_PROGRESS"):
        assert isinstance(course.send({**known, "status": word}), Progress)
        assert isinstance(course.send(), Wait)
        course.send()
    url = "https://files.example.com/x?X-Amz-Signature=s"
    fetch = course.send({**known, "status": "COMPLETED", "url": url})
    assert (fetch.path, fetch.headers, fetch.into_file) == (url, {}, True)


async def test_another_process_goes_on_with_what_is_being_built(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """Its profile need not be named; one that is built is ordered anew, since nobody knows of changes."""
    one, other = engine_client_with(), engine_client_with()
    first = await one.do(AMAZON, "exports", "create", profile_id=US, kind="ads")
    export_id = _slowly(one, first.data["exportId"])
    again = await other.table(AMAZON, "exports", "run", profile_id=US, kind="ads", limit=1)
    assert again.meta["export_id"] == export_id
    assert (await other.do(AMAZON, "exports", "get", export_id=export_id)).meta["account"] == US
    third = await engine_client_with().table(AMAZON, "exports", "run", profile_id=US, kind="ads", limit=1)
    assert third.meta["export_id"] != export_id


def test_an_export_is_shown_without_its_address() -> None:
    """A signed address is a credential."""
    steps = call("exports", "get", export_id=OF_CAMPAIGNS).flow(CONTEXT)
    next(steps)
    shown = result_of(
        steps, {"exportId": OF_CAMPAIGNS, "status": "COMPLETED", "url": "https://x", "fileSize": 9}
    )
    assert shown.data == {"exportId": OF_CAMPAIGNS, "status": "COMPLETED", "fileSize": 9, "kind": "campaigns"}


def test_records_become_flat_rows_and_lose_nothing() -> None:
    """Several values stay several, what is new stays as it is, ids are text."""
    kind, money = KINDS["campaigns"], {"monetaryBudget": {"amount": 0.1, "currencyCode": "USD"}}
    record = {"campaignId": 2**60, "budgetCaps": [{"budgetValue": money}], "deliveryReasons": ["A", "B"],
              "optimization": [{"bidStrategy": "X"}, {"bidStrategy": "Y"}], "newField": {"a": 1}}  # fmt: skip
    found = row(kind, record)
    assert (found["campaignId"], found["budget"], found["currency"]) == (str(2**60), 0.1, "USD")
    assert (found["deliveryReasons"], found["bidStrategy"], found["newField"]) == ("A, B", "X, Y", {"a": 1})
    details = {"productCategoryId": "7", "productCategoryResolved": "Towels", "productPriceLessThan": 15.0}
    target = row(KINDS["targets"], {"targetId": 1, "targetDetails": details, "bid": {"bid": 0.755}})
    assert (target["target"], target["bid"]) == ("category Towels, price < 15.0", 0.755)
