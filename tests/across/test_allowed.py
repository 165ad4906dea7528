"""Rows that are kept, when the settings allow other accounts than they did: they are nobody's any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient

from mcp_ads.errors import InvalidParams, OutOfScope
from mcp_ads.sandbox.ports import Servers

pytestmark = pytest.mark.anyio
Make = Callable[..., EngineClient]
LISTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("ads", "accounts", "list", {}),
    ("ads", "objects", "search", {"query": "e", "level": "campaign"}),
    ("ads", "delivery_issues", "list", {}),
    ("ads", "performance", "list", {"range": "last_7d", "level": "campaign"}),
    (FACEBOOK, "ad_accounts", "list", {"sort": "name"}),
    (FACEBOOK, "campaigns", "list", {"accounts": "all", "sort": "name"}),
    (FACEBOOK, "ad_accounts", "get", {"account_id": [JAPAN, US], "sort": "name"}),
)


@pytest.fixture
def make(engine_client_with: Make, servers: Servers) -> Make:
    """Makes engine clients of Facebook with real settings, which share a home."""

    def one(**environ: str) -> EngineClient:
        return engine_client_with(
            **servers.ports.variables(), MCP_ADS_SANDBOX="", MCP_ADS_CONNECTORS=FACEBOOK, **environ
        )

    return one


@pytest.mark.slow
async def test_a_cursor_of_accounts_that_may_be_used_no_more(make: Make) -> None:
    """It shows none of their rows, whichever action it is of; the list itself has those that may be."""
    before = make()
    firsts = [await before.table(*action, **params, limit=1) for *action, params in LISTS]
    now = make(FACEBOOK_MARKETING_ACCOUNT_IDS=JAPAN)
    for (*action, params), first in zip(LISTS, firsts, strict=True):
        with pytest.raises((OutOfScope, InvalidParams), match=r"cursor|account_id"):
            await now.do(*action, **params, limit=1, cursor=first.meta["cursor"])
    answer = await now.table("ads", "accounts", "list", limit=1)
    assert [row["account"] for row in answer.rows] == [JAPAN]


async def test_a_cursor_goes_on_where_more_accounts_are_allowed(make: Make) -> None:
    """What was allowed then is allowed now."""
    first = await make(FACEBOOK_MARKETING_ACCOUNT_IDS=JAPAN).table(
        "ads", "objects", "search", query="e", level="campaign", limit=1
    )
    again = {"query": "e", "level": "campaign", "limit": 1, "cursor": first.meta["cursor"]}
    later = await make(FACEBOOK_MARKETING_ACCOUNT_IDS=f"{JAPAN},{US}").table(
        "ads", "objects", "search", **again
    )
    assert later.rows[0]["account"] == JAPAN


async def test_an_allowed_account_that_is_not_listed(make: Make) -> None:
    """The answer says which it is: a list of settings is no shorter for what a platform leaves out."""
    engine_client = make(FACEBOOK_MARKETING_ACCOUNT_IDS=f"{JAPAN},99887766")
    answer = await engine_client.table("ads", "accounts", "list")
    assert [row["account"] for row in answer.rows] == [JAPAN]
    assert answer.meta["coverage"] == (
        "1 of 2; not read: facebook:99887766 the platform does not list it to these credentials"
    )
    assert answer.text.startswith("PARTIAL: ")
    japan = await engine_client.table("ads", "accounts", "list", accounts=f"facebook:{JAPAN}")
    assert "coverage" not in japan.meta
