"""One read over several accounts: one table of all rows, what is missing named, and read when asked again."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from between import between
from connections_at import connections_at
from engine_client import (
    AMAZON,
    FACEBOOK,
    JAPAN,
    LINKEDIN,
    LINKEDIN_US,
    PROFILE,
    US,
    EngineClient,
    break_next,
    mend,
)
from httpx import Response
from named_tokens import entry, running

from mcp_ads import connect
from mcp_ads.core import Progress
from mcp_ads.engine.wire.authority import Authority, acting
from mcp_ads.errors import AuthError, InvalidParams, OutOfScope, PlatformDown, RateLimited
from mcp_ads.sandbox.ports import Servers
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
LINKEDIN_EU, PROFILE_DE, PROFILE_JP = "523456789", "4412345678901234", "5512345678901234"
EVERY = {
    FACEBOOK: ("campaigns", [US, JAPAN]),
    LINKEDIN: ("campaigns", [LINKEDIN_US, LINKEDIN_EU]),
    AMAZON: ("sponsored_product_campaigns", [PROFILE, PROFILE_DE, PROFILE_JP]),
}
"""A list of each platform, and the accounts that have one."""
Make = Callable[..., EngineClient]


async def _each(client: EngineClient, connector: str, **params: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of each account, asked for one by one."""
    entity, accounts = EVERY[connector]
    return {
        account: (await client.do(connector, entity, "list", account_id=account, limit=1000, **params)).data
        for account in accounts
    }


@pytest.mark.parametrize("connector", EVERY)
async def test_all_accounts_in_one_table(
    looking: EngineClient, monkeypatch: pytest.MonkeyPatch, connector: str
) -> None:
    """Every row of every account is there once, as it is alone, with whose it is and in which currency."""
    monkeypatch.setattr("mcp_ads.engine.reads.fanout.FEW", 10)  # the rows of larger ones wait on disk
    entity, accounts = EVERY[connector]
    found = await looking.do(connector, entity, "list", accounts="all", limit=1000)
    alone = await _each(looking, connector)
    assert Counter(row["account"] for row in found.data) == {one: len(rows) for one, rows in alone.items()}
    for account, rows in alone.items():
        own = [row for row in found.data if row["account"] == account]
        steady = rows[0].keys() - {"serving"}  # a schedule may end between two reads
        assert [{name: row[name] for name in steady} for row in own] == [
            {name: row[name] for name in steady} for row in rows
        ]
    assert found.columns[:2] == ("account", "currency")
    assert found.meta["accounts"] == len(accounts)
    assert found.meta["total"] == len(found.data)
    assert "coverage" not in found.meta


async def test_the_grammar_is_over_all_accounts(looking: EngineClient) -> None:
    """Conditions and order are those of all rows, money by its own currency; totals are of each."""
    asked: dict[str, Any] = {"level": "campaign", "date_preset": "last_7d"}
    found = await looking.do(
        FACEBOOK, "ads_insights", "list", accounts="all", where="spend > 0", sort="-spend", top=2, **asked
    )
    assert [row["currency"] for row in found.data] == ["USD", "USD", "JPY", "JPY"]
    for account, currency in ((US, "USD"), (JAPAN, "JPY")):
        own = await looking.do(
            FACEBOOK, "ads_insights", "list", account_id=account, where="spend > 0", sort="-spend", **asked
        )
        best = [row["campaign_id"] for row in found.data if row["account"] == account]
        assert best == [row["campaign_id"] for row in own.data[:2]]
        spent = sum(Decimal(str(row["spend"])) for row in own.data)
        assert Decimal(str(found.meta["totals"][currency]["spend"])) == spent
    assert found.meta["range"].endswith("each account's own calendar")


async def test_days_nobody_named_are_said_for_all_accounts(looking: EngineClient) -> None:
    """Whose zone says which days they are differs; how many they are does not."""
    found = await looking.do(FACEBOOK, "activities", "list", accounts="all")
    assert "changes from 7 days ago to now" in found.meta["basis"]


async def test_a_condition_on_the_added_columns(looking: EngineClient) -> None:
    """Whose a row is and its currency can be asked for like any column, and named among fields."""
    found = await looking.do(
        FACEBOOK, "campaigns", "list", accounts=f"{US},{JAPAN}", where="currency = 'JPY'", sort="name",
        fields="name,currency", limit=1000,
    )  # fmt: skip
    assert {row["account"] for row in found.data} == {JAPAN}
    assert found.columns == ("account", "currency", "name")
    only = await looking.do(
        FACEBOOK, "campaigns", "list", accounts="all", where=f"account = '{US}'", limit=1000
    )
    assert {row["account"] for row in only.data} == {US}


@pytest.mark.parametrize(
    ("fields", "columns"),
    [
        ("currency", ["account", "currency"]),
        ("account", ["account"]),
        ("currency,id", ["account", "currency", "id"]),
    ],
)
async def test_the_added_columns_alone(looking: EngineClient, fields: str, columns: list[str]) -> None:
    """What `fields` names is what is shown, also where it names no column of the action's."""
    found = await looking.table(
        FACEBOOK, "campaigns", "list", accounts="all", fields=fields, sort="name", limit=2
    )
    assert list(found.rows[0]) == columns


async def test_amounts_of_several_currencies_are_not_compared(looking: EngineClient) -> None:
    """A bare number against money of several currencies is refused, with what would be right."""
    with pytest.raises(InvalidParams, match=r"JPY.*USD"):
        await looking.do(FACEBOOK, "campaigns", "list", accounts="all", where="daily_budget_major > 50")


async def test_groups_over_all_accounts(looking: EngineClient) -> None:
    """A group counts the rows of all accounts."""
    found = await looking.do(LINKEDIN, "campaigns", "list", accounts="all", group_by="account,status")
    alone = await _each(looking, LINKEDIN)
    counts = Counter((account, row["status"]) for account, rows in alone.items() for row in rows)
    assert {(row["account"], row["status"]): row["count"] for row in found.data} == counts


async def test_reports_of_all_profiles(looking: EngineClient) -> None:
    """A report of each profile is one table, in each profile's own days and currency."""
    asked: dict[str, Any] = {"report_type": "spCampaigns", "date_range": "last_7d"}
    found = await looking.do(AMAZON, "reports", "run", accounts="all", sort="-cost", top=1, **asked)
    assert {row["account"]: row["currency"] for row in found.data} == {
        PROFILE: "USD", PROFILE_DE: "EUR", PROFILE_JP: "JPY",
    }  # fmt: skip
    alone = await looking.do(AMAZON, "reports", "run", profile_id=PROFILE, where="cost > 0", **asked)
    assert found.meta["totals"]["USD"]["cost"] == alone.meta["totals"]["cost"]
    before = len(looking.sent())
    again = await looking.do(AMAZON, "reports", "run", accounts="all", where="cost > 0", **asked)
    assert again.meta["totals"]["USD"]["cost"] == alone.meta["totals"]["cost"]
    assert len(looking.sent()) == before


async def test_answers_of_one_record_are_a_row_each(looking: EngineClient) -> None:
    """The account itself, of every account."""
    found = await looking.do(FACEBOOK, "ad_accounts", "get", accounts="all", fields="name,timezone_name")
    assert [(row["account"], row["timezone_name"]) for row in found.data] == [
        (US, "America/New_York"), (JAPAN, "Asia/Tokyo"),
    ]  # fmt: skip


async def test_pages_of_all_accounts(engine_client: EngineClient) -> None:
    """A cursor goes on over all rows and asks the platform nothing."""
    first = await engine_client.do(LINKEDIN, "campaigns", "list", accounts="all", limit=230)
    before = len(engine_client.sent())
    rest = await engine_client.do(
        LINKEDIN, "campaigns", "list", accounts="all", limit=230, cursor=first.meta["cursor"]
    )
    assert len(engine_client.sent()) == before
    ids = [(row["account"], row["id"]) for row in (*first.data, *rest.data)]
    assert len(set(ids)) == len(ids) == first.meta["total"]


async def test_an_answer_is_looked_at_again(engine_client: EngineClient) -> None:
    """What it names as its result has the rows of all accounts, for any question."""
    first = await engine_client.do(FACEBOOK, "campaigns", "list", accounts="all", limit=1)
    before = len(engine_client.sent())
    again = await engine_client.do(
        FACEBOOK, "campaigns", "list", **{"from": first.meta["result"]}, where=f"account = '{JAPAN}'"
    )
    assert len(engine_client.sent()) == before
    assert {row["account"] for row in again.data} == {JAPAN}
    assert again.meta["accounts"] == 2


@pytest.mark.parametrize(
    ("named", "accounts"),
    [
        (US, [US]),
        (f"act_{US}", [US]),
        (f"facebook:{US}, act_{JAPAN}", [US, JAPAN]),
        ([JAPAN, US, JAPAN], [JAPAN, US]),
        (f'["{US}"]', [US]),
        ("ALL", [US, JAPAN]),
    ],
)
async def test_how_accounts_are_named(looking: EngineClient, named: Any, accounts: list[str]) -> None:
    """Plain, as the platform writes them, or with the platform before them; each counts once."""
    found = await looking.do(FACEBOOK, "campaigns", "list", accounts=named, limit=1000)
    assert list(dict.fromkeys(row["account"] for row in found.data)) == accounts


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"accounts": "99"}, "accounts: no account 99"),
        ({"accounts": f"{US},pinterest:1,client:acme"}, "accounts: 'pinterest:1' is no id"),
        ({"accounts": "client:acme"}, "there are no clients here"),
        ({"accounts": f"linkedin:{LINKEDIN_US}"}, "is not of facebook_marketing"),
        ({"accounts": []}, "accounts: empty"),
        ({"accounts": ["all", "typo"]}, 'accounts: "all" has every account: not beside typo'),
        ({"accounts": "all", "account_id": US}, "account_id: accounts is given too"),
        ({"accounts": "all", "after": "QVFI"}, "page token"),
        ({"accounts": "all", "where": "spnd > 3"}, "where: 'spnd' is no"),
        ({"accounts": "all", "colour": "x"}, "colour: "),
    ],
)
async def test_calls_that_no_account_could_answer(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """A line that names the parameter; nothing but the list of accounts was read."""
    with pytest.raises(InvalidParams) as told:
        await engine_client.do(FACEBOOK, "campaigns", "list", **params)
    assert said in str(told.value)
    assert not [path for path in engine_client.sent() if path.endswith("/campaigns")]


@pytest.mark.parametrize(
    ("entity", "action", "params", "said"),
    [
        ("campaigns", "pause", {"campaign_id": "1"}, "accounts: changes are made in one account at a time"),
        ("campaigns", "get", {"campaign_id": "1"}, "campaign_id: it is one account's"),
        ("businesses", "list", {}, "accounts: this takes no account"),
        ("leads", "list", {"form_id": "1"}, "accounts: an answer about people"),
    ],
)
async def test_actions_that_are_about_one_account(
    looking: EngineClient, entity: str, action: str, params: dict[str, Any], said: str
) -> None:
    """Changes, people's data, and what is one account's by its nature."""
    with pytest.raises(InvalidParams, match=said):
        await looking.do(FACEBOOK, entity, action, accounts="all", **params)


async def test_one_expired_and_one_throttled(engine_client: EngineClient) -> None:
    """Both are named with why, the third is read whole, and a cursor asks again only what may come."""
    engine_client.fault("429", account=PROFILE_DE, path="campaigns/list", times=0, retry_after=300)
    engine_client.fault("expired-token", account=PROFILE_JP, path="campaigns/list", times=0)
    asked: dict[str, Any] = {"accounts": "all", "limit": 1000}
    answer = await engine_client.do(AMAZON, "sponsored_product_campaigns", "list", **asked)
    text = engine_client.workspace.text(answer)
    assert text.startswith("PARTIAL: 1 of 3 accounts read")
    assert f'"cursor":"{answer.meta["cursor"]}"' in text
    assert {row["account"] for row in answer.data} == {PROFILE}
    said = answer.meta["coverage"]
    assert said.startswith("1 of 3; not read: ")
    assert f"{PROFILE_DE} throttled until " in said
    assert f"{PROFILE_JP} token expired" in said
    assert "reads only what is missing (1 account)" in str(answer.meta["warnings"])
    mend(engine_client.store)
    engine_client.reopen()
    before = len(engine_client.sent())
    whole = await engine_client.do(
        AMAZON, "sponsored_product_campaigns", "list", **asked, cursor=answer.meta["cursor"]
    )
    assert {row["account"] for row in whole.data} == {PROFILE, PROFILE_DE}
    assert whole.meta["coverage"].startswith(f"2 of 3; not read: {PROFILE_JP} token expired: sign in")
    assert len([path for path in engine_client.sent()[before:] if path.endswith("campaigns/list")]) == 1
    assert not whole.meta["more"]


async def test_no_account_answers(engine_client: EngineClient) -> None:
    """The gravest of the errors, with all accounts named."""
    engine_client.fault("429", account=US, path="campaigns", times=0, retry_after=300, code=17)
    engine_client.fault("expired-token", account=JAPAN, path="campaigns", times=0)
    with pytest.raises(AuthError) as told:
        await engine_client.do(FACEBOOK, "campaigns", "list", accounts="all")
    assert f"no account was read: 0 of 2; not read: {US} throttled" in str(told.value)
    with pytest.raises(RateLimited):
        await engine_client.do(FACEBOOK, "campaigns", "list", accounts=US)


async def test_out_of_time(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is answered in time, and its cursor reads the missing account alone; result has all.

    The slow one is the first, and holds nobody up where one is read at a time.
    """
    await engine_client.do(FACEBOOK, "ad_accounts", "list")
    engine_client.fault("slow", account=US, path="campaigns", seconds=30)
    monkeypatch.setattr("mcp_ads.engine.reads.fanout.AT_ONCE", 1)
    monkeypatch.setattr("mcp_ads.engine.reads.fanout.SLOW", 0.05)
    asked: dict[str, Any] = {"accounts": "all", "limit": 1000, "sort": "-name"}
    times = iter((math.inf, 0.0))
    with monkeypatch.context() as short:
        short.setattr("mcp_ads.engine.reads.fanout.answerable", lambda: next(times))  # over after one answer
        part = await engine_client.do(FACEBOOK, "campaigns", "list", **asked)
    assert {row["account"] for row in part.data} == {JAPAN}
    assert part.meta["coverage"] == f"1 of 2; not read: {US} the call's time is over"
    assert part.meta["more"]
    before = len(engine_client.sent())
    whole = await engine_client.do(FACEBOOK, "campaigns", "list", **asked, cursor=part.meta["cursor"])
    asked_now = engine_client.sent()[before:]
    assert asked_now
    assert all(US in path for path in asked_now)
    assert "coverage" not in whole.meta
    alone = await _each(engine_client, FACEBOOK)
    assert Counter(row["account"] for row in whole.data) == {one: len(rows) for one, rows in alone.items()}
    assert [row["name"] for row in whole.data] == sorted(
        (row["name"] for row in whole.data), key=lambda name: (name.casefold(), name), reverse=True
    )
    again = await engine_client.do(FACEBOOK, "campaigns", "list", **{"from": part.meta["result"]}, limit=1000)
    assert len(again.data) == len(whole.data)


async def test_reports_that_are_not_ready(engine_client_with: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is ordered is named as not ready; the cursor goes on, elsewhere too, without another order."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY="600")
    asked: dict[str, Any] = {
        "accounts": "all", "report_type": "spCampaigns", "date_range": "last_7d", "limit": 1000,
    }  # fmt: skip
    with monkeypatch.context() as short:
        short.setattr("mcp_ads.engine.wire.deadline.DEADLINE", 3.0)
        part = await client.table(AMAZON, "reports", "run", **asked)
    assert part.text.startswith("PARTIAL: 0 of 3 accounts read")
    assert "its report is not ready" in part.meta["coverage"]
    client.forward(600)
    other = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY="600")
    whole = await other.table(AMAZON, "reports", "run", **asked, cursor=part.meta["cursor"])
    assert {row["account"] for row in whole.rows} == {PROFILE, PROFILE_DE, PROFILE_JP}
    assert "coverage" not in whole.meta
    assert client.sent(AMAZON).count("POST /reporting/reports") == 3


@pytest.mark.parametrize(
    "view",
    [
        {"group_by": "account"},
        {"sort": "account"},
        {"where": f"account = '{PROFILE}'"},
        {"where": "currency = 'USD'"},
        {"group_by": "campaignName", "where": "cost > 5 USD", "sort": "-cost", "top": 3},
    ],
)
async def test_views_of_reports_that_are_not_ready(
    engine_client_with: Make, monkeypatch: pytest.MonkeyPatch, view: dict[str, Any]
) -> None:
    """Whose rows are can be asked of a table that has none yet; the cursor goes on once there are some."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY="600")
    asked = {"accounts": "all", "report_type": "spCampaigns", "date_range": "last_7d", **view}
    with monkeypatch.context() as short:
        short.setattr("mcp_ads.engine.wire.deadline.DEADLINE", 1.0)
        part = await client.table(AMAZON, "reports", "run", **asked)
    assert part.text.startswith("PARTIAL: 0 of 3 accounts read")
    client.forward(600)
    whole = await client.table(AMAZON, "reports", "run", **asked, cursor=part.meta["cursor"])
    assert whole.rows
    assert "coverage" not in whole.meta
    assert client.sent(AMAZON).count("POST /reporting/reports") == 3


async def test_a_refusal_after_something_was_asked_for(engine_client: EngineClient) -> None:
    """It says so, and from what another look begins without asking again."""
    with pytest.raises(InvalidParams) as refused:
        await engine_client.do(FACEBOOK, "campaigns", "list", accounts="all", where="daily_budget_major > 50")
    assert refused.value.sent == "yes"
    handle, before = re.findall(r"r_\w+", refused.value.fix)[0], len(engine_client.sent())
    found = await engine_client.do(
        FACEBOOK, "campaigns", "list", **{"from": handle}, where="daily_budget_major > 50 USD"
    )
    assert found.data
    assert len(engine_client.sent()) == before


async def test_a_look_from_a_table_that_lacks_an_account(engine_client: EngineClient) -> None:
    """Its pages follow each other, each says what is missing, and which call reads that."""
    engine_client.fault("503", account=JAPAN, path="campaigns", times=0)
    part = await engine_client.do(FACEBOOK, "campaigns", "list", accounts="all", limit=1)
    begun: dict[str, Any] = {"from": part.meta["result"], "limit": 150}
    first = await engine_client.table(LINKEDIN, "campaigns", "list", **begun)
    rest = await engine_client.table(LINKEDIN, "campaigns", "list", **begun, cursor=first.meta["cursor"])
    assert len({*first.ids, *rest.ids}) == len([*first.ids, *rest.ids]) == first.meta["total"]
    assert "cursor" not in rest.meta
    for answer in (first, rest):
        assert answer.text.startswith("PARTIAL: 1 of 2 accounts read")
        assert "the call that named this result reads what is missing" in str(answer.meta["warnings"])


async def test_what_is_left_out_stays_said(engine_client: EngineClient) -> None:
    """Also where asking once more reads nothing."""
    engine_client.fault("503", account=JAPAN, path="campaigns", times=0)
    asked: dict[str, Any] = {"accounts": "all", "limit": 1}
    part = await engine_client.do(FACEBOOK, "campaigns", "list", **asked)
    again = await engine_client.do(FACEBOOK, "campaigns", "list", **asked, cursor=part.meta["cursor"])
    assert again.meta["hidden"] == part.meta["hidden"]
    mend(engine_client.store)
    whole = await engine_client.do(FACEBOOK, "campaigns", "list", **asked, cursor=part.meta["cursor"])
    assert whole.meta["hidden"] == part.meta["hidden"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("entity", "action", "asked"), [("accounts", "list", {}), ("objects", "search", {"query": "spring"})]
)
async def test_a_platform_that_lists_no_account(
    engine_client_with: Make, entity: str, action: str, asked: dict[str, Any]
) -> None:
    """It may be a token that sees none: what the others have is not called all there is."""
    client = engine_client_with(MCP_ADS_CONNECTORS=f"{FACEBOOK},{LINKEDIN}")
    between(
        client,
        lambda request: Response(200, json={"data": []}) if "adaccounts" in str(request.url) else None,
    )
    found = await client.table("ads", entity, action, **asked)
    assert found.text.startswith("PARTIAL: ")
    assert "not listed: facebook: lists no account" in found.meta["coverage"]


def allowing(client: EngineClient, *accounts: str) -> EngineClient:
    """The same client, with only these accounts allowed on Facebook."""
    object.__setattr__(client.settings.platforms[FACEBOOK], "account_ids", accounts)
    return client


async def test_only_the_accounts_that_may_be_used(engine_client: EngineClient) -> None:
    """An allow-list is what all means, and one outside it is refused by name."""
    client = allowing(engine_client, JAPAN)
    found = await client.do(FACEBOOK, "campaigns", "list", accounts="all", limit=1000)
    assert {row["account"] for row in found.data} == {JAPAN}
    assert "coverage" not in found.meta
    with pytest.raises(OutOfScope, match=f"accounts: {US} is not one of the allowed accounts"):
        await client.do(FACEBOOK, "campaigns", "list", accounts=[US, JAPAN])
    assert not [path for path in client.sent() if US in path]


async def test_a_listed_account_the_platform_does_not_know(engine_client: EngineClient) -> None:
    """It is named among what was not read, and never left out in silence."""
    client = allowing(engine_client, US, "999")
    found = await client.do(FACEBOOK, "campaigns", "list", accounts="all", limit=1)
    assert found.meta["coverage"] == "1 of 2; not read: 999 not there, or not visible"


async def test_a_token_with_some_accounts(engine_client: EngineClient) -> None:
    """All means the caller's own, and nobody else goes on with the result of it."""
    two = Authority("two", accounts={FACEBOOK: (US,), LINKEDIN: (LINKEDIN_EU,)})
    with acting(two):
        found = await engine_client.do(FACEBOOK, "campaigns", "list", accounts="all", limit=1)
        assert found.meta["accounts"] == 1
        with pytest.raises(OutOfScope):
            await engine_client.do(FACEBOOK, "campaigns", "list", accounts=JAPAN)
        with pytest.raises(OutOfScope):
            await engine_client.do(AMAZON, "sponsored_product_campaigns", "list", accounts="all")
    other = Authority("other", accounts={FACEBOOK: (JAPAN,)})
    with acting(other), pytest.raises((OutOfScope, InvalidParams)):
        await engine_client.do(
            FACEBOOK, "campaigns", "list", accounts="all", limit=1, cursor=found.meta["cursor"]
        )
    with acting(other), pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, "campaigns", "list", **{"from": found.meta["result"]})


async def test_how_far_it_is(engine_client: EngineClient) -> None:
    """It is reported by accounts while they are read."""
    told: list[str] = []

    async def report(progress: Progress) -> None:
        told.append(progress.message)

    engine_client.fault("slow", account=PROFILE_JP, path="campaigns/list", seconds=0.1)
    asked = {"accounts": "all", "limit": 1}
    await engine_client.workspace.execute(AMAZON, "sponsored_product_campaigns", "list", asked, report)
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == "3 of 3 accounts"


async def test_accounts_of_several_connections(tmp_path: Path, servers: Servers) -> None:
    """Each account is asked with the credentials that may use it; one connection can be named."""
    client = connections_at(
        servers, tmp_path / "home", acme=("sandbox-of-acme", US), beta=("sandbox-of-beta", JAPAN)
    )
    try:
        found = await client.do(FACEBOOK, "campaigns", "list", accounts="all", limit=1000)
        assert {row["account"] for row in found.data} == {US, JAPAN}
        assert found.meta["connection"] == "acme, beta"
        asked: dict[str, Any] = {"limit": 1000, "connection": "beta"}
        of_one = await client.do(FACEBOOK, "campaigns", "list", accounts="all", **asked)
        assert {row["account"] for row in of_one.data} == {JAPAN}
        with pytest.raises(OutOfScope, match=f"accounts: {US} is an account of the connection acme"):
            await client.do(FACEBOOK, "campaigns", "list", accounts=US, **asked)
    finally:
        await client.close()


async def test_a_connection_that_cannot_say_what_it_has(tmp_path: Path, servers: Servers) -> None:
    """It is named as not listed, with why; the accounts of the other are read."""
    client = connections_at(servers, tmp_path / "home", acme="no-such-token", beta=("sandbox-of-beta", JAPAN))
    try:
        found = await client.table(FACEBOOK, "campaigns", "list", accounts="all", limit=1)
        assert found.meta["coverage"].startswith("1 of 1; not listed: acme: token not accepted: ")
        assert found.text.startswith("PARTIAL: 1 of 1 known accounts read; coverage says why")
        assert {row["account"] for row in found.rows} == {JAPAN}
    finally:
        await client.close()


@pytest.mark.slow
async def test_http_tokens_have_their_own(tmp_path: Path) -> None:
    """Over HTTP all accounts are those of the token, and no other token goes on with its answer."""
    entries = entry("two", "read", [f"facebook:{US}", f"amazon:{PROFILE}"]), entry("every", "read")
    async with running(tmp_path, *entries) as server:
        async with server.agent("two") as agent:
            found = await agent.table(FACEBOOK, "campaigns", "list", accounts="all", limit=1)
            assert (found.meta["accounts"], found.meta["total"]) == (1, 205)
            refused = await agent.wrong(
                f"{FACEBOOK}_execute", entity="campaigns", action="list", params={"accounts": JAPAN}
            )
            assert "OutOfScope" in refused
            assert f"accounts: {JAPAN} is not one of the allowed accounts" in refused
        async with server.agent("every") as agent:
            for more in ({"from": found.meta["result"]}, {"accounts": US, "cursor": found.meta["cursor"]}):
                text = await agent.wrong(
                    f"{FACEBOOK}_execute", entity="campaigns", action="list", params={"limit": 1, **more}
                )
                assert US not in text


@pytest.mark.slow
async def test_a_program_gets_the_rows_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever takes several calls, each row comes once; what cannot be read is no short list."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    asked = {"accounts": "all"}
    async with connect("facebook") as client:
        await client.execute("ad_accounts", "list", {"limit": 1})
        store = Store(tmp_path / "sandbox" / "sandbox.sqlite")
        break_next(store, "slow", account=US, path="campaigns", seconds=30)
        with monkeypatch.context() as short:
            short.setattr("mcp_ads.engine.wire.deadline.DEADLINE", 1.0)
            rows = [row async for row in client.rows("campaigns", "list", asked)]
        assert len({row["id"] for row in rows}) == len(rows) == 218
        break_next(store, "429", account=US, path="campaigns", times=0, retry_after=300, code=17)
        store.close()
        with pytest.raises(PlatformDown, match=f"not all accounts could be read: 1 of 2; not read: {US}"):
            assert [row async for row in client.rows("campaigns", "list", asked)]


async def test_a_file_and_a_table_that_lack_an_account(engine_client_with: Make, tmp_path: Path) -> None:
    """What was saved is said to lack it; where the table is damaged meanwhile, the call begins anew."""
    files = tmp_path / "files"
    files.mkdir()
    client = engine_client_with(MCP_ADS_FILES=str(files))
    client.fault("503", account=JAPAN, path="campaigns", times=0)
    asked: dict[str, Any] = {"accounts": "all", "limit": 1}
    part = await client.do(FACEBOOK, "campaigns", "list", **asked, save_to="all.csv")
    assert "the file has only what was read" in str(part.meta["warnings"])
    with (files / "all.csv").open(encoding="utf-8", newline="") as file:
        assert {row["account"] for row in csv.DictReader(file)} == {US}
    mend(client.store)
    (rows,) = (client.home / "spool").glob("*.sqlite")
    rows.write_bytes(rows.read_bytes()[:-1])
    with pytest.raises(InvalidParams, match="cursor: its list is no longer kept here"):
        await client.do(FACEBOOK, "campaigns", "list", **asked, cursor=part.meta["cursor"])
    assert (await client.do(FACEBOOK, "campaigns", "list", **asked)).meta["total"] == 218
