"""Ad accounts and who may work in them: made, changed, put away, found where the app may not search."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, error_of, planned, undo_of, writes

from mcp_ads.errors import AuthError, InvalidParams, OutOfScope

pytestmark = pytest.mark.anyio
ME, MIRA, OLAF, NEW = (f"urn:li:person:{end}" for end in ("sAndB0x_Tt", "mIra_K", "0laf-V", "nEw_1"))


async def users(engine_client: EngineClient) -> dict[str, str]:
    """Who has which role in the account."""
    found = await engine_client.table(LINKEDIN, "account_users", "list", account_id=LINKEDIN_US)
    return {row["user"]: row["role"] for row in found.rows}


async def test_a_person_is_let_in_and_out(engine_client: EngineClient) -> None:
    """The plan names person, account and role; its undo, and the undo of that, work."""
    params = {"account_id": LINKEDIN_US, "user": NEW, "role": "CAMPAIGN_MANAGER"}
    plan = await engine_client.do(LINKEDIN, "account_users", "create", **params)
    assert NEW in plan.text
    assert "role CAMPAIGN_MANAGER" in plan.text
    assert f"in {LINKEDIN_US}: account" in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "DIFFERS" not in done.text
    assert (await users(engine_client))[NEW] == "CAMPAIGN_MANAGER"
    gone = await applied(engine_client, undo_of(done))
    assert NEW not in await users(engine_client)
    assert "it is not there any more" in gone.text
    await applied(engine_client, undo_of(gone))
    assert (await users(engine_client))[NEW] == "CAMPAIGN_MANAGER"


async def test_a_role_is_changed_and_put_back(engine_client: EngineClient) -> None:
    """One person's role, before and after; the same again is nothing to do."""
    params = {"account_id": LINKEDIN_US, "user": MIRA, "role": "VIEWER"}
    plan = await engine_client.do(LINKEDIN, "account_users", "update", **params)
    assert "role CAMPAIGN_MANAGER → VIEWER" in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert (await users(engine_client))[MIRA] == "VIEWER"
    await applied(engine_client, undo_of(done))
    one = await engine_client.do(LINKEDIN, "account_users", "get", account_id=LINKEDIN_US, user=MIRA)
    assert one.data["role"] == "CAMPAIGN_MANAGER"


async def test_somebody_who_is_in_is_not_let_in_again(engine_client: EngineClient) -> None:
    """LinkedIn would take that for another role, without a before."""
    with pytest.raises(InvalidParams, match=f"{OLAF} has a role there already, VIEWER: update changes it"):
        await engine_client.do(
            LINKEDIN, "account_users", "create", account_id=LINKEDIN_US, user=OLAF, role="ACCOUNT_MANAGER"
        )
    assert writes(engine_client) == []


async def test_billing_and_oneself_are_warned_of(engine_client: EngineClient) -> None:
    """A second billing admin, the last one, and the member whose token is used."""
    one = {"account_id": LINKEDIN_US, "user": MIRA}
    plan = await engine_client.do(LINKEDIN, "account_users", "update", **one, role="ACCOUNT_BILLING_ADMIN")
    assert "a billing admin pays" in plan.text
    await applied(engine_client, plan.data["plan_id"])
    plan = await engine_client.do(LINKEDIN, "account_users", "delete", **one)
    assert "this is the only billing admin that LinkedIn shows" in plan.text
    second = {"account_id": LINKEDIN_US, "user": NEW, "role": "ACCOUNT_BILLING_ADMIN"}
    plan = await engine_client.do(LINKEDIN, "account_users", "create", **second)
    assert f"{MIRA} is one already" in plan.text
    plan = await engine_client.do(
        LINKEDIN, "account_users", "update", account_id=LINKEDIN_US, user=ME, role="VIEWER"
    )
    assert "the member these credentials act for" in plan.text


async def test_below_a_manager_one_sees_oneself(engine_client: EngineClient) -> None:
    """The answer says that others are left out, and nothing about it is written down."""
    own = {"account_id": LINKEDIN_US, "user": ME}
    await applied(
        engine_client, await planned(engine_client, "account_users", "update", LINKEDIN, **own, role="VIEWER")
    )
    found = await engine_client.table(LINKEDIN, "account_users", "list", account_id=LINKEDIN_US)
    assert [row["user"] for row in found.rows] == [ME]
    assert "account managers and billing admins only" in found.meta["hidden"]
    mine = await engine_client.table(LINKEDIN, "account_users", "mine")
    assert {row["account_id"]: row["role"] for row in mine.rows} == {
        LINKEDIN_US: "VIEWER",
        "523456789": "ACCOUNT_MANAGER",
    }
    refused = await error_of(
        applied(
            engine_client,
            await planned(
                engine_client, "account_users", "create", LINKEDIN, account_id=LINKEDIN_US, user=NEW
            ),
        )
    )
    assert isinstance(refused, AuthError)
    assert refused.code == "NO_PERMISSION_TO_UPDATE/100"


async def test_people_of_other_accounts_stay_theirs(engine_client: EngineClient) -> None:
    """With an allow-list neither another account's people nor all of the member's accounts are listed."""
    object.__setattr__(engine_client.settings.platforms[LINKEDIN], "account_ids", (LINKEDIN_US,))
    with pytest.raises(OutOfScope):
        await engine_client.do(LINKEDIN, "account_users", "list", account_id="523456789")
    with pytest.raises(OutOfScope, match="mine names all accounts"):
        await engine_client.do(LINKEDIN, "account_users", "mine")
    with pytest.raises(OutOfScope):
        await engine_client.do(LINKEDIN, "account_users", "delete", account_id="523456789", user=MIRA)


async def test_several_accounts_are_several_calls(engine_client: EngineClient) -> None:
    """LinkedIn would answer for the first and say nothing of the others."""
    both: dict[str, Any] = {"accounts": [LINKEDIN_US, "523456789"]}
    with pytest.raises(InvalidParams, match="the users of one account at a time"):
        await engine_client.do(LINKEDIN, "account_users", "list", **both)
