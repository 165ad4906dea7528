"""`ads accounts.list`: every account of every platform and connection, or which are not there and why."""

from __future__ import annotations

import pytest
from engine_client import FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, mend

from mcp_ads.engine.wire.authority import Authority, acting
from mcp_ads.errors import InvalidParams, OutOfScope

pytestmark = pytest.mark.anyio


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
    assert answer.meta["coverage"] == "5 of 5; not listed: facebook: token expired"
    mend(engine_client.store)


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
