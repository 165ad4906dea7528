"""What measures on Facebook: pixels, what they count and how well, custom conversions, the Ad Library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from agent import Agent
from between import between
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from fastmcp import Client
from planning import NEW_SET, SPRING, applied, planned, undo_of, writes

from mcp_ads.engine.changes.plan import SPENDING_LIFE
from mcp_ads.errors import AuthError, InvalidParams, OutOfScope, OverCap
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
PIXEL = "887766554433221"
THANKS = {"url": {"i_contains": "thanks"}}
POLITICAL = "209715200000011"


@pytest.fixture
async def agent(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Agent]:
    """An agent in a fresh sandbox."""
    environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path / "home")}
    async with Client(build_server(load(environ=environ))) as client:
        yield Agent(client)


async def test_what_people_ask_of_this_connector(agent: Agent) -> None:
    """List custom conversions, pixel stats, search the Ad Library: found by words, answered at once."""
    for words, entity in (
        ("list custom conversions", "custom_conversions"),
        ("how many events did my pixel receive", "pixel_stats"),
        ("event match quality", "pixel_quality"),
        ("send offline conversions", "conversion_events"),
        ("search the ad library for competitor ads", "ad_library"),
    ):
        assert entity in await agent.good("ads_describe", query=words), words
    conversions = await agent.table(FACEBOOK, "custom_conversions", "list", account_id=US)
    assert {row["name"] for row in conversions.rows} == {"Thank-you page", "Newsletter sign-up"}
    pixel = (await agent.table(FACEBOOK, "pixels", "list", account_id=US)).ids
    assert pixel == [PIXEL]
    stats = {"pixel_id": PIXEL, "where": "event = 'Purchase'", "limit": 3}
    counted = await agent.table(FACEBOOK, "pixel_stats", "list", **stats)
    assert [*counted.rows[0]] == ["start_time", "event", "count"]
    assert {row["event"] for row in counted.rows} == {"Purchase"}
    found = await agent.table(
        FACEBOOK, "ad_library", "list", search_terms="raincoat", ad_reached_countries="DE"
    )
    assert [row["page_name"] for row in found.rows] == ["Tern & Tide"]


async def test_a_custom_conversion_from_beginning_to_end(engine_client: EngineClient) -> None:
    """Made with a rule that the plan shows, read, renamed and named back, deleted for good."""
    params = {"account_id": US, "name": "Big orders", "rule": THANKS, "pixel_id": PIXEL}
    plan = await engine_client.do(FACEBOOK, "custom_conversions", "create", **params)
    assert 'counts the events that fit a rule: {"url": {"i_contains": "thanks"}}' in plan.text
    assert writes(engine_client) == []
    done = await applied(engine_client, plan.data["plan_id"])
    assert "read back: it is there" in done.text
    made = writes(engine_client)[0].rpartition(" ")[2]
    one = await engine_client.do(FACEBOOK, "custom_conversions", "get", custom_conversion_id=made)
    assert (one.data["rule"], one.data["is_archived"]) == ('{"url":{"i_contains":"thanks"}}', False)
    named = await planned(
        engine_client, "custom_conversions", "update", custom_conversion_id=made, name="Orders"
    )
    back = undo_of(await applied(engine_client, named))
    assert "APPLIED" in (await applied(engine_client, back)).text
    gone = await engine_client.do(FACEBOOK, "custom_conversions", "delete", custom_conversion_id=made)
    assert "cannot be undone: Facebook cannot restore deleted objects" in gone.text
    assert "it is not there any more" in (await applied(engine_client, gone.data["plan_id"])).text
    assert writes(engine_client)[-1] == f"delete conversion {made}"


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"name": "X"}, "rule: missing, required"),
        ({"name": "X", "rule": {}}, "rule: write"),
        ({"name": "X", "rule": {"and": {"url": {"eq": "x"}}}}, "rule: write"),
        ({"name": "X", "rule": {"url": "thanks"}}, "rule: write"),
        ({"name": "", "rule": THANKS}, "name"),
        ({"name": "X", "rule": THANKS, "custom_event_type": "BUY"}, "custom_event_type"),
        ({"name": "X", "rule": THANKS, "default_conversion_value": -1}, "default_conversion_value"),
    ],
)
async def test_a_custom_conversion_that_is_none(
    looking: EngineClient, params: dict[str, object], says: str
) -> None:
    """Each mistake is a line, and nothing is planned."""
    with pytest.raises(InvalidParams, match=says):
        await looking.do(FACEBOOK, "custom_conversions", "create", account_id=US, **params)


async def test_a_lost_custom_conversion_is_looked_for_by_name(engine_client: EngineClient) -> None:
    """Facebook would make a second one: it is not sent again, and the list shows the one that was made."""
    plan = await planned(
        engine_client, "custom_conversions", "create", account_id=US, name="Lost", rule=THANKS
    )
    engine_client.fault("cut", method="POST", when="after")
    text = (await applied(engine_client, plan)).text
    assert "UNKNOWN" in text
    assert [line.rpartition(" ")[0] for line in writes(engine_client)] == ["create conversion"]
    made = writes(engine_client)[0].rpartition(" ")[2]
    assert made in text


async def test_a_pixel_is_read_renamed_and_named_back(engine_client: EngineClient) -> None:
    """What is switched on is said; an account's second pixel is refused, with where the first one is."""
    change = {"pixel_id": PIXEL, "name": "Shop", "automatic_matching_fields": ["em", "ph"]}
    plan = await engine_client.do(FACEBOOK, "pixels", "update", **change)
    assert 'name "Tern & Tide (US) shop" → "Shop"' in plan.text
    assert "the site's privacy notice has to say so" in plan.text
    back = undo_of(await applied(engine_client, plan.data["plan_id"]))
    await applied(engine_client, back)
    fields = ["name", "automatic_matching_fields"]
    one = await engine_client.do(FACEBOOK, "pixels", "get", pixel_id=PIXEL, fields=fields)
    assert one.data["name"] == "Tern & Tide (US) shop"
    assert len(one.data["automatic_matching_fields"]) == 8
    second = await engine_client.do(FACEBOOK, "pixels", "create", account_id=US, name="Second")
    assert "cannot be undone: Facebook cannot delete pixels" in second.text
    refused = (await applied(engine_client, second.data["plan_id"])).text
    assert "NOT DONE" in refused
    assert "pixels.list shows it" in refused


async def test_pixels_belong_to_a_business(engine_client: EngineClient) -> None:
    """Where only some accounts are allowed, nobody's pixel is changed, and a campaign is no pixel."""
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (US,))
    assert (await engine_client.do(FACEBOOK, "pixels", "get", pixel_id=PIXEL)).data["id"] == PIXEL
    with pytest.raises(OutOfScope, match="business"):
        await engine_client.do(FACEBOOK, "pixels", "update", pixel_id=PIXEL, name="Mine")
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, "pixels", "update", pixel_id=PIXEL, name="X", account_id=JAPAN)
    with pytest.raises(InvalidParams, match=f"ad account {US} may not use the pixel 887766554433222"):
        await engine_client.do(
            FACEBOOK, "pixels", "update", pixel_id="887766554433222", name="X", account_id=US
        )
    mine = await planned(engine_client, "pixels", "update", pixel_id=PIXEL, name="Mine", account_id=US)
    assert "APPLIED" in (await applied(engine_client, mine)).text
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, "pixels", "list", account_id=JAPAN)
    with pytest.raises(InvalidParams, match="belongs to ad account"):
        await engine_client.do(FACEBOOK, "pixel_stats", "list", pixel_id=SPRING)


async def test_pixel_stats_are_rows(looking: EngineClient) -> None:
    """A row for each hour and value, whatever is counted by; days and ISO times bound it."""
    day = {"pixel_id": PIXEL, "start_time": "2026-11-20", "end_time": "2026-11-20"}
    table = await looking.table(FACEBOOK, "pixel_stats", "list", **day, event="Purchase", limit=100)
    assert len(table.rows) == 24
    assert table.rows[0]["start_time"] == "2026-11-20T00:00:00+0000"
    assert table.rows[-1]["start_time"] == "2026-11-20T23:00:00+0000"
    assert table.meta["totals"]["count"] == sum(int(row["count"]) for row in table.rows)
    hour = {"start_time": 1795132800, "end_time": "2026-11-19T20:00:00-0500"}
    devices = await looking.table(
        FACEBOOK, "pixel_stats", "list", pixel_id=PIXEL, aggregation="device_type", event="PageView", **hour
    )
    assert {row["value"] for row in devices.rows} == {"mobile_android_phone", "mobile_iphone", "desktop"}
    assert {row["event"] for row in devices.rows} == {"PageView"}


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"aggregation": "device"}, "device_type, device_os or browser_type"),
        ({"aggregation": "hour"}, "aggregation"),
        ({"start_time": "yesterday-ish"}, "start_time: write 2026-11-20"),
        ({"start_time": 20261120}, "start_time: write 2026-11-20"),
        ({"start_time": "2026-11-20", "end_time": "2026-11-19"}, "start_time: it has to be before end_time"),
        ({"fields": ["total_count"]}, "'total_count' is no field here; did you mean count"),
    ],
)
async def test_pixel_stats_that_cannot_be(
    looking: EngineClient, params: dict[str, object], says: str
) -> None:
    """The parameter is named, with what would be right."""
    with pytest.raises(InvalidParams, match=says):
        await looking.do(FACEBOOK, "pixel_stats", "list", pixel_id=PIXEL, **params)


async def test_quality_shows_what_live_ad_sets_wait_for(engine_client: EngineClient) -> None:
    """Match quality and freshness of an event; one that an ad set waits for and nobody sends comes first."""
    asked = {"account_id": US, "pixel_id": PIXEL}
    before = await engine_client.table(FACEBOOK, "pixel_quality", "list", **asked)
    purchase = next(row for row in before.rows if row["event_name"] == "Purchase")
    assert (purchase["match_quality"], purchase["freshness"]) == ("7.4", "real_time")
    assert int(purchase["ad_sets"]) > 0
    assert int(purchase["events_7d"]) > 0
    assert {row["problem"] for row in before.rows} == {""}
    aim = {"pixel_id": PIXEL, "custom_event_type": "SUBSCRIBE"}
    campaign = next(
        row["id"]
        for row in (await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=100)).rows
        if row["objective"] == "OUTCOME_SALES"
        and not row["daily_budget_major"]
        and not row["lifetime_budget_major"]
    )
    live = {"optimization_goal": "OFFSITE_CONVERSIONS", "promoted_object": aim, "status": "ACTIVE"}
    new = {**NEW_SET, **live, "campaign_id": campaign, "daily_budget": "20 USD"}
    assert (
        "APPLIED"
        in (await applied(engine_client, await planned(engine_client, "ad_sets", "create", **new))).text
    )
    first = (await engine_client.table(FACEBOOK, "pixel_quality", "list", **asked)).rows[0]
    assert (first["event_name"], first["events_7d"], first["ad_sets"]) == ("Subscribe", "0", "1")
    assert first["problem"] == "1 live ad set optimises for it, and none came in 7 days"


@pytest.mark.parametrize(
    ("path", "unknown", "column"),
    [
        ("dataset_quality", "match quality and freshness", "match_quality"),
        ("stats", "how many events came in 7 days", "events_7d"),
        ("adsets", "which events live ad sets use", "ad_sets"),
    ],
)
async def test_quality_says_what_it_may_not_see(
    engine_client: EngineClient, path: str, unknown: str, column: str
) -> None:
    """A part that Facebook refuses is named and empty, never 0, and the rest is shown."""
    between(engine_client, refusing(path, 200))
    table = await engine_client.table(FACEBOOK, "pixel_quality", "list", account_id=US, pixel_id=PIXEL)
    assert f"{unknown}: not known, Facebook refused" in str(table.meta["warnings"])
    assert {row[column] for row in table.rows} == {""}
    assert any(row["event_name"] == "Purchase" for row in table.rows)


async def test_quality_without_a_sign_in_is_no_answer(engine_client: EngineClient) -> None:
    """A token that is over is said as everywhere, with nothing beside it."""
    between(engine_client, refusing("dataset_quality", 190))
    with pytest.raises(AuthError):
        await engine_client.do(FACEBOOK, "pixel_quality", "list", account_id=US, pixel_id=PIXEL)


def refusing(path: str, code: int, **more: object) -> Callable[[httpx.Request], httpx.Response | None]:
    """Facebook, which refuses requests that end so."""

    def answers(request: httpx.Request) -> httpx.Response | None:
        error = {"message": "no access", "code": code, **more}
        return httpx.Response(400, json={"error": error}) if request.url.path.endswith(path) else None

    return answers


async def test_the_ad_library_has_no_token_in_its_addresses(engine_client: EngineClient) -> None:
    """Neither the entity nor a raw request shows what opens an account; the rest of the address stays."""
    fields = ["id", "ad_snapshot_url"]
    search = {"search_terms": "raincoat", "ad_reached_countries": ["DE"]}
    table = await engine_client.table(FACEBOOK, "ad_library", "list", **search, fields=fields)
    raw = await engine_client.table(
        FACEBOOK, "graph", "get", path="/ads_archive", query={**search, "fields": ",".join(fields)}
    )
    for rows in (table.rows, raw.rows):
        (row,) = rows
        assert row["ad_snapshot_url"] == f"https://www.facebook.com/ads/archive/render_ad/?id={row['id']}"


async def test_the_ad_library_says_what_it_cannot_have(looking: EngineClient) -> None:
    """No rows for a US advertiser are explained; political ads have ranges; ended ads come when asked for."""
    none = await looking.table(
        FACEBOOK, "ad_library", "list", search_terms="raincoat", ad_reached_countries="us"
    )
    assert none.rows == []
    assert "no rows do not mean that there are no ads" in none.meta["hidden"]
    every = await looking.table(
        FACEBOOK, "ad_library", "list",
        search_terms="raincoat", ad_reached_countries=["DE"], ad_active_status="ALL",
    )  # fmt: skip
    assert {row["page_name"] for row in every.rows} == {"Tern & Tide", "Nordwind Outdoor"}
    assert "hidden" not in every.meta
    ranges = ["spend", "impressions", "estimated_audience_size"]
    (political,) = (
        await looking.table(FACEBOOK, "ad_library", "list", search_page_ids=[POLITICAL], fields=ranges)
    ).rows
    assert [political[name] for name in ranges] == ["100-199", "10000-14999", "1000001 or more"]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({}, "search_terms: give words to search for, or search_page_ids"),
        ({"search_terms": "  "}, "search_terms"),
        ({"search_terms": "x" * 101}, "search_terms"),
        ({"search_page_ids": [str(number) for number in range(11)]}, "search_page_ids"),
        ({"search_terms": "x", "ad_reached_countries": ["Germany"]}, "ad_reached_countries"),
        ({"search_terms": "x", "ad_type": "POLITICAL"}, "ad_type"),
        ({"search_terms": "x", "ad_delivery_date_min": "last week"}, "ad_delivery_date_min"),
        ({"search_terms": "x", "fields": ["ad_snapshot"]}, "ad_snapshot_url"),
    ],
)
async def test_a_search_that_cannot_be(looking: EngineClient, params: dict[str, object], says: str) -> None:
    """Nothing is asked of Facebook, and the parameter is named."""
    with pytest.raises(InvalidParams, match=says):
        await looking.do(FACEBOOK, "ad_library", "list", **params)


async def test_whoever_may_not_search_learns_what_to_do(engine_client: EngineClient) -> None:
    """Only a person can confirm who they are; no permission of the app replaces that."""
    between(engine_client, refusing("ads_archive", 10, error_subcode=2332002))
    with pytest.raises(AuthError) as caught:
        await engine_client.do(FACEBOOK, "ad_library", "list", search_terms="raincoat")
    assert caught.value.code == "10/2332002"
    assert "facebook.com/ads/library/api" in caught.value.fix


async def test_an_account_is_told_in_words(looking: EngineClient) -> None:
    """Its status and why it is disabled; a number nobody knows stays one."""
    table = await looking.table(FACEBOOK, "ad_accounts", "list")
    assert {row["account_status"] for row in table.rows} == {"ACTIVE"}
    one = await looking.do(FACEBOOK, "ad_accounts", "get", account_id=US)
    assert (one.data["disable_reason"], one.data["owner"]) == ("NONE", "334455667788990")
    several = await looking.table(FACEBOOK, "ad_accounts", "get", account_id=[US, JAPAN], fields="name")
    assert [row["name"] for row in several.rows] == ["Tern & Tide (US)", "Tern & Tide Japan"]


async def _cap(client: EngineClient, account: str = US) -> object:
    one = await client.do(FACEBOOK, "ad_accounts", "get", account_id=account, fields="spend_cap_major")
    return one.data["spend_cap_major"]


async def test_a_spend_cap_is_set_raised_and_taken_away(engine_client: EngineClient) -> None:
    """It is sent in major units and read in minor ones: what was agreed to is what stands there, and back."""
    first = await engine_client.do(FACEBOOK, "ad_accounts", "update", account_id=US, spend_cap="30000.50 USD")
    assert "spend_cap 30000.50 USD" in first.text
    assert "spend_cap=30000.5" in first.text
    done = await applied(engine_client, first.data["plan_id"])
    assert "read back: spend_cap 30000.50 USD" in done.text
    assert await _cap(engine_client) == "30000.50"
    more = await planned(engine_client, "ad_accounts", "update", account_id=US, spend_cap="+20%")
    assert more.startswith("raise-spend-cap-30000.50-to-36000.60-USD.")
    raised = await applied(engine_client, more)
    assert await _cap(engine_client) == "36000.60"
    await applied(engine_client, undo_of(raised))
    assert await _cap(engine_client) == "30000.50"
    none = await planned(engine_client, "ad_accounts", "update", account_id=US, spend_cap="none")
    assert none.startswith("remove-spend-cap-30000.50-USD.")
    removed = await applied(engine_client, none)
    assert await _cap(engine_client) is None
    await applied(engine_client, undo_of(removed))
    assert await _cap(engine_client) == "30000.50"
    yen = await planned(engine_client, "ad_accounts", "update", account_id=JAPAN, spend_cap="900000 JPY")
    await applied(engine_client, yen)
    assert await _cap(engine_client, JAPAN) == "900000"


async def test_a_spend_cap_below_what_was_spent_stops_everything(engine_client: EngineClient) -> None:
    """The plan says so, and what the next change of the cap, or a reset, sets going again."""
    low = await engine_client.do(FACEBOOK, "ad_accounts", "update", account_id=US, spend_cap="500 USD")
    assert "were spent already: all ads of the account stop at once" in low.text
    await applied(engine_client, low.data["plan_id"])
    high = await engine_client.do(FACEBOOK, "ad_accounts", "update", account_id=US, spend_cap="900000 USD")
    assert "those that are on deliver again" in high.text
    reset = await engine_client.do(FACEBOOK, "ad_accounts", "update", account_id=US, spend_cap_action="reset")
    assert reset.data["plan_id"].startswith("resets-what-counts-against-the-spend-cap-account.")
    assert "the whole cap may be spent once more" in reset.text
    assert "ACTIVATES DELIVERY: after a reset the whole spend cap may be spent once more" in reset.text
    kept = [engine_client.workspace.plans.get(plan.data["plan_id"]) for plan in (high, reset)]
    assert [plan.expires - plan.created for plan in kept] == [SPENDING_LIFE] * 2
    assert "USD were spent so far and would not count any more" in reset.text
    assert "no undo" in (await applied(engine_client, reset.data["plan_id"])).text
    assert await _cap(engine_client) == "500.00"
    spent = await engine_client.do(FACEBOOK, "ad_accounts", "get", account_id=US, fields="amount_spent_major")
    assert spent.data["amount_spent_major"] == "0.00"


async def test_caps_hold_an_accounts_spend_cap(engine_client_with: EngineClients) -> None:
    """A raised, removed or reset spend cap is a budget: above the cap, or without an end, it is refused."""
    open_client = engine_client_with()
    await applied(
        open_client, await planned(open_client, "ad_accounts", "update", account_id=US, spend_cap="900 USD")
    )
    client = engine_client_with(MCP_ADS_MAX_LIFETIME_BUDGET="1000 USD")
    for change, says in (
        ({"spend_cap": "1001 USD"}, "spend_cap 1001.00 USD is over the cap of 1000.00 USD"),
        ({"spend_cap": "none"}, "without a spend cap anything may be spent"),
        ({"spend_cap_action": "delete"}, "without a spend cap anything may be spent"),
        ({"spend_cap_action": "reset"}, "the whole spend cap may be spent once more"),
    ):
        with pytest.raises(OverCap, match=says):
            await client.do(FACEBOOK, "ad_accounts", "update", account_id=US, **change)
    assert await planned(client, "ad_accounts", "update", account_id=US, spend_cap="1000 USD")


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({}, "nothing to change"),
        ({"spend_cap": 500}, 'spend_cap: write "500 USD"'),
        ({"spend_cap": "0 USD"}, '"none" takes it away'),
        ({"spend_cap": "500 EUR"}, "the account's currency is USD, not EUR"),
        ({"spend_cap": "500.001 USD"}, "more decimals than the currency"),
        ({"spend_cap": "+20%"}, "no live value to change"),
        ({"spend_cap": "900 USD", "spend_cap_action": "reset"}, "not with spend_cap"),
        ({"name": "X", "spend_cap_action": "reset"}, "a reset is a change of its own"),
        ({"spend_cap_action": "delete"}, "it has no spend cap"),
        ({"spend_cap_action": "zero"}, "spend_cap_action"),
        ({"default_dsa_payor": "Tern & Tide, Inc."}, "give both, or none"),
        ({"currency": "EUR"}, "no such parameter"),
    ],
)
async def test_an_account_that_cannot_be_changed_so(
    looking: EngineClient, params: dict[str, object], says: str
) -> None:
    """Each mistake has its line, and Facebook is asked for no change."""
    with pytest.raises(InvalidParams, match=says):
        await looking.do(FACEBOOK, "ad_accounts", "update", account_id=US, **params)


async def test_who_pays_for_and_benefits_from_ads(engine_client: EngineClient) -> None:
    """Both stand in the account afterwards, with its new name."""
    both = {"default_dsa_payor": "Tern & Tide, Inc.", "default_dsa_beneficiary": "Tern & Tide"}
    plan = await planned(engine_client, "ad_accounts", "update", account_id=US, name="Tern", **both)
    assert "read back: " in (await applied(engine_client, plan)).text
    one = await engine_client.do(FACEBOOK, "ad_accounts", "get", account_id=US, fields=["name", *both])
    assert {name: one.data[name] for name in both} == both
    assert one.data["name"] == "Tern"
