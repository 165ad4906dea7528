"""Ad accounts and who may work in them: made, changed, put away, found where the app may not search."""

from __future__ import annotations

from typing import Any

import people
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
    engine_client.fault("no-product", path="/rest/adAccountUsers$", times=0)
    with pytest.raises(InvalidParams, match="who has a role there already cannot be read"):
        await engine_client.do(LINKEDIN, "account_users", "create", account_id=LINKEDIN_US, user=OLAF)
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


async def test_a_whole_key_is_no_way_to_another_account(engine_client: EngineClient) -> None:
    """Given for the person it names the account too: a difference is refused, as is a key of other parts."""
    key = f"(account:urn:li:sponsoredAccount:{{}},user:{OLAF})"
    there = await engine_client.do(
        LINKEDIN, "account_users", "get", account_id=LINKEDIN_US, user=key.format(LINKEDIN_US)
    )
    assert there.data["user"] == OLAF
    for action, more in (("get", {}), ("update", {"role": "VIEWER"}), ("delete", {})):
        given = {"account_id": LINKEDIN_US, "user": key.format("523456789"), **more}
        with pytest.raises(InvalidParams, match="account_id: the key that stands for user has another one"):
            await engine_client.do(LINKEDIN, "account_users", action, **given)
    with pytest.raises(InvalidParams, match="a whole key is"):
        await engine_client.do(
            LINKEDIN, "account_users", "get", account_id=LINKEDIN_US, user=f"(user:{OLAF},app:1)"
        )
    assert writes(engine_client) == []


async def test_one_person_is_not_removed_twice(engine_client: EngineClient) -> None:
    """Named twice in one plan, however it is spelt, is a mistake: the second could only fail."""
    people = [{"user": OLAF}, {"user": f"(account:urn:li:sponsoredAccount:{LINKEDIN_US},user:{OLAF})"}]
    with pytest.raises(InvalidParams, match=f"{OLAF} is named twice"):
        await engine_client.do(LINKEDIN, "account_users", "delete", account_id=LINKEDIN_US, items=people)


@pytest.mark.parametrize(
    ("entity", "action", "params"),
    [
        ("account_users", "create", {"user": "marker7f3a@example.com"}),
        ("account_users", "delete", {"user": ["marker7f3a%40example.com", MIRA]}),
        ("account_users", "list", {"fields": ["marker7f3a@example.com"]}),
        ("lead_form_responses", "get", {"response_id": "marker7f3a@example.com"}),
        ("campaigns", "get", {"campaign_id": "marker7f3a@example.com"}),
    ],
)
async def test_an_address_in_the_wrong_place_is_not_repeated(
    engine_client: EngineClient, entity: str, action: str, params: dict[str, Any]
) -> None:
    """Neither the answer has it nor anything that is kept."""
    error = await error_of(engine_client.do(LINKEDIN, entity, action, account_id=LINKEDIN_US, **params))
    assert isinstance(error, InvalidParams)
    engine_client.workspace.trace.flush()
    assert people.found(f"{error} {error.fix} {error.signature}", engine_client.home, ("marker7f3a",)) == []


async def account(engine_client: EngineClient, account_id: str, *fields: str) -> list[Any]:
    """Some fields of an account."""
    found = await engine_client.do(LINKEDIN, "accounts", "get", account_id=account_id, fields=[*fields])
    return [found.data.get(name) for name in fields]


async def test_an_account_is_made_and_taken_back(engine_client: EngineClient) -> None:
    """Currency and first group are told before; a draft is deleted again at once, and only a draft."""
    plan = await engine_client.do(LINKEDIN, "accounts", "create", name="Tern & Tide lab", test=True)
    for told in ("status DRAFT", "test true", "LinkedIn makes a first campaign group", "its currency, USD"):
        assert told in plan.text
    first = {"account_id": "@1.id", "user": NEW, "append_to": plan.data["plan_id"]}
    with pytest.raises(InvalidParams, match="account_id: the account has to be there"):
        await engine_client.do(LINKEDIN, "account_users", "create", **first)
    done = await applied(engine_client, plan.data["plan_id"])
    found = await engine_client.table(LINKEDIN, "accounts", "list", name=["Tern & Tide lab"])
    (new,) = found.rows
    with pytest.raises(InvalidParams, match="Tern & Tide lab"):
        await engine_client.do(LINKEDIN, "campaigns", "list")
    assert (new["status"], new["test"]) == ("DRAFT", "true")
    groups = await engine_client.table(LINKEDIN, "campaign_groups", "list", account_id=new["id"])
    assert [row["name"] for row in groups.rows] == ["Default Campaign Group"]
    again = await planned(engine_client, "accounts", "create", LINKEDIN, name="Second", test=True)
    refused = await applied(engine_client, again)
    assert "TEST_ACCOUNT_LIMIT_REACHED" in refused.text
    gone = await applied(engine_client, undo_of(done))
    assert "deletes the draft" in gone.text
    assert not (await engine_client.table(LINKEDIN, "accounts", "list", test=True)).rows


async def test_an_account_is_changed_and_put_back(engine_client: EngineClient) -> None:
    """Name and notices, in our words or LinkedIn's; its Page is fixed once it has campaigns."""
    new: dict[str, Any] = {"name": "Tern & Tide America", "notifiedOnEndOfCampaign": False}
    plan = await planned(engine_client, "accounts", "update", LINKEDIN, id=LINKEDIN_US, patch={"$set": new})
    done = await applied(engine_client, plan)
    fields = ("name", "notifiedOnEndOfCampaign")
    assert await account(engine_client, LINKEDIN_US, *fields) == ["Tern & Tide America", False]
    await applied(engine_client, undo_of(done))
    assert await account(engine_client, LINKEDIN_US, *fields) == ["Tern & Tide US", True]
    with pytest.raises(InvalidParams, match="reference: fixed once the account has campaigns"):
        await engine_client.do(LINKEDIN, "accounts", "update", account_id=LINKEDIN_US, reference="2414184")
    with pytest.raises(InvalidParams, match="nothing to change: give name, status"):
        await engine_client.do(LINKEDIN, "accounts", "update", account_id=LINKEDIN_US)


async def test_an_account_in_use_is_put_away_for_good(engine_client: EngineClient) -> None:
    """The plan says which of LinkedIn's two ways it takes, and that nothing brings it back."""
    plan = await engine_client.do(LINKEDIN, "accounts", "delete", account_id="523456789")
    assert "status ACTIVE → PENDING_DELETION" in plan.text
    assert "LinkedIn opens no account again" in plan.text
    assert "its campaigns stop with it" in plan.text
    await applied(engine_client, plan.data["plan_id"])
    assert await account(engine_client, "523456789", "status") == ["PENDING_DELETION"]
    with pytest.raises(InvalidParams, match="it is PENDING_DELETION, and stays as it is"):
        await engine_client.do(LINKEDIN, "accounts", "update", account_id="523456789", name="x")


async def test_accounts_are_found_by_role(engine_client: EngineClient) -> None:
    """Where the app may not search accounts, those with a role of the member's are read, and that is said."""
    engine_client.fault("no-product", path="/rest/adAccounts$", times=0)
    found = await engine_client.table(LINKEDIN, "accounts", "list")
    assert found.ids == [LINKEDIN_US, "523456789"]
    assert "found in another way" in found.meta["warnings"][0]
    assert (await engine_client.table(LINKEDIN, "accounts", "list", reference=["2414184"])).ids == [
        "523456789"
    ]
    with pytest.raises(InvalidParams, match="Tern & Tide US"):
        await engine_client.do(LINKEDIN, "campaigns", "list")


async def test_another_refusal_stays_one(engine_client: EngineClient) -> None:
    """A dead token is no reason to look elsewhere."""
    engine_client.fault("expired-token", path="/rest/adAccounts$", times=0)
    with pytest.raises(AuthError, match="does not accept the access token"):
        await engine_client.do(LINKEDIN, "accounts", "list")
    assert not [line for line in engine_client.sent() if "adAccountUsers" in line]


async def test_accounts_are_made_by_nobodys_leave_but_the_users(engine_client: EngineClient) -> None:
    """A new account is of no account, so that an allow-list keeps it from being made."""
    object.__setattr__(engine_client.settings.platforms[LINKEDIN], "account_ids", (LINKEDIN_US,))
    with pytest.raises(OutOfScope, match="belongs to no ad account"):
        await engine_client.do(LINKEDIN, "accounts", "create", name="Another")
    with pytest.raises(OutOfScope):
        await engine_client.do(LINKEDIN, "accounts", "delete", account_id="523456789")
