"""Lists of which not all rows are read for one answer: it says so, wherever the last page ended."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

pytestmark = pytest.mark.anyio
FEW = 50


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many rows are all that is read."""
    monkeypatch.setattr("mcp_ads.engine.reads.whole.MOST", FEW)


@pytest.mark.parametrize(
    ("connector", "entity", "params"),
    [
        (FACEBOOK, "campaigns", {"account_id": US, "sort": "name"}),
        (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US, "sort": "name"}),
        (AMAZON, "sponsored_product_keywords", {"profile_id": PROFILE, "sort": "keywordText"}),
    ],
)
async def test_a_list_that_is_longer(
    looking: EngineClient, connector: str, entity: str, params: dict[str, Any]
) -> None:
    """The rows that were read are shown, and that they are the first ones."""
    answer = await looking.table(connector, entity, "list", **params)
    assert answer.meta["total"] == FEW
    assert answer.meta["coverage"] == f"the first {FEW} rows; narrow the list down"


async def test_a_list_that_just_fits(looking: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is whole, and nothing is said."""
    everything = await looking.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1000)
    monkeypatch.setattr("mcp_ads.engine.reads.whole.MOST", len(everything.data))
    answer = await looking.table(FACEBOOK, "campaigns", "list", account_id=US, sort="name")
    assert (answer.meta["total"], answer.meta.get("coverage")) == (len(everything.data), None)


async def test_objects_are_searched_among_the_first_ones(looking: EngineClient) -> None:
    """An account of which not all was searched is named, with the list that goes on."""
    where = {"accounts": f"facebook:{US}", "level": "campaign"}
    answer = await looking.table("ads", "objects", "search", query="a", **where)
    assert answer.text.startswith("PARTIAL: ")
    assert answer.meta["coverage"] == (
        f"1 of 1; read in part: {US} campaigns: the first {FEW} rows; narrow the list down"
    )
