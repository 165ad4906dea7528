"""A get of several objects: rows say whose they are, no money is mixed, what did not come stays said."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from between import between
from engine_client import (
    AMAZON,
    FACEBOOK,
    JAPAN,
    LINKEDIN,
    LINKEDIN_US,
    PROFILE,
    US,
    EngineClient,
    Table,
)
from httpx import Request, Response

from mcp_ads import connect
from mcp_ads.errors import AdsError, InvalidParams

pytestmark = pytest.mark.anyio
SPRING, RAIN, NONE = "1202110000000000340", "1202110000000000920", "1202110000000009999"
"""A campaign in dollars, one in yen, and none."""
BOTH: dict[str, Any] = {"campaign_id": [SPRING, RAIN], "fields": "name,daily_budget_major"}
LINKEDIN_EU, PROFILE_DE = "523456789", "4412345678901234"


async def campaigns(client: EngineClient, **params: Any) -> Table:
    """What a get of both campaigns answers."""
    return await client.table(FACEBOOK, "campaigns", "get", **{**BOTH, **params})


@pytest.mark.parametrize("view", [{}, {"limit": 50}, {"sort": "account"}])
@pytest.mark.parametrize(
    ("connector", "entity", "asked", "currencies"),
    [
        (FACEBOOK, "campaigns", BOTH, {US: "USD", JAPAN: "JPY"}),
        (FACEBOOK, "ad_accounts", {"account_id": [JAPAN, US]}, {JAPAN: "JPY", US: "USD"}),
        (LINKEDIN, "accounts", {"account_id": [LINKEDIN_US, LINKEDIN_EU]},
            {LINKEDIN_US: "USD", LINKEDIN_EU: "EUR"}),
        (AMAZON, "profiles", {"profile_id": [PROFILE, PROFILE_DE]}, {PROFILE: "USD", PROFILE_DE: "EUR"}),
    ],
)  # fmt: skip
async def test_objects_of_several_accounts_say_whose_they_are(
    looking: EngineClient,
    connector: str,
    entity: str,
    asked: dict[str, Any],
    currencies: dict[str, str],
    view: dict[str, Any],
) -> None:
    """Account and currency are columns, and no one account's stand for all of the answer."""
    found = await looking.table(connector, entity, "get", **asked, **view)
    assert {row["account"]: row["currency"] for row in found.rows} == currencies
    assert found.meta["accounts"] == len(currencies)
    assert not {"account", "currency"} & found.meta.keys()


async def test_objects_of_one_account_say_it_once(looking: EngineClient) -> None:
    """Whose they are is said of the whole answer, and is no column."""
    ids = (await looking.table(FACEBOOK, "campaigns", "list", account_id=JAPAN, limit=2)).ids
    for view in ({}, {"sort": "name"}):
        found = await campaigns(looking, campaign_id=ids, **view)
        assert (found.meta["account"], found.meta["currency"]) == (JAPAN, "JPY")
        assert list(found.rows[0]) == ["name", "daily_budget_major"]


@pytest.mark.parametrize("fields", ["name,daily_budget_major", "name"])
async def test_amounts_of_several_currencies_are_not_mixed(looking: EngineClient, fields: str) -> None:
    """A bare number is refused, one of a currency is about its rows, and an order is within each."""
    with pytest.raises(InvalidParams, match=r"several currencies \(JPY, USD\)") as refused:
        await campaigns(looking, fields=fields, where="daily_budget_major > 40")
    assert refused.value.sent == "yes"
    dollars = await campaigns(looking, fields=fields, where="daily_budget_major > 40 USD")
    assert [row["name"] for row in dollars.rows] == ["Spring Sale"]
    assert not (await campaigns(looking, fields=fields, where="daily_budget_major > 50 USD")).rows
    ranked = await campaigns(looking, fields=fields, sort="-daily_budget_major", top=1)
    assert [row["currency"] for row in ranked.rows] == ["JPY", "USD"]
    of_one = await campaigns(looking, where=f"account = '{JAPAN}'")
    assert [row["currency"] for row in of_one.rows] == ["JPY"]


async def test_files_and_later_looks_have_whose_rows_are(
    engine_client_with: Callable[..., EngineClient], tmp_path: Path
) -> None:
    """What is saved, and what begins from the result, tells currencies apart too."""
    (tmp_path / "files").mkdir()
    client = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))
    first = await campaigns(client, save_to="both.csv", top=2)
    with (tmp_path / "files" / "both.csv").open(encoding="utf-8", newline="") as file:
        assert {row["account"]: row["currency"] for row in csv.DictReader(file)} == {US: "USD", JAPAN: "JPY"}
    begun = {"from": first.meta["result"]}
    later = await client.table(LINKEDIN, "campaigns", "list", **begun, where="currency = 'JPY'")
    assert [row["account"] for row in later.rows] == [JAPAN]
    with pytest.raises(InvalidParams, match="several currencies"):
        await client.table(FACEBOOK, "campaigns", "list", **begun, where="daily_budget_major > 50")


@pytest.mark.parametrize(
    ("connector", "entity", "asked"),
    [
        (FACEBOOK, "campaigns", {"campaign_id": [SPRING, RAIN, NONE]}),
        (AMAZON, "sponsored_product_keywords",
            {"profile_id": PROFILE, "keyword_id": ["150000000000001", "150000000000002", "999"]}),
        (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US, "campaign_id": ["300000001", "300000002", "9"]}),
    ],
)  # fmt: skip
async def test_what_did_not_come_is_said_in_every_look(
    looking: EngineClient, connector: str, entity: str, asked: dict[str, Any]
) -> None:
    """On the first page, on the next one, and in what begins from the result."""
    first = await looking.table(connector, entity, "get", **asked, limit=1)
    next_one = await looking.table(connector, entity, "get", **asked, limit=1, cursor=first.meta["cursor"])
    begun = {"from": first.meta["result"]}
    later = await looking.table(FACEBOOK, "campaigns", "list", **begun, limit=1)
    last = await looking.table(FACEBOOK, "campaigns", "list", **begun, limit=1, cursor=later.meta["cursor"])
    lost = next(value for name, value in asked.items() if name != "profile_id" and isinstance(value, list))[
        -1
    ]
    for answer in (first, next_one, later, last):
        assert answer.text.startswith("PARTIAL: 2 of 3 read; coverage says why")
        assert answer.meta["coverage"].startswith(f"2 of 3; not read: {lost} ")
        assert len(answer.rows) == 1
    assert "more" not in last.meta or not last.meta["more"]


async def test_items_that_were_refused_are_said_in_every_look(looking: EngineClient) -> None:
    """Rows of items that have no ids, of which one was refused."""
    asked: dict[str, Any] = {"profile_id": PROFILE, "asins": ["B0TERN0001", "B0FOREIGN1"]}
    first = await looking.table(AMAZON, "product_eligibility", "list", **asked, sort="asin")
    later = await looking.table(FACEBOOK, "campaigns", "list", **{"from": first.meta["result"]})
    assert first.text.startswith("PARTIAL: 1 of 2 read")
    assert later.text.startswith("PARTIAL: 1 of 2 read")


async def test_what_the_platform_remarks_is_said_once(engine_client: EngineClient) -> None:
    """It is of the whole call, whichever of the objects it came with."""

    def remark(request: Request) -> Response | None:
        if SPRING not in str(request.url):
            return None
        data = {"id": SPRING, "name": "Spring Sale", "account_id": US}
        return Response(200, json=data, headers={"X-Ad-Api-Version-Warning": "v26.0 ends"})

    between(engine_client, remark)
    for view in ({}, {"sort": "name"}):
        found = await campaigns(engine_client, campaign_id=[SPRING], fields="name", **view)
        assert len([line for line in found.meta["warnings"] if "v26.0 ends" in line]) == 1


async def test_a_program_takes_no_part_for_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that begin from a result which lacks an object are an error, as its own were."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    async with connect("facebook") as client:
        part = await client.execute("campaigns", "get", {"campaign_id": [SPRING, NONE], "sort": "name"})
        asked = {"from": part.meta["result"]}
        with pytest.raises(AdsError, match="1 of 2 read"):
            assert [row async for row in client.rows("campaigns", "list", asked)]
        assert len((await client.execute("campaigns", "list", asked)).data) == 1
