"""An agency's clients in calls: whose accounts a name means, rows by client, one currency, naming."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

from mcp_ads.clients import Clients
from mcp_ads.clients_file import parsed
from mcp_ads.engine.overview import overview
from mcp_ads.engine.wire.authority import Authority, acting
from mcp_ads.errors import InvalidParams, OutOfScope

pytestmark = pytest.mark.anyio
LINKEDIN_EU = "523456789"
FILE = f"""
[clients.acme]
title = "Acme Tools"
accounts = ["facebook:{US}", "linkedin:{LINKEDIN_US}", "amazon:{PROFILE}"]
monthly_budget = ["5000 USD"]
target_acos = "30 %"
protected = ["*brand*"]
naming = "*_acme_*"

[clients.nippon]
accounts = ["facebook:{JAPAN}"]

[clients.gone]
accounts = ["facebook:999999999", "linkedin:{LINKEDIN_EU}"]

[rates]
base = "EUR"
USD = 0.92
as_of = 2026-11-01
"""
QUICK = {"range": "last_7d", "accounts": "facebook,linkedin"}
"""Accounts whose platforms answer at once."""


@pytest.fixture(scope="module")
async def agency(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[EngineClient]:
    """A sandbox whose accounts are clients'; every test leaves it as it was."""
    home = tmp_path_factory.mktemp("agency")
    (home / "sandbox").mkdir()
    (home / "sandbox" / "clients.toml").write_text(FILE)
    client = EngineClient(home, {})
    yield client
    await client.close()


@pytest.fixture
def edited(agency: EngineClient) -> Iterator[EngineClient]:
    """The same, whose clients a test may change."""
    before = agency.workspace.settings
    yield agency
    agency.workspace.settings = before
    for session in agency.workspace._sessions.values():
        session.settings = before


def forget_clients(client: EngineClient) -> None:
    """The file is gone."""
    client.workspace.settings = replace(client.workspace.settings, clients=Clients())


async def rows(client: EngineClient, **params: Any) -> list[dict[str, Any]]:
    """All rows of performance."""
    return list((await client.do("ads", "performance", "list", **{**QUICK, **params}, limit=1000)).data)


@pytest.mark.parametrize(
    ("named", "accounts"),
    [
        ("client:nippon", {JAPAN}),
        ("Client: NIPPON", {JAPAN}),
        (f"client:nippon,{LINKEDIN_EU}", {JAPAN, LINKEDIN_EU}),
        (["client:nippon", "linkedin"], {JAPAN, LINKEDIN_US, LINKEDIN_EU}),
        (f"client:nippon,facebook:{JAPAN}", {JAPAN}),
    ],
)
async def test_a_client_is_its_accounts(agency: EngineClient, named: Any, accounts: set[str]) -> None:
    """By name, in any case, alone and among others; an account counts once."""
    found = await rows(agency, accounts=named, level="account")
    assert sorted(row["account"] for row in found) == sorted(accounts)


async def test_one_platform_is_asked_for_its_own(agency: EngineClient) -> None:
    """A fan-out of one platform takes the client's accounts there, also by title; one without is refused."""
    found = await agency.do(FACEBOOK, "campaigns", "list", accounts="client:Acme Tools", limit=3)
    assert {row["account"] for row in found.data} == {US}
    assert "coverage" not in found.meta
    with pytest.raises(
        InvalidParams, match=f"client:nippon has no account of {LINKEDIN}, but facebook:{JAPAN}"
    ):
        await agency.do(LINKEDIN, "campaigns", "list", accounts="client:nippon")


async def test_a_title_is_one_clients_and_may_have_commas(edited: EngineClient) -> None:
    """Of two clients with one title none is taken; a comma of a title ends no word of a list."""
    two = "".join(
        f'[clients.{name}]\ntitle = "{title}"\naccounts = ["{account}"]\n'
        for name, title, account in (
            ("us", "Acme", f"facebook:{US}"),
            ("jp", "ACME", f"facebook:{JAPAN}"),
            ("co", "Co, Inc", f"linkedin:{LINKEDIN_EU}"),
        )
    )
    settings = edited.workspace.settings
    edited.workspace.settings = replace(settings, clients=parsed(two.encode()))
    with pytest.raises(InvalidParams, match="several clients' title; write client:us or client:jp"):
        await rows(edited, accounts="client:acme", level="account")
    found = await rows(edited, accounts="client: co,inc,client:jp", level="account")
    assert {row["account"] for row in found} == {LINKEDIN_EU, JAPAN}


async def test_what_no_connection_sees_is_named(agency: EngineClient) -> None:
    """An account of the file that is not there is in no sum, and the answer says so."""
    answer = await agency.table(
        "ads", "performance", "list", accounts="client:gone", range="last_7d", level="account"
    )
    assert [row["account"] for row in answer.rows] == [LINKEDIN_EU]
    assert "client gone: no connection sees facebook:999999999" in answer.meta["coverage"]
    assert answer.meta["totals_are"] == "without some accounts of client gone"
    listed = await agency.do("ads", "accounts", "list", accounts="client:gone")
    assert "no connection sees facebook:999999999" in listed.meta["coverage"]
    with pytest.raises(InvalidParams, match="no connection sees facebook:999999999"):
        await agency.do(FACEBOOK, "campaigns", "list", accounts="client:gone")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("client:nipon", "no client 'nipon'; did you mean nippon?"),
        ("client:zzz", "no client 'zzz'; there are acme, nippon, gone"),
        ("nippon", "'nippon' is no id; write client:nippon"),
        ("client:", "no client ''; there are"),
    ],
)
async def test_an_unknown_client_gets_the_closest(agency: EngineClient, named: str, said: str) -> None:
    """Nothing is asked of anybody."""
    sent = len(agency.sent())
    with pytest.raises(InvalidParams, match=said.replace("?", "[?]")):
        await rows(agency, accounts=named)
    assert len(agency.sent()) == sent


@pytest.mark.parametrize(("connector", "account"), [(FACEBOOK, US), (LINKEDIN, LINKEDIN_US)])
async def test_a_client_in_an_accounts_place_is_told_its_accounts(
    agency: EngineClient, connector: str, account: str
) -> None:
    """A write is of one account: which ones the client has on that platform stands beside the mistake."""
    params = {"account_id": "client:acme", "where": "status = ACTIVE"}
    with pytest.raises(InvalidParams, match=r"account_id: .client:acme") as error:
        await agency.do(connector, "campaigns", "pause", **params)
    assert error.value.fix == f"account_id of client acme: {account}"


async def test_a_limited_caller_knows_their_own_clients(agency: EngineClient) -> None:
    """Who may use one client's account hears of no other client, and may not use the rest of theirs."""
    with acting(Authority("t", accounts={FACEBOOK: (US,)})):
        said = await overview(agency.workspace)
        assert (
            f'acme "Acme Tools": facebook:{US}; a month 5000 USD; targets ACOS 30 %; protected: "*brand*"'
            in said
        )
        assert "nippon" not in said
        with pytest.raises(InvalidParams, match="no client 'nippon'; there are acme"):
            await rows(agency, accounts="client:nippon")
        with pytest.raises(OutOfScope):
            await rows(agency, accounts="client:acme")


async def test_a_list_of_accounts_still_holds(tmp_path: Path) -> None:
    """The file opens no account that the settings do not allow."""
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "clients.toml").write_text(FILE)
    client = EngineClient(tmp_path, {})
    platforms = client.workspace.settings.platforms
    only = {FACEBOOK: replace(platforms[FACEBOOK], account_ids=(US,))}
    client.workspace.settings = replace(client.workspace.settings, platforms={**platforms, **only})
    with pytest.raises(OutOfScope, match=f"{JAPAN} is not one of the allowed accounts"):
        await client.do(FACEBOOK, "campaigns", "list", accounts="client:nippon")
    await client.close()


@pytest.mark.parametrize("connector", ["ads", FACEBOOK])
async def test_a_cursor_means_the_accounts_it_began_with(edited: EngineClient, connector: str) -> None:
    """The file is edited between two pages: the second goes on with the rows of the first."""
    asked: dict[str, Any] = {"accounts": "client:nippon", "limit": 2}
    entity = "performance" if connector == "ads" else "campaigns"
    whole = await edited.do(connector, entity, "list", **{**asked, "limit": 1000})
    first = await edited.do(connector, entity, "list", **asked)
    forget_clients(edited)
    rest = await edited.do(connector, entity, "list", **{**asked, "limit": 1000}, cursor=first.meta["cursor"])
    key = "campaign" if connector == "ads" else "id"
    assert [row[key] for row in [*first.data, *rest.data]] == [row[key] for row in whole.data]
    with pytest.raises(InvalidParams, match="there are no clients here"):
        await edited.do(connector, entity, "list", **asked)


@pytest.mark.slow
async def test_rows_by_client_add_up(agency: EngineClient) -> None:
    """Each client's spend is that of its accounts, by currency, however the rows are split."""
    owners = {US: "acme", LINKEDIN_US: "acme", JAPAN: "nippon", LINKEDIN_EU: "gone"}
    alone: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in await rows(agency, level="account"):
        alone[owners[row["account"]], row["currency"]] += Decimal(str(row["spend"]))
    found = await agency.do("ads", "performance", "list", **QUICK, by="client")
    assert {(row["client"], row["currency"]): Decimal(str(row["spend"])) for row in found.data} == alone
    grouped = await rows(agency, level="campaign", group_by="client")
    assert {(row["client"], row["currency"]): Decimal(str(row["spend"])) for row in grouped} == alone
    beside = await rows(agency, level="account", by="client", where="client = 'acme'")
    assert {row["account"] for row in beside} == {US, LINKEDIN_US}


async def test_nobodys_accounts_and_idle_clients_are_rows(edited: EngineClient) -> None:
    """An account of no client is under an empty name; a client that spent nothing has a row all the same."""
    clients = edited.workspace.settings.clients
    kept = {name: client for name, client in clients.named.items() if name != "acme"}
    edited.workspace.settings = replace(edited.workspace.settings, clients=replace(clients, named=kept))
    answer = await edited.table(
        "ads", "performance", "list", **{**QUICK, "range": "2024-01-01..2024-01-31"}, by="client"
    )
    spent = {(row["client"], row["currency"]): float(row["spend"]) for row in answer.rows}
    assert spent.keys() == {("", "USD"), ("nippon", "JPY"), ("gone", "EUR")}
    assert (spent["nippon", "JPY"], spent["gone", "EUR"]) == (0, 0)


async def test_spend_in_one_currency(agency: EngineClient) -> None:
    """By the rates of the file, exact until it is shown; a currency without a rate is empty, and said."""
    answer = await agency.table(
        "ads", "performance", "list", **QUICK, level="account", fields="spend,spend_base", sort="-spend_base"
    )
    rate = {"USD": Decimal("0.92"), "EUR": Decimal(1)}
    based = {row["account"]: row["spend_base"] for row in answer.rows}
    for row in answer.rows:
        worth = rate.get(row["currency"])
        assert based[row["account"]] == ("" if worth is None else f"{Decimal(row['spend']) * worth:.2f}")
    assert [*based][-1] == JAPAN
    spent = sum(Decimal(row["spend"]) * rate.get(row["currency"], 0) for row in answer.rows)
    total = answer.meta["totals_base"]
    assert abs(Decimal(str(total["spend_base"])) - spent) <= Decimal("0.01")
    assert total["without"] == "JPY"
    assert (
        answer.meta["rates"]
        == "spend_base in EUR, by rates of 2026-11-01; none for JPY, where spend_base is empty"
    )
    again = await agency.table("ads", "performance", "list", **{"from": answer.meta["result"]})
    assert again.meta["totals_base"] == total
    assert again.meta["rates"] == answer.meta["rates"]


async def test_what_the_file_does_not_have_is_refused(edited: EngineClient) -> None:
    """Neither clients nor rates are made up; a condition on a column that was not asked for names it."""
    forget_clients(edited)
    with pytest.raises(InvalidParams, match="by: client: there are no clients here"):
        await rows(edited, by="client")
    with pytest.raises(InvalidParams, match="spend_base: there are no rates here"):
        await rows(edited, fields="spend,spend_base")
    with pytest.raises(InvalidParams, match="fields: client needs by client"):
        await rows(edited, fields="client")
    with pytest.raises(InvalidParams, match="'spend_base' is no column") as error:
        await rows(edited, sort="-spend_base")
    assert "name it in fields" in error.value.fix


@pytest.mark.parametrize(
    ("connector", "entity", "account"),
    [
        (FACEBOOK, "campaigns", {"account_id": US}),
        (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US}),
        (LINKEDIN, "campaign_groups", {"account_id": LINKEDIN_US}),
        (AMAZON, "sponsored_product_campaigns", {"profile_id": PROFILE}),
        (AMAZON, "sponsored_display_campaigns", {"profile_id": PROFILE}),
    ],
)
async def test_a_name_that_does_not_fit_is_said(
    agency: EngineClient, connector: str, entity: str, account: dict[str, str]
) -> None:
    """A campaign of any platform that is renamed unlike its client's pattern has a line in the plan."""
    first = (await agency.do(connector, entity, "list", **account, limit=1)).data[0]
    subject = agency.workspace.connector(connector).action(entity, "update").subject
    asked = {**account, subject: first.get("id") or first["campaignId"]}
    unlike = await agency.table(connector, entity, "update", **asked, name="Sale")
    assert 'warning: "Sale" does not fit "*_acme_*", as client acme names its campaign' in unlike.text
    like = await agency.table(connector, entity, "update", **asked, name="de_ACME_sale")
    assert "does not fit" not in like.text


async def test_a_new_campaign_is_named_like_others(agency: EngineClient) -> None:
    """A create is told, and so is nothing that is no campaign, or is of a client without a pattern."""
    new = {"account_id": US, "name": "Sale", "objective": "OUTCOME_SALES"}
    said = "does not fit"
    assert said in (await agency.table(FACEBOOK, "campaigns", "create", **new)).text
    there = (await agency.do(FACEBOOK, "campaigns", "list", account_id=JAPAN, limit=1)).data[0]["id"]
    japan = await agency.table(FACEBOOK, "campaigns", "update", campaign_id=there, name="Sale")
    ad = (await agency.do(FACEBOOK, "ads", "list", account_id=US, limit=1)).data[0]["id"]
    renamed = await agency.table(FACEBOOK, "ads", "update", ad_id=ad, name="Sale")
    assert said not in japan.text + renamed.text
