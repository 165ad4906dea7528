"""The four products of Amazon where all platforms are asked: each is in the numbers, found, and held up."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
import truth
from engine_client import AMAZON, PROFILE, EngineClient
from pydantic.alias_generators import to_camel

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


async def test_objects_of_every_product_are_found(looking: EngineClient) -> None:
    """A search by an id finds the object of any entity, at any level, with the entity that changes it."""
    asked = {"accounts": f"amazon:{PROFILE}"}
    found: dict[str, str] = {}
    for entity, own in ENTITIES.items():
        rows = (await looking.do(AMAZON, entity, "list", profile_id=PROFILE, limit=1)).data
        found[entity] = rows[0][own]
        answer = await looking.table("ads", "objects", "search", **asked, query=found[entity])
        assert f"{AMAZON}.{entity}" in {row["object"] for row in answer.rows}, entity


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
