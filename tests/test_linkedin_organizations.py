"""Pages, the Ad Library, previews of creatives, and what the token in use may do."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from linkedin_calls import call, run
from planning import error_of

from mcp_ads.engine.overview import page
from mcp_ads.errors import AuthError, InvalidParams, NotConfigured, NotFound

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
SECRETS = ("sandbox-secret", "sandbox-at-", "sandbox-refresh")
DAY = 86_400


async def test_the_members_pages(engine_client: EngineClient) -> None:
    """By name, with the member's role on each; what was only asked for shows where that is asked for."""
    mine = await engine_client.table(LINKEDIN, "organizations", "list")
    assert [(row["id"], row["name"], row["role"]) for row in mine.rows] == [
        ("2414183", "Tern & Tide", "ADMINISTRATOR"),
        ("2414184", "Tern & Tide Europe", "ADMINISTRATOR"),
    ]
    asked = await engine_client.table(LINKEDIN, "organizations", "list", state="REQUESTED")
    assert [row["name"] for row in asked.rows] == ["Tern & Tide Outlet"]
    one = await engine_client.do(LINKEDIN, "organizations", "get", organization_id="2414183")
    assert (one.data["name"], one.data["vanityName"]) == ("Tern & Tide", "tern-and-tide")
    with pytest.raises(AuthError):
        await engine_client.do(LINKEDIN, "organizations", "get", organization_id="1037")
    assert "organizations.list" in await page(engine_client.workspace, {"query": "which company pages"})


async def test_any_page_is_looked_up(engine_client: EngineClient) -> None:
    """By ids, of which those that are none are named, or by the name in its address."""
    ids = ["1037", "urn:li:organization:2414184", "99"]
    found = await engine_client.table(LINKEDIN, "organizations", "lookup", ids=ids)
    assert [row["name"] for row in found.rows] == ["Fabrikam Freight", "Tern & Tide Europe"]
    assert found.meta["warnings"] == ["no Page has the id 99"]
    named = await engine_client.table(LINKEDIN, "organizations", "lookup", vanity_name="tern-and-tide")
    assert named.ids == ["2414183"]
    with pytest.raises(InvalidParams, match="ids: give it or vanity_name, and not both"):
        await engine_client.do(LINKEDIN, "organizations", "lookup")


async def test_ads_of_others(engine_client: EngineClient) -> None:
    """LinkedIn narrows by words and advertiser; what it does not is done here, over all pages."""
    found = await engine_client.table(LINKEDIN, "ad_library", "search", keyword="raincoat", limit=100)
    assert len(found.rows) == 30
    assert {row["advertiser"] for row in found.rows} == {"Contoso Shipping", "Northwind Retail"}
    assert "texts and images" in found.meta["hidden"]
    few = await engine_client.table(
        LINKEDIN,
        "ad_library",
        "search",
        keyword="raincoat",
        advertiser="northwind",
        where="countries ~ 'NL' and impressions_from >= 1000",
    )
    assert few.rows
    assert all(row["countries"].startswith("DE 61 %, FR") for row in few.rows)
    both = await engine_client.table(LINKEDIN, "ad_library", "search", keyword="raincoat boots")
    assert both.rows == []
    with pytest.raises(InvalidParams, match="keyword: give words to search for, or advertiser"):
        await engine_client.do(LINKEDIN, "ad_library", "search")
    with pytest.raises(InvalidParams, match="use where on countries"):
        await engine_client.do(LINKEDIN, "ad_library", "search", keyword="x", countries=["DE"])


async def test_an_app_without_the_ad_library(engine_client: EngineClient) -> None:
    """LinkedIn hides the resource; the answer says which product it takes."""
    engine_client.fault("hidden", path="/adLibrary")
    error = await error_of(engine_client.do(LINKEDIN, "ad_library", "search", keyword="raincoat"))
    assert isinstance(error, NotFound)
    assert "the app needs the product Ad Library" in error.fix


async def test_a_creative_is_previewed(engine_client: EngineClient) -> None:
    """An address for each place; the frame around it only where it is asked for; some kinds have none."""
    stored = engine_client.store.all("linkedin.creative")
    kinds = {row["id"]: row["type"] for row in engine_client.store.all("linkedin.campaign")}
    type_of = {row["id"]: kinds[int(row["campaign"].rpartition(":")[2])] for row in stored}
    shown = next(row["id"] for row in stored if type_of[row["id"]] == "SPONSORED_UPDATES")
    found = await engine_client.table(
        LINKEDIN, "ad_previews", "get", account_id=LINKEDIN_US, creative_id=shown
    )
    assert [(row["placement"], row["valid"]) for row in found.rows] == [
        ("DESKTOP_WEBSITE", "3 hours"),
        ("MOBILE_APP", "3 hours"),
    ]
    assert found.rows[0]["url"].endswith("&at=DESKTOP_WEBSITE")
    assert "iframe" not in found.text
    framed = await engine_client.do(
        LINKEDIN, "ad_previews", "get", account_id=LINKEDIN_US, creative_id=shown, fields=["html"]
    )
    assert framed.data[0]["html"].startswith("<iframe")
    text = next(row["id"] for row in stored if type_of[row["id"]] == "TEXT_AD")
    none = await engine_client.table(LINKEDIN, "ad_previews", "get", account_id=LINKEDIN_US, creative_id=text)
    assert (none.rows, "and not this" in none.meta["warnings"][0]) == ([], True)


async def test_what_the_token_may_do(engine_client: EngineClient) -> None:
    """Scopes, what is lacking for what, and ends; no secret is written down on the way."""
    await engine_client.do(LINKEDIN, "token", "introspect")
    for key in engine_client.store.ids("linkedin.token"):
        kept = engine_client.store.get("linkedin.token", key) or {}
        engine_client.store.put("linkedin.token", key, {**kept, "scopes": ["r_ads", "r_ads_reporting"]})
    found = (await engine_client.do(LINKEDIN, "token", "introspect")).data
    assert (found["status"], found["works"]) == ("active", "yes")
    assert "r_ads_reporting" in found["scopes"]
    assert "rw_conversions: conversion_events" in found["lacks"]
    assert "r_ads:" not in found["lacks"]
    assert found["consent_ends"] > found["expires"]
    assert "POST /oauth/v2/introspectToken" in engine_client.sent(LINKEDIN)
    engine_client.workspace.trace.flush()
    written = b"".join(path.read_bytes() for path in engine_client.home.glob("trace*") if path.is_file())
    assert b"introspectToken" in written
    assert not [secret for secret in SECRETS if secret.encode() in written]


async def test_a_consent_that_ends_soon(engine_client: EngineClient) -> None:
    """A month before its end the answer says so, whatever the token's own end is."""
    first = await engine_client.do(LINKEDIN, "token", "introspect")
    assert "warnings" not in first.meta
    for key in engine_client.store.ids("linkedin.token"):
        kept = engine_client.store.get("linkedin.token", key) or {}
        engine_client.store.put("linkedin.token", key, {**kept, "agreed": int(time.time()) - 340 * DAY})
    (warning,) = (await engine_client.do(LINKEDIN, "token", "introspect")).meta["warnings"]
    assert "no renewal moves that, sign in again" in warning
    assert "(25 days)" in warning


async def test_a_token_is_judged_by_a_real_read(engine_client: EngineClient) -> None:
    """Seconds after it was made LinkedIn calls a token revoked that its API takes already."""
    engine_client.fault("fresh-token", path="/introspectToken")
    found = await engine_client.do(LINKEDIN, "token", "introspect")
    assert (found.data["status"], found.data["works"]) == ("revoked", "yes")
    assert "takes it all the same" in found.meta["warnings"][0]


async def test_the_apps_secret_is_needed(engine_client_with: EngineClients) -> None:
    """Without it nothing is sent and the variables are named; a wrong one is LinkedIn's to refuse."""
    client = engine_client_with()
    kept = client.settings.platforms[LINKEDIN].credentials
    object.__setattr__(client.settings.platforms[LINKEDIN], "credentials", {**kept, "CLIENT_SECRET": "wrong"})
    error = await error_of(client.do(LINKEDIN, "token", "introspect"))
    assert error
    assert "wrong" not in f"{error} {error.fix}"
    token = {"ACCESS_TOKEN": "sandbox-token"}
    bare = engine_client_with()
    object.__setattr__(bare.settings.platforms[LINKEDIN], "credentials", token)
    with pytest.raises(NotConfigured, match="LINKEDIN_ADS_CLIENT_ID and LINKEDIN_ADS_CLIENT_SECRET"):
        await bare.do(LINKEDIN, "token", "introspect")
    assert bare.sent(LINKEDIN).count("POST /oauth/v2/introspectToken") == 0


def test_a_page_that_is_refused_is_not_one_that_is_missing() -> None:
    """Only what LinkedIn does not find has no such id; a refusal and a failure are said as such."""
    errors = {"99": {"status": 404}, "7": {"status": 403}, "8": {"status": 500}}
    answer = {"results": {"1037": {"localizedName": "Fabrikam"}}, "errors": errors}
    result, _ = run(call("organizations", "lookup", ids=["1037", "99", "7", "8"]), answer)
    assert [row["name"] for row in result.data] == ["Fabrikam"]
    assert result.meta["warnings"] == [
        "Page 7 could not be read: the token or the member may not do this",
        "Page 8 could not be read: LinkedIn failed to answer",
        "no Page has the id 99",
    ]
    roles = {"elements": [{"organization": "urn:li:organization:7", "role": "ADMINISTRATOR"}], "paging": {}}
    mine, _ = run(call("organizations", "list"), roles, {"results": {}, "errors": {"7": errors["7"]}})
    assert (mine.data[0]["id"], mine.data[0]["name"]) == ("7", None)
    assert mine.meta["warnings"] == ["Page 7 could not be read: the token or the member may not do this"]


def test_a_campaign_of_creatives_that_is_refused() -> None:
    """Creatives with an empty campaign name say why it is empty."""
    row = {"id": "urn:li:sponsoredCreative:7", "campaign": "urn:li:sponsoredCampaign:3"}
    made = call("creatives", "get", creative_id="7", fields=["id", "campaign_name"])
    result, _ = run(made, row, {"results": {}, "errors": {"3": {"status": 403}}})
    assert result.meta["warnings"] == [
        "campaign 3 could not be read: the token or the member may not do this"
    ]


def test_posts_that_are_refused_beside_one_that_is_gone() -> None:
    """Each reason for which texts are missing is said of as many posts as it is true of."""
    shown = [f"urn:li:share:{number}" for number in (1, 2)]
    rows = [{"id": f"urn:li:sponsoredCreative:{urn[-1]}", "content": {"reference": urn}} for urn in shown]
    made = call("creatives", "get", creative_id=["1", "2"], fields=["id", "text"])
    found = {"results": {row["id"]: row for row in rows}}
    errors = {shown[0]: {"status": 404}, shown[1]: {"status": 403, "message": "no role"}}
    result, _ = run(made, found, {"results": {}, "errors": errors})
    gone, shut = result.meta["warnings"]
    assert gone == "texts of 1 posts cannot be read: they are not there, or not for this member to see"
    assert shut.startswith("texts of 1 posts cannot be read: no role; it takes r_organization_social")


def test_a_token_without_an_end() -> None:
    """LinkedIn need not say when a token ends, which is not that it ended long ago."""
    about = {"active": True, "status": "active", "scope": "rw_ads"}
    result, _ = run(call("token", "introspect"), about, {"elements": []})
    assert (result.data["works"], result.data["expires"], result.meta) == ("yes", None, {})


def test_a_token_that_a_read_refuses() -> None:
    """LinkedIn may call a token active and refuse it: only a new sign-in helps."""
    about = {"active": True, "status": "active", "scope": "rw_ads"}
    result, _ = run(call("token", "introspect"), about, AuthError("not accepted", status=401))
    assert result.data["works"] == "no"
    (warning,) = result.meta["warnings"]
    assert warning.endswith("does not accept it for a read: sign in again")
