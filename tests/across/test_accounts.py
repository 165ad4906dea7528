"""`ads accounts.list`: every account of every platform and connection, or which are not there and why."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, mend

from mcp_ads.engine.overview import page
from mcp_ads.engine.wire.authority import Authority, acting
from mcp_ads.errors import InvalidParams, OutOfScope

pytestmark = pytest.mark.anyio


@pytest.mark.slow
async def test_all_accounts_in_one_table(engine_client: EngineClient) -> None:
    """Seven accounts of three platforms, with what money and days mean in each."""
    answer = await engine_client.table("ads", "accounts", "list")
    rows = {row["account"]: row for row in answer.rows}
    assert len(rows) == answer.meta["total"] == 7
    assert {US, JAPAN, LINKEDIN_US, PROFILE} < rows.keys()
    japan = rows[JAPAN]
    assert (japan["platform"], japan["currency"], japan["timezone"], japan["status"]) == (
        "facebook", "JPY", "Asia/Tokyo", "ACTIVE",
    )  # fmt: skip
    assert rows[PROFILE]["country"] == "US"
    assert "coverage" not in answer.meta


async def test_rows_are_looked_at_like_any(looking: EngineClient) -> None:
    """Filtered, sorted, grouped and gone on with, and looked at again by the result that is named."""
    dollars = await looking.table("ads", "accounts", "list", where="currency = 'USD'", sort="-account")
    assert [row["account"] for row in dollars.rows] == [LINKEDIN_US, PROFILE, US]
    grouped = await looking.table("ads", "accounts", "list", group_by="currency", sort="currency")
    counts = {row["currency"]: row["count"] for row in grouped.rows}
    assert counts == {"EUR": "2", "JPY": "2", "USD": "3"}
    first = await looking.table("ads", "accounts", "list", limit=5)
    rest = await looking.table("ads", "accounts", "list", limit=5, cursor=first.meta["cursor"])
    assert len({row["account"] for row in [*first.rows, *rest.rows]}) == 7
    again = await looking.table("ads", "accounts", "list", **{"from": dollars.meta["result"]}, fields="name")
    assert len(again.rows) == 7


async def test_some_accounts_by_their_ids(looking: EngineClient) -> None:
    """As other calls name them; one nobody has is refused by name."""
    answer = await looking.table("ads", "accounts", "list", accounts=f"facebook:{US},{LINKEDIN_US}")
    assert [row["account"] for row in answer.rows] == [US, LINKEDIN_US]
    with pytest.raises(InvalidParams, match="accounts: no account 1,"):
        await looking.do("ads", "accounts", "list", accounts="facebook:1")


@pytest.mark.parametrize(
    ("where", "total"),
    [
        (f"account = 'act_{US}'", 1),
        (f"account = 'facebook:{US}'", 1),
        (f"account = 'urn:li:sponsoredAccount:{LINKEDIN_US}'", 1),
        (f"account in (act_{US}, 'amazon:{PROFILE}', {JAPAN})", 3),
        (f"account != 'meta:{US}'", 6),
        (f"account = 'linkedin:{US}'", 0),
    ],
)
async def test_conditions_on_accounts_as_people_write_them(
    looking: EngineClient, where: str, total: int
) -> None:
    """With the platform before the id, or in its own spelling: as `accounts` takes them."""
    assert (await looking.table("ads", "accounts", "list", where=where)).meta["total"] == total


@pytest.mark.slow
async def test_conditions_on_accounts_in_any_table_of_several(looking: EngineClient) -> None:
    """Of one platform's action, of performance, and from a result."""
    every = {"accounts": "all", "limit": 1}
    plain = await looking.table(FACEBOOK, "campaigns", "list", **every, where=f"account = '{US}'")
    for where in (f"account = 'act_{US}'", f"account = 'facebook:{US}'"):
        same = await looking.table(FACEBOOK, "campaigns", "list", **every, where=where)
        assert same.meta["total"] == plain.meta["total"]
    again = {"from": plain.meta["result"], "where": f"account != 'act_{US}'"}
    others = await looking.table(FACEBOOK, "campaigns", "list", **again)
    assert {row["account"] for row in others.rows} == {JAPAN}
    asked = {"range": "last_7d", "level": "account", "where": f"account = 'act_{US}'", "fields": "account"}
    mine = await looking.table("ads", "performance", "list", **asked)
    assert [row["account"] for row in mine.rows] == [US]


@pytest.mark.slow
async def test_an_answer_from_a_result_says_what_it_is(looking: EngineClient) -> None:
    """That its rows are made up, and of which question, as an agent would ask it."""
    for entity, action, params in (
        ("accounts", "list", {}), ("objects", "search", {"query": "e"}), ("delivery_issues", "list", {}),
    ):  # fmt: skip
        first = await looking.table("ads", entity, action, **params, limit=1, sort="account")
        again = await looking.table("ads", entity, action, **{"from": first.meta["result"]})
        assert again.meta["of"] == f"ads {entity}.{action}"
        assert again.meta["SANDBOX"] == first.meta["SANDBOX"]


async def test_a_view_that_fits_no_rows_asks_nothing(looking: EngineClient) -> None:
    """An unknown column, in a condition or in fields, is refused, with those there are; nothing is sent."""
    before = len(looking.sent())
    with pytest.raises(InvalidParams, match="'spend' is no column; there are platform, account"):
        await looking.do("ads", "accounts", "list", where="spend > 5")
    with pytest.raises(InvalidParams, match="fields: 'curency' is no column here; did you mean currency"):
        await looking.do("ads", "accounts", "list", fields="curency")
    assert len(looking.sent()) == before


async def test_what_cannot_be_listed_is_named(engine_client: EngineClient) -> None:
    """A dead token leaves the others' accounts, and the answer says whose are missing and why."""
    engine_client.fault("revoked-token", platform=FACEBOOK, times=0)
    answer = await engine_client.table("ads", "accounts", "list")
    assert len(answer.rows) == 5
    told = (
        "5 of 5; not listed: facebook: token not accepted: the password was changed: make a new access token"
    )
    assert answer.meta["coverage"] == told
    mend(engine_client.store)


async def test_a_token_that_was_refused_is_told_until_it_is_not(engine_client: EngineClient) -> None:
    """Coverage says what renews it; the overview knows it of the last call, though the accounts are known."""
    asked: dict[str, Any] = {"range": "last_7d", "level": "account", "fresh": True}
    asked["accounts"] = [f"facebook:{US}", f"linkedin:{LINKEDIN_US}"]
    await engine_client.do("ads", "performance", "list", **asked)
    asked["range"] = "last_14d"
    engine_client.fault("revoked-token", platform=FACEBOOK, times=0)
    coverage = (await engine_client.do("ads", "performance", "list", **asked)).meta["coverage"]
    assert (
        f"facebook:{US} (token not accepted: the password was changed: make a new access token)" in coverage
    )
    told = (
        "refused by the last call: Facebook does not accept the access token; fix: the password was changed"
    )
    assert told in await page(engine_client.workspace, {})
    mend(engine_client.store)
    await engine_client.do("ads", "performance", "list", **asked)
    assert "refused by the last call" not in await page(engine_client.workspace, {})


async def test_a_caller_sees_its_own_accounts_alone(looking: EngineClient) -> None:
    """Of a token with two accounts nobody else's is listed, nor looked at again, nor spoken of."""
    everything = await looking.table("ads", "accounts", "list", top=7)
    with acting(Authority("acme", accounts={FACEBOOK: (JAPAN,), LINKEDIN: (LINKEDIN_US,)})):
        answer = await looking.table("ads", "accounts", "list")
        assert [row["account"] for row in answer.rows] == [JAPAN, LINKEDIN_US]
        assert "amazon" not in answer.text
        with pytest.raises(OutOfScope):
            await looking.do("ads", "accounts", "list", **{"from": everything.meta["result"]})
    with acting(Authority("nobody", accounts={})), pytest.raises(OutOfScope):
        await looking.do("ads", "accounts", "list")
