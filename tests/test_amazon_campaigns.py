"""Sponsored Products campaigns, ad groups and product ads, as an agent reads and changes them."""

from __future__ import annotations

import pytest
from engine_client import AMAZON, PROFILE, EngineClient

pytestmark = pytest.mark.anyio
CAMPAIGNS = "sponsored_product_campaigns"


async def test_a_list_says_how_many_there_are_in_all(engine_client: EngineClient) -> None:
    """Of a list that is shown in part: what Amazon counts, beside what is shown."""
    table = await engine_client.table(AMAZON, CAMPAIGNS, "list", profile_id=PROFILE, limit=3)
    assert (table.meta["rows"], table.meta["more"]) == (3, True)
    every = await engine_client.do(AMAZON, CAMPAIGNS, "list", profile_id=PROFILE, limit=500)
    assert table.meta["total"] == every.meta["total"] == len(every.data) > 100
