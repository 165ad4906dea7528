"""What an agent reads of Facebook's errors, limits and versions."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from engine_client import FACEBOOK, US, EngineClient
from planning import SPRING

from mcp_ads.errors import AuthError, RateLimited, Rejected

pytestmark = pytest.mark.anyio


async def test_a_refusal_says_what_facebook_says(engine_client: EngineClient) -> None:
    """Its words for users, the fields it blames, its code and the id under which its support finds it."""
    with pytest.raises(Rejected) as caught:
        await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, spend_cap="5 USD")
    text = engine_client.workspace.error_text(caught.value)
    assert "Campaign spending limit is too low" in text
    assert "fields: [['spend_cap']]" in text
    assert "code 100/2446307" in text
    assert "minimum_budgets" in text
    assert re.search(r"\bA[0-9a-f]{22}\b", text)


@pytest.mark.parametrize(("fault", "says"), [("expired-token", "expired"), ("revoked-token", "password")])
async def test_a_dead_token_is_explained(engine_client: EngineClient, fault: str, says: str) -> None:
    """Each way a token ends has its own words and its own way out."""
    engine_client.fault(fault, times=0)
    with pytest.raises(AuthError) as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert caught.value.sign_in
    assert says in caught.value.fix
    assert "code 190" in engine_client.workspace.error_text(caught.value)


@pytest.mark.parametrize("code", [80000, 80003, 80004, 613, 32])
async def test_a_block_says_until_when(engine_client: EngineClient, code: int) -> None:
    """Each use case is throttled for itself, and says when it goes on where Facebook tells."""
    await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    engine_client.fault("throttle", code=code, times=0, path=r"/campaigns$")
    with pytest.raises(RateLimited) as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert re.search(r"call again in (60|5) s", caught.value.fix)


async def test_a_version_that_ends_is_a_warning(engine_client_with: Callable[..., EngineClient]) -> None:
    """The version is a setting, asked for in every path, in batches too; an upgrade is in the answer."""
    old = engine_client_with(FACEBOOK_MARKETING_API_VERSION="v25.0")
    result = await old.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    assert ["v25.0" in warning for warning in result.meta["warnings"]] == [True]
    several = await old.do(FACEBOOK, "campaigns", "get", campaign_id=[SPRING, "120210000000000000"])
    assert any("v25.0" in warning for warning in several.meta["warnings"])
    assert all(" /v25.0/" in request for request in old.sent())


async def test_todays_version_needs_no_setting(engine_client: EngineClient) -> None:
    """Without a setting it is v26.0, and nothing is warned of."""
    result = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    assert "warnings" not in result.meta
    assert all(" /v26.0/" in request for request in engine_client.sent())
