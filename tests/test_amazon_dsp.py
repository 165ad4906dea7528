"""DSP advertisers: those of an agency's profile, a page after another; other profiles have none."""

from __future__ import annotations

import pytest
from engine_client import AMAZON, PROFILE, EngineClient

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
AGENCY = "3312345678909999"
FIRST = "570000000000000001"


async def with_agency(client: EngineClient) -> None:
    """Another profile of the same user, which is an agency's."""
    await client.do(AMAZON, "profiles", "list")
    profile = client.store.get("amazon.profile", PROFILE) or {}
    info = {**profile["accountInfo"], "type": "agency", "id": "ENTITY9", "name": "Tern Agency"}
    client.store.put("amazon.profile", AGENCY, {**profile, "profileId": int(AGENCY), "accountInfo": info})


async def test_an_agencys_advertisers_are_listed(engine_client: EngineClient) -> None:
    """All of them, in pages, by id, and by what a person asks of their columns."""
    await with_agency(engine_client)
    ask = ("dsp_advertisers", "list")
    table = await engine_client.table(AMAZON, *ask, profile_id=AGENCY, limit=2)
    assert (table.meta["rows"], table.meta["more"], table.meta["total"]) == (2, True, 3)
    assert table.rows[0]["name"] == "Tern & Tide Travel"
    rest = await engine_client.do(AMAZON, *ask, profile_id=AGENCY, limit=2, cursor=table.meta["cursor"])
    assert [row["name"] for row in rest.data] == ["Reef Outdoor"]
    one = await engine_client.do(AMAZON, *ask, profile_id=AGENCY, advertiser_id=FIRST)
    assert [row["advertiserId"] for row in one.data] == [FIRST]
    found = await engine_client.do(AMAZON, *ask, profile_id=AGENCY, where="name LIKE '%Books%'")
    assert [row["name"] for row in found.data] == ["Tide Books"]


async def test_other_profiles_are_told_apart_before_anything_is_sent(engine_client: EngineClient) -> None:
    """A seller's has none; which ones have is said, and nothing is asked."""
    with pytest.raises(InvalidParams, match="of a seller; only those of an agency have DSP advertisers"):
        await engine_client.do(AMAZON, "dsp_advertisers", "list", profile_id=PROFILE)
    assert not any("/dsp/" in request for request in engine_client.sent())
