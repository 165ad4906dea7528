"""`ads accounts.list`: every account of every platform and connection, or which are not there and why."""

from __future__ import annotations

import pytest
from engine_client import JAPAN, LINKEDIN_US, PROFILE, US, EngineClient

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
