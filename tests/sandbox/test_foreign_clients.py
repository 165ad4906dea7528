"""The sandbox in front of other people's clients: what the platforms take, it takes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from amazon_client import US as PROFILE
from amazon_client import Amazon
from facebook_client import ACCOUNT, CAMPAIGN, SPRING, graph
from linkedin_client import CAMPAIGNS, HEADERS, US, Client

from mcp_ads.sandbox.amazon_ads.reports import metrics
from mcp_ads.sandbox.ports import serving

pytestmark = pytest.mark.anyio
NO_PROTOCOL: dict[str, str] = {"X_RestLi_Protocol_Version": ""}


async def test_linkedin_without_a_protocol_version_is_rest_li_1(api: Client) -> None:
    """A call that names no protocol version is read in the older syntax."""
    one = (await api.get(f"{CAMPAIGNS}?q=search&count=1"))["elements"][0]["id"]
    plain = await api.get(f"{CAMPAIGNS}/{one}", **NO_PROTOCOL)
    assert plain["id"] == one
    many = await api.get(f"{CAMPAIGNS}?ids[0]={one}", method="BATCH_GET", **NO_PROTOCOL)
    assert list(many["results"]) == [str(one)]
    nested = f"{CAMPAIGNS}?q=search&search.status.values[0]=ACTIVE"
    rows = (await api.get(nested, **NO_PROTOCOL))["elements"]
    assert rows
    assert {row["status"] for row in rows} == {"ACTIVE"}


async def test_linkedin_refuses_only_a_syntax_of_the_other_protocol(api: Client) -> None:
    """Rest.li 2.0 syntax needs its header, and with the header the older syntax is refused."""
    two, one = f"{CAMPAIGNS}?q=search&search=(status:(values:List(ACTIVE)))", f"{CAMPAIGNS}?ids[0]=1"
    assert (await api.call("GET", two, **NO_PROTOCOL)).status_code == 400
    assert (await api.call("GET", one)).status_code == 400
    assert (await api.call("GET", two)).status_code == 200


@pytest.mark.parametrize("version", ["202601", "202607", "202608", "202609", "202610"])
async def test_linkedin_versions_in_use(api: Client, version: str) -> None:
    """Every month that clients pin today is active."""
    answer = await api.call("GET", f"/rest/adAccounts/{US}", LinkedIn_Version=version)
    assert answer.status_code == 200


@pytest.mark.parametrize("version", ["202511", "202612", "2026"])
async def test_linkedin_versions_not_in_use(api: Client, version: str) -> None:
    """Months that are over, or have no release, are answered 426."""
    answer = await api.call("GET", f"/rest/adAccounts/{US}", LinkedIn_Version=version)
    assert (answer.status_code, answer.json()["code"]) == (426, "NONEXISTENT_VERSION")
    assert HEADERS["LinkedIn-Version"] != version


async def test_facebook_lists_in_brackets() -> None:
    """`special_ad_categories[0]=HOUSING` is the list that JSON text would be."""
    sent = {name: value for name, value in CAMPAIGN.items() if name != "special_ad_categories"}
    async with graph() as g:
        sent |= {"special_ad_categories[0]": "HOUSING", "special_ad_category_country[]": "US"}
        made = await g.http.post(f"/v26.0/{ACCOUNT}/campaigns", data=sent)
        assert made.status_code == 200, made.text
        seen = await g.get(made.json()["id"], fields="special_ad_categories")
    assert seen["special_ad_categories"] == ["HOUSING"]


async def test_facebook_action_breakdowns() -> None:
    """Every documented action breakdown is taken."""
    async with graph() as g:
        for name in ("action_type", "action_device", "action_destination"):
            rows = await g.get(f"{ACCOUNT}/insights", fields="actions", action_breakdowns=f'["{name}"]')
            assert rows["data"]


async def test_facebook_versions() -> None:
    """The newest version answers; an expired one is upgraded where nothing changed, and else refused."""
    async with graph() as g:
        newest = await g.http.get("/v27.0/me")
        assert (newest.status_code, newest.headers["facebook-api-version"]) == (200, "v27.0")
        expired = await g.http.get(f"/v23.0/{SPRING}", params={"fields": "name"})
        assert expired.status_code == 200
        assert "v23.0 has been deprecated" in expired.headers["x-ad-api-version-warning"]
        changed = await g.http.post(f"/v23.0/{ACCOUNT}/campaigns", data=CAMPAIGN)
        assert changed.json()["error"]["code"] == 2635
        assert (await g.http.get("/v28.0/me")).json()["error"]["code"] == 2500


def test_the_printed_token_is_as_long_as_real_ones() -> None:
    """Clients that check a token's length take the sandbox's."""
    with serving() as running:
        assert len(running.ports.variables()["FACEBOOK_MARKETING_ACCESS_TOKEN"]) > 100


async def test_amazon_past_days_stay_when_a_bid_changes() -> None:
    """What was delivered before a bid was changed is what it was."""
    api = Amazon()
    await api.v3("POST", "/sp/campaigns/list", {})
    before = _days(api)
    keywords = (await api.v3("POST", "/sp/keywords/list", {"maxResults": 100}))["keywords"]
    changes: list[Any] = [
        {"keywordId": keyword["keywordId"], "bid": 1.5}
        for keyword in keywords
        if keyword["state"] == "ENABLED"
    ]
    changed, _ = await api.update("/sp/keywords", "keywords", *changes[:50])
    assert changed
    assert _days(api) == before


def _days(api: Amazon) -> str:
    profile = api.store.get("amazon.profile", PROFILE)
    assert profile
    found = metrics.cells(api.store, profile)
    days = [date(2026, 9, day) for day in (1, 2, 3)]
    return json.dumps([(delivery.cell.key, delivery.numbers) for delivery in metrics.deliveries(found, days)])
