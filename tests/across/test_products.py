"""The four products of Amazon where all platforms are asked: each is in the numbers, found, and held up."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

import httpx
import pytest
import truth
from between import between
from engine_client import AMAZON, PROFILE, EngineClient
from pydantic.alias_generators import to_camel

from mcp_ads.errors import AuthError, InvalidParams

pytestmark = pytest.mark.anyio
LEVELS = ("campaign", "ad_group", "ad")
ON_TV = {"accounts": f"amazon:{PROFILE}", "range": "last_week"}
"""The account that has all four."""
WITHOUT_ADS = {"ST"}
"""Products whose reports have no level of ads."""


async def performance(client: EngineClient, **params: Any) -> list[dict[str, Any]]:
    """All rows of an answer."""
    answer = await client.do("ads", "performance", "list", **params, limit=1000)
    assert not answer.meta["more"]
    return list(answer.data)


@pytest.mark.slow
async def test_an_account_is_the_sum_of_its_products(looking: EngineClient) -> None:
    """To the cent, at every level, as the sandbox's own numbers say of each product."""
    [account] = await performance(looking, **ON_TV, level="account")
    parts = truth.parts(looking.store, truth.last_week, f"amazon:{PROFILE}")
    known = {name: sums.spend for name, sums in truth.summed(parts, lambda part: part.product).items()}
    products = await performance(looking, **ON_TV, level="account", by="ad_product")
    assert {row["ad_product"]: Decimal(str(row["spend"])) for row in products} == known
    assert known.keys() == {"SP", "SB", "SD", "ST"}
    assert Decimal(str(account["spend"])) == sum(known.values())
    for level in LEVELS:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row in await performance(looking, **ON_TV, level=level, fields=["spend", "ad_product"]):
            sums[row["ad_product"]] += Decimal(str(row["spend"]))
        absent = WITHOUT_ADS if level == "ad" else set()
        assert sums == {name: spend for name, spend in known.items() if name not in absent}, level


@pytest.mark.parametrize("level", LEVELS)
async def test_rows_name_objects_that_are_there(looking: EngineClient, level: str) -> None:
    """Whatever the product, the entity of a row reads the object with the row's id."""
    ids: dict[str, set[str]] = defaultdict(set)
    for row in await performance(looking, **ON_TV, level=level, fields=["spend", "object"]):
        ids[row["object"]].add(row[level])
    assert len(ids) == (3 if level == "ad" else 4)
    for named, wanted in ids.items():
        connector, _, entity = named.partition(".")
        some = sorted(wanted)[:5]
        result = await looking.do(connector, entity, "get", profile_id=PROFILE, **{f"{level}_id": some})
        there = {str(row[to_camel(f"{level}_id")]) for row in result.data}
        assert there >= {*some}, named


@pytest.mark.slow
async def test_objects_of_every_product_are_found(looking: EngineClient) -> None:
    """A search by an id finds the object of any entity, at any level, with the entity that changes it."""
    asked = {"accounts": f"amazon:{PROFILE}"}
    found: dict[str, str] = {}
    for entity, own in ENTITIES.items():
        rows = (await looking.do(AMAZON, entity, "list", profile_id=PROFILE, limit=1)).data
        found[entity] = rows[0][own]
        answer = await looking.table("ads", "objects", "search", **asked, query=found[entity])
        assert f"{AMAZON}.{entity}" in {row["object"] for row in answer.rows}, entity


@pytest.mark.slow
async def test_ads_are_found_by_what_they_show(looking: EngineClient) -> None:
    """A product by its ASIN or sku, a title, a subpage: of every product whose ads say that."""
    ads = {entity for entity, own in ENTITIES.items() if own == "adId"}
    without_sku = ads - {"sponsored_brands_ads"}
    for query, expected in (
        ("B0TERN0001", ads), ("TT-TOWEL-01", without_sku), ("By the sea", {"sponsored_brands_ads"}),
    ):  # fmt: skip
        asked = {"accounts": f"amazon:{PROFILE}", "query": query, "level": "ad", "group_by": "object"}
        answer = await looking.table("ads", "objects", "search", **asked)
        assert {row["object"].partition(".")[2] for row in answer.rows} == expected, query
    spotlight = await looking.table(
        "ads", "objects", "search", query="B0TERN0002", where="object ~ brands", fields="name,text"
    )
    assert "Brand ad storeSpotlight" in {row["name"] for row in spotlight.rows}
    assert "http" not in str(spotlight.rows)
    assert "creatives of Sponsored Display and TV" in spotlight.meta["hidden"]


@pytest.mark.parametrize("other", ["agency", "JP"])
async def test_lists_a_profile_cannot_have_are_not_asked(engine_client: EngineClient, other: str) -> None:
    """An agency has DSP only, which is said by every question; few countries have Sponsored TV."""
    await engine_client.do(AMAZON, "profiles", "list")
    profile = engine_client.store.get("amazon.profile", PROFILE)
    assert profile
    kind = {**profile["accountInfo"], "type": "agency"}
    changed = {"accountInfo": kind} if other == "agency" else {"countryCode": other}
    engine_client.store.put("amazon.profile", PROFILE, {**profile, **changed})
    for entity, action, more in (
        ("objects", "search", {"query": "towel"}),
        ("delivery_issues", "list", {}),
        ("performance", "list", {"range": "last_week"}),
    ):
        asked = {**more, "accounts": f"amazon:{PROFILE}"}
        if other == "agency":
            with pytest.raises(InvalidParams, match=r"nothing to tell: 0 of 1; .* has DSP only: "):
                await engine_client.table("ads", entity, action, **asked)
        elif entity != "performance":
            answer = await engine_client.table("ads", entity, action, **asked)
            assert "coverage" not in answer.meta
            assert "Sponsored TV outside US" in answer.meta["hidden"]
    sent = engine_client.sent(AMAZON)
    assert not [path for path in sent if "/st/" in path]
    assert bool([path for path in sent if "/sd/" in path]) == (other != "agency")


@pytest.mark.slow
async def test_a_profile_that_may_not_ask_for_television_has_none(engine_client: EngineClient) -> None:
    """A refusal of these lists alone is no part that is missing; of every list, or of others, it is."""
    paths = ["/st/"]

    def refused(request: httpx.Request) -> httpx.Response | None:
        no = httpx.Response(403, json={"code": "UNAUTHORIZED", "details": "Not authorized"})
        return no if any(path in request.url.path for path in paths) else None

    between(engine_client, refused)
    asked = {"accounts": f"amazon:{PROFILE}"}
    search = {**asked, "query": "towel", "level": "ad", "fresh": True}
    for entity, action, more in (("objects", "search", search), ("delivery_issues", "list", asked)):
        answer = await engine_client.table("ads", entity, action, **more)
        assert "coverage" not in answer.meta
        assert bool(answer.rows) == (entity == "objects")
    paths[:] = ["/sd/"]
    answer = await engine_client.table("ads", "objects", "search", **search)
    assert "read in part: " in answer.meta["coverage"]
    paths[:] = ["/st/", "/sd/", "/sb/", "/sp/"]
    with pytest.raises(AuthError):
        await engine_client.table("ads", "objects", "search", **search)


async def test_what_is_said_of_objects_that_are_not_found_is_left_out(looking: EngineClient) -> None:
    """A campaign made before campaigns had several ad groups is remarked on where it is a row."""
    asked = {"accounts": f"amazon:{PROFILE}", "level": "campaign", "fresh": True}
    campaigns = await looking.do(AMAZON, "sponsored_brands_campaigns", "list", profile_id=PROFILE)
    (old,) = re.findall(r"campaign (\d+): made before", str(campaigns.meta["warnings"]))
    found = await looking.table("ads", "objects", "search", **asked, query=old)
    assert "made before" in str(found.meta["warnings"])
    other = await looking.table("ads", "objects", "search", **asked, query="120000000000001")
    assert other.rows
    issues = await looking.table("ads", "delivery_issues", "list", accounts=asked["accounts"])
    assert not {"warnings"} & {*other.meta, *issues.meta}


async def test_what_holds_objects_of_every_product(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An object of any product that is on and does not serve is told with Amazon's word for it."""

    def held(*given: Any) -> str:
        found = given[-1]
        return next(word for name, word in HELD.items() if name in found)

    for place in ("lists.serving_status", "sponsored_tv.operations.serving"):
        monkeypatch.setattr(f"mcp_ads.sandbox.amazon_ads.{place}", held)
    monkeypatch.setattr(
        "mcp_ads.sandbox.amazon_ads.sponsored_display.serving._words", lambda found: ("AD", held(found))
    )
    answer = await engine_client.do(
        "ads", "delivery_issues", "list",
        accounts=f"amazon:{PROFILE}", limit=1000, group_by=["object", "status", "reason"],
    )  # fmt: skip
    told = {row["object"].partition(".")[2]: (row["status"], row["reason"]) for row in answer.data}
    assert told == {entity: (STATUSES[own], HELD[own]) for entity, own in ENTITIES.items()}
    assert len(answer.data) == len(ENTITIES)
    assert "coverage" not in answer.meta


HELD = {
    "adId": "AD_POLICING_SUSPENDED",
    "adGroupId": "AD_GROUP_INCOMPLETE",
    "campaignId": "CAMPAIGN_OUT_OF_BUDGET",
}
"""By the first id that an object has."""
STATUSES = {"adId": "disapproved", "adGroupId": "stuck", "campaignId": "out_of_budget"}
ENTITIES = {
    f"sponsored_{product}_{name}": own
    for product, ads in (
        ("product", "product_ads"),
        ("brands", "ads"),
        ("display", "product_ads"),
        ("tv", "ads"),
    )
    for name, own in (("campaigns", "campaignId"), ("ad_groups", "adGroupId"), (ads, "adId"))
}
"""What is found, by the column of its id."""
