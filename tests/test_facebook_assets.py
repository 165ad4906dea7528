"""Audiences, images and catalogs on Facebook: found, made, and owned by whom they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from planning import applied, planned, writes

from mcp_ads.errors import InvalidParams, OutOfScope, Rejected

pytestmark = pytest.mark.anyio
CUSTOMERS = "1202150000000000001"
BUSINESS = "334455667788990"
LIST = {"name": "Buyers", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}


@pytest.fixture
def engine_client(engine_client_with: Callable[..., EngineClient]) -> EngineClient:
    return engine_client_with()


async def test_audiences_are_listed_and_read(engine_client: EngineClient) -> None:
    """A count stands there and is never summed up; one audience has what its state is."""
    table = await engine_client.table(FACEBOOK, "custom_audiences", "list", account_id=US)
    assert {row["name"]: row["approximate_count_lower_bound"] for row in table.rows} == {
        "Being built": "-1",
        "Bought addresses": "1000",
        "Visitors, 30 days": "64000",
        "Lookalike 1%: customers": "2100000",
        "Newsletter": "8900",
        "Customers, all time": "21300",
    }
    assert "totals" not in table.meta
    one = await engine_client.do(FACEBOOK, "custom_audiences", "get", audience_id=CUSTOMERS)
    assert one.data["operation_status"]["code"] == 200


async def test_an_audience_is_made_when_its_plan_is_applied(engine_client: EngineClient) -> None:
    """Nothing before; then its id, with the list that has it."""
    plan = await planned(engine_client, "custom_audiences", "create", account_id=US, **LIST)
    assert writes(engine_client) == []
    done = await applied(engine_client, plan)
    assert [line.rpartition(" ")[0] for line in writes(engine_client)] == ["create audience"]
    assert writes(engine_client)[0].rpartition(" ")[2] in engine_client.workspace.text(done)
    listed = await engine_client.table(FACEBOOK, "custom_audiences", "list", account_id=US)
    assert listed.rows[0]["name"] == "Buyers"


async def test_terms_that_nobody_accepted_are_said(engine_client: EngineClient) -> None:
    """They are asked for when it is planned; who can accept them, and where, is in the answer."""
    with pytest.raises(
        Rejected, match=f"nobody has accepted the custom audience terms for account {JAPAN}"
    ) as caught:
        await planned(engine_client, "custom_audiences", "create", account_id=JAPAN, **LIST)
    assert "https://business.facebook.com/ads/manage/customaudiences/tos/?act=2345678901" in caught.value.fix
    assert writes(engine_client) == []


async def test_images_of_an_account(engine_client: EngineClient) -> None:
    """By the hash that creatives name; a field that is none is told."""
    table = await engine_client.table(FACEBOOK, "images", "list", account_id=US, minwidth=1200)
    assert {row["name"] for row in table.rows} == {"tern-jacket.jpg", "tide-boots.jpg"}
    one = await engine_client.table(FACEBOOK, "images", "list", account_id=US, hashes=[table.rows[0]["hash"]])
    assert one.rows == table.rows[:1]
    with pytest.raises(InvalidParams, match="permalink_url"):
        await engine_client.do(FACEBOOK, "images", "list", account_id=US, fields="permalink")


async def test_catalogs_of_a_business(engine_client: EngineClient) -> None:
    """The way there: the account's business, its catalogs, one of them."""
    account = await engine_client.do(FACEBOOK, "ad_accounts", "get", account_id=US, fields="business")
    assert account.data["business"]["id"] == BUSINESS
    table = await engine_client.table(FACEBOOK, "catalogs", "list", business_id=BUSINESS)
    assert len(table.rows) == 3
    one = await engine_client.do(FACEBOOK, "catalogs", "get", catalog_id=table.ids[-1])
    assert one.data["business"]["id"] == BUSINESS
    assert one.data["product_count"] == 412


async def test_audiences_of_others_stay_out_of_reach(engine_client_with: Callable[..., EngineClient]) -> None:
    """With an allow-list an audience is read where its account is on it, and refused where it is not."""
    engine_client = engine_client_with()
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (US,))
    mine = await engine_client.do(FACEBOOK, "custom_audiences", "get", audience_id=CUSTOMERS, fields="name")
    assert mine.data["name"] == "Customers, all time"
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, "custom_audiences", "get", audience_id=f"{CUSTOMERS[:-3]}901")
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, "images", "list", account_id=JAPAN)


async def test_a_catalog_says_whose_it_is(engine_client: EngineClient) -> None:
    """The business by id and name, and nothing the platform does not have; where the id comes from."""
    shown = await engine_client.do(
        FACEBOOK, "catalogs", "list", business_id="334455667788990", fields=["business"]
    )
    assert shown.data[0] == {"business": {"id": "334455667788990", "name": "Tern & Tide, Inc."}}
    with pytest.raises(InvalidParams, match="business_id: missing, required; `ad_accounts get` shows it"):
        await engine_client.do(FACEBOOK, "catalogs", "list")
