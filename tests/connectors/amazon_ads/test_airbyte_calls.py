"""Calls as Airbyte's connector takes them, word for word: understood, and sent as Amazon documents them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from wire_cases import sent

FILTER = {"stateFilter": {"include": "enabled,paused"}}
LISTED = {**FILTER, "maxResults": 100}
STATES = {"include": ["ENABLED", "PAUSED"]}
WHOSE = {
    "Amazon-Advertising-API-ClientId": "amzn1.application-oa2-client.sandbox",
    "Amazon-Advertising-API-Scope": PROFILE,
}
"""What its calls give instead of the settings having it."""
PRODUCTS = "sponsored_product_"
LISTS: list[tuple[str, str, str]] = [
    (f"{PRODUCTS}campaigns", "/sp/campaigns/list", "vnd.spCampaign.v3"),
    (f"{PRODUCTS}ad_groups", "/sp/adGroups/list", "vnd.spAdGroup.v3"),
    (f"{PRODUCTS}keywords", "/sp/keywords/list", "vnd.spKeyword.v3"),
    (f"{PRODUCTS}product_ads", "/sp/productAds/list", "vnd.spProductAd.v3"),
    (f"{PRODUCTS}targets", "/sp/targets/list", "vnd.spTargetingClause.v3"),
    (f"{PRODUCTS}negative_keywords", "/sp/negativeKeywords/list", "vnd.spNegativeKeyword.v3"),
    (f"{PRODUCTS}negative_targets", "/sp/negativeTargets/list", "vnd.spNegativeTargetingClause.v3"),
    ("sponsored_brands_campaigns", "/sb/v4/campaigns/list", "vnd.sbcampaignresource.v4"),
    ("sponsored_brands_ad_groups", "/sb/v4/adGroups/list", "vnd.sbadgroupresource.v4"),
]
OTHERS: list[tuple[str, str, dict[str, Any], str, dict[str, Any]]] = [
    ("profiles", "list", {"profileTypeFilter": "seller,vendor"}, "GET /v2/profiles", {}),
    ("profiles", "get", {"profileId": int(PROFILE)}, f"GET /v2/profiles/{PROFILE}", {}),
    (
        "portfolios", "list", {"includeExtendedDataFields": "true"}, "POST /portfolios/list",
        {"includeExtendedDataFields": True},
    ),
    (
        "portfolios", "get", {"portfolioId": 77}, "POST /portfolios/list",
        {"portfolioIdFilter": {"include": ["77"]}},
    ),
    (
        f"{PRODUCTS}campaigns", "get", {"campaignId": 12}, "POST /sp/campaigns/list",
        {"campaignIdFilter": {"include": ["12"]}},
    ),
]  # fmt: skip


def wire(entity: str, action: str, params: dict[str, Any]) -> tuple[str, Any, dict[str, str]]:
    """Method and path, body and headers of a call."""
    found = sent(AMAZON, {"entity": entity, "action": action, "params": params})
    body = json.loads(found.content) if isinstance(found.content, bytes) else {}
    return f"{found.method} {found.url.partition('?')[0]}", body, dict(found.headers)


@pytest.mark.parametrize(("entity", "path", "media"), LISTS, ids=[row[0] for row in LISTS])
def test_a_list_as_airbyte_asks_for_it(entity: str, path: str, media: str) -> None:
    """States as one text in lower case become the array Amazon wants; the media types are right."""
    called, body, headers = wire(entity, "list", {**FILTER, "profile_id": PROFILE})
    assert called == f"POST {path}"
    assert body["stateFilter"] == STATES
    assert headers["Content-Type"] == headers["Accept"] == f"application/{media}+json"


@pytest.mark.parametrize(
    ("entity", "action", "params", "called", "part"), OTHERS, ids=[".".join(row[:2]) for row in OTHERS]
)
def test_a_call_as_airbyte_takes_it(
    entity: str, action: str, params: dict[str, Any], called: str, part: dict[str, Any]
) -> None:
    """What it reads by path ids, and by flags in text, is asked for where Amazon has it today."""
    own = {} if entity == "profiles" else {"Amazon-Advertising-API-Scope": PROFILE}
    found, body, _ = wire(entity, action, {**params, **own})
    assert found == called
    assert part.items() <= body.items()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("entity", "action", "more"),
    [
        *((entity, "list", LISTED) for entity, _, _ in LISTS),
        *((row[0], row[1], row[2]) for row in OTHERS[:3]),
    ],
)
async def test_its_calls_are_answered(
    engine_client: EngineClient, entity: str, action: str, more: dict[str, Any]
) -> None:
    """With the client's id and the profile as parameters, as its connector wants them."""
    whose = WHOSE if entity != "profiles" else dict([*WHOSE.items()][:1])
    table = await engine_client.table(AMAZON, entity, action, **whose, **more)
    assert table.rows
