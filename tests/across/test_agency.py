"""What an agency asks of its 50 accounts: few calls, few tokens, right against the world's own model."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import agency_truth as truth
import pytest
from engine_client import EngineClient, Table

from mcp_ads.sandbox.agency.campaigns import campaign
from mcp_ads.sandbox.agency.clients import LINKEDIN, Account, accounts
from mcp_ads.sandbox.agency.world import began

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
EXPIRED, THROTTLED = "660100200300148", "530000296"
MOST_SECONDS = 45
CHARACTERS = 4_000 * 2.2
"""Of 4,000 tokens of a table with long ids, at the least."""
Found = dict[tuple[str, str], Decimal]


@pytest.fixture
async def agency(tmp_path: Path) -> AsyncIterator[EngineClient]:
    """The engine in the agency's world."""
    client = EngineClient(tmp_path / "home", {"MCP_ADS_SANDBOX": "agency"})
    yield client
    await client.close()


async def asked(client: EngineClient, **params: object) -> list[Table]:
    """The answers until one is whole but for what can never be read, each within its time."""
    answers: list[Table] = []
    while len(answers) < 3:
        started = time.monotonic()
        answers.append(await client.table("ads", "performance", "list", **params))
        assert time.monotonic() - started < MOST_SECONDS
        if "not ready" not in answers[-1].text.partition("\n")[0]:
            break
        client.forward(700)
        params = {"from": answers[-1].meta["result"], "limit": params.get("limit", 25)}
    return answers


def wasted(day: int, account: Account) -> Found:
    """What each campaign that sold nothing in seven days cost; LinkedIn's are in groups, which are told."""
    since = truth.today_of(account) - timedelta(7)
    sums: dict[str, tuple[Decimal, int]] = {}
    for ad, _, figure in truth.did(day, account, since, since + timedelta(6)):
        series = campaign(day, *ad.key[:2]).series + 1
        grouped = f"7{account.number:02}{series:04}00"
        key = grouped if account.platform == LINKEDIN else truth.id_of(account, ad.key[1])
        spend, sold = sums.get(key, (Decimal(), 0))
        sums[key] = spend + Decimal(figure.spend) / account.unit, sold + figure.conversions
    return {(account.id, key): spend for key, (spend, sold) in sums.items() if spend and not sold}


async def test_wasted_money_where_an_account_cannot_be_read(agency: EngineClient) -> None:
    """One token does not open an account any more, one account is throttled: both are named, and of the
    others the worst of each currency are there, to the cent; at most 3 calls and 4,000 tokens.
    """
    agency.fault("expired-token", platform="facebook_marketing", account=EXPIRED, times=0)
    agency.fault("429", platform="linkedin_ads", account=THROTTLED, times=0, retry_after=600)
    where = "spend > 0 and conversions = 0"
    answers = await asked(agency, range="last_7d", where=where, sort="-spend", top=3, limit=100)
    assert sum(len(answer.text) for answer in answers) < CHARACTERS
    text = answers[-1].text
    assert EXPIRED in text
    assert THROTTLED in text
    expected: dict[str, Found] = {}
    for account in accounts():
        if account.id not in (EXPIRED, THROTTLED):
            expected.setdefault(account.currency, {}).update(wasted(began(agency.store), account))
    rows = answers[-1].rows
    for currency, campaigns in expected.items():
        worst = sorted(campaigns.values(), reverse=True)[:3]
        shown = [row for row in rows if row["currency"] == currency]
        assert [Decimal(row["spend"]) for row in shown] == worst, currency
        assert all(Decimal(row["spend"]) == campaigns[row["account"], row["campaign"]] for row in shown)


async def test_disapproved_ads_of_all_accounts(agency: EngineClient) -> None:
    """One call finds every one of them, and no other."""
    started = time.monotonic()
    answer = await agency.table("ads", "delivery_issues", "list", status=["disapproved"], limit=500)
    assert time.monotonic() - started < MOST_SECONDS
    expected = {
        (account.id, ad) for account in accounts() for ad in truth.disapproved(began(agency.store), account)
    }
    assert {(row["account"], row["id"]) for row in answer.rows} == expected


async def test_nothing_has_fired_in_the_future(agency: EngineClient) -> None:
    """A pixel was last seen before the day the world began, in whichever zone its account is."""
    began = f"{datetime.now(UTC):%Y-%m-%d}"
    found = await agency.do("facebook_marketing", "pixels", "list", accounts="all", limit=100)
    fired = [datetime.fromisoformat(row["last_fired_time"]).astimezone(UTC) for row in found.data]
    assert fired
    assert f"{max(fired):%Y-%m-%d}" < began
