"""Which account is meant, and which may be used."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

from mcp_ads.errors import InvalidParams, NotFound, OutOfScope

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]


def allowing(make: EngineClients, **ids: str) -> EngineClient:
    """An engine client with an allow-list for each platform, which the sandbox does not read."""
    engine_client = make()
    for name, text in ids.items():
        object.__setattr__(engine_client.settings.platforms[name], "account_ids", tuple(text.split(",")))
    return engine_client


async def test_several_accounts_must_be_named(engine_client: EngineClient) -> None:
    """The error lists them with their currency, quoted, and what the action takes."""
    with pytest.raises(InvalidParams) as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list")
    assert '1234567890 ("Tern & Tide (US)", USD)' in str(caught.value)
    assert caught.value.signature.startswith("campaigns.list(account_id*")


@pytest.mark.slow
async def test_one_allowed_account_is_the_default(engine_client_with: EngineClients) -> None:
    """With one account allowed, nobody has to name it."""
    engine_client = allowing(
        engine_client_with, facebook_marketing=US, linkedin_ads=LINKEDIN_US, amazon_ads=PROFILE
    )
    for connector, entity, account in (
        (FACEBOOK, "campaigns", US),
        (LINKEDIN, "campaigns", LINKEDIN_US),
        (AMAZON, "sponsored_product_campaigns", PROFILE),
    ):
        assert (await engine_client.table(connector, entity, "list", limit=1)).meta["account"] == account


@pytest.mark.parametrize("name", ["account_id", "profile_id", "profileId", "accountId"])
async def test_account_id_is_understood_everywhere(engine_client: EngineClient, name: str) -> None:
    """Amazon's accounts are profiles, under either name."""
    table = await engine_client.table(
        AMAZON, "sponsored_product_campaigns", "list", limit=1, **{name: PROFILE}
    )
    assert table.meta["account"] == PROFILE


async def test_foreign_accounts_are_refused(engine_client_with: EngineClients) -> None:
    """An account outside the allow-list is not even asked for."""
    engine_client = allowing(engine_client_with, facebook_marketing=US)
    with pytest.raises(OutOfScope, match=f"{JAPAN} is not one of the allowed accounts") as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=f"act_{JAPAN}")
    assert "FACEBOOK_MARKETING_ACCOUNT_IDS" in caught.value.fix
    assert engine_client.sent() == []


async def test_foreign_objects_are_refused(engine_client_with: EngineClients) -> None:
    """An object is as foreign as the account that owns it; its owner is asked once."""
    foreign = (
        await engine_client_with().table(FACEBOOK, "campaigns", "list", account_id=JAPAN, limit=1)
    ).ids[0]
    engine_client = allowing(engine_client_with, facebook_marketing=US)
    for _ in range(2):
        before = len(engine_client.sent())
        with pytest.raises(OutOfScope):
            await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=foreign)
    assert len(engine_client.sent()) == before


@pytest.mark.slow
async def test_lists_over_accounts_are_filtered(engine_client_with: EngineClients) -> None:
    """The others are left out, and how many is said."""
    engine_client = allowing(engine_client_with, facebook_marketing=US, amazon_ads=PROFILE)
    table = await engine_client.table(FACEBOOK, "ad_accounts", "list")
    assert [row["account_id"] for row in table.rows] == [US]
    assert table.meta["hidden"] == "1 account not in FACEBOOK_MARKETING_ACCOUNT_IDS"
    assert table.meta["rows"] == 1
    profiles = await engine_client.table(AMAZON, "profiles", "list")
    assert [row["profileId"] for row in profiles.rows] == [PROFILE]


async def test_reads_no_account_owns_are_allowed(engine_client_with: EngineClients) -> None:
    """Whose token it is may be asked under any allow-list."""
    engine_client = allowing(engine_client_with, facebook_marketing=US)
    assert (await engine_client.do(FACEBOOK, "current_user", "get")).data["id"]


async def test_an_unknown_account(engine_client: EngineClient) -> None:
    """An account the credentials do not see is named in the error, with what the platform said."""
    with pytest.raises(NotFound, match="999") as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id="999")
    assert caught.value.trace


async def test_accounts_are_asked_for_once(engine_client_with: EngineClients) -> None:
    """What is known of an account outlives the process."""
    await engine_client_with().do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    again = engine_client_with()
    before = len(again.sent())
    await again.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    assert len(again.sent()) == before + 1


async def test_two_named_accounts_that_differ(engine_client: EngineClient) -> None:
    """An object of one account asked for under another is a mistake, not a choice."""
    campaign = (await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=1)).ids[0]
    with pytest.raises(InvalidParams, match=f"belongs to account {US}, not {JAPAN}"):
        await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=campaign, account_id=JAPAN)
