"""Negatives of ad groups and campaigns, as Amazon takes them and refuses them."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_client import JP, Amazon

pytestmark = pytest.mark.anyio
MANUAL, AUTO = "120000000000001", "120000000000005"
TARGETS, KEY = "/sp/campaignNegativeTargets", "campaignNegativeTargetingClauses"


def asin(value: str, **place: str) -> dict[str, Any]:
    return {**place, "expression": [{"type": "ASIN_SAME_AS", "value": value}], "state": "ENABLED"}


def reasons(errors: list[Any]) -> list[str]:
    """Why each item was refused, in the order of the request."""
    return [error["errors"][0]["errorValue"][error["errors"][0]["errorType"]]["reason"] for error in errors]


@pytest.mark.parametrize(
    ("path", "key", "body", "answered", "own", "filter_"),
    [
        ("/sp/negativeTargets", "negativeTargetingClauses",
         asin("B0RIVAL009", campaignId=AUTO, adGroupId="130000000000006"), "targetId", "targetId",
         "negativeTargetIdFilter"),
        (TARGETS, KEY, asin("B0RIVAL009", campaignId=AUTO), "campaignNegativeTargetingClauseId", "targetId",
         "campaignNegativeTargetIdFilter"),
        ("/sp/campaignNegativeKeywords", "campaignNegativeKeywords",
         {"campaignId": MANUAL, "keywordText": "free", "matchType": "NEGATIVE_EXACT", "state": "ENABLED"},
         "campaignNegativeKeywordId", "keywordId", "campaignNegativeKeywordIdFilter"),
    ],
)  # fmt: skip
async def test_each_has_its_own_names(
    path: str, key: str, body: dict[str, Any], answered: str, own: str, filter_: str
) -> None:
    """What answers call an id, what updates do, and which filter archives it; anything else is refused."""
    api = Amazon()
    (made,), again = await api.create(path, key, body, body)
    assert reasons(again) == ["DUPLICATE_VALUE"]
    new = made[answered]
    (changed,), _ = await api.update(path, key, {own: new, "state": "PAUSED"})
    assert changed[answered] == new
    chosen = {filter_: {"include": [new]}}
    assert (await api.v3("POST", f"{path}/list", chosen))[key][0]["state"] == "PAUSED"
    assert (await api.v3("POST", f"{path}/delete", chosen))[key]["success"][0][answered] == new
    _, refused = await api.update(path, key, {own: new, "state": "ENABLED"})
    assert reasons(refused) == ["ARCHIVED_ENTITY_CANNOT_BE_MODIFIED"]


async def test_what_is_no_product_of_a_campaign() -> None:
    """One expression of one product or brand, and of a seller's MANUAL campaign none."""
    api = Amazon()
    two = {**asin("B0RIVAL009", campaignId=AUTO)}
    two["expression"] = two["expression"] * 2
    wide = {**two, "expression": [{"type": "ASIN_EXPANDED_FROM", "value": "B0RIVAL009"}]}
    _, errors = await api.create(
        TARGETS, KEY, asin("b0rival009", campaignId=AUTO), two, wide, asin("B0RIVAL009", campaignId=MANUAL)
    )
    assert reasons(errors) == [
        *("TARGETING_EXPRESSION_INVALID_VALUE", "TOO_HIGH", "INVALID_ENUM_VALUE"),
        "PARENT_ENTITY_FORBIDS_CREATION",
    ]
    vendor = Amazon("FE", JP)
    assert (await vendor.create(TARGETS, KEY, asin("B0RIVAL009", campaignId="320000000000001")))[0]


async def test_an_archived_campaign_takes_its_negatives_along() -> None:
    """What a campaign negates ends with it, in its ad groups too."""
    api = Amazon()
    await api.v3("POST", "/sp/campaigns/delete", {"campaignIdFilter": {"include": [AUTO]}})
    for path, key in (("/sp/negativeTargets", "negativeTargetingClauses"), (TARGETS, KEY)):
        (row,) = (await api.v3("POST", f"{path}/list", {"campaignIdFilter": {"include": [AUTO]}}))[key]
        assert row["state"] == "ARCHIVED"
