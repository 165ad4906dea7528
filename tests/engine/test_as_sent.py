"""The platform's own records: as they were sent, every one once, and what is said when some are missing."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import (
    AMAZON,
    FACEBOOK,
    JAPAN,
    LINKEDIN,
    LINKEDIN_US,
    PROFILE,
    US,
    EngineClient,
    mend,
)
from sent import hearing, params_of

from mcp_ads.connectors import connector
from mcp_ads.engine.reads.as_sent import askable
from mcp_ads.errors import AdsError, InvalidParams, OutOfScope

pytestmark = pytest.mark.anyio
SPRING, AUTUMN, TOWELS = "1202110000000000340", "1202110000000000920", "120000000000001"
OF_US, OF_LINKEDIN, OF_AMAZON = {"account_id": US}, {"account_id": LINKEDIN_US}, {"profile_id": PROFILE}
READS: list[tuple[str, str, str, dict[str, Any]]] = [
    (FACEBOOK, "ad_accounts", "list", {}),
    (FACEBOOK, "campaigns", "list", OF_US),
    (FACEBOOK, "campaigns", "get", {"campaign_id": [SPRING, "1202110000000000339"]}),
    (FACEBOOK, "ad_sets", "list", OF_US),
    (FACEBOOK, "ads", "list", {**OF_US, "limit": 3}),
    (FACEBOOK, "ad_rules", "list", OF_US),
    (FACEBOOK, "minimum_budgets", "list", OF_US),
    (FACEBOOK, "ads_insights", "list", {**OF_US, "level": "campaign", "fields": ["spend", "actions"]}),
    (FACEBOOK, "pixel_stats", "list", {"pixel_id": "887766554433221"}),
    (FACEBOOK, "graph", "get", {"path": f"/{SPRING}", "query": {"fields": "id,daily_budget"}}),
    (LINKEDIN, "accounts", "list", {}),
    (LINKEDIN, "campaigns", "list", OF_LINKEDIN),
    (LINKEDIN, "campaigns", "get", {**OF_LINKEDIN, "campaign_id": ["300000001", "300000002"]}),
    (LINKEDIN, "creatives", "list", OF_LINKEDIN),
    (LINKEDIN, "creatives", "get", {**OF_LINKEDIN, "creative_id": "180000001"}),
    (LINKEDIN, "conversions", "list", OF_LINKEDIN),
    (LINKEDIN, "ad_campaign_analytics", "list", OF_LINKEDIN),
    (LINKEDIN, "rest", "get", {"path": f"/adAccounts/{LINKEDIN_US}"}),
    (AMAZON, "profiles", "list", {}),
    (AMAZON, "sponsored_product_campaigns", "list", OF_AMAZON),
    (AMAZON, "sponsored_product_campaigns", "get", {**OF_AMAZON, "campaign_id": TOWELS}),
    (AMAZON, "sponsored_product_campaigns", "budget_usage", OF_AMAZON),
    (AMAZON, "sponsored_product_targets", "list", OF_AMAZON),
    (AMAZON, "sponsored_brands_campaigns", "list", OF_AMAZON),
    (AMAZON, "sponsored_brands_keywords", "list", OF_AMAZON),
    (AMAZON, "sponsored_display_campaigns", "list", OF_AMAZON),
    (AMAZON, "invoices", "list", OF_AMAZON),
    (AMAZON, "reports", "run", {**OF_AMAZON, "report_type": "spCampaigns"}),
    (AMAZON, "exports", "run", {**OF_AMAZON, "kind": "campaigns"}),
]
LISTS = {
    FACEBOOK: ("campaigns", {"account_id": JAPAN}, "id", "after"),
    LINKEDIN: ("campaigns", {"account_id": "523456789"}, "id", "nextPageToken"),
    AMAZON: ("portfolios", OF_AMAZON, "portfolioId", "next_token"),
}
ASKS = {"after": "after", "nextPageToken": "pageToken", "next_token": "nextToken"}
MADE = {
    FACEBOOK: {"delivery_issues.list", "pixel_quality.list"},
    LINKEDIN: {"token.introspect"},
    AMAZON: {
        "reports.types",
        "reports.create",
        "exports.create",
        "invoices.get",
        "assets.list",
        "sponsored_product_keywords.bid_recommendations",
        "sponsored_brands_ads.list",
        "sponsored_brands_ads.get",
        "sponsored_brands_creatives.list",
    },
}
"""What is put together here, or has something cut out that opens an account."""


@pytest.mark.slow
@pytest.mark.parametrize(("platform", "entity", "action", "params"), READS)
async def test_as_it_was_sent(
    engine_client: EngineClient, platform: str, entity: str, action: str, params: dict[str, Any]
) -> None:
    """Lists, gets, several at once, flows, reports and raw reads: no key renamed, no value changed."""
    heard = hearing(engine_client.workspace)
    answer = await engine_client.records(platform, entity, action, **params)
    rows = answer.data if isinstance(answer.data, list) else [answer.data]
    assert rows
    assert [row for row in rows if not heard.sent(row)] == []


@pytest.mark.parametrize(
    ("currency", "campaign", "sent", "shown"),
    [
        ("USD", SPRING, "5000", "50.00"),
        ("JPY", AUTUMN, "10400", "10400"),
        ("HUF", AUTUMN, "10400", "10400"),
    ],
)
async def test_budgets_in_every_currency(
    engine_client: EngineClient, currency: str, campaign: str, sent: str, shown: str
) -> None:
    """Graph has minor units as text, of which yen and forint have none; shown rows have major ones."""
    account = engine_client.store.get("facebook.account", f"act_{JAPAN}") or {}
    if currency == "HUF":
        engine_client.store.put("facebook.account", f"act_{JAPAN}", {**account, "currency": currency})
    answer = await engine_client.records(FACEBOOK, "campaigns", "get", campaign_id=campaign)
    row = (await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=campaign)).data
    assert answer.meta["currency"] == currency
    assert (answer.data["daily_budget"], row["daily_budget_major"]) == (sent, shown)
    assert "daily_budget_major" not in answer.data


@pytest.mark.slow
@pytest.mark.parametrize(
    ("platform", "given", "most_unread"),
    [(FACEBOOK, OF_US, 14), (LINKEDIN, OF_LINKEDIN, 0), (AMAZON, OF_AMAZON, 8)],
)
async def test_every_read_as_it_was_sent(
    engine_client: EngineClient, platform: str, given: dict[str, str], most_unread: int
) -> None:
    """Every read of every entity, but those whose answers exist only as they are made here."""
    heard, unread, made = hearing(engine_client.workspace), list[str](), set[str]()
    for entity in connector(platform).names():
        reads = connector(platform).entity(entity).actions
        rows = list[Any]()
        for name, kind in sorted(reads.items(), key=lambda one: one[0] != "list"):
            if kind.risk != "read" or kind.private:
                continue
            try:
                answer = await engine_client.records(platform, entity, name, **params_of(kind, given, rows))
            except AdsError as error:
                unread.append(f"{entity}.{name}: {error}")
                continue
            found = answer.data if isinstance(answer.data, list) else [answer.data]
            rows = rows if name != "list" else found
            made |= {
                f"{entity}.{name}" for row in found if not (answer.meta.get("pending") or heard.sent(row))
            }
    assert made == MADE[platform]
    assert len(unread) <= most_unread, unread


async def test_budgets_of_the_others(engine_client: EngineClient) -> None:
    """LinkedIn's amount has its currency beside it and its id is a number; Amazon's budget its type."""
    record = await engine_client.records(
        LINKEDIN, "campaigns", "get", campaign_id="300000001", account_id=LINKEDIN_US
    )
    assert record.data["dailyBudget"] == {"amount": "30.00", "currencyCode": "USD"}
    assert record.data["id"] == 300000001
    assert isinstance(record.data["runSchedule"]["start"], int)
    record = await engine_client.records(
        AMAZON, "sponsored_product_campaigns", "get", campaign_id=TOWELS, **OF_AMAZON
    )
    assert record.data["budget"] == {"budget": 50.0, "budgetType": "DAILY"}
    assert record.meta["currency"] == "USD"


async def pages(client: EngineClient, platform: str, size: int, key: str) -> list[Any]:
    """Every id of a list, page by page, by our cursor or by the platform's own token."""
    entity, params, id_, own = LISTS[platform]
    found, onward = list[Any](), dict[str, Any]()
    for _ in range(400):
        page = await client.records(platform, entity, "list", limit=size, **params, **onward)
        assert len(page.data) <= size
        found += [record[id_] for record in page.data]
        token = page.meta[own if key == "own" else "end_cursor"]
        assert bool(token) is page.meta["has_next_page"]
        if not token:
            return found
        onward = {ASKS[own] if key == "own" else "cursor": token}
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("key", ["ours", "own"])
@pytest.mark.parametrize("platform", [*LISTS])
async def test_every_record_once(engine_client: EngineClient, platform: str, key: str) -> None:
    """By either way of paging, whatever the size of a page."""
    whole = await pages(engine_client, platform, 1000, key)
    assert len(whole) > 7
    assert len({*map(str, whole)}) == len(whole)
    for size in (1, 2, 7):
        assert await pages(engine_client, platform, size, key) == whole
    entity, params, id_, own = LISTS[platform]
    first = await engine_client.records(platform, entity, "list", limit=2, **params)
    cursor = {ASKS[own]: first.meta["end_cursor"]}
    onward = await engine_client.records(platform, entity, "list", limit=1, **params, **cursor)
    assert [record[id_] for record in [*first.data, *onward.data]] == whole[:3]


@pytest.mark.slow
async def test_a_report_is_ordered_once(engine_client: EngineClient) -> None:
    """Its rows are paged from what is kept, each as it was sent."""
    heard = hearing(engine_client.workspace)
    asked = {**OF_AMAZON, "report_type": "spCampaigns", "time_unit": "DAILY", "limit": 7}
    first = await engine_client.records(AMAZON, "reports", "run", **asked)
    orders = [one for one in engine_client.sent("amazon") if one.startswith("POST /reporting/reports")]
    assert first.meta["has_next_page"]
    second = await engine_client.records(AMAZON, "reports", "run", **asked, cursor=first.meta["end_cursor"])
    now = [one for one in engine_client.sent("amazon") if one.startswith("POST /reporting/reports")]
    assert (len(first.data), len(second.data), now) == (7, 7, orders)
    assert not [row for row in second.data if row in first.data or not heard.sent(row)]


async def test_cursors_do_not_mix(engine_client: EngineClient) -> None:
    """One of shown rows goes on with no records, and none of records with shown rows."""
    of = {**OF_US, "limit": 2}
    shown = await engine_client.do(FACEBOOK, "campaigns", "list", **of)
    sent = await engine_client.records(FACEBOOK, "campaigns", "list", **of)
    with pytest.raises(InvalidParams, match="cursor"):
        await engine_client.records(FACEBOOK, "campaigns", "list", **of, cursor=shown.meta["cursor"])
    with pytest.raises(InvalidParams, match="cursor"):
        await engine_client.do(FACEBOOK, "campaigns", "list", **of, cursor=sent.meta["end_cursor"])


async def test_looks_at_rows_are_refused(engine_client: EngineClient) -> None:
    """A line for each, which says where they belong; nothing is sent."""
    looks = {"where": "x = 1", "sort": "-name", "top": 3, "group_by": "status", "save_to": "a.csv"}
    looks |= {"accounts": "all", "from": "r_abcdefghjkmn"}
    before = engine_client.sent()
    with pytest.raises(InvalidParams) as refused:
        await engine_client.records(FACEBOOK, "campaigns", "list", **OF_US, **looks)
    lines = refused.value.lines
    assert [line.partition(":")[0] for line in lines] == [*looks]
    assert all("Client" in line for line in lines)
    assert engine_client.sent() == before


async def test_which_fields(engine_client: EngineClient) -> None:
    """Without any, records of a list are those of `get`; those named are asked for, or left in place."""
    listed = await engine_client.records(FACEBOOK, "campaigns", "list", **OF_US, limit=1)
    got = await engine_client.records(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    assert listed.data == [got.data]
    asked = {**OF_US, "fields": ["daily_budget"], "limit": 1}
    few = await engine_client.records(FACEBOOK, "campaigns", "list", **asked)
    assert few.data == [{"id": SPRING, "daily_budget": "5000"}]
    asked = {**OF_AMAZON, "fields": ["name", "budget.budget"], "campaign_id": TOWELS}
    few = await engine_client.records(AMAZON, "sponsored_product_campaigns", "get", **asked)
    assert few.data.keys() == {"name", "budget"}
    assert few.data["budget"] == {"budget": 50.0}
    of = connector(FACEBOOK), "campaigns", "list"
    assert askable(*of, ["id", "no_such", "daily_budget", "reason"]) == ["id", "daily_budget"]
    assert askable(connector(AMAZON), "sponsored_product_campaigns", "list", ["name"]) == []


@pytest.mark.parametrize(
    ("platform", "entity", "params", "subject"),
    [
        (FACEBOOK, "campaigns", {"campaign_id": [SPRING, "999"]}, "campaign_id"),
        (LINKEDIN, "campaigns", {**OF_LINKEDIN, "campaign_id": ["300000001", "999"]}, "campaign_id"),
        (AMAZON, "sponsored_product_campaigns", {**OF_AMAZON, "campaign_id": [TOWELS, "999"]}, "campaign_id"),
    ],
)
async def test_what_is_missing_is_said(
    engine_client: EngineClient, platform: str, entity: str, params: dict[str, Any], subject: str
) -> None:
    """Of two objects one is there: the other is named, and the answer says that it is not whole."""
    found = await engine_client.records(platform, entity, "get", **params)
    assert len(found.data) == 1
    assert found.meta["partial"].startswith("1 of 2")
    assert [error[subject] for error in found.meta["errors"]] == ["999"]


async def test_a_report_that_is_cut_is_said(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LinkedIn tells so many rows and no more: these are not taken for all."""
    monkeypatch.setattr("mcp_ads.connectors.linkedin_ads.analytics.base.MOST_ROWS", 5)
    monkeypatch.setattr("mcp_ads.connectors.linkedin_ads.analytics.base.MOST_PARTS", 1)
    answer = await engine_client.records(LINKEDIN, "ad_campaign_analytics", "list", **OF_LINKEDIN)
    assert answer.meta["partial"].startswith("LinkedIn tells at most 5 rows")


@pytest.mark.slow
async def test_a_page_that_fails_is_said(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read until then, why there is no more, and where to go on."""
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.01)
    whole = await engine_client.records(FACEBOOK, "campaigns", "list", **OF_US, limit=900)
    part = await engine_client.records(FACEBOOK, "campaigns", "list", **OF_US, limit=3)
    engine_client.fault("500", path="/campaigns", skip=1, times=9)
    part = await engine_client.records(
        FACEBOOK, "campaigns", "list", **OF_US, limit=900, cursor=part.meta["end_cursor"]
    )
    assert 0 < len(part.data) < len(whole.data) - 3
    assert "cut short" in part.meta["warnings"][0]
    mend(engine_client.store)
    rest = {"limit": 900, "cursor": part.meta["end_cursor"]}
    onward = await engine_client.records(FACEBOOK, "campaigns", "list", **OF_US, **rest)
    assert [*part.data, *onward.data] == whole.data[3:]


async def test_people_stay_hidden(engine_client: EngineClient) -> None:
    """Contacts are masked, whatever the nesting of the record; the answer says that it has shown rows."""
    answer = await engine_client.records(LINKEDIN, "lead_form_responses", "list", **OF_LINKEDIN, limit=1)
    (row,) = answer.data
    assert (row["first_name"], row["email"], row["answers"]) == ("(hidden)",) * 3
    assert any("people stand" in warning for warning in answer.meta["warnings"])
    assert "save_to" not in answer.meta["hidden"]
    rest = {**OF_LINKEDIN, "start": answer.meta["start"]}
    assert row not in (await engine_client.records(LINKEDIN, "lead_form_responses", "list", **rest)).data


@pytest.mark.slow
@pytest.mark.parametrize(
    ("platform", "allowed", "entity", "id_"),
    [
        (FACEBOOK, JAPAN, "ad_accounts", "account_id"),
        (LINKEDIN, "523456789", "accounts", "id"),
        (AMAZON, "5512345678901234", "profiles", "profileId"),
    ],
)
async def test_allow_lists_hold(
    engine_client: EngineClient, platform: str, allowed: str, entity: str, id_: str
) -> None:
    """Other accounts are not among the records, which is said; nor are their objects read."""
    object.__setattr__(engine_client.settings.platforms[platform], "account_ids", (allowed,))
    answer = await engine_client.records(platform, entity, "list")
    assert [str(record[id_]) for record in answer.data] == [allowed]
    assert "not in" in answer.meta["hidden"]
    if platform == FACEBOOK:
        with pytest.raises(OutOfScope):
            await engine_client.records(FACEBOOK, "campaigns", "get", campaign_id=SPRING)


async def test_nothing_opens_anything(engine_client: EngineClient) -> None:
    """Tokens and signed addresses are cut out of records at any depth, before one is kept."""
    of = {**OF_AMAZON, "limit": 1}
    answer = await engine_client.records(AMAZON, "assets", "list", **of)
    assert answer.data[0]["storageLocationUrls"]["defaultUrl"].endswith("?[secret]")
    assert (await engine_client.records(AMAZON, "sponsored_brands_ads", "list", **of)).meta["end_cursor"]
    asked = {**OF_US, "fields": ["name", "adsets.limit(1){name}"], "limit": 1}
    answer = await engine_client.records(FACEBOOK, "campaigns", "list", **asked)
    assert answer.data[0]["adsets"]["data"]
    assert answer.data[0]["adsets"]["paging"] == "[cut]"
    kept = [path for path in engine_client.home.rglob("*") if path.is_file() and path.suffix != ".jsonl"]
    kept = [path for path in kept if not path.name.startswith("sandbox.")]
    assert {"spool", "lists"} <= {path.parent.name for path in kept}
    assert not [
        path for path in kept if any(mark in path.read_bytes() for mark in (b"X-Amz", b"access_token"))
    ]
