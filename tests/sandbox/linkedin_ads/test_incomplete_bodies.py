"""Bodies that are no record of their kind: every write says what is wrong with them, and none fails."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_client import CAMPAIGNS, CREATIVES, GROUPS, US, Client, campaign, enc

pytestmark = pytest.mark.anyio
COLLECTIONS = {
    "/rest/adAccounts": ("name", "type"),
    GROUPS: ("name", "runSchedule"),
    CAMPAIGNS: ("name", "type", "costType", "locale"),
    CREATIVES: ("campaign", "content"),
    "/rest/posts": ("author", "lifecycleState"),
    "/rest/dmpSegments": ("account", "sourcePlatform", "destinations", "type"),
    "/rest/conversions": ("account", "name", "type"),
    "/rest/conversionEvents": ("conversion", "user"),
}
WRONG: tuple[Any, ...] = (
    None,
    0,
    True,
    "x",
    [],
    {},
    [None],
    ["x"],
    {"x": 0},
    f"urn:li:sponsoredAccount:{US}",
)
BODIES: tuple[Any, ...] = ([], "text", 0, [{}], {"elements": 0})


@pytest.mark.parametrize("url", COLLECTIONS)
async def test_a_create_names_what_is_missing(api: Client, url: str) -> None:
    """An empty body, and one that has a name alone, are refused with the names of what is missing."""
    for body in ({}, {"name": "x"}):
        answer = await api.call("POST", url, body, method="CREATE")
        assert answer.status_code in (400, 422), body
        assert "None" not in answer.text
        assert all(name in answer.text for name in COLLECTIONS[url] if name not in body)
    assert api.writes() == []


@pytest.mark.parametrize("url", COLLECTIONS)
async def test_a_create_refuses_other_types(api: Client, url: str) -> None:
    """What is no record, or has a field of another type, is refused like any other input."""
    names = (*COLLECTIONS[url], "status", "targetingCriteria", "dailyBudget", "unitCost", "user")
    for body in (*BODIES, *({name: value} for name in names for value in WRONG)):
        answer = await api.call("POST", url, body, method="CREATE")
        assert 400 <= answer.status_code < 500, body


async def test_a_campaign_lacks_one_thing(api: Client) -> None:
    """A campaign without one of its fields, or with another type in it, is refused or taken, never failed."""
    for name, known in campaign().items():
        for value in (None, *WRONG[1:], {**known, "more": 1} if isinstance(known, dict) else [known]):
            answer = await api.call("POST", CAMPAIGNS, {**campaign(), name: value})
            assert answer.status_code < 500, (name, value)


@pytest.mark.parametrize(
    "url",
    [
        "/rest/adAccounts/512345678",
        f"{CAMPAIGNS}/300000001",
        f"{CREATIVES}/{enc('urn:li:sponsoredCreative:180000001')}",
    ],
)
async def test_a_patch_of_other_types(api: Client, url: str) -> None:
    """A patch whose parts are no records and lists of names is refused."""
    for part in ("$set", "$delete"):
        for value in (*WRONG, [[]], [{}]):
            answer = await api.call("POST", url, {"patch": {part: value}}, method="PARTIAL_UPDATE")
            assert 400 <= answer.status_code < 500, (part, value)
