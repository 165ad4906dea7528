"""Raw requests to LinkedIn as an agent writes them: lists and keys as JSON and URNs, pages either way."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient

from mcp_ads.errors import InvalidParams
from mcp_ads.sandbox.linkedin_ads.state import MEMBER

pytestmark = pytest.mark.anyio
CAMPAIGNS = f"/adAccounts/{LINKEDIN_US}/adCampaigns"
ACCOUNT = f"urn:li:sponsoredAccount:{LINKEDIN_US}"
PEOPLE = (
    "/adAccountUsers",
    f"/adAccountUsers/(account:{ACCOUNT},user:{MEMBER})",
    "/dmpSegments/1/users",
    "/dmpSegments/1/listUploads",
    "/leadFormResponses",
    "/leadNotifications",
    "/conversionEvents",
    "/organizationAcls",
    "/me",
    f"/people/{MEMBER.rpartition(':')[2]}",
)


async def raw(engine_client: EngineClient, path: str, **params: Any) -> Any:
    return await engine_client.do(LINKEDIN, "rest", "get", path=path, **params)


async def test_lists_and_records_are_json(engine_client: EngineClient) -> None:
    """They are spelled as Rest.li, and a name with brackets in it is just a name."""
    ids = ["300000001", "300000002"]
    several = (await raw(engine_client, CAMPAIGNS, query={"ids": ids})).data
    assert sorted(several["results"]) == ids
    search = {"status": {"values": ["PAUSED"]}, "id": {"values": [f"urn:li:sponsoredCampaign:{ids[0]}"]}}
    found = await raw(engine_client, CAMPAIGNS, query={"q": "search", "search": search}, finder=True)
    assert all(row["status"] == "PAUSED" for row in found.data)
    named = {"q": "search", "search": {"name": {"values": ["List(a)", "(b:c)"]}}}
    assert (await raw(engine_client, CAMPAIGNS, query=named, finder=True)).data == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"ids": "List(1,2)"}, 'ids: write lists and objects as JSON, here ["1", "2"]'),
        ({"search": "(status:(values:List(ACTIVE)))"}, '{"status": {"values": ["ACTIVE"]}}'),
        ({"search": {"status": None}}, "search: null is no value"),
        ({"ids": [None]}, "ids: null is no value"),
    ],
)
async def test_what_would_be_sent_as_something_else_is_refused(
    engine_client: EngineClient, query: dict[str, Any], says: str
) -> None:
    """A spelled list would go as a text, which LinkedIn takes for none; the line has the JSON for it."""
    with pytest.raises(InvalidParams) as caught:
        await raw(engine_client, CAMPAIGNS, query=query)
    assert says in str(caught.value)
    assert engine_client.sent() == []


async def test_urns_in_a_path_may_be_raw(engine_client: EngineClient) -> None:
    """A key is escaped as it is sent, and one that is escaped already stays as it is."""
    urn = "urn:li:sponsoredCreative:180000001"
    path = f"/adAccounts/{LINKEDIN_US}/creatives/"
    for key in (urn, urn.replace(":", "%3A")):
        assert (await raw(engine_client, path + key)).data["id"] == urn
    assert {line for line in engine_client.sent() if "creatives" in line} == {f"GET /rest{path}{urn}"}


async def test_a_half_written_key_is_refused(engine_client: EngineClient) -> None:
    """In one line, with the character, before anything is sent."""
    with pytest.raises(InvalidParams, match=r"path: a comma or .* at character") as caught:
        await raw(engine_client, "/campaignConversions/(campaign:urn:li:sponsoredCampaign:1")
    assert len(caught.value.lines) == 1
    assert engine_client.sent() == []


async def test_pages_go_on_each_their_own_way(engine_client: EngineClient) -> None:
    """By a token, or by the number of a row; where a number has no effect, the answer says so."""
    first = await raw(engine_client, CAMPAIGNS, query={"q": "search", "pageSize": 2}, finder=True)
    onward = {"q": "search", "pageSize": 2, **first.meta["next"]}
    assert [*first.meta["next"]] == ["pageToken"]
    second = await raw(engine_client, CAMPAIGNS, query=onward, finder=True)
    assert {row["id"] for row in first.data}.isdisjoint(row["id"] for row in second.data)
    deaf = await raw(engine_client, CAMPAIGNS, query={"q": "search", "start": 100}, finder=True)
    assert "start and count have no effect" in deaf.meta["warnings"][0]
    last = await raw(engine_client, CAMPAIGNS, query={"q": "search", "pageSize": 1000}, finder=True)
    assert "next" not in last.meta
    assert "warnings" not in last.meta
    older = {"q": "account", "account": ACCOUNT, "count": 1}
    seen = await raw(engine_client, "/dmpSegments", query=older, finder=True)
    assert seen.meta["next"] == {"start": 1}
    onward = {**older, "count": 100, **seen.meta["next"]}
    rest = await raw(engine_client, "/dmpSegments", query=onward, finder=True)
    assert seen.data[0]["id"] not in {row["id"] for row in rest.data}
    assert "next" not in rest.meta


@pytest.mark.parametrize("path", PEOPLE)
async def test_what_is_about_people_is_no_raw_request(engine_client: EngineClient, path: str) -> None:
    """Users, members of audiences, leads and events, whatever key stands behind."""
    with pytest.raises(InvalidParams, match="about people"):
        await raw(engine_client, path)
    assert engine_client.sent() == []
