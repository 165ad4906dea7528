"""Rest.li 2.0 as the make-believe platform reads it, and query tunnelling."""

from __future__ import annotations

import json
from typing import Any

import pytest
from linkedin_client import CAMPAIGNS, HEADERS, Client, enc, urn

from mcp_ads.sandbox.linkedin_ads.restli import RestliError, parse_query, parse_value, project, reduced

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("''", ""),
        ("List()", []),
        ("()", {}),
        ("List(urn%3Ali%3AsponsoredCampaign%3A1)", ["urn:li:sponsoredCampaign:1"]),
        ("(k2:urn%3Ali%3Aapp%3A123)", {"k2": "urn:li:app:123"}),
        ("List((k1:v1),List(v2,%20t%3F%27%3A%2C%2A%21))", [{"k1": "v1"}, ["v2", " t?':,*!"]]),
        ("R%26D%20%28EU%29%2C%20100%25%27s", "R&D (EU), 100%'s"),
        ("(start:(year:2026,month:1,day:9))", {"start": {"year": "2026", "month": "1", "day": "9"}}),
        ("urn%3Ali%3AstaffCountRange%3A%2851%2C200%29", "urn:li:staffCountRange:(51,200)"),
    ],
)
async def test_good_values(text: str, value: Any) -> None:
    """Escaped strings, lists and records are read."""
    assert parse_value(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "urn:li:sponsoredCampaign:1",
        "List(urn:li:sponsoredCampaign:1)",
        "List(a,b",
        "List(a,,b)",
        "(a=b)",
        "(a:b))",
        "it's",
        "a+b",
        "a b",
        "100%",
        "%ZZ",
        "%FF",
        '["a"]',
        "(a:1,a:2)",
    ],
)
async def test_bad_values(text: str) -> None:
    """Reserved characters that are not escaped, and everything unbalanced, are refused."""
    with pytest.raises(RestliError):
        parse_value(text)


async def test_whole_queries() -> None:
    """Parameters are told apart, fields stay raw, nothing may come twice."""
    assert parse_query("&q=a&fields=id,b:(c,d)") == {"q": "a", "fields": "id,b:(c,d)"}
    for bad in ("q=a&q=b", "q", "=a", "fields=a%2Cb", "fields=(a"):
        with pytest.raises(RestliError):
            parse_query(bad)


async def test_projections_and_keys() -> None:
    """Projections reach into records; map keys are escaped just enough."""
    record = {"id": 1, "runSchedule": {"start": 2, "end": 3}, "name": "x"}
    assert project(record, "id,runSchedule:(end),nope") == {"id": 1, "runSchedule": {"end": 3}}
    assert reduced("urn:li:sponsoredCreative:7") == "urn%3Ali%3AsponsoredCreative%3A7"


async def test_unescaped_urns_are_refused(api: Client) -> None:
    """A URN with literal colons in a query is no Rest.li."""
    answer = await api.call(
        "GET", f"{CAMPAIGNS}?q=search&search=(id:(values:List(urn:li:sponsoredCampaign:1)))"
    )
    assert answer.status_code == 400
    twice = enc(enc(urn("sponsoredCampaign", 300000001)))
    answer = await api.call("GET", f"{CAMPAIGNS}?q=search&search=(id:(values:List({twice})))")
    assert answer.status_code == 400


async def test_long_queries_are_tunnelled(api: Client) -> None:
    """A query over 4 kB is refused in the URL and accepted as the body of a POST."""
    urns = ",".join(enc(urn("sponsoredCampaign", 300000001 + n)) for n in range(150))
    query = f"q=search&search=(id:(values:List({urns})))&pageSize=1000"
    assert (await api.call("GET", f"{CAMPAIGNS}?{query}")).status_code == 414
    headers = {**HEADERS, "X-HTTP-Method-Override": "GET", "X-RestLi-Method": "FINDER"}
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    answer = await api.http.post(CAMPAIGNS, content=query, headers=form)
    assert len(answer.json()["elements"]) == 150
    wrong = await api.http.post(CAMPAIGNS, content=query, headers={**headers, "Content-Type": "text/plain"})
    assert wrong.status_code == 415


async def test_writes_are_tunnelled_in_two_parts(api: Client) -> None:
    """A write with a query travels as multipart/mixed."""
    body = json.dumps({"entities": {"300000001": {"patch": {"$set": {"name": "Renamed"}}}}})
    content = (
        "--B\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nids=List(300000001)\r\n"
        f"--B\r\nContent-Type: application/json\r\n\r\n{body}\r\n--B--"
    )
    headers = {
        **HEADERS,
        "X-HTTP-Method-Override": "POST",
        "X-RestLi-Method": "BATCH_PARTIAL_UPDATE",
        "Content-Type": "multipart/mixed; boundary=B",
    }
    answer = await api.http.post(CAMPAIGNS, content=content, headers=headers)
    assert answer.json()["results"] == {"300000001": {"status": 204}}
    assert (await api.get(f"{CAMPAIGNS}/300000001"))["name"] == "Renamed"


async def test_methods_and_media_types(api: Client) -> None:
    """A method header that does not fit, a missing one and a wrong media type are refused."""
    item = f"{CAMPAIGNS}/300000001"
    patch = {"patch": {"$set": {"name": "x"}}}
    assert (await api.call("POST", item, patch)).status_code == 400
    assert (await api.call("GET", item, method="FINDER")).status_code == 400
    assert (await api.call("GET", f"{CAMPAIGNS}?ids=List(300000001)")).status_code == 400
    headers = {**HEADERS, "X-RestLi-Method": "PARTIAL_UPDATE", "Content-Type": "text/plain"}
    assert (await api.http.post(item, content=json.dumps(patch), headers=headers)).status_code == 415
    assert api.writes() == []
